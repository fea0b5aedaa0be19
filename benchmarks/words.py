"""Made-up words, sentences and names in three languages; the same seed gives the same text."""

from __future__ import annotations

from random import Random

_CONSONANTS, _VOWELS = "bdfklmnprstvz", "aeiou"
_ENDS = {"en": ("", "n", "r", "l", "st", "nd", "s", "m"), "es": ("", "n", "r", "s", "dad", "ción", "ño", "z")}
_ARABIC = "ابتجدرزسشصطعفقكلمنهوي"
_VOCABULARY = 3000


def _latin(rng: Random, language: str) -> str:
    syllables = (rng.choice(_CONSONANTS) + rng.choice(_VOWELS) for _ in range(rng.randint(1, 3)))
    return "".join(syllables) + rng.choice(_ENDS[language])


def _arabic(rng: Random) -> str:
    return rng.choice(("ال", "", "", "و")) + "".join(rng.choice(_ARABIC) for _ in range(rng.randint(3, 5)))


class Tongue:
    """A made-up language that looks like one of the outlets'."""

    def __init__(self, language: str) -> None:
        rng = Random(f"cleanfeed {language}")
        self.language = language
        self.is_arabic = language == "ar"
        self.direction = "rtl" if self.is_arabic else "ltr"
        make = _arabic if self.is_arabic else lambda rng: _latin(rng, language)
        self.vocabulary = [make(rng) for _ in range(_VOCABULARY)]

    def words(self, rng: Random, count: int) -> str:
        return " ".join(rng.choices(self.vocabulary, k=count))

    def title(self, rng: Random, least: int = 6, most: int = 11) -> str:
        """A headline: a capital at its beginning, no full stop."""
        text = self.words(rng, rng.randint(least, most))
        return text[:1].upper() + text[1:]

    def sentence(self, rng: Random) -> str:
        return f"{self.title(rng, 8, 22)}."

    def paragraph(self, rng: Random) -> str:
        """One to four sentences, now and then with a quotation or a number in them."""
        said = [self.sentence(rng) for _ in range(rng.randint(1, 4))]
        if rng.random() < 0.3:
            said.append(f"“{self.title(rng, 5, 12)},” {self.words(rng, 3)}.")
        if rng.random() < 0.3:
            said.append(f"{self.title(rng, 3, 5)} {rng.randint(2, 999)} {self.words(rng, 4)}.")
        return " ".join(said)

    def name(self, rng: Random) -> str:
        return self.words(rng, 2).title()


TONGUES = {language: Tongue(language) for language in ("en", "ar", "es")}
