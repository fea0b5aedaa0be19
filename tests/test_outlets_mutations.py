"""A page whose names, wrappers or sources change still gives its entry, as far as the page allows it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from cleanfeed.errors import PageError
from mutations import CHROME, Mutation, mutated, mutations
from outletparts import PAGES, example_pages, load, made, name_of, read

if TYPE_CHECKING:
    from pathlib import Path

    from cleanfeed.model import Entry
    from cleanfeed.plugins import Plugins

FIELDS = (
    "outlet", "kind", "id", "url", "title", "summary", "authors", "source", "published", "date_precision", "updated",
    "section", "tags", "image", "captions",
)  # fmt: skip
PAGES_TO_CHANGE = [path for path in example_pages() if path.suffix == ".html"]
KNOWN = {
    # The number of these two pages stands in the metadata alone, and the tags are printed in another order.
    ("cup-digits", "no-metas"): {"id", "tags"},
    ("cup-final", "no-metas"): {"id"},
    # Its tags are told by nothing but a name.
    ("amp-rice-design1", "all-names-changed"): {"tags"},
    # The page prints the day, its data the time.
    ("amp-rice-design1", "no-json-ld"): {"published", "date_precision"},
    # These pages say their address nowhere.
    **{(stem, "no-address"): {"url"} for stem in ("harvest-gen1", "fishermen-gen1", "sponge-other-host")},
}


def fields_of(entry: Entry) -> dict[str, Any]:
    return {name: getattr(entry, name) for name in FIELDS}


def excused(mutation: Mutation, path: Path, got: dict[str, Any]) -> set[str]:
    lost = {name for name in mutation.may_lose if not got.get(name)}
    return lost | set(mutation.may_differ) | KNOWN.get((path.stem, mutation.name), set())


@pytest.mark.parametrize("path", PAGES_TO_CHANGE, ids=name_of)
def test_changed_page_gives_the_same_entry(path: Path, outlets: Plugins) -> None:
    page = load(path)
    refused = path.with_suffix(".refused.txt").is_file()
    wanted = None if refused else read(page, outlets)
    for mutation in mutations(path.parent.name):
        body = mutated(page.body, mutation)
        if body is None:
            continue
        changed = made(
            body,
            url=page.url if mutation.keeps_address else None,
            retrieved=page.retrieved,
            name=mutation.name,
        )
        if wanted is None:
            with pytest.raises(PageError):
                read(changed, outlets)
            continue
        entry = read(changed, outlets)
        got = fields_of(entry)
        free = excused(mutation, path, got)
        assert (mutation.name, entry.text) == (mutation.name, wanted.text)
        assert not [line for line in CHROME if line in entry.content and line not in wanted.content], (
            mutation.name
        )
        for name, value in fields_of(wanted).items():
            assert name in free or got[name] == value, f"{mutation.name}: {name}"


def test_every_outlet_has_pages_to_change() -> None:
    assert {path.parent.name for path in PAGES_TO_CHANGE} == {
        folder.name for folder in PAGES.iterdir() if folder.is_dir()
    }
