"""A feed in a few words: enough for an index that is written when the entries are long gone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from cleanfeed.feeds.caps import arranged

if TYPE_CHECKING:
    from datetime import datetime

    from cleanfeed.model import Feed

_HEADLINES = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Headline:
    title: str
    url: str | None
    language: str
    direction: Literal["ltr", "rtl"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outline:
    """What an index says of one feed."""

    slug: str
    title: str
    description: str
    count: int
    newest: datetime | None
    """The time of the newest entry; `None` where no entry has one."""
    language: str
    direction: Literal["ltr", "rtl"]
    headlines: tuple[Headline, ...]
    """The newest few."""
    outlets: tuple[str, ...]
    """The slugs of the outlets that it has entries of."""


def outline(feed: Feed) -> Outline:
    """What an index says of the feed, after all that its files leave out."""
    feed = arranged(feed)
    return Outline(
        slug=feed.topic.slug,
        title=feed.topic.title,
        description=feed.topic.description,
        count=len(feed.entries),
        newest=next((e.published or e.first_seen for e in feed.entries if e.published or e.first_seen), None),
        language=feed.language,
        direction=feed.direction,
        headlines=tuple(
            Headline(title=e.title, url=e.url, language=e.language, direction=e.direction)
            for e in feed.entries[:_HEADLINES]
        ),
        outlets=tuple(sorted({entry.outlet for entry in feed.entries})),
    )
