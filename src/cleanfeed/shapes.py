"""Headings, lists, quotes, tables and figures: the blocks that are more than a paragraph."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from html import escape
from itertools import groupby
from typing import TYPE_CHECKING

from lxml import etree

from cleanfeed import embeds, media
from cleanfeed.blocks import CAPTION, Block, Caption, Flow, Part, captioned, joined, silent, wrapped
from cleanfeed.markup import Element, tag_of
from cleanfeed.text import plain, squeeze, xml_safe

if TYPE_CHECKING:
    from cleanfeed.walker import Walker

HEADINGS = {"h1": "h2", "h2": "h2", "h3": "h3", "h4": "h4", "h5": "h4", "h6": "h4"}
_LONGEST_HEADING = 400
"""Characters; what is longer stands in a heading by mistake."""
_LONGEST_CAPTION = 500
_CAPTION = re.compile(
    r"(?:^|[\s_-])(?:captions?|caption-text|figcaption|photo-?credits?|image-?credits?|credits?)(?:$|[\s_-])"
)
_MOST_CELLS = 1000


def heading(walker: Walker, node: Element, flow: Flow) -> None:
    flow.end()
    tag = HEADINGS[tag_of(node)]
    blocks = walker.inside(node, flow.inner(loose=False))
    if sum(len(part.text) for block in blocks for part in block.parts) > _LONGEST_HEADING:
        flow.blocks += blocks
        return
    for is_text, run in groupby(blocks, key=lambda block: block.tag == "p"):
        found = list(run)
        flow.blocks += (
            [_one_line(tag, [part for block in found for part in block.parts])] if is_text else found
        )


def _one_line(tag: str, parts: Sequence[Part]) -> Block:
    html, text = " ".join(part.html for part in parts), " ".join(part.text for part in parts)
    return Block(tag, (Part(html, text, all(part.linked for part in parts)),))


def preformatted(_walker: Walker, node: Element, flow: Flow) -> None:
    text = xml_safe("".join(_as_typed(node))).strip("\n")
    if text.strip():
        lines = "\n".join(filter(None, map(squeeze, text.split("\n"))))
        html = escape(text, quote=False)
        is_code = len(node) == 1 and node[0].tag == "code"
        flow.put(Block("pre", (Part(f"<code>{html}</code>" if is_code else html, lines),)))


def _as_typed(node: Element) -> Iterator[str]:
    for event, each in etree.iterwalk(node, events=("start", "end")):
        if event == "start":
            yield "\n" if each.tag == "br" else each.text or ""
        elif each is not node:
            yield each.tail or ""


def quote(walker: Walker, node: Element, flow: Flow) -> None:
    if embeds.post_host(node):
        post(walker, node, flow)
        return
    blocks = walker.lines.without_chrome(walker.inside(node, flow.inner()))
    flow.end()
    if blocks:
        flow.put(wrapped("blockquote", blocks))


def post(walker: Walker, node: Element, flow: Flow) -> None:
    """A post of a social site: its words as a quote, and the link to it."""
    flow.end()
    found = embeds.post(node, walker.base)
    # Somebody else's words are shown, but are no part of the article's text.
    blocks = silent(block for each in node.iter("p") for block in walker.inside(each, Flow(loose=False)))
    if found and walker.is_new(found.url):
        blocks.append(Block("p", (Part(_link(found)),)))
    if blocks:
        flow.put(wrapped("blockquote", blocks))


def embedded(found: embeds.Embed) -> Block:
    """A player or post as a titled link, below its poster where there is one."""
    link = Part(_link(found))
    if found.poster is None:
        return Block("p", (link,))
    image = f'<img src="{escape(found.poster)}" alt="{escape(found.title)}">'
    return Block("figure", (Part(f'<a href="{escape(found.url)}">{image}</a>', linked=True), link))


def _link(found: embeds.Embed) -> str:
    return f'<a href="{escape(found.url)}">{escape(found.title, quote=False)}</a>'


# --- lists and tables: their pieces are gathered in a flow of their own


def listing(walker: Walker, node: Element, flow: Flow) -> None:
    name = "dd" if node.tag == "dl" else "li"
    found = walker.inside(node, flow.inner("dl" if name == "dd" else "ul"))
    # What stands between the items, against the rules, is an item too.
    parts = [
        block.parts[0] if block.tag == _PIECE else joined([block], f"<{name}>", f"</{name}>")
        for block in found
    ]
    flow.end()
    if parts:
        flow.put(Block(tag_of(node), tuple(parts)))


_PIECE = "piece"
"""The tag of a block whose only part is an item, a row or a cell."""


def _item(walker: Walker, node: Element, flow: Flow) -> None:
    flow.end()
    blocks = walker.lines.without_chrome(walker.inside(node, flow.inner()))
    if blocks:
        flow.put(Block(_PIECE, (joined(blocks, f"<{node.tag}>", f"</{node.tag}>"),)))


def table(walker: Walker, node: Element, flow: Flow) -> None:
    flow.end()
    if _is_layout(node):
        walker.children(node, flow)
        flow.end()
        return
    found = walker.inside(node, flow.inner("table"))
    # What stands between the rows, against the rules, is shown by browsers above the table.
    flow.blocks += [block for block in found if block.tag != _PIECE]
    rows = tuple(block.parts[0] for block in found if block.tag == _PIECE)
    if rows:
        flow.put(Block("table", rows))


def _is_layout(node: Element) -> bool:
    if next(node.iter("th", "caption"), None) is not None:
        return False
    has_columns = any(len(row) > 1 for row in node.iter("tr"))
    return not has_columns and next(node.iter("p", "div", "h2", "h3", "br"), None) is not None


def _row(walker: Walker, node: Element, flow: Flow) -> None:
    cells = [block.parts[0] for block in walker.inside(node, flow.inner("tr")) if block.tag == _PIECE]
    text = squeeze(" ".join(cell.text for cell in cells))
    held = tuple(each for cell in cells for each in cell.media)
    flow.end()
    if text or held:
        linked = all(cell.linked for cell in cells if cell.text)
        flow.put(
            Block(_PIECE, (Part(f"<tr>{''.join(cell.html for cell in cells)}</tr>", text, linked, held),))
        )


def _cell(walker: Walker, node: Element, flow: Flow) -> None:
    blocks = walker.lines.without_chrome(walker.inside(node, flow.inner()))
    spans = "".join(f' {name}="{value}"' for name in ("colspan", "rowspan") if (value := _span(node, name)))
    flow.put(Block(_PIECE, (joined(blocks, f"<{node.tag}{spans}>", f"</{node.tag}>"),)))


def _span(node: Element, name: str) -> str | None:
    value = (node.get(name) or "").strip()
    return value if value.isascii() and value.isdigit() and 1 < int(value[:5]) <= _MOST_CELLS else None


def _headline(walker: Walker, node: Element, flow: Flow) -> None:
    blocks = walker.inside(node, flow.inner(loose=False))
    if blocks:
        flow.put(Block(_PIECE, (joined(blocks, "<caption>", "</caption>")._replace(text=""),)))


Shape = Callable[["Walker", Element, Flow], None]
PIECES: Mapping[str, Mapping[str, Shape]] = {
    "ul": {"li": _item},
    "dl": {"dt": _item, "dd": _item},
    "table": {"tr": _row, "caption": _headline},
    "tr": {"td": _cell, "th": _cell},
}
"""By the place in which they stand, the parts of lists and tables."""


# --- figures


def by_name(walker: Walker, node: Element, flow: Flow) -> bool:
    """Whether an element was written as the post, figure or caption that its class says it is."""
    if embeds.post_host(node):
        post(walker, node, flow)
    elif "caption" in (node.get("class") or "").lower() and next(node.iter(*media.IMAGES), None) is not None:
        figure(walker, node, flow)
    elif (flow.place == "figure" or flow.follows_picture()) and is_caption(node):
        caption(walker, node, flow)
    else:
        return False
    return True


def figure(walker: Walker, node: Element, flow: Flow) -> None:
    flow.end()
    blocks = walker.inside(node, flow.inner("figure"))
    tags = {block.tag for block in blocks}
    if "figure" in tags and CAPTION not in tags and node.tag == "figure":
        blocks = [_as_caption(block) for block in blocks]
    flow.blocks += captioned(blocks)


def _as_caption(block: Block) -> Block:
    text = " ".join(block.lines())
    if block.tag != "p" or not text or len(text) > _LONGEST_CAPTION:
        return block
    return Block(CAPTION, (Part(" ".join(part.html for part in block.parts), media=(Caption(plain(text)),)),))


def is_caption(node: Element) -> bool:
    return bool(_CAPTION.search(node.get("class") or ""))


def caption(walker: Walker, node: Element, flow: Flow) -> None:
    flow.end()
    near = flow.place == "figure" or flow.follows_picture()
    blocks = walker.inside(node, Flow(loose=False))
    text = plain(" ".join(line for block in blocks if block.tag == "p" for line in block.lines()))
    if not near:
        flow.blocks += blocks
        return
    flow.blocks += [block for block in blocks if block.tag != "p"]
    if text and not walker.lines.is_chrome(text):
        html = " ".join(part.html for block in blocks if block.tag == "p" for part in block.parts)
        flow.blocks.append(Block(CAPTION, (Part(html, media=(Caption(text),)),)))
    if flow.place != "figure":
        flow.blocks[-2:] = captioned(flow.blocks[-2:])


def is_box(walker: Walker, node: Element) -> bool:
    """Whether the element is a box of links, told by the words that it begins with."""
    if not walker.lines.has_boxes:
        return False
    first = next((squeeze(str(text)) for text in node.itertext() if text.strip()), "")
    return walker.lines.heads_box(first) and walker.chrome.is_box(node)
