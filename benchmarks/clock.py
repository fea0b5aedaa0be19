"""Taking turns: several ways to do a thing are timed round by round, and their medians compared."""

from __future__ import annotations

import gc
import os
import statistics
import subprocess
import time
from collections import defaultdict
from dataclasses import dataclass
from math import nan
from pathlib import Path
from tempfile import gettempdir
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence


@dataclass(frozen=True, slots=True)
class Took:
    """Seconds by the clock on the wall, and seconds of all processors."""

    wall: float = 0.0
    cpu: float = 0.0

    def __add__(self, other: Took) -> Took:
        return Took(self.wall + other.wall, self.cpu + other.cpu)


class Times:
    """What each contestant took, round by round."""

    def __init__(self) -> None:
        self._rounds: dict[str, list[Took]] = defaultdict(list)

    def __contains__(self, name: str) -> bool:
        return name in self._rounds

    def add(self, name: str, took: Took) -> None:
        self._rounds[name].append(took)

    def median(self, names: Sequence[str]) -> Took:
        """The median round; of several contestants, of their sums."""
        sums = self._sums(names)
        return Took(
            statistics.median(each.wall for each in sums), statistics.median(each.cpu for each in sums)
        )

    def ratio(self, names: Sequence[str], base: Sequence[str]) -> Took:
        """The median of the rounds' ratios: a machine that slows down does so for both."""
        both = list(zip(self._sums(names), self._sums(base), strict=True))
        wall = statistics.median(mine.wall / other.wall for mine, other in both)
        return Took(wall, statistics.median(mine.cpu / other.cpu for mine, other in both))

    def _sums(self, names: Sequence[str]) -> list[Took]:
        return [sum(each, Took()) for each in zip(*(self._rounds[name] for name in names), strict=True)]


def time_of(work: Callable[[], object]) -> Took:
    """What something takes in this process; the rubbish of what was before is collected first."""
    gc.collect()
    return _timed(work)


def time_in_turn(contestants: Sequence[Iterable[Callable[[], object]]]) -> list[Took]:
    """What each takes for all of its pieces; they take turns piece by piece."""
    gc.collect()
    sums = [Took() for _ in contestants]
    for pieces in zip(*contestants, strict=True):
        for number, piece in enumerate(pieces):
            sums[number] += _timed(piece)
    return sums


def _timed(work: Callable[[], object]) -> Took:
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    return Took(time.perf_counter() - wall, time.process_time() - cpu)


def environment(**changed: str) -> dict[str, str]:
    """That of an installed program, whose modules were compiled once and for all."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    kept["PYTHONPYCACHEPREFIX"] = str(Path(gettempdir(), f"cleanfeed-benchmark-{os.getuid()}"))
    return kept | changed


def time_of_command(command: Sequence[str], *, alone: bool = False) -> Took:
    """What a command takes, which must succeed; without the time of processors unless it works alone.

    The processors' time of workers is lost where nobody waits for them.
    """
    before = _spent()
    start = time.perf_counter()
    done = subprocess.run(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=False, env=environment()
    )
    wall = time.perf_counter() - start
    if done.returncode:
        raise SystemExit(
            f"{' '.join(command)}: exit status {done.returncode}\n{done.stderr.decode()[-2000:]}"
        )
    return Took(wall, _spent() - before if alone else nan)


def _spent() -> float:
    times = os.times()
    return times.children_user + times.children_system
