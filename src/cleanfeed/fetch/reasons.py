"""Why a request came to nothing, in words: one line, and no address of this machine in it."""

from __future__ import annotations

import errno
import os
import re
import socket
import ssl

import httpcore2
import httpx2

from cleanfeed.text import cut, plain

_LONGEST = 120
_UNKNOWN_NAMES = {socket.EAI_NONAME, getattr(socket, "EAI_NODATA", socket.EAI_NONAME)}
_OUT_OF_REACH = {errno.EHOSTUNREACH, errno.ENETUNREACH, errno.EHOSTDOWN, errno.ENETDOWN}
_DATA = re.compile(r""":?\s*(bytearray\()?b?['"].*""", re.DOTALL)
"""The part of a message where the answer's own bytes begin."""
_LATE: tuple[tuple[tuple[type[Exception], ...], str], ...] = (
    ((httpx2.ConnectTimeout, httpcore2.ConnectTimeout), "it took too long to connect"),
    ((httpx2.WriteTimeout, httpcore2.WriteTimeout), "it took too long to take the request"),
    ((httpx2.PoolTimeout, httpcore2.PoolTimeout), "it took too long to find a free connection"),
    ((httpx2.TimeoutException, httpcore2.TimeoutException, TimeoutError), "it took too long to answer"),
)


def explain(error: BaseException) -> str:
    """The reason behind an error of the network, of TLS or of HTTP."""
    for kinds, reason in _LATE:
        if isinstance(error, kinds):
            return reason
    if isinstance(error, httpx2.RemoteProtocolError | httpcore2.RemoteProtocolError):
        return _of_protocol(str(error))
    root = _root(error)
    if isinstance(root, ssl.SSLError):
        return _of_tls(root)
    if isinstance(root, OSError):
        return _of_network(root)
    return _of_http(root)


def _root(error: BaseException) -> BaseException:
    """The error that the others are about: a cause, or the only argument."""
    for _ in range(10):
        inner = error.args[0] if len(error.args) == 1 else None
        inner = inner if isinstance(inner, BaseException) else error.__cause__
        if inner is None:
            break
        error = inner
    return error


def _of_tls(error: ssl.SSLError) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"its certificate is not valid: {_line(error.verify_message)}"
    name = getattr(error, "reason", None) or "unknown"  # only errors that OpenSSL has made have one
    return f"TLS failed: {_line(name.replace('_', ' ').lower())}"


def _of_network(error: OSError) -> str:
    if isinstance(error, socket.gaierror):
        unknown = error.errno in _UNKNOWN_NAMES
        return "its name is not known" if unknown else "its name could not be looked up"
    if isinstance(error, ConnectionRefusedError):
        return "the connection was refused"
    if isinstance(error, ConnectionError):
        return "the connection was broken off"
    if error.errno in _OUT_OF_REACH:
        return "its host cannot be reached"
    return f"the connection failed: {os.strerror(error.errno) if error.errno else 'unknown'}"


def _of_http(error: BaseException) -> str:
    said = str(error)
    if isinstance(
        error, httpx2.InvalidURL | httpx2.UnsupportedProtocol | httpcore2.UnsupportedProtocol | ValueError
    ):
        return "it is not an address of the web"
    if isinstance(error, httpx2.ProxyError | httpcore2.ProxyError):
        return f"the proxy refused it: {_line(said)}"
    return f"the request failed: {_line(_DATA.sub('', said)) or type(error).__name__}"


def _of_protocol(said: str) -> str:
    if "complete message body" in said or ("chunk" in said and "closed" in said):
        return "cut short"
    if "disconnected" in said or "closed connection" in said:
        return "the connection was closed without an answer"
    return f"its answer is not proper HTTP: {_line(_DATA.sub('', said)) or 'unknown'}"


def _line(said: str) -> str:
    return cut(plain(said), _LONGEST).rstrip(".")
