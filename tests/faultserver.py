"""A loopback server that misbehaves on command, for tests of whatever speaks HTTP.

Each path has a script: the steps that follow a request for it.

    with FaultServer() as server:
        server.on("/good", answer(b"<p>Hello</p>"), keep=True)
        server.on("/slow", answer(b"x" * 10, send=b""), Drip(b"x" * 10, every=0.25))
        server.on("/twice", answer(b"", "503 Busy"))      # the first request
        server.on("/twice", answer(b"well"))              # the second one and all that follow
        client.get(server.url("/good"))
        assert [request.target for request in server.requests] == ["/good"]
        assert server.connections == 1

A step is bytes to send as they are, `Drip`, `Wait`, `Endless`, `Reset`, or a function that is given the
connection's socket. After its last step the server closes the connection; with `keep=True` it waits for the
next request. An unknown path gives 404. With `tls` (see `tls_pair`) all its connections are TLS; `greeting`
is a step that each connection begins with, even before TLS: `greeting=Wait()` is a server that accepts and
says nothing. As a proxy is asked for whole addresses and by CONNECT, `on("http://host/page", ...)` and
`on("host:443", ...)` are scripts as well. `Blackhole` is a port that does not even accept connections.
"""

from __future__ import annotations

import errno
import socket
import ssl
import struct
import subprocess
import threading
import time
from collections import defaultdict
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Step = "bytes | Drip | Wait | Endless | Reset | Callable[[socket.socket], object]"

__all__ = [
    "Blackhole",
    "Drip",
    "Endless",
    "FaultServer",
    "Reset",
    "Seen",
    "Wait",
    "answer",
    "chunked",
    "tls_pair",
]


@dataclass(frozen=True)
class Drip:
    """Sends the data byte by byte, with a pause of so many seconds after each."""

    data: bytes
    every: float = 0.25


@dataclass(frozen=True)
class Wait:
    """Says nothing for so many seconds; for ever, as tests go, unless told."""

    seconds: float = 3600.0


@dataclass(frozen=True)
class Endless:
    """Sends the same data again and again until the other side has enough."""

    data: bytes
    every: float = 0.0


@dataclass(frozen=True)
class Reset:
    """Breaks the connection off, as a machine that crashes."""


@dataclass(frozen=True, kw_only=True)
class Seen:
    """A request as it came."""

    method: str
    target: str
    headers: dict[str, str]
    """Names in lower case."""
    raw: bytes
    connection: int
    """Which connection brought it, counted from 1."""
    at: float = field(default_factory=time.monotonic)


def answer(
    body: bytes = b"",
    status: str = "200 OK",
    *,
    headers: tuple[str, ...] = (),
    kind: str = "text/html; charset=utf-8",
    length: int | None = -1,
    send: bytes | None = None,
) -> bytes:
    """An answer with the length of its body, another one, or none (`None`); `send` goes out in the body's place."""
    lines = [f"HTTP/1.1 {status}", f"Content-Type: {kind}", *headers]
    if length is not None:
        lines.append(f"Content-Length: {len(body) if length < 0 else length}")
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + (body if send is None else send)


def chunked(
    body: bytes,
    *,
    status: str = "200 OK",
    headers: tuple[str, ...] = (),
    size: int = 4096,
    end: bytes = b"0\r\n\r\n",
) -> bytes:
    """An answer in chunks."""
    pieces = [body[at : at + size] for at in range(0, len(body), size)]
    head = answer(status=status, headers=(*headers, "Transfer-Encoding: chunked"), length=None)
    return head + b"".join(b"%x\r\n%b\r\n" % (len(piece), piece) for piece in pieces) + end


class FaultServer:
    def __init__(
        self,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        tls: ssl.SSLContext | None = None,
        greeting: Step = b"",
    ) -> None:
        self.requests: list[Seen] = []
        self.connections = 0
        self._tls = tls
        self._greeting = greeting
        self._scripts: defaultdict[str, list[tuple[tuple[Step, ...], bool]]] = defaultdict(list)
        self._stopping = threading.Event()
        self._open: set[socket.socket] = set()
        self._threads: list[threading.Thread] = []
        self._listener = socket.create_server((host, port), backlog=128)
        self.host, self.port = self._listener.getsockname()[:2]

    def on(self, target: str, *steps: Step, keep: bool = False) -> None:
        """What follows a request for the target; said again, what follows the next one."""
        self._scripts[target].append((steps, keep))

    def url(self, path: str = "/", host: str | None = None) -> str:
        return f"http{'s' if self._tls else ''}://{host or self.host}:{self.port}{path}"

    def __enter__(self) -> Self:
        self._start(self._accept)
        return self

    def __exit__(self, *_: object) -> None:
        self._stopping.set()
        _hang_up(self._listener)
        for connection in list(self._open):
            _hang_up(connection)
        for thread in self._threads:
            thread.join(5)

    # --- in the threads

    def _start(self, run: Callable[..., None], *args: object) -> None:
        thread = threading.Thread(target=run, args=args, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        with suppress(OSError):  # the listener is closed
            while not self._stopping.is_set():
                connection, _ = self._listener.accept()
                self.connections += 1
                self._open.add(connection)
                self._start(self._serve, connection, self.connections)

    def _serve(self, connection: socket.socket, number: int) -> None:
        plain = connection
        try:
            self._take(self._greeting, connection)
            if self._tls:
                connection = self._tls.wrap_socket(connection, server_side=True)
                self._open.add(connection)
            with suppress(OSError):
                while not self._stopping.is_set() and self._answer(connection, number):
                    pass
        except OSError:  # the other side broke off
            pass
        finally:
            self._open -= {plain, connection}
            _hang_up(connection)

    def _answer(self, connection: socket.socket, number: int) -> bool:
        raw = _request(connection)
        if not raw:
            return False
        seen = _seen(raw, number)
        self.requests.append(seen)
        scripts = self._scripts.get(seen.target)
        if not scripts:
            connection.sendall(answer(b"Not found", "404 Not Found"))
            return True
        steps, keep = scripts.pop(0) if len(scripts) > 1 else scripts[0]
        for step in steps:
            self._take(step, connection)
        return keep

    def _take(self, step: Step, connection: socket.socket) -> None:
        match step:
            case bytes():
                connection.sendall(step)
            case Drip(data, every):
                for byte in data:
                    connection.sendall(bytes([byte]))
                    self._pause(every)
            case Wait(seconds):
                self._pause(seconds)
            case Endless(data, every):
                while True:
                    connection.sendall(data)
                    self._pause(every)
            case Reset():
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                socket.socket.close(connection)
            case _:
                step(connection)

    def _pause(self, seconds: float) -> None:
        if self._stopping.wait(seconds):
            raise ConnectionAbortedError


def _request(connection: socket.socket) -> bytes:
    raw = b""
    while b"\r\n\r\n" not in raw:
        piece = connection.recv(65536)
        if not piece:
            return b""
        raw += piece
    return raw


def _seen(raw: bytes, connection: int) -> Seen:
    first, *lines = raw.partition(b"\r\n\r\n")[0].decode("latin-1").split("\r\n")
    method, target, _ = first.split(" ")
    pairs = (line.partition(":") for line in lines)
    headers = {name.lower(): value.strip() for name, _, value in pairs}
    return Seen(method=method, target=target, headers=headers, raw=raw, connection=connection)


def _hang_up(connection: socket.socket) -> None:
    # Closing alone does not wake a thread that waits for it.
    with suppress(OSError):
        socket.socket.shutdown(connection, socket.SHUT_RDWR)
    connection.close()


class Blackhole:
    """A port whose connections are never made: its queue of waiting ones is full."""

    def __enter__(self) -> Self:
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=0)
        self.host, self.port = self._listener.getsockname()
        self._waiting = [self._knock() for _ in range(8)]
        return self

    def _knock(self) -> socket.socket:
        knocking = socket.socket()
        knocking.setblocking(False)
        assert knocking.connect_ex((self.host, self.port)) in {0, errno.EINPROGRESS}
        return knocking

    def __exit__(self, *_: object) -> None:
        for each in (*self._waiting, self._listener):
            each.close()


def tls_pair(folder: Path, *names: str) -> tuple[ssl.SSLContext, Path]:
    """A server's context with a fresh certificate for the names, and the file that makes a client trust it."""
    key, certificate = folder / "key.pem", folder / "certificate.pem"
    hosts = ",".join(f"DNS:{name}" for name in names or ("localhost",))
    command = (
        "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=test"
        f" -addext subjectAltName={hosts},IP:127.0.0.1 -keyout {key} -out {certificate}"
    )
    subprocess.run(command.split(), check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    return context, certificate
