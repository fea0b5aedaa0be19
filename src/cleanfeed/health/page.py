"""Health as a page for people: beside the feeds, in their style, without script."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from cleanfeed.addresses import absolute
from cleanfeed.feeds.frame import SHEET, Asset, dress, environment, mood_of, stamp
from cleanfeed.feeds.words import words_for
from cleanfeed.report import FIELDS
from cleanfeed.text import plain

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from cleanfeed.health.facts import Facts
    from cleanfeed.ledger.readings import Reading
    from cleanfeed.model import Site

_HIGH = 24
_WIDE, _STEP = 8, 10
_SHEETS = (SHEET, Asset("cleanfeed.health", "health.css"))


def health_page(facts: Sequence[Facts], site: Site, until: datetime | None) -> bytes:
    """The page; the same bytes for the same facts. `until` is when a page was last read."""
    text = (
        environment("cleanfeed.health", "cleanfeed.feeds")
        .get_template("health.html.j2")
        .render(
            site=plain(site.title),
            lang="en",
            dir="ltr",
            words=replace(words_for("en"), skip="Skip to the outlets"),
            outlets=[_shown(each) for each in facts],
            summary=_summary(facts),
            until=stamp(until) if until else None,
            **dress(_SHEETS, None, "img-src data:"),
        )
    )
    return text.encode("utf-8", "replace")


def _summary(facts: Sequence[Facts]) -> str:
    ill = sum(bool(each.findings) for each in facts)
    outlets = f"{len(facts)} outlet{'s' if len(facts) != 1 else ''}"
    return f"{outlets}, {ill} with something wrong" if ill else f"{outlets}, nothing wrong"


def _shown(facts: Facts) -> dict[str, Any]:
    rates = [(name, round(facts.rates[name] * 100)) for name in FIELDS if facts.rates.get(name)]
    return {
        "slug": facts.slug,
        "name": plain(facts.name) or facts.slug,
        "state": facts.state,
        "mood": mood_of(facts.state),
        "has_data": facts.state != "no data",
        "days": _spark(facts.days),
        "total": sum(facts.days),
        "lengths": _spark(facts.lengths),
        "length": facts.length,
        "refused": facts.refused,
        "last": _last(facts.last) if facts.last else None,
        "rates": [{"field": name, "percent": percent} for name, percent in rates],
        "findings": [
            {"message": plain(each.message), "sample": _link(each.sample)} for each in facts.findings
        ],
    }


def _last(reading: Reading) -> dict[str, Any]:
    return {"stamp": stamp(reading.moment), "url": _link(reading.address)}


def _link(address: str) -> str | None:
    """An address that is fit to be followed: saved pages have none."""
    return absolute(address, None)


def _spark(values: Sequence[int]) -> dict[str, Any]:
    most = max(values, default=0) or 1
    bars = []
    for number, value in enumerate(values):
        height = max(1, round(value * _HIGH / most))
        bars.append(
            {"x": number * _STEP, "y": _HIGH - height, "width": _WIDE, "height": height, "is_base": not value}
        )
    return {"width": max(1, len(values) * _STEP), "bars": bars, "said": ", ".join(map(str, values))}
