"""The verdict on an outlet: what its pages were like before, against what they are like now."""

from __future__ import annotations

from collections import Counter
from functools import partial
from itertools import takewhile
from types import MappingProxyType
from typing import TYPE_CHECKING

from cleanfeed.errors import FetchError
from cleanfeed.health import bodies, dates
from cleanfeed.health.findings import Finding, What, kept
from cleanfeed.health.history import NEW_NORMAL, History, anything, has, is_entry, is_found
from cleanfeed.health.odds import FEW, is_broken_off
from cleanfeed.report import FIELDS as OPTIONAL
from cleanfeed.walls import CHECK, MISSING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence
    from datetime import datetime

    from cleanfeed.errors import CleanfeedError
    from cleanfeed.ledger.readings import Reading

__all__ = ["Finding", "What", "judge"]

FIELDS = (*OPTIONAL, "number", "title", "content")
"""The fields whose values are watched."""
LABELLED = tuple(each for each in FIELDS if each not in {"url", "text"})
"""The fields that are found by some finder of the recipe."""
_RUN = 3
"""Pages without an entry that are no mere bad luck."""
_NONE: Mapping[str, int] = MappingProxyType({})


def judge(
    outlet: str,
    past: Sequence[Reading],
    fresh: Sequence[Reading],
    *,
    now: datetime,
    failure: CleanfeedError | None = None,
    failures: Mapping[str, int] = _NONE,
    labels: Collection[str] = (),
) -> list[Finding]:
    """What is wrong with an outlet; nothing that goes by chance alone.

    `past` are the readings of earlier builds, oldest first, `fresh` those of this one. `failure` tells why no
    listing of it could be read, `failures` how many of its pages could not be had, by kind. `labels` are all
    that its recipes may give: a finder that the recipe has no more has not stopped matching.
    """
    history = History(past, fresh)
    found = [*_access(outlet, failure, failures, len(fresh))]
    found += _walls(outlet, history)
    found += [] if found else _success(outlet, history)
    if history.latest(is_entry):
        found += bodies.findings(outlet, history)
        found += dates.frozen(outlet, history)
        found += _fields(outlet, history)
        found += _selectors(outlet, history, labels)
    return found or [*dates.stale(outlet, history, now)]


# --- whether pages can be had


def _access(
    outlet: str, failure: CleanfeedError | None, failures: Mapping[str, int], read: int
) -> Iterator[Finding]:
    missed = failures.get("blocked", 0) + failures.get("failed", 0)
    is_most = missed > 1 and missed * 2 >= missed + read
    if failure is None and not is_most:
        return
    sample = getattr(failure, "page", "") or getattr(failure, "address", "")
    said = f": {failure}" if failure else f": {missed} of {missed + read} pages could not be had"
    blocked = isinstance(failure, FetchError) and failure.kind == "blocked"
    if blocked or (failure is None and failures.get("blocked", 0) * 2 >= missed):
        message = f"it blocks us{said}; its recipe is not at fault: ask the outlet, or fetch from elsewhere"
        yield Finding(outlet=outlet, what="blocked", sample=sample, message=message)
        return
    what = "its listings cannot be read" if failure else "its pages cannot be had"
    advice = "see whether the site works, and whether its listings have moved (cleanfeed outlets --check)"
    yield Finding(outlet=outlet, what="unreachable", sample=sample, message=f"{what}{said}; {advice}")


def _walls(outlet: str, history: History) -> Iterator[Finding]:
    walls = [each for each in history.fresh if each.wall]
    # One or two may be articles that are gone; nobody asks for a log-in by chance.
    least = 2 if any(each.reason != MISSING for each in walls) else _RUN
    if len(walls) < least or len(walls) * 2 < len(history.fresh):
        walls = _walls_of_late(history)
    if not walls:
        return
    reason, _number = Counter(each.reason for each in walls).most_common(1)[0]
    sample = next(each.address for each in walls if each.reason == reason)
    if reason == CHECK:
        advice = "it blocks us, its recipe is not at fault: ask the outlet, or fetch from elsewhere"
        what: What = "blocked"
    else:
        advice, what = "open one in a browser without cookies; what feeds have stays", "walls"
    message = f"{len(walls)} of its pages are {reason} (such as {sample}); {advice}"
    yield Finding(outlet=outlet, what=what, sample=sample, message=message)


def _walls_of_late(history: History) -> list[Reading]:
    """Walls across builds, where each brings one or two pages."""
    latest = [*history.past[-5:], *history.fresh]
    walls = [each for each in latest if each.wall]
    still = any(each.wall for each in history.fresh or latest[-1:])
    return walls if still and len(walls) > 2 and len(walls) * 2 >= len(latest) else []  # noqa: PLR2004  # as above


# --- whether pages give entries


def _success(outlet: str, history: History) -> Iterator[Finding]:
    refused = history.latest(lambda each: not each.ok)
    if not refused:
        return
    if len(refused) == len(history.fresh) and _is_silent(history):
        yield _silent(outlet, history, refused)
        return
    lost = _drop(history)
    if lost:
        yield _dropped(outlet, lost)


def _is_silent(history: History) -> bool:
    """Whether it gives no entry, and is not merely unlucky with a page or two."""
    entries = sum(1 for each in history.usual if each.ok)
    if not entries:
        return any(each.is_article for each in history.fresh) or len(history.fresh) >= _RUN
    failed = sum(1 for each in history.fresh if each.is_article)
    if failed >= (_RUN if entries >= FEW else _RUN - 1):
        return True
    run = {each.address for each in takewhile(lambda each: not each.ok, reversed(history.past))}
    run |= {each.address for each in history.fresh}
    return failed > 0 and is_broken_off(0, len(run), entries, len(history.usual))


def _silent(outlet: str, history: History, refused: Sequence[Reading]) -> Finding:
    reason, sample = _commonest(refused)
    none = f"none of its {len(refused)} pages gave an" if len(refused) > 1 else "its page gave no"
    told = f"{none} entry: {reason} (such as {sample})"
    advice = "; the last good entries stay; its recipe may be out of date" if history.past else ""
    return Finding(
        outlet=outlet,
        what="silent",
        field="content",
        selector=_usual_label(history.usual, "content"),
        sample=sample,
        message=f"{told}{advice or '; does the recipe fit these pages?'}",
        holds=True,
    )


def _is_article(reading: Reading) -> bool:
    return reading.is_article


def _drop(history: History) -> list[Reading] | None:
    """The pages that gave no entry, where that is more than usual."""
    for span in history.spans:
        # What is taken for a listing or a bare video may be an article that is no longer understood.
        lost = span.lost(is_entry, _is_article, usual=0.8, most=0.5) or span.lost(is_entry, anything)
        if lost:
            return lost
    return history.changed(lambda _pair: True, lambda pair: not pair.after.ok, share=0.6)


def _dropped(outlet: str, lost: Sequence[Reading]) -> Finding:
    reason, sample = _commonest(lost)
    message = (
        f"{len(lost)} of its last pages gave no entry, far more than usual: {reason} (such as {sample}); "
        "some of its pages may have a new layout that the recipe does not know"
    )
    return Finding(outlet=outlet, what="drop", field="content", sample=sample, message=message)


def _commonest(refused: Sequence[Reading]) -> tuple[str, str]:
    """The most common reason, and a page refused for it."""
    reason, _number = Counter(each.reason for each in refused).most_common(1)[0]
    return reason, next(each.address for each in reversed(refused) if each.reason == reason)


# --- fields and the finders that give them


def _fields(outlet: str, history: History) -> Iterator[Finding]:
    latest = history.latest(is_entry)
    for field in FIELDS:
        # Found again, it is missing no more, whatever the window still holds.
        is_back = all(has(field, each) for each in latest)
        lost = None if is_back else history.lost(partial(has, field), is_entry)
        if lost:
            yield _missing(outlet, history, field, lost)


def _missing(outlet: str, history: History, field: str, lost: Sequence[Reading]) -> Finding:
    selector = _usual_label(history.usual, field)
    entries = [each for each in history.usual if each.ok]
    rate = sum(has(field, each) for each in entries) / len(entries)
    sample = lost[-1].address
    finder = f", found by {selector}" if selector else ""
    message = (
        f"{field} is missing on {len(lost)} of its last pages (such as {sample}); {rate:.0%} had it before"
        f"{finder}: see where the page has it now, and change {field} in the recipe"
        + (f"; {kept(outlet)}" if field == "text" else "")
    )
    return Finding(
        outlet=outlet, what="field", field=field, selector=selector, sample=sample, message=message,
        holds=field == "text",
    )  # fmt: skip


def _selectors(outlet: str, history: History, labels: Collection[str]) -> Iterator[Finding]:
    for field in LABELLED:
        labels_now = Counter(each.matched[field] for each in history.latest(partial(is_found, field)))
        for label, _number in labels_now.most_common(2):
            found = _taken_over(history, field, label)
            if found and (not labels or found[0] in labels):
                yield _changed(outlet, field, found[0], label, found[1])
                break


def _taken_over(history: History, field: str, label: str) -> tuple[str, Sequence[Reading]] | None:
    """The label of which this one has taken the place, and where; `None` where it was usual already."""
    before = [each.matched[field] for each in history.usual if field in each.matched]
    if before[-2 * NEW_NORMAL :].count(label) >= min(NEW_NORMAL, len(before) / 2):
        return None
    gone = history.lost(
        lambda each: each.matched[field] != label,
        partial(is_found, field),
    )
    old = Counter(each for each in before if each != label).most_common(1)
    return (old[0][0], gone) if gone and old else None


def _changed(outlet: str, field: str, old: str, new: str, gone: Sequence[Reading]) -> Finding:
    sample = gone[-1].address
    message = (
        f"{field} is no longer found by {old}, but by {new}, on {len(gone)} of its last pages "
        f"(such as {sample}): the layout has changed; see that entries are still right, and mend the recipe"
    )
    return Finding(outlet=outlet, what="selector", field=field, selector=old, sample=sample, message=message)


def _usual_label(usual: Sequence[Reading], field: str) -> str:
    found = Counter(each.matched[field] for each in usual if field in each.matched)
    return found.most_common(1)[0][0] if found else ""
