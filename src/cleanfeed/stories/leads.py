"""Under which id each story is published: that of its entry that came first, whatever becomes of it."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from datetime import datetime

    from cleanfeed.shelf import Card


class Lead(NamedTuple):
    """The entry that a story is published under; it need not be there any more."""

    since: datetime
    """When it was first seen: of two stories that turn out to be one, the earlier id stays."""
    id: str


def leads(groups: Sequence[Collection[Card]], known: Mapping[str, Lead]) -> list[Lead]:
    """The lead of each group, no two alike; `known` are those that entries have been published under, by id.

    The id of an entry that is there leads no group but its own.
    """
    home = {card.id: number for number, group in enumerate(groups) for card in group}
    heirs = _heirs(groups, known, home)
    return [
        _earliest(known[card.id] for card in group if card.id in known and heirs[known[card.id].id] == number)
        or _first(group)
        for number, group in enumerate(groups)
    ]


def _heirs(
    groups: Sequence[Collection[Card]], known: Mapping[str, Lead], home: Mapping[str, int]
) -> Mapping[str, int]:
    """The group that each known lead stays with: its own entry's, else that of its earliest entry."""
    claims: defaultdict[str, list[tuple[datetime, datetime, str, int]]] = defaultdict(list)
    for number, group in enumerate(groups):
        for card in group:
            if card.id in known:
                claims[known[card.id].id].append((*_order(card), number))
    return {id_: home[id_] if id_ in home else min(found)[-1] for id_, found in claims.items()}


def _order(card: Card) -> tuple[datetime, datetime, str]:
    return card.seen, card.moment, card.id


def _first(group: Iterable[Card]) -> Lead:
    first = min(group, key=_order)
    return Lead(first.seen, first.id)


def _earliest(found: Iterable[Lead]) -> Lead | None:
    return min(found, default=None)
