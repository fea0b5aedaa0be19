"""A finding lasts until its cause is gone, the outlet is accepted as it is, or the new state is the usual one."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from cleanfeed.health.carried import lasting
from cleanfeed.health.findings import Finding
from cleanfeed.ledger.readings import Reading

NOW = datetime(2026, 9, 30, 12, tzinfo=UTC)
OLD, NEW = 'css(".old")', 'css(".new")'


def finding(
    what: str, field: str = "", *, selector: str = "", holds: bool = False, message: str = "first"
) -> Finding:
    return Finding(outlet="harbour", what=what, field=field, selector=selector, message=message, holds=holds)  # type: ignore[arg-type]  # the kinds are those of the tables


def readings(number: int, *, label: str = "", ok: bool = True) -> list[Reading]:
    """Articles whose authors were found by this label, or were not."""
    matched = {"authors": label} if label else {}
    filled = frozenset({"title", "text", *matched})
    return [
        Reading(outlet="harbour", address=f"https://harbour.example/{n}", at=NOW, ok=ok, matched=matched, filled=filled if ok else frozenset())
        for n in range(number)
    ]  # fmt: skip


MISSING = finding("field", "authors", selector=OLD)
CHANGED = finding("selector", "authors", selector=OLD)
SHORT = finding("short", holds=True)
LASTS = {
    "a field, while nothing comes": (MISSING, readings(30), [], True),
    "a field, while it is still missing": (MISSING, readings(30), readings(3), True),
    "a field that is back": (MISSING, readings(30), readings(3, label=NEW), False),
    "a field that nobody expects any more": (MISSING, readings(40), [], False),
    "a finder, while nothing comes": (CHANGED, readings(5, label=NEW), [], True),
    "a finder, while another one finds": (CHANGED, readings(5, label=NEW), readings(3, label=NEW), True),
    "a finder that finds again": (CHANGED, readings(5, label=NEW), readings(3, label=OLD), False),
    "a finder whose successor is the usual one": (
        CHANGED,
        readings(19, label=NEW),
        readings(1, label=NEW),
        False,
    ),
    "short bodies, while nothing comes": (SHORT, readings(9), [], True),
    "short bodies, while only refusals come": (SHORT, readings(9), readings(3, ok=False), True),
    "short bodies, refuted by good ones": (SHORT, readings(9), readings(3), False),
    "a host that could not be had, which each build tries anew": (finding("unreachable"), [], [], False),
    "an outlet without news, which each build sees anew": (finding("stale"), readings(9), [], False),
}


@pytest.mark.parametrize("earlier, past, fresh, lasts", LASTS.values(), ids=LASTS)
def test_a_finding_lasts_until_it_is_refuted(
    earlier: Finding, past: list[Reading], fresh: list[Reading], *, lasts: bool
) -> None:
    assert lasting([earlier], [], past, fresh) == ([earlier] if lasts else [])


def test_what_is_found_again_keeps_its_first_words_and_is_told_once() -> None:
    again = finding("field", "authors", message="0% had it before")
    other = finding("field", "section", message="new")
    assert lasting([MISSING], [again, other], readings(9), readings(3)) == [MISSING, other]


def test_what_holds_by_now_is_not_taken_for_what_did_not() -> None:
    again = finding("short", holds=True, message="by now")
    assert lasting([finding("short")], [again], readings(9), readings(3)) == [again]
