"""Builds from the web, of outlets that are played here: what they ask, what they write, how long it takes."""

from __future__ import annotations

import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

ROOT = Path(__file__).parents[1]
sys.path.append(str(ROOT / "tests"))

from clock import environment  # noqa: E402  # the same

import newsroom_listings  # noqa: E402  # found only now
from newsroom import Newsroom, concurrency  # noqa: E402  # the same

if TYPE_CHECKING:
    from collections.abc import Iterator

ARTICLES = 2_000
"""Of the site that is built twice; five times as many are remembered for the build without the network."""
SLOW_HOSTS, LATENCY, PER_HOST = 16, 0.5, 6
REST_AIM, OFFLINE_AIM = 0.5, 0.3
"""Seconds."""
_TOPICS = 10
_GAP = timedelta(minutes=7)
_ROUNDS = 9
_MOST = 20
"""Builds after which all articles should have been taken."""


@dataclass(frozen=True, slots=True)
class Ran:
    """One build: its seconds, and where in the log its requests begin."""

    wall: float
    mark: int


def report(articles: int) -> int:
    """Prints the figures; 1 if a count (never a time) is not what it must be."""
    newsroom_listings.IN_A_FEED = 5 * articles
    faults = []
    with tempfile.TemporaryDirectory(prefix="cleanfeed-benchmark-") as name:
        folder = Path(name)
        faults += _twice(folder / "twice", articles)
        faults += _offline(folder / "offline", 5 * articles)
        faults += _slow(folder / "slow")
    for fault in faults:
        print(f"wrong: {fault}")
    return 1 if faults else 0


def _twice(folder: Path, articles: int) -> Iterator[str]:
    with Newsroom(["town-1"]) as room:
        room.publish("town-1", articles)
        setting = _Setting(room, folder, _windows(room, articles))
        first = setting.fill(articles)
        print(f"\na site of {articles:,} articles")
        print(f"  first build             {first.wall:8.2f} s   {articles / first.wall:6.0f} articles/s")
        before = _stamps(folder / "public")
        ran = setting.build()
        asked = room.log.since(ran.mark)
        conditional = sum(request.is_conditional for request in asked)
        written = len(set(_stamps(folder / "public").items()) - set(before.items()))
        network = max(each.ended for each in asked) - min(each.began for each in asked)
        print(f"  second build, unchanged {ran.wall:8.2f} s   {conditional:,} of {len(asked):,} conditional")
        print(f"  … files written         {written:8}")
        print(f"  … apart from the network{ran.wall - network:8.2f} s   aim ≤ {REST_AIM}")
    if conditional != len(asked) or conditional <= articles:
        yield f"{conditional} conditional requests of {len(asked)} for {articles} articles"
    if written:
        yield f"{written} files written by a build without a change"


def _offline(folder: Path, articles: int) -> Iterator[str]:
    towns = 40
    articles -= articles % towns
    with Newsroom([f"town-{number}" for number in range(1, towns + 1)]) as room:
        for slug in room.editions:
            room.publish(slug, articles // towns)
        setting = _Setting(room, folder)
        setting.fill(articles)
    setting.build("--offline")
    before = _stamps(folder / "public")
    walls = [setting.build("--offline").wall for _ in range(_ROUNDS)]
    start = [_time([sys.executable, "-c", "pass"]) for _ in range(_ROUNDS)]
    print(f"\n{articles:,} remembered pages, nothing new, --offline")
    print(f"  build, start included   {statistics.median(walls):8.3f} s   aim ≤ {OFFLINE_AIM}")
    print(f"  python -c pass          {statistics.median(start):8.3f} s")
    if _stamps(folder / "public") != before:
        yield "files written by an offline build without a change"


def _slow(folder: Path) -> Iterator[str]:
    with Newsroom([f"town-{number}" for number in range(1, SLOW_HOSTS + 1)]) as room:
        for slug in room.editions:
            room.publish(slug, PER_HOST)
        room.slow(LATENCY)
        setting = _Setting(room, folder)
        ran = setting.build()
        asked = room.log.since()
        hosts = max(_hosts_at_a_time(room))
        print(f"\n{SLOW_HOSTS} hosts that take {LATENCY} s for an answer, {PER_HOST} articles each")
        print(f"  one after the other     {len(asked) * LATENCY:8.1f} s   {len(asked)} requests")
        print(f"  build                   {ran.wall:8.1f} s   {concurrency(asked)} asks at {hosts} hosts")
    if hosts < SLOW_HOSTS:
        yield f"only {hosts} of {SLOW_HOSTS} slow hosts were busy at a time"


def _hosts_at_a_time(room: Newsroom) -> Iterator[int]:
    requests = room.log.since()
    for each in requests:
        yield len({other.site for other in requests if other.began <= each.began < other.ended})


class _Setting:
    """A configuration, and the command that builds it."""

    def __init__(self, room: Newsroom, folder: Path, topics: str | None = None) -> None:
        self._room = room
        self._config = room.config(folder, topics=topics, fetch={"max_pages": 10_000, "keep_mb": 2_000})
        self._plugin = room.plugin(folder)
        self._public = folder / "public"

    def build(self, *options: str) -> Ran:
        mark = len(self._room.log)
        command = [
            sys.executable,
            "-m",
            "cleanfeed",
            "build",
            str(self._config),
            "--plugin",
            str(self._plugin),
        ]
        return Ran(_time([*command, *options]), mark)

    def fill(self, articles: int) -> Ran:
        """Builds until all articles are entries: how long that took."""
        wall = 0.0
        for _ in range(_MOST):
            wall += self.build().wall
            if _entries(self._public) >= articles:
                return Ran(wall, 0)
        raise SystemExit(f"{_entries(self._public)} of {articles} articles after {_MOST} builds")


def _time(command: list[str]) -> float:
    paths = os.pathsep.join(str(ROOT / name) for name in ("src", "plugins"))
    began = time.perf_counter()
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, env=environment(PYTHONPATH=paths)
    )
    wall = time.perf_counter() - began
    if done.returncode:
        raise SystemExit(f"{' '.join(command)}: exit status {done.returncode}\n{done.stderr[-2000:]}")
    return wall


def _windows(room: Newsroom, articles: int) -> str:
    """Topics that share the articles by their dates: a feed holds only so many entries, and bytes."""
    newest = room.articles("town-1")[0].published + timedelta(seconds=1)
    span = _GAP * -(-articles // _TOPICS)
    edges = [(newest - number * span).isoformat() for number in range(_TOPICS + 1)]
    return "\n".join(
        f'[topics.days-{number}]\ntitle = "Days {number}"\nlimit = 500\n'
        f"since = {edges[number + 1]}\nuntil = {edges[number]}\n"
        for number in range(_TOPICS)
    )


def _entries(public: Path) -> int:
    """In all feeds but that of everything, each of which has entries of its own."""
    feeds = (path for path in public.glob("*.rss") if path.stem != "everything")
    return sum(len(re.findall(b"<item>", path.read_bytes())) for path in feeds)


def _stamps(public: Path) -> dict[str, int]:
    told = {"report.json", "health.html"}
    return {
        path.name: path.stat().st_mtime_ns
        for path in public.iterdir()
        if path.is_file() and path.name not in told
    }
