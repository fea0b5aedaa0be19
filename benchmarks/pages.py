"""Generated pages of realistic size with what is to be found in them; the same number gives the same page."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from functools import lru_cache
from math import log
from random import Random
from typing import TYPE_CHECKING

from furniture import furnish
from shapes import SHAPES
from stories import tell
from words import TONGUES

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from cleanfeed.model import Entry

MEDIAN, P95 = 110_000, 500_000
"""Bytes of a page, as counted on real news pages."""
_SIGMA = log(P95 / MEDIAN) / 1.645
_SMALLEST, _LARGEST = 25_000, 1_500_000
_FIRST_KEY = 2_000_000
_DISTINCT = 400
"""Pages that are made one by one; higher numbers repeat their text under other titles and addresses."""
_RETRIEVED = "2026-10-02T06:10:44Z"


@dataclass(frozen=True, slots=True)
class Made:
    """A page, and the gold of it."""

    outlet: str
    key: str
    url: str
    title: str
    lines: int
    """Paragraphs and sub-heads of its body."""
    html: str

    def fault(self, entry: Entry | None) -> str | None:
        """What the entry says wrongly of this page, or `None`."""
        if entry is None:
            return f"{self.outlet} {self.key}: no entry"
        found = (entry.outlet, entry.title, entry.text.count("\n") + 1)
        wanted = (self.outlet, self.title, self.lines)
        return None if found == wanted else f"{self.outlet} {self.key}: {found} where {wanted} is on the page"


def pages(count: int, start: int = 0) -> Iterator[Made]:
    """So many pages, the editions in turn."""
    return (page(number) for number in range(start, start + count))


def page(number: int) -> Made:
    made = _page(number % _DISTINCT)
    return made if number < _DISTINCT else _again(made, number)


@lru_cache(maxsize=_DISTINCT)
def _page(number: int) -> Made:
    rng = Random(f"page {number}")
    shape = SHAPES[number % len(SHAPES)]
    tongue = TONGUES[shape.language]
    story = tell(rng, tongue, _FIRST_KEY + number)
    url = shape.address.format(key=story.key)
    room = _size(rng) - sum(len(text.encode()) for text in story.body)
    html = shape.render(story, url, furnish(rng, tongue, shape.card, room))
    return Made(shape.slug, story.key, url, story.title, len(story.body), html)


def _size(rng: Random) -> int:
    return max(_SMALLEST, min(_LARGEST, int(rng.lognormvariate(log(MEDIAN), _SIGMA))))


def _again(made: Made, number: int) -> Made:
    key = str(_FIRST_KEY + number)
    title = f"{made.title} {number}"
    html = made.html.replace(made.key, key).replace(made.title, title)
    return replace(made, key=key, url=made.url.replace(made.key, key), title=title, html=html)


def save(count: int, folder: Path) -> int:
    """Writes so many pages, each with its sidecar, below the folder; how many bytes they have."""
    written = 0
    for made in pages(count):
        below = folder / made.outlet
        below.mkdir(parents=True, exist_ok=True)
        path = below / f"{made.key}.html"
        written += path.write_bytes(made.html.encode())
        path.with_suffix(".json").write_text(json.dumps({"url": made.url, "retrieved": _RETRIEVED}), "utf-8")
    return written
