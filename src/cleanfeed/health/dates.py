"""Dates that stand still: an outlet without news, or pages that all show one and the same date."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from itertools import pairwise
from operator import attrgetter
from statistics import median
from typing import TYPE_CHECKING

from cleanfeed.health.findings import Finding
from cleanfeed.health.history import last_of_each

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cleanfeed.health.history import History
    from cleanfeed.ledger.readings import Reading

_LEAST = timedelta(days=2)
_WEEKEND = timedelta(days=3.5)
"""The least for an outlet that publishes a few times a day, or of which no weekend has been seen."""
_OFTEN = timedelta(hours=3)
_WEEK = timedelta(days=7)
"""Gaps that are longer are no habit."""
_ENOUGH = 10
"""Articles that tell how often there are new ones."""
_RECENT = timedelta(days=90)


def stale(outlet: str, history: History, now: datetime) -> Iterator[Finding]:
    """An outlet whose newest article is older than it should be by now."""
    articles = [each for each in (*history.usual, *history.fresh) if each.ok]
    newest = max(articles, key=attrgetter("moment"), default=None)
    if newest is None or now - newest.moment <= _LEAST or len(articles) < _ENOUGH:
        return
    if now - newest.moment <= _patience(sorted({each.moment for each in articles})):
        return
    message = (
        f"no article is newer than {newest.moment:%Y-%m-%d} ({newest.address}), though it used to publish "
        "oftener: its listings may have moved, or published is read from the wrong place"
    )
    selector, sample = newest.matched.get("published", ""), newest.address
    yield Finding(
        outlet=outlet, what="stale", field="published", selector=selector, sample=sample, message=message
    )


def frozen(outlet: str, history: History) -> Iterator[Finding]:
    """Pages that all show one date, of an outlet whose pages each had their own."""
    latest = last_of_each([*history.usual, *history.fresh])
    counts: Counter[object] = Counter(each.published for each in latest if each.published)
    found = history.lost(lambda each: counts[each.published] < 2, _is_dated)  # noqa: PLR2004  # its own
    if not found or not any(counts[each.published] > 1 for each in history.latest(_is_dated)):
        return
    sample, selector = found[-1].address, found[-1].matched.get("published", "")
    message = (
        f"published is the same on {len(found)} of its last pages (such as {sample}), found by {selector}: "
        "it may be the time of the visit, or of the site; see where the page has its own date"
    )
    yield Finding(
        outlet=outlet, what="same", field="published", selector=selector, sample=sample, message=message
    )


def _is_dated(reading: Reading) -> bool:
    return reading.ok and reading.published is not None


def _patience(moments: Sequence[datetime]) -> timedelta:
    """How long nothing new may come: five times the usual gap, and longer than any rest that was taken."""
    recent = [each for each in moments if moments[-1] - each <= _RECENT]
    gaps = [after - before for before, after in pairwise(recent if len(recent) >= _ENOUGH else moments)]
    if not gaps:
        return _WEEK
    usual, mean = median(gap.total_seconds() for gap in gaps), sum(gaps, timedelta()) / len(gaps)
    is_busy = mean < _OFTEN and moments[-1] - moments[0] > _WEEK
    least = _LEAST if is_busy else _WEEKEND
    return max(least, timedelta(seconds=5 * usual), 2.5 * min(max(gaps), _WEEK))
