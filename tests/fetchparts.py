"""A small site on loopback that answers as a test tells it to, and remembers what it was asked."""

from __future__ import annotations

import socket
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING

import httpx2
import pytest

from cleanfeed.fetch.answer import Ask
from cleanfeed.fetch.client import Fetcher, Settings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from cleanfeed.fetch.hosts import HostState

HARBOUR = "https://www.harbour.example"
PAGE = b"<!doctype html><html><head><title>Cranes</title></head><body><p>Seven cranes.</p></body></html>"
AGENT = "cleanfeed/test (+me@harbour.example)"


@dataclass(slots=True, kw_only=True)
class Told:
    """What a site answers."""

    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = PAGE
    after: float = 0.0
    """Seconds before it does."""
    raw: bytes | None = None
    """In place of all that; the connection is closed behind it."""

    def encoded(self) -> bytes:
        if self.raw is not None:
            return self.raw
        usual = {"Content-Type": "text/html; charset=utf-8", "Content-Length": str(len(self.body))}
        lines = [f"{name}: {value}" for name, value in {**usual, **self.headers}.items()]
        head = "\r\n".join([f"HTTP/1.1 {self.status} Told", *lines, "", ""])
        return head.encode("latin-1") + self.body


@dataclass(slots=True, kw_only=True)
class Asked:
    """One request that a site has had."""

    path: str
    headers: dict[str, str]
    at: float
    """Of `time.monotonic`."""
    done: float = 0.0


class Site:
    """Plays one host; `answers` holds what a path gets: the last of a list is repeated."""

    def __init__(self) -> None:
        self.answers: dict[str, Told | list[Told] | Callable[[Asked], Told]] = {}
        self.otherwise: Told = Told()
        self.asked: list[Asked] = []
        self._lock = threading.Lock()
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=128)
        self._open: list[socket.socket] = []
        self.closing = threading.Event()
        threading.Thread(target=self._accept, daemon=True).start()
        _MADE.append(self)

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self._listener.getsockname()[1]}"

    def paths(self) -> list[str]:
        return [each.path for each in self.asked]

    def pages(self) -> list[Asked]:
        """All requests but those for robots.txt."""
        return [each for each in self.asked if each.path != "/robots.txt"]

    def close(self) -> None:
        self.closing.set()
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)  # wakes the thread that accepts
        self._listener.close()
        with self._lock:
            for connection in self._open:
                with suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)
                connection.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                connection, _ = self._listener.accept()
                with self._lock:
                    self._open.append(connection)
                threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with suppress(OSError), connection:
            held = b""
            while True:
                while b"\r\n\r\n" not in held:
                    more = connection.recv(65536)
                    if not more:
                        return
                    held += more
                head, _, held = held.partition(b"\r\n\r\n")
                told = self._answer(head.decode("latin-1"))
                connection.sendall(told.encoded())
                if told.raw is not None:
                    return

    def _answer(self, head: str) -> Told:
        first, *lines = head.split("\r\n")
        fields = (line.partition(": ") for line in lines)
        asked = Asked(
            path=first.split(" ")[1],
            headers={name.lower(): value for name, _, value in fields},
            at=time.monotonic(),
        )
        with self._lock:
            self.asked.append(asked)
            told = self._told(asked)
        if told.after:
            self.closing.wait(told.after)
        asked.done = time.monotonic()
        return told

    def _told(self, asked: Asked) -> Told:
        missing = Told(status=404, body=b"") if asked.path == "/robots.txt" else self.otherwise
        answer = self.answers.get(asked.path, missing)
        if isinstance(answer, list):
            return answer.pop(0) if len(answer) > 1 else answer[0]
        return answer if isinstance(answer, Told) else answer(asked)


class Clock:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.time = datetime(2026, 9, 30, 8, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.time

    def move(self, **by: float) -> None:
        self.time += timedelta(**by)


_MADE: list[Fetcher | Site] = []


_certificates = cache(httpx2.create_ssl_context)


@pytest.fixture(autouse=True)
def tidy_web(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Closes all sites and fetchers of a test; the world's certificates are read once for all of them."""
    monkeypatch.setattr(httpx2, "create_ssl_context", _certificates)
    yield
    while _MADE:
        _MADE.pop().close()


@pytest.fixture
def site() -> Site:
    """What answers as www.harbour.example, where a fetcher is told so."""
    return Site()


def fetcher(
    *sites: Site | dict[str, str],
    states: Iterable[HostState] = (),
    now: Callable[[], datetime] | None = None,
    **changed: object,
) -> Fetcher:
    """A fetcher in a hurry, for which the site is www.harbour.example."""
    mirrors: dict[str, str] = {}
    for site in sites:
        mirrors |= site if isinstance(site, dict) else {HARBOUR: site.base}
    settings = {"user_agent": AGENT, "delay": 0.0, "mirrors": mirrors, "haste": 0.01, **changed}
    clock = {} if now is None else {"now": now}
    made = Fetcher(Settings(**settings), states, **clock)  # type: ignore[arg-type]  # a table of settings
    _MADE.append(made)
    return made


def ask(path: str = "/", **more: str | None) -> Ask:
    return Ask(url=path if "://" in path else HARBOUR + path, **more)  # type: ignore[arg-type]  # its own fields


def gaps(requests: Iterable[Asked]) -> list[float]:
    """Seconds between the requests."""
    return [after.at - before.at for before, after in pairwise(requests)]


def keeps(delay: float, requests: Sequence[Asked]) -> bool:
    """Whether the requests were so far apart, as far as a server on a busy machine can tell.

    What holds up one look at the clock shortens one gap and lengthens another.
    """
    all_in_all = requests[-1].at - requests[0].at
    return all_in_all >= delay * (len(requests) - 1) * 0.85 and min(gaps(requests)) >= delay * 0.4


def at_once(requests: Iterable[Asked]) -> int:
    """How many were under way at a time, at the most."""
    steps = sorted([(each.at, 1) for each in requests] + [(each.done, -1) for each in requests])
    now = most = 0
    for _, step in steps:
        now += step
        most = max(most, now)
    return most
