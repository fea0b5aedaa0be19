"""Raw pages: bodies as they came, what is to be read of them, and how much room they may take."""

from __future__ import annotations

import zlib
from contextlib import suppress
from typing import TYPE_CHECKING

from cleanfeed.ledger.pages import SECOND_LOOK, PageRow, rows_of
from cleanfeed.ledger.part import Part
from cleanfeed.ledger.schema import ITEM
from cleanfeed.ledger.stored import inflate, storable
from cleanfeed.ledger.times import micros, stamp

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

_LONGER = micros(days=7)
_ROOM_UNREAD = 64 << 20
"""What unread pages are given beyond the bounds: they are held until their outlet can be trusted again."""


class Raws(Part):
    """Bodies that are kept, and what came of reading them."""

    def unread(self, fingerprint: str) -> list[PageRow]:
        """The pages to be read: those that never were, and those that other code has read."""
        rest = "WHERE raw_size IS NOT NULL AND (state = 'unread' OR read_with <> ?)"
        return rows_of(self._store, rest, [fingerprint])

    def raw(self, address: str) -> bytes | None:
        """The body of a page, as long as it is kept; a damaged one is none, and the page is had again."""
        query = "SELECT number, data FROM pages LEFT JOIN raws USING (number)"
        query += " WHERE address = ? AND raw_size IS NOT NULL"
        for number, data in self._store.all(query, [address]):
            with suppress(zlib.error, TypeError):
                return inflate(data)
            # The web has it still.
            self._drop([number])
            self._ask_again([number])
        return None

    def read(self, address: str, fingerprint: str, *, entry: str | None, reason: str = "") -> None:
        """Notes what came of reading a page: the id of its entry, or the reason why there is none.

        With both, a known article was refused this time.
        """
        state = "refused" if entry is None else "read"
        self._store.do(
            "UPDATE pages SET state = CASE WHEN state = 'gone' THEN 'gone' ELSE ? END, read_sha = body_sha,"
            " read_with = ?, entry = ?, reason = ?,"
            " read_type = CASE WHEN ? THEN read_type ELSE media_type END WHERE address = ?",
            [state, fingerprint, entry, storable(reason), bool(reason), address],
        )
        if entry is None or reason:
            # What was refused may come from a broken cache, under the validators of the page itself.
            query = "UPDATE pages SET etag = NULL, last_modified = NULL WHERE address = ?"
            self._store.do(query, [address])
        if entry is None:
            query = "UPDATE pages SET retry_at = checked_at + ? WHERE address = ?"
            self._store.do(query, [SECOND_LOOK, address])
        elif not reason:
            # What a feed tells of an article does not mean that its page can be had.
            query = "UPDATE pages SET fails = 0, retry_at = NULL WHERE address = ? AND fails"
            self._store.do(f"{query} AND media_type <> ?", [address, ITEM])

    def hold(self, address: str) -> None:
        """Leaves a page to be read by a later build: its outlet is not to be trusted now."""
        self._store.do("UPDATE pages SET state = 'unread' WHERE address = ? AND state <> 'gone'", [address])

    def bound_raw(self, *, days: int, megabytes: int, now: datetime) -> None:
        """Drops the oldest bodies, until none is older than that and all fit into so many megabytes."""
        query = "SELECT total(raw_size), min(full_at) FROM pages WHERE raw_size IS NOT NULL"
        total, oldest = self._store.all(query)[0]
        bounds = megabytes << 20, stamp(now) - micros(days=days)
        if total > bounds[0] or (oldest or 0) <= bounds[1]:
            self._bound(*bounds)

    def _bound(self, room: int, oldest: int) -> None:
        kept = self._store.all(
            "SELECT number, raw_size, full_at, state = 'unread' FROM pages WHERE raw_size IS NOT NULL"
            " ORDER BY full_at DESC, number DESC"
        )
        read = [row[:3] for row in kept if not row[3]]
        unread = [row[:3] for row in kept if row[3]]
        self._drop(_beyond(read, room, oldest))
        lost = list(_beyond(unread, max(room, _ROOM_UNREAD), oldest - _LONGER))
        self._drop(lost)
        self._ask_again(lost)

    def _drop(self, numbers: Iterable[int]) -> None:
        for number in numbers:
            self._store.do("DELETE FROM raws WHERE number = ?", [number])
            self._store.do("UPDATE pages SET raw_size = NULL WHERE number = ?", [number])

    def _ask_again(self, numbers: Iterable[int]) -> None:
        for number in numbers:
            self._store.do(
                "UPDATE pages SET etag = NULL, last_modified = NULL, body_sha = NULL, state = CASE"
                " WHEN state = 'gone' THEN 'gone' WHEN entry IS NULL THEN 'pending' ELSE 'read' END"
                " WHERE number = ?",
                [number],
            )


def _beyond(rows: Iterable[tuple[int, int, int]], room: int, oldest: int) -> Iterable[int]:
    """The numbers of those rows (number, size, time; newest first) that are too old, or too many."""
    for number, size, time in rows:
        room -= size
        if room < 0 or time <= oldest:
            yield number
