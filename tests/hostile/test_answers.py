"""Answers that are bombs, cut, endless or no HTTP: whole pages come through, all else is refused in time."""

from __future__ import annotations

import gzip
import re
import subprocess
import sys
import time
import urllib.request
import zlib
from functools import cache

import brotli
import httpx2
import pytest

from cleanfeed.encoding import check_html, decode
from cleanfeed.errors import CleanfeedError
from cleanfeed.fetch import courier
from cliparts import environment
from faultserver import Drip, Endless, FaultServer, Wait, answer, chunked, tls_pair
from fetchparts import HARBOUR, ask, fetcher, tidy_web
from hostile.readers import article
from hostile.rows import cases, controls

__all__ = ["tidy_web"]
MIB = 1 << 20
PAGE = article("<p>Another paragraph of a story.</p>" * 2000)
ZIPPED, PRESSED = gzip.compress(PAGE, mtime=0), brotli.compress(PAGE)
CUT, DAMAGED, LARGE, LATE, HTTP = "cut short", "damaged", "too large", "too long", "not proper HTTP"


def coded(data, coding="gzip", **options):
    return answer(data, headers=(f"Content-Encoding: {coding}",), **options)


@cache
def bomb(coding):
    """512 MiB of nothing in less than one."""
    if coding == "br":
        press = brotli.Compressor(quality=3)
        return b"".join(press.process(bytes(MIB)) for _ in range(512)) + press.finish()
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    head = packer.compress(bytes(MIB)) + packer.flush(zlib.Z_FULL_FLUSH)
    packed = head + (packer.compress(bytes(MIB)) + packer.flush(zlib.Z_FULL_FLUSH)) * 511
    return packed if coding == "gzip" else gzip.compress(packed)


BOMBS = {
    "H38": {"gzip": ("gzip", LARGE)},
    "H39": {"br": ("br", LARGE), "gzip in gzip": ("gzip, gzip", LARGE)},
}
HEAD = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"


def headed(lines, end=b"\r\n\r\n"):
    return f"{HEAD}{lines}".encode() + end + PAGE


ANSWERS = {
    "H39": {
        "a coding that nobody asked for": ((coded(b"\x28\xb5\x2f\xfd" + PAGE, "zstd"),), "was not asked for"),
        "two hundred codings": ((coded(PAGE, ", ".join(["gzip"] * 200)),), "200 content codings"),
    },
    "H40": {
        "half of gzip under its right length": ((coded(ZIPPED[: len(ZIPPED) // 2]),), CUT),
        "a wrong checksum": ((coded(ZIPPED[:-8] + b"1234" + ZIPPED[-4:]),), DAMAGED),
        "junk behind gzip": ((coded(ZIPPED + b"junk"),), PAGE),
        "two members": ((coded(gzip.compress(PAGE[:99]) + gzip.compress(PAGE[99:])),), PAGE),
        "half of br": ((coded(PRESSED[: len(PRESSED) // 2], "br"),), CUT),
    },
    "H41": {
        "fewer bytes than told": ((answer(PAGE, send=PAGE[:900]),), CUT),
        "a chunk that ends early": ((chunked(PAGE)[:-500],), CUT),
        "no length, and an early end": ((answer(PAGE, length=None, send=PAGE[:900]),), CUT),
    },
    "H42": {
        "a megabyte a second": ((answer(length=None), Endless(b"x" * 50_000, 0.05)), LARGE),
        "chunks": ((chunked(b"", end=b""), Endless(b"2000\r\n" + b"x" * 8192 + b"\r\n")), LARGE),
    },
    "H43": {
        "a head by drops": ((Drip(answer(PAGE)[:60], 0.06), answer(PAGE)[60:]), LATE),
        "a body by drops": ((answer(PAGE, send=b""), Drip(PAGE[:60], 0.06), PAGE[60:]), LATE),
        "silence": ((Wait(),), LATE),
    },
    "H44": {
        "two megabytes of a head": ((headed(f"X-Much: {'x' * (2 * MIB)}"),), HTTP),
        "20,000 fields": ((headed("\r\n".join(f"X-{n}: x" for n in range(20_000))),), HTTP),
        "a NUL in a field": ((headed("X-Nul: a\0b"),), HTTP),
        "two lengths": ((headed(f"Content-Length: {len(PAGE)}\r\nContent-Length: 9"),), HTTP),
        "a length below nothing": ((headed("Content-Length: -9"),), HTTP),
        "no head at all": ((PAGE,), f"{HTTP}|without an answer"),
    },
}  # fmt: skip
"""What a server sends, and a pattern of the reason or the body."""


@pytest.fixture(autouse=True)
def small(monkeypatch):
    """Half a megabyte is as endless as five, and sooner there."""
    monkeypatch.setitem(courier._LIMITS, "page", MIB // 2)


@pytest.fixture
def server():
    with FaultServer() as made:
        yield made


def ours(server, path):
    web = fetcher({HARBOUR: server.url("").rstrip("/")}, total_seconds=1, read_seconds=0.8, retries=0)
    try:
        body = web.get(ask(path)).body
        check_html(decode(body, path), path)
    except CleanfeedError as error:
        return str(error)
    return body


def naive(server, path):
    """As a client reads that leaves all to its library, with a limit for each wait."""
    if path.startswith(("/H39", "/H44")):
        with urllib.request.urlopen(server.url(path), timeout=1) as response:
            return response.read()
    body = b""
    with httpx2.Client(trust_env=False, timeout=1) as client, client.stream("GET", server.url(path)) as reply:
        for piece in reply.iter_bytes():
            body += piece
            if len(body) > 3 * MIB:  # it would go on for ever
                break
    return body


def wrongs(get, server, row, given):
    steps, expected = given
    path = f"/{row}/{id(given)}"
    server.on(path, *steps)
    began = time.monotonic()
    try:
        found = get(server, path)
    except Exception as error:  # noqa: BLE001  # a refusal of any kind, by a program that knows no other
        return [] if isinstance(expected, str) else [str(error)]
    if isinstance(expected, bytes):
        return [] if found == expected else [found[:99]]
    if isinstance(found, bytes):
        return [f"a body of {len(found)} bytes"]
    # Twice the second that a request may take, and a busy machine.
    return [] if re.search(expected, found) and time.monotonic() - began < 4 else [found]


@pytest.mark.parametrize("row, given", cases(ANSWERS))
def test_an_answer_is_a_whole_page_or_refused_with_its_reason(server, row, given):
    assert wrongs(ours, server, row, given) == []


@pytest.mark.parametrize(
    "row", [pytest.param(row, marks=pytest.mark.control(row), id=row) for row in ANSWERS]
)
def test_a_client_that_trusts_its_library_takes_some_of_them(server, row):
    assert any(wrongs(naive, server, row, given) for given in ANSWERS[row].values())


@pytest.mark.row("H43")
def test_a_handshake_that_never_ends_is_given_up(tmp_path):
    context, _certificate = tls_pair(tmp_path, "harbour.example")
    with FaultServer(tls=context, greeting=Wait()) as server:
        assert wrongs(ours, server, "H43", ((answer(PAGE),), "too long|took")) == []


FETCH = """
import sys, httpx2
from cleanfeed.errors import FetchError
from cleanfeed.fetch.answer import Ask
from cleanfeed.fetch.client import Fetcher, Settings

def most():
    return int(dict(line.split(":", 1) for line in open("/proc/self/status"))["VmHWM"].split()[0]) / 1024

how, base = sys.argv[1:]
web = Fetcher(Settings(user_agent="test", delay=0, mirrors={"https://www.harbour.example": base}, retries=0))
client = httpx2.Client(trust_env=False)

def get(path):
    if how == "naive":
        return len(client.get(base + path).content)
    try:
        return len(web.get(Ask(url="https://www.harbour.example" + path)).body)
    except FetchError as error:
        return error.reason

get("/small")
before = most()
print(get("/bomb"))
print(most() - before)
"""


def exploded(how, server, given):
    """What a client does wrong with a bomb, in a process of its own."""
    coding, expected = given
    server.on("/small", answer(PAGE), keep=True)
    server.on("/bomb", coded(bomb(coding), coding))
    command = [sys.executable, "-c", FETCH, how, server.url("").rstrip("/")]
    done = subprocess.run(
        command, env=environment({}), capture_output=True, text=True, timeout=60, check=True
    )
    said, grown = done.stdout.splitlines()
    return ([] if re.search(expected, said) else [said]) + ([f"{grown} MiB"] if float(grown) > 50 else [])


@pytest.mark.parametrize("row, given", cases(BOMBS))
def test_a_bomb_is_refused_and_costs_next_to_nothing(server, row, given):
    assert exploded("ours", server, given) == []


@pytest.mark.parametrize("variants", controls(BOMBS))
def test_a_bomb_costs_a_plain_client_all_that_is_in_it(server, variants):
    assert len(exploded("naive", server, variants[0])) == 2
