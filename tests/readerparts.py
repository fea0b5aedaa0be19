"""The commands for feed readers as a reader runs them, and feeds of the newsroom's articles."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Any

import pytest

from liveparts import environment, good, items
from newsroom import Newsroom

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from newsroom import Article

CLEANFEED = [sys.executable, "-m", "cleanfeed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """A command that has ended."""

    status: int
    out: bytes
    err: str

    @property
    def complaints(self) -> list[str]:
        return self.err.splitlines()


def run(folder: Path, *arguments: str | Path, stdin: bytes = b"", timeout: float = 60, **env: str) -> Done:
    """The command in this folder, which never shows a traceback."""
    done = subprocess.run(
        [*CLEANFEED, *map(str, arguments)],
        cwd=folder, input=stdin, capture_output=True, check=False, timeout=timeout, env=surroundings(folder, **env),
    )  # fmt: skip
    err = done.stderr.decode()
    assert "Traceback" not in err, err
    return Done(status=done.returncode, out=done.stdout, err=err)


def surroundings(folder: Path, **changed: str) -> dict[str, str]:
    """An environment that has its home in this folder."""
    kept = environment(HOME=str(folder / "home"), PYTHONWARNINGS="always", **changed)
    dropped = {"XDG_CACHE_HOME", "CLEANFEED_CONFIG"} - changed.keys()
    return {name: said for name, said in kept.items() if name not in dropped}


def teasers(articles: Iterable[Article]) -> list[dict[str, Any]]:
    """What the feed of an outlet tells of its articles: a title and a line."""
    return [
        {"id": f"id-{number}", "url": each.url, "title": f"Teaser {number}", "summary": "One line of it."}
        for number, each in enumerate(articles)
    ]


def as_rss(articles: Iterable[Article], more: str = "") -> bytes:
    items = "".join(
        f"<item><title>{one['title']}</title><link>{escape(one['url'])}</link>"
        f'<guid isPermaLink="false">{one["id"]}</guid><pubDate>Mon, 14 Sep 2026 08:20:00 GMT</pubDate>'
        f"<description>{one['summary']}</description></item>\n"
        for one in teasers(articles)
    )
    head = '<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0"><channel><title>Teasers</title>'
    return f"{head}<link>https://www.example.org/</link><description>d</description>\n{items}{more}</channel></rss>\n".encode()


def as_atom(articles: Iterable[Article]) -> bytes:
    entries = "".join(
        f"<entry><id>tag:example.org,2026:{one['id']}</id><title>{one['title']}</title>"
        f'<updated>2026-09-14T08:20:00Z</updated><link href="{escape(one["url"])}"/></entry>\n'
        for one in teasers(articles)
    )
    head = '<?xml version="1.0" encoding="UTF-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom"><id>tag:x</id>'
    return f"{head}<title>Teasers</title><updated>2026-09-14T08:20:00Z</updated>\n{entries}</feed>\n".encode()


def as_json(articles: Iterable[Article]) -> bytes:
    whole = {"version": "https://jsonfeed.org/version/1.1", "title": "Teasers", "items": teasers(articles)}
    return json.dumps(whole, ensure_ascii=False).encode()


FORMATS = {"rss": as_rss, "atom": as_atom, "json": as_json}


# --- what is there before a command


@pytest.fixture(scope="module")
def room():
    with Newsroom(["arise", "almanar-ar"]) as room:
        room.publish("arise", 4)
        room.publish("almanar-ar", 3)
        yield room


@pytest.fixture(autouse=True)
def healed(room):
    yield
    room.heal()
    room.log.clear()


@pytest.fixture
def config(room, tmp_path):
    return room.config(tmp_path)


@pytest.fixture(scope="module")
def built(room, tmp_path_factory):
    """A folder in which a build has been; tests must not change it."""
    folder = tmp_path_factory.mktemp("built")
    good(room.config(folder))
    return folder


@pytest.fixture
def own(tmp_path):
    """A newsroom that a test may change, and a folder in which a build has been."""
    with Newsroom(["arise"]) as room:
        room.publish("arise", 2)
        good(room.config(tmp_path / "own"))
        room.log.clear()
        yield room, tmp_path / "own"


@pytest.fixture
def copy(built, tmp_path):
    folder = tmp_path / "copy"
    shutil.copytree(built, folder)
    return folder


def articles(room):
    return [*room.articles("arise"), *room.articles("almanar-ar")]


def published_contents(folder):
    return {item["url"]: item["content_html"] for item in items(folder / "public")}
