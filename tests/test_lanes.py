"""Work in threads: at most so many at a time of one kind, all kinds at once, results in the caller's thread."""

from __future__ import annotations

import threading
import time
from collections import Counter

import pytest

from cleanfeed.errors import CleanfeedError
from cleanfeed.fetch.lanes import in_lanes


def nothing() -> None:
    pass


def test_every_task_is_done_once_and_comes_back_with_its_result() -> None:
    tasks = [(number % 7, number) for number in range(300)]
    done = list(in_lanes(tasks, lambda number: number * 2, lanes=2, stop=nothing))
    assert sorted(done) == [(number, number * 2) for number in range(300)]


def test_tasks_of_one_kind_are_begun_in_their_order() -> None:
    done = list(in_lanes([("host", n) for n in range(20)], lambda n: n, lanes=1, stop=nothing))
    assert [task for task, _result in done] == list(range(20))


class Watch:
    """Counts what runs at one time, by kind and in all."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.now: Counter[str] = Counter()
        self.peak: Counter[str] = Counter()
        self.most = 0

    def work(self, kind: str) -> str:
        with self.lock:
            self.now[kind] += 1
            self.peak[kind] = max(self.peak[kind], self.now[kind])
            self.most = max(self.most, sum(self.now.values()))
        time.sleep(0.02)
        with self.lock:
            self.now[kind] -= 1
        return kind


def test_no_kind_has_more_than_its_lanes_and_sixteen_kinds_are_busy_at_once() -> None:
    watch = Watch()
    tasks = [(f"host{number % 16}", f"host{number % 16}") for number in range(96)]
    done = list(in_lanes(tasks, watch.work, lanes=2, stop=nothing))
    assert len(done) == 96
    assert max(watch.peak.values()) == 2
    assert watch.most >= 16


@pytest.mark.parametrize("room", [1, 3])
def test_where_there_is_room_for_few_threads_they_do_all_the_work(
    monkeypatch: pytest.MonkeyPatch, room: int
) -> None:
    watch, start, began = Watch(), threading.Thread.start, iter(range(1000))

    def limited(thread: threading.Thread) -> None:
        if next(began) >= room:
            raise RuntimeError("can't start new thread")
        start(thread)

    monkeypatch.setattr(threading.Thread, "start", limited)
    tasks = [(f"host{number % 9}", f"host{number % 9}") for number in range(45)]
    done = list(in_lanes(tasks, watch.work, lanes=2, stop=nothing))
    assert sorted(task for task, _result in done) == sorted(task for _kind, task in tasks)
    assert watch.most <= room


def test_where_there_is_room_for_no_thread_that_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    def none(_thread: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(threading.Thread, "start", none)
    with pytest.raises(CleanfeedError, match="no thread can be started"):
        list(in_lanes([("host", 1)], lambda number: number, lanes=2, stop=nothing))


def test_results_are_taken_in_the_callers_thread_and_no_thread_is_left() -> None:
    before = threading.active_count()
    for _task, thread in in_lanes(
        [(n, n) for n in range(40)], lambda _n: threading.get_ident(), lanes=2, stop=nothing
    ):
        assert thread != threading.get_ident()
    assert threading.active_count() == before


def test_what_the_work_raises_is_raised_to_the_caller() -> None:
    def work(number: int) -> int:
        if number == 5:
            raise ZeroDivisionError
        return number

    with pytest.raises(ZeroDivisionError):
        list(in_lanes([("host", n) for n in range(10)], work, lanes=1, stop=nothing))


def test_a_caller_who_has_had_enough_stops_the_work_and_leaves_no_thread() -> None:
    before = threading.active_count()
    stopped = threading.Event()

    def work(number: int) -> int:
        stopped.wait(0 if number < 3 else 10)
        return number

    started = time.monotonic()
    for number, _result in in_lanes([(n % 4, n) for n in range(400)], work, lanes=2, stop=stopped.set):
        if number == 2:
            break
    assert stopped.wait(5)
    while threading.active_count() > before and time.monotonic() - started < 5:
        time.sleep(0.01)
    assert threading.active_count() == before


def test_no_tasks_give_no_results() -> None:
    assert list(in_lanes([], lambda _task: 1, lanes=2, stop=nothing)) == []
