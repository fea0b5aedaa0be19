"""Standing helpers that read pages: each hands every page to a process of its own, which can be killed."""

from __future__ import annotations

import multiprocessing
import os
import queue
import signal
import threading
from contextlib import suppress
from typing import TYPE_CHECKING

from cleanfeed import plugins
from cleanfeed.errors import ExtractionError
from cleanfeed.work import Result, run

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from multiprocessing.connection import Connection

    from cleanfeed.sources.files import SavedPage
    from cleanfeed.work import Setup

_SPAWN = multiprocessing.get_context("spawn")
_AT_A_TIME = 8
"""Pages, before another caller may have the helper."""
_START = 30.0
"""Seconds that a helper may need to load plugins."""
_SPARE = 2.0
"""Seconds beyond what a page may cost, in which a helper that is well has answered."""


class Crew:
    """Helpers for many threads.

    A process with threads must not be forked, and spawning one for each page is slow. A helper has no
    threads: it is spawned once, and forks for what it is given.
    """

    def __init__(self, setup: Setup, size: int) -> None:
        self._setup = setup
        self._all = [_Helper(setup) for _ in range(size)]
        self._idle: queue.SimpleQueue[_Helper] = queue.SimpleQueue()
        for helper in self._all:
            self._idle.put(helper)

    def read(self, pages: Sequence[SavedPage]) -> Iterator[Result]:
        """The results of the pages, in their order."""
        for start in range(0, len(pages), _AT_A_TIME):
            some = pages[start : start + _AT_A_TIME]
            helper = self._idle.get()
            try:
                results = helper.read(some)
            finally:
                self._idle.put(helper)
            yield from results

    def close(self) -> None:
        """Ends the helpers, and what they are reading."""
        for helper in self._all:
            helper.close()


class _Helper:
    """A process on a pipe, replaced when it is lost; one thread at a time uses it."""

    def __init__(self, setup: Setup) -> None:
        self._setup = setup
        self._lock = threading.Lock()
        self._is_closed = False
        self._start()

    def read(self, pages: Sequence[SavedPage]) -> list[Result]:
        try:
            self._pipe.send(pages)
            if self._pipe.poll(_START + len(pages) * (self._setup.seconds + _SPARE)):
                results: list[Result] = self._pipe.recv()
                return results
        except (EOFError, OSError):
            pass  # it is gone, as one that does not answer soon will be
        self._replace()
        return [_lost(page) for page in pages]

    def close(self) -> None:
        with self._lock:
            self._is_closed = True
            self._end()

    def _start(self) -> None:
        self._pipe, theirs = _SPAWN.Pipe()
        self._process = _SPAWN.Process(target=_serve, args=(theirs, self._setup), daemon=True)
        self._process.start()
        theirs.close()

    def _replace(self) -> None:
        with self._lock:
            self._end()
            if not self._is_closed:
                self._start()

    def _end(self) -> None:
        # The pipe stays open for a thread that may be waiting at it: its other end's death wakes it.
        self._process.kill()
        self._process.join()


def _lost(page: SavedPage) -> Result:
    reason = "the process that was reading it has ended; ask again"
    return Result(page.name, None, None, ExtractionError(page.name, reason))


def _serve(pipe: Connection, setup: Setup) -> None:
    """The life of a helper: pages in, results out, until the parent is gone."""
    os.setsid()  # Ctrl-C is for the parent
    # It ends with its parent, as a daemon does, which may have no children.
    multiprocessing.current_process().daemon = False
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    os.dup2(os.open(os.devnull, os.O_RDWR), 1)  # plugins that print while they are loaded print to nobody
    loaded = plugins.load(setup.plugins)
    with suppress(EOFError, OSError):
        while True:
            pages = pipe.recv()
            pipe.send(list(run(pages, setup, 1, loaded=loaded)))
