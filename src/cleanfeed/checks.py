"""What a plugin declares, looked through before any page is read."""

from __future__ import annotations

import re
from dataclasses import fields
from reprlib import Repr
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from cleanfeed.markup import compile_css
from cleanfeed.model import ANY_SITE
from cleanfeed.outlet import Listing, Outlet, Recipe, claim_of, listings_of
from cleanfeed.text import plain

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_HOST = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?(/\S*)?")
_PLACE = re.compile(r"https?://[A-Za-z0-9.-]+(:\d+)?(/[!-~]*)?")
_KINDS = ("auto", "feed", "sitemap", "links", "wordpress")
_REFERS = re.compile(r"\(\?P|\(\?\(|\\[0-9]")
"""In a pattern, what names a group or means one by its number."""
_PATTERNS = frozenset({"stop", "boxes", "erase"})
_SHORT = Repr()
_SHORT.maxstring = _SHORT.maxother = 80


def shown(value: object) -> str:
    """The value as a message can quote it: short, and even where its own `__repr__` fails."""
    return _SHORT.repr(value)


def faults(outlet: object) -> Iterator[str]:
    """What is wrong with a declared outlet, field by field."""
    if not isinstance(outlet, Outlet):
        yield f"cleanfeed_outlets gave {type(outlet).__name__} where an Outlet is expected"
        return
    yield from _wrong_texts(outlet)
    if outlet.slug == ANY_SITE:
        yield f"slug {ANY_SITE!r} is that of the outlet of last resort; choose another"
    yield from _wrong_hosts(outlet)
    yield from _wrong_icon(outlet.icon)
    yield from _wrong_patterns("sentinels", outlet.sentinels)
    yield from _wrong_pattern("articles", outlet.articles)
    yield from _wrong_listings(outlet)
    yield from _wrong_recipe("article", outlet.article)
    if outlet.capture is not None:
        yield from _wrong_recipe("capture", outlet.capture)
    if not isinstance(outlet.republishes, bool):
        yield f"republishes must be True or False, not {shown(outlet.republishes)}"
    if not callable(outlet.recognises):
        yield f"recognises must be a function of a page, not {shown(outlet.recognises)}"


def _wrong_texts(outlet: Outlet) -> Iterator[str]:
    for name, is_sound, wanted in (
        ("slug", _SLUG.fullmatch, "of a-z, 0-9 and single hyphens"),
        ("name", plain, "text"),
        ("language", _LANGUAGE.fullmatch, 'a language tag such as "en" or "ar-LB"'),
        ("timezone", _is_zone, 'one of the IANA time zones, such as "Africa/Lagos"'),
    ):
        value = getattr(outlet, name)
        if not isinstance(value, str) or not is_sound(value):
            yield f"{name} must be {wanted}, not {shown(value)}"


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (LookupError, ValueError, OSError):  # a folder's name is an OSError, a bad path a ValueError
        return False
    return True


def _wrong_hosts(outlet: Outlet) -> Iterator[str]:
    hosts = outlet.hosts
    if not isinstance(hosts, tuple) or not hosts:
        yield f'hosts must be a tuple of names such as ("www.example.org",), not {shown(hosts)}'
        return
    wrong = [host for host in hosts if not isinstance(host, str) or not _HOST.fullmatch(host)]
    for host in wrong:
        yield f'hosts must hold names such as "www.example.org" (or "example.org/en"), not {shown(host)}'
    if wrong or outlet.home == "":
        return
    claimed = {claim_of(host)[0] for host in hosts}
    if not isinstance(outlet.home, str) or claim_of(outlet.home)[0] not in claimed:
        yield f"home must be one of the hosts, not {shown(outlet.home)}"


def _wrong_icon(icon: object) -> Iterator[str]:
    if icon != "" and not (isinstance(icon, str) and _PLACE.fullmatch(icon)):
        wanted = 'an address in ASCII such as "https://www.example.org/icon.png"'
        yield f"icon must be {wanted}, not {shown(icon)}"


def _wrong_listings(outlet: Outlet) -> Iterator[str]:
    if not isinstance(outlet.listings, tuple):
        yield f"listings must be a tuple of addresses or Listings, not {shown(outlet.listings)}"
        return
    for number, listing in enumerate(outlet.listings, 1):
        if not isinstance(listing, str | Listing):
            yield f"listing {number} must be an address or a Listing, not {shown(listing)}"
    if all(isinstance(each, str | Listing) for each in outlet.listings):
        for number, listing in enumerate(listings_of(outlet), 1):
            yield from (f"listing {number}: {fault}" for fault in _wrong_listing(listing))


def _wrong_listing(listing: Listing) -> Iterator[str]:
    yield from _wrong_place("url", listing.url)
    if listing.further != "":
        yield from _wrong_place("further", listing.further)
        if isinstance(listing.further, str) and "{page" not in listing.further:
            yield f"further must hold {{page}}, the number of the page, and is {shown(listing.further)}"
    if listing.kind not in _KINDS:
        yield f"kind must be one of {', '.join(_KINDS)}, not {shown(listing.kind)}"
    if not isinstance(listing.section, str) or listing.section != plain(listing.section):
        yield f"section must be a name, not {shown(listing.section)}"
    yield from _wrong_pattern("links", listing.links)


def _wrong_place(name: str, address: object) -> Iterator[str]:
    try:
        filled = address.format(year=2026, month=9, day=4, page=2) if isinstance(address, str) else ""
    except (LookupError, ValueError, AttributeError, TypeError):
        named = "{year}, {month}, {day} and {page}"
        yield f"{name} may have {named} in it, and no other braces: {shown(address)}"
        return
    if not _PLACE.fullmatch(filled):
        wanted = 'an address in ASCII such as "https://www.example.org/feed/"'
        yield f"{name} must be {wanted}, not {shown(address)}"


def _wrong_pattern(name: str, pattern: object) -> Iterator[str]:
    fault = _pattern_fault(pattern) if isinstance(pattern, str) else "is no text"
    if fault:
        yield f"{name}: {shown(pattern)} {fault}"


def _wrong_recipe(name: str, recipe: object) -> Iterator[str]:
    if not isinstance(recipe, Recipe):
        yield f"{name} must be a Recipe, not {shown(recipe)}"
        return
    for field in fields(recipe):
        yield from _wrong_field(f"{name}.{field.name}", field.name, getattr(recipe, field.name))


def _wrong_field(name: str, field: str, value: object) -> Iterator[str]:
    if field in _PATTERNS:
        yield from _wrong_patterns(name, value)
    elif field == "drop":
        yield from _wrong_tuple(name, value, _selector_fault)
    elif field == "source_line":
        yield from _wrong_tuple(name, (value,), _source_fault)
    elif not callable(value):
        yield f"{name} must be a finder (a function of a page), not {shown(value)}"
    elif getattr(value, "__hash__", None) is None:
        yield f"{name} must be hashable, as functions are: {shown(value)}"


def _wrong_patterns(name: str, values: object) -> Iterator[str]:
    together = list(_wrong_tuple(name, values, _pattern_fault))
    if not together and isinstance(values, tuple) and any(map(_REFERS.search, values)):
        # They are matched as one: two of them may use the same name for a group, or mean each other's.
        fault = _pattern_fault("|".join(f"(?:{value})" for value in values))
        together = [f"{name}: {fault}"] if fault else []
    yield from together


def _wrong_tuple(
    name: str, values: object, fault_of: Callable[[str], str] = lambda _value: ""
) -> Iterator[str]:
    if not isinstance(values, tuple):
        yield f"{name} must be a tuple of texts, not {shown(values)}"
        return
    for value in values:
        fault = fault_of(value) if isinstance(value, str) else "is no text"
        if fault:
            yield f"{name}: {shown(value)} {fault}"


def _pattern_fault(pattern: str) -> str:
    try:
        re.compile(f"(?:{pattern})")
    except (re.error, OverflowError, RecursionError) as error:
        return f"is no regular expression: {error}"
    return ""


def _source_fault(pattern: str) -> str:
    fault = _pattern_fault(pattern)
    if pattern and not fault and not re.compile(pattern).groups:
        return "has no group, which would be the source"
    return fault


def _selector_fault(selector: str) -> str:
    try:
        compile_css(selector)
    except ValueError as error:
        return f"is no CSS selector: {error.__cause__ or error}"
    return ""
