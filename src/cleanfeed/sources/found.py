"""What listings give: links to articles, and the addresses of further listings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

MOST = 200
"""Links of one listing that count, unless more are wanted."""
INDEX = "sitemap index"


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """An article that a listing names."""

    url: str
    """Its canonical address, of the outlet."""
    published: datetime | None = None
    """Aware, UTC. A sitemap may mean the last change."""
    title: str = ""
    sections: tuple[str, ...] = ()
    item: str = ""
    """The article itself as an HTML document, where the listing carries its text; a page of kind "item"."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What a listing gave."""

    links: tuple[Link, ...]
    further: tuple[str, ...] = ()
    """The sitemaps that an index names, newest first; or the listing's next page."""
    peers: frozenset[str] = frozenset()
    """Those of the sitemaps of which nothing tells that they are older than the one before them."""
    kind: str = ""
    """What the listing turned out to be, as users know it: "rss", "atom", "sitemap", `INDEX`, "links" …"""
