"""The ledger: one file that remembers between builds."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Self

from cleanfeed.errors import LedgerError
from cleanfeed.ledger.builds import Builds
from cleanfeed.ledger.check import check_file, check_store, check_version, set_aside
from cleanfeed.ledger.damage import Damaged
from cleanfeed.ledger.entries import Entries
from cleanfeed.ledger.hosts import Hosts
from cleanfeed.ledger.led import Led
from cleanfeed.ledger.pages import Pages
from cleanfeed.ledger.raws import Raws
from cleanfeed.ledger.readings import Readings
from cleanfeed.ledger.store import Looking, Store, damaged, unusable
from cleanfeed.ledger.times import stamp
from cleanfeed.ledger.visits import Visits
from cleanfeed.stories.leads import Lead

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime
    from pathlib import Path
    from types import TracebackType

    from cleanfeed.model import Entry


class Ledger(Pages, Visits, Raws, Entries, Led, Readings, Hosts, Builds):
    """What is remembered between builds; for one thread at a time.

    Whatever changes lasts once it is committed; leaving the context without an error commits, and closes.
    """

    def __init__(self, store: Store, now: datetime) -> None:
        self._store = store
        self._now = now
        self.notes: list[str] = []
        """What a build tells of its ledger, besides the problems."""
        self.problems: list[LedgerError] = []
        self.recovered = False
        """Whether the ledger was damaged, and has been made anew."""
        self.is_fresh = (
            store.number("SELECT NOT EXISTS (SELECT 1 FROM pages UNION ALL SELECT 1 FROM builds)") > 0
        )
        """Whether nothing has ever been remembered in it."""

    @classmethod
    def open(cls, path: Path, *, feeds: Path | None = None, now: datetime) -> Self:
        """Opens the ledger at this path, or makes it.

        One that is damaged, or something else, is set aside and made anew from the published feeds in the
        folder `feeds`. A `LedgerError` for one of a newer version, in use, or read-only.
        """
        make_folder(path)
        try:
            check_file(path)
            return cls(_opened(path), now)
        except Damaged as error:
            return cls._anew(path, str(error), feeds, now)

    @classmethod
    def look(cls, path: Path, *, now: datetime) -> Self:
        """Opens a ledger to be read alone, also while a build is at work; there must be one."""
        if not path.is_file():
            raise _missing(path)
        store = Looking(path)
        try:
            check_file(path)
            check_version(store)
            if store.number("PRAGMA user_version") == 0:
                raise _missing(path)
            store.see_as_new()
        except Damaged as error:
            store.abandon()
            raise damaged(path, str(error)) from error
        except LedgerError:
            store.abandon()
            raise
        return cls(store, now)

    @classmethod
    def _anew(cls, path: Path, reason: str, feeds: Path | None, now: datetime) -> Self:
        aside = set_aside(path, now)
        ledger = cls(_opened(path), now)
        count = ledger.recall(feeds, now) if feeds else 0
        ledger.commit()
        ledger.recovered = True
        ledger.problems.append(
            LedgerError(
                f"{path}: the ledger was damaged ({reason}); it is kept as {aside.name}, "
                f"and a new one has {count} entries from the published feeds"
            )
        )
        ledger.notes.append(
            "the new ledger knows nothing of pages that gave no entry, nor of how the outlets have fared"
        )
        return ledger

    def recall(self, feeds: Path, now: datetime) -> int:
        """Takes in the entries of published feeds that the ledger does not have; gives how many."""
        from cleanfeed.ledger.published import published  # noqa: PLC0415  # few ledgers are ever lost

        known = self.entry_ids()
        count = 0
        for told in published(feeds):
            entry = replace(told, id=told.own_id or told.id, own_id=None, also_in=())
            if entry.id not in known:
                self.put(entry, entry.url, now)
                self._recall_page(entry, now)
                self.remember_leads({entry.id: Lead(entry.moment, told.id)})
                count += 1
        return count

    def _recall_page(self, entry: Entry, now: datetime) -> None:
        """Its page is known, and is asked for again only as a known one."""
        if entry.url is None:
            return
        self._store.do(
            "INSERT INTO pages (address, outlet, state, published, first_seen, listed_at, final, entry)"
            " VALUES (?, ?, 'read', ?, ?, ?, ?, ?) ON CONFLICT (address) DO NOTHING",
            [
                entry.url,
                entry.outlet,
                stamp(entry.published),
                stamp(entry.moment),
                stamp(now),
                entry.url,
                entry.id,
            ],
        )

    def drop_withdrawn(self, outlets: Collection[str] = ()) -> int:
        """Forgets the entries that have no page left, of these outlets or of all; gives how many."""
        query = (
            "SELECT entry, number, outlet FROM pages AS page WHERE entry IN (SELECT id FROM entries)"
            " AND outlet IN (SELECT DISTINCT outlet FROM pages) AND state = 'gone' AND NOT EXISTS"
            " (SELECT 1 FROM pages WHERE entry = page.entry AND state <> 'gone')"
        )
        gone = [row for row in self._store.all(query) if not outlets or row[2] in outlets]
        self.drop(ids := {row[0] for row in gone})
        self.doubt_gone(row[1] for row in gone)
        return len(ids)

    # --- transactions

    def commit(self) -> None:
        self._store.commit()

    def close(self) -> None:
        """Closes the file, and seals it; what was not committed is gone."""
        self._store.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None
    ) -> None:
        try:
            if kind is None:
                self.commit()
        finally:
            self.close()


def _missing(path: Path) -> LedgerError:
    error = LedgerError(f"{path}: there is no ledger yet; it is made by the first build from the web")
    error.is_missing = True
    return error


def make_folder(path: Path) -> None:
    """Makes the folder of a ledger; it is its owner's alone."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise unusable(path, f"its folder cannot be made: {error.strerror or error}") from error


def _opened(path: Path) -> Store:
    store = Store(path)
    try:
        check_store(store)
        store.make()
    except BaseException:  # whatever it is: the file is not left open
        store.abandon()
        raise
    return store
