"""Arise News: its standard pages and its AMP pages, in all designs of the AMPforWP plugin."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC
from typing import TYPE_CHECKING, NamedTuple

from cleanfeed import Listing, Outlet, Page, Recipe, hookimpl, recipes
from cleanfeed.dates import parse
from cleanfeed.finders import (
    Element,
    Line,
    as_html,
    attribute,
    css,
    date_lines,
    each_of,
    first_of,
    first_text,
    headline_text,
    hero_captions,
    hero_picture,
    inside,
    json_ld,
    json_ld_names,
    link_nearby,
    links,
    main_article,
    meta,
    meta_all,
    nearby,
    once,
    richest,
    sheet,
    story,
    text,
    text_of,
    texts,
    then,
    until,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

STOP = (
    r"Follow us on:?( AriseNews)?", r"AriseNews", r"Recent Posts?", r"Related Posts?",
    r"Related (News|Stories|Articles)", r"Leave a (Reply|Comment)",
    r"You may also like:?",
)  # fmt: skip
SENTINELS = (
    r"\d+ (second|minute|hour|day|week|month)s? ago", r"\[bc_video[^\]]*\]",
    r"(Read|See|Watch) (also|more)\s*:.*", *recipes.CHROME_LINES,
)  # fmt: skip
BRAND = r"\s*[-–|]\s*Arise ?News.*$"
LISTS = re.compile(
    r"^https?://[^/]+/(?:$|\?s=|(?:category|author|tag|programmes?|live|page|search|latest-videos|about|contact)(?:/|$))"
)

DROP = (
    *recipes.WORDPRESS.drop, "header", ".sharethis-inline-share-buttons", ".contentAd", "#disqus_thread",
    ".r-pf", ".relatedpost",
    ".ss-ic", ".sp-lt", ".srp", ".amp-wp-byline", ".amp-wp-meta", ".amp-wp-article-featured-image",
    ".amp-featured-image",
    ".article-image", ".amp-wp-header", ".amp-wp-article-header", ".amp-wp-article-footer", ".recentpost",
    ".post-meta",
)  # fmt: skip


def first(nodes: list[Element]) -> Element | None:
    return next(iter(nodes), None)


def longest(nodes: list[Element]) -> Element | None:
    """A deck in `<p><p>` is an empty paragraph and the deck."""
    return max(nodes, key=lambda node: len(text_of(node)), default=None)


MANY = 8
"""Links to the site, more than other sites have."""
CONTENT = once(
    first_of(
        richest("div.artl-cnt"), richest("div.amp-wp-article-content"), richest("div.the_content"),
        richest("div.article-content"),
        richest("div.panel"), story(stop=STOP, skip=DROP[:-1]), main_article,
    )
)  # fmt: skip
ARTICLE = replace(
    recipes.WORDPRESS,
    title=first_of(
        text("h1.amp-post-title"), text("h1.amp-wp-title"), text("h1.article-title"), headline_text,
        text("h1"),
        meta("og:title", strip=BRAND), text("title", strip=BRAND),
    ),
    content=CONTENT,
    published=each_of(
        meta("article:published_time"), json_ld("datePublished"),
        attribute("time.amp-wp-posted-on[datetime], .amp-wp-posted-on time[datetime]", "datetime"),
        date_lines,
        nearby(".date-container .date"), texts(".amp-wp-posted-on, .sp-lt .post-date .loop-date"),
    ),
    updated=each_of(meta("article:modified_time"), json_ld("dateModified")),
    summary=first_of(
        then(nearby("header p"), longest), text("div.tl-exc"), meta("description", "og:description")
    ),
    authors=first_of(
        nearby("a[rel~=author]"),
        json_ld_names("author"),
        meta("author"),
        texts(".amp-wp-author, .sp-athr .athr-name, .amp-author"),
    ),
    section=first_of(
        text("span.amp-cat"), then(nearby("span.category"), first), meta("article:section"),
        json_ld("articleSection"),
        link_nearby("/category/"), first_text("div.amp-wp-tax-category", "a"),
    ),
    tags=first_of(
        meta_all("article:tag"), inside("div.amp-tags", "a"), inside("div.amp-wp-tax-tag", "a"),
        links("/tag/", STOP),
        json_ld("keywords"),
    ),
    image=each_of(
        meta("og:image"), json_ld("image", "url"), css("img.wp-post-image"), json_ld("image"), hero_picture,
    ),
    captions=hero_captions(STOP),
    drop=DROP,
    kind=first_of(
        lambda page: "video" if "[bc_video" in page.body else None, recipes.video_alone(CONTENT)
    ),
    erase=(r"\[bc_video[^\]]*\]", r"\[/?[a-z_]{3,20}(?: [a-z_]+=[^\]]*)?\]"),
    stop=STOP,
    is_article=recipes.refuse_listings(LISTS, CONTENT),
)  # fmt: skip


class Capture(NamedTuple):
    """The parts of a plain-text capture: category, title, sometimes author and date, body, tags."""

    section: str | None = None
    title: str | None = None
    metas: Sequence[str] = ()
    body: Sequence[Line] = ()
    tags: str | None = None


ENDS = re.compile("|".join(f"(?:{each})" for each in (*STOP, r"(?:Categor(?:y|ies)|Tags?):.*")))
LOGO = re.compile(r"Arise ?News|logo|Menu|Search|Skip to content", re.IGNORECASE)
BYLINE = re.compile(r"(?:By|Posted by|Written by) (.{2,80})")
AGES = re.compile(r"\d+ (?:minute|hour|day|week)s? ago")
FEW = 3


@once
def take_apart(page: Page) -> Capture:
    given = sheet(page)
    lines = until(given, ENDS)
    while lines and (lines[0].bullet or LOGO.fullmatch(lines[0].text)):
        lines.pop(0)
    section = (
        lines.pop(0).text if len(lines) > FEW - 1 and is_category(lines[0].text, lines[1].text) else None
    )
    if len(lines) < 2:  # noqa: PLR2004  # a title and a paragraph
        return Capture()
    body = 1
    while body < len(lines) and is_meta(lines[body].text):
        body += 1
    tags = next((line.text.partition(":")[2] for line in given if re.match(r"Tags?: ?\S", line.text)), None)
    return Capture(section, lines[0].text, [line.text for line in lines[1:body]], lines[body:], tags)


def is_category(text: str, after: str) -> bool:
    return len(text.split()) <= FEW and text[-1] not in ".!?…" and not is_meta(after)


def is_meta(text: str) -> bool:
    if len(text) > 80:  # noqa: PLR2004  # a name and a date are shorter
        return False
    return bool(BYLINE.fullmatch(text) or AGES.fullmatch(text)) or (
        parse(text, UTC) is not None and text[-1] not in '.!?”"'
    )


def capture(page: Page) -> Capture:
    return take_apart(page) or Capture()


def capture_authors(page: Page) -> list[str]:
    return [
        re.split(r"\s+(?:\||on|-|–)\s+", found[1])[0]
        for text in capture(page).metas
        if (found := BYLINE.fullmatch(text))
    ]


NO_WALL = recipes.refuse_walls(
    lambda page: capture(page).title,
    lambda page: as_html(capture(page).body),
    LISTS,
    lambda page: capture(page).metas,
)


def is_no_listing(page: Page) -> bool | str:
    ages = sum(1 for line in capture(page).body if AGES.fullmatch(line.text))
    return NO_WALL(page) if ages < FEW else recipes.LISTING


CAPTURE = Recipe(
    title=lambda page: capture(page).title,
    content=lambda page: as_html(capture(page).body) or None,
    section=lambda page: capture(page).section,
    authors=capture_authors,
    published=lambda page: capture(page).metas,
    tags=lambda page: capture(page).tags,
    kind=ARTICLE.kind,
    erase=ARTICLE.erase,
    stop=STOP,
    is_article=is_no_listing,
)


def recognises(page: Page) -> bool:
    if page.kind == "text":
        said = {line.text for line in sheet(page)}
        return "AriseNews" in said or "Arise News" in said
    names = (page.meta.get("og:site_name"), json_ld("publisher", "name")(page))
    branded = re.search(BRAND, text("title")(page) or "")
    return (
        bool(branded)
        or any(str(name).replace(" ", "") == "AriseNews" for name in names)
        or page.body.count("arise.tv/") > MANY
    )


SITE = "https://www.arise.tv"
POSTS = f"{SITE}/wp-json/wp/v2/posts?per_page=20&_embed=author,wp:term"
ARTICLES = (
    r"/(?!(?:category|author|tag|programmes?|live|page|search|latest-videos|about(?:-us)?|contact(?:-us)?|"
    r"advertis(?:e|ing)(?:-with-us)?|privacy-policy|terms(?:-(?:of-(?:use|service)|and-conditions))?|"
    r"cookies?(?:-policy)?|careers|schedule|team|videos?|newsletters?|feed|comments|wp-[a-z]+|home|news)(?:/|$))"
    r"[^/?.]+/?$"
)
A_HEADLINE = rf"(?=/[^/?.-]+(?:-[^/?.-]+){{3,}}/?$){ARTICLES}"
"""A page of links also leads to the pages of the site itself; headlines have more words than their names."""
LISTINGS = (
    Listing(url=f"{SITE}/feed/", kind="feed", further=f"{SITE}/feed/?paged={{page}}"),
    Listing(url=POSTS, kind="wordpress", further=f"{POSTS}&page={{page}}"),
    Listing(url=f"{SITE}/sitemap_index.xml", kind="sitemap"),
    Listing(url=f"{SITE}/", kind="links", links=A_HEADLINE),
    Listing(
        url=f"{SITE}/category/breaking/",
        kind="links",
        links=A_HEADLINE,
        further=f"{SITE}/category/breaking/page/{{page}}/",
    ),
)
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
    articles=ARTICLES,
    listings=LISTINGS,
)


@hookimpl
def cleanfeed_outlets() -> Iterable[Outlet]:
    return [ARISE]
