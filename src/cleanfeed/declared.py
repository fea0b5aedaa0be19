"""The addresses that a page gives as its own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from cleanfeed.addresses import canonical
from cleanfeed.landmarks import landmarks
from cleanfeed.markup import ARTICLE_TYPES

if TYPE_CHECKING:
    from cleanfeed.model import Page


def declared_addresses(page: Page) -> list[str]:
    """The addresses under which the page says that it lives: where it was had, canonical link, `og:url`.

    A page without these two is asked for the address in the data of its one article (JSON-LD).
    """
    return page.view("addresses", _declared)


def _declared(page: Page) -> list[str]:
    found = [page.url] if page.url else []
    if page.kind == "html":
        links = (node for node in landmarks(page)["link"] if (node.get("rel") or "").lower() == "canonical")
        named = [link.get("href") or "" for link in links]
        named += [page.meta[name] for name in ("og:url", "al:web:url") if name in page.meta]
        found += named if any(named) else _in_data(page)
    base = page.url
    return [address for each in found if each and (address := canonical(each, base))]


def _in_data(page: Page) -> list[str]:
    articles = [thing for thing in page.json_ld if _is_article(thing.get("@type"))]
    # Several articles are the cards of a listing.
    values = [articles[0].get(key) for key in ("mainEntityOfPage", "url")] if len(articles) == 1 else []
    given = (value.get("@id") if isinstance(value, Mapping) else value for value in values)
    return [each for each in given if isinstance(each, str)]


def _is_article(types: object) -> bool:
    given = types if isinstance(types, list) else [types]
    return any(isinstance(each, str) and each in ARTICLE_TYPES for each in given)


def address_of(page: Page) -> str | None:
    """The page's canonical address: what `choose_address` chose, else the first that it declares."""
    found: str | None = page.view("address", lambda page: next(iter(declared_addresses(page)), None))
    return found
