"""Made-up articles in three languages, and labelled pairs of them: copies in all manners, and what only looks so."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import storywords as words
from cleanfeed.stories.clusters import Clusters, Item, clusters
from cleanfeed.stories.signature import signature

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

LANGUAGES = ("en", "ar", "es")
NOON = datetime(2026, 10, 5, 12, tzinfo=UTC)
Clause = tuple[int, int, int, int]


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
        told = [" ".join(self._sentence(each) for each in paragraph) for paragraph in self.clauses]
        return [f"{text} {self._figure(number)}" for number, text in enumerate(told)]

    def _figure(self, number: int) -> str:
        forms = words.FIGURES[self.language]
        return forms[number % len(forms)].format(n=self.figures[number])

    def _sentence(self, clause: Clause) -> str:
        text = " ".join(self._phrases(clause))
        return f"{text[0].upper()}{text[1:]}."

    def _phrases(self, clause: Clause) -> list[str]:
        pools = (words.WHO, words.DID, words.WHAT, words.WHY)
        rng = random.Random(f"{self.seed} {clause}")
        told = [pool[self.language][place].split("|") for pool, place in zip(pools, clause, strict=True)]
        return [ways[-1 if rng.random() < self.flips else 0] for ways in told]


@dataclass(frozen=True, kw_only=True)
class Text:
    """An entry, as far as stories are concerned."""

    outlet: str
    title: str
    text: str
    moment: datetime = NOON


@dataclass(frozen=True, kw_only=True)
class Pair:
    kind: str
    language: str
    one: Text
    other: Text
    is_copy: bool
    company: tuple[Text, ...] = ()
    """Further entries of the same outlets."""


def article(rng: random.Random, language: str, paragraphs: int = 0) -> Article:
    count = paragraphs or rng.randint(3, 6)
    return Article(
        language=language,
        clauses=tuple(tuple(_clause(rng) for _ in range(rng.randint(2, 3))) for _ in range(count)),
        figures=tuple(rng.randint(13, 9000) for _ in range(count)),
        seed=rng.randrange(1 << 30),
    )


def _clause(rng: random.Random) -> Clause:
    pools = (words.WHO, words.DID, words.WHAT, words.WHY)
    who, did, what, why = (rng.randrange(len(pool["en"])) for pool in pools)
    return who, did, what, why


def told(each: Article, outlet: str = "courier", **changes: object) -> Text:
    said = {"outlet": outlet, "title": each.title, "text": "\n".join(each.paragraphs), **changes}
    return Text(**said)  # type: ignore[arg-type]  # whatever a kind changes


# --- copies


def exact(rng: random.Random, base: Article) -> Text:
    return told(base, "digest")


def retitled(rng: random.Random, base: Article) -> Text:
    return told(base, "digest", title=base.retitled)


def cut(rng: random.Random, base: Article) -> Text:
    return told(base, "digest", text="\n".join(base.paragraphs[: max(2, len(base.paragraphs) // 2)]))


def first_paragraphs_rewritten(rng: random.Random, base: Article) -> Text:
    other = replace(base, flips=0.3, seed=rng.randrange(1 << 30))
    return told(base, "digest", text="\n".join(other.paragraphs[: max(2, len(base.paragraphs) // 2)]))


def rewritten(rng: random.Random, base: Article) -> Text:
    return told(replace(base, flips=0.6, seed=rng.randrange(1 << 30)), "digest")


def touched(rng: random.Random, base: Article) -> Text:
    """Every eighth word or so is another one."""
    spoken = " ".join(base.paragraphs).split()
    lines = (
        " ".join(
            rng.choice(spoken) if rng.random() < 0.12 and not re.search(r"\d", word) else word
            for word in line.split()
        )
        for line in base.paragraphs
    )
    return told(base, "digest", text="\n".join(lines))


def reordered(rng: random.Random, base: Article) -> Text:
    paragraphs = base.paragraphs
    rng.shuffle(paragraphs)
    return told(replace(base, flips=0.2), "digest", text="\n".join(paragraphs))


def rejoined(rng: random.Random, base: Article) -> Text:
    """All in one block, as an aggregator shows it, with the credit glued to it."""
    return told(base, "digest", text=f"{' '.join(base.paragraphs)} {words.CREDITS[base.language][1]}")


def credited(rng: random.Random, base: Article) -> Text:
    opening, *credits = words.CREDITS[base.language]
    return told(
        base, "digest", text="\n".join([f"{opening} {base.paragraphs[0]}", *base.paragraphs[1:], *credits])
    )


def respelt(rng: random.Random, base: Article) -> Text:
    """Other marks, letters, digits and quotation marks for the same words."""
    text = "\n".join(base.paragraphs)
    if base.language == "ar":
        text = text.translate(str.maketrans("أإآىة0123456789", "ااايه٠١٢٣٤٥٦٧٨٩"))
        text = re.sub("[\u064b-\u0652]", "", text).replace("ال", "الـ")
    else:
        text = text.upper().replace("'", "’").replace("Í", "I").replace("Ó", "O").replace(",", " ,")
    return told(base, "digest", text=text)


def aggregated(rng: random.Random, base: Article) -> Text:
    chrome = words.CHROME[base.language]
    body = [base.title, chrome[0], chrome[1], *base.paragraphs[:-1], chrome[2], chrome[3]]
    return told(base, "digest", title=base.retitled, text="\n".join(body))


def edited(rng: random.Random, base: Article) -> Text:
    """An agency's text as another desk edits it: a sentence goes, one comes, some are told otherwise."""
    paragraphs = replace(base, flips=0.35, seed=rng.randrange(1 << 30)).paragraphs
    dropped = rng.randrange(1, len(paragraphs))
    added = article(rng, base.language, 1)
    paragraphs[dropped] = added._sentence(added.clauses[0][0])  # noqa: SLF001  # it is this module's own
    return told(base, "evening", title=base.retitled, text="\n".join(paragraphs))


def corrected(rng: random.Random, base: Article) -> Text:
    """One number of many was wrong in the morning."""
    figures = (base.figures[0] + 1, *base.figures[1:])
    longer = replace(base, figures=figures) if len(figures) > 3 else base
    return told(longer, "digest", moment=NOON + timedelta(hours=3))


COPIES: tuple[Callable[[random.Random, Article], Text], ...] = (
    exact, retitled, cut, first_paragraphs_rewritten, rewritten, touched, reordered, rejoined, credited, respelt,
    aggregated, edited, corrected,
)  # fmt: skip


# --- what is none


def another_report(rng: random.Random, base: Article) -> Text:
    """The same event by another pen: the same people and things, two quotations, and other sentences."""
    other = article(rng, base.language, len(base.paragraphs))
    (who, _, what, _), (_, did, _, why) = base.clauses[0][0], other.clauses[0][0]
    first = ((who, did, what, why), *other.clauses[0][1:])
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


UNLIKE: tuple[Callable[[random.Random, Article], Text], ...] = (
    another_report, same_title, same_topic, translated, follow_up, follow_up_elsewhere,
)  # fmt: skip


def routine(rng: random.Random, language: str, place: int, outlet: str) -> Text:
    title, text = words.ROUTINE[language]
    a, b, c = (rng.randint(100, 99_000) for _ in range(3))
    said = {"a": f"{a:,}", "b": f"{b:,}", "c": f"{c:,}", "day": words.DAYS[language][place]}
    moment = NOON + timedelta(days=place)
    return Text(outlet=outlet, title=title.format(**said), text=text.format(**said), moment=moment)


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
            yield from _stubs(rng, language)
            yield from _closings(rng, language)


# --- what is found


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
