"""The way in and out: who is let in, what every answer says, and what is written down of it."""

from __future__ import annotations

import re
from asyncio import CancelledError
from time import monotonic
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import ClientDisconnect

from cleanfeed.blame import describe
from cleanfeed.serve.asked import asked
from cleanfeed.serve.replies import SAFE, of_failure, of_fault, of_refusal
from cleanfeed.text import safe_text

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.responses import Response
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from cleanfeed.serve.figures import Figures
    from cleanfeed.serve.gate import Gate

_ABSOLUTE = re.compile(r"https?://(?P<host>[^/?#]*)(?P<path>/.*)?", re.IGNORECASE)
_SIGNED_PARTS = 4
"""Of "/parser/USER/SIGNATURE", split at its slashes: the signature stands for the token."""


class Door:
    """An application behind its gate."""

    def __init__(
        self,
        app: ASGIApp,
        gate: Gate,
        figures: Figures,
        *,
        tell: Callable[[str], None],
        log: Callable[[str], None] | None,
    ) -> None:
        self._app = app
        self._gate = gate
        self._figures = figures
        self._tell = tell
        self._log = log

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":  # pragma: no cover  # no other protocol is spoken
            return
        passage = _Passage(send)
        _take_origin_form(scope)
        try:
            refusal = self._refused(scope)
            await (refusal or self._app)(scope, receive, passage.send)
        except ClientDisconnect:
            passage.status = 499
        except CancelledError:  # the server is asked to stop, and will wait no longer
            if not passage.status:
                await of_failure(503, "the server is stopping; ask again later", {"Retry-After": "30"})(
                    scope, receive, passage.send
                )
        except Exception as error:  # noqa: BLE001  # a fault of ours ends one answer, and no more is told of it
            self._tell(f"{scope['method']} {scope['path']}: failed: {describe(error)}")
            if not passage.status:  # the gate has failed; what the application does not know, it answers
                await of_fault()(scope, receive, passage.send)
        finally:
            self._note(scope, passage)

    def _refused(self, scope: Scope) -> Response | None:
        headers = Headers(scope=scope)
        client = scope["client"][0] if scope.get("client") else ""
        refusal = self._gate.too_often(client) or self._gate.strange_host(headers.get("host", ""))
        if refusal is None and not _is_signed(scope["path"]):
            token = asked(scope["query_string"]).parameters.get("token", "")
            refusal = self._gate.without_token(headers.get("authorization", ""), token)
        return of_refusal(refusal) if refusal else None

    def _note(self, scope: Scope, passage: _Passage) -> None:
        seconds = monotonic() - passage.started
        route = scope.get("route")
        self._figures.count(getattr(route, "name", None) or "other", passage.status or 500, seconds)
        if self._log is None:
            return
        client = scope["client"][0] if scope.get("client") else "-"
        told = {"client": client, "method": scope["method"], "path": scope["path"], "status": passage.status}
        told |= {"bytes": passage.sent, "ms": round(seconds * 1000)}
        # Without the query: it may hold a token.
        self._log(" ".join(f"{name}={_quoted(value)}" for name, value in told.items()))


class _Passage:
    """One answer on its way out."""

    def __init__(self, send: Send) -> None:
        self.started = monotonic()
        self.status = 0
        self.sent = 0
        self._send = send

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            headers = MutableHeaders(scope=message)
            for name, value in SAFE.items():
                headers.setdefault(name, value)
        self.sent += len(message.get("body", b""))
        await self._send(message)


def _take_origin_form(scope: Scope) -> None:
    """A whole address as the target is that of a proxy's client, and means the same (RFC 9112, 3.2.2)."""
    found = _ABSOLUTE.match(scope["path"])
    if found:
        scope["path"] = found["path"] or "/"
        scope["raw_path"] = quote(scope["path"]).encode()
        rest = [(name, value) for name, value in scope["headers"] if name != b"host"]
        scope["headers"] = [(b"host", found["host"].encode()), *rest]


def _is_signed(path: str) -> bool:
    return path.startswith("/parser/") and len(path.split("/")) == _SIGNED_PARTS


def _quoted(value: Any) -> str:
    text = safe_text(value)
    return f'"{text}"' if " " in text or '"' in text else text
