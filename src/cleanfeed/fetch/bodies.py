"""Bodies of answers: whole, decoded, in time and within bounds, or not at all."""

from __future__ import annotations

import re
import time
import zlib
from typing import TYPE_CHECKING, Any, Protocol

from cleanfeed.errors import FetchError
from cleanfeed.fetch.guard import TROUBLES, explain, until

try:
    import brotli
except ImportError:  # it is an extra
    brotli = None

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    import httpx2

_MIB = 1024 * 1024
PAGE_LIMIT = 5 * _MIB
LISTING_LIMIT = 10 * _MIB
ROBOTS_LIMIT = 500 * 1024

_STEP = 64 * 1024
"""Bytes that are decoded at a time."""
_MOST_CODINGS = 2
_MOST_GROWTH = 200
"""Times that data may grow by decoding, once it has passed 1 MiB."""
_MOST_MEMBERS = 1000
_GZIP = zlib.MAX_WBITS | 16
_MAGIC = b"\x1f\x8b"
_END = re.compile(rb"</(html|body)\s*>", re.IGNORECASE)
_TAIL = 16 * 1024
"""Bytes at a page's end in which its last tag is looked for: scripts and remarks may follow it."""
_PAGES = frozenset({"text/html", "application/xhtml+xml"})


class _Spoilt(Exception):
    """Why a body cannot be used."""


def read_body(
    response: httpx2.Response, url: str, *, limit: int, deadline: float, head: bool = False
) -> bytes:
    """The body without its content codings; every failure is a `FetchError` of kind "failed".

    The response was sent with `stream=True`, and is closed afterwards. `limit` is in bytes, before and after
    decoding; `deadline` is a value of `time.monotonic`. With `head`, the first `limit` bytes are enough.
    """
    try:
        with until(deadline):
            return _read(response, limit, deadline, head=head)
    except _Spoilt as spoilt:
        raise FetchError(url, str(spoilt), status=response.status_code) from None
    except TROUBLES as error:
        raise FetchError(url, explain(error), status=response.status_code) from error
    finally:
        response.close()


def _read(response: httpx2.Response, limit: int, deadline: float, *, head: bool) -> bytes:
    coders = _coders(_codings(response.headers))
    declared = response.headers.get("content-length", "")
    if not head and declared.isdecimal() and int(declared) > limit:
        raise _Spoilt(_too_large(limit))
    pieces = _in_time(response.iter_raw(), deadline)
    for coder in coders:
        pieces = _decoded(_within(pieces, limit + _MIB if head else limit), coder)
    body = bytearray()
    for piece in pieces:
        body += piece
        if len(body) > limit:
            if head:
                return bytes(body[:limit])
            raise _Spoilt(_too_large(limit))
    return bytes(body)


def is_cut(body: bytes, response: httpx2.Response) -> bool:
    """Whether an HTML page lacks its end, and nothing else told how long it is: it may be cut short."""
    headers = response.headers
    if "content-length" in headers or "transfer-encoding" in headers or _codings(headers):
        return False
    media_type = headers.get("content-type", "text/html").partition(";")[0].strip().lower()
    # In UTF-16 each letter of a tag comes with a NUL.
    return media_type in _PAGES and not _END.search(body[-_TAIL:].replace(b"\x00", b""))


# --- bounds


def _too_large(limit: int) -> str:
    return f"too large: more than {limit / _MIB:.2g} MiB"


def _in_time(pieces: Iterable[bytes], deadline: float) -> Iterator[bytes]:
    for piece in pieces:
        if time.monotonic() > deadline:
            raise _Spoilt("it took too long to answer")
        yield piece


def _within(pieces: Iterable[bytes], limit: int) -> Iterator[bytes]:
    size = 0
    for piece in pieces:
        size += len(piece)
        if size > limit:
            raise _Spoilt(_too_large(limit))
        if piece:
            yield piece


# --- content codings


class _Coder(Protocol):
    @property
    def ended(self) -> bool:
        """Whether the data was whole."""

    def feed(self, data: bytes) -> Iterator[bytes]:
        """What the data decodes to, in pieces of about `_STEP` bytes."""


def _decoded(pieces: Iterable[bytes], coder: _Coder) -> Iterator[bytes]:
    taken = given = 0
    for piece in pieces:
        taken += len(piece)
        for out in coder.feed(piece):
            given += len(out)
            if given > max(_MIB, _MOST_GROWTH * taken):
                raise _Spoilt(f"too large: decoding makes it more than {_MOST_GROWTH} times as long")
            yield out
    if not coder.ended:
        raise _Spoilt("cut short")


class _Gunzip:
    """Members of gzip, one after another; what follows the last of them is left out."""

    def __init__(self) -> None:
        self._member: Any = None
        self._members = 0
        self._held = b""
        self._is_over = False

    @property
    def ended(self) -> bool:
        return self._members > 0 and self._member is None

    def feed(self, data: bytes) -> Iterator[bytes]:
        data = self._held + data
        while data and self._begin(data):
            try:
                yield from _inflated(self._member, data)
            except zlib.error:
                raise _Spoilt("its gzip coding is damaged") from None
            data = self._member.unused_data
            if self._member.eof:
                self._member = None

    def _begin(self, data: bytes) -> bool:
        """Whether a member is open, or the data begins one."""
        if self._member is None and not self._is_over:
            is_member = not self._members or data.startswith(_MAGIC)
            self._held = b"" if is_member or not _MAGIC.startswith(data) else data
            self._is_over = not is_member and not self._held
            if is_member:
                self._open()
        return self._member is not None

    def _open(self) -> None:
        self._members += 1
        if self._members > _MOST_MEMBERS:
            raise _Spoilt(f"too large: more than {_MOST_MEMBERS} members of gzip")
        self._member = zlib.decompressobj(_GZIP)


def _inflated(member: Any, data: bytes) -> Iterator[bytes]:
    while True:
        yield member.decompress(data, _STEP)
        data = member.unconsumed_tail
        if member.eof or not data:
            return


class _Unbrotli:
    def __init__(self) -> None:
        self._decompressor = brotli.Decompressor()

    @property
    def ended(self) -> bool:
        return bool(self._decompressor.is_finished())

    def feed(self, data: bytes) -> Iterator[bytes]:
        try:
            out = self._decompressor.process(data, output_buffer_limit=_STEP)
            # It may accept more data and yet have some output left.
            while out or not self._decompressor.can_accept_more_data():
                yield out
                out = self._decompressor.process(b"", output_buffer_limit=_STEP)
        except brotli.error:
            raise _Spoilt("its br coding is damaged") from None


_CODERS: dict[str, Callable[[], _Coder]] = {"gzip": _Gunzip, "x-gzip": _Gunzip}
# Before 1.2 the package cannot bound what it gives.
if brotli is not None and hasattr(brotli.Decompressor, "can_accept_more_data"):
    _CODERS["br"] = _Unbrotli
ACCEPT_ENCODING = ", ".join(each for each in ("gzip", "br") if each in _CODERS)


def _codings(headers: httpx2.Headers) -> list[str]:
    """The names of a body's content codings, in the order in which they were applied."""
    named = re.split(r"[\s,]+", headers.get("content-encoding", "").lower())
    return [name for name in named if name not in {"", "identity"}]


def _coders(names: list[str]) -> list[_Coder]:
    """The decoders of these codings, the first to be used first."""
    if len(names) > _MOST_CODINGS:
        raise _Spoilt(f"{len(names)} content codings, one inside the other")
    unasked = [name for name in names if name not in _CODERS]
    if unasked:
        raise _Spoilt(f"its content coding {unasked[0][:20]!r} was not asked for")
    return [_CODERS[name]() for name in reversed(names)]
