"""A hub on the loopback interface that takes notices as a test tells it to, and remembers them."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(slots=True)
class Hub:
    """What it answers, and what it has been told."""

    url: str = ""
    status: int = 204
    refused: set[str] = field(default_factory=set)
    """Addresses that it answers 404 to."""
    failing: int = 0
    """How many notices it answers 500 to first."""
    headers: dict[str, str] = field(default_factory=dict)
    told: list[dict[str, list[str]]] = field(default_factory=list)
    requests: list[tuple[str, str, dict[str, str]]] = field(default_factory=list)
    """Method, path and headers."""

    @property
    def feeds(self) -> list[str]:
        """The names of the feeds that it was told of, as it was told."""
        return [form["hub.url"][0].rpartition("/")[2] for form in self.told]

    def answer(self, name: str) -> int:
        if self.failing:
            self.failing -= 1
            return 500
        return 404 if name in self.refused else self.status

    def heard(self) -> list[str]:
        """The same since the last call, sorted."""
        names = sorted(self.feeds)
        self.told.clear()
        return names


@contextmanager
def hub() -> Iterator[Hub]:
    made = Hub()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            made.requests.append((self.command, self.path, dict(self.headers)))
            self.send_error(404)

        def do_POST(self) -> None:
            made.requests.append((self.command, self.path, dict(self.headers)))
            form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
            made.told.append(form)
            self.send_response(made.answer(form["hub.url"][0].rpartition("/")[2]))
            for name, value in {**made.headers, "Content-Length": "0"}.items():
                self.send_header(name, value)
            self.end_headers()

        def log_message(self, *_args: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        made.url = f"http://127.0.0.1:{server.server_port}/hub"
        try:
            yield made
        finally:
            server.shutdown()
            thread.join()
