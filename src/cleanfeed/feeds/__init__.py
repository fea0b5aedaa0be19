"""Feeds as bytes: RSS, Atom, JSON Feed, OPML and pages; the same feed gives the same bytes, always."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cleanfeed.feeds.caps import arranged
from cleanfeed.feeds.outlines import outline

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cleanfeed.model import Feed, Outline, Site

__all__ = ["outline", "render", "render_index"]


def render(feed: Feed, site: Site) -> dict[str, bytes]:
    """The files of one feed, by name: its three formats, and its page."""
    # Whoever wants no more than an item of JSON need not wait for feedgen and jinja2.
    from cleanfeed.feeds import jsonfeed, syndication  # noqa: PLC0415  # see above
    from cleanfeed.feeds.site import topic_page  # noqa: PLC0415  # see above

    feed = arranged(feed)
    slug = feed.topic.slug
    return {
        f"{slug}.rss": syndication.rss(feed, site),
        f"{slug}.atom": syndication.atom(feed, site),
        f"{slug}.json": jsonfeed.render(feed, site),
        f"{slug}.html": topic_page(feed, site),
    }


def render_index(outlines: Sequence[Outline], site: Site) -> dict[str, bytes]:
    """The files that list all feeds, by name, in the order given."""
    from cleanfeed.feeds import opml  # noqa: PLC0415  # see render
    from cleanfeed.feeds.site import index_page  # noqa: PLC0415  # see render

    return {
        "index.html": index_page(outlines, site),
        "feeds.opml": opml.render(outlines, site),
    }
