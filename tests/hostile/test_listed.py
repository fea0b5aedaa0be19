"""Walls in place of articles, and listings that flood: no entry, and no more questions than are meant."""

from __future__ import annotations

import re

import pytest

from cleanfeed.errors import FetchError, ListingError
from cliparts import story
from fetchparts import Told, ask, fetcher, site, tidy_web
from hostile.readers import ADDRESS, naive, ours
from hostile.rows import cases, controls
from listingparts import SITE, page, read
from newsroom_faults import CONSENT, LOGIN, MISSING, ROBOT

__all__ = ["ours", "site", "tidy_web"]


def offer(words):
    """A page that declares no article, with a headline and these words."""
    page = story(1, content=f"<p>{words}</p>").replace('property="', 'property="no-')
    return page.encode()


PAYWALL = LOGIN.replace(b"Log in", b"Subscribe to continue reading")
WALLS = {
    "H56": {
        "consent": (CONSENT, "a consent wall"),
        "a subscription": (PAYWALL, "a log-in page"),
        "an offer under a headline": (offer("Subscribe now to read the full story."), "a log-in page"),
        "an offer in Arabic": (offer("اشترك الآن لمتابعة القراءة"), "a log-in page"),
        "a robot check": (ROBOT, "a robot check"),
        "a log-in": (LOGIN, "a log-in page"),
        "a soft 404": (MISSING, "an error page"),
    }
}
"""A page, and what it is told to be."""
CHECKS = {"H56": {"answered 403": (403, {"cf-mitigated": "challenge"}), "answered 200": (200, {})}}


@pytest.mark.parametrize("row, given", cases(WALLS))
def test_a_wall_is_no_article(ours, row, given):
    body, kind = given
    found = ours(body.replace(b"<head>", f'<head><link rel="canonical" href="{ADDRESS}">'.encode()))
    assert isinstance(found, str)
    assert kind in found


@pytest.mark.parametrize("variants", controls(WALLS))
def test_a_reader_that_knows_no_walls_takes_them_for_articles(variants):
    assert all(naive(body).title for body, _kind in variants)


@pytest.mark.parametrize("row, given", cases(CHECKS))
def test_a_robot_check_is_told_from_other_answers(site, row, given):
    status, headers = given
    mark = b"<script>window._cf_chl_opt={}</script>"
    site.otherwise = Told(status=status, headers=headers, body=ROBOT.replace(b"</head>", mark + b"</head>"))
    with pytest.raises(FetchError, match="robot check") as caught:
        fetcher(site).get(ask("/page"))
    assert caught.value.kind == "blocked"
    assert len(site.pages()) == 1


LISTINGS = {
    "H57": {
        "one link a thousand times": (["/news/a/"] * 1000, 1),
        "one link in many spellings": ([f"/news/a/?utm_source={n}#x{n}" for n in range(300)], 1),
        "ten thousand links": ([f"/news/a-{n}/" for n in range(10_000)], 200),
        "links to other domains": (
            [*(f"https://evil.example/news/a-{n}/" for n in range(50)), "/news/a/"],
            1,
        ),
        "links to other domains alone": ([f"https://evil.example/news/a-{n}/" for n in range(50)], 0),
        "links to this machine": (
            ["http://127.0.0.1/news/a/", "http://localhost/news/a/", "//10.0.0.1/news/a/"],
            0,
        ),
        "links of other schemes": (["javascript:alert(1)", "file:///news/a/", "data:,/news/a/"], 0),
    }
}
"""The links of a listing, and how many of them count."""


def wanted(hrefs):
    try:
        return [link.url for link in read(page(*hrefs), url=f"{SITE}/").links]
    except ListingError:
        return []


def taken(hrefs):
    """As a reader of listings does that asks for all that it sees."""
    return re.findall(r'href="([^"]*)"', page(*hrefs))


def wrongs(listing, given):
    hrefs, expected = given
    found = listing(hrefs)
    return [each for each in found if not each.startswith(f"{SITE}/news/")] or found[expected:]


@pytest.mark.parametrize("row, given", cases(LISTINGS))
def test_a_listing_gives_each_article_of_its_outlet_once_and_not_without_end(row, given):
    assert wrongs(wanted, given) == []
    assert len(wanted(given[0])) == given[1]


@pytest.mark.parametrize("variants", controls(LISTINGS))
def test_a_reader_that_takes_all_links_is_flooded_and_led_away(variants):
    assert all(wrongs(taken, given) for given in variants)
