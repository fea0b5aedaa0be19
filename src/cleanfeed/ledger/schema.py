"""The tables of the ledger, as the steps that lead from one version to the next."""

from __future__ import annotations

from typing import Final

APPLICATION: Final = 0x636C6664
"""SQLite's application_id of a ledger: "clfd"."""

ITEM: Final = "application/x-cleanfeed-item"
"""The media type of what a feed itself tells of an article, kept where its page could not be had."""

_FIRST = (
    """CREATE TABLE pages (
        number INTEGER PRIMARY KEY,
        address TEXT NOT NULL UNIQUE,
        outlet TEXT NOT NULL,
        state TEXT NOT NULL,
        published INTEGER,
        sections TEXT NOT NULL DEFAULT '',
        first_seen INTEGER NOT NULL,
        listed_at INTEGER,
        checked_at INTEGER,
        fetched_at INTEGER,
        full_at INTEGER,
        etag TEXT,
        last_modified TEXT,
        charset TEXT,
        media_type TEXT NOT NULL DEFAULT '',
        final TEXT NOT NULL DEFAULT '',
        body_sha BLOB,
        read_sha BLOB,
        read_with TEXT,
        reason TEXT NOT NULL DEFAULT '',
        fails INTEGER NOT NULL DEFAULT 0,
        retry_at INTEGER,
        entry TEXT,
        raw_size INTEGER
    )""",
    "CREATE INDEX pages_of_outlet ON pages (outlet, state)",
    "CREATE INDEX pages_of_entry ON pages (entry) WHERE entry IS NOT NULL",
    "CREATE INDEX pages_with_raw ON pages (read_with, state) WHERE raw_size IS NOT NULL",
    "CREATE TABLE raws (number INTEGER PRIMARY KEY, data BLOB NOT NULL)",
    "CREATE TABLE items (number INTEGER PRIMARY KEY, data BLOB NOT NULL)",
    """CREATE TABLE entries (
        number INTEGER PRIMARY KEY,
        id TEXT NOT NULL UNIQUE,
        outlet TEXT NOT NULL,
        address TEXT,
        first_seen INTEGER NOT NULL,
        stamped INTEGER,
        moment INTEGER NOT NULL,
        rules BLOB,
        card BLOB NOT NULL,
        lead TEXT,
        led_since INTEGER
    )""",
    """CREATE TABLE signatures (
        number INTEGER PRIMARY KEY,
        scheme TEXT NOT NULL,
        sketch BLOB NOT NULL,
        data BLOB NOT NULL
    )""",
    "CREATE TABLE contents (number INTEGER PRIMARY KEY, data BLOB NOT NULL)",
    "CREATE TABLE revision (number INTEGER NOT NULL)",
    "INSERT INTO revision VALUES (0)",
    """CREATE TRIGGER revision_insert AFTER INSERT ON contents
        BEGIN UPDATE revision SET number = number + 1; END""",
    """CREATE TRIGGER revision_update AFTER UPDATE ON contents
        BEGIN UPDATE revision SET number = number + 1; END""",
    """CREATE TRIGGER revision_delete AFTER DELETE ON contents
        BEGIN UPDATE revision SET number = number + 1; END""",
    """CREATE TABLE aliases (
        address TEXT PRIMARY KEY,
        outlet TEXT NOT NULL,
        entry TEXT NOT NULL,
        noted_at INTEGER NOT NULL
    ) WITHOUT ROWID""",
    "CREATE INDEX aliases_of_entry ON aliases (entry)",
    "CREATE TABLE hosts (host TEXT PRIMARY KEY, data BLOB NOT NULL) WITHOUT ROWID",
    """CREATE TABLE listings (
        outlet TEXT NOT NULL,
        address TEXT NOT NULL,
        etag TEXT,
        last_modified TEXT,
        full_at INTEGER,
        PRIMARY KEY (outlet, address)
    ) WITHOUT ROWID""",
    "CREATE TABLE readings (number INTEGER PRIMARY KEY, outlet TEXT NOT NULL, data BLOB NOT NULL)",
    "CREATE INDEX readings_of_outlet ON readings (outlet)",
    "CREATE TABLE builds (number INTEGER PRIMARY KEY, data BLOB NOT NULL)",
    "CREATE TABLE notes (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID",
)

_SECOND = (
    "ALTER TABLE pages ADD COLUMN dated INTEGER",
    "ALTER TABLE pages ADD COLUMN read_type TEXT",
    "UPDATE pages SET read_type = media_type WHERE read_sha = body_sha",
    "ALTER TABLE pages ADD COLUMN missing_since INTEGER",
    "CREATE INDEX pages_missing ON pages (outlet) WHERE missing_since IS NOT NULL",
)

STEPS: Final = (_FIRST, _SECOND)
"""What turns a ledger of version n into one of version n + 1; an empty file is of version 0."""

_AS_SECOND = """
    CREATE TEMP VIEW pages AS
        SELECT *, NULL AS dated, NULL AS read_type, NULL AS missing_since FROM main.pages
"""

LOOKS: Final = ("", _AS_SECOND)
"""What lets a ledger of version n be looked at as it is, as one of this version."""

VERSION: Final = len(STEPS)
"""SQLite's user_version of a ledger."""

TABLES: Final = frozenset(
    {
        "pages", "raws", "items", "entries", "contents", "aliases", "hosts", "listings", "readings", "builds",
        "notes", "revision", "signatures",
    }
)  # fmt: skip
