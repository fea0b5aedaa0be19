"""XML from strangers: parsed without entities, files or network; what is slightly broken is mended."""

from __future__ import annotations

import re
import sys
from html.entities import html5
from typing import TYPE_CHECKING

from lxml import etree

from cleanfeed.errors import ListingError
from cleanfeed.text import squeeze, xml_safe

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cleanfeed.markup import Element

ROOT = re.compile(r"<(?:[\w-]+:)?(rss|feed|rdf|urlset|sitemapindex)\b", re.IGNORECASE)
"""How the documents begin that list articles in XML."""
_DECLARED = re.compile(r"<!ENTITY|<!DOCTYPE[^<>\[]*\[", re.IGNORECASE)
_DOCTYPE = re.compile(r"<!DOCTYPE", re.IGNORECASE)
_DECLARATION = re.compile(r"\A\s*<\?xml[^>]*\?>", re.IGNORECASE)
# What is not closed goes on to the end of the text: it is looked through once, not from each beginning.
_STRAY = re.compile(
    r"<!\[CDATA\[.*?(?:\]\]>|\Z)|<!--.*?(?:-->|\Z)|(?:&#(?:\d{1,7}|[xX][0-9a-fA-F]{1,6});)+"
    r"|&(?!(?:amp|lt|gt|quot|apos);)(\w{2,32};)?",
    re.DOTALL,
)
_NUMBER = re.compile(r"&#(?:(\d+)|[xX]([0-9a-fA-F]+));")
_REPLACEMENT = 0xFFFD
_SPACES = {
    "http://purl.org/rss/1.0/modules/content/": "content",
    "http://purl.org/dc/elements/1.1/": "dc",
    "http://purl.org/dc/terms/": "dcterms",
    "http://www.w3.org/2005/Atom": "atom",
    "http://rssnamespace.org/feedburner/ext/1.0": "feedburner",
    "http://www.google.com/schemas/sitemap-news/0.9": "news",
}
"""The vocabularies that are read besides a document's own, under their usual prefixes."""
_OWN = ("http://purl.org/rss/1.0/", "http://my.netscape.com/rdf/simple/0.9/")
_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"


def parse_xml(text: str, address: str) -> Element:
    """The root of a feed or sitemap.

    A `ListingError` for what declares entities or is beyond the parser's limits. Stray ampersands, HTML's
    names of characters and references to half characters are mended; where that is not enough, what can be
    read of it is.
    """
    begin = ROOT.search(text)
    head = text[: begin.start()] if begin else text
    if _DECLARED.search(head):
        raise ListingError(address, "declares XML entities, which no listing needs")
    # Warnings of a server's own may stand before the document.
    start = head.rfind("<?xml")
    text = xml_safe(
        _DECLARATION.sub("", text[max(start, 0) :]).lstrip() if start >= 0 else _bare(text, begin)
    )
    return _checked(_parsed(text, address, has_type=bool(_DOCTYPE.search(head))), address)


def _bare(text: str, begin: re.Match[str] | None) -> str:
    doctype = _DOCTYPE.search(text[: begin.start()]) if begin else None
    return text[doctype.start() if doctype else begin.start() if begin else 0 :]


def _parsed(text: str, address: str, *, has_type: bool) -> Element:
    # With a type of document, names of characters that it may define are left in the tree.
    root = None if has_type else _strict(text)
    if root is None:
        text = _STRAY.sub(_mended, text)
        root = _strict(text)
    return root if root is not None else _recovered(text, address)


def _parser(*, recover: bool) -> etree.XMLParser:
    return etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=recover,
        remove_comments=True, remove_pis=True,
    )  # fmt: skip


def _strict(text: str) -> Element | None:
    try:
        return etree.fromstring(text, _parser(recover=False))
    except (etree.LxmlError, ValueError):
        return None


def _recovered(text: str, address: str) -> Element:
    parser = _parser(recover=True)
    try:
        root = etree.fromstring(text, parser)
    except (etree.LxmlError, ValueError) as error:
        raise ListingError(address, f"is no XML that can be read: {squeeze(str(error))}") from error
    if root is None:
        raise ListingError(address, "is no XML that can be read")
    for entry in parser.error_log:
        if entry.type_name in {"ERR_RESOURCE_LIMIT", "ERR_NAME_TOO_LONG", "ERR_ENTITY_LOOP"}:
            raise ListingError(address, f"is beyond the parser's limits: {squeeze(entry.message)}")
    try:
        etree.tostring(root, encoding="unicode")
    except UnicodeDecodeError as error:
        # This parser takes references to half characters, which nobody can read from its tree.
        raise ListingError(address, "is no XML that can be read: it names half characters") from error
    return root


def _mended(found: re.Match[str]) -> str:
    if found[0].startswith("<"):
        return found[0]
    if found[0].startswith("&#"):
        return _referred(found[0])
    meant = html5.get(found[1] or "")
    return f"{'&amp;' if meant is None else ''}{(found[1] or '') if meant is None else _written(meant)}"


def _referred(references: str) -> str:
    """References to the characters that XML allows: those to the two halves of a character become one."""
    numbers = (int(found[1] or found[2], 10 if found[1] else 16) for found in _NUMBER.finditer(references))
    text = "".join(chr(number if number <= sys.maxunicode else _REPLACEMENT) for number in numbers)
    whole = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return "".join(f"&#{ord(each)};" for each in xml_safe(whole))


def _written(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;")


def _checked(root: Element, address: str) -> Element:
    dtd = root.getroottree().docinfo.internalDTD
    if dtd is not None and dtd.entities():  # type: ignore[attr-defined]  # missing in the types that lxml's come from
        raise ListingError(address, "declares XML entities, which no listing needs")
    return root


def name_of(node: Element, own: str = "") -> str:
    """The element's name in lower case: bare in the document's own vocabulary, with its usual prefix else."""
    if not isinstance(node.tag, str):
        return ""
    space, _, name = node.tag.rpartition("}")
    space = space.removeprefix("{")
    if not space or space == own or space in _OWN:
        return name.lower()
    return f"{_SPACES.get(space, '?')}:{name}".lower()


def space_of(root: Element) -> str:
    """The document's own vocabulary: its root's namespace."""
    space = str(root.tag).rpartition("}")[0].removeprefix("{")
    return "" if space == _RDF else space


def about(node: Element) -> str:
    """What an RDF element says it is about."""
    return node.get(f"{{{_RDF}}}about") or ""


class Fields:
    """The children of an element by their names."""

    def __init__(self, node: Element, own: str) -> None:
        self.node = node
        self._found: dict[str, list[Element]] = {}
        for child in node:
            self._found.setdefault(name_of(child, own), []).append(child)

    def all(self, *names: str) -> Iterator[Element]:
        for name in names:
            yield from self._found.get(name, ())

    def texts(self, *names: str) -> list[str]:
        """The texts of all children of these names that have any."""
        return [text for node in self.all(*names) if (text := inner_text(node))]

    def text(self, *names: str) -> str:
        """The first of these texts, or ""."""
        return next(iter(self.texts(*names)), "")


def inner_text(node: Element) -> str:
    """The text below an element, without the white space around it."""
    return ((node.text or "") if not len(node) else "".join(map(str, node.itertext()))).strip()


def inner_html(node: Element) -> str:
    """What an element holds, as HTML: its text, or its elements where they were not escaped."""
    if not len(node):
        return (node.text or "").strip()
    parts = [etree.tostring(child, encoding="unicode", method="html") for child in node]
    return ((node.text or "") + "".join(parts)).strip()
