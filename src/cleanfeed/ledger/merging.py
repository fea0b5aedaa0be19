"""An entry through time: what a later reading of its article changes, and what stays."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from cleanfeed.model import Enclosure, Entry

_SHOWN = (
    "title", "content", "text", "summary", "authors", "source", "section", "image", "captions", "enclosures",
    "kind",
)  # fmt: skip
"""The fields whose change is a change of the article. Tags are not: a new listing adds one."""


class Merged(NamedTuple):
    entry: Entry
    stamped: datetime | None
    """The change that was noticed here and that the page itself tells nothing of."""


def edited(old: Entry, new: Entry, stamped: datetime | None, now: datetime) -> Merged:
    """The entry of an article whose page has changed: in its old place, and updated if its content is."""
    placed = _placed(old, new)
    kept = replace(placed, tags=union(old.tags, new.tags))
    if _shown(old) == _shown(new):
        return Merged(replace(kept, updated=_after(kept, old.updated)), stamped)
    later = [each for each in (new.updated, new.published) if each and each > max(old.changed, kept.moment)]
    if later:
        return Merged(replace(kept, updated=max(later)), stamped)
    updated = _after(kept, max(now, old.changed))
    return Merged(replace(kept, updated=updated), updated)


def corrected(old: Entry, new: Entry, stamped: datetime | None, labels: Iterable[str]) -> Merged:
    """The entry of a page that is the same and has been read better: as if it always had been read so.

    `labels` are the sections that listings have given it.
    """
    published, precision = new.published, new.date_precision
    if published is None:
        published, precision = old.published, old.date_precision
    kept = replace(
        new,
        published=published,
        date_precision=precision,
        first_seen=_earlier(old.first_seen, new.first_seen),
        tags=labelled(new, labels),
    )
    updated = max((each for each in (new.updated, stamped) if each), default=None)
    return Merged(replace(kept, updated=_after(kept, updated)), stamped)


def enriched(old: Entry, other: Entry) -> Entry:
    """The entry with the tags of the same article at another address."""
    labels = (*other.tags, *([other.section] if other.section else ()))
    return replace(old, tags=labelled(old, labels), first_seen=_earlier(old.first_seen, other.first_seen))


def labelled(entry: Entry, labels: Iterable[str]) -> tuple[str, ...]:
    """Its tags with these too, but for its own section."""
    own = (entry.section or "").casefold()
    return union(entry.tags, (label for label in labels if label.casefold() != own))


def union(some: Iterable[str], others: Iterable[str]) -> tuple[str, ...]:
    """Each once, whatever its case, in their order."""
    found: dict[str, str] = {}
    for each in (*some, *others):
        found.setdefault(each.casefold(), each)
    return tuple(found.values())


def _placed(old: Entry, new: Entry) -> Entry:
    """The new entry at the old one's place: an outlet that moves a date forward has updated its article."""
    first_seen = _earlier(old.first_seen, new.first_seen)
    keeps = old.published is not None and (new.published is None or not _is_better_date(old, new))
    source = old if keeps else new
    return replace(
        new, published=source.published, date_precision=source.date_precision, first_seen=first_seen
    )


def _is_better_date(old: Entry, new: Entry) -> bool:
    if old.published is None or new.published is None:
        return new.published is not None
    is_same_day = old.published.date() == new.published.astimezone(old.published.tzinfo).date()
    if is_same_day and old.date_precision != new.date_precision:
        return new.date_precision is None
    return new.published < old.published


def _after(entry: Entry, updated: datetime | None) -> datetime | None:
    """A change counts only where it is later than the article."""
    return updated if updated and updated > entry.moment else None


def _earlier(one: datetime | None, other: datetime | None) -> datetime | None:
    return min((each for each in (one, other) if each), default=None)


_TOKEN = re.compile(r'(\b(?:src|poster)="[^"?]*)\?[^"]*')
"""The query of a media file's address, which may be another each time that the page is had."""


def _shown(entry: Entry) -> tuple[object, ...]:
    from cleanfeed.feeds.tidy import tidy  # noqa: PLC0415  # a ledger that is only looked at does without feeds

    # As feeds have it: what comes back from published feeds is the same article.
    told = tidy(entry)
    media = {
        "content": _TOKEN.sub(r"\1", told.content),
        "image": (told.image or "").partition("?")[0],
        "enclosures": tuple(map(_bare, told.enclosures)),
    }
    return tuple(media[name] if name in media else getattr(told, name) for name in _SHOWN)


def _bare(enclosure: Enclosure) -> str:
    return enclosure.url.partition("?")[0]
