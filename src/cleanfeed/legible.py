"""Clean HTML as text for a terminal, with the addresses of links and pictures below it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cleanfeed.markup import Element, parse
from cleanfeed.text import squeeze

if TYPE_CHECKING:
    from collections.abc import Iterator

_BLOCKS = frozenset(
    (
        "p",
        "h2",
        "h3",
        "h4",
        "ul",
        "ol",
        "dl",
        "blockquote",
        "pre",
        "figure",
        "figcaption",
        "table",
        "div",
        "hr",
    )
)
_LINES = frozenset(("li", "dt", "dd", "tr", "br", "caption"))
_KEPT = str.maketrans({"\n": "\1", " ": "\2", "\t": "\2" * 4})
_PLACES = {"a": "href", "img": "src", "video": "src", "audio": "src"}


def legible(html: str) -> str:
    """The text of sanitised HTML: a blank line between paragraphs, links as `[1]` with a list at the end."""
    if not html:
        return ""
    body = parse(f"<!doctype html><html><body>{html}</body></html>", "content").find("body")
    said = _Said()
    for node in () if body is None else body:
        said.take(node)
    text = said.text()
    places = "\n".join(f"[{number}]: {place}" for place, number in said.places.items())
    return f"{text}\n\n{places}\n" if places else f"{text}\n"


class _Said:
    """What has been said so far: blocks of lines of words."""

    def __init__(self) -> None:
        self.places: dict[str, int] = {}
        self._parts: list[str] = []

    def text(self) -> str:
        blocks = "".join(self._parts).split("\0")
        told = ("\n".join(_lines(block)) for block in blocks)
        return "\n\n".join(block for block in told if block)

    def take(self, node: Element, *, keeps: bool = False) -> None:
        """`keeps` is whether it stands where spaces and lines are to be kept as they are."""
        if isinstance(node.tag, str):
            self._element(node, keeps=keeps or node.tag == "pre")
        self._say(node.tail, keeps=keeps)

    def _element(self, node: Element, *, keeps: bool) -> None:
        edge = "\0" if node.tag in _BLOCKS else "\1" if node.tag in _LINES else ""
        self._parts += (edge, "• " if node.tag == "li" else " | " if _is_further(node) else "")
        self._say(node.text, keeps=keeps)
        for child in node:
            self.take(child, keeps=keeps)
        self._parts += (*self._place(node), edge)

    def _say(self, text: str | None, *, keeps: bool) -> None:
        self._parts.append((text or "").translate(_KEPT) if keeps else text or "")

    def _place(self, node: Element) -> Iterator[str]:
        place = node.get(_PLACES.get(str(node.tag), "")) if node.tag in _PLACES else None
        if place:
            number = self.places.setdefault(place, len(self.places) + 1)
            name = squeeze(node.get("alt") or "") if node.tag == "img" else ""
            yield f"[{number}]" if node.tag == "a" else f"[{name or node.tag} {number}]"


def _is_further(node: Element) -> bool:
    """Whether it is a cell, and not the first of its row."""
    return node.tag in {"td", "th"} and node.getprevious() is not None


def _lines(block: str) -> Iterator[str]:
    return (line.replace("\2", " ").rstrip() for each in block.split("\1") if (line := squeeze(each)))
