"""What only looks like a copy of a made-up article."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import storywords as words
from storyarticles import LANGUAGES, NOON, Article, Text, article, told

if TYPE_CHECKING:
    import random
    from collections.abc import Callable


def another_report(rng: random.Random, base: Article) -> Text:
    """The same event by another pen: the same people and things, two quotations, and other sentences."""
    other = article(rng, base.language, len(base.paragraphs))
    (who, _, what, _, names), (_, did, _, why, _) = base.clauses[0][0], other.clauses[0][0]
    first = ((who, did, what, why, names), *other.clauses[0][1:])
    clauses = (
        first,
        (*other.clauses[1], base.clauses[1][0]),
        (*other.clauses[2], base.clauses[2][0]),
        *other.clauses[3:],
    )
    return told(replace(other, clauses=clauses), "evening", moment=NOON + timedelta(hours=1))


def same_title(rng: random.Random, base: Article) -> Text:
    return told(article(rng, base.language), "digest", title=base.title)


def same_topic(rng: random.Random, base: Article) -> Text:
    """Everything is about the same people."""
    other = article(rng, base.language, len(base.paragraphs))
    people = [clause[0] for paragraph in base.clauses for clause in paragraph]
    clauses = tuple(
        tuple((rng.choice(people), *clause[1:]) for clause in paragraph) for paragraph in other.clauses
    )
    return told(replace(other, clauses=clauses), "digest")


def translated(rng: random.Random, base: Article) -> Text:
    language = rng.choice([each for each in LANGUAGES if each != base.language])
    return told(replace(base, language=language), "digest")


def follow_up(rng: random.Random, base: Article, outlet: str = "courier") -> Text:
    """News of today above two paragraphs of yesterday's."""
    new = article(rng, base.language, rng.randint(3, 5))
    text = [*new.paragraphs, *base.paragraphs[:2]]
    return told(new, outlet, text="\n".join(text), moment=NOON + timedelta(days=1))


def follow_up_elsewhere(rng: random.Random, base: Article) -> Text:
    return follow_up(rng, base, "digest")


def same_closing(rng: random.Random, base: Article) -> Text:
    other = article(rng, base.language, 2)
    return told(other, "digest", text="\n".join([*other.paragraphs, words.BOILERPLATE[base.language]]))


def quoting(each: Article) -> str:
    first, *rest = each.paragraphs
    return "\n".join([first, f'"{words.STATEMENT[each.language]}."', *rest])


def roundup(rng: random.Random, base: Article) -> Text:
    """The news in brief: this article's first paragraph, and those of others."""
    others = [article(rng, base.language, 1).paragraphs[0] for _ in range(4)]
    others.insert(rng.randint(0, 4), base.paragraphs[0])
    return told(article(rng, base.language, 1), "digest", text="\n".join(others))


def next_part(rng: random.Random, base: Article) -> Text:
    """The next part of a series, under the same headline and first paragraph."""
    new = article(rng, base.language, 4)
    return told(base, text="\n".join([base.paragraphs[0], *new.paragraphs]), moment=NOON + timedelta(days=1))


UNLIKE: tuple[Callable[[random.Random, Article], Text], ...] = (
    another_report, same_title, same_topic, translated, follow_up, follow_up_elsewhere, roundup, next_part,
)  # fmt: skip


def routine(rng: random.Random, language: str, place: int, outlet: str) -> Text:
    title, text = words.ROUTINE[language]
    a, b, c = (rng.randint(100, 99_000) for _ in range(3))
    said = {"a": f"{a:,}", "b": f"{b:,}", "c": f"{c:,}", "day": words.DAYS[language][place]}
    moment = NOON + timedelta(days=place)
    return Text(outlet=outlet, title=title.format(**said), text=text.format(**said), moment=moment)


def search(rng: random.Random, language: str, hours: int, outlet: str) -> Text:
    """What is known so far: the same sentences with other figures, in words, as hours pass."""
    title, text = words.SEARCH[language]
    a, b, c = rng.sample(sorted(words.TENS[language].values()), 3)
    moment = NOON + timedelta(hours=hours)
    return Text(outlet=outlet, title=title, text=text.format(a=a, b=b, c=c), moment=moment)


def match(rng: random.Random, language: str, place: int, outlet: str) -> Text:
    """One of a day's matches, in the words of all the others."""
    title, text = words.MATCH[language]
    teams = words.TEAMS[language]
    said = {"home": teams[place], "away": teams[place + 1], "scorer": rng.choice(words.SCORERS[language])}
    figures = {"a": 4 - place, "b": place, "c": 800 + 100 * place + rng.randint(1, 99)}
    return Text(outlet=outlet, title=title.format(**said), text=text.format(**said, **figures))
