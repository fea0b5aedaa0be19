"""The polite client: asks each host as it wishes to be asked; gives whole answers, or one kind of error."""

from __future__ import annotations

import re
import threading
from datetime import UTC, datetime
from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from cleanfeed.errors import FetchError
from cleanfeed.fetch.bodies import ACCEPT_ENCODING
from cleanfeed.fetch.courier import Courier, Errand
from cleanfeed.fetch.hosts import Hosts
from cleanfeed.fetch.pacing import Stopped
from cleanfeed.fetch.robots import Robots
from cleanfeed.fetch.settings import Settings
from cleanfeed.fetch.verdict import failure_of, judged, wants_calm

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Callable, Iterable, Mapping

    from cleanfeed.fetch.answer import Answer, Ask
    from cleanfeed.fetch.exchange import Reply
    from cleanfeed.fetch.hosts import HostState

__all__ = ["Fetcher", "Settings"]

_IN_ALL = 2
"""All requests for one address may take this many times as long as one."""
_ACCEPT = {
    "page": "text/html,application/xhtml+xml;q=0.9,*/*;q=0.5",
    "listing": "application/rss+xml,application/atom+xml,application/xml;q=0.9,text/xml;q=0.9,"
    "application/json;q=0.8,text/html;q=0.7,*/*;q=0.5",
    "robots": "text/plain,*/*;q=0.5",
    "form": "*/*",
}
_TAKEN = frozenset({200, 201, 202, 203, 204, 205})
_FIELD = re.compile(r"[\x21-\x7e\x80-\xff]+(?:[ \t]+[\x21-\x7e\x80-\xff]+)*")
"""What a header may hold (RFC 9110), as Latin-1; never the end of a line."""


def _utc_now() -> datetime:
    return datetime.now(UTC)


class Fetcher:
    """Asks the web; many threads may use it."""

    def __init__(
        self, settings: Settings, states: Iterable[HostState] = (), *, now: Callable[[], datetime] = _utc_now
    ) -> None:
        self._settings = settings
        self._now = now
        self._stopped = threading.Event()
        self._hosts = Hosts(states, self._stopped, now())
        robots = Robots(self._ask_for_robots, now)
        self._courier = Courier(settings, self._hosts, self._stopped, rules=robots.rules, now=now)

    @property
    def requests(self) -> Counter[str]:
        """What really went out, by origin: robots.txt, redirects and repeats included."""
        return self._courier.requests

    def get(self, ask: Ask) -> Answer:
        """The answer to what is asked; blocks, at most for a minute besides waiting for its turn.

        Raises `FetchError` only. A host that asked for a pause is not waited for.
        """
        conditions = _conditions(ask)
        errand = self._errand(ask.kind, ask.url, conditions)
        try:
            reply = self._courier.run(errand)
            self._heed(reply)
            answer = judged(ask, reply, self._now(), is_conditional=bool(conditions))
        except Stopped:
            raise FetchError(ask.url, "the build was stopped", "failed") from None
        except FetchError as error:
            self._note(errand, error)
            raise FetchError(ask.url, error.reason, error.kind, error.status) from error
        self._note(errand)
        return answer

    def post(self, url: str, fields: Mapping[str, str]) -> None:
        """Has a form taken by a server that the user has named; blocks and raises as `get` does.

        robots.txt is not asked for: nothing is read. A redirect is not followed.
        """
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        errand = self._errand("form", url, kind, urlencode(fields).encode("ascii"))
        try:
            reply = self._courier.run(errand)
            self._heed(reply)
            if reply.status not in _TAKEN:
                raise failure_of(reply)
        except Stopped:
            raise FetchError(url, "the build was stopped", "failed") from None
        except FetchError as error:
            self._note(errand, error)
            raise FetchError(url, error.reason, error.kind, error.status) from error
        self._note(errand)

    def _note(self, errand: Errand, error: FetchError | None = None) -> None:
        """Tells the hosts how they have answered."""
        if error is not None and not (error.kind == "gone" and self._settings.forgives_gone):
            errand.missed(error)
            return
        for host, requests in errand.sent.items():
            host.worked(requests, self._now())

    def states(self) -> list[HostState]:
        """What to remember of the hosts until the next build."""
        return self._hosts.states()

    def stop(self) -> None:
        """Makes every `get`, waiting or running, end soon with a `FetchError`."""
        self._stopped.set()
        self._hosts.wake()
        self._courier.close()

    def close(self) -> None:
        self._courier.close()

    def _errand(self, kind: str, url: str, headers: Mapping[str, str], form: bytes | None = None) -> Errand:
        usual = {"Accept": _ACCEPT[kind], "Accept-Encoding": ACCEPT_ENCODING}
        return Errand(
            kind=kind,
            start=url,
            headers={**usual, **headers},
            left=_IN_ALL * self._settings.total_seconds,
            form=form,
        )

    def _heed(self, reply: Reply) -> None:
        """A server that is out of service, or has had enough, is left alone."""
        failure = failure_of(reply)
        if failure.kind != "paused":
            return
        if not wants_calm(reply):  # else it was heeded at once
            self._courier.pause(reply)
        raise failure

    def _ask_for_robots(self, url: str) -> tuple[int, bytes]:
        errand = self._errand("robots", url, {})
        try:
            reply = self._courier.run(errand)
            if wants_calm(reply) or reply.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
                raise _of_robots(reply)
        except FetchError as error:
            errand.missed(error)
            raise
        return reply.status, reply.body


def _of_robots(reply: Reply) -> FetchError:
    failure = failure_of(reply)
    if failure.kind == "paused" and not wants_calm(reply):
        return FetchError(failure.page, failure.reason, "failed", failure.status)
    return failure


def _conditions(ask: Ask) -> dict[str, str]:
    fields = {"If-None-Match": ask.etag, "If-Modified-Since": ask.last_modified}
    return {name: value for name, value in fields.items() if value and _FIELD.fullmatch(value)}
