"""Whether a file is a sound ledger; what is none is set aside, and nothing is ever deleted."""

from __future__ import annotations

import sqlite3
import stat
from datetime import UTC
from itertools import count
from typing import TYPE_CHECKING, NamedTuple

from cleanfeed.errors import LedgerError
from cleanfeed.ledger.damage import Damaged, look_through
from cleanfeed.ledger.schema import APPLICATION, STEPS, TABLES, VERSION
from cleanfeed.ledger.seal import beside, has_seal, size_of
from cleanfeed.ledger.store import Store, code_of, is_damage, unusable, words_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from pathlib import Path

_MAGIC = b"SQLite format 3\x00"
_SMALLEST_PAGE, _LARGEST_PAGE = 512, 65536
_BESIDE = ("", "-wal", "-shm")


class _Header(NamedTuple):
    """What the first 100 bytes of an SQLite file tell."""

    page_size: int
    pages: int
    versions: bytes
    fixed: bytes
    schema_format: int
    encoding: int

    @classmethod
    def of(cls, head: bytes) -> _Header:
        size = int.from_bytes(head[16:18])
        return cls(
            page_size=_LARGEST_PAGE if size == 1 else size,
            pages=int.from_bytes(head[28:32]),
            versions=head[18:20],
            fixed=head[21:24],
            schema_format=int.from_bytes(head[44:48]),
            encoding=int.from_bytes(head[56:60]),
        )

    @property
    def is_sound(self) -> bool:
        size = self.page_size
        return (
            _SMALLEST_PAGE <= size <= _LARGEST_PAGE
            and size & (size - 1) == 0
            and set(self.versions) <= {1, 2}
            and self.fixed == b"\x40\x20\x20"
            and self.schema_format <= 4  # noqa: PLR2004  # the formats that there are
            and self.encoding <= 1
        )


def check_file(path: Path) -> None:
    """Raises `Damaged` for what cannot be a ledger by its looks alone, before SQLite is asked."""
    try:
        mode = path.stat().st_mode if path.exists() else stat.S_IFREG
        if not stat.S_ISREG(mode):
            raise unusable(path, "it is a folder" if stat.S_ISDIR(mode) else "it is no ordinary file")
        with path.open("rb") as file:
            head = file.read(100)
    except FileNotFoundError:
        head = b""
    except OSError as error:
        raise unusable(path, error.strerror or str(error)) from error
    if head:
        _check_head(head, path)
    elif size_of(beside(path, "-wal")) or (path.exists() and has_seal(path)):
        raise Damaged("the file is empty")


def _check_head(head: bytes, path: Path) -> None:
    if not head.startswith(_MAGIC):
        raise Damaged("it is no SQLite file")
    header = _Header.of(head)
    if len(head) < 100 or not header.is_sound:  # noqa: PLR2004  # the length of a header
        raise Damaged("its header is wrong")
    if not size_of(beside(path, "-wal")) and size_of(path) < header.pages * header.page_size:
        raise Damaged("it has been cut short")


def check_store(store: Store) -> None:
    """Raises `Damaged` for what is no sound ledger, and `LedgerError` for one of a newer version."""
    check_version(store)
    if not store.was_sealed:
        _asking(look_through, store)


def check_version(store: Store) -> None:
    """The same, by its tables alone."""
    _asking(_check_version, store)


def _asking(check: Callable[[Store], None], store: Store) -> None:
    try:
        check(store)
    except LedgerError as error:
        cause = error.__cause__
        # Some wrong headers and tables are plain errors to SQLite.
        if isinstance(cause, sqlite3.Error) and (is_damage(cause) or code_of(cause) == sqlite3.SQLITE_ERROR):
            raise Damaged(words_of(cause)) from error
        raise


def _check_version(store: Store) -> None:
    tables = {row[0] for row in store.all("SELECT name FROM sqlite_master WHERE type = 'table'")}
    if not tables:
        return  # whoever began it was stopped
    if store.number("PRAGMA application_id") != APPLICATION:
        raise Damaged("it is the database of another program")
    version = store.number("PRAGMA user_version")
    if version > VERSION:
        raise LedgerError(
            f"{store.path}: the ledger is of a newer version ({version}; this cleanfeed knows {VERSION}); "
            "upgrade cleanfeed, or name another ledger in the configuration"
        )
    if not 0 < version <= len(STEPS) or (version == VERSION and not tables >= TABLES):
        raise Damaged("its tables are not those of a ledger")


def set_aside(path: Path, now: datetime) -> Path:
    """Renames the ledger, with what belongs to it, and gives its new name."""
    name = f"{path.name}.corrupt-{now.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    names = (name if number == 1 else f"{name}-{number}" for number in count(1))
    aside = next(found for each in names if not _is_taken(found := path.with_name(each)))
    try:
        for suffix in _BESIDE:
            file = beside(path, suffix)
            if file.exists() or file.is_symlink():
                file.rename(beside(aside, suffix))
    except OSError as error:
        reason = f"it is damaged, and cannot be set aside: {error.strerror or error}"
        raise unusable(path, reason) from error
    return aside


def _is_taken(path: Path) -> bool:
    return any(beside(path, suffix).exists() for suffix in _BESIDE)
