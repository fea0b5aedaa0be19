"""What is remembered of hosts and of listings."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

import msgspec

from cleanfeed.ledger.pages import UNCONDITIONAL
from cleanfeed.ledger.part import Part
from cleanfeed.ledger.stored import encoded, readable, storable
from cleanfeed.ledger.times import stamp

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from cleanfeed.fetch.hosts import HostState
    from cleanfeed.sources.discovery import Tried

Validators = tuple[str | None, str | None]
"""An ETag and a Last-Modified, each as the server gave it."""


class Hosts(Part):
    """Hosts and their pauses; listings and their validators."""

    def hosts(self) -> list[HostState]:
        """What is known of all hosts, as far as this version can read it."""
        from cleanfeed.fetch.hosts import HostState  # noqa: PLC0415  # offline nobody asks for hosts

        decode = msgspec.msgpack.Decoder(HostState).decode
        return list(readable(decode, self._store.all("SELECT data FROM hosts ORDER BY host")))

    def remember_hosts(self, states: Iterable[HostState]) -> None:
        rows = [(storable(each.host), encoded(asdict(each))) for each in states]
        self._store.many(
            "INSERT INTO hosts VALUES (?, ?) ON CONFLICT (host) DO UPDATE SET data = excluded.data"
            " WHERE data <> excluded.data",
            rows,
        )

    def listings(self, outlet: str) -> dict[str, Validators]:
        """The validators of an outlet's listings, by address, of those that need not be had whole again."""
        rows = self._store.all(
            "SELECT address, etag, last_modified, full_at FROM listings WHERE outlet = ?"
            " AND coalesce(etag, last_modified) IS NOT NULL",
            [outlet],
        )
        time = stamp(self._now)
        recent = (row for row in rows if 0 <= time - (row[3] or 0) < UNCONDITIONAL)
        return {address: (etag, last_modified) for address, etag, last_modified, _time in recent}

    def tried(self, outlet: str, tried: Iterable[Tried], now: datetime) -> None:
        """Notes what became of an outlet's listings: one that did not work is had whole the next time."""
        for each in tried:
            if each.ok and each.unchanged:
                continue
            validators = (each.etag, each.last_modified) if each.ok else (None, None)
            said = [None if value is None else storable(value) for value in validators]
            self._store.do(
                "INSERT OR REPLACE INTO listings VALUES (?, ?, ?, ?, ?)",
                [outlet, storable(each.address), *said, stamp(now)],
            )
