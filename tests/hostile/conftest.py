"""Counts the cases and the controls of each row, and tells so at the end."""

from __future__ import annotations

from collections import defaultdict

import pytest

from hostile.rows import ROWS

_MARKS = ("row", "control")


@pytest.fixture(autouse=True)
def noted(request):
    """The rows of a test, which its report carries from the process that ran it."""
    for kind in _MARKS:
        for mark in request.node.iter_markers(kind):
            request.node.user_properties.extend((f"hostile {kind}", row) for row in mark.args)


def pytest_terminal_summary(terminalreporter):
    found = defaultdict(list)
    for report in terminalreporter.stats.get("passed", []):
        for name, row in getattr(report, "user_properties", ()):
            if name.startswith("hostile ") and report.when == "call":
                found[name.removeprefix("hostile ")].append(row)
    if not found:
        return
    held = set(found["row"]) & set(found["control"])
    terminalreporter.section("hostile inputs, all as expected")
    terminalreporter.write_line(
        f"hostile: {len(held)} of {len(ROWS)} rows, {len(found['row'])} cases, {len(found['control'])} controls"
    )
    missing = sorted(set(ROWS) - held)
    if missing:
        terminalreporter.write_line(f"not tried in this run: {', '.join(missing)}")
