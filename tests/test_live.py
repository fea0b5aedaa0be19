"""Builds from the web, over real sockets: what is found, remembered, asked again and brought up to date."""

from __future__ import annotations

import json
import re
from datetime import datetime, timedelta

import pytest
from lxml import html

from liveparts import ROOT, build, contents, good, items, stamps
from newsroom import BUILT_IN, Newsroom, concurrency, gaps


@pytest.fixture
def arise():
    with Newsroom(["arise"]) as room:
        room.publish("arise", 6)
        yield room


@pytest.fixture
def town():
    with Newsroom(["town-1"]) as room:
        yield room


def by_url(found):
    return {item["url"]: item for item in found}


# --- the first build, and the second


def test_a_first_build_writes_the_feeds_of_all_outlets_from_what_they_list(tmp_path):
    with Newsroom() as room:
        for slug in BUILT_IN:
            room.publish(slug, 3)
        built = good(room.config(tmp_path))
        for slug in BUILT_IN:
            published = {article.url: article.title for article in room.articles(slug)}
            assert {url: item["title"] for url, item in by_url(built.items(slug)).items()} == published, slug
        assert len(built.items()) == 3 * len(BUILT_IN)
        assert not built.err


def test_a_second_build_of_unchanged_sites_asks_only_what_has_changed_and_touches_no_file(tmp_path):
    with Newsroom() as room:
        for slug in BUILT_IN:
            # In the first days of a month, that before it is looked at too.
            room.publish(slug, 1, published=room.now() - timedelta(days=room.now().day + 2))
            room.publish(slug, 3)
        config = room.config(tmp_path)
        first = good(config)
        before = stamps(first.folder)
        assert len(first.items()) >= 3 * len(BUILT_IN)
        mark = len(room.log)
        again = good(config)
        asked = room.log.since(mark)
        assert room.log.unconditional(mark) == []
        assert {request.status for request in asked} == {304}
        assert set(by_url(first.items())) <= {f"{request.site}{request.path}" for request in asked}
        assert "/robots.txt" not in room.log.paths(mark)
        assert stamps(again.folder) == before
        assert not again.err


@pytest.mark.parametrize("validators", ["etag", "weak", "date"])
def test_validators_are_given_back_to_the_byte(arise, tmp_path, validators):
    arise.site("arise").validators = validators
    config = arise.config(tmp_path)
    good(config)
    mark = len(arise.log)
    good(config)
    assert {request.status for request in arise.log.since(mark)} == {304}


def test_a_site_without_validators_is_read_again_and_nothing_is_written(arise, tmp_path):
    arise.site("arise").validators = "none"
    config = arise.config(tmp_path)
    before = stamps(good(config).folder)
    mark = len(arise.log)
    good(config)
    assert {request.status for request in arise.log.since(mark)} == {200}
    assert stamps(tmp_path / "public") == before


def test_only_new_articles_are_fetched_in_full(arise, tmp_path):
    config = arise.config(tmp_path)
    good(config)
    new = arise.publish("arise", 2)
    mark = len(arise.log)
    built = good(config)
    pages = {article.path for article in arise.articles("arise")}
    in_full = {request.path for request in arise.log.unconditional(mark) if request.path in pages}
    assert in_full == {article.path for article in new}
    assert len(built.items()) == 8


# --- entries through time


@pytest.mark.parametrize("slug", sorted(BUILT_IN))
def test_an_edited_title_updates_the_entry_under_its_id_and_in_its_place(tmp_path, slug):
    with Newsroom([slug]) as room:
        room.publish(slug, 4)
        config = room.config(tmp_path)
        before = good(config).items()
        article = room.articles(slug)[2]
        title = f"{article.title} 77" if room.editions[slug].language != "ar" else f"{article.title} مرّة أخرى"
        room.edit(article, title=title)
        after = good(config).items()
        assert [item["id"] for item in after] == [item["id"] for item in before]
        changed = [(old, new) for old, new in zip(before, after, strict=True) if old != new]
        assert [(new["url"], new["title"]) for _, new in changed] == [(article.url, title)]
        assert changed[0][1].get("date_published") == changed[0][0].get("date_published")
        assert changed[0][1]["date_modified"] > changed[0][0].get("date_modified", "")


def test_an_outlet_whose_pages_tell_the_day_has_the_times_of_its_feed_offline_too(tmp_path):
    with Newsroom(["almanar-en"]) as room:
        room.publish("almanar-en", 5)
        config = room.config(tmp_path)
        expected = [article.published for article in room.articles("almanar-en")]
        found = good(config).items()
        assert [datetime.fromisoformat(item["date_published"]) for item in found] == expected
        assert not any("date_precision" in item["_cleanfeed"] for item in found)
        room.close()
        plugin = tmp_path / "further.py"
        hook = "@hookimpl\ndef cleanfeed_outlets():\n    return []\n"
        plugin.write_text(f"from cleanfeed import hookimpl\n\n{hook}")  # code that reads has changed
        assert good(config, "--offline", "--plugin", plugin).items() == found


def test_an_edited_body_is_the_entrys_new_body(arise, tmp_path):
    config = arise.config(tmp_path)
    good(config)
    article = arise.articles("arise")[1]
    arise.edit(article, body=("A first paragraph that nobody has read before today.", *article.body[1:]))
    after = by_url(good(config).items())
    assert after[article.url]["content_text"].startswith("A first paragraph that nobody has read before")


@pytest.mark.parametrize("status", [404, 410])
def test_a_withdrawn_article_stays_and_is_named(arise, tmp_path, status):
    config = arise.config(tmp_path)
    before = contents(good(config).folder, ["arise"])
    article = arise.articles("arise")[2]
    arise.withdraw(article, status)
    after = build(config)
    assert contents(after.folder, ["arise"]) == before
    assert article.url in json.dumps(after.report, ensure_ascii=False)
    assert after.status == 0, after


@pytest.mark.parametrize("status", [404, 410])
def test_a_withdrawn_article_goes_where_the_configuration_says_so(arise, tmp_path, status):
    config = arise.config(tmp_path, fetch={"withdrawn": "drop"})
    before = by_url(good(config).items())
    article = arise.articles("arise")[2]
    arise.withdraw(article, status)
    after = build(config)
    assert set(before) - set(by_url(after.items())) == {article.url}
    assert article.url in json.dumps(after.report, ensure_ascii=False)


@pytest.mark.parametrize("options", [(), ("--offline",)], ids=["asking", "offline"])
def test_what_was_withdrawn_earlier_goes_at_once_when_it_is_no_longer_to_be_kept(arise, tmp_path, options):
    config = arise.config(tmp_path)
    before = by_url(good(config).items())
    article = arise.articles("arise")[2]
    arise.withdraw(article, 404)
    assert by_url(good(config).items()) == before
    arise.config(tmp_path, fetch={"withdrawn": "drop"})
    after = good(config, *options)
    assert set(before) - set(by_url(after.items())) == {article.url}
    assert "withdrawn earlier" in json.dumps(after.report)
    again = good(config, *options)
    assert by_url(again.items()) == by_url(after.items())
    assert "withdrawn earlier" not in json.dumps(again.report)


@pytest.mark.parametrize("withdrawn", ["keep", "drop"])
@pytest.mark.parametrize("status", ["404", "410"])
def test_a_site_that_says_of_most_articles_that_they_are_gone_is_not_believed(
    arise, tmp_path, withdrawn, status
):
    config = arise.config(tmp_path, fetch={"withdrawn": withdrawn})
    before = good(config).items()
    for article in arise.articles("arise")[:3]:
        arise.fail(article, status)
    for _ in range(4):
        after = build(config)
        assert after.items() == before
        assert after.status == 1, after
        assert re.search(
            r"arise: .*: 3, such as https://www\.arise\.tv/\S+ answered " + status, after.problems
        ), after
        assert after.report["withdrawn"] == []
        assert len(after.report["problems"]) == 1
        assert [finding["what"] for finding in after.report["findings"]] == ["unreachable"]
    arise.heal()
    assert good(config).items() == before


@pytest.mark.parametrize("withdrawn", ["keep", "drop"])
def test_a_site_that_has_lost_its_articles_keeps_them_in_its_feeds_while_new_ones_come(
    arise, tmp_path, withdrawn
):
    config = arise.config(tmp_path, fetch={"withdrawn": withdrawn})
    before = {item["id"] for item in good(config).items()}
    for article in arise.articles("arise"):
        arise.withdraw(article, 404)
    new = arise.publish("arise", 2)
    for _ in range(4):
        after = build(config)
        assert after.status == 1
        assert "arise: most of the known articles" in after.problems
        assert before < {item["id"] for item in after.items()}
        assert {article.url for article in new} <= set(by_url(after.items()))


def test_two_articles_are_withdrawn_and_so_are_three_of_many(arise, tmp_path):
    arise.publish("arise", 3)
    config = arise.config(tmp_path, fetch={"withdrawn": "drop"})
    before = good(config).items()
    assert len(before) == 9
    gone = arise.articles("arise")[2:5]
    for article in gone:
        arise.withdraw(article)
    after = good(config)
    assert set(by_url(before)) - set(by_url(after.items())) == {article.url for article in gone}
    for article in arise.articles("arise")[:2]:
        arise.withdraw(article)
    assert len(good(config).items()) == 4


def test_an_article_that_is_withdrawn_and_comes_back_is_asked_for_with_the_others(arise, tmp_path):
    config = arise.config(tmp_path)
    good(config)
    article = arise.articles("arise")[2]
    arise.fail(article, "404")
    assert good(config).report["withdrawn"] == [article.url]
    arise.heal()
    arise.publish("arise", 1)  # a listing that has not changed is not read
    arise.edit(article, title="It is there again")
    after = good(config)
    assert by_url(after.items())[article.url]["title"] == "It is there again"


def test_articles_whose_pages_are_withheld_are_as_their_feed_tells_them_for_as_long_as_that_lasts(
    arise, tmp_path
):
    config = arise.config(tmp_path)
    for article in arise.articles("arise"):
        arise.fail(article, "403")
    before = good(config).items()
    assert len(before) == 6
    for number in range(4):
        article = arise.articles("arise")[number]
        arise.edit(
            article, body=(f"A paragraph that nobody has read before, number {number}.", *article.body[1:])
        )
        after = good(config)
        assert not after.report["findings"]
        assert f"before, number {number}." in by_url(after.items())[article.url]["content_text"]
        assert by_url(after.items())[article.url]["date_modified"]
    assert [item["id"] for item in after.items()] == [item["id"] for item in before]


def test_a_page_that_can_be_had_at_last_is_no_edit_of_what_its_feed_told(arise, tmp_path):
    config = arise.config(tmp_path)
    for article in arise.articles("arise"):
        arise.fail(article, "403")
    good(config)
    arise.heal()
    after = good(config)
    assert after.report["outlets"]["arise"]["had"] == 6
    assert [item["url"] for item in after.items() if "date_modified" in item] == []
    article = arise.articles("arise")[1]
    arise.edit(article, body=("A first paragraph that nobody has read before today.", *article.body[1:]))
    assert by_url(good(config).items())[article.url]["date_modified"]


def test_an_offline_build_before_any_other_says_that_nothing_is_kept_and_makes_nothing(arise, tmp_path):
    config = arise.config(tmp_path)
    before = sorted(tmp_path.iterdir())
    built = build(config, "--offline")
    assert (built.status, built.out) == (2, "")
    assert "ledger.sqlite3: nothing is kept yet; build once without --offline" in built.err
    assert sorted(tmp_path.iterdir()) == before
    (tmp_path / "public").mkdir()
    (tmp_path / "public" / "health.html").touch()
    built = build(config, "--offline")
    assert built.status == 2
    assert "nothing is kept yet" in built.err
    assert not list((tmp_path / "public").glob("*.json"))


def test_the_metrics_of_a_build_tell_of_what_time_the_newest_article_is(arise, tmp_path):
    config = arise.config(tmp_path)
    newest = arise.articles("arise")[0].published.timestamp()
    for _ in range(2):
        good(config, "--metrics", tmp_path / "metrics.prom")
        told = (tmp_path / "metrics.prom").read_text("utf-8")
        assert f'cleanfeed_outlet_newest_timestamp_seconds{{outlet="arise"}} {newest:.0f}\n' in told
        (tmp_path / "metrics.prom").unlink()


def test_an_article_that_is_no_longer_listed_stays_in_its_feed(arise, tmp_path):
    arise.publish("arise", 4, published=arise.now() - timedelta(days=2))
    config = arise.config(tmp_path)
    before = {item["id"] for item in good(config).items()}
    assert len(before) == 10
    arise.publish("arise", 30)  # as many as the feed lists
    after = {item["id"] for item in good(config).items()}
    assert before <= after


def test_an_outlet_that_the_configuration_no_longer_names_leaves_the_feeds_and_may_come_back(tmp_path):
    with Newsroom(["arise", "almanar-en"]) as room:
        for slug in room.editions:
            room.publish(slug, 3)
        config = room.config(tmp_path)
        before = good(config).items()
        whole = config.read_text("utf-8")
        assert whole.count('outlets = ["arise", "almanar-en"]') == 1
        config.write_text(whole.replace('outlets = ["arise", "almanar-en"]', 'outlets = ["arise"]'), "utf-8")
        assert {item["_cleanfeed"]["outlet"] for item in build(config).items()} == {"arise"}
        config.write_text(whole, "utf-8")
        assert good(config, "--offline").items() == before


@pytest.mark.parametrize("how", ["missing", "empty"])
@pytest.mark.parametrize("first", ["online", "offline", "down"])
def test_a_lost_ledger_costs_no_entry_that_was_published(arise, tmp_path, how, first):
    config = arise.config(tmp_path)
    before = {item["id"] for item in good(config).items()}
    ledger = config.parent / ".cleanfeed" / "ledger.sqlite3"
    for file in ledger.parent.iterdir():
        file.unlink()
    if how == "empty":
        ledger.touch()
    arise.publish("arise", 30)  # as many as the feed lists
    if first == "down":
        arise.fail("arise", "reset")
    build(config, *(["--offline"] if first == "offline" else []))
    arise.heal()
    after = {item["id"] for item in good(config).items()}
    assert before < after


# --- how many, from where


def test_max_pages_takes_the_newest_and_later_builds_the_rest(arise, tmp_path):
    arise.publish("arise", 6)
    config = arise.config(tmp_path, fetch={"max_pages": 5})
    newest = [article.url for article in arise.articles("arise")]
    assert sorted(by_url(build(config).items())) == sorted(newest[:5])
    assert sorted(by_url(build(config).items())) == sorted(newest[:10])
    assert sorted(by_url(build(config).items())) == sorted(newest)


def test_sections_become_tags_and_an_article_of_two_sections_is_one_entry(town, tmp_path):
    town.publish("town-1", 3, sections=("politics",))
    town.publish("town-1", 3, sections=("economy",))
    both = town.publish("town-1", 1, sections=("politics", "economy"))[0]
    plugin = town.plugin(tmp_path, sections=("politics", "economy"))
    built = good(town.config(tmp_path), "--plugin", plugin)
    found = by_url(built.items())
    assert len(built.items()) == len(found) == 7
    assert {"Politics", "Economy"} <= set(found[both.url]["tags"])
    for article in town.articles("town-1"):
        assert ("Politics" in found[article.url]["tags"] or article.section == "Politics") == (
            "politics" in article.sections
        ), article.url


def test_further_pages_of_a_section_are_read_where_more_is_wanted(town, tmp_path):
    town.publish("town-1", 50, sections=("sports",))
    plugin = town.plugin(tmp_path, sections=("sports",))
    for listing in (r"/feed\.xml", r"/sitemap\.xml", r"/$"):
        town.fail("town-1", "404", path=listing)
    built = build(town.config(tmp_path), "--plugin", plugin)
    assert len(built.items()) == 50, built


def test_one_article_under_two_addresses_is_one_entry(town, tmp_path):
    town.publish("town-1", 3)
    article = town.articles("town-1")[0]
    article.also = ("/story/9999999",)
    for listing in (r"/feed\.xml", r"/sitemap\.xml"):
        town.fail("town-1", "404", path=listing)
    config, plugin = town.config(tmp_path), town.plugin(tmp_path)
    first = build(config, "--plugin", plugin)
    assert "/story/9999999" in town.log.paths()
    assert sorted(by_url(first.items())) == sorted(each.url for each in town.articles("town-1"))
    assert build(config, "--plugin", plugin).items() == first.items()


def test_links_of_a_listing_to_other_sites_are_not_followed(town, tmp_path):
    town.publish("town-1", 2)
    good(town.config(tmp_path), "--plugin", town.plugin(tmp_path))
    assert set(town.log.by_site()) == {"https://town-1.example"}
    assert not [path for path in town.log.paths() if path.startswith(("/about", "/terms", "/m", "/other"))]


# --- manners


def test_requests_say_who_asks_and_how_to_reach_them(arise, tmp_path):
    good(arise.config(tmp_path, contact="desk@example.org"))
    for request in arise.log:
        agent = request.headers["user-agent"]
        assert agent.startswith("cleanfeed/")
        assert "desk@example.org" in agent
        assert set(re.split(r",\s*", request.headers["accept-encoding"])) <= {"gzip", "br"}
        assert "cookie" not in request.headers


def test_one_host_is_asked_with_a_pause_between_and_hosts_at_the_same_time(tmp_path):
    with Newsroom(["arise", "almanar-en", "almayadeen-en"]) as room:
        for slug in room.editions:
            room.publish(slug, 5)
        built = good(room.config(tmp_path, fetch={"delay": 0.3}))
        sites = {site: room.log.since(site=site) for site in room.log.by_site()}
        for site, requests in sites.items():
            # One may be noticed late on a busy machine, and the next one then seems to follow it closely.
            apart = sorted(gaps(requests))
            assert apart[0] > 0.1, site
            assert sum(apart) > 0.29 * len(apart), site
            assert concurrency(requests) <= 2
        whole = sum(max(each.ended for each in asked) - asked[0].began for asked in sites.values())
        first, last = min(each.began for each in room.log), max(each.ended for each in room.log)
        assert last - first < 0.75 * whole
        assert len(built.items()) == 15


@pytest.mark.parametrize("count", [1, 2])
def test_an_article_stays_as_it_was_while_its_page_shows_one_and_the_same_for_all(count, tmp_path):
    with Newsroom(["town-1", "arise"]) as room:
        for slug in room.editions:
            room.publish(slug, 12)
        plugin, config = room.plugin(tmp_path), room.config(tmp_path)
        before = {item["id"]: item for item in good(config, "--plugin", plugin).items()}
        for slug in room.editions:
            for article in room.articles(slug)[:count]:
                room.redesign(article, "identical")
        hidden = build(config, "--plugin", plugin)
        assert {item["id"]: item for item in hidden.items()} == before
        for slug in room.editions:
            for article in room.articles(slug)[:count]:
                room.redesign(article, None)
                room.edit(article, body=("It was written anew from beginning to end, in other words.",))
        after = {item["id"]: item for item in good(config, "--plugin", plugin).items()}
        assert after.keys() == before.keys()
        assert sum("written anew" in item["content_text"] for item in after.values()) == 2 * count


def test_no_more_than_two_requests_are_at_one_host_at_a_time(arise, tmp_path):
    arise.publish("arise", 14)
    arise.slow(0.1)
    good(arise.config(tmp_path))
    assert concurrency(arise.log.since()) == 2


def test_what_robots_txt_disallows_is_not_asked_for(arise, tmp_path):
    articles = arise.articles("arise")
    arise.site("arise").robots = f"User-agent: *\nDisallow: {articles[0].path}\n"
    arise.fail("arise", "404", path=r"/feed/|/wp-json/")  # whose text would do in place of the page
    built = build(arise.config(tmp_path))
    assert articles[0].path not in arise.log.paths()
    assert arise.log.paths()[0] == "/robots.txt"
    assert sorted(by_url(built.items())) == sorted(article.url for article in articles[1:])


@pytest.mark.parametrize("how", ["500", "503", "reset"])
def test_nothing_is_asked_where_robots_txt_cannot_be_had(arise, tmp_path, how):
    arise.fail("arise", how, path=r"/robots\.txt")
    built = build(arise.config(tmp_path))
    assert set(arise.log.paths()) == {"/robots.txt"}
    assert built.status == 1
    assert "arise" in built.err


# --- the index


def badges(built):
    tree = html.document_fromstring((built.folder / "index.html").read_bytes().decode())
    return [(link.get("href"), link.xpath("string(span)")) for link in tree.xpath("//section//a")]


def test_the_index_tells_the_state_of_each_outlet_and_changes_with_it_alone(tmp_path):
    with Newsroom(["arise", "daily8-en"]) as room:
        for slug in ("arise", "daily8-en"):
            room.publish(slug, 3)
        config = room.config(tmp_path)
        first = good(config)
        fine = [("health.html#arise", "fine"), ("health.html#daily8-en", "fine")]
        assert badges(first) == fine
        page = (first.folder / "index.html").read_bytes()
        room.fail("arise", "404")
        down = [build(config) for _ in range(2)]
        assert badges(down[0]) == [("health.html#arise", "unreachable"), fine[1]]
        assert page != (down[1].folder / "index.html").read_bytes()
        room.heal()
        assert (good(config).folder / "index.html").read_bytes() == page


# --- without the network


def test_an_offline_build_gives_the_same_bytes(tmp_path):
    with Newsroom(["arise", "daily8-ar"]) as room:
        room.publish("arise", 4)
        room.publish("daily8-ar", 4)
        config = room.config(tmp_path)
        before = contents(good(config).folder, ["everything", "arise", "daily8-ar"])
        mark = len(room.log)
        good(config, "--offline", "--output", tmp_path / "other")
        assert len(room.log) == mark
    assert contents(tmp_path / "other", ["everything", "arise", "daily8-ar"]) == before
    good(config, "--offline")  # the server is down now
    assert contents(tmp_path / "public", ["everything", "arise", "daily8-ar"]) == before


def test_an_offline_build_after_a_plugin_was_mended_makes_the_past_right(town, tmp_path):
    town.publish("town-1", 5)
    right = town.plugin(tmp_path)
    wrong = tmp_path / "before" / "towns.py"
    wrong.parent.mkdir()
    wrong.write_text(right.read_text("utf-8").replace('text("h1.head")', 'text("p.by")'), "utf-8")
    config = town.config(tmp_path)
    before = build(config, "--plugin", wrong).items()
    titles = {article.url: article.title for article in town.articles("town-1")}
    assert {item["url"]: item["title"] for item in before} != titles
    mark = len(town.log)
    after = build(config, "--offline", "--plugin", right).items()
    assert {item["url"]: item["title"] for item in after} == titles
    assert {item["id"] for item in after} == {item["id"] for item in before}
    assert len(town.log) == mark


def test_a_full_text_feed_serves_where_its_pages_cannot_be_had(arise, tmp_path):
    for article in arise.articles("arise"):
        arise.fail(article, "500")
    built = build(arise.config(tmp_path))
    found = by_url(built.items("arise"))
    for article in arise.articles("arise"):
        assert found[article.url]["title"] == article.title
        assert article.body[-1] in found[article.url]["content_text"]


# --- the configuration of the examples


def test_the_examples_settings_work_without_their_pages_line(tmp_path):
    text = (ROOT / "examples" / "cleanfeed.toml").read_text("utf-8")
    text, removed = re.subn(r"(?m)^pages = .*\n", "", text)
    assert removed == 1
    with Newsroom() as room:
        for slug in BUILT_IN:
            room.publish(slug, 2)
        mirrors = "\n".join(f'"{origin}" = "{base}"' for origin, base in room.mirrors().items())
        config = tmp_path / "cleanfeed.toml"
        config.write_text(f"{text}\n[fetch]\ndelay = 0\n\n[fetch.mirrors]\n{mirrors}\n", "utf-8")
        built = build(config)
        assert built.status == 0, built
        assert len(built.items()) == 2 * len(BUILT_IN)


# --- dates


def test_an_entry_without_a_date_keeps_the_time_when_it_was_first_seen(arise, tmp_path):
    arise.redesign("arise", "undated")
    arise.fail("arise", "404", path=r"/feed/|/category/.*feed|/wp-json")  # which tell dates
    config = arise.config(tmp_path)
    before = contents(build(config).folder, ["arise"])
    assert before
    assert not [item for item in items(tmp_path / "public", "arise") if "date_published" in item]
    build(config)
    assert contents(tmp_path / "public", ["arise"]) == before
