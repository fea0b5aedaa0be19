"""Ids: minted once from what an outlet calls an article, and the same for all time."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, quote, unquote, urlsplit

from cleanfeed.text import fold

if TYPE_CHECKING:
    from datetime import datetime

SCHEME = "tag:cleanfeed.invalid,2026:"
"""What every id begins with (RFC 4151). Its date is the scheme's own: two machines mint the same id."""
_UNQUOTED = "/:-._~!$&'()*+,;=@?"


def mint(slug: str, own: str) -> str:
    """The id of an outlet's entry, from its own number there or from its address (see `identity`)."""
    return f"{SCHEME}{slug}/{quote(_unquoted(own), safe=_UNQUOTED)}"


def identity(address: str) -> str:
    """What of a canonical address tells an article from others: path and query; hosts and schemes change."""
    parts = urlsplit(address)
    path = _unquoted(parts.path).strip("/")
    query = "&".join(
        f"{key}={value}" for key, value in sorted(parse_qsl(parts.query, keep_blank_values=True))
    )
    return f"{path}?{query}" if query else path


def _unquoted(text: str) -> str:
    try:
        return unquote(text, errors="strict")
    except UnicodeDecodeError:
        # Letters of an older encoding: undone, they would all be the same one.
        return text


def unaddressed(title: str, published: datetime | None) -> str:
    """For a capture that no address is known for: its title and day are all that can tell it from others."""
    said = f"{fold(title)}\n{published.date().isoformat() if published else ''}"
    return f"capture/{sha256(said.encode()).hexdigest()[:20]}"
