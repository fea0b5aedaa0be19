"""A build writes feeds, tells what it did, names every problem, and ends with the status that fits."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from pathlib import Path  # noqa: TC003  # tests are read, not timed

import pytest

from cleanfeed.config import short_hash
from cliparts import CONFIG, LISTING, PLUGIN, ROOT, Place, story

MORE = (
    CONFIG
    + """
[topics.cranes]
title = "Cranes"
any = ["crane"]

[topics.quay]
title = "The quay"
outlets = ["quay"]

[auto]
by = ["tag"]
at_least = 2
"""
)


@pytest.fixture
def place(tmp_path: Path) -> Place:
    place = Place(tmp_path)
    place.stories(1, 2, 3)
    return place


def tagged(number: int, *tags: str) -> str:
    return story(number, head="".join(f'<meta property="article:tag" content="{tag}">' for tag in tags))


def ids(place: Place, topic: str = "everything") -> list[str]:
    feed = json.loads((place.public / f"{topic}.json").read_text("utf-8"))
    return [item["id"].rpartition("/")[2] for item in feed["items"]]


# --- fine


def test_a_build_ends_with_a_table_the_counts_and_the_way_to_the_index(place):
    done = place.run("build")
    assert (done.status, done.err) == (0, "")
    lines = done.out.splitlines()
    assert lines[0].split() == ["topic", "title", "entries", "newest", "(UTC)", "files"]
    assert re.split(" {2,}", lines[1]) == ["everything", "Everything", "3", "2026-09-04 07:03", "4 written"]
    assert re.split(" {2,}", lines[3]) == ["outlet", "pages", "entries", "no entry"]
    assert re.split(" {2,}", lines[4]) == ["harbour", "3", "3", "0"]
    assert lines[-1] == "6 written. Open public/index.html"
    assert all(line == line.rstrip() for line in lines)


def test_a_second_build_writes_nothing_but_its_report(place):
    place.run("build")
    before = {path.name: (path.stat().st_mtime_ns, path.stat().st_ino) for path in place.public.iterdir()}
    done = place.run("build")
    after = {path.name: (path.stat().st_mtime_ns, path.stat().st_ino) for path in place.public.iterdir()}
    assert done.out.splitlines()[-1] == "6 unchanged. Open public/index.html"
    assert {name for name in after if after[name] != before[name]} == {"report.json"}


def test_pages_that_are_no_articles_are_named_and_are_no_problem(place):
    place.page("listing.html", LISTING)
    done = place.run("build")
    assert done.status == 0
    assert done.complaints == [f"pages/listing.html: {done.err.partition(': ')[2].strip()}"]
    assert "not an article" in done.err
    assert "problem" not in done.out
    refused = place.report()["outlets"]["harbour"]["refused"]
    assert [each["page"] for each in refused] == ["pages/listing.html"]


def test_other_pages_go_to_another_folder(place):
    other = place.write("else/here.html", story(9))
    done = place.run("build", "--pages", "./else", "--output", "there")
    assert done.status == 0
    assert not place.public.exists()
    assert {path.name for path in (place.folder / "there").iterdir()} >= {"everything.rss", "index.html"}
    assert done.out.splitlines()[-1] == "6 written. Open there/index.html"
    assert place.run("build", "--pages", str(other), "--pages", "pages").status == 0
    assert ids(place) == ["story-9", "story-3", "story-2", "story-1"]


def test_paths_of_the_configuration_are_relative_to_it(place):
    assert place.run("build", str(place.folder / "cleanfeed.toml"), cwd=place.pages).status == 0
    assert ids(place) == ["story-3", "story-2", "story-1"]


def test_an_entry_is_in_every_topic_whose_rule_it_meets_and_tags_make_topics_of_their_own(place):
    place.write("cleanfeed.toml", MORE)
    place.page("story-4.html", tagged(4, "Docks", "Rust"))
    place.page("story-5.html", tagged(5, "docks"))
    place.page("story-6.html", story(6, title="A ferry", host="quay.example", content="<p>It sails.</p>"))
    assert place.run("build").status == 0
    assert ids(place) == [f"story-{number}" for number in (6, 5, 4, 3, 2, 1)]
    assert ids(place, "cranes") == [f"story-{number}" for number in (5, 4, 3, 2, 1)]
    assert ids(place, "quay") == ["story-6"]
    assert ids(place, "docks") == ["story-5", "story-4"]
    assert not (place.public / "rust.rss").exists()


def test_of_chosen_outlets_others_pages_are_named_and_are_no_problem(place):
    place.write("cleanfeed.toml", 'outlets = ["harbour"]\n' + CONFIG)
    place.page("story-6.html", story(6, host="quay.example"))
    done = place.run("build")
    assert done.status == 0
    assert done.err.startswith("pages/story-6.html: ")
    assert "not among the chosen outlets" in done.err
    assert ids(place) == ["story-3", "story-2", "story-1"]


@pytest.mark.parametrize("first, second", [("a", "b"), ("b", "a")])
def test_two_pages_of_one_article_are_one_entry_in_whatever_order(place, first, second):
    short = story(7, title="The crane").replace(
        "https://harbour.example/2026/09/story-7/", "https://harbour.example/2026/09/story-7/amp/"
    )
    full = story(7, title="The crane", content="<p>The whole story, with all that there is to say.</p>" * 3)
    place.page(f"{first}.html", short)
    place.page(f"{second}.html", full)
    done = place.run("build")
    assert done.status == 0
    assert ids(place) == ["story-7", "story-3", "story-2", "story-1"]
    feed = json.loads((place.public / "everything.json").read_text("utf-8"))
    assert feed["items"][0]["content_text"].count("The whole story") == 3
    assert place.report()["duplicates"] == 1


@pytest.mark.parametrize("first, second", [("a", "b"), ("b", "a")])
def test_two_pages_that_differ_in_nothing_but_a_field_give_the_same_entry_in_whatever_order(
    place, first, second
):
    place.page(f"{first}.html", tagged(7, "Docks"))
    place.page(f"{second}.html", tagged(7, "Rust"))
    place.run("build")
    feed = json.loads((place.public / "everything.json").read_text("utf-8"))
    assert feed["items"][0]["tags"] == ["Rust"]


# --- the report


def test_the_report_tells_what_was_done(place):
    started = datetime.now(UTC)
    place.page("listing.html", LISTING)
    place.page("empty.html", "")
    place.page("story-4.html", tagged(4, "Docks"))
    place.run("build")
    report = place.report()
    assert report["outlets"]["harbour"]["pages"] == 5
    assert report["outlets"]["harbour"]["entries"] == 4
    assert [each["page"] for each in report["outlets"]["harbour"]["refused"]] == ["pages/listing.html"]
    fields = report["outlets"]["harbour"]["fields"]
    assert (fields["published"], fields["tags"], fields["text"], fields["image"]) == (1, 0.25, 1, 0)
    assert report["unrecognised"] == [{"page": "pages/empty.html", "reason": "is empty"}]
    assert report["topics"] == {
        "everything": {"title": "Everything", "entries": 4, "newest": "2026-09-05T07:04:00+00:00"}
    }
    assert report["files"]["everything.rss"] == "written"
    assert len(report["files"]) == 6
    assert report["problems"] == ["pages/empty.html: is empty"]
    assert 0 < report["seconds"] < 60
    assert abs((datetime.fromisoformat(report["started"]) - started).total_seconds()) < 30


def test_the_report_tells_what_was_left_as_it_was(place):
    place.run("build")
    place.run("build")
    assert set(place.report()["files"].values()) == {"unchanged"}


# --- with problems


@pytest.mark.parametrize("name, content", [
    ("empty.html", ""),
    ("cut.html", story(9)[:300]),
    ("foreign.html", "<html><head><title>x</title></head><body><p>x</p></body></html>"),
    ("bare.html", story(9).replace('class="entry-content"', "").replace("<p>", "<b>").replace("</p>", "</b>")[:0] + story(9, content="")),
])  # fmt: skip
def test_a_page_that_should_have_given_an_entry_is_a_problem(place, name, content):
    place.page(name, content)
    done = place.run("build")
    assert done.status == 1
    assert len(done.complaints) == 1
    assert done.err.startswith(f"pages/{name}: ")
    assert f"problem: {done.err.strip()}" in done.out.splitlines()
    assert ids(place) == ["story-3", "story-2", "story-1"]


def test_an_outlet_that_gives_nothing_is_a_problem(place):
    place.page("quay.html", LISTING.replace("harbour.example", "quay.example"))
    done = place.run("build")
    assert done.status == 1
    assert "quay: none of its 1 pages gave an entry; its recipe may be out of date" in done.complaints


def test_a_topic_that_would_lose_all_its_entries_keeps_its_last_feed(place):
    place.write("cleanfeed.toml", MORE)
    place.page("story-6.html", story(6, host="quay.example"))
    assert place.run("build").status == 0
    before = place.bytes()
    (place.pages / "story-6.html").unlink()
    for _ in range(2):
        done = place.run("build")
        assert done.status == 1
        assert done.err == "topic 'quay': no entry is in it any more; its last feed is kept\n"
        assert "problem: topic 'quay': no entry is in it any more; its last feed is kept" in done.out
        assert re.search(r"^quay .* 4 kept$", done.out, re.MULTILINE)
    after = place.bytes()
    assert {name for name in after if name.startswith("quay.") and after[name] == before[name]} == {
        "quay.rss", "quay.atom", "quay.json", "quay.html",
    }  # fmt: skip
    assert place.report()["files"]["quay.rss"] == "kept"
    # What the index says of it is what is in it.
    assert place.report()["topics"]["quay"]["entries"] == 1
    assert b"0 entries" not in after["index.html"]
    assert ids(place) == ["story-3", "story-2", "story-1"]


def test_a_topic_that_never_had_entries_is_an_empty_feed_and_no_problem(place):
    place.write("cleanfeed.toml", MORE)
    assert place.run("build").status == 0
    assert ids(place, "quay") == []


def test_a_build_of_nothing_but_bad_pages_keeps_the_feeds_of_the_last(place):
    place.run("build")
    before = place.bytes()
    for path in place.pages.iterdir():
        path.write_text("")
    done = place.run("build")
    assert done.status == 1
    assert len(done.complaints) == 4
    assert {name: content for name, content in place.bytes().items() if name.startswith("every")} == {
        name: content for name, content in before.items() if name.startswith("every")
    }


# --- nothing can be built


CANNOT: dict[str, tuple[list[str], str]] = {
    "no configuration": (["missing.toml"], "missing.toml: "),
    "a folder for a configuration": (["pages"], "pages: "),
    "not TOML": (["bad.toml"], "bad.toml: "),
    "a misspelt key": (["misspelt.toml"], "misspelt.toml: "),
    "an unknown outlet": (["unknown.toml"], 'unknown.toml: outlets: no outlet "harbor" is loaded'),
    "an unknown outlet of a topic": (["topic.toml"], 'topic.toml: topics.x.outlets: no outlet "harbor" is loaded'),
    "pages that are not there": (["--pages", "nowhere"], "pages: nowhere: no such file or folder"),
    "pages with a name that is too long": (["--pages", "x" * 5000], "pages: xxx"),
    "a folder without pages": (["--pages", "empty"], "pages: no .html or .txt file in empty"),
    "no pages at all": (["pageless.toml"], "pageless.toml: outlets: harbour cannot be read from the web: "),
    "a plugin that is not there": (["--plugin", "nowhere.py"], "nowhere.py"),
    "a broken plugin": (["--plugin", "broken.py"], "broken.py"),
    "too many workers": (["--jobs", "1000"], "--jobs"),
    "no workers": (["--jobs", "0"], "--jobs"),
    "an unknown option": (["--colour"], "--colour"),
    "two configurations": (["cleanfeed.toml", "other.toml"], "other.toml"),
}  # fmt: skip


@pytest.mark.parametrize("arguments, said", CANNOT.values(), ids=CANNOT)
def test_what_makes_a_build_impossible_is_told_in_a_line_with_status_2(place, arguments, said):
    place.write("bad.toml", "title = ")
    place.write("misspelt.toml", CONFIG.replace("title", "titel", 1))
    place.write("unknown.toml", 'outlets = ["harbor"]\n' + CONFIG)
    place.write("topic.toml", CONFIG + '[topics.x]\ntitle = "x"\noutlets = ["harbor"]\n')
    place.write("pageless.toml", CONFIG.replace('pages = ["pages"]', 'outlets = ["harbour"]'))
    place.write("broken.py", "def broken(:")
    (place.folder / "empty").mkdir()
    done = place.run("build", *arguments)
    assert done.status == 2
    assert done.out == ""
    (told,) = done.complaints
    assert told.startswith("cleanfeed: ")
    assert said in told
    assert not place.public.exists()


def test_plugins_that_clash_are_told_with_status_2(place):
    place.write("again.py", PLUGIN)
    done = place.run("build", "--plugin", "again.py")
    assert done.status == 2
    assert "again.py" in done.err
    assert "harbour.py" in done.err


# --- why


def test_why_an_entry_is_in_a_topic_is_explained_by_its_id_or_address(place):
    place.write("cleanfeed.toml", MORE)
    by_id = place.run("build", "--explain", "tag:cleanfeed.invalid,2026:harbour/2026/09/story-2")
    assert by_id.status == 0
    lines = by_id.out.splitlines()
    assert lines[:2] == ["The crane, part 2 (harbour)", "tag:cleanfeed.invalid,2026:harbour/2026/09/story-2"]
    assert lines[2].startswith("in everything: ")
    assert lines[3].startswith("in cranes: ")
    assert lines[4].startswith("not in quay: ")
    for address in (
        "https://harbour.example/2026/09/story-2/",
        "http://harbour.example/2026/09/story-2/?utm_source=x#top",
    ):
        assert place.run("build", "--explain", address).out == by_id.out


def test_an_entry_is_explained_by_the_id_that_a_feed_has_of_its_own(place):
    by_id = place.run("build", "--explain", "https://harbour.example/2026/09/story-1/").out
    place.write("cleanfeed.toml", f'{CONFIG}\n[publish]\nids = "per-feed"\n')
    assert place.run("build").status == 0
    own = json.loads(place.bytes()["everything.json"])["items"][-1]["id"]
    assert own.endswith("story-1#everything")
    assert place.run("build", "--explain", own).out == by_id


def test_an_entry_that_is_too_old_for_its_topic_is_explained(place):
    place.write("cleanfeed.toml", CONFIG + "limit = 2\n")
    done = place.run("build", "--explain", "https://harbour.example/2026/09/story-1/")
    assert done.out.splitlines()[2].startswith("not in everything: older than its newest 2")


@pytest.mark.parametrize("wanted", ["tag:nobody,2026:x", "", "https://[", "::error::x"])
def test_an_unknown_id_is_told_with_status_2(place, wanted):
    done = place.run("build", "--explain", wanted)
    assert done.status == 2
    assert done.out == ""
    assert "no entry has the id or address" in done.err


# --- icons


@pytest.mark.parametrize(
    "declared, address",
    [
        ("", "https://harbour.example/favicon.ico"),
        ('icon="https://cdn.example/a.png?v=2", ', "https://cdn.example/a.png?v=2"),
        ('home="www.harbour.example", ', "https://www.harbour.example/favicon.ico"),
    ],
)
def test_a_feed_of_one_outlet_names_its_icon_and_fetches_none(place, declared, address):
    place.write("harbour.py", PLUGIN.replace('slug="harbour", ', f'slug="harbour", {declared}'))
    assert place.run("build").status == 0
    assert json.loads(place.bytes()["everything.json"])["favicon"] == address
    assert f"<icon>{address}</icon>".encode() in place.bytes()["everything.atom"]
    assert place.report()["requests"] == {}


# --- the example


def test_the_example_builds_without_a_problem(tmp_path):
    place = Place(tmp_path)
    done = place.run("build", str(ROOT / "examples" / "cleanfeed.toml"), "--output", str(place.public))
    assert done.status == 0
    assert "problem" not in done.out
    report = place.report()
    assert len(report["outlets"]) == 8
    assert len(report["topics"]) > 8
    assert {path.name for path in place.public.iterdir()} == {*report["files"], "report.json"}


def test_a_topic_by_itself_keeps_its_file_name_when_another_comes_that_would_have_it(place):
    """Whoever is subscribed to covid-19.rss must neither get another label's feed nor lose theirs."""
    place.write("cleanfeed.toml", MORE)

    def titles(*numbers_and_tags):
        for number, tag in numbers_and_tags:
            place.page(f"story-{number}.html", tagged(number, tag))
        assert place.run("build").status == 0
        return {
            path.name: json.loads(path.read_bytes())["title"] for path in place.public.glob("covid*.json")
        }

    assert titles((1, "Covid-19"), (2, "Covid-19")) == {"covid-19.json": "Covid-19"}
    both = {"covid-19.json": "Covid-19", f"covid-19-{short_hash('covid 19')}.json": "Covid 19"}
    assert titles((3, "Covid 19"), (4, "Covid 19")) == both
    assert titles((1, "Else"), (2, "Else")) == both
