"""What extraction depends on besides the page: code, and nothing that changes by itself."""

from __future__ import annotations

import os
import shutil
from importlib import metadata
from typing import TYPE_CHECKING

import pytest

from cleanfeed import fingerprint
from cleanfeed.fingerprint import fingerprints
from cliparts import PLUGIN, ROOT

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def plugin(tmp_path: Path) -> Path:
    path = tmp_path / "plugins" / "harbour.py"
    path.parent.mkdir()
    path.write_text(PLUGIN)
    return path


@pytest.fixture
def core(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the core that may be changed."""
    copy = tmp_path / "cleanfeed"
    shutil.copytree(ROOT / "src" / "cleanfeed", copy, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(fingerprint, "__file__", str(copy / "fingerprint.py"))
    return copy


def test_the_same_code_has_the_same_marks_wherever_and_whenever_it_lies(plugin: Path, tmp_path: Path) -> None:
    before = fingerprints([plugin])
    os.utime(plugin, (1, 1))
    other = tmp_path / "elsewhere" / "harbour.py"
    other.parent.mkdir()
    shutil.copy(plugin, other)
    assert fingerprints([plugin]) == fingerprints([other]) == before


def test_a_corrected_plugin_has_another_mark(plugin: Path) -> None:
    before = fingerprints([plugin])
    plugin.write_text(PLUGIN.replace("The Harbour", "The Old Harbour"))
    after = fingerprints([plugin])
    assert after.reading != before.reading
    assert after.writing != before.writing


def test_what_a_plugin_shares_with_its_neighbours_counts(plugin: Path) -> None:
    before = fingerprints([plugin])
    (plugin.parent / "_util.py").write_text("words = 1")
    assert fingerprints([plugin]).reading != before.reading


def test_installed_plugins_count() -> None:
    files = {path.name for each in fingerprint.candidates([]) for path in fingerprint._files([each])}
    assert "cleanfeed_arise.py" in files


@pytest.mark.parametrize(
    ("name", "reads"),
    [("lxml", True), ("nh3", True), ("msgspec", True), ("feedgen", False), ("jinja2", False)],
)
def test_another_version_of_what_reads_or_writes_counts(
    monkeypatch: pytest.MonkeyPatch, name: str, reads: bool
) -> None:  # a column of the table
    before = fingerprints()
    version = metadata.version
    monkeypatch.setattr(metadata, "version", lambda each: "99" if each == name else version(each))
    after = fingerprints()
    assert (after.reading != before.reading) is reads
    assert after.writing != before.writing


@pytest.mark.parametrize("name", ["builtin.py", "sources/files.py", "dates.py"])
def test_the_core_has_a_say_in_reading(core: Path, name: str) -> None:
    before = fingerprints()
    with (core / name).open("a") as file:
        file.write("\n# changed\n")
    assert fingerprints().reading != before.reading


@pytest.mark.parametrize(
    "name", ["feeds/site.py", "feeds/templates/page.css", "feeds/templates/page.js", "serve/app.py"]
)
def test_what_only_writes_makes_no_page_to_be_read_again(core: Path, name: str) -> None:
    before = fingerprints()
    with (core / name).open("a") as file:
        file.write("\n\n")
    after = fingerprints()
    assert after.reading == before.reading
    assert after.writing != before.writing
