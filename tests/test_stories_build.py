"""One story once: what feeds show of copies, under which id, and why, from saved pages and from the web."""

from __future__ import annotations

import json
import shutil
from datetime import datetime, timedelta
from itertools import permutations

import pytest
from lxml import etree, html

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


ARABIC = [
    "أعلن رئيس بلدية مرسى الزيتون يوم الجمعة أنّ العبّارة الليلية ستعود إلى الإبحار بين الرصيفين بعد تسع سنوات من التوقف.",
    "وقال المسؤول إنّ سعر التذكرة سيكون أربعين قرشاً، وإنّ الأطفال دون السادسة سيسافرون مجاناً طوال الصيف المقبل.",
    "وأُعيد بناء القارب في حوض على الساحل بأموال جمعتها نقابة الصيادين منذ إغلاق الخط القديم قبل أعوام طويلة.",
    "ويعمل محركه بالكهرباء، ويُشحن بينما يحمّل خبّازو المدينة القديمة صناديقهم لأسواق الصباح في الجهة الأخرى.",
]
PLAINLY = str.maketrans({"أ": "ا", "إ": "ا", **dict.fromkeys("\u064b\u064e\u064f\u0651")})
PAIRS = {
    "almanar-en": ("daily8-en", BODY, COPY, "Also in"),
    "almanar-ar": ("daily8-ar", ARABIC, [each.translate(PLAINLY) for each in ARABIC], "أيضاً في"),
}


@pytest.mark.parametrize("slug", PAIRS)
def test_a_republished_article_yields_to_its_original_in_its_own_language(tmp_path, slug):
    republisher, body, copied, words = PAIRS[slug]
    with Newsroom([slug, republisher]) as room:
        copy = told(room, republisher, body[0][:40], copied, hours=1)
        original = told(room, slug, body[1][:40], body)
        config = room.config(tmp_path)
        built = good(config)
        (item,) = built.items()
        assert (item["url"], item["_cleanfeed"]["outlet"]) == (original.url, slug)
        assert item["_cleanfeed"]["also_in"] == [{"outlet": republisher, "url": copy.url}]
        # Inside whatever gives the text its language and direction.
        content = html.fromstring(f"<body>{item['content_html']}</body>")
        line = content.xpath(".//p")[-1]
        assert line.text.strip() == words
        assert line.xpath("string(ancestor-or-self::*[@dir][1]/@dir)") == ("rtl" if "-ar" in slug else "")
        assert [link.get("href") for link in line.iter("a")] == [copy.url]


def test_the_page_for_people_says_once_for_each_entry_where_else_its_story_is_told(room, tmp_path):
    config, plugin = configured(room, tmp_path)
    told(room, "town-1", "Night ferry sails again", BODY, hours=2)
    copy = told(room, "town-2", "After nine years: the ferry is back", COPY)
    good(config, "--plugin", plugin)
    page = html.parse(tmp_path / "public" / "everything.html")
    (link,) = page.xpath(f"//a[@href='{copy.url}']")
    assert link.text == "Town 2"
    assert not link.xpath("ancestor::details")
    assert page.xpath("//details//p[contains(., 'a vote that took two sessions')]")


def test_reordering_and_editing_a_copy_leave_its_story_one(room, tmp_path):
    config, plugin = configured(room, tmp_path)
    first = told(room, "town-1", "Night ferry sails again", BODY, hours=2)
    copy = told(room, "town-2", "After nine years: the ferry is back", COPY)
    good(config, "--plugin", plugin)
    (before,) = named(tmp_path, first.title)
    room.edit(copy, body=(COPY[0], COPY[2], COPY[1], *COPY[3:]))
    good(config, "--plugin", plugin)
    room.edit(first, body=(*BODY, "Passengers may bring bicycles, the guild added in the evening."))
    good(config, "--plugin", plugin)
    (after,) = named(tmp_path, first.title, copy.title)
    assert after["id"] == before["id"]
    assert after["_cleanfeed"]["also_in"] == before["_cleanfeed"]["also_in"]
    assert "bicycles" in after["content_text"]


FIGURES = [
    "Six people were hurt when the pier of Qasr Nuwara gave way on Monday, and 31 were taken off a barge below it.",
    "Some 240 passengers waited on the quay at 9 in the morning for a boat of 80 seats, the harbour master said.",
    *BODY[2:],
]
LATER = [
    "Nine people were hurt when the pier of Qasr Nuwara gave way on Monday, and 44 were taken off a barge below it.",
    "Some 310 passengers waited on the quay at 9 in the morning for a boat of 80 seats, the harbour master said.",
    *BODY[2:],
]


@pytest.mark.parametrize("first", ["original", "copy"])
def test_an_original_that_is_brought_up_to_date_is_no_second_story_beside_its_copy(first, room, tmp_path):
    config, plugin = configured(room, tmp_path, republishes="town-2")
    order = [("town-1", "Pier gives way"), ("town-2", "A pier gives way")]
    told_in_turn = []
    for slug, title in order if first == "original" else reversed(order):
        told_in_turn.append(told(room, slug, title, FIGURES, hours=2 - len(told_in_turn)))
        good(config, "--plugin", plugin)
    (before,) = named(tmp_path, "Pier gives way")
    original, copy = sorted(told_in_turn, key=lambda each: each.edition.slug)
    room.edit(original, body=tuple(LATER), title="Nine hurt as pier gives way")
    for _ in range(2):
        good(config, "--plugin", plugin)
        (after,) = named(tmp_path, original.title, "Pier gives way", copy.title)
        assert (after["id"], after["url"]) == (before["id"], original.url)
        assert after["title"] == "Nine hurt as pier gives way"
        assert [each["url"] for each in after["_cleanfeed"]["also_in"]] == [copy.url]


def test_when_an_earlier_original_takes_a_story_over_its_last_change_does_not_go_back(room, tmp_path):
    config, plugin = configured(room, tmp_path, republishes="town-1")
    told(room, "town-1", "After nine years: the ferry is back", COPY, hours=1)
    good(config, "--plugin", plugin)
    before = _updated(tmp_path)
    original = told(room, "town-2", "Night ferry sails again", BODY, hours=9)
    good(config, "--plugin", plugin)
    (item,) = named(tmp_path, original.title)
    assert _updated(tmp_path)[item["id"]] >= before[item["id"]]
    assert item["date_published"] < item["date_modified"]


def _updated(folder):
    feed = etree.parse(folder / "public" / "everything.atom")
    atom = {"a": "http://www.w3.org/2005/Atom"}
    return {
        each.findtext("a:id", None, atom): datetime.fromisoformat(each.findtext("a:updated", None, atom))
        for each in feed.iterfind(".//a:entry", atom)
    }


def test_a_copy_that_is_rewritten_into_another_article_is_an_entry_of_its_own_again(room, tmp_path):
    config, plugin = configured(room, tmp_path)
    first = told(room, "town-1", "Night ferry sails again", BODY, hours=2)
    copy = told(room, "town-2", "After nine years: the ferry is back", COPY)
    good(config, "--plugin", plugin)
    room.edit(
        copy, body=("The guild of bakers has a new oven.", "It was carried up the hill by forty hands.")
    )
    good(config, "--plugin", plugin)
    found = named(tmp_path, first.title, copy.title)
    assert {item["url"] for item in found} == {first.url, copy.url}
    assert all("also_in" not in item["_cleanfeed"] for item in found)
    assert len({item["id"] for item in found}) == 2


def test_a_limit_counts_stories(room, tmp_path):
    config, plugin = configured(room, tmp_path)
    text = config.read_text("utf-8").replace("everything = true\n", "everything = true\nlimit = 3\n", 1)
    config.write_text(text, "utf-8")
    told(room, "town-1", "Night ferry sails again", BODY)
    told(room, "town-2", "After nine years: the ferry is back", COPY)
    good(config, "--plugin", plugin)
    assert len(items(tmp_path / "public")) == 3
    assert len(named(tmp_path, "Night ferry sails again", "After nine years: the ferry is back")) == 1


@pytest.mark.parametrize("stories", ["merge", "keep"])
def test_topics_by_themselves_tell_stories_as_auto_says(room, tmp_path, stories):
    config = room.config(tmp_path, topics=f'[auto]\nby = ["section"]\nstories = "{stories}"\n')
    plugin = room.plugin(tmp_path)
    for slug, title, text in (("town-1", "The ferry sails", BODY), ("town-2", "The ferry is back", COPY)):
        room.publish(slug, 1, title=title, sections=("politics",), _body=tuple(text))
    built = good(config, "--plugin", plugin)
    shown = [title for title in built.titles("politics") if "The ferry" in title]
    assert len(shown) == {"merge": 1, "keep": 2}[stories]


def test_three_copies_of_saved_pages_give_the_same_bytes_in_any_order_and_by_any_number_of_jobs(tmp_path):
    with Newsroom(["town-1", "town-2", "town-3"]) as room:
        articles = [
            told(room, f"town-{number}", f"Night ferry, as town {number} has it", BODY, hours=number)
            for number in (1, 2, 3)
        ]
        config, plugin = configured(room, tmp_path)
        pages, found = tmp_path / "pages", set()
        for jobs, names in enumerate(permutations("abc"), 1):
            shutil.rmtree(pages, ignore_errors=True)
            pages.mkdir()
            for name, article in zip(names, articles, strict=True):
                (pages / f"{name}.html").write_bytes(room._html(article))
                beside = {"url": article.url, "retrieved": room.now().replace(microsecond=0).isoformat()}
                (pages / f"{name}.json").write_text(json.dumps(beside), "utf-8")
            options = ("--pages", pages, "--output", tmp_path / f"public-{jobs}", "--jobs", str(1 + jobs % 3))
            good(config, "--plugin", plugin, *options)
            found.add(
                tuple(
                    (tmp_path / f"public-{jobs}" / f"everything.{form}").read_bytes()
                    for form in ("rss", "atom", "json", "html")
                )
            )
        assert len(found) == 1
        (item,) = items(tmp_path / "public-1")
        # The one that was published first; the others in the order of their publication.
        assert [item["url"], *(copy["url"] for copy in item["_cleanfeed"]["also_in"])] == [
            article.url for article in reversed(articles)
        ]


def test_explain_of_a_story_that_is_published_under_an_id_that_is_gone_still_finds_it(room, tmp_path):
    config, plugin = configured(room, tmp_path)
    config.write_text(config.read_text("utf-8").replace("[fetch]", '[fetch]\nwithdrawn = "drop"', 1), "utf-8")
    first = told(room, "town-1", "Night ferry sails again", BODY, hours=2)
    copy = told(room, "town-2", "After nine years: the ferry is back", COPY)
    good(config, "--plugin", plugin)
    (before,) = named(tmp_path, first.title)
    room.withdraw(first)
    good(config, "--plugin", plugin)
    (after,) = named(tmp_path, first.title, copy.title)
    assert (after["id"], after["url"]) == (before["id"], copy.url)
    for name in (before["id"], copy.url):
        done = build(config, "--plugin", plugin, "--offline", "--explain", name)
        assert done.status == 0, done
        assert copy.title in done.out
        assert before["id"] in done.out
