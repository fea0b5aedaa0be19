"""Whether one text is a copy of another: whole, cut, rearranged or lightly rewritten."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from cleanfeed.stories.signature import Sentence, Signature

WINDOW: Final = timedelta(days=5)
"""Copies are published within so long of each other."""
_SAME_DAY: Final = timedelta(hours=20)
"""A day's routine report comes again after a little more."""
_LEAST: Final = 6
"""Runs of words; a text of fewer tells nothing."""
_SHORT: Final = 40
"""Runs of words; below it, a text must be the same in all but a word or two, and so must its title."""
_COUNTERPART: Final = 0.3
"""Of a sentence's runs that make it a copy, were it rewritten."""
_SHARED: Final = 0.4
"""Of the shorter text's runs, in two copies; with fewer, nothing else is looked at."""
_KIN: Final = 0.25
"""Of the shorter text's runs, in two copies of one text."""
_ONE_FORM: Final = 0.75
"""Of the words of the shorter title, in two titles of one form."""
_TOLD: Final = 0.15
"""Of the words that one of two texts has alone, in its title too, where it is about something of its own."""
_HEAD: Final = 50
"""Runs that a text begins with."""


@dataclass(frozen=True, slots=True)
class Gap:
    """What is known of two entries besides their texts."""

    apart: timedelta
    is_one_outlet: bool


@dataclass(frozen=True, slots=True)
class Match:
    """How much of a text another one has."""

    weight: int
    share: float
    """Of its runs."""
    covered: float
    """The part of it that stands in sentences with a counterpart."""
    head: float
    """The same, of its beginning."""


def alike(one: Signature, other: Signature, gap: Gap, routine: frozenset[Sentence] = frozenset()) -> float:
    """The share of the shorter text that the longer one has too, 0 where they are two stories.

    `routine` are the sentences that an outlet puts under many of its articles.
    """
    if gap.apart > WINDOW:
        return 0.0
    small, large = sorted((_own(one, routine), _own(other, routine)), key=_weight)
    if _weight(small) < _LEAST or _overlap(small, large) < _SHARED:
        return 0.0
    fewer, more = _match(small, large), _match(large, small)
    if not _is_copy(fewer, more, gap, _shared(one.words, other.words)):
        return 0.0
    return 0.0 if deny(one, other, gap) else fewer.share


def akin(one: Signature, other: Signature) -> bool:
    """Whether two texts that resemble a third one have a part of their words in common."""
    return common(one, other) >= _KIN


def common(one: Signature, other: Signature) -> float:
    """The part of the shorter text that the longer one has."""
    small, large = sorted((one.sentences, other.sentences), key=_weight)
    return _overlap(small, large) if small else 0.0


def deny(one: Signature, other: Signature, gap: Gap) -> bool:
    """Whether something in two texts tells that they are two stories, however alike they are."""
    return differ(one, other, gap) or _are_of_others(one, other, gap)


def differ(one: Signature, other: Signature, gap: Gap) -> bool:
    """Whether they say different numbers, or days, in the same words, as two days' reports do."""
    figured, differing = _counts(one, other)
    if gap.is_one_outlet or gap.apart > _SAME_DAY:
        return differing > 0
    # Within a day, one number of many may have been corrected.
    return differing * 4 > figured


def _are_of_others(one: Signature, other: Signature, gap: Gap) -> bool:
    """Whether each is about something that the other does not know, as two reports in one form are.

    What a text is about, its title says, and it says it again. Who writes a text in other words changes far
    more of them than those. Of one outlet, and of another day, a word of a title will do, where the rest of
    the title is the same.
    """
    here, there = one.words - other.words - other.said, other.words - one.words - one.said
    if min(_told(one, here, other), _told(other, there, one)) >= _TOLD:
        return True
    is_strict = gap.is_one_outlet or gap.apart > _SAME_DAY
    return is_strict and bool(here and there) and _shared(one.words, other.words) >= _ONE_FORM


def _told(text: Signature, headline: frozenset[int], other: Signature) -> float:
    """The part of a text's own words, those that another one has not, that is of its headline's own."""
    own = text.said - other.said - other.words
    return len(own & headline) / len(own) if own else 0.0


def _is_copy(fewer: Match, more: Match, gap: Gap, titles: float) -> bool:
    if gap.is_one_outlet:
        is_same = min(fewer.share, more.share) >= 0.92  # noqa: PLR2004  # a word or two in a hundred differ
        return is_same and (more.weight >= _SHORT or (titles >= 0.8 and gap.apart <= _SAME_DAY))  # noqa: PLR2004  # the same headline
    if fewer.weight < _SHORT:
        return _is_short_copy(fewer, more, gap, titles)
    if fewer.covered < 0.75:  # noqa: PLR2004  # measured: see the tests' labelled pairs
        return False
    # A follow-up has sentences of an earlier story below news of its own; a copy begins as its original does.
    return more.covered >= 0.55 or more.head >= 0.65  # noqa: PLR2004  # as above


def _is_short_copy(fewer: Match, more: Match, gap: Gap, titles: float) -> bool:
    """Whether a few lines are a copy: of a text as short, or of a text's first lines."""
    if more.weight < 2 * _SHORT:
        share = min(fewer.share, more.share)
        # A word may differ under one headline, and none under another one.
        is_same = share >= 0.8 if titles >= 0.8 else share >= 0.97 and fewer.weight >= _SHORT // 2  # noqa: PLR2004  # as above
        return is_same and gap.apart <= _SAME_DAY
    is_beginning = fewer.share >= 0.85 and more.head >= 0.4  # noqa: PLR2004  # all of it, and nothing else
    return is_beginning and fewer.weight >= _SHORT // 2 and titles >= 0.3  # noqa: PLR2004  # as above


def _own(text: Signature, routine: frozenset[Sentence]) -> Sequence[Sentence]:
    if not routine:
        return text.sentences
    return [each for each in text.sentences if each not in routine]


def _weight(sentences: Iterable[Sentence]) -> int:
    return sum(each.weight for each in sentences)


def _overlap(text: Sequence[Sentence], other: Sequence[Sentence]) -> float:
    """The part of a text's runs that another text has."""
    theirs = frozenset().union(*(each.runs for each in other))
    return sum(len(each.runs & theirs) for each in text) / _weight(text)


def _match(text: Sequence[Sentence], other: Sequence[Sentence]) -> Match:
    places = _places(other)
    whole = shared = covered = head = headed = 0
    for each in text:
        counterpart = each.weight * (_nearby(each, places) >= _COUNTERPART * each.weight)
        if whole < _HEAD:
            head += each.weight
            headed += counterpart
        whole += each.weight
        shared += len(each.runs & places.keys())
        covered += counterpart
    return Match(whole, shared / whole, covered / whole, headed / head)


def _places(text: Sequence[Sentence]) -> Mapping[int, Sequence[int]]:
    """The sentences in which each run is, by their numbers."""
    places: defaultdict[int, list[int]] = defaultdict(list)
    for number, sentence in enumerate(text):
        for run in sentence.runs:
            places[run].append(number)
    return places


def _nearby(sentence: Sentence, places: Mapping[int, Sequence[int]]) -> int:
    """How many of a sentence's runs another text has in one place: a copy may end its sentences elsewhere."""
    found = Counter(number for run in sentence.runs for number in places.get(run, ()))
    return max((count + found.get(number + 1, 0) for number, count in found.items()), default=0)


def _shared(one: frozenset[int], other: frozenset[int]) -> float:
    least = min(len(one), len(other))
    return len(one & other) / least if least else 0.0


def _counts(one: Signature, other: Signature) -> tuple[int, int]:
    """How many sentences with figures both have, and in how many of them these differ."""
    here, there = (one.title, *one.sentences), (other.title, *other.sentences)
    figures = _figures(here), _figures(there)
    mine, theirs = _places(here), _places(there)
    figured = differing = 0
    for each in here:
        twin = _twin(each, there, theirs) if each.figures else None
        if twin is not None and twin.figures:
            figured += 1
            is_pair = each.weight == twin.weight and _twin(twin, here, mine) == each
            differing += _are_others(each, twin, (each.figures, twin.figures) if is_pair else figures)
    return figured, differing


def _are_others(one: Sentence, other: Sentence, said: tuple[frozenset[int], frozenset[int]]) -> bool:
    """Whether both have figures that the other side does not say.

    In two that are one sentence, these must be the same; in others they may stand in a sentence nearby.
    """
    here, there = said
    return bool(one.figures - there) and bool(other.figures - here)


def _figures(sentences: Iterable[Sentence]) -> frozenset[int]:
    return frozenset().union(*(each.figures for each in sentences))


def _twin(
    sentence: Sentence, others: Sequence[Sentence], places: Mapping[int, Sequence[int]]
) -> Sentence | None:
    """The sentence that shares most with this one, if that is much; of equals, the one with its figures."""
    best, most = None, (0.0, 0)
    # Only those that share anything are looked at: tables have hundreds of sentences.
    shared = Counter(number for run in sentence.runs for number in places.get(run, ()))
    for number in sorted(shared):
        other = others[number]
        share = shared[number] / max(len(sentence.runs), len(other.runs))
        found = share, len(sentence.figures & other.figures)
        if found > most:
            best, most = other, found
    return best if most[0] >= _COUNTERPART else None
