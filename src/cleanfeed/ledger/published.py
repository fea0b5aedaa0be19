"""Entries out of published feeds: what a new ledger can know of what a lost one knew."""

from __future__ import annotations

import re
from datetime import datetime
from html import unescape
from typing import TYPE_CHECKING, Annotated, Literal

import msgspec
from lxml import etree
from msgspec import Meta, Raw, Struct, field

from cleanfeed.clean import wrap
from cleanfeed.feeds.copies import without_copies
from cleanfeed.model import Copy, Enclosure, Entry
from cleanfeed.sanitise import sanitise

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

_LARGEST = 64 << 20
_ATOM = "{http://www.w3.org/2005/Atom}"
_WRAPPED = re.compile(r'<div lang="([^"<>]*)" dir="rtl">(.*)</div>', re.DOTALL)
_UNTYPED = "application/octet-stream"
"""What a feed calls a file of a type that is not known."""

_Time = Annotated[datetime, Meta(tz=True)]
_Times = list[datetime | None]


class _Copy(Struct):
    outlet: str
    url: str | None = None


class _Marks(Struct):
    outlet: str
    id: str | None = None
    """Where the feed has an own id for the entry."""
    entry: str | None = None
    also_in: tuple[_Copy, ...] = ()
    section: str | None = None
    source: str | None = None
    captions: tuple[str, ...] = ()
    kind: str = "article"
    date_precision: Literal["day"] | None = None
    direction: Literal["ltr", "rtl"] = "ltr"


class _Author(Struct):
    name: str


class _Attachment(Struct):
    url: str
    mime_type: str = ""
    size_in_bytes: int = 0


class _Item(Struct):
    id: str
    title: str
    content_html: str
    marks: _Marks = field(name="_cleanfeed")
    content_text: str = ""
    url: str | None = None
    summary: str | None = None
    image: str | None = None
    date_published: _Time | None = None
    date_modified: _Time | None = None
    authors: tuple[_Author, ...] = ()
    tags: tuple[str, ...] = ()
    language: str = ""
    attachments: tuple[_Attachment, ...] = ()


class _Feed(Struct):
    version: str
    items: list[Raw]


_item = msgspec.json.Decoder(_Item).decode
_feed = msgspec.json.Decoder(_Feed).decode


def published(folder: Path) -> list[Entry]:
    """The entries of all feeds in a folder that are ours, each once; what cannot be read is left out.

    An entry that stands for a story has the story's id, and its own beside it.
    """
    found: dict[str, Entry] = {}
    for path in sorted(folder.glob("*.json")):
        for entry in entries_in(path):
            own = entry.own_id or entry.id
            other = found.get(own)
            if other is None or _rank(entry) > _rank(other):
                found[own] = entry
    return sorted(found.values(), key=lambda entry: (entry.moment, entry.id))


def _rank(entry: Entry) -> tuple[datetime, int, bool]:
    # Of the same entry in two feeds, the one that tells its story too.
    return entry.changed, len(entry.text), entry.own_id is not None


def entries_in(path: Path) -> list[Entry]:
    """The entries of a feed of ours in JSON, with what the Atom feed beside it tells."""
    items = list(_items(path))
    if all(item.date_published for item in items):
        return [_entry(item, None) for item in items]
    seen = _first_seen(items, _updates(path.with_suffix(".atom")))
    return [_entry(item, moment) for item, moment in zip(items, seen, strict=True)]


def _items(path: Path) -> Iterator[_Item]:
    try:
        feed = _feed(_read(path))
    except (OSError, ValueError, RecursionError):  # it is none of our feeds, or no longer one
        return
    for raw in feed.items:
        try:
            yield _item(raw)
        except (ValueError, RecursionError):  # one spoilt item costs one item
            continue


def _read(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(_LARGEST)


def _updates(path: Path) -> dict[str, datetime]:
    """When each entry of an Atom feed was updated: for one without dates, that is when it was first seen."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(_read(path), parser)
    except (OSError, ValueError, etree.XMLSyntaxError):  # then the entries stand where their neighbours do
        return {}
    found = {}
    for node in root.iter(f"{_ATOM}entry"):
        try:
            moment = datetime.fromisoformat(node.findtext(f"{_ATOM}updated") or "")
        except ValueError:
            continue
        if moment.tzinfo:
            found[node.findtext(f"{_ATOM}id") or ""] = moment
    return found


def _first_seen(items: Sequence[_Item], updates: Mapping[str, datetime]) -> _Times:
    """When the items without a date were first seen, or a time that keeps them between their neighbours."""
    known = [item.date_published or (None if item.date_modified else updates.get(item.id)) for item in items]
    found: _Times = []
    for place, item in enumerate(items):
        if item.date_published:
            found.append(None)
        elif known[place]:
            found.append(known[place])
        else:
            newer = next((each for each in reversed(known[:place]) if each), item.date_modified)
            older = next((each for each in known[place:] if each), newer)
            found.append(_between(older, newer))
    return found


def _between(older: datetime | None, newer: datetime | None) -> datetime | None:
    return older + (newer - older) / 2 if older and newer else older or newer


def _entry(item: _Item, first_seen: datetime | None) -> Entry:
    marks = item.marks
    return Entry(
        id=marks.id or item.id,
        outlet=marks.outlet,
        title=item.title,
        content=_clean(without_copies(item.content_html, len(marks.also_in), item.language)),
        text=item.content_text,
        language=item.language,
        direction=marks.direction,
        url=item.url,
        published=item.date_published,
        updated=item.date_modified,
        date_precision=marks.date_precision,
        first_seen=first_seen or item.date_published,
        summary=item.summary,
        authors=tuple(author.name for author in item.authors),
        source=marks.source,
        section=marks.section,
        tags=item.tags,
        image=item.image,
        captions=marks.captions,
        enclosures=tuple(map(_enclosure, item.attachments)),
        kind=marks.kind,
        also_in=tuple(Copy(outlet=copy.outlet, url=copy.url) for copy in marks.also_in),
        own_id=marks.entry,
    )


def _clean(content: str) -> str:
    """The content as it was; were the file not ours any more, its markup can do no harm."""
    wrapped = _WRAPPED.fullmatch(content)
    if wrapped is None:
        return sanitise(content)
    return wrap(sanitise(wrapped[2]), unescape(wrapped[1]), "rtl")


def _enclosure(file: _Attachment) -> Enclosure:
    kind = "" if file.mime_type == _UNTYPED else file.mime_type
    return Enclosure(url=file.url, type=kind, length=max(file.size_in_bytes, 0))
