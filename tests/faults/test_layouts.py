"""Outlets that change their pages overnight: the last good feed stays, the outlet is named, and nobody else is."""

from __future__ import annotations

from datetime import timedelta

import pytest

from cleanfeed import verdicts
from faults.conftest import is_full
from faults.simulated import simulate
from faults.world import World

OUTLETS = (
    "almayadeen-en", "almayadeen-ar", "almayadeen-es", "almanar-en", "almanar-ar", "daily8-en", "daily8-ar", "arise",
    "town-1", "town-2",
)  # fmt: skip
BREAKS = ("bodiless", "identical", "consent", "robot", "login", "soft-404")
NEW = 8


def aged(world, slugs, count=18):
    """Outlets that have been read well for some days."""
    for slug in slugs:
        world.room.publish(slug, count)
    assert world.troubles(world.build().problems) == {}
    for _ in range(3):
        world.pass_time(timedelta(hours=8))
        for slug in slugs:
            world.room.publish(slug, 3)
        assert world.troubles(world.build().problems) == {}
    world.pass_time(timedelta(hours=2))


@pytest.mark.timeout(600)
@pytest.mark.parametrize("slug", OUTLETS)
def test_a_broken_layout_is_named_and_the_last_good_feed_stays(tmp_path, injected, slug):
    other = "town-2" if slug != "town-2" else "town-1"
    unseen, changed = [], []
    with World(tmp_path, [slug, other]) as world:
        aged(world, [slug, other])
        for how in breaks_of(slug):
            before = world.items(slug)
            world.room.publish(slug, NEW)
            world.room.redesign(slug, how)
            told = world.troubles(world.build().problems)
            if slug not in told:
                unseen.append(how)
            if [item["id"] for item in world.items(slug)][-len(before) :] != [item["id"] for item in before]:
                changed.append(how)
            assert other not in told, how
            mended(world, slug)
    assert unseen == []
    assert changed == []
    injected("B8", len(breaks_of(slug)) // 2)
    injected("B9", len(breaks_of(slug)))


def test_without_a_verdict_a_broken_layout_would_reach_the_feed(tmp_path, monkeypatch):
    """The control: nobody judges what the pages give."""
    with World(tmp_path, ["arise"]) as world:
        world.room.publish("arise", 12)
        world.build()
        world.room.redesign("arise", "identical")
        new = {article.title for article in world.room.publish("arise", 3)}
        monkeypatch.setattr(verdicts, "judge", lambda *_args, **_named: [])
        world.build()
        titles = {item["title"] for item in world.items("arise")}
        assert "Always the same headline for all" in titles
        assert not titles & new


def breaks_of(slug):
    """All of them in the full run; else two, others for each outlet."""
    first = OUTLETS.index(slug) % 3 * 2
    return BREAKS if is_full() else BREAKS[first : first + 2]


def mended(world, slug):
    """The outlet has its old layout again: within a day all is well, and all articles are there."""
    world.room.redesign(slug, None)
    for _ in range(4):
        world.pass_time(timedelta(hours=7))
        for each in world.room.editions:
            world.room.publish(each, 3)
        told = world.troubles(world.build().problems)
    assert told == {}
    titles = {item["url"]: item["title"] for item in world.items(slug)}
    assert titles == {article.url: article.title for article in world.room.articles(slug)}
    world.pass_time()


@pytest.mark.parametrize("slug", ["arise", "almayadeen-en", "daily8-en"])
def test_a_field_that_goes_missing_is_named(tmp_path, injected, slug):
    with World(tmp_path, [slug]) as world:
        aged(world, [slug])
        world.room.publish(slug, NEW)
        world.room.redesign(slug, "undated")
        told = world.troubles(world.build().problems)
        assert "published" in told.get(slug, "")
    injected("B9")


@pytest.mark.timeout(600)
def test_clean_days_raise_no_alarm(tmp_path, injected):
    days = 30 if is_full() else 12
    assert simulate(tmp_path, days, faults=0, hours=24).faults == []
    injected("B9", days)


@pytest.mark.timeout(600)
@pytest.mark.parametrize("slug", OUTLETS[2:] if is_full() else ["arise"])
def test_an_outlet_that_has_nothing_new_for_long_is_named(tmp_path, injected, slug):
    other = "town-2" if slug != "town-2" else "town-1"
    with World(tmp_path, [slug, other]) as world:
        for _ in range(12):
            for each in (slug, other):
                world.room.publish(each, 3)
            assert world.troubles(world.build().problems) == {}
            world.pass_time(timedelta(hours=6))
        told = {}
        for _ in range(40):
            world.room.publish(other, 3)
            told = world.troubles(world.build().problems)
            if told:
                break
            world.pass_time(timedelta(hours=6))
        assert set(told) == {slug}
    injected("B10")
