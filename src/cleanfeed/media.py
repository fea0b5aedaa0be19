"""Pictures: which address a lazy image really has, and which ones only count visits."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

from cleanfeed.addresses import absolute, host_of
from cleanfeed.text import plain

if TYPE_CHECKING:
    from cleanfeed.markup import Element

IMAGES = frozenset({"img", "amp-img", "amp-anim", "picture"})
_LAZY = (
    "data-src", "data-lazy-src", "data-original", "data-lazy", "data-full-src", "data-image", "data-img-src",
    "data-hi-res-src", "data-url", "data-echo",
)  # fmt: skip
_SETS = ("data-srcset", "data-lazy-srcset", "srcset")
_PLACEHOLDER = re.compile(
    r"(?:^|/)(?:blank|spacer|place-?_?holder|transparent|pixel|1x1|lazy(?:-?load)?|loading|loader|gr[ea]y|dummy|trans|empty)"
    r"(?:[-_.]?(?:image|img|bg|pixel|small|large|post|thumb|thumbnail|min|default|\d+(?:x\d+)?|[0-9a-f]{6,}))*+"
    r"\.(?:gif|png|svg|jpe?g|webp)(?:[?#]|$)",
    re.IGNORECASE,
)
_PIXEL_HOSTS = re.compile(
    r"(^|\.)(google-analytics\.com|googletagmanager\.com|doubleclick\.net|scorecardresearch\.com|quantserve\.com|"
    r"pixel\.wp\.com|stats\.wp\.com|chartbeat\.(com|net)|hits\.dwstat\.com|feedburner\.com|feedsportal\.com|"
    r"statcounter\.com|histats\.com|mc\.yandex\.ru|adnxs\.com|criteo\.com|criteo\.net|amazon-adsystem\.com|"
    r"outbrain\.com|taboola\.com|bat\.bing\.com|googleadservices\.com|googlesyndication\.com|px\.ads\.linkedin\.com|"
    r"top-fwz1\.mail\.ru|counter\.yadro\.ru|t\.co|list-manage\.com|analytics\.[\w.-]+|pixel\.[\w.-]+|tracking[\w-]*\.[\w.-]+)$"
)
_EMOJI = re.compile(r"\b(wp-smiley|emoji|smiley)\b")
_EMOJI_LENGTH = 16
_FILLS = re.compile(r"(?:^|[;\s])width\s*:\s*100%")
_STYLED = re.compile(r"(?:^|[;\s])(?:width|height)\s*:\s*(\d{1,5})px")
_SCHEME = re.compile(r"(?!https?:)[a-z][a-z0-9+.-]*:", re.IGNORECASE)
_SMALLEST = 3
"""Pixels; a picture that is smaller is there to count visits."""


@dataclass(frozen=True, slots=True)
class Image:
    src: str
    alt: str = ""
    width: int | None = None
    height: int | None = None


def emoji(node: Element) -> str | None:
    """The character that a small picture stands for."""
    alt = node.get("alt") or ""
    named = _EMOJI.search(node.get("class") or "") or "/images/core/emoji/" in (node.get("src") or "")
    return alt if named and len(alt) <= _EMOJI_LENGTH else None


def image(node: Element, base: str | None) -> Image | None:
    """The picture of an `img`, `amp-img` or `picture` with the best of its addresses; `None` for trackers."""
    inner = next(node.iter("img", "amp-img", "amp-anim"), node)
    width, height = _pixels(inner.get("width")), _pixels(inner.get("height"))
    if _is_pixel(inner, width, height):
        return None
    nested = (fallback for fallback in inner.iter("img") if fallback is not inner)
    sources = node.iter("source") if node.tag == "picture" else ()
    candidates = [each for element in (inner, *sources, *nested) for each in _candidates(element)]
    src = next(filter(None, (_usable(each, base) for each in candidates)), None)
    return Image(src, plain(inner.get("alt") or ""), width or None, height or None) if src else None


def _is_pixel(node: Element, width: int | None, height: int | None) -> bool:
    style = node.get("style") or ""
    if _FILLS.search(style):  # it is as wide as the page, whatever its attributes say
        return False
    styled = [int(number) for number in _STYLED.findall(style)]
    return min(number for number in (width, height, *styled, _SMALLEST) if number is not None) < _SMALLEST


def _candidates(node: Element) -> list[str]:
    # A lazy address is the real one; a plain one may hold the place of another.
    present = node.keys()
    sets = [best for name in _SETS if name in present and (best := _largest(node.get(name) or ""))]
    lazy = [node.get(name) or "" for name in _LAZY if name in present]
    return [*sets, *lazy, node.get("src") or ""]


_CANDIDATE = re.compile(r"([^\s,]\S*+)(?:(?<=,)|([^,]*+))")
_WIDEST = 2048
"""Pixels; what is wider serves screens that no reader of feeds has."""
_SET_LENGTH = 20_000


def _largest(srcset: str) -> str | None:
    """The largest of the allowed candidates, though not larger than needed if there is a choice."""
    found: list[tuple[float, str]] = [
        (_size(size), url.rstrip(",")) for url, size in _CANDIDATE.findall(srcset[:_SET_LENGTH])
    ]
    allowed = [each for each in found if not _SCHEME.match(each[1])]
    fitting = [each for each in allowed if each[0] <= _WIDEST]
    if fitting:
        return max(fitting, key=lambda each: each[0])[1]
    return min(allowed, key=lambda each: each[0])[1] if allowed else None


def _size(descriptor: str) -> float:
    number = descriptor.strip()[:-1]
    return float(number) if number.isascii() and number.replace(".", "", 1).isdigit() else 1.0


def _is_placeholder(address: str) -> bool:
    return address.startswith(("data:", "about:")) or bool(_PLACEHOLDER.search(address))


def _usable(address: str, base: str | None) -> str | None:
    if not address or _is_placeholder(address):
        return None
    found = absolute(_unwrapped(address), base)
    return None if found is None or is_tracker(found) else found


def _unwrapped(address: str) -> str:
    # Next.js serves pictures through /_next/image?url=<the real one>.
    if "/_next/image" in address:
        return str(parse_qs(urlsplit(address).query).get("url", [address])[0])
    return address


def is_tracker(address: str) -> bool:
    """Whether an image at this address is a visit counter's."""
    host = host_of(address)
    return _is_counter(host) or (host == "facebook.com" and urlsplit(address).path.startswith("/tr"))


@lru_cache(maxsize=1024)
def _is_counter(host: str) -> bool:
    return bool(_PIXEL_HOSTS.search(host))


def _pixels(value: str | None) -> int | None:
    number = (value or "").strip().removesuffix("px")
    return int(number) if number.isascii() and number.isdigit() and len(number) < 6 else None  # noqa: PLR2004  # no picture is wider
