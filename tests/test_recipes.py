"""The WordPress recipe alone is a working outlet: Yoast's data, classic and block themes; listings are refused."""

from __future__ import annotations

import json
from datetime import datetime
from typing import TYPE_CHECKING, Any

import pytest

from cleanfeed import Outlet, builtin, recipes
from cleanfeed.errors import NotAnArticle
from cleanfeed.outlet import Directory, choose_address
from outletparts import made

if TYPE_CHECKING:
    from cleanfeed.model import Entry

HARBOUR = Outlet(
    slug="harbour", name="The Harbour", language="en", timezone="Africa/Lagos", hosts=("harbour.example",), article=recipes.WORDPRESS
)  # fmt: skip
URL = "https://harbour.example/2026/10/berth-opens/"
TITLE = "Berth opens & pianos arrive"
P = [
    "The harbour opened its new berth on Monday, three years after the first dredger came.",
    "Eleven ships waited outside the breakwater, among them one that had brought nothing but pianos.",
    "We did not expect pianos, the harbour master said, but we have found a crane for them.",
]
BODY = "".join(f"<p>{each}</p>" for each in P)
WHEN = datetime.fromisoformat("2026-10-05T08:20:00+00:00")


def read(body: str, url: str | None = URL) -> Entry:
    page = made(body, url=url)
    choose_address(page, HARBOUR, Directory([HARBOUR]))
    return builtin.cleanfeed_extract(HARBOUR, page)


def yoast(**article: Any) -> str:
    graph = [
        {
            "@type": "Article", "@id": URL + "#article", "headline": TITLE.replace("&", "&amp;"), "author": {"@id": "https://harbour.example/#/person/1"},
            "datePublished": "2026-10-05T08:20:00+00:00", "dateModified": "2026-10-05T09:00:00+00:00", "image": {"@id": URL + "#primaryimage"},
            "articleSection": ["Economy"], "keywords": ["pianos", "Ships", "ships"], **article,
        },
        {"@type": "WebPage", "@id": URL, "url": URL, "primaryImageOfPage": {"@id": URL + "#primaryimage"}},
        {"@type": "ImageObject", "@id": URL + "#primaryimage", "url": "https://harbour.example/wp-content/uploads/berth.jpg"},
        {"@type": "Person", "@id": "https://harbour.example/#/person/1", "name": "Ada Obi"},
    ]  # fmt: skip
    return f'<script type="application/ld+json" class="yoast-schema-graph">{json.dumps({"@context": "https://schema.org", "@graph": graph})}</script>'


SIGN_UP = '<form action="/sign-up"><label>Your address</label><input name="mail"></form>'
CLASSIC = f"""<article id="post-7" class="post type-post hentry"><header class="entry-header"><h1 class="entry-title">{TITLE}</h1><div class="entry-meta">
<span class="posted-on"><time class="entry-date published" datetime="2026-10-05T08:20:00+00:00">October 5, 2026</time><time class="updated" datetime="2026-10-05T09:00:00+00:00">October 5</time></span>
<span class="byline">by <span class="author vcard"><a class="url fn n" rel="author" href="/author/ada/">Ada Obi</a></span></span></div></header>
<div class="post-thumbnail"><img class="wp-post-image" src="/wp-content/uploads/berth.jpg"><figcaption>The berth</figcaption></div>
<div class="entry-content">{BODY}<div class="sharedaddy"><h3>Share this:</h3><ul><li><a href="#">Facebook</a></li></ul></div><div id="jp-relatedposts" class="jp-relatedposts"><h3>Related</h3></div></div>
<footer class="entry-footer"><span class="cat-links">Posted in <a href="/category/economy/" rel="category tag">Economy</a></span> <span class="tags-links">Tagged <a href="/tag/pianos/" rel="tag">pianos</a>, <a href="/tag/ships/" rel="tag">Ships</a></span></footer></article>
<nav class="post-navigation"><a href="/x/" rel="prev">Ferry sails</a></nav><div id="comments"><h2>Leave a Reply</h2></div>"""
BLOCKS = f"""<main><h1 class="wp-block-post-title">{TITLE}</h1><div class="wp-block-post-date"><time datetime="2026-10-05T08:20:00+00:00">October 5, 2026</time></div>
<div class="wp-block-post-author-name"><a rel="author" href="/author/ada/">Ada Obi</a></div><div class="taxonomy-category wp-block-post-terms"><a href="/category/economy/" rel="category tag">Economy</a></div>
<figure class="wp-block-post-featured-image"><img class="wp-post-image" src="/wp-content/uploads/berth.jpg"><figcaption>The berth</figcaption></figure>
<div class="entry-content wp-block-post-content">{BODY}</div><div class="taxonomy-post_tag wp-block-post-terms"><a href="/tag/pianos/" rel="tag">pianos</a>, <a href="/tag/ships/" rel="tag">Ships</a></div></main>"""
DATA_ONLY = f"<div class='x1'><h1>{TITLE}</h1><div class='x2'>{BODY}</div></div>"
SHAPES = {
    "classic theme": CLASSIC, "block theme": BLOCKS, "classic theme and data": yoast() + CLASSIC, "data alone": yoast() + DATA_ONLY,
    "data with a name": yoast(author={"name": "Ada Obi", "@id": "#"}, image={"url": "/wp-content/uploads/berth.jpg"}) + DATA_ONLY,
}  # fmt: skip


@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)
def test_each_shape_of_wordpress_gives_the_whole_entry(shape: str) -> None:
    entry = read(
        f"<!doctype html><html lang='en'><head><title>{TITLE} - The Harbour</title></head><body class='single single-post'>{shape}</body></html>"
    )
    assert (entry.title, entry.url, entry.section) == (TITLE, URL, "Economy")
    assert (entry.authors, entry.tags, entry.published) == (("Ada Obi",), ("pianos", "Ships"), WHEN)
    assert entry.text.split("\n") == P
    assert entry.image == "https://harbour.example/wp-content/uploads/berth.jpg"
    assert (entry.summary, entry.source, entry.kind) == (None, None, "article")


def test_metadata_gives_what_the_theme_hides() -> None:
    head = f"""<meta property="og:title" content="{TITLE}"><meta property="og:description" content="Pianos come first."><meta property="article:section" content="Economy">
    <meta property="article:tag" content="pianos"><meta property="article:tag" content="Ships"><meta property="article:published_time" content="2026-10-05T08:20:00+00:00"><meta name="author" content="Ada Obi">
    <link rel="canonical" href="http://harbour.example/2026/10/berth-opens/?utm_source=x">"""
    entry = read(
        f"<html><head>{head}</head><body><div><h2>{TITLE}</h2><div>{BODY}</div></div></body></html>",
        URL + "?fbclid=1",
    )
    assert (entry.title, entry.summary, entry.section, entry.tags) == (
        TITLE,
        "Pianos come first.",
        "Economy",
        ("pianos", "Ships"),
    )
    assert (entry.authors, entry.published, entry.url, entry.text.split("\n")) == (("Ada Obi",), WHEN, URL, P)


CARD = "<article class='post hentry'><h2 class='entry-title'><a href='/{0}/'>Another story of the day, number {0}</a></h2><div class='entry-summary'><p>A summary of what was done on the day by those who were there.</p></div></article>"
CARDS = "".join(map(CARD.format, range(10)))
LISTINGS = {
    "archive": ("https://harbour.example/2026/10/", f"<body class='archive date'><h1 class='page-title'>October 2026</h1>{CARDS}"),
    "category": ("https://harbour.example/category/economy/", f"<body><h1>Economy</h1>{CARDS}"),
    "category without names": ("https://harbour.example/economy/", f"<body><h1>Economy</h1>{CARDS}"),
    "author": ("https://harbour.example/author/ada/", f"<body class='author'><h1>Ada Obi</h1><p>{P[0]}</p>{CARDS}"),
    "author without names": ("https://harbour.example/ada/", f"<body><h1>Ada Obi</h1><p>{P[0]}</p>{CARDS}"),
    "tag": ("https://harbour.example/tag/pianos/", f"<body class='archive tag'><h1>pianos</h1>{CARDS}"),
    "front page": ("https://harbour.example/", f"<body class='home blog'><h1>The Harbour</h1>{CARDS}"),
    "search": ("https://harbour.example/?s=pianos", f"<body class='search search-results'><h1>Search Results for: pianos</h1>{CARDS}"),
    "missing": ("https://harbour.example/x/", f"<body class='error404'><h1>Oops! That page can’t be found.</h1><p>{P[0]}</p>"),
    "missing without names": ("https://harbour.example/x/", "<body><h1>The Harbour</h1><p>It looks like nothing was found at this location. Maybe try one of the links below or a search? It is free of charge.</p>"),
}  # fmt: skip


@pytest.mark.parametrize("url, body", LISTINGS.values(), ids=LISTINGS)
def test_page_that_lists_or_is_missing_is_refused(url: str, body: str) -> None:
    with pytest.raises(NotAnArticle):
        read(f"<html><head><title>The Harbour</title></head>{body}</body></html>", url)


def test_a_box_for_signing_up_is_gone_and_a_body_that_holds_a_form_is_not() -> None:
    plain = read(f'<h1>{TITLE}</h1><div class="entry-content">{BODY}</div>')
    box = f"<div><h3>Our letter</h3><p>Each Monday by mail.</p>{SIGN_UP}</div>"
    for body in (
        f"{BODY}{box}",
        f"<div>{BODY}{SIGN_UP}</div>",
        f"<div>{P[0]}<p>{P[1]}</p>{SIGN_UP}<p>{P[2]}</p></div>",
    ):
        found = read(f'<h1>{TITLE}</h1><div class="entry-content">{body}</div>')
        assert found.text == plain.text
