"""Shared starting points for recipes; vary one with `dataclasses.replace`."""

from __future__ import annotations

import re
from collections.abc import Callable

from cleanfeed.declared import address_of
from cleanfeed.finders import (
    ARTICLE_TYPES,
    attribute,
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
    story,
    text,
    texts,
)
from cleanfeed.model import Page
from cleanfeed.outlet import Recipe

_LISTING_TYPES = frozenset(
    {"CollectionPage", "ProfilePage", "SearchResultsPage", "ItemList", "AboutPage", "ContactPage", "FAQPage", "Blog"}
)
_LISTING_BODY = frozenset(
    {"archive", "category", "tag", "author", "home", "blog", "search", "search-results", "error404", "date", "paged"}
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


def refuse_addresses(
    pattern: str | re.Pattern[str], reason: str = "a listing page, not an article"
) -> Callable[[Page], bool | str]:
    """An `is_article` that refuses addresses that the pattern matches, and what metadata calls a listing."""
    compiled = re.compile(pattern)

    def is_article(page: Page) -> bool | str:
        return reason if compiled.match(address_of(page) or "") else listing(page) or True

    return is_article


WORDPRESS = Recipe(
    title=first_of(
        text("h1.entry-title"), headline_text, text(".entry-title"), meta("og:title"), json_ld("headline"), text("h1")
    ),
    content=first_of(
        richest(".entry-content"), richest(".post-content"), richest("[itemprop=articleBody]"), main_article, story()
    ),
    published=each_of(
        meta("article:published_time"),
        json_ld("datePublished"),
        attribute("time.published[datetime], time.entry-date[datetime]", "datetime"),
        meta("datepublished"),
        attribute("article time[datetime]", "datetime"),
        text(".entry-date, .posted-on"),
    ),
    updated=each_of(
        meta("article:modified_time", "og:updated_time"),
        json_ld("dateModified"),
        attribute("time.updated[datetime]", "datetime"),
    ),
    summary=first_of(text(".entry-summary"), meta("og:description", "description")),
    authors=first_of(
        texts("a[rel~=author]"), json_ld_names("author"), meta("author"), texts(".author .fn, .entry-author, .byline")
    ),
    section=first_of(
        meta("article:section"), json_ld("articleSection"), text("a[rel~=category]"), text(".cat-links a")
    ),
    tags=first_of(meta_all("article:tag"), texts("a[rel~=tag]:not([rel~=category])"), json_ld("keywords")),
    image=each_of(meta("og:image", "og:image:url", "twitter:image"), json_ld("image", "url"), json_ld("image"),
                  css("img.wp-post-image")),
    captions=texts(".post-thumbnail figcaption, .post-thumbnail .wp-caption-text"),
    drop=(
        ".entry-header", ".entry-title", ".entry-meta", ".entry-footer", ".post-navigation", ".nav-links", ".sharedaddy",
        ".jp-relatedposts", ".wp-block-buttons", ".post-thumbnail", ".entry-summary",
    ),
    is_article=refuse_addresses(_WORDPRESS_LISTS),
)  # fmt: skip
"""A plain WordPress site: JSON-LD, `article:*` and `og:*` metadata, then the class names of the core themes."""
