"""One address on its way: each hop allowed, each request in its turn, repeated where that may help."""

from __future__ import annotations

import re
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from cleanfeed.errors import FetchError
from cleanfeed.fetch.bodies import LISTING_LIMIT, PAGE_LIMIT, ROBOTS_LIMIT
from cleanfeed.fetch.exchange import REDIRECTS, Exchange, How, Miss, Reply
from cleanfeed.fetch.guard import Policy
from cleanfeed.fetch.hosts import origin_of
from cleanfeed.fetch.mirrors import Mirrors
from cleanfeed.fetch.pacing import Budget, Stopped, backoff
from cleanfeed.fetch.verdict import is_worth_repeating, wants_calm
from cleanfeed.text import cut, plain

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from cleanfeed.fetch.hosts import Host, Hosts, HostState
    from cleanfeed.fetch.robots import Rules
    from cleanfeed.fetch.settings import Settings

_MOST_HOPS = 5
_LIMITS = {"page": PAGE_LIMIT, "listing": LISTING_LIMIT, "robots": ROBOTS_LIMIT, "form": 0}
_NAMED = frozenset({"robots", "form"})
"""What is no matter of robots.txt: that itself, and a server that the user has named to be told something."""
_CONTROL = re.compile(r"[\x00-\x1f\x7f]|%(?:[01][0-9a-f]|7f)", re.IGNORECASE)
_LONGEST = 6000
"""Characters of an address that a redirect may lead to."""


@dataclass(slots=True, kw_only=True)
class Errand:
    """One address to be had, and what it has cost so far."""

    kind: str
    start: str
    headers: Mapping[str, str]
    left: float
    """Seconds that all its requests may take from here on."""
    sent: Counter[Host] = field(default_factory=Counter)
    last: Host | None = None
    form: bytes | None = None
    """What is posted; it follows no redirect."""

    def missed(self, error: FetchError) -> None:
        """Tells the host that was asked last."""
        if self.last is not None:
            # What answered in order, if not with what was asked for, is no failing server.
            in_order = error.status is not None and 300 <= error.status < 500  # noqa: PLR2004  # 3xx, 4xx
            self.last.failed(error.kind, is_server=error.kind == "failed" and not in_order)

    def repeat(self) -> None:
        """Counts the last request as one that came to nothing, whatever is answered to the next."""
        if self.last is not None:
            self.sent[self.last] -= 1


class Courier:
    """Runs errands; many threads may use it. `rules` gives what a host's robots.txt asks."""

    def __init__(
        self,
        settings: Settings,
        hosts: Hosts,
        stopped: threading.Event,
        *,
        rules: Callable[[HostState], Rules],
        now: Callable[[], datetime],
    ) -> None:
        self.requests: Counter[str] = Counter()
        """What went out, by origin."""
        self._settings = settings
        self._hosts = hosts
        self._stopped = stopped
        self._rules = rules
        self._now = now
        self._mirrors = Mirrors(settings.mirrors)
        policy = Policy(allow_hosts=frozenset(settings.allow_hosts), trusted=self._mirrors.trusted())
        self._exchange = Exchange(self._mirrors, policy, proxy=settings.proxy, user_agent=settings.user_agent)
        self._budget = Budget()
        self._counting = threading.Lock()

    def close(self) -> None:
        """Ends what is under way as well."""
        self._exchange.close()

    def pause(self, reply: Reply) -> None:
        """Leaves the host alone that has answered so."""
        origin = origin_of(reply.url) or reply.url
        wish = reply.header("retry-after")
        self._hosts.of(origin).pause(origin, f"it answered {reply.status}", wish, self._now())

    # --- hops

    def run(self, errand: Errand) -> Reply:
        """What the address leads to in the end, whatever its status; raises `FetchError` or `Stopped`."""
        url = _whole(errand.start)
        seen: set[str] = set()
        for _hop in range(_MOST_HOPS + 1):
            reply = self._attempt(errand, url, self._allowed(errand, url))
            if reply.status not in REDIRECTS:
                return reply
            if errand.form is not None:
                raise FetchError(url, _elsewhere(reply), "failed", reply.status)
            seen.add(url)
            url = self._led(reply)
            if url in seen:
                raise FetchError(url, "its redirects go in a circle", "failed", reply.status)
        raise FetchError(url, f"it redirects more than {_MOST_HOPS} times", "failed", reply.status)

    def _led(self, reply: Reply) -> str:
        location = reply.header("location") or ""
        reason = "it redirects to no address" if location else "it redirects without an address"
        broken = FetchError(reply.url, reason, "failed", reply.status)
        if not location or len(location) > _LONGEST or _CONTROL.search(location):
            raise broken
        try:
            # Headers are bytes; in practice, those of addresses beyond ASCII are UTF-8.
            return _whole(self._mirrors.led(reply.url, location.encode("latin-1").decode()))
        except ValueError:
            raise broken from None

    def _allowed(self, errand: Errand, url: str) -> float:
        """The host's delay, where this address may be asked for at all, and now."""
        origin = origin_of(url)
        refusal = self._exchange.refusal(url)
        if origin is None or refusal:
            reason = refusal or "only plain http and https addresses are asked for"
            raise FetchError(url, _way(errand, url) + reason, "refused")
        if not self._settings.is_welcome(url):
            raise FetchError(url, f"{_way(errand, url)}no loaded outlet claims its host", "refused")
        host = self._hosts.of(origin)
        host.check(self._now())
        if errand.kind in _NAMED:
            return self._settings.delay
        rules = self._rules(host.state(origin))
        if not rules.allow(url):
            name = origin.partition("://")[2]
            raise FetchError(url, f"{_way(errand, url)}robots.txt of {name} does not allow it", "refused")
        return max(self._settings.delay, rules.delay)

    # --- requests

    def _attempt(self, errand: Errand, url: str, delay: float) -> Reply:
        """An answer of whatever status, after as many repeats as may help."""
        outcome = self._once(errand, url, delay)
        number = 0
        while number < self._repeats(outcome) and errand.left > 0 and self._budget.take():
            if self._stopped.wait(backoff(number) * self._settings.haste):
                raise Stopped
            if isinstance(outcome, Miss) or not outcome.is_cut:  # that is an answer all the same
                errand.repeat()
            outcome = self._once(errand, url, delay)
            number += 1
        if isinstance(outcome, Miss):
            raise FetchError(url, outcome.reason, outcome.kind, outcome.status)
        return outcome

    def _repeats(self, outcome: Reply | Miss) -> int:
        if isinstance(outcome, Miss):
            wanted = outcome.repeats
        elif is_worth_repeating(outcome):
            wanted = self._settings.retries
        else:
            wanted = int(outcome.is_cut)
        return min(wanted, self._settings.retries)

    def _once(self, errand: Errand, url: str, delay: float) -> Reply | Miss:
        origin = origin_of(url) or url
        host = self._hosts.of(origin)
        host.check(self._now())
        with host.gate.slot(delay=delay, at_once=host.at_once) as sent:
            host.let_out(self._now())
            errand.sent[host] += 1
            errand.last = host
            self._count(origin, 1)
            outcome = self._send(errand, url, sent)
            # Before the next request to the host may begin:
            if isinstance(outcome, Reply) and wants_calm(outcome):
                self.pause(outcome)
        if isinstance(outcome, Miss) and outcome.kind == "refused":
            host.take_back()
            self._count(origin, -1)
        return outcome

    def _send(self, errand: Errand, url: str, sent: Callable[[], None]) -> Reply | Miss:
        how = How(
            headers=errand.headers,
            connect=self._settings.connect_seconds,
            read=self._settings.read_seconds,
            total=min(self._settings.total_seconds, errand.left),
            limit=_LIMITS[errand.kind],
            head=errand.kind == "robots",
            sent=sent,
            form=errand.form,
        )
        begun = time.monotonic()
        try:
            outcome = self._exchange.send(url, how)
        except RuntimeError:  # a client that was closed says so
            if not self._stopped.is_set():
                raise
            raise Stopped from None
        errand.left -= time.monotonic() - begun
        if isinstance(outcome, Miss) and self._stopped.is_set():
            raise Stopped
        return outcome

    def _count(self, origin: str, number: int) -> None:
        with self._counting:
            self.requests[origin] += number
        self._budget.count(number)


def _whole(url: str) -> str:
    """The address without its fragment, which servers never see."""
    return url.partition("#")[0]


def _elsewhere(reply: Reply) -> str:
    location = cut(plain(reply.header("location") or "nowhere"), 200)
    return f"it redirects to {location}, where nothing is posted; name that address"


def _way(errand: Errand, url: str) -> str:
    """How an address came to be asked for, where nobody named it."""
    return "" if url == _whole(errand.start) else f"it redirects to {cut(plain(url), 200)}: "
