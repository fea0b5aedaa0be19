"""A town whose feeds have a past: a ledger that tests fill, builds at times of their choice, and the walk back."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING

from lxml import etree

from cleanfeed import config, live
from cleanfeed.plugins import load
from feedcheck import ATOM
from ledgerparts import NOW, opened, story

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from cleanfeed.model import Entry
    from cleanfeed.report import Report

LIMIT = 5
PLUGIN = """
from cleanfeed import Outlet, hookimpl, recipes

@hookimpl
def cleanfeed_outlets():
    return [Outlet(slug="harbour", name="The Harbour", language="en", timezone="Africa/Lagos",
                   hosts=("www.harbour.example",), article=recipes.WORDPRESS, listings=("https://www.harbour.example/",)),
            Outlet(slug="quay", name="The Quay", language="en", timezone="Africa/Lagos",
                   hosts=("www.quay.example",), article=recipes.WORDPRESS, listings=("https://www.quay.example/",)),
            Outlet(slug="mirror", name="The Mirror", language="en", timezone="Africa/Lagos", republishes=True,
                   hosts=("www.mirror.example",), article=recipes.WORDPRESS, listings=("https://www.mirror.example/",))]
"""


def entry_of(number: int, **changes: object) -> Entry:
    """The higher its number, the newer."""
    said = {
        "title": f"Report {number}",
        "content": f"<p>Crane {number} was moved.</p>",
        "text": f"Crane {number} was moved.",
        "published": NOW - timedelta(days=30) + timedelta(minutes=number),
    }
    return story(f"https://www.harbour.example/report-{number:05}/", **{**said, **changes})


class Town:
    """A ledger that tests fill, and builds of its feeds at times of their choice."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.public = folder / "public"
        self.public.mkdir()
        (folder / "harbour.py").write_text(PLUGIN, "utf-8")
        self.plugins = load([folder / "harbour.py"])
        self.base = "https://feeds.example.org/"
        self.numbers: set[int] = set()
        self.now = NOW

    def put(self, *numbers: int, **changes: object) -> None:
        self.tell(*(entry_of(number, **changes) for number in numbers))
        self.numbers |= {*numbers}

    def tell(self, *entries: Entry) -> None:
        """Entries that are none of the numbered ones."""
        with opened(self.folder, self.now) as ledger:
            for entry in entries:
                ledger.put(entry, None, self.now)

    def drop(self, *numbers: int) -> None:
        with opened(self.folder, self.now) as ledger:
            ledger.drop([entry_of(number).id for number in numbers])
        self.numbers -= {*numbers}

    def forget(self, *entries: Entry) -> None:
        with opened(self.folder, self.now) as ledger:
            ledger.drop(entry.id for entry in entries)

    def build(self, *, limit: int = LIMIT, publish: str = "archives = true", more: str = "") -> Report:
        path = self.folder / "cleanfeed.toml"
        path.write_text(
            f'title = "Town"\nbase_url = "{self.base}"\n'
            f'[topics.everything]\ntitle = "Everything"\neverything = true\nlimit = {limit}\n{more}\n'
            f"[publish]\n{publish}\n",
            "utf-8",
        )
        wishes = live.Wishes(plugins=(self.folder / "harbour.py",), offline=True)
        with opened(self.folder, self.now, self.public) as ledger:
            report, _cards = live.build(
                config.load(path), ledger, wishes, loaded=self.plugins, now=lambda: self.now
            )
            ledger.add_build(started=self.now, seconds=1, status=0, outlets={})
        assert report.problems == [], "\n".join(map(str, report.problems))
        return report

    @property
    def ids(self) -> list[str]:
        return sorted(entry_of(number).id for number in self.numbers)

    def documents(self) -> dict[str, bytes]:
        return {path.name: path.read_bytes() for path in sorted(self.public.glob("*.archive-*"))}

    def stamps(self) -> dict[str, tuple[int, int]]:
        found = sorted(self.public.glob("*.archive-*"))
        return {path.name: (path.stat().st_mtime_ns, path.stat().st_ino) for path in found}

    def walk(self, suffix: str = "json") -> list[list[str]]:
        """The ids of each document, from the feed back to the first archive, read from the files."""
        return list(walked(f"{self.base}everything.{suffix}", self._read))

    def _read(self, address: str) -> bytes:
        return (self.public / address.removeprefix(self.base)).read_bytes()


def walked(address: str | None, read: Callable[[str], bytes]) -> Iterator[list[str]]:
    while address:
        ids, address = page_of(read(address), address)
        yield ids


def page_of(data: bytes, address: str) -> tuple[list[str], str | None]:
    """The ids of a document, and the address of the one before it."""
    if address.endswith("json"):
        said = json.loads(data)
        return [item["id"] for item in said["items"]], said.get("next_url")
    root = etree.fromstring(data)
    ids = [one.text for one in (root.iter("guid") if root.tag == "rss" else root.iterfind("{*}entry/{*}id"))]
    places = [one for one in root.iter(f"{ATOM}link") if one.get("rel") == "prev-archive"]
    assert len(places) <= 1
    return ids, places[0].get("href") if places else None


def flat(pages: list[list[str]]) -> list[str]:
    return sorted(id_ for page in pages for id_ in page)
