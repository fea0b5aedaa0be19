"""Finding the body by structure: what follows the headline, up to the first line that ends it."""

from __future__ import annotations

import re
from copy import deepcopy
from typing import TYPE_CHECKING

from lxml import etree

from cleanfeed.headline import headline
from cleanfeed.landmarks import on_page
from cleanfeed.markup import Element, tag_of, text_of
from cleanfeed.text import fold, squeeze
from cleanfeed.tracing import named

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from cleanfeed.model import Page

_CHROME_TAGS = frozenset(
    {
        "nav", "footer", "aside", "form", "script", "style", "noscript", "template", "iframe", "svg",
        "button", "select", "textarea", "figure", "head", "figcaption", "amp-sidebar", "dialog", "address",
    }
)  # fmt: skip
_PARAGRAPHS = frozenset({"p", "blockquote", "pre"})
_LOOSE = frozenset({"div", "section", "article", "td", "main", "span", "font"})
_LEAST = 40
"""Characters of text outside links that make a line one of a story."""
_ENOUGH = 120
"""Characters that make a story."""
_MORE = 1.25
"""A box around the richest one is the story's if it holds so many times the text."""


@named
def richest(selector: str) -> Callable[[Page], Element | None]:
    """Of the elements that match a CSS selector, the one with the most text: cards share class names.

    Where all of them are cards, texts inside a link or under a linked heading, there is none.
    """
    select = on_page(selector)

    def find(page: Page) -> Element | None:
        if page.kind != "html":
            return None
        nodes = select(page)
        best = nodes[0] if len(nodes) == 1 else max(nodes, key=lambda node: len(text_of(node)), default=None)
        return None if best is None or is_card(best) else best

    return find


def is_card(node: Element) -> bool:
    """Whether an element is the teaser of another article: a linked heading and little else."""
    links = sum(len(text_of(link)) for link in node.iter("a"))
    if not links:
        return False
    plain = len(text_of(node)) - links
    return plain < links * 2 and plain < _ENOUGH * 3 and any(_is_linked(each) for each in node.iter(*_TITLES))


_TITLES = ("h2", "h3", "h4", "h5")


def _is_linked(heading: Element) -> bool:
    return heading.find(".//a") is not None or next(heading.iterancestors("a"), None) is not None


def count_cards(page: Page) -> int:
    """How many linked headings the page has, or linked lines above a teaser."""
    headed = sum(1 for heading in page.tree.iter(*_TITLES) if _is_linked(heading))
    return headed or sum(1 for line in page.tree.iter("p") if _is_below_link(line))


def _is_below_link(line: Element) -> bool:
    above = line.getprevious()
    link = above.find(".//a") if above is not None else None
    if above is None or link is None:
        return False
    title = text_of(link)
    return len(title) >= _LEAST // 2 and title == text_of(above)


def paragraphs(found: Element | str) -> int:
    """How many lines of a body read like a story's."""
    if isinstance(found, str):
        return sum(len(line) >= _LEAST for line in re.split(r"<br>|</p>", found))
    marked = [len(text_of(node)) for node in found.iter("p")]
    loose = [
        len(squeeze(text))
        for node in found.iter()
        for text in (node.text, node.tail if node is not found else "")
        if text
    ]
    return sum(size >= _LEAST for size in marked or loose)


@named
def story(
    stop: Iterable[str] = (), skip: Iterable[str] = (), deck: Callable[[Page], object] = lambda _page: None
) -> Callable[[Page], Element | None]:
    """The densest run of paragraphs after the headline, before the first line that matches a `stop` pattern.

    For pages whose wrappers have unknown names. `skip` are CSS selectors of what is never part of it;
    `deck` finds the text between headline and body, which is no part of it either.
    """
    patterns = [f"(?:{pattern})" for pattern in stop]
    ends = re.compile("|".join(patterns)) if patterns else None
    skipped = tuple(on_page(selector) for selector in skip)

    def find(page: Page) -> Element | None:
        if page.kind != "html":
            return None
        dropped = {node for select in skipped for node in select(page)}
        above = deck(page)
        search = _Search(headline(page), ends, dropped, fold(above) if isinstance(above, str) else "")
        return search.best(page.tree)

    return find


class _Search:
    """One look for the story: what has mass is weighed, the heaviest box taken, and cut to the story."""

    def __init__(
        self, head: Element | None, ends: re.Pattern[str] | None, dropped: set[Element], deck: str
    ) -> None:
        self.head = head
        self.ends = ends
        self.deck = deck
        self.above = set(head.iterancestors()) if head is not None else set()
        self.dropped = dropped - self.above - {head}
        self.mass: dict[Element, float] = {}
        self.total: dict[Element, int] = {}
        self.end: Element | None = None

    def best(self, tree: Element) -> Element | None:
        body = tree.find("body")
        for node in self._after_headline(body if body is not None else tree):
            self._weigh(node)
        if not self.mass:
            return None
        box = self._outermost(max(self.mass, key=lambda node: self.mass[node]))
        if self.total.get(box, 0) < _ENOUGH or self._is_listing(box):
            return None
        if not self._is_mixed(box):
            return box
        return _Cut(self).of(box)

    def _after_headline(self, body: Element) -> Iterator[Element]:
        started = self.head is None
        for node in self._walk(body):
            if node is self.head:
                started = True
                yield from self.above
            elif started:
                if self.ends and self.ends.fullmatch(squeeze(node.text or "")):
                    self.end = node
                    return
                yield node

    def _walk(self, node: Element) -> Iterator[Element]:
        yield node
        for child in node:
            if not self.is_chrome(child):
                yield from self._walk(child)

    def is_chrome(self, node: Element) -> bool:
        tag = tag_of(node)
        return not tag or node in self.dropped or (tag in _CHROME_TAGS and node not in self.above)

    def is_deck(self, node: Element) -> bool:
        return bool(self.deck) and fold(text_of(node)) == self.deck

    def _weigh(self, node: Element) -> None:
        tag = tag_of(node)
        if tag in _PARAGRAPHS:
            size = len(text_of(node)) - sum(len(text_of(link)) for link in node.iter("a"))
            holder = node.getparent()
        elif tag in _LOOSE:
            size = len(squeeze(" ".join(filter(None, (node.text, *(child.tail for child in node))))))
            # A block of one line is a paragraph; one of many is the story.
            holder = (
                node if node.find("br") is not None or "\n" in (node.text or "").strip() else node.getparent()
            )
        else:
            return
        if size < _LEAST or holder is None or self.is_deck(node):
            return
        self.mass[holder] = self.mass.get(holder, 0) + size
        above = holder.getparent()
        if above is not None and above.tag not in {"body", "html"}:
            self.mass[above] = self.mass.get(above, 0) + size / 2
        for each in (holder, *holder.iterancestors()):
            self.total[each] = self.total.get(each, 0) + size

    def _outermost(self, box: Element) -> Element:
        """The box, or one around it that holds more of the story: it may stand in several."""
        for outer in box.iterancestors():
            if outer.tag not in {"body", "html"} and self.total.get(outer, 0) >= _MORE * self.total.get(
                box, 0
            ):
                box = outer
        return box

    def _is_listing(self, box: Element) -> bool:
        """Whether the text stands in cards: each piece of it in a child with a linked heading of its own."""
        held = sum(self.total.get(child, 0) for child in box if is_teaser(child))
        return held * 2 > self.total[box]

    def _is_mixed(self, box: Element) -> bool:
        inside = self.end is not None and any(each is box for each in self.end.iterancestors())
        return box in self.above or inside


def is_teaser(node: Element) -> bool:
    """Whether an element holds a linked heading or begins with a linked line, and little more."""
    return len(text_of(node)) < _ENOUGH * 5 and (
        any(_is_linked(each) for each in node.iter(*_TITLES)) or _begins_linked(node)
    )


def _begins_linked(node: Element) -> bool:
    """Whether its first line, and no more than that, is a link as long as a title."""
    said = (link for link in node.iter("a") if text_of(link))
    link = next(said, None)
    title = text_of(link) if link is not None else ""
    if link is None or len(title) < _LEAST // 2 or not text_of(node).startswith(title):
        return False
    holder = link.getparent()
    return holder is not None and holder is not node and text_of(holder) == title


_SENTENCE = re.compile(r"""[.!?…؟:]["'”’»)]*$""")
_KEPT_LAST = frozenset(
    {"p", "blockquote", "figure", "picture", "img", "table", "pre", "iframe", "video", "audio"}
)


class _Cut:
    """A copy of a box with what stands between the headline and the end of its story."""

    def __init__(self, search: _Search) -> None:
        self.search = search
        self.ends = set(search.end.iterancestors()) if search.end is not None else set()
        self.started = search.head is None
        self.ended = False

    def of(self, box: Element) -> Element:
        self.started = self.started or box not in self.search.above
        copy = self._copied(box)
        self._trim(copy)
        return copy

    def _copied(self, node: Element) -> Element:
        copy = etree.Element(str(node.tag), {str(name): str(value) for name, value in node.items()})
        copy.text = node.text if self.started else None
        for child in node:
            self._take(child, copy)
            if self.ended:
                break
        return copy

    def _take(self, child: Element, copy: Element) -> None:
        if child is self.search.end:
            self.ended = True
        elif child is self.search.head:
            self.started = True
            _append_text(copy, child.tail)
        elif child in self.search.dropped:
            _append_text(copy, child.tail if self.started else None)
        elif child in self.search.above or child in self.ends:
            copy.append(self._copied(child))
        elif self.started:
            copy.append(deepcopy(child))

    def _trim(self, copy: Element) -> None:
        """Away with what is above the first paragraph, and lists of links below the last."""
        while len(copy) and not squeeze(copy.text or "") and not self._begins_story(copy[0]):
            tail = copy[0].tail
            copy.remove(copy[0])
            copy.text = tail
        while len(copy) and not squeeze(copy[-1].tail or "") and _is_links(copy[-1]):
            copy.remove(copy[-1])

    def _begins_story(self, node: Element) -> bool:
        lines = list(_lines(node))
        is_hero = len(lines) < 2 and node.tag != "p" and next(node.iter("img", "amp-img"), None) is not None  # noqa: PLR2004  # a picture and its caption
        if is_hero or self.search.is_deck(node) or self.search.is_chrome(node):
            return False
        return any(
            len(line) >= _LEAST or (_SENTENCE.search(line) and len(line) >= _LEAST // 3) for line in lines
        )


def _append_text(copy: Element, text: str | None) -> None:
    if not text:
        return
    if len(copy):
        copy[-1].tail = (copy[-1].tail or "") + text
    else:
        copy.text = (copy.text or "") + text


def _lines(node: Element) -> Iterator[str]:
    """The texts of the paragraphs below an element, or its own."""
    inner = [each for each in node.iter("p", "li", "h2", "h3", "h4", "blockquote") if each is not node]
    if node.tag in {"ul", "ol", "figure", "nav"}:
        return
    yield from map(text_of, inner or [node])


def _is_links(node: Element) -> bool:
    if not tag_of(node) or node.tag in _KEPT_LAST:
        return not tag_of(node)
    words, linked = (
        sum(len(word) for each in nodes for word in text_of(each).split())
        for nodes in ([node], node.iter("a"))
    )
    return words <= linked + 2
