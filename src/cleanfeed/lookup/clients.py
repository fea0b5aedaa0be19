"""The client of a lookup, made when it is first wanted and renewed while others may still use the old one."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from datetime import datetime

    from cleanfeed.fetch.client import Fetcher
    from cleanfeed.fetch.hosts import HostState

RENEWED_AFTER = timedelta(minutes=10)
"""A client counts failures for as long as it lives; a host that has recovered is to be asked again."""


class Clients:
    """One client at a time for many threads."""

    def __init__(
        self,
        make: Callable[[Iterable[HostState]], Fetcher],
        known: Callable[[], Iterable[HostState]],
        now: Callable[[], datetime],
    ) -> None:
        self._make = make
        self._known = known
        self._now = now
        self._lock = threading.Lock()
        self._client: Fetcher | None = None
        self._made: datetime | None = None
        self._users: dict[int, int] = {}
        """How many use a client, by its identity."""
        self._is_closed = False

    @contextmanager
    def borrowed(self) -> Iterator[Fetcher]:
        """The client, which is not closed before it is given back."""
        with self._lock:
            client = self._fresh()
            self._users[id(client)] = self._users.get(id(client), 0) + 1
        try:
            yield client
        finally:
            self._give_back(client)

    def drop(self, client: Fetcher) -> None:
        """Stops a client for all who use it; the next one who asks gets a new one."""
        with self._lock:
            if client is self._client:
                self._client = None
        client.stop()

    def close(self) -> None:
        """Whoever still waits for an answer gets an error soon."""
        with self._lock:
            client, self._client, self._is_closed = self._client, None, True
        if client is not None:
            client.stop()

    def _fresh(self) -> Fetcher:
        now = self._now()
        old = self._client
        if old is not None and self._made is not None and timedelta(0) <= now - self._made < RENEWED_AFTER:
            return old
        self._client, self._made = self._make(self._states(old)), now
        if self._is_closed:
            self._client.stop()
        if old is not None and not self._users.get(id(old)):
            old.close()
        return self._client

    def _states(self, old: Fetcher | None) -> Iterable[HostState]:
        """What is remembered, and what the old client has learnt since; a pause that ends later counts."""
        states = {state.host: state for state in self._known()}
        for state in old.states() if old else ():
            other = states.get(state.host)
            if not (
                other and other.paused_until and other.paused_until > (state.paused_until or self._now())
            ):
                states[state.host] = state
        return states.values()

    def _give_back(self, client: Fetcher) -> None:
        with self._lock:
            left = self._users.pop(id(client)) - 1
            if left:
                self._users[id(client)] = left
            is_done = not left and client is not self._client
        if is_done:
            client.close()
