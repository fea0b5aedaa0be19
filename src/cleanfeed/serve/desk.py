"""Where articles and full-text feeds are had for those who ask, without one asker holding up another."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from time import monotonic
from typing import TYPE_CHECKING, TypeVar

from cleanfeed.addresses import canonical, host_of
from cleanfeed.errors import CleanfeedError, FetchError, ListingError, PageError
from cleanfeed.serve.flights import Busy, Flights, Hot, Late
from cleanfeed.serve.fulltext import Wish, made

if TYPE_CHECKING:
    from collections.abc import Callable

    from cleanfeed.lookup.lookup import Lookup
    from cleanfeed.model import Entry
    from cleanfeed.serve.figures import Figures
    from cleanfeed.serve.files import File

E = TypeVar("E", bound=CleanfeedError)

ENTRY_SECONDS = 30.0
"""How long somebody waits for an article …"""
FEED_SECONDS = 60.0
"""… and for a feed."""
_OF_A_HOST = 4
"""Articles of one host that are had at a time; others wait without a thread."""
_AT_ONCE = 200
_FEEDS_AT_ONCE = 16
_FRESH = 120.0
_FAILED = 30.0
_REMEMBERED = 86400.0
_SHARED = 16 << 20
"""Characters of articles that are kept at hand."""


@dataclass(frozen=True, kw_only=True)
class _Threads:
    quick: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(4, "quick"))
    """For what asks nobody."""
    slow: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(16, "web"))
    feeds: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(4, "feeds"))


class Desk:
    """Answers from memory, from the ledger, or from the web; used by the event loop's thread alone."""

    def __init__(self, lookup: Lookup, figures: Figures, tell: Callable[[str], None]) -> None:
        self._lookup = lookup
        self._figures = figures
        self._tell = tell
        self._threads = _Threads()
        self._hosts: dict[str, asyncio.Semaphore] = {}
        self._hot: Hot[Entry | PageError] = Hot(2000, _SHARED)
        self._entries: Flights[Entry | PageError] = Flights(_AT_ONCE, ENTRY_SECONDS)
        self._feeds: Hot[File | CleanfeedError] = Hot(64, _SHARED)
        self._stamps: Hot[tuple[str, float]] = Hot(500, 500)
        self._making: Flights[File | CleanfeedError] = Flights(_FEEDS_AT_ONCE, FEED_SECONDS)

    async def entry(self, address: str) -> Entry | PageError:
        """The clean entry of an address, or why there is none; `Busy` and `Late` as in `Flights`."""
        name = canonical(address) or address
        found = self._hot.get(name)
        if found is not None:
            self._figures.lookups["hot"] += 1
            return found
        try:
            return await self._entries.join(name, lambda: self._had(name, address))
        except (Busy, Late) as error:
            self._figures.lookups[type(error).__name__.lower()] += 1
            raise

    async def feed(self, wish: Wish) -> File | CleanfeedError:
        """The full-text version of a feed, or why there is none."""
        found = self._feeds.get(wish)
        return found if found is not None else await self._making.join(wish, lambda: self._made(wish))

    def forget(self) -> None:
        """What is at hand may be older than what a build knows by now."""
        self._hot = Hot(2000, _SHARED)

    def close(self) -> None:
        for pool in (self._threads.quick, self._threads.slow, self._threads.feeds):
            pool.shutdown(wait=False, cancel_futures=True)

    async def _had(self, name: str, address: str) -> Entry | PageError:
        found, outcome = await self._found(address)
        self._figures.lookups[outcome] += 1
        self._pass_on_notes()
        if isinstance(found, PageError):
            if outcome != "refused":
                self._hot.put(name, found, size=500, seconds=_FAILED)
        else:
            self._hot.put(name, found, size=len(found.content) + len(found.text), seconds=_FRESH)
        return found

    async def _found(self, address: str) -> tuple[Entry | PageError, str]:
        loop = asyncio.get_running_loop()
        try:
            entry = await loop.run_in_executor(self._threads.quick, self._lookup.ready, address)
            if entry is not None:
                return entry, "known"
            # Only hosts that an outlet claims come so far.
            gate = self._hosts.setdefault(host_of(address), asyncio.Semaphore(_OF_A_HOST))
            async with gate:
                return await loop.run_in_executor(self._threads.slow, self._lookup.entry, address), "had"
        except PageError as error:
            is_refused = isinstance(error, FetchError) and error.kind == "refused"
            return _bare(error), "refused" if is_refused else "failed"

    async def _made(self, wish: Wish) -> File | CleanfeedError:
        loop = asyncio.get_running_loop()
        until = monotonic() + FEED_SECONDS / 2
        try:
            found: File | CleanfeedError = self._stamped(
                wish, await loop.run_in_executor(self._threads.feeds, made, self._lookup, wish, until)
            )
        except (PageError, ListingError) as error:
            found = _bare(error)
        self._pass_on_notes()
        size = _FAILED if isinstance(found, CleanfeedError) else len(found.content)
        seconds = _FAILED if isinstance(found, CleanfeedError) else _FRESH
        self._feeds.put(wish, found, size=int(size), seconds=seconds)
        return found

    def _stamped(self, wish: Wish, made_now: File) -> File:
        """The feed with the time of its last change: making it anew is none."""
        etag, changed = self._stamps.get(wish) or ("", 0.0)
        file = replace(made_now, changed=changed) if etag == made_now.etag else made_now
        self._stamps.put(wish, (file.etag, file.changed), size=1, seconds=_REMEMBERED)
        return file

    def _pass_on_notes(self) -> None:
        notes = self._lookup.notes
        while notes:
            self._tell(notes.pop(0))


def _bare(error: E) -> E:
    """The error without the frames that it came through, which may hold whole pages."""
    error.__cause__ = error.__context__ = None
    return error.with_traceback(None)
