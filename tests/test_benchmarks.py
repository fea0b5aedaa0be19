"""The benchmark: its pages are what they say, and it runs. How fast anything is, is no test."""

from __future__ import annotations

import statistics
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from lxml import html

from cleanfeed import plugins
from cleanfeed.sources.files import SavedPage, find
from cleanfeed.work import read_one

if TYPE_CHECKING:
    from types import ModuleType

FOLDER = Path(__file__).parents[1] / "benchmarks"


@pytest.fixture(scope="module")
def made():
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(FOLDER))
        import pages  # noqa: PLC0415  # found only now

        yield pages


@pytest.fixture(scope="module")
def loaded():
    return plugins.load(())


@pytest.mark.parametrize("number", range(48))
def test_a_generated_page_gives_the_title_and_the_paragraphs_that_it_was_made_with(
    made: ModuleType, loaded, number
):
    page = made.page(number)
    saved = SavedPage(Path(f"{page.key}.html"), page.key, page.html.encode(), page.url)
    result = read_one(saved, loaded)
    assert page.fault(result.entry) is None, result.error


def test_what_is_found_wrongly_is_told(made: ModuleType, loaded):
    page, other = made.page(0), made.page(8)
    entry = read_one(SavedPage(Path("other.html"), "other", other.html.encode(), other.url), loaded).entry
    assert other.fault(entry) is None
    assert page.key in page.fault(entry)
    assert "no entry" in page.fault(None)


def test_every_edition_has_pages(made: ModuleType, loaded):
    assert {page.outlet for page in made.pages(8)} == set(loaded.directory.by_slug)


def test_the_same_number_gives_the_same_page_in_another_process(made: ModuleType):
    code = f"import sys; sys.path.insert(0, {str(FOLDER)!r}); import pages; sys.stdout.buffer.write(pages.page(5).html.encode())"
    again = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
    assert again.stdout.decode() == made.page(5).html


def test_pages_have_the_sizes_of_real_ones(made: ModuleType):
    pages = [page.html for page in made.pages(160)]
    sizes = sorted(len(text.encode()) for text in pages)
    assert 90_000 < statistics.median(sizes) < 135_000
    assert 300_000 < sizes[len(sizes) * 95 // 100] < 700_000
    assert 1_000 < statistics.median(len(list(html.fromstring(text).iter())) for text in pages) < 4_000


def test_pages_beyond_the_distinct_ones_are_other_articles(made: ModuleType, loaded):
    first, again = made.page(3), made.page(3 + 400)
    assert first.title != again.title
    assert first.url != again.url
    saved = SavedPage(Path("again.html"), "again", again.html.encode(), again.url)
    assert again.fault(read_one(saved, loaded).entry) is None


def test_saved_pages_are_found_with_their_addresses(made: ModuleType, tmp_path):
    made.save(8, tmp_path)
    assert len(list(find([tmp_path]))) == 8
    assert len(list(tmp_path.rglob("*.json"))) == 8


def test_the_script_runs_and_prints_its_tables():
    command = [sys.executable, str(FOLDER / "run.py"), "--pages", "8", "--rounds", "1", "--others"]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    for line in (
        "parse ",
        "extract ",
        "build, in one process",
        "cleanfeed build --jobs 2",
        "a feed of",
        "cleanfeed --help",
    ):
        assert f"\n{line}" in done.stdout
    assert "wrong:" not in done.stdout


def test_builds_from_the_web_are_benchmarked_too():
    command = [sys.executable, str(FOLDER / "run.py"), "live", "--articles", "20"]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "21 of 21 conditional" in done.stdout
    assert "wrong:" not in done.stdout


def test_an_old_parser_is_refused():
    code = f"import sys; sys.path.insert(0, {str(FOLDER)!r}); sys.argv = ['run.py']; import run; run.LXML = (99, 0); run.main()"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "install lxml >= 99.0" in done.stderr
