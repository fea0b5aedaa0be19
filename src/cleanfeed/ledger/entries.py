"""Entries: every article that feeds may hold, one per id, through all its versions."""

from __future__ import annotations

from dataclasses import replace
from hashlib import sha256
from typing import TYPE_CHECKING, Literal

from cleanfeed.ledger.merging import Merged, corrected, edited, enriched, labelled
from cleanfeed.ledger.part import Part
from cleanfeed.ledger.schema import ITEM
from cleanfeed.ledger.signatures import content_of, sign
from cleanfeed.ledger.stored import deflate, pack, pack_card, unpack_card
from cleanfeed.ledger.times import micros, moment_of, stamp

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Sequence
    from datetime import datetime

    from cleanfeed.ledger.store import Store
    from cleanfeed.model import Entry
    from cleanfeed.shelf import Card
    from cleanfeed.topics import Folded

Became = Literal["new", "changed", "same"]
_FORGOTTEN = micros(days=400)
"""After so long an address that no listing names, and that has no entry, is as good as new."""
_OLD = (
    "coalesce(listed_at, first_seen) < ? AND raw_size IS NULL"
    " AND (entry IS NULL OR entry NOT IN (SELECT id FROM entries))"
)


class Entries(Part):
    """What is known of articles."""

    def put(self, entry: Entry, address: str | None, now: datetime) -> Became:
        """Remembers an entry, and that this address leads to it; gives what that has changed.

        An article that is known under another address gets the tags of this one; its content stays that of
        its first page, unless that is gone, is not its own address, or is older.
        """
        found = self._store.one("SELECT number, address, stamped FROM entries WHERE id = ?", [entry.id])
        entry = replace(entry, first_seen=_whole(entry.first_seen or now))
        if found is None:
            _insert(self._store, entry, address)
            became: Became = "new"
        else:
            number, told_by, stamped = found
            old = content_of(self._store, number)
            merged, teller = self._merged(old, entry, address, (told_by, stamped), _whole(now))
            became = _update(self._store, number, old, merged, teller)
        self._note(address, entry)
        return became

    def _merged(
        self,
        old: Entry,
        new: Entry,
        address: str | None,
        told: tuple[str | None, int | None],
        now: datetime,
    ) -> tuple[Merged, str | None]:
        """The entry as it is from now on, and the address that it is told by."""
        told_by, stamped = told[0], moment_of(told[1])
        if not self._counts(old, new, address, told_by):
            return Merged(enriched(old, new), stamped), told_by
        if self._is_correction(address):
            return corrected(old, new, stamped, self._labels(old)), address
        return edited(old, new, stamped, now), address or told_by

    def _counts(self, old: Entry, new: Entry, address: str | None, told_by: str | None) -> bool:
        """Whether the page at this address is to be believed, where several have the same article."""
        if address is None or told_by is None or address == told_by:
            return True
        if address == new.url and told_by != old.url:
            return True
        if new.updated is not None and new.updated > old.changed:
            return True
        query = "SELECT 1 FROM pages WHERE address = ? AND state IN ('read', 'unread') AND entry = ?"
        return self._store.one(query, [told_by, old.id]) is None

    def _is_correction(self, address: str | None) -> bool:
        """Whether it is not the article that has changed since it was read.

        It may be the code that reads it, or that its page was had where there was only what a feed tells.
        """
        query = "SELECT 1 FROM pages WHERE address = ? AND"
        query += " (read_sha = body_sha OR (read_type = ? AND media_type <> read_type))"
        return address is not None and self._store.one(query, [address, ITEM]) is not None

    def _labels(self, entry: Entry) -> list[str]:
        """The tags that its page alone does not account for."""
        query = "SELECT sections FROM pages WHERE entry = ? ORDER BY number"
        rows = self._store.all(query, [entry.id])
        others = entry.tags if len(rows) > 1 else ()
        return [*(label for row in rows for label in row[0].split("\n") if label), *others]

    def _note(self, address: str | None, entry: Entry) -> None:
        """Its own address leads to it too, though no listing may ever name it."""
        if entry.url is not None and entry.url != address:
            self.alias(entry.url, entry.id)

    def alias(self, address: str, id_: str) -> None:
        """Notes another address of an entry."""
        self._store.do(
            "INSERT INTO aliases SELECT ?, outlet, id, first_seen FROM entries WHERE id = ?"
            " AND NOT EXISTS (SELECT 1 FROM pages WHERE address = ? AND entry IS NOT NULL)"
            " ON CONFLICT (address) DO UPDATE SET entry = excluded.entry WHERE entry <> excluded.entry",
            [address, id_, address],
        )

    # --- what is known

    @property
    def revision(self) -> int:
        """Another number whenever any entry has come, changed or gone."""
        return self._store.number("SELECT number FROM revision")

    def get(self, id_: str) -> Entry | None:
        found = self._store.one("SELECT number FROM entries WHERE id = ?", [id_])
        return content_of(self._store, found[0]) if found else None

    def entry(self, id_: str) -> Entry:
        """The entry of an id that is known; a `LookupError` else."""
        found = self.get(id_)
        if found is None:
            raise LookupError(f"{id_} is not in the ledger")
        return found

    def mark_of(self, ids: Sequence[str]) -> str:
        """64 hexadecimal digits that are others whenever one of these entries has changed, come or gone."""
        places = ", ".join("?" * len(ids))
        query = (
            f"SELECT id, data FROM entries JOIN contents USING (number) WHERE id IN ({places}) ORDER BY id"  # noqa: S608  # nothing but "?"
        )
        whole = sha256()
        for id_, data in self._store.all(query, ids):
            whole.update(sha256(id_.encode() + b"\0" + data).digest())
        return whole.hexdigest()

    def entry_ids(self, outlet: str | None = None) -> frozenset[str]:
        """The ids of all entries, or of an outlet's."""
        query = "SELECT id FROM entries WHERE ? IS NULL OR outlet = ?"
        return frozenset(row[0] for row in self._store.all(query, [outlet, outlet]))

    def newest(self) -> dict[str, datetime]:
        """The time of the newest entry of each outlet."""
        rows = self._store.all("SELECT outlet, max(moment) FROM entries GROUP BY outlet")
        return {outlet: moment_of(moment) for outlet, moment in rows}

    def cards(self, rules: str, matchers: Sequence[Callable[[Folded], bool]]) -> dict[str, Card]:
        """The cards of all entries, by id; which topics take them is worked out once for the same rules."""
        mark = sha256(rules.encode("utf-8", "surrogatepass")).digest()[:8]
        anew = self._match(mark, matchers)
        sketches = sign(self._store)
        query = "SELECT card, number, sketch FROM entries LEFT JOIN signatures USING (number)"
        rows = self._store.all(query)
        try:
            cards = [
                unpack_card(anew.get(number) or data, number, sketches.get(number) or sketch)
                for data, number, sketch in rows
            ]
        except ValueError as error:
            raise self._store.spoilt("an entry is not what it was") from error
        return {card.id: card for card in cards}

    def _match(self, mark: bytes, matchers: Sequence[Callable[[Folded], bool]]) -> dict[int, bytes]:
        """The cards that other rules had made, made anew, by number; they are kept where that may be."""
        anew: dict[int, bytes] = {}
        rows = self._store.all("SELECT number FROM entries WHERE rules IS NULL OR rules <> ?", [mark])
        if not rows:
            return anew
        from cleanfeed.topics import Folded  # noqa: PLC0415  # needed for new entries alone

        for (number,) in rows:
            entry = content_of(self._store, number)
            seen = Folded(entry)
            topics = tuple(place for place, matches in enumerate(matchers) if matches(seen))
            anew[number] = pack_card(entry, topics)
            if not self._store.is_read_only:
                query = "UPDATE entries SET rules = ?, card = ? WHERE number = ?"
                self._store.do(query, [mark, anew[number], number])
        return anew

    # --- what goes

    def drop(self, ids: Iterable[str]) -> None:
        """Forgets entries; those of their pages that are not gone are had anew."""
        for id_ in ids:
            self._forget(id_)
            self._store.do("DELETE FROM aliases WHERE entry = ?", [id_])
            self._store.do(
                "UPDATE pages SET entry = NULL, read_sha = NULL, etag = NULL, last_modified = NULL,"
                " state = CASE WHEN state = 'gone' THEN 'gone' ELSE 'pending' END WHERE entry = ?",
                [id_],
            )

    def _forget(self, id_: str) -> None:
        for table in ("contents", "signatures", "entries"):  # the last knows the number
            query = f"DELETE FROM {table} WHERE number = (SELECT number FROM entries WHERE id = ?)"  # noqa: S608  # constants
            self._store.do(query, [id_])
        query = "DELETE FROM raws WHERE number IN (SELECT number FROM pages WHERE entry = ?)"
        self._store.do(query, [id_])
        self._store.do("UPDATE pages SET raw_size = NULL WHERE entry = ?", [id_])

    def prune(self, keep: Collection[str], now: datetime, *, days: int = 90, most: int = 20_000) -> int:
        """Forgets entries that need not be kept; gives how many.

        Those that were first seen longer ago than that go, and the oldest of too many. Their addresses stay.
        """
        kept = frozenset(keep)
        rows = self._store.all("SELECT id, first_seen, moment FROM entries ORDER BY moment, id")
        spare = [row for row in rows if row[0] not in kept]
        oldest, excess = stamp(now) - micros(days=days), len(rows) - most
        gone = [row[0] for place, row in enumerate(spare) if place < excess or row[1] < oldest]
        for id_ in gone:
            self._forget(id_)
        self._prune_addresses(stamp(now) - _FORGOTTEN)
        return len(gone)

    def forget_addresses(self, most: int) -> None:
        """Forgets addresses without an entry and a page, all but the latest ones."""
        without = "SELECT number FROM pages WHERE entry IS NULL AND raw_size IS NULL"
        query = f"DELETE FROM pages WHERE number IN ({without} ORDER BY number DESC LIMIT -1 OFFSET ?)"  # noqa: S608  # constants
        self._store.do(query, [most])

    def _prune_addresses(self, oldest: int) -> None:
        self._store.do(f"DELETE FROM pages WHERE {_OLD}", [oldest])  # noqa: S608  # a constant
        self._store.do("DELETE FROM items WHERE number NOT IN (SELECT number FROM pages)")
        query = "DELETE FROM aliases WHERE noted_at < ? AND entry NOT IN (SELECT id FROM entries)"
        self._store.do(query, [oldest])


def _whole(moment: datetime) -> datetime:
    """Of feeds' times none is told more exactly than that."""
    return moment.replace(microsecond=0)


def _insert(store: Store, entry: Entry, address: str | None) -> None:
    number = store.add(
        "INSERT INTO entries (id, outlet, address, first_seen, moment, card) VALUES (?, ?, ?, ?, ?, ?)",
        [entry.id, entry.outlet, address, stamp(entry.first_seen), stamp(entry.moment), pack_card(entry)],
    )
    store.do("INSERT INTO contents VALUES (?, ?)", [number, deflate(pack(entry))])


def _update(store: Store, number: int, old: Entry, merged: Merged, teller: str | None) -> Became:
    entry = merged.entry
    packed = pack(entry)
    is_same = packed == pack(old)
    times = [stamp(merged.stamped), stamp(entry.moment)]
    query = "UPDATE entries SET address = ?, stamped = ?, moment = ? WHERE number = ?"
    store.do(query, [teller, *times, number])
    if is_same:
        return "same"
    store.do("UPDATE entries SET rules = NULL, card = ? WHERE number = ?", [pack_card(entry), number])
    if (entry.title, entry.text) != (old.title, old.text):
        store.do("DELETE FROM signatures WHERE number = ?", [number])
    store.do("UPDATE contents SET data = ? WHERE number = ?", [deflate(packed), number])
    return "changed"


def add_labels(store: Store, id_: str, labels: Iterable[str]) -> None:
    """Tags that further listings give an entry; that is no change of the article."""
    found = store.one("SELECT number, address, stamped FROM entries WHERE id = ?", [id_])
    if found is None:
        return
    number, told_by, stamped = found
    old = content_of(store, number)
    entry = replace(old, tags=labelled(old, labels))
    _update(store, number, old, Merged(entry, moment_of(stamped)), told_by)
