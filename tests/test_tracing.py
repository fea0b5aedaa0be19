"""Each value of an entry can be traced to the finder that gave it."""

from __future__ import annotations

import pickle
from typing import TYPE_CHECKING

import pytest

from cleanfeed import work
from cleanfeed.finders import (
    attribute,
    css,
    each_of,
    embedded_json,
    first_of,
    first_text,
    headline_text,
    json_ld,
    meta,
    nearby,
    once,
    richest,
    story,
    text,
    then,
)
from cleanfeed.health.reading import labels_of_outlet
from cleanfeed.model import Page
from cleanfeed.sources.files import SavedPage
from cleanfeed.tracing import label_of, labels_of
from outletparts import PAGES, example_pages

if TYPE_CHECKING:
    from pathlib import Path

    from cleanfeed.plugins import Plugins

PAGE = Page(
    body="<html><head><title>Tides</title><meta name='author' content='Ada'></head><body><h1>The tides of the quay</h1>"
    "<p class='by'>Bola</p><time class='on'>tomorrow or so</time><time class='day'>2026-10-02</time></body></html>"
)


def own_finder(_page: Page) -> str:
    return "own"


def made_by_hand(value: str):
    return lambda _page: value


@pytest.mark.parametrize(
    "finder, label",
    [
        (css("p.by"), 'css("p.by")'),
        (meta("author", "byline", strip="x"), 'meta("author", "byline")'),
        (json_ld("author", "name"), 'json_ld("author", "name")'),
        (attribute("time", "datetime"), 'attribute("time", "datetime")'),
        (embedded_json("script#data", "title"), 'embedded_json("script#data", "title")'),
        (richest("div.story"), 'richest("div.story")'),
        (story(stop=("Related",)), "story()"),
        (nearby("span.date"), 'nearby("span.date")'),
        (first_text("div.title", "h1"), 'first_text("div.title", "h1")'),
        (headline_text, "headline_text"),
        (own_finder, "own_finder"),
        (made_by_hand("x"), "made_by_hand"),
        (lambda _page: "x", "function"),
        (once(text("p.by")), 'text("p.by")'),
        (then(text("p.by"), str.upper), 'text("p.by")'),
    ],
)
def test_a_finder_is_told_by_the_call_that_made_it(finder, label: str) -> None:
    finder(PAGE)
    assert label_of(finder, PAGE) == label


@pytest.mark.parametrize(
    "alternatives, label",
    [
        ((text("p.by"), meta("author")), 'text("p.by")'),
        ((text("p.writer"), meta("author")), 'meta("author")'),
        ((text("p.writer"), then(meta("author"), lambda _value: None), own_finder), "own_finder"),
        ((text("p.writer"), once(first_of(css("p.x"), then(meta("author"), str.upper)))), 'meta("author")'),
    ],
)
def test_of_several_finders_the_one_that_matched_is_told(alternatives, label: str) -> None:
    finder = first_of(*alternatives)
    assert finder(PAGE)
    assert label_of(finder, PAGE) == label


def test_of_values_that_are_tried_in_turn_the_usable_one_is_told() -> None:
    finder = each_of(text("time.on"), text("time.day"), meta("author"))
    assert next(value for value in finder(PAGE) if value[0] == "2") == "2026-10-02"
    assert label_of(finder, PAGE) == 'text("time.day")'


def test_the_choice_is_that_of_each_page() -> None:
    finder = first_of(text("p.by"), meta("author"))
    other = Page(body=PAGE.body.replace("class='by'", ""))
    assert (finder(PAGE), finder(other)) == ("Bola", "Ada")
    assert [label_of(finder, page) for page in (other, PAGE)] == ['meta("author")', 'text("p.by")']


def test_long_patterns_are_cut() -> None:
    assert len(label_of(text("p" + ".long" * 100), PAGE)) < 100


def test_all_labels_of_a_finder_are_known_before_it_has_met_a_page() -> None:
    finder = once(first_of(css("p.by"), each_of(own_finder, then(meta("author"), str.upper))))
    assert labels_of(finder) == {'css("p.by")', "own_finder", 'meta("author")'}


def result_of(path: Path, outlets: Plugins) -> work.Result:
    return work.read_one(SavedPage(path, path.name), outlets)


def test_the_result_of_a_page_tells_the_finder_of_each_field(outlets: Plugins) -> None:
    result = result_of(PAGES / "arise" / "rail.html", outlets)
    assert {name: result.matched[name] for name in ("title", "content", "summary", "authors")} == {
        "title": 'text("h1.article-title")',
        "content": 'richest("div.article-content")',
        "summary": 'nearby("header p")',
        "authors": 'nearby("a[rel~=author]")',
    }
    assert pickle.loads(pickle.dumps(result)) == result


@pytest.mark.parametrize("path", example_pages(), ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_every_field_of_an_entry_has_a_finder_that_the_recipe_names(path: Path, outlets: Plugins) -> None:
    result = result_of(path, outlets)
    if result.entry is None:
        assert not result.matched
        return
    told = set(result.matched.values())
    assert told <= labels_of_outlet(outlets.directory.by_slug[path.parent.name])
    for name in ("title", "published", "summary", "authors", "section", "tags", "image", "source"):
        assert name in result.matched or not getattr(result.entry, name), name


def test_workers_bring_the_labels_home(outlets: Plugins) -> None:
    pages = [SavedPage(PAGES / "arise" / "rail.html", "rail")] * 2
    results = list(work.run(pages, work.Setup(), 2, loaded=outlets))
    assert [each.matched["title"] for each in results] == ['text("h1.article-title")'] * 2
