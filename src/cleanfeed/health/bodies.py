"""Bodies that are too short, or all the same: what walls, lazy pages and teasers leave of an article."""

from __future__ import annotations

from collections import Counter
from statistics import median
from typing import TYPE_CHECKING

from cleanfeed.health.findings import Finding, kept
from cleanfeed.health.odds import FEW

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from cleanfeed.health.history import History
    from cleanfeed.ledger.readings import Reading

SHORT = 200
"""Characters."""
_PART = 0.4
"""Of the usual length; a body below it has lost something."""
_SOME = 0.3
_GROUP = 3
_HALF = 8
"""Digits of a digest: of the text, then of the title."""


def findings(outlet: str, history: History) -> Iterator[Finding]:
    same = _same(history)
    if same:
        yield _told_same(outlet, *same)
        return
    short = _short(history)
    if short:
        yield _told_short(outlet, history, short)


# --- short


def _has_text(reading: Reading) -> bool:
    # Videos and galleries are entries without any.
    return reading.ok and reading.length > 0


def _short(history: History) -> list[Reading] | None:
    before = [each.length for each in history.usual if _has_text(each)]
    fresh = [each for each in history.fresh if _has_text(each)]
    if not fresh:
        return None
    if len(before) < FEW:
        short = [each for each in fresh if each.length < SHORT]
        return short if len(short) >= _GROUP and len(short) > _SOME * len(fresh) else None
    usual = median(before) * _PART
    limits = (SHORT, usual) if usual < SHORT else (usual, SHORT)
    for limit in limits:
        lost = _shortened(history, limit)
        if lost and any(each.length < limit for each in fresh):
            return lost
    return history.changed(
        lambda pair: _has_text(pair.before), lambda pair: 0 < pair.after.length < _PART * pair.before.length
    )


def _shortened(history: History, limit: float) -> list[Reading] | None:
    spans = (
        span.lost(lambda each: each.length >= limit, _has_text, most=1 - _SOME) for span in history.spans
    )
    return next(filter(None, spans), None)


def _told_short(outlet: str, history: History, short: Sequence[Reading]) -> Finding:
    before = [each.length for each in history.usual if _has_text(each)]
    is_known = len(before) >= FEW
    usual = f"usually {median(before):.0f}; " if is_known else ""
    sample = short[-1].address
    message = (
        f"the bodies of {len(short)} of its last pages are short ({usual}{short[-1].length} characters on "
        f"{sample}): "
        "the page may be loading its text by script, hide it behind a wall, or have a new wrapper; "
        + (kept(outlet) if is_known else "see whether the recipe finds the whole text")
    )
    # Without a past there is nothing to protect, and some outlets are of few words.
    return Finding(
        outlet=outlet, what="short", field="content", sample=sample, message=message, holds=is_known
    )


# --- all the same


def text_of(reading: Reading) -> str:
    return reading.digest[:_HALF] if reading.length else ""


def title_of(reading: Reading) -> str:
    return reading.digest[_HALF:]


def _same(history: History) -> tuple[str, list[Reading]] | None:
    """Of this build alone: such bodies are held back, and come again until they are accepted."""
    fresh = [each for each in history.fresh if each.ok]
    for field, of in (("content", text_of), ("title", title_of)):
        group = _largest(fresh, of)
        if len(group) >= _GROUP and len(group) * 2 > len(fresh):
            return field, group
    repeated = _repeated(history, fresh)
    return ("content", repeated) if len(repeated) * 2 >= max(1, len(fresh)) and repeated else None


def _largest(readings: Sequence[Reading], of: Callable[[Reading], str]) -> list[Reading]:
    counts = Counter(value for each in readings if (value := of(each)))
    if not counts:
        return []
    value, _number = counts.most_common(1)[0]
    return [each for each in readings if of(each) == value]


def _repeated(history: History, fresh: Sequence[Reading]) -> list[Reading]:
    """Bodies that two other articles of earlier builds had already, where that is nothing usual."""
    owners: dict[str, set[str]] = {}
    for each in history.usual:
        if each.ok and text_of(each):
            owners.setdefault(text_of(each), set()).add(each.address)
    found = [each for each in fresh if len(owners.get(text_of(each), set()) - {each.address}) > 1]
    theirs = {text_of(each) for each in found}
    others = [text for text, addresses in owners.items() if len(addresses) > 1 and text not in theirs]
    return found if len(others) <= 1 else []


def _told_same(outlet: str, field: str, group: Sequence[Reading]) -> Finding:
    sample = group[-1].address
    what = "body" if field == "content" else "title"
    message = (
        f"{len(group)} of its pages have one and the same {what} (such as {sample}): a wall, an error page, "
        f"or the finder of {field} takes what all pages share; {kept(outlet)}"
    )
    return Finding(
        outlet=outlet,
        what="same",
        field=field,
        selector=group[-1].matched.get(field, ""),
        sample=sample,
        message=message,
        holds=True,
    )
