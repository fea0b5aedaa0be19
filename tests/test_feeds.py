"""What the feeds of a topic hold, in every format."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from lxml import etree

from cleanfeed.feeds import jsonfeed, outline, render, render_index
from cleanfeed.model import EPOCH, Feed
from feedcheck import ATOM, CONTENT, DC, MEDIA, XML, check_atom, check_json, check_opml, check_rss
from feedparts import AUDIO, HARBOUR, MAYDAN, NOON, SITE, UNDATED, VIDEO, entry, feed, many

BASE = SITE.base_url


class Written:
    """A rendered feed, read back."""

    def __init__(self, feed: Feed) -> None:
        self.files = render(feed, SITE)
        slug = feed.topic.slug
        self.rss = etree.fromstring(self.files[f"{slug}.rss"])[0]
        self.atom = etree.fromstring(self.files[f"{slug}.atom"])
        self.json = json.loads(self.files[f"{slug}.json"])
        self.items = self.rss.findall("item")
        self.entries = self.atom.findall(f"{ATOM}entry")
        self.page = self.files[f"{slug}.html"].decode()

    def problems(self) -> list[str]:
        checks = {"rss": check_rss, "atom": check_atom, "json": check_json}
        return [
            f"{name}: {problem}"
            for name, data in self.files.items()
            if (check := checks.get(name.rpartition(".")[2]))
            for problem in check(data, BASE + name)
        ]


def written(*entries: object, **changes: object) -> Written:
    return Written(feed(*entries, **changes))


def test_a_feed_is_written_in_three_formats_and_a_page():
    assert [*render(feed(HARBOUR), SITE)] == ["city.rss", "city.atom", "city.json", "city.html"]


def test_feeds_of_all_kinds_of_entries_pass_the_strict_checker():
    got = written(HARBOUR, MAYDAN, UNDATED, entry(id="tag:harbour.example,2026:9", enclosures=(AUDIO, VIDEO)))
    assert got.problems() == []


def test_all_formats_hold_the_same_ids_newest_first_whatever_order_they_came_in():
    got = written(UNDATED, MAYDAN, HARBOUR)
    ids = [HARBOUR.id, MAYDAN.id, UNDATED.id]
    assert [item.findtext("guid") for item in got.items] == ids
    assert [one.findtext(f"{ATOM}id") for one in got.entries] == ids
    assert [item["id"] for item in got.json["items"]] == ids
    assert render(feed(UNDATED, MAYDAN, HARBOUR), SITE) == render(feed(MAYDAN, HARBOUR, UNDATED), SITE)


def test_entries_of_one_moment_are_ordered_by_their_ids():
    got = written(entry(id="tag:b.example,2026:2"), entry(id="tag:a.example,2026:1"))
    assert [item["id"] for item in got.json["items"]] == ["tag:a.example,2026:1", "tag:b.example,2026:2"]


def test_each_format_names_its_own_address_and_the_page_for_people():
    got = written(HARBOUR)
    assert got.rss.find(f"{ATOM}link").attrib == {
        "href": f"{BASE}city.rss",
        "rel": "self",
        "type": "application/rss+xml",
    }
    assert got.rss.findtext("link") == f"{BASE}city.html"
    assert [(link.get("rel"), link.get("href")) for link in got.atom.findall(f"{ATOM}link")] == [
        ("self", f"{BASE}city.atom"),
        ("alternate", f"{BASE}city.html"),
    ]
    assert (got.json["feed_url"], got.json["home_page_url"]) == (f"{BASE}city.json", f"{BASE}city.html")


def test_an_item_of_rss_has_a_plain_description_before_the_whole_content():
    (item,) = written(HARBOUR).items
    assert item.findtext("description") == HARBOUR.summary
    assert item.findtext(CONTENT) == HARBOUR.content
    tags = [child.tag for child in item]
    assert tags.index("description") < tags.index(CONTENT)
    assert item.find("guid").attrib == {"isPermaLink": "false"}


def test_without_a_summary_the_first_words_are_the_description_and_nothing_pretends_to_be_a_summary():
    got = written(entry(summary=None, text="Nine hours it took. " * 40))
    words = got.items[0].findtext("description")
    assert words.startswith("Nine hours it took. Nine")
    assert words.endswith("…")
    assert 250 < len(words) <= 301
    assert got.entries[0].find(f"{ATOM}summary") is None
    assert "summary" not in got.json["items"][0]


def test_an_entry_without_text_still_has_a_description_and_content():
    got = written(entry(summary=None, text="", content=" "))
    assert got.problems() == []
    assert got.items[0].findtext("description") == HARBOUR.title
    assert got.json["items"][0]["content_html"] == f"<p>{HARBOUR.title}</p>"


def test_atom_says_html_content_in_a_type_that_readers_know():
    (one,) = written(HARBOUR).entries
    content = one.find(f"{ATOM}content")
    assert (content.get("type"), content.text) == ("html", HARBOUR.content)


def test_an_item_of_json_holds_what_extract_prints_in_the_promised_order():
    item = jsonfeed.item(entry(enclosures=(AUDIO, VIDEO)))
    assert [*item] == (
        [
            "id",
            "url",
            "title",
            "content_html",
            "content_text",
            "summary",
            "image",
            "date_published",
            "date_modified",
            "authors",
            "tags",
            "language",
            "attachments",
            "_cleanfeed",
        ]
    )
    assert item["authors"] == [{"name": "Ada Obi"}, {"name": "Bola Ige"}]
    assert item["content_text"] == HARBOUR.text
    assert item["_cleanfeed"] == {
        "outlet": "harbour",
        "section": "City",
        "source": "Coast Wire",
        "captions": ["The hall at dawn."],
        "kind": "article",
        "direction": "ltr",
    }
    assert item["attachments"] == [
        {"url": AUDIO.url, "mime_type": "audio/mpeg", "size_in_bytes": 123456},
        {"url": VIDEO.url, "mime_type": "video/mp4"},
    ]


def test_an_item_of_json_leaves_out_what_has_no_value():
    bare = replace(UNDATED, url=None, text="", content="")
    assert [*jsonfeed.item(bare)] == ["id", "title", "language", "_cleanfeed"]
    assert jsonfeed.item(bare)["_cleanfeed"] == {"outlet": "harbour", "kind": "article", "direction": "ltr"}


def test_json_keeps_the_offset_of_a_date_and_a_date_without_time_says_so():
    lagos = datetime(2026, 10, 5, 0, 0, tzinfo=ZoneInfo("Africa/Lagos"))
    item = jsonfeed.item(entry(published=lagos, updated=None, date_precision="day"))
    assert item["date_published"] == "2026-10-05T00:00:00+01:00"
    assert item["_cleanfeed"]["date_precision"] == "day"
    assert "date_modified" not in item


@pytest.mark.parametrize(
    "zone, rss, json_says",
    [
        (
            timezone(timedelta(hours=5, minutes=45)),
            "Mon, 05 Oct 2026 02:15:00 +0000",
            "2026-10-05T08:00:00+05:45",
        ),
        (timezone(-timedelta(hours=3)), "Mon, 05 Oct 2026 11:00:00 +0000", "2026-10-05T08:00:00-03:00"),
        (
            timezone(timedelta(minutes=13, seconds=35)),
            "Mon, 05 Oct 2026 07:46:25 +0000",
            "2026-10-05T07:46:25+00:00",
        ),
    ],
    ids=["quarter hours", "west", "seconds"],
)
def test_dates_with_odd_offsets_are_written_in_utc_where_a_format_needs_it(zone, rss, json_says):
    got = written(entry(published=datetime(2026, 10, 5, 8, 0, tzinfo=zone), updated=None))
    assert got.problems() == []
    assert got.items[0].findtext("pubDate") == rss
    assert got.entries[0].findtext(f"{ATOM}published").endswith("+00:00")
    assert got.json["items"][0]["date_published"] == json_says


def test_an_entry_without_a_date_has_none_in_any_format_and_its_first_seen_time_is_the_change():
    got = written(UNDATED)
    assert got.problems() == []
    assert got.items[0].find("pubDate") is None
    assert got.entries[0].find(f"{ATOM}published") is None
    assert got.entries[0].findtext(f"{ATOM}updated") == "2026-10-04T12:00:00+00:00"
    assert "date_published" not in got.json["items"][0]


@pytest.mark.parametrize("year", [1066, 1969])
def test_a_date_before_1970_counts_as_none(year):
    long_ago = datetime(year, 10, 14, tzinfo=UTC)
    got = written(entry(published=long_ago, updated=long_ago, first_seen=NOON, date_precision="day"))
    assert got.problems() == []
    assert got.items[0].find("pubDate") is None
    assert got.entries[0].findtext(f"{ATOM}updated") == "2026-10-05T12:00:00+00:00"
    assert str(year).encode() not in b"".join(got.files.values())


def test_all_times_are_told_in_whole_seconds():
    odd = timedelta(microseconds=123456)
    entries = (
        replace(HARBOUR, published=NOON + odd, updated=NOON + odd * 40),
        replace(UNDATED, first_seen=NOON + odd),
    )
    files = render(feed(*entries), SITE)
    assert [name for name, content in files.items() if re.search(rb":\d\d\.\d", content)] == []


def test_a_change_before_the_publication_is_no_change():
    got = written(entry(updated=NOON - timedelta(hours=1)))
    assert got.entries[0].findtext(f"{ATOM}updated") == "2026-10-05T12:00:00+00:00"
    assert "date_modified" not in got.json["items"][0]


def test_a_feed_was_changed_when_the_newest_of_its_entries_was():
    got = written(HARBOUR, MAYDAN)
    assert got.atom.findtext(f"{ATOM}updated") == "2026-10-05T14:00:00+00:00"
    assert got.rss.findtext("lastBuildDate") == "Mon, 05 Oct 2026 14:00:00 +0000"


def test_an_empty_feed_is_valid_and_never_says_now():
    got = written()
    assert got.problems() == []
    assert got.items == got.entries == got.json["items"] == []
    assert datetime.fromisoformat(got.atom.findtext(f"{ATOM}updated")) == EPOCH


def test_an_arabic_entry_in_an_english_feed_says_its_language_in_every_format():
    got = written(MAYDAN, HARBOUR)
    by_id = {one.findtext(f"{ATOM}id"): one for one in got.entries}
    assert got.atom.get(f"{XML}lang") == "en"
    assert by_id[MAYDAN.id].get(f"{XML}lang") == "ar"
    assert by_id[HARBOUR.id].get(f"{XML}lang") is None
    assert by_id[MAYDAN.id].findtext(f"{ATOM}content").startswith('<div lang="ar" dir="rtl">')
    assert [item.findtext(f"{DC}language") for item in got.items] == [None, "ar"]
    assert [item["language"] for item in got.json["items"]] == ["en", "ar"]


@pytest.mark.parametrize("said, language", [("en_US", "en-US"), ("ar", "ar"), ("no language", None)])
def test_languages_are_spelt_as_bcp_47(said, language):
    got = written(replace(HARBOUR, language=said), language=said)
    assert got.problems() == []
    assert got.rss.findtext("language") == got.json.get("language") == got.atom.get(f"{XML}lang") == language


def test_of_entries_with_one_id_the_last_changed_is_kept():
    old, new = entry(title="Old", updated=None), entry(title="New", published=NOON - timedelta(days=3))
    for order in ((old, new), (new, old)):
        assert [item["title"] for item in written(*order).json["items"]] == ["New"]


def test_one_entry_in_two_topics_has_one_id():
    ids = {written(HARBOUR, slug=slug).items[0].findtext("guid") for slug in ("city", "budget")}
    assert ids == {HARBOUR.id}


def test_every_author_is_a_creator_in_rss_and_an_author_in_atom():
    names = [f"Writer {number}" for number in range(12)]
    got = written(entry(authors=(*names, "writer 3")))
    assert [one.text for one in got.items[0].findall(f"{DC}creator")] == names
    assert [one.text for one in got.entries[0].iter(f"{ATOM}name")] == names


@pytest.mark.parametrize(
    "byline, names",
    [
        ("Ada Obi <ada@harbour.example>", ["Ada Obi"]),
        ("ada@harbour.example (Ada Obi)", ["Ada Obi"]),
        ("Ada Obi, ada.obi@mail.harbour.example", ["Ada Obi"]),
        ("Ada Obi (mailto:ada@harbour.example)", ["Ada Obi"]),
        ("ada@harbour.example", None),
        ("@adaobi", ["@adaobi"]),
        ("  ", None),
    ],
)
def test_no_address_of_an_author_leaks(byline, names):
    got = written(entry(authors=(byline,)))
    assert got.problems() == []
    assert b"ada@" not in b"".join(got.files.values())
    assert [one["name"] for one in got.json["items"][0].get("authors", [])] == (names or [])


def test_the_author_of_a_feed_is_its_outlet_or_the_topic():
    for got, name in ((written(HARBOUR, UNDATED), "The Harbour"), (written(HARBOUR, MAYDAN), "City news")):
        assert got.atom.find(f"{ATOM}author").findtext(f"{ATOM}name") == name
        assert got.rss.findtext(f"{DC}creator") == name
        assert got.json["authors"] == [{"name": name}]


def test_the_credited_agency_is_the_source_of_an_item():
    assert written(HARBOUR).items[0].findtext(f"{DC}source") == "Coast Wire"


def test_section_and_tags_are_categories_once_each_and_never_blank():
    got = written(entry(section="City", tags=("Budget", "budget", "city", " ", "R&D, science", "A <b>")))
    wanted = ["City", "Budget", "R&D, science", "A ‹b›"]
    assert got.problems() == []
    assert [one.text for one in got.items[0].findall("category")] == wanted
    assert [one.get("term") for one in got.entries[0].findall(f"{ATOM}category")] == wanted


def test_two_hundred_tags_are_cut_to_fifty():
    got = written(entry(section=None, tags=tuple(f"tag {number}" for number in range(200))))
    assert len(got.items[0].findall("category")) == len(got.json["items"][0]["tags"]) == 50


def test_a_picture_is_media_content_and_a_thumbnail_outside_of_a_group():
    got = written(HARBOUR)
    for parent in (got.items[0], got.entries[0]):
        assert parent.find(f"{MEDIA}content").attrib == {"url": HARBOUR.image, "medium": "image"}
        assert parent.find(f"{MEDIA}thumbnail").attrib == {"url": HARBOUR.image}
        assert parent.find(f"{MEDIA}group") is None


def test_enclosures_leave_the_link_to_the_article_alone():
    got = written(entry(enclosures=(AUDIO, VIDEO), image=None))
    assert got.problems() == []
    (item,), (one,) = got.items, got.entries
    assert item.findtext("link") == HARBOUR.url
    assert item.find("enclosure").attrib == {"url": AUDIO.url, "length": "123456", "type": "audio/mpeg"}
    assert item.find(f"{MEDIA}content").attrib == {"url": VIDEO.url, "type": "video/mp4", "medium": "video"}
    assert [dict(link.attrib) for link in one.findall(f"{ATOM}link")] == [
        {"href": HARBOUR.url},
        {"rel": "enclosure", "href": AUDIO.url, "type": "audio/mpeg", "length": "123456"},
        {"rel": "enclosure", "href": VIDEO.url, "type": "video/mp4"},
    ]


def test_an_enclosure_of_unknown_type_is_left_out_of_rss_only():
    unknown = replace(VIDEO, url="https://cdn.harbour.example/stream", type="?")
    got = written(entry(enclosures=(unknown, replace(AUDIO, length=0))))
    assert got.problems() == []
    assert got.items[0].find("enclosure").attrib == {"url": AUDIO.url, "length": "0", "type": "audio/mpeg"}
    assert len(got.entries[0].findall(f"{ATOM}link")) == 3
    assert len(got.json["items"][0]["attachments"]) == 2


def test_an_entry_without_an_address_has_no_link_anywhere():
    got = written(entry(url=None))
    assert got.problems() == []
    assert got.items[0].find("link") is None
    assert got.entries[0].find(f"{ATOM}link") is None


def test_an_index_needs_no_entries_and_lists_the_feeds_in_the_order_given():
    outlines = [outline(feed(HARBOUR, MAYDAN, MAYDAN)), outline(feed(slug="empty", title="Empty & new"))]
    assert (outlines[0].count, outlines[0].newest, outlines[0].outlets) == (2, NOON, ("harbour", "maydan"))
    assert [one.title for one in outlines[0].headlines] == [HARBOUR.title, MAYDAN.title]
    assert (outlines[1].count, outlines[1].newest) == (0, None)
    files = render_index(outlines, SITE)
    assert [*files] == ["index.html", "feeds.opml"]
    assert check_opml(files["feeds.opml"]) == []
    body = etree.fromstring(files["feeds.opml"])[1]
    assert [one.get("xmlUrl") for one in body] == [f"{BASE}city.rss", f"{BASE}empty.rss"]
    assert [one.get("text") for one in body] == ["City news", "Empty & new"]


@pytest.mark.parametrize("numbers", [(9, 10, 11), (1046000, 1046010, 1046999)])
def test_of_one_moment_the_highest_number_of_the_outlet_comes_first(numbers):
    entries = [entry(id=f"tag:cleanfeed.invalid,2026:harbour/{number}", published=NOON) for number in numbers]
    got = [item["id"] for item in written(*entries).json["items"]]
    assert got == [each.id for each in reversed(entries)]


def test_where_only_the_day_is_known_what_was_had_later_in_the_day_stands_above_what_was_had_before():
    beirut = timezone(timedelta(hours=2))
    day = datetime(2026, 10, 5, tzinfo=beirut)
    names = ("dawn", "noon", "night", "the day after", "undated")
    hours = (1, 13, 23, 27, 12)
    entries = [
        entry(
            id=f"tag:cleanfeed.invalid,2026:harbour/{name}",
            published=None if name == "undated" else day,
            date_precision=None if name == "undated" else "day",
            updated=None,
            first_seen=(day + timedelta(hours=hour, minutes=5)).astimezone(UTC),
        )
        for name, hour in zip(names, hours, strict=True)
    ]
    got = written(*entries, limit=4).json["items"]
    # One that was had on another day tells nothing of the hour.
    assert [item["id"].rpartition("/")[2] for item in got] == ["night", "noon", "undated", "dawn"]
    assert {item.get("date_published") for item in got} == {day.isoformat(), None}


def test_no_more_entries_than_the_topic_allows_and_those_the_newest():
    got = written(*reversed(many(60)), limit=7)
    assert [item["title"] for item in got.json["items"]] == [f"Report {number}" for number in range(7)]
