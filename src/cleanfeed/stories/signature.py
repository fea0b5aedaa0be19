"""What is kept of a text to tell whether another one is a copy of it."""

from __future__ import annotations

import re
from array import array
from dataclasses import dataclass
from heapq import nsmallest
from itertools import islice
from sys import byteorder
from typing import TYPE_CHECKING, Final
from zlib import crc32

from cleanfeed.stories.figures import SCALES, figure, ungrouped
from cleanfeed.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

SCHEME: Final = "2"
"""Of signatures: those of another scheme cannot be compared, and are made anew."""
_RUN: Final = 3
"""Words that are compared together."""
_SKETCH: Final = 48
_SMALL: Final = 3
"""Letters of a word that can tell what a text is about."""
_MOST: Final = 900
"""Words of a text that count: the rest adds nothing to what they tell."""
_FOLDED: Final = 12_000
"""Characters of a text that are looked at; so many words need no more."""
_SENTENCE: Final = re.compile(r"(?<=[.!?؟;؛:])[\"')\]]*\s+|\n")
_WORD: Final = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence as numbers: one for each run of its words, and one for each figure in it."""

    runs: frozenset[int]
    figures: frozenset[int]

    @property
    def weight(self) -> int:
        return len(self.runs)


@dataclass(frozen=True, slots=True)
class Signature:
    """The title and the sentences of a text; the title counts only beside its sentences."""

    title: Sentence
    words: frozenset[int]
    """Of the title."""
    said: frozenset[int]
    """The words of the text that can tell what it is about: no small ones, and no figures."""
    sentences: tuple[Sentence, ...]

    @property
    def sketch(self) -> bytes:
        """A sample of the runs: texts that share much share much of it."""
        runs = {run for sentence in self.sentences for run in sentence.runs}
        return _packed(nsmallest(_SKETCH, runs))

    def pack(self) -> bytes:
        """As bytes: the same on every machine."""
        parts = [self.words, self.said, self.title.runs, self.title.figures]
        parts += [part for each in self.sentences for part in (each.runs, each.figures)]
        return _packed(number for part in parts for number in (len(part), *sorted(part)))


def signature(title: str, text: str) -> Signature:
    """The signature of an entry, whatever marks, letters' variants, digits and quotes it is spelt with."""
    headline, sentences = _words(title), list(_sentences(text[:_FOLDED]))
    return Signature(
        _sentence(headline),
        frozenset(map(_number, headline)),
        frozenset(_number(word) for words in sentences for word in words if _is_telling(word)),
        tuple(map(_sentence, sentences)),
    )


def unpack(data: bytes) -> Signature:
    """The signature of its bytes; a `ValueError` for bytes of something else."""
    parts = list(_parts(unpacked(data)))
    if len(parts) < 4 or len(parts) % 2:  # noqa: PLR2004  # the words of title and text, and a pair for the title
        raise ValueError("no signature of an entry")
    words, said, *rest = parts
    title, *sentences = (Sentence(*rest[place : place + 2]) for place in range(0, len(rest), 2))
    return Signature(title, words, said, tuple(sentences))


def unpacked(data: bytes) -> Sequence[int]:
    """The numbers in bytes such as those of a sketch."""
    numbers = array("I", data)
    if byteorder == "big":
        numbers.byteswap()
    return numbers


def _packed(numbers: Iterable[int]) -> bytes:
    packed = array("I", numbers)
    if byteorder == "big":
        packed.byteswap()
    return packed.tobytes()


def _parts(numbers: Sequence[int]) -> Iterator[frozenset[int]]:
    rest = iter(numbers)
    for length in rest:
        part = frozenset(islice(rest, length))
        if len(part) < length:
            raise ValueError("half a signature")
        yield part


def _sentences(text: str) -> Iterator[Sequence[str]]:
    """The words of each sentence."""
    left = _MOST
    for said in _SENTENCE.split(text):
        words = _words(said)[:left]
        left -= len(words)
        if words:
            yield words


def _words(text: str) -> list[str]:
    return _WORD.findall(ungrouped(fold(text)))


def _sentence(words: Sequence[str]) -> Sentence:
    runs = range(max(len(words) - _RUN + 1, min(len(words), 1)))
    figures = filter(None, map(figure, words))
    return Sentence(
        frozenset(_number(" ".join(words[place : place + _RUN])) for place in runs),
        frozenset(map(_number, figures)),
    )


def _is_telling(word: str) -> bool:
    return len(word) >= _SMALL and figure(word) is None and word not in SCALES


def _number(text: str) -> int:
    return crc32(text.encode("utf-8", "surrogatepass"))
