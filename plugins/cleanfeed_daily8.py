"""Daily8: an aggregator's English and Arabic editions; what it prints is credited to the publisher."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from html import escape
from typing import NamedTuple
from urllib.parse import quote

from cleanfeed import Listing, Outlet, Page, Recipe, hookimpl, recipes
from cleanfeed.finders import (
    Element,
    Finder,
    Line,
    address_part,
    as_html,
    byline,
    css,
    each_of,
    first_of,
    headline,
    headline_text,
    json_ld,
    links,
    meta,
    once,
    records,
    sheet,
    story,
    text,
    until,
)

HOSTS = ("www.daily8.com", "test.daily8.com", "main.d358xbzettaslu.amplifyapp.com")
AFTER = (
    r"Orange background", r"Try Our AI Features", r"Explore what Daily8 AI can do for you:?", r"Comments",
    r"No comments yet\.*", r"Related Articles", r"DOWNLOAD THE APP", r"Get Started Now: Download the App",
    r"جرب ميزات الذكاء الاصطناعي لدينا", r"اكتشف ما يمكن أن يفعله Daily8 AI من أجلك:?", r"التعليقات",
    r"لا يوجد تعليقات بعد\.*",
    r"أخبار ذات صلة", r"(?:ابدأ الآن: قم بت)?حمّ?يل التطبيق.*|حمّ?ل التطبيق.*",
)  # fmt: skip
STOP = (r"Hashtags:?", r"هاشتاغز?:?", *AFTER)
ENDS = re.compile("|".join(f"(?:{each})" for each in STOP))
AGE = r"(?:an?|\d+) \w+ ago|just now|yesterday|(?:منذ|قبل) .{1,20}|الآن|أمس"
CREDIT = re.compile(rf"(?P<source>[^.؟?!]{{0,40}}?)\s*(?:time)?(?P<date>\d{{1,2}}-\d{{1,2}}-\d{{4}}|{AGE})")
JUNK = (
    rf"time(?:{AGE})", r"app-storeplay-store", r"logo", r"mailto:.*", r"(?:[A-Z]{3,}[ /&,.-]*){1,4}",
    r"[^.؟?!]{0,40}\d{2}-\d{2}-\d{4}", r".{0,140}\s\d{2}/\d{2}(?:/\d{4})?(?: \d\d:\d\d)?",
)  # fmt: skip
"""Lines that were lifted from the publisher's page with the story: credits, templates, lists of videos."""
BRAND = r"\s*[|–-]\s*(?:Daily ?8|دي?لي ?8).*$"
linked_sources = links("/source/")
SOURCE_KEYS = ("source", "sourceName", "source_name", "publisher", "publisherName", "provider")
DATE_KEYS = (
    "publishedAt",
    "published_at",
    "publishDate",
    "publicationDate",
    "pubDate",
    "datePublished",
    "date",
)
BODY_KEYS = ("content", "body", "articleBody", "text", "fullText")


class Credit(NamedTuple):
    """What stands under the title: the publisher and a date, printed without a space between them."""

    source: str | None = None
    date: str | None = None


def credit(given: Sequence[str]) -> Credit:
    """The publisher and date in the first line, or in two that belong together."""
    candidates = [
        *given[:1],
        *("".join(given[i : i + 2]) for i in range(min(2, len(given) - 1))),
        *given[1:2],
    ]
    found = next((match for line in candidates if (match := CREDIT.fullmatch(line))), None)
    if found is None:
        return Credit()
    return Credit(found["source"].strip(" |·•-") or None, found["date"])


@once
def printed(page: Page) -> Credit:
    head = headline(page)
    beside = (head.tail or "").strip() if head is not None else ""
    return credit([beside, *byline(page)] if beside else byline(page))


@once
def record(page: Page) -> Mapping[str, object]:
    """The object of this article in the page's data: the one that has its number or its title."""
    number, title = NUMBER(page), headline_text(page)
    return next(
        (
            each
            for each in records(page)
            if "title" in each and (number in each.values() or each["title"] == title)
        ),
        {},
    )


def recorded(keys: tuple[str, ...]) -> Finder[str]:
    def find(page: Page) -> str | None:
        values = ((record(page) or {}).get(key) for key in keys)
        names = (value.get("name") if isinstance(value, Mapping) else value for value in values)
        return next((name for name in names if isinstance(name, str) and name), None)

    return find


def publisher(page: Page) -> str | None:
    """The publisher that is credited; Daily8 itself never is."""
    return not_itself(
        (printed(page) or Credit()).source
        or recorded(SOURCE_KEYS)(page)
        or next(iter(linked_sources(page) or ()), None)
    )


def not_itself(name: str | None) -> str | None:
    return None if name is None or name.lower().replace(" ", "") == "daily8" else name


def without_repeats(lines: Iterable[str]) -> list[str]:
    """The lines of a story; captions of pictures that were lost stand in it twice, or more often."""
    given = [line for line in (" ".join(each.split()) for each in lines) if line]
    counts = Counter(given)
    return [line for line in given if counts[line] == 1]


def plain_story(page: Page) -> Element | str | None:
    """The text block: one element with line breaks, rarely with markup of its own."""
    block = story(stop=STOP)(page)
    if block is None or any(
        node.tag not in {"br", "a", "b", "i", "em", "strong", "span"} for node in block.iterdescendants()
    ):
        return block
    rows = "".join("\n" if node.tag == "br" else "" for node in block) and as_rows(block)
    return rows or block


def as_rows(block: Element) -> str | None:
    """The block again, if no line of it is repeated; else its lines as text."""
    text = "".join(f"{node.text or ''}" if node is block else _piece(node) for node in block.iter())
    lines = [line for line in (" ".join(each.split()) for each in text.split("\n")) if line]
    kept = without_repeats(lines)
    return None if len(kept) == len(lines) else "<br>".join(escape(line, quote=False) for line in kept)


def _piece(node: Element) -> str:
    return ("\n" if node.tag == "br" else node.text or "") + (node.tail or "")


def recorded_story(page: Page) -> str | None:
    said = recorded(BODY_KEYS)(page) or json_ld("articleBody")(page)
    if not isinstance(said, str) or "<p" in said or said.startswith("$"):
        return said if isinstance(said, str) and "<p" in said else None
    return "<br>".join(escape(line, quote=False) for line in without_repeats(said.split("\n"))) or None


def is_article(page: Page) -> bool | str:
    return A_TAG if TAG.match(text("title")(page) or "") else not_listed(page)


def is_captured_article(page: Page) -> bool | str:
    return A_TAG if any(TAG.match(line.text) for line in sheet(page)[:20]) else not_captured_listing(page)


A_TAG = "a tag page, not an article"
TAG = re.compile(r"Latest news with #|آخر الأخبار مع #|أحدث الأخبار .{0,10}#")
LISTS = r"^https?://[^/]+/(?!(?:en/)?article/)"


NUMBER = address_part(r"/article/([0-9a-f]{32})")
CONTENT: Finder[Element | str] = once(first_of(plain_story, recorded_story))
not_listed = recipes.refuse_listings(LISTS, CONTENT)
ARTICLE = Recipe(
    title=first_of(headline_text, meta("og:title", strip=BRAND), text("title", strip=BRAND), text("h2")),
    content=CONTENT,
    published=each_of(
        lambda page: (printed(page) or Credit()).date,
        recorded(DATE_KEYS),
        json_ld("datePublished"),
        meta("article:published_time"),
    ),
    source=publisher,
    tags=links("/hashtag/", AFTER),
    image=each_of(meta("og:image"), css("main img[src*='_next/image'], article img")),
    number=NUMBER,
    stop=STOP,
    is_article=is_article,
)


class Capture(NamedTuple):
    """The parts of a plain-text capture."""

    title: str | None = None
    credit: Credit = Credit()
    body: tuple[Line, ...] = ()
    tags: tuple[str, ...] = ()


@once
def capture(page: Page) -> Capture:
    lines = sheet(page)
    head = until(lines, ENDS)
    # The title is printed twice: as the picture's alternative text, and as the headline.
    last = next((i for i in range(1, len(head)) if head[i].text in {line.text for line in head[:i]}), None)
    if last is None:
        return Capture()
    rest = head[last + 1 :]
    said = credit([line.text for line in rest[:2]])
    skipped = next(
        (i for i, line in enumerate(rest[:2], 1) if said.date and line.text.endswith(said.date)), 0
    )
    kept = set(without_repeats(line.text for line in rest[skipped:]))
    body = tuple(line._replace(gap=False) for line in rest[skipped:] if line.text in kept)
    tags = (line.text for line in lines[len(head) : len(head) + 30])
    return Capture(
        head[last].text,
        said,
        body,
        tuple(tag for each in tags for tag in each.split() if tag.startswith("#")),
    )


def captured(page: Page) -> Capture:
    return capture(page) or Capture()


not_captured_listing = recipes.refuse_walls(
    lambda page: captured(page).title,
    lambda page: as_html(captured(page).body),
    LISTS,
    lambda page: captured(page).credit.date,
)
CAPTURE = Recipe(
    title=lambda page: captured(page).title,
    content=lambda page: as_html(captured(page).body) or None,
    published=lambda page: captured(page).credit.date,
    source=lambda page: not_itself(captured(page).credit.source),
    tags=lambda page: captured(page).tags,
    number=NUMBER,
    stop=STOP,
    is_article=is_captured_article,
)


def recogniser(language: str, marks: str) -> Callable[[Page], bool]:
    ours = re.compile(marks)

    def recognises(page: Page) -> bool:
        if page.kind == "text":
            return any(ours.fullmatch(line.text) for line in sheet(page))
        declared = page.tree.get("lang") or ("ar" if re.search("[ء-ي]", headline_text(page) or "") else "en")
        name = page.meta.get("og:site_name", "").replace(" ", "").lower()
        return (
            name == "daily8" or bool(ours.search(page.body)) or "daily8.com/" in page.body
        ) and declared.lower().startswith(language)

    return recognises


def listings(folder: str, tag: str) -> tuple[Listing, ...]:
    """The front pages of its hosts, and a page of a tag that is never empty: there is no feed."""
    return (
        Listing(url=f"https://{HOSTS[0]}{folder or '/'}", kind="links"),
        Listing(url=f"https://{HOSTS[0]}{folder}/hashtag/{quote(tag)}", kind="links"),
        *(Listing(url=f"https://{host}{folder or '/'}", kind="links") for host in HOSTS[1:]),
    )


def edition(slug: str, name: str, marks: str, *, language: str, folder: str, tag: str) -> Outlet:
    return Outlet(
        slug=slug,
        name=name,
        language=language,
        timezone="Asia/Dubai",
        hosts=tuple(host + folder for host in HOSTS),
        home=HOSTS[0],
        article=ARTICLE,
        capture=CAPTURE,
        recognises=recogniser(language, marks),
        sentinels=(*JUNK, *recipes.CHROME_LINES),
        articles=rf"{folder}/article/[0-9a-f]{{32}}/?$",
        listings=listings(folder, tag),
        republishes=True,
    )


@hookimpl
def cleanfeed_outlets() -> Iterable[Outlet]:
    return [
        edition(
            "daily8-en",
            "Daily8",
            r"Explore what Daily8 AI can do for you:?|Try Our AI Features|Download Daily8 app today",
            language="en",
            folder="/en",
            tag="UAE",
        ),
        edition(
            "daily8-ar",
            "Daily8 عربي",
            r"اكتشف ما يمكن أن يفعله Daily8 AI من أجلك:?|جرب ميزات الذكاء الاصطناعي لدينا|تطبيق دايلي 8",
            language="ar",
            folder="",
            tag="الإمارات",
        ),
    ]
