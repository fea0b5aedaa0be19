"""Contents and their signatures: each signed once, and anew when its text or the way of signing changes."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING

from cleanfeed.ledger.stored import inflate, unpack
from cleanfeed.stories.signature import SCHEME, signature

if TYPE_CHECKING:
    from cleanfeed.ledger.store import Row, Store
    from cleanfeed.model import Entry


def content_of(store: Store, number: int) -> Entry:
    found: Row | None = store.one("SELECT data FROM contents WHERE number = ?", [number])
    try:
        return unpack(inflate(found[0] if found else b""))
    except (zlib.error, ValueError, TypeError) as error:
        raise store.spoilt(f"entry {number} is not what it was") from error


def sign(store: Store) -> int:
    """Signs the entries that are not, and gives how many these were."""
    rows = store.all(
        "SELECT number FROM entries WHERE number NOT IN (SELECT number FROM signatures WHERE scheme = ?)",
        [SCHEME],
    )
    for (number,) in rows:
        entry = content_of(store, number)
        made = signature(entry.title, entry.text)
        query = "INSERT OR REPLACE INTO signatures VALUES (?, ?, ?, ?)"
        store.do(query, [number, SCHEME, made.sketch, made.pack()])
    return len(rows)
