"""Entries on disk while a build lasts, so that its memory does not grow with the number of pages."""

from __future__ import annotations

import pickle
import tempfile
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from cleanfeed.errors import PublishError
from cleanfeed.stories.signature import Signature, signature, unpack

if TYPE_CHECKING:
    from datetime import datetime
    from types import TracebackType

    from cleanfeed.model import Entry

Place = tuple[int, int]
"""Where an entry begins and ends."""
_IN_MEMORY = 8 << 20
"""Bytes that a small build keeps off the disk."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """What a build remembers of an entry: enough to sort it, and where it lies."""

    id: str
    outlet: str
    url: str | None
    section: str | None
    tags: tuple[str, ...]
    source: str | None
    moment: datetime
    seen: datetime
    """What tells which entry of a story came first."""
    rank: tuple[datetime, int]
    """Of two entries with one id the higher rank counts, in whatever order they come."""
    topics: tuple[int, ...]
    """The configured topics that take it, by position."""
    sketch: bytes
    """Of its text, to find likely copies."""
    place: tuple[int, int, int]
    """Where the entry begins and ends, and where its signature does."""


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
        signed = signature(entry.title, entry.text)
        place = (*self.lay(entry), self._add(signed.pack()))
        rank = (entry.changed, len(entry.text))
        return Card(
            id=entry.id,
            outlet=entry.outlet,
            url=entry.url,
            section=entry.section,
            tags=entry.tags,
            source=entry.source,
            moment=entry.moment,
            # A file's time of change says nothing of which article was first.
            seen=entry.moment,
            rank=rank,
            topics=topics,
            sketch=signed.sketch,
            place=place,
        )

    def lay(self, entry: Entry) -> Place:
        """Puts an entry away without a card; gives its place."""
        return self._end, self._add(pickle.dumps(entry, protocol=5))

    def _add(self, data: bytes) -> int:
        """Puts bytes at the end, and gives the new end."""
        try:
            self._file.seek(self._end)
            self._file.write(data)
        except OSError as error:
            folder = tempfile.gettempdir()
            raise PublishError(
                f"{folder}: no room for the build's own file ({error.strerror}); set TMPDIR to another folder"
            ) from error
        self._end += len(data)
        return self._end

    def get(self, card: Card) -> Entry:
        start, end, _ = card.place
        return self.at((start, end))

    def at(self, place: Place) -> Entry:
        found: Entry = pickle.loads(self._read(*place))  # noqa: S301  # our own file
        return found

    def signature(self, card: Card) -> Signature:
        _, start, end = card.place
        return unpack(self._read(start, end))

    def _read(self, start: int, end: int) -> bytes:
        self._file.seek(start)
        return self._file.read(end - start)

    def better(self, one: Card, other: Card) -> Card:
        """The card of the entry that counts, of two with one id, in whatever order they are named."""
        if one.rank != other.rank:
            return max(one, other, key=lambda card: card.rank)
        return max(one, other, key=lambda card: repr(self.get(card)))
