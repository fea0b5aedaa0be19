"""The commands that feed readers run: nothing but the result on standard output, whatever happens."""

from __future__ import annotations

import json
import os
import shutil
import subprocess

import pytest

from liveparts import stamps
from readerparts import (
    CLEANFEED,
    articles,
    as_rss,
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


COMMANDS = {
    "feed": ("feed", "everything"),
    "filter": ("filter",),
    "article": ("article", "https://www.arise.tv/x/"),
    "render": ("render",),
}


@pytest.mark.parametrize("name", COMMANDS)
def test_the_configuration_may_be_named_by_option_or_environment(name, built, room, tmp_path):
    stdin = {"filter": as_rss(room.articles("arise")), "render": b"<p>x</p>"}.get(name, b"")
    command = ("article", room.articles("arise")[0].url) if name == "article" else COMMANDS[name]
    path = str(built / "cleanfeed.toml")
    there = run(built, *command, stdin=stdin)
    assert there.status == 0
    assert run(tmp_path, *command, "--config", path, stdin=stdin) == there
    assert run(tmp_path, *command, stdin=stdin, CLEANFEED_CONFIG=path) == there
    assert run(tmp_path, *command, "--config", path, stdin=stdin, CLEANFEED_CONFIG="nowhere.toml") == there


@pytest.mark.parametrize("name", COMMANDS)
@pytest.mark.parametrize("how", ["option", "environment"])
def test_a_configuration_that_is_named_must_be_there(name, how, tmp_path):
    options = ["--config", "nowhere.toml"] if how == "option" else []
    env = {} if options else {"CLEANFEED_CONFIG": "nowhere.toml"}
    done = run(tmp_path, *COMMANDS[name], *options, stdin=as_rss([]) if name == "filter" else b"", **env)
    assert (done.status, done.out, len(done.complaints)) == (2, b"", 1)
    assert "nowhere.toml: no such file" in done.err


def test_without_a_configuration_articles_are_remembered_among_the_users_caches(tmp_path, built, room):
    page = json.dumps({"html": room._html(room.articles("arise")[0]).decode()}).encode()
    assert run(tmp_path, "article", room.articles("arise")[0].url, stdin=page).status == 0
    assert run(tmp_path, "filter", stdin=as_rss([])).status == 0
    assert run(tmp_path, "render", stdin=b"<p>x</p>").out == b"x\n"
    cache = tmp_path / "cache" / "cleanfeed"
    cache.mkdir(parents=True)
    shutil.copy(built / ".cleanfeed" / "ledger.sqlite3", cache / "ledger.sqlite3")
    known = run(tmp_path, "article", room.articles("arise")[0].url, XDG_CACHE_HOME=str(tmp_path / "cache"))
    assert (known.status, known.err) == (0, "")


@pytest.mark.parametrize("name", COMMANDS)
def test_a_reader_that_closes_the_pipe_gets_no_traceback(name, built, room):
    stdin = {"filter": as_rss(room.articles("arise") * 20), "render": b"<p>word </p>" * 50_000}.get(name, b"")
    command = ("article", room.articles("arise")[0].url) if name == "article" else COMMANDS[name]
    reading, writing = os.pipe()
    os.close(reading)
    try:
        done = subprocess.run(
            [*CLEANFEED, *command], input=stdin, stdout=writing, stderr=subprocess.PIPE, timeout=60, check=False,
            cwd=built, env=surroundings(built),
        )  # fmt: skip
    finally:
        os.close(writing)
    assert (done.returncode, done.stderr) == (1, b"")


@pytest.mark.parametrize("name", ["feed", "filter", "article"])
def test_what_is_known_is_printed_without_plugins_parser_and_client(name, built, room):
    stdin = as_rss(articles(room)) if name == "filter" else b""
    command = ("article", room.articles("arise")[0].url) if name == "article" else COMMANDS[name]
    code = (
        "import sys\nfrom cleanfeed.cli import main\n"
        f"status = main({list(command)!r})\n"
        "heavy = {'lxml', 'feedgen', 'jinja2', 'rich', 'nh3', 'pluggy', 'httpx2', 'pebble', 'multiprocessing'}\n"
        "print(status, sorted(heavy & sys.modules.keys()), file=sys.stderr)"
    )
    done = subprocess.run(
        [*CLEANFEED[:1], "-c", code],
        input=stdin,
        capture_output=True,
        cwd=built,
        env=surroundings(built),
        check=False,
    )
    assert done.stderr.decode().splitlines() == ["0 []"]
    assert done.stdout


@pytest.mark.parametrize("name", ["filter", "render"])
def test_a_terminal_is_no_feed(name, built):
    main, side = os.openpty()
    try:
        done = subprocess.run(
            [*CLEANFEED, *COMMANDS[name]], stdin=side, capture_output=True, timeout=30, check=False, cwd=built,
            env=surroundings(built),
        )  # fmt: skip
    finally:
        os.close(main)
        os.close(side)
    assert (done.returncode, done.stdout, len(done.stderr.splitlines())) == (2, b"", 1)
    assert b"standard input brings nothing" in done.stderr


def test_asking_changes_neither_the_feeds_nor_the_ledger_of_a_build(own):
    room, folder = own
    room.publish("arise", 1)
    ledger = folder / ".cleanfeed" / "ledger.sqlite3"
    before = stamps(folder / "public"), ledger.read_bytes()
    assert run(folder, "filter", stdin=as_rss(room.articles("arise"))).status == 0
    assert (folder / ".cleanfeed" / "asked.sqlite3").is_file()
    assert (stamps(folder / "public"), ledger.read_bytes()) == before
