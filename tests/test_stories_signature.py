"""When two texts are copies: what is folded, what counts, and what is too little to tell."""

from __future__ import annotations

from datetime import timedelta

import pytest

from cleanfeed.stories.alike import WINDOW, Gap, alike
from cleanfeed.stories.figures import figure, ungrouped
from cleanfeed.stories.signature import signature, unpack
from cleanfeed.text import fold

TITLE = "Ferry to the islands sails again"
TEXT = """The ferry to the outer islands will sail again from Friday, said the company that runs it from a shed on the quay.
Its engine had been taken to pieces in March, when a fisherman heard it knock, and some parts had to be cast anew in a foundry inland.
Islanders had been rowing their cheese and their letters across the sound in the meantime, and grew rather fond of it.
The first boat leaves at dawn; whoever holds a ticket of last spring may use it until the leaves fall."""
ARABIC_TITLE = "العبّارة تبحر إلى الجزر من جديد"
ARABIC = """أعلنت الشركة المشغّلة أنّ العبّارة ستعود إلى الإبحار نحو الجزر البعيدة ابتداءً من يوم الجمعة عند الساعة 7 صباحاً.
وكان المحرّك قد فُكّك في آذار بعدما سمع صيّاد طرقاته، واضطر العمال إلى صبّ بعض القطع من جديد في مسبك بعيد عن الساحل.
وكان أهالي الجزر ينقلون الأجبان والرسائل بقواربهم في تلك الأثناء، إلى أن أحبّوا ذلك.
وتُقبل تذاكر الربيع الماضي إلى أن تسقط الأوراق عن الأشجار."""

SAME_HOUR = Gap(timedelta(hours=1), is_one_outlet=False)
SAME_OUTLET = Gap(timedelta(hours=1), is_one_outlet=True)
NEXT_DAY = Gap(timedelta(days=1), is_one_outlet=False)


def share(one: tuple[str, str], other: tuple[str, str], gap: Gap = SAME_HOUR) -> float:
    return alike(signature(*one), signature(*other), gap)


@pytest.mark.parametrize(
    "one, other",
    [
        pytest.param("«آذار»", '"آذار"', id="quotation marks"),
        pytest.param("٧ صباحاً", "7 صباحاً", id="digits"),
        pytest.param("إلى أنّ", "الى ان", id="letters with hamza, and marks"),
        pytest.param("العبّارة", "العـبـارة", id="tatweel"),
        pytest.param("شركةٌ", "شركه", id="the last letter"),
        pytest.param("El río “Duero”", 'EL RIO "DUERO"', id="case, accents and quotation marks"),
        pytest.param("the company’s", "the company's", id="apostrophes"),
        pytest.param("12,500 crowns", "12500 crowns", id="thousands in English"),
        pytest.param("12.500 coronas", "12500 coronas", id="thousands in Spanish"),
        pytest.param("12\u202f500 couronnes", "12\u00a0500 couronnes", id="thousands in French"),
        pytest.param("١٢٬٥٠٠ ليرة", "12500 ليرة", id="thousands in Arabic"),
        pytest.param("41 thousand crowns", "41,000 crowns", id="thousands in a word"),
        pytest.param("300 ألف نسمة", "٣٠٠٬٠٠٠ نسمة", id="thousands in an Arabic word"),
        pytest.param("9 آلاف ليرة", "9000 ليرة", id="a few thousands in an Arabic word"),
        pytest.param("1.5 million people", "1,500,000 people", id="millions in a word"),
        pytest.param("2,25 millones", "2.250.000", id="millions in Spanish"),
        pytest.param("one,  two\tthree", "one two three", id="spaces and commas"),
    ],
)
def test_the_same_words_make_the_same_signature_however_they_are_spelt(one: str, other: str):
    assert signature(one, one) == signature(other, other)


@pytest.mark.parametrize(
    "one, other",
    [
        ("12 500 people", "12 501 people"), ("3.5 metres", "35 metres"), ("in 2024 300 came", "in 2024300 came"),
        ("room 1,20", "room 120"), ("the bank", "the banks"), ("2 million", "3 million"), ("2 mills", "2 millions"),
    ],
)  # fmt: skip
def test_other_words_and_other_numbers_make_another_signature(one: str, other: str):
    assert signature("", one) != signature("", other)


def test_a_number_of_any_length_is_read_in_one_go():
    long = "1 " + "234 " * 20_000 + "5678"
    assert len(ungrouped(long)) < len(long)


@pytest.mark.parametrize(
    "words",
    [
        "7 ٧ seven سبعة siete sept", "20 ٢٠ twenty عشرون عشرين veinte vingt", "2 ٢ two اثنان اثنين dos deux",
        "Friday الجمعة viernes vendredi", "Wednesday الأربعاء miércoles mercredi",
    ],
)  # fmt: skip
def test_numbers_and_days_are_the_same_in_every_spelling(words: str):
    read = {figure(fold(word)) for word in words.split()}
    assert len(read) == 1
    assert None not in read


@pytest.mark.parametrize("word", ["ferry", "", "once", "neuf", "الجزر", "sábana"])
def test_no_other_word_is_a_number(word: str):
    assert figure(fold(word)) is None


def test_a_signature_comes_back_from_its_bytes():
    for title, text in ((TITLE, TEXT), (ARABIC_TITLE, ARABIC), ("", ""), ("x", "")):
        made = signature(title, text)
        assert unpack(made.pack()) == made


@pytest.mark.parametrize("data", [b"", b"\0", b"\1\0\0\0", b"\xff" * 16, b"\0\0\0\0" * 5])
def test_bytes_of_something_else_are_no_signature(data: bytes):
    with pytest.raises(ValueError, match=r"\S"):
        unpack(data)


def test_a_text_of_any_length_makes_a_signature_of_bounded_size():
    book = signature("", " ".join(f"word{number}" for number in range(200_000)))
    assert len(book.pack()) < 10_000


# --- what is a copy

FIRST_LINES = "\n".join(TEXT.splitlines()[:2])
SHUFFLED = "\n".join(TEXT.splitlines()[::-1])
CREDITED = f"HARBOUR (Island Press) - {TEXT}\nReporting by Island Press, editing by the night desk"


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(TEXT, id="whole"),
        pytest.param(FIRST_LINES, id="first lines"),
        pytest.param(SHUFFLED, id="another order"),
        pytest.param(CREDITED, id="credits"),
        pytest.param(TEXT.replace("rather fond", "quite fond").replace("knock", "rattle"), id="other words"),
        pytest.param(TEXT.upper(), id="capitals"),
        pytest.param(TEXT.replace("\n", " "), id="one paragraph"),
    ],
)
def test_a_copy_is_one_under_any_title_in_another_outlet(text: str):
    assert share((TITLE, TEXT), ("Engine mended: rowing ends", text)) > 0.7


def test_an_arabic_copy_is_one_without_its_marks_and_with_other_digits():
    bare = fold(ARABIC).replace("7", "٧")
    assert share((ARABIC_TITLE, ARABIC), ("رحلات العبّارة تُستأنف", bare)) > 0.7


def test_a_title_alone_makes_no_copy():
    other = (
        "A hundred islanders came to the hall to hear about the wells, which give salt water since the storm.\n"
        * 3
    )
    assert not share((TITLE, TEXT), (TITLE, other))
    assert not share((TITLE, ""), (TITLE, ""))


def test_the_share_is_the_same_from_either_side():
    one, other = (TITLE, TEXT), ("Engine mended", CREDITED)
    assert share(one, other) == share(other, one) > 0


@pytest.mark.parametrize(
    "days, is_copy",
    [(0, True), (1, True), (4, True), (5, True), (5.01, False), (30, False)],
)
def test_copies_lie_within_a_few_days(days: float, is_copy: bool):
    gap = Gap(timedelta(days=days), is_one_outlet=False)
    assert bool(share((TITLE, TEXT), (TITLE, TEXT), gap)) is is_copy
    assert timedelta(days=5) == WINDOW


# --- the same outlet


def test_the_same_outlet_repeats_itself_only_in_the_same_words():
    assert share((TITLE, TEXT), (TITLE, TEXT), SAME_OUTLET)
    assert share((TITLE, TEXT), (TITLE, TEXT.replace("knock", "rattle")), SAME_OUTLET)
    for other in (
        FIRST_LINES,
        f"{TEXT}\n{'The crew was glad and the mayor was too, as far as he said so. ' * 3}",
    ):
        assert not share((TITLE, TEXT), (TITLE, other), SAME_OUTLET)


# --- numbers

REPORT = (
    "The river stood at {} centimetres at the old bridge on {} morning, the observatory of the coast said in its bulletin.\n"
    "Boats may pass under the first arch only, and the lower path is closed to walkers as far as the mill.\n"
    "Readings are taken by hand at sunrise, by a keeper who lives in the tower and has done so all her life."
)


@pytest.mark.parametrize(
    "one, other, gap, is_copy",
    [
        pytest.param(("312", "Monday"), ("312", "Monday"), SAME_HOUR, True, id="the same report"),
        pytest.param(
            ("312", "Monday"), ("٣١٢", "Monday"), SAME_HOUR, True, id="the same digits in other script"
        ),
        pytest.param(("twelve", "Monday"), ("12", "Monday"), SAME_HOUR, True, id="in words"),
        pytest.param(("312", "Monday"), ("318", "Monday"), SAME_HOUR, False, id="another level"),
        pytest.param(("312", "Monday"), ("312", "Tuesday"), NEXT_DAY, False, id="another day"),
        pytest.param(("312", "Monday"), ("318", "Tuesday"), NEXT_DAY, False, id="both"),
        pytest.param(("1,312", "Monday"), ("1312", "Monday"), NEXT_DAY, True, id="thousands"),
    ],
)
@pytest.mark.parametrize("is_one_outlet", [False, True])
def test_reports_in_the_same_words_are_one_only_with_the_same_numbers(
    one: tuple[str, str], other: tuple[str, str], gap: Gap, is_copy: bool, is_one_outlet: bool
):
    here, there = (("The river today", REPORT.format(*said)) for said in (one, other))
    assert bool(share(here, there, Gap(gap.apart, is_one_outlet))) is is_copy


RESULTS = "\n".join(
    f"The {one} met the {other} by the dunes and it ended {goals} to {lost}, which nobody there had thought possible."
    for one, other, goals, lost in (
        ("bakers", "tanners", 3, 1), ("weavers", "masons", 2, 0), ("millers", "pilots", 5, 4),
        ("coopers", "saddlers", 7, 6), ("glaziers", "potters", 9, 8),
    )
)  # fmt: skip


def test_within_a_day_one_number_of_many_may_have_been_corrected():
    corrected = RESULTS.replace("9 to 8", "9 to 10")
    assert share(("Results", RESULTS), ("Results", corrected))
    assert not share(("Results", RESULTS), ("Results", corrected), NEXT_DAY)
    assert not share(
        ("Results", RESULTS), ("Results", corrected.replace("5 to 4", "5 to 11").replace("2 to 0", "2 to 12"))
    )


def test_numbers_that_one_of_two_copies_leaves_out_do_not_part_them():
    cut_short = RESULTS.splitlines()[:3]
    assert share(("Results", RESULTS), ("Results", "\n".join(cut_short)), NEXT_DAY)


# --- few words

LINE = "Watch how the ferry comes back to the islands with a band on deck and cheese for all."


@pytest.mark.parametrize(
    "one, other, gap, is_copy",
    [
        pytest.param((TITLE, LINE), (TITLE, LINE), SAME_HOUR, True, id="same"),
        pytest.param((TITLE, LINE), (f"Video: {TITLE}", LINE), SAME_HOUR, True, id="a longer title"),
        pytest.param((TITLE, LINE), ("Band plays on deck", LINE), SAME_HOUR, False, id="another title"),
        pytest.param((TITLE, LINE), (TITLE, LINE), NEXT_DAY, False, id="another day"),
        pytest.param((TITLE, LINE), (TITLE, LINE.replace("islands with a band", "mainland without one")), SAME_HOUR, False, id="other words"),
        pytest.param((TITLE, "Watch it here."), (TITLE, "Watch it here."), SAME_HOUR, False, id="next to nothing"),
        pytest.param((TITLE, LINE), (TITLE, TEXT), SAME_HOUR, False, id="a caption and its article"),
    ],
)  # fmt: skip
def test_a_few_words_must_be_the_same_and_so_must_their_titles(
    one: tuple[str, str], other: tuple[str, str], gap: Gap, is_copy: bool
):
    assert bool(share(one, other, gap)) is is_copy
