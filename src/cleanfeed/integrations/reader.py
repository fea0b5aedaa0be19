"""The plugin for reader: feeds of topics without a server, and clean contents in all feeds."""

from __future__ import annotations

import weakref
from typing import TYPE_CHECKING, Any

from cleanfeed.errors import CleanfeedError
from cleanfeed.integrations.desk import Desk, log
from cleanfeed.integrations.topics import SCHEME, Shelf

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator
    from contextlib import AbstractContextManager

    from reader import Reader

    from cleanfeed.model import Entry

    Pair = tuple[Any, Any]
    """An entry as its feed has it, and what reader knows of it, or `None`."""
    Following = Callable[[str, str | None, Iterable[Pair]], Iterable[Pair]]

_NEEDED = ("mount_retriever", "process_entry_pairs")
"""What is used of reader's parser, which promises nothing: all use of it is in this module."""


def init(reader: Reader) -> None:
    """Makes `cleanfeed:TOPIC` an address that can be subscribed to, and contents clean in all other feeds.

    For `make_reader(…, plugins=[init])`. The configuration is found as the commands find it.
    """
    parser: Any = reader._parser  # noqa: SLF001  # there is no other way in, see _NEEDED
    missing = [name for name in _NEEDED if not hasattr(parser, name)]
    if missing:
        raise CleanfeedError(
            f"this version of reader has no {' and no '.join(missing)} in its parser; "
            "install one that fits: pip install 'cleanfeed[reader]'"
        )
    desk = Desk()
    parser.mount_retriever(SCHEME, _Retriever(Shelf()))
    parser.process_entry_pairs = _Cleaning(reader, desk, parser.process_entry_pairs)
    reader.after_feeds_update_hooks.append(lambda _reader: desk.close())
    weakref.finalize(reader, desk.close)


class _Retriever:
    """Gives the feeds of topics to reader, which reads them as it reads others."""

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf

    def __call__(self, url: str, known: object, _accept: str | None) -> AbstractContextManager[Any]:
        from contextlib import nullcontext  # noqa: PLC0415  # with its neighbours
        from io import BytesIO  # noqa: PLC0415  # with its neighbours

        from reader import ParseError  # noqa: PLC0415  # whoever imports this module need not have reader
        from reader._parser import NotModified, RetrievedFeed  # noqa: PLC0415  # see init

        try:
            found = self._shelf.feed(url)
        except CleanfeedError as error:
            raise ParseError(url, message=str(error)) from error
        if known == found.mark:
            raise NotModified(url)
        return nullcontext(RetrievedFeed(BytesIO(found.body), found.media_type, dict(found.mark)))

    def validate_url(self, url: str) -> None:
        try:
            self._shelf.check(url)
        except CleanfeedError as error:
            raise ValueError(str(error)) from error


class _Cleaning:
    """Replaces contents before reader compares and stores entries; all else stays as the feed has it.

    A tag of the feed holds a mark of each entry that was cleaned, as the feed had it then: one that has
    changed since is asked for anew, and one that cannot be had now keeps its clean content.
    """

    def __init__(self, reader: Reader, desk: Desk, following: Following) -> None:
        self._reader = reader
        self._desk = desk
        self._following = following
        self._tag = reader.make_plugin_reserved_name("cleanfeed")

    def __call__(self, url: str, mime_type: str | None, pairs: Iterable[Pair]) -> Iterable[Pair]:
        pairs = list(self._following(url, mime_type, pairs))
        if url.lower().startswith(SCHEME):
            return pairs
        try:
            return list(self._cleaned(url, pairs))
        except Exception:  # noqa: BLE001  # whatever fails here, reader must keep the entries
            log.exception("cleanfeed failed on %s; its contents stay as they came", url)
            return pairs

    def _cleaned(self, url: str, pairs: Collection[Pair]) -> Iterator[Pair]:
        before = self._marks(url)
        marks = {each.id: each.hash.hex()[:16] for each, _known in pairs if each.link}
        links = {each.id: each.link for each, _known in pairs if each.link}
        changed = {links[id_] for id_ in marks if before.get(id_, marks[id_]) != marks[id_]}
        entries = self._desk.entries(links.values(), changed=changed)
        clean = {id_: mark for id_, mark in marks.items() if links[id_] in entries}
        kept = {id_: before[id_] for id_ in marks if id_ in before and id_ not in clean}
        if before != clean | kept:
            self._reader.set_tag(url, self._tag, clean | kept)
        for each, known in pairs:
            found = entries.get(each.link) if each.link else None
            content = _content(found) if found else self._stored(each) if each.id in kept else ()
            yield (each._replace(content=content) if content else each), known

    def _marks(self, url: str) -> dict[str, str]:
        marks = self._reader.get_tag(url, self._tag, {})
        return marks if isinstance(marks, dict) else {}  # type: ignore[return-value]  # as we have set them

    def _stored(self, entry: Any) -> Collection[Any]:
        stored = self._reader.get_entry((entry.feed_url, entry.id), None)
        return stored.content if stored else ()


def _content(entry: Entry) -> tuple[Any, ...]:
    from reader import Content  # noqa: PLC0415  # see _Retriever

    return (Content(entry.content, "text/html", entry.language),)
