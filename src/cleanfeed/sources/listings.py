"""Listings: where an outlet says what is new, whatever the form; each gives links to its articles."""

from __future__ import annotations

import json
import re
import zlib
from dataclasses import replace
from functools import lru_cache
from itertools import chain, islice, zip_longest
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlsplit
from zoneinfo import ZoneInfo

from cleanfeed.addresses import absolute, canonical, host_of
from cleanfeed.encoding import SIZE_LIMIT, decode
from cleanfeed.errors import ListingError, UnreadablePage
from cleanfeed.items import document
from cleanfeed.outlet import claim_of
from cleanfeed.sources.cards import MOST_SECTIONS, Card, Given, Sheet
from cleanfeed.sources.feedlist import read_atom, read_json_feed, read_rss, words
from cleanfeed.sources.found import INDEX, MOST, Found, Link
from cleanfeed.sources.linklist import read_links, sound_page
from cleanfeed.sources.sitemaps import read_index, read_sitemap
from cleanfeed.sources.wordpress import read_posts
from cleanfeed.sources.xmltree import ROOT, name_of, parse_xml
from cleanfeed.text import cut, plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from cleanfeed.fetch.answer import Answer
    from cleanfeed.outlet import Directory, Listing, Outlet

__all__ = ["INDEX", "MOST", "Found", "Link", "read_listing"]

_HEAD = 65536
_HTML = re.compile(r"<!doctype\s+html|<html\b|<head\b|<body\b", re.IGNORECASE)
_GZIP = b"\x1f\x8b"
_MOST_MEMBERS = 101
"""Of a gzip file, and one more: each costs a copy of what follows it."""
_NO_PAGE = re.compile(
    r"\.(?:jpe?g|png|gif|webp|svg|pdf|mp[34]|m4a|xml|rss|atom|json|css|js|zip|ico)$", re.IGNORECASE
)


def read_listing(
    answer: Answer, listing: Listing, outlet: Outlet, directory: Directory, *, most: int = MOST
) -> Found:
    """The links of a listing to articles of its outlet, at most so many; else a `ListingError`."""
    given = Given(_text(answer), answer.final, ZoneInfo(outlet.timezone), answer.retrieved)
    sheet = _sheet(given, listing)
    further = tuple(_own_addresses(sheet.further, given.address, outlet))
    if sheet.kind == INDEX:
        if not further:
            raise ListingError(given.address, "names no sitemap of the outlet")
        peers = frozenset(_own_addresses(sheet.peers, given.address, outlet))
        return Found(links=(), further=further, peers=peers, kind=sheet.kind)
    links = _links(sheet, _Wanted(listing, outlet, directory, given.address), most)
    if not links:
        raise ListingError(given.address, "lists no article of the outlet" if sheet.cards else "is empty")
    return Found(links=links, further=further, kind=sheet.kind)


# --- from bytes to what they list


def _text(answer: Answer) -> str:
    try:
        return decode(_unzipped(answer.body, answer.final), answer.final, answer.charset)
    except UnreadablePage as error:
        raise ListingError(answer.final, error.reason) from error
    except zlib.error as error:
        raise ListingError(answer.final, "is a gzip file that is broken") from error


def _unzipped(raw: bytes, name: str) -> bytes:
    """What a gzip file holds, as sitemaps are served; it may be no larger than a page."""
    found = bytearray()
    for _ in range(_MOST_MEMBERS):
        if not raw.startswith(_GZIP):
            return bytes(found) or raw
        stream = zlib.decompressobj(31)
        found += stream.decompress(raw, SIZE_LIMIT + 1 - len(found))
        if len(found) > SIZE_LIMIT:
            return bytes(found)  # too large, as `decode` will say
        if not stream.eof:
            raise zlib.error("cut short")
        raw = stream.unused_data
    raise UnreadablePage(name, f"is too large: more than {_MOST_MEMBERS - 1} members of gzip")


def _sheet(given: Given, listing: Listing) -> Sheet:
    if given.text.lstrip()[:1] in {"{", "["}:
        return _json_sheet(given)
    head = given.text[:_HEAD]
    xml, html = ROOT.search(head), _HTML.search(head)
    if xml and (html is None or xml.start() < html.start()):
        return _xml_sheet(given)
    if listing.kind in {"auto", "links"}:
        return read_links(given)
    # A wall says more than that the listing is something else.
    sound_page(given)
    raise ListingError(given.address, f"is an HTML page where a {_NAMES[listing.kind]} is expected")


_NAMES = {"feed": "feed", "sitemap": "sitemap", "wordpress": "REST answer"}


def _xml_sheet(given: Given) -> Sheet:
    root = parse_xml(given.text, given.address)
    read = _READERS.get(name_of(root).rpartition(":")[2])
    if read is None:
        raise ListingError(given.address, "is XML, but neither a feed nor a sitemap")
    return read(root, given)


_READERS = {
    "rss": read_rss,
    "rdf": read_rss,
    "feed": read_atom,
    "urlset": read_sitemap,
    "sitemapindex": read_index,
}


def _json_sheet(given: Given) -> Sheet:
    data = _loaded(given)
    if isinstance(data, list):
        return read_posts(data, given)
    if isinstance(data, dict) and "items" in data:
        return read_json_feed(data, given)
    said = words(data.get("message")) if isinstance(data, dict) else ""
    reason = f"answers with an error: {cut(plain(said), 100)}" if said else "is JSON, but no listing"
    raise ListingError(given.address, reason)


def _loaded(given: Given) -> Any:
    try:
        return json.loads(given.text)
    except (ValueError, RecursionError) as error:
        raise ListingError(given.address, "is no JSON that can be read") from error


# --- what of it counts


class _Wanted:
    """Which addresses are those of articles of an outlet."""

    def __init__(self, listing: Listing, outlet: Outlet, directory: Directory, base: str) -> None:
        self.outlet = outlet
        self.directory = directory
        self.base = base
        self.itself = canonical(base)
        self.port = urlsplit(base).port
        self.pattern = _compiled(listing.links or outlet.articles)
        self.section = listing.section

    def article(self, address: str) -> str | None:
        """The canonical address of an article, if it is one; a redirector's, of where it leads."""
        return self._own(address) or next(filter(None, map(self._own, _targets(address))), None)

    def _own(self, address: str) -> str | None:
        url = canonical(address, self.base)
        if url in {None, self.itself} or self.directory.of_address(url) is not self.outlet:
            return None
        parts = urlsplit(url)
        if (parts.path == "/" and not parts.query) or parts.port not in {None, self.port}:
            return None
        asked = f"{parts.path}?{parts.query}" if parts.query else parts.path
        if not self.pattern.match(asked) or _NO_PAGE.search(parts.path):
            return None
        return parts._replace(netloc=self.outlet.home).geturl() if self.outlet.home else url

    def link(self, card: Card) -> Link | None:
        url = next(filter(None, map(self.article, card.addresses)), None)
        if url is None:
            return None
        sections = tuple(dict.fromkeys(filter(None, (self.section, *card.sections))))
        item = document(card.item, url) if card.item else ""
        return Link(url=url, published=card.published, title=card.title, sections=sections, item=item)


@lru_cache(maxsize=256)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


def _targets(address: str) -> Iterator[str]:
    """The addresses in the query of a redirector's."""
    _, _, query = address.partition("?")
    if "http" in query:
        yield from (value for _key, value in parse_qsl(query[:4000]) if value.startswith(("http:", "https:")))


def _links(sheet: Sheet, wanted: _Wanted, most: int) -> tuple[Link, ...]:
    found: dict[str, Link] = {}
    for link in filter(None, map(wanted.link, _each_once(_in_turn(sheet, most)))):
        if len(found) == most and link.url not in found:
            break
        known = found.setdefault(link.url, link)
        if known is not link:
            found[link.url] = _united(known, link)
    return tuple(found.values())


def _united(link: Link, other: Link) -> Link:
    """What two cards tell of one article."""
    return replace(
        link,
        published=link.published or other.published,
        # A card often links its picture first, and then its headline.
        title=max(link.title, other.title, key=len),
        sections=tuple(dict.fromkeys((*link.sections, *other.sections)))[:MOST_SECTIONS],
        item=link.item or other.item,
    )


def _in_turn(sheet: Sheet, most: int) -> Iterable[Card]:
    """The cards in their order; of a long sitemap without times, from both ends: either may be the newer."""
    cards = sheet.cards
    if sheet.kind != "sitemap" or len(cards) <= most or any(card.published for card in cards[:most]):
        return cards
    half = (len(cards) + 1) // 2
    pairs = zip_longest(islice(cards, half), islice(reversed(cards), len(cards) - half))
    return (card for card in chain.from_iterable(pairs) if card is not None)


def _each_once(cards: Iterable[Card]) -> Iterator[Card]:
    seen: set[tuple[tuple[str, ...], str, tuple[str, ...]]] = set()
    for card in cards:
        key = (card.addresses, card.title, card.sections)
        if key not in seen:
            seen.add(key)
            yield card


def _own_addresses(addresses: Iterable[str], base: str, outlet: Outlet) -> Iterator[str]:
    """Those of the outlet's hosts: a listing sends nobody elsewhere."""
    hosts = {claim_of(host)[0] for host in outlet.hosts}
    for address in dict.fromkeys(addresses):
        url = absolute(address, base)
        if url is not None and host_of(url) in hosts and url != base:
            yield url
