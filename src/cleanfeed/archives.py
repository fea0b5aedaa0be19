"""The past of topics: entries that have left their feeds, in archives that stay as they are (RFC 5005)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING

import msgspec

from cleanfeed.built import state_of
from cleanfeed.feeds import render_archive
from cleanfeed.feeds.caps import FEED_LIMIT, HEAD_ROOM, arranged, size_of
from cleanfeed.feeds.names import stem_of
from cleanfeed.ledger.published import entries_in
from cleanfeed.model import Chain, Entry, Feed, Site, Topic
from cleanfeed.report import Report, put

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from pathlib import Path

    from cleanfeed.ledger import Ledger
    from cleanfeed.shelf import Card
    from cleanfeed.stories.stories import Told

SIZE = 50
"""Entries of an archive that is full."""
_NOTE = "archives"
_NAME = re.compile(r"(?P<slug>[a-z0-9-]+)\.archive-(?P<number>[1-9][0-9]{0,5})")
_SUFFIXES = ("rss", "atom", "json")


class Archive(msgspec.Struct):
    """What is remembered of one archive."""

    ids: list[str] = []
    """Of the entries that stand for its stories."""
    size: int = 0
    """At most so many bytes in any format, when its entries came in."""
    mark: str = ""
    """Of all that its files were made from; "" where that is not known."""
    files: dict[str, tuple[int, int]] = {}
    """Size and time of change in nanoseconds, by name."""


Past = dict[str, list[Archive]]
"""The archives of each topic, the oldest first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What an earlier build has left, and where entries are to be had."""

    get: Callable[[str], Entry | None]
    """The entry of an id; `None` where it is no more."""
    past: Past
    mark_of: Callable[[Sequence[str]], str] = lambda _ids: ""
    """Another text whenever one of these entries has changed, come or gone; "" where nobody can tell."""


class Archives:
    """The archives of one build.

    `make` makes a feed of entries; `show` gives what a topic shows of the story that an entry tells.
    """

    def __init__(
        self,
        folder: Path,
        site: Site,
        known: Known,
        make: Callable[[Topic, tuple[Entry, ...]], Feed],
        report: Report,
        *,
        show: Callable[[Topic, str], Entry | None] = lambda _topic, _id: None,
    ) -> None:
        self.past = known.past
        self._show = show
        self._folder = folder
        self._site = site
        self._known = known
        self._make = make
        self._report = report

    @property
    def ids(self) -> frozenset[str]:
        """Of all entries in archives, those of topics that are no more included."""
        return frozenset(id_ for archives in self.past.values() for each in archives for id_ in each.ids)

    def unarchived(self, topic: Topic, chosen: Iterable[Told]) -> list[Told]:
        """The stories that the feed may hold: what once is in an archive stays there, and there alone."""
        kept = frozenset(id_ for archive in self.past.get(topic.slug, ()) for id_ in archive.ids)
        return [told for told in chosen if kept.isdisjoint(card.id for card in (told.shown, *told.copies))]

    def put(self, feed: Feed, chosen: Sequence[Told]) -> Chain:
        """Archives what the feed does not hold, and writes what has changed; gives the feed's place."""
        held = {entry.id for entry in arranged(feed).entries}
        left = [told.shown for told in chosen if told.id not in held] if held else []
        archives = self.past.setdefault(feed.topic.slug, [])
        self._take(feed.topic, archives, sorted(left, key=lambda card: (card.moment, card.id)))
        last = len(archives)
        for number, archive in enumerate(archives, 1):
            chain = Chain(
                number=number, previous=number - 1 or None, next=number + 1 if number < last else None
            )
            self._write(feed.topic, archive, chain)
        return Chain(previous=last or None)

    def _take(self, topic: Topic, archives: list[Archive], left: Sequence[Card]) -> None:
        for place, card in enumerate(left, 1):
            entry = self._get(topic, card.id)
            size = size_of(entry) if entry else 0
            if not archives or _is_full(archives[-1], size, is_last=place == len(left)):
                archives.append(Archive())
            archives[-1].ids = [*archives[-1].ids, card.id]
            archives[-1].size += size

    def _get(self, topic: Topic, id_: str) -> Entry | None:
        return self._show(topic, id_) or self._known.get(id_)

    def _write(self, topic: Topic, archive: Archive, chain: Chain) -> None:
        names = [f"{stem_of(topic.slug, chain.number)}.{suffix}" for suffix in _SUFFIXES]
        mark = self._mark(topic, archive, chain)
        if mark and mark == archive.mark and state_of(self._folder, names) == archive.files:
            self._report.files.update(dict.fromkeys(names, "unchanged"))
            return
        if not archive.ids:  # it could not be read, and is not ours to empty
            self._report.files.update(dict.fromkeys(names, "kept"))
            return
        problems = len(self._report.problems)
        found = filter(None, (self._get(topic, id_) for id_ in archive.ids))
        for name, content in render_archive(self._make(topic, tuple(found)), self._site, chain).items():
            put(self._folder / name, content, self._report)
        is_written = len(self._report.problems) == problems
        archive.mark = mark if is_written else ""
        archive.files = state_of(self._folder, names)

    def _mark(self, topic: Topic, archive: Archive, chain: Chain) -> str:
        entries = self._known.mark_of(archive.ids)
        said = f"{entries} {self._site!r} {topic.title!r} {topic.description!r} {chain!r}"
        return sha256(said.encode("utf-8", "surrogatepass")).hexdigest()[:32] if entries else ""


def _is_full(archive: Archive, size: int, *, is_last: bool) -> bool:
    """Whether an entry of this size begins the next archive.

    The newest archive always has room for one more: a full one names the next, so it never changes again.
    """
    room = SIZE - len(archive.ids)
    return room <= int(is_last) or archive.size + size > FEED_LIMIT - HEAD_ROOM


# --- between builds


def packed(past: Past) -> str:
    return msgspec.json.encode(past).decode()


def unpacked(text: str | None, folder: Path) -> Past:
    """What a build has packed; where that is lost, what the archives in the folder hold."""
    try:
        return msgspec.json.decode(text or "", type=Past)
    except msgspec.MsgspecError:  # of another version, or there is none
        return {slug: [_archive(found) for found in archives] for slug, archives in published(folder).items()}


def published(folder: Path) -> dict[str, list[list[Entry]]]:
    """The entries of all archives in a folder, by topic, the oldest archive first."""
    found: dict[str, dict[int, list[Entry]]] = {}
    for path in sorted(folder.glob("*.archive-*.json")):
        name = _NAME.fullmatch(path.stem)
        if name:
            found.setdefault(name["slug"], {})[int(name["number"])] = entries_in(path)
    return {
        slug: [archives.get(number, []) for number in range(1, max(archives) + 1)]
        for slug, archives in found.items()
    }


def known_to(ledger: Ledger, code: str, folder: Path) -> Known:
    """What a ledger knows; `code` tells one version of the program from another."""
    return Known(
        get=ledger.get,
        past=unpacked(ledger.note(_NOTE), folder),
        mark_of=lambda ids: f"{code} {ledger.mark_of(ids)}",
    )


def keep(ledger: Ledger, past: Past) -> None:
    ledger.remember(_NOTE, packed(past))


def _archive(entries: Sequence[Entry]) -> Archive:
    return Archive(ids=[entry.own_id or entry.id for entry in entries], size=sum(map(size_of, entries)))


def remembered(cards: Mapping[str, Card], take: Callable[[Card], Entry], folder: Path) -> Known:
    """What the files tell where there is no ledger: an entry whose page is no more stays as it was."""
    archives = published(folder)
    kept = {
        entry.own_id or entry.id: entry for some in archives.values() for found in some for entry in found
    }

    def get(id_: str) -> Entry | None:
        return take(cards[id_]) if id_ in cards else kept.get(id_)

    return Known(get=get, past={slug: [_archive(found) for found in some] for slug, some in archives.items()})
