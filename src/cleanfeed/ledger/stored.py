"""Entries and cards as bytes: MessagePack, which can hold nothing but data, wherever a ledger has been."""

from __future__ import annotations

import zlib
from contextlib import suppress
from dataclasses import fields
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Any, Final, TypeVar

import msgspec

from cleanfeed.model import Enclosure, Entry
from cleanfeed.shelf import Card

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
    url: str | None
    section: str | None
    tags: tuple[str, ...]
    moment: datetime
    changed: datetime
    length: int
    topics: tuple[int, ...] = ()


_card_decode = msgspec.msgpack.Decoder(_CardRow).decode


def pack_card(entry: Entry, topics: tuple[int, ...] = ()) -> bytes:
    times = (entry.moment, entry.changed)
    return encoded([entry.id, entry.url, entry.section, entry.tags, *times, len(entry.text), topics])


def unpack_card(data: bytes, number: int) -> Card:
    row = _card_decode(data)
    rank = (row.changed, row.length)
    return Card(row.id, row.url, row.section, row.tags, row.moment, rank, row.topics, (number, 0))


def readable(decode: Callable[[bytes], T], rows: Iterable[Row]) -> Iterator[T]:
    """What the rows hold, as far as this version can read it: it is only what can be learnt again."""
    for row in rows:
        with suppress(ValueError):  # of another version, or damaged
            yield decode(row[0])
