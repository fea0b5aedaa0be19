"""The recipe for pages of any site: metadata where there is some, and a guess at the body."""

from __future__ import annotations

import logging
import re
from datetime import UTC, timedelta, timezone
from functools import lru_cache
from html import escape
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from cleanfeed.addresses import canonical, host_of
from cleanfeed.anysite.verdict import is_article
from cleanfeed.below import date_lines
from cleanfeed.dates import parse
from cleanfeed.declared import address_of, declared_addresses
from cleanfeed.errors import ConfigError
from cleanfeed.finders import (
    Finder,
    attribute,
    first_nearby,
    first_of,
    headline_text,
    json_ld,
    json_ld_image,
    json_ld_names,
    meta,
    meta_all,
    once,
    text,
)
from cleanfeed.ids import identity
from cleanfeed.markup import Element
from cleanfeed.model import ANY_SITE
from cleanfeed.outlet import Outlet, Recipe
from cleanfeed.recipes import CHROME_LINES, WORDPRESS, video_alone

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cleanfeed.model import Page

_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")
_ARABIC = re.compile("[\u0600-\u06ff]")
_SAMPLE = 50_000
_UNKNOWN = "und"
"""What BCP 47 calls a language that is not known."""
_HOUR = timezone(timedelta(hours=1))


def check_installed() -> None:
    """A `ConfigError` that says what to install, where the library that guesses is missing."""
    if find_spec("trafilatura") is None:
        raise ConfigError(
            "any_site: reads pages with trafilatura, which is not installed: pip install 'cleanfeed[any]'"
        )


def outlet_for(page: Page) -> Outlet:
    """The outlet of last resort, in the language of this page; settles the page's address too."""
    page.view("address", _address)
    return _outlet(_language(page))


@lru_cache(maxsize=64)
def _outlet(language: str) -> Outlet:
    return Outlet(
        slug=ANY_SITE,
        name="Other sites",
        language=language,
        timezone="UTC",
        hosts=("cleanfeed.invalid",),
        article=_RECIPE,
        sentinels=CHROME_LINES,
    )


def _address(page: Page) -> str | None:
    """The canonical link where it names a page of the same host, else where the page was had."""
    had = canonical(page.url) if page.url else None
    host = host_of(had) if had else None
    named = (each for each in declared_addresses(page) if urlsplit(each).path.strip("/"))
    declared = [each for each in named if host is None or host_of(each) == host]
    return next((each for each in declared if each != had), None) or had or next(iter(declared), None)


def _language(page: Page) -> str:
    told = page.tree.get("lang") or page.tree.get("{http://www.w3.org/XML/1998/namespace}lang") or ""
    named = (told, page.meta.get("content-language", ""), page.meta.get("og:locale", ""))
    found = (each.strip().replace("_", "-") for each in named)
    sound = next((each for each in found if _LANGUAGE.fullmatch(each)), None)
    if sound:
        return sound
    letters = len(_ARABIC.findall(page.body[:_SAMPLE]))
    return "ar" if letters > min(len(page.body), _SAMPLE) // 10 else _UNKNOWN


def _guessed(page: Page) -> str | None:
    """The body as HTML; cleaned afterwards as every body is."""
    from trafilatura import extract  # noqa: PLC0415  # slow, and an extra: only where it is wished for

    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)  # what it cannot read is told by us
    found: str = (
        extract(
            page.body,
            output_format="html",
            favor_precision=True,
            include_comments=False,
            include_formatting=True,
            include_images=True,
            include_links=True,
            include_tables=True,
            with_metadata=False,
        )
        or ""
    )
    for line in date_lines(page) if found else ():
        found = found.replace(f"<p>{escape(line)}</p>", "", 1)
    return found or None


def _time_nearby(page: Page) -> str | None:
    node = first_nearby("time[datetime]")(page)
    return node.get("datetime") if isinstance(node, Element) else None


def _honest(*finders: Finder[Any]) -> Finder[Any]:
    """The dates that finders find; where one has a time without a zone, its day alone, as it is written."""

    def find(page: Page) -> Iterator[Any]:
        for finder in finders:
            found = finder(page)
            if isinstance(found, str):
                yield _zoned(found)

    return find


def _zoned(told: str) -> str:
    here, there = parse(told, UTC), parse(told, _HOUR)
    if here is None or there is None or here.precision or here.time == there.time:
        return told
    return here.time.date().isoformat()


def _number(page: Page) -> str | None:
    """Host and path: what is the same path on another host is another article."""
    address = address_of(page)
    return f"{host_of(address)}/{identity(address)}" if address else None


GUESS: Finder[Any] = once(_guessed)
_RECIPE = Recipe(
    title=first_of(
        headline_text,
        meta("og:title"),
        json_ld("headline"),
        text("title", strip=r"\s+[|–—-]\s+[^|–—-]{2,40}$"),
    ),
    content=GUESS,
    published=_honest(
        meta("article:published_time", "og:article:published_time"),
        json_ld("datePublished"),
        attribute("[itemprop=datePublished][datetime]", "datetime"),
        attribute("[itemprop=datePublished][content]", "content"),
        meta("datepublished", "parsely-pub-date", "dc.date.issued", "dc.date", "dcterms.created", "date"),
        _time_nearby,
    ),
    updated=_honest(meta("article:modified_time", "og:updated_time"), json_ld("dateModified")),
    summary=meta("og:description", "description"),
    authors=first_of(json_ld_names("author"), meta("author")),
    section=first_of(meta("article:section"), json_ld("articleSection")),
    tags=first_of(meta_all("article:tag"), json_ld("keywords")),
    image=first_of(meta("og:image", "og:image:url", "twitter:image"), json_ld_image),
    kind=video_alone(GUESS),
    number=_number,
    stop=WORDPRESS.stop,
    is_article=is_article(GUESS),
)
