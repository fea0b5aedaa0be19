"""Articles that a feed carries whole: made into pages of kind "item", and read by a recipe of ours."""

from __future__ import annotations

import json
import re
from functools import lru_cache
from html import escape
from typing import TYPE_CHECKING, Any, NamedTuple

from cleanfeed.markup import JSON_LIMIT, load_json
from cleanfeed.outlet import Outlet, Recipe
from cleanfeed.text import squeeze, xml_safe

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from cleanfeed.model import Page

_LEAST = 200
"""Characters of text; less is a teaser."""
_MARKUP = re.compile(r"<(script|style)\b.*?</\1\s*>|<[^>]*>", re.DOTALL | re.IGNORECASE)
_TEASES = re.compile(
    r"(?:\[?(?:…|\.\.\.|&hellip;|&#8230;)\]?|(?:read|see) (?:more|on|the full (?:story|article))"
    r"|continue reading|اقرأ المزيد|leer más|seguir leyendo)\W*$",
    re.IGNORECASE,
)
_STOP = (r"The post .+ (?:appeared first on|first appeared on) .+",)
"""The line that blog software puts under the articles of its feeds."""
_HEAD = '<script type="application/json" id="item">'
_DATA = re.compile(re.escape(_HEAD) + "(.*?)</script>", re.DOTALL)


class Item(NamedTuple):
    """An article, as a feed carries it."""

    title: str
    content: str
    """HTML, as it came."""
    authors: tuple[str, ...] = ()
    published: datetime | None = None
    updated: datetime | None = None
    tags: tuple[str, ...] = ()


def is_whole(content: str) -> bool:
    """Whether the content has the text of an article, and is no teaser of one."""
    if len(content) < _LEAST:
        return False
    text = squeeze(_MARKUP.sub(" ", content[:JSON_LIMIT]))
    return len(text) >= _LEAST and not _TEASES.search(text[-80:])


def document(item: Item, url: str) -> str:
    """The item as a small HTML document; "" where it is larger than an article can be.

    What came from the feed is data in it, so none of it can pass for the document's own parts.
    """
    told = {
        "title": item.title,
        "content": item.content,
        "authors": item.authors,
        "published": item.published.isoformat() if item.published else None,
        "updated": item.updated.isoformat() if item.updated else None,
        "tags": item.tags,
    }
    data = json.dumps(told, ensure_ascii=False).replace("<", "\\u003c").replace("\x7f", "\\u007f")
    if len(data) > JSON_LIMIT:
        return ""
    title = escape(item.title, quote=False)
    return xml_safe(
        f'<!doctype html>\n<html>\n<head>\n<meta charset="utf-8">\n<title>{title}</title>\n'
        f'<link rel="canonical" href="{escape(url)}">\n</head>\n'
        f"<body>\n{_HEAD}{data}</script>\n</body>\n</html>\n"
    )


@lru_cache(maxsize=256)
def recipe(outlet: Outlet) -> Recipe:
    """How items of an outlet are read: by what the feed tells, cleaned as the outlet's pages are."""
    own = outlet.article
    return Recipe(
        title=_told("title"),
        content=_told("content"),
        published=_told("published"),
        updated=_told("updated"),
        authors=_told("authors"),
        tags=_told("tags"),
        kind=own.kind,
        number=own.number,
        drop=own.drop,
        erase=own.erase,
        stop=(*own.stop, *_STOP),
        boxes=own.boxes,
        source_line=own.source_line,
    )


def _told(name: str) -> Callable[[Page], Any]:
    def find(page: Page) -> Any:  # JSON is anything; the field's conversion checks it
        return page.view("item", _load).get(name)

    return find


def _load(page: Page) -> Mapping[str, Any]:
    found = _DATA.search(page.body)
    told = load_json(found[1]) if found else None
    return told if isinstance(told, dict) else {}
