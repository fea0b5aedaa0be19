"""What feedgen cannot say by itself: a creator per author, links with all attributes, media, languages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from feedgen.ext.base import BaseEntryExtension, BaseExtension
from lxml.etree import SubElement

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lxml.etree import _Element

    from cleanfeed.model import Enclosure

_DC = "http://purl.org/dc/elements/1.1/"
_MEDIA = "http://search.yahoo.com/mrss/"
_SY = "http://purl.org/rss/1.0/modules/syndication/"
_ATOM = "http://www.w3.org/2005/Atom"
_HISTORY = "http://purl.org/syndication/history/1.0"
_PERIODS = (("hourly", 60), ("daily", 1440), ("weekly", 10080))
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"


def frequency(minutes: int) -> tuple[str, int]:
    """The period, and how many times in it; where minutes divide none of the periods, never too often."""
    exact = ((name, length // minutes) for name, length in _PERIODS if length % minutes == 0)
    name, length = _PERIODS[-1]
    return next(exact, (name, length // minutes))


class _Linked(BaseExtension):  # type: ignore[misc]  # feedgen has no types
    """What both formats say of a feed: where its hub and its past are, and whether it is past itself."""

    links: Sequence[tuple[str, str]] = ()
    """Relations and addresses."""
    is_archive = False

    def extend_ns(self) -> dict[str, str]:
        return {"media": _MEDIA, **({"fh": _HISTORY} if self.is_archive else {})}

    def _add_links(self, parent: _Element, name: str) -> None:
        for relation, address in self.links:
            SubElement(parent, name, {"rel": relation, "href": address})
        if self.is_archive:
            SubElement(parent, f"{{{_HISTORY}}}archive")


class RssFeed(_Linked):
    """The channel's creator, and how often it is worth a look."""

    creator = ""
    every_minutes = 0
    """0 for what never changes."""

    def extend_ns(self) -> dict[str, str]:
        return {"dc": _DC, "sy": _SY, **super().extend_ns()}

    def extend_rss(self, root: _Element) -> _Element:
        channel = root[0]
        SubElement(channel, f"{{{_DC}}}creator").text = self.creator
        if self.every_minutes:
            period, times = frequency(self.every_minutes)
            SubElement(channel, f"{{{_SY}}}updatePeriod").text = period
            SubElement(channel, f"{{{_SY}}}updateFrequency").text = str(times)
        self._add_links(channel, f"{{{_ATOM}}}link")
        return root


class AtomFeed(_Linked):
    """The links that Atom has an element for."""

    def extend_atom(self, feed: _Element) -> _Element:
        # feedgen's tree has no namespace on its elements: xmlns is an attribute to it.
        self._add_links(feed, "link")
        return feed


class Item(BaseEntryExtension):  # type: ignore[misc]  # feedgen has no types
    """What both formats say of one entry."""

    creators: Sequence[str] = ()
    source: str | None = None
    language = ""
    """Only where it is not the feed's."""
    image: str | None = None
    enclosures: Sequence[Enclosure] = ()

    def extend_rss(self, item: _Element) -> _Element:
        for creator in self.creators:
            SubElement(item, f"{{{_DC}}}creator").text = creator
        if self.source:
            SubElement(item, f"{{{_DC}}}source").text = self.source
        if self.language:
            SubElement(item, f"{{{_DC}}}language").text = self.language
        self._add_image(item)
        for enclosure in self.enclosures:
            SubElement(item, f"{{{_MEDIA}}}content", _media(enclosure))
        return item

    def extend_atom(self, entry: _Element) -> _Element:
        if self.language:
            entry.set(_LANG, self.language)
        for enclosure in self.enclosures:
            SubElement(entry, "link", _link(enclosure))
        self._add_image(entry)
        return entry

    def _add_image(self, parent: _Element) -> None:
        if self.image:
            SubElement(parent, f"{{{_MEDIA}}}content", {"url": self.image, "medium": "image"})
            SubElement(parent, f"{{{_MEDIA}}}thumbnail", {"url": self.image})


def _media(enclosure: Enclosure) -> dict[str, str]:
    medium = enclosure.type.partition("/")[0]
    said = {
        "url": enclosure.url,
        "type": enclosure.type,
        "fileSize": str(enclosure.length or ""),
        "medium": medium if medium in {"audio", "video", "image"} else "",
    }
    return {name: value for name, value in said.items() if value}


def _link(enclosure: Enclosure) -> dict[str, str]:
    said = {
        "rel": "enclosure",
        "href": enclosure.url,
        "type": enclosure.type,
        "length": str(enclosure.length or ""),
    }
    return {name: value for name, value in said.items() if value}
