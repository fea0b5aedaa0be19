"""Pages of links as listings: front pages, sections, archives."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from cleanfeed.addresses import host_of
from cleanfeed.encoding import check_html
from cleanfeed.errors import ListingError, UnreadablePage
from cleanfeed.markup import text_of
from cleanfeed.model import Page
from cleanfeed.sources.cards import Card, Given, Sheet, title_of
from cleanfeed.walls import wall

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cleanfeed.markup import Element

_WRITTEN = re.compile(r'\\?"((?:https?:(?:\\?/){2}|\\?/)[^"<>\s]{1,400}?)\\?"')
"""A quoted address, as the data of pages has it that build themselves by script."""
_MOST_WRITTEN = 20_000


def read_links(given: Given) -> Sheet:
    """All links of a page, in the order of the document; then the addresses in its scripts' data."""
    page = sound_page(given)
    links = [node for node in page.tree.iter("a") if node.get("href")]
    base = _base(page, given.address)
    cards = [Card((_joined(base, node.get("href") or ""),), title=title_of(text_of(node))) for node in links]
    return Sheet("links", [*cards, *_written(given, base)], list(_next(page.tree, base)))


def sound_page(given: Given) -> Page:
    """The listing as a page; a wall, or what is no HTML, is a `ListingError`."""
    page = Page(body=given.text, url=given.address, retrieved=given.retrieved, name=given.address)
    try:
        # A listing may leave its end tags out: what is cut of it is found the next time.
        check_html(f"{given.text}</html>", given.address)
        kind = wall(page)
    except UnreadablePage as error:
        raise ListingError(given.address, error.reason) from error
    if kind:
        raise ListingError(given.address, kind.replace("not an article", "not a listing"))
    return page


def _base(page: Page, address: str) -> str:
    """`<base>`, where it stays on the page's own host."""
    declared = next((node.get("href") for node in page.tree.iter("base") if node.get("href")), None)
    joined = _joined(address, declared or "")
    return joined if host_of(joined) == host_of(address) else address


def _joined(base: str, address: str) -> str:
    try:
        return urljoin(base, address.strip())
    except ValueError:  # urllib raises it for "http://[::1"
        return ""


def _next(root: Element, base: str) -> Iterator[str]:
    for node in root.iter("link", "a"):
        if "next" in (node.get("rel") or "").lower().split() and node.get("href"):
            yield _joined(base, node.get("href") or "")


def _written(given: Given, base: str) -> Iterator[Card]:
    for number, found in enumerate(_WRITTEN.finditer(given.text)):
        if number == _MOST_WRITTEN:
            return
        yield Card((_joined(base, found[1].replace("\\/", "/").rstrip("\\")),))
