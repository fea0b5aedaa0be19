"""JSON Feed 1.1, and the item that stands for one entry wherever entries are printed."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from cleanfeed.feeds.names import address_of, author_of, icon_of, id_of, page_url
from cleanfeed.feeds.tidy import rfc3339, tidy
from cleanfeed.model import Chain

if TYPE_CHECKING:
    from pathlib import Path

    from cleanfeed.model import Enclosure, Entry, Feed, Site

_VERSION = "https://jsonfeed.org/version/1.1"
_ALONE = Chain()
_TITLE = re.compile(rb'\{"version":"[^"]*","title":("(?:[^"\\]|\\.)*")')
_HEAD = 64 * 1024
"""Bytes in which the title of a feed stands."""


def item(entry: Entry) -> dict[str, Any]:
    """The entry as an item of JSON Feed 1.1, ready for `json.dumps`; what has no value is left out."""
    entry = tidy(entry)
    return _item(entry, entry.id)


def render(feed: Feed, site: Site, chain: Chain = _ALONE) -> bytes:
    """The feed as JSON Feed 1.1; the feed must be arranged."""
    slug = feed.topic.slug
    has_hub = site.hub and chain.number is None
    said = {
        "version": _VERSION,
        "title": feed.topic.title,
        "home_page_url": page_url(slug, site),
        "feed_url": address_of(slug, site, "json", chain.number),
        "description": feed.topic.description,
        "next_url": address_of(slug, site, "json", chain.previous) if chain.previous else None,
        "favicon": icon_of(feed, site),
        "language": feed.language,
        "authors": [{"name": author_of(feed, site)}],
        "hubs": [{"type": "WebSub", "url": site.hub}] if has_hub else None,
    }
    items = [_item(entry, id_of(entry, slug, site)) for entry in feed.entries]
    whole = {**_valued(said), "items": items}
    return json.dumps(whole, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def published_title(path: Path) -> str | None:
    """The title of a feed that `render` has made; `None` where there is none."""
    try:
        with path.open("rb") as file:
            found = _TITLE.match(file.read(_HEAD))
        return str(json.loads(found[1])) if found else None
    except (OSError, ValueError):  # it is not there, or none of ours
        return None


def _item(entry: Entry, id_: str) -> dict[str, Any]:
    said = {
        "id": id_,
        "url": entry.url,
        "title": entry.title,
        "content_html": entry.content,
        "content_text": entry.text,
        "summary": entry.summary,
        "image": entry.image,
        "date_published": rfc3339(entry.published) if entry.published else None,
        "date_modified": rfc3339(entry.updated) if entry.updated else None,
        "authors": [{"name": name} for name in entry.authors],
        "tags": list(entry.tags),
        "language": entry.language,
        "attachments": [_attachment(enclosure) for enclosure in entry.enclosures],
        "_cleanfeed": _particulars(entry, id_),
    }
    return _valued(said)


def _particulars(entry: Entry, id_: str) -> dict[str, Any]:
    said = {
        "id": entry.id if entry.id != id_ else None,
        "outlet": entry.outlet,
        "section": entry.section,
        "source": entry.source,
        "captions": list(entry.captions),
        "kind": entry.kind,
        "date_precision": entry.date_precision,
        "direction": entry.direction,
        "guess": entry.is_guess,
        "entry": entry.own_id,
        "also_in": [_valued({"outlet": copy.outlet, "url": copy.url}) for copy in entry.also_in],
    }
    return _valued(said)


def _attachment(enclosure: Enclosure) -> dict[str, Any]:
    kind = enclosure.type or "application/octet-stream"
    return _valued({"url": enclosure.url, "mime_type": kind, "size_in_bytes": enclosure.length})


def _valued(said: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in said.items() if value}
