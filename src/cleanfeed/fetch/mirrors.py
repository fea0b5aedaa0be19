"""Mirrors: servers that are trusted to answer in an origin's place; pages keep their own addresses."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from cleanfeed.addresses import host_of
from cleanfeed.fetch.hosts import DEFAULT_PORTS, origin_of

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class _Mirror:
    origin: str
    path: str
    """Where the mirrored part begins; without a "/" at its end."""
    base: str


class Mirrors:
    """Which addresses are asked for elsewhere, and what the answers' addresses mean."""

    def __init__(self, bases: Mapping[str, str]) -> None:
        mirrors = [
            _Mirror(origin_of(own) or own, urlsplit(own).path.rstrip("/"), base.rstrip("/"))
            for own, base in bases.items()
        ]
        self._mirrors = sorted(mirrors, key=lambda mirror: len(mirror.path), reverse=True)

    def trusted(self) -> frozenset[tuple[str, int]]:
        """Name and port of each mirror: these were chosen by the user, wherever they are."""
        parts = [urlsplit(mirror.base) for mirror in self._mirrors]
        return frozenset((part.hostname or "", part.port or DEFAULT_PORTS[part.scheme]) for part in parts)

    def target(self, own: str) -> str | None:
        """Where to ask in this address's place; `None` where it is asked itself."""
        mirror = self._of(own)
        return None if mirror is None else mirror.base + _rest(own)[len(mirror.path) :]

    def led(self, own: str, location: str) -> str:
        """Where a redirect leads, as an address of its own; raises `ValueError` for what is none.

        What leads to the mirror that has answered stays on the origin that it stands for.
        """
        here = self._of(own)
        if here is None:
            return self._named(urljoin(own, location))
        led = urljoin(here.base + _rest(own)[len(here.path) :], location)
        if origin_of(led) != origin_of(here.base):
            return self._named(led)
        return f"{origin_of(own)}{_owned(here, led)}"

    def _named(self, url: str) -> str:
        """The own address of what is asked for by a mirror's address."""
        for mirror in self._mirrors:
            if origin_of(mirror.base) == origin_of(url):
                return mirror.origin + _owned(mirror, url)
        return url

    def _of(self, own: str) -> _Mirror | None:
        origin = origin_of(own)
        if origin is None:
            return None
        path = urlsplit(own).path
        for mirror in self._mirrors:
            if mirror.origin == origin and f"{path}/".startswith(f"{mirror.path}/"):
                return mirror
        if urlsplit(origin).port:  # another server than the one that has a mirror
            return None
        name = host_of(own)
        alike = (each for each in self._mirrors if not each.path and host_of(each.origin) == name)
        return next(alike, None)


def _rest(url: str) -> str:
    """Path and query; a path there always is."""
    parts = urlsplit(url)
    path = parts.path if parts.path.startswith("/") else f"/{parts.path}"
    return path + (f"?{parts.query}" if parts.query else "")


def _owned(mirror: _Mirror, url: str) -> str:
    """Path and query below the own origin, for an address of the mirror."""
    rest = _rest(url)
    path = urlsplit(mirror.base).path
    if path and (rest == path or rest.startswith((f"{path}/", f"{path}?"))):
        below = rest[len(path) :]
        return mirror.path + (below if below.startswith("/") else f"/{below}")
    return rest if path else mirror.path + rest
