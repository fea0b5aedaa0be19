"""What is remembered of pages that were read: what the health of an outlet is judged by."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping  # noqa: TC003  # msgspec reads the annotations
from dataclasses import asdict, dataclass, field
from datetime import datetime  # noqa: TC003  # msgspec reads the annotations
from typing import TYPE_CHECKING

import msgspec

from cleanfeed.ledger.part import Part
from cleanfeed.ledger.stored import encoded, readable

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One article page that was read, good or not."""

    outlet: str
    address: str
    at: datetime
    ok: bool
    reason: str = ""
    """Why there is no entry."""
    wall: bool = False
    """Refused as a robot check, consent wall, log-in or soft 404."""
    is_article: bool = True
    """False: refused as no article, and no wall: it says nothing about health."""
    filled: frozenset[str] = frozenset()
    """The fields of the entry that have a value."""
    matched: Mapping[str, str] = field(default_factory=dict)
    """Which finder gave a field its value: its label, as `css("div.story")`."""
    length: int = 0
    """Characters of the entry's text."""
    digest: str = ""
    """Of the text and of the title, eight hex digits each."""
    published: datetime | None = None
    again: bool = False
    """A known article that was read again."""

    @property
    def moment(self) -> datetime:
        """When the article was published; where that is not known, when it was read."""
        return self.published or self.at


_decode = msgspec.msgpack.Decoder(Reading).decode


_MOST = 500
"""Readings of an outlet that are kept."""
_MOST_WALLS = 2
"""Walls at one address that are kept, so that many visits do not drive out what is known of articles."""


class Readings(Part):
    """The readings of each outlet, the latest of them."""

    def add_readings(self, readings: Sequence[Reading]) -> None:
        rows = [(each.outlet, encoded(asdict(each))) for each in readings]
        self._store.many("INSERT INTO readings (outlet, data) VALUES (?, ?)", rows)
        for outlet in dict.fromkeys(row[0] for row in rows):
            self._thin_walls(outlet, {each.address for each in readings if each.wall})
            self._store.do(
                "DELETE FROM readings WHERE outlet = ? AND number <= ("
                " SELECT number FROM readings WHERE outlet = ? ORDER BY number DESC LIMIT 1 OFFSET ?)",
                [outlet, outlet, _MOST],
            )

    def _thin_walls(self, outlet: str, addresses: Collection[str]) -> None:
        if not addresses:
            return
        seen: Counter[str] = Counter()
        query = "SELECT data, number FROM readings WHERE outlet = ? ORDER BY number DESC"
        for row in self._store.all(query, [outlet]):
            for reading in readable(_decode, [row]):
                seen[reading.address] += reading.wall and reading.address in addresses
                if reading.wall and seen[reading.address] > _MOST_WALLS:
                    self._store.do("DELETE FROM readings WHERE number = ?", [row[1]])

    def readings(self, outlet: str, limit: int = 300) -> list[Reading]:
        """The latest, oldest first."""
        query = "SELECT data FROM readings WHERE outlet = ? ORDER BY number DESC LIMIT ?"
        return list(readable(_decode, reversed(self._store.all(query, [outlet, limit]))))

    def accept(self, outlet: str) -> None:
        """Forgets an outlet's readings: what comes now is what is to be expected."""
        self._store.do("DELETE FROM readings WHERE outlet = ?", [outlet])
