"""Health as text: rows for a terminal, and small lines of figures."""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING

from cleanfeed.report import FIELDS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from cleanfeed.health.facts import Facts

HEAD = ("outlet", "state", "last 7 days", "body length", "no entry", "newest (UTC)")
FIELDS_HEAD = ("outlet", *FIELDS)
_BARS = "▁▂▃▄▅▆▇█"


def sparkline(values: Sequence[int]) -> str:
    """One bar per value, from nothing to the largest."""
    most = max(values, default=0)
    steps = len(_BARS) - 1
    # What is more than nothing looks it.
    return "".join(_BARS[-(-value * steps // most) if most else 0] for value in values)


def rows(facts: Iterable[Facts]) -> list[tuple[str, ...]]:
    return [
        (each.slug, each.state, _counted(each), _lengths(each), str(each.refused), _newest(each))
        for each in facts
    ]


def field_rows(facts: Iterable[Facts]) -> list[tuple[str, ...]]:
    """The share of the latest articles that have each field."""
    return [
        (each.slug, *(f"{each.rates[name]:.0%}" if each.rates[name] else "–" for name in FIELDS))
        for each in facts
        if each.rates
    ]


def _counted(facts: Facts) -> str:
    return f"{sparkline(facts.days)} {sum(facts.days)}"


def _lengths(facts: Facts) -> str:
    return f"{sparkline(facts.lengths)} {facts.length}" if facts.lengths else "–"


def _newest(facts: Facts) -> str:
    return f"{facts.last.moment.astimezone(UTC):%Y-%m-%d %H:%M}" if facts.last else "–"
