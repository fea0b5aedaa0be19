"""What came of asking a listing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from cleanfeed.errors import FetchError
from cleanfeed.sources.found import INDEX
from cleanfeed.walls import CHECK

if TYPE_CHECKING:
    from datetime import datetime

    from cleanfeed.errors import ListingError
    from cleanfeed.fetch.answer import Answer
    from cleanfeed.outlet import Listing
    from cleanfeed.sources.found import Found

UNCHANGED = 304
Validators = tuple[str | None, str | None]
"""ETag and Last-Modified, as the server gave them."""
NEVER: Validators = (None, None)
"""Those of what is to be had whole."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """A listing that was asked, and what came of it."""

    address: str
    kind: str
    """What it turned out to be, as "rss" or "sitemap"; what was declared, where that is not known."""
    section: str = ""
    """The one that it lists; "" for the whole outlet."""
    part_of: str = ""
    """The listing of which it is a further page, or one of the sitemaps."""
    ok: bool
    reason: str = ""
    """Why it is not."""
    failure: Literal["", "refused", "blocked", "gone", "paused", "failed", "unreadable"] = ""
    """What that means: as in `FetchError`, or that an answer came and was no listing."""
    links: int = 0
    newest: datetime | None = None
    etag: str | None = None
    last_modified: str | None = None
    """Validators, where the next answer may be skipped if nothing has changed; or a `Cut`, as it is noted."""
    unchanged: bool = False


def meaning_of(
    error: FetchError | ListingError,
) -> Literal["refused", "blocked", "gone", "paused", "failed", "unreadable"]:
    """What the failure of a listing means, as in `Tried`."""
    if isinstance(error, FetchError):
        return error.kind
    return "blocked" if error.reason.startswith(CHECK.partition(",")[0]) else "unreadable"


# --- how it comes about


def failed(address: str, listing: Listing, error: FetchError | ListingError) -> Tried:
    return Tried(
        address=address,
        kind=listing.kind,
        section=listing.section,
        ok=False,
        reason=error.reason,
        failure=meaning_of(error),
    )


def worked(address: str, listing: Listing, answer: Answer, found: Found) -> Tried:
    # An index may stay as it is while its sitemaps change, so it is always asked for whole.
    validators = NEVER if found.kind == INDEX else (answer.etag, answer.last_modified)
    return Tried(
        address=address,
        kind=found.kind or listing.kind,
        section=listing.section,
        ok=True,
        links=len(found.links),
        newest=max((link.published for link in found.links if link.published), default=None),
        etag=validators[0],
        last_modified=validators[1],
        unchanged=answer.status == UNCHANGED,
    )
