"""What the documents show is run: pages, plugins, configurations, words and dates give what stands there."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tomllib
from datetime import UTC
from typing import TYPE_CHECKING, Any

import pytest
from msgspec.structs import fields as keys_of

from cleanfeed import config, plugins
from cleanfeed.dates import age, parse
from cleanfeed.model import EPOCH
from cleanfeed.text import fold
from cleanfeed.words import Word
from documentparts import (
    BY_NAME,
    CONFIGURATION,
    OUTLETS,
    README,
    TABLES,
    fenced,
    names_in,
    rows,
    section,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from cleanfeed.plugins import Plugins


def run_extract(folder: Path, plugin: str, page: str) -> dict[str, Any]:
    command = [sys.executable, "-m", "cleanfeed", "extract", "--plugin", plugin, page]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    item: dict[str, Any] = json.loads(done.stdout)
    return item


def test_outlet_of_the_readme_makes_its_entry_of_its_page(tmp_path: Path) -> None:
    outlet = fenced(README, "example-outlet")
    assert outlet.count("\n") <= 30
    (tmp_path / "pilot.py").write_text(outlet, "utf-8")
    (tmp_path / "ferry.html").write_text(fenced(README, "example-page"), "utf-8")
    expected = json.loads(fenced(README, "example-entry"))
    assert run_extract(tmp_path, "pilot.py", "ferry.html") == expected


def test_walk_through_ends_with_its_entry_and_a_test_that_passes(tmp_path: Path) -> None:
    (tmp_path / "pages").mkdir()
    names = re.findall(r"<!-- file: (\S+) -->", OUTLETS)
    assert len([name for name in names if name.endswith(".html")]) == 2
    for name in names:
        (tmp_path / name).write_text(fenced(OUTLETS, f"file: {name}"), "utf-8")
    item = run_extract(tmp_path, "cleanfeed_quay.py", "pages/ferry.html")
    assert item == json.loads(fenced(OUTLETS, "quay-entry"))
    (tmp_path / "pages" / "ferry.entry.json").write_text(json.dumps(item), "utf-8")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "test_quay.py"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
    assert "2 passed" in done.stdout


@pytest.mark.parametrize("mark", ["shortest-outlet", "wrapper"])
def test_plugin_of_the_documents_loads(mark: str, tmp_path: Path) -> None:
    path = tmp_path / f"documented_{mark.replace('-', '_')}.py"
    path.write_text(fenced(OUTLETS, mark), "utf-8")
    loaded = plugins.load([path])
    assert loaded.manager.has_plugin(path.stem)
    assert mark == "wrapper" or "gazette" in loaded.directory.by_slug


def test_words_of_the_documents_are_found_as_they_say() -> None:
    table = rows(
        section(BY_NAME["docs/topics.md"], "How words are found").partition("**Arabic particles.**")[2]
    )
    assert len(table) > 3
    for word, found, not_found in table:
        spelt = Word.of(word.strip("`"))
        assert [each for each in found.split("، ") if not spelt.occurs(fold(each))] == []
        assert not (not_found and spelt.occurs(fold(not_found)))


def test_file_names_of_topics_are_what_the_documents_say() -> None:
    text = section(BY_NAME["docs/topics.md"], "Topics by themselves")
    told = re.findall(r'"([^"]+)"\s+is\s+`([\w-]+)\.rss`', text)
    assert len(told) == 3
    assert [config.slug_of(title) for title, _slug in told] == [slug for _title, slug in told]


def test_dates_of_the_documents_are_read() -> None:
    examples = {row[0]: names_in(row[1]) for row in rows(section(OUTLETS, "Dates"))}
    ages, digits, times = (examples.pop(name) for name in ("age", "digits", "time"))
    written = [each for some in examples.values() for each in some]
    written += [f"{digit} أيلول 2026" for digit in digits]
    written += [f"14 September 2026, {time}" for time in times if time[0].isdigit()]
    assert len(written) > 15
    assert [text for text in written if parse(text, UTC) is None] == []
    assert [text for text in ages if age(text, EPOCH, UTC) is None] == []


def test_configuration_of_the_documents_loads_and_holds_every_key(tmp_path: Path, outlets: Plugins) -> None:
    text = fenced(CONFIGURATION, "whole-configuration")
    path = tmp_path / "cleanfeed.toml"
    path.write_text(text, "utf-8")
    config.check_outlets(config.load(path), outlets.directory.by_slug)
    table = tomllib.loads(text)
    topics = {key for topic in table["topics"].values() for key in topic}
    written = {
        "Top level": set(table),
        "Topics": topics,
        "Auto": set(table["auto"]),
        "Publish": set(table["publish"]),
        "Fetch": set(table["fetch"]),
        "Miniflux": set(table["miniflux"]),
        "Serve": set(table["serve"]),
    }
    assert written == {title: {key.encode_name for key in keys_of(shape)} for title, shape in TABLES.items()}


def whole_files(document: str) -> Iterator[str]:
    blocks = re.findall(r"^```toml\n(.*?)^```$", document, re.MULTILINE | re.DOTALL)
    return (block for block in blocks if "base_url" in block)


def test_every_whole_configuration_in_the_documents_loads(tmp_path: Path) -> None:
    for number, text in enumerate(text for document in BY_NAME.values() for text in whole_files(document)):
        path = tmp_path / f"{number}.toml"
        path.write_text(text, "utf-8")
        assert config.load(path).title
