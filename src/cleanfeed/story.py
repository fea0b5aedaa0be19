"""Finding the body by structure: what follows the headline, up to the first line that ends it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence

from cleanfeed.markup import Element, compile_css, tag_of, text_of
from cleanfeed.model import Page
from cleanfeed.text import fold, squeeze

_CHROME_TAGS = frozenset(
    {
        "nav", "footer", "aside", "form", "script", "style", "noscript", "template", "iframe", "svg", "button", "select",
        "textarea", "figure", "head", "figcaption", "amp-sidebar", "dialog", "address",
    }
)  # fmt: skip
_LEAST = 40
"""Characters of text outside links that make a line one of a story."""
_ENOUGH = 120
"""Characters that make a story."""


def richest(selector: str) -> Callable[[Page], Element | None]:
    """Of the elements that match a CSS selector, the one with the most text: cards share class names."""
    select = compile_css(selector)

    def find(page: Page) -> Element | None:
        if page.kind != "html":
            return None
        nodes = select(page.tree)
        if len(nodes) < 2:  # noqa: PLR2004  # nothing to choose from
            return nodes[0] if nodes else None
        return max(nodes, key=lambda node: len(text_of(node)))

    return find


def headline(page: Page) -> Element | None:
    """The element of the headline: an `h1` or `h2` that the page's metadata repeats, else its first `h1`."""
    return page.view("headline", _headline)


def _headline(page: Page) -> Element | None:
    titles = [page.meta.get("og:title"), page.meta.get("twitter:title"), page.tree.findtext(".//title")]
    declared = [fold(title) for title in titles if title]
    first: Element | None = None
    for node in page.tree.iter("h1", "h2"):
        text = fold(text_of(node))
        if text and any(title.startswith(text) for title in declared):
            return node
        if first is None and node.tag == "h1" and text:
            first = node
    return first


def headline_text(page: Page) -> str | None:
    """The text of the headline's element."""
    node = headline(page) if page.kind == "html" else None
    return text_of(node) if node is not None else None


def main_article(page: Page) -> Element | None:
    """The `article` element that holds the headline: listings and related boxes use the same element."""
    node = headline(page) if page.kind == "html" else None
    return next(node.iterancestors("article"), None) if node is not None else None


_LEAVES = frozenset({"li", "span", "time", "p", "small", "a", "em", "i", "b", "strong", "dd", "div", "h3", "h4"})
_PARTS = frozenset({"li", "p", "div", "ul", "ol", "span", "time", "section", "table", "figure"})
_SHORT = 100
_MOST = 16


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
        if len(line) > _SHORT or len(found) == _MOST:
            break
        if line and not (found and found[-1].endswith(line)):
            found.append(line)
    return tuple(found)


def _after(tree: Element, head: Element) -> Iterator[Element]:
    nodes = tree.iter(str(head.tag), *_LEAVES)
    below = set(head.iterdescendants())
    started = False
    for node in nodes:
        if node is head:
            started = True
        elif started and node not in below:
            yield node


def under_headline(pattern: str, group: int = 1) -> Callable[[Page], str | None]:
    """A group of the first line under the headline that a regular expression matches as a whole."""
    compiled = re.compile(pattern)

    def find(page: Page) -> str | None:
        found = (compiled.fullmatch(line) for line in byline(page))
        return next((match[group] for match in found if match), None)

    return find


def hero_captions(stop: Iterable[str] = ()) -> Callable[[Page], list[str] | None]:
    """The captions of the pictures between the headline and the body, or the line that ends it all."""
    ends = re.compile("|".join(f"(?:{pattern})" for pattern in stop) or r"(?!)")

    def find(page: Page) -> list[str] | None:
        head = headline(page) if page.kind == "html" else None
        if head is None:
            return None
        nodes = page.tree.iter("h1", "h2", "h3", "h4", "figcaption", "li", "p")
        return _captions(nodes, head, ends) or None

    return find


def _captions(nodes: Iterable[Element], head: Element, ends: re.Pattern[str]) -> list[str]:
    found: list[str] = []
    started = False
    for node in nodes:
        if node is head:
            started = True
        elif started:
            if node.tag in {"h2", "h3", "h4"} and ends.fullmatch(text_of(node)):
                break
            if node.tag == "figcaption" or (node.tag == "li" and _is_slide(node)):
                found.append(text_of(node))
    return found


def _is_slide(node: Element) -> bool:
    picture = next(node.iter("img", "amp-img", "picture"), None)
    return picture is not None and node.find(".//figcaption") is None and node.find(".//a") is None


def story(stop: Iterable[str] = (), skip: Iterable[str] = ()) -> Callable[[Page], list[Element] | None]:
    """The densest run of paragraphs after the headline, before the first line that matches a `stop` pattern.

    For pages whose wrappers have unknown names. `skip` are CSS selectors of what is never part of it.
    """
    patterns = [f"(?:{pattern})" for pattern in stop]
    ends = re.compile("|".join(patterns)) if patterns else None
    skipped = tuple(compile_css(selector) for selector in skip)

    def find(page: Page) -> list[Element] | None:
        if page.kind != "html":
            return None
        dropped = {node for select in skipped for node in select(page.tree)}
        return _Search(headline(page), ends, dropped).best(page.tree)

    return find


class _Search:
    def __init__(self, head: Element | None, ends: re.Pattern[str] | None, dropped: set[Element]) -> None:
        self.head = head
        self.ends = ends
        self.dropped = dropped
        self.above = set(head.iterancestors()) if head is not None else set()
        self.mass: dict[Element, float] = {}
        self.end: Element | None = None

    def best(self, tree: Element) -> list[Element] | None:
        body = tree.find("body")
        for node in self._after_headline(body if body is not None else tree):
            self._weigh(node)
        if not self.mass:
            return None
        box = max(self.mass, key=lambda node: self.mass[node])
        if self.mass[box] < _ENOUGH:
            return None
        return self._slice(box) if self._is_mixed(box) else [box]

    def _after_headline(self, body: Element) -> Iterator[Element]:
        started = self.head is None
        for node in self._walk(body):
            if node is self.head:
                started = True
            elif started:
                if self.ends and self.ends.fullmatch(squeeze(node.text or "")):
                    self.end = node
                    return
                yield node

    def _walk(self, node: Element) -> Iterator[Element]:
        yield node
        for child in node:
            tag = tag_of(child)
            if tag and child not in self.dropped and (tag not in _CHROME_TAGS or child in self.above):
                yield from self._walk(child)

    def _weigh(self, node: Element) -> None:
        tag = tag_of(node)
        if tag in {"p", "blockquote", "pre"}:
            size = len(text_of(node)) - sum(len(text_of(link)) for link in node.iter("a"))
            parent = node.getparent()
        elif tag in {"div", "section", "article", "td", "main", "span", "font"}:
            size = len(squeeze(" ".join(filter(None, (node.text, *(child.tail for child in node))))))
            parent = node
        else:
            return
        if size < _LEAST or parent is None:
            return
        self.mass[parent] = self.mass.get(parent, 0) + size
        above = parent.getparent()
        if above is not None and above.tag not in {"body", "html"}:
            self.mass[above] = self.mass.get(above, 0) + size / 2

    def _is_mixed(self, box: Element) -> bool:
        inside = self.end is not None and any(each is box for each in self.end.iterancestors())
        return box in self.above or inside

    def _slice(self, box: Element) -> list[Element]:
        """The box's children between the headline and the end, from the first that reads like a story."""
        children = [child for child in box if tag_of(child) and child not in self.dropped]
        first = next((i + 1 for i, child in enumerate(children) if child is self.head or child in self.above), 0)
        ends = {self.end, *(self.end.iterancestors() if self.end is not None else ())}
        last = next((i for i, child in enumerate(children) if i >= first and child in ends), len(children))
        return list(_from_first_paragraph(children[first:last]))


def _from_first_paragraph(children: Sequence[Element]) -> Iterator[Element]:
    started = False
    for child in children:
        started = started or len(text_of(child)) >= _LEAST
        if started:
            yield child
