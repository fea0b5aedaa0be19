"""Titles and bodies that would break a feed, or deceive its reader: well-formed in each format, and plain."""

from __future__ import annotations

import json

import pytest
from lxml import etree

from cleanfeed.feeds import render
from feedcheck import ATOM, CONTENT
from feedparts import SITE, entry, feed
from hostile.rows import cases, controls

BODY = "<p>The council sat for nine hours.</p>"
LONG = "word " * 10_000
TITLES = {
    "H16": {
        "an element": ("<b>x</b> wins", "‹b›x‹/b› wins"),
        "an escaped script": ("&lt;script&gt; wins", "&lt;script&gt; wins"),
        "a script": ("<script>alert(1)</script>", "‹script›alert(1)‹/script›"),
        "the end of CDATA": ("a ]]> b", "a ]]> b"),
    },
    "H17": {
        "NUL": ("a\0b", "ab"),
        "a vertical tab": ("a\x0bb", "ab"),
        "a noncharacter": ("a\ufffeb", "ab"),
        "a lone surrogate": ("a\ud800b", "ab"),
    },
    "H18": {
        "turned round": ("a\u202etxt.exe", "atxt.exe"),
        "unseen characters": ("a\u200bb\u2060c", "abc"),
        "fifty thousand characters": (LONG, "word " * 58 + "word word…"),
        "nothing": ("", "The council sat for nine hours."),
    },
}  # fmt: skip
"""The title of a page, and how it stands in a feed."""
CONTENTS = {
    "H19": {
        "the end of CDATA": ("<p>if (a[b[0]]&gt;1) ]]&gt; end</p>",) * 2,
        "CDATA inside": ("<p>&lt;![CDATA[ x ]]&gt; &lt;![CDATA[</p>",) * 2,
    }
}
"""The content of an entry, and how it stands in a feed."""


def ours(title, content):
    """The three formats."""
    text = "The council sat for nine hours."
    files = render(feed(entry(title=title, content=content, text=text)), SITE)
    return files["city.rss"], files["city.atom"], files["city.json"]


def naive(title, content):
    """As feeds are that are put together from strings, "safely" in CDATA."""
    item = f"<item><title><![CDATA[{title}]]></title><c:encoded><![CDATA[{content}]]></c:encoded></item>"
    rss = f'<rss xmlns:c="http://purl.org/rss/1.0/modules/content/"><channel>{item}</channel></rss>'
    entry = f'<entry><title>{title}</title><content type="html">{content}</content></entry>'
    atom = f'<feed xmlns="http://www.w3.org/2005/Atom">{entry}</feed>'
    said = json.dumps({"items": [{"title": title, "content_html": content}]})
    return tuple(each.encode("utf-8", "surrogatepass") for each in (rss, atom, said))


def read(files):
    """Titles and contents as the three formats have them."""
    rss, atom = (etree.fromstring(each) for each in files[:2])
    said = json.loads(files[2])["items"][0]
    item, one = rss[0].find("item"), atom.find(f"{ATOM}entry")
    titles = [item.findtext("title"), one.findtext(f"{ATOM}title")]
    contents = [item.findtext(CONTENT), one.findtext(f"{ATOM}content"), said["content_html"]]
    return titles, contents


def wrongs(write, title, content, expected_title=None, expected_content=None):
    try:
        titles, contents = read(write(title, content))
    except (ValueError, etree.XMLSyntaxError) as error:
        return [f"not well-formed: {error}"]
    wrong = [each for each in titles if expected_title not in (None, each)]
    return wrong + [each for each in contents if expected_content not in (None, each)]


@pytest.mark.parametrize("row, given", cases(TITLES))
def test_a_title_is_plain_text_in_a_feed_that_is_well_formed(row, given):
    assert wrongs(ours, given[0], BODY, expected_title=given[1]) == []


@pytest.mark.parametrize("row, given", cases(CONTENTS))
def test_a_body_comes_through_as_it_was(row, given):
    assert wrongs(ours, "A title", given[0], expected_content=given[1]) == []


@pytest.mark.parametrize("variants", controls(TITLES))
def test_a_feed_of_strings_breaks_or_deceives_by_its_titles(variants):
    assert all(wrongs(naive, title, BODY, expected_title=expected) for title, expected in variants)


@pytest.mark.parametrize("variants", controls(CONTENTS))
def test_a_feed_of_strings_breaks_by_its_contents(variants):
    assert all(wrongs(naive, "A title", given, expected_content=expected) for given, expected in variants)
