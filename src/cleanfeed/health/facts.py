"""How an outlet fares, in figures: what the table, the page and the JSON tell alike."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from operator import attrgetter
from statistics import median
from typing import TYPE_CHECKING, Any, Literal

from cleanfeed.health.history import last_of_each
from cleanfeed.report import FIELDS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from cleanfeed.health.findings import Finding
    from cleanfeed.ledger.readings import Reading

State = Literal["fine", "degraded", "blocked", "unreachable", "silent", "stale", "no data"]

DAYS = 7
_RATED = 100
"""Articles, the latest, whose fields are counted."""
_POINTS = 12
"""Of the line that bodies' lengths draw."""
_WORST: tuple[State, ...] = ("blocked", "unreachable", "silent", "stale")


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """One outlet."""

    slug: str
    name: str
    state: State
    days: tuple[int, ...]
    """New articles of each of the last seven days; the last is today."""
    rates: Mapping[str, float]
    """The share of the latest articles that have each optional field."""
    length: int
    """The usual one of their texts, in characters."""
    lengths: tuple[int, ...]
    """The same over time, oldest first."""
    refused: int
    """How many of the latest pages gave no entry, though they should have."""
    last: Reading | None
    """The newest article."""
    findings: tuple[Finding, ...]

    def as_dict(self) -> dict[str, Any]:
        last = {"published": _iso(self.last.moment), "address": self.last.address} if self.last else None
        return {
            "outlet": self.slug,
            "name": self.name,
            "state": self.state,
            "days": list(self.days),
            "fields": {name: round(rate, 3) for name, rate in self.rates.items()},
            "length": self.length,
            "lengths": list(self.lengths),
            "refused": self.refused,
            "last": last,
            "findings": [finding_as_dict(each) for each in self.findings],
        }


def finding_as_dict(finding: Finding) -> dict[str, Any]:
    names = ("what", "field", "selector", "sample", "message", "holds")
    return {name: getattr(finding, name) for name in names}


def facts_of(
    slug: str, name: str, readings: Sequence[Reading], findings: Sequence[Finding], end: datetime | None
) -> Facts:
    """What the readings of an outlet tell, oldest first; the last of the seven days ends at `end`."""
    latest = last_of_each(readings)[-_RATED:]
    # What was refused since, as by a wall, was once good: its last good reading tells what it is like.
    entries = last_of_each([each for each in readings if each.ok])[-_RATED:]
    texts = [each.length for each in entries if each.length]
    return Facts(
        slug=slug,
        name=name,
        state=state_of(readings, findings),
        days=_per_day(readings, end) if end else (0,) * DAYS,
        rates={field: sum(field in each.filled for each in entries) / len(entries) for field in FIELDS}
        if entries
        else {},
        length=round(median(texts)) if texts else 0,
        lengths=_smooth(texts),
        refused=sum(each.is_article and not each.ok for each in latest),
        last=max(entries, key=attrgetter("moment"), default=None),
        findings=tuple(findings),
    )


def state_of(readings: Sequence[Reading], findings: Sequence[Finding]) -> State:
    found = {each.what for each in findings}
    worst = next((state for state in _WORST if state in found), None)
    if worst:
        return worst
    return "degraded" if found else "fine" if readings else "no data"


def newest(readings: Mapping[str, Sequence[Reading]]) -> datetime | None:
    """When a page was last read, of all outlets."""
    return max((each.at for many in readings.values() for each in many), default=None)


def _iso(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")


def _per_day(readings: Sequence[Reading], end: datetime) -> tuple[int, ...]:
    first = {each.address: each for each in reversed(readings) if each.ok and not each.again}
    ages = [(end - each.moment) // timedelta(days=1) for each in first.values()]
    return tuple(ages.count(age) + (ages.count(-1) if age == 0 else 0) for age in range(DAYS - 1, -1, -1))


def _smooth(values: Sequence[int]) -> tuple[int, ...]:
    """Medians of neighbours, as many as there are points."""
    size = max(1, -(-len(values) // _POINTS))
    return tuple(round(median(values[at : at + size])) for at in range(0, len(values), size))
