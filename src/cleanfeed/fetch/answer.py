"""What is asked of the web, and what is answered."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """One address to be had; with validators, only if it has changed since."""

    url: str
    """The address itself, also where a mirror answers in its place."""
    kind: Literal["page", "listing"] = "page"
    etag: str | None = None
    """As the server gave it, to the byte."""
    last_modified: str | None = None
    """As the server gave it, to the byte."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came back: a whole body, or word that nothing has changed."""

    url: str
    """As it was asked."""
    final: str
    """Where redirects led: an address of its own, never a mirror's."""
    status: int
    """200, or 304."""
    body: bytes = b""
    """Without content codings."""
    media_type: str = ""
    """Lower case, without parameters."""
    charset: str | None = None
    """Of the Content-Type."""
    etag: str | None = None
    last_modified: str | None = None
    retrieved: datetime
    """Aware, UTC."""
