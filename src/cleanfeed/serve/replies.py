"""Answers as HTTP wants them: validators, conditions, compression, and what browsers may do with them."""

from __future__ import annotations

import re
import time
from email.utils import formatdate, parsedate_to_datetime
from typing import TYPE_CHECKING, Any, Final

from starlette.responses import Response

from cleanfeed.serve.answers import as_failure, dumped

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.datastructures import Headers
    from starlette.types import Receive, Scope, Send

    from cleanfeed.serve.files import File
    from cleanfeed.serve.gate import Refusal

_PIECE = 64 * 1024
"""Bytes that are written at a time: a reader that is slow holds no more of our memory."""
_FRESH = 300
"""Seconds that a feed may be taken from a cache."""
_ENTITY_TAG = re.compile(r'(?:W/)?("[^"]*")')
_NO_GZIP = re.compile(r"(?:^|,)\s*(?:gzip|x-gzip)\s*;\s*q=0(?:\.0*)?\s*(?:,|$)", re.IGNORECASE)
_GZIP = re.compile(r"(?:^|[,\s])(?:gzip|x-gzip)\s*(?:[;,]|$)|(?:^|[,\s])\*\s*(?:,|$)", re.IGNORECASE)
SAFE: Final = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Frame-Options": "DENY",
}
"""What every answer says."""
CLOSED: Final = "default-src 'none'; frame-ancestors 'none'; sandbox"
OF_PAGES: Final = (
    "frame-ancestors 'none'; object-src 'none'; base-uri 'none'; sandbox allow-scripts allow-same-origin "
    "allow-popups allow-popups-to-escape-sandbox allow-top-navigation-by-user-activation allow-downloads"
)
"""Our own pages name in themselves, by its hash, the script that may run."""


class Pieces(Response):
    """A body that is written piece by piece."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002  # as ASGI has it
        start = {"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers}
        await send(start)
        body = bytes(self.body) if scope["method"] != "HEAD" else b""
        for at in range(0, max(1, len(body)), _PIECE):
            piece = {"type": "http.response.body", "body": body[at : at + _PIECE]}
            await send({**piece, "more_body": at + _PIECE < len(body)})


def of_file(file: File, asked: Headers, *, cache: str = "public") -> Response:
    """The file, or word that the caller has it already."""
    packed = file.packed if _takes_gzip(asked.get("accept-encoding", "")) else None
    etag = file.etag if packed is None else f'{file.etag[:-1]}-gz"'
    headers = {
        "ETag": etag,
        # A time to come would be no time of a change.
        "Last-Modified": formatdate(min(file.changed, time.time()), usegmt=True),
        "Cache-Control": f"{cache}, max-age={_FRESH}",
        "Vary": "Accept-Encoding",
        "Content-Security-Policy": OF_PAGES if file.media_type.startswith("text/html") else CLOSED,
    }
    if _has(asked, etag, file.changed):
        return Response(status_code=304, headers=headers)
    headers["Content-Type"] = file.media_type
    if packed is not None:
        headers["Content-Encoding"] = "gzip"
    return Pieces(file.content if packed is None else packed, headers=headers)


def of_json(said: dict[str, Any], status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    usual = {
        "Content-Type": "application/json; charset=utf-8",
        "Cache-Control": "no-store",
        "Content-Security-Policy": CLOSED,
    }
    return Pieces(dumped(said), status_code=status, headers={**usual, **(headers or {})})


def of_failure(status: int, message: object, headers: Mapping[str, str] | None = None) -> Response:
    return of_json(as_failure(message), status, headers)


def of_fault() -> Response:
    return of_failure(500, "the server has failed; its log tells more")


def of_refusal(refusal: Refusal) -> Response:
    return of_failure(refusal.status, refusal.message, refusal.headers)


def _takes_gzip(accepted: str) -> bool:
    return bool(_GZIP.search(accepted)) and not _NO_GZIP.search(accepted)


def _has(asked: Headers, etag: str, changed: float) -> bool:
    """Whether the caller has these bytes; what it knows of tags counts before what it knows of times."""
    tags = ",".join(asked.getlist("if-none-match"))
    if tags:
        return tags.strip() == "*" or etag in _ENTITY_TAG.findall(tags)
    since = asked.get("if-modified-since")
    if not since:
        return False
    try:
        return int(changed) <= parsedate_to_datetime(since).timestamp()
    except (ValueError, TypeError, OverflowError):  # a date that is none is no condition
        return False
