"""How often hosts are asked: the gate of each, the pauses that they ask for, and when to try again."""

from __future__ import annotations

import random
import re
import threading
import time
from contextlib import contextmanager
from datetime import UTC, timedelta
from email.utils import parsedate_to_datetime
from functools import partial
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

LONGEST_PAUSE = timedelta(days=1)
_USUAL_PAUSE = timedelta(minutes=10)
_SECONDS = re.compile(r"0*([0-9]+)")
_MANY_DIGITS = 9


class Stopped(Exception):  # never leaves this package
    """Nobody wants the answer any more."""


class Gate:
    """Lets few requests to a host go on at once, and keeps time between their beginnings."""

    def __init__(self, stopped: threading.Event) -> None:
        self._stopped = stopped
        self._changed = threading.Condition()
        self._inside = 0
        self._is_held = False
        self._opens = 0.0

    @contextmanager
    def slot(self, *, delay: float, at_once: Callable[[], int]) -> Iterator[Callable[[], None]]:
        """Waits for this request's turn, and gives what is to be called as soon as it has been sent.

        The next one begins `delay` seconds after that, at the earliest: connections take time to make.
        """
        self._enter(at_once)
        sent = _once(partial(self._release, delay))
        try:
            yield sent
        finally:
            sent()
            self._leave()

    def wake(self) -> None:
        """Makes all who wait look again: at whether they are still wanted."""
        with self._changed:
            self._changed.notify_all()

    def _enter(self, at_once: Callable[[], int]) -> None:
        with self._changed:
            while not self._stopped.is_set():
                is_full = self._is_held or self._inside >= at_once()
                early = self._opens - time.monotonic()
                if not is_full and early <= 0:
                    self._inside += 1
                    self._is_held = True
                    return
                self._changed.wait(None if is_full else early)
        raise Stopped

    def _release(self, delay: float) -> None:
        with self._changed:
            self._is_held = False
            self._opens = time.monotonic() + delay
            self._changed.notify_all()

    def _leave(self) -> None:
        with self._changed:
            self._inside -= 1
            self._changed.notify_all()


def _once(act: Callable[[], None]) -> Callable[[], None]:
    """What does something when it is first called, and nothing after that."""
    left = [act]

    def acting() -> None:
        while left:
            left.pop()()

    return acting


def retry_after(value: str | None, now: datetime) -> timedelta | None:
    """How long a `Retry-After` asks to wait; `None` where it says nothing that has a meaning, such as 0."""
    text = (value or "").strip()
    digits = _SECONDS.fullmatch(text)
    if digits:
        few = len(digits[1]) <= _MANY_DIGITS
        wait = timedelta(seconds=int(digits[1])) if few else LONGEST_PAUSE
    else:
        wait = _moment(text, now) - now
    return min(wait, LONGEST_PAUSE) if wait > timedelta(0) else None


def _moment(text: str, fallback: datetime) -> datetime:
    try:
        moment = parsedate_to_datetime(text)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return fallback


def pause_for(value: str | None, strikes: int, now: datetime) -> timedelta:
    """How long to leave a host alone: as it asks, or 10 minutes, doubled with each strike; at most a day."""
    asked = retry_after(value, now)
    if asked is not None:
        return asked
    doubled: int = 2 ** min(max(strikes - 1, 0), 10)
    return min(_USUAL_PAUSE * doubled, LONGEST_PAUSE)


_SHORTEST_WAIT = 0.2
_LONGEST_WAIT = 2.0
_FIRST_WAIT = 0.6


def backoff(number: int) -> float:
    """Seconds before the repeat of this number, from 0 on: growing, and never in step with others."""
    most = min(_LONGEST_WAIT, _FIRST_WAIT * 2 ** min(number, 8))
    return random.uniform(_SHORTEST_WAIT, most)  # noqa: S311  # it only spreads requests


class Budget:
    """How many requests may be repeats: a fifth of all, and always a few."""

    def __init__(self, few: int = 6, share: float = 0.2) -> None:
        self._lock = threading.Lock()
        self._few = few
        self._share = share
        self._requests = 0
        self._repeats = 0

    def count(self, requests: int) -> None:
        with self._lock:
            self._requests += requests

    def take(self) -> bool:
        """Whether one more repeat is in order; then it is counted."""
        with self._lock:
            allowed = self._repeats < max(self._few, self._share * self._requests)
            self._repeats += allowed
            return allowed
