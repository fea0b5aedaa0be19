"""Shared starting points for recipes; vary one with `dataclasses.replace`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from cleanfeed.addresses import host_of
from cleanfeed.declared import address_of
from cleanfeed.embeds import embed
from cleanfeed.finders import (
    ARTICLE_TYPES,
    Finder,
    attribute,
    css,
    date_lines,
    each_of,
    first_nearby,
    first_of,
    headline_text,
    hero_picture,
    json_ld,
    json_ld_image,
    json_ld_names,
    main_article,
    meta,
    meta_all,
    nearby,
    nothing,
    once,
    richest,
    story,
    text,
    texts,
)
from cleanfeed.markup import Element, text_of
from cleanfeed.outlet import Recipe
from cleanfeed.story import count_cards, paragraphs
from cleanfeed.tracing import named
from cleanfeed.walls import little_wall

if TYPE_CHECKING:
    from collections.abc import Callable

    from cleanfeed.model import Page

_LISTING_TYPES = frozenset(
    {
        "CollectionPage",
        "ProfilePage",
        "SearchResultsPage",
        "ItemList",
        "AboutPage",
        "ContactPage",
        "FAQPage",
        "Blog",
    }
)
_LISTING_BODY = frozenset(
    {
        "archive",
        "category",
        "tag",
        "author",
        "home",
        "blog",
        "search",
        "search-results",
        "error404",
        "date",
        "paged",
    }
)
_WORDPRESS_LISTS = re.compile(
    r"^https?://[^/]+/(?:$|(?:.*/)?(?:category|tag|author|topics?|page/\d+|search|feed|wp-json|wp-login)(?:/|$|\.))"
)


def listing(page: Page) -> str | None:
    """Why the page's own metadata says that it lists articles and is none, or `None`."""
    if page.kind != "html":
        return None
    types = {kind for thing in page.json_ld for kind in _types(thing.get("@type"))}
    if types & ARTICLE_TYPES:
        return None
    body = page.tree.find("body")
    classes = set((body.get("class") or "").split()) if body is not None else set()
    if classes & _LISTING_BODY and not any(name.startswith(("single", "post-template")) for name in classes):
        return f"a listing page ({', '.join(sorted(classes & _LISTING_BODY))}), not an article"
    if types & _LISTING_TYPES:
        return f"a listing page ({', '.join(sorted(types & _LISTING_TYPES))}), not an article"
    if page.meta.get("og:type", "").lower() in {"profile", "author"}:
        return "an author page, not an article"
    return None


def _types(value: object) -> list[str]:
    found = value if isinstance(value, list) else [value]
    return [each for each in found if isinstance(each, str)]


CHROME_LINES = (
    r"(?:Share|Tweet|Pin)(?: this(?: article| story| post| page)?)?(?: (?:on|via|with) [\w ]{1,20})?:?",
    r"(?:شاركها?|مشاركة)(?: (?:على|عبر|الخبر|المقال|هذا) .{0,30})?:?",
    r"Compart(?:ir|e)(?: en [\w ]{1,20})?:?",
    r"(?:Sign up|Subscribe) (?:for|to) (?:our|the) .{0,40}newsletters?\b.*",
    r"(?:Leave|Post) a (?:Reply|Comment)",
    r"Advertisements?|ADVERTISEMENTS?|Sponsored|Publicidad|إعلان|Loading\.*",
)  # fmt: skip
"""Lines that no site means as a part of an article; an outlet adds them to its sentinels."""
LISTING = "a listing page, not an article"
_FEW = 5
_LINE = 40
"""Characters; a page that declares an article and has no more text is a listing or a video."""
_WORDY = 2000
"""Characters; what shows a video alone has fewer, of its headline and captions."""
_FRAMES = ("iframe", "amp-youtube", "amp-vimeo", "amp-dailymotion", "amp-brightcove", "amp-iframe")
_VIDEO_HOSTS = frozenset(
    {
        "youtube.com", "www.youtube.com", "youtu.be", "vimeo.com", "www.dailymotion.com", "dailymotion.com",
        "players.brightcove.net", "rumble.com", "www.facebook.com", "www.tiktok.com",
    }
)  # fmt: skip
_CARD = 100
"""Characters of its own text that a page needs for each card, to be an article where nothing says so."""


def refuse_listings(
    addresses: str | re.Pattern[str], content: Finder[Any] = nothing
) -> Callable[[Page], bool | str]:
    """An `is_article` that refuses listings: by address, by metadata, or for being cards around little text.

    Little is no text at all where the page declares an article or prints a date under its headline.
    """
    compiled = re.compile(addresses)

    def is_article(page: Page) -> bool | str:
        if page.kind == "text":
            return True
        if compiled.match(address_of(page) or ""):
            return LISTING
        return listing(page) or _is_bare(page, content) or True

    return is_article


def _is_bare(page: Page, content: Finder[Any]) -> str | None:
    """Why a page is none for what it shows: a wall's message, or cards around too little text."""
    body = content(page)
    text = (body if isinstance(body, str) else text_of(body)) if body is not None else ""
    declared = "article:published_time" in page.meta or declares_article(page) or any(date_lines(page))
    if declared and (len(text) >= _LINE or (isinstance(body, Element) and _is_player(body))):
        return None
    # What is too little for a story may still be a wall's message.
    told = little_wall(headline_text(page) or "", text or text_of(page.tree))
    cards = 0 if told else count_cards(page)
    needed = _LINE if declared or (body is not None and paragraphs(body) > 1) else cards * _CARD
    return told or (
        f"a listing page ({cards} links to articles), not an article"
        if cards >= _FEW and len(text) < needed
        else None
    )


@named
def video_alone(content: Finder[Any]) -> Finder[str]:
    """A `kind`: "video" where the content is a player and no text."""

    def find(page: Page) -> str | None:
        body = content(page) if page.kind == "html" else None
        body = main_article(page) if body is None else body
        return "video" if isinstance(body, Element) and _is_player(body) else None

    return find


def _is_player(body: Element) -> bool:
    if len(text_of(body)) > _WORDY:
        return False
    found = (embed(node, None) for node in body.iter(*_FRAMES))
    shows = next(body.iter("video"), None) is not None or any(
        each is not None and host_of(each.url) in _VIDEO_HOSTS for each in found
    )
    return shows and not any(len(text_of(each)) >= _LINE for each in body.iter("p", "li"))


_HEADED = re.compile(r"<h2>[^<]*</h2><p>[^<]*</p>(?=<h2>|<p>[^<]{0,12}</p>|$)")
_TEASERS = 4


def refuse_walls(
    title: Finder[str],
    body: Finder[str],
    addresses: str | re.Pattern[str] = r"(?!)",
    published: Finder[Any] = nothing,
) -> Callable[[Page], bool | str]:
    """An `is_article` for captures: refuses listings by address, walls by their title or their few lines.

    Where `published` finds nothing, lines that are headings with one paragraph each are a listing too.
    """
    compiled = re.compile(addresses)

    def is_article(page: Page) -> bool | str:
        if compiled.match(address_of(page) or ""):
            return LISTING
        text = body(page) or ""
        told = little_wall(title(page) or "", text)
        return told or (LISTING if _are_teasers(text) and not published(page) else True)

    return is_article


def _are_teasers(body: str) -> bool:
    """Whether a capture's lines are headings, each with a single paragraph below it."""
    headed = len(_HEADED.findall(body))
    # A story may have sub-heads too, but it begins with a paragraph.
    needed = _TEASERS if body.startswith("<h2>") else _TEASERS * 2
    return headed >= needed and headed * 5 >= paragraphs(body.replace("<p>", "")) * 4


def declares_article(page: Page) -> bool:
    """Whether the page's JSON-LD describes an article."""
    return any(ARTICLE_TYPES.intersection(_types(thing.get("@type"))) for thing in page.json_ld)


_DROP = (
    ".entry-header", ".entry-title", ".entry-meta", ".entry-footer", ".post-navigation", ".nav-links",
    ".sharedaddy",
    ".jp-relatedposts", ".wp-block-buttons", ".post-thumbnail", ".entry-summary",
    "div:has(> form):not(:has(> p ~ p))",
)  # fmt: skip
_ENDS = (
    r"Related( Posts?| Articles?| Stories)?:?",
    r"Leave a (Reply|Comment)",
    r"Share this:?",
    r"You (may|might) also like:?",
)
_CONTENT: Finder[Any] = once(
    first_of(
        richest("div.entry-content"), richest(".entry-content"), richest("div.wp-block-post-content"),
        richest(".post-content"),
        richest("[itemprop=articleBody]"), story(stop=_ENDS, skip=_DROP), main_article,
    )
)  # fmt: skip
_PUBLISHED: Finder[Any] = each_of(
    meta("article:published_time"),
    json_ld("datePublished"),
    attribute("time.published[datetime], time.entry-date[datetime]", "datetime"),
    meta("datepublished"),
    attribute(".wp-block-post-date time[datetime]", "datetime"),
    attribute("article time[datetime]", "datetime"),
    text(".entry-date, .posted-on"),
)

WORDPRESS = Recipe(
    title=first_of(
        text("h1.entry-title"),
        text("h1.wp-block-post-title"),
        headline_text,
        meta("og:title"),
        json_ld("headline"),
        text(".entry-title"),
        text(".wp-block-post-title"),
        text("title", strip=r"\s+[|–—-]\s+[^|–—-]{2,40}$"),
    ),
    content=_CONTENT,
    published=_PUBLISHED,
    updated=each_of(
        meta("article:modified_time", "og:updated_time"),
        json_ld("dateModified"),
        attribute("time.updated", "datetime"),
    ),
    summary=first_of(text(".entry-summary"), meta("og:description", "description")),
    authors=first_of(
        nearby("a[rel~=author]"),
        json_ld_names("author"),
        meta("author"),
        nearby(
            ".author .fn, .entry-author, .byline, .wp-block-post-author__name, .wp-block-post-author-name"
        ),
    ),
    section=first_of(
        meta("article:section"),
        json_ld("articleSection"),
        first_nearby("a[rel~=category]"),
        first_nearby(".cat-links a"),
    ),
    tags=first_of(
        meta_all("article:tag"),
        nearby("a[rel~=tag]:not([rel~=category]):not([href*='/category/'])"),
        json_ld("keywords"),
    ),
    image=each_of(
        meta("og:image", "og:image:url", "twitter:image"),
        json_ld_image,
        css("img.wp-post-image"),
        hero_picture,
    ),
    captions=texts(
        ".post-thumbnail figcaption, .post-thumbnail .wp-caption-text, "
        ".wp-block-post-featured-image figcaption"
    ),
    kind=video_alone(_CONTENT),
    drop=_DROP,
    stop=_ENDS,
    is_article=refuse_listings(_WORDPRESS_LISTS, _CONTENT),
)
"""A plain WordPress site: JSON-LD, `article:*` and `og:*` metadata, then the names of the core themes."""
