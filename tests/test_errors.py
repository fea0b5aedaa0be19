"""The tree of errors: drawn as it is, and each error tells its subject and the reason."""

from __future__ import annotations

import inspect
import pickle
import re

import pytest

from cleanfeed import errors
from cleanfeed.errors import CleanfeedError

CLASSES = [
    value for value in vars(errors).values() if isinstance(value, type) and issubclass(value, Exception)
]
ROW = re.compile(r"(?P<mark>    - |  - |\+ |)(?P<name>[A-Z]\w+)(?P<told>\s+\S.*)?")


def drawn() -> dict[str, str]:
    """Each class of the picture with the one that it hangs from."""
    parents: dict[str, str] = {}
    above = {"": "Exception", "+ ": "CleanfeedError"}
    for line in (errors.__doc__ or "").splitlines()[2:]:
        row = ROW.fullmatch(line)
        assert row, line
        assert row["told"] or not row["mark"], f"{row['name']} is not explained"
        parents[row["name"]] = above[row["mark"]]
        below = {"+ ": "  - ", "  - ": "    - "}.get(row["mark"])
        if below:
            above[below] = row["name"]
    return parents


def test_the_tree_is_drawn_as_it_is() -> None:
    assert drawn() == {cls.__name__: cls.__base__.__name__ for cls in CLASSES if cls.__base__}


def test_every_error_is_one_of_cleanfeeds() -> None:
    assert all(issubclass(cls, CleanfeedError) for cls in CLASSES)
    assert len(CLASSES) > 8


SAMPLES = {
    "page": "pages/rosa.html", "reason": "has no title", "outlet": "harbour", "pages": 7, "topic": "cranes",
    "address": "https://harbour.example/feed/", "trouble": "has no titles", "kind": "gone", "status": 404,
}  # fmt: skip
UNTOLD = {"gone", 404}
"""What programs ask an error for; the reason says it in words."""


def sample(cls: type[CleanfeedError]) -> CleanfeedError:
    """An error as the program raises it: with its own arguments, or with a message."""
    if "__init__" not in vars(cls) and not any("__init__" in vars(base) for base in cls.__mro__[1:-3]):
        return cls("harbour: has no title")
    return cls(*(SAMPLES[name] for name in list(inspect.signature(cls).parameters)))


@pytest.mark.parametrize("cls", CLASSES, ids=lambda cls: cls.__name__)
def test_an_error_tells_its_subject_and_reason_in_one_line(cls: type[CleanfeedError]) -> None:
    error = sample(cls)
    said = str(error)
    assert "\n" not in said
    assert not said.startswith("(")
    subject, colon, reason = said.partition(": ")
    assert colon
    assert subject.strip()
    assert reason.strip()
    for value in set(error.args) - UNTOLD:
        assert str(value) in said


@pytest.mark.parametrize("cls", CLASSES, ids=lambda cls: cls.__name__)
def test_an_error_comes_whole_out_of_a_worker_process(cls: type[CleanfeedError]) -> None:
    error = sample(cls)
    again = pickle.loads(pickle.dumps(error))
    assert (type(again), again.args, str(again), vars(again)) == (cls, error.args, str(error), vars(error))
