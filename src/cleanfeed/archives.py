"""The past of topics: entries that have left their feeds, in archives that stay as they are (RFC 5005)."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import TYPE_CHECKING

import msgspec

from cleanfeed.built import state_of
from cleanfeed.feeds import FORMS, render_archive
from cleanfeed.feeds.caps import FEED_LIMIT, HEAD_ROOM, arranged, size_of
from cleanfeed.feeds.names import stem_of
from cleanfeed.ledger.published import entries_in
from cleanfeed.model import Chain, Copy, Entry, Feed, Site, Topic, newest_first
from cleanfeed.report import Report, put

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
    from pathlib import Path

    from cleanfeed.ledger import Ledger
    from cleanfeed.shelf import Card
    from cleanfeed.stories.stories import Told

SIZE = 50
"""Entries of an archive that is full."""
_NOTE = "archives"
_NAME = re.compile(r"(?P<slug>[a-z0-9-]+)\.archive-(?P<number>[1-9][0-9]{0,5})")


class Archive(msgspec.Struct):
    """What is remembered of one archive: its stories, each as it was when it left the feed."""

    ids: list[str] = []
    """Under which its stories are published."""
    shown: dict[str, str] = {}
    """The entry that tells a story, where that is another than its id names."""
    copies: dict[str, list[Copy]] = {}
    """Where else a story is told, their outlets' names left out."""
    size: int = 0
    """At most so many bytes in any format, when its entries came in."""
    mark: str = ""
    """Of all that its files were made from; "" where that is not known."""
    files: dict[str, tuple[int, int]] = {}
    """Size and time of change in nanoseconds, by name."""

    @property
    def entries(self) -> list[str]:
        """The ids of the entries that tell its stories."""
        return [self.shown.get(id_, id_) for id_ in self.ids]

    def tell(self, told: Told) -> None:
        """Has the story as it is told now, in the place of what it knew of it, or after all others."""
        if told.id not in self.ids:
            self.ids = [*self.ids, told.id]
        for known in (self.shown, self.copies):
            known.pop(told.id, None)
        if told.shown.id != told.id:
            self.shown[told.id] = told.shown.id
        if told.copies:
            self.copies[told.id] = [Copy(outlet=card.outlet, url=card.url) for card in told.copies]


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
    """The archives of one build; `make` makes a feed of entries."""

    def __init__(
        self,
        folder: Path,
        site: Site,
        known: Known,
        make: Callable[[Topic, tuple[Entry, ...]], Feed],
        report: Report,
    ) -> None:
        self.past = known.past
        self._folder = folder
        self._site = site
        self._known = known
        self._make = make
        self._report = report

    @property
    def ids(self) -> frozenset[str]:
        """Of all entries in archives, those of topics that are no more included."""
        return frozenset(id_ for archives in self.past.values() for each in archives for id_ in each.entries)

    def unarchived(self, topic: Topic, chosen: Iterable[Told]) -> list[Told]:
        """The stories that the feed may hold: what once is in an archive stays there, and there alone.

        A copy that comes later does not bring its story back. Where the entry that tells an archived story
        is gone, another one that tells it takes its place in the archive.
        """
        home = {id_: each for each in self.past.get(topic.slug, ()) for id_ in (*each.ids, *each.entries)}
        fresh = []
        for told in chosen:
            members = {card.id for card in (told.shown, *told.copies)}
            if home.keys().isdisjoint({told.id, *members}):
                fresh.append(told)
            elif told.id in home:
                self._renew(home[told.id], told, members)
        return fresh

    def _renew(self, archive: Archive, told: Told, members: Collection[str]) -> None:
        teller = archive.shown.get(told.id, told.id)
        if told.id in archive.ids and teller not in members and self._known.get(teller) is None:
            archive.tell(told)

    def put(self, feed: Feed, chosen: Sequence[Told]) -> Chain:
        """Archives what the feed does not hold, and writes what has changed; gives the feed's place."""
        held = {entry.id for entry in arranged(feed).entries}
        left = [told for told in chosen if told.id not in held] if held else []
        archives = self.past.setdefault(feed.topic.slug, [])
        self._take(
            archives, sorted(left, key=lambda told: newest_first(told.shown.moment, told.id), reverse=True)
        )
        last = len(archives)
        for number, archive in enumerate(archives, 1):
            chain = Chain(
                number=number, previous=number - 1 or None, next=number + 1 if number < last else None
            )
            self._write(feed.topic, archive, chain)
        return self.place(feed.topic)

    def place(self, topic: Topic) -> Chain:
        """Where the topic's feed stands: after its last archive."""
        return Chain(previous=len(self.past.get(topic.slug, ())) or None)

    def _take(self, archives: list[Archive], left: Sequence[Told]) -> None:
        for place, told in enumerate(left, 1):
            alone = Archive()
            alone.tell(told)
            entry = self._entry(alone, told.id)
            size = size_of(entry) if entry else 0
            if not archives or _is_full(archives[-1], size, is_last=place == len(left)):
                archives.append(Archive())
            archives[-1].tell(told)
            archives[-1].size += size

    def _entry(self, archive: Archive, id_: str) -> Entry | None:
        """What the archive shows of a story; `None` where the entry that tells it is no more."""
        entry = self._known.get(archive.shown.get(id_, id_))
        if entry is None:
            return None
        names = self._site.outlets
        copies = (replace(copy, name=names.get(copy.outlet, "")) for copy in archive.copies.get(id_, ()))
        return replace(entry, id=id_, own_id=archive.shown.get(id_), also_in=tuple(copies))

    def _write(self, topic: Topic, archive: Archive, chain: Chain) -> None:
        names = [f"{stem_of(topic.slug, chain.number)}.{suffix}" for suffix in FORMS]
        mark = self._mark(topic, archive, chain)
        if mark and mark == archive.mark and state_of(self._folder, names) == archive.files:
            self._report.files.update(dict.fromkeys(names, "unchanged"))
            return
        if not archive.ids:  # it could not be read, and is not ours to empty
            self._report.files.update(dict.fromkeys(names, "kept"))
            return
        problems = len(self._report.problems)
        found = filter(None, (self._entry(archive, id_) for id_ in archive.ids))
        for name, content in render_archive(self._make(topic, tuple(found)), self._site, chain).items():
            put(self._folder / name, content, self._report)
        is_written = len(self._report.problems) == problems
        archive.mark = mark if is_written else ""
        archive.files = state_of(self._folder, names)

    def _mark(self, topic: Topic, archive: Archive, chain: Chain) -> str:
        entries = self._known.mark_of(archive.entries)
        stories = f"{archive.ids} {archive.shown} {archive.copies}"
        said = f"{entries} {stories} {self._site!r} {topic.title!r} {topic.description!r} {chain!r}"
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
    return Archive(
        ids=[entry.id for entry in entries],
        shown={entry.id: entry.own_id for entry in entries if entry.own_id},
        copies={entry.id: [*entry.also_in] for entry in entries if entry.also_in},
        size=sum(map(size_of, entries)),
    )


def remembered(cards: Mapping[str, Card], take: Callable[[Card], Entry], folder: Path) -> Known:
    """What the files tell where there is no ledger: an entry whose page is no more stays as it was."""
    archives = published(folder)
    kept = {
        entry.own_id or entry.id: entry for some in archives.values() for found in some for entry in found
    }

    def get(id_: str) -> Entry | None:
        return take(cards[id_]) if id_ in cards else kept.get(id_)

    return Known(get=get, past={slug: [_archive(found) for found in some] for slug, some in archives.items()})
