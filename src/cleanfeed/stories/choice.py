"""Which entry of a story is shown: the original, as far as it can be told."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING

from cleanfeed.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from cleanfeed.shelf import Card

_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Outlets:
    """What is known of the outlets whose entries are compared."""

    names: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    """By slug."""
    republishers: frozenset[str] = frozenset()
    """The slugs of those that publish what others have written."""


def ranked(cards: Iterable[Card], outlets: Outlets) -> list[Card]:
    """The entries of a story, the one to show first.

    An outlet that republishes yields to one that does not, an entry to the outlet that it credits; then
    the earlier one comes first, then the fuller one.
    """
    members = list(cards)
    return sorted(
        members,
        key=lambda card: (
            card.outlet in outlets.republishers,
            credited(card, members, outlets) is not None,
            card.moment,
            -card.rank[1],
            card.id,
        ),
    )


def why(shown: Card, other: Card, outlets: Outlets) -> str:
    """Why one entry is shown, and not the other, in a few words."""
    if other.outlet in outlets.republishers and shown.outlet not in outlets.republishers:
        return f"{other.outlet} republishes what others write"
    if credited(other, [shown], outlets) is not None:
        return f"it credits {other.source}"
    if other.moment != shown.moment:
        return "it is later"
    if other.rank[1] != shown.rank[1]:
        return "its text is shorter"
    return "nothing tells them apart but their ids"


def credited(card: Card, others: Iterable[Card], outlets: Outlets) -> Card | None:
    """The entry among others whose outlet this one names as its source."""
    source = _words(card.source or "")
    if not source:
        return None
    return next(
        (each for each in others if each.outlet != card.outlet and _is_named(each.outlet, source, outlets)),
        None,
    )


def _is_named(outlet: str, source: frozenset[str], outlets: Outlets) -> bool:
    """Whether a credit means this outlet: "Al-Harbour" is that of "The Al Harbour" too."""
    name = _words(outlets.names.get(outlet, outlet))
    return bool(name) and (name <= source or source <= name)


def _words(text: str) -> frozenset[str]:
    return frozenset(_WORD.findall(fold(text)))
