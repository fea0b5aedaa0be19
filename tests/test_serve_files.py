"""Serving what was built: whole sets, honest validators, nothing else of the disk."""

from __future__ import annotations

import gzip
import os
import signal
import time
from email.utils import formatdate, parsedate_to_datetime
from hashlib import sha256

import pytest
from prometheus_client.parser import text_string_to_metric_families

from cleanfeed.lock import hold
from cleanfeed.serve.files import Files
from liveparts import good
from newsroom import Newsroom
from serveparts import Server, eventually

TYPES = {
    "everything.rss": "application/rss+xml; charset=utf-8",
    "everything.atom": "application/atom+xml; charset=utf-8",
    "everything.json": "application/feed+json",
    "everything.html": "text/html; charset=utf-8",
    "feeds.opml": "text/x-opml; charset=utf-8",
    "index.html": "text/html; charset=utf-8",
    "health.html": "text/html; charset=utf-8",
    "report.json": "application/json",
}


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """A folder with feeds."""
    folder = tmp_path_factory.mktemp("files")
    with Newsroom(["arise"]) as room:
        room.publish("arise", 4)
        config = room.config(folder)
        good(config)
    (folder / "public" / "secret.key").write_text("secret")
    (folder / "public" / "everything.archive-1.rss").write_text("<rss/>")
    (folder / "public" / ".hidden.html").write_text("secret")
    (folder / "public" / "linked.html").symlink_to(config)
    return config


@pytest.fixture(scope="module")
def server(place):
    with Server(place) as server:
        yield server


@pytest.fixture(scope="module")
def public(place):
    return place.parent / "public"


@pytest.mark.parametrize("name", TYPES)
def test_a_file_is_served_to_the_byte_with_its_type_and_validators(server, public, name):
    said = server.ask(f"/{name}")
    content = (public / name).read_bytes()
    assert (said.status, said.body) == (200, content)
    assert said.headers["Content-Type"] == TYPES[name]
    assert said.headers["Content-Length"] == str(len(content))
    assert said.headers["ETag"] == f'"{sha256(content).hexdigest()[:32]}"'
    assert parsedate_to_datetime(said.headers["Last-Modified"]).timestamp() == int(
        (public / name).stat().st_mtime
    )
    assert "max-age=" in said.headers["Cache-Control"]
    assert said.headers["Vary"] == "Accept-Encoding"
    assert said.headers["X-Content-Type-Options"] == "nosniff"
    assert said.headers["Referrer-Policy"] == "no-referrer"
    assert "sandbox" in said.headers["Content-Security-Policy"]


def test_the_index_is_at_the_root(server, public):
    assert server.ask("/").body == (public / "index.html").read_bytes()


@pytest.mark.parametrize("name", ["everything.atom", "index.html", "feeds.opml"])
def test_head_tells_what_get_would_and_sends_nothing(server, name):
    got, head = server.ask(f"/{name}"), server.ask(f"/{name}", "HEAD")
    assert (head.status, head.body) == (200, b"")
    for header in ("ETag", "Last-Modified", "Content-Length", "Content-Type", "Cache-Control"):
        assert head.headers[header] == got.headers[header]


def test_what_is_compressed_has_a_validator_of_its_own(server, public):
    plain = server.ask("/everything.rss")
    packed = server.ask("/everything.rss", Accept_Encoding="br, gzip;q=0.8")
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.body) == plain.body == (public / "everything.rss").read_bytes()
    assert packed.headers["ETag"] != plain.headers["ETag"]
    for said, accepted in ((plain, "identity"), (packed, "gzip")):
        again = server.ask("/everything.rss", Accept_Encoding=accepted, If_None_Match=said.headers["ETag"])
        assert (again.status, again.headers["ETag"]) == (304, said.headers["ETag"])
    crossed = server.ask("/everything.rss", Accept_Encoding="identity", If_None_Match=packed.headers["ETag"])
    assert crossed.status == 200
    assert "Content-Encoding" not in server.ask("/everything.rss", Accept_Encoding="gzip;q=0, *;q=0").headers


ETAG, DATE, OLD, NEW = "<tag>", "<date>", formatdate(1, usegmt=True), formatdate(4e9, usegmt=True)


@pytest.mark.parametrize(("conditions", "status"), [
    ({"If_None_Match": ETAG}, 304),
    ({"If_None_Match": f"W/{ETAG}"}, 304),
    ({"If_None_Match": f'"other", {ETAG}, W/"third"'}, 304),
    ({"If_None_Match": "*"}, 304),
    ({"If_None_Match": '"other"'}, 200),
    ({"If_None_Match": ETAG, "If_Modified_Since": OLD}, 304),
    ({"If_None_Match": '"other"', "If_Modified_Since": NEW}, 200),
    ({"If_Modified_Since": DATE}, 304),
    ({"If_Modified_Since": NEW}, 304),
    ({"If_Modified_Since": OLD}, 200),
    ({"If_Modified_Since": "yesterday, or so"}, 200),
    ({"If_Modified_Since": "Thu, 99 Foo 99999 99:99:99 GMT"}, 200),
    ({"If_None_Match": "no tag"}, 200),
])  # fmt: skip
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_conditions_are_heeded_and_tags_count_before_times(server, conditions, status, method):
    known = server.ask("/everything.atom").headers
    filled = {
        name: value.replace(ETAG, known["ETag"]).replace(DATE, known["Last-Modified"])
        for name, value in conditions.items()
    }
    said = server.ask("/everything.atom", method, **filled)
    assert said.status == status
    assert said.headers["ETag"] == known["ETag"]
    assert said.headers["Vary"] == "Accept-Encoding"
    assert (said.body == b"") is (status == 304 or method == "HEAD")


@pytest.mark.parametrize("path", [
    "/nothing.rss", "/everything.xml", "/secret.key", "/.hidden.html", "/linked.html", "/../cleanfeed.toml",
    "/..%2fcleanfeed.toml", "/%2e%2e/cleanfeed.toml", "/public/everything.rss", "//everything.rss", "/everything.rss/",
    "/everything.rss%00", "/%00", "/everything%2erss%20", "/.cleanfeed-build.lock", "/C:\\x", "/" + "x" * 5000, "/%ff%fe.rss",
    "/EVERYTHING.RSS", "/parser/", "/cleanfeed.toml",
])  # fmt: skip
def test_nothing_else_of_the_disk_is_served(server, path):
    assert server.ask(path).status == 404
    assert server.ask(path).error == "there is nothing under this address"


@pytest.mark.parametrize(("method", "path"), [
    ("POST", "/everything.rss"), ("PUT", "/"), ("DELETE", "/everything.rss"), ("OPTIONS", "/"), ("PATCH", "/parser"),
    ("POST", "/parser"), ("TRACE", "/"), ("BREW", "/health"),
])  # fmt: skip
def test_a_method_that_an_address_does_not_take_is_refused(server, method, path):
    said = server.ask(path, method)
    assert said.status == 405
    assert said.error == "this address takes other methods"
    assert "GET" in said.headers["Allow"]


def test_a_build_by_somebody_else_shows_without_a_restart_and_never_by_half(tmp_path):
    with Newsroom(["arise"]) as room:
        room.publish("arise", 2)
        config = room.config(tmp_path)
        good(config)
        public = tmp_path / "public"
        with Server(config) as server:
            first = server.ask("/everything.rss")
            with hold(public / ".cleanfeed-build.lock"):
                (public / "new").write_bytes(b"<rss>new</rss>")
                (public / "new").replace(public / "everything.rss")
                time.sleep(1)
                assert server.ask("/everything.rss").body == first.body
            eventually(lambda: server.ask("/everything.rss").body == b"<rss>new</rss>")
            assert server.ask("/everything.rss").headers["ETag"] != first.headers["ETag"]
            # The same bytes, written anew: who knows the tag is told that nothing has changed.
            os.utime(public / "everything.rss", (2e9, 2e9))
            tag = server.ask("/everything.rss").headers["ETag"]
            eventually(lambda: server.ask("/everything.rss").headers["ETag"] == tag)
            assert server.ask("/everything.rss", If_None_Match=tag).status == 304


def test_it_builds_at_intervals_and_a_build_that_fails_takes_nothing_away(tmp_path):
    with Newsroom(["arise"]) as room:
        room.publish("arise", 2)
        config = room.config(tmp_path)
        with Server(config, "--every", "1s") as server:
            assert server.ask("/").status in {200, 503}
            eventually(lambda: server.ask("/everything.json").status == 200)
            added = room.publish("arise", 1)[0]
            eventually(lambda: added.title in server.ask("/everything.json").body.decode())
            config.write_text("broken [", "utf-8")
            eventually(lambda: "ended with status 2; the feeds stay as they are" in server.told)
            assert added.title in server.ask("/everything.json").body.decode()
            assert server.figures()['cleanfeed_serve_builds_total{status="2"}'] >= 1
            assert server.figures()["cleanfeed_topic_entries" + '{topic="everything"}'] == 3
            assert server.stop(signal.SIGINT) == 0


def test_health_is_told_to_programs_and_shown_to_people(server, public):
    told = server.ask("/health").json
    assert told["status"] == "fine"
    assert [outlet["outlet"] for outlet in told["outlets"]] == ["arise"]
    assert "everything" in told["feeds"]
    assert "everything.archive-1" not in told["feeds"]
    assert server.ask("/health", Accept="text/html,*/*").body == (public / "health.html").read_bytes()


def test_metrics_are_in_the_format_of_prometheus(server):
    said = server.ask("/metrics")
    assert said.headers["Content-Type"].startswith("text/plain; version=0.0.4")
    families = {family.name: family for family in text_string_to_metric_families(said.body.decode())}
    assert families["cleanfeed_serve_requests"].type == "counter"
    assert families["cleanfeed_serve_open_files"].samples[0].value > 3


def test_an_archive_is_served_as_a_feed_is(server, public):
    name = "everything.archive-1.rss"
    content = b"<rss>" + b"An entry that left its feed. " * 100 + b"</rss>"
    (public / name).write_bytes(content)
    eventually(lambda: server.ask(f"/{name}").body == content)
    said, packed = server.ask(f"/{name}"), server.ask(f"/{name}", Accept_Encoding="gzip")
    assert said.headers["ETag"] == f'"{sha256(content).hexdigest()[:32]}"'
    assert gzip.decompress(packed.body) == content
    assert server.ask(f"/{name}", If_None_Match=said.headers["ETag"]).status == 304
    assert server.ask(f"/{name}", If_Modified_Since=said.headers["Last-Modified"]).status == 304
    head = server.ask(f"/{name}", "HEAD")
    assert (head.body, head.headers["Content-Length"]) == (b"", str(len(content)))


@pytest.fixture
def folder(tmp_path):
    for name in ("index.html", "a.rss", "b.rss", "a.archive-1.rss", "a.archive-2.rss"):
        (tmp_path / name).write_bytes(name.encode() * 10)
    (tmp_path / "report.json").write_text("{}")
    return tmp_path


def test_archives_and_what_is_beyond_the_bound_are_not_kept_in_memory(folder, monkeypatch):
    monkeypatch.setattr("cleanfeed.serve.files._ROOM", 60)
    files = Files(folder, print)
    files.look()
    assert set(files._files) == {"report.json", "a.rss"}
    for name in files.names:
        assert files.get(name).content == (folder / name).read_bytes()
    (folder / "b.rss").unlink()
    assert files.get("b.rss") is None


def test_more_files_than_are_looked_at_are_told_once_and_archives_are_left_out_first(folder, monkeypatch):
    monkeypatch.setattr("cleanfeed.serve.files._MOST", 4)
    monkeypatch.setattr("cleanfeed.serve.files._GLANCE", 0)
    told = []
    files = Files(folder, told.append)
    files.look()
    files.look()
    assert set(files.names) == {"index.html", "a.rss", "b.rss", "report.json"}
    assert told == [f"{folder}: holds more than 4 files: 2 of them are not served"]


def test_before_the_first_build_it_says_so(tmp_path):
    with Newsroom(["arise"]) as room, Server(room.config(tmp_path)) as server:
        assert server.ask("/").status == 503
        for path in ("/", "/everything.rss", "/arise.atom"):
            said = server.ask(path)
            assert (said.status, said.error) == (503, "nothing has been built yet")
            assert int(said.headers["Retry-After"]) > 0
        assert server.ask("/unknown").status == 404
        assert server.ask("/health").json["status"] == "no data"
