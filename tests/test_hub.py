"""A hub hears of each change once, and what goes wrong there costs no feed."""

from __future__ import annotations

import json
import socket
from urllib.parse import urlsplit

import pytest

from cliparts import CONFIG, Place, story
from hubparts import hub
from liveparts import build, good, stamps
from newsroom import Newsroom

ALL = ["everything.atom", "everything.json", "everything.rss"]


def offered(text: str, url: str, **more: str) -> str:
    """A configuration with a hub that may be asked."""
    fetch = more.get("fetch", 'allow_hosts = ["127.0.0.1"]\ndelay = 0\n')
    tables = f'\n[publish]\nhub = "{url}"\n'
    if "[fetch]\n" in text:
        return text.replace("[fetch]\n", f"[fetch]\n{fetch.partition('delay')[0]}") + tables
    return f"{text}{tables}\n[fetch]\n{fetch}"


@pytest.fixture
def told():
    with hub() as made:
        yield made


@pytest.fixture
def place(tmp_path, told):
    """Saved pages, and a configuration with the hub."""
    made = Place(tmp_path)
    made.stories(1, 2, 3)
    made.write("cleanfeed.toml", offered(CONFIG, told.url))
    return made


@pytest.fixture
def room():
    with Newsroom(["arise"]) as made:
        made.publish("arise", 3)
        yield made


def from_the_web(room, folder, url):
    """The configuration of builds from the web, with one topic and the hub."""
    topics = '[topics.everything]\ntitle = "Everything"\neverything = true\n'
    path = room.config(folder, topics=topics)
    path.write_text(offered(path.read_text("utf-8"), url), "utf-8")
    return path


# --- what is said


def test_a_hub_is_told_of_each_format_in_the_words_that_hubs_know(place, told):
    assert place.run("build").status == 0
    for form in told.told:
        (address,) = form["hub.url"]
        assert form == {"hub.mode": ["publish"], "hub.url": [address], "hub.topic": [address]}
        assert address.startswith("https://feeds.example.org/everything.")
    assert told.heard() == ALL
    for method, path, headers in told.requests:
        assert (method, path) == ("POST", "/hub")
        assert headers["Content-Type"] == "application/x-www-form-urlencoded"
        assert headers["User-Agent"].startswith("cleanfeed/")


def test_the_note_of_a_build_says_how_many_feeds_the_hub_was_told_of(place, told):
    done = place.run("build")
    assert f"{told.url}: was told of 3 changed feeds" in done.out
    assert place.report()["requests"] == {told.url.removesuffix("/hub"): 3}


def test_the_address_of_a_hub_may_have_a_query(place, told):
    place.write("cleanfeed.toml", offered(CONFIG, f"{told.url}?pushpress=hub&a=b"))
    assert place.run("build").status == 0
    assert told.heard() == ALL
    assert {path for _method, path, _headers in told.requests} == {"/hub?pushpress=hub&a=b"}
    assert "?pushpress=hub&amp;a=b" in (place.folder / "public" / "everything.rss").read_text("utf-8")


# --- once for each change, with and without a ledger


def test_saved_pages_that_have_not_changed_are_no_news(place, told):
    place.run("build")
    told.heard()
    assert place.run("build").status == 0
    assert told.heard() == []
    place.stories(4)
    assert place.run("build").status == 0
    assert told.heard() == ALL


def test_pages_from_the_web_that_have_not_changed_are_no_news(room, told, tmp_path):
    config = from_the_web(room, tmp_path, told.url)
    good(config)
    assert told.heard() == ALL
    good(config)
    assert told.heard() == []
    room.publish("arise", 1)
    good(config)
    assert told.heard() == ALL


def test_only_feeds_whose_bytes_have_changed_are_news(place, told):
    more = '[topics.part-three]\ntitle = "Part three"\nany = ["part 3"]\n'
    place.write("cleanfeed.toml", offered(CONFIG + more, told.url))
    place.run("build")
    assert len(told.heard()) == 6
    place.stories(4)
    place.run("build")
    assert told.heard() == ALL


def test_of_many_changed_feeds_some_wait_for_later_builds_and_none_waits_for_ever(place, told):
    more = "".join(
        f'[topics.t{number}]\ntitle = "Topic {number}"\neverything = true\n' for number in range(24)
    )
    place.write("cleanfeed.toml", offered(CONFIG + more, told.url))
    told.refused = {"everything.atom"}
    done = place.run("build")
    assert "was told of 59 changed feeds; the next build tells it of 15 more" in done.out
    first = told.heard()
    place.stories(4)  # now all have changed again
    told.refused.clear()
    place.run("build")
    second = told.heard()
    assert len(second) == 60
    assert len({*first, *second}) == 75
    place.run("build")
    assert len(told.heard()) == 15


def test_another_hub_is_told_of_everything(place, told):
    place.run("build")
    told.heard()
    with hub() as other:
        place.write("cleanfeed.toml", offered(CONFIG, other.url))
        place.run("build")
        assert other.heard() == ALL
    assert told.heard() == []


# --- nobody is told


def test_offline_builds_tell_nobody_and_the_next_other_build_tells_what_they_wrote(room, told, tmp_path):
    config = from_the_web(room, tmp_path, told.url)
    good(config)
    told.heard()
    text = config.read_text("utf-8")
    config.write_text(text.replace('title = "Everything"', 'title = "All of it"'), "utf-8")
    good(config, "--offline")
    assert told.heard() == []
    assert b"All of it" in (tmp_path / "public" / "everything.rss").read_bytes()
    good(config)
    assert told.heard() == ALL
    good(config)
    assert told.heard() == []


def test_offline_builds_from_saved_pages_tell_nobody(place, told):
    assert place.run("build", "--offline").status == 0
    assert told.requests == []
    place.run("build")
    assert told.heard() == ALL


def test_without_a_hub_nobody_is_told_and_nothing_is_remembered_of_one(place, told):
    place.write("cleanfeed.toml", CONFIG)
    assert place.run("build").status == 0
    assert told.requests == []
    assert not list(place.public.glob(".cleanfeed-hub*"))


# --- what goes wrong


def closed() -> str:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return f"http://127.0.0.1:{server.getsockname()[1]}/hub"


FAILURES = [
    (500, {}, "answered 500"),
    (403, {}, "answered 403"),
    (429, {"Retry-After": "1"}, "answered 429"),
    (
        301,
        {"Location": "https://hub.example.org/x"},
        "it redirects to https://hub.example.org/x, where nothing is",
    ),
]


@pytest.mark.parametrize("status, headers, reason", FAILURES, ids=[str(each[0]) for each in FAILURES])
def test_a_hub_that_fails_is_a_problem_and_the_feeds_are_there(place, told, status, headers, reason):
    told.status, told.headers = status, headers
    done = place.run("build")
    assert done.status == 1
    (complaint,) = [line for line in done.complaints if told.url in line]
    assert complaint.startswith(f"{told.url}: could not be told of 3 changed feeds: {reason}")
    assert complaint.endswith("the next build tries again")
    assert complaint in place.report()["problems"]
    assert len(json.loads(place.bytes()["everything.json"])["items"]) == 3


def test_a_hub_that_nobody_answers_at_is_tried_again_by_the_next_build(place, told):
    place.write("cleanfeed.toml", offered(CONFIG, closed()))
    done = place.run("build")
    assert done.status == 1
    assert "could not be told of 3 changed feeds: the connection was refused" in done.err
    assert place.run("build").status == 1


def test_what_a_hub_has_missed_is_told_by_the_next_build_though_nothing_has_changed(room, told, tmp_path):
    config = from_the_web(room, tmp_path, told.url)
    told.status = 404
    built = build(config)
    assert built.status == 1
    assert "could not be told of 3 changed feeds: answered 404" in built.err
    before = stamps(built.folder)
    told.status = 204
    told.heard()
    good(config)
    assert told.heard() == ALL
    assert stamps(built.folder) == before
    good(config)
    assert told.heard() == []


def test_a_feed_that_the_hub_refuses_keeps_no_other_from_it_and_is_told_again_alone(place, told):
    told.refused = {"everything.json"}
    done = place.run("build")
    assert done.status == 1
    assert "could not be told of 1 changed feed: answered 404" in done.err
    assert told.heard() == ALL
    told.refused = set()
    assert place.run("build").status == 0
    assert told.heard() == ["everything.json"]


def test_a_redirect_is_not_followed_with_what_is_posted(place, told):
    told.status, told.headers = 307, {"Location": f"{told.url}/elsewhere"}
    assert place.run("build").status == 1
    assert {path for _method, path, _headers in told.requests} == {"/hub"}


def test_a_hub_that_fails_for_a_moment_is_asked_again_at_once(place, told):
    told.failing = 1
    assert place.run("build").status == 0
    assert sorted({*told.feeds}) == ALL
    assert len(told.feeds) == len(ALL) + 1


def test_a_hub_that_asked_for_a_pause_is_left_alone_by_later_builds(room, told, tmp_path):
    config = from_the_web(room, tmp_path, told.url)
    told.status, told.headers = 429, {"Retry-After": "3600"}
    assert build(config).status == 1
    assert len(told.requests) == 1
    told.status = 204
    built = build(config)
    assert built.status == 1
    assert "could not be told of 3 changed feeds: 127.0.0.1" in built.err
    assert "asked to be left alone until" in built.err
    assert len(told.requests) == 1


def test_what_a_hub_says_besides_its_status_is_not_read(place, told):
    told.status, told.headers = 200, {"Content-Encoding": "unheard-of", "Content-Type": "image/png"}
    assert place.run("build").status == 0
    assert told.heard() == ALL


@pytest.mark.parametrize(
    "fetch, reason",
    [
        ("delay = 0\n", "port {port} is not one of the web (80, 443, 8080, 8443)"),
        (
            'allow_hosts = ["localhost"]\ndelay = 0\n',
            "port {port} is not one of the web (80, 443, 8080, 8443)",
        ),
    ],
)
def test_a_hub_that_is_not_public_hears_nothing_unless_it_is_allowed(place, told, fetch, reason):
    place.write("cleanfeed.toml", offered(CONFIG, told.url, fetch=fetch))
    done = place.run("build")
    assert done.status == 1
    assert reason.format(port=urlsplit(told.url).port) in done.err
    assert told.requests == []


def test_a_mirror_stands_in_for_a_hub(place, told):
    base = told.url.removesuffix("/hub")
    fetch = f'delay = 0\n[fetch.mirrors]\n"https://hub.example.org" = "{base}"\n'
    place.write("cleanfeed.toml", offered(CONFIG, "https://hub.example.org/hub", fetch=fetch))
    assert place.run("build").status == 0
    assert told.heard() == ALL


@pytest.mark.parametrize("spoilt", [b"", b"{}", b"[1]", b"\xff\xfe", b'{"hub": 3}'])
def test_a_spoilt_memory_of_the_hub_costs_no_more_than_one_notice(place, told, spoilt):
    place.run("build")
    told.heard()
    (place.public / ".cleanfeed-hub.json").write_bytes(spoilt)
    assert place.run("build").status == 0
    assert told.heard() == ALL


def test_an_edited_page_is_news(place, told):
    place.run("build")
    told.heard()
    place.page("story-3.html", story(3, title="Said anew"))
    place.run("build")
    assert told.heard() == ALL
