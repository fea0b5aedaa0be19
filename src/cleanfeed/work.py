"""Pages to results, in worker processes: a page that hangs or crashes costs itself and nothing more."""

from __future__ import annotations

import os
import pickle
import resource
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from cleanfeed import plugins
from cleanfeed.blame import describe
from cleanfeed.byrecipe import matched
from cleanfeed.errors import ExtractionError, PageError
from cleanfeed.muting import mute
from cleanfeed.reading import read
from cleanfeed.sources.files import SavedPage, load
from cleanfeed.workers import Loss, in_order

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Mapping, Sequence

    from cleanfeed.model import Entry, Page
    from cleanfeed.plugins import Plugins

PAGE_SECONDS = 20.0
"""What one page may cost."""
PAGE_BYTES = 1 << 30
"""What one page may cost in memory, beyond what its worker has already."""
_PAGES_FOR_A_WORKER = 8
"""Fewer are read sooner than another worker is ready."""
_MOST_WORKERS = 8


@dataclass(frozen=True, slots=True)
class Result:
    """What came of one page: an entry, or the reason why there is none."""

    page: str
    outlet: str | None
    """The slug of its outlet, where it could be told."""
    entry: Entry | None
    error: PageError | None
    matched: Mapping[str, str] = field(default_factory=dict)
    """Which finder of the recipe gave each field: its label, as `css("div.story")`."""


@dataclass(frozen=True, slots=True)
class Setup:
    """What a worker needs to know before it reads pages."""

    plugins: tuple[Path, ...] = ()
    selected: tuple[str, ...] = ()
    """Outlets; all where it is empty."""
    verbose: bool = False
    """Whether what plugins print is shown, on standard error."""
    seconds: float = PAGE_SECONDS
    any_site: bool = False
    """Whether pages of sites that no outlet claims are read too."""


def run(
    pages: Sequence[SavedPage], setup: Setup, jobs: int = 0, *, loaded: Plugins | None = None
) -> Generator[Result, None, None]:
    """The results of the pages, in their order; `jobs` workers at a time (0: as many as pay).

    `loaded` are the plugins of the setup, where the caller has them already.
    """
    loaded = loaded or plugins.load(setup.plugins, any_site=setup.any_site)
    job = _Reading(setup, loaded)
    answers = in_order(pages, job, jobs or _worth(len(pages)))
    for page, answer in zip(pages, answers, strict=True):
        yield _lost(page, answer, setup, loaded) if isinstance(answer, Loss) else _result(page, answer)


def _worth(pages: int) -> int:
    """As many workers as there are processors, but none that would have next to nothing to do."""
    allowed = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(1, min(allowed, _MOST_WORKERS, pages // _PAGES_FOR_A_WORKER))


def _result(page: SavedPage, answer: bytes) -> Result:
    try:
        result: Result = pickle.loads(answer)  # noqa: S301  # from our own worker
    except Exception as error:  # noqa: BLE001  # an entry of a plugin may hold objects that cannot be made here
        return _refused(page, f"its entry cannot be passed on: {describe(error)}")
    return result


def _lost(page: SavedPage, loss: Loss, setup: Setup, loaded: Plugins) -> Result:
    reason = "ended its worker process (a crash, or out of memory) and was given up"
    if loss is Loss.TOO_LONG:
        reason = f"took more than {setup.seconds:g} s and was given up"
    outlet = _claimant(page, loaded)
    if outlet is None:
        return _refused(page, reason)
    suspect = f"{reason} (a page of outlet {outlet!r}, {loaded.declared_by[outlet]})"
    return Result(page.name, outlet, None, ExtractionError(page.name, suspect))


def _claimant(saved: SavedPage, loaded: Plugins) -> str | None:
    """The outlet that claims the address under which a page was saved; it is not parsed once more."""
    if saved.told is not None:
        outlet = loaded.directory.of_address(saved.url) if saved.url else None
        return outlet.slug if outlet else None
    with suppress(PageError, MemoryError):
        page = load(saved)
        outlet = loaded.directory.of_address(page.url) if page.url else None
        return outlet.slug if outlet else None
    return None


def _refused(page: SavedPage, reason: str) -> Result:
    return Result(page.name, None, None, ExtractionError(page.name, reason))


# --- in the worker


class _Reading:
    """What workers do with pages."""

    def __init__(self, setup: Setup, loaded: Plugins | None) -> None:
        self.seconds = setup.seconds
        self._setup = setup
        self._loaded = loaded

    def __reduce__(self) -> tuple[type[_Reading], tuple[Setup, None]]:
        # A worker that is not forked from this process has to load the plugins by itself.
        return _Reading, (self._setup, None)

    def prepare(self) -> Callable[[SavedPage], bytes]:
        end_of_line = mute(shown=self._setup.verbose)
        with suppress(OSError, ValueError):  # a crash is told by its page; nobody reads its image
            resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        loaded = self._loaded or plugins.load(self._setup.plugins, any_site=self._setup.any_site)
        selected = frozenset(self._setup.selected)
        home = _working_folder()

        def answer(page: SavedPage) -> bytes:
            if home is not None:
                os.fchdir(home)  # wherever the page before this one has led a plugin
            _bound_memory()
            result = _answer(page, loaded, selected)
            end_of_line()
            return result

        return answer


def _answer(page: SavedPage, loaded: Plugins, selected: frozenset[str]) -> bytes:
    try:
        return pickle.dumps(read_one(page, loaded, selected), protocol=5)
    except MemoryError:
        reason = f"takes more than {PAGE_BYTES >> 30} GB of memory and was given up"
    except BaseException as error:  # noqa: BLE001  # a plugin may raise anything, and give what cannot be sent
        reason = f"failed: {describe(error)}"
    return pickle.dumps(_refused(page, reason), protocol=5)


def _working_folder() -> int | None:
    """A handle of it; `None` where this user may not read it, as after `sudo -u` in another one's home."""
    try:
        return os.open(".", os.O_RDONLY)
    except OSError:
        return None


def _bound_memory() -> None:
    own = 0
    with suppress(OSError, ValueError, IndexError):  # without /proc the whole bound is taken for a page
        own = int(Path("/proc/self/statm").read_text("ascii").split()[0]) * resource.getpagesize()
    with suppress(OSError, ValueError):  # a lower bound that was set outside stays
        _soft, hard = resource.getrlimit(resource.RLIMIT_AS)
        resource.setrlimit(resource.RLIMIT_AS, (own + PAGE_BYTES, hard))


def read_one(saved: SavedPage, loaded: Plugins, selected: frozenset[str] = frozenset()) -> Result:
    """What comes of one page, in this process."""
    page = None
    try:
        page = load(saved)
        entry = read(page, loaded, selected)
    except PageError as error:
        return Result(saved.name, _slug(page, loaded), None, error)
    return Result(saved.name, entry.outlet, entry, None, matched(page))


def _slug(page: Page | None, loaded: Plugins) -> str | None:
    try:
        outlet = loaded.directory.of_page(page) if page else None
    except PageError:  # what could not be parsed tells nothing more
        return None
    return outlet.slug if outlet else None
