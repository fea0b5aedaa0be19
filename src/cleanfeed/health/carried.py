"""Findings last until their cause is gone: a build that brings nothing new does not make an outlet well."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cleanfeed.health.history import NEW_NORMAL, has, is_entry

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from cleanfeed.health.findings import Finding
    from cleanfeed.ledger.readings import Reading

_GIVEN_UP = 40
"""Articles without a field after which nobody expects it any more."""
_EACH_BUILD = frozenset({"blocked", "unreachable", "stale"})
"""What each build finds out anew."""


def lasting(
    earlier: Iterable[Finding], found: Sequence[Finding], past: Sequence[Reading], fresh: Sequence[Reading]
) -> list[Finding]:
    """What is wrong with an outlet: what this build found, and what earlier ones did and nothing refutes.

    A finding that is made again keeps its first words: it told most when the good pages were still at hand.
    """
    known = {(each.what, each.field): each for each in earlier if each.what not in _EACH_BUILD}
    now = {(each.what, each.field): each for each in found}
    told = [
        known.get(key, each) if each.holds == known.get(key, each).holds else each
        for key, each in now.items()
    ]
    return told + [each for key, each in known.items() if key not in now and _lasts(each, past, fresh)]


def _lasts(finding: Finding, past: Sequence[Reading], fresh: Sequence[Reading]) -> bool:
    shown = [each for each in fresh if is_entry(each) and each.ok]
    whole = [each for each in (*past, *fresh) if is_entry(each) and each.ok]
    if finding.what == "field":
        is_back = sum(has(finding.field, each) for each in shown) * 2 > len(shown)
        latest = whole[-_GIVEN_UP:]
        is_given_up = len(latest) == _GIVEN_UP and not any(has(finding.field, each) for each in latest)
        return not is_back and not is_given_up
    if finding.what == "selector":
        labels = [each.matched.get(finding.field) for each in shown]
        is_back = labels.count(finding.selector) * 2 > len(labels)
        latest_labels = [each.matched.get(finding.field) for each in whole[-NEW_NORMAL:]]
        is_usual = len(latest_labels) == NEW_NORMAL and finding.selector not in latest_labels
        return not is_back and not is_usual
    # The others are about whole pages: good ones refute them.
    return not shown
