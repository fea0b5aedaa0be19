"""What is known of addresses that were asked for: from builds, and from earlier lookups."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from cleanfeed.errors import CleanfeedError, FetchError, LedgerError, NotAnArticle, PageError
from cleanfeed.ledger import Ledger
from cleanfeed.lock import hold

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from datetime import datetime
    from pathlib import Path

    from cleanfeed.fetch.answer import Answer
    from cleanfeed.fetch.hosts import HostState
    from cleanfeed.ledger import PageRow
    from cleanfeed.model import Entry

_WAIT = 10.0
"""Seconds to wait for another lookup that is just writing."""
_INTERVALS = (
    (timedelta(days=2), timedelta(minutes=15)),
    (timedelta(days=7), timedelta(hours=6)),
    (timedelta.max, timedelta(days=1)),
)
"""How long an article is as it was had, by its age."""
_MOST = 5_000
"""Entries that are remembered of lookups, and addresses that led to none."""
_MARK = "asked"


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """An entry that is known."""

    entry: Entry
    is_due: bool = False
    """Whether it is worth a question if it has changed."""
    checked: datetime | None = None
    """When it was last known to be current."""
    etag: str | None = None
    last_modified: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """What came of asking for an address."""

    address: str
    outlet: str
    answer: Answer | FetchError
    entry: Entry | None = None
    reason: str = ""
    """Why a page that was had gave no entry."""


class Kept:
    """The ledger, to be read alone, and `asked.sqlite3` beside it, which has the same form."""

    def __init__(self, ledger: Path, now: Callable[[], datetime]) -> None:
        self.notes: list[str] = []
        self._ledger = ledger
        self._path = ledger.with_name("asked.sqlite3")
        self._now = now
        self._writing = threading.Lock()

    def known(self, addresses: Iterable[str]) -> dict[str, Known]:
        """The entries that these canonical addresses lead to, as they were had last.

        Builds keep theirs current by themselves, so those are never due.
        """
        wanted = dict.fromkeys(addresses)
        found = self._looked_up(self._ledger, wanted, _built)
        for address, known in self._looked_up(self._path, wanted, self._aged).items():
            other = found.get(address)
            if other is None or (known.checked and other.checked and known.checked > other.checked):
                found[address] = known
        return found

    def in_vain(self, addresses: Iterable[str]) -> dict[str, PageError]:
        """Those that were asked for lately and are gone, or are no articles; each with its reason."""
        rows: list[PageRow | None] = []
        with self._noting(), Ledger.look(self._path, now=self._now()) as ledger:
            rows += (ledger.page(each) for each in addresses)
        return {row.address: _told(row) for row in rows if row and row.reason and self._is_vain(row)}

    def _is_vain(self, row: PageRow) -> bool:
        return row.entry is None and row.state in {"gone", "refused"} and not self._is_due(row)

    def hosts(self) -> list[HostState]:
        """What is known of hosts: those of lookups count for more, being later as a rule."""
        states: dict[str, HostState] = {}
        for path in (self._ledger, self._path):
            with self._noting(), Ledger.look(path, now=self._now()) as ledger:
                states |= {state.host: state for state in ledger.hosts()}
        return list(states.values())

    def note(self, notes: Sequence[Note], states: Iterable[HostState]) -> None:
        """Remembers what came of asking; where that cannot be, a note says so and nothing else is lost."""
        try:
            with (
                self._writing,  # threads of one process need not poll for the file's lock
                hold(self._path.with_name(f"{self._path.name}.lock"), wait=_WAIT),
                Ledger.open(self._path, now=self._now()) as ledger,
            ):
                self._say(*map(str, ledger.problems))
                for each in notes:
                    _remember(ledger, each, self._now())
                ledger.remember_hosts(states)
                ledger.bound_raw(days=0, megabytes=0, now=self._now())
                ledger.prune((), self._now(), most=_MOST)
                ledger.forget_addresses(_MOST)  # made-up ones are without end
        except CleanfeedError as error:
            self._say(f"what was had is not remembered: {error}")

    def _say(self, *notes: str) -> None:
        """What goes wrong at every lookup is noted once until it is told."""
        self.notes += [note for note in notes if note not in self.notes]

    # --- reading

    @contextmanager
    def _noting(self) -> Iterator[None]:
        """A ledger that cannot be read, or is damaged inside, ends the block; a note says so."""
        try:
            yield
        except LedgerError as error:
            if not error.is_missing:
                self._say(str(error))

    def _looked_up(
        self, path: Path, addresses: Iterable[str], known: Callable[[PageRow | None], Callable[..., Known]]
    ) -> dict[str, Known]:
        found: dict[str, Known] = {}
        with self._noting(), Ledger.look(path, now=self._now()) as ledger:
            for address in addresses:
                with self._noting():  # one that is damaged costs itself
                    id_ = ledger.id_of(address)
                    entry = ledger.get(id_) if id_ else None
                    if entry is not None:
                        found[address] = known(_row(ledger, address, id_))(entry=entry)
        return found

    def _aged(self, row: PageRow | None) -> Callable[..., Known]:
        if row is None:
            return lambda entry: Known(entry=entry, is_due=True)
        is_due = self._is_due(row)
        return lambda entry: Known(
            entry=entry, is_due=is_due, checked=row.checked_at, etag=row.etag, last_modified=row.last_modified
        )

    def _is_due(self, row: PageRow) -> bool:
        """Whether it was asked for so long ago that it may be another page by now."""
        if row.checked_at is None:
            return True
        now = self._now()
        age, waited = now - row.first_seen, now - row.checked_at
        interval = next(interval for limit, interval in _INTERVALS if age < limit)
        return not timedelta(0) <= waited < interval


def _told(row: PageRow) -> PageError:
    reason = f"{row.reason} (asked at {row.checked_at:%H:%M} UTC)"
    return (
        FetchError(row.address, reason, "gone") if row.state == "gone" else NotAnArticle(row.address, reason)
    )


def _built(row: PageRow | None) -> Callable[..., Known]:
    return lambda entry: Known(entry=entry, checked=row.checked_at if row else None)


def _row(ledger: Ledger, address: str, id_: str | None) -> PageRow | None:
    """What is known of an address, or of the one that its article is known under.

    Its validators are those of that one alone: another may have other bytes.
    """
    own = ledger.page(address)
    if own is not None or id_ is None:
        return own
    other = ledger.page_of(id_)
    return other and replace(other, etag=None, last_modified=None)


def _remember(ledger: Ledger, note: Note, now: datetime) -> None:
    from cleanfeed.sources.listings import Link  # noqa: PLC0415  # slow, and what is known needs none

    if ledger.page(note.address) is None:
        ledger.listed(note.outlet, [Link(url=note.address)], now)
    row = _row(ledger, note.address, ledger.id_of(note.address))
    if row is None or (row.address != note.address and note.entry and note.entry.id != row.entry):
        return
    if row.address != note.address and not isinstance(note.answer, FetchError):
        note = replace(note, answer=replace(note.answer, etag=None, last_modified=None))
    note = replace(note, address=row.address)
    if isinstance(note.answer, FetchError):
        ledger.failed(note.address, note.answer, now)
    elif note.entry is not None:
        ledger.had(note.address, note.answer)
        ledger.put(note.entry, note.address, now)
        ledger.read(note.address, _MARK, entry=note.entry.id)
    elif note.reason:
        ledger.had(note.address, note.answer)
        ledger.read(note.address, _MARK, entry=ledger.id_of(note.address), reason=note.reason)
    else:
        ledger.unchanged(note.address, note.answer)
