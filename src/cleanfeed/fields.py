"""From what a finder found to what a field of an entry holds."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, tzinfo
from typing import TYPE_CHECKING, Any

from cleanfeed.addresses import absolute
from cleanfeed.dates import Moment, age, parse, plausible
from cleanfeed.markup import Element, text_of
from cleanfeed.media import IMAGES, image, is_tracker
from cleanfeed.text import cut, plain

if TYPE_CHECKING:
    from cleanfeed.model import Page

TITLE_LIMIT = 300
_TAGS = re.compile(
    r"</?(?:i|b|em|strong|u|s|span|sup|sub|br|font|small|mark|p|div|a|h[1-6]|big|script|style)\b[^>]*>",
    re.IGNORECASE,
)


def as_text(found: object) -> str | None:
    """Plain text on one line, `None` where there is none of it; of a list, its first item's."""
    if isinstance(found, (list, tuple)):
        found = next(iter(found), None)
    if isinstance(found, Element):
        found = text_of(found)
    if isinstance(found, (str, int, float)) and not isinstance(found, bool):
        return plain(str(found)) or None
    # A page's JSON may hold an object where text belongs; anything else is a fault of the finder.
    if found is None or isinstance(found, (bool, Mapping)):
        return None
    raise TypeError(f"a finder gave {type(found).__name__} where text is expected")


def as_title(found: object) -> str | None:
    """A title: without formatting elements that were written as text, cut near 300 characters."""
    text = _as_bare_text(found)
    return cut(text, TITLE_LIMIT) if text else None


def _as_bare_text(found: object) -> str | None:
    """Plain text without the formatting elements that were written as text."""
    text = as_text(found)
    return plain(_TAGS.sub("", text)) or None if text and "<" in text else text


def _each(found: object) -> Iterator[Any]:
    """The single values of a finding; an element is one, though it can be iterated."""
    if found is None:
        return
    if isinstance(found, (str, bytes, Element, datetime, Mapping)) or not isinstance(found, Iterable):
        yield found
    else:
        yield from found


def as_names(found: object) -> tuple[str, ...]:
    """Texts, each once (without regard to case), in order; formatting that was written as text goes."""
    texts = (_as_bare_text(each) for each in _each(found))
    return _unique(text for text in texts if text)


def _unique(texts: Iterable[str]) -> tuple[str, ...]:
    seen: dict[str, str] = {}
    for text in texts:
        seen.setdefault(text.casefold(), text)
    seen.pop("", None)
    return tuple(seen.values())


_BYLINE = re.compile(r"^(?:(?:written )?by|author|بقلم|الكاتب|كتب|por|autor|par)\s*:?\s+", re.IGNORECASE)
_MAIL = re.compile(r"[<(\[]?\b[\w.+-]+@[\w-]+\.[\w.-]+\b[>)\]]?")
_AND = re.compile(r"\s*[,;،]\s+|\s+(?:and|&)\s+")


def as_authors(found: object) -> tuple[str, ...]:
    """Names: "By Ada Obi and Bola Ige" are two; e-mail addresses are none."""
    texts = (_BYLINE.sub("", _as_bare_text(each) or "") for each in _each(found))
    names = (name.strip(" -–—|·") for text in texts for name in _AND.split(_MAIL.sub("", text)))
    return _unique(name for name in map(plain, names) if name and not name.startswith(("http:", "https:")))


def as_tags(found: object) -> tuple[str, ...]:
    """Tags, each once; a single text is a list with commas."""
    values = re.split(r"[,،;]", found) if isinstance(found, str) else _each(found)
    return _unique(text.lstrip("#").strip() for each in values if (text := _as_bare_text(each)))


def as_moment(found: object, zone: tzinfo, page: Page) -> Moment | None:
    """The first of the found dates that can be read and believed."""
    return next((moment for each in _each(found) if (moment := _moment(each, zone, page))), None)


def _moment(value: object, zone: tzinfo, page: Page) -> Moment | None:
    if isinstance(value, datetime):
        moment: Moment | None = Moment(value if value.tzinfo else value.replace(tzinfo=zone), None)
    else:
        text = as_text(value)
        moment = parse(text, zone) if text else None
        if moment is None and text and page.retrieved and page.retrieved_known:
            moment = age(text, page.retrieved, zone)
    if moment is None or not plausible(moment, page.retrieved):
        return None
    # A second is the finest that outlets mean; what one field adds to it is no later change.
    return moment._replace(time=moment.time.replace(microsecond=0))


def as_image(found: object, base: str | None) -> str | None:
    """The address of the first picture that has a usable one."""
    for each in _each(found):
        if isinstance(each, Element):
            node = each if each.tag in IMAGES else next(each.iter(*IMAGES), None)
            picture = image(node, base) if node is not None else None
            address = picture.src if picture else None
        else:
            address = absolute(each, base) if isinstance(each, str) else None
        if address and not is_tracker(address):
            return address
    return None
