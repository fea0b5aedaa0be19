"""How many changes of pages are noticed, and how many are seen where there is none: measured on the example pages."""

from __future__ import annotations

import math
import os
import random
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from cleanfeed.health.judge import judge
from cleanfeed.ledger.readings import Reading
from healthlab import GAP, START, WALLS, Lab, changed_pages, changes, differs

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cleanfeed.plugins import Plugins
    from healthlab import Original

FULL = os.environ.get("CLEANFEED_FULL") == "1"
"""All layouts of all editions, and more than ten times as many quiet days; takes some minutes."""
PAST, BATCH = 40, 5
MONTHS = 10 if FULL else 1


@pytest.fixture(scope="module")
def lab(outlets: Plugins) -> Lab:
    return Lab(outlets)


@dataclass
class Score:
    """Real breaks, and what was said of them."""

    breaks: int = 0
    at_once: int = 0
    soon: int = 0
    """In the same build, or the next."""
    naive: int = 0
    """What a judge would see that looks at nothing but whether there are entries."""
    missed: list[tuple[str, str, str]] = field(default_factory=list)
    what: Counter[str] = field(default_factory=Counter)

    def count(self, original: Original, name: str, past: list[Reading], readings: list[Reading]) -> None:
        findings = judge(original.outlet, past, readings, now=readings[-1].at)
        self.breaks += 1
        self.at_once += bool(findings)
        self.naive += not any(each.ok for each in readings)
        self.what.update({each.what for each in findings})
        if findings:
            assert all(each.outlet == original.outlet and each.message for each in findings)
            assert {each.sample for each in findings} & {reading.address for reading in readings}, name
        # Where it is not seen at once: the next build brings as many pages, like those of this one.
        if findings or judge(
            original.outlet, [*past, *readings], list(map(_next, readings)), now=readings[-1].at + BATCH * GAP
        ):
            self.soon += 1
        else:
            self.missed.append((original.outlet, original.stem, name))

    def __str__(self) -> str:
        return (
            f"{self.at_once} of {self.breaks} breaks flagged at once, {self.soon} within two builds "
            f"({self.soon / self.breaks:.1%}); by entries alone {self.naive}; {dict(self.what)}; missed: {self.missed}"
        )


def _next(reading: Reading) -> Reading:
    later = BATCH * GAP
    published = reading.published and reading.published + later
    return replace(
        reading,
        address=f"{reading.address}-next",
        at=reading.at + later,
        published=published,
        digest=reading.digest[::-1],
    )


def layouts(lab: Lab) -> Iterator[Original]:
    for originals in lab.originals.values():
        yield from originals if FULL else originals[:1]


def cases(
    original: Original, labels: Sequence[str], numbers: Sequence[int]
) -> Iterator[tuple[str, list[str], bool]]:
    for change in changes(original.outlet, labels):
        pages = changed_pages(original, change, numbers)
        if pages:
            yield change.name, pages, change.keeps_address
    for name, page in WALLS.items():
        yield name, [page] * len(numbers), True


def try_all(lab: Lab, original: Original, score: Score) -> None:
    past = lab.site(original, PAST)
    numbers = range(PAST, PAST + BATCH)
    clean = [lab.result_of(original, number, original.variant(number)) for number in numbers]
    labels = sorted({label for result in clean for label in result.matched.values()})
    for name, pages, keeps_address in cases(original, labels, numbers):
        url = "" if keeps_address else None
        found = [
            lab.result_of(original, number, page, url) for number, page in zip(numbers, pages, strict=True)
        ]
        if any(differs(one, other) for one, other in zip(clean, found, strict=True)):
            score.count(
                original,
                name,
                past,
                [lab.as_reading(each, original, PAST + n) for n, each in enumerate(found)],
            )


def test_nearly_all_changes_that_break_something_are_flagged(lab: Lab) -> None:
    score = Score()
    for original in layouts(lab):
        try_all(lab, original, score)
    print(f"\n{score}")  # noqa: T201  # the figures are what this is for; `pytest -s` shows them
    assert score.breaks >= (900 if FULL else 200)
    assert score.soon >= 0.95 * score.breaks
    assert score.at_once >= 0.95 * score.breaks
    assert score.naive < 0.5 * score.breaks


def test_dates_that_stand_still_are_flagged(lab: Lab) -> None:
    for original in layouts(lab):
        if original.published is None:
            continue
        past = lab.site(original, PAST, rest=0)
        frozen = [
            replace(lab.reading(original, number), published=START) for number in range(PAST, PAST + BATCH)
        ]
        findings = judge(original.outlet, past, frozen, now=frozen[-1].at)
        assert "published" in {each.field for each in findings}, (original.outlet, original.stem)


# --- quiet days


def synthetic(outlet: str, chance: random.Random) -> list[Reading]:
    """Articles of a made-up outlet: each field on 60 to 100 % of them, by one to three finders."""
    fields = ("published", "updated", "summary", "authors", "source", "section", "tags", "image", "captions")
    rates = {name: chance.uniform(0.6, 1) if chance.random() < 0.7 else 1.0 for name in fields}
    finders = {
        name: [f'css(".{name}-{i}")' for i in range(chance.choice((1, 1, 2, 3)))]
        for name in (*fields, "title", "content")
    }
    weights = {name: [chance.random() ** 2 + 0.02 for _ in found] for name, found in finders.items()}
    spread, usual = chance.uniform(0.3, 0.9), chance.choice((400, 900, 2500))
    readings = []
    for _ in range(200):
        had = [name for name in fields if chance.random() < rates[name]]
        readings.append(
            Reading(
                outlet=outlet, address="", at=START, ok=True, filled=frozenset({*had, "url", "text", "title", "content"}),
                matched={name: chance.choices(finders[name], weights[name])[0] for name in (*had, "title", "content")},
                length=int(usual * chance.lognormvariate(0, spread)),
                published=START if "published" in had else None,
            )
        )  # fmt: skip
    return readings


class Month:
    """Thirty days of one outlet, hour by hour: articles, edits, and the odd page that is none."""

    def __init__(self, outlet: str, pool: Sequence[Reading], chance: random.Random) -> None:
        self.outlet = outlet
        self.pool = pool
        self.chance = chance
        self.each_day = chance.choice((6, 12, 24, 48) if FULL else (6, 12))
        self.past: list[Reading] = []
        self.recent: list[Reading] = []
        self.number = 0

    def alarms(self) -> Iterator[str]:
        # What is wrong with the very first page cannot be told from what is wrong with the outlet.
        self.past = [self.article(hour, plain=True) for hour in range(-24, 0)]
        for hour in range(24 * 30):
            now = START + timedelta(hours=hour)
            fresh = self.hour(hour)
            if fresh or hour % 12 == 0:
                findings = judge(self.outlet, self.past[-300:], fresh, now=now)
                yield from (f"{self.outlet}, hour {hour}: {each.message}" for each in findings)
            self.past += fresh

    def hour(self, hour: int) -> list[Reading]:
        moment = START + timedelta(hours=hour)
        busy = (1.8 if 6 <= moment.hour < 20 else 0.3) * (0.4 if moment.weekday() > 4 else 1)
        fresh = [self.article(hour) for _ in range(self.poisson(self.each_day / 24 * busy))]
        self.recent = [*self.recent, *(each for each in fresh if each.ok)][-40:]
        edited = self.chance.sample(
            self.recent, min(len(self.recent), self.chance.choice((0, 0, 0, 0, 1, 2)))
        )
        new = {each.address for each in fresh}
        return fresh + [self.edited(each, moment) for each in edited if each.address not in new]

    def poisson(self, rate: float) -> int:
        limit, product, count = math.exp(-rate), self.chance.random(), 0
        while product > limit:
            product *= self.chance.random()
            count += 1
        return count

    def article(self, hour: int, *, plain: bool = False) -> Reading:
        self.number += 1
        address, at = f"https://{self.outlet}.example/{self.number}", START + timedelta(hours=hour)
        kind = 1.0 if plain else self.chance.random()
        refused = {"outlet": self.outlet, "address": address, "at": at, "ok": False}
        if kind < 0.02:
            return Reading(**refused, reason="no content was found on the page")
        if kind < 0.06:
            return Reading(**refused, reason="a listing page, not an article", is_article=False)
        if kind < 0.07:
            return Reading(**refused, reason="an error page (soft 404), not an article", wall=True)
        base = self.chance.choice(self.pool)
        digest = f"{self.chance.getrandbits(64):016x}"
        return replace(
            base, address=address, at=at, digest=digest, length=int(base.length * self.chance.uniform(0.7, 1.4)),
            published=base.published and at - timedelta(seconds=self.chance.randrange(60, 3600)),
        )  # fmt: skip

    def edited(self, reading: Reading, at: object) -> Reading:
        digest = f"{self.chance.getrandbits(64):016x}"
        return replace(
            reading,
            at=at,
            again=True,
            digest=digest,
            length=int(reading.length * self.chance.uniform(0.9, 1.3)),
        )


@pytest.mark.parametrize("seed", range(MONTHS))
def test_thirty_quiet_days_give_no_alarm(seed: int, lab: Lab) -> None:
    chance = random.Random(seed)
    pools = {
        outlet: lab.site(chance.choice(originals), PAST, rest=0.3)
        for outlet, originals in lab.originals.items()
    }
    pools |= {
        f"made-up-{number}": synthetic(f"made-up-{number}", chance) for number in range(10 if FULL else 2)
    }
    alarms = [alarm for outlet, pool in pools.items() for alarm in Month(outlet, pool, chance).alarms()]
    assert alarms == []
