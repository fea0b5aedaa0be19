"""Nasty entries: none of them breaks a feed, and none passes on what it should not."""

from __future__ import annotations

import json
import subprocess
import time
from dataclasses import replace

import pytest
from lxml import etree, html

from cleanfeed.feeds import render
from cleanfeed.feeds.tidy import web_url
from feedcheck import ATOM, CONTENT, check_atom, check_json, check_rss
from feedparts import AUDIO, HARBOUR, MAYDAN, SITE, entry, feed, many
from parts import require_program

LIMIT = 2_000_000


def read(*entries: object, **changes: object) -> tuple[etree._Element, etree._Element, dict]:
    """The first entry in RSS, Atom and JSON, after all three passed the checker."""
    files = render(feed(*entries, **changes), SITE)
    assert check_rss(files["city.rss"], f"{SITE.base_url}city.rss") == []
    assert check_atom(files["city.atom"], f"{SITE.base_url}city.atom") == []
    assert check_json(files["city.json"], f"{SITE.base_url}city.json") == []
    items = etree.fromstring(files["city.rss"])[0].findall("item")
    entries = etree.fromstring(files["city.atom"]).findall(f"{ATOM}entry")
    return items[0], entries[0], json.loads(files["city.json"])["items"][0]


def titles(**changes: object) -> tuple[str, str, str]:
    item, one, said = read(entry(**changes))
    return item.findtext("title"), one.findtext(f"{ATOM}title"), said["title"]


def contents(content: str) -> set[str]:
    item, one, said = read(entry(content=content))
    return {item.findtext(CONTENT), one.findtext(f"{ATOM}content"), said["content_html"]}


FORBIDDEN = {
    "NUL, vertical tab and escape are removed": ("a\0b\x0bc\x1bd", "abcd"),
    "a lone surrogate is removed": ("a\ud800b\udfffc", "abc"),
    "noncharacters are removed": ("a\ufffeb\uffffc\U0001fffed\ufdd0e", "abcde"),
    "C1 controls are what windows-1252 means by them": ("it\x92s \x93so\x94\x81", "it’s “so”"),
    "emoji stay as they are": ("👩‍👩‍👧 🇳🇬 ❤️", "👩‍👩‍👧 🇳🇬 ❤️"),
}


@pytest.mark.parametrize("raw, clean", FORBIDDEN.values(), ids=FORBIDDEN)
def test_characters_that_xml_cannot_bear(raw, clean):
    assert set(titles(title=raw)) == {clean}
    assert contents(f"<p>{raw}</p>") == {f"<p>{clean}</p>"}
    everywhere = replace(HARBOUR, summary=raw, text=raw, authors=(raw,), tags=(raw,), section=raw, source=raw)
    assert read(replace(everywhere, captions=(raw,), id=f"{HARBOUR.id}\0"))[2]["summary"] == clean


@pytest.mark.parametrize(
    "content",
    [
        "<pre>if (a[b[0]]&gt;1) ]]&gt; end</pre>",
        "<p>]]></p>",
        "<p>AT&amp;amp;T and R&amp;D</p>",
        '<p><a href="https://h.example/?a=1&amp;b=2&amp;copy=3">x</a></p>',
        "<p>&lt;!DOCTYPE html&gt; &lt;!ENTITY x 'y'&gt; &lt;?php echo 1 ?&gt; &lt;!-- a -- b --&gt; &lt;![CDATA[</p>",
        "<p>😀 👩‍👩‍👧 العربية</p>",
    ],
    ids=["cdata end in code", "cdata end", "twice escaped", "ampersands in a link", "xml marks", "astral"],
)
def test_content_comes_through_as_it_was(content):
    assert contents(content) == {content}


def test_an_ampersand_in_an_address_is_escaped_once():
    url = "https://www.harbour.example/?a=1&b=2&amp=3"
    item, one, said = read(entry(url=url, image=url, enclosures=(replace(AUDIO, url=url),)))
    assert item.findtext("link") == item.find("enclosure").get("url") == said["url"] == said["image"] == url
    assert {link.get("href") for link in one.findall(f"{ATOM}link")} == {url}


@pytest.mark.parametrize(
    "url, link",
    [
        ("https://harbour.example/a b|c", "https://harbour.example/a%20b%7Cc"),
        ('https://harbour.example/"x"?q="y"', "https://harbour.example/%22x%22?q=%22y%22"),
        ("https://maydan.example/أخبار", "https://maydan.example/%D8%A3%D8%AE%D8%A8%D8%A7%D8%B1"),
        ("https://bücher.example/ü?q=ü", "https://xn--bcher-kva.example/%C3%BC?q=%C3%BC"),
        ("https://harbour.example/100%?a=%41", "https://harbour.example/100%25?a=%41"),
        ("HTTP://Harbour.Example:8080/[1]", "http://harbour.example:8080/%5B1%5D"),
        ("https://user:pass@harbour.example/a", "https://harbour.example/a"),
        ("https://harbour.example/%D8%A3?a=b&c=d#e", "https://harbour.example/%D8%A3?a=b&c=d#e"),
        (" https://harbour.example/a\n", "https://harbour.example/a"),
    ],
)
def test_an_address_is_percent_encoded_and_its_host_in_ascii(url, link):
    item, one, said = read(entry(url=url))
    assert item.findtext("link") == one.find(f"{ATOM}link").get("href") == said["url"] == link


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)//https://h.example/",
        "data:text/html,<script>alert(1)</script>",
        "vbscript:x",
        "file:///etc/passwd",
        "//harbour.example/a",
        "/a",
        "https://",
        "https://harbour.example:port/",
        "https://good.example\\@bad.example/",
        "https://" + "a" * 9000,
    ],
)
def test_what_is_no_web_address_is_written_as_no_link(url):
    bad = entry(url=url, image=url, enclosures=(replace(AUDIO, url=url),), content="<p>Text.</p>")
    item, one, said = read(bad)
    assert web_url(url) is None
    assert item.find("link") is item.find("enclosure") is one.find(f"{ATOM}link") is None
    assert not {"url", "image", "attachments"} & said.keys()
    assert "alert" not in render(feed(bad), SITE)["city.html"].decode()


@pytest.mark.parametrize(
    "title, written",
    [
        ("<i>Dune</i>", "‹i›Dune‹/i›"),
        ("Use <video> tag", "Use ‹video› tag"),
        ("<!-- odd", "‹!-- odd"),
        ("3 < 4 & AT&T > 2", "3 < 4 & AT&T > 2"),
        ("R&amp;D literal", "R&amp;D literal"),
        ("a <- b <3", "a <- b <3"),
    ],
)
def test_a_title_is_text_that_no_reader_takes_for_a_tag(title, written):
    rss, atom, json_says = titles(title=title)
    assert (rss, atom) == (written, written)
    assert json_says == title


def test_a_summary_that_looks_like_markup_is_text_in_rss_where_readers_expect_html():
    item, one, said = read(entry(summary="<img src=x onerror=alert(1)> & more"))
    assert item.findtext("description") == "‹img src=x onerror=alert(1)› & more"
    assert one.findtext(f"{ATOM}summary") == "‹img src=x onerror=alert(1)› & more"
    assert said["summary"] == "<img src=x onerror=alert(1)> & more"


@pytest.mark.parametrize(
    "changes, title",
    [
        ({"title": "", "text": "First words.\nMore."}, "First words. More."),
        ({"title": " \n\u200b", "text": ""}, "www.harbour.example"),
        ({"title": "\u202e", "text": " ", "url": None}, HARBOUR.id),
    ],
    ids=["words", "host", "id"],
)
def test_a_title_that_is_empty_is_made_of_what_there_is(changes, title):
    assert set(titles(**changes)) == {title}


def test_a_title_is_one_line_of_bearable_length_cut_at_a_word():
    (title,) = set(titles(title="Long\n\tand  longer " * 200))
    assert title.startswith("Long and longer Long")
    assert title.endswith(("Long…", "and…", "longer…"))
    assert 280 < len(title) <= 301


def test_marks_and_overrides_of_direction_leave_a_title():
    assert set(titles(title="a\u202eb\u2066c\u2069 \u200fعربي\u200f")) == {"abc عربي"}


def paragraphs(megabytes: int) -> str:
    return "<p>The council sat for nine hours, and then for one more &amp; one more.</p>\n" * (
        megabytes * 13_400
    )


@pytest.mark.parametrize(
    "base, words",
    [
        (HARBOUR, "Continue reading"),
        (replace(MAYDAN, language="es"), "Seguir leyendo"),
        (MAYDAN, "تابع القراءة"),
    ],
)
def test_twelve_megabytes_are_cut_after_an_element_with_a_link_to_the_rest(base, words, tmp_path):
    whole = paragraphs(12)
    wrapped = f'<div lang="ar" dir="rtl">{whole}</div>' if base.direction == "rtl" else whole
    item, one, said = read(replace(base, content=wrapped, text=whole))
    content = item.findtext(CONTENT)
    assert content == one.findtext(f"{ATOM}content") == said["content_html"]
    assert 750_000 < len(content.encode()) <= 1_000_000
    *kept, last = html.fragment_fromstring(content, create_parent="div").iter("p")
    assert {paragraph.text_content() for paragraph in kept} == {
        "The council sat for nine hours, and then for one more & one more."
    }
    assert (last.text_content(), last.find("a").get("href")) == (words, base.url)
    assert len(said["content_text"].encode()) <= 500_000


@pytest.mark.parametrize(
    "content",
    [
        "<p>" + "word " * 2_400_000 + "</p>",
        "word " * 2_400_000,
        "<table><tbody>" + "<tr><td>a &amp; b</td></tr>" * 400_000 + "</tbody></table>",
        "<br>" * 3_000_000,
        "<p>" + '&amp;"\n' * 1_500_000 + "</p>",
        "<p>" + "ك" * 6_000_000 + "</p>",
        "<p>&lt;script&gt;alert(1)&lt;/script&gt; " + "word " * 2_400_000 + "</p>",
        "&lt;script&gt;alert(1)&lt;/script&gt; " + "word " * 2_400_000,
    ],
    ids=[
        "one paragraph",
        "bare text",
        "table",
        "breaks",
        "escapes",
        "one word",
        "escaped tag",
        "bare escaped tag",
    ],
)
def test_any_giant_is_cut_so_that_every_format_stays_small(content):
    files = render(feed(entry(content=content, text=content)), SITE)
    assert max(map(len, files.values())) < LIMIT
    read(entry(content=content, text=content))


def test_parsers_in_c_read_the_greatest_feed_to_its_end(tmp_path):
    xmllint = require_program("xmllint")
    files = render(feed(*many(5, paragraphs(12))), SITE)
    for name in ("city.rss", "city.atom"):
        path = tmp_path / name
        path.write_bytes(files[name])
        subprocess.run([xmllint, "--noout", path], check=True, capture_output=True)


def test_five_thousand_entries_give_a_feed_of_the_newest_in_little_time():
    entries = many(5000, "<p>" + "Nine hours and one more. " * 40 + "</p>")
    start = time.perf_counter()
    files = render(feed(*entries, limit=5000), SITE)
    assert time.perf_counter() - start < 20
    ids = [item["id"] for item in json.loads(files["city.json"])["items"]]
    assert ids == [one.id for one in entries[: len(ids)]]
    assert len(ids) > 300
    assert LIMIT * 0.4 < max(map(len, files.values())) < LIMIT


def test_a_feed_too_large_loses_its_oldest_entries_in_all_formats_alike():
    files = render(feed(*many(50, "<p>" + "x" * 100_000 + "</p>")), SITE)
    rss = [item.findtext("guid") for item in etree.fromstring(files["city.rss"])[0].findall("item")]
    assert rss == [one.id for one in many(len(rss))]
    assert rss == [item["id"] for item in json.loads(files["city.json"])["items"]]
    assert 15 <= len(rss) < 20
    assert max(map(len, files.values())) < LIMIT


def test_long_lists_and_texts_around_the_content_are_bounded_too():
    long = "word " * 500_000
    got = entry(
        summary=long,
        captions=(long[:20_000],) * 300,
        authors=(long,) * 3,
        section=long,
        source="x" * 900,
        title=long,
    )
    files = render(feed(got), SITE)
    assert max(map(len, files.values())) < LIMIT
    read(got)
