"""How well copies are told from what only looks so, measured on pairs that nothing was tuned on."""

from __future__ import annotations

import random
import re
from dataclasses import replace
from datetime import timedelta
from difflib import SequenceMatcher
from functools import cache
from typing import TYPE_CHECKING

import pytest

from storyarticles import LANGUAGES, NOON, Text, article, told
from storycopies import COPIES
from storylab import Pair, Score, found, pairs, score
from storyothers import UNLIKE

if TYPE_CHECKING:
    from collections.abc import Callable

SEEDS = (4711, 90210)
"""Other ones than those by which the thresholds were chosen."""
PRECISION = 0.99
RECALL = 0.9


@cache
def labelled() -> tuple[Pair, ...]:
    return tuple(pair for seed in SEEDS for pair in pairs(seed, 6))


@cache
def judged() -> Score:
    return score(labelled())


def part(**wanted: str) -> tuple[int, int]:
    """How many of the pairs of a kind or a language there are, and how many were judged wrongly."""

    def fits(pair: Pair) -> bool:
        return all(getattr(pair, name) == value for name, value in wanted.items())

    return sum(map(fits, labelled())), sum(map(fits, judged().wrong))


KINDS = sorted({(pair.kind, pair.is_copy) for pair in pairs(1, 1)})


def test_there_are_many_pairs_of_each_kind_and_of_both_labels():
    copies = [pair for pair in labelled() if pair.is_copy]
    assert len(copies) > 600
    assert len(labelled()) - len(copies) > 600
    assert {kind for kind, _ in KINDS} >= {make.__name__ for make in (*COPIES, *UNLIKE)}


def test_of_a_hundred_merges_hardly_one_is_wrong_and_few_copies_are_missed():
    assert judged().precision >= PRECISION
    assert judged().recall >= RECALL


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_is_as_good_in_every_language(language: str):
    own = [pair for pair in labelled() if pair.language == language]
    wrong = [pair for pair in judged().wrong if pair.language == language]
    missed = sum(pair.is_copy for pair in wrong)
    right = sum(pair.is_copy for pair in own) - missed
    assert right / (right + missed) >= RECALL
    assert right / (right + len(wrong) - missed) >= PRECISION


@pytest.mark.parametrize("kind", [kind for kind, is_copy in KINDS if is_copy])
def test_copies_of_every_kind_are_found(kind: str):
    count, missed = part(kind=kind)
    assert missed <= 0.15 * count


@pytest.mark.parametrize("kind", [kind for kind, is_copy in KINDS if not is_copy])
def test_what_is_no_copy_stays_apart_whatever_its_kind(kind: str):
    count, merged = part(kind=kind)
    assert merged <= 0.03 * count


# --- controls: what is much simpler does not do


def titles_alike(pair: Pair) -> float:
    return SequenceMatcher(None, pair.one.title, pair.other.title, autojunk=False).ratio()


def four_words_shared(pair: Pair) -> float:
    one, other = (_fours(each.text) for each in (pair.one, pair.other))
    return len(one & other) / (min(len(one), len(other)) or 1)


def _fours(text: str) -> set[str]:
    words = re.findall(r"\w+", text)
    return {" ".join(words[place : place + 4]) for place in range(len(words) - 3)}


@pytest.mark.parametrize("measure", [titles_alike, four_words_shared])
def test_neither_titles_nor_plain_overlap_would_do_whatever_the_threshold(measure: Callable[[Pair], float]):
    measured = [(measure(pair), pair.is_copy) for pair in labelled()]
    for threshold in (number / 20 for number in range(1, 20)):
        said = [is_copy for value, is_copy in measured if value >= threshold]
        right = sum(said)
        recall = right / sum(is_copy for _, is_copy in measured)
        assert right < PRECISION * len(said) or recall < RECALL


# --- many entries at once


def news(count: int, seed: int = 7) -> list[Text]:
    """So many entries of three outlets, half an hour apart, one in five a copy of the one before it."""
    rng = random.Random(seed)
    texts: list[Text] = []
    for place in range(count):
        moment = NOON + timedelta(minutes=30 * place)
        if place % 5 == 4:
            texts.append(replace(texts[-1], outlet="digest", moment=moment))
        else:
            texts.append(
                told(article(rng, LANGUAGES[place % 3]), rng.choice(("courier", "evening")), moment=moment)
            )
    return texts


def test_comparisons_grow_with_the_entries_and_not_with_their_square():
    compared = {count: found(news(count)).compared for count in (500, 1000, 2000)}
    assert compared[500] > 100, "the copies at least are compared"
    assert compared[1000] < 2.6 * compared[500]
    assert compared[2000] < 2.6 * compared[1000]
    assert compared[2000] < 10 * 2000


def test_among_many_entries_the_copies_are_found_and_nothing_else():
    texts = news(500)
    expected = {frozenset((f"{place - 1:06}", f"{place:06}")) for place in range(4, 500, 5)}
    assert set(found(texts).members) == expected


def test_a_phrase_that_all_articles_share_costs_no_comparison_of_all_with_all():
    rng = random.Random(3)
    line = (
        "This paper is written by people, for people, and it is paid for by those who read it every morning."
    )
    texts = [
        told(replace(each, figures=()), text="\n".join([*each.paragraphs, line]), moment=NOON)
        for each in (article(rng, "en") for _ in range(400))
    ]
    assert found(texts).compared < 20 * len(texts)
    assert not found(texts).members
