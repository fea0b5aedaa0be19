"""What a made-up page is to say, and what an edition is that says it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from random import Random

    from furniture import Card, Furniture
    from words import Tongue

_FIRST = datetime(2026, 9, 1, 6, 0, tzinfo=UTC)
_SUB_HEAD_EVERY = 7


@dataclass(frozen=True, slots=True)
class Story:
    """What a page is to say."""

    key: str
    """Seven digits, nowhere else on the page: its number, or a part of its address."""
    title: str
    deck: str
    author: str
    section: str
    tags: Sequence[str]
    body: Sequence[str]
    time: datetime
    rng: Random
    tongue: Tongue

    def prose(self, tag: str = "h2") -> str:
        """The body as paragraphs, now and then one as a sub-head."""
        return "\n".join(
            f"<{tag}>{text}</{tag}>" if is_sub_head(i) else f"<p>{text}</p>"
            for i, text in enumerate(self.body)
        )


@dataclass(frozen=True, slots=True)
class Shape:
    """One edition: the language of its pages, their addresses, and how they are built."""

    slug: str
    language: str
    address: str
    card: Card
    render: Callable[[Story, str, Furniture], str]


def is_sub_head(index: int) -> bool:
    return index % _SUB_HEAD_EVERY == _SUB_HEAD_EVERY - 1


def tell(rng: Random, tongue: Tongue, key: int) -> Story:
    """A story of 5 to 40 paragraphs."""
    count = max(5, min(40, int(rng.lognormvariate(2.5, 0.5))))
    body = [tongue.title(rng, 2, 5) if is_sub_head(i) else tongue.paragraph(rng) for i in range(count)]
    return Story(
        key=str(key),
        title=tongue.title(rng),
        deck=tongue.sentence(rng),
        author=tongue.name(rng),
        section=rng.choice(tongue.vocabulary[:12]).title(),
        tags=tuple(dict.fromkeys(rng.choices(tongue.vocabulary[12:60], k=5))),
        body=body,
        time=_FIRST + timedelta(minutes=key % 40_000),
        rng=rng,
        tongue=tongue,
    )
