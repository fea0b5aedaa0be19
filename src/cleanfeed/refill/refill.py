"""The feed of a reader with its contents replaced by clean articles; what cannot be improved stays."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cleanfeed.errors import ListingError, PageError, Unclaimed
from cleanfeed.refill.jsonfeeds import json_feed
from cleanfeed.refill.text import decoded
from cleanfeed.refill.xmlfeeds import xml_feed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from cleanfeed.model import Entry
    from cleanfeed.refill.entries import Document, Place

    Look = Callable[[Sequence[str]], Iterator[tuple[str, Entry | PageError]]]
    """Gives each address with its entry, or the reason why there is none: `Lookup.entries`."""

MOST = 1000
"""Entries of one feed that are looked up unless more are asked for; the rest passes as it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Refilled:
    """A feed with clean contents, and what is not improved in it."""

    data: bytes
    """UTF-8."""
    count: int
    """Entries that have clean contents now."""
    failed: tuple[PageError, ...]
    """Of entries that should have them."""
    unclaimed: tuple[PageError, ...]
    """Of entries that no outlet claims: nobody expects anything of them."""
    rest: int
    """Entries that were not looked up."""
    doubt: str
    """What is wrong with its encoding, "" if nothing is."""


def refill(data: bytes, look: Look, *, name: str = "feed", most: int = MOST) -> Refilled:
    """The feed with the contents of its first entries, `most` of them, replaced.

    A `ListingError` for what is no whole feed (RSS, RDF, Atom, JSON Feed); `name` is what it is called there.
    """
    text, doubt = decoded(data, name)
    document = document_of(text, name)
    found = _found([document.place(number) for number in range(min(most, document.count))], look, name)
    contents = {number: each.content for number, each in found.items() if not isinstance(each, PageError)}
    problems = [each for each in found.values() if isinstance(each, PageError)]
    return Refilled(
        data=document.filled(contents),
        count=len(contents),
        failed=tuple(each for each in problems if not isinstance(each, Unclaimed)),
        unclaimed=tuple(each for each in problems if isinstance(each, Unclaimed)),
        rest=document.count - len(found),
        doubt=f"{name}: {doubt}" if doubt else "",
    )


def document_of(text: str, name: str) -> Document:
    """The feed in this text, whatever its format."""
    document = json_feed(text, name) or xml_feed(text, name)
    if document is None:
        raise ListingError(name, "is no feed: neither RSS nor Atom nor JSON Feed")
    return document


def _found(places: Sequence[Place], look: Look, name: str) -> dict[int, Entry | PageError]:
    """The entry of each place, or why there is none; of several addresses the first that is an outlet's."""
    found: dict[int, Entry | PageError] = {
        number: Unclaimed(place.title or f"entry {number + 1} of {name}", "names no address of an article")
        for number, place in enumerate(places)
    }
    for turn in range(max((len(place.addresses) for place in places), default=0)):
        asked = {
            number: place.addresses[turn]
            for number, place in enumerate(places)
            if turn < len(place.addresses) and isinstance(found[number], Unclaimed)
        }
        answers = dict(look(list(dict.fromkeys(asked.values()))))
        for number, address in asked.items():
            if turn == 0 or not isinstance(answers[address], Unclaimed):
                found[number] = answers[address]
    return found
