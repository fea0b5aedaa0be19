"""Reading HTML: one parse with the parser's limits watched, and the metadata that pages declare."""

from __future__ import annotations

import json
import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any, TypeAlias

from lxml import etree

from cleanfeed.errors import UnreadablePage
from cleanfeed.text import squeeze

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

Element: TypeAlias = etree._Element  # noqa: SLF001  # lxml names its element class so

ARTICLE_TYPES = frozenset(
    {
        "Article", "NewsArticle", "BlogPosting", "Report", "ReportageNewsArticle", "AnalysisNewsArticle",
        "OpinionNewsArticle", "ReviewNewsArticle", "BackgroundNewsArticle", "LiveBlogPosting",
    }
)  # fmt: skip
"""The types of schema.org that are articles."""
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
        # lxml refuses text that declares an encoding of its own.
        declaration = _DECLARATION.match(body)
        root = etree.fromstring(body[declaration.end() :] if declaration else body, parser)
    except (etree.LxmlError, ValueError, AssertionError) as error:
        raise UnreadablePage(name, f"cannot be parsed as HTML: {squeeze(str(error))}") from error
    if root is None:
        raise UnreadablePage(name, "holds no HTML")
    for entry in parser.error_log.filter_from_fatals():
        raise UnreadablePage(name, f"is beyond the parser's limits: {squeeze(entry.message)}")
    return root


def tag_of(node: Element) -> str:
    """The element's name, "" for what is no element (comments, entities)."""
    return node.tag if isinstance(node.tag, str) else ""


def text_of(node: Element) -> str:
    """All text below the element, on one line; scripts and styles have none."""
    if not len(node):
        return squeeze(node.text or "") if node.tag not in _MUTE else ""
    found: list[str] = []
    _gather(node, found)
    return squeeze("".join(found))


def _gather(node: Element, found: list[str]) -> None:
    if node.tag in _MUTE:
        return
    if node.text:
        found.append(node.text)
    for child in node:
        apart = child.tag not in _IN_LINE
        if apart:
            found.append(" ")
        _gather(child, found)
        if apart:
            found.append(" ")
        if child.tail:
            found.append(child.tail)


_MUTE = frozenset({"script", "style", "template", "noscript"})
_IN_LINE = frozenset(
    {
        "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em",
        "font", "i", "img", "ins", "kbd", "label", "mark", "nobr", "q", "rp", "rt", "ruby", "s", "samp",
        "script", "small", "span", "strike", "strong", "style", "sub", "sup", "time", "tt", "u", "var",
        "wbr",
    }
)  # fmt: skip


def meta_values(nodes: Iterable[Element]) -> Mapping[str, str]:
    found: dict[str, str] = {}
    for node in nodes:
        name = node.get("property") or node.get("name") or node.get("itemprop")
        value = node.get("content")
        if name and value and not value.isspace():
            found.setdefault(name.lower(), value)
    return found


def json_ld_objects(scripts: Iterable[Element]) -> tuple[Mapping[str, Any], ...]:
    found: list[Mapping[str, Any]] = []
    for node in scripts:
        if (node.get("type") or "").strip().lower().startswith("application/ld+json"):
            found.extend(_objects(load_json(_unwrapped(node.text or ""))))
    return tuple(found)


_WRAPPING = re.compile(r"^\s*(?://\s*)?(?:<!\[CDATA\[|<!--)|(?://\s*)?(?:\]\]>|-->)\s*$")


def _unwrapped(text: str) -> str:
    # Some generators wrap scripts so that parsers of XML or of the last century leave them alone.
    return text if text[:1] in "{[" else _WRAPPING.sub("", text)


def load_json(text: str) -> Any:
    """What the text says in JSON; `None` where it is broken, outsized or too deep."""
    if len(text) > JSON_LIMIT:
        return None
    try:
        return json.loads(text, strict=False, parse_constant=_refuse)
    except (ValueError, RecursionError):
        return None


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is not JSON")


_MOST_OBJECTS = 50


def _objects(data: object) -> Iterator[Mapping[str, Any]]:
    """The objects of a block: itself, those of its list, or those of its graph."""
    for each in data[:_MOST_OBJECTS] if isinstance(data, list) else [data]:
        if isinstance(each, dict):
            graph = each.get("@graph")
            found = graph[:_MOST_OBJECTS] if isinstance(graph, list) else [each]
            yield from (thing for thing in found if isinstance(thing, dict))


_SIMPLE = re.compile(r"(?=.)([a-z][a-z0-9-]*)?(?:([.#])([A-Za-z_][\w-]*))?")


def simple(selector: str) -> tuple[str, str, str] | None:
    """The element (or "*"), the attribute and the value of a selector of no more than these."""
    found = _SIMPLE.fullmatch(selector.strip())
    if found is None:
        return None
    return found[1] or "*", {".": "class", "#": "id"}.get(found[2], ""), found[3] or ""


@lru_cache(maxsize=1024)
def compile_css(selector: str) -> Callable[[Element], list[Element]]:
    """A function that lists the elements below one that match a CSS selector (level 3), in order.

    A selector that is none raises `ValueError`.
    """
    plain = simple(selector)
    if plain and plain[1] == "class":
        return _by_class(plain[0], plain[2])
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
        return [each for each in near(node) if name in each.get("class").split()]  # type: ignore[misc, union-attr]  # see near

    return find
