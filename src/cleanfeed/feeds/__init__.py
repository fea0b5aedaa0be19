"""Feeds as bytes: RSS, Atom, JSON Feed, OPML and pages; the same feed gives the same bytes, always."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cleanfeed.feeds.caps import arranged, whole
from cleanfeed.feeds.names import stem_of
from cleanfeed.feeds.outlines import outline
from cleanfeed.model import Chain

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cleanfeed.model import Feed, Outline, Site

__all__ = ["outline", "render", "render_archive", "render_index", "render_one"]

FORMS = ("rss", "atom", "json")
"""Also the suffixes of their files."""
_ALONE = Chain()


def render(feed: Feed, site: Site, chain: Chain = _ALONE) -> dict[str, bytes]:
    """The files of one feed, by name: its three formats, and its page."""
    # Whoever wants no more than an item of JSON need not wait for jinja2.
    from cleanfeed.feeds.site import topic_page  # noqa: PLC0415  # see above

    feed = arranged(feed)
    return {**_formats(feed, site, chain), f"{feed.topic.slug}.html": topic_page(feed, site)}


def render_one(feed: Feed, site: Site, form: str, chain: Chain = _ALONE) -> bytes:
    """One of the feed's three formats alone."""
    return _as(form, arranged(feed), site, chain)


def render_archive(feed: Feed, site: Site, chain: Chain) -> dict[str, bytes]:
    """The files of one archive of a feed, by name: its three formats, with each of its entries."""
    return _formats(whole(feed), site, chain)


def _formats(feed: Feed, site: Site, chain: Chain) -> dict[str, bytes]:
    stem = stem_of(feed.topic.slug, chain.number)
    return {f"{stem}.{form}": _as(form, feed, site, chain) for form in FORMS}


def _as(form: str, feed: Feed, site: Site, chain: Chain) -> bytes:
    from cleanfeed.feeds import jsonfeed, syndication  # noqa: PLC0415  # see render

    makers = {"rss": syndication.rss, "atom": syndication.atom, "json": jsonfeed.render}
    return makers[form](feed, site, chain)


def render_index(outlines: Sequence[Outline], site: Site) -> dict[str, bytes]:
    """The files that list all feeds, by name, in the order given."""
    from cleanfeed.feeds import opml  # noqa: PLC0415  # see render
    from cleanfeed.feeds.site import index_page  # noqa: PLC0415  # see render

    return {
        "index.html": index_page(outlines, site),
        "feeds.opml": opml.render(outlines, site),
    }
