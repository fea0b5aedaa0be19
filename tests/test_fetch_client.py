"""What is asked of a server, what its answers mean, and where redirects may lead."""

from __future__ import annotations

import gzip
import json
import random
import socket
import struct
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

import httpx2
import pytest

from cleanfeed.errors import FetchError
from cleanfeed.fetch.answer import Ask
from cleanfeed.fetch.client import Fetcher, Settings
from cleanfeed.fetch.exchange import Exchange, How, Miss, Reply
from cleanfeed.fetch.mirrors import Mirrors
from faultserver import FaultServer, answer
from fetchparts import AGENT, HARBOUR, PAGE, Asked, Clock, Site, Told, ask, fetcher, site, tidy_web

if TYPE_CHECKING:
    from collections.abc import Callable

    from cleanfeed.fetch.answer import Answer

__all__ = ["site", "tidy_web"]

STAMP = "Wed, 30 Sep 2026 07:00:00 GMT"


def failure(web: Fetcher, asked: Ask) -> FetchError:
    with pytest.raises(FetchError) as error:
        web.get(asked)
    assert error.value.page == asked.url
    assert "\n" not in error.value.reason
    return error.value


# --- what is sent


def test_a_request_says_who_asks_and_what_for(site: Site) -> None:
    web = fetcher(site)
    web.get(ask("/page"))
    web.get(ask("/feed", kind="listing"))
    page, listing = site.pages()
    assert page.headers["user-agent"] == AGENT
    assert page.headers["accept"].startswith("text/html")
    assert listing.headers["accept"].startswith("application/rss+xml")
    assert page.headers["accept-encoding"].startswith("gzip")
    assert not {"cookie", "referer", "authorization", "if-none-match"} & set(page.headers)
    assert site.asked[0].headers["user-agent"] == AGENT


def test_no_cookie_is_ever_sent_back(site: Site) -> None:
    site.otherwise = Told(headers={"Set-Cookie": "id=7; Path=/; Max-Age=99999"})
    site.answers["/moved"] = Told(status=302, headers={"Location": "/", "Set-Cookie": "seen=1"})
    web = fetcher(site)
    web.get(ask("/moved"))
    web.get(ask("/again"))
    assert all("cookie" not in each.headers for each in site.asked)


def test_every_request_that_goes_out_is_counted_for_its_host(site: Site) -> None:
    other = Site()
    site.answers["/moved"] = Told(status=302, headers={"Location": "https://other.example/a"})
    site.answers["/broken"] = [Told(status=500), Told()]
    web = fetcher(site, {"https://other.example": other.base})
    web.get(ask("/moved"))
    web.get(ask("/broken"))
    assert web.requests == {HARBOUR: 4, "https://other.example": 2}
    assert (len(site.asked), len(other.asked)) == (4, 2)


# --- only what has changed


@pytest.mark.parametrize(
    "etag, last_modified",
    [
        ('"abc"', None),
        ('W/"abc"', None),
        (None, STAMP),
        ('"abc"', STAMP),
        ("unquoted", None),
        ('"with space"', None),
        ('"caf\xe9\xff"', None),
        (None, "0"),
        (None, "yesterday, 25:61"),
        (None, "Mon, 01 Jan 0001 00:00:00 GMT"),
    ],
)
def test_validators_go_back_as_they_came_to_the_byte(
    site: Site, etag: str | None, last_modified: str | None
) -> None:
    named = {"ETag": etag, "Last-Modified": last_modified}
    site.answers["/"] = [
        Told(headers={name: value for name, value in named.items() if value}),
        Told(status=304, body=b""),
    ]
    web = fetcher(site)
    first = web.get(ask("/"))
    assert (first.etag, first.last_modified) == (etag, last_modified)
    second = web.get(ask("/", etag=first.etag, last_modified=first.last_modified))
    assert (second.status, second.body) == (304, b"")
    assert (second.etag, second.last_modified) == (etag, last_modified)
    headers = site.pages()[1].headers
    assert headers.get("if-none-match") == etag
    assert headers.get("if-modified-since") == last_modified


@pytest.mark.parametrize(
    "bad", ['"a"\r\nX-Evil: 1', '"a"\nb', '"a"\rb', '"a\x00b"', "\u0661", " ", "\x7f", '"a" ', ""]
)
def test_what_no_header_may_hold_is_not_sent(site: Site, bad: str) -> None:
    web = fetcher(site)
    assert web.get(ask("/", etag=bad, last_modified=bad)).status == 200
    asked = site.pages()[0].headers
    assert not {"if-none-match", "if-modified-since", "x-evil"} & set(asked)


def test_new_validators_of_an_unchanged_page_replace_the_old(site: Site) -> None:
    site.answers["/"] = Told(status=304, body=b"", headers={"ETag": '"new"'})
    answer = fetcher(site).get(ask("/", etag='"old"', last_modified=STAMP))
    assert (answer.etag, answer.last_modified) == ('"new"', STAMP)


def test_a_changed_page_is_had_with_its_new_validators(site: Site) -> None:
    site.answers["/"] = Told(headers={"ETag": '"new"'})
    answer = fetcher(site).get(ask("/", etag='"old"'))
    assert (answer.status, answer.body, answer.etag) == (200, PAGE, '"new"')


def test_a_page_that_has_not_changed_leaves_its_connection_to_the_next_one() -> None:
    with FaultServer() as server:
        server.on("/robots.txt", answer(b""), keep=True)
        server.on("/a", answer(b"", "304 Not Modified", send=b""), keep=True)
        web = Fetcher(Settings(user_agent=AGENT, delay=0, mirrors={HARBOUR: server.url("")}))
        for _ in range(5):
            assert web.get(ask("/a", etag='"1"')).status == 304
        web.close()
        assert [request.target for request in server.requests] == ["/robots.txt", *["/a"] * 5]
        assert server.connections == 1


@pytest.mark.parametrize("asked", [ask("/"), ask("/", etag="bad\nvalue")])
def test_304_without_a_condition_is_a_failure(site: Site, asked: Ask) -> None:
    site.answers["/"] = Told(status=304, body=b"")
    error = failure(fetcher(site), asked)
    assert (error.kind, error.reason) == ("failed", "answered 304 to a request without conditions")


def test_a_server_that_always_answers_304_is_found_out_by_asking_without_conditions(site: Site) -> None:
    """A client that took every 304 at its word would call this page unchanged for ever."""

    def stuck(asked: Asked) -> Told:
        return (
            Told(status=304, body=b"") if "if-none-match" in asked.headers else Told(headers={"ETag": '"1"'})
        )

    site.answers["/"] = stuck
    web = fetcher(site)
    assert web.get(ask("/", etag='"1"')).status == 304
    assert web.get(ask("/")).body == PAGE


@pytest.mark.parametrize(
    "headers",
    [
        {"Last-Modified": "Mon, 01 Jan 2024 00:00:00 GMT"},
        {"Cache-Control": "max-age=31536000, immutable", "Date": STAMP},
        {"Expires": "Fri, 31 Dec 2099 23:59:59 GMT"},
        {"Expires": "0"},
    ],
)
def test_no_answer_is_taken_from_a_cache(site: Site, headers: dict[str, str]) -> None:
    site.answers["/"] = [Told(headers=headers), Told(body=PAGE.replace(b"Seven", b"Eight"))]
    web = fetcher(site)
    web.get(ask("/"))
    assert b"Eight" in web.get(ask("/")).body
    assert len(site.pages()) == 2


def test_a_cache_by_the_usual_rule_of_thumb_would_not_even_ask(site: Site) -> None:
    """The naive client of the test above: a tenth of the age counts as fresh."""
    site.answers["/"] = [Told(headers={"Last-Modified": "Mon, 01 Jan 2024 00:00:00 GMT"}), Told(body=b"new")]
    kept: dict[str, tuple[httpx2.Response, datetime]] = {}

    def naive(url: str) -> bytes:
        now = datetime.now(UTC)
        if url in kept:
            response, at = kept[url]
            age = at - parsedate_to_datetime(response.headers["last-modified"])
            if now - at < age / 10:
                return response.content
        kept[url] = (httpx2.get(url), now)
        return kept[url][0].content

    assert naive(f"{site.base}/") == naive(f"{site.base}/") == PAGE
    assert len(site.asked) == 1


# --- what an answer means


@pytest.mark.parametrize(
    "told, kind, reason",
    [
        (Told(status=204, body=b""), "failed", "answered 204"),
        (Told(status=206), "failed", "answered 206 to a request for the whole"),
        (Told(status=300), "failed", "answered 300"),
        (Told(status=400), "failed", "answered 400"),
        (Told(status=401), "blocked", "answered 401"),
        (Told(status=402), "failed", "answered 402"),
        (Told(status=403), "blocked", "answered 403"),
        (Told(status=404), "gone", "answered 404"),
        (Told(status=410), "gone", "answered 410"),
        (Told(status=418), "failed", "answered 418"),
        (Told(status=451), "blocked", "answered 451"),
        (Told(status=500), "failed", "answered 500"),
        (Told(status=520), "failed", "answered 520"),
        (Told(status=429), "paused", "answered 429"),
        (Told(status=503), "paused", "answered 503"),
        (
            Told(status=403, headers={"cf-mitigated": "challenge"}),
            "blocked",
            "answered 403 with a robot check",
        ),
        (
            Told(status=429, headers={"CF-Mitigated": "challenge"}),
            "blocked",
            "answered 429 with a robot check",
        ),
        (
            Told(status=503, body=b"<title>Just a moment...</title>"),
            "blocked",
            "answered 503 with a robot check",
        ),
        (
            Told(status=403, body=b"<script src=/cdn-cgi/challenge-platform/h/b></script>"),
            "blocked",
            "answered 403 with a robot check",
        ),
        (Told(status=429, body=b"<div id=px-captcha>"), "blocked", "answered 429 with a robot check"),
        (Told(body=b""), "failed", "the answer was empty"),
        (Told(body=b" \r\n\t"), "failed", "the answer was empty"),
    ],
)
def test_each_status_has_its_meaning(site: Site, told: Told, kind: str, reason: str) -> None:
    site.answers["/"] = told
    error = failure(fetcher(site), ask("/"))
    assert (error.kind, error.reason, error.status) == (kind, reason, told.status)


CHECKS = {
    "a title": "<html><head><title>Just a moment...</title></head></html>",
    "a title, written in another way": "<html><head><TITLE>\n Just a moment\u2026 </TITLE></head></html>",
    "a script": "<!doctype html><html><script>window._cf_chl_opt={}</script></html>",
    "a script in XHTML": '<?xml version="1.0"?>\n<!DOCTYPE html><html><div id="px-captcha"></div></html>',
}
CALM = "<title>Just a moment{}</title>"
NO_CHECKS = {
    "a page of that name": f"<!doctype html><html><head>{CALM.format(' of calm')}</head><body>x</body></html>",
    "a feed": f"<rss><channel><item>{CALM.format(' of calm')}</item></channel></rss>",
    "a feed with all of it": f'<?xml version="1.0"?>\n<rss><channel><item>{CALM.format("...")}</item></channel></rss>',
    "a feed with a mark": "\ufeff<feed><entry><title>What px-captcha is</title></entry></feed>",
    "a sitemap": f"<urlset><url>{CALM.format('...')}</url></urlset>",
    "JSON": json.dumps([{"title": CALM.format("...")}]),
}


@pytest.mark.parametrize("case", CHECKS)
def test_a_good_answer_may_be_a_robot_check(site: Site, case: str) -> None:
    site.answers["/"] = Told(body=CHECKS[case].encode())
    error = failure(fetcher(site), ask("/"))
    assert (error.kind, error.reason) == ("blocked", "answered with a robot check")


@pytest.mark.parametrize("case", NO_CHECKS)
def test_what_only_speaks_of_robot_checks_is_none(site: Site, case: str) -> None:
    site.answers["/"] = Told(body=NO_CHECKS[case].encode())
    assert fetcher(site).get(ask("/")).body == NO_CHECKS[case].encode()


def test_a_robot_check_does_not_pause_a_host(site: Site) -> None:
    site.answers["/"] = Told(status=503, headers={"cf-mitigated": "challenge", "Retry-After": "9999"})
    web = fetcher(site)
    failure(web, ask("/"))
    assert web.get(ask("/other")).status == 200


@pytest.mark.parametrize("status", [200, 203])
@pytest.mark.parametrize(
    "content_type, media_type, charset",
    [
        ("text/html", "text/html", None),
        ('Text/HTML; Charset="UTF-8"', "text/html", "UTF-8"),
        ("text/html;charset=windows-1256; x=y", "text/html", "windows-1256"),
        ("text/html, text/html; charset=utf-8", "text/html", "utf-8"),
        ("", "", None),
        ("; charset=utf-8", "", "utf-8"),
    ],
)
def test_a_whole_answer_is_taken(
    site: Site, status: int, content_type: str, media_type: str, charset: str | None
) -> None:
    clock = Clock()
    site.answers["/a?b=c"] = Told(status=status, headers={"Content-Type": content_type})
    answer = fetcher(site, now=clock).get(ask("/a?b=c#part"))
    assert (answer.status, answer.body, answer.retrieved) == (200, PAGE, clock.time)
    assert (answer.media_type, answer.charset) == (media_type, charset)
    assert (answer.url, answer.final) == (f"{HARBOUR}/a?b=c#part", f"{HARBOUR}/a?b=c")


# --- redirects


@pytest.mark.parametrize(
    "location, final",
    [
        ("/b", f"{HARBOUR}/b"),
        ("b", f"{HARBOUR}/a/b"),
        ("../b?c=d#e", f"{HARBOUR}/b?c=d"),
        ("?b", f"{HARBOUR}/a/page?b"),
        (f"{HARBOUR}/b", f"{HARBOUR}/b"),
        ("//www.harbour.example/b", None),
        ("http://harbour.example/b", "http://harbour.example/b"),
        ("BASE/b", f"{HARBOUR}/b"),
        ("BASE", f"{HARBOUR}/"),
        ("https://other.example/b", "https://other.example/b"),
        ("OTHER/b", "https://other.example/b"),
        ("/caf%C3%A9", f"{HARBOUR}/caf%C3%A9"),
    ],
)
def test_a_redirect_is_followed_to_an_address_of_its_own(
    site: Site, location: str, final: str | None
) -> None:
    other = Site()
    where = location.replace("BASE", site.base).replace("OTHER", other.base)
    site.answers["/a/page"] = Told(status=302, headers={"Location": where})
    answer = fetcher(site, {"https://other.example": other.base}).get(ask("/a/page"))
    assert answer.body == PAGE
    # Without a scheme, that of the mirror is as good as that of the origin.
    assert answer.final == final or (final is None and answer.final.endswith("://www.harbour.example/b"))


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_all_five_redirects_are_followed_with_the_conditions(site: Site, status: int) -> None:
    site.answers["/a"] = Told(status=status, headers={"Location": "/b"})
    site.answers["/b"] = Told(status=304, body=b"")
    answer = fetcher(site).get(ask("/a", etag='"1"'))
    assert (answer.status, answer.url, answer.final) == (304, f"{HARBOUR}/a", f"{HARBOUR}/b")


def test_an_address_beyond_ascii_is_followed_as_utf_8(site: Site) -> None:
    site.answers["/a"] = Told(status=301, headers={"Location": "/أخبار/1".encode().decode("latin-1")})
    assert fetcher(site).get(ask("/a")).status == 200
    assert site.paths()[-1] == "/%D8%A3%D8%AE%D8%A8%D8%A7%D8%B1/1"


@pytest.mark.parametrize(
    "location, kind, reason",
    [
        (None, "failed", "it redirects without an address"),
        ("", "failed", "it redirects without an address"),
        ("/a%0d%0aX-Evil:1", "failed", "it redirects to no address"),
        ("/a%0Ab", "failed", "it redirects to no address"),
        ("/a%00b", "failed", "it redirects to no address"),
        ("/a\tb", "failed", "it redirects to no address"),
        ("/\xff\xfe", "failed", "it redirects to no address"),
        ("http://[::1", "failed", "it redirects to no address"),
        ("/" + "a" * 9000, "failed", "it redirects to no address"),
        ("/page", "failed", "its redirects go in a circle"),
        ("/page#part", "failed", "its redirects go in a circle"),
        ("file:///etc/passwd", "refused", ""),
        ("gopher://harbour.example/", "refused", ""),
        ("ftp://harbour.example/", "refused", ""),
        ("unix:/tmp/socket", "refused", ""),
        ("javascript:alert(1)", "refused", ""),
        ("data:text/html,x", "refused", ""),
        ("http://127.0.0.1/", "refused", ""),
        ("http://[::1]/", "refused", ""),
        ("http://169.254.169.254/latest/meta-data/", "refused", ""),
        ("http://10.0.0.8/", "refused", ""),
        ("http://100.64.0.1/", "refused", ""),
        ("http://0.0.0.0/", "refused", ""),
        ("http://2130706433/", "refused", ""),
        ("http://0x7f.1/", "refused", ""),
        ("http://localhost/", "refused", ""),
        ("https://other.example:22/", "refused", ""),
        ("https://other.example:6379/", "refused", ""),
        ("https://user:word@other.example/", "refused", ""),
    ],
)
def test_a_redirect_to_nowhere_or_into_the_house_is_a_failure(
    site: Site, location: str | None, kind: str, reason: str
) -> None:
    headers = {} if location is None else {"Location": location}
    site.answers["/page"] = Told(status=302, headers=headers)
    web = fetcher(site)
    error = failure(web, ask("/page"))
    assert error.kind == kind
    assert error.reason == reason or (not reason and error.reason.startswith("it redirects to "))
    assert site.paths() == ["/robots.txt", "/page"]
    assert set(web.requests) == {HARBOUR}


def test_the_ends_of_lines_in_a_redirect_begin_no_other_header(site: Site) -> None:
    site.answers["/page"] = Told(
        raw=b"HTTP/1.1 302 Told\r\nLocation: /a\r\nLocation: /b\r\nContent-Length: 0\r\n\r\n"
    )
    assert fetcher(site).get(ask("/page")).final == f"{HARBOUR}/a"


@pytest.mark.parametrize("hops, good", [(1, True), (5, True), (6, False), (20, False)])
def test_five_redirects_are_followed_and_no_more(site: Site, hops: int, good: bool) -> None:
    for number in range(hops):
        site.answers[f"/{number}"] = Told(status=301, headers={"Location": f"/{number + 1}"})
    web = fetcher(site)
    if good:
        assert web.get(ask("/0")).final == f"{HARBOUR}/{hops}"
    else:
        error = failure(web, ask("/0"))
        assert (error.kind, error.reason) == ("failed", "it redirects more than 5 times")
        assert len(site.pages()) == 6


def test_a_redirect_to_what_is_gone_is_gone(site: Site) -> None:
    site.answers["/a"] = Told(status=301, headers={"Location": "/b"})
    site.answers["/b"] = Told(status=410)
    assert failure(fetcher(site), ask("/a")).kind == "gone"


# --- addresses that are not asked for


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/",
        "http://127.0.0.1:8080/",
        "http://localhost/",
        "http://[::1]/",
        "http://192.168.1.1/",
        "https://harbour.example:22/",
        "https://user@www.harbour.example/",
        "ftp://www.harbour.example/",
        "file:///etc/passwd",
        "www.harbour.example/page",
        "http://[::1",
        "http://[::1#part",
        "https://www.harbour.example/\ud800",
        "https://www.harbour.example/a\nb",
        "https://user@www.harbour.example/\x00",
        "https://www.harbour.example:99999/",
        "https:///page",
        "#part",
        "",
    ],
)
@pytest.mark.parametrize("mirrors", [{}, {HARBOUR: "http://127.0.0.1:8080"}], ids=["web", "mirror"])
def test_an_address_that_is_not_of_the_public_web_is_refused(url: str, mirrors: dict[str, str]) -> None:
    web = fetcher(mirrors)
    with pytest.raises(FetchError) as error:
        web.get(Ask(url=url))
    assert error.value.kind == "refused"
    assert not web.requests.total()


def test_a_name_that_leads_into_the_house_is_refused_and_asks_nothing(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    port = int(site.base.rpartition(":")[2])

    def inward(*_args: object, **_named: object) -> list[object]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))]

    monkeypatch.setattr(socket, "getaddrinfo", inward)
    web = fetcher()
    error = failure(web, ask("http://www.harbour.example:8080/"))
    assert error.kind == "refused"
    assert not site.asked
    assert not web.requests.total()


def test_an_intranet_host_that_is_allowed_by_name_is_asked(site: Site) -> None:
    port = site.base.rpartition(":")[2]
    url = f"http://localhost:{port}/page"
    refused = fetcher()
    assert failure(refused, ask(url)).kind == "refused"
    assert fetcher(allow_hosts=("localhost",)).get(ask(url)).final == url


def test_a_proxy_is_asked_for_the_whole_address(site: Site) -> None:
    answer = fetcher(proxy=site.base).get(ask("http://www.harbour.example/page"))
    assert (answer.status, answer.final) == (200, "http://www.harbour.example/page")
    assert site.paths() == ["http://www.harbour.example/robots.txt", "http://www.harbour.example/page"]


def test_a_proxy_is_not_asked_for_what_is_inside_the_house(site: Site) -> None:
    web = fetcher(proxy=site.base)
    for url in ("http://127.0.0.1/", f"{site.base}/page", "http://10.0.0.1/", "http://localhost/"):
        assert failure(web, ask(url)).kind == "refused"
    assert not site.asked


def test_only_what_has_a_mirror_leads_to_it(site: Site) -> None:
    web = fetcher(site)
    error = failure(web, ask(f"{site.base}/page"))
    assert error.kind == "refused"
    assert not site.asked


# --- repeats


@pytest.mark.parametrize(
    "answers, requests",
    [
        ([Told(status=500), Told()], 2),
        ([Told(status=502), Told(status=504), Told()], 3),
        ([Told(status=503), Told()], 2),
        ([Told(raw=b""), Told()], 2),
        ([Told(raw=b"HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n<html>"), Told()], 2),
        ([Told(raw=b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\n<ht"), Told()], 2),
        ([Told(raw=b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<html><body>Half"), Told()], 2),
        ([Told(headers={"Content-Encoding": "gzip"}, body=gzip.compress(PAGE)[:-20]), Told()], 2),
    ],
    ids=["500", "502-504", "503", "closed", "short", "chunks", "no-end", "gzip"],
)
def test_what_may_be_over_in_a_second_is_asked_again(site: Site, answers: list[Told], requests: int) -> None:
    site.answers["/"] = answers
    assert fetcher(site).get(ask("/")).body == PAGE
    assert len(site.pages()) == requests


@pytest.mark.parametrize(
    "told, requests",
    [
        (Told(status=500), 3),
        (Told(status=400), 1),
        (Told(status=403), 1),
        (Told(status=404), 1),
        (Told(status=429), 1),
        (Told(status=503, headers={"Retry-After": "9"}), 1),
        (Told(body=b""), 1),
        (Told(raw=b"HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n<html>"), 2),
    ],
    ids=["500", "400", "403", "404", "429", "503", "empty", "short"],
)
def test_how_often_something_is_asked_for_in_vain(site: Site, told: Told, requests: int) -> None:
    site.answers["/"] = told
    failure(fetcher(site), ask("/"))
    assert len(site.pages()) == requests


def test_without_retries_everything_is_asked_for_once(site: Site) -> None:
    site.answers["/"] = Told(status=500)
    failure(fetcher(site, retries=0), ask("/"))
    assert len(site.pages()) == 1


def test_a_page_without_its_end_is_taken_if_it_comes_twice(site: Site) -> None:
    half = b"<html><body>Half"
    site.answers["/"] = Told(raw=b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + half)
    assert fetcher(site).get(ask("/")).body == half
    assert len(site.pages()) == 2


def test_repeats_are_few_among_all_requests() -> None:
    sites = {f"https://paper{number}.example": Site() for number in range(20)}
    for each in sites.values():
        each.otherwise = Told(status=500)
    web = fetcher({origin: each.base for origin, each in sites.items()})
    for origin in sites:
        failure(web, ask(f"{origin}/"))
    requests = sum(len(each.asked) for each in sites.values())
    # Twenty robots.txt, twenty pages, and repeats: with two each it would be 80.
    assert 46 <= requests <= 40 / 0.8


# --- time


def test_a_server_that_says_nothing_is_not_waited_for_long(site: Site) -> None:
    site.answers["/"] = Told(after=5)
    web = fetcher(site, read_seconds=0.2)
    begun = time.monotonic()
    error = failure(web, ask("/"))
    assert time.monotonic() - begun < 3
    assert error.kind == "failed"
    assert "too long" in error.reason
    assert len(site.pages()) == 1


def test_a_body_that_drips_is_cut_off_in_time(site: Site) -> None:
    def drip(connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 9000\r\n\r\n")
        for _ in range(100):
            connection.sendall(b"x")
            time.sleep(0.03)

    begun = time.monotonic()
    error = failure(fetcher({HARBOUR: served(drip)}, total_seconds=0.4), ask("/"))
    assert time.monotonic() - begun < 2.5
    assert "too long" in error.reason


def test_headers_that_drip_are_cut_off_in_time() -> None:
    def drip(connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\n")
        for number in range(100):
            connection.sendall(b"X-%d: y\r\n" % number)
            time.sleep(0.03)

    begun = time.monotonic()
    error = failure(fetcher({HARBOUR: served(drip)}, total_seconds=0.4), ask("/"))
    assert time.monotonic() - begun < 2.5
    assert "too long" in error.reason


def test_all_repeats_together_take_twice_the_time_of_one_at_most(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.answers["/"] = Told(status=500, after=0.25)
    web, given, send = fetcher(site, total_seconds=0.3, retries=6), [], Exchange.send

    def sending(self: Exchange, own: str, how: How) -> Reply | Miss:
        given.append(how.total)
        return send(self, own, how)

    monkeypatch.setattr(Exchange, "send", sending)
    failure(web, ask("/"))
    # Of 0.6 seconds, two answers have taken half a second; the third is not waited for.
    assert len(given) <= 4
    assert given[0] == given[1] == 0.3
    assert given[-1] <= 0.11


def test_a_connection_that_is_broken_off_within_the_page_is_made_again() -> None:
    replies = [PAGE[:20], PAGE]

    def serve(connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(PAGE) + replies[0])
        if len(replies) > 1:
            del replies[0]
            time.sleep(0.1)
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    assert fetcher({HARBOUR: served(serve)}).get(ask("/")).body == PAGE


def served(page: Callable[[socket.socket], None]) -> str:
    """The base of a server that leaves its only page to a function, and has no robots.txt."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        with listener:
            for _ in range(3):
                connection, _ = listener.accept()
                with connection:
                    try:
                        if b"GET /robots.txt" in connection.recv(65536):
                            connection.sendall(
                                b"HTTP/1.1 404 No\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
                            )
                        else:
                            page(connection)
                    except OSError:
                        return

    threading.Thread(target=serve, daemon=True).start()
    return f"http://127.0.0.1:{listener.getsockname()[1]}"


def test_stopping_ends_what_waits_and_what_runs(site: Site) -> None:
    site.answers["/slow"] = Told(after=30)
    web = fetcher(site, delay=0.3, read_seconds=30)

    def attempt(path: str) -> Answer | FetchError:
        try:
            return web.get(ask(path))
        except FetchError as error:
            return error

    with ThreadPoolExecutor(8) as pool:
        futures = [pool.submit(attempt, "/slow") for _ in range(8)]
        while len(site.pages()) < 1:
            time.sleep(0.02)
        begun = time.monotonic()
        web.stop()
        ends = [future.result() for future in futures]
    assert time.monotonic() - begun < 3
    assert [str(end) for end in ends] == [f"{HARBOUR}/slow: the build was stopped"] * 8
    assert str(failure(web, ask("/"))).endswith("the build was stopped")


def test_stopping_ends_the_wait_for_a_robots_txt(site: Site) -> None:
    site.answers["/robots.txt"] = Told(after=30)
    web = fetcher(site, read_seconds=30)
    with ThreadPoolExecutor(6) as pool:
        futures = [pool.submit(web.get, ask(f"/{number}")) for number in range(6)]
        while not site.asked:
            time.sleep(0.02)
        begun = time.monotonic()
        web.stop()
        errors = [future.exception() for future in futures]
    assert time.monotonic() - begun < 3
    assert [getattr(error, "reason", "") for error in errors] == ["the build was stopped"] * 6


def test_the_usual_times_are_those_that_are_promised() -> None:
    settings = Settings(user_agent=AGENT)
    assert (settings.delay, settings.retries) == (1.0, 2)
    assert (settings.connect_seconds, settings.read_seconds, settings.total_seconds) == (5.0, 10.0, 30.0)


# --- mirrors


@pytest.mark.parametrize(
    "own, target",
    [
        ("https://www.harbour.example/a?b=c", "http://mirror:1/a?b=c"),
        ("https://www.harbour.example", "http://mirror:1/"),
        ("https://WWW.harbour.example:443/a", "http://mirror:1/a"),
        ("https://www.harbour.example//evil.example/a", "http://mirror:1//evil.example/a"),
        ("http://www.harbour.example/a", "http://mirror:1/a"),
        ("https://harbour.example/a", "http://mirror:1/a"),
        ("https://m.harbour.example/a", "http://mirror:2/m/a"),
        ("https://www.harbour.example/live/a", "http://mirror:3/x/a"),
        ("https://www.harbour.example/live", "http://mirror:3/x/"),
        ("https://www.harbour.example/lively", "http://mirror:1/lively"),
        ("https://harbour.example.evil.example/a", None),
        ("https://www.harbour.example:8443/a", None),
        ("https://other.example/a", None),
    ],
)
def test_the_longest_origin_that_fits_says_where_to_ask(own: str, target: str | None) -> None:
    mirrors = Mirrors(
        {
            "https://www.harbour.example": "http://mirror:1",
            "https://m.harbour.example/": "http://mirror:2/m/",
            "https://www.harbour.example/live": "http://mirror:3/x",
        }
    )
    found = mirrors.target(own)
    assert found == target or (target or "").rstrip("/") == found
    assert mirrors.trusted() == {("mirror", 1), ("mirror", 2), ("mirror", 3)}


@pytest.mark.parametrize(
    "location, own",
    [
        ("/copy/b", "https://www.harbour.example/b"),
        ("/b", "https://www.harbour.example/b"),
        ("b", "https://www.harbour.example/a/b"),
        ("http://mirror:1/copy/b?c", "https://www.harbour.example/b?c"),
        ("http://mirror:1/copy", "https://www.harbour.example/"),
        ("http://mirror:1/copycat", "https://www.harbour.example/copycat"),
        ("https://www.harbour.example/b", "https://www.harbour.example/b"),
        ("http://mirror:9/b", "http://mirror:9/b"),
    ],
)
def test_a_redirect_of_a_mirror_below_a_path_stays_on_the_origin(location: str, own: str) -> None:
    mirrors = Mirrors({"https://www.harbour.example": "http://mirror:1/copy"})
    assert mirrors.led("https://www.harbour.example/a/page", location) == own


def test_a_page_of_an_origin_without_a_mirror_may_not_lead_to_one_by_its_address(site: Site) -> None:
    other = Site()
    site.answers["/page"] = Told(status=302, headers={"Location": f"{other.base}/secret"})
    answer = fetcher(site, {"https://other.example": other.base}).get(ask("/page"))
    assert answer.final == "https://other.example/secret"


# --- whatever is answered


WHOLE = Told(
    headers={"ETag": '"1"', "Location": "/b", "Retry-After": "5", "Content-Encoding": "gzip"}
).encoded()


@pytest.mark.parametrize("seed", range(60))
def test_no_answer_however_broken_raises_anything_else(site: Site, seed: int) -> None:
    chance = random.Random(seed)
    raw = bytearray(WHOLE.replace(b"200 Told", f"{chance.choice([200, 302, 304, 429, 503])} Told".encode()))
    for _ in range(chance.randrange(1, 6)):
        at = chance.randrange(len(raw))
        raw[at : at + chance.randrange(4)] = chance.randbytes(chance.randrange(4))
    site.answers = {"/": Told(raw=bytes(raw)), "/robots.txt": Told(raw=bytes(raw[: seed * 5]))}
    web = fetcher(site, read_seconds=1.0)
    with suppress(FetchError):
        web.get(ask("/", etag='"0"'))
    with suppress(FetchError):
        fetcher(site, states=web.states(), read_seconds=1.0).get(ask("/"))
