"""`python -m cleanfeed`."""

import sys

from cleanfeed.cli import main

if __name__ == "__main__":  # worker processes import this module under another name
    sys.exit(main())
