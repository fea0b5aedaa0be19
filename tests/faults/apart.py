"""Builds in a process that does nothing else: all that it holds after many of them, builds have left behind.

Orders come on standard input, a line of JSON each; the problems of the build's report go to standard output.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from cleanfeed.ledger.entries import Entries
from cleanfeed.live import Wishes
from faults.world import build, footprint

if TYPE_CHECKING:
    from faults.world import Footprint, World

TESTS = Path(__file__).parents[1]
DAYS = 15
"""How long entries are remembered here: after so long as many go as come, as after 90 days elsewhere."""


class Apart:
    """The process, and the way to order builds of it."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "faults.apart"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            env={**os.environ, "PYTHONPATH": str(TESTS)},
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.communicate()

    def build(self, world: World, *, jobs: int = 0) -> list[str]:
        """One build, now; gives the problems of its report."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        order = {
            "config": str(world.path),
            "plugins": list(map(str, world.plugins)),
            "now": world.clock().isoformat(),
            "jobs": jobs,
        }
        self._process.stdin.write(f"{json.dumps(order)}\n")
        self._process.stdin.flush()
        told: list[str] = json.loads(self._process.stdout.readline())
        return told

    def footprint(self) -> Footprint:
        return footprint(self._process.pid)


def obey(order: dict[str, Any]) -> list[str]:
    now = datetime.fromisoformat(order["now"])
    wishes = Wishes(plugins=tuple(map(Path, order["plugins"])), jobs=order["jobs"])
    return [str(problem) for problem in build(Path(order["config"]), wishes, lambda: now).problems]


def main() -> None:
    Entries.prune.__kwdefaults__["days"] = DAYS
    for line in sys.stdin:
        sys.stdout.write(f"{json.dumps(obey(json.loads(line)))}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
