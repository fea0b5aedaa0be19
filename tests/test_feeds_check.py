"""The strict checker itself: a good feed passes, and each way of breaking one is reported."""

from __future__ import annotations

import json

import pytest

from cleanfeed.feeds import outline, render, render_index
from feedcheck import check_atom, check_json, check_opml, check_rss
from feedparts import HARBOUR, MAYDAN, SITE, feed

FILES = {**render(feed(HARBOUR, MAYDAN), SITE), **render_index([outline(feed(HARBOUR))], SITE)}
URL = f"{SITE.base_url}city."


def broken(name: str, old: str, new: str) -> bytes:
    text = FILES[name].decode()
    assert old in text
    return text.replace(old, new, 1).encode()


RSS = [
    (
        "<?xml version='1.0' encoding='UTF-8'?>",
        "\ufeff<?xml version='1.0' encoding='UTF-8'?>",
        "XML declaration",
    ),
    ("<rss ", "<!DOCTYPE rss><rss ", "<!DOCTYPE"),
    ("</title>", "", "not well-formed"),
    ("<title>City news</title>", "", "0 × title"),
    ("<title>Harbour", "<title>&lt;b&gt;Harbour", "markup"),
    ("city.rss", "other.rss", "self link"),
    ("https://feeds.example.org/city.html", "https://feeds.example.org/city.rss", "feed itself"),
    ("tag:maydan.example,2026:88", "tag:harbour.example,2026:4711", "occurs 2 times"),
    ('isPermaLink="false"', 'isPermaLink="true"', "isPermaLink"),
    ("tag:harbour.example,2026:4711", "4711", "no full URI"),
    ("Mon, 05 Oct 2026 12:00:00 +0000", "Tue, 05 Oct 2026 12:00:00 +0000", "day of the week"),
    ("Mon, 05 Oct 2026 12:00:00 +0000", "2026-10-05", "RFC 822"),
    ("Mon, 05 Oct 2026 12:00:00 +0000", "Mon, 06 Oct 1969 12:00:00 +0000", "before 1970"),
    ("https://www.harbour.example/city", "https://www.harbour.example/a city", "percent-encoded"),
    ("https://www.harbour.example/city", "/city", "percent-encoded"),
    ("<category>City</category>", "<category> </category>", "is blank"),
    ("<category>City</category>", "<category>BUDGET</category>", "occurs 2 times"),
    ("<dc:creator>Ada Obi", "<dc:creator>ada@harbour.example", "e-mail"),
    ("<dc:creator>Ada Obi</dc:creator>", "<author>Ada Obi</author>", "unknown element author"),
    ('medium="image"', 'medium="picture"', "no medium"),
    ("<media:thumbnail ", "<media:group/><media:thumbnail ", "unknown element group"),
    ("&lt;p&gt;The council", "&lt;script&gt;x&lt;/script&gt;The council", "holds <script>"),
    ("&lt;p&gt;The council", "&lt;p onclick='x'&gt;The council", "attribute onclick"),
    ('src="https://img', 'src="//img', "no absolute web address"),
    ("<language>en<", "<language>en_US<", "BCP 47"),
    ("<ttl>60<", "<ttl>an hour<", "no number"),
    ('rel="self"', 'rel="next"', "none of a feed"),
]
ATOM = [
    ("<id>https://feeds.example.org/city.atom</id>", "", "0 × id"),
    ("city.atom</id><title>City news</title>", "city.atom</id>", "0 × title"),
    ("<author><name>City news</name></author>", "", "0 × author"),
    ('type="html"', 'type="CDATA"', "content of type"),
    ("<category ", '<link href="https://h.example/a.mp3"/><category ', "2 alternate links"),
    ("<updated>2026-10-05T14:00:00+00:00", "<updated>2026-10-05T14:00:00+00:13:35", "RFC 3339"),
    ("<published>2026-10-05T12:00:00+00:00", "<published>2026-10-05 12:00", "RFC 3339"),
    ('<category term="City"', '<category term=""', "blank"),
    ("tag:maydan.example,2026:88", "tag:harbour.example,2026:4711", "occurs 2 times"),
    ('xml:lang="ar"', 'xml:lang="ar_LB"', "BCP 47"),
    ("<summary>", "<summary>&lt;b&gt;", "markup"),
    ("Harbour budget", "Harbour\u202e budget", "override"),
    ("Harbour budget", "Harbour\x91 budget", "C1"),
    ('href="https://feeds.example.org/city.atom"', 'href="https://feeds.example.org/city.xml"', "self link"),
]
JSON = [
    ('"version":"https://jsonfeed.org/version/1.1"', '"version":"1"', "is not 1.1"),
    ('"id":"tag:maydan.example,2026:88"', '"id":"tag:harbour.example,2026:4711"', "occurs 2 times"),
    ('"id":"tag:maydan.example,2026:88",', "", "no id"),
    ('"url":"https://www.harbour.example/', '"url":"javascript:alert(1)/', "percent-encoded"),
    ('"tags":["Budget"', '"tags":["Budget","budget"', "different words"),
    ('"date_published":"2026-10-05T12:00:00+00:00"', '"date_published":"yesterday"', "RFC 3339"),
    ('"author', '"author":{"name":"x"},"author', "unknown key author"),
    ('{"name":"Ada Obi"}', '{"name":"Ada","email":"a@b.example"}', "list of names"),
    ('"content_html":"<p>', '"content_html":"<p style=\\"x\\">', "attribute style"),
    ('"title":"City news"', '"title":"City news","title":"x"', "occurs twice"),
    ("city.json", "other.json", "feed_url"),
]
OPML = [
    ('text="City news"', "", "without text"),
    ('type="rss"', 'type="atom"', "is not rss"),
    ('xmlUrl="https://feeds.example.org/city.rss"', 'xmlUrl="city.rss"', "percent-encoded"),
    ('version="2.0"', 'version="1.0"', "OPML 2.0"),
    ("<title>Clean feeds</title>", "", "0 × title"),
]


def test_good_files_pass():
    assert check_rss(FILES["city.rss"], f"{URL}rss") == []
    assert check_atom(FILES["city.atom"], f"{URL}atom") == []
    assert check_json(FILES["city.json"], f"{URL}json") == []
    assert check_opml(FILES["feeds.opml"]) == []


@pytest.mark.parametrize("old, new, report", RSS)
def test_broken_rss_is_reported(old, new, report):
    assert report in "\n".join(check_rss(broken("city.rss", old, new), f"{URL}rss"))


@pytest.mark.parametrize("old, new, report", ATOM)
def test_broken_atom_is_reported(old, new, report):
    assert report in "\n".join(check_atom(broken("city.atom", old, new), f"{URL}atom"))


@pytest.mark.parametrize("old, new, report", JSON)
def test_broken_json_is_reported(old, new, report):
    assert report in "\n".join(check_json(broken("city.json", old, new), f"{URL}json"))


@pytest.mark.parametrize("old, new, report", OPML)
def test_broken_opml_is_reported(old, new, report):
    assert report in "\n".join(check_opml(broken("feeds.opml", old, new)))


def test_a_description_after_the_content_is_reported():
    rss = FILES["city.rss"].decode()
    start, end = rss.index("<item><title>"), rss.index("<guid")
    item = rss[start:end]
    cut = item.index("<description>"), item.index("<content:encoded>")
    swapped = item[: cut[0]] + item[cut[1] :] + item[cut[0] : cut[1]]
    assert "description after" in "\n".join(
        check_rss((rss[:start] + swapped + rss[end:]).encode(), f"{URL}rss")
    )


def test_an_item_without_content_is_reported():
    feed = json.loads(FILES["city.json"])
    del feed["items"][0]["content_html"], feed["items"][0]["content_text"]
    assert "item 1: no content" in check_json(json.dumps(feed).encode(), f"{URL}json")


def test_what_is_not_a_feed_at_all_is_reported():
    assert check_rss(FILES["city.atom"], f"{URL}rss") == ["is not RSS 2.0 with one channel"]
    assert check_atom(FILES["city.rss"], f"{URL}atom") == ["is not Atom 1.0"]
    assert check_json(b"\xff", f"{URL}json")
