"""Where articles and full-text feeds are had for those who ask, without one asker holding up another."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from time import monotonic
from typing import TYPE_CHECKING, TypeVar

from cleanfeed.addresses import canonical, host_of
from cleanfeed.errors import CleanfeedError, FetchError
from cleanfeed.serve.flights import Busy, Flights, Hot, Late
from cleanfeed.serve.fulltext import Wish, made

if TYPE_CHECKING:
    from collections.abc import Callable

    from cleanfeed.lookup.lookup import Lookup
    from cleanfeed.model import Entry
    from cleanfeed.serve.figures import Figures
    from cleanfeed.serve.files import File

    _Found = Entry | CleanfeedError

E = TypeVar("E", bound=CleanfeedError)
T = TypeVar("T")

ENTRY_SECONDS = 30.0
"""How long somebody waits for an article …"""
FEED_SECONDS = 60.0
"""… and for a feed."""
_OF_A_HOST = 4
"""Articles of one host that are had at a time; others wait without a thread."""
_LONGEST_LINE = 40
"""Articles of one host that are under way or waited for: a slow host takes no room from the others."""
_AT_ONCE = 200
_LOOKS = 1000
"""Looks at what is known: they ask nobody, and there are fewer connections."""
_FEEDS_AT_ONCE = 16
_FRESH = 120.0
_FAILED = 30.0
_REMEMBERED = 86400.0
_NOTED = 3600.0
"""How long what was told is not told again, in seconds."""
_SMALL = 500
"""What an error counts for, in characters."""
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
        self._hot: Hot[_Found] = Hot(2000, _SHARED)
        self._looks: Flights[_Found | None] = Flights(_LOOKS, ENTRY_SECONDS, of_a_line=_LOOKS)
        self._entries: Flights[_Found] = Flights(_AT_ONCE, ENTRY_SECONDS, of_a_line=_LONGEST_LINE)
        self._feeds: Hot[File | CleanfeedError] = Hot(64, _SHARED)
        self._stamps: Hot[tuple[str, float]] = Hot(500, 500)
        self._making: Flights[File | CleanfeedError] = Flights(
            _FEEDS_AT_ONCE, FEED_SECONDS, of_a_line=_FEEDS_AT_ONCE
        )
        self._told: Hot[bool] = Hot(200, 200)

    async def entry(self, address: str) -> _Found:
        """The clean entry of an address, or why there is none; `Busy` and `Late` as in `Flights`."""
        name = canonical(address) or address
        found = self._hot.get(name)
        if found is not None:
            self._figures.lookups["hot"] += 1
            return found
        try:
            # What is known does not stand in the line of those who wait for a host.
            known = await self._looks.join(name, lambda: self._ready(name, address))
            if known is not None:
                return known
            return await self._entries.join(name, lambda: self._had(name, address), line=host_of(name))
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

    async def _ready(self, name: str, address: str) -> _Found | None:
        """What can be said without asking anybody."""
        found = await self._found(self._threads.quick, self._lookup.ready, address)
        return None if found is None else self._kept(name, found, "known")

    async def _had(self, name: str, address: str) -> _Found:
        # Only hosts that an outlet claims come so far.
        async with self._hosts.setdefault(host_of(name), asyncio.Semaphore(_OF_A_HOST)):
            return self._kept(name, await self._found(self._threads.slow, self._lookup.entry, address), "had")

    async def _found(
        self, pool: ThreadPoolExecutor, look: Callable[[str], T], address: str
    ) -> T | CleanfeedError:
        try:
            return await asyncio.get_running_loop().run_in_executor(pool, look, address)
        except CleanfeedError as error:
            return _bare(error)
        finally:
            self._pass_on_notes()

    def _kept(self, name: str, found: _Found, outcome: str) -> _Found:
        """What was found, which is counted and kept at hand."""
        if isinstance(found, FetchError) and found.kind == "refused":
            outcome = "refused"
        elif isinstance(found, CleanfeedError):
            outcome = "failed"
            self._hot.put(name, found, size=_SMALL, seconds=_FAILED)
        else:
            self._hot.put(name, found, size=len(found.content) + len(found.text), seconds=_FRESH)
        self._figures.lookups[outcome] += 1
        return found

    async def _made(self, wish: Wish) -> File | CleanfeedError:
        loop = asyncio.get_running_loop()
        until = monotonic() + FEED_SECONDS / 2
        try:
            found: File | CleanfeedError = self._stamped(
                wish, await loop.run_in_executor(self._threads.feeds, made, self._lookup, wish, until)
            )
        except CleanfeedError as error:
            found = _bare(error)
        self._pass_on_notes()
        if isinstance(found, CleanfeedError):
            self._feeds.put(wish, found, size=_SMALL, seconds=_FAILED)
        else:
            self._feeds.put(wish, found, size=len(found.content), seconds=_FRESH)
        return found

    def _stamped(self, wish: Wish, made_now: File) -> File:
        """The feed with the time of its last change: making it anew is none."""
        etag, changed = self._stamps.get(wish) or ("", 0.0)
        file = replace(made_now, changed=changed) if etag == made_now.etag else made_now
        self._stamps.put(wish, (file.etag, file.changed), size=1, seconds=_REMEMBERED)
        return file

    def _pass_on_notes(self) -> None:
        for note in self._lookup.taken_notes():
            if self._told.get(note) is None:
                self._told.put(note, value=True, size=1, seconds=_NOTED)
                self._tell(note)


def _bare(error: E) -> E:
    """The error without the frames that it came through, which may hold whole pages."""
    error.__cause__ = error.__context__ = None
    return error.with_traceback(None)
