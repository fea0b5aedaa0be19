"""Entries on disk while a build lasts, so that its memory does not grow with the number of pages."""

from __future__ import annotations

import pickle
import tempfile
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from cleanfeed.errors import PublishError

if TYPE_CHECKING:
    from datetime import datetime
    from types import TracebackType

    from cleanfeed.model import Entry

_IN_MEMORY = 8 << 20
"""Bytes that a small build keeps off the disk."""


@dataclass(frozen=True, slots=True)
class Card:
    """What a build remembers of an entry: enough to sort it, and where it lies."""

    id: str
    url: str | None
    section: str | None
    tags: tuple[str, ...]
    moment: datetime
    rank: tuple[datetime, int]
    """Of two entries with one id the higher rank counts, in whatever order they come."""
    topics: tuple[int, ...]
    """The configured topics that take it, by position."""
    place: tuple[int, int]


class Shelf:
    """A file of entries, put away one by one and taken out again by their cards."""

    def __init__(self) -> None:
        self._file = tempfile.SpooledTemporaryFile(_IN_MEMORY, prefix="cleanfeed-")  # noqa: SIM115  # it lives as long as the shelf
        self._end = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None
    ) -> None:
        self._file.close()

    def put(self, entry: Entry, topics: tuple[int, ...]) -> Card:
        data = pickle.dumps(entry, protocol=5)
        place = (self._end, len(data))
        try:
            self._file.seek(self._end)
            self._file.write(data)
        except OSError as error:
            folder = tempfile.gettempdir()
            raise PublishError(
                f"{folder}: no room for the build's own file ({error.strerror}); set TMPDIR to another folder"
            ) from error
        self._end += len(data)
        rank = (entry.changed, len(entry.text))
        return Card(entry.id, entry.url, entry.section, entry.tags, entry.moment, rank, topics, place)

    def get(self, card: Card) -> Entry:
        start, length = card.place
        self._file.seek(start)
        found: Entry = pickle.loads(self._file.read(length))  # noqa: S301  # our own file
        return found

    def better(self, one: Card, other: Card) -> Card:
        """The card of the entry that counts, of two with one id, in whatever order they are named."""
        if one.rank != other.rank:
            return max(one, other, key=lambda card: card.rank)
        return max(one, other, key=lambda card: repr(self.get(card)))
