"""Outlets that fail: what stays, who is named, and how rarely a failing host is asked."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from faults.world import World
from liveparts import contents, stamps
from newsroom import BUILT_IN

SAYS_NO = ("403", "404", "500", "garbage", "html", "empty", "reset", "cut-gzip")
"""How a listing may fail, quickly."""


MINUTES = timedelta(minutes=20)


@pytest.fixture
def pair(tmp_path):
    """An outlet that is to fail, and one that is well."""
    with World(tmp_path / "both", ["arise", "almanar-en"]) as world:
        world.room.publish("arise", 6)
        world.room.publish("almanar-en", 6)
        yield world


@pytest.fixture
def town(tmp_path):
    with World(tmp_path, ["town-1"]) as world:
        yield world


def build(world):
    """The problems of a build, as they are named."""
    report = world.build()
    world.pass_time(MINUTES)
    return "\n".join(map(str, report.problems))


def good(world):
    assert build(world) == ""
    return world


def told(world):
    return (world.public / "report.json").read_text("utf-8")


def titles(world, topic="everything"):
    return {item["url"]: item["title"] for item in world.items(topic)}


def published(world, slug):
    return {article.url: article.title for article in world.room.articles(slug)}


# --- listings


@pytest.mark.parametrize("how", SAYS_NO)
def test_a_listing_that_fails_gives_way_to_the_next_one(town, tmp_path, how):
    town.publish("town-1", 3)
    broken = town.fail("town-1", how, path=r"/feed\.xml")
    built = build(town.config(tmp_path), "--plugin", town.plugin(tmp_path))
    assert broken.hits
    assert titles(built.items()) == published(town, "town-1")
    assert "/feed.xml" in json.dumps(built.report)


@pytest.mark.parametrize("slug", sorted(BUILT_IN))
@pytest.mark.parametrize("how", ["403", "500"])
def test_every_outlet_has_a_listing_to_fall_back_to(tmp_path, slug, how):
    with Newsroom([slug]) as room:
        room.publish(slug, 3)
        config = room.config(tmp_path)
        good(config)
        first = next(path for path in room.log.paths() if path != "/robots.txt")
        room.publish(slug, 2)
        broken = room.fail(slug, how, path=f"{first.partition('?')[0]}$")
        built = build(config)
        assert broken.hits
        assert titles(built.items()) == published(room, slug)


@pytest.mark.parametrize("how", ["403", "500", "garbage", "html"])
def test_an_outlet_whose_listings_all_fail_is_named_and_keeps_its_entries(pair, tmp_path, how):
    config = pair.config(tmp_path)
    before = contents(good(config).folder, ["arise"])
    pair.publish("almanar-en", 2)
    pages = "|".join(article.path for article in pair.articles("arise"))
    pair.fail("arise", how, path=f"(?!{pages}|/robots)")
    built = build(config)
    assert built.status == 1
    assert "arise" in built.err
    assert "arise" in built.problems
    assert "almanar-en" not in built.err
    assert contents(built.folder, ["arise"]) == before
    assert titles(built.items("almanar-en")) == published(pair, "almanar-en")


# --- outlets


@pytest.mark.parametrize(
    "how", ["403", "404", "429", "500", "503", "reset", "garbage", "robot-403", "loop", "no-http", "cut-gzip"]
)
def test_a_failing_outlet_costs_itself_alone(pair, tmp_path, how):
    config = pair.config(tmp_path / "both")
    before = contents(good(config).folder, ["arise"])
    alone = pair.config(tmp_path / "alone", outlets=["almanar-en"])
    good(alone)
    for slug in pair.editions:
        pair.publish(slug, 2)
    pair.fail("arise", how)
    built = build(config)
    assert built.status == 1, built
    assert "arise" in built.err
    assert "arise" in built.problems
    assert contents(built.folder, ["arise"]) == before
    without = good(alone)
    assert contents(built.folder, ["almanar-en"]) == contents(without.folder, ["almanar-en"])
    assert "almanar-en" not in built.err


def test_an_outlet_that_fails_from_the_first_build_on_is_named(pair, tmp_path):
    pair.fail("arise", "500")
    built = build(pair.config(tmp_path))
    assert built.status == 1
    assert "arise" in built.err
    assert titles(built.items()) == published(pair, "almanar-en")


def test_a_failing_outlet_that_is_well_again_needs_nobody(pair, tmp_path):
    config = pair.config(tmp_path)
    good(config)
    pair.publish("arise", 2)
    pair.fail("arise", "500")
    assert build(config).status == 1
    pair.heal()
    built = good(config)
    assert titles(built.items("arise")) == published(pair, "arise")


# --- redesigns


@pytest.mark.parametrize("how", ["bodiless", "identical", "consent", "robot", "login", "soft-404"])
@pytest.mark.parametrize("slug", ["arise", "almayadeen-ar", "daily8-en"])
def test_a_redesigned_outlet_is_named_and_keeps_its_last_good_feed(tmp_path, slug, how):
    with Newsroom([slug, "almanar-en"]) as room:
        room.publish(slug, 12)
        room.publish("almanar-en", 5)
        config = room.config(tmp_path)
        before = contents(good(config).folder, [slug, "almanar-en"])
        room.publish(slug, 6)
        room.redesign(slug, how)
        built = build(config)
        assert built.status == 1, built
        assert slug in built.err
        assert slug in built.problems
        assert "almanar-en" not in built.err
        assert contents(built.folder, [slug, "almanar-en"]) == before


@pytest.mark.parametrize("how", ["renamed", "wrapped"])
def test_a_redesign_that_the_recipe_can_read_changes_nothing(pair, tmp_path, how):
    config = pair.config(tmp_path)
    before = stamps(good(config).folder)
    pair.redesign("arise", how)
    built = build(config)
    assert stamps(built.folder) == before
    assert "Traceback" not in built.err


def test_a_date_that_went_missing_is_named_with_its_outlet_and_field(pair, tmp_path):
    pair.publish("arise", 14)
    config = pair.config(tmp_path)
    good(config)
    pair.redesign("arise", "undated")
    pair.publish("arise", 10)
    pair.fail("arise", "404", path=r"/feed/|/category/.*feed|/wp-json")  # which tell dates too
    built = build(config)
    assert built.status == 1
    said = [line for line in built.err.splitlines() if "arise" in line]
    assert any("published" in line for line in said), built
    assert "published" in built.problems


def test_a_redesign_that_was_mended_in_the_plugin_is_read(town, tmp_path):
    town.publish("town-1", 10)
    config, plugin = town.config(tmp_path), town.plugin(tmp_path)
    good(config, "--plugin", plugin)
    town.publish("town-1", 5)
    town.redesign("town-1", lambda page: page.replace('class="text"', 'class="words"'))
    assert build(config, "--plugin", plugin).status == 1
    plugin.write_text(plugin.read_text("utf-8").replace("div.text", "div.words"), "utf-8")
    mended = good(config, "--plugin", plugin)
    assert titles(mended.items()) == published(town, "town-1")


# --- how often a failing host is asked


@pytest.mark.parametrize("how", ["403", "404", "500", "503", "reset", "garbage", "empty", "consent"])
@pytest.mark.parametrize("known", [0, 60])
def test_a_host_that_keeps_failing_gets_at_most_60_requests(town, tmp_path, how, known):
    plugin = town.plugin(tmp_path)
    config = town.config(tmp_path)
    if known:
        town.publish("town-1", known)
        good(config, "--plugin", plugin)
    town.publish("town-1", 150)
    mark = len(town.log)
    town.fail("town-1", how, path="/story/")
    built = build(config, "--plugin", plugin)
    assert len(town.log.since(mark)) <= 60
    assert built.status == 1
    assert "town-1" in built.err
    assert len(built.items()) == known


def test_a_host_that_fails_now_and_then_gives_all_its_articles(town, tmp_path):
    town.publish("town-1", 90)
    for article in town.articles("town-1")[::5]:
        town.fail(article, "500", times=1)
    built = build(town.config(tmp_path), "--plugin", town.plugin(tmp_path))
    assert titles(built.items()) == published(town, "town-1"), built


@pytest.mark.parametrize("how", ["429", "503"])
def test_a_host_that_asks_for_a_pause_has_it_in_later_builds_too(pair, tmp_path, how):
    config = pair.config(tmp_path)
    good(config)
    mark = len(pair.log)
    pair.fail("arise", how, Retry_After="3600")
    first = build(config)
    assert first.status == 1
    assert "arise" in first.err
    asked = len(pair.log.since(mark, "https://www.arise.tv"))
    assert 1 <= asked <= 3  # what was under way already
    pair.heal()
    mark = len(pair.log)
    pair.publish("almanar-en", 1)
    second = build(config)
    assert pair.log.since(mark, "https://www.arise.tv") == []
    assert len(second.items("almanar-en")) == 7
    assert len(second.items("arise")) == 6


def test_a_pause_ends_when_the_host_said(pair, tmp_path):
    config = pair.config(tmp_path)
    good(config)
    pair.publish("arise", 1)
    pair.fail("arise", "503", Retry_After="2")
    build(config)
    pair.heal()
    time.sleep(2.2)
    built = good(config)
    assert titles(built.items("arise")) == published(pair, "arise")


# --- one page


ONE_PAGE = (
    "403", "410", "500", "reset", "early", "cut-gzip", "bad-sum", "cut-chunk", "garbage", "empty", "type", "huge", "bomb",
    "unasked", "big-head", "no-http", "consent", "robot", "login", "soft-404", "loop", "metadata", "file", "nowhere",
)  # fmt: skip


def test_bad_pages_cost_themselves_and_come_when_they_are_well(town, tmp_path):
    """Each of two dozen articles fails in its own way, among as many again that do not."""
    town.publish("town-1", 3 * len(ONE_PAGE))
    articles = town.articles("town-1")
    bad = dict(zip(ONE_PAGE, articles[1::3], strict=True))
    for how, article in bad.items():
        town.fail(article, how)
    config, plugin = town.config(tmp_path), town.plugin(tmp_path)
    built = build(config, "--plugin", plugin)
    assert built.status == 1
    expected = published(town, "town-1")
    for article in bad.values():
        del expected[article.url]
    assert titles(built.items()) == expected
    unnamed = [how for how, article in bad.items() if article.url not in built.err + json.dumps(built.report)]
    assert unnamed == []
    town.heal()
    later = build(config, "--plugin", plugin)
    missing = set(published(town, "town-1")) - set(titles(later.items()))
    # What was gone is not asked for again.
    assert missing <= {bad["410"].url}


def test_a_body_of_another_encoding_than_it_says_is_read(tmp_path):
    with Newsroom(["almanar-ar"]) as room:
        room.publish("almanar-ar", 4)
        room.fail(room.articles("almanar-ar")[1], "encoding")
        built = build(room.config(tmp_path))
        assert titles(built.items()) == published(room, "almanar-ar")
