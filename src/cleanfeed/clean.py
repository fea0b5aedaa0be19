"""Body HTML: walked once, cut, repaired and written anew as blocks, then filtered by their lines."""

from __future__ import annotations

from dataclasses import dataclass, field
from html import escape
from typing import TYPE_CHECKING

from cleanfeed.blocks import Block, Caption, Picture
from cleanfeed.chrome import Chrome, Drop
from cleanfeed.errors import UnreadablePage
from cleanfeed.lines import Lines
from cleanfeed.markup import Element, parse
from cleanfeed.model import Enclosure
from cleanfeed.sanitise import sanitise
from cleanfeed.walker import Walker

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


@dataclass(frozen=True, slots=True)
class Rules:
    """What of an outlet's content is chrome."""

    drop: Drop = field(default_factory=Drop)
    lines: Lines = field(default_factory=Lines)


@dataclass(frozen=True, slots=True)
class Body:
    """A cleaned body."""

    html: str
    text: str
    captions: tuple[str, ...] = ()
    image: str | None = None
    enclosures: tuple[Enclosure, ...] = ()
    source: str | None = None

    @property
    def has_media(self) -> bool:
        return self.image is not None or bool(self.enclosures) or "<a " in self.html


def rules(drop: Iterable[str], lines: Lines) -> Rules:
    return Rules(Drop.of(drop), lines)


def clean(content: Sequence[Element], rules: Rules, base: str | None, title: str = "") -> Body:
    """The content's elements as one clean body.

    `base` is the address that relative ones are resolved against; a first heading that repeats the title
    is left out.
    """
    blocks = Walker(Chrome(content, rules.drop), rules.lines, base).blocks(content)
    kept, source = rules.lines.filter(blocks, title)
    html = sanitise("\n".join(block.html() for block in kept))
    return _body(html, kept, source)


def _body(html: str, blocks: Sequence[Block], source: str | None) -> Body:
    media = [each for block in blocks for each in block.media()]
    return Body(
        html=html,
        text="\n".join(part.text for block in blocks for part in block.parts if part.text),
        captions=tuple(each.text for each in media if isinstance(each, Caption)),
        image=next((each.src for each in media if isinstance(each, Picture)), None),
        enclosures=tuple(each for each in media if isinstance(each, Enclosure)),
        source=source,
    )


def elements_of(found: Element | Sequence[Element] | str) -> list[Element]:
    """The elements of what a content finder found; HTML text is parsed as a fragment.

    A fragment beyond the parser's limits is a `ValueError`.
    """
    if not isinstance(found, str):
        return [found] if isinstance(found, Element) else list(found)
    try:
        # Parsed inside a document, the fragment cannot become part of a head.
        body = parse(f"<!doctype html><html><body><div>{found}</div></body></html>", "content").find("body")
    except UnreadablePage as error:
        raise ValueError(f"the content {error.reason}") from error
    if body is None:
        return []
    wrapper = body[0] if len(body) else None
    # What the fragment stands in is ours: no rule about chrome may take it for a box of the outlet's.
    return [wrapper] if wrapper is not None and len(body) == 1 and not wrapper.tail else [body]


def wrap(html: str, language: str, direction: str) -> str:
    """The HTML, marked with its language and direction where readers would show it the wrong way round."""
    if direction != "rtl" or not html:
        return html
    return f'<div lang="{escape(language)}" dir="rtl">{html}</div>'
