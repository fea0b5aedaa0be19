"""What an answer means: a body, word that nothing has changed, or the reason why there is neither."""

from __future__ import annotations

import re
from http import HTTPStatus
from typing import TYPE_CHECKING

from cleanfeed.errors import FetchError
from cleanfeed.fetch.answer import Answer

if TYPE_CHECKING:
    from datetime import datetime

    from cleanfeed.errors import FetchFailure
    from cleanfeed.fetch.answer import Ask
    from cleanfeed.fetch.exchange import Reply

_MEDIA_TYPE = re.compile(r"\s*([^\s;,]+)")
_CHARSET = re.compile(r";\s*charset\s*=\s*[\"']?([^\s;\"',]+)", re.IGNORECASE)
_GOOD = frozenset({HTTPStatus.OK, HTTPStatus.NON_AUTHORITATIVE_INFORMATION})
_KINDS: dict[int, FetchFailure] = {
    401: "blocked", 403: "blocked", 451: "blocked", 404: "gone", 410: "gone", 429: "paused", 503: "paused",
}  # fmt: skip
_LITTLE = 20_000
"""Bytes; the marks of a check occur in the scripts of large, real pages too."""
_CHECK = re.compile(
    rb"_cf_chl_opt|id=\"challenge-form\"|g-recaptcha-challenge|px-captcha|"
    rb"<title>\s*just a moment\s*(?:\.{3}|\xe2\x80\xa6|&hellip;)?\s*</title>",
    re.IGNORECASE,
)
_DATA = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(?:[{\[]|<(?:\?xml[^>]*>\s*<(?!!doctype\s+html|html)|rss|feed|rdf:|urlset|sitemapindex))",
    re.IGNORECASE,
)
"""How feeds, sitemaps and JSON begin: what they say of robot checks is news."""


def judged(ask: Ask, reply: Reply, now: datetime, *, is_conditional: bool) -> Answer:
    """The answer to what was asked; raises `FetchError` where it is none."""
    if reply.status == HTTPStatus.NOT_MODIFIED:
        return _unchanged(ask, reply, now, is_conditional=is_conditional)
    if reply.status not in _GOOD:
        raise failure_of(reply)
    if not reply.body.strip():
        raise FetchError(reply.url, "the answer was empty", "failed", reply.status)
    if len(reply.body) < _LITTLE and not _DATA.match(reply.body) and _CHECK.search(reply.body):
        raise FetchError(reply.url, "answered with a robot check", "blocked", reply.status)
    content = reply.header("content-type") or ""
    media_type, charset = _MEDIA_TYPE.match(content), _CHARSET.search(content)
    return Answer(
        url=ask.url,
        final=reply.url,
        status=int(HTTPStatus.OK),
        body=reply.body,
        media_type=media_type[1].lower() if media_type else "",
        charset=charset[1] if charset else None,
        etag=reply.header("etag") or None,
        last_modified=reply.header("last-modified") or None,
        retrieved=now,
    )


def _unchanged(ask: Ask, reply: Reply, now: datetime, *, is_conditional: bool) -> Answer:
    if not is_conditional:
        raise FetchError(reply.url, "answered 304 to a request without conditions", "failed", reply.status)
    return Answer(
        url=ask.url,
        final=reply.url,
        status=int(HTTPStatus.NOT_MODIFIED),
        etag=reply.header("etag") or ask.etag,
        last_modified=reply.header("last-modified") or ask.last_modified,
        retrieved=now,
    )


def failure_of(reply: Reply) -> FetchError:
    """What a status that is no success stands for."""
    if reply.is_check:
        return FetchError(reply.url, f"answered {reply.status} with a robot check", "blocked", reply.status)
    kind = _KINDS.get(reply.status, "failed")
    return FetchError(reply.url, f"answered {reply.status}{_note(reply.status)}", kind, reply.status)


def _note(status: int) -> str:
    return " to a request for the whole" if status == HTTPStatus.PARTIAL_CONTENT else ""


def wants_calm(reply: Reply) -> bool:
    """Whether the host asks, in so many words, to be left alone for a while."""
    if reply.is_check:
        return False
    told = reply.status == HTTPStatus.SERVICE_UNAVAILABLE and reply.header("retry-after") is not None
    return told or reply.status == HTTPStatus.TOO_MANY_REQUESTS


def is_worth_repeating(reply: Reply) -> bool:
    """Whether the server failed in a way that may be over in a second."""
    return reply.status >= HTTPStatus.INTERNAL_SERVER_ERROR and not wants_calm(reply) and not reply.is_check
