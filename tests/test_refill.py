"""A feed keeps all that is not replaced in it, whatever its format and encoding; what is no whole feed is refused."""

from __future__ import annotations

import codecs
import gzip
import json
import re
from contextlib import suppress

import feedparser
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from cleanfeed.errors import ListingError
from cleanfeed.refill.refill import MOST, refill
from cleanfeed.refill.text import SIZE_LIMIT
from refillparts import AWAY, BROKEN, CLEAN, FEEDS, JSON, ONE, RSS, TWO, Library, article, contents

XML_FEEDS = [name for name in FEEDS if name != "json"]


def without_contents(text: str) -> str:
    """What stands in a feed besides contents."""
    text = re.sub(r"<(content:encoded|(?:a:)?content)\b[^>]*?(?:/>|>.*?</\1>)", "", text, flags=re.DOTALL)
    return re.sub(r"(<\?xml [^>]*)encoding=\"[^\"]*\"", r"\1", text)


def rss(*items: str) -> bytes:
    return f'<rss version="2.0"><channel><title>H</title>{"".join(items)}</channel></rss>'.encode()


def item(*addresses: str, more: str = "") -> str:
    return f"<item>{''.join(f'<link>{each}</link>' for each in addresses)}{more}</item>"


# --- what is replaced, and what is not


@pytest.mark.parametrize("name", FEEDS)
def test_each_content_is_replaced_by_the_clean_article(name):
    done = refill(FEEDS[name].encode(), Library())
    assert contents(done.data) == [CLEAN, CLEAN]
    assert (done.count, done.failed, done.unclaimed) == (2, (), ())


@pytest.mark.parametrize("name", XML_FEEDS)
def test_what_is_not_replaced_keeps_its_spelling_to_the_byte(name):
    text = FEEDS[name].replace("&hellip;", "…")
    done = refill(text.encode(), Library()).data.decode()
    assert without_contents(done) == without_contents(text)


def test_json_keeps_its_keys_their_order_and_the_spelling_of_its_numbers():
    done = refill(JSON.encode(), Library()).data.decode()
    before, after = json.loads(JSON), json.loads(done)
    assert list(after) == list(before)
    assert list(after["items"][0]) == ["id", "url", "content_html", "_x", "title"]
    assert list(after["items"][1]) == ["id", "external_url", "content_html", "date_published"]
    assert '{"big": 12345678901234567890, "f": 1.10}' in done
    assert '"_x":1.0e2' in done


@pytest.mark.parametrize("name", FEEDS)
def test_a_feed_of_which_nothing_is_known_passes_as_it_came(name):
    done = refill(FEEDS[name].replace("&hellip;", "…").encode(), Library({}))
    assert done.data.decode() == FEEDS[name].replace("&hellip;", "…")
    assert [each.page for each in done.failed] == [ONE, TWO]


@pytest.mark.parametrize("name", FEEDS)
def test_a_second_pass_changes_nothing_more(name):
    once = refill(FEEDS[name].encode(), Library()).data
    assert refill(once, Library()).data == once


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # feedparser's own
@pytest.mark.parametrize("name", XML_FEEDS)
def test_readers_find_the_article_and_the_fields_that_were_there(name):
    before = feedparser.parse(FEEDS[name].encode())
    after = feedparser.parse(refill(FEEDS[name].encode(), Library()).data)
    assert not after.bozo
    for old, new in zip(before.entries, after.entries, strict=True):
        kept = [key for key in old if key not in {"content", "summary", "summary_detail"}]
        assert {key: old[key] for key in kept} == {key: new.get(key) for key in kept}
        assert "Whole &amp; clean" in new.content[-1].value


def test_the_description_stays_beside_the_article():
    done = refill(RSS.encode(), Library()).data.decode()
    assert "<description>A teaser …</description><content:encoded" in done


@pytest.mark.parametrize("declared", ["", ' xmlns:content="http://purl.org/rss/1.0/modules/content"'])
def test_a_content_that_is_declared_wrongly_or_not_at_all_is_replaced_all_the_same(declared):
    done = refill(rss(item(ONE, more=f"<content:encoded{declared}>old</content:encoded>")), Library())
    assert contents(done.data) == [CLEAN]
    assert done.data.count(b"<content:encoded") == 1


def test_words_of_a_server_before_the_document_are_left_out():
    done = refill(b"Warning: x in y.php on line 3\n" + RSS.encode(), Library())
    assert done.data.startswith(b"<?xml ")
    assert contents(done.data) == [CLEAN, CLEAN]


def test_of_several_contents_one_is_left():
    twice = (
        '<content:encoded xmlns:content="http://purl.org/rss/1.0/modules/content/">x</content:encoded>' * 2
    )
    done = refill(rss(item(ONE, more=twice)), Library())
    assert contents(done.data) == [CLEAN]


@pytest.mark.parametrize(("most", "full"), [(0, 0), (1, 1), (2, 2), (7, 2)])
@pytest.mark.parametrize("name", FEEDS)
def test_only_the_first_entries_are_looked_up_and_filled(name, most, full):
    library = Library()
    done = refill(FEEDS[name].encode(), library, most=most)
    assert [each == CLEAN for each in contents(done.data)] == [True] * full + [False] * (2 - full)
    assert library.asked == [ONE, TWO][:most]


def test_a_long_feed_is_filled_in_order():
    urls = [f"https://harbour.example/{number}" for number in range(400)]
    known = {url: article(url, f"<p>{url}</p>") for url in urls}
    done = refill(rss(*map(item, urls)), Library(known))
    assert contents(done.data) == [f"<p>{url}</p>" for url in urls]


def test_no_feed_can_ask_for_more_entries_than_that():
    library = Library({})
    done = refill(rss(*(item(f"https://harbour.example/{number}") for number in range(MOST + 50))), library)
    assert done.rest == 50
    assert len(library.asked) == MOST


def test_names_of_vocabularies_cost_no_more_than_their_bytes():
    spaces = " ".join(f'xmlns:p{number}="urn:{number}"' for number in range(3000))
    entries = '<item xmlns:q="urn:q"/>' * 30_000
    done = refill(f"<rss {spaces}><channel>{entries}{item(ONE)}</channel></rss>".encode(), Library(), most=0)
    assert done.rest == 30_001


def test_no_entry_can_have_many_addresses_asked_for():
    library = Library({})
    refill(rss(item(*(f"https://elsewhere.example/{number}" for number in range(5000)))), library)
    assert len(library.asked) < 10


def test_one_entry_that_fails_passes_as_it_is_between_others():
    done = refill(rss(item(ONE), item(BROKEN, more="<description>old</description>"), item(TWO)), Library())
    assert contents(done.data) == [CLEAN, "", CLEAN]
    assert item(BROKEN, more="<description>old</description>").encode() in done.data
    assert [str(each) for each in done.failed] == [f"{BROKEN}: cannot be had"]


# --- where an entry's article is


@pytest.mark.parametrize(("entry", "expected"), [
    (f"<item><link>\n {ONE}\n</link></item>", [ONE]),
    (f"<item><link>{ONE.replace('/2026', '/2026?a=1&amp;b=2')}</link></item>", [ONE.replace("/2026", "/2026?a=1&b=2")]),
    (f"<item><link><![CDATA[{ONE}]]></link></item>", [ONE]),
    (f"<item><guid>{ONE}</guid></item>", [ONE]),
    (f'<item><guid isPermaLink="true">{ONE}</guid></item>', [ONE]),
    (f'<item><guid isPermaLink="false">{ONE}</guid></item>', []),
    ("<item><guid>4711</guid></item>", []),
    ("<item><link>/2026/09/story-1/</link></item>", [ONE]),
    (f'<item><a:link xmlns:a="http://www.w3.org/2005/Atom" href="{ONE}"/></item>', [ONE]),
    (f'<item><link>https://feeds.example/~r/1</link><f:origLink xmlns:f="http://rssnamespace.org/feedburner/ext/1.0">{ONE}</f:origLink></item>', [ONE]),
    (f"<item><link>{AWAY}</link><guid>{ONE}</guid></item>", [AWAY, ONE]),
    ("<item/>", []),
    ("<item><title>none</title></item>", []),
    ("<item><link>http://[</link></item>", ["http://["]),
])  # fmt: skip
def test_the_address_of_an_rss_entry(entry, expected):
    library = Library()
    refill(rss("<link>https://harbour.example/</link>", entry), library)
    assert library.asked == expected


def test_an_entry_without_an_address_is_named_by_its_title_or_number():
    done = refill(rss("<item><title>A  title</title></item>", "<item/>"), Library(), name="standard input")
    said = [str(each) for each in done.unclaimed]
    assert said == [
        "A title: names no address of an article",
        "entry 2 of standard input: names no address of an article",
    ]


def test_entries_that_no_outlet_claims_are_no_failures():
    done = refill(rss(item(AWAY), item(ONE)), Library())
    assert [each.page for each in done.unclaimed] == [AWAY]
    assert done.failed == ()


# --- encodings

LABELS = {
    "utf-8": "utf-8", "windows-1256": "cp1256", "iso-8859-6": "iso8859-6", "utf-16": "utf-16", "utf-8-sig": "utf-8-sig",
    "utf-16le": "utf-16-le", "UTF-16BE": "utf-16-be",
}  # fmt: skip


@pytest.mark.parametrize("label", LABELS)
def test_arabic_survives_every_encoding_and_is_declared_as_what_it_is(label):
    text = RSS.replace("Second", "رصيف الميناء").replace('"UTF-8"', f'"{label.removesuffix("-sig")}"')
    data = refill(text.replace("&hellip;", "").encode(LABELS[label]), Library()).data
    root = etree.fromstring(data)
    assert data.startswith(b'<?xml version="1.0" encoding="UTF-8"?>')
    assert root.xpath("//item/title/text()") == ["First & foremost", "رصيف الميناء"]
    assert contents(data) == [CLEAN, CLEAN]


@pytest.mark.parametrize(("label", "word"), [
    ("iso-8859-1", "café"), ("windows-1252", "“café” – €"), ("koi8-r", "причал"), ("shift_jis", "港の船"),
    ("iso-2022-jp", "港の船"), ("big5", "港口"), ("gb18030", "港口"), ("euc-kr", "항구"), ("windows-1251", "причал"),
])  # fmt: skip
def test_letters_of_all_encodings_come_out_as_utf_8(label, word):
    text = f"<?xml version='1.0' encoding='{label}'?><rss><channel><title>{word}</title>{item(ONE)}</channel></rss>"
    root = etree.fromstring(refill(text.encode(label), Library()).data)
    assert root.findtext("channel/title") == word


@pytest.mark.parametrize("mark", [codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, b""])
def test_json_is_read_with_and_without_a_byte_order_mark(mark):
    encoding = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}.get(mark, "utf-8")
    assert contents(refill(mark + JSON.encode(encoding), Library()).data) == [CLEAN, CLEAN]


def test_a_feed_that_says_latin_and_is_utf_8_is_taken_for_what_it_is():
    text = '<?xml version="1.0" encoding="iso-8859-1"?><rss><channel><title>café</title></channel></rss>'
    assert "café" in refill(text.encode(), Library()).data.decode()


# --- what is mended, and what is refused


@pytest.mark.parametrize(("broken", "mended"), [
    ("a &nbsp;b", "a \N{NO-BREAK SPACE}b"), ("x & y", "x & y"), ("AT&T", "AT&T"), ("&bogus;", "&bogus;"), ("a\x0bb", "ab"),
    ("<![CDATA[x & &nbsp; y]]> &", "x & &nbsp; y &"),
])  # fmt: skip
def test_slight_faults_are_mended(broken, mended):
    data = refill(rss(f"<item><title>{broken}</title><link>{ONE}</link></item>"), Library()).data
    assert etree.fromstring(data).findtext("channel/item/title") == mended
    assert contents(data) == [CLEAN]


def test_prefixes_that_nobody_declared_do_no_harm():
    done = refill(rss(item(ONE, more="<media:thumbnail url='x'/>")), Library())
    assert b"<media:thumbnail url='x'/>" in done.data
    assert done.count == 1


BOMB = '<!DOCTYPE rss [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'


@pytest.mark.parametrize(("data", "reason"), [
    (b"", "is empty"),
    (b" \n\t ", "is empty"),
    (b"Not found", "is no feed"),
    (b"<html><body><p>Log in<br></body></html>", "is no feed"),
    (b"<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'/>", "is no feed"),
    (b"<opml version='2.0'><body><rss/></body></opml>", "is no feed: its root is <opml>"),
    (b"<feed xmlns='urn:other'/>", "is no feed: its root is <feed>"),
    (b"<RDF xmlns='urn:other'/>", "is no feed: its root is <RDF>"),
    (b'{"items": []}', "no JSON Feed"),
    (b'{"version": "https://jsonfeed.org/version/1.1"}', "no JSON Feed"),
    (b'{"version": "https://jsonfeed.org/version/1.1", "items": {}}', "no JSON Feed"),
    (b'{"version": "https://jsonfeed.org/version/1.1", "items": [', "is cut short or broken"),
    (b'{"version": 1, "a": [' + b"[" * 100_000 + b"]" * 100_000 + b"]}", "is cut short or broken"),
    (b"[1, 2]", "is no feed"),
    (BOMB.encode() + b"<rss><channel><title>&b;</title></channel></rss>", "declares a document type of its own"),
    (b'<!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/passwd">]><rss><channel>&x;</channel></rss>', "declares a document type"),
    (b"<rss><channel><item></channel></rss>", "is no XML that can be read: mismatched tag"),
    (b"<rss>" + b"<a>" * 10_000 + b"</a>" * 10_000 + b"</rss>", "deeper than"),
    (b"<rss>" + b"<a/>" * 200_001 + b"</rss>", "more than"),
    (b"<rss><channel><title>" + b"&" * 300_000 + b"</title></channel></rss>", "is no XML that can be read"),
    (b'<?xml version="1.0" encoding="utf-7"?><rss/>', "declares an encoding that is not known"),
    (b'<?xml version="1.0" encoding="x-none"?><rss/>', "declares an encoding that is not known"),
    (b"<rss><channel><title>\xd8", "not utf-8 from byte 21 on"),
    (b"<?xml version='1.0' encoding='shift_jis'?><rss><channel><title>\x83", "not shift_jis from byte 63 on"),
    (gzip.compress(rss(), mtime=0)[:-9], "is cut short: it ends in the middle of a gzip file"),
    (b"\x1f\x8b" + b"x" * 50, "no gzip file that can be unpacked"),
    (gzip.compress(b"x" * (SIZE_LIMIT + 1), mtime=0), "is larger than"),
    (codecs.BOM_UTF16_LE + b"<\0r\0", "is no feed"),
    (codecs.BOM_UTF16_LE + b"<\0r\0s", "is cut short or broken"),
    (b"x" * (SIZE_LIMIT + 1), "is larger than"),
], ids=lambda value: repr(value[:40]))  # fmt: skip
def test_what_is_no_whole_feed_is_refused_with_its_reason(data, reason):
    with pytest.raises(ListingError, match=re.escape(reason)) as caught:
        refill(data, Library(), name="standard input")
    assert str(caught.value).startswith("standard input: ")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(("label", "title", "data", "meant"), [
    ("utf-8", "one wrong byte", "رصيف\udcff الميناء".encode("utf-8", "surrogateescape"), "رصيف الميناء"),
    ("utf-8", "another encoding", "رصيف الميناء في المدينة".encode("windows-1256"), "رصيف الميناء في المدينة"),
    ("us-ascii", "typographer's quotes", b"the \x93quay\x94", "the “quay”"),
])  # fmt: skip
def test_a_feed_that_is_not_in_the_encoding_that_it_declares_is_read_as_it_looks(label, title, data, meant):
    whole = b"<?xml version='1.0' encoding='%s'?>" % label.encode() + rss(item(ONE, more="<title>T</title>"))
    done = refill(whole.replace(b"T</title>", data + b"</title>"), Library(), name="standard input")
    assert f"<title>{meant}</title>" in done.data.decode()
    assert done.count == 1
    said = "" if label == "us-ascii" else f"standard input: is not the {label} that it says it is"
    assert done.doubt.startswith(said), title
    assert bool(done.doubt) is bool(said)


def test_a_feed_may_be_packed():
    data = rss(item(ONE))
    assert refill(gzip.compress(data), Library()).data == refill(data, Library()).data


def test_a_document_type_without_entities_passes():
    text = '<!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN" "http://my.netscape.com/publish/formats/rss-0.91.dtd">\n'
    done = refill(text.encode() + rss(item(ONE)), Library())
    assert done.data.startswith(text.encode())
    assert done.count == 1


@pytest.mark.parametrize("name", FEEDS)
def test_every_beginning_of_a_feed_that_is_not_all_of_it_is_refused(name):
    data = FEEDS[name].split("<!-- the end -->")[0].rstrip().encode()
    for end in range(0, len(data), 7):
        with pytest.raises(ListingError):
            refill(data[:end], Library())


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    name=st.sampled_from(sorted(FEEDS)),
    at=st.integers(0, 3000),
    by=st.binary(max_size=12),
    length=st.integers(0, 40),
)
def test_whatever_is_done_to_a_feed_it_is_refused_or_comes_out_sound(name, at, by, length):
    data = FEEDS[name].encode()
    spoilt = data[:at] + by + data[at + length :]
    with suppress(ListingError):
        done = refill(spoilt, Library())
        assert done.count == contents_of_ours(done.data)


def contents_of_ours(data: bytes) -> int:
    """How many contents are the clean article, in a document that must be sound."""
    if data.lstrip().startswith(b"{"):
        return sum(
            isinstance(each, dict) and each.get("content_html") == CLEAN for each in json.loads(data)["items"]
        )
    lenient = etree.XMLParser(recover=True, resolve_entities=False)
    root = etree.fromstring(data, lenient)
    fatal = [
        each for each in lenient.error_log if each.level_name == "FATAL" and "Namespace" not in each.message
    ]
    assert fatal == []
    return sum(node.text == CLEAN for node in root.iter("{*}encoded", "{*}content", "content"))
