"""No kind of harm is left untried, and none is tried by a check that could not fail."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from hostile.rows import ROWS

COLLECT = """
import json, sys, pytest

class Marks:
    def pytest_collection_finish(self, session):
        marks = [(m.name, row) for item in session.items for m in item.iter_markers() if m.name in {"row", "control"} for row in m.args]
        print("MARKS", json.dumps(marks))

sys.exit(pytest.main(["-n0", "-q", "--collect-only", "-p", "no:cacheprovider", sys.argv[1]], plugins=[Marks()]))
"""


@pytest.fixture(scope="module")
def marks():
    """The marks of all tests beside this one, whichever of them run now."""
    done = subprocess.run(
        [sys.executable, "-c", COLLECT, str(Path(__file__).parent)],
        cwd=Path(__file__).parents[2], capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    found = next(line for line in done.stdout.splitlines() if line.startswith("MARKS "))
    return json.loads(found.removeprefix("MARKS "))


@pytest.mark.parametrize("kind", ["row", "control"])
def test_each_row_has_a_case_and_a_naive_program_that_fails_it(marks, kind):
    assert {row for name, row in marks if name == kind} == set(ROWS)


def test_the_cases_are_not_fewer_than_they_were(marks):
    assert sum(name == "row" for name, _row in marks) >= MOST_EVER


MOST_EVER = 390
"""Each variant is a case; who drops one has to lower this, and to say why."""


def test_the_rows_are_numbered_without_a_gap():
    assert list(ROWS) == [f"H{number:02}" for number in range(1, 67)]
