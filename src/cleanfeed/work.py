"""Killable work: pages are read in worker processes, and one that hangs or crashes costs itself."""

from __future__ import annotations

import multiprocessing
import os
import resource
import sys
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import TimeoutError as TimedOut
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pebble import ProcessExpired, ProcessPool

from cleanfeed.errors import ExtractionError, PageError
from cleanfeed.sources.files import SavedPage, load

if TYPE_CHECKING:
    from pebble import ProcessFuture

    from cleanfeed.model import Entry, Page
    from cleanfeed.plugins import Plugins

PAGE_SECONDS = 20
"""What one page may cost."""
_TOGETHER_SECONDS = 6
"""What pages that are read together may cost in all; when it is too long, each is tried alone."""
PAGE_BYTES = 1 << 30
"""What one page may cost in memory, beyond what a worker takes by itself."""
_MOST_TOGETHER = 32
_PAGES_OF_A_WORKER = 5000


@dataclass(frozen=True, slots=True)
class Result:
    """What came of one page: an entry, or the reason why there is none."""

    page: str
    outlet: str | None
    """The slug of its outlet, where it could be told."""
    entry: Entry | None
    error: PageError | None


@dataclass(frozen=True, slots=True)
class Setup:
    """What a worker needs to know before it reads pages."""

    plugins: tuple[Path, ...] = ()
    selected: tuple[str, ...] = ()
    """Outlets; all where it is empty."""
    verbose: bool = False
    """Whether what plugins print is shown, on standard error."""


def run(pages: Sequence[SavedPage], setup: Setup, jobs: int = 0) -> Iterator[Result]:
    """The results of the pages, in their order; `jobs` workers at a time (0: as many as pay)."""
    if not pages:
        return
    jobs = jobs or min(os.cpu_count() or 1, 8, -(-len(pages) // (2 * _MOST_TOGETHER)))
    size = max(1, min(_MOST_TOGETHER, len(pages) // (4 * jobs)))
    batches = [pages[start : start + size] for start in range(0, len(pages), size)]
    with _pool(jobs, setup) as pool:
        try:
            yield from _in_order(pool, batches, window=4 * jobs)
        finally:
            pool.stop()


def _pool(jobs: int, setup: Setup) -> ProcessPool:
    # A server that forks clean workers, where there is one: a killed worker is replaced without a new start.
    method = "forkserver" if "forkserver" in multiprocessing.get_all_start_methods() else "spawn"
    context = multiprocessing.get_context(method)
    if method == "forkserver":
        context.set_forkserver_preload(["cleanfeed.reading"])
    return ProcessPool(
        max_workers=jobs, max_tasks=_PAGES_OF_A_WORKER, initializer=_prepare, initargs=(setup,), context=context
    )


def _in_order(pool: ProcessPool, batches: Sequence[Sequence[SavedPage]], window: int) -> Iterator[Result]:
    waiting: deque[tuple[Sequence[SavedPage], ProcessFuture]] = deque()
    for batch in batches:
        if len(waiting) >= window:
            yield from _finish(pool, *waiting.popleft())
        waiting.append((batch, _submit(pool, batch)))
    while waiting:
        yield from _finish(pool, *waiting.popleft())


def _submit(pool: ProcessPool, batch: Sequence[SavedPage]) -> ProcessFuture:
    seconds = PAGE_SECONDS if len(batch) == 1 else _TOGETHER_SECONDS
    return pool.schedule(_read_all, args=(tuple(batch),), timeout=seconds)


def _finish(pool: ProcessPool, batch: Sequence[SavedPage], future: ProcessFuture) -> list[Result]:
    try:
        results: list[Result] = future.result()
    except (TimedOut, ProcessExpired, MemoryError) as error:
        if len(batch) == 1:
            return [_lost(batch[0], error)]
        # One of them is to blame: alone, each gets what is left of its time.
        alone = PAGE_SECONDS - _TOGETHER_SECONDS
        futures = [pool.schedule(_read_all, args=((page,),), timeout=alone) for page in batch]
        return [result for page, each in zip(batch, futures, strict=True) for result in _finish(pool, [page], each)]
    return results


def _lost(page: SavedPage, error: BaseException) -> Result:
    if isinstance(error, TimedOut):
        reason = f"took more than {PAGE_SECONDS} s and was given up"
    elif isinstance(error, MemoryError):
        reason = f"takes more than {PAGE_BYTES >> 30} GB of memory and was given up"
    else:
        reason = "ended its worker process (out of memory, or a crash in a plugin) and was given up"
    return Result(page.name, None, None, ExtractionError(page.name, reason))


# --- in the worker

_state: dict[str, Any] = {}


def _prepare(setup: Setup) -> None:
    """Makes a worker ready: plugins loaded, memory bounded, standard output out of reach."""
    from cleanfeed import plugins  # noqa: PLC0415  # the parent has no use for it here

    _mute(verbose=setup.verbose)
    _state["plugins"] = plugins.load(setup.plugins)
    _state["selected"] = frozenset(setup.selected)
    _bound_memory()


def _mute(*, verbose: bool) -> None:
    # Results go through a pipe of their own: what a plugin prints must not get between them.
    target = sys.stderr.fileno() if verbose else os.open(os.devnull, os.O_WRONLY)
    os.dup2(target, 1)
    if not verbose:
        os.dup2(target, 2)


def _bound_memory() -> None:
    own = 0
    with suppress(OSError, ValueError, IndexError):  # without /proc the whole bound is taken for a page
        own = int(Path("/proc/self/statm").read_text("ascii").split()[0]) * resource.getpagesize()
    with suppress(OSError, ValueError):  # a lower bound that was set outside stays
        _soft, hard = resource.getrlimit(resource.RLIMIT_AS)
        resource.setrlimit(resource.RLIMIT_AS, (own + PAGE_BYTES, hard))


def _read_all(pages: Sequence[SavedPage]) -> list[Result]:
    loaded: Plugins = _state["plugins"]
    return [read_one(page, loaded, _state["selected"]) for page in pages]


def read_one(saved: SavedPage, loaded: Plugins, selected: frozenset[str] = frozenset()) -> Result:
    """What comes of one page, in this process."""
    from cleanfeed.reading import read  # noqa: PLC0415  # the parent has no use for it

    page = None
    try:
        page = load(saved)
        entry = read(page, loaded, selected)
    except PageError as error:
        return Result(saved.name, _slug(page, loaded), None, error)
    except MemoryError as error:
        return _lost(saved, error)
    return Result(saved.name, entry.outlet, entry, None)


def _slug(page: Page | None, loaded: Plugins) -> str | None:
    try:
        outlet = loaded.directory.of_page(page) if page else None
    except PageError:  # what could not be parsed tells nothing more
        return None
    return outlet.slug if outlet else None
