"""A small server for messages of Miniflux, on the standard library's."""

from __future__ import annotations

import sys
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

from cleanfeed.integrations.desk import log
from cleanfeed.integrations.miniflux import LARGEST, Answer

if TYPE_CHECKING:
    from cleanfeed.integrations.miniflux import Receiver

_SECONDS = 10
"""How long a client may keep a thread waiting."""


class Webhook(ThreadingHTTPServer):
    """Listens for messages, each in a thread; port 0 takes a free one."""

    daemon_threads = True

    def __init__(self, host: str, port: int, receiver: Receiver) -> None:
        self.receiver = receiver
        if ":" in host:
            import socket  # noqa: PLC0415  # for this one name

            self.address_family = socket.AF_INET6
        super().__init__((host, port), _Handler)

    @property
    def url(self) -> str:
        host, port = self.server_address[:2]
        name = str(host)
        return f"http://{f'[{name}]' if ':' in name else name}:{port}/"

    def handle_error(self, request: Any, client_address: Any) -> None:  # noqa: ARG002  # as in the base class
        if not isinstance(sys.exception(), OSError):  # a client that went away is nobody's fault
            log.exception("cleanfeed failed; a message of Miniflux is not answered")


class _Handler(BaseHTTPRequestHandler):
    server: Webhook
    server_version = "cleanfeed"
    sys_version = ""
    timeout = _SECONDS

    def do_POST(self) -> None:  # the name that the server calls
        size = self.headers.get("Content-Length") or ""
        if not (size.isascii() and size.isdigit()):
            self._answer(Answer(HTTPStatus.LENGTH_REQUIRED, "Content-Length is missing"))
        elif len(size) > len(str(LARGEST)) or int(size) > LARGEST:
            self._answer(Answer(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"larger than {LARGEST >> 20} MB"))
        else:
            self._receive(int(size))

    def do_GET(self) -> None:  # see do_POST
        self._answer(Answer(HTTPStatus.METHOD_NOT_ALLOWED, "Miniflux sends its webhooks here by POST"))

    do_HEAD = do_PUT = do_DELETE = do_PATCH = do_OPTIONS = do_GET  # noqa: N815  # see do_POST

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  # the server's own name for it
        """Requests are not logged: what comes of them is."""

    def _receive(self, size: int) -> None:
        body = self.rfile.read(size)
        if len(body) < size:
            self._answer(Answer(HTTPStatus.BAD_REQUEST, "the body was cut short"))
        else:
            self._answer(self.server.receiver.handle(self.headers, body))  # type: ignore[arg-type]  # they find names in any case

    def _answer(self, answer: Answer) -> None:
        said = b"" if self.command == "HEAD" else f"{answer.message}\n".encode()
        self.send_response(answer.status)
        self.send_header("Content-Type", "text/plain; charset=utf-8")
        self.send_header("Content-Length", str(len(said)))
        if answer.status == HTTPStatus.METHOD_NOT_ALLOWED:
            self.send_header("Allow", "POST")
        self.end_headers()
        self.wfile.write(said)
        self.close_connection = True
