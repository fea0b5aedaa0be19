"""The errors that cleanfeed raises, in one tree.

CleanfeedError
+ ConfigError        the configuration cannot be used; names the key
+ PluginError        a plugin cannot be loaded, is wrong, or clashes; names it, or both
+ PageError          one page gives no entry; the build goes on
  - UnreadablePage       its bytes cannot be used: empty, too large, cut short, not HTML
  - NotAnArticle         it was read, and is something else: a listing, a wall, a video without text
  - ExtractionError      it should have given an entry, and did not: a field is missing or broken
+ SilentOutlet       an outlet gave no entry at all; its recipe may be out of date
+ EmptiedTopic       a topic that had entries has none now; its last feed stays
+ PublishError       a feed file could not be written
"""


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


class SilentOutlet(CleanfeedError):
    """An outlet whose pages were read and gave no entry."""

    def __init__(self, outlet: str, pages: int) -> None:
        super().__init__(outlet, pages)
        self.outlet = outlet
        self.pages = pages

    def __str__(self) -> str:
        return f"{self.outlet}: none of its {self.pages} pages gave an entry; its recipe may be out of date"


class EmptiedTopic(CleanfeedError):
    """A topic whose feed had entries and would have none now: the feed is kept."""

    def __init__(self, topic: str) -> None:
        super().__init__(topic)
        self.topic = topic

    def __str__(self) -> str:
        return f"topic {self.topic!r}: no entry is in it any more; its last feed is kept"


class PublishError(CleanfeedError):
    """A file that could not be written; the one that was there is untouched."""
