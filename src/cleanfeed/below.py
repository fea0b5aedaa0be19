"""What stands around the headline of a page: byline, date, pictures, links."""

from __future__ import annotations

import re
from datetime import UTC
from typing import TYPE_CHECKING

from cleanfeed.dates import parse
from cleanfeed.headline import FURNITURE, headline, headline_text
from cleanfeed.markup import Element, text_of
from cleanfeed.tracing import named

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from cleanfeed.model import Page

_LEAVES = frozenset(
    {"li", "span", "time", "p", "small", "a", "em", "i", "b", "strong", "dd", "div", "h2", "h3", "h4"}
)
_PARTS = frozenset({"li", "p", "div", "ul", "ol", "span", "time", "section", "table", "figure"})
_SHORT = 100
_CURT = 40
_MOST = 16
_DECK_AND_STORY = 3
"""Long paragraphs; after so many the body has begun, whose captions are found in it."""


def byline(page: Page) -> tuple[str, ...]:
    """The short lines under the headline, where outlets print author, source and date."""
    return page.view("byline", _byline) if page.kind == "html" else ()


def _byline(page: Page) -> tuple[str, ...]:
    head = headline(page)
    found: list[str] = []
    for node in _after(page.tree, head) if head is not None else ():
        if node.tag not in _LEAVES or any(child.tag in _PARTS for child in node):
            continue
        line = text_of(node)
        if len(line) > _SHORT or len(found) == _MOST or _is_teaser(node, line):
            break
        if line and not (found and found[-1].endswith(line)) and not _is_caption(node, line):
            found.append(line)
    return tuple(found)


def _is_teaser(node: Element, line: str) -> bool:
    """Whether a line is the linked headline of another article: there the byline has ended."""
    link = node if node.tag == "a" else node.find(".//a")
    if link is None:
        link = next(node.iterancestors("a"), None)
    return link is not None and (len(line) > _CURT or node.tag in {"h2", "h3", "h4"})


def _is_caption(node: Element, line: str) -> bool:
    around = next(node.iterancestors("figure", "figcaption"), None)
    return around is not None or (len(line) > _CURT and next(node.iter("img", "amp-img"), None) is not None)


def _after(tree: Element, head: Element) -> Iterator[Element]:
    nodes = tree.iter(str(head.tag), *_LEAVES)
    below = set(head.iterdescendants())
    started = False
    for node in nodes:
        if node is head:
            started = True
        elif started and node not in below:
            yield node


def date_lines(page: Page) -> Iterator[str]:
    """The lines under the headline that are dates: captions and sentences with a date in them are none."""
    return (
        line for line in byline(page) if len(line) <= _CURT * 1.5 and line[-1:] != ")" and parse(line, UTC)
    )


@named
def under_headline(pattern: str, group: int = 1) -> Callable[[Page], str | None]:
    """A group of the first line under the headline that a regular expression matches as a whole.

    On a page whose headline is not known, any short line above all cards may be it.
    """
    compiled = re.compile(pattern)

    def find(page: Page) -> str | None:
        known = page.kind != "html" or headline_text(page)
        found = (compiled.fullmatch(line) for line in (byline(page) if known else _short_lines(page)))
        return next((match[group] for match in found if match), None)

    return find


def _short_lines(page: Page) -> Iterator[str]:
    for node in page.tree.iter("li", "span", "p", "div", "small", "h3", "h4"):
        if any(child.tag in _PARTS for child in node) or any(
            _is_furniture(up) for up in node.iterancestors()
        ):
            continue
        if len(line := text_of(node)) <= _SHORT:
            yield line


@named
def hero_captions(stop: Iterable[str] = ()) -> Callable[[Page], list[str] | None]:
    """The captions of the pictures between the headline and the line that ends it all."""
    ends = _any_of(stop)

    def find(page: Page) -> list[str] | None:
        head = headline(page)
        if head is None:
            return _first_captions(page) or None
        nodes = page.tree.iter(str(head.tag), "h1", "h2", "h3", "h4", "figcaption", "figure", "li", "p")
        return _captions(nodes, head, ends) or None

    return find


def _first_captions(page: Page) -> list[str]:
    """The captions above the body of a page whose headline is not known."""
    found: list[str] = []
    read = 0
    for node in page.tree.iter("figcaption", "p"):
        if any(_is_furniture(up) or up.tag == "a" for up in node.iterancestors()):
            continue
        read += node.tag == "p" and len(text_of(node)) > _SHORT
        if read == _DECK_AND_STORY:
            break
        if node.tag == "figcaption":
            found.append(text_of(node))
    return found


def _captions(nodes: Iterable[Element], head: Element, ends: re.Pattern[str]) -> list[str]:
    found: list[str] = []
    started, read = False, 0
    for node in nodes:
        if node is head:
            started = True
        elif started and node.tag in {"h2", "h3", "h4"}:
            if ends.fullmatch(text_of(node)) or _is_teaser(node, ""):
                break
        elif started and (
            node.tag == "figcaption" or "caption" in (node.get("class") or "") or _is_slide(node)
        ):
            found.append(text_of(node))
        elif started and node.tag == "p" and len(text_of(node)) > _SHORT:
            read += 1
            if read == _DECK_AND_STORY:
                break
    return found


def hero_picture(page: Page) -> Element | None:
    """The first picture between the headline and the first paragraph; icons of links are none."""
    head = headline(page)
    started = False
    nodes = ("h1", "h2", "h3", "h4", "p", "img", "amp-img")
    for node in page.tree.iter(str(head.tag), *nodes) if head is not None else ():
        if node is head:
            started = True
        elif not started:
            continue
        elif node.tag in {"img", "amp-img"}:
            if next(node.iterancestors("a"), None) is None:
                return node
        elif len(text_of(node)) >= _SHORT or _is_teaser(node, ""):
            return None
    return None


@named
def links(part: str, stop: Iterable[str] = (), boxes: Iterable[str] = ()) -> Callable[[Page], list[str]]:
    """The texts of the links whose address contains `part`, outside menus and before all cards.

    It ends at the first linked heading below the headline, and at a heading that a `stop` pattern matches.
    Linked headings under one that a `boxes` pattern matches stand in the body, and end nothing.
    """
    ends, heads = _any_of(stop), _any_of(boxes)

    def find(page: Page) -> list[str]:
        return list(_links(page, part, ends, heads)) if page.kind == "html" else []

    return find


def _links(page: Page, part: str, ends: re.Pattern[str], heads: re.Pattern[str]) -> Iterator[str]:
    head = headline(page)
    in_box = False
    for node in page.tree.iter("a", "h2", "h3", "h4", "h5"):
        if node.tag != "a":
            line = text_of(node)
            in_box = in_box or bool(heads.fullmatch(line))
            if node is not head and (ends.fullmatch(line) or (not in_box and _is_teaser(node, ""))):
                return
        elif part in (node.get("href") or "") and not any(_is_furniture(up) for up in node.iterancestors()):
            in_box = False
            yield text_of(node)


@named
def link_nearby(part: str) -> Callable[[Page], str | None]:
    """The text of the first link around the headline whose address contains `part`: a category, mostly."""

    def find(page: Page) -> str | None:
        head = headline(page)
        boxes = list(head.iterancestors())[:2] if head is not None else []
        around = (node for box in boxes if box.tag != "body" for node in box.iter("a"))
        return next(
            (text_of(node) for node in around if part in (node.get("href") or "") and text_of(node)), None
        )

    return find


def _any_of(patterns: Iterable[str]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns) or r"(?!)")


def _is_furniture(node: Element) -> bool:
    if node.tag == "footer" and next(node.iterancestors("article"), None) is not None:
        return False
    return node.tag in FURNITURE or (node.tag == "header" and next(node.iter("h1", "h2"), None) is None)


def _is_slide(node: Element) -> bool:
    if node.tag == "p":
        return False
    picture = next(node.iter("img", "amp-img", "picture"), None)
    return picture is not None and node.find(".//figcaption") is None and node.find(".//a") is None
