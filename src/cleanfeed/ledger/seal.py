"""The seal of a ledger: tells how its last user left it, so that it need not be looked through."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


def beside(path: Path, suffix: str) -> Path:
    """The file that belongs to the ledger's and has its name with a suffix."""
    return path.with_name(path.name + suffix)


def size_of(path: Path) -> int:
    """In bytes; 0 for a file that is not there."""
    try:
        return path.stat().st_size
    except OSError:
        return 0


def has_seal(path: Path) -> bool:
    """Whether there ever was a ledger at this place that was closed well."""
    return size_of(beside(path, ".seal")) > 0


def is_sealed(path: Path) -> bool:
    """Whether the ledger is as its last user left it."""
    try:
        said = beside(path, ".seal").read_text("ascii")
        return said == _looks_of(path) and size_of(beside(path, "-wal")) == 0
    except (OSError, ValueError):  # there is no seal, or it is none
        return False


def seal(path: Path) -> None:
    """To be called once the ledger is closed."""
    if size_of(beside(path, "-wal")):
        return  # somebody else has it open
    with suppress(OSError):  # without a seal, the next opening takes a little longer
        file = beside(path, ".seal")
        file.touch(mode=0o600)
        file.write_text(_looks_of(path), "ascii")


def break_seal(path: Path) -> None:
    with suppress(OSError):  # it may never have been there
        beside(path, ".seal").write_text("broken\n", "ascii")


def _looks_of(path: Path) -> str:
    found = path.stat()
    return f"{found.st_size} {found.st_mtime_ns}\n"
