"""The addresses that a page gives as its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cleanfeed.addresses import canonical
from cleanfeed.landmarks import landmarks

if TYPE_CHECKING:
    from cleanfeed.model import Page


def declared_addresses(page: Page) -> list[str]:
    """The addresses under which the page says that it lives: where it was had, canonical link, `og:url`."""
    return page.view("addresses", _declared)


def _declared(page: Page) -> list[str]:
    found = [page.url] if page.url else []
    if page.kind == "html":
        links = (node for node in landmarks(page)["link"] if (node.get("rel") or "").lower() == "canonical")
        found += [link.get("href") or "" for link in links]
        found += [page.meta[name] for name in ("og:url", "al:web:url") if name in page.meta]
    base = page.url
    return [address for each in found if each and (address := canonical(each, base))]


def address_of(page: Page) -> str | None:
    """The page's canonical address: what `choose_address` chose, else the first that it declares."""
    found: str | None = page.view("address", lambda page: next(iter(declared_addresses(page)), None))
    return found
