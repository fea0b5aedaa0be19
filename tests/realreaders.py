"""Real readers, driven without a screen: each is told where a feed is, updates, and shows what it keeps of it."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import time
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, ClassVar, NamedTuple
from xml.sax.saxutils import quoteattr

from parts import require_program

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

_PATIENCE = 60
"""Seconds that a reader may take to show what it was told to get."""


class Kept(NamedTuple):
    """What a reader keeps of an entry."""

    title: str
    url: str
    content: str
    date: float
    """Seconds since 1970."""


def private(home: Path, **more: str) -> dict[str, str]:
    """An environment in which a program finds nothing of the user's, and leaves nothing behind."""
    names = ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME", "XDG_RUNTIME_DIR")
    folders = {name: str(home / name.lower()) for name in names}
    for folder in folders.values():
        os.makedirs(folder, mode=0o700, exist_ok=True)  # noqa: PTH103  # of a text
    return {**os.environ, "HOME": str(home), **folders, **more}


def asked(path: Path, query: str) -> list[tuple]:
    """The rows of a reader's own database, which it may have in use."""
    if not path.exists():
        return []
    try:
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as base:
            return base.execute(query).fetchall()
    except sqlite3.OperationalError:  # not made yet, or being written
        return []


def wait_for(rows: Callable[[], list[Kept]], enough: Callable[[list[Kept]], bool]) -> list[Kept]:
    """The rows as soon as they are enough; as they are in the end, where they never are."""
    end = time.monotonic() + _PATIENCE
    while not enough(found := rows()) and time.monotonic() < end:
        time.sleep(0.2)
    return found


@contextmanager
def running(command: Sequence[str | Path], env: dict[str, str]) -> Iterator[None]:
    """A program with all that it starts, until the end of the block."""
    with subprocess.Popen(
        command, env=env, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    ) as program:  # fmt: skip
        try:
            yield
        finally:
            os.killpg(program.pid, signal.SIGKILL)


class Newsboat:
    """newsboat; a source is an address, `exec:COMMAND` or `filter:COMMAND:ADDRESS`."""

    def __init__(self, home: Path) -> None:
        self.program = require_program("newsboat")
        self.home = home
        self.cache = home / "cache.db"

    def reload(self, *sources: str) -> None:
        (self.home / "config").touch()
        (self.home / "urls").write_text("".join(f'"{source}"\n' for source in sources), "utf-8")
        names = ("-C", self.home / "config", "-u", self.home / "urls", "-c", self.cache)
        command = [self.program, *names, "-x", "reload"]
        subprocess.run(command, check=True, capture_output=True, timeout=_PATIENCE, env=private(self.home))

    def update(self, source: str, enough: Callable[[list[Kept]], bool]) -> list[Kept]:
        self.reload(source)
        query = "select title, url, content, pubDate from rss_item order by pubDate desc, guid"
        found = [Kept(*row) for row in asked(self.cache, query)]
        assert enough(found), found
        return found


class Liferea:
    """Liferea on a screen of its own; a source is an address or `|COMMAND`."""

    _NODE = '<outline title="x" text="x" type="rss" id="aaaaaaa" xmlUrl={source} updateInterval="-1" {more}/>'
    _REFRESH = (
        "liferea & for _ in $(seq 60); do sleep 0.5; gdbus call --session --dest org.gnome.feed.Reader"
        " --object-path /org/gnome/feed/Reader --method org.gnome.feed.Reader.Refresh && break; done; wait"
    )

    def __init__(self, home: Path) -> None:
        for name in ("liferea", "xvfb-run", "dbus-run-session", "gdbus"):
            require_program(name)
        self.home = home

    def update(self, source: str, enough: Callable[[list[Kept]], bool], *, filtered: str = "") -> list[Kept]:
        env = private(self.home, GIO_USE_NETWORK_MONITOR="base")
        more = f"filtercmd={quoteattr(filtered)}" if filtered else ""
        node = self._NODE.format(source=quoteattr(source), more=more)
        folder = self.home / "xdg_config_home" / "liferea"
        folder.mkdir(exist_ok=True)
        (folder / "feedlist.opml").write_text(
            f'<?xml version="1.0"?><opml version="1.0"><head/><body>{node}</body></opml>', "utf-8"
        )
        base = self.home / "xdg_data_home" / "liferea" / "liferea.db"
        query = "select title, source, description, date from items where node_id = 'aaaaaaa' order by date desc, title"
        command = ["xvfb-run", "-a", "dbus-run-session", "--", "bash", "-c", self._REFRESH]
        with running(command, env):
            return wait_for(lambda: [Kept(*row) for row in asked(base, query)], enough)


class RssGuard:
    """RSS Guard 4; a source is an address, or a command in its own notation: `PROGRAM#ARGUMENT#ARGUMENT`."""

    _TYPES: ClassVar = {"rss": 1, "atom": 3, "json": 4}
    _SETTINGS = "[main]\nfirst_run=false\nfirst_run_4.0.4=false\n\n[feeds]\nfeeds_update_on_startup=true\n"

    def __init__(self, home: Path) -> None:
        self.program = require_program("rssguard")
        self.home = home
        self.base = home / "data" / "database" / "database.db"
        flags = {"QT_QPA_PLATFORM": "offscreen", "QTWEBENGINE_CHROMIUM_FLAGS": "--no-sandbox"}
        self.env = private(home, **flags)
        self.command = [self.program, "--data", home / "data"]

    def update(
        self, source: str, enough: Callable[[list[Kept]], bool], *, form: str = "rss", filtered: str = ""
    ) -> list[Kept]:
        if not self.base.exists():
            self._make()
        self._subscribe(source, form, filtered)
        (self.home / "data" / "config" / "config.ini").write_text(self._SETTINGS, "utf-8")
        query = "select title, url, contents, date_created / 1000.0 from Messages order by date_created desc, title"
        with running(self.command, self.env):
            return wait_for(lambda: [Kept(*row) for row in asked(self.base, query)], enough)

    def _make(self) -> None:
        """Its first start makes the database."""
        with running(self.command, self.env):
            end = time.monotonic() + _PATIENCE
            while not asked(self.base, "select inf_value from Information") and time.monotonic() < end:
                time.sleep(0.2)
            time.sleep(0.5)

    def _subscribe(self, source: str, form: str, filtered: str) -> None:
        kind = 0 if source.startswith("http") else 1
        data = {"source_type": kind, "type": self._TYPES[form], "post_process": filtered}
        with closing(sqlite3.connect(self.base, timeout=10)) as base, base:
            base.execute("insert or ignore into Accounts (id, type) values (1, 'std-rss')")
            base.execute(
                "insert or replace into Feeds (id, title, category, source, update_type, account_id, custom_id, custom_data)"
                " values (1, 'x', -1, ?, 1, 1, '1', ?)",
                [source, json.dumps(data)],
            )
