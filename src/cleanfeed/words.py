"""Whole words and phrases, as they occur in folded text."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from cleanfeed.text import fold


@dataclass(frozen=True, slots=True)
class Word:
    """A word or phrase to look for; `Word.of` makes it.

    An Arabic word of three letters or more is also found behind the particles that Arabic writes onto it
    (و or ف, then ب, ك or ل: "وروسيا", "لروسيا"), and with its article joined to ل ("الصين", "للصين"); in a
    phrase that is so of the first word. Otherwise no letter and no digit may touch a word.
    """

    spelt: str
    _core: str = field(repr=False)
    """What every form of it contains."""
    _pattern: re.Pattern[str] = field(repr=False)

    @classmethod
    def of(cls, spelt: str) -> Word:
        folded = _DASH.sub("-", fold(spelt))
        forms, core = _arabic(folded) if _ARABIC.match(folded) else (re.escape(folded), folded)
        pattern = forms.replace(r"\-", _DASH.pattern)
        return cls(spelt, core.partition("-")[0], re.compile(f"{_NOT_AFTER}(?:{pattern}){_NOT_BEFORE}"))

    def occurs(self, folded: str) -> bool:
        """Whether it is in this text, which `fold` made."""
        # Most words do not occur at all, and a plain search tells that far sooner than a pattern.
        at = folded.find(self._core)
        return at >= 0 and self._pattern.search(folded, max(0, at - _REACH)) is not None


_DASH = re.compile("[-\u2010-\u2015\u2212]")
_ARABIC = re.compile("[\u0621-\u064a\u066e-\u06d3]{3}")
# "_" is no part of a word here: hashtags are written with it.
_NOT_AFTER = r"(?<![^\W_])"
_NOT_BEFORE = r"(?![^\W_])"
_REACH = 5
"""How many letters a form has before its core, at most: two particles, the article and a swallowed ل."""


def _arabic(folded: str) -> tuple[str, str]:
    stem = folded.removeprefix("ال")
    if stem == folded or len(stem.partition(" ")[0]) < 2:  # noqa: PLR2004  # what remains must be a word
        return f"[وف]?[بكل]?{re.escape(folded)}", folded
    # ل and ال make لل, and three ل in a row are written as two: اللغة, للغة.
    joined = stem.removeprefix("ل")
    return f"[وف]?(?:[بكل]?ال{re.escape(stem)}|لل{re.escape(joined)})", joined
