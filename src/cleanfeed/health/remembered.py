"""The findings of the last build, kept in the ledger for whoever asks later."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Protocol

import msgspec

from cleanfeed.health.findings import Finding

if TYPE_CHECKING:
    from collections.abc import Iterable

_NOTE = "findings"


class Notes(Protocol):
    """Of the ledger, what is needed here."""

    def note(self, name: str) -> str | None: ...
    def remember(self, name: str, value: str) -> None: ...


def remember(ledger: Notes, findings: Iterable[Finding]) -> None:
    """To be called at the end of each build, with all that it found."""
    ledger.remember(_NOTE, msgspec.json.encode(list(findings)).decode())


def remembered(ledger: Notes) -> list[Finding]:
    with suppress(msgspec.MsgspecError):  # of another version, or none
        return msgspec.json.decode(ledger.note(_NOTE) or "[]", type=list[Finding])
    return []
