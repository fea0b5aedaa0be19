"""Every example page gives exactly the entry, or the refusal, that a person has read and kept beside it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from cleanfeed.errors import PageError
from outletparts import example_pages, item_of, load, name_of

if TYPE_CHECKING:
    from pathlib import Path

    from cleanfeed.plugins import Plugins


def outcome(path: Path, outlets: Plugins) -> tuple[Path, str]:
    """What a page gives, and the file that it belongs into."""
    try:
        item = item_of(load(path), outlets)
    except PageError as error:
        return path.with_suffix(".refused.txt"), error.reason + "\n"
    return path.with_suffix(".entry.json"), json.dumps(item, ensure_ascii=False, indent=2) + "\n"


@pytest.mark.parametrize("path", example_pages(), ids=name_of)
def test_page_gives_what_is_kept_beside_it(
    path: Path, outlets: Plugins, request: pytest.FixtureRequest
) -> None:
    kept, text = outcome(path, outlets)
    if request.config.getoption("--update-golden"):
        for suffix in (".refused.txt", ".entry.json"):
            path.with_suffix(suffix).unlink(missing_ok=True)
        kept.write_text(text, "utf-8")
    assert kept.is_file(), f"{kept.name} is missing; the page gave:\n{text}"
    assert text == kept.read_text("utf-8")


def test_no_expectation_has_lost_its_page() -> None:
    kept = {path for folder in {page.parent for page in example_pages()} for path in folder.iterdir()}
    stems = {path.with_suffix("") for path in example_pages()}
    endings = (".entry.json", ".refused.txt")
    lost = [
        p.name for p in kept if p.name.endswith(endings) and p.with_name(p.name.split(".")[0]) not in stems
    ]
    assert not lost
