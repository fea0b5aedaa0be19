"""A feed in a few words: enough for an index that is written when the entries are long gone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cleanfeed.feeds.caps import arranged
from cleanfeed.model import Headline, Outline

if TYPE_CHECKING:
    from cleanfeed.model import Feed

_HEADLINES = 3


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
