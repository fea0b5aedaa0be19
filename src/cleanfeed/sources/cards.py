"""What the readers of listings are given, and what they give: cards, before anything of them is believed."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from html import unescape
from typing import TYPE_CHECKING, NamedTuple

from cleanfeed.dates import Moment, parse, plausible
from cleanfeed.text import cut, plain

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import tzinfo

    from cleanfeed.items import Item

MOST_ITEMS = 2000
"""Of one feed; longer ones are archives, and what is new stands first."""
_LONGEST_NAME = 80
_LONGEST_TITLE = 300
MOST_SECTIONS = 20
"""Of one article."""
_NO_SECTIONS = frozenset({"uncategorized", "uncategorised", "غير مصنف", "sin categoría"})
_TAG = re.compile(r"</?[a-zA-Z][^<>]{0,200}>")
_ZONE_NAME = re.compile(r":\d\d\s+[A-Z]{2,5}\s*$")
_SHORT_YEAR = re.compile(r"(?:[A-Za-z]{3},? +)?\d{1,2} +[A-Za-z]{3} +\d\d +\d\d:\d\d")


class Given(NamedTuple):
    """A listing's text, and what is known of it."""

    text: str
    address: str
    """Where it was had in the end: relative addresses are resolved against it."""
    zone: tzinfo
    """The outlet's."""
    retrieved: datetime

    def moment(self, text: str) -> datetime | None:
        """The time that a listing tells; one without a zone is UTC's, one more than a day ahead is none."""
        # A zone's name that is no standard one is the outlet's own.
        found = parse(text, self.zone if _ZONE_NAME.search(text) else UTC) or _rfc822(text)
        if found is None or not plausible(found, self.retrieved):
            return None
        return found.time.astimezone(UTC).replace(microsecond=0)


def _rfc822(text: str) -> Moment | None:
    """A date with a year of two digits, as the first version of the mail format has it."""
    if not _SHORT_YEAR.match(text.strip()):
        return None
    try:
        found = parsedate_to_datetime(text.strip())
    except (ValueError, OverflowError):
        return None
    return Moment(found if found.tzinfo else found.replace(tzinfo=UTC), None)


class Card(NamedTuple):
    """What a listing tells of one article."""

    addresses: tuple[str, ...]
    """The first of them that is the address of an article counts."""
    published: datetime | None = None
    title: str = ""
    sections: tuple[str, ...] = ()
    item: Item | None = None
    """The article itself, where the listing carries its text."""


class Sheet(NamedTuple):
    """What is on a listing."""

    kind: str
    """As users know it: "rss", "atom", "sitemap"."""
    cards: list[Card]
    further: list[str] = []  # noqa: RUF012  # never changed
    """Addresses of its next pages, or of the sitemaps that an index names."""
    peers: frozenset[str] = frozenset()
    """As in `Found`, before they are made absolute."""


def title_of(text: str) -> str:
    """A title as plain text: references that were escaped twice are resolved, tags are taken away."""
    return cut(plain(_TAG.sub("", unescape(text))), _LONGEST_TITLE)


def sections_of(names: Iterable[str]) -> tuple[str, ...]:
    """The names of sections, each once, short ones only."""
    found: dict[str, str] = {}
    for name in names:
        text = plain(unescape(name))
        if 0 < len(text) <= _LONGEST_NAME and text.casefold() not in _NO_SECTIONS:
            found.setdefault(text.casefold(), text)
    return tuple(found.values())[:MOST_SECTIONS]
