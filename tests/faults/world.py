"""A newsroom, a configuration and a clock of the tests' own: builds in this process, hour after hour."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from cleanfeed import config as configuration
from cleanfeed import live
from cleanfeed.ledger import Ledger
from newsroom import Newsroom

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cleanfeed.report import Report

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
        self.folder = folder
        self.settings = settings
        self.path = self.room.config(folder, **settings)
        self.plugins = (
            (self.room.plugin(folder),) if any("town" in slug for slug in self.room.editions) else ()
        )
        self.public = folder / "public"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.room.close()

    def pass_time(self, time: timedelta = HOUR) -> None:
        self.clock.time += time

    def build(self, *, offline: bool = False, jobs: int = 1) -> Report:
        """One build, now."""
        settings = configuration.load(self.path)
        wishes = live.Wishes(plugins=self.plugins, jobs=jobs, offline=offline)
        with Ledger.open(settings.ledger, feeds=settings.output, now=self.clock()) as ledger:
            report, _ = live.build(settings, ledger, wishes, now=self.clock)
        return report

    def items(self, topic: str = "everything") -> list[dict[str, Any]]:
        return json.loads((self.public / f"{topic}.json").read_text("utf-8"))["items"]

    def troubles(self, report: Report) -> dict[str, str]:
        """What the report says, by the outlet that it names."""
        said = [str(problem) for problem in report.problems]
        return {
            slug: " | ".join(line for line in said if slug in line)
            for slug in self.room.editions
            if any(slug in line for line in said)
        }


@dataclass(slots=True, kw_only=True)
class Footprint:
    """What this process holds."""

    megabytes: float
    handles: int
    threads: int = field(default=0)


def footprint() -> Footprint:
    pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    return Footprint(
        megabytes=pages * os.sysconf("SC_PAGE_SIZE") / 1e6,
        handles=sum(1 for _ in Path("/proc/self/fd").iterdir()),
        threads=sum(1 for _ in Path("/proc/self/task").iterdir()),
    )
