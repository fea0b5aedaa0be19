"""Miniflux, played by a stand-in that keeps to its documented API: signed webhooks in, contents of entries out."""

from __future__ import annotations

import hashlib
import hmac
import json
import queue
import signal
import subprocess
import sys
import threading
import urllib.request
from email.message import Message
from urllib.error import HTTPError

import pytest
from werkzeug import Response

from cleanfeed.config import load
from cleanfeed.errors import ConfigError
from cleanfeed.integrations.desk import Desk
from cleanfeed.integrations.miniflux import Access, Receiver, Undelivered, access_of
from cleanfeed.integrations.miniflux_api import Api
from cleanfeed.integrations.webhook import Webhook
from liveparts import environment
from newsroom import Newsroom

SECRET, KEY = "a-secret-of-the-tests", "key-of-the-tests"
SLUGS = ("almayadeen-en", "almanar-ar")


class StandIn:
    """A Miniflux: it sends signed messages, and takes the contents of the entries that it has."""

    def __init__(self, server):
        self.contents = queue.Queue()
        self.answers = []
        self.asked = 0
        self.url = server.url_for("/").rstrip("/")
        server.expect_request(_Any(), method="PUT").respond_with_handler(self._put)

    def _put(self, request):
        self.asked += 1
        if request.headers.get("X-Auth-Token") != KEY:
            return Response('{"error_message": "Access Unauthorized"}', status=401)
        if self.answers:
            return Response('{"error_message": "as ordered"}', status=self.answers.pop(0))
        sent = json.loads(request.data)
        self.contents.put((request.path, sent))
        return Response(json.dumps({"id": 1, "content": sent["content"]}), status=201)

    def told(self, seconds=30):
        return self.contents.get(timeout=seconds)


class _Any(str):
    """Matches all paths of entries."""

    __slots__ = ()

    def __new__(cls):
        return super().__new__(cls, "/v1/entries/")

    def __eq__(self, other):
        return str(other).startswith("/v1/entries/")

    __hash__ = str.__hash__


def message(*entries, kind="new_entries", **more):
    told = {"event_type": kind, "feed": {"id": 8, "title": "Feed"}, "entries": list(entries), **more}
    return json.dumps(told).encode()


def entry_of(article, number):
    return {"id": number, "url": article.url, "title": article.title, "content": "<p>A teaser.</p>"}


def signed(body, secret=SECRET):
    headers = Message()
    headers["X-Miniflux-Signature"] = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    headers["X-Miniflux-Event-Type"] = "new_entries"
    return headers


@pytest.fixture
def room():
    with Newsroom(SLUGS) as room:
        for slug in SLUGS:
            room.publish(slug, 2)
        yield room


@pytest.fixture
def desk(room, tmp_path):
    config = load(room.config(tmp_path))
    desk = Desk(lambda: config)
    yield desk
    desk.close()


@pytest.fixture
def miniflux(httpserver):
    return StandIn(httpserver)


@pytest.fixture
def api(miniflux):
    access = Access(url=f"{miniflux.url}/", api_key=KEY, webhook_secret=SECRET)
    api = Api(access, pause=lambda _seconds: False)
    yield api
    api.close()


@pytest.fixture
def receiver(desk, api):
    receiver = Receiver(SECRET, desk, api.put)
    yield receiver
    receiver.stop()


def test_new_entries_get_their_clean_contents(room, receiver, miniflux):
    articles = [room.articles(slug)[0] for slug in SLUGS]
    body = message(*(entry_of(article, 70 + i) for i, article in enumerate(articles)))
    assert receiver.handle(signed(body), body) == (202, "2 entries are looked at")
    found = dict(miniflux.told() for _ in articles)
    assert found.keys() == {"/v1/entries/70", "/v1/entries/71"}
    for i, article in enumerate(articles):
        assert found[f"/v1/entries/{70 + i}"].keys() == {"content"}
        assert article.body[-1][-30:] in found[f"/v1/entries/{70 + i}"]["content"]
    assert 'dir="rtl"' in found["/v1/entries/71"]["content"]


@pytest.mark.parametrize("headers", [
    {}, {"X-Miniflux-Signature": ""}, {"X-Miniflux-Signature": "0" * 64}, {"X-Miniflux-Signature": "é"},
    {"X-Miniflux-Signature": "other"},
])  # fmt: skip
def test_what_is_not_signed_by_miniflux_is_refused_and_does_nothing(room, receiver, miniflux, headers):
    body = message(entry_of(room.articles(SLUGS[0])[0], 1))
    given = dict(headers)
    if given.get("X-Miniflux-Signature") == "other":
        given = signed(body, "another secret")
    assert receiver.handle(given, body).status == 403
    assert (miniflux.asked, list(room.log)) == (0, [])


def test_a_message_that_was_changed_on_its_way_is_refused(room, receiver):
    body = message(entry_of(room.articles(SLUGS[0])[0], 1))
    assert receiver.handle(signed(body), body.replace(b'"id": 1', b'"id": 2')).status == 403


@pytest.mark.parametrize(("body", "status"), [
    (b"", 400), (b"{", 400), (b"[]", 400), (b"\xff", 400), (b"[" * 100_000, 400),
    (message(kind="save_entry"), 200), (b"{}", 200), (b'{"event_type": "new_entries", "entries": 5}', 400),
    (b'{"event_type": "new_entries", "entries": null}', 202), (message(), 202),
    (message(5, None, {"id": "7", "url": "x"}, {"id": -1, "url": "x"}, {"id": True, "url": "x"}, {"id": 3}), 202),
    (message({"id": 4, "url": "http://127.0.0.1:1/"}, {"id": 5, "url": "https://unclaimed.example.com/"}), 202),
], ids=range(12))  # fmt: skip
def test_signed_messages_of_any_shape_are_answered_and_end_nothing(room, receiver, miniflux, body, status):
    assert receiver.handle(signed(body), body).status == status
    article = room.articles(SLUGS[0])[0]
    good = message(entry_of(article, 9))
    assert receiver.handle(signed(good), good).status == 202
    assert miniflux.told()[0] == "/v1/entries/9"
    assert miniflux.contents.empty()


def test_an_article_that_cannot_be_had_is_named_and_the_others_come(room, receiver, miniflux, caplog):
    bad, good = room.articles(SLUGS[0])
    room.fail(bad, "404")
    body = message(entry_of(bad, 1), entry_of(good, 2))
    receiver.handle(signed(body), body)
    assert miniflux.told()[0] == "/v1/entries/2"
    assert bad.url in caplog.text


@pytest.mark.parametrize(("answers", "asked", "comes"), [
    ([], 1, True), ([500], 2, True), ([502, 503, 500], 4, True), ([500] * 9, 5, False),
    ([400], 1, False), ([401], 1, False), ([404], 1, False), ([429], 1, False), ([302], 1, False),
])  # fmt: skip
def test_miniflux_is_asked_again_where_it_fails_and_not_where_it_refuses(
    miniflux, api, answers, asked, comes
):
    miniflux.answers = list(answers)
    if comes:
        api.put(5, "<p>x</p>")
    else:
        with pytest.raises(Undelivered, match=rf"answered {answers[0]}: as ordered"):
            api.put(5, "<p>x</p>")
    assert miniflux.asked == asked


def test_a_miniflux_that_is_away_is_tried_again_and_named():
    waits = []
    access = Access(url="http://127.0.0.1:9/", api_key=KEY, webhook_secret=SECRET)
    api = Api(access, pause=lambda seconds: waits.append(seconds) or False)
    with pytest.raises(Undelivered, match="cannot be reached"):
        api.put(5, "<p>x</p>")
    api.close()
    assert waits == sorted(waits)
    assert len(waits) == 4


def test_what_is_refused_is_named_with_its_entry(room, receiver, miniflux, caplog):
    miniflux.answers = [404]
    first, second = room.articles(SLUGS[0])
    body = message(entry_of(first, 31), entry_of(second, 32))
    receiver.handle(signed(body), body)
    assert miniflux.told()[0] == "/v1/entries/32"
    assert f"Miniflux entry 31 ({first.url}): Miniflux answered 404: as ordered" in caplog.text


def test_more_than_can_wait_is_refused_and_named_and_so_is_what_a_stop_leaves(room, caplog):
    at_work, go_on = threading.Event(), threading.Event()

    class SlowDesk:
        def entries(self, _addresses):
            at_work.set()
            go_on.wait(20)
            return {}

    receiver = Receiver(SECRET, SlowDesk(), lambda _number, _content: None, waiting=2)
    articles = room.articles(SLUGS[0])
    first = message(entry_of(articles[0], 1))
    receiver.handle(signed(first), first)
    assert at_work.wait(20)
    body = message(*(entry_of(articles[0], number) for number in range(2, 6)))
    assert receiver.handle(signed(body), body).status == 503
    receiver.stop(seconds=0)
    go_on.set()
    named = [line for line in caplog.text.splitlines() if "not cleaned" in line]
    assert len([line for line in named if "too many are waiting" in line]) == 2
    assert len([line for line in named if "stopped before" in line]) == 3


def test_a_note_is_told_once_and_kept_nowhere(caplog, desk):
    lookup = desk._lookup(offline=True)
    for _ in range(2):
        lookup.notes.extend(["the disk is full"] * 3)
        desk._tell(lookup)
        assert lookup.notes == []
    assert [record.getMessage() for record in caplog.records] == ["cleanfeed: the disk is full"]


# --- the configuration, and the command


@pytest.mark.parametrize(("table", "variables", "told"), [
    ("", {}, "miniflux.url is missing; write it there, or set MINIFLUX_URL"),
    ('url = "http://m.example/"', {}, "miniflux.api_key is missing"),
    ('url = "http://m.example/"\napi_key = " "', {}, "miniflux.api_key is missing"),
    ('url = "http://m.example/"\napi_key = "k"', {}, "miniflux.webhook_secret is missing"),
    ('url = "m.example"', {}, "miniflux.url must be the address of Miniflux"),
    ("key = 1", {}, "miniflux.key: no such key"),
    ("api_key = 1", {}, "miniflux.api_key must be a string"),
    ("", {"MINIFLUX_URL": "ftp://x", "MINIFLUX_API_KEY": "k", "MINIFLUX_WEBHOOK_SECRET": "s"}, "MINIFLUX_URL must be"),
])  # fmt: skip
def test_what_is_missing_or_wrong_is_named(room, tmp_path, table, variables, told):
    path = room.config(tmp_path)
    path.write_text(f"{path.read_text()}\n[miniflux]\n{table}\n")
    with pytest.raises(ConfigError, match=told):
        access_of(load(path), variables)


WHOLE = {"MINIFLUX_URL": "http://m.example/", "MINIFLUX_API_KEY": "k", "MINIFLUX_WEBHOOK_SECRET": "s"}


@pytest.mark.parametrize(("name", "value", "told"), [
    ("MINIFLUX_API_KEY", "hidden\nword", "MINIFLUX_API_KEY must be a word in ASCII, without spaces"),
    ("MINIFLUX_API_KEY", "hiddenключ", "MINIFLUX_API_KEY must be a word in ASCII, without spaces"),
    ("MINIFLUX_WEBHOOK_SECRET", "hidden\udcff", "MINIFLUX_WEBHOOK_SECRET must be a word in ASCII, without spaces"),
    ("MINIFLUX_URL", "http://me:hidden@m.example/", 'MINIFLUX_URL must be the address of Miniflux, such as "http'),
    ("MINIFLUX_URL", "http://[::1", "MINIFLUX_URL must be the address of Miniflux"),
])  # fmt: skip
def test_what_is_wrong_in_the_environment_is_named_and_not_shown(room, tmp_path, name, value, told):
    with pytest.raises(ConfigError) as caught:
        access_of(load(room.config(tmp_path)), {**WHOLE, name: value})
    assert str(caught.value).startswith(told)
    assert "hidden" not in str(caught.value)


@pytest.mark.parametrize("key", ["api_key", "webhook_secret"])
def test_a_wrong_secret_of_the_file_is_named_and_not_shown(room, tmp_path, key):
    path = room.config(tmp_path)
    path.write_text(f'{path.read_text()}\n[miniflux]\n{key} = "hidden words"\n')
    others = {name: value for name, value in WHOLE.items() if name != f"MINIFLUX_{key.upper()}"}
    with pytest.raises(ConfigError, match=rf"miniflux\.{key} must be a word in ASCII") as caught:
        access_of(load(path), others)
    assert "hidden" not in str(caught.value)


def test_the_space_around_a_key_is_none_of_it(room, tmp_path):
    given = {name: f" {value}\n" for name, value in WHOLE.items()}
    assert access_of(load(room.config(tmp_path)), given) == Access(
        url="http://m.example/", api_key="k", webhook_secret="s"
    )


def test_an_address_that_nothing_can_be_asked_at_is_told_at_the_start():
    with pytest.raises(ConfigError, match=r"http://\[:::\]/, cannot be asked"):
        Api(Access(url="http://[:::]/", api_key=KEY, webhook_secret=SECRET))


def test_what_fails_for_one_entry_is_named_and_costs_no_other(caplog):
    done = queue.Queue()

    def put(number, _content):
        done.put(number)
        if number == 1:
            raise ValueError("a fault")

    class Clean:
        content = "<p>x</p>"

    class AllKnown:
        def entries(self, addresses):
            return dict.fromkeys(addresses, Clean)

    receiver = Receiver(SECRET, AllKnown(), put)
    body = message(*({"id": number, "url": f"https://m.example/{number}"} for number in (1, 2, 3)))
    receiver.handle(signed(body), body)
    assert [done.get(timeout=20) for _ in range(3)] == [1, 2, 3]
    receiver.stop()
    assert "Miniflux entry 1 (https://m.example/1): not cleaned, cleanfeed failed" in caplog.text
    assert "entry 2" not in caplog.text


def test_what_fails_for_all_names_all(caplog):
    failed = threading.Event()

    class Broken:
        def entries(self, _addresses):
            failed.set()
            raise ValueError("a fault")

    receiver = Receiver(SECRET, Broken(), lambda _number, _content: None)
    body = message(*({"id": number, "url": f"https://m.example/{number}"} for number in (1, 2)))
    receiver.handle(signed(body), body)
    assert failed.wait(20)
    receiver.stop()
    for number in (1, 2):
        assert f"Miniflux entry {number} (https://m.example/{number}): not cleaned" in caplog.text


@pytest.mark.parametrize(
    ("error", "told"), [(BrokenPipeError("away"), False), (RuntimeError("a fault"), True)]
)
def test_a_fault_of_ours_is_in_the_log_and_a_client_that_went_away_is_not(caplog, error, told):
    with Webhook("127.0.0.1", 0, None) as server:
        try:
            raise error
        except type(error):
            server.handle_error(None, ("127.0.0.1", 1))
    assert bool(caplog.records) is told


def test_the_environment_outranks_the_file(room, tmp_path):
    path = room.config(tmp_path)
    path.write_text(
        f'{path.read_text()}\n[miniflux]\nurl = "http://m.example/flux"\napi_key = "k"\nwebhook_secret = "s"\n'
    )
    found = access_of(load(path), {"MINIFLUX_API_KEY": "other"})
    assert found == Access(url="http://m.example/flux/", api_key="other", webhook_secret="s")


def post(url, body, headers, method="POST"):
    request = urllib.request.Request(url, data=body, headers=dict(headers), method=method)
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:
            return answer.status
    except HTTPError as error:
        return error.code


def test_the_command_serves_until_it_is_stopped(room, miniflux, tmp_path):
    path = room.config(tmp_path)
    path.write_text(f'{path.read_text()}\n[miniflux]\nurl = "{miniflux.url}"\napi_key = "{KEY}"\n')
    command = [
        sys.executable,
        "-m",
        "cleanfeed",
        "miniflux",
        "--listen",
        "127.0.0.1:0",
        "--config",
        str(path),
    ]
    env = environment(MINIFLUX_WEBHOOK_SECRET=SECRET, PYTHONUNBUFFERED="1")
    running = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=env)
    try:
        line = running.stdout.readline()
        url = line.removeprefix("listening on ").strip()
        assert url.startswith("http://127.0.0.1:"), line or running.stderr.read()
        article = room.articles(SLUGS[1])[0]
        body = message(entry_of(article, 12))
        assert post(url, body, signed(body, "wrong")) == 403
        assert post(url, None, {}, method="GET") == 405
        assert post(url, body, signed(body)) == 202
        path_of_entry, sent = miniflux.told()
        assert path_of_entry == "/v1/entries/12"
        assert article.body[-1][-30:] in sent["content"]
    finally:
        running.send_signal(signal.SIGTERM)
        out, err = running.communicate(timeout=20)
    assert (running.returncode, out, err) == (0, "", "")


@pytest.mark.parametrize(("options", "told"), [
    (["--listen", "8001"], "must be HOST:PORT"),
    (["--listen", "127.0.0.1:99999"], "must be HOST:PORT"),
    (["--config", "nowhere.toml"], "nowhere.toml: no such file"),
    ([], "cleanfeed.toml: miniflux.url is missing"),
])  # fmt: skip
def test_the_command_refuses_in_one_line_what_it_cannot_do(tmp_path, options, told):
    command = [sys.executable, "-m", "cleanfeed", "miniflux", *options]
    env = environment(CLEANFEED_CONFIG="", MINIFLUX_URL="", XDG_CACHE_HOME=str(tmp_path / "cache"))
    done = subprocess.run(
        command, cwd=tmp_path, capture_output=True, text=True, env=env, timeout=30, check=False
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert told in done.stderr.splitlines()[0]
    assert list(tmp_path.iterdir()) == []
