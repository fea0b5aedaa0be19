"""How the newsroom misbehaves: what it sends in place of a good answer, and what becomes of its pages."""

from __future__ import annotations

import gzip
import re
import socket
import struct
import zlib
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from lxml import html as lxml_html

from mutations import rename_everything

if TYPE_CHECKING:
    from collections.abc import Callable
    from threading import Event

_MEGABYTE = 1 << 20
_ENDLESS = 64
"""Megabytes after which even an endless body ends."""
_DRIP = 0.25


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """An answer, before it is spoilt."""

    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""

    def having(self, **changed: object) -> Reply:
        return replace(self, **changed)  # type: ignore[arg-type]  # named by the caller

    def head(self, *, length: int | None = None) -> bytes:
        named = {**self.headers, **({} if length is None else {"Content-Length": str(length)})}
        rows = "".join(f"{name}: {value}\r\n" for name, value in named.items())
        return f"HTTP/1.1 {self.status} Told\r\n{rows}\r\n".encode("latin-1")


@dataclass(frozen=True, slots=True)
class Wire:
    """The connection that an answer goes to; a fault may treat it as badly as it likes."""

    socket: socket.socket
    closing: Event
    """Set when the newsroom closes: nobody drips on."""

    def send(self, data: bytes) -> None:
        self.socket.sendall(data)

    def reset(self) -> None:
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.socket.close()


Fault = "Callable[[Wire, Reply], bool]"
"""Sends a spoilt answer; whether the connection may be used again."""


def send(wire: Wire, reply: Reply) -> bool:
    wire.send(reply.head(length=len(reply.body)) + reply.body)
    return True


# --- whole answers of another kind


def _page(title: str, text: str = "", head: str = "") -> bytes:
    return (
        f'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>{head}</head>'
        f"<body><main><h1>{title}</h1><p>{text}</p></main></body></html>"
    ).encode()


CONSENT = _page(
    "We value your privacy",
    "We and our partners store and access cookies on your device. Do you accept and consent to that?",
)
ROBOT = _page(
    "Just a moment...",
    "Verify you are human. Enable JavaScript and cookies to continue.",
    '<script src="/cdn-cgi/challenge-platform/h/b/orchestrate"></script>',
)
LOGIN = _page("Log in", "You must be logged in to read this. Log in to continue.")
MISSING = _page("Page not found", "The page that you are looking for could not be found.")


def _whole(status: int, body: bytes, media_type: str = "text/html; charset=utf-8", **headers: str) -> Fault:
    def fault(wire: Wire, _reply: Reply) -> bool:
        named = {"Content-Type": media_type, **{key.replace("_", "-"): text for key, text in headers.items()}}
        return send(wire, Reply(status=status, headers=named, body=body))

    return fault


def status(code: int, **headers: str) -> Fault:
    return _whole(code, _page(f"{code} Error"), **headers)


def redirect(to: str, code: int = 302) -> Fault:
    return _whole(code, b"", Location=to)


# --- bodies that are not what they say


def _early(wire: Wire, reply: Reply) -> bool:
    wire.send(reply.head(length=len(reply.body)) + reply.body[: len(reply.body) // 2])
    return False


def _cut_gzip(wire: Wire, reply: Reply) -> bool:
    packed = gzip.compress(_plain(reply))
    body = packed[: len(packed) // 2]
    return send(wire, _coded(reply, "gzip", body))


def _bad_sum(wire: Wire, reply: Reply) -> bool:
    packed = bytearray(gzip.compress(_plain(reply)))
    packed[-6] ^= 0xFF
    return send(wire, _coded(reply, "gzip", bytes(packed)))


def _bomb(wire: Wire, reply: Reply) -> bool:
    packer = zlib.compressobj(9, wbits=31)
    packed = b"".join(packer.compress(bytes(_MEGABYTE)) for _ in range(_ENDLESS)) + packer.flush()
    return send(wire, _coded(reply, "gzip", packed))


def _unasked(wire: Wire, reply: Reply) -> bool:
    return send(wire, _coded(reply, "zstd", b"\x28\xb5\x2f\xfd" + _plain(reply)[:200]))


def _cut_chunk(wire: Wire, reply: Reply) -> bool:
    body = reply.body[: len(reply.body) // 2] or b"x"
    named = {**reply.headers, "Transfer-Encoding": "chunked"}
    wire.send(reply.having(headers=named).head() + f"{len(body):x}\r\n".encode() + body + b"\r\n")
    return False


def _cut_close(wire: Wire, reply: Reply) -> bool:
    plain = _plain(reply)
    named = {**_coded(reply, "", b"").headers, "Connection": "close"}
    wire.send(reply.having(headers=named).head() + plain[: len(plain) // 2])
    return False


def _garbage(wire: Wire, reply: Reply) -> bool:
    noise = bytes((i * 167 + i // 7) % 256 for i in range(5000))
    return send(wire, _coded(reply, "", noise))


def _no_http(wire: Wire, _reply: Reply) -> bool:
    wire.send(b"\x15\x03\x01 this is no protocol that anybody speaks\r\n\r\n")
    return False


def _mislabelled(wire: Wire, reply: Reply) -> bool:
    """Says UTF-8 and sends windows-1256, as old Arabic sites do."""
    text = _plain(reply).decode()
    return send(wire, _coded(reply, "", text.encode("windows-1256", "xmlcharrefreplace")))


def _empty(wire: Wire, reply: Reply) -> bool:
    return send(wire, _coded(reply, "", b""))


def _other_type(wire: Wire, reply: Reply) -> bool:
    named = {**_coded(reply, "", b"").headers, "Content-Type": "image/png"}
    return send(wire, reply.having(headers=named, body=b"\x89PNG\r\n\x1a\n" + bytes(500)))


# --- answers without an end


def _huge(wire: Wire, reply: Reply) -> bool:
    wire.send(_coded(reply, "", b"").having(body=b"").head(length=1 << 40))
    for _ in range(_ENDLESS):
        if wire.closing.is_set():
            break
        wire.send(b"<p>more</p>" * (_MEGABYTE // 11))
    return False


def _drip(wire: Wire, reply: Reply) -> bool:
    wire.send(reply.head(length=len(reply.body)))
    for byte in reply.body:
        wire.send(bytes([byte]))
        if wire.closing.wait(_DRIP):
            break
    return False


def _silence(wire: Wire, _reply: Reply) -> bool:
    """Until the other side has had enough."""
    wire.socket.settimeout(_DRIP)
    while not wire.closing.is_set():
        with suppress(TimeoutError):
            if not wire.socket.recv(1):
                break
    return False


def _reset(wire: Wire, _reply: Reply) -> bool:
    wire.reset()
    return False


def _big_head(wire: Wire, reply: Reply) -> bool:
    wire.send(reply.having(headers={"X-Much": "x" * (2 * _MEGABYTE)}).head(length=0))
    return False


def _plain(reply: Reply) -> bytes:
    return gzip.decompress(reply.body) if reply.headers.get("Content-Encoding") == "gzip" else reply.body


def _coded(reply: Reply, coding: str, body: bytes) -> Reply:
    named = {name: text for name, text in reply.headers.items() if name != "Content-Encoding"}
    coded = {**named, "Content-Encoding": coding} if coding else named
    return reply.having(status=200, headers=coded, body=body)


FAULTS: dict[str, Fault] = {
    **{str(code): status(code) for code in (400, 401, 403, 404, 408, 410, 429, 451, 500, 501, 502, 503, 504)},
    "reset": _reset, "early": _early, "cut-gzip": _cut_gzip, "bad-sum": _bad_sum, "cut-chunk": _cut_chunk,
    "cut-close": _cut_close, "drip": _drip, "silence": _silence, "garbage": _garbage, "no-http": _no_http,
    "encoding": _mislabelled, "huge": _huge, "bomb": _bomb, "unasked": _unasked, "big-head": _big_head,
    "empty": _empty, "type": _other_type, "html": _whole(200, _page("Welcome", "Nothing is listed here.")),
    "consent": _whole(200, CONSENT), "robot": _whole(200, ROBOT), "login": _whole(200, LOGIN),
    "robot-403": _whole(403, ROBOT, cf_mitigated="challenge"), "soft-404": _whole(200, MISSING),
    "loop": redirect("?again"), "metadata": redirect("http://169.254.169.254/latest/meta-data/"),
    "file": redirect("file:///etc/passwd"), "nowhere": _whole(302, b""),
}  # fmt: skip
"""By name. Those of the network are quick, but for "drip" and "silence"."""


# --- redesigns: what a site does to all of its pages


def renamed(page: str) -> str:
    """Every class and id has another name."""
    tree = lxml_html.document_fromstring(page)
    rename_everything(tree)
    return _serialised(tree)


def wrapped(page: str) -> str:
    """Everything stands in further elements."""
    return re.sub(
        r"(<body[^>]*>)(.*)(</body>)", r'\1<div class="app"><div>\2</div></div>\3', page, flags=re.DOTALL
    )


def bodiless(page: str) -> str:
    """The text comes by script."""
    tree = lxml_html.document_fromstring(page)
    for node in list(tree.iter("p", "br")):
        node.text = node.tail = None
    for node in tree.xpath("//script|//main//div[@style]"):
        node.text = ""
    for node in tree.xpath("//div[@class]"):
        node.text = None
    return _serialised(tree)


def undated(page: str) -> str:
    """No date anywhere: not in the text, not in the metadata, not in the data."""
    tree = lxml_html.document_fromstring(page)
    for node in tree.xpath("//script|//meta[contains(@property, 'time')]|//time"):
        node.getparent().remove(node)
    for node in tree.xpath("//*[contains(@class,'meta') or contains(@class,'date')]|//main//article/div[1]"):
        if "article-content" not in (node.get("class") or ""):
            node.getparent().remove(node)
    return _serialised(tree)


def identical(_page_before: str) -> str:
    """One article in place of all: the newest build of the site ignores the address."""
    text = "".join(
        f"<p>The same words stand on each page of the site, number {i} of them.</p>" for i in range(9)
    )
    return (
        '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Always the same headline for all</title></head>'
        f"<body><article><h1>Always the same headline for all</h1><div class='article-content entry-content p-content text'>{text}"
        "</div></article></body></html>"
    )


def _serialised(tree: lxml_html.HtmlElement) -> str:
    return lxml_html.tostring(tree, encoding="unicode", doctype="<!DOCTYPE html>")


def _instead(body: bytes) -> Callable[[str], str]:
    return lambda _page: body.decode()


REDESIGNS: dict[str, Callable[[str], str]] = {
    "renamed": renamed, "wrapped": wrapped, "bodiless": bodiless, "undated": undated, "identical": identical,
    "consent": _instead(CONSENT), "robot": _instead(ROBOT), "login": _instead(LOGIN), "soft-404": _instead(MISSING),
}  # fmt: skip
