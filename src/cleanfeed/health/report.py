"""The health of all outlets, from what the ledger remembers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from cleanfeed.health.facts import facts_of, newest, state_of
from cleanfeed.health.judge import judge
from cleanfeed.health.page import health_page
from cleanfeed.health.remembered import Notes, remembered

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from cleanfeed.health.facts import Facts, State
    from cleanfeed.health.findings import Finding
    from cleanfeed.ledger.readings import Reading
    from cleanfeed.model import Site


class Memory(Notes, Protocol):
    """Of the ledger, what is needed here."""

    def readings(self, outlet: str, limit: int = 300) -> list[Reading]: ...


def health_of(ledger: Memory, names: Mapping[str, str], chosen: Iterable[str], now: datetime) -> list[Facts]:
    """The facts of the chosen outlets, by slug, as they are now."""
    slugs = sorted(chosen)
    readings = {slug: ledger.readings(slug) for slug in slugs}
    found = remembered(ledger)
    return [
        facts_of(
            slug, names.get(slug, slug), readings[slug], _with_stale(slug, readings[slug], found, now), now
        )
        for slug in slugs
    ]


def _with_stale(
    slug: str, readings: Sequence[Reading], found: Sequence[Finding], now: datetime
) -> list[Finding]:
    """What the last build found; an outlet may have grown stale since."""
    return [each for each in found if each.outlet == slug] or judge(slug, readings, [], now=now)


def states_of(ledger: Memory, chosen: Iterable[str], findings: Sequence[Finding]) -> dict[str, State]:
    """The state of each of these outlets, as `page_of` tells it."""
    return {
        slug: state_of(ledger.readings(slug), [each for each in findings if each.outlet == slug])
        for slug in sorted(chosen)
    }


def page_of(ledger: Memory, names: Mapping[str, str], findings: Sequence[Finding], site: Site) -> bytes:
    """`health.html` of a build: of these outlets, with what it found; the clock has no part in it."""
    readings = {slug: ledger.readings(slug) for slug in sorted(names)}
    until = newest(readings)
    facts = [
        facts_of(slug, names[slug], many, [each for each in findings if each.outlet == slug], until)
        for slug, many in readings.items()
    ]
    return health_page(facts, site, until)
