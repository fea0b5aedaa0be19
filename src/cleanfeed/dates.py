"""What outlets print or declare as a date, read without guessing."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from typing import TYPE_CHECKING, Literal, NamedTuple

from cleanfeed.model import EPOCH
from cleanfeed.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterator


class Moment(NamedTuple):
    """A point in time, and how exactly it was told."""

    time: datetime
    """Aware."""
    precision: Literal["day"] | None
    """"day" where there was no time: `time` is midnight then."""


# A row a month: English, Spanish, French; Levantine, Gulf and Egypt, Algeria and Tunisia, Morocco.
_MONTH_NAMES = (
    "january jan  enero ene  janvier janv  كانون_الثاني كانون_ثاني  يناير  جانفي",
    "february feb  febrero  février févr fév  شباط  فبراير  فيفري",
    "march mar  marzo  mars  آذار  مارس",
    "april apr  abril abr  avril avr  نيسان  أبريل  أفريل",
    "may  mayo  mai  أيار  مايو  ماي",
    "june jun  junio  juin  حزيران  يونيو يونيه  جوان",
    "july jul  julio  juillet juil  تموز  يوليو يوليه  جويلية  يوليوز",
    "august aug  agosto ago  août  آب  أغسطس  أوت  غشت",
    "september sep sept  septiembre setiembre set  septembre  أيلول  سبتمبر  شتنبر",
    "october oct  octubre  octobre  تشرين_الأول تشرين_أول  أكتوبر أوكتوبر",
    "november nov  noviembre  novembre  تشرين_الثاني تشرين_ثاني  نوفمبر  نونبر",
    "december dec  diciembre dic  décembre déc  كانون_الأول كانون_أول  ديسمبر  دجنبر",
)
# The hours that a zone is ahead of UTC; other names mean too many things, or are the outlet's own zone.
_ZONES = {"z": 0, "ut": 0, "utc": 0, "gmt": 0, "غرينتش": 0, "غرينيتش": 0, "جرينتش": 0, "wat": 1, "مكه": 3,
    # Those of RFC 2822.
    "est": -5, "edt": -4, "cst": -6, "cdt": -5, "mst": -7, "mdt": -6, "pst": -8, "pdt": -7}  # fmt: skip
# A row a unit: one, two, many; "many" needs a number to say how many.
_UNIT_NAMES = {
    "seconds": ("second sec segundo seconde ثانية", "ثانيتين", "seconds secs s segundos secondes ثوان ثواني"),
    "minutes": ("minute min minuto دقيقة", "دقيقتين دقيقتان", "minutes mins m minutos دقائق"),
    "hours": ("hour hr h hora heure ساعة", "ساعتين ساعتان", "hours hrs horas heures ساعات"),
    "days": ("day d día jour يوم يوما", "يومين يومان", "days días jours أيام"),
    "weeks": ("week w semana semaine أسبوع", "أسبوعين أسبوعان", "weeks semanas semaines أسابيع"),
    "months": ("month mes mois شهر", "شهرين شهران", "months meses أشهر شهور"),
    "years": ("year año an سنة عام", "سنتين سنتان عامين عامان", "years años ans سنوات سنين أعوام"),
}
_NOW = (
    "just now | now | moments ago | a few seconds ago | ahora | ahora mismo | hace unos segundos"
    " | الآن | منذ لحظات | منذ قليل"
)

_LIMIT = 200
_CENTURY = 100
_NOON, _EVENING = 12, 6
_DAY = timedelta(days=1)

_MONTHS = {fold(n).replace("_", " "): i for i, row in enumerate(_MONTH_NAMES, 1) for n in row.split()}
_UNITS: dict[str, tuple[str, int | None]] = {
    fold(word): (unit, count)
    for unit, row in _UNIT_NAMES.items()
    for words, count in zip(row, (1, 2, None), strict=True)
    for word in words.split()
}
_JUST_NOW = frozenset(fold(phrase) for phrase in _NOW.split("|"))
# What `fold` leaves: joiners and marks of direction go; odd dashes, commas and letters become usual ones.
_MARKS = str.maketrans(
    dict.fromkeys("\u200c\u200d\u200e\u200f\u061c")
    | dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2212", "-")
    | {"،": ",", "ی": "ي", "ک": "ك", "\u2044": "/", "\u2215": "/"}
)

# Years of other calendars (1447, 1404, 2568) fall outside.
_YEAR = r"(?P<year>(?:1[89]|2[01])\d\d)"
# Any word; which of them are months, the table knows.
_WORD = r"[^\W\d_]++(?: (?:ال)?(?:اول|ثاني)(?!\w))?+"
_NAMED = rf"(?P<month>{_WORD})\.?(?: ?[/(-] ?(?P<also>{_WORD})\)?)?"
_NUMBER = r"(?P<month>\d\d?)"
_DAY_OF = r"(?P<day>\d\d?)(?:(?:st|nd|rd|th|er|\.?o)(?!\w))?(?!\d)"
# "COVID-19 May 2025" begins no date, and "26-06-2025-7" ends none.
_HEAD = r"(?<!\w)(?<!\w-)(?<![a-z0-9]/)(?<!\d[.,:])"
_TAIL = r"(?: ?م(?!\w)|(?=t\d|\W|$)(?![-/.]\d(?!\d?:\d\d)))"
_SHAPES = tuple(
    re.compile(_HEAD + shape + _TAIL)
    for shape in (
        rf"{_YEAR}(?P<mark>[-/.]){_NUMBER}(?P=mark)(?P<day>\d\d?)(?!\d)",
        rf"(?P<day>\d\d?) ?(?P<mark>[-/.]) ?{_NUMBER} ?(?P=mark) ?{_YEAR}",
        rf"{_DAY_OF}(?: (?:de|of|من|شهر)(?!\w)|[ .,/-])*{_NAMED}(?: del?| عام| سنه| لعام|[ .,/-])*{_YEAR}",
        rf"{_NAMED}[ .,/-]*{_DAY_OF}(?: del?| عام|[ .,/-])+{_YEAR}",
    )
)
_HALF = (
    r"(?:(?P<am>a\.? ?m\.?|ص|صباحا|فجرا|de la manana)"
    r"|(?P<pm>p\.? ?m\.?|م|مساءا?|ظهرا|عصرا|بعد الظهر|de la tarde)"
    r"|(?P<night>ليلا|de la noche))(?!\w)"
)
_OFFSET = r"(?P<sign>[+-])(?P<ahead>1[0-4]|0?\d)(?::?(?P<rest>[0-5]\d))?(?![\d:])"
_CLOCK = re.compile(
    r"(?:[ t,.:;|/@•·()-]|at|a(?: las?)?|الساعه|في|عند)*(?P<hour>[01]?\d|2[0-3])(?!\d)"
    # "3.21" may be money; "3.21 pm" is none.
    rf"(?:(?:[:h]|\.(?=\d\d ?{re.sub('P<[a-z]+>', ':', _HALF)}))(?P<minute>[0-5]\d)(?!\d)"
    r"(?::(?P<second>[0-5]\d|60)(?!\d)(?:[.,](?P<fraction>\d+))?)?)?"
    rf"(?: ?{_HALF})?"
    rf"(?: ?\(?(?:(?:gmt|utc) ?(?=[+-])|(?=[+-]\d\d)){_OFFSET}"
    rf"|[ ,]*\(?(?:ب?توقيت )?(?P<zone>{'|'.join(_ZONES)})(?!\w))?"
)
_ISO_TIME = r"(?:[01]\d|2[0-3]){0}[0-5]\d(?:{0}[0-5]\d(?:[.,]\d{{1,9}})?)?(?:Z|[+-][\d:]{{2,8}})?"
_ISO = re.compile(
    rf"(?:1[89]|2[01])\d\d(?:-\d\d-\d\d(?:[T ]{_ISO_TIME.format(':')})?|\d{{4}}T{_ISO_TIME.format('')})",
    re.ASCII,
)
_TIMESTAMP = re.compile(r"\d{4}-\d\d-\d\dT\d", re.ASCII)
"""What can be nothing but ISO 8601: where its time is none, neither is the day believed."""
_LABEL = (
    r"(?:(?:published|posted|(?:last )?updated|publicado|actualizado|نشرت?"
    r"|about|almost|over|less than|حوالي|نحو)(?!\w)[ :]*)*+"
)
_AGE = re.compile(
    rf"{_LABEL}(?P<before>(?:منذ|قبل) ?|hace |il y a )?{_LABEL}"
    r"(?:(?P<count>\d{1,9}) ?|(?:an?|one|une?|una) )?"
    r"(?P<unit>[^\W\d]+)(?: واحده?)?(?P<after> ago| مضت)?[ .)]*(?:$|[|•·])"
)


def parse(text: str, zone: tzinfo) -> Moment | None:
    """Read the first date in the text; `None` where there is none.

    A time that names no zone is read in `zone`. "26/06/2025" begins with the day, always; a date without
    its year, with two digits of it or of another calendar is none.
    """
    text = text.strip()
    if _ISO.fullmatch(text):
        return _declared(text, zone)
    is_timestamp = _TIMESTAMP.match(text)
    text = _folded(text)
    for day, end in _days(text):
        moment = _read_time(day, text[end:], zone)
        return None if is_timestamp and moment.precision else moment
    return None


def as_utc(text: str) -> datetime | None:
    """The date in a field whose naive times are known to be UTC."""
    moment = parse(text, UTC)
    return moment.time if moment else None


def age(text: str, now: datetime, zone: tzinfo) -> Moment | None:
    """Count an age such as "20 hours ago" back from `now`; `None` where the text is no such age.

    `now` is aware; days and longer units are counted in `zone`, and months by the calendar.
    """
    text = _folded(text.strip())
    if text in _JUST_NOW:
        return Moment(now.astimezone(zone), None)
    told = _AGE.match(text)
    if not told or not (told["before"] or told["after"]):
        return None
    unit, count = _UNITS.get(told["unit"], ("", None))
    count = int(told["count"]) if told["count"] else count
    if not unit or count is None:
        return None
    try:
        then = _back(now.astimezone(zone), unit, count)
    except (OverflowError, ValueError):
        return None
    return then if now.year - then.time.year <= _CENTURY else None


def plausible(moment: Moment, retrieved: datetime | None) -> bool:
    """Not before 1970, and not more than a day after the page was had, where that is known."""
    if moment.time < EPOCH:
        return False
    return retrieved is None or moment.time - retrieved.astimezone(UTC) <= _DAY


def _folded(text: str) -> str:
    folded = fold(text[:_LIMIT].translate(_MARKS))
    # What the cut went through might be a longer number.
    return folded if len(text) <= _LIMIT else folded.rpartition(" ")[0]


def _declared(text: str, zone: tzinfo) -> Moment | None:
    try:
        when = datetime.fromisoformat(text)
    except ValueError:
        return None
    precision: Literal["day"] | None = None if ":" in text or "T" in text else "day"
    return Moment(when if when.tzinfo else when.replace(tzinfo=zone), precision)


def _days(text: str) -> Iterator[tuple[date, int]]:
    """Find the possible dates in their order, each with the place where it ends."""
    found = [match for shape in _SHAPES for match in shape.finditer(text)]
    for match in sorted(found, key=re.Match.start):
        try:
            yield date(int(match["year"]), _month(match), int(match["day"])), match.end()
        except ValueError:
            continue


def _month(match: re.Match[str]) -> int:
    """1 to 12; or 0 for a word that is no month, or for two names that differ."""
    word, also = match["month"], match.groupdict().get("also")
    if word.isdecimal():
        return int(word)
    month = _MONTHS.get(word, 0)
    return month if not also or _MONTHS.get(also) == month else 0


def _read_time(day: date, rest: str, zone: tzinfo) -> Moment:
    told = _CLOCK.match(rest)
    if not told or not (told["minute"] or told["am"] or told["pm"] or told["night"]):
        return Moment(datetime.combine(day, time(), zone), "day")
    clock = time(
        _hour(told),
        int(told["minute"] or 0),
        min(int(told["second"] or 0), 59),  # a leap second
        int((told["fraction"] or "0")[:6].ljust(6, "0")),
    )
    return Moment(datetime.combine(day, clock, _written_zone(told) or zone), None)


def _hour(told: re.Match[str]) -> int:
    hour = int(told["hour"])
    if hour == _NOON and (told["am"] or told["night"]):
        return 0
    afternoon = told["pm"] or (told["night"] and hour >= _EVENING)
    return hour + _NOON if afternoon and hour < _NOON else hour


def _written_zone(told: re.Match[str]) -> tzinfo | None:
    if told["sign"]:
        ahead = timedelta(hours=int(told["ahead"]), minutes=int(told["rest"] or 0))
        return timezone(-ahead if told["sign"] == "-" else ahead)
    return timezone(timedelta(hours=_ZONES[told["zone"]])) if told["zone"] else None


def _back(now: datetime, unit: str, count: int) -> Moment:
    if unit in {"months", "years"}:
        day = _months_back(now, count if unit == "months" else 12 * count)
    elif unit in {"days", "weeks"}:
        day = now.date() - timedelta(**{unit: count})
    else:
        # In UTC, for wall clocks jump.
        return Moment((now.astimezone(UTC) - timedelta(**{unit: count})).astimezone(now.tzinfo), None)
    return Moment(datetime.combine(day, time(), now.tzinfo), "day")


def _months_back(now: datetime, months: int) -> date:
    year, month = divmod(now.year * 12 + now.month - 1 - months, 12)
    return date(year, month + 1, min(now.day, monthrange(year, month + 1)[1]))
