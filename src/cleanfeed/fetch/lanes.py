"""Work in threads while the caller's thread takes the results: many hosts at once, few requests to each."""

from __future__ import annotations

import queue
import threading
from collections import deque
from contextlib import suppress
from typing import TYPE_CHECKING, Generic, TypeVar

from cleanfeed.errors import CleanfeedError

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Iterator

T = TypeVar("T")
R = TypeVar("R")

_THREADS = 64
_WAITING = 64
"""Results that may wait for the caller; each may be a page of some megabytes."""
_GLANCE = 0.1
"""Seconds between two looks at whether the work is still wanted."""
_PATIENCE = 5.0
"""Seconds that threads have to end once nobody wants their work."""


def in_lanes(
    tasks: Iterable[tuple[Hashable, T]], work: Callable[[T], R], *, lanes: int, stop: Callable[[], None]
) -> Iterator[tuple[T, R]]:
    """Each task with what came of it, in the order of completion; `lanes` at a time of one kind.

    Tasks of one kind are begun in their order. `stop` is called when the caller has had enough: it makes
    running work end soon. What `work` raises is raised here.
    """
    crew: _Crew[T, R] = _Crew(tasks, work, lanes)
    crew.start()
    try:
        yield from crew.results()
    finally:
        crew.end(stop)


class _Crew(Generic[T, R]):
    def __init__(self, tasks: Iterable[tuple[Hashable, T]], work: Callable[[T], R], lanes: int) -> None:
        self._work = work
        self._done: queue.Queue[tuple[T, R] | BaseException | None] = queue.Queue(_WAITING)
        self._unwanted = threading.Event()
        kinds: dict[Hashable, deque[T]] = {}
        for kind, task in tasks:
            kinds.setdefault(kind, deque()).append(task)
        # A round of first lanes before the second ones: no host waits for another's second lane.
        rounds = ([each for each in kinds.values() if len(each) > lane] for lane in range(lanes))
        self._lanes = deque(lane for each in rounds for lane in each)
        self._threads = [
            threading.Thread(target=self._serve, name=f"fetch-{number}", daemon=True)
            for number in range(min(_THREADS, len(self._lanes)))
        ]
        self._working = len(self._threads)

    def start(self) -> None:
        """Starts as many threads as there is room for: each does what the others leave."""
        for number, thread in enumerate(self._threads):
            try:
                thread.start()
            except RuntimeError as error:
                if not number:
                    raise CleanfeedError(
                        "no thread can be started: see what limits memory and tasks here (ulimit, TasksMax)"
                    ) from error
                self._threads = self._threads[:number]
                self._working = number
                return

    def results(self) -> Iterator[tuple[T, R]]:
        while self._working:
            done = self._done.get()
            if done is None:
                self._working -= 1
            elif isinstance(done, BaseException):
                raise done
            else:
                yield done

    def end(self, stop: Callable[[], None]) -> None:
        """Waits for the threads: a process with threads must not be forked."""
        # A thread that has said its last word may still be alive; it is no reason to stop anything.
        if self._working and any(thread.is_alive() for thread in self._threads):
            self._unwanted.set()
            stop()
        for thread in self._threads:
            thread.join(_PATIENCE)

    # --- in the threads

    def _serve(self) -> None:
        try:
            while self._lanes and not self._unwanted.is_set():
                with suppress(IndexError):  # another thread has taken the last lane
                    self._drive(self._lanes.popleft())
        except BaseException as error:  # noqa: BLE001  # it is raised again where the results are taken
            self._hand(error)
        self._hand(None)

    def _drive(self, tasks: deque[T]) -> None:
        while not self._unwanted.is_set():
            try:
                task = tasks.popleft()
            except IndexError:  # the other lane has taken the last one
                return
            self._hand((task, self._work(task)))

    def _hand(self, done: tuple[T, R] | BaseException | None) -> None:
        while not self._unwanted.is_set():
            with suppress(queue.Full):
                self._done.put(done, timeout=_GLANCE)
                return
