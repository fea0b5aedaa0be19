"""Archives: whoever walks back from a feed finds each entry that its topic has had, once."""

from __future__ import annotations

import json
from datetime import timedelta
from itertools import pairwise
from urllib.request import urlopen

import feedparser
import pytest

from archiveparts import LIMIT, Town, entry_of, flat, page_of, walked
from cleanfeed import archives
from cliparts import CONFIG, Place
from feedcheck import check_atom, check_json, check_rss
from parts import served

FORMATS = ("rss", "atom", "json")
CHECKS = {"rss": check_rss, "atom": check_atom, "json": check_json}


@pytest.fixture
def town(tmp_path):
    return Town(tmp_path)


def fetched(address: str) -> bytes:
    with urlopen(address, timeout=10) as answer:
        return answer.read()


# --- the walk


def test_walking_back_over_http_finds_every_entry_once_after_each_of_several_builds(town):
    with served(town.public) as town.base:
        # Late ones are older than all that was there before; the last ones come one by one.
        for numbers in (range(1000, 1060), [1060], [3], range(1100, 1230), [1, 2, 1231], [], range(500, 505)):
            town.put(*numbers)
            town.build()
            for suffix in FORMATS:
                pages = list(walked(f"{town.base}everything.{suffix}", fetched))
                assert flat(pages) == town.ids
                assert len(pages[0]) == LIMIT
        assert len(pages) > 4


def test_the_feed_holds_the_newest_and_each_archive_what_left_it_before(town):
    for number in range(1, 131):
        town.put(number)
        if number % 10 == 0:
            town.build()
    pages = town.walk()
    assert flat(pages) == town.ids
    assert [id_ for page in pages for id_ in page] == sorted(town.ids, reverse=True)


def test_every_document_passes_the_checks_of_a_feed(town):
    town.put(*range(120))
    town.build()
    names = {path.name for path in town.public.iterdir()}
    assert {f"everything.archive-{n}.{suffix}" for n in (1, 2, 3) for suffix in FORMATS} <= names
    for name, data in town.documents().items():
        assert CHECKS[name.rpartition(".")[2]](data, f"{town.base}{name}") == []


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # feedparser's own
def test_feedparser_follows_the_links_of_the_past(town):
    town.put(*range(120))
    town.build()
    for suffix in ("rss", "atom"):
        address, found = f"{town.base}everything.{suffix}", []
        while address:
            got = feedparser.parse(town._read(address))
            assert not got.bozo
            found += [one.id for one in got.entries]
            address = next((one.href for one in got.feed.links if one.rel == "prev-archive"), None)
        assert sorted(found) == town.ids


def test_archives_are_off_unless_wanted(town):
    town.put(*range(30))
    town.build(publish="")
    assert town.documents() == {}
    assert b"archive" not in (town.public / "everything.atom").read_bytes()
    assert "next_url" not in json.loads((town.public / "everything.json").read_bytes())


def test_a_feed_that_holds_all_entries_has_no_archive(town):
    town.put(*range(LIMIT))
    town.build()
    assert town.documents() == {}
    assert len(town.walk()) == 1


def test_archives_and_own_ids_go_together(town):
    town.put(*range(70))
    town.build(publish='archives = true\nids = "per-feed"')
    assert flat(town.walk()) == [f"{id_}#everything" for id_ in town.ids]


def test_each_topic_has_a_past_of_its_own(town):
    town.put(*range(20))
    more = '[topics.nines]\ntitle = "Nines"\nany = ["9"]\nin = ["title"]\nlimit = 1\n'
    town.put(900, 901, title="Report 9")
    town.build(more=more)
    pages = list(walked(f"{town.base}nines.json", town._read))
    assert flat(pages) == sorted(entry_of(number).id for number in (9, 900, 901))
    assert flat(town.walk()) == town.ids


# --- what never changes


def test_a_full_archive_and_one_that_has_a_next_never_change_again(town):
    finished: dict[str, bytes] = {}
    # One by one around each place where an archive ends, and in one go to exactly there.
    ends = [51, *range(52, 59), 101, *range(102, 110), 155, 205]
    for first, end in pairwise([0, *ends]):
        town.put(*range(first, end))
        town.build()
        found = town.documents()
        assert finished.items() <= found.items()
        sizes = {name: len(page_of(data, name)[0]) for name, data in found.items()}
        assert max(sizes.values(), default=0) <= archives.SIZE
        closed = {name: data for name, data in found.items() if b"next-archive" in data}
        full = {name: found[name] for name, size in sizes.items() if size == archives.SIZE}
        finished |= closed | full
    assert len(finished) >= 6


def test_a_build_with_news_renders_no_archive_but_the_one_that_they_go_to(town, monkeypatch):
    town.put(*range(300))
    town.build()
    rendered = []
    real = archives.render_archive
    monkeypatch.setattr(
        archives,
        "render_archive",
        lambda feed, site, chain: rendered.append(chain.number) or real(feed, site, chain),
    )
    before = town.stamps()
    town.put(1000)
    report = town.build()
    last = len(town.walk()) - 1
    assert rendered == [last]
    touched = {name for name, stamp in town.stamps().items() if before.get(name) != stamp}
    assert touched == {f"everything.archive-{last}.{suffix}" for suffix in FORMATS}
    assert report.files["everything.archive-1.atom"] == "unchanged"


def test_an_unchanged_build_touches_no_archive(town, monkeypatch):
    town.put(*range(120))
    town.build()
    before = town.stamps()
    monkeypatch.setattr(archives, "render_archive", None)
    town.build()
    town.now += timedelta(days=1)
    town.build()
    assert town.stamps() == before


def test_a_corrected_entry_changes_its_archive_and_no_other(town):
    town.put(*range(160))
    town.build()
    before = town.documents()
    number = next(name for name, data in before.items() if name.endswith("json") and b"report-00060/" in data)
    stem = number.removesuffix(".json")
    town.now += timedelta(hours=1)
    town.put(60, title="Report 60, corrected", content="<p>It was the other crane.</p>")
    town.build()
    after = town.documents()
    assert {name for name in after if after[name] != before[name]} == {
        f"{stem}.{suffix}" for suffix in FORMATS
    }
    assert all(b"Report 60, corrected" in after[f"{stem}.{suffix}"] for suffix in FORMATS)
    assert flat(town.walk()) == town.ids


def test_a_withdrawn_entry_leaves_its_archive_and_the_others_are_not_touched(town):
    town.put(*range(160))
    town.build()
    before = town.documents()
    town.drop(60)
    town.build()
    after = town.documents()
    changed = {name for name in after if after[name] != before[name]}
    assert len(changed) == len(FORMATS)
    assert flat(town.walk()) == town.ids
    assert before.keys() == after.keys()


def test_an_archive_whose_only_entry_is_withdrawn_stays_a_link_of_the_chain(town):
    town.put(*range(LIMIT + 1))
    town.build()
    town.drop(0)
    town.put(50, 51)
    town.build()
    assert flat(town.walk()) == town.ids


@pytest.mark.parametrize("limit", [1, 3, 40])
def test_another_limit_shows_no_entry_twice_and_loses_none(town, limit):
    town.put(*range(100))
    town.build()
    town.build(limit=limit)
    town.put(*range(200, 230))
    town.build(limit=limit)
    assert flat(town.walk()) == town.ids
    assert len(town.walk()[0]) == min(limit, LIMIT + 30)


def test_entries_that_left_while_archives_were_off_are_in_them_when_they_are_on_again(town):
    town.put(*range(60))
    town.build()
    town.put(*range(60, 90))
    town.build(publish="archives = false")
    town.put(*range(90, 120))
    town.build()
    assert flat(town.walk()) == town.ids


# --- through time, and after accidents


def test_what_is_archived_is_remembered_longer_than_other_entries(town):
    town.put(*range(120))
    town.build()
    town.now += timedelta(days=200)
    town.put(500, published=town.now)
    town.build()
    before = town.documents()
    town.now += timedelta(days=200)
    town.put(501, published=town.now)
    # Another title has every archive written again, out of entries that are still there.
    town.build(more='description = "All of it."')
    assert flat(town.walk()) == town.ids
    assert all(town.documents()[name] != data for name, data in before.items())


@pytest.mark.parametrize("suffix", FORMATS)
@pytest.mark.parametrize("harm", ["deleted", "altered"])
def test_an_archive_that_somebody_has_harmed_is_made_whole_by_the_next_build(town, suffix, harm):
    town.put(*range(120))
    town.build()
    before = town.documents()
    path = town.public / f"everything.archive-1.{suffix}"
    if harm == "deleted":
        path.unlink()
    else:
        path.write_bytes(b"harmed")
    town.build()
    assert town.documents() == before


def test_after_the_ledger_is_lost_the_archives_are_as_they_were(town):
    town.put(*range(160))
    town.build()
    before = town.documents()
    stamps = town.stamps()
    for path in town.folder.glob("ledger.sqlite3*"):
        path.unlink()
    town.build()
    assert town.documents() == before
    assert town.stamps() == stamps
    town.put(1000)
    town.build()
    assert flat(town.walk()) == town.ids
    finished = {name: data for name, data in before.items() if "archive-1" in name or "archive-2" in name}
    assert finished.items() <= town.documents().items()


def test_an_archive_that_cannot_be_read_after_the_ledger_is_lost_is_not_emptied(town):
    town.put(*range(160))
    town.build()
    (town.public / "everything.archive-2.json").write_bytes(b"{")
    atom = (town.public / "everything.archive-2.atom").read_bytes()
    for path in town.folder.glob("ledger.sqlite3*"):
        path.unlink()
    report = town.build()
    assert report.files["everything.archive-2.atom"] == "kept"
    assert (town.public / "everything.archive-2.atom").read_bytes() == atom


def test_large_entries_make_small_archives_and_none_is_lost(town):
    town.put(*range(40), content=f"<p>{'long ' * 40_000}</p>", text="long " * 40_000)
    town.build()
    assert flat(town.walk()) == town.ids
    assert len(town.walk()) > 4
    assert all(len(data) < 2_100_000 for data in town.documents().values())


def test_a_file_that_cannot_be_written_is_a_problem_and_the_next_build_writes_it(town):
    town.put(*range(60))
    (town.public / "everything.archive-1.atom").mkdir()
    with pytest.raises(AssertionError, match=r"everything\.archive-1\.atom: cannot be written"):
        town.build()
    (town.public / "everything.archive-1.atom").rmdir()
    town.build()
    assert flat(town.walk("atom")) == town.ids


# --- saved pages, without a ledger


@pytest.fixture
def place(tmp_path):
    made = Place(tmp_path)
    made.write("cleanfeed.toml", CONFIG + "limit = 2\n\n[publish]\narchives = true\n")
    return made


def saved(place: Place, suffix: str = "json") -> list[list[str]]:
    base = "https://feeds.example.org/"
    read = lambda address: (place.public / address.removeprefix(base)).read_bytes()  # noqa: E731  # short
    return list(walked(f"{base}everything.{suffix}", read))


@pytest.mark.parametrize("suffix", FORMATS)
def test_saved_pages_have_a_past_too(place, suffix):
    place.stories(1, 2, 3, 4, 5)
    assert place.run("build").status == 0
    before = place.bytes()
    assert place.run("build").status == 0
    assert place.bytes() == before
    place.stories(6, 7)
    assert place.run("build").status == 0
    pages = saved(place, suffix)
    assert [len(page) for page in pages] == [2, 5]
    assert len({*flat(pages)}) == 7


def test_an_archived_entry_stays_when_its_saved_page_is_gone(place):
    place.stories(*range(1, 8))
    place.run("build")
    before = place.bytes()
    place.pages.joinpath("story-1.html").unlink()
    assert place.run("build").status == 0
    assert place.bytes() == before


def test_an_undated_saved_page_stays_as_it_was_in_its_archive(place):
    undated = "<html><head><title>No date</title></head><body><article><h1 class='entry-title'>No date</h1>"
    undated += "<div class='entry-content'><p>Nobody knows when this was.</p></div></article></body></html>"
    page = place.page(
        "old.html", undated, url="https://harbour.example/old/", retrieved="2026-01-02T03:04:05Z"
    )
    place.stories(1, 2, 3)
    place.run("build")
    before = place.bytes()
    assert b"2026-01-02T03:04:05" in before["everything.archive-1.atom"]
    page.unlink()
    page.with_suffix(".json").unlink()
    place.run("build")
    assert place.bytes() == before
