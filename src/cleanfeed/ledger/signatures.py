"""Contents and their signatures: each signed once, and anew when its text or the way of signing changes."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING

from cleanfeed.ledger.stored import inflate, unpack
from cleanfeed.stories.signature import SCHEME, signature

if TYPE_CHECKING:
    from cleanfeed.ledger.store import Row, Store
    from cleanfeed.model import Entry
    from cleanfeed.stories.signature import Signature


def content_of(store: Store, number: int) -> Entry:
    found: Row | None = store.one("SELECT data FROM contents WHERE number = ?", [number])
    try:
        return unpack(inflate(found[0] if found else b""))
    except (zlib.error, ValueError, TypeError) as error:
        raise store.spoilt(f"entry {number} is not what it was") from error


def sign(store: Store) -> dict[int, bytes]:
    """Signs the entries that are not, and gives their sketches by number; they are kept where that may be."""
    rows = store.all(
        "SELECT number FROM entries WHERE number NOT IN (SELECT number FROM signatures WHERE scheme = ?)",
        [SCHEME],
    )
    sketches = {}
    for (number,) in rows:
        made = signed(store, number)
        sketches[number] = made.sketch
        if not store.is_read_only:
            query = "INSERT OR REPLACE INTO signatures VALUES (?, ?, ?, ?)"
            store.do(query, [number, SCHEME, made.sketch, made.pack()])
    return sketches


def signed(store: Store, number: int) -> Signature:
    """The signature of an entry, made from its content."""
    entry = content_of(store, number)
    return signature(entry.title, entry.text)
