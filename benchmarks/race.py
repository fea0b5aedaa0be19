"""The race: the parse alone, extract and whole builds of the same pages, in turn."""

from __future__ import annotations

import shutil
import sys
from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import lxml.html
from clock import Times, Took, time_in_turn, time_of, time_of_command
from pages import Made, save
from shapes import SHAPES

from cleanfeed import plugins
from cleanfeed.config import load
from cleanfeed.pipeline import build
from cleanfeed.shelf import Shelf
from cleanfeed.sources.files import SavedPage, find
from cleanfeed.work import Result, read_one

if TYPE_CHECKING:
    from collections.abc import Sequence

    from others import Reader

    from cleanfeed.model import Entry

JOBS = (1, 2)
FOR_OTHERS = 80
"""Pages that other programs read; they take their time."""
_CONFIG = """
title = "Benchmark"
base_url = "https://feeds.example.org/"
output = "public"
pages = ["pages"]

[topics.everything]
title = "Everything"
everything = true

[topics.english]
title = "English"
languages = ["en"]

[topics.words]
title = "Words"
any = ["bado", "kelun", "mita nerast", "سمع", "البحر"]

[topics.arise]
title = "Arise"
outlets = ["arise"]
none = ["zuzuzu"]

[auto]
by = ["section"]
at_least = 20
"""


def fill(folder: Path, count: int) -> Path:
    """A folder to build in: a configuration, and so many pages."""
    folder.mkdir(exist_ok=True)
    (folder / "cleanfeed.toml").write_text(_CONFIG, "utf-8")
    save(count, folder / "pages")
    return folder


def build_command(folder: Path, jobs: int) -> list[str]:
    """A build from scratch, as a user starts it."""
    with suppress(FileNotFoundError):
        shutil.rmtree(folder / "public")
    return [sys.executable, "-m", "cleanfeed", "build", str(folder / "cleanfeed.toml"), "--jobs", str(jobs)]


class Race:
    """The pages, and what everybody took for them."""

    def __init__(self, made: Sequence[Made], folder: Path) -> None:
        self.made = made
        self.folder = fill(folder / "all", len(made))
        self.small = fill(folder / "small", len(SHAPES))
        self.saved = [
            SavedPage(Path(f"{each.key}.html"), each.key, each.html.encode(), each.url) for each in made
        ]
        self.loaded = plugins.load(())
        self.times = Times()
        self.entries: list[Entry] = []
        self.faults: list[str] = []
        self.titles: dict[str, float] = {}

    @property
    def slugs(self) -> list[str]:
        """The editions that have pages."""
        present = {made.outlet for made in self.made}
        return [shape.slug for shape in SHAPES if shape.slug in present]

    @property
    def for_others(self) -> Sequence[Made]:
        """Some of the pages; none in Arabic, for which newspaper4k needs more than it brings."""
        return [made for made in self.made if not made.outlet.endswith("-ar")][:FOR_OTHERS]

    def check(self) -> None:
        """Reads everything once, untimed: it warms up, and what is found must be what is on the pages."""
        for made, saved in zip(self.made, self.saved, strict=True):
            result = self._read(saved)
            fault = made.fault(result.entry)
            self.faults += [f"{fault} ({result.error})" if result.error else fault] if fault else []
            self.entries += [result.entry] if result.entry else []

    def run(self, rounds: int, others: dict[str, Reader]) -> None:
        for _ in range(rounds):
            for slug in self.slugs:
                self._parse_and_extract(slug)
            self.times.add("build", self._build())
            for jobs in JOBS:
                self.times.add(f"build {jobs}", time_of_command(build_command(self.folder, jobs)))
                self.times.add(f"small build {jobs}", time_of_command(build_command(self.small, jobs)))
            self._read_by(others)

    def _read(self, saved: SavedPage) -> Result:
        return read_one(saved, self.loaded)

    def _parse_and_extract(self, slug: str) -> None:
        mine = [
            (made, saved) for made, saved in zip(self.made, self.saved, strict=True) if made.outlet == slug
        ]
        parse, extract = time_in_turn(
            [[partial(_parse, made) for made, _ in mine], [partial(self._read, saved) for _, saved in mine]]
        )
        self.times.add(f"parse {slug}", parse)
        self.times.add(f"extract {slug}", extract)

    def _build(self) -> Took:
        """Everything that the command does, without its start, its workers and what it prints."""
        output = self.folder / "in-process"
        with suppress(FileNotFoundError):
            shutil.rmtree(output)
        config = replace(load(self.folder / "cleanfeed.toml"), output=output)
        with Shelf() as shelf:
            return time_of(
                lambda: build(config, map(self._read, find(config.pages)), self.loaded.outlets, shelf)
            )

    def _read_by(self, others: dict[str, Reader]) -> None:
        if not others:
            return
        some = self.for_others
        right = dict.fromkeys(others, 0)

        def ask(name: str, made: Made) -> None:
            right[name] += others[name](made) == made.title

        readers = [[partial(ask, name, made) for made in some] for name in others]
        took = time_in_turn([[partial(_parse, made) for made in some], *readers])
        for name, each in zip(("parse some", *others), took, strict=True):
            self.times.add(name, each)
        self.titles = {name: count / len(some) for name, count in right.items()}


def _parse(made: Made) -> object:
    return lxml.html.fromstring(made.html)
