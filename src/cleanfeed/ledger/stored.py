"""Entries and cards as bytes: MessagePack, which can hold nothing but data, wherever a ledger has been."""

from __future__ import annotations

import zlib
from contextlib import suppress
from dataclasses import fields
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Any, Final, TypeVar

import msgspec

from cleanfeed.model import Copy, Enclosure, Entry
from cleanfeed.shelf import Card
from cleanfeed.stories.signature import unpacked

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from cleanfeed.ledger.store import Row

T = TypeVar("T")

_TIMES: Final = ("published", "updated", "first_seen")
_LEVEL = 6
_LARGEST = 2**62
_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder().decode


@cache
def _defaults() -> dict[str, Any]:
    return {each.name: each.default for each in fields(Entry)}


def pack(entry: Entry) -> bytes:
    """The entry with all its fields; times keep their offsets."""
    said = {
        name: value for name, default in _defaults().items() if (value := getattr(entry, name)) != default
    }
    for name in _TIMES:
        if name in said:
            said[name] = said[name].isoformat()
    if entry.enclosures:
        said["enclosures"] = [(each.url, each.type, min(each.length, _LARGEST)) for each in entry.enclosures]
    if entry.also_in:
        said["also_in"] = [(copy.outlet, copy.name, copy.url) for copy in entry.also_in]
    return encoded(said)


def unpack(data: bytes) -> Entry:
    defaults = _defaults()
    said = {name: value for name, value in _decode(data).items() if name in defaults}
    for name, value in said.items():
        if isinstance(value, list):
            said[name] = tuple(value)
    for name in _TIMES:
        if name in said:
            said[name] = datetime.fromisoformat(said[name])
    if "enclosures" in said:
        said["enclosures"] = tuple(
            Enclosure(url=url, type=kind, length=n) for url, kind, n in said["enclosures"]
        )
    if "also_in" in said:
        said["also_in"] = tuple(Copy(outlet=slug, name=name, url=url) for slug, name, url in said["also_in"])
    return Entry(**said)


def encoded(value: object) -> bytes:
    """MessagePack; half a character, which no UTF-8 can hold, becomes "?"."""
    try:
        return _encode(value)
    except UnicodeEncodeError:
        return _encode(_mended(value))


def _mended(value: object) -> object:
    if isinstance(value, str):
        return storable(value)
    if isinstance(value, dict):
        return {_mended(key): _mended(each) for key, each in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_mended(each) for each in value]
    return value


def storable(text: str) -> str:
    """The text without half characters."""
    return text.encode("utf-8", "replace").decode()


def deflate(data: bytes) -> bytes:
    return zlib.compress(data, _LEVEL)


def inflate(data: bytes) -> bytes:
    return zlib.decompress(data)


class _CardRow(msgspec.Struct, array_like=True, gc=False):
    """A card as it is kept; times are UTC's."""

    id: str
    outlet: str
    url: str | None
    section: str | None
    tags: tuple[str, ...]
    source: str | None
    moment: datetime
    seen: datetime
    changed: datetime
    length: int
    topics: tuple[int, ...] = ()


_card_decode = msgspec.msgpack.Decoder(_CardRow).decode


def pack_card(entry: Entry, topics: tuple[int, ...] = ()) -> bytes:
    names = (entry.id, entry.outlet, entry.url, entry.section, entry.tags, entry.source)
    times = (entry.moment, entry.first_seen or entry.moment, entry.changed)
    return encoded([*names, *times, len(entry.text), topics])


def unpack_card(data: bytes, number: int, sketch: bytes) -> Card:
    row = _card_decode(data)
    unpacked(sketch)  # a ValueError now, and not in the middle of a build
    return Card(
        id=row.id,
        outlet=row.outlet,
        url=row.url,
        section=row.section,
        tags=row.tags,
        source=row.source,
        moment=row.moment,
        seen=row.seen,
        rank=(row.changed, row.length),
        topics=row.topics,
        sketch=sketch,
        place=(number, 0, 0),
    )


def readable(decode: Callable[[bytes], T], rows: Iterable[Row]) -> Iterator[T]:
    """What the rows hold, as far as this version can read it: it is only what can be learnt again."""
    for row in rows:
        with suppress(ValueError):  # of another version, or damaged
            yield decode(row[0])
