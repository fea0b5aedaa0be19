"""Discovery: an outlet's listings are read, alternatives in their order, until it is known what is new."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple
from zoneinfo import ZoneInfo

from cleanfeed.blame import describe
from cleanfeed.errors import FetchError, ListingError
from cleanfeed.fetch.answer import Ask
from cleanfeed.outlet import listings_of
from cleanfeed.sources.cuts import Cut, cut_of
from cleanfeed.sources.found import INDEX, MOST, Found
from cleanfeed.sources.tried import NEVER, UNCHANGED, Tried, Validators, failed, meaning_of, worked

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from cleanfeed.errors import CleanfeedError
    from cleanfeed.fetch.answer import Answer
    from cleanfeed.outlet import Directory, Listing, Outlet
    from cleanfeed.sources.found import Link

__all__ = ["Discovery", "Tried", "discover", "examine"]

_MOST_PAGES = 10
"""Of one listing in one build."""
_MOST_SITEMAPS = 3
"""Of an index in one build, unless more is wanted than one listing gives."""
_EARLY = 2
"""Days of a month in which the month before is read too."""
_PASSING = frozenset({"failed", "paused", "blocked"})
"""Failures of a further page that another build may not meet."""


@dataclass(slots=True)
class Discovery:
    """What an outlet lists."""

    links: list[Link] = field(default_factory=list)
    """Newest first, each address once; known ones too, for their sections."""
    tried: list[Tried] = field(default_factory=list)
    failure: CleanfeedError | None = None
    """Why there is nothing: none of the listings works."""


def discover(
    outlet: Outlet,
    get: Callable[[Ask], Answer],
    directory: Directory,
    *,
    known: Callable[[str], bool],
    remembered: Mapping[str, Validators],
    wanted: int,
    now: datetime,
) -> Discovery:
    """Reads an outlet's listings: of each section, the first that works.

    Further pages are asked for as long as all on a page is unknown and fewer new articles than `wanted` are
    found; where one could not be had the last time, as far as they were unknown then. `get` may raise a
    `FetchError`; nothing else is expected of it, and nothing is raised here.
    """
    search = _Search(outlet, get, directory, _Known(known, remembered, wanted, now))
    groups: dict[str, list[Listing]] = {}
    for listing in listings_of(outlet):
        groups.setdefault(listing.section, []).append(listing)
    works = [any(map(search.works, group)) for group in groups.values()]
    return Discovery(
        links=search.newest_first(),
        tried=search.tried,
        failure=None if any(works) else _failure(outlet, search.errors),
    )


def examine(
    outlet: Outlet, get: Callable[[Ask], Answer], directory: Directory, *, now: datetime
) -> list[list[Tried]]:
    """Tries every listing of an outlet, alternatives too: what was asked for each, in their order."""
    examined = []
    for listing in listings_of(outlet):
        search = _Search(outlet, get, directory, _Known(lambda _address: False, {}, 1, now))
        search.works(listing)
        examined.append(search.tried)
    return examined


def _failure(outlet: Outlet, errors: Sequence[FetchError | ListingError]) -> CleanfeedError:
    """The error that tells most: an outlet is blocked if it is so wherever anybody answers."""
    if not errors:
        return ListingError(outlet.slug, "the outlet declares no listing")
    first = errors[0]
    for error in errors:
        # That an alternative's host is not there says nothing of the outlet that blocks us.
        is_silent = isinstance(error, FetchError) and error.kind == "failed" and error.status is None
        if meaning_of(error) != "blocked" and (error is first or not is_silent):
            return error
    if isinstance(first, FetchError):
        return first
    return FetchError(first.address, first.reason, "blocked")


class _Known(NamedTuple):
    """What is known before anything is asked, and how much is wanted."""

    address: Callable[[str], bool]
    validators: Mapping[str, Validators]
    wanted: int
    now: datetime


class _Search:
    """One outlet's listings, asked one after another."""

    def __init__(
        self, outlet: Outlet, get: Callable[[Ask], Answer], directory: Directory, known: _Known
    ) -> None:
        self.outlet = outlet
        self.get = get
        self.directory = directory
        self.known = known
        self.tried: list[Tried] = []
        self.errors: list[FetchError | ListingError] = []
        self._links: dict[str, Link] = {}
        self._ranks: dict[str, datetime] = {}
        self._new = 0
        self._gave = False
        """Whether the last page had anything that those before it had not."""

    def works(self, listing: Listing) -> bool:
        """Reads a listing, with its further pages as far as they are needed."""
        # All are read: one month's articles are not those of another.
        works = [self._read(listing, address) for address in self._addresses(listing)]
        return any(works)

    def _addresses(self, listing: Listing) -> list[str]:
        """Where a listing is today; early in a month, where last month's is too."""
        today = self.known.now.astimezone(ZoneInfo(self.outlet.timezone))
        days = [today]
        if "{day" in listing.url:
            days.append(today - timedelta(days=1))
        elif "{month" in listing.url and today.day <= _EARLY:
            days.append(today - timedelta(days=today.day))
        return list(dict.fromkeys(filled(listing.url, day) for day in days))

    def _read(self, listing: Listing, address: str) -> bool:
        at, works = len(self.tried), True
        found = self._ask(listing, address)
        if found is None:
            return False
        if found.kind == INDEX:
            works = self._read_sitemaps(listing, found)
        else:
            cut = self._read_on(listing, found, cut_of(self._validators(address)[1]))
            if cut.times:
                self.tried[at] = replace(self.tried[at], etag=None, last_modified=cut.noted())
        self.tried[at + 1 :] = [replace(each, part_of=address) for each in self.tried[at + 1 :]]
        return works

    def _read_on(self, listing: Listing, found: Found, cut: Cut) -> Cut:
        """Reads the further pages that are needed; gives where one of them could not be had, if so."""
        seen: set[str] = set()
        known: set[str] = set()
        for page in range(2, _MOST_PAGES + 1):
            seen |= {link.url for link in found.links}
            # What stood above an earlier cut is known since then: what follows it is still to be found.
            known |= self._known_of(found)
            further = self._further(listing, found, page)
            if not further or len(known) > cut.links or not self._wants_more(found):
                break
            next_found = self._ask(listing, further, is_further=True)
            if next_found is None:
                last = self.tried[-1]
                may_pass = last.address == further and last.failure in _PASSING
                return cut.again(len(seen - known)) if may_pass else Cut()
            found = next_found
        return Cut()

    def _further(self, listing: Listing, found: Found, page: int) -> str:
        """The address of the next page: as it is declared, else as the listing names it."""
        declared = listing.further or (listing.url if "{page" in listing.url else "")
        if declared:
            return filled(declared, self.known.now.astimezone(ZoneInfo(self.outlet.timezone)), page)
        return next(iter(found.further), "")

    def _read_sitemaps(self, listing: Listing, index: Found) -> bool:
        at = len(self.tried) - 1
        most = _MOST_SITEMAPS if self.known.wanted <= MOST else _MOST_PAGES
        waiting, peers, works = deque(index.further), set(index.peers), False
        for _ in range(most):
            found = self._ask(listing, waiting.popleft()) if waiting else None
            if found is not None and found.kind == INDEX:
                waiting.extendleft(reversed(found.further))
                peers |= found.peers
                continue
            works = works or found is not None
            is_last = not waiting or waiting[0] not in peers
            if is_last and found is not None and (self._known_of(found) or not self._wants_more(found)):
                break
        if not works:
            self._note(at, ListingError(self.tried[at].address, "none of its sitemaps lists an article"))
        return works

    def _note(self, at: int, error: ListingError) -> None:
        self.errors.append(error)
        self.tried[at] = replace(self.tried[at], ok=False, reason=error.reason, failure="unreadable")

    def _ask(self, listing: Listing, address: str, *, is_further: bool = False) -> Found | None:
        """What is listed at an address; `None` where that fails, which is no fault beyond the last page."""
        etag, modified = NEVER if is_further else self._validators(address)
        if cut_of(modified).times:
            etag, modified = NEVER
        ask = Ask(url=address, kind="listing", etag=etag, last_modified=modified)
        try:
            answer = self.get(ask)
            found = self._found(answer, listing, is_conditional=bool(etag or modified))
        except (FetchError, ListingError) as error:
            if not (is_further and meaning_of(error) in {"gone", "unreadable"}):
                self.errors.append(error)
                self.tried.append(failed(address, listing, error))
            return None
        self.tried.append(worked(address, listing, answer, found))
        self._add(found.links)
        return found

    def _found(self, answer: Answer, listing: Listing, *, is_conditional: bool) -> Found:
        if answer.status != UNCHANGED:
            # Only now: a listing that has not changed is not read.
            from cleanfeed.sources.listings import read_listing  # noqa: PLC0415  # see above

            most = max(MOST, self.known.wanted)
            try:
                return read_listing(answer, listing, self.outlet, self.directory, most=most)
            except ListingError:
                raise
            except Exception as error:  # what a stranger wrote may cost a listing, and no build
                raise ListingError(answer.final, f"cannot be read: {describe(error)}") from error
        if not is_conditional:
            raise ListingError(answer.url, "says that it is unchanged, and was never read")
        return Found(links=())

    def _validators(self, address: str) -> Validators:
        return self.known.validators.get(address, NEVER)

    def _wants_more(self, found: Found) -> bool:
        """Whether articles of the next page are wanted, and this one gave reason to ask for it."""
        return self._new < self.known.wanted and bool(found.links) and self._gave

    def _known_of(self, found: Found) -> set[str]:
        return {link.url for link in found.links if self.known.address(link.url)}

    def _add(self, links: Iterable[Link]) -> None:
        before = len(self._links)
        for link, rank in _ranked(links, self.known.now):
            other = self._links.get(link.url)
            if other is None:
                self._new += not self.known.address(link.url)
            if other is None or (link.published and not other.published):
                self._ranks[link.url] = rank
            self._links[link.url] = link if other is None else _merged(other, link)
        # A site that shows its first page again and again has no further one.
        self._gave = len(self._links) > before

    def newest_first(self) -> list[Link]:
        return sorted(self._links.values(), key=lambda link: self._ranks[link.url], reverse=True)


def filled(address: str, day: datetime, page: int = 1) -> str:
    """The address of a listing for a day and a page."""
    return address.format(year=day.year, month=day.month, day=day.day, page=page)


def _ranked(links: Iterable[Link], now: datetime) -> Iterator[tuple[Link, datetime]]:
    """Each link with the time that orders it: where it has none, that of the one above it."""
    links = tuple(links)
    last = next((link.published for link in links if link.published), now)
    for link in links:
        last = link.published or last
        yield link, last


def _merged(one: Link, other: Link) -> Link:
    return replace(
        one,
        published=one.published or other.published,
        title=one.title or other.title,
        sections=tuple(dict.fromkeys((*one.sections, *other.sections))),
        item=one.item or other.item,
    )
