"""Looking addresses up: known entries at once, others from the web, each as politely as a build asks."""

from __future__ import annotations

import sqlite3
import threading
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest

from cleanfeed.config import load
from cleanfeed.errors import FetchError, NotAnArticle, PageError
from cleanfeed.lookup.lookup import Lookup, Terms
from liveparts import good
from newsroom import Newsroom
from newsroom_faults import FAULTS, redirect


class Clock:
    """A time that stands still until it is moved."""

    def __init__(self) -> None:
        self.now = datetime.now(UTC).replace(microsecond=0)

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def room():
    with Newsroom(["arise", "almanar-ar"]) as room:
        room.publish("arise", 3)
        room.publish("almanar-ar", 2)
        yield room


@pytest.fixture
def config(room, tmp_path):
    return room.config(tmp_path)


def asked(room):
    """The requests for articles that went over the wire."""
    return [request for request in room.log if request.path != "/robots.txt"]


def test_an_article_is_had_from_the_web_under_its_own_address(room, config):
    article = room.articles("arise")[0]
    with Lookup(load(config)) as lookup:
        entry = lookup.entry(f"{article.url}?utm_source=feed#top")
    assert (entry.url, entry.title, entry.outlet) == (article.url, article.title, "arise")
    assert entry.text
    assert len(asked(room)) == 1


def test_what_a_build_knows_is_given_without_a_request(room, config):
    good(config)
    room.log.clear()
    with Lookup(load(config)) as lookup:
        found = {
            url: entry.title for url, entry in lookup.entries([each.url for each in room.articles("arise")])
        }
    assert found == {each.url: each.title for each in room.articles("arise")}
    assert list(room.log) == []


def test_a_lookup_puts_nothing_into_the_feeds_of_a_build(room, config):
    article = room.articles("arise")[0]
    with Lookup(load(config)) as lookup:
        lookup.entry(article.url)
    assert not load(config).ledger.exists()


def test_the_second_lookup_asks_nobody_and_a_later_one_only_whether_it_has_changed(room, config):
    clock, article = Clock(), room.articles("arise")[0]
    for wait, requests in ((timedelta(), 1), (timedelta(minutes=5), 1), (timedelta(hours=1), 2)):
        clock.now += wait
        with Lookup(load(config), Terms(now=clock)) as lookup:
            assert lookup.entry(article.url).title == article.title
        assert len(asked(room)) == requests
    assert [request.status for request in asked(room)] == [200, 304]


def test_an_edited_article_is_given_as_it_is_now_and_keeps_its_id(room, config):
    clock, article = Clock(), room.articles("arise")[0]
    with Lookup(load(config), Terms(now=clock)) as lookup:
        first = lookup.entry(article.url)
    room.edit(article, title="Said anew and better")
    clock.now += timedelta(hours=1)
    with Lookup(load(config), Terms(now=clock)) as lookup:
        second = lookup.entry(article.url)
    assert (second.id, second.title) == (first.id, "Said anew and better")


@pytest.mark.parametrize("how", ["500", "403", "404", "robot", "garbage"])
def test_an_entry_that_cannot_be_brought_up_to_date_is_given_as_it_is_known(room, config, how):
    clock, article = Clock(), room.articles("arise")[0]
    with Lookup(load(config), Terms(now=clock)) as lookup:
        lookup.entry(article.url)
    room.fail("arise", how)
    clock.now += timedelta(hours=1)
    with Lookup(load(config), Terms(now=clock)) as lookup:
        assert lookup.entry(article.url).title == article.title


@pytest.mark.parametrize(("address", "reason"), [
    ("https://unclaimed.example.com/story/1", "no loaded outlet claims unclaimed.example.com"),
    ("http://127.0.0.1:9/x", "no public address"),
    ("http://[::ffff:10.0.0.1]/x", "no public address"),
    ("file:///etc/passwd", "no public address"),
    ("javascript:alert(1)", "no public address"),
    ("", "no public address"),
    ("https://user@www.arise.tv/x", "no public address"),
])  # fmt: skip
def test_an_address_that_is_no_outlets_is_refused_without_a_request(room, config, address, reason):
    with Lookup(load(config)) as lookup, pytest.raises(FetchError, match=reason) as caught:
        lookup.entry(address)
    assert caught.value.kind == "refused"
    assert list(room.log) == []


def test_many_addresses_come_back_in_order_and_one_bad_page_costs_itself(room, config):
    urls = [each.url for each in (*room.articles("arise"), *room.articles("almanar-ar"))]
    room.fail(room.articles("arise")[1], "404")
    asked_for = [*urls, "https://unclaimed.example.com/1"]
    with Lookup(load(config)) as lookup:
        found = list(lookup.entries(asked_for))
    assert [address for address, _ in found] == asked_for
    assert [isinstance(entry, PageError) for _, entry in found] == [False, True, False, False, False, True]


def test_a_redirect_to_a_host_that_no_outlet_claims_is_not_followed(room, config, monkeypatch):
    article = room.articles("arise")[0]
    monkeypatch.setitem(FAULTS, "away", redirect("https://unclaimed.example.com/x"))
    room.fail(article, "away")
    with (
        Lookup(load(config)) as lookup,
        pytest.raises(FetchError, match=r"redirects to .* no loaded outlet claims") as caught,
    ):
        lookup.entry(article.url)
    assert caught.value.kind == "refused"


@pytest.mark.parametrize("how", ["404", "consent"])
def test_the_patient_ask_again_for_what_was_in_vain_only_after_a_while(room, config, how):
    clock, article = Clock(), room.articles("arise")[0]
    room.fail(article, how)
    counts = []
    for wait in (timedelta(),) * 6 + (timedelta(minutes=5), timedelta(hours=1)):
        clock.now += wait
        terms = Terms(now=clock, is_patient=True)
        with Lookup(load(config), terms) as lookup, pytest.raises(PageError) as caught:
            lookup.entry(article.url)
        assert caught.value.page == article.url
        counts.append(len(asked(room)))
    some = counts[4]
    assert some <= 5
    assert counts[4:] == [some] * 3 + [some + 1]
    room.heal()
    with Lookup(load(config), Terms(now=clock)) as lookup:
        assert lookup.entry(article.url).title == article.title


@pytest.mark.parametrize("how", ["500", "reset"])
def test_what_failed_is_asked_for_again_at_once_even_by_the_patient(room, config, how):
    clock, article = Clock(), room.articles("arise")[0]
    room.fail(article, how)
    for _ in range(2):
        with Lookup(load(config), Terms(now=clock, is_patient=True)) as lookup, pytest.raises(FetchError):
            lookup.entry(article.url)
    before = len(asked(room))
    room.heal()
    with Lookup(load(config), Terms(now=clock, is_patient=True)) as lookup:
        assert lookup.entry(article.url).title == article.title
    assert len(asked(room)) == before + 1


def test_only_the_wanted_outlets_are_looked_up(room, config):
    with Lookup(load(config), Terms(outlets=("almanar-ar",))) as lookup:
        assert lookup.entry(room.articles("almanar-ar")[0].url).outlet == "almanar-ar"
        with pytest.raises(FetchError, match="is of outlet 'arise', which is not wanted here"):
            lookup.entry(room.articles("arise")[0].url)


def test_offline_only_what_is_known_is_given(room, config):
    first, second = room.articles("arise")[:2]
    with Lookup(load(config)) as lookup:
        lookup.entry(first.url)
    room.log.clear()
    with Lookup(load(config), Terms(offline=True)) as lookup:
        assert lookup.entry(first.url).title == first.title
        with pytest.raises(FetchError, match="is not known yet"):
            lookup.entry(second.url)
    assert list(room.log) == []


def test_where_nothing_can_be_remembered_the_answer_comes_all_the_same(room, config):
    settings = load(config)
    settings.ledger.parent.mkdir(parents=True)
    settings.ledger.with_name("asked.sqlite3").mkdir()
    with Lookup(settings) as lookup:
        assert lookup.entry(room.articles("arise")[0].url).text
        assert "asked.sqlite3" in lookup.notes[-1]


def test_a_memory_that_another_is_just_making_is_none_yet(room, config):
    settings = load(config)
    settings.ledger.parent.mkdir(parents=True)
    with closing(sqlite3.connect(settings.ledger.with_name("asked.sqlite3"))) as base:
        base.execute("PRAGMA journal_mode = WAL")
    with Lookup(settings, Terms(offline=True)) as lookup:
        with pytest.raises(FetchError, match="is not known yet"):
            lookup.entry(room.articles("arise")[0].url)
        assert lookup.notes == []


def test_many_threads_look_up_at_once(room, config):
    urls = [each.url for each in (*room.articles("arise"), *room.articles("almanar-ar"))]
    found, settings = [], load(config)
    with Lookup(settings) as lookup:
        threads = [threading.Thread(target=lambda url=url: found.append(lookup.entry(url))) for url in urls]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(entry.url for entry in found) == sorted(urls)
        assert lookup.notes == []
    with Lookup(settings, Terms(offline=True)) as lookup:
        assert [lookup.entry(url).url for url in urls] == urls


def test_a_page_that_the_caller_has_is_read_without_a_request(room, config):
    article = room.articles("arise")[0]
    with Lookup(load(config)) as lookup:
        assert lookup.read(article.url, room._html(article)).title == article.title
        with pytest.raises(PageError):
            lookup.read(article.url, b"<html><body>nothing</body></html>")
    assert list(room.log) == []


def test_a_page_that_is_no_article_is_told_with_its_reason(room, config):
    article = room.articles("arise")[0]
    room.fail(article, "consent")
    with Lookup(load(config)) as lookup, pytest.raises(NotAnArticle, match="consent"):
        lookup.entry(article.url)


def test_addresses_that_lead_nowhere_are_not_remembered_without_end(room, config, monkeypatch):
    monkeypatch.setattr("cleanfeed.lookup.kept._MOST", 5)
    settings = load(config)
    with Lookup(settings) as lookup:
        found = list(lookup.entries([f"https://www.arise.tv/nowhere-{number}/" for number in range(12)]))
        assert all(isinstance(error, PageError) for _, error in found)
        list(lookup.entries([room.articles("arise")[0].url]))
        assert lookup.notes == []
    with closing(sqlite3.connect(settings.ledger.with_name("asked.sqlite3"))) as remembered:
        (count,) = remembered.execute("SELECT count(*) FROM pages WHERE entry IS NULL").fetchone()
    assert count == 5


def test_a_host_that_failed_is_asked_again_by_a_lookup_that_runs_on(room, config):
    clock = Clock()
    trouble = room.fail("arise", "500")
    with Lookup(load(config), Terms(now=clock)) as lookup:
        list(lookup.entries([f"https://www.arise.tv/nowhere-{number}/" for number in range(40)]))
        trouble.end()
        room.log.clear()
        article = room.articles("arise")[0].url
        with pytest.raises(FetchError, match="keeps failing"):
            lookup.entry(article)
        clock.now += timedelta(minutes=11)
        assert lookup.entry(article).url == article
        assert lookup.notes == []


def test_a_pause_that_a_host_asked_for_outlives_the_client(room, config):
    clock, article = Clock(), room.articles("arise")[0]
    room.fail(article, "503", times=1, Retry_After="3600")
    with Lookup(load(config), Terms(now=clock)) as lookup:
        for minutes in (0, 11, 11):
            clock.now += timedelta(minutes=minutes)
            with pytest.raises(FetchError) as caught:
                lookup.entry(article.url)
            assert caught.value.kind == "paused"
        assert len(asked(room)) == 1
        clock.now += timedelta(hours=1)
        assert lookup.entry(article.url).title == article.title


def test_many_threads_go_on_while_the_client_is_renewed(room, config):
    clock, found = Clock(), []
    room.slow(0.3, "arise")
    with Lookup(load(config), Terms(now=clock)) as lookup:
        threads = [
            threading.Thread(target=lambda url=each.url: found.append(lookup.entry(url).url))
            for each in room.articles("arise")
        ]
        for thread in threads:
            thread.start()
            clock.now += timedelta(minutes=11)
        for thread in threads:
            thread.join()
    assert sorted(found) == sorted(each.url for each in room.articles("arise"))


def test_a_feed_is_given_as_it_came_and_only_of_a_host_of_an_outlet(room, config):
    with Lookup(load(config)) as lookup:
        assert b"<rss" in lookup.original("https://www.arise.tv/feed/").body
        for address in ("https://unclaimed.example.com/feed", "http://127.0.0.1/feed", "file:///feed"):
            with pytest.raises(FetchError) as caught:
                lookup.original(address)
            assert caught.value.kind == "refused"


def test_dead_addresses_do_not_keep_a_host_from_being_asked_for_others(room, config):
    article = room.articles("arise")[0]
    dead = [f"{article.url.rstrip('/')}-{number}/" for number in range(40)]
    with Lookup(load(config)) as lookup:
        assert all(
            isinstance(found, FetchError) and found.kind == "gone" for _, found in lookup.entries(dead)
        )
        assert lookup.entry(article.url).title == article.title


def test_an_article_that_is_known_under_another_address_is_not_asked_for_each_time(room, config):
    clock, article = Clock(), room.articles("arise")[0]
    room.fail("arise", "redirect", path="/old-address-of-it/", to=article.url)
    old = "https://www.arise.tv/old-address-of-it/"

    def requests(address):
        room.log.clear()
        with Lookup(load(config), Terms(now=clock)) as lookup:
            assert lookup.entry(address).title == article.title
        return [request.path for request in asked(room)]

    own = article.url.removeprefix("https://www.arise.tv")
    assert requests(old) == ["/old-address-of-it/", own]
    assert [requests(address) for address in (old, article.url, article.url)] == [[], [], []]
    clock.now += timedelta(hours=1)
    assert requests(article.url) == [own]
    assert asked(room)[0].status == 200  # the validators that came of the old address are none of this one
    assert [requests(address) for address in (article.url, old)] == [[], []]


def damage(path, address):
    """Spoils what a ledger holds of an article; it still opens."""
    with closing(sqlite3.connect(path)) as base:
        base.execute(
            "UPDATE contents SET data = x'00' WHERE number = (SELECT number FROM entries WHERE address = ?)",
            [address],
        )
        base.commit()


def test_a_ledger_that_is_damaged_inside_costs_what_is_damaged_and_a_note(room, config):
    good(config)
    spoilt, sound = room.articles("arise")[:2]
    damage(load(config).ledger, spoilt.url)
    room.log.clear()
    with Lookup(load(config)) as lookup:
        found = dict(lookup.entries([spoilt.url, sound.url]))
        assert [found[each.url].title for each in (spoilt, sound)] == [spoilt.title, sound.title]
        assert [request.path for request in asked(room)] == [spoilt.url.removeprefix("https://www.arise.tv")]
        assert len(lookup.taken_notes()) == 1
        assert lookup.notes == []


@pytest.mark.parametrize("table", ["pages", "aliases", "hosts"])
def test_a_ledger_whose_pages_cannot_be_read_is_as_good_as_none(room, config, table):
    good(config)
    article = room.articles("arise")[0]
    path = load(config).ledger
    with closing(sqlite3.connect(path)) as base:
        (root,) = base.execute("SELECT rootpage FROM sqlite_schema WHERE name = ?", [table]).fetchone()
        (size,) = base.execute("PRAGMA page_size").fetchone()
    with path.open("r+b") as file:
        file.seek((root - 1) * size)
        file.write(b"\xff" * size)
    with Lookup(load(config), Terms(is_patient=True)) as lookup:
        assert lookup.entry(article.url).title == article.title
        assert all(str(path) in note for note in lookup.notes)
