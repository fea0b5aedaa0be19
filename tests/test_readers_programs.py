"""Real readers run the commands: newsboat by exec, filter and html-renderer, sfeed by fetch and filter."""

from __future__ import annotations

import os
import pty
import select
import shlex
import sqlite3
import subprocess
import threading
import time
from contextlib import closing, contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

import pytest

from liveparts import items, until
from parts import require_program
from readerparts import CLEANFEED, FORMATS, articles, built, room, run, surroundings

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = ["built", "room"]


@pytest.fixture
def command(built, tmp_path):
    """The command as one name, as a reader's configuration has it."""
    path = tmp_path / "cleanfeed"
    path.write_text(f'#!/bin/sh\nexec {shlex.join(CLEANFEED)} "$@"\n')
    path.chmod(0o755)
    return path


@contextmanager
def served(body: bytes) -> Iterator[str]:
    """The address under which an outlet's feed is served."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_args: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/feed"
        finally:
            server.shutdown()
            thread.join()


def newsboat(home: Path, built: Path, url: str, *more: str) -> list[str]:
    """How newsboat is called in this home, with one feed."""
    home.mkdir(exist_ok=True)
    (home / "config").touch()
    (home / "urls").write_text(f"{url}\n")
    return [require_program("newsboat"), "-C", "config", "-u", "urls", "-c", "cache.db", *more]


def reader_surroundings(home: Path, built: Path) -> dict[str, str]:
    env = surroundings(home, CLEANFEED_CONFIG=str(built / "cleanfeed.toml"), TERM="xterm", LANG="C.UTF-8")
    return env | {"HOME": str(home), "XDG_CONFIG_HOME": str(home), "XDG_DATA_HOME": str(home)}


def reloaded(home: Path, built: Path, url: str) -> list[tuple[str, ...]]:
    """The title, address and content of all entries that newsboat has after a reload."""
    subprocess.run(
        newsboat(home, built, url, "-x", "reload"), cwd=home, env=reader_surroundings(home, built), check=True,
        capture_output=True, timeout=90,
    )  # fmt: skip
    with closing(sqlite3.connect(home / "cache.db")) as cache:
        return cache.execute("select title, url, content from rss_item").fetchall()


@pytest.mark.parametrize("form", ["rss", "atom"])
def test_newsboat_takes_a_topic_from_the_command(form, built, command, tmp_path):
    rows = reloaded(tmp_path / "home", built, f'"exec:{command} feed everything --format {form}" news')
    assert {url: content for _title, url, content in rows} == {
        item["url"]: item["content_html"] for item in items(built / "public")
    }


@pytest.mark.parametrize("form", ["rss", "atom"])
def test_newsboat_shows_whole_articles_of_a_feed_that_passes_the_filter(form, built, room, command, tmp_path):
    with served(FORMATS[form](articles(room))) as address:
        rows = reloaded(tmp_path / "home", built, f'"filter:{command} filter:{address}" news')
    known = {item["url"]: item["content_html"] for item in items(built / "public")}
    assert {url: content for _title, url, content in rows} == known
    assert {title for title, _url, _content in rows} == {f"Teaser {number}" for number in range(len(known))}


def test_newsboat_shows_an_entry_as_the_renderer_prints_it(built, command, tmp_path):
    home = tmp_path / "home"
    body = "&lt;p&gt;The &lt;b&gt;night&lt;/b&gt; ferry رصيف&lt;/p&gt;&lt;script&gt;alert(1)&lt;/script&gt;"
    feed = (
        '<rss version="2.0"><channel><title>F</title><link>https://x.example/</link><description>d</description>'
        f"<item><title>T</title><link>https://x.example/1</link><description>{body}</description></item></channel></rss>"
    )
    (tmp_path / "feed.rss").write_text(feed)
    url = f"file://{tmp_path / 'feed.rss'}"
    reloaded(home, built, url)  # so that it has the entry when it starts
    called = newsboat(home, built, url)
    shown = home / "shown.txt"
    (home / "config").write_text(
        f'html-renderer "{command} render"\nmacro x pipe-to "cat > {shown}"\nwrap-scroll no\n'
    )
    in_a_terminal(called, home, reader_surroundings(home, built), b"\r\r,x", shown)
    text = shown.read_text("utf-8")
    assert "The night ferry رصيف" in text
    assert "alert" not in text
    assert "<p>" not in text


def in_a_terminal(called: list[str], home: Path, env: dict[str, str], keys: bytes, made: Path) -> None:
    """Runs a program at a terminal, and types keys until a file is made."""
    main, side = pty.openpty()
    process = subprocess.Popen(
        called, cwd=home, env=env, stdin=side, stdout=side, stderr=side, start_new_session=True
    )
    os.close(side)
    try:
        drained(main, 2)
        for key in keys:
            os.write(main, bytes([key]))
            drained(main, 1)
        until(lambda: drained(main, 0.1) or (made.is_file() and made.stat().st_size > 0))
    finally:
        process.kill()
        process.wait(10)
        os.close(main)


def drained(handle: int, seconds: float) -> None:
    """Takes what the program draws, or it would wait for that."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if select.select([handle], [], [], 0.05)[0]:
            with suppress(OSError):
                os.read(handle, 65536)


def test_sfeed_takes_topics_by_its_fetch_and_whole_articles_by_its_pipe(built, room, command, tmp_path):
    update = require_program("sfeed_update")
    teasers = tmp_path / "teasers.rss"
    teasers.write_bytes(FORMATS["rss"](articles(room)))
    (tmp_path / "sfeedrc").write_text(
        f'sfeedpath="{tmp_path}/feeds"\n'
        "fetch() {\n"
        '\tcase "$2" in\n'
        f'\tcleanfeed:*) {command} feed "${{2#cleanfeed:}}";;\n'
        f'\t*) cat "$2" | {command} filter;;\n'
        "\tesac\n"
        "}\n"
        "feeds() {\n"
        '\tfeed "topic" "cleanfeed:everything" "https://feeds.example.org/"\n'
        f'\tfeed "teasers" "{teasers}" "https://www.example.org/"\n'
        "}\n"
    )
    done = subprocess.run(
        [update, tmp_path / "sfeedrc"],
        env=reader_surroundings(tmp_path, built),
        capture_output=True,
        timeout=90,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, b"")
    known = {item["url"]: item["content_html"] for item in items(built / "public")}
    for name in ("topic", "teasers"):
        rows = [line.split("\t") for line in (tmp_path / "feeds" / name).read_text("utf-8").splitlines()]
        assert {row[2]: row[3].replace("\\n", "\n") for row in rows} == known


def test_xmllint_finds_a_filtered_feed_well_formed(built, room):
    program = require_program("xmllint")
    for form in ("rss", "atom"):
        data = run(built, "filter", stdin=FORMATS[form](articles(room))).out
        subprocess.run([program, "--noout", "-"], input=data, check=True, capture_output=True, timeout=60)
