"""The same pages give the same bytes: whatever the machine, the environment, the order and the number of workers."""

from __future__ import annotations

import os
import random
import shutil
from pathlib import Path

import pytest

from cliparts import ROOT, Place

EXAMPLE = ROOT / "examples"
MADE = 1_790_000_000


@pytest.fixture(scope="module")
def place(tmp_path_factory) -> Place:
    place = Place(tmp_path_factory.mktemp("repeat"))
    copy(place.folder / "one", seed=1)
    assert place.run("build", "one/cleanfeed.toml", "--output", "expected", "--jobs", "1").status == 0
    return place


def copy(folder: Path, seed: int) -> Path:
    """The example with its files made in another order, all at the same time of day."""
    paths = [path for path in sorted(EXAMPLE.rglob("*")) if path.is_file() and "public" not in path.parts]
    random.Random(seed).shuffle(paths)
    for path in paths:
        target = folder / path.relative_to(EXAMPLE)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)
        os.utime(target, (MADE, MADE))
    return folder


ENVIRONMENTS = [
    {"TZ": "Asia/Kathmandu"},
    {"TZ": "America/Los_Angeles"},
    {"LC_ALL": "C", "LANG": "C"},
    {"LC_ALL": "POSIX", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
    {"PYTHONHASHSEED": "1"},
    {"PYTHONHASHSEED": "4242"},
    {"PYTHONIOENCODING": "latin-1"},
    {"PYTHONOPTIMIZE": "2"},
]


def name_of(env: dict[str, str]) -> str:
    return " ".join(f"{name}={value}" for name, value in env.items())


@pytest.mark.parametrize("env", ENVIRONMENTS, ids=name_of)
def test_feeds_do_not_depend_on_the_environment(place, env, tmp_path):
    assert place.run("build", "one/cleanfeed.toml", "--output", str(tmp_path / "out"), env=env).status == 0
    assert place.bytes(str(tmp_path / "out")) == place.bytes("expected")


@pytest.mark.parametrize("jobs", [2, 4])
def test_feeds_do_not_depend_on_the_number_of_workers(place, jobs, tmp_path):
    output = str(tmp_path / "out")
    assert place.run("build", "one/cleanfeed.toml", "--output", output, "--jobs", str(jobs)).status == 0
    assert place.bytes(output) == place.bytes("expected")


def test_feeds_do_not_depend_on_the_order_in_which_files_were_made_nor_on_their_place(place, tmp_path):
    copy(tmp_path / "elsewhere" / "two", seed=2)
    done = place.run("build", "two/cleanfeed.toml", cwd=tmp_path / "elsewhere")
    assert done.status == 0
    assert place.bytes(str(tmp_path / "elsewhere" / "two" / "public")) == place.bytes("expected")


def test_feeds_do_not_depend_on_the_working_directory(place, tmp_path):
    config = str(place.folder / "one" / "cleanfeed.toml")
    assert place.run("build", config, "--output", str(tmp_path / "out"), cwd=Path("/")).status == 0
    assert place.bytes(str(tmp_path / "out")) == place.bytes("expected")


def test_feeds_do_not_depend_on_the_order_in_which_pages_are_named(place, tmp_path):
    folders = sorted((place.folder / "one" / "pages").iterdir(), reverse=True)
    named = [argument for folder in folders for argument in ("--pages", str(folder))]
    assert place.run("build", "one/cleanfeed.toml", "--output", str(tmp_path / "out"), *named).status == 0
    assert place.bytes(str(tmp_path / "out")) == place.bytes("expected")


def test_what_extract_prints_does_not_depend_on_the_number_of_workers_or_the_locale(place):
    expected = place.run("extract", "one/pages", "--jobs", "1")
    assert len(expected.items) > 30
    for arguments, env in (
        (["--jobs", "4"], {}),
        (["--jobs", "2"], {"LC_ALL": "POSIX", "PYTHONUTF8": "0"}),
        ([], {"PYTHONHASHSEED": "7"}),
    ):
        done = place.run("extract", "one/pages", *arguments, env=env)
        assert (done.out, done.err, done.status) == (expected.out, expected.err, expected.status)
