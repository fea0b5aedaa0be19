"""What the server has done, counted for Prometheus."""

from __future__ import annotations

import os
import resource
import threading
import time
from collections import Counter
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from cleanfeed.metrics import family

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


class Figures:
    """Counters for the event loop's thread alone; what is read of them may be read by any."""

    def __init__(self) -> None:
        self.lookups: Counter[str] = Counter()
        """By outcome: "hot", "known", "had", "refused", "failed", "late", "busy"."""
        self.builds: Counter[str] = Counter()
        """By exit status."""
        self.connections: Callable[[], int] = int
        self.last_build: Path | None = None
        """What a build of ours has written for Prometheus."""
        self._started = time.time()
        self._answers: Counter[tuple[str, int]] = Counter()
        self._seconds: Counter[str] = Counter()

    def count(self, endpoint: str, status: int, seconds: float) -> None:
        self._answers[endpoint, status] += 1
        self._seconds[endpoint] += seconds  # type: ignore[assignment]  # seconds add up as whole numbers do

    def text(self) -> bytes:
        """All figures, in the text format that Prometheus reads."""
        told = "".join(line for lines in self._families() for line in lines).encode("utf-8", "replace")
        with suppress(OSError):  # no build of ours has ended yet
            return told + (self.last_build.read_bytes() if self.last_build else b"")
        return told

    def _families(self) -> Iterator[Iterator[str]]:
        answers = [
            ({"endpoint": endpoint, "status": str(status)}, float(count))
            for (endpoint, status), count in sorted(self._answers.items())
        ]
        yield family("serve_requests_total", "Requests, by endpoint and status.", "counter", answers)
        seconds = [({"endpoint": name}, round(value, 6)) for name, value in sorted(self._seconds.items())]
        yield family("serve_seconds_total", "Time that answers took, by endpoint.", "counter", seconds)
        lookups = [({"outcome": name}, float(count)) for name, count in sorted(self.lookups.items())]
        yield family("serve_lookups_total", "Articles that were asked for, by outcome.", "counter", lookups)
        builds = [({"status": name}, float(count)) for name, count in sorted(self.builds.items())]
        yield family("serve_builds_total", "Builds of the server, by exit status.", "counter", builds)
        gauges = {
            "serve_start_time_seconds": ("When the server started, in seconds since 1970.", self._started),
            "serve_connections": ("Connections that are open.", self.connections()),
            "serve_threads": ("Threads of the server.", threading.active_count()),
            "serve_open_files": ("Files and sockets that it has open.", _open_files()),
            "serve_resident_memory_bytes": ("Memory that it takes.", _memory()),
        }
        for name, (about, value) in gauges.items():
            yield family(name, about, "gauge", [({}, float(value))])


def _open_files() -> int:
    with suppress(OSError):  # no /proc
        return len(os.listdir("/proc/self/fd"))  # noqa: PTH208  # names alone
    return 0


def _memory() -> int:
    with suppress(OSError, ValueError, IndexError):  # no /proc
        return int(Path("/proc/self/statm").read_text("ascii").split()[1]) * resource.getpagesize()
    return 0
