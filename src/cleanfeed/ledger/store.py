"""The file of the ledger as SQLite has it: queries, transactions, and errors in our own words."""

from __future__ import annotations

import os
import sqlite3
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from cleanfeed.errors import LedgerError
from cleanfeed.ledger.schema import APPLICATION, LOOKS, STEPS, VERSION
from cleanfeed.ledger.seal import break_seal, is_sealed, seal

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

BUSY = 5.0
"""Seconds to wait for somebody else who has the ledger in use."""
_TRIM = 2048
"""Free pages of the file that are worth giving back to the disk."""
_ELSEWHERE = "or name another ledger in the configuration"

Row = tuple[Any, ...]


class Store:
    """One connection to one ledger; whatever SQLite says is a `LedgerError` that names the file."""

    is_read_only = False

    def __init__(self, path: Path) -> None:
        self.path = path
        self.was_sealed = is_sealed(path)
        self._is_damaged = self._is_closed = False
        try:
            # Not made by SQLite: the file is nobody else's to read.
            os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
            self._base = sqlite3.connect(path, timeout=BUSY, isolation_level="IMMEDIATE")
        except OSError as error:
            raise unusable(path, error.strerror or str(error)) from error
        except sqlite3.Error as error:
            raise told(path, error) from error

    # --- queries

    def all(self, query: str, values: Iterable[Any] = ()) -> list[Row]:
        try:
            return self._base.execute(query, tuple(values)).fetchall()
        except sqlite3.Error as error:
            raise self._told(error) from error

    def one(self, query: str, values: Iterable[Any] = ()) -> Row | None:
        try:
            found: Row | None = self._base.execute(query, tuple(values)).fetchone()
        except sqlite3.Error as error:
            raise self._told(error) from error
        return found

    def do(self, query: str, values: Iterable[Any] = ()) -> int:
        """Runs a change, in a transaction that lasts until `commit`; gives how many rows it was about."""
        try:
            return self._base.execute(query, tuple(values)).rowcount
        except sqlite3.Error as error:
            raise self._told(error) from error

    def add(self, query: str, values: Iterable[Any]) -> int:
        """Adds a row; gives its number."""
        try:
            return self._base.execute(query, tuple(values)).lastrowid or 0
        except sqlite3.Error as error:
            raise self._told(error) from error

    def many(self, query: str, rows: Iterable[Iterable[Any]]) -> None:
        try:
            self._base.executemany(query, (tuple(row) for row in rows))
        except sqlite3.Error as error:
            raise self._told(error) from error

    def number(self, query: str, values: Iterable[Any] = ()) -> int:
        """The one number that a query asks for; 0 for none."""
        row = self.one(query, values)
        return int(row[0]) if row and row[0] is not None else 0

    # --- transactions

    def commit(self) -> None:
        try:
            self._base.commit()
        except sqlite3.Error as error:
            raise self._told(error) from error

    def make(self) -> None:
        """Brings the tables to this version, in one step; waits for whoever else has the ledger in use."""
        if self.number("PRAGMA page_count") == 0:
            self.all("PRAGMA auto_vacuum = INCREMENTAL")
            self.all("PRAGMA journal_mode = WAL")
        self.all("PRAGMA synchronous = NORMAL")
        self.do("BEGIN IMMEDIATE")
        version = self.number("PRAGMA user_version")
        for step in STEPS[version:]:
            for query in step:
                self.do(query)
        if version < VERSION:
            self.do(f"PRAGMA application_id = {APPLICATION}")
            self.do(f"PRAGMA user_version = {VERSION}")
        self.commit()

    def close(self) -> None:
        """Closes the file, whole and in one piece, and seals it; what was not committed is gone."""
        if self._is_closed:
            return
        self._is_closed = True
        has_written = self._base.total_changes > 0
        try:
            self._base.rollback()
            if has_written:
                self._trim()
                self._base.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        except sqlite3.Error as error:
            raise self._told(error) from error
        finally:
            with suppress(sqlite3.Error):  # what was wrong has been said
                self._base.close()
        if not self._is_damaged and (has_written or not self.was_sealed):
            seal(self.path)

    def abandon(self) -> None:
        """Closes the file as it is."""
        with suppress(sqlite3.Error):  # whoever abandons it knows what is wrong
            self._base.close()

    def _trim(self) -> None:
        free, pages = self.number("PRAGMA freelist_count"), self.number("PRAGMA page_count")
        if free > _TRIM and free * 4 > pages:
            # Not execute: that would stop after the first page.
            self._base.executescript("PRAGMA incremental_vacuum")

    # --- errors

    def spoilt(self, what: str) -> LedgerError:
        """The error for what is not as it was put there; the next opening looks closer."""
        self._is_damaged = True
        break_seal(self.path)
        return damaged(self.path, what)

    def _told(self, error: sqlite3.Error) -> LedgerError:
        if is_damage(error):
            return self.spoilt(words_of(error))
        return told(self.path, error)


class Looking(Store):
    """A connection that changes nothing, and leaves the file to whoever is at work on it."""

    is_read_only = True

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.all("PRAGMA query_only = ON")

    def see_as_new(self) -> None:
        """Lets an older ledger be read as one of this version; only a build brings it up."""
        version = self.number("PRAGMA user_version")
        if 0 < version < len(LOOKS):
            self.all("PRAGMA query_only = OFF")  # also what is of this connection alone would be a change
            self.do(LOOKS[version])
            self.all("PRAGMA query_only = ON")

    def close(self) -> None:
        self.abandon()


_DAMAGE = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})


def code_of(error: sqlite3.Error) -> int:
    """SQLite's primary result code; 0 where the error is not SQLite's own."""
    return int(getattr(error, "sqlite_errorcode", 0)) & 0xFF


def is_damage(error: sqlite3.Error) -> bool:
    # An error without a code is about bytes that should be text.
    return code_of(error) in _DAMAGE or (not code_of(error) and isinstance(error, sqlite3.OperationalError))


def words_of(error: sqlite3.Error) -> str:
    """What SQLite has said, without the bytes that it has said it of."""
    return str(error).partition(" with text ")[0]


def told(path: Path, error: sqlite3.Error) -> LedgerError:
    """What SQLite has said, and what to do about it."""
    match code_of(error):
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
            return LedgerError(
                f"{path}: the ledger is in use by another program; wait for it or end it, {_ELSEWHERE}"
            )
        case sqlite3.SQLITE_READONLY | sqlite3.SQLITE_PERM | sqlite3.SQLITE_CANTOPEN:
            return unusable(path, str(error))
        case sqlite3.SQLITE_FULL | sqlite3.SQLITE_IOERR:
            return LedgerError(
                f"{path}: the ledger cannot be written ({error}); see whether its disk is full or broken: "
                "nothing is lost but what this build has not finished"
            )
        case sqlite3.SQLITE_CORRUPT | sqlite3.SQLITE_NOTADB:
            return damaged(path, str(error))
        case _:
            return LedgerError(f"{path}: the ledger cannot be used: {error}")


def unusable(path: Path, reason: str) -> LedgerError:
    return LedgerError(
        f"{path}: the ledger cannot be opened ({reason}); make the file and its folder writable, {_ELSEWHERE}"
    )


def damaged(path: Path, what: str) -> LedgerError:
    return LedgerError(
        f"{path}: the ledger is damaged ({what}); "
        "the next build sets it aside and makes a new one from the published feeds"
    )
