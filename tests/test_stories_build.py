"""One story once: what feeds show of copies, under which id, and why, from saved pages and from the web."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from liveparts import build, good, items
from newsroom import Newsroom

BODY = [
    "The night ferry between the two quays sails again from Friday, nine years after its last crossing in a winter storm.",
    "Tickets cost forty coins and children under six travel free, the harbour master Rim Haddad told reporters on the pier.",
    "The boat was rebuilt in a yard up the coast with money that the fishermen's guild had put aside since the closure.",
    "Its engine is electric, and it charges while the bakers of the old town load their crates for the morning markets.",
    "A second boat is to follow in spring if enough passengers come, the council said after a vote that took two sessions.",
]
COPY = [*BODY[:4], BODY[4].replace("a vote that took two sessions", "a vote which took two sessions")]
TOPICS = """
[topics.everything]
title = "Everything"
everything = true

[topics.apart]
title = "Apart"
everything = true
stories = "keep"

[topics.own]
title = "Town two"
outlets = ["town-2"]
"""


@pytest.fixture
def room():
    with Newsroom(["town-1", "town-2"]) as room:
        for slug in ("town-1", "town-2"):
            room.publish(slug, 3)
        yield room


def configured(room, folder, *, republishes=""):
    config, plugin = room.config(folder, topics=TOPICS), room.plugin(folder)
    if republishes:
        whole = plugin.read_text("utf-8")
        declared = f"        republishes=f'town-{{number}}' == {republishes!r},\n    )\n\n\n@hookimpl"
        plugin.write_text(whole.replace("    )\n\n\n@hookimpl", declared), "utf-8")
    return config, plugin


def told(room, slug, title, paragraphs, *, hours=0):
    """An article of so many hours ago."""
    when = room.now().replace(microsecond=0) - timedelta(hours=hours, minutes=5)
    return room.publish(slug, 1, title=title, published=when, _body=tuple(paragraphs))[0]


def named(folder, *titles, topic="everything"):
    return [item for item in items(folder / "public", topic) if item["title"] in titles]


def test_a_copy_and_its_original_are_one_entry_with_a_link_to_the_other(room, tmp_path):
    config, plugin = configured(room, tmp_path)
    first = told(room, "town-1", "Night ferry sails again", BODY, hours=2)
    copy = told(room, "town-2", "After nine years: the ferry is back", COPY)
    good(config, "--plugin", plugin)
    (item,) = named(tmp_path, first.title, copy.title)
    assert (item["title"], item["url"]) == (first.title, first.url)
    assert item["_cleanfeed"]["also_in"] == [{"outlet": "town-2", "url": copy.url}]
    assert item["content_html"].count(f'<a href="{copy.url}">') == 1
    assert copy.url not in item["content_text"]
    assert len(named(tmp_path, first.title, copy.title, topic="apart")) == 2
    (own,) = named(tmp_path, copy.title, topic="own")
    assert own["url"] == copy.url
    assert json.loads((tmp_path / "public" / "report.json").read_text("utf-8"))["copies"] == 1


def test_the_first_id_stays_when_a_better_original_comes_later_and_when_the_story_grows(room, tmp_path):
    config, plugin = configured(room, tmp_path, republishes="town-1")
    copy = told(room, "town-1", "After nine years: the ferry is back", COPY, hours=2)
    good(config, "--plugin", plugin)
    (before,) = named(tmp_path, copy.title)
    original = told(room, "town-2", "Night ferry sails again", BODY)
    good(config, "--plugin", plugin)
    (after,) = named(tmp_path, copy.title, original.title)
    assert (after["id"], after["title"], after["url"]) == (before["id"], original.title, original.url)
    assert after["_cleanfeed"]["outlet"] == "town-2"
    room.edit(original, title="Night ferry sails again, with lights")
    good(config, "--plugin", plugin)
    (edited,) = named(tmp_path, "Night ferry sails again, with lights", copy.title)
    assert edited["id"] == before["id"]
    for topic in ("everything", "apart", "own"):
        ids = [item["id"] for item in items(tmp_path / "public", topic)]
        assert len(ids) == len(set(ids))


def test_all_formats_show_the_same_stories_under_the_same_ids(room, tmp_path):
    config, plugin = configured(room, tmp_path)
    told(room, "town-1", "Night ferry sails again", BODY, hours=2)
    told(room, "town-2", "After nine years: the ferry is back", COPY)
    good(config, "--plugin", plugin)
    ids = [item["id"] for item in items(tmp_path / "public")]
    for form in ("rss", "atom"):
        text = (tmp_path / "public" / f"everything.{form}").read_text("utf-8")
        places = [text.index(f">{id_}<") for id_ in ids]
        assert places == sorted(places)
    assert len(ids) == 7


def test_explain_tells_what_was_merged_and_why_by_id_and_by_address_of_the_hidden_copy(room, tmp_path):
    config, plugin = configured(room, tmp_path)
    first = told(room, "town-1", "Night ferry sails again", BODY, hours=2)
    copy = told(room, "town-2", "After nine years: the ferry is back", COPY)
    good(config, "--plugin", plugin)
    (hidden,) = named(tmp_path, copy.title, topic="apart")
    for name in (hidden["id"], copy.url):
        done = build(config, "--plugin", plugin, "--offline", "--explain", name)
        assert "one story in 2 entries" in done.out, done
        assert first.url in done.out
        assert "as a copy of what town-1 tells" in done.out
        assert "stories are kept apart" in done.out


def test_a_quiet_build_writes_nothing_of_stories_anew(room, tmp_path):
    config, plugin = configured(room, tmp_path)
    told(room, "town-1", "Night ferry sails again", BODY, hours=2)
    told(room, "town-2", "After nine years: the ferry is back", COPY)
    good(config, "--plugin", plugin)
    again = good(config, "--plugin", plugin)
    changed = {name for name, state in again.report["files"].items() if state != "unchanged"}
    assert changed == set()
    assert again.report["copies"] == 1


@pytest.mark.parametrize("names", [("a", "b"), ("b", "a")])
def test_saved_pages_give_the_same_bytes_whatever_they_are_called(room, tmp_path, names):
    pages = tmp_path / "pages"
    pages.mkdir()
    articles = (
        told(room, "town-1", "Night ferry sails again", BODY, hours=2),
        told(room, "town-2", "After nine years: the ferry is back", COPY),
    )
    config, plugin = configured(room, tmp_path)
    outputs = []
    for order in (("a", "b"), names):
        for name, article in zip(order, articles, strict=True):
            (pages / f"{name}.html").write_bytes(room._html(article))
            beside = {"url": article.url, "retrieved": room.now().isoformat()}
            (pages / f"{name}.json").write_text(json.dumps(beside), "utf-8")
        good(config, "--plugin", plugin, "--pages", pages, "--output", tmp_path / "public")
        outputs.append((tmp_path / "public" / "everything.json").read_bytes())
    assert outputs[0] == outputs[1]
    (item,) = json.loads(outputs[0])["items"]
    assert item["url"] == articles[0].url
