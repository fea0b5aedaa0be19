"""Pages that are within all limits and mean to cost time or memory: they do not."""

from __future__ import annotations

import re
import subprocess
import sys
import time

import pytest
from lxml import html

from cliparts import PLUGIN, ROOT, environment
from hostile.readers import TITLE, WORDS, article, ours
from hostile.rows import cases, controls

__all__ = ["ours"]
LARGE = {
    "H25": {
        "a million siblings": "'<i></i>' * 1_000_000",
        "all siblings that a page may have": "'<i></i>' * 290_000",
        "two million references": "'&lt;' * 2_000_000",
        "a million numbers of characters": "'&#1575;' * 1_000_000",
    }
}
"""What stands in the body, as an expression."""
CROSSED = {"H26": {"100,000 times": ("<b><i><a>x</b></i></a>" * 100_000, 2)}}
"""What stands in the body, and seconds."""
READ = """
import sys
from hostile import readers

def most():
    return int(dict(line.split(":", 1) for line in open("/proc/self/status"))["VmHWM"].split()[0]) / 1024

raw = readers.article("<p>" + eval(sys.argv[2]) + "</p>")
if sys.argv[1] == "ours":
    import pathlib
    from cleanfeed import plugins, work
    read = readers.made(plugins.load([pathlib.Path(sys.argv[3])]))
else:
    read = readers.keeping
found = read(raw)
print(found if isinstance(found, str) else found.title)
print(most())
"""


def read_apart(how, expression, folder):
    """What came of the page in a process of its own, and the MiB that it grew to."""
    command = [sys.executable, "-c", READ, how, expression, str(folder / "harbour.py")]
    env = environment({})
    env["PYTHONPATH"] += f":{ROOT / 'tests'}"
    done = subprocess.run(command, env=env, capture_output=True, text=True, timeout=100, check=True)
    found, most = done.stdout.splitlines()
    return found, float(most)


def too_much(how, expression, folder):
    found, most = read_apart(how, expression, folder)
    is_sound = found == TITLE or re.search(r"too large|beyond the parser's limits", found)
    return ([] if is_sound else [found]) + ([f"{most} MiB"] if most > 400 else [])


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    made = tmp_path_factory.mktemp("plugin")
    (made / "harbour.py").write_text(PLUGIN, "utf-8")
    return made


@pytest.mark.parametrize("row, given", cases(LARGE))
def test_a_page_of_millions_of_parts_takes_little_memory(folder, row, given):
    assert too_much("ours", given, folder) == []


@pytest.mark.parametrize("variants", controls(LARGE))
def test_a_reader_that_keeps_a_record_of_each_element_takes_much(folder, variants):
    assert any(too_much("naive", given, folder) for given in variants)


def unwrapped(raw, seconds):
    """As cleaners do that take elements out one by one; whether it was done in time."""
    root = html.document_fromstring(raw)
    end = time.process_time() + seconds
    for node in list(root.iter("a", "b", "i")):
        node.drop_tag()
        if time.process_time() > end:
            return False
    return True


@pytest.mark.parametrize("row, given", cases(CROSSED))
def test_tags_that_cross_each_other_are_read_in_time(ours, row, given):
    markup, seconds = given
    raw = article(f"<div>{markup}</div>")
    began = time.process_time()
    found = ours(raw)
    assert time.process_time() - began < seconds
    assert found.title == TITLE
    assert WORDS in found.text


@pytest.mark.parametrize("variants", controls(CROSSED))
def test_a_cleaner_that_unwraps_one_by_one_is_not_done_in_time(variants):
    assert not any(unwrapped(article(markup), seconds) for markup, seconds in variants)
