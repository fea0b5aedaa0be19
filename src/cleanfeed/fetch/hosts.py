"""What is known of hosts: robots.txt, pauses that they asked for, and how they have answered."""

from __future__ import annotations

import re
import threading
from dataclasses import dataclass, replace
from datetime import datetime  # noqa: TC003  # the ledger reads the annotations
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from cleanfeed.addresses import host_of
from cleanfeed.errors import FetchError
from cleanfeed.fetch.pacing import LONGEST_PAUSE, Gate, pause_for

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cleanfeed.errors import FetchFailure

DEFAULT_PORTS = {"http": 80, "https": 443}
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_AT_ONCE = 2
_MANY_BAD = 30
_SERVER_FAILURES = 5
_FAILURES = 20


@dataclass(slots=True, kw_only=True)
class HostState:
    """What is remembered of one host between builds. All times are aware, UTC."""

    host: str
    """Scheme, name and port, as "https://www.example.org"."""
    paused_until: datetime | None = None
    pause_reason: str = ""
    strikes: int = 0
    """Builds in a row that ended with a pause."""
    robots: str | None = None
    """The text of robots.txt; `None` where it has never been had."""
    robots_at: datetime | None = None
    robots_status: int | None = None


def origin_of(url: str) -> str | None:
    """Scheme, name and port, as in `HostState.host`; `None` for what is no plain http(s) address."""
    if _CONTROL.search(url):  # which `urlsplit` leaves out in silence
        return None
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return None
    if parts.scheme not in DEFAULT_PORTS or not parts.hostname or "@" in parts.netloc:
        return None
    name = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname.rstrip(".")
    is_default = port is None or port == DEFAULT_PORTS[parts.scheme]
    return f"{parts.scheme}://{name}" if is_default else f"{parts.scheme}://{name}:{port}"


class Host:
    """One host in one build: the gate that its requests go through, its pauses, and how it has answered.

    It stands for all origins that `addresses.host_of` takes for one: http and https, with and without `www.`.
    """

    def __init__(self, name: str, stopped: threading.Event) -> None:
        self.name = name
        self.gate = Gate(stopped)
        self._lock = threading.Lock()
        self._states: dict[str, HostState] = {}
        self._sent = 0
        self._good = 0
        self._server_failures = 0
        self._failures = 0
        """In a row, as those of the server."""
        self._missed = 0
        self._blocked = 0
        """Of those that were missed."""
        self._is_struck = False

    def state(self, origin: str) -> HostState:
        with self._lock:
            return self._states.setdefault(origin, HostState(host=origin))

    def remember(self, state: HostState, now: datetime) -> None:
        """Takes what an earlier build knew; no pause is longer than a day, however wrong a clock was."""
        until = state.paused_until and min(state.paused_until, now + LONGEST_PAUSE)
        self._states[state.host] = replace(state, paused_until=until)

    def states(self) -> list[HostState]:
        with self._lock:
            return [replace(state) for state in self._states.values()]

    def at_once(self) -> int:
        """One while it is not known whether an expired pause was long enough."""
        with self._lock:
            return 1 if any(state.strikes for state in self._states.values()) else _AT_ONCE

    # --- before a request

    def check(self, now: datetime) -> None:
        """Raises the reason why this host is to get no request now, if there is one."""
        with self._lock:
            self._check(now)

    def let_out(self, now: datetime) -> None:
        """Counts a request that goes out now, or raises as `check` does."""
        with self._lock:
            self._check(now)
            self._sent += 1

    def take_back(self) -> None:
        """The request did not go out after all."""
        with self._lock:
            self._sent -= 1

    def _check(self, now: datetime) -> None:
        for state in self._states.values():
            if state.paused_until is not None and state.paused_until > now:
                until = f"{state.paused_until:%Y-%m-%d %H:%M} UTC"
                reason = f"{self.name} asked to be left alone until {until} ({state.pause_reason})"
                raise FetchError(state.host, reason, "paused")
        bad = self._sent - self._good
        if (
            self._server_failures >= _SERVER_FAILURES
            or self._failures >= _FAILURES
            or (bad >= _MANY_BAD and bad >= self._good)
        ):
            blocks = self._blocked * 2 >= self._missed > 0
            reason = f"{self.name} keeps {'blocking us' if blocks else 'failing'}; left alone in this build"
            raise FetchError(self.name, reason, "blocked" if blocks else "failed")

    # --- after a request

    def worked(self, requests: int, now: datetime) -> None:
        """Takes note of something that was had, in so many requests."""
        with self._lock:
            self._good += requests
            self._server_failures = self._failures = 0
            for state in self._states.values():
                if state.paused_until is None or state.paused_until <= now:
                    state.paused_until, state.pause_reason, state.strikes = None, "", 0
                    self._is_struck = False

    def failed(self, kind: FetchFailure, *, is_server: bool) -> None:
        """Takes note of an address that could not be had; a server's fault is one that others will share."""
        with self._lock:
            self._missed += 1
            self._blocked += kind == "blocked"
            self._failures += 1
            self._server_failures = self._server_failures + 1 if is_server else 0

    def pause(self, origin: str, reason: str, asked: str | None, now: datetime) -> None:
        """Leaves the host alone as long as its `Retry-After` asked for; one strike for each build."""
        with self._lock:
            state = self._states.setdefault(origin, HostState(host=origin))
            if not self._is_struck:
                state.strikes += 1
                self._is_struck = True
            until = now + pause_for(asked, state.strikes, now)
            state.paused_until = max(until, state.paused_until or until)
            state.pause_reason = reason


class Hosts:
    """The hosts of one build, each made when it is first asked for."""

    def __init__(self, states: Iterable[HostState], stopped: threading.Event, now: datetime) -> None:
        self._lock = threading.Lock()
        self._stopped = stopped
        self._hosts: dict[str, Host] = {}
        for state in states:
            self.of(state.host).remember(state, now)

    def of(self, origin: str) -> Host:
        parts = urlsplit(origin)
        name = host_of(origin) + (f":{parts.port}" if parts.port else "")
        with self._lock:
            host = self._hosts.get(name)
            if host is None:
                host = self._hosts[name] = Host(name, self._stopped)
            return host

    def states(self) -> list[HostState]:
        return [state for host in self._all() for state in host.states()]

    def wake(self) -> None:
        """Makes all who wait for their turn look whether they are still wanted."""
        for host in self._all():
            host.gate.wake()

    def _all(self) -> list[Host]:
        with self._lock:
            return list(self._hosts.values())
