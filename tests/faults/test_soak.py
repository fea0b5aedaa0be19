"""Months of hourly builds: no entry is lost or doubled, nobody is accused wrongly, and nothing grows."""

from __future__ import annotations

import pytest

from cleanfeed import pipeline
from faults.apart import Apart
from faults.conftest import is_full
from faults.simulated import Builder, simulate
from faults.world import World

BUILDS = 2000 if is_full() else 20


@pytest.mark.timeout(4 * 3600 if is_full() else 170)
def test_no_entry_is_lost_or_doubled_in_hourly_builds_of_which_many_fail(tmp_path, injected):
    with Apart() as apart:
        outcome = simulate(tmp_path, BUILDS, builder=Builder(apart=apart))
    assert outcome.faults == []
    assert outcome.injected > BUILDS // 4
    assert outcome.published > BUILDS
    injected("B21", BUILDS)
    assert_flat(outcome)


def assert_flat(outcome):
    """After a while, a build leaves nothing behind in memory, nor open."""
    settled, last = outcome.footprints[len(outcome.footprints) // 3], outcome.footprints[-1]
    hundreds = max(1, (len(outcome.footprints) * 2 // 3) / 100)
    assert last.handles <= settled.handles + 3
    assert last.threads <= settled.threads + 3
    assert (last.megabytes - settled.megabytes) / hundreds < (3 if is_full() else 25)
    assert outcome.ledger < 50e6


def test_the_oracle_sees_a_lost_entry(tmp_path, monkeypatch):
    """The control: builds that now and then leave out the newest entries."""
    whole, calls = pipeline._newest, iter(range(10**6))
    monkeypatch.setattr(pipeline, "_newest", lambda topic, cards: whole(topic, cards)[next(calls) % 3 == 2 :])
    assert any("lost" in told for told in simulate(tmp_path, 3, faults=0).faults)


def test_the_oracle_sees_a_doubled_entry(tmp_path, monkeypatch):
    whole = World.items
    monkeypatch.setattr(World, "items", lambda *args: [*whole(*args)[:1], *whole(*args)])
    assert any("twice" in told for told in simulate(tmp_path, 1, faults=0).faults)
