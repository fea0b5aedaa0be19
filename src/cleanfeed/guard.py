"""What plugins give back, checked and cleaned like the page itself."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from cleanfeed.addresses import absolute
from cleanfeed.clean import Rules, clean, elements_of, wrap
from cleanfeed.fields import as_authors, as_names, as_tags, as_text, as_title
from cleanfeed.ids import SCHEME, mint
from cleanfeed.model import Entry, Page
from cleanfeed.outlet import Outlet
from cleanfeed.text import xml_safe

_TEXTS = ("id", "title", "content", "text", "language", "kind", "outlet")
_OPTIONAL = ("url", "summary", "source", "section", "image")
_TIMES = ("published", "updated", "first_seen")
_LISTS = ("authors", "tags", "captions", "enclosures")


def guarded(entry: Entry, outlet: Outlet, page: Page) -> Entry:
    """A plugin's entry with sound types, plain texts, public addresses and sanitised content.

    A field of a wrong type is a `TypeError` that names it, a time without a zone a `ValueError`.
    """
    _check(entry)
    content, text = _content(entry, outlet, page)
    return replace(
        entry,
        id=entry.id if entry.id.startswith(SCHEME) else mint(outlet.slug, entry.id),
        outlet=outlet.slug,
        title=as_title(entry.title) or outlet.name,
        content=content,
        text=text,
        url=absolute(entry.url) if entry.url else None,
        image=absolute(entry.image) if entry.image else None,
        summary=as_text(entry.summary),
        source=as_text(entry.source),
        section=as_text(entry.section),
        authors=as_authors(entry.authors),
        tags=as_tags(entry.tags),
        captions=as_names(entry.captions),
        enclosures=tuple(each for each in entry.enclosures if absolute(each.url)),
        kind=as_text(entry.kind) or "article",
    )


def _content(entry: Entry, outlet: Outlet, page: Page) -> tuple[str, str]:
    made: Entry | None = page.view("made", lambda _page: None)
    if made is not None and made.content == entry.content:
        return entry.content, xml_safe(entry.text)
    body = clean(elements_of(entry.content), Rules(), entry.url)
    return wrap(body.html, outlet.language, outlet.direction), body.text


def _check(entry: Entry) -> None:
    for name in _TEXTS:
        _expect(name, getattr(entry, name), str)
    for name in _OPTIONAL:
        _expect(name, getattr(entry, name), (str, type(None)))
    for name in _LISTS:
        _expect(name, getattr(entry, name), (tuple, list))
    for name in _TIMES:
        value = getattr(entry, name)
        _expect(name, value, (datetime, type(None)))
        if value is not None and value.tzinfo is None:
            raise ValueError(f"{name} has no time zone")
    if not entry.id:
        raise ValueError("id is empty")


def _expect(name: str, value: Any, kinds: type | tuple[type, ...]) -> None:  # noqa: ANN401  # it may be anything: that is what is checked
    if not isinstance(value, kinds):
        wanted = kinds if isinstance(kinds, type) else kinds[0]
        raise TypeError(f"{name} is {type(value).__name__}, not {wanted.__name__}")
