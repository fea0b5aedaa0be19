"""Who a feed is by, and under which addresses it will stand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cleanfeed.feeds.tidy import web_url
from cleanfeed.text import plain

if TYPE_CHECKING:
    from cleanfeed.model import Chain, Entry, Feed, Site


def outlet_name(slug: str, site: Site) -> str:
    return plain(site.outlets.get(slug, "")) or slug


def author_of(feed: Feed, site: Site) -> str:
    """The outlet where all entries are of one, else the topic: never this program."""
    outlets = {entry.outlet for entry in feed.entries}
    return outlet_name(outlets.pop(), site) if len(outlets) == 1 else feed.topic.title


def page_url(slug: str, site: Site) -> str:
    """The page for people."""
    return f"{site.base_url}{slug}.html"


def stem_of(slug: str, number: int | None = None) -> str:
    """The name of a topic's files without their suffixes; those of the archive of this number."""
    return slug if number is None else f"{slug}.archive-{number}"


def address_of(slug: str, site: Site, suffix: str, number: int | None = None) -> str:
    """Where the feed, or one of its archives, stands in a format."""
    return f"{site.base_url}{stem_of(slug, number)}.{suffix}"


def links_of(slug: str, site: Site, chain: Chain, suffix: str) -> list[tuple[str, str]]:
    """Relations and addresses of the hub, which archives have no use for, and of the neighbours."""
    links = [] if chain.number or not site.hub else [("hub", site.hub)]
    if chain.number:
        links.append(("current", address_of(slug, site, suffix)))
    for relation, number in (("prev-archive", chain.previous), ("next-archive", chain.next)):
        if number:
            links.append((relation, address_of(slug, site, suffix, number)))
    return links


def id_of(entry: Entry, slug: str, site: Site) -> str:
    """The entry's id in the feed of this topic: a `tag:` URI, where it is the feed's own with a fragment."""
    return entry.id if site.ids == "shared" else f"{entry.id.replace('#', '%23')}#{slug}"


def icon_of(feed: Feed, site: Site) -> str | None:
    """The icon of the outlet that all entries are of."""
    outlets = {entry.outlet for entry in feed.entries}
    return web_url(site.icons.get(outlets.pop())) if len(outlets) == 1 else None
