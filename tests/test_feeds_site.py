"""The pages for people: well-made, in the right direction, and unable to do harm."""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from lxml import html

from cleanfeed.feeds import outline, render, render_index
from feedparts import HARBOUR, MAYDAN, NOON, SITE, UNDATED, entry, feed


def page(*entries: object, **changes: object) -> html.HtmlElement:
    return html.document_fromstring(render(feed(*entries, **changes), SITE)["city.html"].decode())


def index(*feeds: object) -> html.HtmlElement:
    return html.document_fromstring(
        render_index([outline(one) for one in feeds], SITE)["index.html"].decode()
    )


PAGES = [page(HARBOUR, MAYDAN, UNDATED), page(), index(feed(HARBOUR), feed(MAYDAN, slug="maydan")), index()]


@pytest.mark.parametrize("tree", PAGES, ids=["topic", "empty topic", "index", "empty index"])
def test_a_page_runs_nothing_and_allows_only_its_own_style_and_pictures(tree):
    assert not tree.xpath(
        "//script | //iframe | //form | //object | //base | //@style | //@*[starts-with(name(), 'on')]"
    )
    (policy,) = tree.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")
    (style,) = tree.xpath("//style")
    seal = base64.b64encode(hashlib.sha256(style.text.encode()).digest()).decode()
    assert policy == (
        f"default-src 'none'; style-src 'sha256-{seal}'; img-src https: http:; base-uri 'none'; form-action 'none'"
    )


@pytest.mark.parametrize("tree", PAGES, ids=["topic", "empty topic", "index", "empty index"])
def test_a_page_has_landmarks_one_heading_and_a_way_past_the_header(tree):
    assert [len(tree.xpath(f"//body/{name}")) for name in ("header", "main", "footer")] == [1, 1, 1]
    assert len(tree.xpath("//h1")) == 1
    assert tree.xpath("string(//title)").strip()
    assert tree.get("lang")
    assert tree.xpath("//body/a[1]/@href") == ["#main"]
    assert tree.xpath("//main/@id") == ["main"]


def test_a_topic_page_shows_its_entries_with_links_outlet_section_and_authors():
    first = page(HARBOUR, UNDATED).xpath("//article")[0]
    assert first.xpath("string(.//h2/a)") == HARBOUR.title
    assert first.xpath(".//h2/a/@href") == [HARBOUR.url]
    assert first.xpath("string(.//p[@class='summary'])") == HARBOUR.summary
    assert [said.text for said in first.iter("bdi")] == [
        "The Harbour",
        "City",
        "Ada Obi",
        "Bola Ige",
        "Coast Wire",
    ]


def test_a_picture_takes_its_place_before_it_is_loaded_and_tells_nobody():
    (picture,) = page(HARBOUR, UNDATED).xpath("//img")
    wanted = {"src": HARBOUR.image, "alt": "", "loading": "lazy", "referrerpolicy": "no-referrer"}
    assert wanted.items() <= dict(picture.attrib).items()
    assert {"width", "height"} <= {*picture.attrib}


def test_times_are_utc_and_a_date_without_time_is_the_outlets_own():
    lagos = datetime(2026, 10, 5, 0, 30, tzinfo=ZoneInfo("Africa/Lagos"))
    (stamp,) = page(entry(published=lagos)).xpath("//article//time")
    assert (stamp.text, stamp.get("datetime")) == ("2026-10-04 23:30 UTC", "2026-10-04T23:30:00Z")
    (stamp,) = page(entry(published=lagos.replace(minute=0), date_precision="day")).xpath("//article//time")
    assert (stamp.text, stamp.get("datetime")) == ("2026-10-05", "2026-10-05")
    assert page(UNDATED).xpath("//article//time") == []


def test_an_arabic_page_reads_from_right_to_left_in_arabic():
    tree = page(MAYDAN, language="ar", direction="rtl")
    assert (tree.get("lang"), tree.get("dir")) == ("ar", "rtl")
    assert "آخر تحديث" in tree.xpath("string(//header)")


def test_each_entry_on_a_mixed_page_has_its_own_language_and_direction():
    tree = page(HARBOUR, MAYDAN)
    assert (tree.get("lang"), tree.get("dir")) == ("en", "ltr")
    assert [(one.get("lang"), one.get("dir")) for one in tree.xpath("//article")] == [
        ("en", "ltr"),
        ("ar", "rtl"),
    ]


def test_readers_find_atom_first_then_rss_then_json():
    tree = page(HARBOUR)
    kinds = ["application/atom+xml", "application/rss+xml", "application/feed+json"]
    found = tree.xpath("//head/link[@rel='alternate']")
    assert [(one.get("type"), one.get("href")) for one in found] == list(
        zip(kinds, ["city.atom", "city.rss", "city.json"], strict=True)
    )
    assert tree.xpath("//header//ul[@class='feeds']//a/@href") == ["city.atom", "city.rss", "city.json"]


def test_the_index_links_pages_feeds_and_the_list_of_feeds():
    tree = index(feed(HARBOUR), feed(MAYDAN, slug="maydan", title="الميدان", language="ar", direction="rtl"))
    assert tree.xpath("//h2/a/@href") == ["city.html", "maydan.html"]
    assert tree.xpath("//head/link[@rel='alternate']/@href")[:4] == [
        "city.atom",
        "city.rss",
        "city.json",
        "maydan.atom",
    ]
    assert tree.xpath("//head/link[@rel='outline']/@type") == ["text/x-opml"]
    assert "feeds.opml" in tree.xpath("//header//a/@href")
    assert [(one.get("lang"), one.get("dir")) for one in tree.xpath("//article")] == [
        ("en", "ltr"),
        ("ar", "rtl"),
    ]


def test_an_index_whose_feeds_share_a_language_speaks_it():
    arabic = {"language": "ar", "direction": "rtl"}
    assert index(feed(MAYDAN, **arabic), feed(slug="b", **arabic)).get("dir") == "rtl"
    assert index(feed(MAYDAN, **arabic), feed(HARBOUR, slug="b")).get("dir") == "ltr"


def test_what_a_page_says_can_never_become_markup():
    bad = '"><script>alert(1)</script><img src=x onerror=alert(1)>'
    nasty = entry(
        title=bad, summary=bad, authors=(bad,), section=bad, source=bad, image=f"https://h.example/{bad}"
    )
    site = replace(SITE, title=bad, outlets={"harbour": bad})
    topic = feed(nasty, title=bad, description=bad)
    files = {**render(topic, site), **render_index([outline(topic)], site)}
    for name in ("city.html", "index.html"):
        tree = html.document_fromstring(files[name].decode())
        assert not tree.xpath("//script | //@onerror | //img[@src='x']")


def test_colours_of_text_have_the_contrast_that_wcag_asks_for():
    style = page(HARBOUR).xpath("string(//style)")
    for scheme in re.findall(r"--ground:[^}]*", style):
        colours = dict(re.findall(r"--(\w+): #([0-9a-f]{6})", scheme))
        for name in ("ink", "soft", "link"):
            assert _contrast(colours[name], colours["ground"]) >= 4.5, (name, colours)


def _contrast(one: str, other: str) -> float:
    dark, light = sorted((_luminance(one), _luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_an_empty_page_says_that_there_is_nothing_yet_and_no_time():
    tree = page()
    assert tree.xpath("string(//main)").strip() == "No entries yet."
    assert tree.xpath("//time") == []
    assert page(HARBOUR).xpath("//header//time/@datetime") == [
        f"{HARBOUR.updated or NOON:%Y-%m-%dT%H:%M:%SZ}"
    ]
