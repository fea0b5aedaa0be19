"""Feeds as listings: RSS in all its versions, Atom and JSON Feed."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any

from cleanfeed.items import Item, is_whole
from cleanfeed.sources.cards import MOST_ITEMS, Card, Given, Sheet, sections_of, title_of
from cleanfeed.sources.xmltree import Fields, about, inner_html, name_of, space_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from cleanfeed.markup import Element

_PUBLISHED = ("pubdate", "dc:date", "dcterms:issued", "dcterms:created", "published", "issued", "created")
_UPDATED = ("atom:updated", "dcterms:modified", "updated", "modified")


def read_rss(root: Element, given: Given) -> Sheet:
    """RSS 0.9x, 1.0 and 2.0."""
    own = space_of(root)
    items = islice((node for node in root.iter() if name_of(node, own) == "item"), MOST_ITEMS)
    channels = [Fields(node, own) for node in root if name_of(node, own) == "channel"]
    further = [link for channel in channels for link in _linked(channel, "next")]
    return Sheet("rss", [_rss_card(Fields(node, own), given) for node in items], further)


def _rss_card(item: Fields, given: Given) -> Card:
    told = Item(
        title=title_of(item.text("title", "dc:title")),
        content=next(map(inner_html, item.all("content:encoded")), ""),
        authors=tuple(item.texts("dc:creator", "author", "atom:author")),
        published=_date(item, _PUBLISHED, given),
        updated=_date(item, _UPDATED, given),
        tags=sections_of(item.texts("category", "dc:subject")),
    )
    links = [*item.texts("feedburner:origlink", "link"), *_linked(item, "alternate"), *_guids(item)]
    return card(tuple(filter(None, [*links, about(item.node)])), told)


def _guids(item: Fields) -> Iterator[str]:
    for node in item.all("guid"):
        if (node.get("isPermaLink") or "true").strip().lower() != "false":
            yield (node.text or "").strip()


def read_atom(root: Element, given: Given) -> Sheet:
    """Atom 1.0 and 0.3."""
    own = space_of(root)
    entries = islice((Fields(node, own) for node in root if name_of(node, own) == "entry"), MOST_ITEMS)
    further = _linked(Fields(root, own), "next")
    return Sheet("atom", [_atom_card(entry, given, own) for entry in entries], further)


def _atom_card(entry: Fields, given: Given, own: str) -> Card:
    named = (Fields(node, own).text("name") for node in entry.all("author"))
    categories = (node.get("label") or node.get("term") or "" for node in entry.all("category"))
    published = _date(entry, _PUBLISHED, given)
    updated = _date(entry, _UPDATED, given)
    told = Item(
        title=title_of(entry.text("title")),
        content=next((inner_html(node) for node in entry.all("content") if not node.get("src")), ""),
        authors=tuple(filter(None, named)),
        published=published or updated,
        updated=updated,
        tags=sections_of(categories),
    )
    return card((*entry.texts("feedburner:origlink"), *_linked(entry, "alternate"), entry.text("id")), told)


def _linked(fields: Fields, relation: str) -> list[str]:
    """The targets of Atom's links of this relation, those to HTML before others."""
    nodes = [
        node
        for node in fields.all("atom:link", "link")
        if node.get("href") and (node.get("rel") or "alternate").lower() == relation
    ]
    nodes.sort(key=lambda node: "html" not in (node.get("type") or "html"))
    return [(node.get("href") or "").strip() for node in nodes]


def _date(fields: Fields, names: tuple[str, ...], given: Given) -> datetime | None:
    return next((moment for text in fields.texts(*names) if (moment := given.moment(text))), None)


def read_json_feed(data: Mapping[str, Any], given: Given) -> Sheet:
    """JSON Feed 1.0 and 1.1."""
    items = data.get("items")
    items = items[:MOST_ITEMS] if isinstance(items, list) else []
    cards = [_json_card(each, given) for each in items if isinstance(each, dict)]
    further = words(data.get("next_url"))
    return Sheet("json feed", cards, [further] if further else [])


def _json_card(item: Mapping[str, Any], given: Given) -> Card:
    authors = item.get("authors")
    people = authors if isinstance(authors, list) else [item.get("author")]
    tags = item.get("tags")
    told = Item(
        title=title_of(words(item.get("title"))),
        content=words(item.get("content_html")),
        authors=tuple(filter(None, (words(each.get("name")) for each in people if isinstance(each, dict)))),
        published=given.moment(words(item.get("date_published"))),
        updated=given.moment(words(item.get("date_modified"))),
        tags=sections_of(map(words, tags if isinstance(tags, list) else [])),
    )
    links = (words(item.get("url")), words(item.get("external_url")), words(item.get("id")))
    return card(tuple(filter(None, links)), told)


def words(value: object) -> str:
    """A text in JSON, "" for anything else."""
    return value.strip() if isinstance(value, str) else ""


def card(addresses: tuple[str, ...], told: Item) -> Card:
    """The card of an article; with the article itself where the listing carries it whole."""
    whole = told if is_whole(told.content) else None
    return Card(addresses, told.published, told.title, told.tags, whole)
