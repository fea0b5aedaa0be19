"""Outlets that fail: what stays, who is named, and how rarely a failing host is asked."""

from __future__ import annotations

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
def test_a_listing_that_fails_gives_way_to_the_next_one(town, how):
    town.room.publish("town-1", 3)
    broken = town.room.fail("town-1", how, path=r"/feed\.xml")
    build(town)
    assert broken.hits
    assert titles(town) == published(town, "town-1")
    assert "/feed.xml" in told(town)


@pytest.mark.parametrize("slug", sorted(BUILT_IN))
@pytest.mark.parametrize("how", ["403", "500"])
def test_every_outlet_has_a_listing_to_fall_back_to(tmp_path, slug, how):
    with World(tmp_path, [slug]) as world:
        world.room.publish(slug, 3)
        good(world)
        first = next(path for path in world.room.log.paths() if path != "/robots.txt")
        world.room.publish(slug, 2)
        broken = world.room.fail(slug, how, path=f"{first.partition('?')[0]}$")
        build(world)
        assert broken.hits
        assert titles(world) == published(world, slug)


@pytest.mark.parametrize("how", ["403", "404", "500", "garbage", "html", "reset", "consent", "robot"])
def test_an_outlet_whose_listings_all_fail_is_named_and_keeps_its_entries(pair, how):
    before = contents(good(pair).public, ["arise"])
    pair.room.publish("almanar-en", 2)
    pair.room.fail("arise", how, path=r"(?!.*\d{7})(?!/robots)")
    problems = build(pair)
    assert "arise" in problems
    assert "arise" in told(pair)
    assert "almanar-en" not in problems
    assert contents(pair.public, ["arise"]) == before
    assert titles(pair, "almanar-en") == published(pair, "almanar-en")


# --- outlets


FAILING = (
    "403",
    "404",
    "429",
    "500",
    "503",
    "reset",
    "garbage",
    "robot-403",
    "loop",
    "no-http",
    "cut-gzip",
    "empty",
)


@pytest.mark.parametrize("how", FAILING)
def test_a_failing_outlet_costs_itself_alone(pair, tmp_path, injected, how):
    before = contents(good(pair).public, ["arise"])
    alone = pair.beside(tmp_path / "alone", ["almanar-en"])
    good(alone)
    for slug in pair.room.editions:
        pair.room.publish(slug, 2)
    pair.room.fail("arise", how)
    problems = build(pair)
    assert "arise" in problems
    assert "almanar-en" not in problems
    assert contents(pair.public, ["arise"]) == before
    good(alone)
    assert contents(pair.public, ["almanar-en"]) == contents(alone.public, ["almanar-en"])
    injected("B7")


def test_an_outlet_that_fails_from_the_first_build_on_is_named(pair):
    pair.room.fail("arise", "500")
    assert "arise" in build(pair)
    assert titles(pair) == published(pair, "almanar-en")


@pytest.mark.parametrize("how", ["500", "404", "reset", "robot"])
def test_a_failing_outlet_that_is_well_again_needs_nobody(pair, how):
    good(pair)
    pair.room.publish("arise", 2)
    pair.room.fail("arise", how)
    assert "arise" in build(pair)
    pair.room.heal()
    pair.pass_time(timedelta(days=1))
    good(pair)
    assert titles(pair, "arise") == published(pair, "arise")


# --- redesigns


@pytest.mark.parametrize("how", ["renamed", "wrapped"])
def test_a_redesign_that_the_recipe_can_read_changes_no_feed(pair, how):
    before = stamps(good(pair).public)
    pair.room.redesign("arise", how)
    build(pair)
    told = stamps(pair.public)
    # The index tells how the outlet fares, and what read its pages is no longer what did.
    assert {**told, "index.html": before["index.html"]} == before


def test_a_redesign_that_was_mended_in_the_plugin_is_read(town):
    town.room.publish("town-1", 10)
    good(town)
    town.room.publish("town-1", 5)
    town.room.redesign("town-1", lambda page: page.replace('class="text"', 'class="words"'))
    assert "town-1" in build(town)
    plugin = town.plugins[0]
    plugin.write_text(plugin.read_text("utf-8").replace("div.text", "div.words"), "utf-8")
    build(town)
    assert titles(town) == published(town, "town-1")


# --- how often a failing host is asked


@pytest.mark.parametrize("how", ["403", "404", "500", "503", "reset", "empty", "robot-403", "cut-gzip"])
@pytest.mark.parametrize("known", [0, 40])
def test_a_host_that_keeps_failing_gets_at_most_60_requests(town, injected, how, known):
    town.room.fail("town-1", "404", path=r"/feed\.xml")  # which lists too few
    if known:
        town.room.publish("town-1", known)
        build(town)
    town.room.publish("town-1", 150)
    mark = len(town.room.log)
    town.room.fail("town-1", how, path="/story/")
    assert "town-1" in build(town)
    assert len(town.room.log.since(mark)) <= 60
    assert (len(town.items("town-1")) if known else 0) == known
    injected("B13")


def test_a_host_that_fails_now_and_then_gives_all_its_articles(town):
    town.room.fail("town-1", "404", path=r"/feed\.xml")
    town.room.publish("town-1", 90)
    for article in town.room.articles("town-1")[::5]:
        town.room.fail(article, "500", times=1)
    build(town)
    assert titles(town) == published(town, "town-1")


@pytest.mark.parametrize("how", ["429", "503"])
def test_a_host_that_asks_for_a_pause_has_it_in_later_builds_too(pair, injected, how):
    arise = "https://www.arise.tv"
    good(pair)
    mark = len(pair.room.log)
    pair.room.fail("arise", how, Retry_After="3600")
    assert "arise" in build(pair)
    assert 1 <= len(pair.room.log.since(mark, arise)) <= 3  # what was under way already
    pair.room.heal()
    mark = len(pair.room.log)
    pair.room.publish("almanar-en", 1)
    build(pair)
    assert pair.room.log.since(mark, arise) == []
    assert len(pair.items("almanar-en")) == 7
    assert len(pair.items("arise")) == 6
    pair.pass_time(timedelta(hours=1))
    pair.room.publish("arise", 1)
    good(pair)
    assert titles(pair, "arise") == published(pair, "arise")
    injected("B12")


# --- one page


ONE_PAGE = (
    "403", "410", "500", "reset", "early", "cut-gzip", "bad-sum", "cut-chunk", "garbage", "empty", "type", "huge", "bomb",
    "unasked", "big-head", "no-http", "consent", "robot", "login", "soft-404", "loop", "metadata", "file", "nowhere",
)  # fmt: skip


def test_bad_pages_cost_themselves_and_come_when_they_are_well(town):
    """Each of two dozen articles fails in its own way, among many that do not."""
    town.room.fail("town-1", "404", path=r"/feed\.xml")
    town.room.publish("town-1", 5 * len(ONE_PAGE))
    articles = town.room.articles("town-1")
    bad = dict(zip(ONE_PAGE, articles[2::5], strict=True))
    for how, article in bad.items():
        town.room.fail(article, how)
    build(town)
    expected = published(town, "town-1")
    for article in bad.values():
        del expected[article.url]
    assert titles(town) == expected
    town.room.heal()
    for _ in range(3):
        town.pass_time(timedelta(hours=12))
        build(town)
    assert titles(town) == published(town, "town-1")


KNOWN_PAGE = ("garbage", "type", "html", "consent", "robot", "login", "soft-404", "empty", "500", "cut-gzip")


def test_a_known_article_that_answers_badly_stays_and_is_brought_up_to_date_later(town):
    """Also where the bad answer came under the validators of the good one."""
    town.room.fail("town-1", "404", path=r"/feed\.xml")
    town.room.publish("town-1", 5 * len(KNOWN_PAGE))
    build(town)
    before = titles(town)
    for how, article in zip(KNOWN_PAGE, town.room.articles("town-1")[2::5], strict=True):
        town.room.edit(article, title=f"{article.title} 2")
        town.room.fail(article, how)
    build(town)
    assert titles(town) == before
    town.room.heal()
    for _ in range(3):
        town.pass_time(timedelta(hours=12))
        build(town)
    assert titles(town) == published(town, "town-1")


def test_a_body_of_another_encoding_than_it_says_is_read(tmp_path):
    with World(tmp_path, ["almanar-ar"]) as world:
        world.room.publish("almanar-ar", 4)
        world.room.fail(world.room.articles("almanar-ar")[1], "encoding")
        good(world)
        assert titles(world) == published(world, "almanar-ar")


def test_an_article_that_was_gone_and_is_back_is_an_entry_again(tmp_path):
    with World(tmp_path, ["arise"], fetch={"withdrawn": "drop"}) as world:
        world.room.publish("arise", 5)
        before = good(world).items()
        article = world.room.articles("arise")[2]
        world.room.withdraw(article, 404)
        build(world)
        assert len(world.items()) == 4
        article.status = 200
        world.pass_time(timedelta(days=1, hours=1))
        good(world)
        assert world.items() == before
