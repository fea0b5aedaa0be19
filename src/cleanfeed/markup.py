"""Reading HTML: one parse with the parser's limits watched, and the metadata that pages declare."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any, TypeAlias

from lxml import etree

from cleanfeed.errors import UnreadablePage
from cleanfeed.text import squeeze

Element: TypeAlias = etree._Element  # noqa: SLF001  # lxml names its element class so

JSON_LIMIT = 256 * 1024
"""Bytes of one embedded JSON block; real ones are far below."""
_DECLARATION = re.compile(r"\s*<\?xml[^>]*>", re.IGNORECASE)


def parse(body: str, name: str) -> Element:
    """The root of the document.

    libxml2 cuts a page at 256 levels or 10 MB of text and goes on as if nothing had happened; its log
    tells, and such a page is an `UnreadablePage`.
    """
    parser = etree.HTMLParser(huge_tree=False, remove_comments=True, remove_pis=True)
    try:
        root = etree.fromstring(_DECLARATION.sub("", body, count=1), parser)
    except (etree.LxmlError, ValueError, AssertionError) as error:
        raise UnreadablePage(name, f"cannot be parsed as HTML: {squeeze(str(error))}") from error
    if root is None:
        raise UnreadablePage(name, "holds no HTML")
    for entry in parser.error_log:
        if entry.level >= etree.ErrorLevels.FATAL:
            raise UnreadablePage(name, f"is beyond the parser's limits: {squeeze(entry.message)}")
    return root


def tag_of(node: Element) -> str:
    """The element's name, "" for what is no element (comments, entities)."""
    return node.tag if isinstance(node.tag, str) else ""


def text_of(node: Element) -> str:
    """All text below the element, on one line; scripts and styles have none."""
    return squeeze("".join(_texts(node)))


def _texts(node: Element) -> Iterator[str]:
    if node.tag in _MUTE:
        return
    if node.text:
        yield node.text
    for child in node:
        if child.tag in _SPACED:
            yield " "
        yield from _texts(child)
        if child.tail:
            yield child.tail


_MUTE = frozenset({"script", "style", "template", "noscript"})
_SPACED = frozenset({"br", "p", "div", "li", "td", "th", "tr", "h1", "h2", "h3", "h4"})


def meta_values(tree: Element) -> Mapping[str, str]:
    found: dict[str, str] = {}
    for node in tree.iter("meta"):
        name = node.get("property") or node.get("name") or node.get("itemprop")
        value = node.get("content")
        if name and value and not value.isspace():
            found.setdefault(name.lower(), value)
    return found


def json_ld_objects(tree: Element) -> tuple[Mapping[str, Any], ...]:
    found: list[Mapping[str, Any]] = []
    for node in tree.iter("script"):
        if (node.get("type") or "").startswith("application/ld+json"):
            found.extend(_objects(load_json(node.text or "")))
    return tuple(found)


def load_json(text: str) -> Any:  # noqa: ANN401  # JSON is anything, and checked where it is used
    """What the text says in JSON; `None` where it is broken, outsized or too deep."""
    if len(text) > JSON_LIMIT:
        return None
    try:
        return json.loads(text, strict=False, parse_constant=_refuse)
    except (ValueError, RecursionError):
        return None


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is not JSON")


def _objects(data: object) -> Iterable[Mapping[str, Any]]:
    if isinstance(data, list):
        for each in data[:50]:
            yield from _objects(each)
    elif isinstance(data, dict):
        graph = data.get("@graph")
        if isinstance(graph, list):
            yield from (each for each in graph[:50] if isinstance(each, dict))
        else:
            yield data


_SIMPLE = re.compile(r"([a-z][a-z0-9-]*)?\.([A-Za-z_][\w-]*)")


@lru_cache(maxsize=1024)
def compile_css(selector: str) -> Callable[[Element], list[Element]]:
    """A function that lists the elements below one that match a CSS selector (level 3), in order.

    A selector that is none raises `ValueError`.
    """
    simple = _SIMPLE.fullmatch(selector.strip())
    if simple:
        return _by_class(simple[1] or "*", simple[2])
    from cssselect import HTMLTranslator, SelectorError  # noqa: PLC0415  # most selectors need no translator

    try:
        path = HTMLTranslator().css_to_xpath(selector)
    except SelectorError as error:
        raise ValueError(f"{selector!r} is no CSS selector: {error}") from error
    return etree.XPath(path, smart_strings=False)  # type: ignore[return-value]  # a location path gives elements


def _by_class(tag: str, name: str) -> Callable[[Element], list[Element]]:
    # Many times faster than the exact expression, which pads and compares every class attribute.
    near = etree.XPath(f"descendant-or-self::{tag}[contains(@class, '{name}')]", smart_strings=False)

    def find(node: Element) -> list[Element]:
        return [each for each in near(node) if name in each.get("class").split()]  # type: ignore[union-attr]  # see near

    return find
