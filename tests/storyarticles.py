"""Made-up articles in three languages, whose clauses are known."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import UTC, datetime
from zlib import crc32

import storywords as words

LANGUAGES = ("en", "ar", "es")
NOON = datetime(2026, 10, 5, 12, tzinfo=UTC)
Clause = tuple[int, int, int, int, int]
"""The places of its four phrases among the phrases of a language, and what makes its words its own."""


@dataclass(frozen=True, kw_only=True)
class Article:
    """An article whose clauses are known, so that it can be told in other words, or in another language."""

    language: str
    clauses: tuple[tuple[Clause, ...], ...]
    """By paragraph."""
    figures: tuple[int, ...]
    seed: int
    flips: float = 0.0
    """The part of its phrases that are told in the other of two ways."""

    @property
    def title(self) -> str:
        return " ".join(self._phrases(self.clauses[0][0])[:3])

    @property
    def retitled(self) -> str:
        phrases = self._phrases(self.clauses[-1][-1])
        return f"{phrases[2]}: {phrases[0]}"

    @property
    def paragraphs(self) -> list[str]:
        told = [" ".join(self.sentence(each) for each in paragraph) for paragraph in self.clauses]
        figured = len(self.figures)
        return [
            f"{text} {self._figure(place)}" if place < figured else text for place, text in enumerate(told)
        ]

    def _figure(self, number: int) -> str:
        forms = words.FIGURES[self.language]
        return forms[number % len(forms)].format(n=self.figures[number])

    def sentence(self, clause: Clause) -> str:
        text = " ".join(self._phrases(clause))
        return f"{text[0].upper()}{text[1:]}."

    def _phrases(self, clause: Clause) -> list[str]:
        pools = (words.WHO, words.DID, words.WHAT, words.WHY)
        rng = random.Random(f"{self.seed} {clause}")
        told = [pool[self.language][place].split("|") for pool, place in zip(pools, clause, strict=False)]
        who, did, *rest = (ways[-1 if rng.random() < self.flips else 0] for ways in told)
        return [who, did, *(self._renamed(phrase, clause[-1]) for phrase in rest)]

    def _renamed(self, phrase: str, salt: int) -> str:
        """The phrase with names of its own: elsewhere the same phrase speaks of other things."""
        names = words.NAMES[self.language]
        chances = [(word, crc32(f"{salt} {word}".encode())) for word in phrase.split()]
        return " ".join(
            names[chance % len(names)] if len(word) > 3 and chance % 1009 < 400 else word
            for word, chance in chances
        )


@dataclass(frozen=True, kw_only=True)
class Text:
    """An entry, as far as stories are concerned."""

    outlet: str
    title: str
    text: str
    moment: datetime = NOON


def article(rng: random.Random, language: str, paragraphs: int = 0) -> Article:
    count = paragraphs or rng.randint(3, 6)
    return Article(
        language=language,
        clauses=tuple(tuple(_clause(rng) for _ in range(rng.randint(2, 3))) for _ in range(count)),
        figures=tuple(rng.randint(13, 9000) for _ in range(count * rng.randint(0, 1))),
        seed=rng.randrange(1 << 30),
    )


def _clause(rng: random.Random) -> Clause:
    pools = (words.WHO, words.DID, words.WHAT, words.WHY)
    who, did, what, why = (rng.randrange(len(pool["en"])) for pool in pools)
    return who, did, what, why, rng.randrange(1 << 20)


def told(each: Article, outlet: str = "courier", **changes: object) -> Text:
    said = {"outlet": outlet, "title": each.title, "text": "\n".join(each.paragraphs), **changes}
    return Text(**said)  # type: ignore[arg-type]  # whatever a kind changes
