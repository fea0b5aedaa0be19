"""What a page holds, seen in one pass: so that most selectors of a recipe need not search it."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from lxml import etree

from cleanfeed.markup import Element, compile_css, simple

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from cleanfeed.model import Page

_TAGS = ("title", "meta", "link", "base", "script", "h1", "h2")
_CLASSES = etree.XPath("//@class", smart_strings=False)


def landmarks(page: Page) -> Mapping[str, list[Element]]:
    """The elements that nearly every recipe asks for, by name, in document order."""
    return page.view("landmarks", _landmarks)


def _landmarks(page: Page) -> Mapping[str, list[Element]]:
    found: dict[str, list[Element]] = {tag: [] for tag in _TAGS}
    for node in page.tree.iter(*_TAGS):
        found[str(node.tag)].append(node)
    return found


def headings(page: Page) -> list[Element]:
    """The `h1` and `h2` elements, in document order."""
    marks = landmarks(page)
    if marks["h1"] and marks["h2"]:
        return list(page.tree.iter("h1", "h2"))
    return marks["h1"] or marks["h2"]


def class_names(page: Page) -> frozenset[str]:
    """All class names of the page."""
    return page.view("class names", _class_names)


def _class_names(page: Page) -> frozenset[str]:
    values: set[str] = set(_CLASSES(page.tree))  # type: ignore[arg-type]  # an attribute path gives texts
    return frozenset(name for value in values for name in value.split())


@lru_cache(maxsize=1024)
def on_page(selector: str) -> Callable[[Page], list[Element]]:
    """A function that lists the elements of a page that match a CSS selector, in document order.

    Where the page has none of the selector's classes, it is not searched. A selector that is none raises
    `ValueError`.
    """
    select = compile_css(selector)
    plain = simple(selector)
    if plain and plain[0] in _TAGS:
        return _among_landmarks(*plain)
    needs = _needs(selector)
    if not all(needs):
        return lambda page: select(page.tree)

    def find(page: Page) -> list[Element]:
        names = class_names(page)
        return select(page.tree) if any(need <= names for need in needs) else []

    return find


def _among_landmarks(tag: str, attribute: str, value: str) -> Callable[[Page], list[Element]]:
    def find(page: Page) -> list[Element]:
        nodes = landmarks(page)[tag]
        return (
            [node for node in nodes if value in (node.get(attribute) or "").split()] if attribute else nodes
        )

    return find


_LOOSE = re.compile(r"\[[^\]]*\]|:(?:not|is|where|has)\((?:[^()]|\([^()]*\))*\)|\"[^\"]*\"|'[^']*'")
_CLASS = re.compile(r"\.(-?[A-Za-z_][\w-]*)")


def _needs(selector: str) -> list[frozenset[str]]:
    """The classes that each alternative of a selector cannot do without."""
    return [frozenset(_CLASS.findall(each)) for each in _LOOSE.sub("", selector).split(",")]
