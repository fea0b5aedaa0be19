"""The real server as a process, and clients that speak to it over sockets as readers do."""

from __future__ import annotations

import http.client
import json
import re
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import urlsplit

from liveparts import environment

if TYPE_CHECKING:
    from collections.abc import Callable
    from email.message import Message

PATIENCE = 30.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """An answer, whole."""

    status: int
    headers: Message
    body: bytes

    @property
    def json(self) -> dict[str, Any]:
        assert self.headers["Content-Type"].startswith(("application/json", "application/feed+json"))
        return json.loads(self.body)

    @property
    def error(self) -> str:
        """The message of a failure, which has one shape."""
        assert self.status >= 400
        told = self.json
        assert set(told) == {"error", "message"}
        assert told["error"] is True
        assert "Traceback" not in told["message"]
        assert "\n" not in told["message"]
        return told["message"]


def command(*options: str | Path) -> list[str]:
    return [sys.executable, "-m", "cleanfeed", "serve", *map(str, options)]


def ended(*options: str | Path, cwd: Path | None = None, **env: str) -> subprocess.CompletedProcess[str]:
    """A server that has not begun to listen."""
    done = subprocess.run(
        command(*options),
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        cwd=cwd,
        env=environment(**env),
    )
    assert "Traceback" not in done.stderr, done.stderr
    return done


class Server:
    """`cleanfeed serve` on a free port, until the end of the block."""

    def __init__(self, config: Path, *options: str | Path, **env: str) -> None:
        self.log = config.parent / f"serve-{time.monotonic_ns()}.log"
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                command(config, "--port", "0", *options), stdout=subprocess.PIPE, stderr=log, text=True,
                env=environment(**env), start_new_session=True,
            )  # fmt: skip
        self.address = (self.process.stdout.readline() if self.process.stdout else "").strip()
        assert re.fullmatch(r"http://\S+:\d+/", self.address), self.told
        self.port = urlsplit(self.address).port or 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def told(self) -> str:
        """What it has written on standard error."""
        return self.log.read_text("utf-8")

    def stop(self, number: int = signal.SIGTERM) -> int:
        if self.process.poll() is None:
            self.process.send_signal(number)
        try:
            return self.process.wait(PATIENCE)
        finally:
            self.process.kill()
            if self.process.stdout:
                self.process.stdout.close()
            assert "Traceback" not in self.told, self.told

    def ask(self, path: str, method: str = "GET", body: bytes | str | None = None, **headers: str) -> Said:
        """One request; `_` in a header's name stands for `-`."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        try:
            named = {name.replace("_", "-"): value for name, value in headers.items()}
            connection.request(method, path, body, named)
            answer = connection.getresponse()
            return Said(status=answer.status, headers=answer.headers, body=answer.read())
        finally:
            connection.close()

    def raw(self, data: bytes, *, patience: float = PATIENCE) -> bytes:
        """Bytes as they are, and all that comes back until the connection ends."""
        with socket.create_connection(("127.0.0.1", self.port), patience) as wire:
            wire.sendall(data)
            found = b""
            while piece := wire.recv(65536):
                found += piece
            return found

    def figures(self) -> dict[str, float]:
        """What `/metrics` says, by name with labels."""
        lines = self.ask("/metrics").body.decode().splitlines()
        return {
            name: float(value) for name, value in (line.rsplit(" ", 1) for line in lines if line[0] != "#")
        }


def eventually(holds: Callable[[], object]) -> None:
    """Waits until something holds, and fails where it never does."""
    end = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.05)


def descendants(pid: int) -> set[int]:
    """The processes below a process."""
    found: set[int] = set()
    parents = {}
    for entry in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):  # it has ended meanwhile
            parents[int(entry.parent.name)] = int(entry.read_text().rpartition(")")[2].split()[1])
    while more := {child for child, parent in parents.items() if parent in {pid, *found}} - found:
        found |= more
    return found
