"""Arise News: its standard pages and its AMP pages, in all designs of the AMPforWP plugin."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from typing import NamedTuple

from cleanfeed import Outlet, Page, Recipe, hookimpl, recipes
from cleanfeed.finders import (
    Line,
    as_html,
    byline,
    css,
    each_of,
    first_of,
    headline_text,
    json_ld,
    json_ld_names,
    main_article,
    meta,
    meta_all,
    richest,
    sheet,
    story,
    text,
    texts,
    until,
)

STOP = (
    r"Follow us on:?", r"AriseNews", r"Recent Posts?", r"Related Posts?", r"Related (News|Stories|Articles)", r"Leave a (Reply|Comment)",
    r"You may also like:?",
)  # fmt: skip
SENTINELS = (
    r"\d+ (second|minute|hour|day|week|month)s? ago", r"\[bc_video[^\]]*\]", r"(Read|See|Watch) (also|more)\s*:.*", r"Share( this)?:?",
    r"Advertisement",
)  # fmt: skip
BRAND = r"\s*[-–|]\s*Arise ?News.*$"
LISTS = re.compile(
    r"^https?://[^/]+/(?:$|\?s=|(?:category|author|tag|programmes?|live|page|search|latest-videos|about|contact)(?:/|$))"
)

ARTICLE = replace(
    recipes.WORDPRESS,
    title=first_of(
        text("h1.amp-post-title"), text("h1.amp-wp-title"), text("h1.article-title"), headline_text, text("article h1"),
        meta("og:title", strip=BRAND), text("title", strip=BRAND),
    ),
    content=first_of(
        richest("div.artl-cnt"), richest("div.amp-wp-article-content"), richest("div.the_content"), richest("div.article-content"),
        richest("div.panel"), story(stop=STOP), main_article,
    ),
    published=each_of(
        meta("article:published_time"), json_ld("datePublished"), texts(".date-container .date"),
        texts("time.amp-wp-posted-on, .amp-wp-posted-on time, .amp-wp-posted-on, .post-date .loop-date"), byline,
    ),
    updated=each_of(meta("article:modified_time"), json_ld("dateModified")),
    summary=first_of(text("article header p"), text("div.tl-exc"), meta("description", "og:description")),
    authors=first_of(
        texts("a[rel~=author]"), texts(".amp-wp-author, .sp-athr .athr-name, .amp-author"), json_ld_names("author"), meta("author")
    ),
    section=first_of(
        text("span.amp-cat a"), text("span.amp-cat"), text(".post-meta .category a"), text(".amp-wp-tax-category a"), text(".breadcrumb-cats a"),
        meta("article:section"), json_ld("articleSection"),
    ),
    tags=first_of(texts(".amp-tags a, .amp-tags .amp-tag, .amp-wp-tax-tag a"), meta_all("article:tag"), json_ld("keywords")),
    image=each_of(
        meta("og:image"), css("img.wp-post-image"), css(".sf-img amp-img"), css(".amp-featured-image amp-img"),
        css(".amp-wp-article-featured-image amp-img"), json_ld("image", "url"), json_ld("image"),
    ),
    captions=texts(
        ".sf-img .wp-caption-text, .amp-featured-image .wp-caption-text, .amp-wp-article-featured-image .wp-caption-text, "
        ".article-image figcaption, .article-image .wp-caption-text"
    ),
    drop=(
        *recipes.WORDPRESS.drop, "header", ".sharethis-inline-share-buttons", ".contentAd", "#disqus_thread", ".r-pf", ".relatedpost",
        ".ss-ic", ".sp-lt", ".srp", ".amp-wp-byline", ".amp-wp-meta", ".amp-wp-article-featured-image", ".amp-featured-image",
        ".article-image", ".amp-wp-header", ".amp-wp-article-header", ".amp-wp-article-footer", ".recentpost", ".post-meta",
    ),
    kind=lambda page: "video" if "[bc_video" in page.body else None,
    erase=(r"\[bc_video[^\]]*\]", r"\[/?[a-z_]{3,20}(?: [a-z_]+=[^\]]*)?\]"),
    stop=STOP,
    is_article=recipes.refuse_addresses(LISTS),
)  # fmt: skip


class Capture(NamedTuple):
    """The parts of a plain-text capture of an AMP page."""

    section: str | None
    title: str | None
    body: list[Line]


ENDS = re.compile("|".join(f"(?:{each})" for each in STOP))
SENTENCE = re.compile(r"""[.!?…:]["'”’)]*$""")
HEADLINE = 140


def capture(page: Page) -> Capture:
    return page.view("arise", take_apart)


def take_apart(page: Page) -> Capture:
    """The title is the last line above the first sentence; the category stands above it."""
    lines = until(sheet(page), ENDS)
    first = next((i for i, line in enumerate(lines) if i and (SENTENCE.search(line.text) or len(line.text) > HEADLINE)), None)
    if first is None:
        return Capture(None, None, [])
    # A headline may be a sentence itself; the category above it is a word or two.
    if first == 1 and len(lines) > 2 and len(lines[0].text.split()) <= 3 and not SENTENCE.search(lines[0].text):  # noqa: PLR2004  # a word or two
        first = 2
    section = lines[first - 2].text if first > 1 else None
    return Capture(section, lines[first - 1].text, lines[first:])


CAPTURE = Recipe(
    title=lambda page: capture(page).title,
    content=lambda page: as_html(capture(page).body) or None,
    section=lambda page: capture(page).section,
    erase=ARTICLE.erase,
    stop=STOP,
)


def recognises(page: Page) -> bool:
    if page.kind == "text":
        said = {line.text for line in sheet(page)}
        return "AriseNews" in said or "Arise News" in said
    site = page.meta.get("og:site_name", "") + str(json_ld("publisher", "name")(page) or "") + (text("title")(page) or "")
    return "Arise News" in site or "AriseNews" in site or "ariseplay.com/amg/www.arise.tv" in page.body


ARISE = Outlet(
    slug="arise",
    name="Arise News",
    language="en",
    timezone="Africa/Lagos",
    hosts=("www.arise.tv",),
    article=ARTICLE,
    capture=CAPTURE,
    recognises=recognises,
    sentinels=SENTINELS,
)


@hookimpl
def cleanfeed_outlets() -> Iterable[Outlet]:
    return [ARISE]
