"""Disks that are full, read-only or broken: what was published stays whole, and the next build mends the rest."""

from __future__ import annotations

import errno
import json
import os
import resource
import subprocess
from pathlib import Path

import pytest
from lxml import etree

from cleanfeed import publish
from faults.world import World
from liveparts import FORMATS, command, environment, good
from newsroom import Newsroom

LIMITS = (512, 4_096, 20_000, 60_000, 100_000, 160_000)
"""Bytes that a file may have."""


def state(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.suffix[1:] in FORMATS}


def check_whole(files, *known):
    """Every file parses, and is one of its known versions."""
    for name, content in files.items():
        if name == "report.json":
            json.loads(content)
            continue
        json.loads(content) if name.endswith(".json") else etree.fromstring(content)
        assert content in [each.get(name) for each in known], name


@pytest.mark.parametrize("limit", LIMITS)
def test_a_disk_that_is_full_leaves_whole_files(tmp_path, injected, limit):
    """No file may grow beyond the limit: neither a feed nor the ledger."""
    with Newsroom(["arise"]) as room:
        room.publish("arise", 8)
        config = room.config(tmp_path)
        good(config)
        old = state(tmp_path / "public")
        room.publish("arise", 6)
        done = subprocess.run(
            command(config, "--jobs", "1"),
            capture_output=True,
            text=True,
            check=False,
            env=environment(),
            timeout=60,
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit)),  # no threads yet
        )
        left = state(tmp_path / "public")
        assert "Traceback" not in done.stderr, done.stderr
        assert done.returncode in {1, 2}
        assert done.stderr
        good(config)
        new = state(tmp_path / "public")
        check_whole(left, old, new)
        assert len(json.loads(new["arise.json"])["items"]) == 14
        assert not list((tmp_path / "public").glob(".cleanfeed-*.tmp"))
        injected("B2")


def raising(number):
    def fail(*_args, **_kwargs):
        raise OSError(number, os.strerror(number))

    return fail


class Failing:
    """Every call fails from the n-th on."""

    def __init__(self, whole, number, after):
        self._whole, self._number, self._after = whole, number, after

    def __call__(self, *args, **kwargs):
        self._after -= 1
        if self._after < 0:
            raise OSError(self._number, os.strerror(self._number))
        return self._whole(*args, **kwargs)


BROKEN = [
    ("mkstemp", errno.ENOSPC, 0), ("mkstemp", errno.EROFS, 0), ("mkstemp", errno.EMFILE, 3), ("fsync", errno.EIO, 0),
    ("fsync", errno.EIO, 4), ("replace", errno.EXDEV, 0), ("replace", errno.EACCES, 2), ("fchmod", errno.EPERM, 1),
]  # fmt: skip


@pytest.mark.parametrize("case", BROKEN, ids=str)
def test_a_file_that_cannot_be_replaced_is_named_and_stays(tmp_path, injected, monkeypatch, case):
    what, number, after = case
    with World(tmp_path, ["arise"]) as world:
        world.room.publish("arise", 5)
        world.build()
        old = state(world.public)
        world.room.publish("arise", 2)
        world.pass_time()
        with monkeypatch.context() as patch:
            home = {"mkstemp": publish.tempfile, "replace": Path}.get(what, publish.os)
            whole = getattr(home, what)
            failing = Failing(whole, number, after)
            # A function, for a class makes a method of it.
            patch.setattr(home, what, lambda *args, **named: failing(*args, **named))  # noqa: PLW0108  # see above
            report = world.build()
        named = "\n".join(map(str, report.problems))
        assert os.strerror(number) in named
        left = state(world.public)
        world.pass_time()
        assert world.build().problems == []
        check_whole(left, old, state(world.public))
        assert len(world.items("arise")) == 7
        injected("B2")
