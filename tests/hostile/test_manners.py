"""What hosts ask for without meaning well: a robots.txt that floods, a pause of thirty years."""

from __future__ import annotations

import re
import time
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from urllib.robotparser import RobotFileParser

import httpx2
import pytest

from cleanfeed.errors import FetchError
from cleanfeed.fetch.robots import parse
from fetchparts import HARBOUR, Clock, Site, Told, ask, fetcher, site, tidy_web
from hostile.rows import cases, controls

__all__ = ["site", "tidy_web"]
SHUT = b"User-agent: *\nDisallow: /"
FLOOD = b"User-agent: *\nDisallow: /page\n" + b"Disallow: /x\n" * 170_000 + b"Disallow: /late\n"
ROBOTS = {
    "H54": {
        "an error of the server": ({"/robots.txt": Told(status=500, body=b"")}, "/page", "failed"),
        "an error of another": ({"/robots.txt": Told(status=503, body=b"")}, "/page", "failed"),
        "two megabytes, obeyed at first": ({"/robots.txt": Told(body=FLOOD)}, "/page", "refused"),
        "two megabytes, not read to the end": ({"/robots.txt": Told(body=FLOOD)}, "/late", "had"),
        "HTML": ({"/robots.txt": Told(body=b"<!DOCTYPE html><html><body>\n" + SHUT + b"\n</body></html>")}, "/page", "had"),
        "ten redirects": (
            {f"/{here}": Told(status=302, headers={"Location": f"/r{n}"}) for n, here in enumerate(["robots.txt", *(f"r{n}" for n in range(9))])}
            | {"/r9": Told(body=SHUT)}, "/page", "had"),
    }
}  # fmt: skip
"""What a host answers, what is asked of it, and what comes of that."""
PATTERNS = {
    "H54": {
        "stars": ("User-agent: *\nDisallow: /" + "*a" * 15 + "*b\n", "/" + "a" * 60),
        "thousands of stars": ("User-agent: *\nDisallow: /" + "*a" * 3000 + "*b\n", "/" + "a" * 1900),
    }
}
"""A robots.txt, and a path."""
NOW = datetime(2026, 9, 30, 8, tzinfo=UTC)
PAUSES = {
    "H55": {
        "thirty years": ("1000000000", timedelta(days=1)),
        "less than nothing": ("-1", timedelta(minutes=10)),
        "a date far ahead": ("Fri, 31 Dec 9999 23:59:59 GMT", timedelta(days=1)),
        "a date in an hour": ("Wed, 30 Sep 2026 09:00:00 GMT", timedelta(hours=1)),
        "garbage": ("garbage", timedelta(minutes=10)),
        "thousands of digits": ("9" * 5000, timedelta(days=1)),
    }
}


def ours(site, path):
    """ "had", or the kind of the failure."""
    try:
        return "had" if fetcher(site).get(ask(path)).status == 200 else ""
    except FetchError as error:
        return error.kind


def naive(site, path):
    """Whatever went wrong, nothing was forbidden; and what was had is read to its end."""
    with httpx2.Client(trust_env=False, follow_redirects=True) as client:
        found = client.get(f"{site.base}/robots.txt")
    rules = RobotFileParser()
    rules.parse(found.text.splitlines() if found.status_code == 200 else [])
    return "had" if rules.can_fetch("cleanfeed", HARBOUR + path) else "refused"


@pytest.mark.parametrize("row, given", cases(ROBOTS))
def test_a_robots_txt_is_obeyed_as_far_as_it_goes_and_missed_where_it_fails(site, row, given):
    site.answers, path, expected = given
    assert ours(site, path) == expected
    assert (path in site.paths()) is (expected == "had")


@pytest.mark.parametrize("variants", controls(ROBOTS))
def test_a_client_that_asks_in_passing_reads_most_of_them_wrongly(variants):
    wrong = 0
    for answers, path, expected in variants:
        asked = Site()
        asked.answers = answers
        wrong += naive(asked, path) != expected
    assert wrong > 2


def by_pattern(text, path):
    """As rules are obeyed that are made into patterns."""
    rule = text.partition("Disallow: ")[2].strip()
    return not re.match(re.escape(rule).replace(r"\*", ".*"), path)


def seconds(allow, text, path):
    began = time.process_time()
    allow(text, path)
    return time.process_time() - began


@pytest.mark.parametrize("row, given", cases(PATTERNS))
def test_a_rule_of_many_stars_takes_no_time(row, given):
    def allow(text, path):
        return parse(text).allow(HARBOUR + path)

    # The first of all rules makes the parser load what it needs.
    allow("User-agent: *\nDisallow: /*a", "/b")
    assert min(seconds(allow, *given) for _ in range(3)) < 0.05


@pytest.mark.control("H54")
def test_a_rule_that_is_made_into_a_pattern_takes_long():
    text, path = PATTERNS["H54"]["stars"]
    assert seconds(by_pattern, text, path[:24]) > 0.05


@pytest.mark.parametrize("row, given", cases(PAUSES))
def test_a_pause_is_no_longer_than_a_day_and_ten_minutes_where_it_says_nothing(site, row, given):
    told, expected = given
    clock = Clock()
    site.otherwise = Told(status=429, headers={"Retry-After": told})
    web = fetcher(site, now=clock)
    with pytest.raises(FetchError) as caught:
        web.get(ask("/page"))
    assert caught.value.kind == "paused"
    assert [state.paused_until for state in web.states()] == [clock.time + expected]
    before = len(site.asked)
    with pytest.raises(FetchError):
        web.get(ask("/other"))
    assert len(site.asked) == before


def believed(told):
    """As a client pauses that believes what it is told."""
    try:
        return (
            timedelta(seconds=int(told)) if told.lstrip("-").isdigit() else parsedate_to_datetime(told) - NOW
        )
    except (ValueError, OverflowError) as error:
        return error


@pytest.mark.parametrize("variants", controls(PAUSES))
def test_a_client_that_believes_it_waits_for_ever_or_not_at_all(variants):
    assert sum(believed(told) != expected for told, expected in variants) == len(variants) - 1
