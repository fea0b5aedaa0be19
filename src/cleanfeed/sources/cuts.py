"""Listings that were cut: what is remembered of one whose next page could not be had."""

from __future__ import annotations

import re
from typing import NamedTuple

_MOST_TIMES = 24
"""Builds in a row that are cut; after so many, what lies beyond is given up."""
_NOTED = re.compile(r"cut after (\d{1,6}), (\d{1,2}) times")


class Cut(NamedTuple):
    """Where a listing was cut."""

    links: int = 0
    """Articles above the cut that were new when they were read: those behind them may be missing."""
    times: int = 0
    """Builds in a row that were cut there."""

    def again(self, links: int) -> Cut:
        """The cut of a build that has found so many new articles above it; it ends with too many builds."""
        return Cut() if self.times >= _MOST_TIMES else Cut(self.links + links, self.times + 1)

    def noted(self) -> str | None:
        """What is kept in place of the listing's Last-Modified: it has to be had whole the next time."""
        return f"cut after {self.links}, {self.times} times" if self.times else None


def cut_of(last_modified: str | None) -> Cut:
    """What was noted of a listing in place of its Last-Modified."""
    found = _NOTED.fullmatch(last_modified or "")
    return Cut(int(found[1]), int(found[2])) if found else Cut()
