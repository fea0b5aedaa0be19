"""`kill -9` at any moment: every file is wholly old or wholly new, and the next build is a good one."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from random import Random

import pytest
from lxml import etree

from faults.conftest import is_full
from liveparts import FORMATS, environment
from newsroom import Newsroom

WRITES, BUILDS = (500, 400) if is_full() else (40, 12)
OUTLETS = ("arise", "almanar-en", "town-1")
NAMES = [f"feed-{number}.rss" for number in range(6)]
TEXTS = ["<item>old</item>\n", "<item>new and longer</item>\n"]
TIMES = 8000


class Zygote:
    """The process that forks what is to be killed."""

    def __init__(self, process):
        self._process = process

    def run(self, work, *, after=None, **order):
        self._process.stdin.write(json.dumps({"work": work, "after": after, **order}) + "\n")
        self._process.stdin.flush()
        return json.loads(self._process.stdout.readline())


@contextmanager
def a_zygote():
    command = [sys.executable, str(Path(__file__).with_name("zygote.py"))]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment()
    ) as process:
        try:
            yield Zygote(process)
        finally:
            process.stdin.close()
            process.wait(20)


@pytest.fixture(scope="module")
def zygote():
    with a_zygote() as made:
        yield made


# --- files


def torn(zygote, folder, work, kills, seed=7):
    """How many of the files that were left by so many kills are neither old nor new."""
    rng = Random(seed)
    whole = {text.encode() * TIMES for text in TEXTS}
    count = 0
    for _ in range(kills):
        order = {"folder": str(folder), "names": NAMES, "texts": TEXTS, "times": TIMES}
        status, _ = zygote.run(work, after=rng.uniform(0.004, 0.03), **order)
        assert status == -9
        count += sum(path.read_bytes() not in whole for path in folder.glob("feed-*"))
    return count


@pytest.mark.timeout(600)
def test_no_kill_leaves_a_torn_file(zygote, tmp_path, injected):
    assert torn(zygote, tmp_path, "whole", WRITES) == 0
    assert len(list(tmp_path.glob("feed-*"))) == len(NAMES)
    injected("B1", WRITES)


def test_kills_tear_the_files_of_a_naive_writer(zygote, tmp_path):
    """The control: the same kills, and files that are simply written."""
    assert torn(zygote, tmp_path, "naive", 60) > 0


# --- builds


def state(folder):
    """The bytes of all feed files."""
    return {
        path.name: path.read_bytes()
        for path in folder.iterdir()
        if path.suffix[1:] in {*FORMATS, "html", "opml"} and path.name not in {"health.html", "report.json"}
    }


def check_parses(files):
    for name, content in files.items():
        if name.endswith(".json"):
            assert json.loads(content)["items"] is not None
        elif name.endswith((".rss", ".atom", ".opml")):
            etree.fromstring(content)


def check_ledger(path):
    if not path.exists():
        return
    database = sqlite3.connect(path)
    try:
        assert database.execute("pragma integrity_check").fetchone() == ("ok",)
    finally:
        database.close()


@pytest.mark.timeout(3000)
@pytest.mark.parametrize("seed", range(8 if is_full() else 1))
def test_a_build_that_is_killed_at_any_moment_leaves_a_whole_state(zygote, tmp_path, injected, seed):
    rng = Random(seed)
    with Newsroom(OUTLETS) as room:
        for slug in OUTLETS:
            room.publish(slug, 6)
        config, plugin = room.config(tmp_path), room.plugin(tmp_path)
        told = tmp_path / "told.txt"
        order = {"arguments": [str(config), "--plugin", str(plugin), "--jobs", "1"], "told": str(told)}
        status, took = zygote.run("build", **order)
        assert status == 0, told.read_text()
        public = tmp_path / "public"
        kills, runs = 0, max(1, BUILDS // 8) if is_full() else BUILDS
        for _ in range(runs):
            old = state(public)
            for slug in OUTLETS:
                room.publish(slug, 1)
            room.edit(rng.choice(room.articles("arise")), title=f"Edited in build {rng.random()}")
            status, _ = zygote.run("build", after=rng.uniform(0.02, 1.1) * took, **order)
            kills += status == -9
            left = state(public)
            check_parses(left)
            check_ledger(tmp_path / ".cleanfeed" / "ledger.sqlite3")
            status, took = zygote.run("build", **order)
            assert status == 0, told.read_text()
            new = state(public)
            assert {
                name for name, content in left.items() if content not in (old.get(name), new.get(name))
            } == set()
            check_all_there(room, public)
        assert kills >= runs // 2
        injected("B4", kills)


def check_all_there(room, public):
    for slug in OUTLETS:
        found = json.loads((public / f"{slug}.json").read_text("utf-8"))["items"]
        titles = {item["url"]: item["title"] for item in found}
        assert len(found) == len(titles)
        assert titles == {article.url: article.title for article in room.articles(slug)}


def test_what_a_killed_build_has_left_is_swept(zygote, tmp_path):

    with Newsroom(["arise"]) as room:
        room.publish("arise", 2)
        config = room.config(tmp_path)
        order = {"arguments": [str(config), "--jobs", "1"]}
        assert zygote.run("build", **order)[0] == 0
        public = tmp_path / "public"
        old, young = public / ".cleanfeed-abcd.tmp", public / ".cleanfeed-efgh.tmp"
        for path in (old, young):
            path.write_bytes(b"half a feed")
        before = time.time() - 7200
        os.utime(old, (before, before))
        room.publish("arise", 1)
        assert zygote.run("build", **order)[0] == 0
        assert not old.exists()
        assert young.exists()
