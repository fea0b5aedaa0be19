"""The headline of a page, and what stands right under it: byline, date, pictures."""

from __future__ import annotations

import re
from datetime import UTC
from typing import TYPE_CHECKING

from cleanfeed.dates import parse
from cleanfeed.landmarks import headings, landmarks, on_page
from cleanfeed.markup import Element, compile_css, text_of
from cleanfeed.text import fold

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from cleanfeed.model import Page

_SHORTEST = 15
"""Characters; headings that are shorter are the site's name or a section's."""
_SEPARATOR = re.compile(r"\s*[|–—·:»-]\s")
_FURNITURE = frozenset({"nav", "footer", "aside", "dialog"})


def headline(page: Page) -> Element | None:
    """The element of the headline: a heading that the page's metadata repeats, else its first long one."""
    return page.view("headline", _headline) if page.kind == "html" else None


def _headline(page: Page) -> Element | None:
    found = [(node, text) for node in headings(page) if (text := fold(text_of(node)))]
    titles = [page.meta.get("og:title"), page.meta.get("twitter:title"), *(node.text for node in landmarks(page)["title"][:1])]
    declared = [fold(title) for title in titles if title]
    repeated = (node for node, text in found if any(_is_said_by(title, text) for title in declared))
    head = next(repeated, None)
    return head if head is not None else _first_long(found)


def _is_said_by(title: str, text: str) -> bool:
    """Whether a title is this text, or begins with it before the name of the site."""
    if not title.startswith(text):
        return False
    rest = title[len(text) :]
    return not rest or len(text) > len(rest) * 2 or bool(_SEPARATOR.match(rest) and len(text) >= _SHORTEST)


def _first_long(headings: Iterable[tuple[Element, str]]) -> Element | None:
    first = [node for node, text in headings if node.tag == "h1"]
    long = [
        node for node, text in headings
        if len(text) >= _SHORTEST and not any(up.tag in _FURNITURE for up in node.iterancestors())
    ]  # fmt: skip
    best = [node for node in long if node.tag == "h1"]
    return next(iter([*best, *first, *long]), None)


def headline_text(page: Page) -> str | None:
    """The text of the headline's element."""
    node = headline(page)
    return text_of(node) if node is not None else None


def main_article(page: Page) -> Element | None:
    """The `article` element that holds the headline: listings and related boxes use the same element."""
    node = headline(page)
    return next(node.iterancestors("article"), None) if node is not None else None


def nearby(selector: str) -> Callable[[Page], list[Element] | None]:
    """The elements that match a CSS selector in the headline's `article`; in the page where there is none."""
    select, select_all = compile_css(selector), on_page(selector)

    def find(page: Page) -> list[Element] | None:
        if page.kind != "html":
            return None
        article = main_article(page)
        return (select_all(page) if article is None else select(article)) or None

    return find


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


def under_headline(pattern: str, group: int = 1) -> Callable[[Page], str | None]:
    """A group of the first line under the headline that a regular expression matches as a whole."""
    compiled = re.compile(pattern)

    def find(page: Page) -> str | None:
        found = (compiled.fullmatch(line) for line in byline(page))
        return next((match[group] for match in found if match), None)

    return find


def hero_captions(stop: Iterable[str] = ()) -> Callable[[Page], list[str] | None]:
    """The captions of the pictures between the headline and the line that ends it all."""
    ends = re.compile("|".join(f"(?:{pattern})" for pattern in stop) or r"(?!)")

    def find(page: Page) -> list[str] | None:
        head = headline(page)
        if head is None:
            return None
        nodes = page.tree.iter("h1", "h2", "h3", "h4", "figcaption", "figure", "li", "p")
        return _captions(nodes, head, ends) or None

    return find


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
    for node in page.tree.iter("h1", "h2", "h3", "h4", "p", "img", "amp-img") if head is not None else ():
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


def links(part: str, stop: Iterable[str] = ()) -> Callable[[Page], list[str]]:
    """The texts of the links whose address contains `part`, outside menus and before all cards.

    It ends at the first linked heading below the headline, and at a heading that a `stop` pattern matches.
    """
    ends = re.compile("|".join(f"(?:{pattern})" for pattern in stop) or r"(?!)")

    def find(page: Page) -> list[str]:
        return list(_links(page, part, ends)) if page.kind == "html" else []

    return find


def _links(page: Page, part: str, ends: re.Pattern[str]) -> Iterator[str]:
    head = headline(page)
    for node in page.tree.iter("a", "h2", "h3", "h4", "h5"):
        if node.tag != "a":
            if node is not head and (ends.fullmatch(text_of(node)) or _is_teaser(node, "")):
                return
        elif part in (node.get("href") or "") and not any(_is_furniture(up) for up in node.iterancestors()):
            yield text_of(node)


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


def _is_furniture(node: Element) -> bool:
    if node.tag == "footer" and next(node.iterancestors("article"), None) is not None:
        return False
    return node.tag in _FURNITURE or (node.tag == "header" and next(node.iter("h1", "h2"), None) is None)


def _is_slide(node: Element) -> bool:
    if node.tag == "p":
        return False
    picture = next(node.iter("img", "amp-img", "picture"), None)
    return picture is not None and node.find(".//figcaption") is None and node.find(".//a") is None
