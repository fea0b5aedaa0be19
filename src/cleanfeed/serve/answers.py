"""Clean entries in the shapes that readers know from other extractors, and errors in the one they share."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from cleanfeed.errors import ListingError, PageError
from cleanfeed.feeds.tidy import rfc3339, tidy
from cleanfeed.text import cut, safe_text

if TYPE_CHECKING:
    from cleanfeed.model import Entry

_EXCERPT = 200
_MESSAGE = 500


def as_parsed(entry: Entry) -> dict[str, Any]:
    """As the Mercury parser answers."""
    entry = tidy(entry)
    return {
        "title": entry.title,
        "author": ", ".join(entry.authors) or None,
        "date_published": rfc3339(entry.published) if entry.published else None,
        "dek": entry.summary,
        "lead_image_url": entry.image,
        "content": entry.content,
        "next_page_url": None,
        "url": entry.url,
        "domain": _domain(entry.url),
        "excerpt": _excerpt(entry),
        "word_count": _words(entry),
        "direction": entry.direction,
        "total_pages": 1,
        "rendered_pages": 1,
    }


def as_extracted(entry: Entry, asked_for: str) -> dict[str, Any]:
    """As FiveFilters' extractor answers."""
    entry = tidy(entry)
    return {
        "title": entry.title,
        "excerpt": _excerpt(entry),
        "url": asked_for,
        "effective_url": entry.url,
        "domain": _domain(entry.url),
        "word_count": _words(entry),
        "content": entry.content,
    }


def as_read(entry: Entry, outlet: str) -> dict[str, Any]:
    """As Readability answers; `outlet` is its name."""
    entry = tidy(entry)
    return {
        "title": entry.title,
        "byline": ", ".join(entry.authors) or None,
        "dir": entry.direction,
        "content": entry.content,
        "length": len(entry.text),
        "excerpt": _excerpt(entry),
        "siteName": outlet,
        "lang": entry.language,
        "publishedTime": rfc3339(entry.published) if entry.published else None,
    }


def as_failure(message: object) -> dict[str, Any]:
    if isinstance(message, PageError | ListingError):  # the reason must stand, however long the address is
        subject = message.page if isinstance(message, PageError) else message.address
        message = f"{safe_text(subject)}: {message.reason}"
    return {"error": True, "message": safe_text(message, _MESSAGE)}


def dumped(said: dict[str, Any]) -> bytes:
    return json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace") + b"\n"


def _excerpt(entry: Entry) -> str:
    return cut(entry.summary or " ".join(entry.text.split()), _EXCERPT)


def _words(entry: Entry) -> int:
    return len(entry.text.split())


def _domain(url: str | None) -> str | None:
    return urlsplit(url).hostname if url else None
