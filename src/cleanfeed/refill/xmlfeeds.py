"""RSS, RDF and Atom as documents whose contents can be replaced."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urljoin

from cleanfeed.errors import ListingError
from cleanfeed.refill.entries import Change, Place, changed
from cleanfeed.refill.markup import Node, parsed
from cleanfeed.text import cut, squeeze, xml_safe

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from cleanfeed.refill.markup import Markup

_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_ATOM = "http://www.w3.org/2005/Atom"
_ATOM_03 = "http://purl.org/atom/ns#"
_CONTENT = "http://purl.org/rss/1.0/modules/content/"
_FEEDBURNER = "http://rssnamespace.org/feedburner/ext/1.0"
_KINDS = re.compile(r"<(?:[\w.-]+:)?(?:rss|feed|rdf)[\s>/]", re.IGNORECASE)
_LONGEST_TITLE = 80
_MOST_ADDRESSES = 6
"""Of one entry that are tried."""


class Kind(NamedTuple):
    """How entries of a format are read and written."""

    nodes: list[Node]
    place: Callable[[Node], Place]
    fill: Callable[[Node, str], Iterable[Change]]


@dataclass(frozen=True, kw_only=True)
class XmlFeed:
    """A feed in XML."""

    markup: Markup
    kind: Kind

    @property
    def count(self) -> int:
        return len(self.kind.nodes)

    def place(self, number: int) -> Place:
        return self.kind.place(self.kind.nodes[number])

    def filled(self, contents: Mapping[int, str]) -> bytes:
        nodes = self.kind.nodes
        changes = (
            change for number, html in contents.items() for change in self.kind.fill(nodes[number], html)
        )
        return changed(self.markup.data, changes)


def xml_feed(text: str, name: str) -> XmlFeed | None:
    """The feed of this text; `None` where it is none of RSS, RDF and Atom."""
    if not _KINDS.search(text):
        return None
    markup = parsed(text, name)
    kind = _kind(markup.root)
    if kind is None:
        raise ListingError(name, f"is no feed: its root is <{cut(markup.root.tag, _LONGEST_TITLE)}>")
    return XmlFeed(markup=markup, kind=kind)


def _kind(root: Node) -> Kind | None:
    match root.name:
        case "rss":
            return _rss(root)
        case "RDF" if root.space == _RDF:
            return _rss(root)
        case "feed" if root.space in {_ATOM, _ATOM_03, ""}:
            return _atom(root)
    return None


def _titled(addresses: Iterable[str], titles: Iterable[Node]) -> Place:
    title = next((squeeze(node.text) for node in titles), "")
    different = list(dict.fromkeys(filter(None, addresses)))
    return Place(addresses=tuple(different[:_MOST_ADDRESSES]), title=cut(title, _LONGEST_TITLE))


def _joined(base: str, address: str) -> str:
    try:
        return urljoin(base, address) if base and address else address
    except ValueError:  # an address such as "http://[" is none
        return address


def _base(*nodes: Node) -> str:
    """What addresses are relative to, from the outermost element to the innermost."""
    base = ""
    for node in nodes:
        base = _joined(base, node.attributes.get("xml:base", "").strip()) or base
    return base


def _links(node: Node, base: str, *spaces: str) -> list[str]:
    """The targets of Atom's links to the article, those to HTML before others."""
    found = [
        link
        for link in node.all("link", *spaces)
        if link.attributes.get("href") and link.attributes.get("rel", "alternate").lower() == "alternate"
    ]
    found.sort(key=lambda link: "html" not in link.attributes.get("type", "html"))
    return [_joined(_base_within(base, link), link.attributes["href"].strip()) for link in found]


def _base_within(base: str, node: Node) -> str:
    own = node.attributes.get("xml:base", "").strip()
    return _joined(base, own) if own else base


# --- RSS


def _rss(root: Node) -> Kind:
    channel = next((node for node in root.children if node.name == "channel"), root)
    # In RDF they stand beside the channel, else in it.
    items = [node for parent in (root, *root.children) for node in parent.all("item", channel.space)]
    home = next((node.text for node in channel.all("link", channel.space)), "")
    base = _base(root, channel) or home
    return Kind(items, lambda item: _rss_place(item, base), _rss_filled)


def _rss_place(item: Node, base: str) -> Place:
    base = _base_within(base, item)
    own = item.space
    links = [node.text for node in (*item.all("origLink", _FEEDBURNER), *item.all("link", own))]
    guids = [
        node.text
        for node in item.all("guid", own)
        if node.attributes.get("isPermaLink", "true").strip().lower() != "false"
    ]
    about = [said for name, said in item.attributes.items() if name.rpartition(":")[2] == "about"]
    found = [_joined(base, each) for each in links] + _links(item, base, _ATOM)
    return _titled([*found, *filter(_is_address, [*guids, *about])], item.all("title", own))


def _is_address(text: str) -> bool:
    return text.lower().startswith(("http://", "https://"))


def _rss_filled(item: Node, html: str) -> Iterator[Change]:
    """`content:encoded` in its place; one is added behind what stands in for it."""
    # By its usual prefix too: some feeds declare it wrongly, or not at all.
    found = [node for node in item.children if node.tag == "content:encoded" or _is_content(node)]
    text = _escaped(html)
    if found:
        first = found[0]
        space = "" if _is_content(first) else f' xmlns:content="{_CONTENT}"'
        kept = _written(first, () if _is_content(first) else ("xmlns:content",))
        yield Change(first.start, first.end, f"<{first.tag}{space}{kept}>{text}</{first.tag}>".encode())
        yield from (Change(node.start, node.end, b"") for node in found[1:])
        return
    is_known = item.spaces.get("content") == _CONTENT
    space = "" if is_known else f' xmlns:content="{_CONTENT}"'
    after = next(item.all("description", item.space), None)
    yield _added(item, after, f"<content:encoded{space}>{text}</content:encoded>")


def _is_content(node: Node) -> bool:
    return node.name == "encoded" and node.space == _CONTENT


def _written(node: Node, without: Iterable[str] = ()) -> str:
    """The attributes of an element, as they are written."""
    kept = ((name, said) for name, said in node.attributes.items() if name not in without)
    return "".join(f' {name}="{escape(said)}"' for name, said in kept)


def _added(parent: Node, after: Node | None, element: str) -> Change:
    """The element as a child more: behind one that is there, or last."""
    if after is not None:
        return Change(after.end, after.end, element.encode())
    if parent.is_empty:
        tag = f"<{parent.tag}{_written(parent)}>{element}</{parent.tag}>"
        return Change(parent.start, parent.end, tag.encode())
    return Change(parent.close, parent.close, element.encode())


def _escaped(html: str) -> str:
    return escape(xml_safe(html), quote=False)


# --- Atom


def _atom(root: Node) -> Kind:
    entries = list(root.all("entry", root.space))
    base = _base(root)
    return Kind(entries, lambda entry: _atom_place(entry, base), _atom_filled)


def _atom_place(entry: Node, base: str) -> Place:
    own = entry.space
    original = [node.text for node in entry.all("origLink", _FEEDBURNER)]
    ids = filter(_is_address, (node.text for node in entry.all("id", own)))
    links = _links(entry, _base_within(base, entry), own)
    return _titled([*original, *links, *ids], entry.all("title", own))


def _atom_filled(entry: Node, html: str) -> Iterator[Change]:
    """`content` in its place; one is added behind the summary."""
    tag = f"{entry.prefix}:content" if entry.prefix else "content"
    kind = ' type="text/html" mode="escaped"' if entry.space == _ATOM_03 else ' type="html"'
    found = list(entry.all("content", entry.space))
    if found:
        first = found[0]
        kept = _written(first, ("type", "src", "mode", "xml:base", "xml:lang", *_spaces_of(first)))
        yield Change(first.start, first.end, f"<{tag}{kind}{kept}>{_escaped(html)}</{tag}>".encode())
        yield from (Change(node.start, node.end, b"") for node in found[1:])
        return
    after = next(entry.all("summary", entry.space), None)
    yield _added(entry, after, f"<{tag}{kind}>{_escaped(html)}</{tag}>")


def _spaces_of(node: Node) -> list[str]:
    """The default namespace that an element declares: its name is written as its parent's is."""
    return [name for name in node.attributes if name == "xmlns"]
