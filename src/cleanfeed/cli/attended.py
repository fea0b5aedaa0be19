"""Whether somebody reads along: a build that nobody watches prints only what is wrong."""

from __future__ import annotations

import os
import sys


def is_watched() -> bool:
    """True at a terminal and in a run of CI, whose log is kept; false under cron, a timer or a container."""
    return _is_ci() or sys.stdout.isatty() or _has_terminal()


def _is_ci() -> bool:
    set_to = (os.environ.get(name, "") for name in ("CI", "GITHUB_ACTIONS"))
    return any(value.lower() not in ("", "0", "false", "no") for value in set_to)


def _has_terminal() -> bool:
    """Whether the process was started from a terminal, though its output goes elsewhere."""
    try:
        handle = os.open("/dev/tty", os.O_RDONLY | os.O_NOCTTY | os.O_CLOEXEC)
    except OSError:  # there is none
        return False
    os.close(handle)
    return True
