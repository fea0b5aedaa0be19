"""How long cleanfeed takes for a page, beside the parse that no program can do without; see README.md."""

from __future__ import annotations

import argparse
import os
import platform
import statistics
import sys
import tempfile
from dataclasses import dataclass
from importlib.metadata import version
from math import isnan
from pathlib import Path
from typing import TYPE_CHECKING

from clock import Times, time_of_command
from lxml import etree
from memory import peak_of
from others import Reader, installed
from pages import pages
from race import JOBS, Race, build_command, fill
from writing import FORMATS, cost_of_entry

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

LXML = (6, 1)
"""Older parsers take twice as long, which would flatter every ratio."""
EXTRACT_AIM, BUILD_AIM = 1.6, 2.0
"""Times the parse."""
FEED_AIM = 100
"""Microseconds an entry, for RSS and Atom together."""
START_AIM = 100
"""Milliseconds."""
MEMORY_AIM = 150
"""Megabytes."""
_STARTS = 15
_FEEDS = (50, 200)
_BUILDS = (1_000, 10_000)


def main() -> int:
    options = _options()
    if options.what == "live":
        from live import report  # noqa: PLC0415  # it plays outlets, which the other benchmark has no use for

        print(_machine())
        return report(options.articles)
    if etree.LXML_VERSION[:2] < LXML:
        raise SystemExit(
            f"lxml {version('lxml')} is too old to compare with; install lxml >= {LXML[0]}.{LXML[1]}"
        )
    print(_machine())
    with tempfile.TemporaryDirectory(prefix="cleanfeed-benchmark-") as folder:
        race = Race(tuple(pages(options.pages)), Path(folder))
        race.check()
        race.run(options.rounds, _others() if options.others else {})
    _report(race)
    _report_feeds(race, options.rounds)
    _report_start(min(_STARTS, 3 * options.rounds))
    if options.memory:
        _report_memory()
    for fault in race.faults:
        print(f"wrong: {fault}")
    return 1 if race.faults else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "what",
        nargs="?",
        choices=("pages", "live"),
        default="pages",
        help="saved pages, or builds from the web",
    )
    parser.add_argument(
        "--articles",
        type=int,
        default=2_000,
        help="live: how many articles the site has that is built twice (2000)",
    )
    parser.add_argument("--pages", type=int, default=240, help="how many pages are read in each round (240)")
    parser.add_argument("--rounds", type=int, default=5, help="how often everybody has a turn (5)")
    parser.add_argument(
        "--memory", action="store_true", help="also watch the memory of builds of 1,000 and 10,000 pages"
    )
    parser.add_argument(
        "--others", action="store_true", help="also time trafilatura and newspaper4k on some of the pages"
    )
    return parser.parse_args()


def _machine() -> str:
    parts = {
        "cleanfeed": version("cleanfeed"),
        "Python": platform.python_version(),
        "lxml": version("lxml"),
        "libxml2": ".".join(map(str, etree.LIBXML_VERSION)),
    }
    told = ", ".join(f"{name} {number}" for name, number in parts.items())
    return f"{told}, {platform.machine()}, {len(os.sched_getaffinity(0))} cores"


def _others() -> dict[str, Reader]:
    found = installed()
    if not found:
        print('note: neither trafilatura nor newspaper4k is installed; try: pip install ".[bench]"')
    return found


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the table: who, compared with whom, over how many pages."""

    label: str
    names: Sequence[str]
    base: Sequence[str]
    pages: int
    aim: float | None = None

    def line(self, times: Times) -> str:
        took, ratio = times.median(self.names), times.ratio(self.names, self.base)
        wall, cpu = took.wall / self.pages * 1e3, took.cpu / self.pages * 1e3
        columns = "".join(map(_number, (wall, cpu, ratio.wall, ratio.cpu)))
        return f"{self.label:30}{columns}{_aim(self.aim):>8}{self.pages / took.wall:9.0f}"


def _number(number: float) -> str:
    return f"{'–':>9}" if isnan(number) else f"{number:9.2f}"


def _aim(number: float | None) -> str:
    return "" if number is None else f"≤ {number}"


def _rows(race: Race) -> Iterator[Row]:
    count = len(race.made)
    parse, extract = [f"parse {slug}" for slug in race.slugs], [f"extract {slug}" for slug in race.slugs]
    yield Row("parse", parse, parse, count)
    yield Row("extract", extract, parse, count, EXTRACT_AIM)
    yield Row("build, in one process", ["build"], parse, count, BUILD_AIM)
    for jobs in JOBS:
        yield Row(f"cleanfeed build --jobs {jobs}", [f"build {jobs}"], parse, count)
    for slug in race.slugs:
        mine = sum(made.outlet == slug for made in race.made)
        yield Row(f"extract, {slug}", [f"extract {slug}"], [f"parse {slug}"], mine)
    for name in race.titles:
        yield Row(name, [name], ["parse some"], len(race.for_others))


def _report(race: Race) -> None:
    sizes = sorted(len(saved.raw or b"") / 1e3 for saved in race.saved)
    middle, high = statistics.median(sizes), sizes[len(sizes) * 95 // 100]
    print(f"{len(sizes)} pages: median {middle:.0f} KB, p95 {high:.0f} KB\n")
    print(f"{'':30}{'ms/page':>9}{'cpu ms':>9}{'× parse':>9}{'in cpu':>9}{'aim':>8}{'pages/s':>9}")
    for row in _rows(race):
        print(row.line(race.times))
    for jobs in JOBS:
        fixed = race.times.median([f"small build {jobs}"]).wall
        print(f"--jobs {jobs}: {fixed:.2f} s of it for a build of next to no pages")
    print(f"titles and bodies right: {1 - len(race.faults) / len(race.made):.0%}")
    for name, share in race.titles.items():
        print(f"titles right, {name}: {share:.0%}")


def _report_feeds(race: Race, rounds: int) -> None:
    print(f"\n{'µs an entry':30}" + "".join(f"{name:>12}" for name in FORMATS))
    names = {outlet.slug: outlet.name for outlet in race.loaded.outlets}
    for count in _FEEDS:
        held, costs = cost_of_entry(race.entries, count, names, 2 * rounds)
        print(f"{f'a feed of {held} entries':30}" + "".join(f"{cost:12.0f}" for cost in costs))
    print(
        f"{'aim':30}" + "".join(f"{_aim(FEED_AIM) if name == 'rss + atom' else '':>12}" for name in FORMATS)
    )


def _report_start(times: int) -> None:
    commands = {"cleanfeed --help": ["-m", "cleanfeed", "--help"], "python -c pass": ["-c", "pass"]}
    found = Times()
    for _ in range(times):
        for name, command in commands.items():
            found.add(name, time_of_command([sys.executable, *command], alone=True))
    print(f"\n{'start':30}{'ms':>9}{'cpu ms':>9}{'aim':>8}")
    for name in commands:
        took = found.median([name])
        aim = _aim(START_AIM if "help" in name else None)
        print(f"{name:30}{took.wall * 1e3:9.0f}{took.cpu * 1e3:9.0f}{aim:>8}")


def _report_memory() -> None:
    print(f"\n{'peak memory, MB':30}{'main':>9}{'worker':>9}{'aim':>8}{'seconds':>9}")
    for count in _BUILDS:
        with tempfile.TemporaryDirectory(prefix="cleanfeed-benchmark-") as name:
            peak = peak_of(build_command(fill(Path(name), count), 2))
        told = f"{peak.main:9.0f}{peak.worker:9.0f}{_aim(MEMORY_AIM):>8}{peak.seconds:9.1f}"
        print(f"{f'build of {count:,} pages':30}{told}")


if __name__ == "__main__":
    sys.exit(main())
