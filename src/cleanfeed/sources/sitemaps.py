"""Sitemaps as listings: of pages, of news, and the indexes that name them."""

from __future__ import annotations

import re
from itertools import islice, pairwise
from operator import itemgetter
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from cleanfeed.sources.cards import Card, Given, Sheet, sections_of, title_of
from cleanfeed.sources.found import INDEX
from cleanfeed.sources.xmltree import Fields, name_of, space_of

if TYPE_CHECKING:
    from datetime import datetime

    from cleanfeed.markup import Element

_MOST = 50_000
"""Addresses that a sitemap may have (sitemaps.org), and sitemaps of an index."""
_NUMBER = re.compile(r"\d{1,9}")
_OTHER_THINGS = re.compile(r"author|categor|tag|page|image|video|coverage|taxonom|user|term", re.IGNORECASE)
_NEWS = re.compile(r"news|post|article", re.IGNORECASE)


def read_sitemap(root: Element, given: Given) -> Sheet:
    """The addresses of a sitemap, newest first where it tells their times, else in its order."""
    own = space_of(root)
    rows = islice((node for node in root if name_of(node, own) == "url"), _MOST)
    cards = [_card(Fields(node, own), given, own) for node in rows]
    dated = [card for card in cards if card.published]
    if dated:
        oldest = min(card.published for card in dated if card.published)
        cards.sort(key=lambda card: card.published or oldest, reverse=True)
    return Sheet("sitemap", cards)


def _card(entry: Fields, given: Given, own: str) -> Card:
    news = next((Fields(node, own) for node in entry.all("news:news")), None)
    told = (news.text("news:publication_date") if news else "") or entry.text("lastmod")
    keywords = news.text("news:keywords").split(",") if news else []
    title = title_of(news.text("news:title")) if news else ""
    return Card((entry.text("loc"),), given.moment(told) if told else None, title, sections_of(keywords))


def read_index(root: Element, given: Given) -> Sheet:
    """The sitemaps that an index names, those first that will have the newest articles."""
    own = space_of(root)
    rows = islice((node for node in root if name_of(node, own) == "sitemap"), _MOST)
    entries = [Fields(node, own) for node in rows]
    named = [(entry.text("loc"), given.moment(entry.text("lastmod"))) for entry in entries]
    all_dated = all(modified for _address, modified in named)
    ranked = [
        (_rank(address, modified if all_dated else None), address) for address, modified in named if address
    ]
    ranked.sort(key=itemgetter(0), reverse=True)
    peers = frozenset(other for (rank, _address), (same, other) in pairwise(ranked) if rank == same)
    return Sheet(INDEX, [], [address for _rank, address in ranked], peers)


def _rank(address: str, modified: datetime | None) -> tuple[bool, bool, float, list[int]]:
    """Sitemaps of articles before those of other things; then by time, else by the numbers in their names."""
    try:
        path = urlsplit(address).path
    except ValueError:
        return False, False, 0, []
    name = path.rstrip("/").rpartition("/")[2]
    moment = modified.timestamp() if modified else 0
    return (
        not _OTHER_THINGS.search(name),
        bool(_NEWS.search(name)),
        moment,
        [*map(int, _NUMBER.findall(path))],
    )
