"""Single answers that are late, broken, cut or evasive, as the client gets them over a socket."""

from __future__ import annotations

import gzip
import time
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import httpx2
import pytest

from cleanfeed.errors import FetchError
from cleanfeed.fetch.answer import Ask
from cleanfeed.fetch.client import Fetcher, Settings
from newsroom import Newsroom
from newsroom_faults import FAULTS, Reply, send

NOW = datetime(2026, 3, 2, 6, 0, tzinfo=UTC)
WHOLE = (
    b"<!DOCTYPE html><html><head><title>t</title></head><body>"
    + b"<p>Some words of it.</p>" * 400
    + b"</body></html>"
)
PACKED = gzip.compress(WHOLE)
BASE = "https://town-1.example"


@pytest.fixture
def room():
    with Newsroom(["town-1"]) as made:
        made.publish("town-1", 8)
        yield made


@pytest.fixture
def fetcher(room):
    with a_fetcher(room) as made:
        yield made


@contextmanager
def a_fetcher(room, states=(), **settings):
    usual = {"user_agent": "cleanfeed/test", "delay": 0, "mirrors": room.mirrors(), "haste": 0.05}
    made = Fetcher(Settings(**{**usual, **settings}), states, now=lambda: NOW)
    try:
        yield made
    finally:
        made.stop()


def page(room, number=0):
    return Ask(url=room.articles("town-1")[number].url)


def answering(body=WHOLE, status=200, *, raw=None, rest="", **headers):
    """Sends this body with these headers; `raw` bytes in place of all that follows the headers' own."""
    named = {
        "Content-Type": "text/html; charset=utf-8",
        **{key.replace("_", "-"): text for key, text in headers.items()},
    }

    def sending(wire, _reply):
        if raw is None:
            return send(wire, Reply(status=status, headers=named, body=body))
        wire.send(Reply(status=status, headers=named).head() + raw)
        return False

    return sending


# --- bodies


def chunked(*pieces, end=True):
    return b"".join(f"{len(each):x}\r\n".encode() + each + b"\r\n" for each in pieces) + (
        b"0\r\n\r\n" if end else b""
    )


HALF = PACKED[: len(PACKED) // 2]
WRONG_SUM = PACKED[:-8] + bytes(4) + PACKED[-4:]
MEMBERS = gzip.compress(WHOLE[:500]) + gzip.compress(WHOLE[500:])
PARTIAL = {
    "a short Content-Length": answering(raw=WHOLE[:900], Content_Length=str(len(WHOLE))),
    "no body where one is promised": answering(raw=b"", Content_Length="500"),
    "chunks without an end": answering(raw=chunked(WHOLE[:900], end=False), Transfer_Encoding="chunked"),
    "half a chunk": answering(raw=chunked(WHOLE)[:700], Transfer_Encoding="chunked"),
    "half a gzip body": answering(HALF, Content_Encoding="gzip"),
    "half a gzip body in chunks": answering(raw=chunked(HALF), Transfer_Encoding="chunked", Content_Encoding="gzip"),
    "half a gzip body until the end": answering(raw=HALF, Connection="close", Content_Encoding="gzip"),
    "gzip without its sum": answering(PACKED[:-8], Content_Encoding="gzip"),
    "gzip with a wrong sum": answering(WRONG_SUM, Content_Encoding="gzip"),
    "gzip that is none": answering(WHOLE, Content_Encoding="gzip"),
    "half of the second member": answering(MEMBERS[: len(gzip.compress(WHOLE[:500])) + 30], Content_Encoding="gzip"),
    "one gzip in another, cut": answering(gzip.compress(HALF), Content_Encoding="gzip, gzip"),
    "an unknown coding": answering(WHOLE, Content_Encoding="zstd"),
}  # fmt: skip
FINE = {
    "a whole body": answering(),
    "gzip": answering(PACKED, Content_Encoding="gzip"),
    "two members": answering(MEMBERS, Content_Encoding="gzip"),
    "something after the end": answering(PACKED + b"trailing", Content_Encoding="gzip"),
    "gzip in gzip": answering(gzip.compress(PACKED), Content_Encoding="gzip, gzip"),
    "until the end": answering(raw=WHOLE, Connection="close"),
    "chunks": answering(raw=chunked(WHOLE[:10], WHOLE[10:]), Transfer_Encoding="chunked"),
}


@pytest.mark.parametrize("how", PARTIAL.values(), ids=PARTIAL)
def test_a_body_that_is_not_whole_is_no_body(room, fetcher, injected, how):
    trouble = room.fail("town-1", how, path="/story/")
    with pytest.raises(FetchError) as caught:
        fetcher.get(page(room))
    assert caught.value.kind == "failed"
    assert 1 <= trouble.hits <= 3
    injected("B16")


def test_a_plain_client_takes_half_a_body_for_a_whole_one(room):
    """The control: what the library itself makes of the same answers."""
    taken = 0
    with httpx2.Client(trust_env=False) as client:
        for how in PARTIAL.values():
            trouble = room.fail("town-1", how, path="/story/")
            with suppress(httpx2.HTTPError):
                client.get(f"{room.mirrors()[BASE]}{room.articles('town-1')[0].path}")
                taken += 1
            trouble.end()
    assert taken >= 3


@pytest.mark.parametrize("how", FINE.values(), ids=FINE)
def test_a_whole_body_is_taken_however_it_is_sent(room, fetcher, injected, how):
    room.fail("town-1", how, path="/story/")
    assert fetcher.get(page(room)).body == WHOLE
    injected("B16")


@pytest.mark.parametrize("how", ["early", "cut-chunk", "cut-gzip"])
def test_what_was_cut_once_is_had_by_asking_again(room, fetcher, injected, how):
    room.fail("town-1", how, times=1, path="/story/")
    assert b"</html>" in fetcher.get(page(room)).body
    injected("B16")


# --- time


def slowly(*pieces, every=0.2):
    def sending(wire, _reply):
        for piece in pieces * 100:
            wire.send(piece)
            if wire.closing.wait(every):
                break
        return False

    return sending


HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
LATE = {
    "silence": FAULTS["silence"],
    "a body that drips": FAULTS["drip"],
    "a header that drips": slowly(b"H"),
    "headers without an end": slowly(b"X-More: and more\r\n"),
    "an endless chunked body": slowly(HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n"),
    "silence after the headers": slowly(HEAD + b"Content-Length: 500\r\n\r\n", every=30),
    "silence after half of the body": slowly(HEAD + b"Content-Length: 500\r\n\r\n<p>half", every=30),
    "words of patience": slowly(b"HTTP/1.1 100 Continue\r\n\r\n"),
    "a dripping gzip body": slowly(HEAD + b"Content-Encoding: gzip\r\n\r\n" + PACKED[:10], b"\x00"),
    "a redirect without an end": slowly(b"HTTP/1.1 302 Found\r\nLocation: /x\r\nContent-Length: 900\r\n\r\n", b"."),
}  # fmt: skip


@pytest.mark.parametrize("how", LATE.values(), ids=LATE)
def test_no_answer_takes_longer_than_it_may(room, injected, how):
    room.fail("town-1", how, path="/story/")
    began = time.monotonic()
    with a_fetcher(room, read_seconds=0.6, total_seconds=1.2, connect_seconds=0.6) as fetcher:
        with pytest.raises(FetchError):
            fetcher.get(page(room))
        assert time.monotonic() - began < 2 * 1.2 + 1
    injected("B15")


def test_an_endless_body_is_left_before_it_fills_the_memory(room, fetcher, injected):
    trouble = room.fail("town-1", "huge", path="/story/")
    with pytest.raises(FetchError, match="too large"):
        fetcher.get(page(room))
    assert trouble.hits == 1
    injected("B16")


# --- repeats


@pytest.mark.parametrize(
    "how, requests",
    [
        ("500", 3),
        ("502", 3),
        ("504", 3),
        ("reset", 3),
        ("400", 1),
        ("403", 1),
        ("404", 1),
        ("410", 1),
        ("501", 3),
    ],
)
def test_what_may_be_over_in_a_second_is_asked_again_and_a_refusal_is_not(
    room, fetcher, injected, how, requests
):
    trouble = room.fail("town-1", how, path="/story/")
    with pytest.raises(FetchError):
        fetcher.get(page(room))
    assert trouble.hits == requests
    injected("B18")


@pytest.mark.parametrize("how", ["500", "502", "reset"])
def test_a_repeat_that_works_is_the_answer(room, fetcher, injected, how):
    room.fail("town-1", how, times=2, path="/story/")
    assert fetcher.get(page(room)).status == 200
    injected("B18")


# --- pauses


def in_(**span):
    return format_datetime((NOW + timedelta(**span)).replace(tzinfo=UTC), usegmt=True)


PAUSES = [
    ("429", "120", timedelta(minutes=2)),
    ("503", "120", timedelta(minutes=2)),
    ("503", "3600", timedelta(hours=1)),
    ("429", in_(minutes=30), timedelta(minutes=30)),
    ("503", in_(hours=2), timedelta(hours=2)),
    ("429", "1000000000", timedelta(days=1)),
    ("429", "9" * 400, timedelta(days=1)),
    ("503", in_(days=400), timedelta(days=1)),
    ("429", "-1", timedelta(minutes=10)),
    ("429", "soon", timedelta(minutes=10)),
    ("503", in_(hours=-2), timedelta(minutes=10)),
    ("429", "", timedelta(minutes=10)),
]


@pytest.mark.parametrize("case", PAUSES, ids=lambda case: f"{case[0]} {case[1][:20]}")
def test_a_host_is_left_alone_as_long_as_it_asks(room, fetcher, injected, case):
    status, wish, pause = case
    room.fail("town-1", status, path="/story/", Retry_After=wish)
    with pytest.raises(FetchError) as caught:
        fetcher.get(page(room))
    assert caught.value.kind == "paused"
    mark = len(room.log)
    with pytest.raises(FetchError) as caught:
        fetcher.get(page(room, 1))
    assert caught.value.kind == "paused"
    assert len(room.log) == mark
    state = next(each for each in fetcher.states() if each.host == BASE)
    assert state.paused_until == NOW + pause
    # The next build knows.
    with a_fetcher(room, [state]) as later, pytest.raises(FetchError):
        later.get(page(room, 2))
    assert len(room.log) == mark
    injected("B12")


def test_a_pause_of_one_host_is_no_pause_of_another(injected):
    with Newsroom(["town-1", "town-2"]) as room:
        for slug in room.editions:
            room.publish(slug, 1)
        room.fail("town-1", "429", Retry_After="60")
        with a_fetcher(room) as fetcher:
            with pytest.raises(FetchError):
                fetcher.get(Ask(url=room.articles("town-1")[0].url))
            assert fetcher.get(Ask(url=room.articles("town-2")[0].url)).status == 200
    injected("B12")


# --- robots.txt

ALL, NONE = "all", "none"
ROBOTS = {
    "404": (answering(b"", 404), ALL),
    "403": (answering(b"", 403), ALL),
    "401": (answering(b"", 401), ALL),
    "410": (answering(b"", 410), ALL),
    "500": (answering(b"", 500), NONE),
    "502": (answering(b"", 502), NONE),
    "reset": (FAULTS["reset"], NONE),
    "empty": (answering(b""), ALL),
    "HTML": (answering(WHOLE), ALL),
    "disallow": (answering(b"User-agent: *\nDisallow: /story/\n", Content_Type="text/plain"), NONE),
    "disallow with a BOM": (answering(b"\xef\xbb\xbfUser-agent: *\nDisallow: /\n"), NONE),
    "disallow with CRLF": (answering(b"User-agent: *\r\nDisallow: /story\r\n"), NONE),
    "disallow with CR": (answering(b"User-agent: *\rDisallow: /story\r"), NONE),
    "disallow for us": (answering(b"User-agent: *\nAllow: /\n\nUser-agent: cleanfeed\nDisallow: /\n"), NONE),
    "disallow for others": (answering(b"User-agent: *\nDisallow: /\n\nUser-agent: CleanFeed\nAllow: /\n"), ALL),
    "disallow for a part of our name": (answering(b"User-agent: clean\nDisallow: /\n"), ALL),
    "the longer rule wins": (answering(b"User-agent: *\nDisallow: /\nAllow: /story/\n"), ALL),
    "wildcards": (answering(b"User-agent: *\nDisallow: /*tor*/\n"), NONE),
    "a bomb of wildcards": (answering(b"User-agent: *\nDisallow: /" + b"*a" * 200_000 + b"$\n"), ALL),
    "two megabytes": (answering(b"User-agent: *\nDisallow: /story/\n" + b"# more\n" * 300_000), NONE),
    "a rule behind the first 500 KiB": (answering(b"# more\n" * 300_000 + b"User-agent: *\nDisallow: /\n"), ALL),
    "a redirect": (answering(b"", 302, Location="/robots2.txt"), ALL),
    "redirects without an end": (answering(b"", 302, Location="/robots.txt?x"), ALL),
}  # fmt: skip


@pytest.mark.parametrize("how, allowed", ROBOTS.values(), ids=ROBOTS)
def test_robots_txt_is_read_as_its_rfc_has_it(room, fetcher, injected, how, allowed):
    room.fail("town-1", how, path=r"/robots\.txt")
    began = time.monotonic()
    if allowed == ALL:
        assert fetcher.get(page(room)).status == 200
    else:
        with pytest.raises(FetchError):
            fetcher.get(page(room))
        assert not [path for path in room.log.paths() if path.startswith("/story/")]
    assert time.monotonic() - began < 5
    injected("B14")


# --- validators

VALIDATORS = ["both", "etag", "weak", "date", "none", "stuck"]


@pytest.mark.parametrize("validators", VALIDATORS)
def test_validators_go_back_as_they_came(room, fetcher, injected, validators):
    room.site("town-1").validators = validators
    first = fetcher.get(page(room))
    again = fetcher.get(Ask(url=first.url, etag=first.etag, last_modified=first.last_modified))
    sent = room.log.since()[-1].headers
    assert sent.get("if-none-match") == first.etag
    assert sent.get("if-modified-since") == first.last_modified
    assert again.status == (200 if validators == "none" else 304)
    injected("B11")


@pytest.mark.parametrize("etag", ['"a b"', 'W/"x"', "no-quotes", '"é"', '""', '"' + "x" * 2000 + '"'])
def test_an_odd_etag_goes_back_to_the_byte(room, fetcher, injected, etag):
    room.fail("town-1", answering(ETag=etag), path="/story/")
    first = fetcher.get(page(room))
    assert first.etag == etag
    fetcher.get(Ask(url=first.url, etag=first.etag))
    assert room.log.since()[-1].headers["if-none-match"] == etag
    injected("B11")


@pytest.mark.parametrize(
    "date", ["yesterday", "0", "Thu, 01 Jan 2099 00:00:00 GMT", "Mon, 30 Feb 2026 99:99:99 GMT"]
)
def test_a_senseless_date_goes_back_to_the_byte(room, fetcher, injected, date):
    room.fail("town-1", answering(Last_Modified=date), path="/story/")
    first = fetcher.get(page(room))
    fetcher.get(Ask(url=first.url, last_modified=first.last_modified))
    assert room.log.since()[-1].headers["if-modified-since"] == date
    injected("B11")


def test_word_that_nothing_has_changed_needs_something_to_compare_with(room, fetcher, injected):
    room.fail("town-1", answering(b"", 304), path="/story/")
    with pytest.raises(FetchError):
        fetcher.get(page(room))
    injected("B11")
