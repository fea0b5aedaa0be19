"""Discovery asks as little as it may, falls back in order, and says what it tried."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from cleanfeed import Listing
from cleanfeed.errors import FetchError, ListingError
from cleanfeed.outlet import Directory
from cleanfeed.sources import listings
from cleanfeed.sources.discovery import Discovery, discover, examine
from ledgerparts import opened
from listingparts import (
    GAZETTE,
    NOW,
    SITE,
    Web,
    answer,
    blocked,
    feed,
    index,
    item,
    numbered,
    page,
    rss,
    urls,
    urlset,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping
    from pathlib import Path

    from cleanfeed.fetch.answer import Answer, Ask

FEED, FRONT, MAP = f"{SITE}/feed/", f"{SITE}/", f"{SITE}/sitemap.xml"


def found(
    listings: tuple[str | Listing, ...],
    get: Callable[[Ask], Answer],
    *,
    known: Collection[str] = (),
    remembered: Mapping[str, tuple[str | None, str | None]] | None = None,
    wanted: int = 50,
    now: datetime = NOW,
) -> Discovery:
    made = replace(GAZETTE, listings=listings)
    known = {f"{SITE}/news/{name}/" for name in known}
    return discover(
        made,
        get,
        Directory([made]),
        known=known.__contains__,
        remembered=remembered or {},
        wanted=wanted,
        now=now,
    )


def names(discovery: Discovery) -> list[str]:
    return [url.removeprefix("/news/").rstrip("/") for url in urls(discovery)]  # type: ignore[arg-type]  # both have links


# --- alternatives


def test_the_first_listing_that_works_ends_it() -> None:
    web = Web({FEED: feed("one"), FRONT: page("/news/two/")})
    discovery = found((FEED, FRONT), web.get)
    assert names(discovery) == ["one"]
    assert web.addresses == [FEED]
    assert discovery.failure is None


FAILURES: dict[str, str | bytes | FetchError] = {
    "blocked": blocked(FEED),
    "gone": FetchError(FEED, "404 Not Found", "gone", 404),
    "broken": FetchError(FEED, "500 Internal Server Error", "failed", 500),
    "paused": FetchError(FEED, "asked to be left alone until noon", "paused"),
    "refused": FetchError(FEED, "robots.txt does not allow it", "refused"),
    "garbage": b"\x00\x01\x02 not a feed",
    "empty": feed(),
    "of others": rss("<item><link>https://other.example/news/x/</link></item>"),
    "a robot check": page(title="Just a moment..."),
}
MEANT = {
    "broken": "failed",
    "garbage": "unreadable",
    "empty": "unreadable",
    "of others": "unreadable",
    "a robot check": "blocked",
}


@pytest.mark.parametrize("case", FAILURES)
def test_a_listing_that_fails_gives_way_to_the_next_and_is_told(case: str) -> None:
    web = Web({FEED: FAILURES[case], FRONT: page("/news/two/")})
    discovery = found((FEED, FRONT), web.get)
    assert names(discovery) == ["two"]
    first, second = discovery.tried
    assert (first.address, first.ok, first.failure) == (FEED, False, MEANT.get(case, case))
    assert first.reason
    assert (second.address, second.ok, second.reason, second.links) == (FRONT, True, "", 1)
    assert discovery.failure is None


@pytest.mark.parametrize("case", FAILURES)
def test_an_outlet_without_a_listing_that_works_has_a_failure(case: str) -> None:
    discovery = found((FEED,), Web({FEED: FAILURES[case]}).get)
    assert discovery.links == []
    assert isinstance(discovery.failure, FetchError if MEANT.get(case) != "unreadable" else ListingError)
    if isinstance(discovery.failure, FetchError):
        assert discovery.failure.kind == MEANT.get(case, case)
    assert FEED in str(discovery.failure)


def test_an_outlet_is_blocked_only_where_all_of_it_is() -> None:
    everywhere = found((FEED, FRONT), Web({FEED: blocked(FEED), FRONT: page(title="Just a moment...")}).get)
    assert isinstance(everywhere.failure, FetchError)
    assert everywhere.failure.kind == "blocked"
    partly = found((FEED, FRONT), Web({FEED: blocked(FEED), FRONT: page(title="News")}).get)
    assert isinstance(partly.failure, ListingError)
    assert partly.failure.address == FRONT


def test_an_outlet_that_blocks_us_is_blocked_though_an_alternatives_host_is_not_there() -> None:
    other = "https://gazette-mirror.example/feed/"
    for reason in ("its name is not known", "robots.txt of x could not be had: its name is not known"):
        web = Web({FEED: blocked(FEED), FRONT: blocked(FRONT), other: FetchError(other, reason)})
        failure = found((FEED, FRONT, other), web.get).failure
        assert isinstance(failure, FetchError)
        assert (failure.kind, failure.page) == ("blocked", FEED)
    away = found((other, FEED), Web({FEED: blocked(FEED), other: FetchError(other, reason)}).get).failure
    assert isinstance(away, FetchError)
    assert (away.kind, away.page) == ("failed", other)
    breaks = FetchError(FRONT, "answered 500", "failed", 500)
    partly = found((FEED, FRONT), Web({FEED: blocked(FEED), FRONT: breaks}).get).failure
    assert isinstance(partly, FetchError)
    assert (partly.kind, partly.page) == ("failed", FRONT)


def test_whatever_goes_wrong_while_a_listing_is_read_costs_that_listing_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def broken(*_given: object, **_named: object) -> None:
        raise UnicodeDecodeError("utf-8", b"\xed\xa0\xbd", 0, 1, "invalid continuation byte")

    monkeypatch.setattr(listings, "parse_xml", broken)
    discovery = found((FEED, FRONT), Web({FEED: feed("one"), FRONT: page("/news/two/")}).get)
    assert names(discovery) == ["two"]
    first, _second = discovery.tried
    assert (first.address, first.ok, first.failure) == (FEED, False, "unreadable")
    assert first.reason.startswith("cannot be read: UnicodeDecodeError: ")
    alone = found((FEED,), Web({FEED: feed("one")}).get)
    assert str(alone.failure).startswith(f"{FEED}: cannot be read: UnicodeDecodeError: ")


def test_an_outlet_without_listings_says_so() -> None:
    assert "declares no listing" in str(found((), Web({}).get).failure)


# --- sections


def test_each_section_has_its_own_listings_and_a_link_in_several_gets_all_tags() -> None:
    sea, town = f"{SITE}/sea/", f"{SITE}/town/"
    web = Web({FEED: feed("one", "two"), sea: page("/news/two/", "/news/three/"), town: page("/news/two/")})
    listings = (FEED, Listing(url=sea, section="Sea"), Listing(url=town, section="Town"))
    discovery = found(listings, web.get)
    assert {link.url.split("/")[-2]: link.sections for link in discovery.links} == {
        "one": (),
        "two": ("Sea", "Town"),
        "three": ("Sea",),
    }
    assert len(discovery.links) == 3
    assert web.addresses == [FEED, sea, town]


def test_a_section_falls_back_by_itself_and_may_fail_alone() -> None:
    sea, old = f"{SITE}/sea/", f"{SITE}/sea/feed/"
    web = Web({FEED: feed("one"), sea: page("/news/two/")})
    discovery = found((FEED, Listing(url=old, section="Sea"), Listing(url=sea, section="Sea")), web.get)
    assert names(discovery) == ["two", "one"]
    alone = found((FEED, Listing(url=old, section="Sea")), web.get)
    assert alone.failure is None
    assert [(tried.section, tried.ok) for tried in alone.tried] == [("", True), ("Sea", False)]


# --- order


def test_links_come_newest_first_each_once() -> None:
    body = rss(
        item("old", "Mon, 12 Oct 2026 06:00:00 GMT"),
        item("new", "Wed, 14 Oct 2026 06:00:00 GMT"),
        item("beside"),
        item("new", "Wed, 14 Oct 2026 06:00:00 GMT"),
    )
    assert names(found((FEED,), Web({FEED: body}).get)) == ["new", "beside", "old"]


def test_a_page_of_links_keeps_its_order() -> None:
    assert names(found((FRONT,), Web({FRONT: page("/news/b/", "/news/c/", "/news/a/")}).get)) == [
        "b",
        "c",
        "a",
    ]


# --- further pages


def pages(count: int, each: int = 10) -> dict[str, str]:
    """A feed of so many pages."""
    found = {
        f"{FEED}?paged={number}": feed(*numbered(number * each - each, each))
        for number in range(1, count + 1)
    }
    return {FEED: found[f"{FEED}?paged=1"], **found}


PAGED = Listing(url=FEED, further=f"{FEED}?paged={{page}}")


def test_the_first_build_reads_on_until_it_has_what_it_wants() -> None:
    web = Web(pages(20))
    assert len(found((PAGED,), web.get, wanted=25).links) == 30
    assert web.addresses == [FEED, f"{FEED}?paged=2", f"{FEED}?paged=3"]


def test_at_most_ten_pages_are_read() -> None:
    web = Web(pages(20))
    found((PAGED,), web.get, wanted=10_000)
    assert len(web.asked) == 10


def test_a_later_build_reads_one_page() -> None:
    web = Web(pages(20))
    discovery = found((PAGED,), web.get, known=numbered(4, 100))
    assert web.addresses == [FEED]
    assert len(discovery.links) == 10


def test_a_build_after_a_long_pause_reads_on_until_it_meets_what_it_knows() -> None:
    web = Web(pages(20))
    found((PAGED,), web.get, known=numbered(15, 100))
    assert web.addresses == [FEED, f"{FEED}?paged=2"]


def test_the_end_of_the_pages_is_no_failure() -> None:
    web = Web(pages(2))
    discovery = found((PAGED,), web.get)
    assert web.addresses[-1] == f"{FEED}?paged=3"
    assert len(discovery.links) == 20
    assert all(tried.ok for tried in discovery.tried)


def test_a_further_page_that_breaks_is_told_and_the_rest_stays() -> None:
    second = f"{FEED}?paged=2"
    web = Web(pages(1) | {second: FetchError(second, "500", "failed", 500)})
    discovery = found((PAGED,), web.get)
    assert (len(discovery.links), discovery.failure) == (10, None)
    assert [(tried.address, tried.ok) for tried in discovery.tried] == [(FEED, True), (second, False)]


class Past:
    """What builds leave behind for the next: the articles, and what is remembered of the listings."""

    def __init__(self) -> None:
        self.known: set[str] = set()
        self.remembered: dict[str, tuple[str | None, str | None]] = {}

    def build(self, web: Web, *listings: str | Listing, wanted: int = 50) -> Discovery:
        discovery = found(
            listings or (PAGED,), web.get, known=self.known, remembered=self.remembered, wanted=wanted
        )
        self.known |= set(names(discovery))
        for tried in discovery.tried:
            self.remembered[tried.address] = (tried.etag, tried.last_modified) if tried.ok else (None, None)
        return discovery


def front(new: int, count: int = 4) -> dict[str, str]:
    """Four pages of ten, once so many articles have come; the numbers of new ones are negative."""
    newest_first = [f"a-{'' if number >= 0 else 'new-'}{abs(number)}" for number in range(-new, 10 * count)]
    chunks = {
        f"{FEED}?paged={number}": feed(*newest_first[number * 10 - 10 : number * 10])
        for number in range(1, count + 1)
    }
    return {FEED: chunks[f"{FEED}?paged=1"], **chunks}


def broken(address: str) -> dict[str, FetchError]:
    return {address: FetchError(address, "answered 500", "failed", 500)}


@pytest.mark.parametrize("new", [0, 1, 9, 10, 13])
@pytest.mark.parametrize("cut", [2, 3])
def test_what_lies_behind_a_page_that_could_not_be_had_is_found_later(cut: int, new: int) -> None:
    past = Past()
    past.known = set(numbered(35, 5))
    past.build(Web(front(0) | broken(f"{FEED}?paged={cut}")))
    web = Web(front(new, 6))
    assert past.build(web).failure is None
    assert set(numbered(0, 40)) <= past.known
    assert all(ask.etag is None and ask.last_modified is None for ask in web.asked)
    after = Web(front(new, 6))
    past.build(after)
    assert after.addresses == [FEED]


def test_a_listing_that_is_cut_again_and_again_is_still_read_to_the_end() -> None:
    past = Past()
    past.known = set(numbered(35, 5))
    past.build(Web(front(0) | broken(f"{FEED}?paged=3")))
    past.build(Web(front(4, 6) | broken(f"{FEED}?paged=2")))
    past.build(Web(front(8, 6) | broken(f"{FEED}?paged=4")))
    past.build(Web(front(12, 6)))
    assert set(numbered(0, 40)) <= past.known


def test_articles_that_another_section_lists_too_count_above_a_cut() -> None:
    sea = f"{SITE}/sea/"
    listings = (FEED, Listing(url=sea, section="Sea", further=f"{sea}{{page}}"))
    site = {FEED: feed(*numbered(0, 9)), sea: feed(*numbered(0, 9), "sea-1"), f"{sea}2": feed("sea-2")}
    past = Past()
    past.build(Web(site | broken(f"{sea}2")), *listings)
    assert "sea-2" not in past.known
    past.build(Web(site), *listings)
    assert "sea-2" in past.known


def test_what_is_found_behind_a_cut_is_read_on_no_further_than_is_wanted() -> None:
    past = Past()
    past.build(Web(pages(20) | broken(f"{FEED}?paged=2")), wanted=25)
    web = Web(pages(20))
    past.build(web, wanted=25)
    assert web.addresses == [FEED, *(f"{FEED}?paged={number}" for number in (2, 3, 4))]


def test_a_further_page_that_never_works_is_given_up_after_a_day_of_hourly_builds() -> None:
    past = Past()
    past.known = set(numbered(35, 5))
    asked = []
    for _ in range(30):
        web = Web(front(0) | broken(f"{FEED}?paged=2"))
        past.build(web)
        asked.append(len(web.asked))
    assert asked == [2] * 25 + [1] * 5


def test_a_ledger_keeps_a_cut_from_one_build_to_the_next(tmp_path: Path) -> None:
    past = Past()
    past.known = set(numbered(35, 5))
    cut = past.build(Web(front(0) | broken(f"{FEED}?paged=2")))
    with opened(tmp_path) as ledger:
        ledger.tried("gazette", cut.tried, NOW)
        past.remembered = ledger.listings("gazette")
        whole = past.build(Web(front(0)))
        assert set(numbered(0, 40)) <= past.known
        ledger.tried("gazette", whole.tried, NOW)
        assert ledger.listings("gazette") == {}


@pytest.mark.parametrize("kind", ["refused", "gone"])
def test_a_further_page_that_is_not_there_or_not_for_us_is_the_last(kind: str) -> None:
    past = Past()
    second = f"{FEED}?paged=2"
    past.build(Web(front(0) | {second: FetchError(second, "no", kind)}))  # type: ignore[arg-type]  # the kinds are those of the table
    web = Web(front(0))
    past.build(web)
    assert web.addresses == [FEED]


def test_a_site_that_shows_its_first_page_again_has_no_second_one() -> None:
    web = Web({FEED: feed("one"), f"{FEED}?paged=2": feed("one")})
    assert names(found((PAGED,), web.get)) == ["one"]
    assert len(web.asked) == 2


def test_the_next_page_that_a_listing_names_is_followed() -> None:
    second = f"{SITE}/page/2"
    web = Web(
        {
            FRONT: page("/news/one/", head='<link rel="next" href="/page/2">'),
            second: page("/news/two/", head='<link rel="next" href="/page/2">'),
        }
    )
    assert names(found((FRONT,), web.get)) == ["one", "two"]
    assert web.addresses == [FRONT, second]


def test_a_number_in_a_listings_own_address_counts_from_one() -> None:
    web = Web({f"{SITE}/p/1": page("/news/one/"), f"{SITE}/p/2": page("/news/two/")})
    assert names(found((f"{SITE}/p/{{page}}",), web.get)) == ["one", "two"]
    assert web.addresses == [f"{SITE}/p/1", f"{SITE}/p/2", f"{SITE}/p/3"]


# --- sitemaps


def sitemaps(count: int, each: int = 300) -> dict[str, str]:
    """An index of so many sitemaps; the one with the highest number is the newest."""
    made = {
        f"{SITE}/map-{number}.xml": urlset(*numbered(number * 1000, each)) for number in range(1, count + 1)
    }
    return {MAP: index(*(f"map-{number}.xml" for number in range(1, count + 1))), **made}


def test_of_an_index_the_newest_sitemap_is_read_and_more_only_if_more_is_wanted() -> None:
    web = Web(sitemaps(20))
    assert len(found((MAP,), web.get).links) == 200
    assert web.addresses == [MAP, f"{SITE}/map-20.xml"]


def test_of_an_index_at_most_three_sitemaps_are_read_unless_more_is_wanted() -> None:
    web = Web(sitemaps(20, each=5))
    found((MAP,), web.get, wanted=50)
    assert len(web.asked) == 1 + 3
    web = Web(sitemaps(20, each=5))
    found((MAP,), web.get, wanted=1000)
    assert len(web.asked) == 1 + 10


BESIDE = ("sport", "politics", "world")


def test_of_sitemaps_that_stand_side_by_side_each_is_read_in_every_build() -> None:
    past, listed = Past(), {name: [f"{name}-0"] for name in BESIDE}
    for build in range(1, 4):
        web = Web(
            {MAP: index(*(f"{name}.xml" for name in BESIDE))}
            | {f"{SITE}/{name}.xml": urlset(*rows) for name, rows in listed.items()}
        )
        past.build(web, MAP)
        assert len(web.asked) == 4
        assert past.known == {row for rows in listed.values() for row in rows}
        for name, rows in listed.items():
            rows.insert(0, f"{name}-{build}")


def test_sitemaps_that_stand_side_by_side_are_asked_for_only_if_they_have_changed() -> None:
    child = f"{SITE}/sport.xml"
    web = Web({MAP: index("sport.xml", "world.xml"), child: answer(b"", child, status=304)})
    web.answers = {**web.answers, f"{SITE}/world.xml": urlset("one")}
    discovery = found((MAP,), web.get, remembered={child: ('"s"', None)}, known=["two"])
    assert names(discovery) == ["one"]
    assert [ask.etag for ask in web.asked] == [None, '"s"', None]


def rows_of(*told: tuple[str, str]) -> str:
    rows = "".join(f"<sitemap><loc>{SITE}/{name}</loc>{more}</sitemap>" for name, more in told)
    return f'<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{rows}</sitemapindex>'


ORDERED = {
    "by times": rows_of(
        ("sport.xml", "<lastmod>2026-10-14</lastmod>"), ("world.xml", "<lastmod>2026-10-13</lastmod>")
    ),
    "by numbers": rows_of(("sport-2.xml", ""), ("sport-1.xml", "")),
    "by what they are about": rows_of(("news.xml", ""), ("authors.xml", "")),
}


@pytest.mark.parametrize("case", ORDERED)
def test_of_sitemaps_that_are_told_apart_the_older_are_not_read_once_they_are_known(case: str) -> None:
    answers = {f"{SITE}/{name}.xml": urlset("one") for name in ("sport", "sport-2", "news")}
    web = Web({MAP: ORDERED[case], **answers})
    found((MAP,), web.get, known=["one"])
    assert len(web.asked) == 2


def test_of_two_series_of_sitemaps_the_newest_of_each_is_read() -> None:
    made = [f"{name}-2026-{month}" for month in (9, 10) for name in ("sport", "world")]
    maps = {f"{SITE}/{name}.xml": urlset(name) for name in made}
    web = Web({MAP: index(*(f"{name}.xml" for name in made))} | maps)
    found((MAP,), web.get, known=made)
    assert web.addresses == [MAP, f"{SITE}/sport-2026-10.xml", f"{SITE}/world-2026-10.xml"]


def test_a_sitemap_that_is_gone_costs_the_index_nothing() -> None:
    web = Web(sitemaps(3) | {f"{SITE}/map-3.xml": blocked(f"{SITE}/map-3.xml")})
    discovery = found((MAP,), web.get)
    assert len(discovery.links) == 200
    assert [tried.ok for tried in discovery.tried] == [True, False, True]


def test_an_index_whose_sitemaps_all_fail_gives_way_to_the_next_listing() -> None:
    web = Web({MAP: index("a.xml", "b.xml"), FRONT: page("/news/one/")})
    discovery = found((MAP, FRONT), web.get)
    assert names(discovery) == ["one"]
    assert (discovery.tried[0].address, discovery.tried[0].ok) == (MAP, False)
    assert "none of its sitemaps" in discovery.tried[0].reason


def test_an_index_of_indexes_is_followed_and_never_for_ever() -> None:
    web = Web(
        {MAP: index("deep.xml"), f"{SITE}/deep.xml": index("map-1.xml"), **sitemaps(1)}
        | {MAP: index("deep.xml")}
    )
    assert len(found((MAP,), web.get).links) == 200
    endless = Web({MAP: index("a.xml"), f"{SITE}/a.xml": index("b.xml"), f"{SITE}/b.xml": index("a.xml")})
    assert found((MAP,), endless.get).failure is not None
    assert len(endless.asked) == 4


# --- months

MONTHLY = f"{SITE}/all-{{year}}-{{month}}.xml"
DATES = {
    ("2026-10-14T08:00:00", MONTHLY): ["/all-2026-10.xml"],
    ("2026-10-02T08:00:00", MONTHLY): ["/all-2026-10.xml", "/all-2026-9.xml"],
    ("2026-10-03T08:00:00", MONTHLY): ["/all-2026-10.xml"],
    ("2027-01-01T08:00:00", MONTHLY): ["/all-2027-1.xml", "/all-2026-12.xml"],
    ("2026-09-30T22:30:00", MONTHLY): ["/all-2026-10.xml", "/all-2026-9.xml"],
    ("2026-10-14T08:00:00", f"{SITE}/{{year}}/{{month:02}}/{{day:02}}/"): ["/2026/10/14/", "/2026/10/13/"],
    ("2026-09-05T08:00:00", f"{SITE}/{{year}}{{month:02}}.xml"): ["/202609.xml"],
}


@pytest.mark.parametrize("case", DATES, ids=str)
def test_an_address_is_filled_for_today_where_the_outlet_is(case: tuple[str, str]) -> None:
    moment, address = case
    web = Web({})
    found((address,), web.get, now=datetime.fromisoformat(moment).replace(tzinfo=UTC))
    assert [each.removeprefix(SITE) for each in web.addresses] == DATES[case]


def test_early_in_a_month_either_months_sitemap_is_enough() -> None:
    web = Web({f"{SITE}/all-2026-9.xml": urlset("one"), FRONT: page("/news/two/")})
    early = datetime(2026, 10, 1, 8, tzinfo=UTC)
    assert names(found((MONTHLY, FRONT), web.get, now=early)) == ["one"]


# --- what has not changed

UNCHANGED = answer(b"", FEED, status=304)


def test_a_listing_is_asked_with_what_is_remembered_and_304_works() -> None:
    web = Web({FEED: UNCHANGED, FRONT: page("/news/two/")})
    discovery = found((FEED, FRONT), web.get, remembered={FEED: ('W/"1"', "Wed, 14 Oct 2026 06:00:00 GMT")})
    assert [(ask.etag, ask.last_modified, ask.kind) for ask in web.asked] == [
        ('W/"1"', "Wed, 14 Oct 2026 06:00:00 GMT", "listing")
    ]
    assert (discovery.links, discovery.failure) == ([], None)
    assert discovery.tried[0].unchanged


def test_304_to_what_was_never_read_is_no_answer() -> None:
    discovery = found((FEED, FRONT), Web({FEED: UNCHANGED, FRONT: page("/news/two/")}).get)
    assert names(discovery) == ["two"]
    assert not discovery.tried[0].ok


def test_validators_are_told_of_what_works_alone() -> None:
    good = answer(feed("one"), FEED, etag='"a"', last_modified="x")
    bad = answer(feed(), FEED, etag='"b"')
    assert [(each.etag, each.last_modified) for each in found((FEED,), Web({FEED: good}).get).tried] == [
        ('"a"', "x")
    ]
    assert [each.etag for each in found((FEED,), Web({FEED: bad}).get).tried] == [None]


def test_an_index_is_always_asked_for_whole_since_its_sitemaps_change_without_it() -> None:
    child = f"{SITE}/map-1.xml"
    web = Web(
        {MAP: answer(index("map-1.xml"), MAP, etag='"i"'), child: answer(urlset("one"), child, etag='"c"')}
    )
    discovery = found((MAP,), web.get)
    assert {tried.address: tried.etag for tried in discovery.tried} == {MAP: None, child: '"c"'}


# --- a hostile listing


def test_a_listing_of_one_address_over_and_over_is_one_link() -> None:
    discovery = found((FRONT,), Web({FRONT: page(*["/news/one/"] * 10_000)}).get)
    assert names(discovery) == ["one"]


def test_of_a_listing_of_thousands_two_hundred_count_unless_more_are_wanted() -> None:
    web = Web({FRONT: page(*(f"/news/a-{number}/" for number in range(10_000)))})
    assert len(found((FRONT,), web.get).links) == 200
    assert len(found((FRONT,), web.get, wanted=1000).links) == 1000


# --- every listing


def test_examining_tries_every_listing_of_every_section() -> None:
    web = Web({FEED: feed("one"), FRONT: page("/news/two/")})
    gone = f"{SITE}/gone"
    made = replace(GAZETTE, listings=(FEED, gone, Listing(url=FRONT, section="Sea")))
    examined = examine(made, web.get, Directory([made]), now=NOW)
    assert [[(tried.address, tried.ok) for tried in tries] for tries in examined] == [
        [(FEED, True)],
        [(gone, False)],
        [(FRONT, True)],
    ]
    assert web.addresses == [FEED, gone, FRONT]
