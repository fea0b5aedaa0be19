"""Numbers and days as texts spell them: what tells one day's report from the next."""

from __future__ import annotations

import re
from typing import Final

# Not those that are other words in another language, as "once" and "neuf".
_IN_ENGLISH: Final = {
    "2": "two", "3": "three", "4": "four", "5": "five", "6": "six", "7": "seven", "8": "eight", "9": "nine",
    "10": "ten", "11": "eleven", "12": "twelve", "13": "thirteen", "14": "fourteen", "15": "fifteen",
    "16": "sixteen", "17": "seventeen", "18": "eighteen", "19": "nineteen", "20": "twenty", "30": "thirty",
    "40": "forty", "50": "fifty", "60": "sixty", "70": "seventy", "80": "eighty", "90": "ninety",
}  # fmt: skip
_IN_ARABIC: Final = {
    "2": "اثنان اثنين شخصان شخصين", "3": "ثلاثه ثلاث", "4": "اربعه اربع", "5": "خمسه خمس", "6": "سته ست",
    "7": "سبعه سبع", "8": "ثمانيه ثماني ثمان", "9": "تسعه تسع", "10": "عشره عشر", "20": "عشرون عشرين",
    "30": "ثلاثون ثلاثين", "40": "اربعون اربعين", "50": "خمسون خمسين", "60": "ستون ستين", "70": "سبعون سبعين",
    "80": "ثمانون ثمانين", "90": "تسعون تسعين",
}  # fmt: skip
_IN_SPANISH: Final = {
    "2": "dos", "3": "tres", "4": "cuatro", "5": "cinco", "6": "seis", "7": "siete", "8": "ocho",
    "9": "nueve", "10": "diez", "12": "doce", "13": "trece", "14": "catorce", "15": "quince",
    "20": "veinte", "30": "treinta", "40": "cuarenta", "50": "cincuenta", "60": "sesenta", "70": "setenta",
    "80": "ochenta", "90": "noventa",
}  # fmt: skip
_IN_FRENCH: Final = {
    "2": "deux", "3": "trois", "4": "quatre", "5": "cinq", "7": "sept", "8": "huit", "10": "dix",
    "11": "onze", "12": "douze", "13": "treize", "15": "quinze", "20": "vingt", "30": "trente",
    "40": "quarante", "50": "cinquante", "60": "soixante",
}  # fmt: skip
_DAYS: Final = (
    "monday tuesday wednesday thursday friday saturday sunday",
    "الاثنين الثلاثاء الاربعاء الخميس الجمعه السبت الاحد",
    "lunes martes miercoles jueves viernes sabado domingo",
    "lundi mardi mercredi jeudi vendredi samedi dimanche",
)
_VALUES: Final = {
    word: value
    for spelt in (_IN_ENGLISH, _IN_ARABIC, _IN_SPANISH, _IN_FRENCH)
    for value, words in spelt.items()
    for word in words.split()
} | {day: f"day {number}" for week in _DAYS for number, day in enumerate(week.split())}
_DIGITS: Final = re.compile(r"\d+")
_MARK: Final = re.compile(r"[.,٬،' ]")
_GROUPED: Final = re.compile(r"(?<![\d.,٬،'])\d{1,3}(?:[.,٬،' ]\d{3})+(?!\d)")


SCALES: Final = {
    "thousand": 3, "الف": 3, "الاف": 3, "mil": 3, "mille": 3,
    "million": 6, "millions": 6, "مليون": 6, "ملايين": 6, "millon": 6, "millones": 6,
}  # fmt: skip
_SCALED: Final = re.compile(rf"(?<![\d.,٬،])(\d{{1,4}})(?:[.,٫](\d{{1,3}}))? ({'|'.join(SCALES)})\b")


def ungrouped(folded: str) -> str:
    """The text with its numbers in one piece: "12,500", "12 500" and "12.5 thousand" are "12500"."""
    return _SCALED.sub(_in_full, _GROUPED.sub(lambda number: _MARK.sub("", number[0]), folded))


def _in_full(number: re.Match[str]) -> str:
    whole, part, scale = number.groups(default="")
    return f"{whole}{part.ljust(SCALES[scale], '0')}"


def figure(word: str) -> str | None:
    """The number or the day of the week that a folded word is, however it is spelt."""
    digits = _DIGITS.match(word)
    return digits[0] if digits else _VALUES.get(word)
