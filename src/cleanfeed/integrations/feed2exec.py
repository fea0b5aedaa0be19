"""The filter for feed2exec: `filter = cleanfeed.integrations.feed2exec` in feed2exec.ini."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cleanfeed.integrations.desk import common_desk

if TYPE_CHECKING:
    from collections.abc import MutableMapping


def filter(  # noqa: A001  # the name that feed2exec calls
    *_args: str,
    feed: MutableMapping[str, Any] | None = None,
    item: MutableMapping[str, Any] | None = None,
    **_more: object,
) -> None:
    """Replaces the content of an item by its clean article; where there is none, the item stays as it is.

    Each run hands in all items of a feed, old ones too: what was had before is not asked for again.
    """
    if not item or (feed or {}).get("catchup"):  # then feed2exec forbids to ask anybody
        return
    desk, address = common_desk(), item.get("link")
    entry = desk.known(address) or desk.entry(address)
    if entry is not None:
        item["content"] = [_content(entry.content, entry.language)]


def _content(html: str, language: str) -> object:
    """The content as feedparser gives it: its parts are attributes too."""
    from feedparser import FeedParserDict  # noqa: PLC0415  # feed2exec brings it

    return FeedParserDict(type="text/html", value=html, language=language, base="")
