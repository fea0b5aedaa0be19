"""A ledger out of published feeds: the same ids, entries, places and bytes, and nothing that is not ours."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from cleanfeed.errors import PageError
from cleanfeed.feeds import render
from cleanfeed.feeds.tidy import tidy
from cleanfeed.ledger.published import published
from cleanfeed.sanitise import sanitise
from feedparts import AUDIO, MAYDAN, SITE, UNDATED, VIDEO, feed
from feedparts import HARBOUR as DRAFT
from ledgerparts import NOW, answer, later, link, opened
from outletparts import example_pages, load, read

HARBOUR = replace(DRAFT, content=sanitise(DRAFT.content))
DAILY = replace(
    HARBOUR,
    id="tag:cleanfeed.invalid,2026:harbour/9",
    url="https://www.harbour.example/9/",
    published=HARBOUR.published.replace(hour=0, tzinfo=ZoneInfo("Asia/Beirut")),
    updated=None,
    date_precision="day",
    summary=None,
    authors=(),
    section=None,
    tags=(),
    kind="video",
    enclosures=(AUDIO, VIDEO),
)


def publish(folder, *entries, slug="city"):
    """The feeds of these entries; gives what was written, by name."""
    folder.mkdir(exist_ok=True)
    files = render(feed(*entries, slug=slug, limit=500), SITE)
    for name, content in files.items():
        (folder / name).write_bytes(content)
    return files


def recalled(folder, feeds):
    with opened(folder) as ledger:
        ledger.recall(feeds, NOW)
        return {id_: ledger.entry(id_) for id_ in ledger.entry_ids()}


@pytest.mark.parametrize("entry", [HARBOUR, MAYDAN, DAILY], ids=lambda entry: entry.id)
def test_an_entry_comes_back_as_it_was_published(tmp_path, entry):
    publish(tmp_path / "public", entry)
    (again,) = recalled(tmp_path, tmp_path / "public").values()
    assert replace(again, first_seen=None) == tidy(entry)
    assert again.published.utcoffset() == entry.published.utcoffset()


def test_the_articles_of_all_outlets_come_back_and_give_the_same_bytes(tmp_path, outlets):
    entries = []
    for path in example_pages():
        with suppress(PageError):
            entries.append(read(load(path), outlets))
    entries = list({entry.id: entry for entry in entries}.values())
    assert len(entries) > 20
    files = publish(tmp_path / "public", *entries)
    again = recalled(tmp_path, tmp_path / "public")
    assert again.keys() == {entry.id for entry in entries}
    assert publish(tmp_path / "second", *again.values()) == files


def test_undated_entries_keep_their_places_and_times(tmp_path):
    times = [5, 4, 3, 2, 1]
    entries = [
        replace(UNDATED, id=f"tag:{hours}", url=f"https://h.example/{hours}", first_seen=later(hours=hours))
        for hours in times
    ]
    entries[1] = replace(entries[1], updated=later(hours=9))
    entries[3] = replace(entries[3], published=later(hours=2), first_seen=None)
    publish(tmp_path / "public", *entries)
    again = recalled(tmp_path, tmp_path / "public")
    order = sorted(again.values(), key=lambda entry: entry.moment, reverse=True)
    assert [entry.id for entry in order] == [f"tag:{hours}" for hours in times]
    assert again["tag:5"].first_seen == later(hours=5)
    assert again["tag:4"].updated == later(hours=9)
    assert later(hours=3) < again["tag:4"].first_seen < later(hours=5)


@pytest.mark.parametrize(
    "atom", [None, b"", b"<feed>", b"\xff\xfe", b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"]
)
def test_without_a_sound_atom_feed_undated_entries_come_back_all_the_same(tmp_path, atom):
    newer = replace(HARBOUR, published=NOW, updated=None)
    older = replace(DAILY, published=NOW - timedelta(days=9))
    publish(tmp_path / "public", newer, replace(UNDATED, first_seen=NOW - timedelta(days=3)), older)
    file = tmp_path / "public" / "city.atom"
    file.unlink() if atom is None else file.write_bytes(atom)
    again = recalled(tmp_path, tmp_path / "public")
    order = sorted(again.values(), key=lambda entry: entry.moment, reverse=True)
    assert [entry.id for entry in order] == [newer.id, UNDATED.id, older.id]


def test_of_an_entry_in_several_feeds_the_last_version_counts(tmp_path):
    changed = replace(HARBOUR, title="As it is now", updated=HARBOUR.updated + timedelta(hours=1))
    publish(tmp_path / "public", HARBOUR, slug="a")
    publish(tmp_path / "public", changed, slug="b")
    publish(tmp_path / "public", HARBOUR, slug="c")
    (again,) = recalled(tmp_path, tmp_path / "public").values()
    assert again.title == "As it is now"


def test_pages_of_recalled_entries_are_known_and_asked_for_as_known_ones(tmp_path):
    publish(tmp_path / "public", HARBOUR, UNDATED)
    with opened(tmp_path) as ledger:
        assert ledger.recall(tmp_path / "public", NOW) == 2
        assert ledger.recall(tmp_path / "public", NOW) == 0
        assert ledger.listed("harbour", [link(HARBOUR.url), link(UNDATED.url)], NOW) == 0
        assert ledger.pending("harbour", 9, NOW) == []
        assert ledger.unread("code") == []
        rows = ledger.recheck(["harbour"], ledger.entry_ids(), NOW)
        assert {(row.address, row.entry, row.etag) for row in rows} == {
            (HARBOUR.url, HARBOUR.id, None),
            (UNDATED.url, UNDATED.id, None),
        }


def test_an_article_that_has_not_changed_is_not_updated_when_it_is_read_again(tmp_path):
    publish(tmp_path / "public", HARBOUR, MAYDAN, DAILY)
    with opened(tmp_path) as ledger:
        ledger.recall(tmp_path / "public", NOW)
        for entry in (HARBOUR, MAYDAN, DAILY):
            ledger.had(entry.url, answer(entry.url))
            ledger.put(replace(entry, first_seen=NOW), entry.url, later(days=1))
            ledger.read(entry.url, "code", entry=entry.id)
            assert ledger.entry(entry.id).updated == entry.updated
        ledger.had(HARBOUR.url, answer(HARBOUR.url, b"2"))
        ledger.put(replace(HARBOUR, title="Edited"), HARBOUR.url, later(days=2))
        assert ledger.entry(HARBOUR.id).updated == later(days=2)


def test_old_recalled_entries_that_are_in_feeds_stay(tmp_path):
    old = replace(HARBOUR, published=NOW - timedelta(days=400), updated=None)
    publish(tmp_path / "public", old)
    with opened(tmp_path) as ledger:
        ledger.recall(tmp_path / "public", NOW)
        assert ledger.prune([old.id], NOW) == 0
        assert ledger.prune([], NOW) == 1


# --- what is not ours, or not any more


def spoilt(tmp_path, change):
    """What comes back of a feed of two entries, one of which was changed in its file."""
    publish(tmp_path / "public", HARBOUR, MAYDAN)
    file = tmp_path / "public" / "city.json"
    told = json.loads(file.read_bytes())
    change(next(item for item in told["items"] if item["id"] == HARBOUR.id))
    file.write_text(json.dumps(told))
    return published(tmp_path / "public")


@pytest.mark.parametrize(
    "content",
    [
        "<p>Fine.</p><script>alert(1)</script>",
        '<p>Fine.</p><img src="x" onerror="alert(1)">',
        '<div lang="ar" dir="rtl"><p>Fine.</p><svg onload="alert(1)"></svg></div>',
        '<div lang="ar" dir="rtl"><p>Fine.</p></div><iframe src="https://a.example"></iframe></div>',
        '<div lang="&quot;&gt;&lt;script&gt;" dir="rtl"><p>Fine.</p></div>',
        '<p>Fine.</p><a href="javascript:alert(1)">x</a>',
    ],
)
def test_markup_that_could_do_harm_does_not_come_back(tmp_path, content):
    found = {entry.id: entry for entry in spoilt(tmp_path, lambda item: item.update(content_html=content))}
    again = found[HARBOUR.id].content
    assert "<p>Fine.</p>" in again
    for bad in ("<script", "onerror", "onload", "<iframe", "javascript", "<svg"):
        assert bad not in again


WRONG = [
    {"id": None}, {"id": 5}, {"title": None}, {"content_html": ["a"]}, {"_cleanfeed": None}, {"_cleanfeed": {}},
    {"_cleanfeed": {"outlet": 5}}, {"date_published": "yesterday"}, {"date_published": "2026-10-05T12:00:00"},
    {"date_published": 10**40}, {"tags": "City"}, {"authors": ["Ada"]}, {"attachments": [{}]},
    {"_cleanfeed": {"outlet": "harbour", "direction": "up"}},
]  # fmt: skip


@pytest.mark.parametrize("change", WRONG, ids=repr)
def test_one_spoilt_item_costs_one_item(tmp_path, change):
    assert [entry.id for entry in spoilt(tmp_path, lambda item: item.update(change))] == [MAYDAN.id]


@pytest.mark.parametrize(
    "content",
    [
        b"", b"{", b"null", b"[]", b'{"version": 1}', b"\xff\xfe\x00", b"[" * 100_000, b'{"items": []}',
        b'{"version": "https://jsonfeed.org/version/1.1", "items": [{"id": "x", "title": "t", "content_html": "c"}]}',
        b'{"version": "https://jsonfeed.org/version/1.1", "items": [' + b"[" * 100_000 + b"]}",
    ],
    ids=lambda content: repr(content[:60]),
)  # fmt: skip
def test_a_file_that_is_none_of_our_feeds_gives_nothing(tmp_path, content):
    publish(tmp_path / "public", HARBOUR)
    (tmp_path / "public" / "a.json").write_bytes(content)
    (tmp_path / "public" / "b.json").mkdir()
    (tmp_path / "public" / "c.json").symlink_to("c.json")
    assert [entry.id for entry in published(tmp_path / "public")] == [HARBOUR.id]


def test_without_feeds_a_new_ledger_is_empty(tmp_path):
    """What the recall is for: the naive way is to begin anew."""
    assert published(tmp_path / "nowhere") == []
    publish(tmp_path / "public", HARBOUR)
    for feeds, count in ((None, 0), (tmp_path / "nowhere", 0), (tmp_path / "public", 1)):
        (tmp_path / "ledger.sqlite3").write_bytes(b"no ledger")
        with opened(tmp_path, feeds=feeds) as ledger:
            assert ledger.recovered
            assert len(ledger.entry_ids()) == count
