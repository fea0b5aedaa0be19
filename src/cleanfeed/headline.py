"""The headline of a page: which of its elements that is."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from cleanfeed.landmarks import headings, landmarks, on_page
from cleanfeed.markup import Element, compile_css, text_of
from cleanfeed.text import fold
from cleanfeed.tracing import named

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from cleanfeed.model import Page

_SHORTEST = 15
"""Characters; headings that are shorter are the site's name or a section's."""
_SEPARATOR = re.compile(r"\s*[|–—·:»-]\s")
FURNITURE = frozenset({"nav", "footer", "aside", "dialog"})
_LINES = ("h3", "h4", "h5", "h6", "div", "p", "span", "strong", "b", "font", "td", "header")
_BLOCKS = frozenset(
    {"div", "p", "ul", "ol", "li", "section", "article", "table", "h1", "h2", "h3", "h4", "h5", "h6"}
)
_NO_HEADLINE = frozenset({"a", "figure", "figcaption", "blockquote", "li", "head", "noscript"})
_PROSE = 80
"""Characters; a paragraph as long as this is part of a story."""


def headline(page: Page) -> Element | None:
    """The element of the headline: what the page's metadata repeats, else its first long heading."""
    return page.view("headline", _headline) if page.kind == "html" else None


def _headline(page: Page) -> Element | None:
    found = [(node, text) for node in headings(page) if (text := fold(text_of(node)))]
    titles = [
        page.meta.get("og:title"),
        page.meta.get("twitter:title"),
        *(node.text for node in landmarks(page)["title"][:1]),
    ]
    declared = [fold(title) for title in titles if title]
    repeated = (node for node, text in found if any(_is_said_by(title, text) for title in declared))
    head = next(repeated, None)
    return head if head is not None else _unrepeated(page, found, declared)


def _unrepeated(page: Page, found: list[tuple[Element, str]], declared: list[str]) -> Element | None:
    """The headline of a page whose first headings are not what its metadata calls it."""
    site = fold(page.meta.get("og:site_name", ""))
    is_named = any(len(title) >= _SHORTEST and title != site for title in declared)
    own = [
        (node, text) for node, text in found
        if text != site and not _is_subhead(node, is_named=is_named) and not (is_named and _is_linked(node))
    ]  # fmt: skip
    head = _first_long(own)
    if head is not None and head.tag == "h1" and len(text_of(head)) >= _SHORTEST:
        return head
    said = _lesser(page, declared) if is_named else None
    return said if said is not None else head


def _lesser(page: Page, declared: list[str]) -> Element | None:
    """A lesser heading, or a line that is none, that the metadata repeats."""
    for node in page.tree.iter(*_LINES):
        if not (node.text or len(node)) or any(child.tag in _BLOCKS for child in node):
            continue
        text = fold(text_of(node))
        if (
            len(text) >= _SHORTEST
            and any(_is_said_by(title, text) for title in declared)
            and not any(up.tag in FURNITURE or up.tag in _NO_HEADLINE for up in node.iterancestors())
        ):
            return node
    # A picture that is named like the article stands where its headline would.
    pictures = (node for node in page.tree.iter("img") if next(node.iterancestors("a"), None) is None)
    return next((node for node in pictures if fold(node.get("alt") or " ") in declared), None)


def _is_linked(node: Element) -> bool:
    link = node.find(".//a")
    return node.tag != "h1" and (link is not None or next(node.iterancestors("a"), None) is not None)


def _is_subhead(node: Element, *, is_named: bool) -> bool:
    """Whether a heading stands in a story: below a paragraph, or above one if metadata has a title."""
    if node.tag == "h1":
        return False
    beside = [*node.itersiblings("p", preceding=True)]
    if is_named:
        beside += [each for each in [node.getnext()] if each is not None and each.tag == "p"]
    return any(len(text_of(each)) >= _PROSE and each.find(".//a") is None for each in beside)


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
        if len(text) >= _SHORTEST and not any(up.tag in FURNITURE for up in node.iterancestors())
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


@named
def nearby(selector: str) -> Callable[[Page], list[Element] | None]:
    """The elements that match a CSS selector in the headline's `article`; in the page where there is none."""
    select, select_all = compile_css(selector), on_page(selector)

    def find(page: Page) -> list[Element] | None:
        if page.kind != "html":
            return None
        article = main_article(page)
        return (select_all(page) if article is None else select(article)) or None

    return find
