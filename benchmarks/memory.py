"""The memory of a running command: the highest mark of its main process, and of the largest of the others."""

from __future__ import annotations

import subprocess
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_PAUSE = 0.05


@dataclass(frozen=True, slots=True)
class Peak:
    """In megabytes (10⁶ bytes)."""

    main: float
    worker: float
    seconds: float


def peak_of(command: Sequence[str]) -> Peak:
    """Runs the command to its end; the kernel keeps the marks, so that looking now and then misses little."""
    marks: dict[int, float] = {}
    start = time.perf_counter()
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as running:
        while running.poll() is None:
            for process in _family(running.pid):
                with suppress(OSError, ValueError):  # it ended in between
                    # One that has just ended has no mark any more.
                    marks[process] = max(marks.get(process, 0.0), _highest_mark(process))
            time.sleep(_PAUSE)
        seconds = time.perf_counter() - start
        if running.returncode:
            raise SystemExit(f"{' '.join(command)}: exit status {running.returncode}")
    main = marks.pop(running.pid, 0.0)
    return Peak(main, max(marks.values(), default=0.0), seconds)


def _family(process: int) -> Iterator[int]:
    yield process
    with suppress(OSError):  # it ended in between
        for thread in Path(f"/proc/{process}/task").iterdir():
            for child in (thread / "children").read_text().split():
                yield from _family(int(child))


def _highest_mark(process: int) -> float:
    lines = Path(f"/proc/{process}/status").read_text().splitlines()
    found = next((line for line in lines if line.startswith("VmHWM:")), "VmHWM: 0 kB")
    return int(found.split()[1]) * 1024 / 1e6
