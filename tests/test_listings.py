"""Listings: whatever their form, they give the canonical addresses of their outlet's articles, and no others."""

from __future__ import annotations

import gzip
import json
import time
import tracemalloc
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from lxml import etree

from cleanfeed import Listing, Page, items, reading
from cleanfeed import plugins as loading
from cleanfeed.errors import ListingError
from cleanfeed.outlet import Directory
from cleanfeed.sources import xmltree
from cleanfeed.sources.listings import read_listing
from listingparts import (
    GAZETTE,
    NOW,
    SITE,
    answer,
    feed,
    index,
    item,
    numbered,
    page,
    read,
    rss,
    urls,
    urlset,
)

if TYPE_CHECKING:
    from cleanfeed.plugins import Plugins

# --- one article, in every form

DATED = datetime(2026, 10, 14, 6, tzinfo=UTC)
RSS_1 = f"""<?xml version="1.0"?>
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
 xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="{SITE}/"><title>G</title></channel>
<item rdf:about="{SITE}/news/one/"><title>One &amp; all</title><link>{SITE}/news/one/</link>
<dc:date>2026-10-14T09:00:00+03:00</dc:date><dc:subject>Harbour</dc:subject></item></rdf:RDF>"""
ATOM = f"""<feed xmlns="http://www.w3.org/2005/Atom"><title>G</title><entry>
<title type="html">One &amp;amp; all</title><link rel="self" href="{SITE}/x.atom"/><link href="{SITE}/news/one/"/>
<id>urn:1</id><updated>2026-10-14T07:00:00Z</updated><published>2026-10-14T06:00:00Z</published>
<category term="harbour" label="Harbour"/></entry></feed>"""
JSON_FEED = json.dumps(
    {
        "version": "https://jsonfeed.org/version/1.1",
        "items": [
            {
                "id": "1", "url": f"{SITE}/news/one/", "title": "One & all", "tags": ["Harbour", 7],
                "date_published": "2026-10-14T06:00:00Z",
            }
        ],
    }
)  # fmt: skip
NEWS_MAP = f"""<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"
 xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"><url><loc>{SITE}/news/one/</loc>
<lastmod>2026-10-14T07:30:00Z</lastmod><news:news><news:publication><news:name>G</news:name></news:publication>
<news:publication_date>2026-10-14T09:00:00+03:00</news:publication_date><news:title>One &amp; all</news:title>
<news:keywords>Harbour</news:keywords></news:news></url></urlset>"""
POSTS = json.dumps(
    [
        {
            "link": f"{SITE}/news/one/", "date": "2026-10-14T09:00:00", "date_gmt": "2026-10-14T06:00:00",
            "title": {"rendered": "One &amp; all"}, "content": {"rendered": "<p>Short.</p>", "protected": False},
            "_embedded": {"wp:term": [[{"name": "Harbour", "taxonomy": "category"}], []]},
        }
    ]
)  # fmt: skip
RSS_2 = rss(
    item("one", "Wed, 14 Oct 2026 09:00:00 +0300", title="One &amp;amp; all", category="<![CDATA[Harbour]]>")
)
FORMS = {
    "rss": RSS_2,
    "rss 0.91": RSS_2.replace('version="2.0"', 'version="0.91"'),
    "rss 1.0": RSS_1,
    "atom": ATOM,
    "atom without a namespace": ATOM.replace(' xmlns="http://www.w3.org/2005/Atom"', ""),
    "json feed": JSON_FEED,
    "sitemap": NEWS_MAP,
    "wordpress": POSTS,
}


@pytest.mark.parametrize("form", FORMS)
def test_every_form_gives_address_time_title_and_sections(form: str) -> None:
    found = read(FORMS[form])
    (link,) = found.links
    assert (link.url, link.published, link.title) == (f"{SITE}/news/one/", DATED, "One & all")
    assert link.sections == ("Harbour",)
    assert link.item == ""
    assert form.startswith(found.kind)


KINDS = {"rss": "feed", "sitemap": "sitemap", "wordpress": "wordpress", "json feed": "feed", "atom": "feed"}


@pytest.mark.parametrize(("form", "kind"), KINDS.items())
def test_the_declared_kind_and_the_guessed_one_agree(form: str, kind: str) -> None:
    assert read(FORMS[form], kind=kind) == read(FORMS[form])


def test_a_listing_of_a_section_gives_its_name_to_every_link_first() -> None:
    assert read(RSS_2, section="Sea").links[0].sections == ("Sea", "Harbour")


# --- where an article lives

ADDRESSES = {
    "http": ("<link>http://www.gazette.example/news/one/</link>", "/news/one/"),
    "trackers": (
        "<link>https://www.gazette.example/news/one/?utm_source=rss&amp;fbclid=1</link>",
        "/news/one/",
    ),
    "an ampersand that is not escaped": (
        "<link>https://www.gazette.example/news/one/?utm_source=rss&utm_medium=x</link>",
        "/news/one/",
    ),
    "relative": ("<link>/news/one/</link>", "/news/one/"),
    "an AMP page": ("<link>https://www.gazette.example/news/one/amp/</link>", "/news/one/"),
    "white space": ("<link>\n  https://www.gazette.example/news/one/ \n</link>", "/news/one/"),
    "CDATA": ("<link><![CDATA[https://www.gazette.example/news/one/?utm_a=1&b=]]></link>", None),
    "Atom's link": (
        '<atom:link rel="alternate" href="https://www.gazette.example/news/one/"/>',
        "/news/one/",
    ),
    "a permanent guid": ("<guid>https://www.gazette.example/news/one/</guid>", "/news/one/"),
    "a guid that is no link": (
        '<guid isPermaLink="false">https://www.gazette.example/news/one/</guid>',
        None,
    ),
    "a redirector with the original": (
        "<link>https://r.example/~r/g/1</link><guid>https://www.gazette.example/news/one/</guid>",
        "/news/one/",
    ),
    "a redirector's query": (
        "<link>https://r.example/?id=7&amp;u=https%3A%2F%2Fwww.gazette.example%2Fnews%2Fone%2F</link>",
        "/news/one/",
    ),
    "another site": ("<link>https://other.example/news/one/</link>", None),
    "a script": ("<link>javascript:alert(1)</link>", None),
    "a private address": ("<link>http://127.0.0.1/news/one/</link>", None),
    "no address at all": ("<link>http://[::1</link>", None),
    "the front page": ("<link>https://www.gazette.example/</link>", None),
    "a page that is no article": ("<link>https://www.gazette.example/authors/ada/</link>", None),
}


@pytest.mark.parametrize("case", ADDRESSES)
def test_an_address_is_canonical_of_the_outlet_and_an_articles(case: str) -> None:
    link, expected = ADDRESSES[case]
    body = rss(f"<item><title>x</title>{link}</item>", item("control"))
    assert urls(read(body)) == ([expected] if expected else []) + ["/news/control/"]


def test_articles_are_addressed_by_the_outlets_home() -> None:
    body = rss("<item><link>https://gazette-mirror.example/news/one/</link></item>")
    home = replace(GAZETTE, home="www.gazette.example")

    found = read_listing(answer(body), Listing(url=f"{SITE}/feed/"), home, Directory([home]))
    assert urls(found) == ["/news/one/"]


def test_a_listing_may_have_a_pattern_of_its_own() -> None:
    body = page("/news/one/", "/sea/two/")
    assert urls(read(body, links=r"/sea/")) == ["/sea/two/"]


def test_without_a_pattern_any_page_of_the_outlet_counts_but_no_file_and_not_the_front_page() -> None:

    any_page = replace(GAZETTE, articles="")
    body = page("/", "/a", "/b.jpg", "/c.pdf", "/feed.xml", "#top", "mailto:a@b.example")
    found = read_listing(answer(body), Listing(url=SITE), any_page, Directory([any_page]))
    assert urls(found) == ["/a"]


# --- times

TIMES = {
    "Wed, 14 Oct 2026 06:00:00 GMT": "2026-10-14T06:00:00",
    "Wed, 14 Oct 2026 06:00:00 Z": "2026-10-14T06:00:00",
    "Wed, 14 Oct 2026 02:00:00 EDT": "2026-10-14T06:00:00",
    "Wed, 14 Oct 2026 09:00:00 +0300": "2026-10-14T06:00:00",
    "Wed, 14 Oct 2026 06:00:00": "2026-10-14T06:00:00",
    "Wed, 14 Oct 2026 09:00:00 EEST": "2026-10-14T06:00:00",
    "14 Oct 26 06:00:00 GMT": "2026-10-14T06:00:00",
    "2026-10-14T06:00:00Z": "2026-10-14T06:00:00",
    "Wed, 14 October 2026 6:00 am UTC": "2026-10-14T06:00:00",
    "Thu, 15 Oct 2026 07:00:00 GMT": "2026-10-15T07:00:00",
    "Fri, 16 Oct 2026 08:00:00 GMT": None,
    "Wed, 14 Oct 2036 06:00:00 GMT": None,
    "Thu, 01 Jan 1970 00:00:00 GMT": "1970-01-01T00:00:00",
    "9999-99-99": None,
    "yesterday": None,
    "": None,
}


@pytest.mark.parametrize(("told", "expected"), TIMES.items())
def test_times_are_read_honestly_and_none_is_made_up(told: str, expected: str | None) -> None:
    (link,) = read(rss(item("one", told))).links
    assert link.published == (datetime.fromisoformat(f"{expected}+00:00") if expected else None)


# --- sitemaps


def test_a_sitemap_with_times_is_read_newest_first() -> None:
    rows = "".join(
        f"<url><loc>{SITE}/news/d-{day}</loc><lastmod>2026-10-{day:02}</lastmod></url>" for day in (3, 9, 6)
    )
    assert urls(read(f"<urlset>{rows}</urlset>")) == ["/news/d-9", "/news/d-6", "/news/d-3"]


def test_a_sitemap_without_times_keeps_its_order() -> None:
    assert urls(read(urlset("b", "a", "c"))) == ["/news/b/", "/news/a/", "/news/c/"]


def test_a_long_sitemap_without_times_is_read_from_both_ends() -> None:
    found = urls(read(urlset(*numbered(0, 1000)), most=10))
    assert len(found) == 10
    assert {"/news/a-0/", "/news/a-999/"} <= set(found)


def test_a_sitemap_may_be_a_gzip_file() -> None:
    assert urls(read(gzip.compress(urlset("one").encode()))) == ["/news/one/"]


def test_a_gzip_bomb_is_refused_and_costs_no_memory() -> None:
    bomb = gzip.compress(b"<urlset>" + b" " * 200_000_000 + b"</urlset>")
    tracemalloc.start()
    with pytest.raises(ListingError, match="too large"):
        read(bomb)
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 40_000_000


def test_a_gzip_file_of_empty_members_without_end_is_refused_before_they_are_read() -> None:
    with pytest.raises(ListingError, match="too large: more than 100 members of gzip"):
        read(gzip.compress(b"") * 400_000)  # to copy what is left behind each would take minutes


def test_a_gzip_file_of_several_members_is_one_file() -> None:
    body = urlset("one", "two").encode()
    assert urls(read(gzip.compress(body[:90]) + gzip.compress(body[90:]))) == ["/news/one/", "/news/two/"]


def test_a_broken_gzip_file_is_refused() -> None:
    with pytest.raises(ListingError, match="gzip"):
        read(gzip.compress(urlset("one").encode())[:-20])


def sitemaps(*told: tuple[str, str]) -> str:
    rows = "".join(
        f"<sitemap><loc>{SITE}/{name}</loc>{f'<lastmod>{modified}</lastmod>' if modified else ''}</sitemap>"
        for name, modified in told
    )
    return f'<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{rows}</sitemapindex>'


INDEXES = {
    "by their times": (
        [("post-sitemap.xml", "2026-10-01"), ("post-sitemap2.xml", "2026-10-14T06:00:00Z")],
        ["post-sitemap2.xml", "post-sitemap.xml"],
    ),
    "by the numbers in their names": (
        [("all/sitemap-2026-9.xml", ""), ("all/sitemap-2026-10.xml", ""), ("all/sitemap-2025-12.xml", "")],
        ["all/sitemap-2026-10.xml", "all/sitemap-2026-9.xml", "all/sitemap-2025-12.xml"],
    ),
    "those of other things last": (
        [
            ("category-sitemap.xml", "2026-10-14"),
            ("author-sitemap.xml", ""),
            ("post-sitemap.xml", "2026-10-01"),
        ],
        ["post-sitemap.xml"],
    ),
}


@pytest.mark.parametrize("case", INDEXES)
def test_an_index_names_its_sitemaps_newest_first(case: str) -> None:
    named, expected = INDEXES[case]
    found = read(sitemaps(*named))
    assert found.links == ()
    assert [each.removeprefix(f"{SITE}/") for each in found.further][: len(expected)] == expected


def test_an_index_leads_nowhere_else() -> None:
    with pytest.raises(ListingError, match="no sitemap of the outlet"):
        read("<sitemapindex><sitemap><loc>https://evil.example/s.xml</loc></sitemap></sitemapindex>")
    found = read(
        index("s.xml").replace(
            "</sitemapindex>", "<sitemap><loc>http://10.0.0.1/</loc></sitemap></sitemapindex>"
        )
    )
    assert found.further == (f"{SITE}/s.xml",)


# --- pages of links


def test_a_page_gives_its_links_in_order_once_with_the_headline() -> None:
    cards = (
        '<a href="/news/one/"><img src="i.jpg"></a><a href="../news/one/?utm_campaign=x">The headline</a>'
        '<a href="https://gazette-mirror.example/news/two">Two</a>'
    )
    body = page("/about/", "https://elsewhere.example/news/x/", body=cards)
    found = read(body)
    assert [(link.url, link.title) for link in found.links] == [
        (f"{SITE}/news/one/", "The headline"),
        ("https://gazette-mirror.example/news/two", "Two"),
    ]
    assert all(link.published is None for link in found.links)


def test_a_page_that_builds_itself_by_script_gives_what_its_data_hold() -> None:
    script = r'self.__next_f.push([1,"{\"href\":\"/news/one\",\"icon\":\"/icons/one.svg\"}"]);x={"u":"https:\/\/www.gazette.example\/news\/two"}'
    assert urls(read(f"<html><body><div id=app></div><script>{script}</script></body></html>")) == [
        "/news/one",
        "/news/two",
    ]


def test_base_counts_where_it_stays_on_the_site() -> None:
    ours = page("one", head='<base href="https://www.gazette.example/news/">')
    assert urls(read(ours)) == ["/news/one"]
    theirs = page("/news/one", head='<base href="https://evil.example/">')
    assert urls(read(theirs)) == ["/news/one"]


NEXT = {
    "a link in the head": page("/news/one/", head='<link rel="next" href="/page/2">'),
    "a link in the page": page("/news/one/", body='<a rel="next" href="?page=2">Older</a>'),
    "Atom's link in RSS": rss(item("one"), more=f'<atom:link rel="next" href="{SITE}/feed/?paged=2"/>'),
    "Atom": ATOM.replace("<entry>", f'<link rel="next" href="{SITE}/x.atom?page=2"/><entry>'),
    "JSON Feed": JSON_FEED.replace('"items"', f'"next_url": "{SITE}/feed.json?page=2", "items"'),
}


@pytest.mark.parametrize("case", NEXT)
def test_a_listing_names_its_next_page(case: str) -> None:
    (further,) = read(NEXT[case]).further
    assert further.startswith(SITE)
    assert further.endswith("2")
    elsewhere = NEXT[case].replace('next" href="', 'next" href="https://evil.example/')
    assert read(elsewhere.replace(f'"next_url": "{SITE}', '"next_url": "https://evil.example')).further == ()


# --- how many

MANY = [f"/news/a-{number}/" for number in range(10_000)]


@pytest.mark.parametrize(
    "body",
    [page(*MANY), feed(*numbered(0, 5000)), urlset(*numbered(0, 10_000))],
    ids=["links", "rss", "sitemap"],
)
def test_at_most_two_hundred_links_of_one_listing_count_unless_more_are_wanted(body: str) -> None:
    assert len(read(body).links) == 200
    assert len(read(body, most=300).links) == 300


LONG = {
    "rss": (rss(*["<item/>"] * 2000, item("one")), rss(*["<item/>"] * 1999, item("one"))),
    "json feed": tuple(
        json.dumps({"items": [{}] * number + [{"url": f"{SITE}/news/one/"}]}) for number in (2000, 1999)
    ),
    "wordpress": tuple(
        json.dumps([{}] * number + [{"link": f"{SITE}/news/one/"}]) for number in (2000, 1999)
    ),
    "sitemap": tuple(
        urlset("one").replace("<url>", "<url/>" * number + "<url>") for number in (50_000, 49_999)
    ),
}


@pytest.mark.parametrize("form", LONG)
def test_what_stands_beyond_the_end_of_any_sane_listing_is_not_looked_at(form: str) -> None:
    too_long, long = LONG[form]
    assert urls(read(long)) == ["/news/one/"]
    with pytest.raises(ListingError, match="lists no article"):
        read(too_long)


def test_an_index_has_no_more_sitemaps_than_a_sitemap_has_pages() -> None:
    empty = "<sitemap/>"
    assert read(index("a.xml").replace("<sitemap>", empty * 49_999 + "<sitemap>")).further
    with pytest.raises(ListingError, match="names no sitemap"):
        read(index("a.xml").replace("<sitemap>", empty * 50_000 + "<sitemap>"))


def test_a_link_that_is_repeated_counts_once() -> None:
    assert len(read(page(*["/news/one/"] * 10_000)).links) == 1


AGAIN = {
    "the same address": f"{SITE}/news/one/",
    "an AMP page": f"{SITE}/news/one/amp/",
    "trackers": f"{SITE}/news/one/?utm_source=rss",
    "a fragment": f"{SITE}/news/one/#comments",
}


@pytest.mark.parametrize("case", AGAIN)
def test_an_article_that_a_feed_names_twice_has_the_categories_of_both(case: str) -> None:
    first = item("one", title="Cranes", category="Sea")
    again = item("one", "Wed, 14 Oct 2026 06:00:00 GMT", title="Cranes", category="Town")
    (link,) = read(rss(first, again.replace(f"{SITE}/news/one/", AGAIN[case]))).links
    assert (link.url, link.sections, link.published) == (f"{SITE}/news/one/", ("Sea", "Town"), DATED)


def test_an_article_that_a_feed_names_a_thousand_times_has_twenty_categories() -> None:
    (link,) = read(rss(*(item("one", category=f"Sea {number}") for number in range(1000)))).links
    assert len(link.sections) == 20


# --- what is slightly broken

BROKEN = {
    "an ampersand that is not escaped": rss(item("one", title="Bread & butter")),
    "names of characters that HTML has": rss(item("one", title="Caf&eacute;&nbsp;&hellip;")),
    "a prefix that is not declared": rss(item("one") + "<media:thumbnail url='x'/>"),
    "a tag that is not closed": rss(item("one"), "<item><title>x<b></title></item>"),
    "cut short": rss(item("one"), item("two"))[:-30],
    "a control character": rss(item("one", title="a\x0bb")),
    "a reference to a control character": rss(item("one", title="a&#11;b")),
    "a byte order mark": f"\ufeff{feed('one')}",
    "white space before it": f"\n \n{feed('one')}",
    "a warning of the server before it": f"<br />\n<b>Warning</b>: x in y.php<br />\n{feed('one')}",
    "a stylesheet": feed("one").replace(
        "?>", '?><?xml-stylesheet href="http://127.0.0.1:9/x.xsl" type="text/xsl"?>', 1
    ),
    "an XInclude": rss(
        '<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="file:///etc/passwd" parse="text"/>',
        item("one"),
    ),
    "the type of document that RSS 0.91 has": feed("one").replace(
        "?>",
        '?><!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN" "http://127.0.0.1:9/rss.dtd">',
        1,
    ),
}


@pytest.mark.parametrize("case", BROKEN)
def test_a_slightly_broken_feed_is_read_all_the_same(case: str) -> None:
    found = read(BROKEN[case])
    assert urls(found)[0] == "/news/one/"
    assert "root:" not in repr(found)


def test_what_is_mended_keeps_its_meaning() -> None:
    titles = {
        "Bread & butter": "Bread & butter",
        "Caf&eacute; &lt;i&gt;noir&lt;/i&gt; & more": "Café noir & more",
        "<![CDATA[A & B &amp; C]]>": "A & B & C",
    }
    for told, meant in titles.items():
        body = rss(item("one", title=told), item("two", title="x & y"))
        assert read(body).links[0].title == meant


REFERENCES = {
    "two halves": ("a&#55357;&#56832;b", "a\U0001f600b"),
    "two halves, in hexadecimal": ("a&#xD83D;&#xde00;b", "a\U0001f600b"),
    "a half alone": ("a&#55357;b", "a\ufffdb"),
    "halves in the wrong order": ("a&#56832;&#55357;b", "a\ufffd\ufffdb"),
    "halves apart": ("a&#55357; &#56832;b", "a\ufffd \ufffdb"),
    "a whole character beside a half": ("a&#55357;&#128512;b", "a\ufffd\U0001f600b"),
    "what stands for markup beside a half": ("a&#38;lt;&#55357;b", "a<\ufffdb"),
    "beyond all characters": ("a&#x110000;b", "a\ufffdb"),
    "a control character": ("a&#11;b", "ab"),
    "behind a comment that begins something else": ("<!-- <![CDATA[ -->a&#55357;b<!-- ]]> -->", "a\ufffdb"),
}


@pytest.mark.parametrize("case", REFERENCES)
def test_references_to_half_characters_are_joined_or_marked(case: str) -> None:
    told, meant = REFERENCES[case]
    link, other = read(rss(item("one", title=told), item("two", title="Bread"))).links
    assert (link.title, other.title) == (meant, "Bread")


def test_a_tree_that_holds_half_characters_all_the_same_is_refused() -> None:
    with pytest.raises(ListingError, match="is no XML that can be read: it names half characters"):
        read(rss("<?x <![CDATA[ ?>", item("one", title="&#55357; & b"), "<!-- ]]> -->"))


ENCODED = {
    "windows-1256": "مرفأ الجريدة",
    "windows-1252": "Café",
    "utf-16": "مرفأ",
    "utf-8": "مرفأ",
}


@pytest.mark.parametrize(("encoding", "title"), ENCODED.items())
def test_a_feed_is_read_in_its_encoding(encoding: str, title: str) -> None:
    body = rss(item("one", title=title)).replace("UTF-8", encoding).encode(encoding)
    assert read(body).links[0].title == title


def test_a_feed_that_says_the_wrong_encoding_is_utf_8_all_the_same() -> None:
    body = rss(item("one", title="مرفأ")).replace("UTF-8", "iso-8859-1").encode()
    assert read(body).links[0].title == "مرفأ"


# --- what is none

CHALLENGE = page(title="Just a moment...")
CONSENT = page(title="Before you continue to the Gazette")
REFUSED = {
    "no article": (feed().replace("</channel>", "<item><link>https://evil.example/</link></item></channel>"), {}, "lists no article"),
    "links to others alone": (page("https://evil.example/news/a/"), {}, "lists no article"),
    "an empty feed": (feed(), {}, "is empty"),
    "an empty sitemap": (urlset(), {}, "is empty"),
    "an empty Atom feed": ('<feed xmlns="http://www.w3.org/2005/Atom"/>', {}, "is empty"),
    "an empty list of posts": ("[]", {}, "is empty"),
    "an empty JSON feed": ('{"version": "x", "items": []}', {}, "is empty"),
    "nothing": ("", {}, "is empty"),
    "a robot check": (CHALLENGE, {}, "a robot check, not a listing"),
    "a robot check in place of a feed": (CHALLENGE, {"kind": "feed"}, "a robot check, not a listing"),
    "a consent wall in place of a feed": (CONSENT, {"kind": "feed"}, "a consent wall, not a listing"),
    "a soft 404": (page("/news/one/", title="Page not found"), {}, "an error page"),
    "a page in place of a feed": (page("/news/one/"), {"kind": "feed"}, "is an HTML page where a feed is expected"),
    "a page in place of a sitemap": (page("/news/one/"), {"kind": "sitemap"}, "where a sitemap is expected"),
    "a page in place of posts": (page("/news/one/"), {"kind": "wordpress"}, "where a REST answer is expected"),
    "an error of WordPress": ('{"code": "rest_no_route", "message": "No route\\u001b[2J"}', {}, "answers with an error: No route"),
    "JSON that is no listing": ('{"a": 1}', {}, "is JSON, but no listing"),
    "JSON of wrong types": ('{"items": {"a": 1}}', {}, "is empty"),
    "posts of wrong types": ('[1, "x", null, {"link": 5, "title": [], "content": "x", "_embedded": []}]', {}, "lists no article|is empty"),
    "a picture": (b"\x89PNG\r\n\x1a\n", {}, "is a PNG image"),
    "plain text": ("all is well", {}, "is not HTML"),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_what_lists_nothing_is_refused_with_its_reason(case: str) -> None:
    body, listing, reason = REFUSED[case]
    with pytest.raises(ListingError, match=reason) as caught:
        read(body, **listing)
    assert caught.value.address == f"{SITE}/feed/"


# --- hostile XML

DTD = "<!DOCTYPE rss [{declared}]>"
LAUGHS = "".join(f'<!ENTITY {chr(98 + level)} "{f"&{chr(97 + level)};" * 10}">' for level in range(9))


def hostile(declared: str, use: str) -> str:
    body = rss(item("one", title=use))
    return body.replace("?>", "?>" + DTD.format(declared=declared), 1)


def attacks(secret: Path) -> dict[str, str]:
    return {
        "an external entity": hostile(f'<!ENTITY x SYSTEM "{secret.as_uri()}">', "&x;"),
        "a parameter entity": hostile(f'<!ENTITY % x SYSTEM "{secret.as_uri()}"> %x;', "x"),
        "a billion laughs": hostile(f'<!ENTITY a "ha">{LAUGHS}', "&j;"),
        "a quadratic blow-up": hostile(f'<!ENTITY a "{"a" * 50_000}">', "&a;" * 50_000),
        "an entity of the inside": hostile('<!ENTITY a "b">', "&a;"),
    }


CASES = tuple(attacks(Path("/nothing")))


@pytest.mark.parametrize("hidden", [False, True], ids=["plain", "hidden behind a comment"])
@pytest.mark.parametrize("case", CASES)
def test_xml_that_declares_entities_is_refused_quickly_and_reads_no_file(
    case: str, hidden: bool, tmp_path: Path
) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("root:x:0:0", "utf-8")
    body = attacks(secret)[case]
    body = body.replace("<!DOCTYPE", "<!-- <rss> --><!DOCTYPE") if hidden else body
    started = time.process_time()
    with pytest.raises(
        ListingError, match=r"declares XML entities|beyond the parser's limits|is empty"
    ) as caught:
        read(body)
    assert time.process_time() - started < 2
    assert "root:" not in str(caught.value)


@pytest.mark.parametrize("recover", [False, True])
def test_the_parser_by_itself_expands_nothing(recover: bool, tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("root:x:0:0", "utf-8")
    for body in attacks(secret).values():
        try:
            root = etree.fromstring(body.encode(), xmltree._parser(recover=recover))
        except etree.XMLSyntaxError:
            continue
        said = "".join(map(str, root.itertext()))
        assert "root:" not in said
        assert len(said) < len(body)


def naive(body: str) -> etree._Element:
    parser = etree.XMLParser(resolve_entities=True, load_dtd=True, no_network=True)
    return etree.fromstring(body.encode(), parser)


def test_a_naive_parser_reads_the_file_and_expands_the_entity(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("root:x:0:0", "utf-8")
    found = attacks(secret)
    assert "root:x" in str(naive(found["an external entity"]).findtext("channel/item/title"))
    assert naive(found["an entity of the inside"]).findtext("channel/item/title") == "b"


LIMITS = {
    "too deep": f"<rss><channel>{'<a>' * 5000}{item('one')}",
    "deep within an article": rss(item("one"), item("two", title="<b>" * 400 + "</b>" * 400)),
}


@pytest.mark.parametrize("case", LIMITS)
def test_what_is_beyond_the_parsers_limits_is_refused(case: str) -> None:
    with pytest.raises(ListingError, match="beyond the parser's limits"):
        read(LIMITS[case])


# To look through the rest from each of these would take many minutes.
UNCLOSED = {
    "CDATA sections": "<rss>" + "<![CDATA[" * 1_000_000,
    "comments": "<rss>" + "<!--" * 1_000_000,
    "types of document": "<!DOCTYPE " * 500_000 + "<rss/>",
}


@pytest.mark.parametrize("case", UNCLOSED)
def test_what_is_opened_a_million_times_and_never_closed_is_looked_through_once(case: str) -> None:
    with suppress(ListingError):
        xmltree.parse_xml(UNCLOSED[case], SITE)


BOMBS = {
    "brackets": "[" * 500_000,
    "a long number": '{"items": ' + "1" * 100_000 + "}",
    "cut": '{"items": [{"url": "',
}


@pytest.mark.parametrize("case", BOMBS)
def test_json_bombs_are_refused(case: str) -> None:
    started = time.process_time()
    with pytest.raises(ListingError, match="no JSON that can be read"):
        read(BOMBS[case])
    assert time.process_time() - started < 2


def test_thousands_of_attributes_cost_little_time() -> None:
    flood = " ".join(f'a{number}="1"' for number in range(200_000))
    started = time.process_time()
    assert urls(read(rss(f"<x {flood}/>", item("one")))) == ["/news/one/"]
    assert time.process_time() - started < 5


# --- articles that a feed carries whole

STORY = "".join(
    f"<p>Paragraph {number} of a story about the harbour and its cranes.</p>" for number in range(6)
)


def whole(content: str = STORY, **parts: str) -> str:
    told = {"title": "One &amp; all", "dc:creator": "Ada Obi", "category": "Harbour", **parts}
    return rss(
        item("one", "Wed, 14 Oct 2026 06:00:00 GMT", **told | {"content:encoded": f"<![CDATA[{content}]]>"})
    )


WHOLE = {
    "content:encoded": whole(),
    "Atom": ATOM.replace("</entry>", f'<content type="html"><![CDATA[{STORY}]]></content><author><name>Ada Obi</name></author></entry>'),
    "Atom, as XHTML": ATOM.replace("</entry>", f'<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">{STORY}</div></content><author><name>Ada Obi</name></author></entry>'),
    "JSON Feed": json.dumps({"items": [{"url": f"{SITE}/news/one/", "title": "One & all", "content_html": STORY, "tags": ["Harbour"], "authors": [{"name": "Ada Obi"}], "date_published": "2026-10-14T06:00:00Z"}]}),
    "WordPress": json.dumps([{"link": f"{SITE}/news/one/", "title": {"rendered": "One &amp; all"}, "content": {"rendered": STORY}, "date_gmt": "2026-10-14T06:00:00", "_embedded": {"author": [{"name": "Ada Obi"}], "wp:term": [[{"name": "Harbour"}]]}}]),
}  # fmt: skip


def entry_of(body: str, outlets: Plugins, gazette: Any = GAZETTE) -> Any:
    """The entry that the item's page gives, as the page's own would be read."""

    (link,) = read(body).links
    assert link.item
    mine = loading.Plugins(
        manager=outlets.manager,
        directory=Directory([gazette]),
        loaded=outlets.loaded,
        declared_by={"gazette": outlets.loaded[0]},
    )
    page = Page(body=link.item, kind="item", url=link.url, retrieved=NOW, name=link.url)
    return reading.read(page, mine)


@pytest.mark.parametrize("case", WHOLE)
def test_an_article_in_a_feed_is_an_entry_of_its_own(case: str, outlets: Plugins) -> None:
    entry = entry_of(WHOLE[case], outlets)
    assert (entry.title, entry.authors, entry.published) == ("One & all", ("Ada Obi",), DATED)
    assert entry.url == f"{SITE}/news/one/"
    assert entry.id == "tag:cleanfeed.invalid,2026:gazette/news/one"
    assert entry.tags == ("Harbour",)
    assert entry.text.startswith("Paragraph 0 of a story")
    assert entry.text.count("\n") == 5


def test_an_item_has_the_id_that_the_articles_page_has(outlets: Plugins) -> None:
    html = f'<html><head><title>One</title><meta property="og:type" content="article"></head><body><article><h1>One and all of it</h1><div class="entry-content">{STORY}</div></article></body></html>'
    arise = outlets.directory.by_slug["arise"]
    url = "https://www.arise.tv/one-and-all-of-it/"
    made = Page(body=html, url=url, retrieved=NOW, name="x")
    document = items.document(items.Item("One and all of it", STORY), url)
    item_page = Page(body=document, kind="item", url=url, retrieved=NOW, name="x")
    assert reading.read(made, outlets).id == reading.read(item_page, outlets).id
    assert reading.read(item_page, outlets).outlet == arise.slug


def test_a_post_behind_a_password_is_listed_without_what_it_shows_instead() -> None:
    (post,) = json.loads(WHOLE["WordPress"])
    assert read(json.dumps([post])).links[0].item
    post["content"]["protected"] = True
    (link,) = read(json.dumps([post])).links
    assert (link.url, link.item) == (f"{SITE}/news/one/", "")


TEASERS = {
    "short": "<p>The harbour opens.</p>",
    "markup around little text": "<p class='" + "x" * 500 + "'>The harbour opens.</p>",
    "a teaser": STORY.replace("</p>", "") + "Continue reading",
    "cut": STORY + "<p>The harbour is [&hellip;]</p>",
}


@pytest.mark.parametrize("case", TEASERS)
def test_a_teaser_is_no_article(case: str) -> None:
    assert read(whole(TEASERS[case])).links[0].item == ""


def test_an_item_is_cleaned_as_the_outlets_pages_are(outlets: Plugins) -> None:
    gazette = replace(
        GAZETTE,
        article=replace(GAZETTE.article, drop=(".share",), stop=(r"More news",), source_line=r"Source: (.+)"),
        sentinels=(r"Read also: .*",),
    )
    content = (
        '<div class="share"><p>Share this story</p></div>' + STORY + "<p>Read also: Cranes sold</p>"
        "<script>alert(1)</script><p>Source: The Quay</p><p>More news</p><p>x</p>"
    )
    entry = entry_of(whole(content), outlets, gazette)
    assert "Share" not in entry.text
    assert "Read also" not in entry.text
    assert "More news" not in entry.text
    assert "<script" not in entry.content
    blog = STORY + f'<p>The post <a href="{SITE}">One</a> appeared first on <a href="{SITE}">G</a>.</p>'
    assert "appeared first" not in entry_of(whole(blog), outlets).text


def test_what_a_feed_carries_cannot_pass_for_the_documents_own_parts(outlets: Plugins) -> None:
    evil = (
        '</script></div><link rel="canonical" href="https://other.example/news/x/">'
        '<meta property="article:published_time" content="2020-01-01T00:00:00Z"><script>alert(1)</script>'
    )
    entry = entry_of(whole(evil + STORY, title="One &lt;/title&gt;&lt;script&gt; all"), outlets)
    assert (entry.url, entry.published) == (f"{SITE}/news/one/", DATED)
    assert "alert" not in entry.content


def test_an_outsized_item_is_left_out_and_its_link_is_not() -> None:
    (link,) = read(whole("<p>" + "word " * 100_000 + "</p>")).links
    assert link.item == ""
