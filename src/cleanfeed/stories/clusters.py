"""From entries to stories: likely pairs are found by what they share, and only these are compared."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict
from dataclasses import dataclass
from itertools import combinations, product
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, NamedTuple

from cleanfeed.stories.alike import WINDOW, Gap, akin, alike, common, deny
from cleanfeed.stories.signature import unpacked

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from cleanfeed.stories.signature import Sentence, Signature

_NEAR: Final = 24
"""Earlier entries that an entry is paired with for one number of its sketch."""
_COMMON: Final = 48
"""Entries that have the same number in their sketches; of more, it is the number of a phrase of routine."""
_ENOUGH: Final = 2
"""Numbers that likely copies share."""
_ONE_OUTLET: Final = 0.6
"""The part of a sketch that likely copies of one outlet share."""
_ASKED: Final = 32
"""Entries of a group that are asked whether another group tells the same: stories of more are not news."""
_ROUTINE: Final = 3
"""Articles of one outlet, each with another beginning, that make a sentence of theirs one of routine."""


class Item(NamedTuple):
    """What tells one entry's place among the others."""

    id: str
    outlet: str
    moment: datetime
    sketch: bytes


class Link(NamedTuple):
    """Two entries that tell one story, by their ids in order, and the share of the text that both have."""

    share: float
    one: str
    other: str


@dataclass(frozen=True, slots=True)
class Clusters:
    """The stories of two entries or more."""

    members: tuple[frozenset[str], ...]
    links: tuple[Link, ...]
    """What holds them together."""
    compared: int = 0
    """Pairs of entries that were compared."""


def clusters(
    items: Iterable[Item],
    signature: Callable[[str], Signature],
    known: Mapping[str, str] = MappingProxyType({}),
) -> Clusters:
    """The entries that tell one story each, the same in whatever order they come.

    `signature` gives that of an id; it is asked only for those of entries that may be copies, once for each.
    `known` names the story that an entry was told as before: two that were one stay one as long as their
    texts are akin, for an outlet edits its report, and its copies stay as they were.
    """
    by_id = {item.id: item for item in items}
    pairs, before = _pairs(by_id), _told_together(by_id, known)
    texts = {id_: signature(id_) for id_ in dict.fromkeys(id_ for pair in (*pairs, *before) for id_ in pair)}
    likely = sorted(pair for pair in pairs.keys() - before if _is_likely(*pair, by_id, pairs[pair]))
    links = sorted(_links(likely, by_id, texts), key=_strength)
    held = [*_still_akin(before, texts), *links]
    bonds = _Bonds(frozenset((link.one, link.other) for link in held), by_id, texts)
    return Clusters(tuple(_joined(held, bonds)), tuple(held), len(likely))


def _is_likely(one: str, other: str, items: Mapping[str, Item], shared: int) -> bool:
    """Whether two entries that share so many numbers of their sketches are worth a comparison."""
    is_one_outlet = items[one].outlet == items[other].outlet
    return not is_one_outlet or shared >= _ONE_OUTLET * _length(items[one], items[other])


def _links(
    pairs: Iterable[tuple[str, str]], items: Mapping[str, Item], texts: Mapping[str, Signature]
) -> Iterator[Link]:
    routine = _routine(items, texts)
    for one, other in pairs:
        gap = _gap(items[one], items[other])
        share = alike(texts[one], texts[other], gap, frozenset() if gap.is_one_outlet else routine)
        if share:
            yield Link(share, one, other)


def _told_together(items: Mapping[str, Item], known: Mapping[str, str]) -> frozenset[tuple[str, str]]:
    """The pairs of ids, each in order, that were told as one story."""
    groups: defaultdict[str, list[str]] = defaultdict(list)
    for id_ in sorted(items.keys() & known.keys()):
        groups[known[id_]].append(id_)
    return frozenset(
        pair for group in groups.values() for pair in combinations(group[:_ASKED], 2) if len(group) > 1
    )


def _still_akin(pairs: Iterable[tuple[str, str]], texts: Mapping[str, Signature]) -> list[Link]:
    """Links between those of the pairs whose texts have a part in common, the strongest first."""
    links = [
        Link(common(texts[one], texts[other]), one, other)
        for one, other in pairs
        if akin(texts[one], texts[other])
    ]
    return sorted(links, key=_strength)


def _strength(link: Link) -> tuple[float, str, str]:
    return -link.share, link.one, link.other


def _gap(one: Item, other: Item) -> Gap:
    return Gap(abs(one.moment - other.moment), one.outlet == other.outlet)


def _length(one: Item, other: Item) -> int:
    return min(len(unpacked(one.sketch)), len(unpacked(other.sketch)))


def _pairs(items: Mapping[str, Item]) -> Mapping[tuple[str, str], int]:
    """The pairs of ids, each in order, that may be copies, and how many numbers their sketches share."""
    holders: defaultdict[int, list[Item]] = defaultdict(list)
    for item in sorted(items.values(), key=lambda item: (item.moment, item.id)):
        for number in unpacked(item.sketch):
            holders[number].append(item)
    shared: Counter[tuple[str, str]] = Counter()
    for held in holders.values():
        if len(held) > 1:
            shared.update(_neighbours(held))
    return {pair: count for pair, count in shared.items() if count >= _ENOUGH}


def _neighbours(held: Sequence[Item]) -> Iterator[tuple[str, str]]:
    """Each with those shortly before it; cost grows with their number, not with its square."""
    most = _NEAR if len(held) <= _COMMON else 1
    for place, item in enumerate(held):
        start = max(place - most, bisect_left(held, -WINDOW, key=lambda each: each.moment - item.moment))
        for before in held[start:place]:
            yield (before.id, item.id) if before.id < item.id else (item.id, before.id)


def _routine(items: Mapping[str, Item], texts: Mapping[str, Signature]) -> frozenset[Sentence]:
    """The sentences that an outlet puts under many articles, such as a note about itself."""
    heads: defaultdict[tuple[str, Sentence], set[Sentence]] = defaultdict(set)
    for id_, text in texts.items():
        for sentence in set(text.sentences):
            heads[items[id_].outlet, sentence].add(text.sentences[0])
    return frozenset(sentence for (_, sentence), found in heads.items() if len(found) >= _ROUTINE)


@dataclass(frozen=True, slots=True)
class _Bonds:
    """What is known of pairs of entries once they have been compared."""

    links: frozenset[tuple[str, str]]
    items: Mapping[str, Item]
    texts: Mapping[str, Signature]

    def join(self, one: frozenset[str], other: frozenset[str]) -> bool:
        """Whether two groups may be one story: most of their entries are kin, and none denies another one."""
        kin = pairs = 0
        for pair in product(sorted(one)[:_ASKED], sorted(other)[:_ASKED]):
            bond = self._bond(min(pair), max(pair))
            if bond is None:
                return False
            pairs += 1
            kin += bond
        return 2 * kin > pairs

    def _bond(self, one: str, other: str) -> bool | None:
        """Whether two entries may be one story by what both resemble; nothing where they cannot be."""
        if (one, other) in self.links:
            return True
        gap = _gap(self.items[one], self.items[other])
        # Two articles of one outlet are joined by a link of their own, not by a copy that resembles both.
        if gap.is_one_outlet or deny(self.texts[one], self.texts[other], gap):
            return None
        return akin(self.texts[one], self.texts[other])


def _joined(links: Sequence[Link], bonds: _Bonds) -> Iterator[frozenset[str]]:
    """The groups that the links make, the strongest first."""
    group: dict[str, frozenset[str]] = {}
    for link in links:
        one, other = (group.get(id_, frozenset([id_])) for id_ in (link.one, link.other))
        if one is not other and bonds.join(one, other):
            group |= dict.fromkeys(one | other, one | other)
    yield from sorted(set(group.values()), key=min)
