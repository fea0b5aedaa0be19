"""`cleanfeed article` and `cleanfeed render`: single entries, clean."""

from __future__ import annotations

import json
import os
import socket
import subprocess
from urllib.parse import quote

import pytest

from readerparts import (
    CLEANFEED,
    built,
    config,
    copy,
    healed,
    own,
    published_contents,
    room,
    run,
    surroundings,
)

__all__ = ["built", "config", "copy", "healed", "own", "room"]

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")  # feedparser's own


# --- article


def test_article_prints_the_content_as_a_build_has_it(built, room):
    room.log.clear()
    for url, content in [*published_contents(built).items()][::3]:
        done = run(built, "article", url)
        assert (done.status, done.out.decode(), done.err) == (0, f"{content}\n", "")
    assert list(room.log) == []


def test_article_in_other_forms(built, room):
    article = room.articles("arise")[0]
    text = run(built, "article", article.url, "--format", "text").out.decode()
    assert text.startswith(f"{article.title}\n")
    assert "<p>" not in text
    assert run(built, "article", "-t", "-b", article.url).out.decode() == text
    item = json.loads(run(built, "article", article.url, "--format", "json").out)
    assert (item["url"], item["title"]) == (article.url, article.title)


def test_article_has_an_unknown_address_from_the_web(room, config, tmp_path):
    article = room.articles("arise")[0]
    done = run(tmp_path, "article", f"{article.url}?utm_source=x", "--format", "json")
    assert json.loads(done.out)["title"] == article.title


@pytest.mark.parametrize(("address", "reason"), [
    ("https://elsewhere.example/1", "no loaded outlet claims elsewhere.example"),
    ("http://127.0.0.1/", "is no public address"),
    ("file:///etc/passwd", "is no public address"),
    ("not an address", "is no public address"),
    ("", "is no public address"),
])  # fmt: skip
def test_an_address_that_has_no_article_is_one_line_and_status_1(address, reason, built, room):
    room.log.clear()
    done = run(built, "article", address)
    assert (done.status, done.out, len(done.complaints)) == (1, b"", 1)
    assert reason in done.err
    assert list(room.log) == []


def test_article_understands_addresses_as_people_write_them(built, room):
    url = room.articles("arise")[0].url
    expected = run(built, "article", url).out
    for written in (quote(url, safe=""), url.removeprefix("https:"), url.removeprefix("https://")):
        assert run(built, "article", written).out == expected


def test_article_reads_the_page_that_it_is_given_as_rss_guard_gives_it(built, room):
    article = room.articles("arise")[0]
    told = {"headers": {"User-Agent": "x"}, "html": room._html(article).decode(), "proxy": None}
    room.log.clear()
    done = run(built, "article", article.url, "--offline", stdin=json.dumps(told).encode())
    assert (done.status, done.err) == (0, "")
    assert done.out.decode() == run(built, "article", article.url).out.decode()
    assert list(room.log) == []


@pytest.mark.parametrize(
    "told", [b"", b" \n", b"{}", b'{"headers": [], "html": "", "proxy": {}}', b'{"more": 1}']
)
def test_article_without_a_page_on_standard_input_takes_the_address(told, built, room):
    assert run(built, "article", room.articles("arise")[0].url, stdin=told).status == 0


@pytest.mark.parametrize(("told", "reason"), [
    (b"https://example.org/\n", "is no JSON object"),
    (b'{"html": "<p>', "is no JSON object"),
    (b'{"html": 5}', "is no JSON object"),
    (b"[]", "is no JSON object"),
    (b'{"proxy": {"type": "socks5", "address": "127.0.0.1:1"}}', "proxy.type must be http"),
    (b'{"proxy": {"address": "http://x/ y"}}', "proxy.address must be a host and a port"),
])  # fmt: skip
def test_article_refuses_what_it_cannot_understand_on_standard_input(told, reason, built, room):
    done = run(built, "article", room.articles("arise")[0].url, stdin=told)
    assert (done.status, done.out, len(done.complaints)) == (2, b"", 1)
    assert reason in done.err


def test_article_does_not_wait_for_a_standard_input_that_stays_silent(built, room):
    reading, writing = os.pipe()
    try:
        done = subprocess.run(
            [*CLEANFEED, "article", room.articles("arise")[0].url],
            stdin=reading, capture_output=True, timeout=30, check=False, cwd=built, env=surroundings(built),
        )  # fmt: skip
    finally:
        os.close(writing)
        os.close(reading)
    assert done.returncode == 0, done.stderr


# --- render

HTML = """<p onclick="x()">The <b>night</b> ferry &amp; its <a href="https://www.example.org/?a=1&amp;b=2">quay</a></p>
<script>alert(1)</script><ul><li>one<li>two</ul><img src="https://www.example.org/f.jpg" alt="The ferry">
<img src="https://track.example/p.gif" width="1" height="1"><a href="javascript:x()">bad</a>"""


def test_render_prints_text_for_a_terminal(built):
    done = run(built, "render", stdin=HTML.encode())
    assert (done.status, done.err) == (0, "")
    assert done.out.decode() == (
        "The night ferry & its quay[1]\n\n• one\n• two\n\n[The ferry 2]\n\nbad\n\n"
        "[1]: https://www.example.org/?a=1&b=2\n[2]: https://www.example.org/f.jpg\n"
    )


def test_render_prints_sanitised_html(built):
    html = run(built, "render", "--format", "html", stdin=HTML.encode()).out.decode()
    assert "<b>night</b>" in html
    assert "<li>two</li>" in html
    for forbidden in ("<script", "onclick", "javascript:", "track.example", "alert"):
        assert forbidden not in html


def test_render_leaves_the_chrome_of_outlets_out(built, outlets):
    line = "Follow us on WhatsApp"
    html = f"<p>The ferry sails.</p><p>{line}</p><p>It is full.</p>"
    plugin = built / "ferry.py"
    plugin.write_text(
        "from cleanfeed import Outlet, hookimpl, recipes\n@hookimpl\ndef cleanfeed_outlets():\n"
        "    return [Outlet(slug='ferry', name='Ferry', language='ar', timezone='UTC', hosts=('ferry.example',),\n"
        "                   article=recipes.WORDPRESS, sentinels=(r'Follow us on WhatsApp',))]\n"
    )
    for options in ((), ("--outlet", "ferry")):
        out = run(built, "render", *options, "--plugin", plugin, stdin=html.encode()).out.decode()
        assert out == "The ferry sails.\n\nIt is full.\n"
    unknown = run(built, "render", "--outlet", "none", stdin=html.encode())
    assert (unknown.status, unknown.out, len(unknown.complaints)) == (2, b"", 1)


@pytest.mark.parametrize("outlet", ["arise", "almanar-en", "almayadeen-en", "daily8-ar"])
def test_render_loses_a_form_and_nothing_else_by_the_rules_of_an_outlet(outlet, built):
    html = b"Words <i>of</i> ours.<p>A long paragraph.</p><form action=/s><input name=q></form><p>Second.</p>"
    done = run(built, "render", "--outlet", outlet, stdin=html)
    assert done.out.decode() == "Words of ours.\n\nA long paragraph.\n\nSecond.\n"


def test_render_keeps_the_lines_and_spaces_of_code(built):
    html = b"<pre>def a():\n    <b>return</b>  7 \n\tb</pre><p>two  spaces</p>"
    assert run(built, "render", stdin=html).out == b"def a():\n    return  7\n    b\n\ntwo spaces\n"


@pytest.mark.parametrize("html", [b"", b"  \n", b"<script>x</script>", "\N{ZERO WIDTH SPACE}".encode()])
def test_render_of_nothing_is_nothing(html, built):
    done = run(built, "render", stdin=html)
    assert (done.status, done.out.strip(), done.err) == (0, b"", "")


def test_render_keeps_arabic_and_takes_what_is_no_utf_8(built):
    assert run(built, "render", stdin="<p>رصيف <i>الميناء</i></p>".encode()).out.decode() == "رصيف الميناء\n"
    assert run(built, "render", stdin="<p>رصيف الميناء</p>".encode("cp1256")).out.decode() == "رصيف الميناء\n"


def test_article_asks_by_the_proxy_that_rss_guard_names(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as proxy:
        told = {"proxy": {"type": "http", "address": f"127.0.0.1:{proxy.getsockname()[1]}"}}
        process = subprocess.Popen(
            [*CLEANFEED, "article", "https://www.arise.tv/some-story/"], cwd=tmp_path, env=surroundings(tmp_path),
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip
        process.stdin.write(json.dumps(told).encode())
        process.stdin.close()
        proxy.settimeout(30)
        caller, _place = proxy.accept()
        asked = caller.recv(4096)
        caller.close()
        proxy.close()
        with process.stdout, process.stderr:
            assert (process.stdout.read(), len(process.stderr.read().splitlines())) == (b"", 1)
        assert process.wait(30) == 1
    assert asked.startswith(b"CONNECT www.arise.tv:443 ")
