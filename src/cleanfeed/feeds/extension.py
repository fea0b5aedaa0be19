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
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"


class RssFeed(BaseExtension):  # type: ignore[misc]  # feedgen has no types
    """The channel's creator, and how often it is worth a look."""

    creator = ""

    def extend_ns(self) -> dict[str, str]:
        return {"dc": _DC, "media": _MEDIA, "sy": _SY}

    def extend_rss(self, root: _Element) -> _Element:
        channel = root[0]
        SubElement(channel, f"{{{_DC}}}creator").text = self.creator
        SubElement(channel, f"{{{_SY}}}updatePeriod").text = "hourly"
        SubElement(channel, f"{{{_SY}}}updateFrequency").text = "1"
        return root


class AtomFeed(BaseExtension):  # type: ignore[misc]  # feedgen has no types
    """The namespace that the entries' pictures need."""

    def extend_ns(self) -> dict[str, str]:
        return {"media": _MEDIA}


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
            # feedgen's tree has no namespace on its elements: xmlns is an attribute to it.
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
