"""The way out to the web: to public addresses only, whatever a page, a redirect or a name server says."""

from __future__ import annotations

import math
import queue
import socket
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from http.cookiejar import CookieJar
from typing import TYPE_CHECKING, Any

import httpcore2
import httpx2

from cleanfeed.addresses import is_public_host
from cleanfeed.errors import ConfigError, FetchError
from cleanfeed.fetch.connections import Stream, TimedSocket, deadline, left, until
from cleanfeed.fetch.reasons import explain

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable, Iterable

__all__ = ["TROUBLES", "Policy", "deadline", "explain", "guarded_client", "parsed", "refuse_address", "until"]

PORTS = frozenset({80, 443, 8080, 8443})
TROUBLES = (httpx2.HTTPError, httpx2.InvalidURL, httpx2.StreamError, httpcore2.ProtocolError, OSError)
"""All that sending a request and reading its answer may raise besides `FetchError`."""

_USUAL_PORTS = {"http": 80, "https": 443}
_TIMES = httpx2.Timeout(connect=5.0, read=10.0, write=10.0, pool=10.0)
_IDLE = 10.0
"""Seconds that an unused connection is kept."""
_MOST_TRIES = 4
"""Addresses of one name that are tried."""
_MOST_HEADER = 64 * 1024
_HINT = "[fetch] allow_hosts opens hosts by name"


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """What may be asked besides the public web."""

    allow_hosts: frozenset[str] = frozenset()
    """Names of hosts that may have private addresses; they may have any port too."""
    trusted: frozenset[tuple[str, int]] = frozenset()
    """Hosts and ports that are not checked at all, as those of mirrors."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "allow_hosts", frozenset(map(_bare, self.allow_hosts)))
        object.__setattr__(self, "trusted", frozenset((_bare(host), port) for host, port in self.trusted))

    def opens(self, host: str, port: int) -> bool:
        """Whether the host is not held to what a public one is."""
        return _bare(host) in self.allow_hosts or (_bare(host), port) in self.trusted


def _bare(host: str) -> str:
    return host.lower().strip("[]").rstrip(".")


def refuse_address(url: str, policy: Policy) -> str | None:
    """Why this address is not even tried, or `None`; its host's name is not looked up."""
    try:
        return _refuse(parsed(url), policy)
    except (httpx2.InvalidURL, ValueError):
        return "it is not an address of the web"


# The same address is looked at, made a request of, and looked at once more when that is sent.
@lru_cache(maxsize=256)
def parsed(url: str) -> httpx2.URL:
    """The address in its parts; raises `InvalidURL` for what is none."""
    return httpx2.URL(url)


def _refuse(url: httpx2.URL, policy: Policy) -> str | None:
    host = url.raw_host.decode("ascii")
    if url.scheme not in _USUAL_PORTS or not host:
        return "only http and https addresses are asked for"
    port = _USUAL_PORTS[url.scheme] if url.port is None else url.port
    if url.userinfo and (_bare(host), port) not in policy.trusted:
        return "its address holds a user name"
    return _refuse_host(host, port, policy)


def _refuse_host(host: str, port: int, policy: Policy) -> str | None:
    if policy.opens(host, port):
        return None
    if port not in PORTS:
        return f"port {port} is not one of the web ({', '.join(map(str, sorted(PORTS)))})"
    return None if is_public_host(host) else f"its host is not one of the public web; {_HINT}"


def guarded_client(
    policy: Policy, *, proxy: str | None, user_agent: str, connections: int = 64
) -> httpx2.Client:
    """A client of the public web that follows no redirect, keeps no cookie and heeds no proxy but the given.

    An address that the policy does not open is refused with `FetchError`, wherever it came from. `close` may
    be called by any thread: what is under way ends with one of `TROUBLES`.
    """
    return httpx2.Client(
        transport=_Transport(policy, proxy, connections),
        headers={"User-Agent": user_agent, "Accept-Encoding": "gzip"},
        cookies=_NoCookies(),
        timeout=_TIMES,
        follow_redirects=False,
        trust_env=False,
    )


# --- connections


class _NoCookies(CookieJar):
    def extract_cookies(self, *_: object) -> None:
        """Not even read: what comes from the web may be made to be slow."""


class _Refused(Exception):
    """The reason why a connection was not made."""


class _Transport(httpx2.HTTPTransport):
    def __init__(self, policy: Policy, proxy: str | None, connections: int) -> None:
        hop = httpx2.Proxy(proxy, ssl_context=_tls_to(proxy)) if proxy else None
        limits = httpx2.Limits(
            max_connections=connections, max_keepalive_connections=connections, keepalive_expiry=_IDLE
        )
        # The certificates that SSL_CERT_FILE names are the user's wish, unlike proxies in the environment.
        super().__init__(verify=_tls(), trust_env=False, limits=limits, proxy=hop)
        self._policy = policy
        self._unwanted = threading.Event()
        backend = _Backend(_with_hop(policy, hop), self._unwanted)
        self._pool._network_backend = backend  # noqa: SLF001  # no public way; a test watches it

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        reason = _refuse(request.url, self._policy)
        if reason is not None:
            raise FetchError(str(request.url), reason, "refused")
        try:
            response = super().handle_request(request)
        except _Refused as refused:
            raise FetchError(str(request.url), str(refused), "refused") from None
        if sum(len(name) + len(value) + 4 for name, value in response.headers.raw) > _MOST_HEADER:
            response.close()
            raise httpx2.RemoteProtocolError("header too long")
        return response

    def close(self) -> None:
        self._unwanted.set()
        super().close()

    def __exit__(self, *_: object) -> None:
        self.close()


def _tls() -> ssl.SSLContext:
    try:
        return httpx2.create_ssl_context()
    except OSError as error:
        reason = error.strerror or "they are none"
        raise ConfigError(f"the certificates that SSL_CERT_FILE or SSL_CERT_DIR names: {reason}") from error


def _tls_to(proxy: str) -> ssl.SSLContext | None:
    if not proxy.lower().startswith("https:"):
        return None
    context = _tls()
    context.sslsocket_class = TimedSocket
    return context


def _with_hop(policy: Policy, hop: httpx2.Proxy | None) -> Policy:
    """The policy for connections: only there is the proxy itself a place to go to."""
    if hop is None:
        return policy
    port = hop.url.port or _USUAL_PORTS[hop.url.scheme]
    return replace(policy, trusted=policy.trusted | {(hop.url.raw_host.decode("ascii"), port)})


class _Backend(httpcore2.SyncBackend):
    """Looks a name up once, and connects to an address that it has seen to be public."""

    def __init__(self, policy: Policy, unwanted: threading.Event) -> None:
        self._policy = policy
        self._unwanted = unwanted

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore2.NetworkStream:
        reason = _refuse_host(host, port, self._policy)
        if reason is not None:
            raise _Refused(reason)
        with until(math.inf if timeout is None else time.monotonic() + timeout):
            addresses = _looked_up(host, port)
            if not self._policy.opens(host, port) and not all(map(is_public_host, addresses)):
                raise _Refused(f"its name leads to an address that is not public; {_HINT}")
            connect = partial(super().connect_tcp, local_address=local_address, socket_options=socket_options)
            return Stream(_first_that_answers(connect, addresses[:_MOST_TRIES], port), self._unwanted)

    def connect_unix_socket(
        self,
        path: str,  # noqa: ARG002  # as in the base class
        timeout: float | None = None,  # noqa: ARG002  # as in the base class
        socket_options: Iterable[Any] | None = None,  # noqa: ARG002  # as in the base class
    ) -> httpcore2.NetworkStream:
        raise _Refused("a socket of this machine is no address of the web")


def _looked_up(host: str, port: int) -> list[str]:
    """The numeric addresses of a host, each once, in the order of preference."""
    answers: queue.SimpleQueue[list[str] | Exception] = queue.SimpleQueue()

    def ask() -> None:
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
            answers.put(list(dict.fromkeys(str(address[0]) for *_, address in found)))
        except (OSError, ValueError) as error:  # a ValueError: a name that no name server can be asked for
            answers.put(error)

    # Nothing else ends a lookup that hangs.
    threading.Thread(target=ask, name="lookup", daemon=True).start()
    try:
        answer = answers.get(timeout=left(None, httpcore2.ConnectTimeout))
    except queue.Empty:
        raise httpcore2.ConnectTimeout("its name was not found in time") from None
    if isinstance(answer, Exception) or not answer:
        raise httpcore2.ConnectError(answer or "its name has no address")
    return answer


def _first_that_answers(
    connect: Callable[..., httpcore2.NetworkStream], addresses: list[str], port: int
) -> httpcore2.NetworkStream:
    for untried in range(len(addresses), 1, -1):
        seconds = left(None, httpcore2.ConnectTimeout)
        with suppress(httpcore2.ConnectError, httpcore2.ConnectTimeout):
            return connect(addresses[-untried], port, seconds and seconds / untried)
    return connect(addresses[-1], port, left(None, httpcore2.ConnectTimeout))
