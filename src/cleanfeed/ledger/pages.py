"""Pages: every address that was ever listed, and when it is to be asked for."""

from __future__ import annotations

import zlib
from dataclasses import dataclass, fields
from hashlib import sha256
from typing import TYPE_CHECKING, Literal

from cleanfeed.ledger.entries import add_labels
from cleanfeed.ledger.merging import union
from cleanfeed.ledger.part import Part
from cleanfeed.ledger.schema import ITEM
from cleanfeed.ledger.stored import deflate, inflate, storable
from cleanfeed.ledger.times import micros, moment_of, stamp

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from datetime import datetime

    from cleanfeed.ledger.store import Row, Store
    from cleanfeed.sources.listings import Link

State = Literal["pending", "failed", "unread", "read", "refused", "gone"]

UNCONDITIONAL = micros(days=7)
"""After so long a page is had whole again: some servers answer "not modified" for ever."""
_A_DAY = micros(days=1)
_INTERVALS = ((micros(days=2), 0), (micros(days=7), micros(hours=6)))
"""How often a known article is asked for again, by its age; older ones once a day."""
_YOUNG = micros(days=2)
"""So long a page that gave no entry may yet become an article."""
SECOND_LOOK = micros(hours=6)
"""After so long such a page is asked for again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PageRow:
    """What is known of one address. All times are aware, UTC."""

    address: str
    outlet: str
    state: State
    published: datetime | None = None
    """As a listing tells it; a sitemap may mean the last change."""
    dated: datetime | None = None
    """When the article was published, as a feed told it first."""
    sections: tuple[str, ...] = ()
    """Of the listings that name it."""
    etag: str | None = None
    """As the server gave it; `None` where the page is to be had whole."""
    last_modified: str | None = None
    charset: str | None = None
    media_type: str = ""
    final: str = ""
    """Where redirects led."""
    first_seen: datetime
    checked_at: datetime | None = None
    """When it was last asked for, with or without success."""
    fetched_at: datetime | None = None
    """When the body that is kept was first had."""
    full_at: datetime | None = None
    """When a whole body last came."""
    fails: int = 0
    """In a row."""
    reason: str = ""
    """Why it could not be had, or gave no entry."""
    entry: str | None = None
    """The id of its entry."""
    has_raw: bool = False
    item: str = ""
    """The document made of a full-text feed's entry, until the page itself is had."""
    missing_since: datetime | None = None
    """When a known article first answered that it is gone, where that is not believed."""


_ELSEWHERE = {"has_raw": "raw_size IS NOT NULL", "item": "items.data"}
"""The fields of a page that are no columns of their own."""
_NAMES = tuple(each.name for each in fields(PageRow))
_COLUMNS = (
    f"SELECT {', '.join(_ELSEWHERE.get(name, name) for name in _NAMES)}"  # noqa: S608  # names of our own
    " FROM pages LEFT JOIN items USING (number) "
)
_BY_NUMBER = "WHERE number = ?"
_TIMES = ("published", "dated", "first_seen", "checked_at", "fetched_at", "full_at", "missing_since")


def rows_of(
    store: Store, rest: str, values: Iterable[object] = (), now: datetime | None = None
) -> list[PageRow]:
    """The pages that the rest of a query names; without validators where the page is to be had whole."""
    return [_row_of(row, now) for row in store.all(_COLUMNS + rest, values)]


def _row_of(row: Row, now: datetime | None) -> PageRow:
    said = dict(zip(_NAMES, row, strict=True))
    if now is not None and not _is_recent(said["full_at"], now):
        said["etag"] = said["last_modified"] = None
    for name in _TIMES:
        said[name] = moment_of(said[name])
    said["sections"] = sections_of(said["sections"])
    said["has_raw"] = bool(said["has_raw"])
    said["item"] = _text(said["item"]) if said["item"] else ""
    return PageRow(**said)


def _text(data: bytes) -> str:
    try:
        return inflate(data).decode()
    except (zlib.error, ValueError):  # the page itself can still be had
        return ""


def _is_recent(full_at: int | None, now: datetime) -> bool:
    return full_at is not None and 0 <= stamp(now) - full_at < UNCONDITIONAL


def sections_of(said: str) -> tuple[str, ...]:
    return tuple(said.split("\n")) if said else ()


def _said(sections: Iterable[str]) -> str:
    return "\n".join(storable(" ".join(each.split())) for each in sections)


class Pages(Part):
    """What is listed, and what is to be asked for."""

    # --- listings

    def listed(self, outlet: str, links: Iterable[Link], now: datetime, *, dated: bool = True) -> int:
        """Notes what an outlet's listings name; gives how many of the addresses are new.

        `dated`: whether the links' times are those at which their articles were published.
        """
        return sum([self._list(outlet, link, stamp(now), dated=dated) for link in links])

    def _list(self, outlet: str, link: Link, now: int, *, dated: bool) -> bool:
        moment = stamp(link.published) if dated else None
        query = "SELECT number, sections, listed_at, published, dated, state, entry, retry_at"
        found = self._store.one(f"{query} FROM pages WHERE address = ?", [link.url])
        if found:
            self._list_again(link, found, now, moment)
            return False
        entry = self.id_of(link.url)
        if entry is not None:
            add_labels(self._store, entry, link.sections)
            return False
        number = self._store.add(
            "INSERT INTO pages (address, outlet, state, published, dated, sections, first_seen, listed_at)"
            " VALUES (?, ?, 'pending', ?, ?, ?, ?, ?)",
            [link.url, outlet, stamp(link.published), moment, _said(link.sections), now, now],
        )
        self._keep_item(number, link)
        return True

    def _list_again(self, link: Link, found: Row, now: int, moment: int | None) -> None:
        number, said, listed_at, published, dated, state, entry, retry_at = found
        self._add_sections(number, said, link, entry)
        if published is None and link.published is not None:
            self._store.do("UPDATE pages SET published = ? WHERE number = ?", [stamp(link.published), number])
        if dated is None and moment is not None:
            self._store.do("UPDATE pages SET dated = ? WHERE number = ?", [moment, number])
        if listed_at is None or abs(now - listed_at) >= _A_DAY:
            self._store.do("UPDATE pages SET listed_at = ? WHERE number = ?", [now, number])
        # In what follows its outlet says that it is there.
        if entry is None and state == "gone" and _is_due(retry_at, now):
            self._store.do("UPDATE pages SET state = 'failed' WHERE number = ?", [number])
        if entry is not None and state == "gone" and retry_at is not None:
            self._store.do("UPDATE pages SET retry_at = NULL WHERE number = ?", [number])
        self._keep_item(number, link)

    def _add_sections(self, number: int, said: str, link: Link, entry: str | None) -> None:
        known = sections_of(said)
        sections = union(known, link.sections)
        if sections == known:
            return
        self._store.do("UPDATE pages SET sections = ? WHERE number = ?", [_said(sections), number])
        if entry:
            add_labels(self._store, entry, sections)

    def _keep_item(self, number: int, link: Link) -> None:
        """Keeps what a feed tells of an article whose page was never had, unless it is what was had last."""
        if not link.item:
            return
        item = link.item.encode("utf-8", "replace")
        query = "SELECT 1 FROM pages WHERE number = ?"
        query += " AND (state IN ('pending', 'failed') OR (media_type = ? AND body_sha IS NOT ?))"
        if self._store.one(query, [number, ITEM, sha256(item).digest()]):
            self._store.do("INSERT OR REPLACE INTO items VALUES (?, ?)", [number, deflate(item)])

    # --- what is known

    def page(self, address: str) -> PageRow | None:
        return next(iter(rows_of(self._store, "WHERE address = ?", [address])), None)

    def page_of(self, id_: str) -> PageRow | None:
        """The page that leads to this entry; of several, the one that was asked for last."""
        rest = "WHERE entry = ? ORDER BY checked_at DESC, number LIMIT 1"
        return next(iter(rows_of(self._store, rest, [id_])), None)

    def is_known(self, address: str) -> bool:
        """Whether the address, or its article under another one, was ever listed."""
        found = self._store.one("SELECT 1 FROM pages WHERE address = ?", [address])
        return found is not None or self.id_of(address) is not None

    def addresses(self, outlet: str) -> frozenset[str]:
        """All that is known of an outlet, other addresses of its articles too."""
        query = (
            "SELECT address FROM pages WHERE outlet = ? UNION SELECT address FROM aliases WHERE outlet = ?"
        )
        return frozenset(row[0] for row in self._store.all(query, [outlet, outlet]))

    def id_of(self, address: str) -> str | None:
        """The id of the entry that an address leads to."""
        query = "SELECT entry FROM pages WHERE address = ? AND entry IS NOT NULL"
        query += " UNION ALL SELECT entry FROM aliases WHERE address = ?"
        found = self._store.one(query, [address, address])
        return found[0] if found else None

    # --- what is to be asked for

    def pending(self, outlet: str, limit: int, now: datetime) -> list[PageRow]:
        """The pages that are to be had, newest first: new ones, and failed ones whose time has come.

        After them those that gave no entry when they were young and may do so now, and those that are held.
        """
        time = stamp(now)
        rest = """
            WHERE outlet = ? AND (retry_at IS NULL OR retry_at <= ? OR retry_at > ?) AND (
                state IN ('pending', 'failed') OR (state = 'refused' AND first_seen > ?)
                OR (state = 'unread' AND entry IS NULL AND checked_at <= ?)
            )
            ORDER BY state IN ('refused', 'unread'), min(coalesce(published, first_seen), ?) DESC, number
            LIMIT ?
        """
        values = [outlet, time, time + 2 * _A_DAY, time - _YOUNG, time - SECOND_LOOK, time, limit]
        return rows_of(self._store, rest, values, now)

    def recheck(self, outlets: Collection[str], ids: Collection[str], now: datetime) -> list[PageRow]:
        """The known articles with these entries that are due again, the least recently asked for first."""
        wanted = frozenset(ids)
        query = "SELECT entry, number, first_seen, checked_at, retry_at FROM pages WHERE outlet = ?"
        query += " AND entry IS NOT NULL"
        found = (row[1:] for slug in outlets for row in self._store.all(query, [slug]) if row[0] in wanted)
        time = stamp(now)
        due = [
            (checked_at or 0, number)
            for number, first_seen, checked_at, retry_at in found
            if _is_again_due(first_seen, checked_at, retry_at, time)
        ]
        return [page for _, number in sorted(due) for page in rows_of(self._store, _BY_NUMBER, [number], now)]

    def retold(self, outlet: str) -> list[PageRow]:
        """The pages of which there is only what a feed tells, where it now tells something else."""
        rest = "WHERE outlet = ? AND media_type = ? AND state IN ('read', 'unread') AND data IS NOT NULL"
        return rows_of(self._store, rest, [outlet, ITEM])

    def missing(self, outlet: str, ids: Collection[str]) -> list[PageRow]:
        """The known articles with these entries that answered that they are gone, and are not believed."""
        rows = rows_of(self._store, "WHERE outlet = ? AND missing_since IS NOT NULL", [outlet])
        wanted = frozenset(ids)
        return [row for row in rows if row.entry in wanted]


def _is_due(retry_at: int | None, now: int) -> bool:
    """Also a time too far ahead has come: no wait is that long, so a clock was wrong."""
    return retry_at is None or retry_at <= now or retry_at > now + 2 * _A_DAY


def _is_again_due(first_seen: int, checked_at: int | None, retry_at: int | None, now: int) -> bool:
    if checked_at is None or checked_at > now:
        return True
    if retry_at is not None:
        return _is_due(retry_at, now)
    interval = next((interval for age, interval in _INTERVALS if now - first_seen < age), _A_DAY)
    return now - checked_at >= interval
