"""Reports in one form: the same sentences about another place, company or sky are other stories."""

from __future__ import annotations

from datetime import timedelta
from itertools import combinations

import pytest

from cleanfeed.stories.clusters import Item, clusters
from cleanfeed.stories.signature import signature
from storyarticles import NOON, Text

OUTLETS = ("courier", "digest", "evening")

FORMS: dict[str, tuple[str, str, tuple[dict[str, str], ...], float]] = {
    "tremors": (
        "Tremor of magnitude 4.7 felt on {place}",
        ("A tremor of magnitude 4.7 was felt on {place} on Thursday, the observatory on Mount Sahl said. It began ten "
        "kilometres below the ground. Nobody was reported hurt, and no house was damaged."),
        ({"place": "the island of Sarq"}, {"place": "Cape Lamis"}, {"place": "the Zaytun peninsula"}),
        4,
    ),
    "closed companies": (
        "Inspectors close {company}",
        ("Inspectors of the canal office have closed {company}, a firm of {town} that they accuse of dealing in {goods} "
        "without the papers that have been required since spring.\n"
        "All barges of the firm must stay where they are, and nobody may do business with it until the court of the "
        "valley has heard the case, the office said in a statement on its board.\n"
        '"We shall use every means that the law gives us against those who cheat the toll," the deputy inspector said.\n'
        "Nobody at the address of the firm answered the door on the day after the inspectors had come."),
        (
            {"company": "Heron Freight", "town": "Qasr Nuwara", "goods": "lamp oil"},
            {"company": "Three Bridges Cargo", "town": "Wadi Lamis", "goods": "rock salt"},
            {"company": "Old Quay Haulage", "town": "Marsa Zaytun", "goods": "copper wire"},
        ),
        6,
    ),
    "cup matches": (
        "{home} meet {away} for a place in the cup final",
        ("{home} meet {away} in the semi-final of the river cup on Friday evening in {town}, with a place in the final at "
        "stake for the first time in a decade.\n"
        "The winner will play against a side that is drawn on Sunday, and there will be extra time if the sides are level "
        "after ninety minutes.\n"
        "{home} must do without {player}, who is suspended, while {away} are at full strength after a week of rest.\n"
        "All seats are sold, the river league said, and the match will be shown on the wall of the customs house."),
        (
            {"home": "Ferrymen", "away": "Lanterns", "town": "Sarq", "player": "Idris Qamar"},
            {"home": "Weavers", "away": "Orchard", "town": "Lamis", "player": "Nadir Sole"},
            {"home": "Lighthouse", "away": "Beekeepers", "town": "Sahl", "player": "Omar Tell"},
        ),
        2,
    ),
    "skies": (
        "Valley weather: {sky}",
        ("It will be {sky} over most of the valley tomorrow, the observatory said in its daily bulletin, and it will be as "
        "warm as it usually is in this season along the river and on the slopes.\n"
        "Winds will be moderate and the lake a little rough, with good sight on the quays and fog on the ridge at night.\n"
        "Boatmen are asked to keep their lamps lit before dawn, and herders to stay below the tree line."),
        ({"sky": "sunny"}, {"sky": "overcast"}, {"sky": "stormy"}),
        24,
    ),
    "markets": (
        "Grain exchanges of the coast: most prices {how}",
        ("Most grain exchanges of the coast {did} on the last day before the feast, while traders waited for the council's "
        "word on tolls and for the first boats from the upper valley.\n"
        "Trading was thin, and buyers from abroad stayed away, brokers said.\n"
        "The exchange of Marsa Zaytun, the largest of all, went the way of the others, and that of Sarq was closed."),
        (
            {"how": "up", "did": "rose"},
            {"how": "down", "did": "fell"},
            {"how": "flat", "did": "stood still"},
        ),
        24,
    ),
    "receptions": (
        "رئيسة المجلس تستقبل {guest}",
        ("استقبلت رئيسة مجلس الوادي في قاعة القوارب صباح اليوم {guest}، وجرى خلال اللقاء البحث في {matter} وسبل تطويرها في "
        "السنوات المقبلة.\n"
        "ونقل الضيف إلى رئيسة المجلس تحيات أهل بلدته وتمنياتهم للوادي بموسم وفير، مؤكداً أن أبوابهم مفتوحة للتجار.\n"
        "وشكرت رئيسة المجلس ضيفها على ما تقدمه بلدته من قمح وزيت، مشددة على أهمية أن تبقى القنوات سالكة بين الجميع."),
        (
            {"guest": "عمدة مرسى الزيتون", "matter": "رسوم الأرصفة"},
            {"guest": "نقيب صانعي الفوانيس", "matter": "إنارة الجسور"},
            {"guest": "سفير الجزر البعيدة", "matter": "خطوط العبّارات"},
        ),
        3,
    ),
    "rescues": (
        "إنقاذ صيادين قبالة {place}",
        ("أعلن حرس الساحل إنقاذ صيادين انقلب قاربهما قبالة {place} فجر اليوم، وقال إنهما بصحة جيدة وقد نقلا إلى البر على متن "
        "زورق المرفأ. وطلب الحرس من أصحاب القوارب الصغيرة البقاء في المرسى حتى تهدأ الريح."),
        ({"place": "جزيرة سرق"}, {"place": "رأس لميس"}, {"place": "خليج نوارة"}),
        5,
    ),
    "fires": (
        "Un incendio obliga a cerrar {place}",
        ("Los bomberos del valle apagaron de madrugada un incendio en {place}, que quedará cerrado al público hasta que los "
        "inspectores terminen su trabajo. Nadie resultó herido, según un portavoz del ayuntamiento, y las llamas no "
        "llegaron a las casas vecinas. Se desconoce la causa del fuego."),
        ({"place": "el mercado de Lamis"}, {"place": "la biblioteca de Sahl"}, {"place": "el faro de Sarq"}),
        7,
    ),
}  # fmt: skip


def reports(form: str, outlets: tuple[str, ...] = OUTLETS) -> list[Text]:
    title, text, subjects, hours = FORMS[form]
    return [
        Text(
            outlet=outlets[place % len(outlets)],
            title=title.format(**said),
            text=text.format(**said),
            moment=NOON + timedelta(hours=hours * place),
        )
        for place, said in enumerate(subjects)
    ]


def merged(*texts: Text) -> set[frozenset[int]]:
    """Which of the texts, by their places, are one story."""
    signed = {str(place): signature(each.title, each.text) for place, each in enumerate(texts)}
    items = (
        Item(str(place), each.outlet, each.moment, signed[str(place)].sketch)
        for place, each in enumerate(texts)
    )
    return {frozenset(map(int, group)) for group in clusters(items, signed.__getitem__).members}


@pytest.mark.parametrize("outlets", [OUTLETS, OUTLETS[:1]], ids=["in three outlets", "in one outlet"])
@pytest.mark.parametrize("form", FORMS)
def test_reports_in_one_form_are_as_many_stories(form, outlets):
    assert merged(*reports(form, outlets)) == set()


@pytest.mark.parametrize("form", FORMS)
def test_a_copy_of_one_of_them_is_found_among_the_others(form):
    texts = reports(form)
    first = texts[0]
    copy = Text(outlet="mirror", title=first.title, text=first.text, moment=first.moment + timedelta(hours=1))
    assert merged(*texts, copy) == {frozenset({0, len(texts)})}


@pytest.mark.parametrize("form", ["tremors", "rescues"])
def test_a_few_lines_to_the_word_are_one_story_under_any_headline_for_a_day(form):
    first = reports(form)[0]
    for hours, outlet, expected in ((3, "mirror", True), (30, "mirror", False), (3, first.outlet, False)):
        copy = Text(
            outlet=outlet,
            title="Nothing like it",
            text=first.text,
            moment=first.moment + timedelta(hours=hours),
        )
        assert bool(merged(first, copy)) is expected


def test_a_few_lines_that_differ_in_a_word_are_not_one_story_under_another_headline():
    one, other, _ = reports("rescues")
    renamed = Text(outlet=other.outlet, title="خبر من الساحل", text=other.text, moment=one.moment)
    assert merged(one, renamed) == set()


def test_no_two_forms_are_taken_for_one_another():
    texts = [reports(form)[0] for form in FORMS]
    for one, other in combinations(texts, 2):
        assert merged(one, other) == set()
