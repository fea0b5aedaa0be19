"""Who may ask: not too often, under a name of ours, and with the token where one is wanted."""

from __future__ import annotations

import base64
import binascii
import hmac
import math
import re
from collections import OrderedDict, deque
from dataclasses import dataclass
from ipaddress import ip_address
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from cleanfeed.keys import Serve

REQUESTS = 400
"""How many requests one client may make …"""
SECONDS = 10.0
"""… in so many seconds."""
_CLIENTS = 1024
_PORT = re.compile(r":\d{1,5}\Z")


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """Why a request is not answered."""

    status: int
    message: str
    headers: Mapping[str, str]


class Pace:
    """Counts the requests of each client, the latest clients alone."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._clients: OrderedDict[str, deque[float]] = OrderedDict()

    def wait(self, client: str) -> int:
        """Counts a request; how many seconds the client has to wait instead, 0 if it need not."""
        now = self._now()
        times = self._clients.setdefault(client, deque())
        self._clients.move_to_end(client)
        if len(self._clients) > _CLIENTS:
            self._clients.popitem(last=False)
        while times and times[0] <= now - SECONDS:
            times.popleft()
        if len(times) >= REQUESTS:
            return max(1, math.ceil(times[0] + SECONDS - now))
        times.append(now)
        return 0


class Gate:
    """The rules of one server."""

    def __init__(self, rules: Serve, names: frozenset[str], now: Callable[[], float]) -> None:
        self._token = rules.token
        self._user = rules.feedbin_user
        self._secret = rules.feedbin_secret
        self._names = names
        self._pace = Pace(now)

    def too_often(self, client: str) -> Refusal | None:
        wait = self._pace.wait(client)
        if not wait:
            return None
        message = f"more than {REQUESTS} requests in {SECONDS:g} s; wait {wait} s"
        return Refusal(status=429, message=message, headers={"Retry-After": str(wait)})

    def strange_host(self, host: str) -> Refusal | None:
        """Refuses names that lead here without being ours: a page in a browser may use such a one."""
        name = _PORT.sub("", host).strip("[]").rstrip(".").lower()
        if self._token or not host or name in self._names or _is_loopback(name):
            return None
        return Refusal(status=403, message="this server is not asked under that name", headers={})

    def without_token(self, header: str, parameter: str) -> Refusal | None:
        """Refuses whoever has not said the token, in the header or in the address."""
        if self._token is None or any(_same(said, self._token) for said in (parameter, *_said(header))):
            return None
        wanted = 'Bearer realm="cleanfeed", Basic realm="cleanfeed", charset="UTF-8"'
        message = "a token is wanted: Authorization: Bearer TOKEN, or ?token=TOKEN"
        return Refusal(status=401, message=message, headers={"WWW-Authenticate": wanted})

    def unsigned(self, user: str, signature: str, address: str) -> Refusal | None:
        """Refuses an address that nobody who knows Feedbin's secret has signed."""
        if self._secret is None:
            message = "signed addresses are not answered: [serve] feedbin_secret is not set"
            return Refusal(status=403, message=message, headers={})
        made = hmac.new(self._secret.encode(), address.encode("utf-8", "surrogateescape"), "sha1").hexdigest()
        is_user = self._user is None or _same(user, self._user)
        if _same(signature.lower(), made) and is_user:
            return None
        return Refusal(status=403, message="the signature is not that of this address", headers={})


def decoded(text: str) -> str | None:
    """The address in url-safe base64, with or without its padding; `None` if there is none."""
    try:
        raw = text.strip().rstrip("=").replace("+", "-").replace("/", "_")
        return base64.b64decode(raw + "=" * (-len(raw) % 4), altchars=b"-_", validate=True).decode()
    except (binascii.Error, ValueError):
        return None


def _said(header: str) -> list[str]:
    """The token of an Authorization header; of Basic, which browsers and readers know, it is the password."""
    scheme, _, value = header.strip().partition(" ")
    value = value.strip()
    if scheme.lower() == "bearer":
        return [value]
    if scheme.lower() == "basic":
        return [(decoded(value) or "").partition(":")[2]]
    return []


def _same(said: str, wanted: str) -> bool:
    return hmac.compare_digest(said.encode("utf-8", "surrogateescape"), wanted.encode())


def _is_loopback(name: str) -> bool:
    try:
        return name == "localhost" or ip_address(name).is_loopback
    except ValueError:
        return False
