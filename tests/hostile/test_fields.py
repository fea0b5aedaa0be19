"""Pages whose labels, data and dates lie: the entry is there, and says nothing that the page cannot know."""

from __future__ import annotations

import codecs
import re

import pytest

from hostile.readers import ADDRESS, TITLE, WORDS, article, naive, ours
from hostile.rows import cases, controls

__all__ = ["ours"]
QUOTED = "“Señor” said: 30 €"
ARABIC = "افتتح المرفأ رصيفه الجديد صباح اليوم"
PUBLISHED = '<meta property="article:published_time" content="2026-09-02T08:01:00+01:00">'


def labelled(title, encoding, label):
    page = article(title=title).decode().replace("<head>", f'<head><meta charset="{label}">')
    return page.encode(encoding)


def data(block):
    return article(head=f'<script type="application/ld+json">{block}</script>')


def dated(*dates):
    metas = "".join(f'<meta property="article:published_time" content="{date}">' for date in dates)
    return article().replace(PUBLISHED.encode(), metas.encode())


def linked(address):
    canonical = re.compile(rb'<link rel="canonical"[^>]*>')
    return canonical.sub(f'<link rel="canonical" href="{address}">'.encode(), article())


UTF7 = "+ADw-script+AD4-alert(1)+ADw-/script+AD4-"
LABELS = {
    "H32": {
        "a label in the page": (labelled("A crane", "ascii", "utf-7").replace(b"Three", UTF7.encode() + b" Three"), None, "A crane"),
        "a label of the server": (article(UTF7, title="A crane"), "utf-7", "A crane"),
    },
    "H33": {
        "three labels, all different": (labelled(QUOTED, "cp1252", "gb2312"), "utf-8", QUOTED),
        "a mark against the server": (codecs.BOM_UTF8 + article(title=QUOTED), "windows-1256", QUOTED),
        "a mark of UTF-16 against the server": (codecs.BOM_UTF16_LE + article(title=QUOTED).decode().encode("utf-16-le"), "utf-8", QUOTED),
        "a label that nobody knows": (labelled(QUOTED, "utf-8", "klingon"), "x-klingon", QUOTED),
        "UTF-8 that is Arabic of Windows": (labelled(ARABIC, "cp1256", "utf-8"), "utf-8", ARABIC),
        "UTF-8 under a label of Latin-1": (labelled(ARABIC, "utf-8", "iso-8859-1"), None, ARABIC),
    },
}  # fmt: skip
"""A page, the server's label, and the title."""
BAD = "javascript:alert(1)"
DATA = {
    "H34": {
        "brackets without end": (data("[" * 200_000), {}),
        "a number of 100,000 digits": (data('{"headline": ' + "9" * 100_000 + "}"), {}),
        "NaN": (data('{"@type": "NewsArticle", "headline": NaN}'), {}),
        "a list": (data('[null, 3, {"@type": "NewsArticle", "headline": "x"}]'), {}),
        "a graph": (data('{"@graph": [{"@type": "WebSite"}, 7]}'), {}),
        "HTML inside": (data('{"@type": "NewsArticle", "headline": "The <b>crane</b>", "articleBody": "<script>x<\\/script>"}'), {}),
        "wrong types": (data('{"@type": "NewsArticle", "headline": ["h"], "image": 7, "datePublished": {}, "author": [[]]}'), {}),
        "a broken block": (data('{"headline": '), {}),
    },
    "H35": {
        "a script as the picture": (data(f'{{"@type": "NewsArticle", "image": "{BAD}"}}'), {"image": None}),
        "a script as the address": (data(f'{{"@type": "NewsArticle", "url": "{BAD}"}}'), {"url": ADDRESS}),
        "a picture at a private host": (data('{"@type": "NewsArticle", "image": "http://169.254.169.254/i.jpg"}'), {"image": None}),
        "a picture here": (data('{"@type": "NewsArticle", "image": {"@type": "ImageObject", "url": "http://127.0.0.1/i.jpg"}}'), {"image": None}),
    },
    "H36": {
        "to another domain": (linked("https://evil.example/x"), {"url": ADDRESS}),
        "to a script": (linked(BAD), {"url": ADDRESS}),
        "to this machine": (linked("http://127.0.0.1/x"), {"url": ADDRESS}),
    },
    "H37": {
        "none of the calendar": (dated("9999-99-99"), {"published": None}),
        "of the year 1": (dated("0001-01-01T00:00:00Z"), {"published": None}),
        "ten years ahead": (dated("2036-10-14T08:00:00Z"), {"published": None}),
        "a thirtieth of February": (dated("2024-02-30"), {"published": None}),
        "forty of them": (dated(*["soon", "0000-00-00", "9999-99-99", "2024-13-01"] * 10), {"published": None}),
        "none": (dated(), {"published": None}),
    },
}  # fmt: skip
"""A page, and what its entry must say."""


def wrongs(read, raw, charset=None, title=TITLE, said=None):
    found = read(raw, charset)
    if isinstance(found, str):
        return [found]
    wrong = [] if found.title == title else [f"title: {found.title!r}"]
    wrong += [] if title != TITLE or WORDS in found.text else ["the body is lost"]
    wrong += [
        f"{name}: {getattr(found, name)}"
        for name, value in (said or {}).items()
        if getattr(found, name) != value
    ]
    return wrong + [each for each in ("<script", "javascript:", "\ufffd") if each in found.content]  # fmt: skip


@pytest.mark.parametrize("row, given", cases(LABELS))
def test_a_page_is_read_in_its_own_encoding_whatever_its_labels_say(ours, row, given):
    assert wrongs(ours, *given) == []


@pytest.mark.parametrize("variants", controls(LABELS))
def test_a_reader_that_believes_labels_reads_nonsense_or_scripts(variants):
    assert any(wrongs(naive, *given) for given in variants)


@pytest.mark.parametrize("row, given", cases(DATA))
def test_what_data_cannot_mean_costs_its_field_and_no_more(ours, row, given):
    raw, said = given
    assert wrongs(ours, raw, said=said) == []
    if "published" in said:
        assert ours(raw).first_seen is not None


@pytest.mark.parametrize("variants", controls(DATA))
def test_a_reader_that_believes_data_fails_or_passes_them_on(variants):
    assert any(wrongs(naive, raw, said=said) for raw, said in variants)
