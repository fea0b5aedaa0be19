"""A feed of any format in one form, as far as another format can say it too."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from html import escape
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin

from cleanfeed.sources.cards import Given
from cleanfeed.sources.feedlist import words
from cleanfeed.sources.xmltree import Fields, about, inner_html, name_of, parse_xml, space_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cleanfeed.markup import Element

_BLANK_LINES = re.compile(r"\n\s*\n")
_PLAIN = frozenset({"", "text", "text/plain"})
"""Types of Atom's texts that are no markup."""
_DATES = ("pubdate", "dc:date", "published", "issued", "updated", "modified")


@dataclass(frozen=True, slots=True, kw_only=True)
class Attached:
    url: str
    type: str
    length: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """An entry of a feed, "" and `()` where it does not say."""

    id: str
    url: str
    title: str
    content: str
    """HTML, as the summary is; what a feed gives as plain text is escaped."""
    summary: str
    published: datetime | None
    authors: tuple[str, ...]
    tags: tuple[str, ...]
    attached: tuple[Attached, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A feed with its items, in their order."""

    title: str
    home: str
    description: str
    language: str
    items: tuple[Item, ...]


def parsed(data: bytes, address: str) -> Sheet:
    """The feed in these bytes, which are UTF-8."""
    text = data.decode("utf-8", "replace")
    given = Given(text, address, UTC, datetime.now(UTC))
    if text.lstrip("\ufeff \t\r\n").startswith("{"):
        return _of_json(json.loads(text.lstrip("\ufeff")), given)
    root = parse_xml(text, address)
    own = space_of(root)
    return (
        _of_atom(Fields(root, own), own, given) if name_of(root, own) == "feed" else _of_rss(root, own, given)
    )


def _as_html(text: str) -> str:
    """Plain text as it reads: paragraphs stay paragraphs, and lines stay lines."""
    paragraphs = [
        escape(each.strip(), quote=False).replace("\n", "<br>") for each in _BLANK_LINES.split(text.strip())
    ]
    return paragraphs[0] if len(paragraphs) == 1 else "".join(f"<p>{each}</p>" for each in paragraphs)


def _moment(fields: Fields, given: Given) -> datetime | None:
    return next((moment for text in fields.texts(*_DATES) if (moment := given.moment(text))), None)


def _joined(given: Given, address: str) -> str:
    try:
        return urljoin(given.address, address) if address else ""
    except ValueError:
        return ""


# --- RSS


def _of_rss(root: Element, own: str, given: Given) -> Sheet:
    channel = Fields(next((each for each in root if name_of(each, own) == "channel"), root), own)
    items = (each for each in root.iter() if name_of(each, own) == "item")
    return Sheet(
        title=channel.text("title"),
        home=_joined(given, channel.text("link")),
        description=channel.text("description"),
        language=channel.text("language", "dc:language"),
        items=tuple(_rss_item(Fields(each, own), given) for each in items),
    )


def _rss_item(item: Fields, given: Given) -> Item:
    guid = item.text("guid") or about(item.node)
    url = _joined(given, item.text("link"))
    is_permanent = guid.lower().startswith(("http://", "https://"))
    summary = next(map(inner_html, item.all("description")), "")
    return Item(
        id=guid or url or item.text("title"),
        url=url or (guid if is_permanent else ""),
        title=item.text("title", "dc:title"),
        content=next(map(inner_html, item.all("content:encoded")), summary),
        summary=summary,
        published=_moment(item, given),
        authors=tuple(item.texts("dc:creator", "author")),
        tags=tuple(item.texts("category", "dc:subject")),
        attached=tuple(
            Attached(url=each.get("url") or "", type=each.get("type") or "", length=each.get("length") or "")
            for each in item.all("enclosure")
            if each.get("url")
        ),
    )


# --- Atom


def _of_atom(feed: Fields, own: str, given: Given) -> Sheet:
    return Sheet(
        title=feed.text("title"),
        home=_joined(given, next(_links(feed, "alternate"), "")),
        description=feed.text("subtitle", "tagline"),
        language=feed.node.get("{http://www.w3.org/XML/1998/namespace}lang") or "",
        items=tuple(_atom_item(Fields(each, own), own, given) for each in feed.all("entry")),
    )


def _links(fields: Fields, relation: str) -> Iterator[str]:
    for each in fields.all("link"):
        if each.get("href") and (each.get("rel") or "alternate").lower() == relation:
            yield (each.get("href") or "").strip()


def _atom_item(entry: Fields, own: str, given: Given) -> Item:
    url = _joined(given, next(_links(entry, "alternate"), ""))
    summary = next(map(_atom_text, entry.all("summary")), "")
    enclosures = (each for each in entry.all("link") if each.get("rel") == "enclosure" and each.get("href"))
    return Item(
        id=entry.text("id") or url,
        url=url,
        title=entry.text("title"),
        content=next(map(_atom_text, entry.all("content")), summary),
        summary=summary,
        published=_moment(entry, given),
        authors=tuple(filter(None, (Fields(each, own).text("name") for each in entry.all("author")))),
        tags=tuple(filter(None, (each.get("term") or "" for each in entry.all("category")))),
        attached=tuple(
            Attached(url=each.get("href") or "", type=each.get("type") or "", length=each.get("length") or "")
            for each in enclosures
        ),
    )


def _atom_text(node: Element) -> str:
    is_plain = (node.get("type") or "").strip().lower() in _PLAIN and not len(node)
    return _as_html(node.text or "") if is_plain else inner_html(node)


# --- JSON Feed


def _of_json(data: dict[str, Any], given: Given) -> Sheet:
    items = data.get("items")
    return Sheet(
        title=words(data.get("title")),
        home=words(data.get("home_page_url")),
        description=words(data.get("description")),
        language=words(data.get("language")),
        items=tuple(_json_item(each, given) for each in items or () if isinstance(each, dict)),
    )


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _json_item(item: dict[str, Any], given: Given) -> Item:
    said = {key: words(value) for key, value in item.items()}
    people = item.get("authors") if isinstance(item.get("authors"), list) else [item.get("author")]
    tags = item.get("tags") if isinstance(item.get("tags"), list) else []
    attached = item.get("attachments") if isinstance(item.get("attachments"), list) else []
    return Item(
        id=said.get("id") or str(item.get("id") or said.get("url", "")),
        url=said.get("url") or said.get("external_url", ""),
        title=said.get("title", ""),
        content=said.get("content_html") or _as_html(_text(item.get("content_text"))),
        summary=_as_html(_text(item.get("summary"))),
        published=given.moment(said.get("date_published") or said.get("date_modified", "")),
        authors=tuple(words(each.get("name")) for each in people or () if isinstance(each, dict)),
        tags=tuple(filter(None, map(words, tags or ()))),
        attached=tuple(
            Attached(url=words(each.get("url")), type=words(each.get("mime_type")))
            for each in attached or ()
            if isinstance(each, dict) and words(each.get("url"))
        ),
    )
