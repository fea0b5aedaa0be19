"""Bodies of answers: whole, decoded, in time and within bounds, or not at all."""

from __future__ import annotations

import gzip
import os
import random
import subprocess
import sys
import time
import zlib
from functools import cache
from typing import TYPE_CHECKING

import brotli
import httpx2
import pytest

from cleanfeed.errors import FetchError
from cleanfeed.fetch.bodies import ACCEPT_ENCODING, is_cut, read_body
from cleanfeed.fetch.guard import Policy, guarded_client
from faultserver import Drip, Endless, FaultServer, Reset, Wait, answer, chunked
from pluginparts import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator

MIB = 1024 * 1024
LOOPBACK = Policy(allow_hosts=frozenset({"127.0.0.1"}))
PAGE = (
    b"<html><body>"
    + b"".join(b"<p>Paragraph %d of a story.</p>" % n for n in range(2000))
    + b"</body></html>"
)
ZIPPED = gzip.compress(PAGE, mtime=0)
PRESSED = brotli.compress(PAGE)


@pytest.fixture(scope="module")
def server() -> Iterator[FaultServer]:
    with FaultServer() as server:
        yield server


@pytest.fixture(scope="module")
def client() -> Iterator[httpx2.Client]:
    with guarded_client(
        Policy(allow_hosts=frozenset({"127.0.0.1"})), proxy=None, user_agent="test"
    ) as client:
        yield client


class Reader:
    """Serves the steps at a fresh path, and reads what comes of them."""

    def __init__(self, server: FaultServer, client: httpx2.Client) -> None:
        self.server = server
        self.client = client
        self.url = ""

    def serve(self, *steps) -> None:
        path = f"/{random.random()}"
        self.url = self.server.url(path)
        self.server.on(path, *steps)

    def read(self, *steps, limit: int = 5 * MIB, seconds: float = 10, head: bool = False) -> bytes:
        self.serve(*steps)
        end = time.monotonic() + seconds
        with self.client.stream("GET", self.url) as response:
            return read_body(response, self.url, limit=limit, deadline=end, head=head)

    def fail(self, *steps, **options) -> str:
        with pytest.raises(FetchError) as caught:
            self.read(*steps, **options)
        assert (caught.value.kind, caught.value.page) == ("failed", self.url)
        return caught.value.reason

    def naive(self, *steps) -> bytes:
        """As a client reads that leaves bodies to its library."""
        self.serve(*steps)
        with httpx2.Client(trust_env=False, timeout=2) as naive:
            return naive.get(self.url).content


@pytest.fixture(scope="module")
def single() -> Iterator[httpx2.Client]:
    """A client that keeps no connection: most of these answers end with theirs."""
    with guarded_client(LOOPBACK, proxy=None, user_agent="test") as client:
        client.headers["Connection"] = "close"
        yield client


@pytest.fixture
def reader(server: FaultServer, single: httpx2.Client) -> Reader:
    return Reader(server, single)


def coded(data: bytes, coding: str, **options) -> bytes:
    return answer(data, headers=(f"Content-Encoding: {coding}",), **options)


# --- whole bodies


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param(answer(PAGE), id="plain"),
        pytest.param(answer(PAGE, length=None), id="until the end"),
        pytest.param(chunked(PAGE), id="chunked"),
        pytest.param(chunked(PAGE, size=7), id="tiny chunks"),
        pytest.param(answer(PAGE, headers=("Content-Encoding: identity",)), id="identity"),
        pytest.param(coded(ZIPPED, "gzip"), id="gzip"),
        pytest.param(coded(ZIPPED, "GZIP"), id="GZIP"),
        pytest.param(coded(ZIPPED, "x-gzip"), id="x-gzip"),
        pytest.param(coded(ZIPPED, "identity, gzip,"), id="identity and gzip"),
        pytest.param(coded(ZIPPED, "gzip", length=None), id="gzip until the end"),
        pytest.param(chunked(ZIPPED, headers=("Content-Encoding: gzip",), size=1), id="gzip, byte by byte"),
        pytest.param(coded(PRESSED, "br"), id="br"),
        pytest.param(chunked(PRESSED, headers=("Content-Encoding: br",), size=1), id="br, byte by byte"),
        pytest.param(coded(gzip.compress(ZIPPED), "gzip, gzip"), id="gzip in gzip"),
        pytest.param(coded(brotli.compress(ZIPPED), "gzip, br"), id="gzip in br"),
        pytest.param(coded(gzip.compress(PRESSED), "br, gzip"), id="br in gzip"),
        pytest.param(
            answer(brotli.compress(ZIPPED), headers=("Content-Encoding: gzip", "Content-Encoding: br")),
            id="two fields of codings",
        ),
        pytest.param(coded(ZIPPED + b"junk at the end", "gzip"), id="junk after gzip"),
        pytest.param(coded(ZIPPED + bytes(1000), "gzip"), id="padding after gzip"),
        pytest.param(coded(ZIPPED + b"\x1f", "gzip"), id="half a member's mark after gzip"),
        pytest.param(
            chunked(ZIPPED + b"\x1fjunk\x1f\x8b", headers=("Content-Encoding: gzip",), size=1),
            id="junk like members",
        ),
        pytest.param(coded(gzip.compress(PAGE[:999]) + gzip.compress(PAGE[999:]), "gzip"), id="two members"),
        pytest.param(
            chunked(
                gzip.compress(PAGE[:9]) + gzip.compress(b"") + gzip.compress(PAGE[9:]) + b"junk",
                headers=("Content-Encoding: gzip",),
                size=1,
            ),
            id="three members and junk, byte by byte",
        ),
    ],
)
def test_a_whole_body_is_read_as_it_was_meant(reader: Reader, raw: bytes) -> None:
    assert reader.read(raw) == PAGE


def test_a_body_without_anything_is_read_as_that(reader: Reader) -> None:
    assert reader.read(answer(b"")) == b""
    assert reader.read(chunked(b"")) == b""
    assert reader.read(coded(gzip.compress(b""), "gzip")) == b""


def test_large_pieces_come_out_whole(reader: Reader) -> None:
    page = random.Random(1).randbytes(MIB) * 3 + bytes(MIB)
    assert reader.read(coded(gzip.compress(page), "gzip")) == page
    assert reader.read(coded(brotli.compress(page, quality=1), "br")) == page


def test_what_is_offered_is_what_is_understood(reader: Reader) -> None:
    assert ACCEPT_ENCODING == "gzip, br"
    for coding, data in (("gzip", ZIPPED), ("br", PRESSED)):
        assert coding in ACCEPT_ENCODING
        assert reader.read(coded(data, coding)) == PAGE


def test_a_connection_is_used_again_after_a_whole_body_and_closed_after_another(
    client: httpx2.Client,
) -> None:
    with FaultServer() as server:
        server.on("/good", coded(ZIPPED, "gzip"), keep=True)
        server.on("/large", answer(PAGE), keep=True)
        for path, limit in [("/good", MIB), ("/good", MIB), ("/large", 100), ("/good", MIB)]:
            response = client.send(client.build_request("GET", server.url(path)), stream=True)
            try:
                read_body(response, "x", limit=limit, deadline=time.monotonic() + 5)
            except FetchError:
                assert path == "/large"
            assert response.is_closed
        assert [request.connection for request in server.requests] == [1, 1, 1, 2]


# --- cut short, or damaged


CUT = [
    pytest.param(coded(ZIPPED[: len(ZIPPED) // 2], "gzip"), id="half of gzip, its length right"),
    pytest.param(coded(ZIPPED[:-1], "gzip"), id="gzip without its last byte"),
    pytest.param(coded(ZIPPED[:-8], "gzip"), id="gzip without its checksum"),
    pytest.param(coded(ZIPPED[:5], "gzip"), id="half a header of gzip"),
    pytest.param(coded(b"", "gzip"), id="nothing of gzip"),
    pytest.param(coded(ZIPPED[:3000], "gzip", length=None), id="gzip cut where the connection ended"),
    pytest.param(
        chunked(ZIPPED[:3000], headers=("Content-Encoding: gzip",)), id="gzip cut, its chunks whole"
    ),
    pytest.param(coded(PRESSED[: len(PRESSED) // 2], "br"), id="half of br"),
    pytest.param(coded(PRESSED[:-1], "br"), id="br without its last byte"),
    pytest.param(coded(b"", "br"), id="nothing of br"),
    pytest.param(coded(gzip.compress(ZIPPED[:3000]), "gzip, gzip"), id="cut gzip in whole gzip"),
    pytest.param(coded(gzip.compress(ZIPPED)[:2000], "gzip, gzip"), id="gzip in cut gzip"),
    pytest.param(coded(brotli.compress(ZIPPED[:3000]), "gzip, br"), id="cut gzip in whole br"),
]


@pytest.mark.parametrize("raw", CUT)
def test_a_coded_body_without_its_end_is_cut_short_whatever_its_length_says(
    reader: Reader, raw: bytes
) -> None:
    assert reader.fail(raw) == "cut short"


@pytest.mark.parametrize("raw", CUT[:1] + CUT[5:8])
def test_a_plain_client_takes_what_was_cut_for_whole(reader: Reader, raw: bytes) -> None:
    assert len(reader.naive(raw)) < len(PAGE)


def test_a_second_member_that_is_cut_is_noticed_where_a_plain_client_loses_it_all(reader: Reader) -> None:
    first, second = gzip.compress(PAGE[:999]), gzip.compress(PAGE[999:])
    assert reader.fail(coded(first + second[:-3], "gzip")) == "cut short"
    assert reader.naive(coded(first + second, "gzip")) == PAGE[:999]


@pytest.mark.parametrize(
    "steps",
    [
        pytest.param((answer(PAGE, send=PAGE[:500]),), id="fewer bytes than told"),
        pytest.param((answer(PAGE, send=b""),), id="no byte of those told"),
        pytest.param((coded(ZIPPED, "gzip", send=ZIPPED[:500]),), id="fewer bytes of gzip than told"),
        pytest.param((chunked(PAGE, end=b""),), id="no last chunk"),
        pytest.param((chunked(PAGE)[:-500],), id="in the middle of a chunk"),
        pytest.param((chunked(PAGE, end=b"1000\r\n"),), id="after a chunk's length"),
        pytest.param((chunked(PAGE, end=b"0\r\n"),), id="before the very end"),
    ],
)
def test_a_body_that_ends_before_its_length_is_cut_short(reader: Reader, steps) -> None:
    assert reader.fail(*steps) == "cut short"


@pytest.mark.parametrize(
    "steps", [(answer(PAGE, send=PAGE[:500]), Reset()), (answer(PAGE, send=b""), Reset())]
)
def test_a_body_that_is_broken_off_is_told_as_that(reader: Reader, steps) -> None:
    assert reader.fail(*steps) in {"the connection was broken off", "cut short"}


@pytest.mark.parametrize(
    "raw, reason",
    [
        pytest.param(coded(ZIPPED[:-8] + b"1234" + ZIPPED[-4:], "gzip"), "its gzip coding is damaged", id="checksum"),
        pytest.param(coded(ZIPPED[:-4] + b"1234", "gzip"), "its gzip coding is damaged", id="length"),
        pytest.param(coded(ZIPPED[:999] + b"damage" + ZIPPED[1005:], "gzip"), "its gzip coding is damaged", id="middle"),
        pytest.param(coded(PAGE, "gzip"), "its gzip coding is damaged", id="plain, told as gzip"),
        pytest.param(coded(ZIPPED + b"\x1f\x8bjunk", "gzip"), "its gzip coding is damaged", id="a false member"),
        pytest.param(coded(b"\xff" * 100, "br"), "its br coding is damaged", id="no br"),
        pytest.param(coded(PRESSED + b"junk", "br"), "its br coding is damaged", id="junk after br"),
        pytest.param(chunked(PRESSED + b"j", headers=("Content-Encoding: br",), size=1), "its br coding is damaged", id="a byte after br"),
        pytest.param(chunked(PAGE, end=b"zz\r\n"), "its answer is not proper HTTP: illegal chunk header", id="chunk"),
    ],
)  # fmt: skip
def test_a_damaged_body_is_told_as_that(reader: Reader, raw: bytes, reason: str) -> None:
    assert reader.fail(raw) == reason


@pytest.mark.parametrize("coding", ["gzip", "br", "gzip, br"])
def test_a_distorted_body_is_read_or_refused_and_never_taken_for_another(reader: Reader, coding: str) -> None:
    dice = random.Random(11)
    good = {"gzip": ZIPPED, "br": PRESSED, "gzip, br": brotli.compress(ZIPPED)}[coding]
    refused = 0
    for _ in range(150):
        raw = bytearray(good)
        at = dice.randrange(len(raw))
        raw[at : at + dice.randint(0, 3)] = dice.randbytes(dice.randint(0, 3))
        try:
            body = reader.read(coded(bytes(raw), coding))
        except FetchError:
            refused += 1
        else:
            # Brotli has no checksum.
            assert body == PAGE or coding == "br"
    assert refused > 50


@pytest.mark.parametrize(
    "coding, reason",
    [
        ("zstd", "its content coding 'zstd' was not asked for"),
        ("deflate", "its content coding 'deflate' was not asked for"),
        ("compress", "its content coding 'compress' was not asked for"),
        ("utf-8", "its content coding 'utf-8' was not asked for"),
        ("gzip, zstd", "its content coding 'zstd' was not asked for"),
        ("x" * 5000, f"its content coding '{'x' * 20}' was not asked for"),
        ("gzip, gzip, gzip", "3 content codings, one inside the other"),
        (", ".join(["gzip"] * 200), "200 content codings, one inside the other"),
    ],
)
def test_a_coding_that_was_not_asked_for_is_refused(reader: Reader, coding: str, reason: str) -> None:
    assert reader.fail(coded(PAGE, coding)) == reason


def test_without_the_package_for_br_only_gzip_is_offered() -> None:
    code = (
        "import sys; sys.modules['brotli'] = None\n"
        "from cleanfeed.fetch import bodies\n"
        "print(bodies.ACCEPT_ENCODING)\n"
        "try: bodies._coders(['br'])\n"
        "except bodies._Spoilt as spoilt: print(spoilt)\n"
    )
    said = run(code).splitlines()
    assert said == ["gzip", "its content coding 'br' was not asked for"]


def run(code: str, *arguments: str) -> str:
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    command = [sys.executable, "-c", code, *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True, env=environment).stdout


# --- too large


@cache
def gzip_bomb(mib: int) -> bytes:
    """So many MiB of nothing, in a thousandth of it."""
    press = zlib.compressobj(9, zlib.DEFLATED, 31)
    head = press.compress(bytes(MIB)) + press.flush(zlib.Z_FULL_FLUSH)
    block = press.compress(bytes(MIB)) + press.flush(zlib.Z_FULL_FLUSH)
    return head + block * (mib - 1)


@cache
def brotli_bomb(mib: int) -> bytes:
    press = brotli.Compressor(quality=3)
    return b"".join(press.process(bytes(MIB)) for _ in range(mib)) + press.finish()


BOMBS = {
    "gzip": lambda: gzip_bomb(512),
    "br": lambda: brotli_bomb(512),
    "gzip, gzip": lambda: gzip.compress(gzip_bomb(512)),
    "br, br": lambda: brotli.compress(brotli_bomb(512)),
    "gzip, br": lambda: brotli.compress(gzip_bomb(512), quality=3),
    "br, gzip": lambda: gzip.compress(brotli_bomb(512)),
    "gzip, gzip of empty members": lambda: gzip.compress(gzip.compress(b"", mtime=0) * 2_000_000),
    "gzip of large members": lambda: gzip.compress(bytes(MIB)) * 512,
}


@cache
def bomb(name: str) -> bytes:
    return coded(BOMBS[name](), name.partition(" of ")[0])


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_is_too_large_and_found_out_at_once(reader: Reader, name: str) -> None:
    raw = bomb(name)
    assert len(raw) < 600_000
    began = time.monotonic()
    assert reader.fail(raw).startswith("too large: ")
    assert time.monotonic() - began < 2


MEASURE = """
import resource, sys, time, httpx2
from cleanfeed.errors import FetchError
from cleanfeed.fetch.bodies import read_body
from cleanfeed.fetch.guard import Policy, guarded_client

def most():
    try:
        # What "getrusage" tells begins with the size of the process that started this one.
        status = dict(line.split(":", 1) for line in open("/proc/self/status"))
        return int(status["VmHWM"].split()[0]) / 1024
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024

how, base, path = sys.argv[1:]
said = ""
if how == "naive":
    client = httpx2.Client(trust_env=False)
else:
    client = guarded_client(Policy(allow_hosts=frozenset({"127.0.0.1"})), proxy=None, user_agent="test")
client.get(base + "/small")
before = most()
try:
    if how == "naive":
        said = str(len(client.get(base + path).content))
    else:
        with client.stream("GET", base + path) as response:
            read_body(response, path, limit=5 * 2**20, deadline=time.monotonic() + 20)
except FetchError as error:
    said = error.reason
print(most() - before)
print(said)
"""


def grown(server: FaultServer, how: str, *steps) -> tuple[float, str]:
    """The MiB by which a process grew that reads the answer, and what it said."""
    path = f"/{random.random()}"
    server.on("/small", answer(PAGE), keep=True)
    server.on(path, *steps)
    size, said = run(MEASURE, how, server.url("").removesuffix("/"), path).splitlines()
    return float(size), said


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_costs_less_than_50_mib(server: FaultServer, name: str) -> None:
    size, said = grown(server, "guarded", bomb(name))
    assert said.startswith("too large: ")
    assert size < 50


def test_a_body_without_end_costs_less_than_50_mib(server: FaultServer) -> None:
    piece = b"10000\r\n" + bytes(65536) + b"\r\n"
    head = answer(headers=("Transfer-Encoding: chunked",), length=None)
    size, said = grown(server, "guarded", head, Endless(piece))
    assert said == "too large: more than 5 MiB"
    assert size < 50


def test_a_plain_client_pays_for_a_bomb_in_full(server: FaultServer) -> None:
    size, said = grown(server, "naive", coded(brotli_bomb(200), "br"))
    assert said == str(200 * MIB)
    assert size > 150


@pytest.mark.parametrize(
    "steps",
    [
        pytest.param((answer(b"", length=None), Endless(b"x" * 65536)), id="without end"),
        pytest.param(
            (answer(b"", length=None), Endless(b"x" * 50_000, 0.05)), id="without end, 1 MB a second"
        ),
        pytest.param(
            (chunked(b"", end=b""), Endless(b"2000\r\n" + b"x" * 8192 + b"\r\n")), id="chunks without end"
        ),
        pytest.param((answer(b"x" * 300_001),), id="as large as told"),
        pytest.param((coded(b"", "gzip", length=300_001), Endless(b"x" * 65536)), id="coded"),
        pytest.param(
            (coded(gzip.compress(random.Random(2).randbytes(300_001)), "gzip"),), id="once it is decoded"
        ),
        pytest.param(
            (coded(ZIPPED, "gzip", length=None), Endless(bytes(65536))), id="junk without end after gzip"
        ),
    ],
)
def test_a_body_beyond_the_limit_is_too_large(reader: Reader, steps) -> None:
    assert reader.fail(*steps, limit=300_000) == "too large: more than 0.29 MiB"


def test_a_length_beyond_the_limit_is_believed_without_reading(reader: Reader) -> None:
    began = time.monotonic()
    assert reader.fail(answer(b"", length=10**12), Wait(), limit=5 * MIB) == "too large: more than 5 MiB"
    assert time.monotonic() - began < 1


def test_a_body_of_just_the_limit_is_read(reader: Reader) -> None:
    for raw in (answer(PAGE), chunked(PAGE), coded(ZIPPED, "gzip"), coded(PRESSED, "br")):
        assert reader.read(raw, limit=len(PAGE)) == PAGE
        assert reader.fail(raw, limit=len(PAGE) - 1).startswith("too large")


def test_a_page_that_repeats_itself_is_no_bomb(reader: Reader) -> None:
    page = b"<p>again and again, and so on and on</p>" * 50_000
    for raw in (coded(gzip.compress(page[:MIB]), "gzip"), coded(brotli.compress(page[:MIB]), "br")):
        assert reader.read(raw) == page[:MIB]
    assert (
        reader.fail(coded(brotli.compress(page), "br"))
        == "too large: decoding makes it more than 200 times as long"
    )


@pytest.mark.parametrize(
    "steps",
    [
        (answer(PAGE),),
        (answer(PAGE, send=PAGE[:2000]), Wait()),
        (coded(ZIPPED, "gzip"),),
        (coded(PRESSED, "br"),),
        (answer(b"", length=None), Endless(PAGE)),
    ],
)
def test_the_head_of_a_long_body_is_enough_where_it_is_asked_for(reader: Reader, steps) -> None:
    assert reader.read(*steps, limit=1000, head=True) == PAGE[:1000]


def test_a_short_body_is_read_to_its_end_where_its_head_is_asked_for(reader: Reader) -> None:
    assert reader.read(coded(ZIPPED, "gzip"), head=True) == PAGE
    assert reader.fail(coded(ZIPPED[:-1], "gzip"), head=True) == "cut short"


# --- in time


@pytest.mark.parametrize(
    "steps",
    [
        pytest.param((answer(PAGE, send=b""), Wait()), id="silence"),
        pytest.param((answer(PAGE, send=b""), Drip(PAGE, 0.1)), id="drip"),
        pytest.param((coded(ZIPPED, "gzip", send=b""), Drip(ZIPPED, 0.1)), id="drip of gzip"),
        pytest.param((chunked(b"", end=b""), Endless(b"1\r\nx\r\n", 0.1)), id="drip of chunks"),
        pytest.param((chunked(b"", end=b""), Endless(b"1\r\nx\r\n")), id="flood of tiny chunks"),
        pytest.param((chunked(b"", end=b"1;"), Endless(b"x", 0.05)), id="a chunk's header without end"),
    ],
)
def test_a_body_is_over_at_its_deadline(reader: Reader, steps) -> None:
    began = time.monotonic()
    assert reader.fail(*steps, seconds=0.5) == "it took too long to answer"
    assert time.monotonic() - began < 1.5


def test_a_reader_with_a_limit_for_each_read_is_held_by_a_drip(reader: Reader) -> None:
    reader.serve(answer(b"x" * 20, send=b""), Drip(b"x" * 20, 0.1))
    began = time.monotonic()
    with httpx2.Client(trust_env=False, timeout=0.5) as naive, naive.stream("GET", reader.url) as response:
        assert b"".join(response.iter_raw()) == b"x" * 20
    assert time.monotonic() - began > 1.5


# --- pages that end with their connection


@pytest.mark.parametrize(
    "body, headers, expected",
    [
        (b"<html><body><p>Half", {}, True),
        (b"<html><body><p>Half", {"Content-Type": "text/html; charset=utf-8"}, True),
        (b"<html><body><p>Half", {"Content-Type": "Application/XHTML+xml"}, True),
        (b"", {"Content-Type": "text/html"}, True),
        (b"<p>All</html>", {"Content-Type": "text/html"}, False),
        (b"<p>All</BODY >\n", {"Content-Type": "text/html"}, False),
        (b"<p>All</body></html><!-- " + b"x" * 5000 + b" -->", {"Content-Type": "text/html"}, False),
        ("<p>All</html>".encode("utf-16"), {"Content-Type": "text/html"}, False),
        ("<p>Half".encode("utf-16"), {"Content-Type": "text/html"}, True),
        (b"<p>See &lt;/html&gt;", {"Content-Type": "text/html"}, True),
        (b"<p>Half", {"Content-Type": "text/html", "Content-Length": "7"}, False),
        (b"<p>Half", {"Content-Type": "text/html", "Transfer-Encoding": "chunked"}, False),
        (b"<p>Half", {"Content-Type": "text/html", "Content-Encoding": "gzip"}, False),
        (b"<p>Half", {"Content-Type": "text/html", "Content-Encoding": "identity"}, True),
        (b"<rss>", {"Content-Type": "application/xml"}, False),
        (b"text", {"Content-Type": "text/plain"}, False),
    ],
)
def test_a_page_may_be_cut_where_nothing_tells_its_length_and_its_end_is_missing(
    body: bytes, headers: dict[str, str], expected: bool
) -> None:
    assert is_cut(body, httpx2.Response(200, headers=headers)) is expected


def test_a_page_that_ends_with_its_connection_is_read_and_its_missing_end_is_noticed(reader: Reader) -> None:
    reader.serve(answer(PAGE[:5000], length=None))
    with reader.client.stream("GET", reader.url) as response:
        body = read_body(response, reader.url, limit=MIB, deadline=time.monotonic() + 5)
    assert body == PAGE[:5000]
    assert is_cut(body, response)
