"""A feed in the format that was asked for: as it is, or said anew as RSS or JSON Feed."""

from __future__ import annotations

import json
import re
from email.utils import format_datetime
from typing import TYPE_CHECKING, Any, Final, Literal

from lxml import etree

from cleanfeed.errors import UnreadablePage
from cleanfeed.markup import parse, text_of
from cleanfeed.serve.parsed import parsed
from cleanfeed.text import xml_safe

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cleanfeed.serve.parsed import Item, Sheet

Form = Literal["rss", "json"]
_TYPES: Final = {
    "rss": "application/rss+xml; charset=utf-8",
    "rdf": "application/rdf+xml; charset=utf-8",
    "feed": "application/atom+xml; charset=utf-8",
    "json": "application/feed+json",
}
_ROOT = re.compile(rb"<(?:[\w.-]+:)?(rss|rdf|feed)[\s>/]", re.IGNORECASE)
_DC: Final = "http://purl.org/dc/elements/1.1/"
_CONTENT: Final = "http://purl.org/rss/1.0/modules/content/"


def recast(data: bytes, form: Form | None, address: str) -> tuple[bytes, str]:
    """The feed and its media type; untouched where it has the format already, or none is asked for."""
    kind = _kind(data)
    if form is None or kind == form:
        return data, _TYPES[kind]
    write = _as_json if form == "json" else _as_rss
    return write(parsed(data, address), address), _TYPES[form]


def _kind(data: bytes) -> str:
    found = _ROOT.search(data)
    if data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{") or found is None:
        return "json"
    return found[1].decode("ascii").lower()


# --- JSON Feed


def _as_json(sheet: Sheet, address: str) -> bytes:
    told = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": sheet.title or address,
        "home_page_url": sheet.home,
        "description": sheet.description,
        "language": sheet.language,
    }
    whole = {**_valued(told), "items": [_json_item(item) for item in sheet.items]}
    return json.dumps(whole, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace") + b"\n"


def _json_item(item: Item) -> dict[str, Any]:
    told = {
        "id": item.id,
        "url": item.url,
        "title": item.title,
        "content_html": item.content or item.summary,
        "summary": _as_text(item.summary) if item.summary != item.content else "",
        "date_published": item.published.isoformat() if item.published else None,
        "authors": [{"name": name} for name in item.authors if name],
        "tags": list(item.tags),
        "attachments": [
            _valued(
                {
                    "url": each.url,
                    "mime_type": each.type or "application/octet-stream",
                    "size_in_bytes": int(each.length) if re.fullmatch("[0-9]{1,15}", each.length) else 0,
                }
            )
            for each in item.attached
        ],
    }
    return {"content_html": "", **_valued(told)}


def _as_text(html: str) -> str:
    """What the standard wants of a summary: plain text; none where the markup is beyond reading."""
    try:
        return text_of(parse(f"<p>{html}</p>", "a summary")) if "<" in html or "&" in html else html
    except UnreadablePage:
        return ""


def _valued(told: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in told.items() if value}


# --- RSS 2.0


def _as_rss(sheet: Sheet, address: str) -> bytes:
    root = etree.Element("rss", {"version": "2.0"}, nsmap={"content": _CONTENT, "dc": _DC})
    channel = etree.SubElement(root, "channel")
    # The three elements that a channel must have.
    _put(channel, "title", sheet.title or address)
    _put(channel, "link", sheet.home or address)
    _put(channel, "description", sheet.description or sheet.title or address)
    if sheet.language:
        _put(channel, "language", sheet.language)
    for item in sheet.items:
        node = etree.SubElement(channel, "item")
        for name, text in _rss_fields(item):
            _put(node, name, text)
        _put(node, "guid", item.id).set("isPermaLink", "false")
        for each in item.attached[:1]:
            kind = each.type or "application/octet-stream"
            told = {"url": each.url, "length": each.length or "0", "type": kind}
            etree.SubElement(node, "enclosure", {name: xml_safe(value) for name, value in told.items()})
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8") + b"\n"


def _rss_fields(item: Item) -> Iterator[tuple[str, str]]:
    fields = [
        ("title", item.title),
        ("link", item.url),
        ("description", item.summary if item.summary != item.content else ""),
        (f"{{{_CONTENT}}}encoded", item.content),
        *((f"{{{_DC}}}creator", name) for name in item.authors),
        ("pubDate", format_datetime(item.published) if item.published else ""),
        *(("category", name) for name in item.tags),
    ]
    yield from ((name, text) for name, text in fields if text)


def _put(parent: etree._Element, name: str, text: str) -> etree._Element:
    node = etree.SubElement(parent, name)
    node.text = xml_safe(text)
    return node
