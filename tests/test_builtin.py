"""The recipe is followed as it says, and what its finders give is taken for what it is."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from cleanfeed import ExtractionError, Outlet, Page, hookimpl, reading, recipes
from cleanfeed import plugins as loading

BODY = (
    "<html><head><title>Quay opens - The Pier</title><meta property='article:published_time' "
    "content='2026-09-14T08:20:00+01:00'></head><body class='single'><h1 class='entry-title'>Quay opens</h1>"
    "<div class='entry-content'><p>The new quay opened on Monday, after two winters of work.</p>"
    "<p>Boats queued from dawn.</p></div></body></html>"
)


class Pier:
    """A plugin of one outlet."""

    def __init__(self, **fields: object) -> None:
        article = replace(recipes.WORDPRESS, **fields)
        self.outlet = Outlet(
            slug="pier",
            name="The Pier",
            language="en",
            timezone="UTC",
            hosts=("pier.example",),
            article=article,
        )

    @hookimpl
    def cleanfeed_outlets(self):
        return [self.outlet]


def read(**fields):
    loaded = loading.load()
    plugin = Pier(**fields)
    loaded.manager.register(plugin, "pier")
    origin = next(iter(loaded.declared_by.values()))
    directory = type(loaded.directory)([*loaded.outlets, plugin.outlet], {})
    loaded = replace(loaded, directory=directory, declared_by={**loaded.declared_by, "pier": origin})
    page = Page(
        body=BODY,
        url="https://pier.example/quay",
        name="quay.html",
        retrieved=datetime(2026, 9, 15, tzinfo=UTC),
    )
    return reading.read(page, loaded)


@pytest.mark.parametrize(
    "field",
    ["title", "summary", "section", "source", "kind", "number", "authors", "tags", "captions", "published"],
)
@pytest.mark.parametrize("value", [object(), b"abc"], ids=["an object", "bytes"])
def test_a_finder_that_gives_what_is_no_value_costs_the_page_and_the_field_is_named(field, value):
    with pytest.raises(ExtractionError, match=field):
        read(**{field: lambda _page: value})


@pytest.mark.parametrize("value", [{"@value": "x"}, True, [], ""], ids=repr)
@pytest.mark.parametrize("field", ["summary", "section", "source", "kind"])
def test_what_a_pages_json_holds_in_place_of_text_counts_as_missing(field, value):
    entry = read(**{field: lambda _page: value})
    assert getattr(entry, field) == ("article" if field == "kind" else None)


def test_a_change_without_a_date_of_publication_is_not_told():
    entry = read(published=lambda _page: None, updated=lambda _page: "2026-09-14T09:00:00Z")
    assert (entry.published, entry.updated) == (None, None)


def test_a_change_is_told_only_when_it_is_later():
    assert read(updated=lambda _page: "2026-09-14T07:20:00Z").updated is None
    assert read(updated=lambda _page: "2026-09-14T09:00:00Z").updated == datetime(2026, 9, 14, 9, tzinfo=UTC)


def test_a_page_without_a_title_is_called_by_its_first_words():
    entry = read(title=lambda _page: None)
    assert entry.title.startswith("The new quay opened on Monday")
