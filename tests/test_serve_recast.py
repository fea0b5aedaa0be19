"""Feeds said anew in another format: nothing that both formats know is lost."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET

import feedparser
import pytest

from cleanfeed.serve.recast import recast

ATOM = """<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="ar"><title>The Quay</title><id>tag:quay.example,2026:1</id>
<link href="https://quay.example/"/><link rel="self" href="https://quay.example/feed"/><updated>2026-09-01T08:00:00Z</updated>
<entry><id>tag:quay.example,2026:7</id><title>رصيف &amp; ميناء</title><link rel="alternate" href="/story-7/"/>
<link rel="enclosure" href="https://quay.example/7.mp3" type="audio/mpeg" length="12"/><author><name>Ada Obi</name></author>
<category term="Harbour"/><published>2026-09-01T08:00:00+02:00</published><summary>In short.</summary>
<content type="html">&lt;p&gt;The crane &amp;amp; the quay.&lt;/p&gt;</content></entry></feed>"""
RSS = """<?xml version="1.0"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"
xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>The Quay</title><link>https://quay.example/</link>
<description>News</description><language>ar</language><item><title>رصيف &amp; ميناء</title><link>https://quay.example/story-7/</link>
<guid isPermaLink="false">tag:quay.example,2026:7</guid><dc:creator>Ada Obi</dc:creator><category>Harbour</category>
<pubDate>Tue, 01 Sep 2026 08:00:00 +0200</pubDate><description>In short.</description>
<enclosure url="https://quay.example/7.mp3" type="audio/mpeg" length="12"/>
<content:encoded><![CDATA[<p>The crane &amp; the quay.</p>]]></content:encoded></item></channel></rss>"""
JSON = json.dumps({
    "version": "https://jsonfeed.org/version/1.1", "title": "The Quay", "home_page_url": "https://quay.example/", "language": "ar",
    "items": [{
        "id": "tag:quay.example,2026:7", "url": "https://quay.example/story-7/", "title": "رصيف & ميناء", "summary": "In short.",
        "content_html": "<p>The crane &amp; the quay.</p>", "date_published": "2026-09-01T08:00:00+02:00",
        "authors": [{"name": "Ada Obi"}], "tags": ["Harbour"],
        "attachments": [{"url": "https://quay.example/7.mp3", "mime_type": "audio/mpeg"}],
    }],
})  # fmt: skip
ADDRESS = "https://quay.example/feed"


@pytest.mark.parametrize("feed", [ATOM, RSS, JSON], ids=["atom", "rss", "json"])
def test_as_json_it_says_what_it_said(feed):
    content, kind = recast(feed.encode(), "json", ADDRESS)
    told = json.loads(content)
    assert kind == "application/feed+json"
    assert (told["title"], told["home_page_url"], told["language"]) == (
        "The Quay",
        "https://quay.example/",
        "ar",
    )
    (item,) = told["items"]
    assert (item["id"], item["url"]) == ("tag:quay.example,2026:7", "https://quay.example/story-7/")
    assert (item["title"], item["summary"]) == ("رصيف & ميناء", "In short.")
    assert item["content_html"] == "<p>The crane &amp; the quay.</p>"
    assert item["date_published"].startswith(("2026-09-01T06:00:00", "2026-09-01T08:00:00+02:00"))
    assert (item["authors"], item["tags"]) == ([{"name": "Ada Obi"}], ["Harbour"])
    (attached,) = item["attachments"]
    assert (attached["url"], attached["mime_type"]) == ("https://quay.example/7.mp3", "audio/mpeg")
    # A feed that is JSON already is left as it is, and this one does not say it.
    assert attached.get("size_in_bytes") == (None if feed is JSON else 12)


@pytest.mark.parametrize("length", ["", "0", "-1", "12.5", "many", "9" * 40])
def test_a_size_that_is_none_is_left_out(length):
    content, _kind = recast(RSS.replace('length="12"', f'length="{length}"').encode(), "json", ADDRESS)
    assert "size_in_bytes" not in json.loads(content)["items"][0]["attachments"][0]


@pytest.mark.parametrize("feed", [ATOM, RSS, JSON], ids=["atom", "rss", "json"])
def test_as_rss_a_reader_finds_what_it_said(feed):
    content, kind = recast(feed.encode(), "rss", ADDRESS)
    assert kind == "application/rss+xml; charset=utf-8"
    read = feedparser.parse(content)
    assert (read.version, read.bozo, read.feed.title, read.feed.link) == (
        "rss20",
        False,
        "The Quay",
        "https://quay.example/",
    )
    (entry,) = read.entries
    assert (entry.id, entry.link, entry.title) == (
        "tag:quay.example,2026:7",
        "https://quay.example/story-7/",
        "رصيف & ميناء",
    )
    assert entry.content[0].value == "<p>The crane &amp; the quay.</p>"
    assert (entry.author, entry.summary, entry.published_parsed[:5]) == (
        "Ada Obi",
        "In short.",
        (2026, 9, 1, 6, 0),
    )
    assert [(each.href, each.type) for each in entry.enclosures] == [
        ("https://quay.example/7.mp3", "audio/mpeg")
    ]


@pytest.mark.parametrize("feed", [ATOM, RSS, JSON], ids=["atom", "rss", "json"])
def test_a_format_that_it_has_already_changes_no_byte(feed):
    assert recast(feed.encode(), None, ADDRESS)[0] == feed.encode()


@pytest.mark.parametrize(("feed", "form"), [
    ('{"version": "https://jsonfeed.org/version/1", "items": [{}, 7, {"id": 3, "tags": "x", "authors": 1}]}', "rss"),
    ("<rss><channel/></rss>", "json"),
    ('<feed xmlns="http://www.w3.org/2005/Atom"><entry/><entry><link href="http://["/></entry></feed>', "rss"),
])  # fmt: skip
def test_what_a_feed_does_not_say_is_left_out(feed, form):
    content, _kind = recast(feed.encode(), form, ADDRESS)
    assert (
        json.loads(content)["title"]
        if form == "json"
        else ET.fromstring(content).find("channel/title") is not None
    )


PLAIN = "Use <b> & a < b,\nsays the manual.\n\nIt ends."
MARKUP = "<p>Use &lt;b&gt; &amp; a &lt; b,<br>says the manual.</p><p>It ends.</p>"
PLAIN_JSON = json.dumps({
    "version": "https://jsonfeed.org/version/1.1", "title": "t",
    "items": [{"id": "1", "content_text": PLAIN, "summary": "if a<b then <img src=x>"}],
})  # fmt: skip
PLAIN_ATOM = f"""<feed xmlns="http://www.w3.org/2005/Atom"><title>t</title><entry><id>1</id><title>x</title>
<content{{}}>{PLAIN.replace("&", "&amp;").replace("<", "&lt;")}</content>
<summary>if a&lt;b then &lt;img src=x></summary></entry></feed>"""


@pytest.mark.parametrize(
    "feed",
    [PLAIN_JSON, PLAIN_ATOM.format(""), PLAIN_ATOM.format(' type="text"')],
    ids=["json", "none", "text"],
)
def test_plain_text_stays_text_with_its_paragraphs_and_lines(feed):
    rss = ET.fromstring(recast(feed.encode(), "rss", ADDRESS)[0])
    assert rss.findtext(".//{http://purl.org/rss/1.0/modules/content/}encoded") == MARKUP
    assert rss.findtext(".//item/description") == "if a&lt;b then &lt;img src=x&gt;"


def test_a_summary_is_plain_text_in_json():
    (item,) = json.loads(recast(PLAIN_ATOM.format("").encode(), "json", ADDRESS)[0])["items"]
    assert (item["content_html"], item["summary"]) == (MARKUP, "if a<b then <img src=x>")
    marked = RSS.replace("In short.", "&lt;p&gt;In &lt;b&gt;short&lt;/b&gt; &amp;amp; well.&lt;/p&gt;")
    (item,) = json.loads(recast(marked.encode(), "json", ADDRESS)[0])["items"]
    assert item["summary"] == "In short & well."
