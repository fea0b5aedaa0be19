"""What visits to outlets mean: which of their failures are problems, and which are only worth a note."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from cleanfeed.errors import TroubledOutlet

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cleanfeed.errors import FetchError
    from cleanfeed.sources.discovery import Tried
    from cleanfeed.sources.web import Visit

_MEANING = {
    "refused": "new articles that may not be asked for",
    "blocked": "new articles that are withheld from us",
    "gone": "new articles that are gone already",
    "paused": "new articles that have to wait",
    "failed": "new articles that could not be had",
}
_UNCONFIRMED = "known articles that could not be asked again"
_MISSING = "most of the known articles that were asked are said to be gone, which is not believed; they stay"


def problems(slug: str, visit: Visit) -> Iterator[TroubledOutlet]:
    """What a user should hear of, one for each cause."""
    for section, tries in _silent_sections(visit):
        of = f"its section {section!r}" if section else "the outlet as a whole"
        told = "; ".join(f"{each.address} ({each.reason})" for each in tries)
        yield TroubledOutlet(slug, f"no listing of {of} works: {told}")
    for kind, errors in _by_kind(visit.missed):
        # An outlet that lists what it has taken back is no problem, unless it does nothing else.
        if kind != "gone" or _are_most(errors, visit):
            yield TroubledOutlet(slug, _told(errors, _MEANING[kind]))
    if _are_most(visit.unconfirmed, visit):
        yield TroubledOutlet(slug, _told(visit.unconfirmed, _UNCONFIRMED))
    if visit.missing:
        yield TroubledOutlet(slug, of_missing(visit))


def of_missing(visit: Visit) -> str:
    """What is said of known articles that are missing."""
    return _told(visit.missing, _MISSING)


def notes(slug: str, visit: Visit, *, dropped: bool) -> Iterator[str]:
    """What is worth knowing, and no problem."""
    yield from _of_listings(slug, visit)
    for address in visit.withdrawn:
        yield f"{slug}: {address} is gone; its entry {'was dropped' if dropped else 'stays'}"
    if visit.items:
        yield f"{slug}: taken from the feed itself, as their pages could not be had: {visit.items}"
    for kind, errors in _by_kind(visit.missed):
        if kind == "gone" and not _are_most(errors, visit):
            yield f"{slug}: {_told(errors, _MEANING[kind])}"
    if visit.unconfirmed and not _are_most(visit.unconfirmed, visit):
        yield f"{slug}: {_told(visit.unconfirmed, _UNCONFIRMED)}"


def _of_listings(slug: str, visit: Visit) -> Iterator[str]:
    """Listings that failed and were made up for."""
    silent = {section for section, _tries in _silent_sections(visit)}
    for each in visit.tried if visit.failure is None else ():
        if each.part_of and not each.ok:
            yield f"{slug}: {each.address}, a part of {each.part_of}, could not be read ({each.reason})"
        elif not each.ok and each.section not in silent:
            yield f"{slug}: the listing {each.address} does not work ({each.reason}); another one was read"


def _silent_sections(visit: Visit) -> Iterator[tuple[str, list[Tried]]]:
    """Sections of which no listing works, where others do."""
    by_section: dict[str, list[Tried]] = {}
    for each in visit.tried if visit.failure is None else ():
        if not each.part_of:
            by_section.setdefault(each.section, []).append(each)
    for section, tries in by_section.items():
        if not any(each.ok for each in tries):
            yield section, tries


def counts(visit: Visit) -> dict[str, int]:
    """What came of the visit, in numbers."""
    return {
        "listed": visit.found,
        "asked": visit.asked,
        "had": visit.had,
        "unchanged": visit.unchanged,
        "missed": len(visit.missed) + len(visit.unconfirmed) + len(visit.missing),
        "from_feed": visit.items,
        "withdrawn": len(visit.withdrawn),
    }


def _by_kind(errors: Sequence[FetchError]) -> Iterator[tuple[str, list[FetchError]]]:
    ordered = sorted(errors, key=lambda error: (error.kind, error.page))
    for kind, group in groupby(ordered, key=lambda error: error.kind):
        yield kind, list(group)


def _told(errors: Sequence[FetchError], what: str) -> str:
    first = min(errors, key=lambda error: error.page)
    return f"{what}: {len(errors)}, such as {first}"


def _are_most(errors: Sequence[FetchError], visit: Visit) -> bool:
    return len(errors) > 1 and len(errors) * 2 >= visit.asked
