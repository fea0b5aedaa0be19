"""Connections whose every wait ends at a deadline, and at once when nobody wants them any more."""

from __future__ import annotations

import math
import socket
import ssl
import time
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

import httpcore2

if TYPE_CHECKING:
    import threading
    from collections.abc import Iterator

_end: ContextVar[float] = ContextVar("end", default=math.inf)


@contextmanager
def deadline(seconds: float) -> Iterator[float]:
    """What this thread sends and receives inside is over within the seconds; gives the end for `until`."""
    with until(time.monotonic() + seconds) as end:
        yield end


@contextmanager
def until(moment: float) -> Iterator[float]:
    """As `deadline`, with a value of `time.monotonic`; an earlier end that is set stays."""
    token = _end.set(min(moment, _end.get()))
    try:
        yield _end.get()
    finally:
        _end.reset(token)


def left(timeout: float | None, late: type[httpcore2.TimeoutException]) -> float | None:
    """Seconds that a wait may take which has this limit of its own; `None` for ever."""
    seconds = _end.get() - time.monotonic()
    if seconds <= 0:
        raise late("the time for it was over")
    if math.isinf(seconds):
        return timeout
    return seconds if timeout is None else min(timeout, seconds)


class Stream(httpcore2.NetworkStream):
    """A connection that heeds the deadline, and `unwanted`."""

    def __init__(self, inner: httpcore2.NetworkStream, unwanted: threading.Event) -> None:
        self._inner = inner
        self._unwanted = unwanted
        if unwanted.is_set():
            self.close()
            raise httpcore2.ConnectError("it was given up")

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        if self._unwanted.is_set():
            raise httpcore2.ReadError("it was given up")
        return self._inner.read(max_bytes, left(timeout, httpcore2.ReadTimeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._inner.write(buffer, left(timeout, httpcore2.WriteTimeout))

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore2.NetworkStream:
        try:
            seconds = left(timeout, httpcore2.ConnectTimeout)
        except httpcore2.ConnectTimeout:
            self.close()
            raise
        return Stream(self._inner.start_tls(ssl_context, server_hostname, seconds), self._unwanted)

    def close(self) -> None:
        # Closing alone does not wake a thread that waits for this connection; the base class's method
        # leaves the state of TLS to that thread.
        with suppress(OSError):
            socket.socket.shutdown(self._inner.get_extra_info("socket"), socket.SHUT_RDWR)
        self._inner.close()

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)


class TimedSocket(ssl.SSLSocket):
    """The connection to a proxy by TLS: a page's own TLS reads it in many small steps."""

    def recv(self, buflen: int = 1024, flags: int = 0) -> bytes:
        try:
            self.settimeout(left(self.gettimeout(), httpcore2.ReadTimeout))
        except httpcore2.ReadTimeout as late:
            raise TimeoutError(str(late)) from None
        return super().recv(buflen, flags)
