"""A made-up outlet, its listings in all forms, and a web of answers that counts what it is asked."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from cleanfeed import Listing, Outlet, recipes
from cleanfeed.errors import FetchError
from cleanfeed.fetch.answer import Answer, Ask
from cleanfeed.outlet import Directory
from cleanfeed.sources.listings import Found, read_listing

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

SITE = "https://www.gazette.example"
NOW = datetime(2026, 10, 14, 8, tzinfo=UTC)
GAZETTE = Outlet(
    slug="gazette",
    name="The Gazette",
    language="en",
    timezone="Asia/Beirut",
    hosts=("www.gazette.example", "gazette-mirror.example"),
    article=recipes.WORDPRESS,
    articles=r"/news/[a-z0-9-]+/?$",
    listings=(f"{SITE}/feed/",),
)
OTHER = replace(GAZETTE, slug="other", hosts=("other.example",))
DIRECTORY = Directory([GAZETTE, OTHER])


def answer(body: str | bytes, url: str = f"{SITE}/feed/", **about: Any) -> Answer:
    raw = body.encode() if isinstance(body, str) else body
    given = {"url": url, "final": url, "status": 200, "body": raw, "retrieved": NOW}
    return Answer(**given | about)


def read(body: str | bytes, *, most: int = 200, outlet: Outlet = GAZETTE, **listing: Any) -> Found:
    address = listing.pop("url", f"{SITE}/feed/")
    return read_listing(answer(body, address), Listing(url=address, **listing), outlet, DIRECTORY, most=most)


def urls(found: Found) -> list[str]:
    """What follows the site's address."""
    return [link.url.removeprefix(SITE) for link in found.links]


def item(name: str, date: str = "", **parts: str) -> str:
    told = {"link": f"{SITE}/news/{name}/", "pubDate": date, **parts}
    return "<item>" + "".join(f"<{key}>{value}</{key}>" for key, value in told.items() if value) + "</item>"


def rss(*items: str, more: str = "") -> str:
    return (
        '<?xml version="1.0" encoding="UTF-8"?><rss version="2.0" '
        'xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/" '
        f'xmlns:atom="http://www.w3.org/2005/Atom"><channel><title>The Gazette</title>{more}{"".join(items)}'
        "</channel></rss>"
    )


def feed(*names: str, date: str = "Wed, 14 Oct 2026 06:00:00 GMT") -> str:
    return rss(*(item(name, date) for name in names))


def urlset(*names: str) -> str:
    rows = "".join(f"<url><loc>{SITE}/news/{name}/</loc></url>" for name in names)
    return f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{rows}</urlset>'


def index(*names: str) -> str:
    rows = "".join(f"<sitemap><loc>{SITE}/{name}</loc></sitemap>" for name in names)
    return f'<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{rows}</sitemapindex>'


def page(*hrefs: str, title: str = "News", head: str = "", body: str = "") -> str:
    links = "".join(f'<a href="{href}">A headline of this page</a>' for href in hrefs)
    return f"<!doctype html><html><head><title>{title}</title>{head}</head><body>{links}{body}</body></html>"


class Web:
    """Answers by address: a body, a failure (its kind), or an `Answer`; what is not here is gone."""

    def __init__(self, answers: Mapping[str, str | bytes | Answer | FetchError]) -> None:
        self.answers = answers
        self.asked: list[Ask] = []

    def get(self, ask: Ask) -> Answer:
        self.asked.append(ask)
        found = self.answers.get(ask.url) or FetchError(ask.url, "404 Not Found", "gone", 404)
        if isinstance(found, FetchError):
            raise found
        return found if isinstance(found, Answer) else answer(found, ask.url)

    @property
    def addresses(self) -> list[str]:
        return [ask.url for ask in self.asked]


def blocked(url: str) -> FetchError:
    return FetchError(url, "403 Forbidden", "blocked", 403)


def numbered(first: int, count: int) -> Iterable[str]:
    return [f"a-{number}" for number in range(first, first + count)]
