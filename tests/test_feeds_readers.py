"""Real readers get every entry, with its own id, link, date and text."""

from __future__ import annotations

import subprocess
from dataclasses import replace
from typing import TYPE_CHECKING

import feedparser
import pytest

from cleanfeed.feeds import outline, render, render_index
from feedparts import AUDIO, HARBOUR, MAYDAN, NOON, SITE, UNDATED, VIDEO, entry, feed
from parts import require_program, served
from realreaders import Newsboat, asked

if TYPE_CHECKING:
    from pathlib import Path

HEARD = entry(
    id="tag:harbour.example,2026:5000",
    url="https://www.harbour.example/city/heard-5000/?a=1&b=2",
    title="3 < 4 & AT&T 👩‍👩‍👧",
    enclosures=(AUDIO, VIDEO),
)
ENTRIES = (HARBOUR, HEARD, MAYDAN, UNDATED)
FORMATS = ["rss", "atom"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """All files of two feeds, on disk."""
    feeds = feed(*ENTRIES), feed(HARBOUR, slug="second", title="Second"), feed(slug="empty", title="Empty")
    files = render_index([outline(one) for one in feeds], SITE)
    for one in feeds:
        files |= render(one, SITE)
    public = tmp_path / "public"
    public.mkdir()
    for name, data in files.items():
        (public / name).write_bytes(data)
    return public


def newsboat(folder: Path, home: Path, names: list[str]) -> list[tuple]:
    """What newsboat keeps of the feeds that it fetched."""
    program = Newsboat(home)
    with served(folder) as base:
        program.reload(*(f"{base}{name}" for name in names))
    columns = "guid, title, url, pubDate, content, enclosure_url"
    return asked(program.cache, f"select {columns} from rss_item order by pubDate desc, guid")


@pytest.mark.parametrize("kind", FORMATS)
def test_newsboat_keeps_ids_titles_links_and_content(kind, folder, tmp_path):
    rows = {row[0]: row for row in newsboat(folder, tmp_path, [f"city.{kind}"])}
    assert rows.keys() == {one.id for one in ENTRIES}
    for one in ENTRIES:
        _, title, url, _, content, _ = rows[one.id]
        assert (title, url, content) == (one.title, one.url, one.content)
    assert {rows[one.id][3] for one in (HARBOUR, HEARD)} <= {NOON.timestamp(), NOON.timestamp() + 7200}


@pytest.mark.parametrize("kind", FORMATS)
def test_newsboat_opens_the_article_and_not_its_recording(kind, folder, tmp_path):
    (row,) = [row for row in newsboat(folder, tmp_path, [f"city.{kind}"]) if row[0] == HEARD.id]
    assert row[2] == HEARD.url
    assert row[5] in {AUDIO.url, VIDEO.url}


def test_newsboat_shows_an_entry_of_two_feeds_once(folder, tmp_path):
    rows = newsboat(folder, tmp_path, ["city.rss", "second.rss"])
    assert [row[0] for row in rows].count(HARBOUR.id) == 1
    assert len(rows) == len(ENTRIES)


@pytest.mark.parametrize("kind", FORMATS)
def test_newsboat_shows_an_entry_of_two_feeds_in_both_where_each_feed_has_its_own_ids(kind, tmp_path):
    site = replace(SITE, ids="per-feed")
    for slug, entries in (("city", ENTRIES), ("second", (HARBOUR,))):
        data = render(feed(*entries, slug=slug), site)[f"{slug}.{kind}"]
        (tmp_path / f"{slug}.{kind}").write_bytes(data)
    rows = newsboat(tmp_path, tmp_path, [f"city.{kind}", f"second.{kind}"])
    assert [row[1] for row in rows].count(HARBOUR.title) == 2
    assert len(rows) == len(ENTRIES) + 1


@pytest.mark.parametrize("kind", FORMATS)
def test_newsboat_finds_nothing_in_an_empty_feed(kind, folder, tmp_path):
    assert newsboat(folder, tmp_path, [f"empty.{kind}"]) == []


@pytest.mark.parametrize("kind", FORMATS)
def test_sfeed_reads_every_entry(kind, folder):
    program = require_program("sfeed")
    data = (folder / f"city.{kind}").read_bytes()
    done = subprocess.run([program, SITE.base_url], input=data, capture_output=True, check=True, timeout=60)
    rows = [line.split("\t") for line in done.stdout.decode().splitlines()]
    assert [(row[1], row[2], row[5]) for row in rows] == [(one.title, one.url, one.id) for one in _in_order()]
    assert [row[3].replace("\\n", "\n") for row in rows] == [one.content for one in _in_order()]
    assert rows[0][0] == f"{NOON.timestamp():.0f}"
    assert rows[0][6] == "Ada Obi"


def _in_order() -> list:
    return sorted(ENTRIES, key=lambda one: (-one.moment.timestamp(), one.id))


@pytest.mark.parametrize("name", ["city.rss", "city.atom", "empty.rss", "empty.atom", "feeds.opml"])
def test_xmllint_finds_every_file_well_formed(name, folder):
    program = require_program("xmllint")
    subprocess.run([program, "--noout", folder / name], check=True, capture_output=True, timeout=60)


@pytest.mark.parametrize("kind", FORMATS)
@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # feedparser's own
def test_feedparser_reads_every_entry_without_complaint(kind, folder):
    got = feedparser.parse((folder / f"city.{kind}").read_bytes())
    assert not got.bozo
    assert got.feed.link == f"{SITE.base_url}city.html"
    assert [(one.id, one.link) for one in got.entries] == [(one.id, one.url) for one in _in_order()]
    assert [one.title for one in got.entries] == [one.title for one in _in_order()]
    heard = next(one for one in got.entries if one.id == HEARD.id)
    assert heard.enclosures[0].href == AUDIO.url
    assert heard.published_parsed[:5] == (2026, 10, 5, 12, 0)
    assert [tag.term for tag in heard.tags] == ["City", "Budget", "Council"]
