"""Copies of made-up articles, in all the manners in which outlets copy."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import storywords as words
from storyarticles import NOON, Article, Text, article, told

if TYPE_CHECKING:
    import random
    from collections.abc import Callable


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


def touched(rng: random.Random, base: Article, part: float = 0.12) -> Text:
    """Every eighth word or so is another one."""
    spoken = " ".join(base.paragraphs).split()
    lines = (
        " ".join(
            rng.choice(spoken) if rng.random() < part and not re.search(r"\d", word) else word
            for word in line.split()
        )
        for line in base.paragraphs
    )
    return told(base, "digest", text="\n".join(lines))


def reworded(rng: random.Random, base: Article) -> Text:
    """Every fifth word is another one."""
    return touched(rng, base, 0.2)


def reordered(rng: random.Random, base: Article) -> Text:
    paragraphs = base.paragraphs
    rng.shuffle(paragraphs)
    return told(replace(base, flips=0.2), "digest", text="\n".join(paragraphs))


def rejoined(rng: random.Random, base: Article) -> Text:
    """All in one block, as an aggregator shows it, with the credit glued to it."""
    return told(base, "digest", text=f"{' '.join(base.paragraphs)} {words.CREDITS[base.language][1]}")


def credited(rng: random.Random, base: Article) -> Text:
    opening, *closing = words.CREDITS[base.language]
    return told(
        base, "digest", text="\n".join([f"{opening} {base.paragraphs[0]}", *base.paragraphs[1:], *closing])
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
    paragraphs[dropped] = added.sentence(added.clauses[0][0])
    return told(base, "evening", title=base.retitled, text="\n".join(paragraphs))


def corrected(rng: random.Random, base: Article) -> Text:
    """One number of many was wrong in the morning."""
    wrong, *right = base.figures or (0,)
    longer = replace(base, figures=(wrong + 1, *right)) if len(right) > 2 else base
    return told(longer, "digest", moment=NOON + timedelta(hours=3))


def all_at_once(rng: random.Random, base: Article) -> Text:
    """A new headline over the first half in partly other words, with a credit, a day later."""
    other = replace(base, flips=0.3, seed=rng.randrange(1 << 30))
    opening, *closing = words.CREDITS[base.language]
    first, *rest = other.paragraphs[: max(2, len(base.paragraphs) // 2)]
    text = "\n".join([words.CHROME[base.language][0], f"{opening} {first}", *rest, *closing])
    return told(base, "digest", title=base.retitled, text=text, moment=NOON + timedelta(hours=26))


def days_later(rng: random.Random, base: Article) -> Text:
    other = replace(base, flips=0.3, seed=rng.randrange(1 << 30))
    return told(other, "digest", moment=NOON + timedelta(days=rng.randint(1, 4)))


def interrupted(rng: random.Random, base: Article) -> Text:
    """Between any two paragraphs stands a line about something else."""
    line = words.READ_ALSO[base.language]
    text = "\n".join(
        f"{each}\n{line.format(article(rng, base.language, 1).title)}" for each in base.paragraphs
    )
    return told(base, "digest", text=text)


def condensed(rng: random.Random, base: Article) -> Text:
    """The first sentence of each paragraph is gone, but for the first paragraph."""
    first, *rest = base.paragraphs
    return told(base, "digest", text="\n".join([first, *(each.partition(". ")[2] for each in rest)]))


def repunctuated(rng: random.Random, base: Article) -> Text:
    """Some sentences are joined, so that they end elsewhere."""
    text = re.sub(r"\. ", lambda _: rng.choice((". ", ", ", "; ")), "\n".join(base.paragraphs))
    return told(base, "digest", text=text)


def regrouped(rng: random.Random, base: Article) -> Text:
    """The thousands are set apart, as each language does it."""
    mark = {"en": ",", "es": ".", "ar": "٬"}[base.language]
    text = re.sub(r"\d{4}", lambda found: f"{found[0][0]}{mark}{found[0][1:]}", "\n".join(base.paragraphs))
    return told(base, "digest", text=text, moment=NOON + timedelta(days=1))


def spelt_out(base: Article) -> Text:
    """The figures, all of them tens, are words."""
    tens = words.TENS[base.language]
    text = re.sub(r"\d+", lambda found: tens[int(found[0])], "\n".join(base.paragraphs))
    return told(base, "digest", text=text, moment=NOON + timedelta(days=1))


COPIES: tuple[Callable[[random.Random, Article], Text], ...] = (
    exact, retitled, cut, first_paragraphs_rewritten, rewritten, touched, reworded, reordered, rejoined, credited, respelt,
    aggregated, edited, corrected, all_at_once, days_later, interrupted, condensed, repunctuated, regrouped,
)  # fmt: skip
