"""XML by the places of its elements, so that all that is not replaced keeps its bytes."""

from __future__ import annotations

import re
from collections import ChainMap
from dataclasses import dataclass, field
from html.entities import html5
from typing import TYPE_CHECKING
from xml.parsers import expat

from cleanfeed.errors import ListingError
from cleanfeed.text import xml_safe

if TYPE_CHECKING:
    from collections.abc import Iterator

XML = "http://www.w3.org/XML/1998/namespace"
_DEPTH = 5
"""Levels that are remembered; below them stands markup of contents."""
_DEEPEST = 256
_MOST = 200_000
"""Elements that are remembered, and faults that are mended."""
_ENCODING = re.compile(r"""(\A<\?xml[^>]*?\sencoding\s*=\s*)(["'])[^"'>]*["']""")
_TAG = re.compile(rb"""<(?:[^>"']++|"[^"]*+"|'[^']*+')*+>""")
_STRAY = re.compile(
    r"<!\[CDATA\[.*?(?:\]\]>|\Z)|<!--.*?(?:-->|\Z)|<\?.*?(?:\?>|\Z)"
    r"|&(?!(?:amp|lt|gt|quot|apos|#\d{1,7}|#[xX][0-9a-fA-F]{1,6});)(?:\w{2,32};)?",
    re.DOTALL,
)


@dataclass(slots=True, kw_only=True, eq=False)
class Node:
    """An element; `start` to `end` are its bytes, `open` and `close` the ends of what it holds."""

    tag: str
    """As it is written, with its prefix."""
    attributes: dict[str, str]
    spaces: ChainMap[str, str]
    """The namespaces in scope, by prefix; the default one is that of ""."""
    start: int
    open: int
    close: int = 0
    end: int = 0
    texts: list[str] = field(default_factory=list)
    """What stands between its children, piece by piece."""
    children: list[Node] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The text that stands in it and in none of its children, without the white space around it."""
        return "".join(self.texts).strip()

    @property
    def prefix(self) -> str:
        return self.tag.rpartition(":")[0]

    @property
    def space(self) -> str:
        return self.spaces.get(self.prefix, "")

    @property
    def name(self) -> str:
        return self.tag.rpartition(":")[2]

    @property
    def is_empty(self) -> bool:
        """Whether it is written as one tag."""
        return self.close == self.end

    def all(self, name: str, *spaces: str) -> Iterator[Node]:
        """The children of this name, in one of these namespaces."""
        return (child for child in self.children if child.name == name and child.space in spaces)


@dataclass(frozen=True, slots=True, kw_only=True)
class Markup:
    """A document in UTF-8, and its root."""

    data: bytes
    root: Node


def parsed(text: str, name: str) -> Markup:
    """The document; a `ListingError` for what declares entities, is cut short or broken.

    Stray ampersands and HTML's names of characters are mended; what XML forbids, and words before its
    declaration, are left out.
    """
    text = _in_utf8(text.lstrip("\ufeff \t\r\n"))
    try:
        return _Reading(text, name).document()
    except expat.ExpatError as error:
        mended = _STRAY.sub(_mended, xml_safe(_begun(text)), count=_MOST)
        if mended == text:
            raise _broken(name, error) from error
    try:
        return _Reading(mended, name).document()
    except expat.ExpatError as error:
        raise _broken(name, error) from error


def _in_utf8(text: str) -> str:
    """The text with an XML declaration, where it has one, that says what its bytes will be."""
    return _ENCODING.sub(r"\1\2UTF-8\2", text)


def _begun(text: str) -> str:
    """The text without what a server may have complained of before the document."""
    start = text.find("<?xml ")
    return _in_utf8(text[start:]) if start > 0 and "<" not in text[:start] else text


def _broken(name: str, error: expat.ExpatError) -> ListingError:
    said = expat.ErrorString(error.code)
    if error.code in _CUT:
        return ListingError(name, f"is cut short: it ends in the middle (line {error.lineno})")
    return ListingError(name, f"is no XML that can be read: {said} (line {error.lineno})")


_CUT = frozenset({3, 5, 6, 20})
"""The parser's codes for a document that ends too early: between elements, in a tag, a letter, or CDATA."""


def _mended(found: re.Match[str]) -> str:
    if not found[0].startswith("&"):
        return found[0]
    meant = html5.get(found[0][1:])
    return f"&amp;{found[0][1:]}" if meant is None else _written(meant)


def _written(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;")


class _Reading:
    """One pass over a document."""

    def __init__(self, text: str, name: str) -> None:
        self._name = name
        self._data = text.encode("utf-8", "replace")
        self._root: Node | None = None
        self._open: list[Node] = []
        self._depth = self._count = 0
        self._parser = expat.ParserCreate("utf-8")
        self._parser.buffer_text = True
        self._parser.StartDoctypeDeclHandler = self._doctype
        self._parser.EntityDeclHandler = self._entity
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._text

    def document(self) -> Markup:
        self._parser.Parse(self._data, True)
        if self._root is None:  # pragma: no cover  # the parser raises for what has no element
            raise ListingError(self._name, "holds no element")
        return Markup(data=self._data, root=self._root)

    # --- what the parser tells

    def _doctype(self, _tag: str, _system: str | None, _public: str | None, has_subset: int) -> None:
        if has_subset:
            raise ListingError(self._name, "declares a document type of its own, which no feed needs")

    def _entity(self, *_declared: object) -> None:
        raise ListingError(self._name, "declares XML entities, which no feed needs")

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        if self._depth > _DEEPEST:
            raise ListingError(self._name, f"is beyond the parser's limits: deeper than {_DEEPEST} levels")
        if self._depth > _DEPTH:
            return
        self._count += 1
        if self._count > _MOST:
            raise ListingError(self._name, f"is beyond the parser's limits: more than {_MOST:,} elements")
        node = self._node(tag, attributes)
        if self._open:
            self._open[-1].children.append(node)
        else:
            self._root = node
        self._open.append(node)

    def _node(self, tag: str, attributes: dict[str, str]) -> Node:
        start = self._parser.CurrentByteIndex
        found = _TAG.match(self._data, start)
        declared = {
            name.partition(":")[2]: said
            for name, said in attributes.items()
            if name == "xmlns" or name.startswith("xmlns:")
        }
        outer = self._open[-1].spaces if self._open else ChainMap({"xml": XML})
        return Node(
            tag=tag,
            attributes=attributes,
            spaces=outer.new_child(declared) if declared else outer,
            start=start,
            open=found.end() if found else start,
        )

    def _end(self, _tag: str) -> None:
        if self._depth <= _DEPTH:
            node = self._open.pop()
            if self._data.endswith(b"/>", node.start, node.open):
                node.close = node.end = node.open
            else:
                node.close = self._parser.CurrentByteIndex
                node.end = self._data.index(b">", node.close) + 1
        self._depth -= 1

    def _text(self, text: str) -> None:
        if 0 < self._depth <= _DEPTH:
            self._open[-1].texts.append(text)
