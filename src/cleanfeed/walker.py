"""One pass over an article's content: what it meets becomes blocks, in the order of the page."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from html import escape
from types import MappingProxyType
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from cleanfeed import embeds, media, shapes
from cleanfeed.addresses import absolute
from cleanfeed.blocks import RULE, Block, Flow, Part, Picture
from cleanfeed.markup import Element
from cleanfeed.text import plain, xml_safe

if TYPE_CHECKING:
    from cleanfeed.chrome import Chrome
    from cleanfeed.lines import Lines

_INLINE = {
    "em": "em", "strong": "strong", "b": "b", "i": "i", "u": "u", "s": "s", "strike": "s", "del": "del",
    "ins": "ins", "sub": "sub", "sup": "sup", "small": "small", "mark": "mark", "abbr": "abbr",
    "acronym": "abbr", "code": "code", "kbd": "kbd", "samp": "samp", "tt": "code", "q": "q", "cite": "cite",
}  # fmt: skip
_THROUGH = frozenset(
    {
        "span", "font", "label", "big", "bdi", "bdo", "wbr", "dfn", "var", "data", "nobr", "ruby", "rt",
        "rp", "blink", "source", "track", "keygen", "bgsound", "amp-fit-text",
    }
)  # fmt: skip
"""Elements without a look of their own; the parser puts what follows them into some of them."""
_UNBROKEN = frozenset(
    {*_INLINE, *_THROUGH, "a", "time", "style", "template", "link", "meta", "title", "input"}
)
"""Elements that, left out, do not end the paragraph around them."""
_PRE_LINE = re.compile(r"white-space\s*:\s*(?:pre-line|pre-wrap|pre\b|break-spaces)", re.IGNORECASE)
_MAIL = re.compile(r"mailto:[\w.+-]+@[\w-]+(?:\.[\w-]+)+", re.IGNORECASE)
_TIME = re.compile(r"[0-9TZPWDHMS:.+-]{4,35}")
_PICTURE_FILE = re.compile(r"\.(?:jpe?g|png|webp|gif|avif)$", re.IGNORECASE)
_DRAWN = re.compile(r"data:image/(?!svg)[\w.+-]+[;,].{400}", re.IGNORECASE | re.DOTALL)
"""A picture inside the page itself, too large to hold the place of another."""


class Walker:
    """What it knows of one content while it goes through it."""

    def __init__(self, chrome: Chrome, lines: Lines, base: str | None) -> None:
        self.chrome = chrome
        self.lines = lines
        self.base = base
        self._met: set[str] = set()

    def blocks(self, content: Sequence[Element]) -> list[Block]:
        """The blocks of the content's elements, which are never chrome themselves."""
        flow = Flow()
        held = set(content)
        for number, root in enumerate(content):
            if len(content) > 1 and any(above in held for above in root.iterancestors()):
                continue
            _HANDLERS.get(str(root.tag), _container)(self, root, flow)
            # Text between two elements of a run of siblings belongs to it.
            if number + 1 < len(content) and root.getnext() is content[number + 1]:
                self.write(flow, root.tail or "")
        flow.end()
        return flow.blocks

    def inside(self, node: Element, flow: Flow) -> list[Block]:
        """The blocks of all that is in an element, which go into a flow of their own."""
        self.children(node, flow)
        flow.end()
        return flow.blocks

    def children(self, node: Element, flow: Flow) -> None:
        if node.text:
            self.write(flow, node.text)
        for child in node:
            tag = child.tag
            if isinstance(tag, str):  # or else it is a comment
                if not self.chrome.holds(child, tag):
                    _HANDLERS.get(tag, _container)(self, child, flow)
                elif tag not in _UNBROKEN:
                    flow.end()
            tail = child.tail
            if tail:
                self.write(flow, tail)

    def write(self, flow: Flow, text: str) -> None:
        if flow.pre_line and "\n" in text:
            self._write_lines(flow, text.split("\n"))
        elif text.isspace():
            flow.spaced = True
        elif text:
            text = xml_safe(text)
            flow.write(self.lines.erase(text) if self.lines.erased else text)

    def _write_lines(self, flow: Flow, lines: Sequence[str]) -> None:
        for number, line in enumerate(lines):
            if number:
                flow.break_line()
            self.write(flow, line)

    def is_new(self, address: str) -> bool:
        """Whether this picture or embed is met for the first time."""
        known = address in self._met
        self._met.add(address)
        return not known


Handler = Callable[[Walker, Element, Flow], None]


def _inline(walker: Walker, node: Element, flow: Flow) -> None:
    opened = flow.open(_INLINE[str(node.tag)])
    _through(walker, node, flow)
    if opened:
        flow.close()


def _through(walker: Walker, node: Element, flow: Flow) -> None:
    outer = flow.pre_line
    flow.pre_line = outer or _is_pre_line(node)
    walker.children(node, flow)
    flow.pre_line = outer


def _is_pre_line(node: Element) -> bool:
    style = node.get("style")
    return bool(style and _PRE_LINE.search(style))


def _time(walker: Walker, node: Element, flow: Flow) -> None:
    value = node.get("datetime") or ""
    opened = flow.open("time", f' datetime="{value}"') if _TIME.fullmatch(value) else False
    walker.children(node, flow)
    if opened:
        flow.close()


def _link(walker: Walker, node: Element, flow: Flow) -> None:
    href = (node.get("href") or "").strip()
    address = _target(href, walker.base)
    outer = flow.link
    opened = flow.open("a", f' href="{escape(address)}"') if address else False
    flow.link = outer or address
    flow.links += bool(href)
    walker.children(node, flow)
    flow.links -= bool(href)
    flow.link = outer
    if opened:
        flow.close()


def _target(href: str, base: str | None) -> str | None:
    if not href or href[0] == "#":
        return None
    if _MAIL.fullmatch(href):
        return href
    address = absolute(href, base)
    # An address inside the page is none in a feed.
    return None if address and "#" in address and address.partition("#")[0] == base else address


def _break(_walker: Walker, _node: Element, flow: Flow) -> None:
    flow.break_line()


def _container(walker: Walker, node: Element, flow: Flow) -> None:
    flow.end()
    if node.get("class") and shapes.by_name(walker, node, flow):
        return
    if node.tag != "p" and shapes.is_box(walker, node):
        return
    loose = flow.loose
    flow.loose = node.tag != "p"
    _through(walker, node, flow)
    flow.end()
    flow.loose = loose


def _span(walker: Walker, node: Element, flow: Flow) -> None:
    if flow.place == "figure" and shapes.is_caption(node):
        shapes.caption(walker, node, flow)
    else:
        _through(walker, node, flow)


def _piece(walker: Walker, node: Element, flow: Flow) -> None:
    """An item, row or cell; outside of a list or table it is like any other element."""
    shape = shapes.PIECES[flow.place].get(str(node.tag)) if flow.place in shapes.PIECES else None
    (shape or _container)(walker, node, flow)


def _picture(walker: Walker, node: Element, flow: Flow) -> None:
    character = media.emoji(node)
    if character:
        walker.write(flow, character)
        return
    found = media.image(node, walker.base)
    if found is None:
        _words_of_drawn(walker, node, flow)
    elif walker.is_new(found.src):
        sizes = (("width", found.width), ("height", found.height))
        size = "".join(f' {name}="{value}"' for name, value in sizes if value)
        image = f'<img src="{escape(found.src)}" alt="{escape(found.alt)}"{size}>'
        flow.put_aside(Block("figure", (_linked(image, flow.link, Picture(found.src)),)))


def _linked(image: str, link: str | None, picture: Picture) -> Part:
    # A link to the file of a picture shows no more than the picture.
    if link and not _PICTURE_FILE.search(urlsplit(link).path):
        image = f'<a href="{escape(link)}">{image}</a>'
    return Part(image, linked=bool(link), media=(picture,))


def _words_of_drawn(walker: Walker, node: Element, flow: Flow) -> None:
    words = plain(node.get("alt") or "")
    if words and not flow.links and _DRAWN.match(node.get("src") or "") and not walker.lines.is_chrome(words):
        flow.put_aside(Block("p", (Part(escape(words, quote=False)),)))


def _noscript(walker: Walker, node: Element, flow: Flow) -> None:
    # The fallback of a lazy picture or player beside it, wanted only where that one cannot be read.
    beside = (each for each in (node.getprevious(), node.getnext()) if each is not None)
    if not any(media.image(each, walker.base) for near in beside for each in near.iter(*media.IMAGES)):
        for each in node.iter(*media.IMAGES, *embeds.EMBEDS, *embeds.PLAYERS):
            _HANDLERS[str(each.tag)](walker, each, flow)


def _embed(walker: Walker, node: Element, flow: Flow) -> None:
    _put_embed(walker, embeds.embed(node, walker.base), flow)
    if node.tag == "embed":
        # The parser puts into it what follows it.
        walker.children(node, flow)


def _script(walker: Walker, node: Element, flow: Flow) -> None:
    _put_embed(walker, embeds.widget(node), flow)


def _put_embed(walker: Walker, found: embeds.Embed | None, flow: Flow) -> None:
    if found and walker.is_new(found.url):
        flow.put_aside(shapes.embedded(found))


def _player(walker: Walker, node: Element, flow: Flow) -> None:
    file = embeds.playable(node, walker.base)
    if file is None:
        _put_embed(walker, embeds.embed(node, walker.base), flow)
    elif walker.is_new(file.url):
        name = "audio" if "audio" in str(node.tag) else "video"
        poster = absolute(node.get("poster") or "", walker.base) if name == "video" else None
        shown = f' poster="{escape(poster)}"' if poster else ""
        html = f'<{name} src="{escape(file.url)}"{shown} controls preload="none"></{name}>'
        flow.put_aside(Block("figure", (Part(html, media=(file,)),)))


def _rule(_walker: Walker, _node: Element, flow: Flow) -> None:
    flow.put(RULE)


def _drawing(walker: Walker, node: Element, flow: Flow) -> None:
    title = next((each for each in node.iter() if str(each.tag).rpartition("}")[2] == "title"), None)
    if title is not None and not flow.links and node.get("aria-hidden") != "true":
        walker.write(flow, title.text or "")


def _formula(walker: Walker, node: Element, flow: Flow) -> None:
    notes = {each for note in node.iter("annotation", "annotation-xml") for each in note.iter()}
    words = (each.text or "" for each in node.iter() if each not in notes)
    walker.write(flow, "".join(word.strip() for word in words))


_HANDLERS: Mapping[str, Handler] = MappingProxyType(
    {
        **dict.fromkeys(_INLINE, _inline),
        **dict.fromkeys(_THROUGH, _span),
        **dict.fromkeys(shapes.HEADINGS, shapes.heading),
        **dict.fromkeys(("ul", "ol", "dl"), shapes.listing),
        **dict.fromkeys(("li", "dt", "dd", "tr", "td", "th", "caption"), _piece),
        **dict.fromkeys(media.IMAGES, _picture),
        **dict.fromkeys(embeds.EMBEDS, _embed),
        **dict.fromkeys(embeds.PLAYERS, _player),
        "a": _link,
        "blockquote": shapes.quote,
        "br": _break,
        "figcaption": shapes.caption,
        "figure": shapes.figure,
        "hr": _rule,
        "math": _formula,
        "noscript": _noscript,
        "pre": shapes.preformatted,
        "script": _script,
        "svg": _drawing,
        "table": shapes.table,
        "time": _time,
    }
)
