"""Worker processes, each on a pipe of its own: one that hangs or crashes is replaced, and costs one task."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import threading
from bisect import insort
from collections import deque
from contextlib import contextmanager, suppress
from enum import Enum
from multiprocessing.connection import wait
from operator import itemgetter
from time import monotonic
from types import ModuleType
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from multiprocessing.connection import Connection
    from multiprocessing.process import BaseProcess

T = TypeVar("T")
T_contra = TypeVar("T_contra", contravariant=True)

_FORK = multiprocessing.get_context("fork")
_SPAWN = multiprocessing.get_context("spawn")
_STARTING = threading.Lock()
_MOST_AT_ONCE = 16
_WINDOW = 512
"""How many answers may wait for an earlier one, so that they fit into memory."""
_GLANCE = 0.2
"""Seconds between two looks at workers whose death their pipe does not tell: a copy of them may hold it."""
_ORPHAN_SECONDS = 2
"""A worker whose parent is gone ends itself so much later than its parent would have ended it."""
_TASKS_OF_A_WORKER = 5000
_ENDS = (signal.SIGINT, signal.SIGTERM)


class Loss(Enum):
    """Why a task has no answer."""

    TOO_LONG = "too long"
    CRASHED = "crashed"


class Job(Protocol[T_contra]):
    """What workers do; it must be picklable."""

    @property
    def seconds(self) -> float:
        """What one task may cost."""

    def prepare(self) -> Callable[[T_contra], bytes]:
        """What gives the answer to a task; called once in each worker."""


def in_order(tasks: Sequence[T], job: Job[T], jobs: int) -> Iterator[bytes | Loss]:
    """The answers to the tasks, in their order, from `jobs` workers."""
    crew = _Crew(tasks, job, jobs)
    try:
        for number in range(len(tasks)):
            while number not in crew.answers:
                crew.turn(number)
            yield crew.answers.pop(number)
    finally:
        crew.dismiss()


class _Crew(Generic[T]):
    """The workers, and what is still to be done."""

    def __init__(self, tasks: Sequence[T], job: Job[T], jobs: int) -> None:
        self.answers: dict[int, bytes | Loss] = {}
        self._tasks = tasks
        self._job = job
        self._jobs = jobs
        self._workers: list[_Worker] = []
        size = max(1, min(_MOST_AT_ONCE, len(tasks) // (4 * jobs)))
        numbers = range(len(tasks))
        self._batches = deque(numbers[start : start + size] for start in range(0, len(tasks), size))

    def turn(self, first: int) -> None:
        """Hands out work, then waits for an answer, a death or the end of somebody's time."""
        self._hand_out(first)
        busy = {worker.pipe: worker for worker in self._workers if worker.waiting}
        patience = min(worker.since for worker in busy.values()) + self._job.seconds - monotonic()
        ready = wait(list(busy), timeout=max(0, min(_GLANCE, patience)))
        for pipe in ready:
            self._receive(busy[pipe])  # type: ignore[index]  # they are the pipes that were waited for
        for worker in busy.values() if len(ready) < len(busy) else ():
            if worker.is_overdue(self._job.seconds):
                self._lose(worker, Loss.TOO_LONG)
            elif not worker.process.is_alive() and not worker.pipe.closed and not worker.pipe.poll():
                self._lose(worker, Loss.CRASHED)

    def dismiss(self) -> None:
        for worker in self._workers:
            worker.kill()
        self._workers.clear()

    def _hand_out(self, first: int) -> None:
        idle = [worker for worker in self._workers if not worker.waiting]
        while self._batches and self._batches[0][0] < first + _WINDOW:
            if not idle and len(self._workers) >= self._jobs:
                return
            worker = idle.pop() if idle else self._engage()
            if worker.answered > _TASKS_OF_A_WORKER:
                self._dismiss(worker)
                worker = self._engage()
            batch = self._batches.popleft()
            worker.hand([(number, self._tasks[number]) for number in batch])

    def _engage(self) -> _Worker:
        worker = _Worker(self._job, [other.pipe for other in self._workers])
        self._workers.append(worker)
        return worker

    def _dismiss(self, worker: _Worker) -> None:
        self._workers.remove(worker)
        worker.kill()

    def _receive(self, worker: _Worker) -> None:
        try:
            answer = worker.pipe.recv_bytes()
        except (EOFError, OSError):
            self._lose(worker, Loss.CRASHED)
        else:
            self.answers[worker.next_answered()] = answer

    def _lose(self, worker: _Worker, loss: Loss) -> None:
        self._dismiss(worker)
        lost, *rest = worker.waiting
        own_end = worker.process.exitcode == -signal.SIGALRM
        self.answers[lost] = Loss.TOO_LONG if own_end else loss
        if rest:
            # In their order: of two that are lost at once, the later one may be beyond the window.
            insort(self._batches, range(rest[0], rest[-1] + 1), key=itemgetter(0))


class _Worker:
    """One process, seen from outside."""

    def __init__(self, job: Job[T], others: list[Connection]) -> None:
        # Forking is quick and brings what is loaded; a process with threads must not be forked.
        alone = threading.active_count() == 1
        start = _FORK.Process if alone else _SPAWN.Process
        self.pipe, theirs = _FORK.Pipe()
        strangers = [*others, self.pipe] if alone else []
        self.process = start(target=_serve, args=(theirs, strangers, job), daemon=True)
        _start(self.process)
        self._pid: int = self.process.pid  # type: ignore[assignment]  # it has one from its start
        theirs.close()
        self.waiting: deque[int] = deque()
        """The numbers of the tasks that it has and has not answered."""
        self.answered = 0
        self.since = monotonic()

    def hand(self, batch: Sequence[tuple[int, object]]) -> None:
        self.waiting.extend(number for number, _task in batch)
        self.since = monotonic()
        with suppress(BrokenPipeError):  # it has died, and its end of the pipe will tell
            self.pipe.send([task for _number, task in batch])

    def next_answered(self) -> int:
        self.answered += 1
        self.since = monotonic()
        return self.waiting.popleft()

    def is_overdue(self, seconds: float) -> bool:
        # An answer may have come since: whoever was stopped for a while is not late.
        return monotonic() - self.since >= seconds and not self.pipe.closed and not self.pipe.poll()

    def kill(self) -> None:
        """Ends the worker and all that it has started."""
        with suppress(ProcessLookupError, PermissionError):  # it is not yet a group of its own
            os.killpg(self._pid, signal.SIGKILL)
        self.process.kill()
        self.process.join()
        with suppress(OSError):  # it is closed already
            self.pipe.close()


def _start(process: BaseProcess) -> None:
    """Starts a process that leaves the program's main module alone: not every program can run twice."""
    with _STARTING:
        main = sys.modules["__main__"]
        sys.modules["__main__"] = ModuleType("__main__")
        try:
            with _undisturbed():
                process.start()
        except BaseException:  # a signal that had to wait: nobody will know of this process
            if process.pid is not None:
                process.kill()
                process.join()
            raise
        finally:
            sys.modules["__main__"] = main


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Lets signals wait: what their handlers raise while a process is forked is lost.

    The new process has them wait, too, until it is ready for them.
    """
    before = signal.pthread_sigmask(signal.SIG_BLOCK, ())
    try:
        # One that came a moment ago may be raised here, when all others wait already.
        signal.pthread_sigmask(signal.SIG_BLOCK, _ENDS)
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _serve(pipe: Connection, strangers: list[Connection], job: Job[T]) -> None:
    """The life of a worker: tasks in, answers out, until the parent is gone."""
    for stranger in strangers:
        stranger.close()
    os.setsid()  # Ctrl-C is for the parent, which ends the whole group
    for number in (signal.SIGTERM, signal.SIGALRM):
        signal.signal(number, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, _ENDS)
    own = os.getpid()
    answer_to = job.prepare()
    with suppress(EOFError, OSError):
        while True:
            for task in pipe.recv():
                signal.setitimer(signal.ITIMER_REAL, job.seconds + _ORPHAN_SECONDS)
                answer = answer_to(task)
                signal.setitimer(signal.ITIMER_REAL, 0)
                if os.getpid() != own:  # a copy that a plugin made of us and left to itself
                    os._exit(0)
                pipe.send_bytes(answer)
    os._exit(0)
