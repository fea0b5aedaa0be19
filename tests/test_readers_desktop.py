"""Readers with windows: each gets every entry, and shows an edited one once."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from cleanfeed.feeds import render
from faults.conftest import is_full
from feedparts import HARBOUR, MAYDAN, NOON, SITE, entry, feed
from parts import served
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
