"""robots.txt: read as RFC 9309 has it, asked for once a day, and obeyed."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from cleanfeed.errors import FetchError
from cleanfeed.fetch.bodies import ROBOTS_LIMIT
from cleanfeed.fetch.hosts import HostState
from cleanfeed.fetch.robots import parse
from fetchparts import HARBOUR, Clock, Site, Told, ask, fetcher, keeps, site, tidy_web

if TYPE_CHECKING:
    from cleanfeed.fetch.client import Fetcher

__all__ = ["site", "tidy_web"]

SHUT = "User-agent: *\nDisallow: /"
HTML = "<!DOCTYPE html><html><body>\nUser-agent: *\nDisallow: /\n</body></html>"


def robots(text: str | bytes) -> Told:
    body = text.encode() if isinstance(text, str) else text
    return Told(body=body, headers={"Content-Type": "text/plain"})


# --- what it says


@pytest.mark.parametrize(
    "text, path, allowed",
    [
        ("", "/", True),
        (SHUT, "/", False),
        (SHUT, "/a", False),
        (SHUT, "/robots.txt", True),
        ("User-agent: *\nDisallow:", "/a", True),
        ("User-agent: *\nDisallow: /private", "/private/a", False),
        ("User-agent: *\nDisallow: /private", "/privateer", False),
        ("User-agent: *\nDisallow: /private/", "/private", True),
        ("User-agent: *\nDisallow: /private", "/Private", True),
        ("User-agent: *\nDisallow: /\nAllow: /news/", "/news/a", True),
        ("User-agent: *\nAllow: /news/\nDisallow: /news/old/", "/news/old/a", False),
        ("User-agent: *\nAllow: /page\nDisallow: /page", "/page", True),
        ("User-agent: *\nDisallow: /*.php$", "/a.php", False),
        ("User-agent: *\nDisallow: /*.php$", "/a.php?b", True),
        ("User-agent: *\nDisallow: /*?print=", "/a?print=1", False),
        ("User-agent: *\nDisallow: /*/feed", "/a/feed/", False),
        ("User-agent: *\nDisallow: /أخبار", "/%D8%A3%D8%AE%D8%A8%D8%A7%D8%B1/1", False),
        ("User-agent: *\nDisallow: /%61b", "/ab", False),
        # Line ends, marks, remarks and junk.
        ("User-agent: *\r\nDisallow: /\r\n", "/a", False),
        ("User-agent: *\rDisallow: /\r", "/a", False),
        ("# us\rUser-agent: CleanFeed/1.0\rDisallow: /\r", "/a", False),
        ("\ufeffUser-agent: *\nDisallow: /", "/a", False),
        ("\n\n# us\nUser-Agent: * # all\nDisallow: / # all\n", "/a", False),
        ("  user-agent :*\n  DISALLOW :/  ", "/a", False),
        ("User-agent *\nDisallow /", "/a", False),
        ("Sitemap: https://x.example/s.xml\n" + SHUT, "/a", False),
        ("User-agent: *\nSitemap: https://x.example/s.xml\nDisallow: /", "/a", False),
        ("User-agent: *\n\nDisallow: /", "/a", False),
        ("Disallow: /", "/a", True),
        ("nonsense\x00\x01: /\n" + SHUT, "/a", False),
        (HTML, "/a", True),
        ("  \n" + HTML, "/a", True),
        ("<?xml version='1.0'?><e>\nUser-agent: *\nDisallow: /\n</e>", "/a", True),
        # Which group is meant.
        ("User-agent: cleanfeed\nDisallow: /", "/a", False),
        ("User-agent: CleanFeed/2.0\nDisallow: /", "/a", False),
        ("User-agent: cleanfeed (all versions)\nDisallow: /", "/a", False),
        ("User-agent: cleanfeed\nUser-agent: other\nDisallow: /", "/a", False),
        ("User-agent: other\nUser-agent: cleanfeed\nDisallow: /", "/a", False),
        ("User-agent: cleanfeed\n# us: and them\nusers welcome\nUser-agent: other\nDisallow: /", "/a", False),
        ("User-agent: other\nDisallow: /\nUser-agent: cleanfeed\nDisallow: /b", "/a", True),
        (
            "User-agent: cleanfeed\nDisallow: /a\n" + SHUT + "\nUser-agent: cleanfeed\nDisallow: /c",
            "/c",
            False,
        ),
        (
            "User-agent: cleanfeed\nDisallow: /a\n" + SHUT + "\nUser-agent: cleanfeed\nDisallow: /c",
            "/b",
            True,
        ),
        ("User-agent: other\nDisallow: /b\nuser  agent *\nDisallow: /a", "/a", False),
        ("User-agent: other\nDisallow: /b\nuser-agent\nDisallow: /a", "/a", True),
        ("User-agent: cleanfeed\nAllow: /\n\n" + SHUT, "/a", True),
        (SHUT + "\n\nUser-agent: cleanfeed\nAllow: /", "/a", True),
        (SHUT + "\n\nUser-agent: cleanfeed\nDisallow: /b", "/a", True),
        ("User-agent: other\nUser-agent: cleanfeed\nDisallow: /a", "/a", False),
        ("User-agent: cleanfeed\nDisallow: /a\nUser-agent: other\nDisallow: /b", "/b", True),
        ("User-agent: cleanfeed\nDisallow: /a\n\nUser-agent: cleanfeed\nDisallow: /b", "/a", False),
        ("User-agent: clean\nDisallow: /", "/a", True),
        ("User-agent: feed\nDisallow: /", "/a", True),
        ("User-agent: cleanfeedbot\nDisallow: /", "/a", True),
        ("User-agent: c\nDisallow: /", "/a", True),
        ("User-agent: GPTBot\nDisallow: /\n\nUser-agent: *\nAllow: /", "/a", True),
        ("User-agent:\nDisallow: /", "/a", True),
    ],
)
def test_rules_are_those_of_the_standard(text: str, path: str, allowed: bool) -> None:
    assert parse(text).allow(HARBOUR + path) is allowed


@pytest.mark.parametrize(
    "text, seconds",
    [
        ("", 0),
        ("User-agent: *\nDisallow:", 0),
        ("User-agent: *\nCrawl-delay: 5", 5),
        ("User-agent: *\nCrawl-delay: 0.5", 0.5),
        ("User-agent: *\nCrawl-delay: 3600", 30),
        ("User-agent: *\nCrawl-delay: -5", 0),
        ("User-agent: *\nCrawl-delay: nan", 0),
        ("User-agent: *\nCrawl-delay: inf", 0),
        ("User-agent: *\nCrawl-delay: soon", 0),
        ("User-agent: *\nRequest-rate: 1/10", 10),
        ("User-agent: *\nRequest-rate: 2/1m", 30),
        ("User-agent: *\nRequest-rate: 10/5s", 0.5),
        ("User-agent: *\nRequest-rate: 0/5", 0),
        ("User-agent: *\nRequest-rate: 1/4\nCrawl-delay: 3", 4),
        ("User-agent: other\nCrawl-delay: 9\n\nUser-agent: *\nCrawl-delay: 2", 2),
        ("User-agent: *\nCrawl-delay: 9\n\nUser-agent: cleanfeed\nDisallow:", 0),
    ],
)
def test_a_host_may_ask_for_a_delay_of_up_to_half_a_minute(text: str, seconds: float) -> None:
    assert parse(text).delay == seconds


@pytest.mark.parametrize(
    "text",
    [
        "User-agent: *\nDisallow: /" + "*a" * 256_000,
        "User-agent: *\n" + "Disallow: /*a*b*c*d*e$\n" * 20_000,
        "User-agent: *\n" + "Disallow: /$a$b$c$\n" * 20_000,
        "a\n" * 256_000,
        "User-agent: x\n" * 35_000,
        "Sitemap: https://x.example/s.xml\n" * 15_000,
        "User-agent: *\nDisallow: /" + "a" * 500_000,
    ],
    ids=["stars", "rules", "dollars", "lines", "agents", "sitemaps", "line"],
)
def test_no_robots_txt_takes_long_to_obey(text: str) -> None:
    begun = time.process_time()
    rules = parse(text)
    for _ in range(3):
        rules.allow(HARBOUR + "/" + "a" * 1900)
    assert time.process_time() - begun < 1.5


# --- what its status says


def had(web: Fetcher) -> str:
    """ "had", or the kind of failure of asking for an ordinary page."""
    try:
        return "had" if web.get(ask("/page")).status == 200 else ""
    except FetchError as error:
        return error.kind


@pytest.mark.parametrize(
    "told, expected",
    [
        (robots(SHUT), "refused"),
        (robots("User-agent: *\nDisallow: /other"), "had"),
        (robots(""), "had"),
        (robots(HTML), "had"),
        (robots(b"\xef\xbb\xbf" + SHUT.encode()), "refused"),
        (robots(SHUT.replace("\n", "\r\n")), "refused"),
        (robots(b"# \xff\xfe\n" + SHUT.encode()), "refused"),
        (Told(status=204, body=b""), "had"),
        (Told(status=400, body=SHUT.encode()), "had"),
        (Told(status=401), "had"),
        (Told(status=403), "had"),
        (Told(status=404, body=SHUT.encode()), "had"),
        (Told(status=410), "had"),
        (Told(status=451), "had"),
        (Told(status=429), "paused"),
        (Told(status=500), "failed"),
        (Told(status=502), "failed"),
        (Told(status=503), "failed"),
        (Told(status=503, headers={"Retry-After": "60"}), "paused"),
        (Told(status=304, body=b""), "failed"),
        (Told(raw=b""), "failed"),
        (Told(raw=b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nUser-agent: *"), "failed"),
        (Told(status=301, headers={"Location": "/elsewhere.txt"}), "refused"),
        (Told(status=302, headers={"Location": "/robots.txt"}), "had"),
        (Told(status=302, headers={"Location": "http://127.0.0.1/robots.txt"}), "refused"),
        (Told(status=302, headers={}), "had"),
    ],
)
def test_the_status_of_a_robots_txt_decides(site: Site, told: Told, expected: str) -> None:
    site.answers = {"/robots.txt": told, "/elsewhere.txt": robots(SHUT)}
    assert had(fetcher(site)) == expected
    assert ("/page" in site.paths()) is (expected == "had")


@pytest.mark.parametrize("hops, expected", [(1, "refused"), (5, "refused"), (6, "had"), (10, "had")])
def test_five_redirects_of_a_robots_txt_are_followed(site: Site, hops: int, expected: str) -> None:
    chain = [f"/r{number}" for number in range(hops - 1)]
    for here, there in zip(["/robots.txt", *chain], [*chain, "/end"], strict=True):
        site.answers[here] = Told(status=301, headers={"Location": there})
    site.answers["/end"] = robots(SHUT)
    assert had(fetcher(site)) == expected


@pytest.mark.parametrize("named", ["*", "cleanfeed"])
def test_what_others_are_told_changes_nothing(named: str) -> None:
    own = [f"User-agent: {named}\nDisallow: /{each}/\nAllow: /{each}/open" for each in "abc"]
    others = [f"User-agent: bot-{each}\nUser-agent: clean\nDisallow: /\nCrawl-delay: 9" for each in "abcd"]
    mixed = [each for pair in zip(others, own, strict=False) for each in pair]
    alone, among = parse("\n".join(own)), parse("\n".join([*mixed, others[-1]]))
    paths = [f"{HARBOUR}/{each}/{rest}" for each in "abcd" for rest in ("", "open", "shut")]
    assert [among.allow(path) for path in paths] == [alone.allow(path) for path in paths]
    assert among.delay == alone.delay == 0


def test_a_refusal_names_the_host_and_asks_nothing(site: Site) -> None:
    site.answers["/robots.txt"] = robots("User-agent: cleanfeed\nDisallow: /private")
    web = fetcher(site)
    with pytest.raises(FetchError) as error:
        web.get(ask("/private/a"))
    assert error.value.reason == "robots.txt of www.harbour.example does not allow it"
    assert error.value.kind == "refused"
    assert web.get(ask("/public")).status == 200
    assert site.paths() == ["/robots.txt", "/public"]


def test_the_beginning_of_an_endless_robots_txt_is_obeyed(site: Site) -> None:
    head = b"User-agent: *\nDisallow: /private\n"
    rest = b"".join(b"Disallow: /late%d\n" % number for number in range(150_000))
    assert len(rest) > 4 * ROBOTS_LIMIT
    site.answers["/robots.txt"] = robots(head + rest)
    web = fetcher(site)
    with pytest.raises(FetchError, match="does not allow it"):
        web.get(ask("/private"))
    assert web.get(ask("/free")).status == 200


def test_a_line_that_was_cut_says_nothing(site: Site) -> None:
    # The last line that fits is "Disallow: /", the beginning of a longer one.
    head = b"User-agent: *\n#"
    last = b"\nDisallow: /"
    filling = b"x" * (ROBOTS_LIMIT - len(head) - len(last))
    site.answers["/robots.txt"] = robots(head + filling + last + b"private\n")
    assert fetcher(site).get(ask("/page")).status == 200


def test_a_redirect_is_asked_of_the_robots_txt_of_its_own_host(site: Site) -> None:
    other = Site()
    other.answers["/robots.txt"] = robots(SHUT)
    site.answers["/moved"] = Told(status=301, headers={"Location": "https://other.example/page"})
    web = fetcher(site, {"https://other.example": other.base})
    with pytest.raises(FetchError) as error:
        web.get(ask("/moved"))
    assert error.value.page == f"{HARBOUR}/moved"
    assert error.value.kind == "refused"
    assert "robots.txt of other.example" in error.value.reason
    assert other.paths() == ["/robots.txt"]


def test_each_origin_has_a_robots_txt_of_its_own(site: Site) -> None:
    shut = Site()
    shut.answers["/robots.txt"] = robots(SHUT)
    web = fetcher(site, {"https://m.harbour.example": shut.base})
    assert web.get(ask("/")).status == 200
    with pytest.raises(FetchError):
        web.get(ask("https://m.harbour.example/"))


# --- how often it is asked for


def test_many_first_requests_ask_for_it_once(site: Site) -> None:
    site.answers["/robots.txt"] = Told(status=404, body=b"", after=0.05)
    web = fetcher(site)
    with ThreadPoolExecutor(16) as pool:
        list(pool.map(web.get, [ask(f"/{number}") for number in range(16)]))
    assert site.paths().count("/robots.txt") == 1
    assert site.paths()[0] == "/robots.txt"


def test_it_is_remembered_for_a_day_over_builds(site: Site) -> None:
    clock = Clock()
    site.answers["/robots.txt"] = robots("User-agent: *\nDisallow: /private")
    first = fetcher(site, now=clock)
    first.get(ask("/"))
    clock.move(hours=23)
    site.answers["/robots.txt"] = robots(SHUT)
    second = fetcher(site, states=first.states(), now=clock)
    assert second.get(ask("/")).status == 200
    with pytest.raises(FetchError):
        second.get(ask("/private"))
    assert site.paths().count("/robots.txt") == 1
    clock.move(hours=2)
    third = fetcher(site, states=second.states(), now=clock)
    with pytest.raises(FetchError):
        third.get(ask("/"))
    assert site.paths().count("/robots.txt") == 2


@pytest.mark.parametrize(
    "age, expected",
    [
        (timedelta(hours=1), "had"),
        (timedelta(days=2), "had"),
        (timedelta(days=29), "had"),
        (timedelta(days=31), "failed"),
        (timedelta(days=-2), "failed"),
    ],
)
def test_a_copy_of_a_month_stands_in_for_one_that_cannot_be_had(
    site: Site, age: timedelta, expected: str
) -> None:
    clock = Clock()
    site.answers["/robots.txt"] = Told(status=500)
    state = HostState(host=HARBOUR, robots="User-agent: *\nDisallow: /private", robots_at=clock.time - age)
    web = fetcher(site, states=[state], now=clock)
    assert had(web) == expected
    with pytest.raises(FetchError):
        web.get(ask("/private"))


def test_one_that_cannot_be_had_is_not_asked_for_again_and_again(site: Site) -> None:
    site.answers["/robots.txt"] = Told(status=500)
    web = fetcher(site)
    for number in range(20):
        with pytest.raises(FetchError) as error:
            web.get(ask(f"/{number}"))
        assert error.value.reason == "robots.txt of www.harbour.example could not be had: answered 500"
    assert site.paths() == ["/robots.txt"] * 3


def test_a_robots_txt_raises_the_delay_of_its_host(site: Site) -> None:
    site.answers["/robots.txt"] = robots("User-agent: *\nCrawl-delay: 0.15")
    web = fetcher(site, delay=0.01)
    for number in range(4):
        web.get(ask(f"/{number}"))
    assert keeps(0.15, site.pages())


def test_a_robots_txt_does_not_lower_the_delay(site: Site) -> None:
    site.answers["/robots.txt"] = robots("User-agent: *\nCrawl-delay: 0.01")
    web = fetcher(site, delay=0.1)
    for number in range(3):
        web.get(ask(f"/{number}"))
    assert keeps(0.1, site.pages())
