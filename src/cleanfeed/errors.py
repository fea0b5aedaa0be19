"""The errors that cleanfeed raises, in one tree.

CleanfeedError
+ ConfigError        the configuration cannot be used; names the key
+ PluginError        a plugin cannot be loaded, is wrong, or clashes; names it, or both
+ PageError          one page gives no entry; the build goes on
  - UnreadablePage       its bytes cannot be used: empty, too large, cut short, not HTML
  - NotAnArticle         it was read, and is something else: a listing, a wall, a video without text
  - ExtractionError      it should have given an entry, and did not: a field is missing or broken
  - FetchError           its address could not be had: refused, blocked, gone, paused or failed
    - Unclaimed              nobody was asked: it is of no outlet that is wanted here
+ ListingError       a listing that could not be read, or lists nothing
+ SilentOutlet       an outlet gave no entry at all; its recipe may be out of date
+ TroubledOutlet     an outlet cannot be had, or its pages are not what they were
+ EmptiedTopic       a topic that had entries has none now; its last feed stays
+ PublishError       a feed file could not be written
+ LedgerError        the ledger cannot be used: from a newer version, read-only, in use
+ Locked             another build is at work; names its process
"""

from __future__ import annotations

from typing import Literal

FetchFailure = Literal["refused", "blocked", "gone", "paused", "failed"]


class CleanfeedError(Exception):
    """Anything that cleanfeed says in one line instead of a traceback."""


class ConfigError(CleanfeedError):
    pass


class PluginError(CleanfeedError):
    pass


class PageError(CleanfeedError):
    """A page that gives no entry: the page as it was named, and the reason."""

    def __init__(self, page: str, reason: str) -> None:
        super().__init__(page, reason)
        self.page = page
        self.reason = reason

    def __str__(self) -> str:
        return f"{self.page}: {self.reason}"


class UnreadablePage(PageError):
    pass


class NotAnArticle(PageError):
    """No problem of a build: such pages are counted and named, and that is all."""


class ExtractionError(PageError):
    pass


class FetchError(PageError):
    """An address that could not be had; `page` is the address.

    `kind` says what it means: "refused" (not asked: a private address, robots.txt, a scheme or port),
    "blocked" (401, 403, 451 or a robot check), "gone" (404, 410), "paused" (the host asked to be left alone)
    or "failed" (everything else: it may work the next time).
    """

    def __init__(
        self, page: str, reason: str, kind: FetchFailure = "failed", status: int | None = None
    ) -> None:
        PageError.__init__(self, page, reason)
        self.args = (page, reason, kind, status)
        self.kind = kind
        self.status = status
        """The answer's, where there was one."""


class Unclaimed(FetchError):
    """An address that is not asked for, since no loaded outlet claims it, or none that is wanted."""


class ListingError(CleanfeedError):
    """A listing that could not be read: its address, and the reason."""

    def __init__(self, address: str, reason: str) -> None:
        super().__init__(address, reason)
        self.address = address
        self.reason = reason

    def __str__(self) -> str:
        return f"{self.address}: {self.reason}"


class SilentOutlet(CleanfeedError):
    """An outlet whose pages were read and gave no entry."""

    def __init__(self, outlet: str, pages: int) -> None:
        super().__init__(outlet, pages)
        self.outlet = outlet
        self.pages = pages

    def __str__(self) -> str:
        return f"{self.outlet}: none of its {self.pages} pages gave an entry; its recipe may be out of date"


class TroubledOutlet(CleanfeedError):
    """An outlet that cannot be had, or whose pages are not what they were; its entries stay."""

    def __init__(self, outlet: str, trouble: str) -> None:
        super().__init__(outlet, trouble)
        self.outlet = outlet
        self.trouble = trouble

    def __str__(self) -> str:
        return f"{self.outlet}: {self.trouble}"


class EmptiedTopic(CleanfeedError):
    """A topic whose feed had entries and would have none now: the feed is kept."""

    def __init__(self, topic: str) -> None:
        super().__init__(topic)
        self.topic = topic

    def __str__(self) -> str:
        return f"topic {self.topic!r}: no entry is in it any more; its last feed is kept"


class PublishError(CleanfeedError):
    """A file that could not be written; the one that was there is untouched."""


class LedgerError(CleanfeedError):
    """The ledger cannot be used: its path, the reason, and what to do."""

    is_missing = False
    """Whether it is only that there is none yet, or that somebody is just making it."""


class Locked(CleanfeedError):
    """Another build is at work; the message names its process."""
