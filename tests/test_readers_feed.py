"""`cleanfeed feed`: the feed of a topic, as it is published, as the ledger has it, or built now."""

from __future__ import annotations

import json
import shutil
import sqlite3
import subprocess
from contextlib import closing, suppress

import feedparser
import pytest

from cleanfeed.config import load
from cleanfeed.errors import ConfigError
from cleanfeed.integrations.topics import Shelf
from cleanfeed.lookup.configured import configured
from cleanfeed.lookup.published import slugs_of, unknown
from feedcheck import check_json
from liveparts import begin, good, until
from readerparts import (
    CLEANFEED,
    articles,
    built,
    config,
    copy,
    healed,
    own,
    room,
    run,
    surroundings,
)

__all__ = ["built", "config", "copy", "healed", "own", "room"]

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")  # feedparser's own


@pytest.mark.parametrize("form", ["rss", "atom", "json"])
def test_feed_prints_what_is_published_to_the_byte_and_asks_nobody(form, built, room):
    room.log.clear()
    done = run(built, "feed", "everything", "--format", form)
    assert (done.status, done.err) == (0, "")
    assert done.out == (built / "public" / f"everything.{form}").read_bytes()
    assert list(room.log) == []


def test_feed_prints_rss_unless_told_otherwise(built):
    assert run(built, "feed", "everything").out == (built / "public" / "everything.rss").read_bytes()


@pytest.mark.parametrize("form", ["rss", "atom", "json"])
def test_a_feed_that_is_not_published_is_made_from_the_ledger_as_a_build_would_write_it(form, copy, room):
    expected = (copy / "public" / f"arise.{form}").read_bytes()
    shutil.rmtree(copy / "public")
    done = run(copy, "feed", "arise", "--format", form)
    assert (done.status, done.err, done.out) == (0, "", expected)
    assert not (copy / "public").exists()
    assert list(room.log) == []


def test_a_topic_that_is_new_in_the_configuration_is_made_from_the_ledger(copy):
    path = copy / "cleanfeed.toml"
    path.write_text(path.read_text() + '\n[topics.fresh]\ntitle = "Fresh"\nlanguages = ["ar"]\n')
    before = (copy / ".cleanfeed" / "ledger.sqlite3").read_bytes()
    done = run(copy, "feed", "fresh", "--format", "json")
    assert done.status == 0, done.err
    assert {item["language"] for item in json.loads(done.out)["items"]} == {"ar"}
    assert (copy / ".cleanfeed" / "ledger.sqlite3").read_bytes() == before


@pytest.mark.parametrize("topic", ["fresh", "Fresh & new", "fresh  &  NEW"])
def test_a_topic_is_named_by_its_key_or_its_title(topic, copy):
    path = copy / "cleanfeed.toml"
    path.write_text(path.read_text() + '\n[topics.fresh]\ntitle = "Fresh & new"\noutlets = ["arise"]\n')
    done = run(copy, "feed", topic)
    assert (done.status, done.err) == (0, "")
    assert feedparser.parse(done.out).feed.title == "Fresh & new"


@pytest.mark.parametrize("seconds", ["nan", "-1", "61", "inf", "x"])
def test_a_time_to_linger_is_a_number_of_seconds_within_bounds(seconds, built):
    done = run(built, "feed", "everything", "--linger", seconds)
    assert (done.status, done.out, len(done.complaints)) == (2, b"", 1)
    assert "--linger" in done.err


def test_where_nothing_was_ever_built_feed_builds(room, config, tmp_path):
    done = run(tmp_path, "feed", "everything", "--format", "json")
    assert (done.status, done.err) == (0, "")
    assert check_json(done.out, "https://feeds.example.org/everything.json") == []
    assert {item["url"] for item in json.loads(done.out)["items"]} == {each.url for each in articles(room)}
    assert (tmp_path / "public" / "arise.atom").is_file()


def test_a_ledger_that_another_reader_is_just_making_is_no_trouble(config, tmp_path):
    (tmp_path / ".cleanfeed").mkdir()
    (tmp_path / ".cleanfeed" / "ledger.sqlite3").touch()
    done = run(tmp_path, "feed", "arise")
    assert (done.status, done.err) == (0, "")
    assert feedparser.parse(done.out).feed.title == "arise"


def test_the_half_of_a_first_build_is_not_given_for_the_whole(room, config, tmp_path):
    room.slow(0.3)
    build = begin(config)
    try:
        until(lambda: _pages_in(tmp_path / ".cleanfeed" / "ledger.sqlite3") > 0)
        assert build.poll() is None
        done = run(tmp_path, "feed", "everything", "--format", "json")
    finally:
        build.communicate(timeout=120)
    assert (done.status, done.err) == (0, "")
    assert {item["url"] for item in json.loads(done.out)["items"]} == {each.url for each in articles(room)}


def _pages_in(ledger):
    with (
        suppress(sqlite3.OperationalError),
        closing(sqlite3.connect(f"file:{ledger}?mode=ro", uri=True)) as base,
    ):
        return base.execute("SELECT count(*) FROM pages").fetchone()[0]
    return 0


def test_two_readers_that_come_first_at_once_both_get_their_feed(config, tmp_path):
    options = {
        "cwd": tmp_path,
        "env": surroundings(tmp_path),
        "stdout": subprocess.PIPE,
        "stderr": subprocess.PIPE,
    }
    both = [subprocess.Popen([*CLEANFEED, "feed", topic], **options) for topic in ("arise", "almanar-ar")]
    done = [each.communicate(timeout=60) for each in both]
    assert [each.returncode for each in both] == [0, 0], done
    assert [feedparser.parse(out).feed.title for out, _err in done] == ["arise", "almanar-ar"]


def test_build_before_feed_brings_what_is_new(own):
    room, folder = own
    room.publish("arise", 1)
    assert len(feedparser.parse(run(folder, "feed", "arise").out).entries) == 2
    done = run(folder, "feed", "arise", "--build")
    assert done.status == 0, done.err
    assert len(feedparser.parse(done.out).entries) == 3


def test_a_build_at_work_does_not_disturb_feed(copy, room):
    room.slow(5)
    expected = (copy / "public" / "almanar-ar.rss").read_bytes()
    build = begin(copy / "cleanfeed.toml")
    try:
        until(lambda: len(room.log) > 0)
        for _ in range(3):
            assert run(copy, "feed", "almanar-ar").out == expected
        assert build.poll() is None
    finally:
        room.slow(0)
        build.communicate(timeout=60)


@pytest.mark.parametrize(("topic", "said"), [
    ("everythin", "(did you mean everything?); topics: everything, arise, almanar-ar"),
    ("nothing-like-it", "; topics: everything, arise, almanar-ar"),
    ("../public/everything", "no topic"),
    ("index", "no topic"),
    ("", 'no topic ""'),
    ("رصيف", "no topic"),
])  # fmt: skip
def test_an_unknown_topic_is_told_in_one_line_with_those_there_are(topic, said, built):
    done = run(built, "feed", topic)
    assert (done.status, done.out) == (2, b"")
    assert len(done.complaints) == 1
    assert said in done.err


def test_a_topic_may_be_named_by_its_title(built):
    assert run(built, "feed", "Everything").out == (built / "public" / "everything.rss").read_bytes()


def test_topics_that_come_by_themselves_are_fed_too(room, tmp_path):
    config = room.config(
        tmp_path, topics='[topics.none]\ntitle = "None"\nany = ["zzz"]\n\n[auto]\nat_least = 1\n'
    )
    good(config)
    names = {path.stem for path in (tmp_path / "public").glob("*.rss")} - {"none"}
    assert names
    name = min(names)
    published = run(tmp_path, "feed", name)
    (tmp_path / "public" / f"{name}.rss").unlink()
    assert run(tmp_path, "feed", name).out == published.out != b""
    refused = run(tmp_path, "feed", "no-such-section")
    assert (refused.status, refused.out) == (2, b"")
    assert max(names) in refused.err


def test_a_folder_without_a_configuration_has_no_feed(tmp_path):
    done = run(tmp_path, "feed", "everything")
    assert (done.status, done.out) == (2, b"")
    assert done.complaints == [
        "cleanfeed: cleanfeed.toml: no such file; name the configuration, or write one with title, base_url and a topic"
    ]


def test_linger_keeps_the_command_after_its_output(built):
    with subprocess.Popen(
        [*CLEANFEED, "feed", "everything", "--linger", "30"],
        cwd=built,
        env=surroundings(built),
        stdout=subprocess.PIPE,
    ) as process:
        wanted = (built / "public" / "everything.rss").stat().st_size
        assert len(process.stdout.read(wanted)) == wanted  # all is there before the end
        assert process.poll() is None
        process.terminate()
        assert process.wait(20) == 143


def test_saved_pages_are_built_for_a_feed(tmp_path):
    page = "<html><head><title>x</title></head><body><p>nothing</p></body></html>"
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages" / "a.html").write_text(page)
    (tmp_path / "cleanfeed.toml").write_text(
        'title = "x"\nbase_url = "https://x.example/"\npages = ["pages"]\n[topics.all]\ntitle = "All"\neverything = true\n'
    )
    done = run(tmp_path, "feed", "all")
    assert feedparser.parse(done.out).feed.title == "All"
    assert done.status == 1
    assert len(done.complaints) == 1
    assert "a.html" in done.err


# --- topics that come and go by themselves, and what is no topic


@pytest.fixture
def by_themselves(tmp_path):
    """A configuration with topics by themselves, where a build has ended that gave "sport"."""
    (tmp_path / "cleanfeed.toml").write_text('title = "t"\nbase_url = "https://x.example/"\n[auto]\n')
    (tmp_path / "public").mkdir()
    for name in ("index.html", "sport.rss", "sport.json", "sport.archive-1.rss", "sport.archive-2.rss"):
        (tmp_path / "public" / name).write_text("x")
    return load(tmp_path / "cleanfeed.toml")


def test_a_topic_that_has_gone_is_not_built_for_at_every_update(by_themselves, monkeypatch):
    built = []
    monkeypatch.setattr("cleanfeed.integrations.topics._build", built.append)
    shelf = Shelf(lambda: by_themselves)
    assert shelf.feed("cleanfeed:sport").body == b"x"
    with pytest.raises(ConfigError, match=r"no topic \"gone-tag\"; topics: sport$"):
        shelf.feed("cleanfeed:gone-tag")
    assert built == []


def test_the_first_build_is_made_for_a_topic_that_may_come_by_itself(by_themselves, monkeypatch):
    (by_themselves.output / "index.html").unlink()
    monkeypatch.setattr(
        "cleanfeed.integrations.topics._build",
        lambda config: (config.output / "new-tag.json").write_text("new"),
    )
    assert Shelf(lambda: by_themselves).feed("cleanfeed:new-tag").body == b"new"


def test_archives_are_no_topics(by_themselves):
    assert str(unknown(by_themselves, "spotr")).endswith("(did you mean sport?); topics: sport")
    assert slugs_of(["sport.rss", "sport.archive-1.rss", "sport.json", "index.html"]) == {"sport"}


def test_a_configuration_that_the_environment_names_must_be_there(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert configured(None, {"XDG_CACHE_HOME": str(tmp_path)}).title == ""
    for name in ("cleanfeed.toml", "other.toml"):
        with pytest.raises(ConfigError, match=f"{name}: no such file"):
            configured(None, {"CLEANFEED_CONFIG": name})
