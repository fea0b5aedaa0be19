"""The verdicts of one build on its outlets: by what came of asking them, and by what their pages gave."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from cleanfeed.health.carried import lasting
from cleanfeed.health.judge import Finding, judge
from cleanfeed.health.reading import labels_of_outlet
from cleanfeed.sources.web import Visit
from cleanfeed.troubles import of_missing

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime

    from cleanfeed.ledger import Ledger
    from cleanfeed.ledger.readings import Reading
    from cleanfeed.outlet import Directory


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdicts:
    """Judges each outlet against its own past."""

    ledger: Ledger
    directory: Directory
    now: datetime
    visits: Mapping[str, Visit] = field(default_factory=dict)
    """What came of asking outlets, whether or not they gave pages."""
    earlier: Sequence[Finding] = ()
    """What was wrong after the last build."""

    def of(self, outlet: str, readings: Sequence[Reading]) -> list[Finding]:
        """What is wrong with an outlet that gave these pages."""
        past = self.ledger.readings(outlet)
        visit = self.visits.get(outlet) or Visit()
        missed: Counter[str] = Counter(error.kind for error in (*visit.missed, *visit.unconfirmed))
        declared = self.directory.by_slug.get(outlet)
        found = judge(
            outlet,
            past,
            readings,
            now=self.now,
            failure=visit.failure,
            failures=missed,
            labels=labels_of_outlet(declared) if declared else (),
        )
        found = [*_missing(outlet, visit), *found]
        return lasting([each for each in self.earlier if each.outlet == outlet], found, past, readings)


def _missing(outlet: str, visit: Visit) -> Iterator[Finding]:
    if visit.missing:
        sample = min(error.page for error in visit.missing)
        yield Finding(outlet=outlet, what="unreachable", sample=sample, message=of_missing(visit))
