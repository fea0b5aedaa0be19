"""Counts what was injected, by the promise that it tries, and tells so at the end."""

from __future__ import annotations

import os
from collections import Counter

import pytest

PROMISES = {
    "B1": ("a feed file is whole, always", 500), "B2": ("full and read-only disks", 12), "B3": ("one build at a time", 10),
    "B4": ("the ledger survives", 306), "B5": ("ids survive edits", 40), "B6": ("the same bytes", 24),
    "B7": ("a bad outlet costs itself", 36), "B8": ("no silent empty feed", 30), "B9": ("redesigns are seen", 90),
    "B10": ("stale outlets are seen", 8), "B11": ("only what has changed is asked", 14), "B12": ("pauses are kept", 12),
    "B13": ("hosts are spared", 8), "B14": ("robots.txt", 16), "B15": ("no answer takes for ever", 10),
    "B16": ("no partial page", 18), "B17": ("characters", 24), "B18": ("retries", 8), "B19": ("status and report", 8),
    "B20": ("time", 20), "B21": ("soak, in builds", 2000),
}  # fmt: skip
"""What each promise is about, and how many injections the whole run tries."""
_KEY = "injected"


def is_full() -> bool:
    return os.environ.get("CLEANFEED_FULL", "") not in ("", "0")


@pytest.fixture
def injected(request):
    """`injected("B1", 25)`: so many injections of this test tried a promise, and it held."""

    def note(promise, count=1):
        assert promise in PROMISES
        request.node.user_properties.append((_KEY, f"{promise} {count}"))

    return note


def pytest_terminal_summary(terminalreporter):
    tried = Counter()
    for report in terminalreporter.stats.get("passed", []):
        for name, value in getattr(report, "user_properties", ()):
            if name == _KEY and report.when == "call":
                promise, count = value.split()
                tried[promise] += int(count)
    if not tried:
        return
    terminalreporter.section("injections, all as expected")
    for promise, (about, whole) in PROMISES.items():
        if promise in tried:
            terminalreporter.write_line(f"{promise:4} {about:32} {tried[promise]:6} of {whole}")
    told = sum(count for promise, count in tried.items() if promise != "B21")
    aim = sum(whole for promise, (_, whole) in PROMISES.items() if promise != "B21")
    terminalreporter.write_line(f"     {'in all, the soak aside':32} {told:6} of {aim}")
