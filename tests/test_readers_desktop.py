"""Readers with windows: each gets every entry, and shows an edited one once."""

from __future__ import annotations

import os
import sys
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from cleanfeed.feeds import render
from faults.conftest import is_full
from feedparts import HARBOUR, MAYDAN, NOON, SITE, entry, feed
from liveparts import environment, good, items
from newsroom import Newsroom
from parts import served
from readerparts import as_rss
from realreaders import Liferea, Newsboat, RssGuard

if TYPE_CHECKING:
    from pathlib import Path

NIGHT = entry(id="tag:harbour.example,2026:5000", url="https://www.harbour.example/city/night-5000/?a=1&b=2",
              title="3 < 4 & AT&T 👩‍👩‍👧", updated=None, published=NOON - timedelta(days=1))  # fmt: skip
FRESH = entry(id="tag:harbour.example,2026:5001", url="https://www.harbour.example/city/fresh-5001/",
              title="The quay is swept", updated=None, published=NOON + timedelta(hours=4))  # fmt: skip
BEFORE = (HARBOUR, MAYDAN, NIGHT)
EDITED = replace(HARBOUR, title="Harbour budget passes, and the mayor goes", updated=NOON + timedelta(hours=3),
                 content="<p>The mayor resigned an hour after the vote.</p>")  # fmt: skip
AFTER = (EDITED, MAYDAN, NIGHT, FRESH)
READERS = [
    (Newsboat, "rss"), (Newsboat, "atom"), (Liferea, "rss"), (Liferea, "atom"), (RssGuard, "json"),
    *([(RssGuard, "rss"), (RssGuard, "atom")] if is_full() else []),  # half a minute each
]  # fmt: skip
KEEPS_THE_FIRST = {Liferea}
"""Whoever shows an article for ever as it was when it was first seen."""


def write(folder: Path, entries: tuple, later: int) -> None:
    """The feed's files, as a build leaves them; so many seconds later than now."""
    folder.mkdir(exist_ok=True)
    for name, data in render(feed(*entries), SITE).items():
        (folder / name).write_bytes(data)
        stamp = (folder / name).stat().st_mtime + later
        os.utime(folder / name, (stamp, stamp))


def titles(found: list) -> list[str]:
    return sorted(each.title for each in found)


@pytest.mark.timeout(240)
@pytest.mark.parametrize(("reader", "form"), READERS)
def test_a_reader_gets_every_entry_and_an_edited_one_is_there_once(reader, form, tmp_path):
    home, public = tmp_path / "home", tmp_path / "public"
    home.mkdir()
    program, told = reader(home), {"form": form} if reader is RssGuard else {}
    with served(public) as base:
        write(public, BEFORE, -100)
        found = program.update(f"{base}city.{form}", lambda rows: len(rows) >= len(BEFORE), **told)
        check({row.url: row for row in found}, BEFORE)
        write(public, AFTER, 0)
        again = program.update(f"{base}city.{form}", lambda rows: FRESH.title in titles(rows), **told)
    shown = BEFORE if reader in KEEPS_THE_FIRST else (EDITED, *BEFORE[1:])
    assert titles(again) == titles([*shown, FRESH])
    check({row.url: row for row in again}, (*shown, FRESH))


def check(rows: dict, entries: tuple) -> None:
    assert rows.keys() == {one.url for one in entries}
    for one in entries:
        row = rows[one.url]
        assert row.title == one.title
        assert row.date in {one.published.timestamp(), one.changed.timestamp()}
        assert one.content.removesuffix("</div>")[-20:-5] in row.content


# --- commands


@pytest.fixture(scope="module")
def newsroom_of_one(tmp_path_factory):
    """An outlet, a folder in which its news have been built, and the outlet's own feed of teasers."""
    folder = tmp_path_factory.mktemp("built")
    with Newsroom(["almanar-ar"]) as room:
        room.publish("almanar-ar", 3)
        config = room.config(folder)
        good(config)
        (folder / "teasers").mkdir()
        (folder / "teasers" / "feed.rss").write_bytes(as_rss(room.articles("almanar-ar")))
        yield folder, config


def script(folder: Path, line: str) -> Path:
    """A command of one word, as each reader takes it."""
    path = folder / f"{line.split(maxsplit=1)[0]}.sh"
    command = f"{sys.executable} -m cleanfeed {line}"
    path.write_text(f"#!/bin/sh\nexec env PYTHONPATH={environment()['PYTHONPATH']} {command}\n", "utf-8")
    path.chmod(0o755)
    return path


@pytest.mark.timeout(240)
@pytest.mark.parametrize("reader", [Liferea, RssGuard])
def test_a_reader_takes_a_topic_from_a_command(reader, newsroom_of_one, tmp_path):
    folder, config = newsroom_of_one
    command = script(tmp_path, f"feed everything --linger 2 --config {config}")
    source = f"|{command}" if reader is Liferea else str(command)
    wanted = items(folder / "public")
    found = reader(tmp_path).update(source, lambda rows: len(rows) >= len(wanted))
    assert titles(found) == sorted(item["title"] for item in wanted)


@pytest.mark.timeout(240)
@pytest.mark.parametrize("reader", [Liferea, RssGuard])
def test_a_reader_has_the_feed_of_an_outlet_made_whole_by_a_command(reader, newsroom_of_one, tmp_path):
    folder, config = newsroom_of_one
    command = script(tmp_path, f"filter --config {config}")
    wanted = {item["url"]: item["content_text"].splitlines()[-1] for item in items(folder / "public")}
    with served(folder / "teasers") as base:
        program = reader(tmp_path)
        found = program.update(
            f"{base}feed.rss", lambda rows: len(rows) >= len(wanted), filtered=str(command)
        )
    assert {row.url for row in found} == wanted.keys()
    assert all(wanted[row.url] in row.content for row in found)
