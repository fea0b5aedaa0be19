"""Labelled pairs of made-up articles, and how well they are judged."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

import storywords as words
from cleanfeed.stories.clusters import Clusters, Item, clusters
from cleanfeed.stories.signature import signature
from storyarticles import LANGUAGES, Article, Text, article, told
from storycopies import COPIES, spelt_out
from storyothers import UNLIKE, match, quoting, routine, search

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator


@dataclass(frozen=True, kw_only=True)
class Pair:
    kind: str
    language: str
    one: Text
    other: Text
    is_copy: bool
    company: tuple[Text, ...] = ()
    """Further entries of the same outlets."""


def _routines(rng: random.Random, language: str) -> Iterator[Pair]:
    for outlet in ("courier", "digest"):
        one, other = routine(rng, language, 0, "courier"), routine(rng, language, rng.randint(1, 3), outlet)
        yield Pair(kind=f"routine in {outlet}", language=language, one=one, other=other, is_copy=False)
    # The same bulletin, but for one number and the day.
    one = routine(rng, language, 1, "courier")
    text = re.sub(r"\d+(?=\D+$)", "77", one.text)
    text = text.replace(words.DAYS[language][1], words.DAYS[language][2])
    other = replace(one, outlet="digest", text=text, moment=one.moment + timedelta(days=1))
    yield Pair(kind="routine but for a number", language=language, one=one, other=other, is_copy=False)


def _reports(rng: random.Random, language: str) -> Iterator[Pair]:
    for outlet in ("courier", "digest"):
        one, other = (
            search(rng, language, 0, "courier"),
            search(rng, language, rng.choice((3, 9, 24)), outlet),
        )
        yield Pair(kind=f"search in {outlet}", language=language, one=one, other=other, is_copy=False)
        one, other = match(rng, language, 0, "courier"), match(rng, language, rng.randint(1, 3), outlet)
        yield Pair(kind=f"match in {outlet}", language=language, one=one, other=other, is_copy=False)
    one = search(rng, language, 0, "courier")
    copy = replace(one, outlet="digest", moment=one.moment + timedelta(hours=2))
    yield Pair(kind="copy of a search", language=language, one=one, other=copy, is_copy=True)
    title, text = words.SHOW[language]
    one = Text(outlet="courier", title=title, text=text)
    other = replace(one, moment=one.moment + timedelta(days=1))
    yield Pair(kind="daily show", language=language, one=one, other=other, is_copy=False)


def _statements(rng: random.Random, language: str) -> Iterator[Pair]:
    one, other = article(rng, language, 4), article(rng, language, 4)
    yield Pair(
        kind="same statement",
        language=language,
        one=told(one, text=quoting(one)),
        other=told(other, "evening", text=quoting(other)),
        is_copy=False,
    )
    tens = rng.sample(sorted(words.TENS[language]), 4)
    base = replace(article(rng, language, 4), figures=tuple(tens))
    yield Pair(kind="spelt out", language=language, one=told(base), other=spelt_out(base), is_copy=True)


def _stubs(rng: random.Random, language: str) -> Iterator[Pair]:
    title, text = words.STUB[language]
    titles = [title.format(article(rng, language).title) for _ in range(2)]
    one, other = (Text(outlet="courier", title=each, text=text) for each in titles)
    yield Pair(kind="stub", language=language, one=one, other=other, is_copy=False)
    yield Pair(
        kind="stub elsewhere",
        language=language,
        one=one,
        other=replace(other, outlet="digest"),
        is_copy=False,
    )
    one = replace(one, text=article(rng, language, 1).paragraphs[0].partition(".")[0] + ".")
    yield Pair(
        kind="short copy", language=language, one=one, other=replace(one, outlet="digest"), is_copy=True
    )


def _closings(rng: random.Random, language: str) -> Iterator[Pair]:
    company = tuple(_closed(article(rng, language, 2)) for _ in range(2))
    one, other = _closed(article(rng, language, 1)), article(rng, language, 1)
    for kind, each in (
        ("same closing", _closed(other)),
        ("same closing elsewhere", _closed(other, "digest")),
    ):
        yield Pair(kind=kind, language=language, one=one, other=each, is_copy=False, company=company)
    copy = replace(one, outlet="digest")
    yield Pair(
        kind="copy with closing", language=language, one=one, other=copy, is_copy=True, company=company
    )


def _closed(each: Article, outlet: str = "courier") -> Text:
    return told(each, outlet, text="\n".join([*each.paragraphs, words.BOILERPLATE[each.language]]))


def _republished(base: Article) -> Pair:
    one = told(base)
    return Pair(kind="republished", language=base.language, one=one, other=one, is_copy=True)


def pairs(seed: int, each: int = 10) -> Iterator[Pair]:
    """Labelled pairs: so many of each kind, in each language."""
    for language in LANGUAGES:
        rng = random.Random(f"{seed} {language}")
        for _ in range(each):
            for make in (*COPIES, *UNLIKE):
                base = article(rng, language)
                yield Pair(
                    kind=make.__name__,
                    language=language,
                    one=told(base),
                    other=make(rng, base),
                    is_copy=make in COPIES,
                )
            yield _republished(article(rng, language))
            yield from _routines(rng, language)
            yield from _reports(rng, language)
            yield from _statements(rng, language)
            yield from _stubs(rng, language)
            yield from _closings(rng, language)


def found(texts: Iterable[Text]) -> Clusters:
    """The stories of texts, whose ids are their numbers."""
    numbered = {f"{number:06}": text for number, text in enumerate(texts)}
    signed = {id_: signature(text.title, text.text) for id_, text in numbered.items()}
    items = [Item(id_, each.outlet, each.moment, signed[id_].sketch) for id_, each in numbered.items()]
    return clusters(items, signed.__getitem__)


def is_one(pair: Pair) -> bool:
    """Whether the two are one story, among the company that they have."""
    return any(
        {"000000", "000001"} <= group for group in found((pair.one, pair.other, *pair.company)).members
    )


@dataclass(frozen=True)
class Score:
    precision: float
    recall: float
    wrong: tuple[Pair, ...]
    """The pairs that were judged wrongly."""


def score(labelled: Iterable[Pair], judge: Callable[[Pair], bool] = is_one) -> Score:
    judged = [(pair, judge(pair)) for pair in labelled]
    right = sum(said and pair.is_copy for pair, said in judged)
    said = sum(verdict for _, verdict in judged)
    copies = sum(pair.is_copy for pair, _ in judged)
    wrong = tuple(pair for pair, verdict in judged if verdict != pair.is_copy)
    return Score(right / said if said else 0.0, right / copies, wrong)
