"""robots.txt: what a host asks of programs, as RFC 9309 has it."""

from __future__ import annotations

import re
import threading
import time
from dataclasses import dataclass
from datetime import timedelta
from http import HTTPStatus
from typing import TYPE_CHECKING, NamedTuple

from protego import Protego

from cleanfeed.errors import FetchError
from cleanfeed.fetch.bodies import ROBOTS_LIMIT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

    from cleanfeed.fetch.hosts import HostState

PRODUCT = "cleanfeed"
"""The name that a robots.txt calls this program by."""
LONGEST_DELAY = 30.0
_FRESH = timedelta(days=1)
_USABLE = timedelta(days=30)
_PATIENCE = 60.0
"""Seconds before a robots.txt that could not be had is asked for again."""

# Whatever else a file holds, a hundred thousand sitemaps or an essay, is not looked at; nor are rules that
# are longer than any address.
_RULE = re.compile(r"^[ \t]*(?:user|allow|dis|dia|crawl|request)[^\n]{0,8000}$", re.IGNORECASE | re.MULTILINE)
_AGENT = re.compile(
    r"^[ \t]*user(?:[ \t-]?agent(?:[ \t]*:|[ \t])|[ \t]+agent[ \t])[ \t]*([^\r\n#]*)[^\n]*",
    re.IGNORECASE | re.MULTILINE,
)
_ANY_RULE = re.compile(r"^[^\n#]*:", re.MULTILINE)
"""A line of whatever name: the next user agent begins another group. Without a colon, a line may be none."""
_ALL, _OTHERS = "User-agent: *", "User-agent: -"
"""All programs; and any but this one."""
_TOKEN = re.compile(r"[A-Za-z_-]+")


@dataclass(frozen=True, slots=True)
class Rules:
    """What one robots.txt asks of this program."""

    parsed: Protego | None = None
    """`None`: nothing at all."""

    def allow(self, url: str) -> bool:
        return self.parsed is None or self.parsed.can_fetch(url, PRODUCT)

    @property
    def delay(self) -> float:
        """Seconds between two requests: of `Crawl-delay` or `Request-rate`, at most 30."""
        if self.parsed is None:
            return 0.0
        rate = self.parsed.request_rate(PRODUCT)
        between = rate.seconds / rate.requests if rate else 0.0
        return min(max(self.parsed.crawl_delay(PRODUCT) or 0.0, between), LONGEST_DELAY)


def parse(text: str) -> Rules:
    """The rules of a robots.txt; a document of another kind, as HTML, has none."""
    text = text.lstrip("\ufeff\0 \t\r\n")
    if not text or text.startswith("<"):
        return Rules()
    lines = _RULE.findall(text.replace("\r\n", "\n").replace("\r", "\n"))
    groups = list(_groups("\n".join(lines)))
    # Those of all programs count only where there is none for this one.
    is_named = any(f"User-agent: {PRODUCT}" in group.agents for group in groups)
    foreign = {_OTHERS, _ALL} if is_named else {_OTHERS}
    return Rules(Protego.parse("\n".join(group.text for group in groups if group.agents - foreign)))


class _Group(NamedTuple):
    """Rules, and whom they are for."""

    agents: frozenset[str]
    text: str


def _groups(text: str) -> Iterator[_Group]:
    """The groups of a robots.txt: to leave out those of others is quick, and to parse them is not."""
    agents: list[str] = []
    parts: list[str] = []
    lines = list(_AGENT.finditer(text))
    ends = [*(line.start() for line in lines[1:]), len(text)]
    for line, end in zip(lines, ends, strict=False):
        agents.append(_named(line))
        parts += [agents[-1], text[line.end() : end]]
        if _ANY_RULE.search(text, line.end(), end):
            yield _Group(frozenset(agents), "".join(parts))
            agents, parts = [], []
    if agents:
        yield _Group(frozenset(agents), "".join(parts))


def _named(line: re.Match[str]) -> str:
    # A group is meant by its whole product token; the parser would also take "clean" for this program.
    agent = line[1].strip()
    token = _TOKEN.match(agent)
    if token is None:
        return f"User-agent: {agent or '-'}"
    return f"User-agent: {PRODUCT}" if token[0].lower() == PRODUCT else _OTHERS


class Robots:
    """The rules of every host, asked for once a day and remembered in the hosts' states.

    `ask` gives status and body for the address of a robots.txt, after redirects, or raises `FetchError`.
    """

    def __init__(self, ask: Callable[[str], tuple[int, bytes]], now: Callable[[], datetime]) -> None:
        self._ask = ask
        self._now = now
        self._lock = threading.Lock()
        self._locks: dict[str, threading.Lock] = {}
        self._rules: dict[str, tuple[str, Rules]] = {}
        self._missed: dict[str, tuple[float, FetchError]] = {}

    def rules(self, state: HostState) -> Rules:
        """What this origin asks; raises `FetchError` where that cannot be had: then nothing may be asked."""
        with self._lock:
            lock = self._locks.setdefault(state.host, threading.Lock())
        with lock:
            if not self._is_young(state, _FRESH):
                self._renew(state)
            return self._parsed(state)

    def _is_young(self, state: HostState, age: timedelta) -> bool:
        if state.robots is None or state.robots_at is None:
            return False
        # A copy from the future tells of a clock that was wrong.
        return timedelta(0) <= self._now() - state.robots_at < age

    def _renew(self, state: HostState) -> None:
        tried, error = self._missed.get(state.host, (0.0, None))
        if error is None or time.monotonic() - tried > _PATIENCE:
            error = self._miss(state)
        if error is not None and not self._is_young(state, _USABLE):
            raise error

    def _miss(self, state: HostState) -> FetchError | None:
        """Asks anew; why that was in vain, if it was."""
        try:
            self._ask_for(state)
        except FetchError as error:
            self._missed[state.host] = (time.monotonic(), error)
            return error
        self._missed.pop(state.host, None)
        return None

    def _ask_for(self, state: HostState) -> None:
        address = f"{state.host}/robots.txt"
        try:
            status, body = self._ask(address)
        except FetchError as error:
            if _is_redirect(error.status):  # more than five: as good as none
                status, body = HTTPStatus.NOT_FOUND, b""
            elif error.kind == "failed":
                raise _unknown(state.host, error.reason, error.status) from error
            else:
                raise
        if not _is_good(status) and not _is_none(status):
            raise _unknown(state.host, f"it answered {status}", status)
        if len(body) >= ROBOTS_LIMIT:
            # The line that the limit cuts in two may mean more than it did: "Disallow: /".
            body = body.rpartition(b"\n")[0]
        state.robots = body.decode("utf-8", "replace") if _is_good(status) else ""
        state.robots_at, state.robots_status = self._now(), status

    def _parsed(self, state: HostState) -> Rules:
        text = state.robots or ""
        known = self._rules.get(state.host)
        if known is None or known[0] is not text:
            known = self._rules[state.host] = (text, parse(text))
        return known[1]


def _unknown(origin: str, reason: str, status: int | None) -> FetchError:
    return FetchError(
        origin, f"robots.txt of {origin.partition('://')[2]} could not be had: {reason}", "failed", status
    )


def _is_good(status: int) -> bool:
    return HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES


def _is_redirect(status: int | None) -> bool:
    return status is not None and HTTPStatus.MULTIPLE_CHOICES <= status < HTTPStatus.BAD_REQUEST


def _is_none(status: int) -> bool:
    return HTTPStatus.BAD_REQUEST <= status < HTTPStatus.INTERNAL_SERVER_ERROR
