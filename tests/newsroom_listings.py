"""What the newsroom's outlets list, and where: feeds, sitemaps, pages of links, WordPress's answers."""

from __future__ import annotations

import json
import re
from email.utils import format_datetime
from html import escape
from typing import TYPE_CHECKING
from zlib import crc32

from newsroom_editions import SECTIONS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from newsroom_editions import Article, Edition

Made = tuple[str, str]
"""A media type, and a text."""
PER_PAGE = 20
IN_A_FEED = 30
_EPOCH = "Thu, 01 Jan 2026 00:00:00 GMT"


def listing(edition: Edition, articles: Sequence[Article], target: str) -> Made | None:
    """What stands at a path (with its query) that is no article's; `articles` are newest first."""
    for pattern, make in _PLACES[edition.family]:
        found = re.fullmatch(pattern, target)
        made = make(edition, articles, found) if found else None
        if made:
            return made
    return None


def _rss(edition: Edition, articles: Sequence[Article], full: bool = False) -> Made:
    newest = articles[:IN_A_FEED]
    built = format_datetime(newest[0].published) if newest else _EPOCH
    items = "\n".join(_item(article, full) for article in newest)
    return "application/rss+xml; charset=UTF-8", (
        '<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0" '
        'xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/">\n'
        f"<channel><title>{edition.slug}</title><link>{edition.origin}/</link><description>News</description>"
        f"<lastBuildDate>{built}</lastBuildDate>\n{items}\n</channel></rss>\n"
    )


def _item(article: Article, full: bool) -> str:
    story = article.story
    content = f"<content:encoded><![CDATA[{story.prose()}]]></content:encoded>" if full else ""
    return (
        f"<item><title>{escape(article.title)}</title><link>{escape(article.listed or article.url)}</link>"
        f'<guid isPermaLink="false">{article.url}</guid><dc:creator><![CDATA[{story.author}]]></dc:creator>'
        f"<category><![CDATA[{article.section}]]></category>"
        f"<pubDate>{format_datetime(article.published)}</pubDate>"
        f"<description>{escape(story.deck)}</description>{content}</item>"
    )


def _feed(edition: Edition, articles: Sequence[Article], _found: re.Match[str]) -> Made:
    return _rss(edition, articles)


def _full_feed(edition: Edition, articles: Sequence[Article], found: re.Match[str]) -> Made | None:
    number = int(found["number"] or 1)
    rest = articles[(number - 1) * IN_A_FEED :]
    return _rss(edition, rest, full=True) if rest or number == 1 else None


def _section_feed(edition: Edition, articles: Sequence[Article], found: re.Match[str]) -> Made:
    return _rss(edition, in_section(articles, found["section"]), full=True)


# --- sitemaps

_XML = "application/xml; charset=utf-8"
_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
_XMLNS = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'


def _index(addresses: Iterable[str]) -> Made:
    rows = "\n".join(f"<sitemap><loc>{address}</loc></sitemap>" for address in addresses)
    return _XML, f"{_HEAD}<sitemapindex {_XMLNS}>\n{rows}\n</sitemapindex>\n"


def _urlset(articles: Iterable[Article], *, dated: bool) -> Made:
    rows = "\n".join(
        f"<url><loc>{escape(article.listed or article.url)}</loc>"
        + (f"<lastmod>{article.published.isoformat()}</lastmod>" if dated else "")
        + "</url>"
        for article in articles
    )
    return _XML, f"{_HEAD}<urlset {_XMLNS}>\n{rows}\n</urlset>\n"


def _monthly_index(edition: Edition, articles: Sequence[Article], _found: re.Match[str]) -> Made:
    months = dict.fromkeys((article.published.year, article.published.month) for article in articles)
    return _index(f"{edition.origin}/sitemaps/all/sitemap-{year}-{month}.xml" for year, month in months)


def _month(_edition: Edition, articles: Sequence[Article], found: re.Match[str]) -> Made | None:
    wanted = int(found["year"]), int(found["month"])
    of_month = [each for each in articles if (each.published.year, each.published.month) == wanted]
    return _urlset(of_month, dated=False) if of_month else None


def _wordpress_index(edition: Edition, _articles: Sequence[Article], _found: re.Match[str]) -> Made:
    return _index([f"{edition.origin}/post-sitemap.xml"])


def _sitemap(_edition: Edition, articles: Sequence[Article], _found: re.Match[str]) -> Made:
    return _urlset(articles, dated=True)


# --- pages of links


def in_section(articles: Iterable[Article], name: str) -> list[Article]:
    """The articles of a section; a section that nobody filed under shows some of all."""
    known = name if name in SECTIONS else {"business": "economy", "sport": "sports"}.get(name)
    if known:
        return [article for article in articles if known in article.sections]
    return [article for article in articles if (article.number + crc32(name.encode())) % 2 == 0]


def _front(edition: Edition, articles: Sequence[Article], _found: re.Match[str]) -> Made:
    return _links(edition, articles[:PER_PAGE])


def _front_of_folder(edition: Edition, articles: Sequence[Article], found: re.Match[str]) -> Made | None:
    return _links(edition, articles[:PER_PAGE]) if (found["folder"] or "ar") == edition.language else None


def _section(edition: Edition, articles: Sequence[Article], found: re.Match[str]) -> Made | None:
    parts = found.groupdict()
    name = parts.get("section")
    chosen = in_section(articles, name) if name and name not in {"news", "latest"} else list(articles)
    number = int(parts.get("page") or 1)
    shown = chosen[(number - 1) * PER_PAGE : number * PER_PAGE]
    return _links(edition, shown) if shown or number == 1 else None


def _links(edition: Edition, articles: Iterable[Article]) -> Made:
    cards = "\n".join(_card(article) for article in articles)
    return "text/html; charset=utf-8", (
        f'<!DOCTYPE html><html lang="{edition.language}"><head><meta charset="utf-8"><title>News</title></head><body>'
        f'<header><nav><a href="/">Home</a> <a href="/about/">About</a> <a href="https://elsewhere.example/x">x</a>'
        f"</nav></header><main>\n{cards}\n</main><footer><a href='/terms/'>Terms</a></footer></body></html>"
    )


def _card(article: Article) -> str:
    """As all of them do it: the picture is a link, and the headline is one."""
    return "".join(
        f'<article class="media-caption post-item"><a class="img-link" href="{path}"><img src="/i/{article.key}.jpg" '
        f'alt=""></a><div class="post-title"><h3><a href="{path}">{escape(article.title)}</a></h3></div></article>'
        for path in (escape(article.listed or article.path), *article.also)
    )


def _posts(_edition: Edition, articles: Sequence[Article], found: re.Match[str]) -> Made | None:
    number = re.search(r"[?&]page=(\d+)", found[0])
    page = int(number[1]) if number else 1
    shown = articles[(page - 1) * PER_PAGE : page * PER_PAGE]
    posts = [
        {
            "id": int(article.key),
            "link": article.url,
            "date_gmt": article.published.strftime("%Y-%m-%dT%H:%M:%S"),
            "title": {"rendered": escape(article.title)},
            "content": {"rendered": article.story.prose(), "protected": False},
        }
        for article in shown
    ]
    return ("application/json; charset=UTF-8", json.dumps(posts)) if shown or page == 1 else None


Place = tuple[str, "Callable[[Edition, Sequence[Article], re.Match[str]], Made | None]"]
_SECTION = r"(?P<section>[\w-]+)"
_PAGE = r"(?:page/(?P<page>\d+)/?)?"
_QUERY = r"(?:\?.*)?"
_PLACES: dict[str, tuple[Place, ...]] = {
    "almayadeen": (
        (rf"/sitemaps/all\.xml{_QUERY}", _monthly_index),
        (r"/sitemaps/all/sitemap-(?P<year>\d+)-(?P<month>\d+)\.xml", _month),
        (r"/rss(?:\.xml|/all(?:-news)?|/news)?", _feed),
        (r"/", _front),
        (rf"/(?:news|articles)/{_SECTION}/?", _section),
    ),
    "almanar": (
        (r"/rss/?", _feed),
        (rf"/cat/{_SECTION}/?{_PAGE}", _section),
        (r"/", _front),
        (rf"/wp-json/wp/v2/posts/?{_QUERY}", _posts),
    ),
    "daily8": (
        (r"/(?P<folder>en)?/?", _front_of_folder),
        (r"/(?:(?P<folder>en)/)?hashtag/[^/]+", _front_of_folder),
    ),
    "arise": (
        (r"/feed/?(?:\?paged=(?P<number>\d+))?", _full_feed),
        (rf"/category/{_SECTION}/feed/?", _section_feed),
        (rf"/category/{_SECTION}/{_PAGE}", _section),
        (rf"/wp-json/wp/v2/posts/?{_QUERY}", _posts),
        (r"/sitemap_index\.xml", _wordpress_index),
        (r"/post-sitemap\.xml", _sitemap),
        (r"/", _front),
    ),
    "town": (
        (r"/feed\.xml", _feed),
        (r"/sitemap\.xml", _sitemap),
        (rf"/section/{_SECTION}/{_PAGE}", _section),
        (r"/", _front),
    ),
}
