"""Daily8: an aggregator's English and Arabic editions; what it prints is credited to the publisher."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import NamedTuple

from cleanfeed import Outlet, Page, Recipe, hookimpl, recipes
from cleanfeed.finders import (
    Line,
    address_part,
    as_html,
    attribute,
    byline,
    each_of,
    embedded_json,
    first_of,
    headline_text,
    json_ld,
    meta,
    sheet,
    story,
    text,
    until,
)

HOSTS = ("www.daily8.com", "test.daily8.com", "main.d358xbzettaslu.amplifyapp.com")
STOP = (
    r"Orange background", r"Hashtags:?", r"هاشتاغز?:?", r"Try Our AI Features", r"Explore what Daily8 AI can do for you:",
    r"Comments", r"No comments yet\.*", r"Related Articles", r"DOWNLOAD THE APP", r"Get Started Now: Download the App",
    r"جرب ميزات الذكاء الاصطناعي لدينا", r"اكتشف ما يمكن أن يفعله Daily8 AI من أجلك:", r"التعليقات", r"لا يوجد تعليقات بعد\.*",
    r"أخبار ذات صلة", r"حمّ?ل التطبيق.*",
)  # fmt: skip
AGE = r"(?:an?|\d+) \w+ ago|just now|yesterday|منذ .+|قبل .+|الآن|أمس"
SENTINELS = (rf"time(?:{AGE})", r"app-storeplay-store", r"logo", r"mailto:.*", r"PEXELS|UNSPLASH|SHUTTERSTOCK")
CREDIT = re.compile(rf"(?P<source>.*?)\s*(?:time)?(?P<date>\d{{1,2}}-\d{{1,2}}-\d{{4}}|{AGE})")
BRAND = r"\s*[|–-]\s*(?:Daily ?8|دي?لي ?8).*$"
HEX = r"/article/([0-9a-f]{32})"
SOURCE_KEYS = ("source", "sourceName", "source_name", "publisher", "publisherName", "provider")
DATE_KEYS = ("publishedAt", "published_at", "publishDate", "publicationDate", "pubDate", "datePublished", "date")


class Credit(NamedTuple):
    """What stands under the title: the publisher and a date, printed without a space between them."""

    source: str | None
    date: str | None


def credit(lines: Iterable[str]) -> Credit:
    """The publisher and date of the first line, or of two that belong together."""
    given = list(lines)[:4]
    together = [first + second for first, second in zip(given, given[1:], strict=False)]
    for candidate in [*given[:1], *together[:1], *given[1:], *together[1:]]:
        found = CREDIT.fullmatch(candidate)
        if found and (found["source"] or candidate is not given[0] or len(given) == 1):
            return Credit(found["source"].strip(" |·•-") or None, found["date"])
    return Credit(None, None)


def printed(page: Page) -> Credit:
    return page.view("daily8", lambda page: credit(byline(page)))


def record(page: Page) -> Mapping[str, object]:
    """The object of this article in the page's embedded JSON: the one that has its number or its title."""
    number, title = NUMBER(page), headline_text(page)
    data = embedded_json("script#__NEXT_DATA__")(page)
    return next((each for each in objects(data) if "title" in each and (number in each.values() or each["title"] == title)), {})


def objects(data: object, depth: int = 12) -> Iterator[Mapping[str, object]]:
    if isinstance(data, Mapping) and depth:
        yield data
        for value in data.values():
            yield from objects(value, depth - 1)
    elif isinstance(data, list) and depth:
        for value in data[:100]:
            yield from objects(value, depth - 1)


def recorded(keys: tuple[str, ...]) -> Callable[[Page], str | None]:
    def find(page: Page) -> str | None:
        values = (page.view("daily8-record", record).get(key) for key in keys)
        names = (value.get("name") if isinstance(value, Mapping) else value for value in values)
        return next((name for name in names if isinstance(name, str) and name), None)

    return find


def not_itself(page: Page) -> str | None:
    found = printed(page).source or recorded(SOURCE_KEYS)(page)
    return None if found is None or found.lower().replace(" ", "") == "daily8" else found


def hashtags(page: Page) -> list[str]:
    """The tags above the first heading of what follows: related articles have tags of their own."""
    ends = re.compile("|".join(f"(?:{each})" for each in STOP[3:]))
    found: list[str] = []
    for node in page.tree.iter("a", "h2", "h3", "p", "span", "div"):
        if node.tag == "a" and "/hashtag/" in (node.get("href") or ""):
            found.append(" ".join(node.itertext()))
        elif node.text and ends.fullmatch(node.text.strip()):
            break
    return found


def is_article(page: Page) -> bool | str:
    title = text("title")(page) or ""
    if re.match(r"Latest news with #|آخر الأخبار مع #", title):
        return "a tag page, not an article"
    return recipes.refuse_addresses(r"^https?://[^/]+/(?!(?:en/)?article/)")(page)


NUMBER = address_part(HEX)
ARTICLE = Recipe(
    title=first_of(headline_text, meta("og:title", strip=BRAND), text("title", strip=BRAND), text("h2")),
    content=story(stop=STOP),
    published=each_of(
        lambda page: printed(page).date, recorded(DATE_KEYS), json_ld("datePublished"), meta("article:published_time")
    ),
    source=not_itself,
    tags=hashtags,
    image=each_of(meta("og:image"), attribute("main img[src*='_next/image'], article img", "src")),
    number=NUMBER,
    stop=STOP,
    is_article=is_article,
)


class Capture(NamedTuple):
    """The parts of a plain-text capture."""

    title: str | None
    credit: Credit
    body: list[Line]
    tags: list[str]


ENDS = re.compile("|".join(f"(?:{each})" for each in STOP))


def capture(page: Page) -> Capture:
    return page.view("daily8-capture", take_apart)


def take_apart(page: Page) -> Capture:
    lines = sheet(page)
    head = until(lines, ENDS)
    # The title is printed twice: as the picture's alternative text, and as the headline.
    last = next((i for i in range(1, len(head)) if head[i].text in {line.text for line in head[:i]}), None)
    if last is None:
        return Capture(None, Credit(None, None), [], [])
    rest = head[last + 1 :]
    said = credit([rest[0].text] if rest else [])
    tags = [line.text for line in lines[len(head) : len(head) + 30] if line.text.startswith("#")]
    return Capture(head[last].text, said, rest[1:] if said.date else rest, tags)


CAPTURE = Recipe(
    title=lambda page: capture(page).title,
    content=lambda page: as_html([line._replace(gap=False) for line in capture(page).body]) or None,
    published=lambda page: capture(page).credit.date,
    source=lambda page: capture(page).credit.source,
    tags=lambda page: capture(page).tags,
    number=NUMBER,
    stop=STOP,
)


def recogniser(language: str, marks: str) -> Callable[[Page], bool]:
    ours = re.compile(marks)

    def recognises(page: Page) -> bool:
        if page.kind == "text":
            return any(ours.fullmatch(line.text) for line in sheet(page))
        return "daily8" in page.body.lower() and (page.tree.get("lang") or "").lower().startswith(language)

    return recognises


def edition(slug: str, name: str, language: str, folder: str, marks: str) -> Outlet:
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
        sentinels=SENTINELS,
    )


@hookimpl
def cleanfeed_outlets() -> Iterable[Outlet]:
    return [
        edition("daily8-en", "Daily8", "en", "/en", r"Explore what Daily8 AI can do for you:|Try Our AI Features"),
        edition("daily8-ar", "Daily8 عربي", "ar", "", r"اكتشف ما يمكن أن يفعله Daily8 AI من أجلك:|جرب ميزات الذكاء الاصطناعي لدينا"),
    ]
