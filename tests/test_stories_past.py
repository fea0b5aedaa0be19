"""Stories and the past: whoever walks back finds each story once, under one id, whatever comes or goes later."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from archiveparts import LIMIT, Town, entry_of, flat
from cleanfeed import config
from cleanfeed.lookup.published import remembered
from ledgerparts import NOW, story

if TYPE_CHECKING:
    from cleanfeed.model import Entry

FORMATS = ("rss", "atom", "json")
TEXT = (
    "The night ferry between the two quays sails again from Friday, nine years after its last crossing.",
    "Tickets cost forty coins and children under six travel free, the harbour master told reporters.",
    "The boat was rebuilt in a yard up the coast with money that the fishermen had put aside.",
    "Its engine is electric, and it charges while the bakers load their crates for the markets.",
    "A second boat is to follow in spring if enough passengers come, the council said after a vote.",
)
WIND = (
    "The old windmill on the ridge grinds flour again after its sails were mended by two retired carpenters.",
    "Its millstones came over the sea three centuries ago, and no one living had heard them turn.",
    "Pupils of the village school carried the first sack of barley up the hill on a wooden sledge.",
    "A miller from the valley taught the carpenters how to dress the stones and to read the weather.",
    "Visitors may watch on market days, when a loaf baked from the flour is shared at the door.",
)
OUTLETS = ("harbour", "quay", "mirror")


def told(
    outlet: str, name: str, *, minutes: int = 0, text: tuple[str, ...] = TEXT, **changes: object
) -> Entry:
    """An article among the oldest of the numbered ones, or so many minutes later."""
    url = f"https://www.{outlet}.example/{name}/"
    said = {
        "id": f"tag:cleanfeed.invalid,2026:{outlet}/{name}",
        "outlet": outlet,
        "title": f"Night ferry: {name}",
        "content": "".join(f"<p>{each}</p>" for each in text),
        "text": "\n".join(text),
        "published": NOW - timedelta(days=30) + timedelta(minutes=minutes),
        "source": None,
    }
    return story(url, **{**said, **changes})


@pytest.fixture
def town(tmp_path):
    return Town(tmp_path)


def archived(town: Town, id_: str) -> dict[str, object]:
    """The item of an archive that has this id."""
    found = [
        item
        for path in sorted(town.public.glob("*.archive-*.json"))
        for item in json.loads(path.read_bytes())["items"]
        if item["id"] == id_
    ]
    assert len(found) == 1
    return found[0]


def test_a_story_that_leaves_its_feed_is_archived_once_as_it_was_shown(town):
    original, copy = told("harbour", "original"), told("mirror", "copy", minutes=1)
    town.tell(original, copy)
    town.build()
    town.put(*range(100, 100 + LIMIT))
    town.build()
    for suffix in FORMATS:
        assert flat(town.walk(suffix)) == sorted([*town.ids, original.id])
    item = archived(town, original.id)
    assert item["_cleanfeed"]["also_in"] == [{"outlet": "mirror", "url": copy.url}]
    assert f'<a href="{copy.url}">The Mirror</a>' in item["content_html"]


def test_the_archive_has_the_id_that_the_feed_had_though_a_better_original_tells_the_story(town):
    copy = told("mirror", "copy")
    town.tell(copy)
    town.build()
    original = told("harbour", "original", minutes=1, first_seen=NOW + timedelta(hours=1))
    town.now += timedelta(hours=1)
    town.tell(original)
    town.build()
    assert flat(town.walk()) == [copy.id]
    town.put(*range(100, 100 + LIMIT))
    town.build()
    assert flat(town.walk()) == sorted([*town.ids, copy.id])
    item = archived(town, copy.id)
    assert (item["url"], item["_cleanfeed"]["entry"]) == (original.url, original.id)
    assert item["_cleanfeed"]["also_in"] == [{"outlet": "mirror", "url": copy.url}]


@pytest.mark.parametrize("outlet", OUTLETS[1:])
def test_a_copy_that_comes_later_neither_brings_an_archived_story_back_nor_changes_its_archive(town, outlet):
    original = told("harbour", "original")
    town.tell(original)
    town.put(*range(100, 100 + LIMIT))
    town.build()
    before = town.documents()
    assert before
    # Newer than all that is in the feed.
    town.tell(told(outlet, "late", minutes=3_000))
    town.build()
    assert flat(town.walk()) == sorted([*town.ids, original.id])
    assert town.documents() == before


def test_two_archived_stories_that_turn_out_to_be_one_keep_their_ids(town):
    one, other = told("harbour", "one"), told("quay", "other", minutes=1, text=WIND)
    town.tell(one, other)
    town.put(*range(100, 100 + LIMIT))
    town.build()
    town.now += timedelta(hours=1)
    town.tell(told("quay", "other", minutes=1, updated=NOW))
    report = town.build()
    assert report.copies == 1
    for suffix in FORMATS:
        assert flat(town.walk(suffix)) == sorted([*town.ids, one.id, other.id])


def test_where_the_entry_that_told_an_archived_story_is_withdrawn_a_copy_tells_it(town):
    original, copy = told("harbour", "original"), told("quay", "copy", minutes=1)
    town.tell(original, copy)
    town.put(*range(100, 100 + LIMIT))
    town.build()
    town.forget(original)
    town.build()
    assert flat(town.walk()) == sorted([*town.ids, original.id])
    item = archived(town, original.id)
    assert (item["url"], item["_cleanfeed"]["entry"]) == (copy.url, copy.id)
    assert "also_in" not in item["_cleanfeed"]
    town.forget(copy)
    town.build()
    assert flat(town.walk()) == town.ids


def test_copies_of_archived_stories_are_named_for_good_though_the_ledger_forgets_them(town):
    original, copy = told("harbour", "original"), told("mirror", "copy", minutes=1)
    town.tell(original, copy)
    town.put(*range(100, 100 + LIMIT))
    town.build()
    town.now += timedelta(days=200)
    town.put(50_000, published=town.now)
    town.build(more='description = "All of it."')
    town.put(50_001, published=town.now)
    town.build(more='description = "All of it, anew."')
    assert archived(town, original.id)["_cleanfeed"]["also_in"] == [{"outlet": "mirror", "url": copy.url}]


def test_after_the_ledger_is_lost_archived_stories_are_as_they_were(town):
    copy = told("mirror", "copy")
    town.tell(copy)
    town.build()
    town.now += timedelta(hours=1)
    town.tell(told("harbour", "original", minutes=1))
    town.put(*range(100, 160))
    town.build()
    before = town.documents()
    for path in town.folder.glob("ledger.sqlite3*"):
        path.unlink()
    town.build()
    assert town.documents() == before
    assert flat(town.walk()) == sorted([*town.ids, copy.id])


def test_own_ids_of_feeds_and_archives_come_from_the_id_of_the_story(town):
    publish = 'archives = true\nids = "per-feed"'
    copy = told("mirror", "copy")
    town.tell(copy)
    town.build(publish=publish)
    town.now += timedelta(hours=1)
    original = told("harbour", "original", minutes=1)
    town.tell(original)
    for numbers in ((), range(100, 100 + LIMIT)):
        town.put(*numbers)
        town.build(publish=publish)
        assert flat(town.walk()) == sorted(f"{id_}#everything" for id_ in (*town.ids, copy.id))
    said = archived(town, f"{copy.id}#everything")["_cleanfeed"]
    assert (said["id"], said["entry"]) == (copy.id, original.id)


def test_where_stories_are_kept_apart_each_entry_has_its_own_past(town):
    original, copy = told("harbour", "original"), told("mirror", "copy", minutes=1)
    town.tell(original, copy)
    town.put(*range(100, 100 + LIMIT))
    report = town.build(more='stories = "keep"')
    assert report.copies == 0
    assert flat(town.walk()) == sorted([*town.ids, original.id, copy.id])
    town.build()
    assert flat(town.walk()) == sorted([*town.ids, original.id, copy.id])


@pytest.mark.parametrize("suffix", FORMATS)
def test_a_reader_gets_from_the_ledger_what_a_build_has_written_to_the_byte(town, suffix):
    town.tell(told("harbour", "original"), told("mirror", "copy", minutes=1))
    town.put(*range(100, 100 + LIMIT - 1))
    town.build()
    town.tell(told("quay", "late", minutes=2))
    town.put(*range(200, 203))
    town.build()
    town.tell(told("quay", "later", minutes=3_000))
    town.build(limit=LIMIT + 10)
    settings = config.load(town.folder / "cleanfeed.toml")
    path = town.folder / ".cleanfeed" / "ledger.sqlite3"
    path.parent.mkdir(exist_ok=True)
    (town.folder / "ledger.sqlite3").rename(path)
    before = path.read_bytes()
    made = remembered(settings, "everything", suffix, (town.folder / "harbour.py",))
    assert made == (town.public / f"everything.{suffix}").read_bytes()
    assert path.read_bytes() == before


def test_a_ledger_that_is_only_looked_at_has_its_new_entries_signed_and_matched_on_the_way(town):
    town.put(1)
    town.build(publish="")
    original, copy = told("harbour", "original"), told("mirror", "copy", minutes=1)
    town.tell(original, copy)
    settings = config.load(town.folder / "cleanfeed.toml")
    path = town.folder / ".cleanfeed" / "ledger.sqlite3"
    path.parent.mkdir(exist_ok=True)
    (town.folder / "ledger.sqlite3").rename(path)
    before = path.read_bytes()
    made = json.loads(remembered(settings, "everything", "json", (town.folder / "harbour.py",)) or b"")
    assert [item["id"] for item in made["items"]] == [entry_of(1).id, original.id]
    assert made["items"][1]["_cleanfeed"]["also_in"] == [{"outlet": "mirror", "url": copy.url}]
    assert path.read_bytes() == before
