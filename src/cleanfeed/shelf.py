"""Entries on disk while a build lasts, so that its memory does not grow with the number of pages."""

from __future__ import annotations

import pickle
import tempfile
import zlib
from dataclasses import dataclass
from datetime import datetime
from types import TracebackType
from typing import Self

from cleanfeed.model import Entry


@dataclass(frozen=True, slots=True)
class Card:
    """What a build remembers of an entry: enough to sort it, and where it lies."""

    id: str
    url: str | None
    section: str | None
    tags: tuple[str, ...]
    moment: datetime
    rank: tuple[datetime, int, int]
    """Of two entries with one id the higher rank counts, in whatever order they come."""
    topics: tuple[int, ...]
    """The configured topics that take it, by position."""
    place: tuple[int, int]


class Shelf:
    """A file of entries, put away one by one and taken out again by their cards."""

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile(prefix="cleanfeed-")  # noqa: SIM115  # it lives as long as the shelf
        self._end = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self._file.close()

    def put(self, entry: Entry, topics: tuple[int, ...]) -> Card:
        data = pickle.dumps(entry, protocol=5)
        self._file.seek(self._end)
        self._file.write(data)
        place = (self._end, len(data))
        self._end += len(data)
        rank = (entry.changed, len(entry.text), zlib.crc32(entry.content.encode("utf-8", "surrogatepass")))
        return Card(entry.id, entry.url, entry.section, entry.tags, entry.moment, rank, topics, place)

    def get(self, card: Card) -> Entry:
        start, length = card.place
        self._file.seek(start)
        entry: Entry = pickle.loads(self._file.read(length))  # noqa: S301  # this process wrote the file, nobody else sees it
        return entry
