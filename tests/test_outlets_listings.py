"""The outlets' listings: what counts as an article there, and where new ones are found when a place fails."""

from __future__ import annotations

import json
from dataclasses import fields, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest

from cleanfeed import Listing, cli, recipes
from cleanfeed.addresses import canonical
from cleanfeed.checks import faults
from cleanfeed.cli import outlets as command
from cleanfeed.outlet import listings_of
from cleanfeed.sources.discovery import Discovery, discover
from documentparts import OUTLETS, named, section
from listingparts import GAZETTE, Web, blocked, index, page, rss
from outletparts import PAGES

if TYPE_CHECKING:
    from pathlib import Path

    from cleanfeed import Outlet
    from cleanfeed.plugins import Plugins

NOW = datetime(2026, 10, 14, 8, tzinfo=UTC)
HEX = "152776d9a08c318ac6028f2ef6b405b2"

# --- what is an article by its address

ARTICLES = {
    "almayadeen-en": (
        "https://english.almayadeen.net/news/politics/harbour-opens-after-three-years-of-work",
        "https://english.almayadeen.net/articles/opinion/the-olive-does-not-read-the-market-report",
        "https://english.almayadeen.net/articles/features/the-sponge-divers-of-the-old-quay",
        "https://english.almayadeen.net/articles/gaza-seized-the-initiative:-might-vs-willpower",
        "https://english.almayadeen.net/news/arts-culture/a-slug--that-is-cut-in-the-mid",
        "https://english.almayadeen.net/in-pictures/first-days-of-the-olive-harvest",
    ),
    "almayadeen-ar": (
        "https://www.almayadeen.net/news/politics/مرفأ-يفتتح-رصيفا",
        "https://almayadeen.net/articles/الشجرة-التي-لا-تقرأ",
        "https://www.almayadeen.net/misc/خسوف-جزئي",
        "https://www.almayadeen.net/press/صحف-اليوم",
        "https://www.almayadeen.net/research-papers/ورقة",
        "https://www.almayadeen.net/Blog/مدونة",
    ),
    "almayadeen-es": (
        "https://espanol.almayadeen.net/entrevistas/2046797/elias-najm:-la-madera",
        "https://espanol.almayadeen.net/noticias/economia/2244410/el-puerto-estrena-muelle",
        "https://espanol.almayadeen.net/profundidad/politica/2244411/otro",
    ),
    "almanar-en": (
        "https://english.almanar.com.lb/903020",
        "https://english.almanar.com.lb/article/28817/",
        "https://english.manartv.com.lb/909915",
    ),
    "almanar-ar": ("https://almanar.com.lb/14507731", "https://www.almanar.com.lb/article/15120448/"),
    "daily8-en": (f"https://www.daily8.com/en/article/{HEX}", f"https://test.daily8.com/en/article/{HEX}"),
    "daily8-ar": (f"https://www.daily8.com/article/{HEX}",),
    "arise": (
        "https://www.arise.tv/port-harbour-sets-record-with-41-ships-in-one-week/",
        "http://arise.tv/rail-yard-rolls-out-first-locally-built-coach/amp",
        "https://www.arise.tv/terms-of-the-new-port-deal-are-told/",
        "https://www.arise.tv/earthquake/",
    ),
}
OTHERS = {
    "almayadeen-en": (
        "https://english.almayadeen.net/",
        "https://english.almayadeen.net/news",
        "https://english.almayadeen.net/news/politics",
        "https://english.almayadeen.net/articles/opinion",
        "https://english.almayadeen.net/articles/features/",
        "https://english.almayadeen.net/authors/nabil-harb",
        "https://english.almayadeen.net/coverage/stories-of-the-coast",
        "https://english.almayadeen.net/videos/newsfeed/watch:-turtles",
        "https://english.almayadeen.net/tags/harbour",
        "https://english.almayadeen.net/live",
        "https://english.almayadeen.net/rss",
        "https://www.almayadeen.net/news/politics/مرفأ",
    ),
    "almayadeen-ar": (
        "https://www.almayadeen.net/video/فيديو",
        "https://www.almayadeen.net/newscast/2026/9/24/نشرة-الثامنة",
        "https://www.almayadeen.net/tv-reports/تقرير",
        "https://www.almayadeen.net/reports/تقرير",
        "https://www.almayadeen.net/podcasts/بودكاست",
        "https://www.almayadeen.net/infograph/صورة",
        "https://www.almayadeen.net/authors/كاتب",
        "https://www.almayadeen.net/coverage/تغطية",
        "https://www.almayadeen.net/articles",
        "https://english.almayadeen.net/news/politics/harbour",
    ),
    "almayadeen-es": (
        "https://espanol.almayadeen.net/profundidad/politica",
        "https://espanol.almayadeen.net/autores/1234567/ada",
        "https://espanol.almayadeen.net/videos/2046797/uno",
        "https://espanol.almayadeen.net/coberturas/2046797/uno",
    ),
    "almanar-en": (
        "https://english.almanar.com.lb/",
        "https://english.almanar.com.lb/cat/news",
        "https://english.almanar.com.lb/cat/news/page/2",
        "https://english.almanar.com.lb/rss",
        "https://english.almanar.com.lb/2026/",
        "https://english.almanar.com.lb/tag/harbour",
        "https://almanar.com.lb/14507731",
    ),
    "almanar-ar": ("https://english.almanar.com.lb/903020", "https://www.almanar.com.lb/article/"),
    "daily8-en": (
        "https://www.daily8.com/en/hashtag/UAE",
        f"https://www.daily8.com/article/{HEX}",
        "https://www.daily8.com/en/article/short",
    ),
    "daily8-ar": (f"https://www.daily8.com/en/article/{HEX}", "https://www.daily8.com/hashtag/x"),
    "arise": (
        "https://www.arise.tv/",
        "https://www.arise.tv/category/business/",
        "https://www.arise.tv/category/business/page/2",
        "https://www.arise.tv/author/tolani-bankwe/",
        "https://www.arise.tv/tag/port/",
        "https://www.arise.tv/programmes/the-morning-show/",
        "https://www.arise.tv/live",
        "https://www.arise.tv/about-us/",
        "https://www.arise.tv/privacy-policy/",
        "https://www.arise.tv/terms-and-conditions/",
        "https://www.arise.tv/wp-json/wp/v2/posts",
        "https://www.arise.tv/?p=12345",
        "https://www.arise.tv/feed/",
    ),
}


def listed(slug: str, addresses: list[str], outlets: Plugins) -> list[str]:
    """Which of these addresses a feed of the outlet would give as articles."""
    outlet = outlets.directory.by_slug[slug]
    only = replace(outlet, listings=("https://feeds.example/feed",))
    directory = type(outlets.directory)(
        only if each is outlet else each for each in outlets.directory.by_slug.values()
    )
    items = "".join(f"<item><link>{address}</link></item>" for address in addresses)
    web = Web({"https://feeds.example/feed": rss(items)})
    found = discover(only, web.get, directory, known=lambda _: False, remembered={}, wanted=500, now=NOW)
    return [link.url for link in found.links]


@pytest.mark.parametrize("slug", ARTICLES)
def test_addresses_of_articles_count_and_others_do_not(slug: str, outlets: Plugins) -> None:
    found = listed(slug, [*ARTICLES[slug], *OTHERS[slug]], outlets)
    home = outlets.directory.by_slug[slug].home
    expected = [urlsplit(canonical(each) or "") for each in ARTICLES[slug]]
    urls = [(parts._replace(netloc=home) if home else parts).geturl() for parts in expected]
    assert sorted(found) == sorted(set(urls))


def kept(folder: str) -> dict[str, bool]:
    """The addresses of the example pages of an outlet, and whether each gives an article."""
    told = {}
    for path in sorted((PAGES / folder).glob("*.json")):
        if path.name.endswith(".entry.json"):
            continue
        entry = path.with_suffix(".entry.json")
        kind = json.loads(entry.read_text("utf-8"))["_cleanfeed"]["kind"] if entry.exists() else ""
        url = json.loads(path.read_text("utf-8")).get("url")
        if url and kind not in {"video", "audio"}:
            told[url] = entry.exists()
    return told


@pytest.mark.parametrize("slug", ARTICLES)
def test_the_example_pages_count_where_they_give_an_entry(slug: str, outlets: Plugins) -> None:
    told = kept(slug)
    found = {urlsplit(each).path for each in listed(slug, list(told), outlets)}
    for url, is_article in told.items():
        parts = urlsplit(canonical(url) or "")
        if outlets.directory.of_address(url) is outlets.directory.by_slug[slug]:
            assert (parts.path in found) is is_article, url


# --- where they are found

BODIES = {
    "feed": lambda urls: rss(*(f"<item><link>{url}</link></item>" for url in urls)),
    "sitemap": lambda urls: (
        "<urlset>" + "".join(f"<url><loc>{url}</loc></url>" for url in urls) + "</urlset>"
    ),
    "links": lambda urls: page(*urls),
    "wordpress": lambda urls: json.dumps([{"link": url} for url in urls]),
}


def places(outlet: Outlet) -> list[tuple[str, str]]:
    """Where the outlet's listings are today, and their kinds."""
    today = {"year": 2026, "month": 10, "day": 14, "page": 1}
    return [(listing.url.format(**today), listing.kind) for listing in listings_of(outlet)]


def asked(outlet: Outlet, web: Web, outlets: Plugins) -> Discovery:
    return discover(
        outlet, web.get, outlets.directory, known=lambda _: False, remembered={}, wanted=1, now=NOW
    )


@pytest.mark.parametrize("slug", ARTICLES)
def test_each_listing_in_turn_is_enough_when_those_before_it_fail(slug: str, outlets: Plugins) -> None:
    outlet = outlets.directory.by_slug[slug]
    declared = places(outlet)
    assert len(declared) >= 4
    wanted = ARTICLES[slug][:1]
    for number, (address, kind) in enumerate(declared):
        web = Web({each: blocked(each) for each, _kind in declared} | {address: BODIES[kind](wanted)})
        discovery = asked(outlet, web, outlets)
        assert discovery.failure is None, address
        assert len(discovery.links) == 1
        assert len(web.asked) == number + 1


@pytest.mark.parametrize("slug", ARTICLES)
def test_a_build_asks_for_one_listing_where_the_first_works(slug: str, outlets: Plugins) -> None:
    outlet = outlets.directory.by_slug[slug]
    address, kind = places(outlet)[0]
    web = Web({address: BODIES[kind](ARTICLES[slug])})
    asked(outlet, web, outlets)
    assert web.addresses == [address]


@pytest.mark.parametrize("slug", ARTICLES)
def test_the_front_page_is_among_the_last_resorts(slug: str, outlets: Plugins) -> None:
    fronts = [
        kind
        for address, kind in places(outlets.directory.by_slug[slug])
        if urlsplit(address).path in {"/", "/en"}
    ]
    assert fronts
    assert set(fronts) == {"links"}


def test_the_index_of_months_is_followed(outlets: Plugins) -> None:
    outlet = outlets.directory.by_slug["almayadeen-ar"]
    site = "https://www.almayadeen.net"
    body = index("sitemaps/all/sitemap-2026-9.xml", "sitemaps/all/sitemap-2026-11.xml").replace(
        "https://www.gazette.example", site
    )
    month = f"{site}/sitemaps/all/sitemap-2026-11.xml"
    web = Web({f"{site}/sitemaps/all.xml": body, month: BODIES["sitemap"](ARTICLES["almayadeen-ar"])})
    assert len(asked(outlet, web, outlets).links) == len(ARTICLES["almayadeen-ar"])
    assert web.addresses[1:] == [f"{site}/sitemaps/all.xml", month]


def test_pages_of_the_site_itself_are_no_articles_on_a_front_page(outlets: Plugins) -> None:
    arise = outlets.directory.by_slug["arise"]
    front = "https://www.arise.tv/"
    body = page("/our-story/", "/newsroom/", "/category/global/", "/port-harbour-sets-record-with-41-ships/")
    found = asked(arise, Web({front: body}), outlets)
    assert [link.url for link in found.links] == [
        "https://www.arise.tv/port-harbour-sets-record-with-41-ships/"
    ]


# --- what a plugin may declare

WRONG: list[tuple[dict[str, Any], str]] = [
    ({"listings": "https://x.example/"}, "listings must be a tuple"),
    ({"listings": (1,)}, "listing 1 must be an address or a Listing, not 1"),
    ({"listings": ("ftp://x.example/",)}, "listing 1: url must be an address"),
    ({"listings": ("https://x.example/مرفأ",)}, "listing 1: url must be an address in ASCII"),
    (
        {"listings": ("https://x.example/{yeer}",)},
        "listing 1: url may have {year}, {month}, {day} and {page} in it",
    ),
    ({"listings": ("https://x.example/{",)}, "no other braces"),
    ({"listings": ("https://x.example/", Listing(url="/feed"))}, "listing 2: url must be"),
    ({"listings": (Listing(url="https://x.example/", kind="rss"),)}, "kind must be one of auto, feed"),  # type: ignore[arg-type]  # that is the point
    ({"listings": (Listing(url="https://x.example/", links="("),)}, "links: '(' is no regular expression"),
    ({"listings": (Listing(url="https://x.example/", section=" Sea\n"),)}, "section must be a name"),
    (
        {"listings": (Listing(url="https://x.example/", further="https://x.example/2"),)},
        "further must hold {page}",
    ),
    ({"articles": "["}, "articles: '[' is no regular expression"),
    ({"articles": 7}, "articles: 7 is no text"),
]


@pytest.mark.parametrize(("declared", "fault"), WRONG, ids=[fault for _declared, fault in WRONG])
def test_a_wrong_listing_is_named_when_the_plugin_is_loaded(declared: dict[str, Any], fault: str) -> None:
    (found,) = faults(replace(GAZETTE, **declared))
    assert fault in found


RIGHT: list[tuple[str | Listing, ...]] = [
    (),
    ("https://x.example",),
    ("https://x.example:8443/feed?a=1",),
    (Listing(url="https://x.example/{year}/{month:02}/{day:02}/?p={page}"),),
    (
        Listing(
            url="https://x.example/", kind="links", section="Öl & Gas", further="https://x.example/{page}"
        ),
    ),
]


@pytest.mark.parametrize("listings", RIGHT)
def test_a_sound_listing_is_accepted(listings: tuple[str | Listing, ...]) -> None:
    assert list(faults(replace(GAZETTE, article=recipes.WORDPRESS, listings=listings))) == []


# --- cleanfeed outlets --check


class Asker(Web):
    def stop(self) -> None:
        pass

    def close(self) -> None:
        self.is_closed = True


def check(monkeypatch: pytest.MonkeyPatch, web: Asker, *arguments: str) -> int:
    monkeypatch.setattr(command, "_fetcher", lambda _path: web)
    return cli.main(["outlets", "--check", *arguments])


FEED, FRONT = "https://www.arise.tv/feed/", "https://www.arise.tv/"
ONE = rss(f"<item><link>{ARTICLES['arise'][0]}</link><pubDate>Wed, 14 Oct 2026 06:00:00 GMT</pubDate></item>")


def test_the_check_tells_of_each_listing_what_it_found_or_why_not(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    web = Asker({FEED: ONE, FRONT: blocked(FRONT)})
    assert check(monkeypatch, web, "arise") == 0
    lines = {line.split()[1]: line for line in capsys.readouterr().out.splitlines()}
    assert lines[FEED].split(maxsplit=2)[2] == "rss        1 article; the newest of 2026-10-14 06:00 UTC"
    assert lines[FRONT].endswith("blocked: 403 Forbidden")
    assert len(lines) == 1 + len(places(_arise())) == 1 + len(web.asked)
    assert web.is_closed


def _arise() -> Outlet:
    from cleanfeed.plugins import load  # noqa: PLC0415  # the session's plugins are no fixture of this test

    return load().directory.by_slug["arise"]


def test_the_check_fails_where_an_outlet_has_no_listing_that_works(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert check(monkeypatch, Asker({FEED: ONE}), "arise", "daily8-en") == 1
    assert capsys.readouterr().err == "daily8-en: none of its listings works\n"


def test_the_check_speaks_json(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    assert check(monkeypatch, Asker({FEED: ONE}), "arise", "--format", "json") == 0
    told = json.loads(capsys.readouterr().out)
    assert told[0] == {
        "outlet": "arise",
        "address": FEED,
        "kind": "rss",
        "works": True,
        "articles": 1,
        "newest": "2026-10-14T06:00:00+00:00",
    }
    assert (told[-1]["works"], told[-1]["failure"]) == (False, "gone")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["outlets", "nowhere"], "no outlet 'nowhere' is loaded"),
        (["outlets", "--config", "x.toml"], "--config is for --check"),
        (["outlets", "--check", "--config", "nowhere.toml"], "nowhere.toml"),
    ],
)
def test_wrong_uses_are_refused(
    arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(arguments) == 2
    assert message in capsys.readouterr().err


def test_outlets_can_be_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["outlets", "arise"]) == 0
    assert [line.split()[0] for line in capsys.readouterr().out.splitlines()] == ["outlet", "arise"]


def test_the_check_asks_over_the_network_by_the_configuration(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], httpserver: Any
) -> None:
    httpserver.no_handler_status_code = 404
    httpserver.expect_request("/feed/").respond_with_data(ONE, content_type="application/rss+xml")
    path = tmp_path / "cleanfeed.toml"
    path.write_text(
        'title = "x"\nbase_url = "https://feeds.example.org/"\ncontact = "me@example.org"\n[topics.all]\n'
        'title = "All"\neverything = true\n[fetch]\ndelay = 0\n[fetch.mirrors]\n'
        f'"https://www.arise.tv" = "{httpserver.url_for("").rstrip("/")}"\n',
        "utf-8",
    )
    assert cli.main(["outlets", "--check", "--config", str(path), "arise"]) == 0
    out = capsys.readouterr().out
    assert "1 article" in out
    assert "404" in out
    agents = {request.headers["User-Agent"] for request, _answer in httpserver.log}
    assert len(agents) == 1
    assert "me@example.org" in agents.pop()


# --- the documents


def test_every_field_of_a_listing_is_documented_and_no_other() -> None:
    assert sorted(named(section(OUTLETS, "Listings"))) == sorted(field.name for field in fields(Listing))
