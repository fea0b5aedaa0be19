"""RSS 2.0 and Atom 1.0, written by feedgen: one generator per format, since it mixes them up otherwise."""

from __future__ import annotations

import re
from datetime import UTC
from typing import TYPE_CHECKING, Any

from feedgen.feed import FeedGenerator

from cleanfeed.feeds.caps import description
from cleanfeed.feeds.extension import AtomFeed, Item, RssFeed
from cleanfeed.feeds.names import address_of, author_of, icon_of, id_of, links_of, page_url
from cleanfeed.feeds.tidy import unique
from cleanfeed.model import Chain

if TYPE_CHECKING:
    from cleanfeed.model import Entry, Feed, Site

_ALONE = Chain()
_TAG = re.compile(r"<([A-Za-z/!][^<>]*)>")
_TAG_START = re.compile(r"<(?=[A-Za-z/!])")


def no_tags(text: str) -> str:
    """The text with ‹angles› around what readers that decode twice would take for a tag."""
    return _TAG_START.sub("‹", _TAG.sub(r"‹\1›", text)) if "<" in text else text


def rss(feed: Feed, site: Site, chain: Chain = _ALONE) -> bytes:
    """The feed as RSS 2.0; the feed must be arranged."""
    generator = _head(
        feed, site, address_of(feed.topic.slug, site, "rss", chain.number), "application/rss+xml"
    )
    generator.register_extension("cleanfeed", RssFeed, Item, atom=False)
    generator.cleanfeed.creator = no_tags(author_of(feed, site))
    _chain(generator, feed, site, chain, "rss")
    if chain.number is None:
        generator.ttl(site.every_minutes)
        generator.cleanfeed.every_minutes = site.every_minutes
    for entry in feed.entries:
        _add_item(generator, entry, feed, site)
    written: bytes = generator.rss_str()
    return written + b"\n"


def atom(feed: Feed, site: Site, chain: Chain = _ALONE) -> bytes:
    """The feed as Atom 1.0; the feed must be arranged."""
    slug = feed.topic.slug
    generator = _head(feed, site, address_of(slug, site, "atom", chain.number), "application/atom+xml")
    # A feed and its archives are one feed in several documents.
    generator.id(address_of(slug, site, "atom"))
    generator.author(name=no_tags(author_of(feed, site)))
    generator.icon(icon_of(feed, site))
    generator.register_extension("cleanfeed", AtomFeed, Item, rss=False)
    _chain(generator, feed, site, chain, "atom")
    for entry in feed.entries:
        _add_entry(generator, entry, feed, site)
    written: bytes = generator.atom_str()
    return written + b"\n"


def _chain(generator: Any, feed: Feed, site: Site, chain: Chain, suffix: str) -> None:
    generator.cleanfeed.links = links_of(feed.topic.slug, site, chain, suffix)
    generator.cleanfeed.is_archive = chain.number is not None


def _head(feed: Feed, site: Site, address: str, media_type: str) -> Any:
    generator = FeedGenerator()
    generator.title(no_tags(feed.topic.title))
    generator.description(no_tags(feed.topic.description))
    # The channel's link is the last one given, so the page for people comes last.
    generator.link(href=address, rel="self", type=media_type)
    generator.link(href=page_url(feed.topic.slug, site), rel="alternate", type="text/html")
    generator.language(feed.language or None)
    generator.generator("cleanfeed")
    generator.updated(feed.updated.astimezone(UTC))
    return generator


def _add(generator: Any, entry: Entry, feed: Feed, site: Site) -> Any:
    item = generator.add_entry(order="append")
    item.id(id_of(entry, feed.topic.slug, site))
    item.title(no_tags(entry.title))
    item.content(entry.content, type="html")
    item.updated(entry.changed.astimezone(UTC))
    if entry.url:
        item.link(href=entry.url, rel="alternate")
    if entry.published:
        item.published(entry.published.astimezone(UTC))
    names = unique((entry.section or "", *entry.tags))
    item.category([{"term": no_tags(name)} for name in names])
    item.cleanfeed.image = entry.image
    item.cleanfeed.language = entry.language if entry.language != feed.language else ""
    return item


def _add_item(generator: Any, entry: Entry, feed: Feed, site: Site) -> None:
    item = _add(generator, entry, feed, site)
    # Readers take a description for HTML.
    item.description(no_tags(description(entry)), isSummary=True)
    item.cleanfeed.creators = [no_tags(name) for name in entry.authors]
    item.cleanfeed.source = no_tags(entry.source) if entry.source else None
    typed = [enclosure for enclosure in entry.enclosures if enclosure.type]
    if typed:
        item.enclosure(typed[0].url, str(typed[0].length), typed[0].type)
        item.cleanfeed.enclosures = typed[1:]


def _add_entry(generator: Any, entry: Entry, feed: Feed, site: Site) -> None:
    item = _add(generator, entry, feed, site)
    if entry.summary:
        item.summary(no_tags(entry.summary))
    for name in entry.authors:
        item.author(name=no_tags(name))
    item.cleanfeed.enclosures = entry.enclosures
