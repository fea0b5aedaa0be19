"""One request and its answer, over the guarded client: the smallest step of fetching."""

from __future__ import annotations

import re
import time
from collections import deque
from dataclasses import dataclass, replace
from functools import partial
from http import HTTPStatus
from typing import TYPE_CHECKING

import httpx2

from cleanfeed.errors import FetchError
from cleanfeed.fetch.bodies import is_cut, read_body
from cleanfeed.fetch.guard import TROUBLES, Policy, deadline, explain, guarded_client, parsed, refuse_address

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from cleanfeed.errors import FetchFailure
    from cleanfeed.fetch.mirrors import Mirrors

REDIRECTS = frozenset({301, 302, 303, 307, 308})
_TOLD = frozenset({401, 403, 429, 503})
"""Failures whose bodies may tell of a robot check."""
_HAS_BODY = frozenset({HTTPStatus.OK, HTTPStatus.NON_AUTHORITATIVE_INFORMATION})
_CHALLENGE = re.compile(
    rb"cdn-cgi/challenge-platform|_cf_chl_|cf-challenge|cf-turnstile|<title>\s*just a moment|"
    rb"captcha-delivery\.com|px-captcha|_Incapsula_Resource|awswaf|/_sec/cp_challenge|ddos-guard|"
    rb"g-recaptcha|h-captcha|are you a robot|verify(?:ing)? (?:that )?you are (?:a )?human",
    re.IGNORECASE,
)
_LONGEST_TOLD = 256 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """A whole answer, whatever its status."""

    url: str
    """The own address of what answered."""
    status: int
    headers: httpx2.Headers
    body: bytes = b""
    is_cut: bool = False
    """An HTML page that seems to lack its end."""

    def header(self, name: str) -> str | None:
        """The first field of this name, byte for byte."""
        wanted = name.lower().encode()
        values = (value for key, value in self.headers.raw if key.lower() == wanted)
        return next((value.decode("latin-1") for value in values), None)

    @property
    def is_check(self) -> bool:
        """Whether a robot check stands in the way."""
        if self.status not in _TOLD:
            return False
        return "challenge" in (self.header("cf-mitigated") or "") or bool(_CHALLENGE.search(self.body))


@dataclass(frozen=True, slots=True, kw_only=True)
class Miss:
    """No whole answer, and how often it is worth asking again."""

    reason: str
    kind: FetchFailure = "failed"
    status: int | None = None
    repeats: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class How:
    """The way in which one request is sent; times are seconds."""

    headers: Mapping[str, str]
    connect: float
    read: float
    """Until more is heard."""
    total: float
    limit: int
    """Bytes of the body."""
    head: bool
    """Whether the first `limit` bytes are enough."""
    sent: Callable[[], None]
    """Called when the request has been sent."""
    form: bytes | None = None
    """What is posted, in place of a GET; then the body of the answer is not read."""


class Exchange:
    """Sends single requests: to the mirror where there is one, else to the address itself, if it is safe."""

    def __init__(self, mirrors: Mirrors, policy: Policy, *, proxy: str | None, user_agent: str) -> None:
        self._mirrors = mirrors
        self._policy = policy
        # Nobody but a mirror's origin leads to a mirror.
        self._for_own = replace(policy, trusted=frozenset())
        self._client = guarded_client(policy, proxy=proxy, user_agent=user_agent)

    def refusal(self, own: str) -> str | None:
        """Why this address is not even tried; where a mirror stands in for it, its host may be any."""
        target = self._mirrors.target(own)
        return refuse_address(own, self._for_own) if target is None else refuse_address(target, self._policy)

    def close(self) -> None:
        """Ends what is under way as well."""
        self._client.close()

    def send(self, own: str, how: How) -> Reply | Miss:
        """The answer of this address to a GET, or to a form, in time."""
        try:
            with deadline(how.total) as end:
                response = self._client.send(self._request(own, how), stream=True)
                return _read(response, own, end, how)
        except FetchError as error:
            # What was cut short may have been an accident.
            repeats = _repeats(error.__cause__) or int("cut short" in error.reason)
            return Miss(reason=error.reason, kind=error.kind, status=error.status, repeats=repeats)
        except TROUBLES as error:
            return Miss(reason=explain(error), repeats=_repeats(error))

    def _request(self, own: str, how: How) -> httpx2.Request:
        fields = [(name.encode("ascii"), value.encode("latin-1")) for name, value in how.headers.items()]
        timeout = httpx2.Timeout(connect=how.connect, read=how.read, write=how.read, pool=how.connect)
        extensions = {"trace": partial(_trace, how.sent)}
        return self._client.build_request(
            "GET" if how.form is None else "POST",
            parsed(self._mirrors.target(own) or own),
            content=how.form,
            headers=fields,
            timeout=timeout,
            extensions=extensions,
        )


def _trace(sent: Callable[[], None], event: str, _told: object) -> None:
    if event == "http11.send_request_headers.complete":
        sent()


def _repeats(error: BaseException | None) -> int:
    if isinstance(error, httpx2.ConnectError | httpx2.ConnectTimeout | httpx2.ReadError | httpx2.WriteError):
        return 9
    # An idle connection that the server closed just then, or a server that makes no sense.
    return int(isinstance(error, httpx2.RemoteProtocolError))


def _read(response: httpx2.Response, own: str, end: float, how: How) -> Reply:
    status = response.status_code
    if status in _HAS_BODY and how.form is None:  # to a form, the status says all
        body = read_body(response, own, limit=how.limit, deadline=end, head=how.head)
        return Reply(
            url=own, status=status, headers=response.headers, body=body, is_cut=is_cut(body, response)
        )
    return Reply(url=own, status=status, headers=response.headers, body=_told(response, own, end))


def _told(response: httpx2.Response, own: str, end: float) -> bytes:
    """The beginning of what a failure has to say, where it may matter."""
    if response.status_code not in _TOLD:
        if response.status_code == HTTPStatus.NOT_MODIFIED:
            # It has no body; a connection is used again only after an answer that was read to its end.
            deque(response.iter_raw(), maxlen=0)
        response.close()
        return b""
    try:
        return read_body(
            response, own, limit=_LONGEST_TOLD, deadline=min(end, time.monotonic() + 5), head=True
        )
    except FetchError:  # the status has said enough
        return b""
