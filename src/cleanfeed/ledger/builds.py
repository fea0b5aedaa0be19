"""What is remembered of builds, and small notes of any kind."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime  # noqa: TC003  # msgspec reads the annotation
from typing import TYPE_CHECKING, Any

import msgspec

from cleanfeed.ledger.part import Part
from cleanfeed.ledger.stored import encoded, readable, storable

if TYPE_CHECKING:
    from collections.abc import Mapping

_MOST = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildRecord:
    """A build, as it is remembered."""

    started: datetime
    seconds: float
    status: int
    """The exit status."""
    outlets: dict[str, Any]
    """What the report counted, by outlet."""


_decode = msgspec.msgpack.Decoder(BuildRecord).decode


class Builds(Part):
    """The latest builds, and notes by name."""

    def add_build(
        self, *, started: datetime, seconds: float, status: int, outlets: Mapping[str, Any]
    ) -> None:
        record = BuildRecord(started=started, seconds=seconds, status=status, outlets=dict(outlets))
        number = self._store.add("INSERT INTO builds (data) VALUES (?)", [encoded(asdict(record))])
        self._store.do("DELETE FROM builds WHERE number <= ?", [number - _MOST])

    def builds(self, limit: int = 100) -> list[BuildRecord]:
        """The latest, oldest first."""
        rows = self._store.all("SELECT data FROM builds ORDER BY number DESC LIMIT ?", [limit])
        return list(readable(_decode, reversed(rows)))

    def note(self, name: str) -> str | None:
        """What was remembered under a name."""
        found = self._store.one("SELECT value FROM notes WHERE name = ?", [name])
        return found[0] if found else None

    def remember(self, name: str, value: str) -> None:
        query = "INSERT INTO notes VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value"
        self._store.do(f"{query} WHERE value <> excluded.value", [name, storable(value)])
