"""The same ledger gives the same bytes: whatever the machine's zone, language, hash seed or number of workers."""

from __future__ import annotations

import pytest

from faults.conftest import is_full
from liveparts import contents, good
from newsroom import BUILT_IN, Newsroom

ENVIRONMENTS = [
    {"PYTHONHASHSEED": "0"}, {"PYTHONHASHSEED": "1"}, {"PYTHONHASHSEED": "4294967295"}, {"TZ": "Pacific/Kiritimati"},
    {"TZ": "America/Los_Angeles"}, {"TZ": "Asia/Beirut", "PYTHONHASHSEED": "7"}, {"LC_ALL": "C"}, {"LC_ALL": "tr_TR.UTF-8"},
    {"LANG": "ar_LB.UTF-8", "TZ": "Asia/Dubai"}, {"PYTHONUTF8": "0", "LC_ALL": "POSIX"}, {"PYTHONOPTIMIZE": "1"},
    {"PYTHONDONTWRITEBYTECODE": "1", "TZ": "UTC"},
]  # fmt: skip
WAYS = [(each, jobs) for each in ENVIRONMENTS for jobs in ("1", "3")]


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    folder = tmp_path_factory.mktemp("built")
    with Newsroom() as room:
        for slug in BUILT_IN:
            room.publish(slug, 4)
        config = room.config(folder)
        good(config)
        return config


@pytest.mark.parametrize("way", WAYS if is_full() else WAYS[::4], ids=str)
def test_a_rebuilt_feed_is_the_same(built, tmp_path, injected, way):
    env, jobs = way
    good(built, "--offline", "--output", tmp_path, "--jobs", jobs, **env)
    topics = ["everything", *BUILT_IN]
    assert contents(tmp_path, topics) == contents(built.parent / "public", topics)
    injected("B6")
