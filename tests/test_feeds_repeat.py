"""The same feed gives the same bytes, wherever and whenever it is written."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from hashlib import sha256
from pathlib import Path

import pytest

from cleanfeed.feeds import outline, render, render_index
from cleanfeed.feeds.caps import arranged
from feedparts import AUDIO, HARBOUR, MAYDAN, SITE, UNDATED, entry, feed

ROOT = Path(__file__).parent.parent
PROGRAM = (
    "import locale; locale.setlocale(locale.LC_ALL, ''); import test_feeds_repeat as t; print(t.digest())"
)


def digest() -> str:
    """One hash of all files of a feed and its index."""
    one = feed(
        MAYDAN, UNDATED, HARBOUR, entry(id="tag:a.example,2026:1", enclosures=(AUDIO,), tags=("b", "a", "c"))
    )
    arranged.cache_clear()
    files = {**render(one, SITE), **render_index([outline(one), outline(feed(slug="empty"))], SITE)}
    return sha256(repr(sorted(files.items())).encode()).hexdigest()


@pytest.mark.parametrize(
    "variable, value",
    [("PYTHONHASHSEED", "1"), ("TZ", "Asia/Kathmandu"), ("LC_ALL", "C.UTF-8"), ("LC_ALL", "POSIX")],
)
def test_bytes_do_not_depend_on_the_environment(variable, value):
    path = os.pathsep.join(map(str, (ROOT / "src", ROOT / "tests")))
    changed = {**os.environ, "PYTHONPATH": path, "PYTHONUTF8": "1", variable: value}
    run = subprocess.run(
        [sys.executable, "-c", PROGRAM], env=changed, capture_output=True, text=True, check=True
    )
    assert run.stdout.strip() == digest()


def test_bytes_do_not_depend_on_the_clock():
    first = digest()
    time.sleep(1.1)
    assert digest() == first


def test_rendering_leaves_no_trace_of_an_earlier_feed():
    alone = render(feed(HARBOUR), SITE)
    render(feed(MAYDAN, language="ar", direction="rtl"), SITE)
    assert render(feed(HARBOUR), SITE) == alone


def test_an_item_of_json_costs_no_import_of_feedgen_or_jinja2():
    program = "import sys, cleanfeed.feeds.jsonfeed; print({'feedgen', 'jinja2'} & {*sys.modules})"
    path = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    run = subprocess.run(
        [sys.executable, "-c", program], env=path, capture_output=True, text=True, check=True
    )
    assert run.stdout.strip() == "set()"
