"""Al Manar: the English and Arabic editions, in the WordPress generation of the site and the newer one."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import UTC
from typing import NamedTuple

from cleanfeed import Outlet, Page, Recipe, hookimpl, recipes
from cleanfeed.dates import parse
from cleanfeed.finders import (
    Line,
    address_part,
    as_html,
    attribute,
    byline,
    css,
    each_of,
    first_of,
    headline_text,
    json_ld,
    main_article,
    meta,
    meta_all,
    richest,
    sheet,
    split_tags,
    story,
    text,
    texts,
    under_headline,
    until,
)

DOMAINS = ("almanar.com.lb", "almanartv.com.lb", "manartv.com.lb")
BRAND = r"\s*[–—|-]\s*(?:Al[ -]?Manar(?: TV)?(?: Lebanon)?|(?:موقع )?(?:قناة )?المنار)(?:\s*[–—|-]\s*(?:لبنان|Lebanon))?\s*$"
SOURCE = r"(?:Source|المصدر)s?\s*:\s*(.+)"
STOP = (
    r"Latest News", r"Most (Viewed|Read|Popular)", r"Related (News|Articles|Posts)", r"You may also like", r"Tags:?", r"Comments",
    r"All rights reserved.*", r"آخر الأخبار", r"الأكثر (مشاهدة|قراءة)", r"(مواضيع|أخبار|مقالات) (ذات صلة|متعلقة|مشابهة)",
    r"قد يعجبك أيضاً?", r"الوسوم:?", r"التعليقات", r"جميع الحقوق محفوظة.*",
)  # fmt: skip
SENTINELS = (
    r".*(بيروت|Beirut) \d\d:\d\d", r"(Read|See|Watch) (also|more)\s*:.*", r"([اأإ]قر[أا]|شاهد) أيضا?ً?\s*:.*",
    r"المجموعة اللبنانية للإعلام", r"قناة المنار", r"Share( this| on)?.{0,30}", r"شارك.{0,20}",
)  # fmt: skip
LISTS = re.compile(
    r"^https?://[^/]+/(?:$|(?:cat|category|tag|author|page|search|programs?|live|videos?)(?:/|$)|\?s=)"
)


def dates_under_headline(page: Page) -> Iterable[str]:
    return (line for line in byline(page) if parse(line, UTC))


ARTICLE = Recipe(
    title=first_of(
        text(".article-title h2"), text("h1.entry-title"), headline_text, meta("og:title", strip=BRAND), text("h1"),
        text("title", strip=BRAND),
    ),
    content=first_of(
        richest("div.article-content"), richest("div.entry-content"), story(stop=STOP, skip=(".notification-wrap",)), main_article
    ),
    published=each_of(
        meta("article:published_time"),
        json_ld("datePublished"),
        attribute("time.entry-date[datetime], article time[datetime]", "datetime"),
        texts("div.article-meta span"),
        text("div.article-meta"),
        texts(".entry-date, .posted-on, .entry-meta span"),
        dates_under_headline,
    ),
    updated=each_of(meta("article:modified_time", "og:updated_time"), json_ld("dateModified")),
    section=first_of(
        text(".article-categories a"), text(".cat-links a"), text("a[rel~=category]"), meta("article:section"),
        json_ld("articleSection"),
    ),
    source=under_headline(SOURCE),
    tags=first_of(texts("div.article-tags a"), texts(".tags-links a"), texts("a[rel~=tag]:not([rel~=category])"),
                  meta_all("article:tag")),
    image=each_of(meta("og:image"), css(".article-image img"), css("img.wp-post-image"), css("article img.img-responsive")),
    captions=texts(".article-image figcaption, .article-image .wp-caption-text, .post-thumbnail figcaption"),
    number=address_part(r"^https?://[^/]+/(?:article/)?(\d+)/?$"),
    drop=(
        ".share-button", ".notification-wrap", ".article-tags", ".article-meta", ".article-title", ".article-categories",
        ".article-image", ".tags-links", ".entry-header", ".entry-meta", ".post-thumbnail",
    ),
    stop=STOP,
    source_line=SOURCE,
    is_article=recipes.refuse_addresses(LISTS),
)  # fmt: skip


class Capture(NamedTuple):
    """The parts of a plain-text capture: page title, menus, title, category, date, body, source, tags."""

    title: str | None
    section: str | None
    dates: list[str]
    body: list[Line]
    tags: list[str]


ENDS = re.compile("|".join(f"(?:{each})" for each in STOP))
HEADER = re.compile(r"قناة المنار|المجموعة اللبنانية للإعلام|Al[ -]?Manar(?: TV)?(?: Lebanon)?")


def capture(page: Page) -> Capture:
    return page.view("almanar", take_apart)


def take_apart(page: Page) -> Capture:
    lines = sheet(page)
    start = find_title(lines)
    if start is None:
        return Capture(None, None, [], [], [])
    rest = list(lines[start + 1 :])
    section = rest.pop(0).text if rest and is_category(rest[0].text) else None
    dates = [rest.pop(0).text for _ in range(2) if rest and len(rest[0].text) < 60 and parse(rest[0].text, UTC)]
    body = until(rest, ENDS)
    source = next((i for i, line in enumerate(body) if re.fullmatch(SOURCE, line.text)), len(body))
    tags = [line.text for line in rest[len(body) :] if line.bullet] if after_tags(rest[len(body) :]) else []
    body, listed = split_tags(body[: source + 1])
    return Capture(lines[start].text, section, dates, body, tags or listed)


def find_title(lines: tuple[Line, ...]) -> int | None:
    """The second print of the page title, or else the first line below the menus that is none of them."""
    for line in lines[:3]:
        title = re.sub(BRAND, "", line.text)
        if title != line.text:
            again = (i for i, each in enumerate(lines) if each.text == title and each is not line)
            return next(again, None)
    header = next((i for i, line in enumerate(lines) if HEADER.fullmatch(line.text)), None)
    if header is None:
        return None
    below = (i for i, line in enumerate(lines) if i > header and not line.bullet and not HEADER.fullmatch(line.text))
    return next(below, None)


def is_category(text: str) -> bool:
    return len(text) <= 40 and not re.search(r"[.:؟?!\d]", text)


def after_tags(lines: list[Line]) -> bool:
    return bool(lines) and bool(re.fullmatch(r"Tags:?|الوسوم:?", lines[0].text))


def tags_of(page: Page) -> list[str]:
    return capture(page).tags


CAPTURE = Recipe(
    title=lambda page: capture(page).title,
    content=lambda page: as_html(capture(page).body) or None,
    published=lambda page: capture(page).dates,
    section=lambda page: capture(page).section,
    tags=tags_of,
    number=ARTICLE.number,
    source_line=SOURCE,
)


def recogniser(language: str, capture_brand: str) -> Callable[[Page], bool]:
    brand = re.compile(capture_brand)

    def recognises(page: Page) -> bool:
        if page.kind == "text":
            first = next(iter(sheet(page)), None)
            return first is not None and bool(brand.search(first.text)) and capture(page).title is not None
        title = text("title")(page) or ""
        ours = bool(re.search(BRAND, title)) or "manar.com.lb" in page.body or "/framework/assets/" in page.body
        return ours and (page.tree.get("lang") or "").lower().startswith(language)

    return recognises


def edition(slug: str, name: str, language: str, prefixes: tuple[str, ...], capture_brand: str) -> Outlet:
    return Outlet(
        slug=slug,
        name=name,
        language=language,
        timezone="Asia/Beirut",
        hosts=tuple(prefix + domain for domain in DOMAINS for prefix in prefixes),
        article=ARTICLE,
        capture=CAPTURE,
        recognises=recogniser(language, capture_brand),
        sentinels=SENTINELS,
    )


@hookimpl
def cleanfeed_outlets() -> Iterable[Outlet]:
    return [
        edition("almanar-en", "Al-Manar", "en", ("english.",), r"Al[ -]?Manar(?: TV)? Lebanon\s*$|Al[ -]?Manar(?: TV)?\s*$"),
        edition("almanar-ar", "قناة المنار", "ar", ("www.", "arabic."), r"المنار(\s*–\s*لبنان)?\s*$"),
    ]
