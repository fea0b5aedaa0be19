"""What a feed says of itself besides its entries: hub, frequency, ids of its own, icon, and its past."""

from __future__ import annotations

import json
import subprocess
from dataclasses import replace

import feedparser
import pytest
from lxml import etree

from cleanfeed.feeds import render, render_archive
from cleanfeed.ids import mint
from cleanfeed.ledger.published import entries_in
from cleanfeed.model import Chain
from feedcheck import ATOM, HISTORY, SY, check_atom, check_json, check_rss
from feedparts import HARBOUR, MAYDAN, SITE, UNDATED, entry, feed
from parts import require_program

HUB = "https://hub.example.org/"
ICON = "https://www.harbour.example/favicon.ico"
OFFERED = replace(SITE, hub=HUB, ids="per-feed", icons={"harbour": ICON})
ENTRIES = (HARBOUR, UNDATED, entry(id=mint("harbour", "a?b=1&c=ü#d"), title="Odd"))
CHAINS = {"city": Chain(previous=3), "city.archive-2": Chain(number=2, previous=1, next=3)}


def files(stem: str, site=OFFERED, entries=ENTRIES) -> dict[str, bytes]:
    chain = CHAINS[stem]
    return (render_archive if chain.number else render)(feed(*entries), site, chain)


def links(data: bytes) -> dict[str, str]:
    """The links of a feed, not of its entries, by relation."""
    root = etree.fromstring(data)
    parent = root[0] if root.tag == "rss" else root
    return {one.get("rel"): one.get("href") for one in parent.findall(f"{ATOM}link")}


def ids(name: str, data: bytes) -> list[str]:
    if name.endswith("json"):
        return [item["id"] for item in json.loads(data)["items"]]
    return [one.text for one in etree.fromstring(data).iter("guid", f"{ATOM}id")][name.endswith("atom") :]


# --- every document


@pytest.mark.parametrize("stem", CHAINS)
@pytest.mark.parametrize("site", [SITE, OFFERED], ids=["plain", "offered"])
def test_a_feed_with_all_that_can_be_offered_passes_the_checks(stem, site):
    made = files(stem, site)
    for suffix, check in (("rss", check_rss), ("atom", check_atom), ("json", check_json)):
        assert check(made[f"{stem}.{suffix}"], f"{SITE.base_url}{stem}.{suffix}") == []


@pytest.mark.parametrize("stem", CHAINS)
@pytest.mark.parametrize("suffix", ["rss", "atom"])
@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # feedparser's own
def test_readers_find_a_feed_with_all_that_can_be_offered_well_formed(stem, suffix, tmp_path):
    data = files(stem)[f"{stem}.{suffix}"]
    got = feedparser.parse(data)
    assert not got.bozo
    assert got.feed.link == f"{SITE.base_url}city.html"
    items = json.loads(files(stem)[f"{stem}.json"])["items"]
    assert [(one.id, one.link) for one in got.entries] == [(item["id"], item["url"]) for item in items]
    (tmp_path / "feed.xml").write_bytes(data)
    subprocess.run([require_program("xmllint"), "--noout", tmp_path / "feed.xml"], check=True, timeout=60)


@pytest.mark.parametrize("stem", CHAINS)
@pytest.mark.parametrize("site", [SITE, OFFERED], ids=["shared", "per-feed"])
def test_all_formats_carry_the_same_ids_in_the_same_order(stem, site):
    found = [ids(name, data) for name, data in files(stem, site).items() if not name.endswith("html")]
    assert len(found[0]) == len(ENTRIES)
    assert found[0] == found[1] == found[2]


# --- the hub


def test_a_hub_is_named_in_every_format_of_the_feed_and_in_no_archive():
    made = files("city") | files("city.archive-2")
    assert links(made["city.rss"])["hub"] == HUB
    assert links(made["city.atom"])["hub"] == HUB
    assert json.loads(made["city.json"])["hubs"] == [{"type": "WebSub", "url": HUB}]
    for name in ("city.archive-2.rss", "city.archive-2.atom", "city.archive-2.json"):
        assert HUB.encode() not in made[name]


def test_a_feed_without_a_hub_names_none():
    assert all(b"hub" not in data for name, data in files("city", SITE).items() if not name.endswith("html"))


# --- how often


@pytest.mark.parametrize(
    "minutes, period, times",
    [
        (1, "hourly", 60),
        (15, "hourly", 4),
        (60, "hourly", 1),
        (45, "daily", 32),
        (120, "daily", 12),
        (1440, "daily", 1),
        (7, "weekly", 1440),
        (2880, "weekly", 3),
        (10080, "weekly", 1),
    ],
)
def test_rss_says_how_often_it_is_worth_asking_in_both_ways(minutes, period, times):
    channel = etree.fromstring(files("city", replace(SITE, every_minutes=minutes))["city.rss"])[0]
    said = [channel.findtext(tag) for tag in ("ttl", f"{SY}updatePeriod", f"{SY}updateFrequency")]
    assert said == [str(minutes), period, str(times)]


def test_no_frequency_that_is_told_is_higher_than_the_one_that_was_asked_for():
    length = {"hourly": 60, "daily": 1440, "weekly": 10080}
    for minutes in range(1, 10081, 13):
        channel = etree.fromstring(files("city", replace(SITE, every_minutes=minutes), ())["city.rss"])[0]
        times = int(channel.findtext(f"{SY}updateFrequency"))
        assert times >= 1
        assert length[channel.findtext(f"{SY}updatePeriod")] / times >= minutes


def test_an_archive_never_asks_for_a_second_look():
    channel = etree.fromstring(files("city.archive-2")["city.archive-2.rss"])[0]
    assert {"ttl", f"{SY}updatePeriod", f"{SY}updateFrequency"} & {child.tag for child in channel} == set()


# --- ids


def test_an_own_id_is_that_of_the_entry_with_the_topic_as_its_fragment_for_all_time():
    made = json.loads(files("city")["city.json"])["items"]
    assert {item["id"] for item in made} == {
        "tag:harbour.example,2026:4711#city",
        "tag:harbour.example,2026:12#city",
        "tag:cleanfeed.invalid,2026:harbour/a?b=1&c=%C3%BC%23d#city",
    }
    assert {item["_cleanfeed"]["id"] for item in made} == {one.id for one in ENTRIES}


def test_a_shared_id_is_said_once():
    made = json.loads(files("city", SITE)["city.json"])["items"]
    assert {item["id"] for item in made} == {one.id for one in ENTRIES}
    assert all("id" not in item["_cleanfeed"] for item in made)


def test_what_is_read_from_a_feed_with_own_ids_has_the_shared_ones(tmp_path):
    for name, data in files("city").items():
        (tmp_path / name).write_bytes(data)
    found = {one.id: one for one in entries_in(tmp_path / "city.json")}
    assert found.keys() == {one.id for one in ENTRIES}
    assert found[UNDATED.id].first_seen == UNDATED.first_seen


# --- icons


def test_a_feed_of_one_outlet_has_its_icon():
    made = files("city")
    assert json.loads(made["city.json"])["favicon"] == ICON
    assert etree.fromstring(made["city.atom"]).findtext(f"{ATOM}icon") == ICON


@pytest.mark.parametrize(
    "entries, icons",
    [
        ((HARBOUR, MAYDAN), {"harbour": ICON, "maydan": ICON}),
        ((HARBOUR,), {"maydan": ICON}),
        ((HARBOUR,), {"harbour": "javascript:alert(1)"}),
        ((), {"harbour": ICON}),
    ],
    ids=["two outlets", "no icon", "no web address", "no entries"],
)
def test_other_feeds_have_none(entries, icons):
    made = files("city", replace(SITE, icons=icons), entries)
    assert "favicon" not in json.loads(made["city.json"])
    assert etree.fromstring(made["city.atom"]).find(f"{ATOM}icon") is None


# --- the past


@pytest.mark.parametrize("suffix", ["rss", "atom"])
def test_a_feed_names_its_newest_archive_and_an_archive_its_neighbours_and_the_feed(suffix):
    base = SITE.base_url
    of_feed = links(files("city")[f"city.{suffix}"])
    assert of_feed["prev-archive"] == f"{base}city.archive-3.{suffix}"
    assert {"next-archive", "current"} & of_feed.keys() == set()
    archive = links(files("city.archive-2")[f"city.archive-2.{suffix}"])
    assert archive["self"] == f"{base}city.archive-2.{suffix}"
    assert archive["current"] == f"{base}city.{suffix}"
    assert archive["prev-archive"] == f"{base}city.archive-1.{suffix}"
    assert archive["next-archive"] == f"{base}city.archive-3.{suffix}"


def test_json_leads_from_page_to_page():
    said = json.loads(files("city")["city.json"])
    assert said["next_url"] == f"{SITE.base_url}city.archive-3.json"
    said = json.loads(files("city.archive-2")["city.archive-2.json"])
    assert said["next_url"] == f"{SITE.base_url}city.archive-1.json"
    assert said["feed_url"] == f"{SITE.base_url}city.archive-2.json"


@pytest.mark.parametrize(
    "suffix, place", [("rss", f"channel/{HISTORY}archive"), ("atom", f"{HISTORY}archive")]
)
def test_an_archive_is_marked_as_one_and_a_feed_is_not(suffix, place):
    assert len(etree.fromstring(files("city.archive-2")[f"city.archive-2.{suffix}"]).findall(place)) == 1
    assert etree.fromstring(files("city")[f"city.{suffix}"]).findall(place) == []
    assert b"history" not in files("city")[f"city.{suffix}"]


def test_a_feed_and_its_archives_are_one_feed_to_atom():
    of_feed, of_archive = (
        etree.fromstring(files(stem)[f"{stem}.atom"]).findtext(f"{ATOM}id") for stem in CHAINS
    )
    assert of_feed == of_archive == f"{SITE.base_url}city.atom"
