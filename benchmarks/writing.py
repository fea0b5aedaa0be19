"""What it costs to write a feed, per entry and format."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clock import Times, time_of

from cleanfeed.feeds import jsonfeed, site, syndication
from cleanfeed.feeds.caps import arranged
from cleanfeed.model import Entry, Feed, Site, Topic

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

FORMATS = ("arrange", "rss", "atom", "rss + atom", "json", "html")


def cost_of_entry(
    entries: Sequence[Entry], count: int, names: Mapping[str, str], rounds: int
) -> tuple[int, list[float]]:
    """How many entries the feed holds, and the microseconds for each of them, in the order of `FORMATS`."""
    # Short entries, so that a long feed is not cut at its limit of bytes.
    chosen = sorted(entries, key=lambda entry: (len(entry.content.encode()), entry.id))[:count]
    where = Site(title="Benchmark", base_url="https://feeds.example.org/", outlets=names)
    feed = Feed(topic=Topic(slug="feed", title="Feed", everything=True, limit=count), entries=tuple(chosen))
    ready = arranged.__wrapped__(feed)
    times = Times()
    for _ in range(rounds):
        for name, step in _steps(feed, ready, where).items():
            times.add(name, time_of(step))
    each = max(1, len(ready.entries))
    return each, [times.median(name.split(" + ")).wall / each * 1e6 for name in FORMATS]


def _steps(feed: Feed, ready: Feed, where: Site) -> dict[str, Callable[[], object]]:
    return {
        "arrange": lambda: arranged.__wrapped__(feed),
        "rss": lambda: syndication.rss(ready, where),
        "atom": lambda: syndication.atom(ready, where),
        "json": lambda: jsonfeed.render(ready, where),
        "html": lambda: site.topic_page(ready, where),
    }
