"""Plugins that hang, crash, grow or lie: each costs one page, and what it gives is checked like the page itself."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from cliparts import Place, environment, story
from hostile.rows import cases

PLUGIN = """
import ctypes, os, sys, time
from dataclasses import replace
from cleanfeed import Outlet, builtin, hookimpl, recipes

def title(page):
    return 1 // 0 if "RAISES" in page.body else recipes.WORDPRESS.title(page)

@hookimpl
def cleanfeed_outlets():
    return [Outlet(slug="harbour", name="The Harbour", language="en", timezone="Africa/Lagos",
                   hosts=("harbour.example",), article=replace(recipes.WORDPRESS, title=title))]

@hookimpl
def cleanfeed_extract(outlet, page):
    if "MISCHIEF" not in page.body:
        return None
    return eval(page.body.partition("<!-- MISCHIEF")[2].partition("-->")[0].strip())
"""
LOST, GIVEN_UP = "ended its worker process", "took more than 2 s"
MISCHIEF = {
    "H66": {
        "loops": ("[None for _ in iter(int, 1)]", GIVEN_UP),
        "exits": ("os._exit(0)", LOST),
        "crashes": ("ctypes.string_at(0)", LOST),
        "takes 4 GB": ("bytearray(4 << 30)", "MemoryError"),
        "gives a script": ("replace(builtin.cleanfeed_extract(outlet, page), content='<p>Fine words.</p><script>x</script><img src=x onerror=y>')", "<p>Fine words.</p>"),
        "gives a script as the title": ("replace(builtin.cleanfeed_extract(outlet, page), title='<script>x</script>Fine')", "xFine"),
        "gives no entry": ("object()", "where an Entry is expected"),
        "gives a title of a wrong type": ("replace(builtin.cleanfeed_extract(outlet, page), title=7)", "title is int, not str"),
        "gives content of a wrong type": ("replace(builtin.cleanfeed_extract(outlet, page), content=b'x')", "content is bytes, not str"),
        "raises": ("1 // 0", "ZeroDivisionError"),
        "raises in its title": ("RAISES", "ZeroDivisionError"),
    }
}  # fmt: skip
"""What a plugin does on a page, and what comes of it."""
READ = """
import json, sys
from pathlib import Path
from cleanfeed import plugins, work
from cleanfeed.sources.files import find

paths, pages = (Path("harbour.py"),), list(find(["pages"]))
if sys.argv[1] == "ours":
    results = work.run(pages, work.Setup(paths, seconds=2), 2)
else:
    loaded = plugins.load(paths)
    results = (work.read_one(page, loaded) for page in pages)
found = {result.page: [result.entry.title, result.entry.content] if result.entry else result.error.reason for result in results}
print(json.dumps(found))
"""


def mischief(number, code):
    if code == "RAISES":
        return story(number).replace("<body>", "<body><!-- RAISES -->")
    return story(number).replace("<body>", f"<body><!-- MISCHIEF {code} -->")


def placed(folder, codes):
    place = Place(folder)
    place.write("harbour.py", PLUGIN)
    for number, code in enumerate(codes):
        place.page(f"story-{2 * number:02}.html", story(2 * number))
        place.page(f"story-{2 * number + 1:02}.html", mischief(2 * number + 1, code))
    return place


def read(place, how):
    """What came of each page; nothing where the process that reads them does not live."""
    command = [sys.executable, "-c", READ, how]
    done = subprocess.run(
        command, cwd=place.folder, env=environment({}), capture_output=True, text=True, timeout=60, check=False
    )  # fmt: skip
    return json.loads(done.stdout) if done.stdout else {}


CODES = [code for code, _expected in MISCHIEF["H66"].values()]


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    return read(placed(tmp_path_factory.mktemp("plugins"), CODES), "ours")


def sound(found):
    """The pages on which the plugin did nothing that were read."""
    return [number for number in range(0, 2 * len(CODES), 2) if found.get(f"pages/story-{number:02}.html", "?")[0] == f"The crane, part {number}"]  # fmt: skip


@pytest.mark.parametrize("row, given", cases(MISCHIEF))
def test_what_a_plugin_does_on_a_page_costs_that_page_at_most(found, row, given):
    code, expected = given
    came = found[f"pages/story-{2 * CODES.index(code) + 1:02}.html"]
    assert expected in (came if isinstance(came, str) else "".join(came))
    assert "<script" not in "".join(came)
    assert "onerror" not in "".join(came)


def test_all_other_pages_are_read(found):
    assert sound(found) == list(range(0, 2 * len(CODES), 2))


@pytest.mark.row("H66")
def test_the_status_tells_that_pages_were_lost(tmp_path):
    done = placed(tmp_path, CODES[1:]).run("extract", "pages", "--jobs", "2")
    assert done.status == 1
    assert len(done.complaints) == len(CODES) - 3
    assert "<script" not in done.out


@pytest.mark.control("H66")
@pytest.mark.parametrize("name", ["exits", "crashes"])
def test_a_reader_in_one_process_loses_all_pages_with_it(tmp_path, name):
    place = placed(tmp_path, [MISCHIEF["H66"][name][0]])
    assert sound(read(place, "naive")) == []
    (place.pages / "story-01.html").unlink()
    assert sound(read(place, "naive")) == [0]
