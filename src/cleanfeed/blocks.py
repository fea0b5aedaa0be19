"""What a clean body is made of, and how running text becomes paragraphs of it."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from html import escape
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from cleanfeed.model import Enclosure

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence


class Picture(NamedTuple):
    src: str


class Caption(NamedTuple):
    text: str


Media: TypeAlias = Picture | Caption | Enclosure


class Part(NamedTuple):
    """A line of a paragraph, an item of a list, a row of a table, a picture or its caption."""

    html: str
    text: str = ""
    """Its lines; "" for what is shown, and is no text of the article."""
    linked: bool = False
    """All of it is a link."""
    media: tuple[Media, ...] = ()


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, heading, list, figure … of the result."""

    tag: str
    """"" for a block that is a single element of its own."""
    parts: tuple[Part, ...]
    """Of a figure, the first is the picture, table or player, the others are its caption."""

    def html(self) -> str:
        if self.tag == "figure" and len(self.parts) > 1:
            caption = " ".join(part.html for part in self.parts[1:])
            return f"<figure>{self.parts[0].html}<figcaption>{caption}</figcaption></figure>"
        inner = ("<br>" if self.tag == "p" else "").join(part.html for part in self.parts)
        return f"<{self.tag}>{inner}</{self.tag}>" if self.tag else inner

    def lines(self) -> Iterator[str]:
        return (line for part in self.parts for line in part.text.split("\n") if line)

    def media(self) -> list[Media]:
        """Pictures and players; a figure has one caption, whatever it was put together from."""
        found = [each for part in self.parts for each in part.media]
        if self.tag != "figure" or len(found) < 2:  # noqa: PLR2004  # a picture alone
            return found
        captions = dict.fromkeys(each.text for each in found if isinstance(each, Caption))
        others: list[Media] = [each for each in found if not isinstance(each, Caption)]
        return [*others, Caption(" ".join(captions))] if captions else others

    @property
    def has_text(self) -> bool:
        return any(part.text for part in self.parts)


RULE = Block("", (Part("<hr>"),))
CAPTION = "figcaption"
_MARKUP = re.compile("[&<>]")
_LISTS = frozenset({"ul", "ol"})
_INVISIBLE = (
    "\u00ad\u034f\u061c\u115f\u1160\u180e\u200b\u200c\u200d\u200e\u200f\u2060\u2061\u2062\u2063\u2064\ufeff "
)


class _Tag:
    """An inline element that has been opened; it is written when it turns out to hold text."""

    __slots__ = ("name", "opening", "written")

    def __init__(self, name: str, opening: str) -> None:
        self.name = name
        self.opening = opening
        self.written = False


class Flow:
    """Text and inline elements on their way to become blocks.

    White space is folded as a browser does it, and moves out of the elements that it begins or ends.
    """

    def __init__(self, place: str = "", *, loose: bool = True) -> None:
        self.place = place
        """The element whose parts are gathered: "figure", "table" …"""
        self.loose = loose
        """Text outside of any paragraph: each of its lines is one."""
        self.pre_line = False
        """A newline in the text is a line of its own."""
        self.link: str | None = None
        """The address of the link that surrounds what is written."""
        self.links = 0
        """How many links surround it, also such as lead nowhere."""
        self.spaced = False
        """White space came last."""
        self.blocks: list[Block] = []
        self._waiting: list[Block] = []
        self._parts: list[Part] = []
        self._html: list[str] = []
        self._text: list[str] = []
        self._open: list[_Tag] = []
        self._plain = False

    def inner(self, place: str = "", *, loose: bool = True) -> Flow:
        """A flow for what is inside; a link around it goes on in there."""
        flow = Flow(place, loose=loose)
        flow.pre_line = self.pre_line
        flow.link, flow.links = self.link, self.links
        if self.link:
            flow.open("a", f' href="{escape(self.link)}"')
        return flow

    def write(self, text: str) -> None:
        line = " ".join(text.split())
        if not line:
            self.spaced = True
            return
        if self._text and (self.spaced or text[0].isspace()):
            self._html.append(" ")
            self._text.append(" ")
        for tag in self._open:
            if not tag.written:
                tag.written = True
                self._html.append(tag.opening)
        self._html.append(escape(line, quote=False) if _MARKUP.search(line) else line)
        self._text.append(line)
        self.spaced = text[-1].isspace()
        if not self.links:
            self._plain = True

    def open(self, name: str, attributes: str = "") -> bool:
        """Opens an inline element, unless it would stand in one of the same name."""
        for tag in self._open:
            if tag.name == name:
                return False
        self._open.append(_Tag(name, f"<{name}{attributes}>"))
        return True

    def close(self) -> None:
        tag = self._open.pop()
        if tag.written:
            self._html.append(f"</{tag.name}>")

    def break_line(self) -> None:
        """Ends the line; an empty one ends the paragraph, any does where the text is loose."""
        is_empty = not self._end_line()
        if is_empty or self.loose:
            self._end_lines()

    def end(self) -> None:
        """Ends the paragraph."""
        if self._text:
            self._end_line()
        self.spaced = False
        if self._parts or self._waiting:
            self._end_lines()

    def put(self, block: Block) -> None:
        self.end()
        self.blocks.append(block)

    def put_aside(self, block: Block) -> None:
        """Puts a picture or player: after the paragraph where it stands in the middle of a line."""
        if self._text:
            self._waiting.append(block)
        else:
            self.put(block)

    def follows_picture(self) -> bool:
        """Whether what comes next would stand right below a picture."""
        if self._text or self._parts or self._waiting or not self.blocks:
            return False
        return self.blocks[-1].tag == "figure"

    def _end_line(self) -> bool:
        for tag in reversed(self._open):
            if tag.written:
                tag.written = False
                self._html.append(f"</{tag.name}>")
        text = "".join(self._text)
        seen = bool(text.strip(_INVISIBLE))
        if seen:
            self._parts.append(Part("".join(self._html), text, not self._plain))
        self._html, self._text = [], []
        self.spaced = self._plain = False
        return seen

    def _end_lines(self) -> None:
        if self._parts:
            self.blocks.append(Block("p", tuple(self._parts)))
            self._parts = []
        if self._waiting:
            self.blocks += self._waiting
            self._waiting = []


def joined(blocks: Sequence[Block], before: str = "", after: str = "") -> Part:
    """The blocks as one part of another block; a single line needs no paragraph of its own."""
    html = "".join(block.html() for block in blocks)
    first = blocks[0] if blocks else RULE
    if first.tag == "p" and len(first.parts) == 1 and all(block.tag in _LISTS for block in blocks[1:]):
        html = first.parts[0].html + html[len(first.html()) :]
    return _part(f"{before}{html}{after}", blocks)


def wrapped(tag: str, blocks: Sequence[Block]) -> Block:
    """The blocks inside of another."""
    return Block(tag, (_part("".join(block.html() for block in blocks), blocks),))


def _part(html: str, blocks: Sequence[Block]) -> Part:
    parts = [part for block in blocks for part in block.parts]
    linked = any(part.linked for part in parts) and all(part.linked for part in parts if part.text)
    media = tuple(each for block in blocks for each in block.media())
    return Part(html, "\n".join(line for block in blocks for line in block.lines()), linked, media)


def silent(blocks: Iterable[Block]) -> list[Block]:
    """The blocks as something that is shown, and is no text of the article."""
    return [replace(block, parts=tuple(part._replace(text="") for part in block.parts)) for block in blocks]


def captioned(blocks: Sequence[Block]) -> list[Block]:
    """The blocks of a figure: each caption goes to the picture before it, else to the next one."""
    kept: list[Block] = []
    early: tuple[Part, ...] = ()
    for block in blocks:
        place = next((i for i in reversed(range(len(kept))) if kept[i].tag == "figure"), None)
        if block.tag != CAPTION:
            kept.append(replace(block, parts=block.parts + early) if block.tag == "figure" else block)
            early = () if block.tag == "figure" else early
        elif place is None:
            early += block.parts
        else:
            kept[place] = replace(kept[place], parts=kept[place].parts + block.parts)
    # Without a picture it is a line below the table or quote that it explains.
    return [*kept, *(Block("p", (Part(part.html),)) for part in early if kept)]
