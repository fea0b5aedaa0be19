"""The readings of an outlet, as they are compared: what came last against what was before."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from cleanfeed.health.odds import LEAST, RARELY, SELDOM, is_broken_off

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from cleanfeed.ledger.readings import Reading

    Test = Callable[[Reading], bool]

_WINDOWS = (5, 12, 30)
"""Readings across builds: one that runs every hour brings few articles at a time."""
NEW_NORMAL = 20
"""Articles after which another finder of a field is the usual one."""
_PAIRS = 3
_MOST_OF = 0.8


ALWAYS = frozenset({"title", "content"})
"""What every entry has, whether or not the recipe finds it."""


class Span(NamedTuple):
    """Readings, and those before them; each address once, by its last reading."""

    before: Sequence[Reading]
    after: Sequence[Reading]
    seldom: float = SELDOM

    def lost(self, hits: Test, fits: Test, *, usual: float = 0.5, most: float = 0.6) -> list[Reading] | None:
        """The later readings without something that the earlier ones had, if that is no chance.

        Only readings that fit are looked at.
        """
        after = [each for each in self.after if fits(each)]
        without = [each for each in after if not hits(each)]
        had = len(after) - len(without)
        # Nearly always there is nothing to be seen: the earlier ones are many, and need not be looked at.
        if len(without) < LEAST or had > most * len(after):
            return None
        before = [hits(each) for each in self.before if fits(each)]
        broken = is_broken_off(
            had, len(after), sum(before), len(before), usual=usual, most=most, seldom=self.seldom
        )
        return without if broken else None


class Pair(NamedTuple):
    """An article before and after it was read again."""

    before: Reading
    after: Reading


class History:
    """The readings of earlier builds and of this one."""

    def __init__(self, past: Sequence[Reading], fresh: Sequence[Reading]) -> None:
        self.past = past
        self.fresh = last_of_each(fresh)

    @cached_property
    def usual(self) -> list[Reading]:
        """The readings of earlier builds, each address once."""
        return last_of_each(self.past)

    @cached_property
    def spans(self) -> list[Span]:
        """This build against all before it, and the last readings across builds."""
        spans = [Span(self.usual, self.fresh)] if self.fresh else []
        return spans + [self._last(size) for size in _WINDOWS if size > len(self.fresh)]

    def _last(self, size: int) -> Span:
        found = {each.address: each for each in self.fresh}
        start = len(self.past)
        while start and len(found) < size:
            start -= 1
            found.setdefault(self.past[start].address, self.past[start])
        return Span(last_of_each(self.past[:start]), list(reversed(found.values())), RARELY)

    def latest(self, fits: Test) -> list[Reading]:
        """The readings of this build, or the last few where it has none: what was wrong still is."""
        return [each for each in self.fresh or self.usual[-LEAST:] if fits(each)]

    @cached_property
    def pairs(self) -> list[Pair]:
        """The articles of this build that were read before and gave an entry then."""
        known = {each.address: each for each in self.past if each.ok}
        return [Pair(known[each.address], each) for each in self.fresh if each.address in known]

    def lost(self, hits: Test, fits: Test) -> list[Reading] | None:
        """The readings without something that was usual, in the first span that shows it; entries only."""
        spans = (span.lost(hits, fits) for span in self.spans)
        return next(filter(None, spans), None) or self.changed(
            lambda pair: fits(pair.before) and hits(pair.before),
            lambda pair: fits(pair.after) and not hits(pair.after),
        )

    def changed(
        self, concerns: Callable[[Pair], bool], has_changed: Callable[[Pair], bool], share: float = _MOST_OF
    ) -> list[Reading] | None:
        """The articles that changed alike, if most of those that could have did: no editor does that."""
        concerned = [pair for pair in self.pairs if concerns(pair)]
        changed = [pair.after for pair in concerned if has_changed(pair)]
        return changed if len(changed) >= max(_PAIRS, share * len(concerned)) else None


def last_of_each(readings: Sequence[Reading]) -> list[Reading]:
    """Each address by its last reading, in order of it."""
    latest = {each.address: number for number, each in enumerate(readings)}
    if len(latest) == len(readings):
        return list(readings)
    return [readings[number] for number in sorted(latest.values())]


def anything(_reading: Reading) -> bool:
    return True


def is_entry(reading: Reading) -> bool:
    return reading.ok


def has(field: str, reading: Reading) -> bool:
    """Whether the recipe found a value, also one that no entry shows: an `updated` that is no later."""
    return field in reading.matched or (field in reading.filled and field not in ALWAYS)


def is_found(field: str, reading: Reading) -> bool:
    """Whether a finder gave the field."""
    return field in reading.matched
