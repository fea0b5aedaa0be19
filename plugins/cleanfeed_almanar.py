"""Al Manar: the English and Arabic editions, in the WordPress generation of the site and the newer one."""

from __future__ import annotations

import re
from datetime import UTC
from itertools import takewhile
from typing import TYPE_CHECKING, NamedTuple

from cleanfeed import Listing, Outlet, Page, Recipe, hookimpl, recipes
from cleanfeed.dates import parse
from cleanfeed.finders import (
    Line,
    address_part,
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
    link_nearby,
    links,
    main_article,
    meta,
    meta_all,
    once,
    richest,
    sheet,
    split_tags,
    story,
    text,
    texts,
    under_headline,
    until,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

DOMAINS = ("almanar.com.lb", "almanartv.com.lb", "manartv.com.lb")
NAME = r"(?:Al[ -]?Manar(?: TV)?(?: Lebanon)?|(?:موقع )?(?:قناة )?المنار)"
BRAND = rf"\s*[–—|-]\s*{NAME}(?:\s*[–—|-]\s*(?:لبنان|Lebanon))?\s*$"
SOURCE = r"(?:Source|المصدر)s?\s*:\s*(.+)"
STOP = (
    r"Latest News", r"Most (Viewed|Read|Popular)", r"Related (News|Articles|Posts)", r"You may also like",
    r"Tags ?:?.{0,200}", r"Comments",
    r"All rights reserved.*", r"آخر الأخبار", r"الأكثر (مشاهدة|قراءة)",
    r"(مواضيع|أخبار|مقالات) (ذات صلة|متعلقة|مشابهة)",
    r"قد يعجبك أيضاً?", r"الوسوم ?:?.{0,200}", r"التعليقات", r"جميع الحقوق محفوظة.*",
)  # fmt: skip
SENTINELS = (
    r".*(بيروت|Beirut) \d\d:\d\d", r"(Read|See|Watch) (also|more)\s*:.*", r"([اأإ]قر[أا]|شاهد) أيضا?ً?\s*:.*",
    r"المجموعة اللبنانية للإعلام", r"قناة المنار", *recipes.CHROME_LINES,
)  # fmt: skip
LISTS = re.compile(
    r"^https?://[^/]+/(?:$|(?:cat|category|tag|author|page|search|programs?|live|videos?)(?:/|$)|\?s=)"
)


DROP = (
    ".share-button", ".notification-wrap", ".article-tags", ".article-meta", ".article-title",
    ".article-categories",
    ".article-image", ".tags-links", ".entry-header", ".entry-meta", ".post-thumbnail",
    "div:has(> form):not(:has(> p ~ p))",
)  # fmt: skip


def postid(page: Page) -> str | None:
    """The number that WordPress puts into the names of the body element."""
    body = page.tree.find("body") if page.kind == "html" else None
    found = re.search(r"\bpostid-(\d+)", body.get("class") or "") if body is not None else None
    return found[1] if found else None


CONTENT = once(
    first_of(
        richest("div.article-content"), richest("div.entry-content"),
        story(stop=STOP, skip=(*DROP, ".article-content")), main_article,
    )
)  # fmt: skip

ARTICLE = Recipe(
    title=first_of(
        first_text("div.article-title", "h1", "h2"), text("h1.entry-title"), headline_text,
        meta("og:title", strip=BRAND),
        text("h1"), text("title", strip=BRAND),
    ),
    content=CONTENT,
    published=each_of(
        meta("article:published_time"),
        json_ld("datePublished"),
        attribute("time.entry-date", "datetime"),
        text("div.article-meta"),
        attribute("article time[datetime]", "datetime"),
        text("div.entry-meta"),
        date_lines,
    ),
    updated=each_of(meta("article:modified_time", "og:updated_time"), json_ld("dateModified")),
    section=first_of(
        first_text("div.article-categories", "a"), meta("article:section"), json_ld("articleSection"),
        text("a[rel~=category]"), text(".cat-links a"), link_nearby("/cat/"),
    ),
    source=under_headline(SOURCE),
    tags=first_of(
        inside("div.article-tags", "a"), meta_all("article:tag"), texts("a[rel~=tag]:not([rel~=category])"),
        links("/tag/", STOP),
    ),
    image=each_of(meta("og:image"), css("div.article-image"), css("img.wp-post-image"), hero_picture),
    captions=hero_captions(STOP),
    number=first_of(address_part(r"^https?://[^/]+/(?:article/)?(\d+)/?$"), postid),
    drop=DROP,
    stop=STOP,
    source_line=SOURCE,
    is_article=recipes.refuse_listings(LISTS, CONTENT),
)  # fmt: skip


class Capture(NamedTuple):
    """The parts of a plain-text capture: page title, menus, title, category, date, body, source, tags."""

    title: str | None = None
    section: str | None = None
    dates: Sequence[str] = ()
    body: Sequence[Line] = ()
    tags: Sequence[str] = ()


ENDS = re.compile("|".join(f"(?:{each})" for each in STOP))
HEADER = re.compile(rf"{NAME}|المجموعة اللبنانية للإعلام|Lebanese (?:Communication|Media) Group")
CLOCK = re.compile(
    r"\d\d \d\d \d{4}|\d{1,2} [^\W\d ]+(?: [^\W\d ]+)? 14\d\d|(?:بيروت|Beirut),? \d\d:\d\d|"
    r"الإ?[أا]?(?:ثنين|حد)|الثلاثاء|الأربعاء|الخميس|الجمعة|السبت|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"
)
"""The lines of the clock above the page, which shows the time of the visit."""
NAMED = re.compile(rf"^{NAME}\s*[|–—:،,-]?\s+")
SHARES = re.compile(
    r"(?:Share(?: on)? )?(?:Facebook|Twitter|X|WhatsApp|Telegram|LinkedIn|Instagram|Viber)|"
    r"E-?mail|Print|Copy link|Share|"
    r"فيسبوك|تويتر|واتساب|تلغرام|تيليغرام|طباعة|مشاركة|شارك|نسخ الرابط|بريد إلكتروني",
    re.IGNORECASE,
)
TAGS = re.compile(r"(?:Tags|الوسوم) ?:? ?(.*)")


@once
def take_apart(page: Page) -> Capture:
    lines = tuple(line for line in sheet(page) if not CLOCK.fullmatch(line.text))
    start = find_title(lines)
    if start is None:
        return Capture()
    section = lines[start].text if is_above_title(lines, start) else None
    start += section is not None
    rest = list(lines[start + 1 :])
    section = section or take_category(rest)
    dates = take_dates(rest)
    section = section or (take_category(rest) if dates else None)
    while rest and rest[0].bullet and SHARES.fullmatch(rest[0].text):
        rest.pop(0)
    body = until(rest, ENDS)
    below = rest[len(body) :]
    source = next((i for i, line in enumerate(body) if re.fullmatch(SOURCE, line.text)), len(body))
    body, listed = split_tags(body[: source + 1])
    return Capture(lines[start].text, section, dates, body, tags_of(below) or listed)


def find_title(lines: tuple[Line, ...]) -> int | None:
    """The second print of the page title, or else the first line below the menus that is none of them."""
    for line in lines[:3]:
        title = re.sub(BRAND, "", line.text)
        if title != line.text:
            again = (i for i, each in enumerate(lines) if each.text == title and each is not line)
            return next(again, None)
    # Over a date, the name is a byline.
    bylines = {i for i, line in enumerate(lines[1:41]) if is_date(line.text)}
    header = [i for i, line in enumerate(lines[:40]) if names(line) and i not in bylines]
    below = (i for i, line in enumerate(lines) if header and i > header[-1] and not line.bullet)
    return next(below, None)


def take_category(rest: list[Line]) -> str | None:
    return rest.pop(0).text if rest and is_category(rest[0].text) and not names(rest[0]) else None


def take_dates(rest: list[Line]) -> list[str]:
    """The dates that the lines begin with, below or behind the site's name, or none."""
    if len(rest) > 1 and names(rest[0]) and is_date(rest[1].text):
        rest.pop(0)
    dates = [rest.pop(0).text for _ in range(2) if rest and is_date(rest[0].text)]
    return [NAMED.sub("", each) for each in dates]


def is_above_title(lines: tuple[Line, ...], at: int) -> bool:
    """Whether a line is the category, and the title stands below it: the date stands under the title."""
    below = lines[at + 1 : at + 4]
    if len(below) < 3 or not is_category(lines[at].text) or below[0].bullet:  # noqa: PLR2004  # title, date, body
        return False
    if len(below[0].text) <= len(lines[at].text):
        return False
    dated = is_date(below[1].text)
    return dated or (names(below[1]) and is_date(below[2].text))


def names(line: Line) -> bool:
    return bool(HEADER.fullmatch(line.text))


def is_category(text: str) -> bool:
    return len(text) <= 40 and not re.search(r"[.:؟?!\d]", text)  # noqa: PLR2004  # names are shorter


def is_date(text: str) -> bool:
    return len(text) < 60 and text[-1] != "." and parse(NAMED.sub("", text), UTC) is not None  # noqa: PLR2004  # a date and the site's name


def tags_of(lines: list[Line]) -> list[str]:
    """The tags below the body: a list under "Tags:", or texts on its line."""
    found = TAGS.fullmatch(lines[0].text) if lines else None
    if not found:
        return []
    listed = takewhile(lambda line: line.bullet, lines[1:])
    return re.split("[,،]", found[1]) if found[1] else [line.text for line in listed]


def capture(page: Page) -> Capture:
    return take_apart(page) or Capture()


CAPTURE = Recipe(
    title=lambda page: capture(page).title,
    content=lambda page: as_html(capture(page).body) or None,
    published=lambda page: capture(page).dates,
    section=lambda page: capture(page).section,
    tags=lambda page: capture(page).tags,
    number=ARTICLE.number,
    source_line=SOURCE,
    is_article=recipes.refuse_walls(
        lambda page: capture(page).title,
        lambda page: as_html(capture(page).body),
        LISTS,
        lambda page: capture(page).dates,
    ),
)
MANY = 8
"""Links to the site, more than other sites have."""


def recogniser(language: str) -> Callable[[Page], bool]:
    def recognises(page: Page) -> bool:
        if page.kind == "text":
            title = capture(page).title
            branded = any(
                re.search(BRAND, line.text) or HEADER.fullmatch(line.text) for line in sheet(page)[:40]
            )
            return title is not None and branded and language_of(title) == language
        title = text("title")(page) or ""
        branded = bool(re.search(BRAND, title)) or "/framework/assets/" in page.body
        declared = (page.tree.get("lang") or language_of(re.sub(BRAND, "", title))).lower()
        return declared.startswith(language) and (branded or page.body.count("manar.com.lb/") > MANY)

    return recognises


def language_of(title: str) -> str:
    return "ar" if re.search("[ء-ي]", title) else "en"


ARTICLES = r"/(?:article/\d+|\d{5,})/?$"


def listings(*hosts: str) -> tuple[Listing, ...]:
    """The feed, the list of news and the front page of the usual host; then the feeds of the others."""
    site = f"https://{hosts[0]}"
    return (
        Listing(url=f"{site}/rss", kind="feed"),
        Listing(url=f"{site}/cat/news", kind="links", further=f"{site}/cat/news/page/{{page}}"),
        Listing(url=f"{site}/", kind="links"),
        *(Listing(url=f"https://{host}/rss", kind="feed") for host in hosts[1:]),
    )


def edition(slug: str, name: str, language: str, prefixes: tuple[str, ...]) -> Outlet:
    return Outlet(
        slug=slug,
        name=name,
        language=language,
        timezone="Asia/Beirut",
        hosts=tuple(prefix + domain for domain in DOMAINS for prefix in prefixes),
        article=ARTICLE,
        capture=CAPTURE,
        recognises=recogniser(language),
        sentinels=SENTINELS,
        articles=ARTICLES,
        listings=listings(*(prefixes[0] + domain for domain in DOMAINS)),
    )


@hookimpl
def cleanfeed_outlets() -> Iterable[Outlet]:
    return [
        edition("almanar-en", "Al-Manar", "en", ("english.",)),
        edition("almanar-ar", "قناة المنار", "ar", ("www.", "arabic.")),
    ]
