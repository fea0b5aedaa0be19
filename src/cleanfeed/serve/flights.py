"""Work that several callers may wait for: done once, in bounded numbers, and remembered for a while."""

from __future__ import annotations

import asyncio
from collections import Counter, OrderedDict
from time import monotonic
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Coroutine, Hashable
    from typing import Any

T = TypeVar("T")


class Busy(Exception):
    """More is under way than the server can take."""


class Late(Exception):
    """The caller has waited long enough; the work goes on, and may be done when it asks again."""


class Hot(Generic[T]):
    """The latest results, for so many seconds each, and as many as fit."""

    def __init__(self, most: int, room: int) -> None:
        self._most = most
        self._room = room
        self._taken = 0
        self._kept: OrderedDict[Hashable, tuple[float, int, T]] = OrderedDict()

    def get(self, key: Hashable) -> T | None:
        until, size, value = self._kept.get(key, (0.0, 0, None))
        if value is None or monotonic() < until:
            return value
        del self._kept[key]
        self._taken -= size
        return None

    def put(self, key: Hashable, value: T, *, size: int, seconds: float) -> None:
        _until, old, _value = self._kept.pop(key, (0.0, 0, None))
        self._taken += size - old
        self._kept[key] = monotonic() + seconds, size, value
        while len(self._kept) > self._most or (self._taken > self._room and self._kept):
            _key, (_until, gone, _value) = self._kept.popitem(last=False)
            self._taken -= gone


class Flights(Generic[T]):
    """What is under way, by its key: so much at most, and so much of one line."""

    def __init__(self, most: int, seconds: float, *, of_a_line: int) -> None:
        self._most = most
        self._seconds = seconds
        self._of_a_line = of_a_line
        self._under_way: dict[Hashable, asyncio.Task[T]] = {}
        self._lines: Counter[Hashable] = Counter()

    async def join(
        self, key: Hashable, work: Callable[[], Coroutine[Any, Any, T]], *, line: Hashable = None
    ) -> T:
        """The result of the work of this key, begun now or by somebody else; `Busy` or `Late` without one."""
        task = self._under_way.get(key)
        if task is None:
            if len(self._under_way) >= self._most or self._lines[line] >= self._of_a_line:
                raise Busy
            task = self._under_way[key] = asyncio.ensure_future(work())
            self._lines[line] += 1
            task.add_done_callback(lambda done: self._land(key, line, done))
        return await self._waited(asyncio.shield(task))

    async def _waited(self, result: Awaitable[T]) -> T:
        try:
            async with asyncio.timeout(self._seconds):
                return await result
        except TimeoutError:
            raise Late from None

    def _land(self, key: Hashable, line: Hashable, task: asyncio.Task[T]) -> None:
        self._under_way.pop(key, None)
        self._lines[line] -= 1
        if not self._lines[line]:
            del self._lines[line]
        if not task.cancelled():
            task.exception()  # it is looked at, also when all who waited have gone
