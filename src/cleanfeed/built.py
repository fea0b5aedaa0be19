"""What the last build wrote, and from what: the next one may find that there is nothing to do."""

from __future__ import annotations

from contextlib import suppress
from hashlib import sha256
from typing import TYPE_CHECKING

import msgspec

from cleanfeed.model import Outline  # noqa: TC001  # msgspec reads the annotation

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from cleanfeed.config import Config
    from cleanfeed.ledger import Ledger

_NOTE = "built"
_IN_FEEDS = "in feeds"


class Built(msgspec.Struct):
    """What a build has left behind."""

    key: str
    """Of the configuration, the code and the entries."""
    files: dict[str, tuple[int, int]] = {}
    """Size and time of change in nanoseconds, by name."""
    outlines: list[Outline] = []
    findings: list[str] = []
    copies: int = 0
    """Entries that tell the story of another one."""


def key_of(config: Config, code: str, ledger: Ledger) -> str:
    """What files depend on."""
    said = f"{config!r} {code} {ledger.revision}"
    return sha256(said.encode("utf-8", "surrogatepass")).hexdigest()


def last(ledger: Ledger) -> Built:
    """The last build that ended well, or an empty one."""
    with suppress(msgspec.MsgspecError):  # of another version, or none
        return msgspec.json.decode(ledger.note(_NOTE) or "", type=Built)
    return Built("")


def remember(ledger: Ledger, built: Built) -> None:
    ledger.remember(_NOTE, msgspec.json.encode(built).decode())


def is_untouched(built: Built, folder: Path) -> bool:
    """Whether the files of that build are as it has left them."""
    return bool(built.files) and state_of(folder, built.files) == built.files


def state_of(folder: Path, names: Iterable[str]) -> dict[str, tuple[int, int]]:
    """Size and time of change of those files that are there."""
    found = {}
    for name in names:
        with suppress(OSError):  # it is not there, or cannot be looked at
            info = (folder / name).lstat()
            found[name] = (info.st_size, info.st_mtime_ns)
    return found


def in_feeds(ledger: Ledger) -> list[str]:
    """The ids of the entries that the feeds of the last build hold."""
    with suppress(msgspec.MsgspecError):  # there was none, or its record is lost
        return msgspec.json.decode(ledger.note(_IN_FEEDS) or "", type=list[str])
    return sorted(ledger.entry_ids())


def remember_in_feeds(ledger: Ledger, ids: Iterable[str]) -> None:
    ledger.remember(_IN_FEEDS, msgspec.json.encode(sorted(ids)).decode())
