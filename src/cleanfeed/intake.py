"""From unread pages to entries in the ledger, outlet by outlet; an outlet that went wrong changes nothing."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from zoneinfo import ZoneInfo

from cleanfeed.errors import FetchError, NotAnArticle
from cleanfeed.health.history import has
from cleanfeed.health.reading import reading_of
from cleanfeed.ids import identity
from cleanfeed.ledger.schema import ITEM
from cleanfeed.shelf import Shelf
from cleanfeed.sources.files import SavedPage, Told
from cleanfeed.stories.alike import common
from cleanfeed.stories.signature import signature
from cleanfeed.text import fold
from cleanfeed.tracing import FROM_BODY
from cleanfeed.work import run

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator
    from datetime import datetime

    from cleanfeed.ledger import Ledger, PageRow
    from cleanfeed.ledger.readings import Reading
    from cleanfeed.model import Entry
    from cleanfeed.plugins import Plugins
    from cleanfeed.report import Report
    from cleanfeed.shelf import Place
    from cleanfeed.verdicts import Verdicts
    from cleanfeed.work import Result, Setup


_NOTHING = 0.1
"""Of the shorter text, in two texts that have nothing to do with each other."""


class _Read(NamedTuple):
    """A page of the ledger, and what came of reading it."""

    row: PageRow
    result: Result
    """Without its entry, which may be large."""
    reading: Reading
    place: Place | None
    """Of its entry on the shelf."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Intake:
    """Reads what is unread, and takes in what can be trusted."""

    ledger: Ledger
    loaded: Plugins
    setup: Setup
    mark: str
    """Of the code that reads: what was read by other code is read again."""
    now: datetime
    report: Report
    tell: Callable[[Result], None]
    """Hears of each page that gave no entry."""
    verdicts: Verdicts
    accepted: Collection[str] = ()
    """Outlets whose pages are taken as they are."""

    def take_in(self, rows: Sequence[PageRow], jobs: int) -> None:
        # Known articles first: one that has moved is not to be taken for a new one at its new address.
        ordered = sorted(rows, key=lambda row: (row.outlet, row.entry is None, row.address))
        pages = _Kept(self.ledger, ordered)
        with closing(run(pages, self.setup, jobs, loaded=self.loaded)) as results:
            read = zip(ordered, results, strict=True)
            for outlet, batch in groupby(read, key=lambda each: each[0].outlet):
                with Shelf() as shelf:
                    kept = (each for each in batch if each[0].address not in pages.lost)
                    self._outlet(outlet, [self._laid(*each, shelf) for each in kept], shelf)
                self.ledger.commit()

    def _laid(self, row: PageRow, result: Result, shelf: Shelf) -> _Read:
        """What is needed for the verdict on the outlet; the entry is put away until then."""
        reading = reading_of(result, row.outlet, self.now, again=_is_known(row))
        place = None if result.entry is None else shelf.lay(result.entry)
        return _Read(row, replace(result, entry=None), reading, place)

    def _outlet(self, outlet: str, batch: Sequence[_Read], shelf: Shelf) -> None:
        # What a feed tells of an article says nothing of the outlet's pages.
        of_pages = [each.reading for each in batch if each.row.media_type != ITEM]
        findings = [] if outlet in self.accepted else self.verdicts.of(outlet, of_pages)
        self.report.findings += findings
        is_held = any(finding.holds for finding in findings)
        if not is_held:
            self.ledger.add_readings(of_pages)
        missing = {finding.field for finding in findings if finding.what == "field"} | _ALWAYS_KEPT
        for each in batch:
            if each.place is None:
                self._refused(each, is_held=is_held)
            else:
                self._page(each, shelf.at(each.place), is_held=is_held, missing=missing - _NEVER_KEPT)

    def _page(self, each: _Read, entry: Entry, *, is_held: bool, missing: Collection[str]) -> None:
        row, reading = each.row, each.reading
        self.report.count_entry(entry)
        if is_held or self._is_another(row, entry):
            self.ledger.hold(row.address)
            return
        lost = [name for name in missing if reading.matched and _is_lost(name, reading)]
        entry = self._dated(row, self._settled(row, entry, lost))
        self.ledger.put(entry, row.address, self.now)
        self.ledger.read(row.address, self.mark, entry=entry.id)

    def _refused(self, each: _Read, *, is_held: bool) -> None:
        row, result = each.row, each.result
        error = result.error or NotAnArticle(row.address, "gives no entry")
        self.report.count_refusal(row.outlet, error)
        self.tell(result)
        if each.reading.wall:
            # What stands before the article may be gone the next time.
            self.ledger.read(row.address, self.mark, entry=row.entry, reason=error.reason)
            self.ledger.failed(row.address, FetchError(row.address, error.reason, "blocked"), self.now)
        elif is_held:
            self.ledger.hold(row.address)
        else:
            self.ledger.read(row.address, self.mark, entry=row.entry, reason=error.reason)

    def _settled(self, row: PageRow, entry: Entry, lost: Sequence[str]) -> Entry:
        """The entry as it is to be remembered: under the id that its address has, with its sections."""
        entry = replace(entry, tags=_with_sections(entry, row.sections))
        known = self._known(row, entry)
        if known is None:
            return entry
        # A field that the whole outlet has lost is not lost to what was read before.
        names = [*lost, "date_precision"] if "published" in lost else lost
        kept = {name: getattr(known, name) for name in names if getattr(known, name, None)}
        return replace(entry, id=known.id, **kept)

    def _is_another(self, row: PageRow, entry: Entry) -> bool:
        """Whether a known page shows something else, without a date: its article is hidden, and not changed.

        A site that is out of order gives one page for all addresses; of a few, nobody sees that they are one.
        """
        known = self._known(row, entry) if _is_known(row) else None
        if known is None or entry.published or not known.published or fold(known.title) == fold(entry.title):
            return False
        shared = common(signature(known.title, known.text), signature(entry.title, entry.text))
        if shared < _NOTHING:
            self.report.notes.append(f"{row.address}: shows something else; its entry stays")
        return shared < _NOTHING

    def _dated(self, row: PageRow, entry: Entry) -> Entry:
        """The entry with the time that a feed told, where its page tells none, or no more than that day."""
        outlet = self.loaded.directory.by_slug.get(entry.outlet)
        if row.dated is None or outlet is None or (entry.published and entry.date_precision != "day"):
            return entry
        zone = ZoneInfo(outlet.timezone)
        moment = row.dated.astimezone(zone)
        if entry.published and entry.published.astimezone(zone).date() != moment.date():
            return entry
        updated = entry.updated if entry.updated and entry.updated > moment else None
        return replace(entry, published=moment, date_precision=None, updated=updated)

    def _known(self, row: PageRow, entry: Entry) -> Entry | None:
        """What is known of the article: by its id, by its address, or under the address that it has left."""
        id_ = row.entry or self.ledger.id_of(row.address) or (entry.url and self.ledger.id_of(entry.url))
        known = self.ledger.get(id_) if id_ else None
        if known is None or known.id == entry.id:
            return known
        if self.ledger.get(entry.id) is not None:  # an article of its own
            return None
        is_moved = fold(known.title) == fold(entry.title) or known.text == entry.text != ""
        return known if is_moved or _is_same_place(row, entry) else None


_ALWAYS_KEPT = frozenset({"title", "published"})
"""What an article has for good, once a page has told it."""
_NEVER_KEPT = frozenset({"content", "text", "number"})
"""What belongs together with the rest of a reading, or is no field of an entry."""


def _is_lost(name: str, reading: Reading) -> bool:
    return not has(name, reading) or reading.matched.get(name) == FROM_BODY


def _is_known(row: PageRow) -> bool:
    return row.entry is not None


def _is_same_place(row: PageRow, entry: Entry) -> bool:
    """Whether the entry is of the page that was asked for, and not of one that it now leads to."""
    return entry.url is None or identity(row.final or row.address) == identity(row.address)


def _with_sections(entry: Entry, sections: Sequence[str]) -> tuple[str, ...]:
    seen = {tag.casefold() for tag in entry.tags}
    return (*entry.tags, *(each for each in dict.fromkeys(sections) if each.casefold() not in seen))


class _Kept(Sequence[SavedPage]):
    """The rows' pages, each had from the ledger when it is its turn."""

    def __init__(self, ledger: Ledger, rows: Sequence[PageRow]) -> None:
        self._ledger = ledger
        self._rows = rows
        self.lost: set[str] = set()
        """The addresses of those that the ledger turned out not to have; they are had again."""

    def __len__(self) -> int:
        return len(self._rows)

    def __getitem__(self, index: int) -> SavedPage:  # type: ignore[override]  # nobody slices it
        row = self._rows[index]
        raw = self._ledger.raw(row.address)
        if raw is None:
            self.lost.add(row.address)
        return _page_of(row, b"" if raw is None else raw)

    def __iter__(self) -> Iterator[SavedPage]:
        """The pages without their bodies, for whoever wants no more than their names."""
        return (_page_of(row, None) for row in self._rows)


def _page_of(row: PageRow, raw: bytes | None) -> SavedPage:
    told = Told(
        retrieved=row.first_seen if row.fetched_at is None else row.fetched_at,
        kind="item" if row.media_type == ITEM else "html",
        charset=row.charset,
        sections=frozenset(row.sections),
    )
    return SavedPage(Path(), row.address, raw, row.final or row.address, told)
