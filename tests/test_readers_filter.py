"""`cleanfeed filter`: any feed in, the same feed out with whole clean articles."""

from __future__ import annotations

import socket
import subprocess

import feedparser
import pytest

from liveparts import until
from newsroom import Newsroom
from readerparts import (
    CLEANFEED,
    FORMATS,
    articles,
    as_rss,
    built,
    config,
    copy,
    healed,
    own,
    published_contents,
    room,
    run,
    surroundings,
)
from refillparts import addresses, contents

__all__ = ["built", "config", "copy", "healed", "own", "room"]

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")  # feedparser's own


@pytest.mark.parametrize("form", FORMATS)
def test_filter_puts_the_articles_as_a_build_has_them_into_a_feed(form, built, room):
    room.log.clear()
    done = run(built, "filter", stdin=FORMATS[form](articles(room)))
    assert (done.status, done.err) == (0, "")
    known = published_contents(built)
    found = list(zip(addresses(done.out), contents(done.out), strict=True))
    assert [url for url, _content in found] == [each.url for each in articles(room)]
    assert dict(found) == known
    assert list(room.log) == []


def test_filter_has_unknown_articles_from_the_web_and_the_second_time_from_memory(room, config, tmp_path):
    feed = as_rss(articles(room))
    first = run(tmp_path, "filter", stdin=feed)
    assert (first.status, first.err) == (0, "")
    asked = [request for request in room.log if request.path != "/robots.txt"]
    assert len(asked) == len(articles(room))
    room.log.clear()
    assert run(tmp_path, "filter", stdin=feed).out == first.out
    assert run(tmp_path, "filter", "--offline", stdin=feed).out == first.out
    assert list(room.log) == []


def test_filter_names_what_it_cannot_improve_and_goes_on(room, config, tmp_path):
    bad = room.articles("arise")[1]
    room.fail(bad, "404")
    foreign = "<item><title>Foreign</title><link>https://elsewhere.example/1</link></item>"
    done = run(tmp_path, "filter", stdin=as_rss(articles(room), foreign))
    assert done.status == 1
    assert [line.partition(": ")[0] for line in done.complaints] == [bad.url, "https://elsewhere.example/1"]
    contents = [bool(one.get("content")) for one in feedparser.parse(done.out).entries]
    assert contents == [True, False, True, True, True, True, True, False]
    assert foreign.encode() in done.out


def test_entries_that_no_outlet_claims_pass_and_are_named_without_a_failure(built):
    feed = as_rss(
        [], "<item><link>https://elsewhere.example/1</link></item><item><link>http://127.0.0.1/</link></item>"
    )
    done = run(built, "filter", stdin=feed)
    assert (done.status, done.out, len(done.complaints)) == (0, feed, 2)


def test_an_empty_feed_passes(built):
    done = run(built, "filter", stdin=as_rss([]))
    assert (done.status, done.out, done.err) == (0, as_rss([]), "")


def test_filter_improves_the_first_entries_and_those_of_the_named_outlet_alone(built, room):
    feed = as_rss(articles(room))
    first = feedparser.parse(run(built, "filter", "--max", "2", stdin=feed).out)
    assert [bool(one.get("content")) for one in first.entries] == [True, True, *[False] * 5]
    named = run(built, "filter", "--outlet", "almanar-ar", stdin=feed)
    entries = feedparser.parse(named.out).entries
    assert [bool(one.get("content")) for one in entries] == [*[False] * 4, *[True] * 3]
    assert (named.status, len(named.complaints)) == (0, 4)
    unknown = run(built, "filter", "--outlet", "arisee", stdin=feed)
    assert (unknown.status, unknown.out, len(unknown.complaints)) == (2, b"", 1)
    assert "did you mean arise?" in unknown.err


def test_without_a_network_a_long_feed_passes_as_it_is(room, tmp_path):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        nobody = f"http://127.0.0.1:{free.getsockname()[1]}"
    config = room.config(tmp_path)
    text = config.read_text()
    for base in room.mirrors().values():
        text = text.replace(base, nobody)
    config.write_text(text)
    feed = as_rss([each for each in articles(room) for _ in range(30)])
    done = run(tmp_path, "filter", stdin=feed)
    assert (done.status, done.out) == (1, feed)
    assert {line.partition(": ")[0] for line in done.complaints} == {each.url for each in articles(room)}


def test_two_hundred_entries_are_improved_in_one_go(room, tmp_path):
    with Newsroom(["almanar-en"]) as big:
        big.publish("almanar-en", 210)
        config = big.config(tmp_path)
        done = run(
            tmp_path, "filter", "--config", config, stdin=as_rss(big.articles("almanar-en")), timeout=170
        )
    assert (done.status, done.err) == (0, "")
    assert sum(bool(one.get("content")) for one in feedparser.parse(done.out).entries) == 210


def test_what_was_had_before_an_interruption_is_remembered(tmp_path):
    with Newsroom(["almanar-en"]) as big:
        big.publish("almanar-en", 90)
        big.config(tmp_path)
        big.slow(0.02)
        feed = as_rss(big.articles("almanar-en"))
        process = subprocess.Popen(
            [*CLEANFEED, "filter"],
            cwd=tmp_path,
            env=surroundings(tmp_path),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        process.stdin.write(feed)
        process.stdin.close()
        until(lambda: len(big.log) > 60)
        process.terminate()
        assert process.stdout.read() == b""
        assert process.wait(20) == 143
        process.stdout.close()
        done = run(tmp_path, "filter", "--offline", stdin=feed)
    assert done.status == 1
    assert 40 <= sum(map(bool, contents(done.out))) < 90


def test_several_readers_at_once_get_the_same(room, config, tmp_path):
    feed = as_rss(articles(room))
    options = {
        "cwd": tmp_path,
        "env": surroundings(tmp_path),
        "stdin": subprocess.PIPE,
        "stdout": subprocess.PIPE,
    }
    many = [subprocess.Popen([*CLEANFEED, "filter"], stderr=subprocess.PIPE, **options) for _ in range(3)]
    for each in many:
        each.stdin.write(feed)
        each.stdin.close()
    out = [(each.stdout.read(), each.stderr.read(), each.wait(60)) for each in many]
    for each in many:
        each.stdout.close()
        each.stderr.close()
    assert out == [(out[0][0], b"", 0)] * 3
    assert all(contents(out[0][0]))


@pytest.mark.parametrize(("data", "reason"), [
    (b"", "is empty"),
    (b"<html><p>Log in", "is no feed"),
    (as_rss([])[:-20], "is cut short"),
    (b'{"version": "https://jsonfeed.org/version/1.1", "items": [', "is cut short"),
    (b'<!DOCTYPE r [<!ENTITY a "b">]><rss><channel/></rss>', "declares a document type"),
])  # fmt: skip
def test_filter_refuses_what_is_no_whole_feed(data, reason, built):
    done = run(built, "filter", stdin=data)
    assert (done.status, done.out, len(done.complaints)) == (2, b"", 1)
    assert reason in done.err
