"""Dates as outlets print them: what they mean, and what is none."""

import time as clock
from datetime import UTC, datetime, timedelta, timezone
from itertools import product
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleanfeed.dates import Moment, age, parse, plausible

BEIRUT = ZoneInfo("Asia/Beirut")
KOLKATA = ZoneInfo("Asia/Kolkata")

ENGLISH = (
    ("January", "Jan", "Jan."),
    ("February", "Feb", "Feb."),
    ("March", "Mar", "Mar."),
    ("April", "Apr", "Apr."),
    ("May",),
    ("June", "Jun", "Jun."),
    ("July", "Jul", "Jul."),
    ("August", "Aug", "Aug."),
    ("September", "Sep", "Sept", "Sept."),
    ("October", "Oct", "Oct."),
    ("November", "Nov", "Nov."),
    ("December", "Dec", "Dec."),
)
SPANISH = (
    ("enero", "ene", "ene."),
    ("febrero", "feb", "feb."),
    ("marzo", "mar", "mar."),
    ("abril", "abr", "abr."),
    ("mayo", "may", "may."),
    ("junio", "jun", "jun."),
    ("julio", "jul", "jul."),
    ("agosto", "ago", "ago."),
    ("septiembre", "setiembre", "sep", "sept.", "set."),
    ("octubre", "oct", "oct."),
    ("noviembre", "nov", "nov."),
    ("diciembre", "dic", "dic."),
)
FRENCH = (
    ("janvier", "janv."),
    ("février", "fevrier", "févr."),
    ("mars",),
    ("avril", "avr."),
    ("mai",),
    ("juin",),
    ("juillet", "juil."),
    ("août", "aout"),
    ("septembre", "sept."),
    ("octobre", "oct."),
    ("novembre", "nov."),
    ("décembre", "déc."),
)
LEVANT = (
    ("كانون الثاني", "كانون ثاني"),
    ("شباط",),
    ("آذار",),
    ("نيسان",),
    ("أيار",),
    ("حزيران",),
    ("تموز",),
    ("آب",),
    ("أيلول",),
    ("تشرين الأول", "تشرين أول"),
    ("تشرين الثاني", "تشرين ثاني"),
    ("كانون الأول", "كانون أول"),
)
GULF = (
    ("يناير",),
    ("فبراير",),
    ("مارس",),
    ("أبريل",),
    ("مايو",),
    ("يونيو", "يونيه", "يونية"),
    ("يوليو", "يوليه", "يولية"),
    ("أغسطس",),
    ("سبتمبر",),
    ("أكتوبر",),
    ("نوفمبر",),
    ("ديسمبر",),
)
MAGHREB = (
    ("جانفي",),
    ("فيفري",),
    ("مارس",),
    ("أفريل",),
    ("ماي",),
    ("جوان",),
    ("جويلية", "يوليوز"),
    ("أوت", "غشت"),
    ("سبتمبر", "شتنبر"),
    ("أكتوبر",),
    ("نوفمبر", "نونبر"),
    ("ديسمبر", "دجنبر"),
)
LATIN_CASES = (str, str.upper, str.lower, str.title)
FATHA, SHADDA, TATWEEL, RLM, NBSP = "\u064e", "\u0651", "\u0640", "\u200f", "\u00a0"
ORTHOGRAPHIES = (
    str,
    lambda name: name.translate(str.maketrans("أإآ", "ااا")),
    lambda name: name.translate(str.maketrans("أآ", "إأ")),
    lambda name: name.translate(str.maketrans("ية", "ىه")),
    lambda name: name.replace("ي", "ی").replace("ك", "ک"),
    lambda name: name[0] + TATWEEL + name[1:],
    lambda name: name[:2] + FATHA + SHADDA + name[2:],
    lambda name: RLM + name.replace(" ", NBSP) + RLM,
)
DIGITS = ("0123456789", "٠١٢٣٤٥٦٧٨٩", "۰۱۲۳۴۵۶۷۸۹")


def month_cases(calendars, spellings):
    """(month, name as it may be spelt), each once."""
    for calendar in calendars:
        for month, names in enumerate(calendar, 1):
            yield from {(month, spell(name)): None for name, spell in product(names, spellings)}


def at(*when, zone=BEIRUT):
    return Moment(datetime(*when, tzinfo=zone), None)


def on(*day, zone=BEIRUT):
    return Moment(datetime(*day, tzinfo=zone), "day")


def offset(hours, minutes=0):
    return timezone(timedelta(hours=hours, minutes=minutes))


def same(got, expected):
    """Equal also in the offset from UTC, which the comparison of times overlooks."""
    return got == expected and (got is None or got.time.isoformat() == expected.time.isoformat())


@pytest.mark.parametrize("month, name", sorted(month_cases((ENGLISH, SPANISH, FRENCH), LATIN_CASES)))
def test_every_month_of_english_spanish_and_french_is_known_in_any_case(month, name):
    assert parse(f"8 {name} 2025", BEIRUT) == on(2025, month, 8)
    assert parse(f"{name} 8, 2025", BEIRUT) == on(2025, month, 8)
    assert parse(f"8 de {name} de 2025 15:21", BEIRUT) == at(2025, month, 8, 15, 21)


@pytest.mark.parametrize("digits", DIGITS, ids=("western", "arabic-indic", "persian"))
@pytest.mark.parametrize("month, name", sorted(month_cases((LEVANT, GULF, MAGHREB), ORTHOGRAPHIES)))
def test_every_arabic_month_is_known_in_every_spelling_and_digit(month, name, digits):
    in_digits = str.maketrans(DIGITS[0], digits)
    assert parse(f"28 {name} 2025".translate(in_digits), BEIRUT) == on(2025, month, 28)
    assert parse(f"{name} 8، 2025".translate(in_digits), BEIRUT) == on(2025, month, 8)
    assert parse(f"8 {name} 2025 - 03:21 م".translate(in_digits), BEIRUT) == at(2025, month, 8, 15, 21)


@pytest.mark.parametrize(
    "month, double",
    [
        (m, pair)
        for m in range(1, 13)
        for pair in ((LEVANT[m - 1][0], GULF[m - 1][0]), (GULF[m - 1][0], LEVANT[m - 1][0]))
    ],
)
def test_a_month_may_be_named_in_both_calendars(month, double):
    first, second = double
    for form in (f"{first}/{second}", f"{first} / {second}", f"{first} ({second})", f"{first} - {second}"):
        assert parse(f"8 {form} 2025", BEIRUT) == on(2025, month, 8), form


@pytest.mark.parametrize(
    "text, expected",
    [
        ("2025-05-08T15:21:00Z", at(2025, 5, 8, 15, 21, zone=UTC)),
        ("2025-05-08t15:21:00z", at(2025, 5, 8, 15, 21, zone=UTC)),
        ("2025-05-08T15:21:00+03:00", at(2025, 5, 8, 15, 21, zone=offset(3))),
        ("2025-05-08T15:21:00+0300", at(2025, 5, 8, 15, 21, zone=offset(3))),
        ("2025-05-08T15:21:00+03", at(2025, 5, 8, 15, 21, zone=offset(3))),
        ("2025-05-08 15:21:00 +0300", at(2025, 5, 8, 15, 21, zone=offset(3))),
        ("2025-05-08T15:21:00+05:45", at(2025, 5, 8, 15, 21, zone=offset(5, 45))),
        ("2025-05-08T15:21:00-03:30", at(2025, 5, 8, 15, 21, zone=offset(-3, -30))),
        ("2025-05-08T15:21:00-00:00", at(2025, 5, 8, 15, 21, zone=UTC)),
        ("2025-05-08T15:21:00", at(2025, 5, 8, 15, 21)),
        ("2025-05-08T15:21", at(2025, 5, 8, 15, 21)),
        ("  2025-05-08 15:21:30\n", at(2025, 5, 8, 15, 21, 30)),
        ("2025-05-08T15:21:00.5Z", at(2025, 5, 8, 15, 21, 0, 500_000, zone=UTC)),
        ("2025-05-08T15:21:00,25Z", at(2025, 5, 8, 15, 21, 0, 250_000, zone=UTC)),
        ("2023-12-30T21:59:00.0000000", at(2023, 12, 30, 21, 59)),
        ("2025-05-08T15:21:00.1234567", at(2025, 5, 8, 15, 21, 0, 123_456)),
        ("2025-05-08T15:21:00.123456789+03:00", at(2025, 5, 8, 15, 21, 0, 123_456, zone=offset(3))),
        ("\u200e2025-05-08 15:21:00.1234567", at(2025, 5, 8, 15, 21, 0, 123_456)),
        ("2025-05-08 15:21:00.5 +0300", at(2025, 5, 8, 15, 21, 0, 500_000, zone=offset(3))),
        ("2016-12-31T23:59:60Z", at(2016, 12, 31, 23, 59, 59, zone=UTC)),
        ("20250508T152100Z", at(2025, 5, 8, 15, 21, zone=UTC)),
        ("20250508T1521+0300", at(2025, 5, 8, 15, 21, zone=offset(3))),
        ("2025-06-26", on(2025, 6, 26)),
        ("2025-01-26T00:00:00", at(2025, 1, 26)),
    ],
)
def test_what_a_page_declares_is_read_to_the_letter(text, expected):
    assert same(parse(text, BEIRUT), expected)


@pytest.mark.parametrize(
    "text, zone",
    [
        ("Thu, 08 May 2025 15:21:00 +0300", offset(3)),
        ("Thu, 8 May 2025 15:21:00 GMT", UTC),
        ("08 May 2025 15:21 UT", UTC),
        ("Thu, 08 May 2025 15:21:00 -0000", UTC),
        ("Thu, 08 May 2025 15:21:00 -0430", offset(-4, -30)),
        ("Thu May 08 2025 15:21:00 GMT+0300 (Eastern European Summer Time)", offset(3)),
        ("8 May 2025 15:21 (GMT+3)", offset(3)),
        ("8 May 2025 15:21 UTC-05:30", offset(-5, -30)),
        ("8 May 2025, 3:21 PM UTC", UTC),
        ("8 May 2025 15:21 WAT", offset(1)),
        ("8 أيار 2025 15:21 بتوقيت غرينتش", UTC),
        ("8 أيار 2025 15:21 بتوقيت جرينتش", UTC),
        ("8 أيار 2025 15:21 (بتوقيت مكة المكرمة)", offset(3)),
        ("8 أيار 2025 15:21 بتوقيت بيروت", KOLKATA),
        ("8 May 2025 15:21 XST", KOLKATA),
        ("8 May 2025 15:21 local time", KOLKATA),
        ("8 May 2025 15:21 Zahle", KOLKATA),
        ("8 May 2025 15:21 -20 comments", KOLKATA),
        ("8 May 2025 15:21 -3 comments", KOLKATA),
    ],
)
def test_a_zone_counts_where_it_is_written_and_clear_else_the_outlets_own(text, zone):
    assert same(parse(text, KOLKATA), at(2025, 5, 8, 15, 21, zone=zone))


@pytest.mark.parametrize(
    "text",
    [
        "8 May 2025 15:21",
        "08 May 2025 15:21:00",
        "8\u00a0May\u202f2025\u2003\u200f15:21",
        "\u202b8 May 2025 15:21\u202c",
        "8 May\n      2025\t15:21",
        "Published: 8 May 2025 15:21",
        "Published:8 May 2025 15:21",
        "Last updated on Thursday, 8 May 2025, 15:21",
        "8 May 2025 at 15:21",
        "8 May 2025 | 15:21",
        "8 May 2025 - 15:21",
        "8 May 2025 – 15:21",
        "8 May 2025 — 15:21 — 3 Min Read",
        "8 May 2025 / 15:21",
        "8 May 2025, 15:21",
        "8 May 2025 (15:21)",
        "8th of May, 2025 15:21",
        "8-May-2025 15:21",
        "8May 2025 15:21",
        "May 8, 2025 3:21 pm",
        "May 8th, 2025 at 3:21 P.M.",
        "Thursday, May 8, 2025 3:21pm",
        "8 May 2025, 3.21 pm",
        "8 May 2025 15:21 - Updated 9 May 2025 10:00",
        "8 May 2025 15:21 | 26-06-2025",
        "8o de mayo de 2025 15:21",
        "8º mayo 2025 15:21",
        "26 Dhu al-Hijja 1446 | 8 May 2025 15:21",
        "08-05-2025 15:21",
        "08/05/2025 15:21",
        "8/5/2025, 3:21 PM",
        "08.05.2025 15:21",
        "08-05-2025-15:21",
        "8 / 5 / 2025 - 15:21",
        "2025/05/08 15:21",
        "2025.5.8 15:21",
        "8 de mayo de 2025 15:21",
        "8 de mayo del 2025 a las 15:21 h",
        "jueves, 8 de mayo de 2025, 3:21 p. m.",
        "Mayo 8 de 2025, 03:21 p.m.",
        "8 may. 2025 3:21 de la tarde",
        "8 mai 2025 à 15h21",
        "الخميس 8 أيار 2025 الساعة 15:21",
        "الخميس، ٨ أيار/مايو ٢٠٢٥، الساعة ٣:٢١ مساءً",
        "الخميس/ 8 أيار/ 2025 - 15:21",
        "نشر في: 8 أيار 2025 في 15:21",
        "8 من شهر أيار عام 2025 15:21",
        "8 مايو 2025م 03:21 م",
        "10 ذو القعدة 1446 هـ الموافق 8 مايو 2025م، 3:21 م",
        "10/11/1446 هـ - 8/5/2025 م 3:21 م",
        "٨-٥-٢٠٢٥ ١٥:٢١",
        "۲۰۲۵/۵/۸ ۱۵:۲۱",
        "8 أيّار 2025 3:21 بعد الظهر",
    ],
)
def test_a_printed_date_with_its_time_is_read_in_the_outlets_zone(text):
    assert same(parse(text, BEIRUT), at(2025, 5, 8, 15, 21))


@pytest.mark.parametrize(
    "text",
    [
        "June 26, 2025",
        "26 June 2025",
        "26\u00a0June\u00a02025",
        "26-06-2025",
        "26/06/2025",
        "26.06.2025",
        "26.06.2025.",
        "26-6-2025",
        "26–06–2025",
        "2025-06-26",
        "2025/06/26",
        "(26 June 2025)",
        "Al Manar | 26-06-2025",
        "26 June 2025 | 3 Min Read",
        "26 June 2025 - 12 Shares",
        "26 June 2025, 12.50 dollars",
        "26 June 2025 25:99",
        "26 June 2025 15:216",
        "Jueves 26 de junio de 2025",
        "26 juin 2025",
        "26junio 2025",
        "الخميس 26 حزيران 2025",
        "26 يونيو 2025 م",
        "22/06/1446 - 26/06/2025",
        "26/6/2025م-1/1/1447هـ",
    ],
)
def test_a_date_without_a_time_is_midnight_and_says_so(text):
    assert same(parse(text, BEIRUT), on(2025, 6, 26))


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "no date",
        "yesterday",
        "اليوم 06:42",
        "20 hours ago",
        "20 اب",
        "Nov 23",
        "Nov 23, 15:21",
        "May 2025",
        "2025",
        "15:21",
        "بيروت 21:37",
        "26 06 2025",
        "8 May 25",
        "26/06/25",
        "25-06-26",
        "20250626",
        "1746706860",
        "1746706860000",
        "30 Feb 2025",
        "29 Feb 2025",
        "32 Nov 2025",
        "0 May 2025",
        "2024-02-30",
        "2024-02-30T10:00:00Z",
        "2025-13-01",
        "9999-99-99",
        "9999-12-31",
        "0001-01-01T00:00:00",
        "00-00-0000",
        "06/26/2025",
        "26-06/2025",
        "2025-05-08T15:21:00+99:00",
        "26 محرم 1447",
        "26 محرم 1447 هـ 15:21",
        "26-01-1447",
        "1447/01/26",
        "26 Prairial 2025",
        "8 أيار/يونيو 2025",
        "COVID-19",
        "COVID-19 May 2025",
        "كوفيد-19 مايو 2025",
        "G20 May 2025",
        "26-06-20255",
        "126-06-2025",
        "10:26-06-2025",
        "v1.8 May 2025",
        "1,026/06/2025",
        "26-06-2025x",
        "Axios12-03-2025",
        "26-06-2025-01",
        "1.2.2025.4",
        "127.1.1.2025.1",
        "https://news.example/2025/06/26/a-slug",
        "ISBN 978-3-16-2025-0",
    ],
)
def test_what_is_no_complete_possible_date_is_none(text):
    assert parse(text, BEIRUT) is None


@pytest.mark.parametrize(
    "text", ["99 June 2025, 26 June 2025", "12 people 2025 | 26 June 2025", "30/02/2025 26/06/2025"]
)
def test_the_first_possible_date_counts(text):
    assert parse(text, BEIRUT) == on(2025, 6, 26)


@pytest.mark.parametrize(
    "half, hours",
    [
        *(
            (half, {1: 1, 11: 11, 12: 0})
            for half in ("am", "AM", "a.m.", "a. m.", "ص", "صباحاً", "صباحا", "فجراً")
        ),
        *(
            (half, {1: 13, 11: 23, 12: 12})
            for half in ("pm", "PM", "p.m.", "p. m.", "م", "مساءً", "مساء", "ظهراً")
        ),
        *((half, {1: 1, 11: 23, 12: 0}) for half in ("ليلاً", "de la noche")),
    ],
)
def test_the_half_of_the_day_moves_the_hour(half, hours):
    for told, hour in hours.items():
        assert parse(f"8 May 2025 {told}:30 {half}", BEIRUT) == at(2025, 5, 8, hour, 30), told
        assert parse(f"8 May 2025 {told} {half}", BEIRUT) == at(2025, 5, 8, hour), told
    assert parse(f"8 May 2025 15:30 {half}", BEIRUT) == at(2025, 5, 8, 15, 30)


def test_a_word_that_begins_like_an_ordinal_is_a_month():
    assert parse("8octubre 2025", BEIRUT) == on(2025, 10, 8)


def test_a_zones_summer_time_is_that_of_the_date():
    assert parse("22 Jan 2025 10:45", BEIRUT).time.isoformat() == "2025-01-22T10:45:00+02:00"
    assert parse("8 May 2025 15:21", BEIRUT).time.isoformat() == "2025-05-08T15:21:00+03:00"


@pytest.mark.parametrize(
    "text, instant",
    [
        ("30 March 2025 00:30", datetime(2025, 3, 29, 22, 30, tzinfo=UTC)),  # skipped by the clocks of Beirut
        ("30 March 2025", datetime(2025, 3, 29, 22, tzinfo=UTC)),
        ("25 October 2025 23:30", datetime(2025, 10, 25, 20, 30, tzinfo=UTC)),  # there twice: the first
    ],
)
def test_a_time_that_clocks_skip_or_repeat_is_still_one_instant(text, instant):
    assert parse(text, BEIRUT).time.astimezone(UTC) == instant


def test_only_the_beginning_of_a_long_text_is_read_and_no_number_in_two():
    assert parse("8 May 2025" + " word" * 10_000, BEIRUT) == on(2025, 5, 8)
    assert parse("word " * 100 + "8 May 2025", BEIRUT) is None
    for before in range(180, 200):
        assert parse("x" * before + " 26-06-20255", BEIRUT) is None


@pytest.mark.parametrize(
    "piece", ["1", "8 ", "8 - ", "8 may ", "may ", "de ", "published: ", "منذ ", "about ", ": ", "\u064e"]
)
def test_long_texts_are_quick(piece):
    text = piece * 100_000
    start = clock.process_time()
    parse(text, BEIRUT)
    age(text, NOW, BEIRUT)
    assert clock.process_time() - start < 0.2


PIECES = st.lists(
    st.sampled_from(
        [*"0123456789٣۹²½-/.:,،|()+TZ مص", "2025", "May", "أيار", "mayo", "ago", "منذ", "am", "99", "hours"]
    )
    | st.text(max_size=3)
)


@given(st.text() | PIECES.map("".join) | PIECES.map(" ".join))
def test_no_text_raises_and_every_answer_is_aware(text):
    for moment in (parse(text, BEIRUT), age(text, NOW, BEIRUT)):
        if moment:
            assert moment.time.utcoffset() is not None
            assert moment.time.astimezone(UTC)
            assert moment.precision is None or moment.time.timetuple()[3:6] == (0, 0, 0)


@given(st.datetimes(datetime(1800, 1, 1), datetime(2199, 12, 30), timezones=st.just(UTC)))  # noqa: DTZ001  # hypothesis wants them bare
def test_what_is_written_by_rule_is_read_back(moment):
    assert parse(moment.isoformat(), BEIRUT) == Moment(moment, None)
    assert parse(f"{moment:%d-%m-%Y}", BEIRUT).time == datetime(
        moment.year, moment.month, moment.day, tzinfo=BEIRUT
    )


# In Beirut it is the next day already, and summer time has come between (30 March).
NOW = datetime(2025, 3, 31, 22, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    "text, ago",
    [
        ("just now", timedelta(0)),
        ("Just now", timedelta(0)),
        ("a few seconds ago", timedelta(0)),
        ("الآن", timedelta(0)),
        ("منذ لحظات", timedelta(0)),
        ("30 seconds ago", timedelta(seconds=30)),
        ("1 minute ago", timedelta(minutes=1)),
        ("a minute ago", timedelta(minutes=1)),
        ("5 mins ago", timedelta(minutes=5)),
        ("20 hours ago", timedelta(hours=20)),
        ("20\u00a0Hours Ago", timedelta(hours=20)),
        ("47 hours ago", timedelta(hours=47)),
        ("an hour ago", timedelta(hours=1)),
        ("one hour ago", timedelta(hours=1)),
        ("3h ago", timedelta(hours=3)),
        ("about 3 hours ago", timedelta(hours=3)),
        ("Published: 3 hours ago", timedelta(hours=3)),
        ("3 hours ago | Reuters", timedelta(hours=3)),
        ("منذ ثانية", timedelta(seconds=1)),
        ("منذ 30 ثانية", timedelta(seconds=30)),
        ("منذ دقيقة", timedelta(minutes=1)),
        ("منذ دقيقتين", timedelta(minutes=2)),
        ("منذ 5 دقائق", timedelta(minutes=5)),
        ("منذ ساعة", timedelta(hours=1)),
        ("منذ ساعة واحدة", timedelta(hours=1)),
        ("منذ ساعتين", timedelta(hours=2)),
        ("قبل ساعتين", timedelta(hours=2)),
        ("قبل 3 ساعات", timedelta(hours=3)),
        ("منذ 21 ساعات", timedelta(hours=21)),
        ("منذ ٢١ ساعة", timedelta(hours=21)),
        ("مُنذُ ۲۱ ساعة", timedelta(hours=21)),
        ("hace 3 horas", timedelta(hours=3)),
        ("hace una hora", timedelta(hours=1)),
        ("Hace 5 minutos", timedelta(minutes=5)),
        ("il y a 3 heures", timedelta(hours=3)),
    ],
)
def test_an_age_in_hours_or_less_is_an_exact_time(text, ago):
    assert same(age(text, NOW, BEIRUT), Moment((NOW - ago).astimezone(BEIRUT), None))


@pytest.mark.parametrize(
    "text, day",
    [
        ("0 days ago", (2025, 4, 1)),
        ("a day ago", (2025, 3, 31)),
        ("1 day ago", (2025, 3, 31)),
        ("2 days ago", (2025, 3, 30)),
        ("a week ago", (2025, 3, 25)),
        ("3 weeks ago", (2025, 3, 11)),
        ("a month ago", (2025, 3, 1)),
        ("5 months ago", (2024, 11, 1)),
        ("a year ago", (2024, 4, 1)),
        ("100 years ago", (1925, 4, 1)),
        ("منذ يوم", (2025, 3, 31)),
        ("منذ يوم واحد", (2025, 3, 31)),
        ("منذ يومين", (2025, 3, 30)),
        ("منذ 3 أيام", (2025, 3, 29)),
        ("منذ 11 يوماً", (2025, 3, 21)),
        ("منذ أسبوع", (2025, 3, 25)),
        ("منذ أسبوعين", (2025, 3, 18)),
        ("منذ 3 أسابيع", (2025, 3, 11)),
        ("منذ شهر", (2025, 3, 1)),
        ("منذ شهرين", (2025, 2, 1)),
        ("منذ ٣ أشهر", (2025, 1, 1)),
        ("منذ سنة", (2024, 4, 1)),
        ("منذ سنتين", (2023, 4, 1)),
        ("قبل 3 سنوات", (2022, 4, 1)),
        ("hace un día", (2025, 3, 31)),
        ("hace 2 días", (2025, 3, 30)),
        ("hace una semana", (2025, 3, 25)),
        ("hace un mes", (2025, 3, 1)),
        ("hace 2 años", (2023, 4, 1)),
    ],
)
def test_an_age_in_days_or_more_is_a_day_of_the_outlets_calendar(text, day):
    assert same(age(text, NOW, BEIRUT), on(*day))


def test_a_month_ago_is_never_a_day_that_is_not():
    end_of_march = datetime(2024, 3, 31, 12, tzinfo=UTC)
    assert age("a month ago", end_of_march, BEIRUT) == on(2024, 2, 29)
    assert age("13 months ago", end_of_march, BEIRUT) == on(2023, 2, 28)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "ago",
        "20 hours",
        "in 3 hours",
        "بعد 3 ساعات",
        "dentro de 3 horas",
        "-3 hours ago",
        "hours ago",
        "منذ ساعات",
        "hace días",
        "3 moons ago",
        "yesterday",
        "أمس",
        "101 years ago",
        "1300 months ago",
        "3000 years ago",
        "999999999 years ago",
        "40000 days ago",
        "999999999 hours ago",
        "9999999999999999 seconds ago",
        "time20 hours ago",
        "20 years ago, the war began",
        "Five years ago, together with you",
        "He left 3 days ago",
        "منذ 2020",
        "8 May 2025 15:21",
    ],
)
def test_what_is_no_age_is_none(text):
    assert age(text, NOW, BEIRUT) is None


def test_an_age_is_counted_through_a_change_of_the_clocks():
    now = datetime(2025, 3, 30, 3, tzinfo=BEIRUT)
    assert age("3 hours ago", now, BEIRUT).time == datetime(2025, 3, 29, 21, tzinfo=UTC)


RETRIEVED = datetime(2025, 6, 26, 12, tzinfo=BEIRUT)


@pytest.mark.parametrize(
    "when, retrieved, expected",
    [
        (datetime(1970, 1, 1, tzinfo=UTC), RETRIEVED, True),
        (datetime(1969, 12, 31, 23, 59, 59, tzinfo=UTC), RETRIEVED, False),
        (datetime(1970, 1, 1, tzinfo=offset(1)), None, False),
        (RETRIEVED, RETRIEVED, True),
        (RETRIEVED + timedelta(days=1), RETRIEVED, True),
        (RETRIEVED + timedelta(days=1, seconds=1), RETRIEVED, False),
        (datetime(2025, 6, 27, 9, tzinfo=UTC), RETRIEVED, True),
        (datetime(2025, 6, 27, 9, 0, 1, tzinfo=UTC), RETRIEVED, False),
        (datetime(2035, 6, 26, tzinfo=UTC), RETRIEVED, False),
        # The 30th of March has 23 hours there.
        (datetime(2025, 3, 30, 13, tzinfo=BEIRUT), datetime(2025, 3, 29, 12, tzinfo=BEIRUT), True),
        (datetime(2035, 6, 26, tzinfo=UTC), None, True),
    ],
)
def test_a_date_is_plausible_from_1970_to_a_day_after_the_page_was_had(when, retrieved, expected):
    assert plausible(Moment(when, None), retrieved) is expected
