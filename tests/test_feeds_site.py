"""The pages for people: well-made, in the right direction, and unable to do harm."""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import fields, replace
from datetime import datetime
from typing import get_args
from zoneinfo import ZoneInfo

import pytest
from lxml import html

from cleanfeed.feeds import outline, render, render_index
from cleanfeed.feeds.words import words_for
from cleanfeed.health.facts import State
from cleanfeed.model import Kind
from feedparts import HARBOUR, MAYDAN, NOON, SITE, UNDATED, entry, feed


def page(*entries: object, **changes: object) -> html.HtmlElement:
    return html.document_fromstring(render(feed(*entries, **changes), SITE)["city.html"].decode())


def index(*feeds: object) -> html.HtmlElement:
    return html.document_fromstring(
        render_index([outline(one) for one in feeds], SITE)["index.html"].decode()
    )


PAGES = [page(HARBOUR, MAYDAN, UNDATED), page(), index(feed(HARBOUR), feed(MAYDAN, slug="maydan")), index()]


def sealed(code: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(code.encode()).digest()).decode()}'"


@pytest.mark.parametrize("tree", PAGES, ids=["topic", "empty topic", "index", "empty index"])
def test_a_page_allows_its_own_style_its_one_script_and_pictures_alone(tree):
    assert not tree.xpath(
        "//iframe | //form | //object | //base | //@style | //@*[starts-with(name(), 'on')]"
    )
    (policy,) = tree.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")
    (style,), (script,) = tree.xpath("//style"), tree.xpath("//script")
    assert policy == (
        f"default-src 'none'; style-src {sealed(style.text)}; script-src {sealed(script.text)}; "
        "img-src https: http: data:; media-src https: http:; base-uri 'none'; form-action 'none'"
    )
    assert script.keys() == style.keys() == []


def test_the_script_is_small_and_the_same_on_every_page():
    scripts = {tree.xpath("string(//script)") for tree in PAGES}
    assert len(scripts) == 1
    assert 1_000 < len(scripts.pop().encode()) < 6_144


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
    pictures = page(HARBOUR, UNDATED).xpath("//img")
    assert [(one.get("src"), one.get("alt")) for one in pictures] == [
        (HARBOUR.image, ""),
        (HARBOUR.image, "The hall"),
    ]
    for picture in pictures:
        assert (picture.get("loading"), picture.get("referrerpolicy")) == ("lazy", "no-referrer")
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
        assert not tree.xpath("//body//script | //@onerror | //img[@src='x']")


def test_colours_of_text_have_the_contrast_that_wcag_asks_for():
    style = page(HARBOUR).xpath("string(//style)")
    for scheme in re.findall(r"--ground:[^}]*", style):
        colours = dict(re.findall(r"--(\w+): #([0-9a-f]{6})", scheme))
        assert _contrast(colours["edge"], colours["ground"]) >= 3
        for name in ("ink", "soft", "link", "good", "bad", "unsure"):
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


# --- filters, texts and badges


def options(tree: html.HtmlElement) -> dict[str, list[tuple[str, str]]]:
    return {
        one.get("name"): [(choice.get("value"), choice.text) for choice in one.iter("option")]
        for one in tree.iter("select")
    }


def test_a_page_can_be_filtered_by_what_its_entries_differ_in_and_no_more():
    assert options(page(HARBOUR, UNDATED)) == {}
    mixed = page(HARBOUR, MAYDAN, replace(UNDATED, section="CITY", kind="video"))
    assert options(mixed) == {
        "outlet": [("", "All outlets"), ("harbour", "The Harbour"), ("maydan", "الميدان")],
        "language": [("", "All languages"), ("en", "English"), ("ar", "العربية")],
        "section": [("", "All sections"), ("city", "City"), ("سياسه", "سياسة")],
        "kind": [("", "All kinds"), ("article", "Article"), ("video", "Video")],
    }


@pytest.mark.parametrize(
    "entries, has_search", [((), False), ((HARBOUR,), False), ((HARBOUR, UNDATED), True)]
)
def test_there_is_a_search_where_there_is_something_to_search(entries, has_search):
    assert bool(page(*entries).xpath("//*[@role='search']")) == has_search


def test_an_entry_can_be_read_on_the_page_and_is_clean_there_too():
    content = '<h2>One</h2><p>Long.</p><p onclick="x()">More<script>x()</script>.</p>'
    (text,) = page(entry(content=content, text="Words and words. " * 300)).xpath("//details/div")
    assert [(one.tag, one.text) for one in text] == [("h3", "One"), ("p", "Long."), ("p", "More.")]
    assert "4 min" in text.getparent().xpath("string(summary)")


@pytest.mark.parametrize(
    "levels, shown", [("234", "345"), ("33", "33"), ("4", "3"), ("24", "34"), ("32", "33"), ("2432", "3443")]
)
def test_sub_heads_stand_below_the_title_of_their_card_and_leave_no_level_out(levels, shown):
    content = "".join(f"<h{level}>A <em>head</em></h{level}><p>Text.</p>" for level in levels)
    (text,) = page(entry(content=content, text="A long text.")).xpath("//details/div")
    assert "".join(one.tag[1] for one in text if one.tag != "p") == shown
    assert len(text) == 2 * len(levels)


SHOWN_ALREADY = {
    "a text that is the summary": {"text": HARBOUR.summary},
    "no text": {"text": ""},
    "a text beyond all measure": {"content": "<p>Long.</p>" * 9_000, "text": "Long. " * 9_000},
    "nothing clean": {"content": "<script>x()</script>", "text": "x()"},
}


@pytest.mark.parametrize("changes", SHOWN_ALREADY.values(), ids=SHOWN_ALREADY)
def test_there_is_nothing_to_unfold_for(changes):
    assert not page(entry(**changes)).xpath("//details")


def test_a_card_keeps_its_address_on_the_page_when_its_title_changes():
    first, second = (page(entry(title=title)).xpath("//article/@id") for title in ("Old", "New"))
    assert first == second != page(UNDATED).xpath("//article/@id")


def test_each_feed_has_a_button_with_its_whole_address():
    assert page(HARBOUR).xpath("//button[@class='copy']/@data-copy") == [
        "https://feeds.example.org/city.atom"
    ]
    feeds = index(feed(HARBOUR), feed(MAYDAN, slug="maydan"))
    assert feeds.xpath("//button[@class='copy']/@data-copy") == [
        "https://feeds.example.org/city.atom",
        "https://feeds.example.org/maydan.atom",
    ]


@pytest.mark.parametrize(
    "language, word", [("en", "blocked"), ("ar", "محجوب"), ("es", "bloqueado"), ("fr", "bloqué")]
)
def test_the_index_tells_how_each_outlet_fares_in_its_own_words(language, word):
    direction = "rtl" if language == "ar" else "ltr"
    one = outline(feed(replace(HARBOUR, language=language), language=language, direction=direction))
    site = replace(SITE, has_health=True, health={"harbour": "blocked", "costa": "fine"})
    tree = html.document_fromstring(render_index([one], site)["index.html"].decode())
    badges = tree.xpath("//section//a")
    assert [badge.get("href") for badge in badges] == ["health.html#costa", "health.html#harbour"]
    assert badges[1].xpath("string(span)") == word
    assert not index(feed(HARBOUR)).xpath("//section")


@pytest.mark.parametrize("language", ["en", "ar", "es", "fr"])
def test_every_word_is_there_in_every_language(language):
    words = words_for(language)
    assert words.states.keys() == set(get_args(State))
    assert words.kinds.keys() == set(get_args(Kind))
    english = words_for("en")
    for field in fields(words):
        said = getattr(words, field.name)
        assert said
        assert language == "en" or field.name in {"comma", "minutes"} or said != getattr(english, field.name)
    assert {*re.findall(r"{\d}", words.hits)} == {"{0}", "{1}"}
