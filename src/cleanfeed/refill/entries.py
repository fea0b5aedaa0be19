"""What the formats have in common: entries with their addresses, and changes of a document's bytes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """An entry of a feed, by where it stands in it."""

    addresses: tuple[str, ...]
    """Where its article may be, the likeliest first."""
    title: str = ""

    @property
    def name(self) -> str:
        """What it is called in a message, beside its number."""
        return self.addresses[0] if self.addresses else self.title


class Document(Protocol):
    """A feed that was read, and can be written with other contents."""

    @property
    def count(self) -> int:
        """How many entries it has."""

    def place(self, number: int) -> Place:
        """One of its entries, in their order."""

    def filled(self, contents: Mapping[int, str]) -> bytes:
        """The feed in UTF-8, with the HTML that is given as the contents of entries, by their numbers."""


class Change(NamedTuple):
    """Bytes that take the place of others."""

    start: int
    end: int
    by: bytes


def changed(data: bytes, changes: Iterable[Change]) -> bytes:
    """The data with the changes made, which must not overlap."""
    parts: list[bytes] = []
    at = 0
    for change in sorted(changes):
        parts += (data[at : change.start], change.by)
        at = change.end
    return b"".join([*parts, data[at:]])
