"""Finders: functions from a page to a value or `None`, and ways to join them.

A recipe names one finder per field. A finder is a shape and no class, so any function of a page is one.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TypeAlias, TypeVar

from cleanfeed.below import (
    byline,
    date_lines,
    hero_captions,
    hero_picture,
    link_nearby,
    links,
    under_headline,
)
from cleanfeed.captures import Line, as_html, sheet, split_tags, until, without_alternative, without_boxes
from cleanfeed.declared import address_of
from cleanfeed.flight import records
from cleanfeed.headline import headline, headline_text, main_article, nearby
from cleanfeed.landmarks import landmarks, on_page
from cleanfeed.markup import ARTICLE_TYPES, Element, load_json, text_of
from cleanfeed.model import Page
from cleanfeed.printed import Marks, Printed, printed
from cleanfeed.story import richest, story
from cleanfeed.text import squeeze
from cleanfeed.tracing import among, around, choices, named

__all__ = [
    "ARTICLE_TYPES",
    "Element",
    "Finder",
    "Line",
    "Marks",
    "Printed",
    "address_part",
    "as_html",
    "attribute",
    "byline",
    "constant",
    "css",
    "css_all",
    "date_lines",
    "each_of",
    "embedded_json",
    "first_nearby",
    "first_of",
    "first_text",
    "headline",
    "headline_text",
    "hero_captions",
    "hero_picture",
    "inside",
    "json_ld",
    "json_ld_image",
    "json_ld_names",
    "line",
    "link_nearby",
    "links",
    "main_article",
    "meta",
    "meta_all",
    "nearby",
    "nothing",
    "once",
    "printed",
    "records",
    "richest",
    "sheet",
    "split_tags",
    "story",
    "text",
    "text_of",
    "texts",
    "then",
    "under_headline",
    "until",
    "without_alternative",
    "without_boxes",
]

T = TypeVar("T")
U = TypeVar("U")
Finder: TypeAlias = Callable[[Page], T | None]


def first_of(*finders: Finder[T]) -> Finder[T]:
    """The first value that any of the finders finds; empty text and empty lists are none."""

    def find(page: Page) -> T | None:
        for finder in finders:
            value = finder(page)
            # Not "if value": lxml calls an element without children false.
            if value is not None and (not isinstance(value, (str, tuple, list)) or value):
                choices(page)[id(find)] = finder
                return value
        return None

    return among(find, finders)


def once(finder: Finder[T]) -> Finder[T]:
    """The same finder, asked once per page: for one that is costly and asked in several places."""

    def find(page: Page) -> T | None:
        return page.view(finder, finder)

    return around(find, finder)


def then(finder: Finder[T], convert: Callable[[T], U | None]) -> Finder[U]:
    """What `convert` makes of the value that the finder finds."""

    def find(page: Page) -> U | None:
        value = finder(page)
        return None if value is None else convert(value)

    return around(find, finder)


@named
def css(selector: str) -> Finder[Element]:
    """The first element that matches a CSS selector."""
    select = on_page(selector)

    def find(page: Page) -> Element | None:
        return next(iter(select(page)), None) if page.kind == "html" else None

    return find


@named
def css_all(selector: str) -> Finder[list[Element]]:
    """All elements that match a CSS selector, in document order; `None` where there is none."""
    select = on_page(selector)

    def find(page: Page) -> list[Element] | None:
        return (select(page) or None) if page.kind == "html" else None

    return find


@named
def text(selector: str, *, strip: str = "") -> Finder[str]:
    """The text of the first element that matches and has any, on one line.

    `strip` is a regular expression; what it matches is taken away.
    """
    select = on_page(selector)
    unwanted = re.compile(strip) if strip else None

    def find(page: Page) -> str | None:
        if page.kind != "html":
            return None
        texts = (text_of(node) for node in select(page))
        found = next(filter(None, texts), None)
        return squeeze(unwanted.sub("", found)) if found and unwanted else found

    return find


@named
def texts(selector: str) -> Finder[list[str]]:
    """The texts of all elements that match."""
    return then(css_all(selector), lambda nodes: [each for each in map(text_of, nodes) if each])


@named
def inside(selector: str, *tags: str) -> Finder[list[str]]:
    """The texts of the elements of these names in the first element that matches."""
    select = on_page(selector)

    def find(page: Page) -> list[str] | None:
        box = next(iter(select(page)), None) if page.kind == "html" else None
        return None if box is None else [text for node in box.iter(*tags) if (text := text_of(node))]

    return find


@named
def first_text(selector: str, *tags: str) -> Finder[str]:
    """The first of the texts that `inside` finds."""
    return then(inside(selector, *tags), lambda found: next(iter(found), None))


@named
def first_nearby(selector: str) -> Finder[Element]:
    """The first of the elements that `nearby` finds."""
    return then(nearby(selector), lambda nodes: next(iter(nodes), None))


@named
def attribute(selector: str, name: str) -> Finder[str]:
    """An attribute of the first element that matches and has it."""
    select = on_page(selector)

    def find(page: Page) -> str | None:
        if page.kind != "html":
            return None
        return next(filter(None, (node.get(name) for node in select(page))), None)

    return find


@named
def meta(*names: str, strip: str = "") -> Finder[str]:
    """The content of the first of these `<meta>` elements that is there, by name, property or itemprop."""
    wanted = tuple(name.lower() for name in names)
    unwanted = re.compile(strip) if strip else None

    def find(page: Page) -> str | None:
        if page.kind != "html":
            return None
        found = next((page.meta[name] for name in wanted if name in page.meta), None)
        return squeeze(unwanted.sub("", found)) if found and unwanted else found

    return find


@named
def meta_all(name: str) -> Finder[list[str]]:
    """The contents of all `<meta>` elements of this property or name (`article:tag` comes once per tag)."""
    wanted = name.lower()

    def find(page: Page) -> list[str] | None:
        if page.kind != "html" or wanted not in page.meta:
            return None
        named = (node for node in landmarks(page)["meta"] if wanted in map(str.lower, _names(node)))
        return [value for node in named if (value := node.get("content"))]

    return find


def _names(node: Element) -> tuple[str, str]:
    return node.get("property") or "", node.get("name") or ""


@named
def json_ld(*path: str, types: Iterable[str] = ARTICLE_TYPES) -> Finder[Any]:
    """A value in the JSON-LD object of one of these types, by the keys that lead to it.

    Lists are entered by their first item; text has its character references resolved.
    """
    wanted = frozenset(types)

    def find(page: Page) -> Any | None:  # JSON is anything; the field's conversion checks it
        if page.kind != "html":
            return None
        for thing in page.json_ld:
            if wanted.intersection(_as_list(thing.get("@type"))):
                return _follow(thing, path)
        return None

    return find


@named
def json_ld_names(key: str) -> Finder[list[str]]:
    """The names of the persons or organisations under a key of the article's JSON-LD, references followed."""
    article = json_ld()

    def find(page: Page) -> list[str] | None:
        thing = article(page)
        values = _as_list(thing.get(key)) if isinstance(thing, Mapping) else []
        found = (_named(each, page) for each in values)
        return [html.unescape(each) for each in found if isinstance(each, str)] or None

    return find


def _named(value: object, page: Page) -> object:
    if not isinstance(value, Mapping) or "name" in value or "@id" not in value:
        return value.get("name") if isinstance(value, Mapping) else value
    return next((thing.get("name") for thing in page.json_ld if thing.get("@id") == value["@id"]), None)


def json_ld_image(page: Page) -> str | None:
    """The address of the picture in the article's JSON-LD, references followed."""
    found = json_ld("image")(page)
    found = found[0] if isinstance(found, list) and found else found
    if isinstance(found, Mapping) and "url" not in found:
        found = next(
            (thing for thing in page.json_ld if "@id" in found and thing.get("@id") == found["@id"]), {}
        )
    address = found.get("url") or found.get("contentUrl") if isinstance(found, Mapping) else found
    return address if isinstance(address, str) else None


@named
def embedded_json(selector: str, *path: str) -> Finder[Any]:
    """A value in the JSON that an element holds (often a `<script>`), by the keys that lead to it."""
    select = on_page(selector)

    def load(page: Page) -> object:
        return next((load_json(node.text or "") for node in select(page)), None)

    def find(page: Page) -> Any | None:  # see json_ld
        return _follow(page.view(("embedded", selector), load), path) if page.kind == "html" else None

    return find


def _follow(value: object, path: Sequence[str]) -> Any | None:  # see json_ld
    for key in path:
        value = value[0] if isinstance(value, list) and value else value
        value = value.get(key) if isinstance(value, Mapping) else None
    return html.unescape(value) if isinstance(value, str) else value


def _as_list(value: object) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


@named
def address_part(pattern: str, group: int = 1) -> Finder[str]:
    """A part of the page's canonical address: a group of a regular expression that is searched in it."""
    compiled = re.compile(pattern)

    def find(page: Page) -> str | None:
        found = compiled.search(address_of(page) or "")
        return found[group] if found else None

    return find


@named
def line(pattern: str, *, group: int = 1, within: int | None = None) -> Finder[str]:
    """A group of the first line of a plain-text capture that a regular expression matches as a whole.

    `within` counts the lines that are looked at.
    """
    compiled = re.compile(pattern)

    def find(page: Page) -> str | None:
        if page.kind != "text":
            return None
        found = (compiled.fullmatch(squeeze(each)) for each in page.lines[:within])
        return next((match[group] for match in found if match), None)

    return find


@named
def constant(value: T) -> Finder[T]:
    """The same value for every page."""
    return lambda _page: value


def nothing(_page: Page) -> None:
    """No value: the outlet never gives this field."""


def each_of(*finders: Finder[Any]) -> Finder[Iterable[Any]]:
    """All values that the finders find, lazily: for fields of which the first usable one counts."""

    def find(page: Page) -> Iterable[Any]:
        chosen = choices(page)
        for finder in finders:
            value = finder(page)
            # Asked one by one: the last is the one whose value could be used.
            chosen[id(find)] = finder
            if value is None or isinstance(value, (str, Element)) or not isinstance(value, Iterable):
                yield from () if value is None else (value,)
            else:
                yield from value

    return among(find, finders)
