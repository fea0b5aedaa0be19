"""Body HTML: walked once, cut, repaired and written anew as blocks, then filtered by their lines."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from html import escape

from cleanfeed import media
from cleanfeed.addresses import absolute
from cleanfeed.lines import Lines
from cleanfeed.markup import Element, compile_css, parse, tag_of, text_of
from cleanfeed.model import Enclosure
from cleanfeed.sanitise import sanitise
from cleanfeed.text import plain, squeeze, xml_safe

_INLINE = {
    "a": "a", "em": "em", "strong": "strong", "b": "b", "i": "i", "u": "u", "s": "s", "strike": "s", "del": "del",
    "ins": "ins", "sub": "sub", "sup": "sup", "small": "small", "mark": "mark", "abbr": "abbr", "acronym": "abbr",
    "code": "code", "kbd": "kbd", "samp": "samp", "tt": "code", "q": "q", "cite": "cite", "time": "time",
    "big": "", "span": "", "font": "", "label": "", "bdi": "", "bdo": "", "wbr": "", "dfn": "", "var": "", "data": "",
    "nobr": "", "ruby": "", "rt": "", "rp": "", "blink": "",
}  # fmt: skip
_GONE = frozenset(
    {
        "script", "style", "template", "form", "button", "input", "select", "textarea", "nav", "footer", "aside",
        "canvas", "dialog", "menu", "map", "link", "meta", "title", "head", "amp-ad", "amp-analytics", "amp-pixel",
        "amp-social-share", "amp-sidebar", "amp-user-notification", "amp-sticky-ad", "ins-ad", "noembed", "noframes",
        "xmp", "plaintext", "audioplayer", "progress", "meter", "output", "option", "optgroup", "fieldset", "datalist",
        "base", "basefont", "bgsound", "frame", "frameset", "param", "track", "area", "applet",
    }
)  # fmt: skip
_HEADINGS = {"h1": "h2", "h2": "h2", "h3": "h3", "h4": "h4", "h5": "h4", "h6": "h4"}
_CHROME = re.compile(
    r"(?:^|[\s_-])(?:share|shares|sharing|sharethis[\w-]*|sharedaddy|addtoany\w*|social[\w-]*|related[\w-]*|"
    r"newsletter[\w-]*|subscri(?:be|ption)[\w-]*|signup|advert\w*|ads?|adsbygoogle|sponsored|promo[\w-]*|outbrain|"
    r"taboola|recommended[\w-]*|recirc\w*|most-?read|read-?(?:more|next|also)|see-?also|comments?|disqus\w*|"
    r"cookie[\w-]*|breadcrumbs?|pagination|popup|modal|toolbar|follow-?us|author-?(?:box|bio)|tag-?list|post-?tags|"
    r"screen-reader-text|sr-only|visually-hidden|skip-link|print-only|noprint|no-print|jp-relatedposts|yarpp\w*|"
    r"ticker\w*|inline-?related|more-?stories|trending|donat\w+|paywall\w*|whatsapp[\w-]*|telegram-?(?:box|join|channel)|"
    r"contentad|rating|likes?|reactions?|views?-?count|poll)(?:$|[\s_-])",
    re.IGNORECASE,
)
_CAPTION = re.compile(r"(?:^|[\s_-])(?:captions?|caption-text|figcaption|photo-?credits?|image-?credits?|credits?)(?:$|[\s_-])")
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden")
_PRE_LINE = re.compile(r"white-space\s*:\s*(pre-line|pre-wrap|pre\b|break-spaces)")
_SPACE = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, heading, list, figure … of the result."""

    tag: str
    parts: tuple[tuple[str, str], ...]
    """The HTML and the text of its lines; a paragraph's lines are joined by `<br>`."""
    linked: bool = False
    """All of its text is link."""

    def html(self) -> str:
        inner = ("<br>" if self.tag == "p" else "").join(html for html, _text in self.parts)
        return f"<{self.tag}>{inner}</{self.tag}>" if self.tag else inner

    def lines(self) -> Iterator[str]:
        return (line for _html, text in self.parts for line in text.split("\n") if line)


@dataclass(frozen=True, slots=True)
class Rules:
    """What of an outlet's content is chrome."""

    drop: tuple[Callable[[Element], list[Element]], ...] = ()
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
    return Rules(tuple(compile_css(selector) for selector in drop), lines)


def clean(content: Sequence[Element], rules: Rules, base: str | None, title: str = "") -> Body:
    """The content's elements as one clean body.

    `base` is the address that relative ones are resolved against; a first heading that repeats the title
    is left out.
    """
    walker = _Walker(rules, base, content)
    blocks = [block for element in content for block in walker.container(element)]
    kept, source = rules.lines.filter(blocks, title)
    html = "\n".join(block.html() for block in kept)
    captions = tuple(caption for caption in walker.captions if not rules.lines.is_chrome(caption))
    text = "\n".join(line for block in kept for line in block.lines())
    return Body(sanitise(html), text, captions, walker.image, tuple(walker.enclosures), source)


def elements_of(found: Element | Sequence[Element] | str) -> list[Element]:
    """The elements of what a content finder found; HTML text is parsed as a fragment."""
    if isinstance(found, str):
        # Parsed inside a document, the fragment cannot become part of a head.
        body = parse(f"<!doctype html><html><body><div>{found}</div></body></html>", "content").find("body")
        return list(body) if body is not None else []
    return [found] if isinstance(found, Element) else list(found)


def wrap(html: str, language: str, direction: str) -> str:
    """The HTML, marked with its language and direction where readers would show it the wrong way round."""
    if direction != "rtl" or not html:
        return html
    return f'<div lang="{escape(language)}" dir="rtl">{html}</div>'


class _Run:
    """Text and inline elements that wait to become a paragraph."""

    def __init__(self, *, loose: bool) -> None:
        self.loose = loose  # text outside of any paragraph: each of its lines is one
        self.rows: list[tuple[list[str], list[str]]] = [([], [])]
        self.linked = 0
        self.plain = 0

    def add(self, html: str, text: str) -> None:
        row = self.rows[-1]
        row[0].append(html)
        row[1].append(text)

    def break_line(self) -> None:
        self.rows.append(([], []))

    def at_line_start(self) -> bool:
        return not any(text.strip() for text in self.rows[-1][1])

    def blocks(self) -> Iterator[Block]:
        """Its paragraphs: split where a line between two breaks is empty, and at each break when loose."""
        linked = self.linked > 0 and self.plain == 0
        pending: list[tuple[str, str]] = []
        for htmls, texts in self.rows:
            text = squeeze("".join(texts))
            if text:
                pending.append((_trim("".join(htmls)), text))
            if pending and (not text or self.loose):
                yield Block("p", tuple(pending), linked)
                pending = []
        if pending:
            yield Block("p", tuple(pending), linked)


_EDGES = re.compile(r"^(?:\s|<(\w+)>\s*</\1>)+|(?:\s|<(\w+)>\s*</\2>)+$")


def _trim(html: str) -> str:
    return _EDGES.sub("", html)


class _Walker:
    """One pass over the content: what it meets becomes blocks, in the order of the page."""

    def __init__(self, rules: Rules, base: str | None, content: Sequence[Element]) -> None:
        self.base = base
        self.rules = rules
        self.captions: list[str] = []
        self.image: str | None = None
        self.enclosures: list[Enclosure] = []
        self.pictures: set[str] = set()
        self.mass = sum(len(text_of(element)) for element in content)
        self.dropped = {node for root in content for find in rules.drop for node in find(root) if node is not root}

    # --- what is chrome

    def is_chrome(self, node: Element) -> bool:
        tag = node.tag
        if tag in _GONE or node in self.dropped:
            return True
        attributes = node.attrib
        if not attributes:
            return False
        style = attributes.get("style")
        if "hidden" in attributes or (style and _HIDDEN.search(style.lower())):
            return True
        names = f"{attributes.get('class', '')} {attributes.get('id', '')}"
        if len(names) > 1 and tag not in _TEXTUAL and _CHROME.search(names) and not media.post_host(node):
            # A wrapper may be called "related-content": what holds most of the text is the article.
            return len(text_of(node)) * 2 < self.mass
        return False

    # --- containers

    def container(self, node: Element, *, loose: bool = True, pre_line: bool = False) -> Iterator[Block]:
        pre_line = pre_line or bool(_PRE_LINE.search(node.get("style") or ""))
        run = _Run(loose=loose)
        after: list[Block] = []
        self._text(run, node.text, pre_line=pre_line)
        for child in node:
            tag = tag_of(child)
            if not tag:
                self._text(run, child.tail, pre_line=pre_line)
                continue
            if not self.is_chrome(child):
                if tag in _INLINE and not _holds_blocks(child):
                    self._inline(child, run, after, pre_line=pre_line)
                elif tag == "br":
                    run.break_line()
                else:
                    after += self._block(child, tag, pre_line=pre_line)
                    if tag not in _SILENT or run.at_line_start():
                        yield from self._flush(run, after)
                        run, after = _Run(loose=loose), []
            elif tag not in _INLINE:
                yield from self._flush(run, after)
                run, after = _Run(loose=loose), []
            self._text(run, child.tail, pre_line=pre_line)
        yield from self._flush(run, after)

    @staticmethod
    def _flush(run: _Run, after: list[Block]) -> Iterator[Block]:
        yield from run.blocks()
        yield from after

    def _text(self, run: _Run, text: str | None, *, pre_line: bool = False, linked: bool = False) -> None:
        if not text:
            return
        text = self.rules.lines.erase(xml_safe(text))
        for number, line in enumerate(text.split("\n") if pre_line else (text,)):
            if number:
                run.break_line()
            folded = _SPACE.sub(" ", line)
            if folded.strip():
                run.linked += linked
                run.plain += not linked
            if folded:
                run.add(escape(folded, quote=False), folded)

    def _inline(self, node: Element, run: _Run, after: list[Block], *, pre_line: bool = False) -> None:
        tag = tag_of(node)
        name = _INLINE.get(tag, "")
        if name == "a":
            self._link(node, run, after, pre_line=pre_line)
            return
        if name:
            run.add(f"<{name}>", "")
        self._inside(node, run, after, name, pre_line=pre_line)
        if name:
            run.add(f"</{name}>", "")

    def _link(self, node: Element, run: _Run, after: list[Block], *, pre_line: bool) -> None:
        href = node.get("href") or ""
        address = href if href.startswith("mailto:") and "subject=" not in href and "?" not in href else None
        # An address inside the page is none in a feed.
        if address is None and href and not href.startswith("#"):
            address = absolute(href, self.base)
        if address:
            run.add(f'<a href="{escape(address)}">', "")
        self._inside(node, run, after, "a" if address else "", pre_line=pre_line, linked=bool(href))
        if address:
            run.add("</a>", "")

    def _inside(
        self, node: Element, run: _Run, after: list[Block], name: str, *, pre_line: bool, linked: bool = False
    ) -> None:
        self._text(run, node.text, pre_line=pre_line and not name, linked=linked)
        for child in node:
            tag = tag_of(child)
            if tag and not self.is_chrome(child):
                if tag == "br":
                    # Inside an element that is kept, a break stays where it is.
                    run.add("<br>", "\n") if name else run.break_line()
                elif tag in _INLINE:
                    self._inline(child, run, after, pre_line=pre_line)
                else:
                    after += self._block(child, tag, pre_line=pre_line)
            self._text(run, child.tail, pre_line=pre_line and not name, linked=linked)

    # --- blocks

    def _block(self, node: Element, tag: str, *, pre_line: bool = False) -> list[Block]:
        make = _MAKERS.get(tag)
        if make is not None:
            return make(self, node)
        if tag in media.IMAGES:
            return self._picture(node)
        if tag in media.EMBEDS:
            return self._embed(node)
        if media.post_host(node):
            return self._post(node)
        if self._is_figure(node):
            return self._figure(node)
        if self.rules.lines.heads_box(_first_text(node)) and self._is_box(node):
            return []
        return list(self.container(node, loose=tag != "p", pre_line=pre_line))

    def _is_box(self, node: Element) -> bool:
        text = text_of(node)
        return len(text) * 2 < self.mass and not any(
            len(text_of(each)) > _PARAGRAPH and each.find(".//a") is None for each in node.iter("p")
        )

    @staticmethod
    def _is_figure(node: Element) -> bool:
        classes = node.get("class") or ""
        return "caption" in classes.lower() and next(node.iter(*media.IMAGES), None) is not None

    def _heading(self, node: Element) -> list[Block]:
        run, after = _Run(loose=False), list[Block]()
        self._inside(node, run, after, "", pre_line=False)
        parts = [part for block in run.blocks() for part in block.parts]
        html, text = " ".join(html for html, _text in parts), " ".join(text for _html, text in parts)
        heading = [Block(_HEADINGS[tag_of(node)], ((html, text),), run.linked > 0 and run.plain == 0)] if text else []
        return [*heading, *after]

    def _list(self, node: Element) -> list[Block]:
        items: list[tuple[str, str]] = []
        linked = True
        for child in node:
            if tag_of(child) and not self.is_chrome(child):
                blocks = list(self.container(child, loose=True))
                html = blocks[0].parts[0][0] if _is_one_line(blocks) else "".join(block.html() for block in blocks)
                text = "\n".join(line for block in blocks for line in block.lines())
                linked = linked and all(block.linked for block in blocks)
                if html:
                    name = tag_of(child) if tag_of(child) in {"dt", "dd"} else "li"
                    items.append((f"<{name}>{html}</{name}>", text))
        return [Block(tag_of(node), tuple(items), linked)] if items else []

    def _quote(self, node: Element) -> list[Block]:
        if media.post_host(node):
            return self._post(node)
        return _wrapped("blockquote", list(self.container(node)))

    def _post(self, node: Element) -> list[Block]:
        """A post of a social site: its words as a quote, and the link to it."""
        address = media.post_address(node, self.base)
        name = media.post_host(node) or ""
        blocks = [block for part in node.iter("p") for block in self.container(part, loose=False)]
        # Somebody else's words are shown, but are no part of the article's text.
        blocks = [replace(block, parts=tuple((html, "") for html, _text in block.parts)) for block in blocks]
        if address:
            byline = plain("".join(child.tail or "" for child in node)).lstrip("—- ") or "Post"
            link = f'<a href="{escape(address)}">{escape(f"{byline} ({name})", quote=False)}</a>'
            blocks.append(Block("p", ((link, ""),)))
        return _wrapped("blockquote", blocks)

    def _table(self, node: Element) -> list[Block]:
        rows: list[tuple[str, str]] = []
        caption = node.find("caption")
        if caption is not None and text_of(caption):
            rows.append((f"<caption>{escape(text_of(caption), quote=False)}</caption>", ""))
        for row in node.iter("tr"):
            if not self.is_chrome(row):
                cells = [self._cell(cell) for cell in row if tag_of(cell) in {"td", "th"}]
                text = squeeze(" ".join(text for _html, text in cells))
                if text or any("<img" in html for html, _text in cells):
                    rows.append((f"<tr>{''.join(html for html, _text in cells)}</tr>", text))
        return [Block("table", tuple(rows))] if rows else []

    def _cell(self, cell: Element) -> tuple[str, str]:
        blocks = list(self.container(cell))
        html = blocks[0].parts[0][0] if _is_one_line(blocks) else "".join(block.html() for block in blocks)
        spans = "".join(
            f' {name}="{value}"' for name in ("colspan", "rowspan") if (value := cell.get(name) or "").isdecimal()
        )
        text = " ".join(line for block in blocks for line in block.lines())
        return f"<{cell.tag}{spans}>{html}</{cell.tag}>", text

    def _figure(self, node: Element) -> list[Block]:
        caption_nodes = [each for each in node.iter() if _is_caption(each)]
        caption = squeeze(" ".join(dict.fromkeys(text_of(each) for each in caption_nodes)))
        held = set(caption_nodes)
        self.dropped |= held
        blocks = list(self.container(node))
        self.dropped -= held
        if not any("<img" in block.html() for block in blocks):
            return [*blocks, *([Block("p", ((escape(caption, quote=False), ""),))] if caption and blocks else [])]
        if caption:
            self.captions.append(plain(caption))
            inner = f"<figcaption>{escape(plain(caption), quote=False)}</figcaption>"
            last = max(i for i, block in enumerate(blocks) if "<img" in block.html())
            html = blocks[last].html().replace("</figure>", f"{inner}</figure>")
            blocks[last] = Block("", ((html, ""),))
        return blocks

    def _picture(self, node: Element) -> list[Block]:
        if media.is_emoji(node):
            alt = xml_safe(node.get("alt") or "")
            return [Block("p", ((escape(alt, quote=False), alt),))] if alt else []
        found = media.image(node, self.base)
        if found is None or found.src in self.pictures:
            return []
        self.pictures.add(found.src)
        self.image = self.image or found.src
        size = "".join(
            f' {name}="{value}"' for name, value in (("width", found.width), ("height", found.height)) if value
        )
        html = f'<figure><img src="{escape(found.src)}" alt="{escape(found.alt)}"{size}></figure>'
        return [Block("", ((html, ""),))]

    def _noscript(self, node: Element) -> list[Block]:
        # The fallback of a lazy picture; where that one could be read, it is the same again.
        return [block for each in node.iter("img") if not self.pictures for block in self._picture(each)]

    def _embed(self, node: Element) -> list[Block]:
        found = media.embed(node, self.base)
        if found is None:
            return []
        link = f'<a href="{escape(found.url)}">'
        title = escape(found.title, quote=False)
        if found.poster:
            picture = f'{link}<img src="{escape(found.poster)}" alt="{escape(found.title)}"></a>'
            html = f"<figure>{picture}<figcaption>{link}{title}</a></figcaption></figure>"
            return [Block("", ((html, ""),))]
        return [Block("p", ((f"{link}{title}</a>", ""),))]

    def _player(self, node: Element) -> list[Block]:
        file = media.playable(node, self.base)
        if file is None:
            return []
        self.enclosures.append(file)
        name = "audio" if "audio" in tag_of(node) else "video"
        poster = absolute(node.get("poster") or "", self.base) if name == "video" else None
        shown = f' poster="{escape(poster)}"' if poster else ""
        html = f'<{name} src="{escape(file.url)}"{shown} controls preload="none"></{name}>'
        return [Block("", ((f"<figure>{html}</figure>", ""),))]

    def _pre(self, node: Element) -> list[Block]:
        text = xml_safe("".join(node.itertext())).strip("\n")
        return [Block("pre", ((escape(text, quote=False), text),))] if text.strip() else []

    def _rule(self, _node: Element) -> list[Block]:
        return [Block("", (("<hr>", ""),))]

    def _drawing(self, node: Element) -> list[Block]:
        title = next((each for each in node.iter() if tag_of(each).rpartition("}")[2] == "title"), None)
        text = squeeze(xml_safe(title.text or "")) if title is not None else ""
        return [Block("p", ((escape(text, quote=False), text),))] if text else []

    def _formula(self, node: Element) -> list[Block]:
        notes = {each for note in node.iter("annotation", "annotation-xml") for each in note.iter()}
        words = (part for each in node.iter() if each not in notes for part in (each.text, *_tails(each)))
        text = squeeze(xml_safe(" ".join(filter(None, words))))
        return [Block("p", ((escape(text, quote=False), text),))] if text else []


def _tails(node: Element) -> Iterator[str | None]:
    return (child.tail for child in node)


def _is_caption(node: Element) -> bool:
    return node.tag == "figcaption" or bool(
        node.tag in {"p", "div", "span", "small", "dd", "em", "i"} and _CAPTION.search(node.get("class") or "")
    )


def _is_one_line(blocks: Sequence[Block]) -> bool:
    return len(blocks) == 1 and blocks[0].tag == "p" and len(blocks[0].parts) == 1


def _wrapped(tag: str, blocks: Sequence[Block]) -> list[Block]:
    if not blocks:
        return []
    text = "\n".join(line for block in blocks for line in block.lines())
    return [Block(tag, (("".join(block.html() for block in blocks), text),), all(block.linked for block in blocks))]


def _holds_blocks(node: Element) -> bool:
    return any(each.tag not in _INLINE and each.tag not in _ATOMS for each in node.iterdescendants())


def _first_text(node: Element) -> str:
    return next((squeeze(text) for text in node.itertext() if text.strip()), "")


_TEXTUAL = frozenset({"p", "h1", "h2", "h3", "h4", "h5", "h6", "a", "em", "strong", "b", "i", "blockquote", "td", "tr"})
_ATOMS = frozenset({"br", "svg", "math", "script", "style", "noscript"}) | media.IMAGES | media.EMBEDS
_SILENT = _ATOMS - {"br"}
_PARAGRAPH = 160
"""Characters; a paragraph without a link and as long as this is none of a box of links."""
_MAKERS: dict[str, Callable[[_Walker, Element], list[Block]]] = {
    **dict.fromkeys(_HEADINGS, _Walker._heading),
    **dict.fromkeys(("ul", "ol", "dl"), _Walker._list),
    **dict.fromkeys(("video", "audio", "amp-video", "amp-audio"), _Walker._player),
    "blockquote": _Walker._quote,
    "table": _Walker._table,
    "figure": _Walker._figure,
    "noscript": _Walker._noscript,
    "pre": _Walker._pre,
    "hr": _Walker._rule,
    "svg": _Walker._drawing,
    "math": _Walker._formula,
}
