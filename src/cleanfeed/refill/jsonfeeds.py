"""JSON Feed as a document whose contents can be replaced."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import msgspec

from cleanfeed.errors import ListingError
from cleanfeed.refill.entries import Place
from cleanfeed.text import cut, squeeze

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_VERSIONS = ("https://jsonfeed.org/version/1", "http://jsonfeed.org/version/1")
_LONGEST_TITLE = 80
_ADDRESSES = ("url", "external_url", "id")
_CONTENTS = ("content_html", "content_text")
_Object = dict[str, msgspec.Raw]
"""What is not replaced keeps its spelling: numbers and escapes as they came."""


@dataclass(frozen=True, kw_only=True)
class JsonFeed:
    """A feed in JSON."""

    whole: str
    top: _Object
    items: tuple[msgspec.Raw, ...]

    @property
    def count(self) -> int:
        return len(self.items)

    def place(self, number: int) -> Place:
        return _place(self.items[number])

    def filled(self, contents: Mapping[int, str]) -> bytes:
        if not contents:
            return self.whole.encode()
        items = [
            msgspec.json.encode(_filled(each, contents[number])) if number in contents else bytes(each)
            for number, each in enumerate(self.items)
        ]
        top = {**self.top, "items": msgspec.Raw(b"[" + b",".join(items) + b"]")}
        return msgspec.json.encode(top) + b"\n"


def json_feed(text: str, name: str) -> JsonFeed | None:
    """The feed of this text; `None` where it is no JSON at all, a `ListingError` where it is no feed."""
    whole = text.lstrip("\ufeff \t\r\n")
    if not whole.startswith("{"):
        return None
    try:
        # Raw values are checked no further than they must; broken ones are to be found now.
        msgspec.json.decode(whole, type=dict[str, Any])
        top = msgspec.json.decode(whole, type=_Object)
    except (msgspec.DecodeError, RecursionError, UnicodeError) as error:
        raise ListingError(name, f"is cut short or broken: {squeeze(str(error))}") from error
    items = _items(top)
    if items is None:
        raise ListingError(name, "is JSON, and no JSON Feed")
    return JsonFeed(whole=whole, top=top, items=items)


def _items(top: _Object) -> tuple[msgspec.Raw, ...] | None:
    version = _said(top, "version")
    if not isinstance(version, str) or not version.strip().startswith(_VERSIONS):
        return None
    try:
        return tuple(msgspec.json.decode(top.get("items", b""), type=list[msgspec.Raw]))
    except msgspec.DecodeError:
        return None


def _said(found: _Object, key: str) -> object:
    return msgspec.json.decode(found[key]) if key in found else None


def _place(raw: msgspec.Raw) -> Place:
    item = _object(raw)
    said = {key: _said(item, key) for key in (*_ADDRESSES, "title")}
    title = said.pop("title")
    return Place(
        addresses=tuple(dict.fromkeys(_addresses(said))),
        title=cut(squeeze(title), _LONGEST_TITLE) if isinstance(title, str) else "",
    )


def _addresses(said: Mapping[str, object]) -> Iterator[str]:
    for key, value in said.items():
        text = value.strip() if isinstance(value, str) else ""
        if text and (key != "id" or text.lower().startswith(("http://", "https://"))):
            yield text


def _object(raw: msgspec.Raw) -> _Object:
    try:
        return msgspec.json.decode(raw, type=_Object)
    except msgspec.DecodeError:  # an item that is no object has nothing to fill
        return {}


def _filled(raw: msgspec.Raw, html: str) -> _Object:
    """The item with its content as HTML alone, where its content stood."""
    content = msgspec.Raw(msgspec.json.encode(html))
    item = _object(raw)
    if not any(key in item for key in _CONTENTS):
        return {**item, "content_html": content}
    kept: _Object = {}
    for key, value in item.items():
        if key in _CONTENTS:
            kept["content_html"] = content
        else:
            kept[key] = value
    return kept
