"""The newsroom's sockets: one port for each site, a record of every request."""

from __future__ import annotations

import gzip
import hashlib
import socketserver
import threading
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from email.utils import format_datetime, parsedate_to_datetime
from http.server import BaseHTTPRequestHandler
from itertools import pairwise
from typing import TYPE_CHECKING

from newsroom_faults import Reply, Wire, send

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

_WORTH_PACKING = 300


@dataclass(slots=True, kw_only=True, eq=False)
class Request:
    """One request, and what became of it."""

    site: str
    """The origin that the server plays."""
    path: str
    """With its query."""
    headers: dict[str, str]
    """Names in lower case."""
    began: float
    """time.monotonic()"""
    status: int = 0
    """0 where nothing that has a status was sent."""
    fault: str = ""
    sent: int = 0
    """Bytes of the body that was meant to be sent."""
    ended: float = 0.0
    client: tuple[str, int] = ("", 0)

    @property
    def is_conditional(self) -> bool:
        return "if-none-match" in self.headers or "if-modified-since" in self.headers


class Log:
    """All requests in their order; a slice of them is asked for by a mark."""

    def __init__(self) -> None:
        self._requests: list[Request] = []
        self._lock = threading.Lock()

    def add(self, request: Request) -> None:
        with self._lock:
            self._requests.append(request)

    def __len__(self) -> int:
        return len(self._requests)

    def __iter__(self) -> Iterator[Request]:
        return iter(list(self._requests))

    def since(self, mark: int = 0, site: str | None = None) -> list[Request]:
        """The requests from a mark on, which was the length of the log."""
        return [each for each in self._requests[mark:] if site is None or each.site == site]

    def clear(self) -> None:
        with self._lock:
            self._requests.clear()

    def paths(self, mark: int = 0, site: str | None = None) -> list[str]:
        return [each.path for each in self.since(mark, site)]

    def by_site(self, mark: int = 0) -> Counter[str]:
        return Counter(each.site for each in self.since(mark))

    def unconditional(self, mark: int = 0) -> list[Request]:
        """Those that would have been answered in full whatever the asker knew, robots.txt aside."""
        return [each for each in self.since(mark) if not each.is_conditional and each.path != "/robots.txt"]


def concurrency(requests: list[Request]) -> int:
    """How many were served at a time, at the most."""
    ends = [(each.began, 1) for each in requests] + [(each.ended or each.began, -1) for each in requests]
    now = peak = 0
    for _moment, step in sorted(ends):
        now += step
        peak = max(peak, now)
    return peak


def gaps(requests: list[Request]) -> list[float]:
    """Seconds between the beginnings of requests that follow each other."""
    begun = sorted(each.began for each in requests)
    return [after - before for before, after in pairwise(begun)]


@dataclass(slots=True)
class Behaviour:
    """How a site answers in general."""

    validators: str = "both"
    """"both", "etag", "weak", "date", "none", or "stuck" (which answers 304 to everything conditional)."""
    latency: float = 0.0
    """Seconds before each answer."""
    robots: str | None = None
    """Its text; 404 unless given."""
    headers: dict[str, str] = field(default_factory=dict)


def validated(reply: Reply, asked: dict[str, str], how: Behaviour, changed: datetime | None) -> Reply:
    """The reply with its validators, or 304 in its place."""
    named = dict(reply.headers)
    if how.validators in {"both", "etag", "weak", "stuck"}:
        named["ETag"] = _etag(reply.body, weak=how.validators == "weak")
    if how.validators in {"both", "date", "stuck"} and changed:
        named["Last-Modified"] = format_datetime(changed, usegmt=True)
    if _is_known(asked, named, how):
        kept = {name: named[name] for name in ("ETag", "Last-Modified") if name in named}
        return Reply(status=304, headers=kept)
    return reply.having(headers=named)


def _etag(body: bytes, *, weak: bool) -> str:
    digest = hashlib.sha256(body).hexdigest()[:16]
    return f'W/"{digest}"' if weak else f'"{digest}-gzip"'


def _is_known(asked: dict[str, str], named: dict[str, str], how: Behaviour) -> bool:
    if how.validators == "stuck":
        return "if-none-match" in asked or "if-modified-since" in asked
    if "if-none-match" in asked:  # which outranks the date (RFC 9110)
        return asked["if-none-match"] == named.get("ETag")
    if "if-modified-since" in asked and "Last-Modified" in named:
        with suppress(ValueError, TypeError):
            since = parsedate_to_datetime(asked["if-modified-since"])
            return parsedate_to_datetime(named["Last-Modified"]) <= since
    return False


def packed(reply: Reply, asked: dict[str, str]) -> Reply:
    if "gzip" not in asked.get("accept-encoding", "") or len(reply.body) < _WORTH_PACKING:
        return reply
    named = {**reply.headers, "Content-Encoding": "gzip", "Vary": "Accept-Encoding"}
    return reply.having(headers=named, body=gzip.compress(reply.body, 1, mtime=0))


Answerer = "Callable[[Request], tuple[Reply, str, Callable[[Wire, Reply], bool], float]]"
"""A reply, the name of its fault, how it is sent, and how long that waits."""


class Handler(BaseHTTPRequestHandler):
    """Asks the newsroom what to answer, and sends it."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    timeout = 60
    server: Port

    def do_GET(self) -> None:
        named = {name.lower(): text for name, text in self.headers.items()}
        request = Request(
            site=self.server.site,
            path=self.path,
            headers=named,
            began=time.monotonic(),
            client=self.client_address,
        )
        self.server.log.add(request)
        try:
            self._answer(request)
        except OSError:  # the other side has had enough
            self.close_connection = True
        request.ended = time.monotonic()

    def _answer(self, request: Request) -> None:
        reply, request.fault, sending, latency = self.server.answer(request)
        if latency:
            self.server.closing.wait(latency)
        request.status, request.sent = reply.status, len(reply.body)
        # What stands before the end must say so: the log is read as soon as the asker has its answer.
        request.ended = time.monotonic()
        if not sending(Wire(self.connection, self.server.closing), reply):
            self.close_connection = True

    def log_message(self, *_: object) -> None:
        pass

    def finish(self) -> None:
        with suppress(OSError, ValueError):
            super().finish()

    def handle(self) -> None:
        with suppress(OSError, ValueError):
            super().handle()


class Port(socketserver.ThreadingTCPServer):
    """One site's port on the loopback interface."""

    daemon_threads = True
    allow_reuse_address = True
    block_on_close = False
    request_queue_size = 128

    def __init__(self, site: str, log: Log, answer: Answerer, closing: threading.Event) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.site, self.log, self.answer, self.closing = site, log, answer, closing
        self._thread = threading.Thread(
            target=self.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True
        )
        self._thread.start()

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def handle_error(self, *_: object) -> None:
        """Those whom it concerns see it."""

    def close(self) -> None:
        self.shutdown()
        self.server_close()
        self._thread.join(5)


__all__ = ["Behaviour", "Log", "Port", "Request", "concurrency", "gaps", "packed", "send", "validated"]
