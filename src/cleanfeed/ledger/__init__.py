"""The ledger: what is remembered between builds, in one SQLite file."""

from cleanfeed.ledger.builds import BuildRecord
from cleanfeed.ledger.ledger import Ledger
from cleanfeed.ledger.pages import PageRow
from cleanfeed.ledger.readings import Reading

__all__ = ["BuildRecord", "Ledger", "PageRow", "Reading"]
