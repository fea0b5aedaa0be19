"""Visits: what came back when a page was asked for."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

from cleanfeed.ledger.pages import SECOND_LOOK
from cleanfeed.ledger.part import Part
from cleanfeed.ledger.schema import ITEM
from cleanfeed.ledger.stored import deflate, storable
from cleanfeed.ledger.times import micros, stamp

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from cleanfeed.errors import FetchError
    from cleanfeed.fetch.answer import Answer
    from cleanfeed.ledger.store import Row

_FIRST_WAIT = micros(minutes=15)
_LONGEST_WAIT = micros(days=1)
_AT_ONCE = 2
"""Failures in a row after which the next build tries again at once; from then on it waits."""
_GONE_FOR_GOOD = 5
_LOST_FOR_GOOD = 20
"""Failures in a row after which a page that was never had is given up."""


class Visits(Part):
    """What is noted of answers. An address that is not known is a `LookupError`."""

    def had(self, address: str, answer: Answer) -> bool:
        """Keeps a whole body; gives whether it is another one than the last.

        It is to be read, unless it is the very one that was read last.
        """
        number, state, body_sha, read_sha, entry, raw_size = self._known(
            address, "state, body_sha, read_sha, entry, raw_size"
        )
        sha, time = sha256(answer.body).digest(), stamp(answer.retrieved)
        is_new = bool(sha != body_sha)
        state = "unread" if sha != read_sha else "refused" if entry is None else "read"
        self._store.do(
            "UPDATE pages SET state = ?, etag = ?, last_modified = ?, charset = ?, media_type = ?, final = ?,"
            " checked_at = ?, full_at = ?, body_sha = ?, reason = CASE WHEN ? THEN '' ELSE reason END"
            " WHERE number = ?",
            [state, *_headers(answer), time, time, sha, state == "unread", number],
        )
        if answer.media_type != ITEM:
            query = "UPDATE pages SET missing_since = NULL WHERE number = ? AND missing_since IS NOT NULL"
            self._store.do(query, [number])
        if is_new or raw_size is None:
            self._keep(number, answer.body, time)
        if state != "unread":
            self._settle(number, state, time)
        self._store.do("DELETE FROM items WHERE number = ?", [number])
        return is_new

    def _keep(self, number: int, body: bytes, time: int) -> None:
        data = deflate(body)
        self._store.do("INSERT OR REPLACE INTO raws VALUES (?, ?)", [number, data])
        query = "UPDATE pages SET raw_size = ?, fetched_at = ? WHERE number = ?"
        self._store.do(query, [len(data), time, number])

    def _settle(self, number: int, state: str, time: int) -> None:
        """The page is as it was: whatever failed before has passed."""
        again = time + SECOND_LOOK if state == "refused" else None
        self._store.do("UPDATE pages SET fails = 0, retry_at = ? WHERE number = ?", [again, number])

    def unchanged(self, address: str, answer: Answer) -> None:
        """Notes that the page is still the one that was had."""
        time = stamp(answer.retrieved)
        query = "UPDATE pages SET checked_at = ?, fails = 0,"
        query += " retry_at = CASE state WHEN 'refused' THEN ? END, missing_since = NULL WHERE address = ?"
        if not self._store.do(query, [time, time + SECOND_LOOK, address]):
            raise _unlisted(address)
        # Apart, since most pages are where they were, and to move one in the tables' indexes takes its time.
        query = "UPDATE pages SET state = 'read' WHERE address = ? AND state = 'gone' AND entry IS NOT NULL"
        self._store.do(query, [address])

    def failed(self, address: str, error: FetchError, now: datetime) -> str:
        """Notes that a page could not be had, and when to try again; gives the state that it has now.

        A known article keeps its state and its entry, unless it is gone. A host that asked for a pause says
        nothing about its pages.
        """
        number, state, entry, fails = self._known(address, "state, entry, fails")
        time = stamp(now)
        if error.kind == "paused":
            self._store.do("UPDATE pages SET reason = ? WHERE number = ?", [storable(error.reason), number])
            return str(state)
        fails += 1
        state = _state_after(error, state, entry, fails)
        wait = _LONGEST_WAIT if state == "gone" else _wait(fails)
        self._store.do(
            "UPDATE pages SET state = ?, reason = ?, fails = ?, checked_at = ?, retry_at = ?"
            " WHERE number = ?",
            [state, storable(error.reason), fails, time, time + wait if wait else None, number],
        )
        if error.kind == "blocked" or state == "failed":
            self._doubt(number)
        return str(state)

    def _doubt(self, number: int) -> None:
        """What was had last may be a wall: it is not to be taken for the page by its validators, or twice."""
        self._store.do(
            "UPDATE pages SET etag = NULL, last_modified = NULL,"
            " read_sha = CASE WHEN entry IS NULL THEN NULL ELSE read_sha END WHERE number = ?",
            [number],
        )

    def withdrawn(self, address: str, now: datetime) -> bool:
        """Notes that a page is gone; gives whether its entry has no other page left.

        The entry stays. The page is tried once a day as long as it matters: outlets err too.
        """
        number, entry = self._known(address, "entry")
        time = stamp(now)
        self._store.do(
            "UPDATE pages SET state = 'gone', checked_at = ?, fails = fails + 1, retry_at = ?,"
            " missing_since = NULL WHERE number = ?",
            [time, time + _LONGEST_WAIT, number],
        )
        query = "SELECT count(*) FROM pages WHERE entry = ? AND state <> 'gone'"
        return entry is not None and self._store.number(query, [entry]) == 0

    def went_missing(self, address: str, error: FetchError, now: datetime) -> None:
        """Notes that a known page answers that it is gone, and that this is not believed: its entry stays.

        It is asked for again when it would be anyway.
        """
        number, _entry = self._known(address, "entry")
        time = stamp(now)
        self._store.do(
            "UPDATE pages SET reason = ?, fails = fails + 1, checked_at = ?, retry_at = NULL,"
            " missing_since = coalesce(missing_since, ?) WHERE number = ?",
            [storable(error.reason), time, time, number],
        )

    def doubt_gone(self, numbers: Iterable[int]) -> None:
        """Lets pages that are gone be tried for a while, as those that were never had: outlets err too."""
        query = "UPDATE pages SET state = 'failed' WHERE number = ? AND state = 'gone' AND fails < ?"
        self._store.many(query, ([number, _GONE_FOR_GOOD] for number in numbers))

    def _known(self, address: str, columns: str) -> Row:
        query = f"SELECT number, {columns} FROM pages WHERE address = ?"  # noqa: S608  # columns are our own
        found = self._store.one(query, [address])
        if found is None:
            raise _unlisted(address)
        return found


def _unlisted(address: str) -> LookupError:
    return LookupError(f"{address} was never listed")


def _headers(answer: Answer) -> list[str | None]:
    said = (answer.etag, answer.last_modified, answer.charset, answer.media_type, answer.final)
    return [None if each is None else storable(each) for each in said]


def _state_after(error: FetchError, state: str, entry: str | None, fails: int) -> str:
    if entry is not None:
        return "gone" if error.kind == "gone" else state
    if state == "unread":
        return state  # what was had before can still be read
    most = _GONE_FOR_GOOD if error.kind == "gone" else _LOST_FOR_GOOD
    return "failed" if fails < most else "gone"


def _wait(fails: int) -> int:
    """Two builds try at once, then it is a quarter of an hour, doubling up to a day."""
    if fails <= _AT_ONCE:
        return 0
    return min(_FIRST_WAIT << min(fails - _AT_ONCE - 1, 10), _LONGEST_WAIT)
