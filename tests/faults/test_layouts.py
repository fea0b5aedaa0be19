"""Outlets that change their pages overnight: the last good feed stays, the outlet is named, and nobody else is."""

from __future__ import annotations

from datetime import timedelta

import pytest

from faults.simulated import simulate
from faults.world import World

OUTLETS = (
    "almayadeen-en", "almayadeen-ar", "almayadeen-es", "almanar-en", "almanar-ar", "daily8-en", "daily8-ar", "arise",
    "town-1", "town-2",
)  # fmt: skip
BREAKS = ("bodiless", "identical", "consent", "robot", "login", "soft-404")
NEW = 8


def aged(world, slugs, count=24):
    """Outlets that have been read well for some days."""
    for slug in slugs:
        world.room.publish(slug, count)
    assert world.troubles(world.build()) == {}
    for _ in range(3):
        world.pass_time(timedelta(hours=8))
        for slug in slugs:
            world.room.publish(slug, 3)
        assert world.troubles(world.build()) == {}
    world.pass_time(timedelta(hours=2))


@pytest.mark.parametrize("slug", OUTLETS)
def test_a_broken_layout_is_named_and_the_last_good_feed_stays(tmp_path, injected, slug):
    other = "town-2" if slug != "town-2" else "town-1"
    unseen, changed = [], []
    with World(tmp_path, [slug, other]) as world:
        aged(world, [slug, other])
        for how in BREAKS:
            before = world.items(slug)
            world.room.publish(slug, NEW)
            world.room.redesign(slug, how)
            told = world.troubles(world.build())
            if slug not in told:
                unseen.append(how)
            if [item["id"] for item in world.items(slug)][-len(before) :] != [item["id"] for item in before]:
                changed.append(how)
            assert other not in told, how
            mended(world, slug)
    assert unseen == []
    assert changed == []
    injected("B8", 3)
    injected("B9", len(BREAKS))


def mended(world, slug):
    """The outlet has its old layout again: within a day all is well, and all articles are there."""
    world.room.redesign(slug, None)
    for _ in range(4):
        world.pass_time(timedelta(hours=7))
        for each in world.room.editions:
            world.room.publish(each, 3)
        told = world.troubles(world.build())
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
        told = world.troubles(world.build())
        assert "published" in told.get(slug, "")
    injected("B9")


def test_thirty_clean_days_raise_no_alarm(tmp_path, injected):
    outcome = simulate(tmp_path, 30, faults=0, hours=24)
    assert outcome.faults == []
    injected("B9", 30)


@pytest.mark.parametrize("slug", OUTLETS[2:])
def test_an_outlet_that_has_nothing_new_for_long_is_named(tmp_path, injected, slug):
    other = "town-2" if slug != "town-2" else "town-1"
    with World(tmp_path, [slug, other]) as world:
        for _ in range(12):
            for each in (slug, other):
                world.room.publish(each, 3)
            assert world.troubles(world.build()) == {}
            world.pass_time(timedelta(hours=6))
        told = {}
        for _ in range(40):
            world.room.publish(other, 3)
            told = world.troubles(world.build())
            if told:
                break
            world.pass_time(timedelta(hours=6))
        assert set(told) == {slug}
    injected("B10")
