"""What plugins give back, checked and cleaned like the page itself."""

from __future__ import annotations

import re
from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from cleanfeed.addresses import absolute, canonical
from cleanfeed.clean import Rules, clean, elements_of, wrap
from cleanfeed.declared import address_of
from cleanfeed.fields import as_authors, as_image, as_moment, as_names, as_tags, as_text, as_title
from cleanfeed.ids import SCHEME, mint
from cleanfeed.model import Enclosure, Entry
from cleanfeed.outlet import Outlet, direction_of
from cleanfeed.text import cut, squeeze, xml_safe

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Literal

    from cleanfeed.model import Page

_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_FIRST_WORDS = 80
_TEXTS = ("id", "outlet", "title", "content", "text", "language", "kind")
_OPTIONAL = ("url", "summary", "source", "section", "image")
_TIMES = ("published", "updated", "first_seen")
_LISTS = {"authors": str, "tags": str, "captions": str, "enclosures": Enclosure}
_CHOICES: dict[str, tuple[object, ...]] = {"direction": ("ltr", "rtl"), "date_precision": (None, "day")}


def made(page: Page) -> Entry | None:
    """The entry that the built-in plugin has made of the page, if it has."""
    return page.view("made", lambda _page: None)


def guarded(entry: Entry, outlet: Outlet, page: Page) -> Entry:
    """A plugin's entry anew, of sound types, plain texts, public addresses and sanitised content.

    A field of a wrong type is a `TypeError` that names it, a value that cannot be an entry's a `ValueError`.
    """
    _check(entry, outlet)
    url = (canonical(entry.url, page.url) if entry.url else None) or address_of(page)
    language, direction = _language(entry, outlet)
    content, text = _content(entry, page, url, language, direction)
    published, updated, first_seen = _times(entry, outlet, page)
    return Entry(
        id=_id(entry.id, outlet),
        outlet=outlet.slug,
        title=as_title(entry.title) or cut(squeeze(text), _FIRST_WORDS) or outlet.name,
        content=content,
        text=text,
        language=language,
        direction=direction,
        url=url,
        published=published,
        updated=updated,
        date_precision=entry.date_precision if published else None,
        first_seen=first_seen or page.retrieved,
        summary=as_text(entry.summary),
        authors=as_authors(entry.authors),
        source=as_text(entry.source),
        section=as_text(entry.section),
        tags=as_tags(entry.tags),
        image=as_image(entry.image, url),
        captions=as_names(entry.captions),
        enclosures=tuple(_enclosures(entry.enclosures, url)),
        kind=as_text(entry.kind) or "article",
    )


def _times(entry: Entry, outlet: Outlet, page: Page) -> list[datetime | None]:
    """Publication, update (only when it is later) and first sight, as far as they can be believed."""
    zone = ZoneInfo(outlet.timezone)
    moments = [as_moment(getattr(entry, name), zone, page) for name in _TIMES]
    published, updated, first_seen = (moment.time if moment else None for moment in moments)
    if published and updated and updated <= published:
        updated = None
    return [published, updated, first_seen]


def _id(own: str, outlet: Outlet) -> str:
    """An id of this outlet: none can be another outlet's, and what is ours already stays."""
    return mint(outlet.slug, xml_safe(own).removeprefix(f"{SCHEME}{outlet.slug}/"))


def _language(entry: Entry, outlet: Outlet) -> tuple[str, Literal["ltr", "rtl"]]:
    language = str(entry.language) if _LANGUAGE.fullmatch(entry.language) else outlet.language
    return language, "rtl" if entry.direction == "rtl" else direction_of(language)


def _content(entry: Entry, page: Page, url: str | None, language: str, direction: str) -> tuple[str, str]:
    untouched = made(page)
    if untouched is not None and untouched.content == entry.content:
        return untouched.content, untouched.text
    body = clean(elements_of(xml_safe(entry.content)), Rules(), url)
    if not body.html:
        raise ValueError("content is empty, or nothing of it may be shown")
    return wrap(body.html, language, direction), body.text


def _enclosures(found: Iterable[Enclosure], base: str | None) -> Iterable[Enclosure]:
    for each in found:
        url = absolute(each.url, base)
        if url:
            yield Enclosure(url=url, type=as_text(each.type) or "", length=max(each.length, 0))


def _check(entry: Entry, outlet: Outlet) -> None:
    for name in _TEXTS:
        _expect(name, getattr(entry, name), str)
    for name in _OPTIONAL:
        _expect(name, getattr(entry, name), str, type(None))
    for name, kind in _LISTS.items():
        _expect(name, getattr(entry, name), tuple, list)
        for number, each in enumerate(getattr(entry, name)):
            _expect(f"{name}[{number}]", each, kind)
    for number, each in enumerate(entry.enclosures):
        for name, kinds in (("url", str), ("type", str), ("length", int)):
            _expect(f"enclosures[{number}].{name}", getattr(each, name), kinds)
    _check_times(entry)
    _check_values(entry, outlet)


def _check_times(entry: Entry) -> None:
    for name in _TIMES:
        value = getattr(entry, name)
        _expect(name, value, datetime, type(None))
        if value is not None and value.utcoffset() is None:
            raise ValueError(f"{name} has no time zone")


def _check_values(entry: Entry, outlet: Outlet) -> None:
    for name, choices in _CHOICES.items():
        if getattr(entry, name) not in choices:
            raise ValueError(f"{name} is {getattr(entry, name)!r}, not one of {choices!r}")
    if not entry.id.strip():
        raise ValueError("id is empty")
    if entry.outlet != outlet.slug:
        raise ValueError(f"outlet is {entry.outlet!r}, but the page is one of {outlet.slug!r}")


def _expect(name: str, value: object, *kinds: type) -> None:
    if not isinstance(value, kinds):
        raise TypeError(f"{name} is {type(value).__name__}, not {kinds[0].__name__}")
