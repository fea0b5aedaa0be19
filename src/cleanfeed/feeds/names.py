"""Who a feed is by, and under which addresses it will stand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cleanfeed.text import plain

if TYPE_CHECKING:
    from cleanfeed.model import Feed, Site


def outlet_name(slug: str, site: Site) -> str:
    return plain(site.outlets.get(slug, "")) or slug


def author_of(feed: Feed, site: Site) -> str:
    """The outlet where all entries are of one, else the topic: never this program."""
    outlets = {entry.outlet for entry in feed.entries}
    return outlet_name(outlets.pop(), site) if len(outlets) == 1 else feed.topic.title


def page_url(slug: str, site: Site) -> str:
    """The page for people."""
    return f"{site.base_url}{slug}.html"
