"""A newsroom, a configuration and a clock of the tests' own: builds in this process, hour after hour."""

from __future__ import annotations

import json
import os
from copy import copy
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self
from unittest.mock import patch

from cleanfeed import config as configuration
from cleanfeed import intake, live, plugins, work
from cleanfeed.fetch import pacing
from cleanfeed.ledger import Ledger
from newsroom import Newsroom

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from cleanfeed.plugins import Plugins
    from cleanfeed.report import Report
    from cleanfeed.sources.files import SavedPage
    from cleanfeed.work import Result, Setup

HOUR = timedelta(hours=1)
START = datetime(2026, 3, 2, 6, 0, 20, tzinfo=UTC)


@dataclass(slots=True, eq=False)
class Clock:
    """Time that goes on when it is told to."""

    time: datetime = START

    def __call__(self) -> datetime:
        return self.time


class World:
    """The outlets, and the builds of them at any time."""

    def __init__(self, folder: Path, slugs: Iterable[str], **settings: Any) -> None:
        self.clock = Clock()
        self.room = Newsroom(slugs, now=self.clock)
        self._settle(folder, **settings)

    def _settle(self, folder: Path, **settings: Any) -> None:
        self.folder = folder
        self.path = self.room.config(folder, **settings)
        has_towns = any(slug.startswith("town") for slug in self.room.editions)
        self.plugins = (self.room.plugin(folder),) if has_towns else ()
        self.public = folder / "public"

    def beside(self, folder: Path, outlets: list[str]) -> World:
        """Another configuration with some of the same outlets; it knows nothing of this one."""
        other = copy(self)
        other._settle(folder, outlets=outlets)
        return other

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.room.close()

    def pass_time(self, time: timedelta = HOUR) -> None:
        self.clock.time += time

    def build(self, *, offline: bool = False, jobs: int = 0) -> Report:
        """One build, now; without `jobs`, pages are read in this process."""
        return build(self.path, live.Wishes(plugins=self.plugins, jobs=jobs, offline=offline), self.clock)

    def items(self, topic: str = "everything") -> list[dict[str, Any]]:
        return json.loads((self.public / f"{topic}.json").read_text("utf-8"))["items"]

    def troubles(self, problems: Iterable[object]) -> dict[str, str]:
        """What the problems of a report say, by the outlet that they name."""
        said = [str(problem) for problem in problems]
        return {
            slug: " | ".join(line for line in said if slug in line)
            for slug in self.room.editions
            if any(slug in line for line in said)
        }


def build(path: Path, wishes: live.Wishes, clock: Callable[[], datetime]) -> Report:
    """One build of this configuration, at the time that the clock tells."""
    settings = configuration.load(path)
    with (
        # What repeats wait for is tried elsewhere, as are workers; here both would only take time.
        patch.multiple(pacing, _SHORTEST_WAIT=0.005, _FIRST_WAIT=0.01),
        patch.object(intake, "run", work.run if wishes.jobs else _read_here),
        Ledger.open(settings.ledger, feeds=settings.output, now=clock()) as ledger,
    ):
        report, _ = live.build(settings, ledger, wishes, now=clock)
    return report


def _read_here(
    pages: Sequence[SavedPage], setup: Setup, _jobs: int = 0, *, loaded: Plugins | None = None
) -> Iterator[Result]:
    loaded = loaded or plugins.load(setup.plugins)
    return (work.read_one(pages[number], loaded) for number in range(len(pages)))


@dataclass(slots=True, kw_only=True)
class Footprint:
    """What a process holds."""

    megabytes: float
    handles: int
    threads: int = field(default=0)


def footprint(process: int | str = "self") -> Footprint:
    place = Path("/proc", str(process))
    pages = int((place / "statm").read_text("ascii").split()[1])
    return Footprint(
        megabytes=pages * os.sysconf("SC_PAGE_SIZE") / 1e6,
        handles=sum(1 for _ in (place / "fd").iterdir()),
        threads=sum(1 for _ in (place / "task").iterdir()),
    )
