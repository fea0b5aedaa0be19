"""Which entries a feed holds, in which order, and how much of each: the same in every format."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from html import escape
from typing import TYPE_CHECKING

from lxml import etree, html

from cleanfeed.feeds.copies import with_copies
from cleanfeed.feeds.tidy import honest_dates, language_tag, tidy
from cleanfeed.feeds.words import words_for
from cleanfeed.model import newest_first
from cleanfeed.text import cut, plain, squeeze, xml_safe

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from cleanfeed.model import Entry, Feed

CONTENT_LIMIT = 1_000_000
"""Bytes of one entry's content as written; beyond it, parsers in C give up on the rest of a feed."""
TEXT_LIMIT = 500_000
FEED_LIMIT = 2_000_000
"""Bytes of one feed in any format."""
DESCRIPTION_LIMIT = 300
"""Characters of the text that stand in for a summary."""
_SUMMARY_LIMIT = 2_000
_CAPTION_LIMIT = 1_000
_CAPTIONS = 100
HEAD_ROOM = 20_000
_ENTRY_ROOM = 1_000

_CONTAINERS = frozenset(
    ("article", "blockquote", "div", "dl", "figure", "ol", "section", "table", "tbody", "ul"),
)


@lru_cache(maxsize=1)  # a feed is written, then outlined for the index
def arranged(feed: Feed) -> Feed:
    """The feed as it is written: tidy, newest first, each id once, within all limits."""
    latest = _newest_first(_one_per_id(map(honest_dates, feed.entries)))[: feed.topic.limit]
    return _ready(feed, _fitting([_bounded(tidy(entry)) for entry in latest]))


def whole(feed: Feed) -> Feed:
    """The feed as it is written, with each of its entries: for what is known to fit."""
    latest = _newest_first(_one_per_id(map(honest_dates, feed.entries)))
    return _ready(feed, tuple(_bounded(tidy(entry)) for entry in latest))


def size_of(entry: Entry) -> int:
    """An upper bound for the bytes that an entry takes in a feed of any format."""
    return _size(_bounded(tidy(entry)))


def _ready(feed: Feed, entries: tuple[Entry, ...]) -> Feed:
    topic = replace(feed.topic, title=plain(feed.topic.title) or feed.topic.slug, description=_about(feed))
    return replace(feed, topic=topic, entries=entries, language=language_tag(feed.language))


def _about(feed: Feed) -> str:
    return plain(feed.topic.description) or plain(feed.topic.title) or feed.topic.slug


def _one_per_id(entries: Iterable[Entry]) -> Iterable[Entry]:
    """Of entries with one id, the newest; of equals, one that does not depend on their order."""
    kept: dict[str, Entry] = {}
    for entry in entries:
        name = xml_safe(entry.id)
        other = kept.get(name)
        if other is None or _rank(entry) > _rank(other):
            kept[name] = entry
    return kept.values()


def _rank(entry: Entry) -> tuple[object, ...]:
    return (entry.changed, entry.moment, entry.title, entry.content, entry.url or "", entry.outlet)


def _newest_first(entries: Iterable[Entry]) -> list[Entry]:
    return sorted(entries, key=lambda entry: newest_first(entry.moment, entry.id))


def _fitting(entries: Sequence[Entry]) -> tuple[Entry, ...]:
    """The newest entries that one feed can carry, and at least one."""
    room = FEED_LIMIT - HEAD_ROOM
    for kept, entry in enumerate(entries):
        room -= _size(entry)
        if room < 0:
            return tuple(entries[: max(kept, 1)])
    return tuple(entries)


_ESCAPED = b'<>&"\\\n\r\t'


def weight(text: str) -> int:
    """An upper bound for the bytes of the text in XML or JSON, escaped."""
    raw = text.encode()
    escapes = len(raw) - len(raw.translate(None, _ESCAPED))
    return len(raw) + 3 * escapes + raw.count(b"&") + raw.count(b"\r")


def _size(entry: Entry) -> int:
    copies = (f"{copy.outlet}{copy.url}" for copy in entry.also_in)
    urls = (one.url for one in entry.enclosures)
    lists = (*entry.authors, *entry.tags, *entry.captions, *urls, *copies)
    fields = (entry.title, entry.summary, entry.url, entry.image, entry.source, entry.section)
    small = weight("".join(lists)) + 120 * len(lists) + 2 * weight("".join(filter(None, fields)))
    return weight(entry.content) + weight(entry.text) + small + 400 * len(entry.enclosures) + _ENTRY_ROOM


def _bounded(entry: Entry) -> Entry:
    """The entry with content of bearable size, and with some where it had none."""
    content = entry.content.strip() or f"<p>{escape(description(entry), quote=False)}</p>"
    text = _cut_text(entry.text)
    if 5 * len(content) > CONTENT_LIMIT and weight(content) > CONTENT_LIMIT:
        content = _cut_content(content) + _read_on(entry)
    content = with_copies(content, entry)
    summary = cut(entry.summary, _SUMMARY_LIMIT) if entry.summary else None
    captions = tuple(cut(caption, _CAPTION_LIMIT) for caption in entry.captions[:_CAPTIONS])
    if (content, text, summary, captions) == (entry.content, entry.text, entry.summary, entry.captions):
        return entry
    return replace(entry, content=content, text=text, summary=summary, captions=captions)


def description(entry: Entry) -> str:
    """What an entry is about, in plain text: its summary, else its first words, else its title."""
    return (
        entry.summary or cut(squeeze(entry.text[: 4 * DESCRIPTION_LIMIT]), DESCRIPTION_LIMIT) or entry.title
    )


def _cut_text(text: str) -> str:
    if 4 * len(text) <= TEXT_LIMIT or weight(text) <= TEXT_LIMIT:
        return text
    head = _head(text, TEXT_LIMIT)
    return head[: head.rfind("\n")] if "\n" in head else cut(head, len(head) - 1)


def _head(text: str, limit: int) -> str:
    """As much of the text as weighs no more than the limit."""
    while (now := weight(text)) > limit:
        raw = text.encode()
        text = raw[: min(len(raw) * limit // now, len(raw) - 1)].decode("utf-8", "ignore")
    return text


def _cut_content(content: str) -> str:
    """The content up to the end of the last element that fits."""
    head = _head(content, CONTENT_LIMIT - 2_000)
    if head.rfind("<") > head.rfind(">"):
        head = head[: head.rfind("<")]
    root = etree.HTML(f"<div>{head}")[0][0]
    _drop_torn_end(root)
    return escape(root.text or "", quote=False) + "".join(
        html.tostring(child, encoding="unicode") for child in root
    )


def _drop_torn_end(root: etree._Element) -> None:
    """Removes the last element, which was cut through; text that was cut ends at a word."""
    while len(root) and not (root[-1].tail or "").strip() and root[-1].tag in _CONTAINERS and len(root[-1]):
        root = root[-1]
    if not len(root):
        root.text = cut(root.text or "", max(len(root.text or "") - 1, 0))
    elif (root[-1].tail or "").strip():
        root[-1].tail = cut(root[-1].tail or "", len(root[-1].tail or "") - 1)
    elif len(root) > 1 or (root.text or "").strip():
        root.remove(root[-1])
    else:
        _drop_torn_end(root[-1])


def _read_on(entry: Entry) -> str:
    words = words_for(entry.language).read_on
    link = f'<a href="{escape(entry.url)}">{words}</a>' if entry.url else "…"
    marks = f' lang="{entry.language}" dir="rtl"' if entry.direction == "rtl" else ""
    return f"<p{marks}>{link}</p>"
