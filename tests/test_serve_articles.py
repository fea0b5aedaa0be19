"""Clean articles and full-text feeds over HTTP, asked for as readers ask."""

from __future__ import annotations

import base64
import hmac
import json
import os
import signal
import socket
import xml.etree.ElementTree as ET
from concurrent.futures import ThreadPoolExecutor
from html import escape
from pathlib import Path
from urllib.parse import quote, urlencode

import pytest

from newsroom import Newsroom
from serveparts import Server, descendants, eventually

SECRET = "a-secret-of-two"
PARSED = {
    "title", "author", "date_published", "dek", "lead_image_url", "content", "next_page_url", "url", "domain", "excerpt",
    "word_count", "direction", "total_pages", "rendered_pages",
}  # fmt: skip
EXTRACTED = {"title", "excerpt", "url", "effective_url", "domain", "word_count", "content"}
READ = {"title", "byline", "dir", "content", "length", "excerpt", "siteName", "lang", "publishedTime"}


@pytest.fixture(scope="module")
def room():
    with Newsroom(["arise", "almanar-ar"]) as room:
        room.publish("arise", 12)
        room.publish("almanar-ar", 3)
        yield room


@pytest.fixture(scope="module")
def server(room, tmp_path_factory):
    config = room.config(tmp_path_factory.mktemp("articles"))
    config.write_text(
        config.read_text("utf-8") + f'\n[serve]\nfeedbin_user = "bin"\nfeedbin_secret = "{SECRET}"\n'
    )
    with Server(config) as server:
        yield server


@pytest.fixture
def article(room):
    return next(each for each in room.articles("arise") if each.status == 200)


def asked(room):
    return [request for request in room.log if request.path != "/robots.txt"]


# --- the shapes


def test_the_parser_answers_as_mercury_does(server, article):
    told = server.ask(f"/parser?url={quote(article.url, safe='')}").json
    assert set(told) == PARSED
    assert (told["title"], told["url"], told["domain"]) == (article.title, article.url, "www.arise.tv")
    assert (told["direction"], told["next_page_url"], told["total_pages"], told["rendered_pages"]) == (
        "ltr",
        None,
        1,
        1,
    )
    assert told["content"].startswith("<p>")
    assert told["word_count"] > 20
    assert told["date_published"].startswith(f"{article.published:%Y-%m-%dT%H:%M}")


def test_the_extractor_answers_as_fivefilters_does(server, article):
    address = f"{article.url}?utm_source=reader"
    told = server.ask(f"/extract.php?url={address}").json
    assert set(told) == EXTRACTED
    assert (told["title"], told["url"], told["effective_url"]) == (article.title, address, article.url)


@pytest.mark.parametrize("kind", ["application/json", "application/x-www-form-urlencoded", "text/plain"])
def test_the_reader_answers_as_readability_does_whatever_the_client_calls_its_json(server, room, kind):
    article = room.articles("almanar-ar")[0]
    told = server.ask("/", "POST", json.dumps({"url": article.url}), Content_Type=kind).json
    assert set(told) == READ
    assert (told["title"], told["dir"], told["lang"]) == (article.title, "rtl", "ar")
    assert 'dir="rtl"' in told["content"]
    assert told["siteName"]
    assert told["length"] > 100


# --- clients, in the shapes of their requests


def as_freshrss(server, link, shape):
    """The Readable extension: the link as a feed had it, escaped as HTML and not encoded."""
    if shape == "POST /":
        return server.ask(
            "/", "POST", json.dumps({"url": escape(link)}), Content_Type="application/json; charset=UTF-8"
        )
    return server.ask(f"{shape}?url={escape(link)}", User_Agent="FreshRSS")


def as_mercury_fulltext(server, link):
    """The plugin of tt-rss: the link encoded whole."""
    return server.ask(f"/parser?url={quote(link, safe='')}", Accept="application/json")


def as_feedbin(server, link, *, user="bin", secret=SECRET):
    signature = hmac.new(secret.encode(), link.encode(), "sha1").hexdigest()
    coded = base64.urlsafe_b64encode(link.encode()).decode()
    return server.ask(f"/parser/{user}/{signature}?{urlencode({'base64_url': coded})}")


@pytest.mark.parametrize("shape", ["/parser", "/extract.php", "POST /"])
def test_freshrss_gets_its_article_by_each_of_its_three_ways(server, article, shape):
    said = as_freshrss(server, f"{article.url}?edition=int&utm_source=rss&utm_medium=feed", shape)
    assert said.status == 200
    assert said.json["title"] == article.title


def test_tt_rss_gets_its_article(server, article):
    assert as_mercury_fulltext(server, f"{article.url}?a=1&b=2#part").json["title"] == article.title


def test_feedbin_gets_what_it_has_signed_and_nothing_else(server, article):
    assert as_feedbin(server, article.url).json["title"] == article.title
    for refused in (
        as_feedbin(server, article.url, secret="another"),
        as_feedbin(server, article.url, user="somebody"),
        server.ask(f"/parser/bin/{'0' * 40}?base64_url=aHR0cHM6Ly9leGFtcGxlLw"),
    ):
        assert (refused.status, refused.error) == (403, "the signature is not that of this address")
    assert as_feedbin(server, "http://127.0.0.1/").status == 403
    assert server.ask(f"/parser/bin/{'0' * 40}?base64_url=***").status == 400
    assert server.ask(f"/parser/bin/{'0' * 40}").status == 400


def test_an_address_in_letters_beyond_ascii_may_come_as_it_is(server):
    said = server.raw("GET /parser?url=https://nobody.example/خبر HTTP/1.0\r\n\r\n".encode())
    assert said.startswith(b"HTTP/1.1 403")
    assert b"no loaded outlet claims nobody.example" in said


# --- what is refused


@pytest.mark.parametrize(("address", "status", "reason"), [
    ("https://unclaimed.example.com/story", 403, "no loaded outlet claims unclaimed.example.com"),
    ("http://127.0.0.1:8000/", 403, "no public address"),
    ("http://[::1]/x", 403, "no public address"),
    ("http://169.254.169.254/latest/meta-data", 403, "no public address"),
    ("http://2130706433/", 403, "no public address"),
    ("http://localhost/x", 403, "no public address"),
    ("file:///etc/passwd", 403, "no public address"),
    ("ftp://www.arise.tv/x", 403, "no public address"),
    ("gopher://www.arise.tv:70/1", 403, "no public address"),
    ("https://user:word@www.arise.tv/x", 403, "no public address"),
    ("https://www.arise.tv@evil.example/x", 403, "no public address"),
    ("javascript:alert(1)", 403, "no public address"),
    ("x" * 9000, 403, "no public address"),
    ("", 400, "url is missing"),
])  # fmt: skip
def test_an_address_that_nobody_may_ask_for_is_refused_without_a_connection(
    server, room, address, status, reason
):
    before = len(room.log)
    coded = quote(address, safe="")
    asking = [
        server.ask(f"/{name}?url={coded}")
        for name in ("parser", "extract.php", "feed", "makefulltextfeed.php")
    ]
    for said in (*asking, server.ask("/", "POST", json.dumps({"url": address}))):
        assert (said.status, reason in said.error) == (status, True), said
    assert len(room.log) == before


@pytest.mark.parametrize(
    ("how", "status"), [("404", 404), ("410", 404), ("403", 502), ("500", 502), ("consent", 422)]
)
def test_an_article_that_cannot_be_had_is_told_with_a_fitting_status(server, room, how, status):
    article = room.publish("arise")[0]
    room.fail(article, how)
    said = server.ask(f"/parser?url={article.url}")
    room.heal()
    room.withdraw(article)
    assert said.status == status
    assert article.url in said.error


@pytest.mark.parametrize(("body", "status"), [
    (b"", 400), (b"{", 400), (b"[]", 400), (b"null", 400), (b'{"url": 7}', 400), (b'{"address": "x"}', 400),
    (b"\xff\xfe", 400), (b"[" * 50_000, 400), (b'{"url": "' + b"x" * 70_000 + b'"}', 413), (b'{"url": ""}', 400),
])  # fmt: skip
def test_a_request_that_cannot_be_read_is_refused(server, body, status):
    said = server.ask("/", "POST", body, Content_Type="application/json")
    assert said.status == status
    assert said.error


def test_many_ask_for_one_article_and_it_is_had_once(server, room):
    article = room.publish("arise")[0]
    before = len(asked(room))
    with ThreadPoolExecutor(12) as pool:
        found = list(pool.map(lambda _: server.ask(f"/parser?url={article.url}"), range(24)))
    assert {said.json["title"] for said in found} == {article.title}
    assert len(asked(room)) == before + 1


def test_a_page_that_hangs_or_ends_its_reader_costs_itself_alone(room, tmp_path):
    plugin = tmp_path / "mischief.py"
    plugin.write_text(
        "import os\nfrom cleanfeed import hookimpl\n\n@hookimpl\ndef cleanfeed_extract(outlet, page):\n"
        "    if 'FELL-IT' in page.body:\n        os._exit(3)\n"
    )
    bad, good = room.publish("arise", 2)
    room.edit(bad, body=("FELL-IT",))
    with Server(room.config(tmp_path), "--plugin", plugin) as server:
        assert "ended its worker process" in server.ask(f"/parser?url={bad.url}").error
        assert server.ask(f"/parser?url={good.url}").json["title"] == good.title
        # And where the helpers themselves are lost, new ones are had.
        for child in descendants(server.process.pid):
            os.kill(child, signal.SIGKILL)
        room.withdraw(bad)
        more = room.publish("arise", 4)
        found = [server.ask(f"/parser?url={each.url}").status for each in more]
        assert found[2:] == [200, 200]


# --- full-text feeds


FEED = "https://www.arise.tv/feed/"


def contents(said):
    spaced = "{http://purl.org/rss/1.0/modules/content/}encoded"
    return [item.findtext(spaced) or "" for item in ET.fromstring(said.body).iter("item")]


@pytest.mark.parametrize("path", ["/makefulltextfeed.php", "/feed"])
def test_a_feed_of_an_outlet_comes_with_whole_articles(server, room, path):
    said = server.ask(f"{path}?url={quote(FEED, safe='')}")
    assert said.status == 200
    assert said.headers["Content-Type"].startswith("application/rss+xml")
    links = [item.findtext("link") for item in ET.fromstring(said.body).iter("item")]
    parsed = server.ask(f"/parser?url={links[0]}").json
    assert contents(said)[0] == parsed["content"]
    again = server.ask(f"{path}?url={quote(FEED, safe='')}", If_None_Match=said.headers["ETag"])
    assert again.status == 304


def test_only_so_many_entries_are_made_whole(server, room):
    line = "A line that stands on the page, and that the feed leaves out."
    for article in [*room.publish("arise"), *room.publish("arise"), *room.publish("arise")]:
        room.redesign(article, lambda page: page.replace("</p>", f"</p><p>{line}</p>"))
    two = contents(server.ask(f"/feed?max=2&url={FEED}?paged=1"))
    none = contents(server.ask(f"/feed?max=0&url={FEED}?paged=1"))
    assert [line in each for each in two][:4] == [True, True, False, False]
    assert not any(line in each for each in none)
    assert len(two) == len(none)


def test_a_feed_is_said_as_json_where_that_is_asked_for(server):
    told = server.ask(f"/feed?max=2&format=json&url={FEED}")
    assert told.headers["Content-Type"] == "application/feed+json"
    rss = server.ask(f"/feed?max=2&format=rss&url={FEED}")
    assert told.json["version"] == "https://jsonfeed.org/version/1.1"
    assert [item["content_html"] for item in told.json["items"]][:2] == contents(rss)[:2]
    assert [item["url"] for item in told.json["items"]] == [
        item.findtext("link") for item in ET.fromstring(rss.body).iter("item")
    ]
    assert all(item["id"] and item["date_published"] for item in told.json["items"])


def test_links_can_be_left_out(server, room):
    link = "<p>Words before <a href='https://www.arise.tv/other/'>a link of the text</a>, and words after it.</p>"
    article = room.publish("arise")[0]
    room.redesign(article, lambda page: page.replace("</p>", f"</p>{link}"))
    whole = contents(server.ask(f"/feed?max=3&url={FEED}?paged=1"))[0]
    bare = contents(server.ask(f"/feed?max=3&links=remove&url={FEED}?paged=1"))[0]
    room.withdraw(article)
    assert "<a href" in whole
    assert "<a" not in bare
    assert whole.count("<p>") == bare.count("<p>")
    assert "a link of the text, and words after it." in bare


@pytest.mark.parametrize(("parameters", "message"), [
    ("max=many", "max must be a whole number"), ("max=-1", "max must be"), ("max=99999", "max must be"),
    ("max=٣", "max must be"), ("format=xml", "format must be rss or json"), ("links=keep", "links must be"),
])  # fmt: skip
def test_a_parameter_that_is_wrong_is_told(server, parameters, message):
    said = server.ask(f"/feed?{quote(parameters, safe='=')}&url={FEED}")
    assert said.status == 400
    assert said.error.startswith(message)


def test_what_is_no_feed_is_told(server, article):
    said = server.ask(f"/feed?url={article.url}")
    assert said.status == 415
    assert "is no feed" in said.error


# --- for as long as it runs


def test_a_slow_outlet_holds_up_nobody_else(room, tmp_path):
    with Newsroom(["arise", "almanar-ar"]) as slow:
        known = slow.publish("almanar-ar", 1)[0]
        late = slow.publish("arise", 30)
        with Server(slow.config(tmp_path)) as server:
            slow.slow(20.0, "arise")
            pending = [server_begun(server, each.url) for each in late]
            try:
                assert server.ask(f"/parser?url={known.url}").json["title"] == known.title
            finally:
                for wire in pending:
                    wire.close()
            assert server.stop() == 0


def test_who_still_waits_when_the_server_ends_is_told_so(room, tmp_path):
    with Newsroom(["arise"]) as slow:
        late = slow.publish("arise", 1)[0]
        slow.slow(60.0, "arise")
        with Server(slow.config(tmp_path)) as server:
            wire = server_begun(server, late.url)
            eventually(lambda: slow.log)
            assert server.stop() == 0
            answer = b"".join(iter(lambda: wire.recv(65536), b""))
            wire.close()
    head, _, body = answer.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 503 ")
    assert json.loads(body) == {"error": True, "message": "the server is stopping; ask again later"}


def server_begun(server, url):
    """A request that is sent, and whose answer nobody waits for."""
    wire = socket.create_connection(("127.0.0.1", server.port), 30)
    wire.sendall(f"GET /parser?url={url} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
    return wire


def test_nothing_is_left_running_when_the_server_ends(room, tmp_path):
    # Whoever runs this under `nohup` wants nothing to end with the terminal.
    hangup = () if signal.getsignal(signal.SIGHUP) is signal.SIG_IGN else (signal.SIGHUP,)
    for number in (signal.SIGTERM, signal.SIGINT, *hangup, signal.SIGKILL):
        (tmp_path / str(number)).mkdir()
        with Server(room.config(tmp_path / str(number))) as server:
            assert server.ask(f"/parser?url={room.articles('arise')[1].url}").status == 200
            family = descendants(server.process.pid)
            assert family
            assert server.stop(number) == (0 if number != signal.SIGKILL else -signal.SIGKILL)
            eventually(lambda family=family: not any(Path(f"/proc/{pid}/exe").exists() for pid in family))
