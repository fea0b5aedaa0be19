"""Pictures: one real, absolute address for each, whatever the page did to load it late."""

from __future__ import annotations

import time

import pytest

from cleanfeed.markup import parse
from cleanfeed.media import image, is_tracker
from cleanparts import cleaned

BASE = "https://www.example.org/news/x"
HOST = "https://www.example.org"
BLANK = "data:image/gif;base64,R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw=="


def picture(html: str):
    node = next(parse(f"<html><body>{html}</body></html>", "page").find("body").iterchildren())
    return image(node, BASE)


SOURCES = {
    "a plain source": ("<img src='a.jpg'>", "/news/a.jpg"),
    "without a scheme": ("<img src='//cdn.example.org/a.jpg'>", "https://cdn.example.org/a.jpg"),
    "spaces and letters are encoded": ("<img src='/صورة 1.jpg'>", "/%D8%B5%D9%88%D8%B1%D8%A9%201.jpg"),
    "a lazy source": (f"<img src='{BLANK}' data-src='/a.jpg'>", "/a.jpg"),
    "a lazy source of another name": ("<img src='/img/blank.gif' data-original='/a.jpg'>", "/a.jpg"),
    "a lazy source of WordPress": (f"<img src='{BLANK}' data-lazy-src='/a.jpg'>", "/a.jpg"),
    "a lazy source without any other": ("<img data-src='/a.jpg'>", "/a.jpg"),
    "the lazy source before a small one": ("<img src='/tiny.jpg' data-src='/a.jpg'>", "/a.jpg"),
    "a lazy set": (f"<img src='{BLANK}' data-srcset='/s.jpg 300w, /l.jpg 900w'>", "/l.jpg"),
    "the largest of a set": ("<img src='/s.jpg' srcset='/s.jpg 300w, /l.jpg 1200w, /m.jpg 600w'>", "/l.jpg"),
    "the largest that a reader needs": ("<img srcset='/s.jpg 300w, /m.jpg 1600w, /l.jpg 4000w'>", "/m.jpg"),
    "the smallest of too large ones": ("<img srcset='/l.jpg 5000w, /m.jpg 3000w'>", "/m.jpg"),
    "by density": ("<img src='/1.jpg' srcset='/1.jpg 1x, /2.jpg 2x'>", "/2.jpg"),
    "without descriptors": ("<img srcset='/1.jpg, /2.jpg'>", "/1.jpg"),
    "commas in an address": ("<img srcset='/w=1,h=2/a.jpg 1x,/w=2,h=4/a.jpg 2x'>", "/w=2,h=4/a.jpg"),
    "bad candidates are never used": (
        "<img srcset='javascript:alert(1) 3x, data:image/svg+xml;base64,PHN2Zz4= 2x, https://cdn.example.org/ok.jpg 1x'>",
        "https://cdn.example.org/ok.jpg"),
    "a private candidate gives way": ("<img srcset='http://10.0.0.1/a.jpg 2x' src='/a.jpg'>", "/a.jpg"),
    "a picture element": ("<picture><source srcset='/a.webp 900w'><img src='/a.jpg'></picture>", "/a.jpg"),
    "a lazy picture element": (f"<picture><source data-srcset='/a.webp 900w, /b.webp 300w'><img src='{BLANK}'></picture>", "/a.webp"),
    "a picture element without a picture": ("<picture><source srcset='/a.webp'></picture>", "/a.webp"),
    "AMP's picture": ("<amp-img src='/a.jpg' width=600 height=400></amp-img>", "/a.jpg"),
    "AMP's picture with its fallback": ("<amp-img width=600><noscript><img src='/a.jpg'></noscript></amp-img>", "/a.jpg"),
    "Next.js's picture": ("<img src='/_next/image?url=https%3A%2F%2Fcdn.example.org%2Fa.jpg&amp;w=640&amp;q=75'>", "https://cdn.example.org/a.jpg"),
    "Next.js's own picture": ("<img src='/_next/image?url=%2Fimg%2Fa.jpg&w=640&q=75'>", "/img/a.jpg"),
    "Next.js's picture that fills its box": ("<img width=0 height=0 style='width:100%;height:auto' src='/a.jpg'>", "/a.jpg"),
    "trackers of the address go": ("<img src='/a.jpg?v=2&utm_source=x'>", "/a.jpg?v=2"),
}  # fmt: skip


@pytest.mark.parametrize("html, expected", SOURCES.values(), ids=SOURCES)
def test_the_real_address_of_a_picture(html, expected):
    assert picture(html).src == (expected if ":" in expected else HOST + expected)


@pytest.mark.parametrize("name", [
    "grey-seals.jpg", "empty-shelves.jpg", "pixel-phone.jpg", "loading-dock-2026.png", "transparent-government.webp",
    "lazy-sunday.jpg", "blank-verse.jpg", "placeholder-politics.jpg", "dummy-candidate-wins.jpg", "greyhound.jpg",
])  # fmt: skip
def test_a_picture_may_be_named_after_anything(name):
    assert picture(f"<img src='/{name}'>").src == f"{HOST}/{name}"


@pytest.mark.parametrize("html", [
    f"<img src='{BLANK}'>", "<img src='/img/blank.gif'>", "<img src='/lazy-load.png'>", "<img src='/placeholder-600x400.jpg'>",
    "<img src='/1x1.png?x=1'>", "<img src='/spacer.gif'>", "<img src='/static/placeholder.3f2a1b9c.svg'>", "<img>", "<img src=''>",
    "<img src='about:blank'>", "<img src='javascript:alert(1)'>", "<img src='blob:https://example.org/1'>", "<img src='file:///a.jpg'>",
    "<img src='/a.gif' width=1 height=1>", "<img src='/a.gif' width=2>", "<img src='/a.gif' height='0px'>",
    "<img src='/a.gif' style='width:1px;height:1px'>", "<img src='http://127.0.0.1/a.jpg'>", "<img src='http://intranet/a.jpg'>",
    "<img src='https://b.scorecardresearch.com/p?c1=2'>", "<img src='https://www.facebook.com/tr?id=1&ev=PageView'>",
    "<picture><source srcset='data:image/png;base64,AAAA'></picture>",
])  # fmt: skip
def test_what_is_no_picture(html):
    assert picture(html) is None


def test_sizes_are_kept_where_they_are_numbers():
    found = picture("<img src='/a.jpg' width='600px' height='100%' alt=' A \u202e ship '>")
    assert (found.width, found.height, found.alt) == (600, None, "A ship")


@pytest.mark.parametrize("address, verdict", [
    ("https://www.google-analytics.com/x.gif", True), ("https://stats.wp.com/g.gif", True), ("https://pixel.example.org/x", True),
    ("https://www.facebook.com/tr?id=1", True), ("https://www.facebook.com/photo.jpg", False),
    ("https://www.example.org/pixel.jpg", False), ("https://notdoubleclick.net/a.jpg", False),
])  # fmt: skip
def test_counters_are_known_by_their_hosts(address, verdict):
    assert is_tracker(address) is verdict


LAZY = {
    "a lazy picture with its fallback after it": f"<img class=lazy src='{BLANK}' data-src='/a.jpg?w=300'><noscript><img src='/a.jpg'></noscript>",
    "a lazy picture with its fallback before it": f"<noscript><img src='/a.jpg'></noscript><img src='{BLANK}' data-src='/a.jpg?w=300'>",
    "a picture that only its fallback knows": f"<img src='{BLANK}'><noscript><img src='/a.jpg'></noscript>",
    "a fallback alone": "<noscript><img src='/a.jpg'></noscript>",
    "Next.js's picture with its fallback": f"<span><img src='{BLANK}'><noscript><img src='/_next/image?url=%2Fa.jpg&w=1'></noscript></span>",
    "a picture element in a figure": f"<figure><picture><source srcset='/a.webp'><img src='{BLANK}' data-src='/a.jpg'></picture></figure>",
    "AMP's picture with a fallback": "<amp-img src='/a.jpg'><noscript><img src='/a-fallback.jpg'></noscript></amp-img>",
}  # fmt: skip


@pytest.mark.parametrize("before", ["", "<p><img src='/first.jpg'></p>"], ids=["first", "second"])
@pytest.mark.parametrize("html", LAZY.values(), ids=LAZY)
def test_each_lazy_picture_is_shown_exactly_once(html, before):
    assert cleaned(f"{before}<p>x</p>{html}").html.count("<img") == 1 + bool(before)


def test_a_drawing_without_an_address_leaves_its_words_but_no_text():
    chart = f"<img alt='Exports since 1958' src='data:image/png;base64,{'A' * 900}'>"
    body = cleaned(f"<p>a</p>{chart}")
    assert (body.html, body.text) == ("<p>a</p>\n<p>Exports since 1958</p>", "a")


def test_the_first_picture_is_the_one_of_the_body():
    assert cleaned("<p>x</p><ul><li><img src='/a.jpg'></li></ul><img src='/b.jpg'>").image == f"{HOST}/a.jpg"


@pytest.mark.parametrize("html", [
    f"<img srcset='{'a' * 20_000} b'>", f"<img srcset='{'a,' * 20_000}'>", f"<img srcset='{' ,' * 20_000}'>",
    f"<img src='/blank{'1' * 20_000}!'>", f"<img src='/blank{'-1x1' * 5_000}.'>", f"<img style='{'width:' * 20_000}' src='/a.jpg'>",
], ids=range(6))  # fmt: skip
def test_hostile_sets_and_names_cost_nothing(html):
    started = time.process_time()
    picture(html)
    assert time.process_time() - started < 0.5
