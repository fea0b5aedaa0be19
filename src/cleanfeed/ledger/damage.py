"""A look through a whole ledger, for what SQLite notices and for what only we do."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING

from cleanfeed.ledger.schema import VERSION
from cleanfeed.ledger.stored import inflate, unpack_card
from cleanfeed.stories.signature import unpack

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cleanfeed.ledger.store import Row, Store


class Damaged(Exception):
    """A file that is no sound ledger; never seen outside of this room."""


def look_through(store: Store) -> None:
    """Raises `Damaged` where anything in it cannot be what was put there."""
    said = store.all("PRAGMA integrity_check(1)")
    if said != [("ok",)]:
        raise Damaged(" ".join(str(said[0][0]).split()))
    if store.number("PRAGMA user_version") == VERSION:
        for table, columns in _tables(store):
            _check_types(store, table, columns)
        _check_entries(store)


def _tables(store: Store) -> Iterator[tuple[str, dict[str, str]]]:
    """The tables, each with its columns and their types."""
    for (table,) in store.all(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'"
    ):
        yield table, {row[1]: row[2].lower() for row in store.all(f"PRAGMA table_info({table})")}


def _check_types(store: Store, table: str, columns: dict[str, str]) -> None:
    """To SQLite any value is good in any column, and any bytes are text."""
    wrong = " OR ".join(f"typeof({name}) NOT IN ('{kind}', 'null')" for name, kind in columns.items())
    texts = ", ".join(name for name, kind in columns.items() if kind == "text")
    if store.number(f"SELECT count(*) FROM {table} WHERE {wrong}"):  # noqa: S608  # names of our own
        raise Damaged(f"a value in {table} is of the wrong type")
    if texts:
        store.all(f"SELECT {texts} FROM {table}")  # noqa: S608  # names of our own


def _check_entries(store: Store) -> None:
    """SQLite does not notice when bytes inside a value are others; the contents' own check sums do."""
    for number, card, data, sketch, signature in _contents(store):
        try:
            unpack_card(card, number, sketch or b"")
            inflate(data)
            if signature is not None:
                unpack(signature)
        except (zlib.error, ValueError, TypeError) as error:
            raise Damaged(f"entry {number} is not what it was") from error


def _contents(store: Store) -> Iterator[Row]:
    query = (
        "SELECT number, card, contents.data, sketch, signatures.data FROM entries"
        " LEFT JOIN contents USING (number) LEFT JOIN signatures USING (number)"
        " WHERE number > ? ORDER BY number LIMIT 500"
    )
    last = 0
    while rows := store.all(query, [last]):
        yield from rows
        last = rows[-1][0]
