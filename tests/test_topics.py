"""Topics: which entries a rule takes, why, and which topics come by themselves."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

import cleanfeed.topics
from cleanfeed.autotopics import auto_topics
from cleanfeed.config import Auto, short_hash
from cleanfeed.model import Entry, Topic
from cleanfeed.text import fold, plain
from cleanfeed.topics import Folded, matcher

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
ENTRY = Entry(
    id="tag:lantern.example,2026:1",
    outlet="lantern",
    title="Moscow hosts a summit",
    summary="Leaders of two countries meet.",
    content="<p>never looked at: Atlantis</p>",
    text="The meeting in the Kremlin\nlasted two hours.",
    language="en",
    section="World News",
    tags=("Russia", "Diplomacy"),
    published=NOON,
)


def rule(**conditions) -> Topic:
    return Topic(slug="t", title="T", **conditions)


def explain(topic, entry):
    return matcher(topic).explain(Folded(entry))


def takes(topic: Topic, entry: Entry) -> bool:
    """Whether it does; what is explained must agree."""
    answer = matcher(topic)(Folded(entry))
    assert explain(topic, entry).matches is answer
    return answer


def is_found(word: str, text: str) -> bool:
    return takes(rule(any=(word,)), replace(ENTRY, text=text))


@pytest.mark.parametrize(
    "word, text",
    [
        ("Iran", "IRAN said"),
        ("iran", "a deal with Iran."),
        ("Irán", "Iran"),
        ("Iran", "el presidente de Irán"),
        ("Sao Paulo", "in São Paulo today"),
        ("Zurich", "Zu\u0308rich"),
        ("China", "China's economy"),
        ("China", "China’s economy"),
        ("Iran", "Iran-backed groups"),
        ("Iran", "(Iran)"),
        ("Gaza", "#Gaza_City"),
        ("City", "#Gaza_City"),
        ("U.S.", "the U.S. said"),
        ("U.S.", "the U.S."),
        ("U.S.", "a U.S.-led force"),
        ("C++", "written in C++, mostly"),
        ("C++", "C++"),
        (".NET", "the .NET runtime"),
        ("covid-19", "after COVID-19,"),
        ("covid-19", "after Covid\u201119"),
        ("covid‐19", "after covid–19"),
        ("AT&T", "and AT&T and"),
        ("Straße", "STRASSE"),
        ("[a-z]+", "the class [a-z]+ of"),
        ("prime minister", "The Prime\nMinister said"),
        ("prime minister", "the prime \u00a0\n minister"),
        (" prime   minister ", "prime minister"),
        ("2026", "عام ٢٠٢٦"),
        ("北京", "北京"),
    ],
)
def test_a_word_is_found_without_regard_to_case_accents_and_white_space(word, text):
    assert is_found(word, text)


@pytest.mark.parametrize(
    "word, text",
    [
        ("Iran", "Iranian"),
        ("Iran", "Tirana"),
        ("Iran", "Iran2"),
        ("Iran", "Iranian and Tirana"),
        ("U.S.", "the USA"),
        ("U.S.", "U.S.A."),
        ("C++", "C++11"),
        ("C++", "C+"),
        (".NET", "ASP.NET"),
        ("covid-19", "covid-190"),
        ("covid-19", "covid 19"),
        ("prime minister", "prime ministers"),
        ("prime minister", "prime, minister"),
        ("a.b", "axb"),
        ("one two", "two one"),
    ],
)
def test_a_word_is_found_only_as_a_whole(word, text):
    assert not is_found(word, text)


def test_a_whole_word_is_found_behind_a_longer_one():
    assert is_found("Iran", "Iranian " * 50 + "Iran")


@pytest.mark.parametrize(
    "word, text",
    [
        ("أوكرانيا", "اوكرانيا"),
        ("اوكرانيا", "أوكرانيا"),
        ("إيران", "ايران"),
        ("ايران", "إيران"),
        ("آسيا", "اسيا"),
        ("مصطفى", "مصطفي"),
        ("مصطفي", "مصطفى"),
        ("غزة", "غزه"),
        ("غزه", "غزة"),
        ("غزة", "غـــزة"),
        ("سوريا", "سُورِيَا"),
        ("سُورِيّا", "سوريا"),
        ("مسؤول", "مسوول"),
        ("رئيس", "رييس"),
        ("مجلس الأمن", "مجلس\nالامن الدولي"),
        ("بيروت", "«بيروت»،"),
    ],
)
def test_arabic_spellings_of_a_word_are_one(word, text):
    assert is_found(word, text)


@pytest.mark.parametrize(
    "word, text",
    [
        ("روسيا", "وروسيا"),
        ("روسيا", "لروسيا"),
        ("روسيا", "بروسيا"),
        ("روسيا", "كروسيا"),
        ("روسيا", "فروسيا"),
        ("روسيا", "ولروسيا"),
        ("الصين", "والصين"),
        ("الصين", "بالصين"),
        ("الصين", "وبالصين"),
        ("الصين", "كالصين"),
        ("الصين", "للصين"),
        ("الصين", "وللصين"),
        ("ألمانيا", "لألمانيا"),
        ("غزة", "لغزة"),
        ("اللغة", "للغة"),
        ("الله", "لله"),
        ("اللبنانيين", "للبنانيين"),
        ("حزب الله", "لحزب الله"),
        ("البيت الأبيض", "وقال للبيت الأبيض"),
        ("الصين", "لكن الصينيين يقولون للصين"),
    ],
)
def test_an_arabic_word_is_found_behind_the_particles_written_onto_it(word, text):
    assert is_found(word, text)


@pytest.mark.parametrize(
    "word, text",
    [
        ("روسيا", "بيلاروسيا"),
        ("روسيا", "روسياوي"),
        ("روسيا", "لوروسيا"),
        ("روسيا", "بلروسيا"),
        ("روسيا", "سروسيا"),
        ("الصين", "الصينية"),
        ("الصين", "صين"),
        ("الصين", "لصين"),
        ("صين", "الصين"),
        ("سوريا", "السوريان"),
        ("يد", "ليد"),
        ("مجلس الأمن", "مجلس والأمن"),
        ("Iran", "وIran"),
    ],
)
def test_an_arabic_word_is_not_found_in_another_word(word, text):
    assert not is_found(word, text)


@pytest.mark.parametrize(
    "conditions, taken",
    [
        ({"any": ("Moscow", "Beijing")}, True),
        ({"any": ("Beijing", "Kremlin")}, True),
        ({"any": ("Beijing", "Paris")}, False),
        ({"all": ("Moscow", "leaders", "Kremlin")}, True),
        ({"all": ("Moscow", "Beijing")}, False),
        ({"none": ("football", "tennis")}, True),
        ({"none": ("football", "Kremlin")}, False),
        ({"any": ("Moscow",), "none": ("summit",)}, False),
        ({"any": ("Moscow",), "all": ("summit",), "none": ("tennis",)}, True),
        ({"any": ("Atlantis",)}, False),
        ({"any": ("summit Leaders",)}, False),
        ({"any": ("Kremlin lasted",)}, True),
        ({"any": ("Kremlin",), "parts": ("title",)}, False),
        ({"any": ("Moscow",), "parts": ("title",)}, True),
        ({"any": ("Moscow",), "parts": ("summary", "content")}, False),
        ({"all": ("leaders",), "parts": ("summary",)}, True),
        ({"none": ("Moscow",), "parts": ("content",)}, True),
        ({"outlets": ("lantern", "harbour")}, True),
        ({"outlets": ("harbour",)}, False),
        ({"outlets": ("lan",)}, False),
        ({"languages": ("en",)}, True),
        ({"languages": ("ar", "es")}, False),
        ({"kinds": ("article",)}, True),
        ({"kinds": ("video",)}, False),
        ({"sections": ("world news",)}, True),
        ({"sections": ("World",)}, False),
        ({"sections": ("Russia",)}, False),
        ({"tags": ("RUSSIA", "x")}, True),
        ({"tags": ("World News",)}, False),
        ({"labels": ("World news",)}, True),
        ({"labels": ("diplomacy",)}, True),
        ({"labels": ("Moscow",)}, False),
        ({"outlets": ("lantern",), "tags": ("Russia",), "any": ("summit",)}, True),
        ({"outlets": ("lantern",), "tags": ("Sport",), "any": ("summit",)}, False),
        ({"since": NOON}, True),
        ({"since": NOON + timedelta(seconds=1)}, False),
        ({"until": NOON}, False),
        ({"until": NOON + timedelta(seconds=1)}, True),
        ({"since": NOON - timedelta(days=1), "until": NOON + timedelta(days=1)}, True),
        ({"since": NOON.astimezone(timezone(timedelta(hours=3)))}, True),
        ({"everything": True}, True),
    ],
)
def test_an_entry_is_taken_if_every_kind_of_condition_holds(conditions, taken):
    assert takes(rule(**conditions), ENTRY) is taken


@pytest.mark.parametrize("language", ["ar", "ar-LB", "AR-lb"])
@pytest.mark.parametrize("wanted", ["ar", "AR", "ar-SA"])
def test_languages_are_compared_by_their_primary_subtag(language, wanted):
    assert takes(rule(languages=(wanted,)), replace(ENTRY, language=language))
    assert not takes(rule(languages=(wanted,)), replace(ENTRY, language="arc"))


def test_arabic_spellings_of_sections_and_tags_are_one():
    entry = replace(ENTRY, section="أخبار", tags=("السياسة",))
    assert takes(rule(sections=("اخبار",), tags=("السياسه",)), entry)


def test_an_entry_without_a_summary_or_section_or_tags_is_no_error():
    bare = replace(ENTRY, summary=None, section=None, tags=())
    assert takes(rule(any=("Moscow",)), bare)
    assert not takes(rule(any=("leaders",)), bare)
    assert not takes(rule(labels=("World News",)), bare)


def test_an_entry_that_has_no_date_counts_from_when_it_was_first_seen():
    seen = replace(ENTRY, published=None, first_seen=NOON)
    assert takes(rule(since=NOON, until=NOON + timedelta(days=1)), seen)
    assert not takes(rule(since=NOON + timedelta(days=1)), seen)


@pytest.mark.parametrize("limit", ["since", "until"])
def test_an_entry_without_any_time_is_within_no_limit(limit):
    verdict = explain(rule(**{limit: NOON}), replace(ENTRY, published=None))
    assert not verdict.matches
    assert verdict.reasons == (f"no date, {limit} is 2026-03-01T12:00:00+00:00",)


def test_an_entry_can_be_in_several_topics():
    topics = [rule(any=("Moscow",)), rule(tags=("russia",)), rule(tags=("sport",)), rule(everything=True)]
    assert [takes(topic, ENTRY) for topic in topics] == [True, True, False, True]


@pytest.mark.parametrize(
    "conditions, reasons",
    [
        ({"everything": True}, ["the topic takes everything"]),
        ({"any": ("Moscow", "Beijing", "Kremlin")}, ['any: "Moscow" in title, "Kremlin" in content']),
        ({"any": ("two",)}, ['any: "two" in summary and content']),
        ({"all": ("Moscow", "two")}, ['all: "Moscow" in title, "two" in summary and content']),
        ({"none": ("x", "y")}, ['none: no "x" or "y" in title or summary or content']),
        ({"outlets": ("harbour", "lantern")}, ['outlet is "lantern"']),
        ({"languages": ("en",), "kinds": ("article",)}, ['language is "en"', 'kind is "article"']),
        ({"sections": ("WORLD NEWS",)}, ['section is "World News"']),
        ({"tags": ("russia", "diplomacy")}, ['tag is "Russia" and "Diplomacy"']),
        ({"labels": ("russia",)}, ['section or tag is "Russia"']),
        ({"since": NOON}, ["dated 2026-03-01T12:00:00+00:00, since is 2026-03-01T12:00:00+00:00"]),
    ],
)
def test_why_an_entry_is_in_a_topic_is_said_for_every_condition(conditions, reasons):
    verdict = explain(rule(**conditions), ENTRY)
    assert verdict.matches
    assert list(verdict.reasons) == reasons


@pytest.mark.parametrize(
    "conditions, reasons",
    [
        ({"any": ("Oslo", "Bergen"), "parts": ("title", "summary")}, ['any: no "Oslo" or "Bergen" in title or summary']),
        ({"all": ("Moscow", "Oslo")}, ['all: no "Oslo" in title or summary or content']),
        ({"none": ("Oslo", "Moscow")}, ['none: "Moscow" in title']),
        ({"outlets": ("harbour", "mill")}, ['outlet is "lantern", not "harbour" or "mill"']),
        ({"outlets": ("harbour",), "any": ("Moscow",)}, ['outlet is "lantern", not "harbour"']),
        ({"outlets": ("harbour",), "kinds": ("video",)}, ['outlet is "lantern", not "harbour"', 'kind is "article", not "video"']),
        ({"languages": ("ar",)}, ['language is "en", not "ar"']),
        ({"sections": ("Sport",)}, ['section is "World News", not "Sport"']),
        ({"tags": ("Sport",)}, ['tag is "Russia" and "Diplomacy", not "Sport"']),
        ({"until": NOON}, ["dated 2026-03-01T12:00:00+00:00, until is 2026-03-01T12:00:00+00:00"]),
    ],
)  # fmt: skip
def test_why_an_entry_is_not_in_a_topic_is_said_for_what_failed(conditions, reasons):
    verdict = explain(rule(**conditions), ENTRY)
    assert not verdict.matches
    assert list(verdict.reasons) == reasons


def test_what_an_entry_lacks_is_said():
    bare = replace(ENTRY, section=None, tags=())
    verdict = explain(rule(sections=("A",), tags=("B",)), bare)
    assert verdict.reasons == ('no section, not "A"', 'no tag, not "B"')


@pytest.fixture
def folded(monkeypatch):
    """The texts that topics fold, in order."""
    texts: list[str] = []

    def noted(text: str) -> str:
        texts.append(text)
        return fold(text)

    monkeypatch.setattr(cleanfeed.topics, "fold", noted)
    return texts


def test_content_is_folded_once_for_all_topics(folded):
    seen = Folded(ENTRY)
    for topic in (rule(any=("x",)), rule(all=("y",)), rule(none=("z",))):
        matcher(topic)(seen)
    assert folded == [ENTRY.title, ENTRY.summary, ENTRY.text]


@pytest.mark.parametrize(
    "conditions",
    [
        {"everything": True},
        {"tags": ("Russia",)},
        {"outlets": ("harbour",), "any": ("x",)},
        {"since": NOON + timedelta(days=1), "none": ("x",)},
        {"all": ("Moscow",), "parts": ("title",)},
    ],
)
def test_content_is_not_folded_where_no_topic_needs_it(folded, conditions):
    matcher(rule(**conditions))(Folded(ENTRY))
    assert ENTRY.text not in folded


@dataclass(frozen=True)
class Card:
    id: str
    section: str | None = None
    tags: tuple[str, ...] = ()


def found(cards, taken=(), **auto):
    return auto_topics(cards, Auto(**auto), taken)


def shape(topics):
    return [(auto.topic.title, auto.topic.slug, auto.ids) for auto in topics.found]


def test_a_label_with_enough_entries_becomes_a_topic():
    cards = [
        Card("1", "World", ("Asia",)),
        Card("2", "World"),
        Card("3", "World", ("Asia",)),
        Card("4", "Sport"),
    ]
    assert shape(found(cards)) == [("World", "world", ("1", "2", "3"))]
    assert shape(found(cards, at_least=2)) == [
        ("Asia", "asia", ("1", "3")),
        ("World", "world", ("1", "2", "3")),
    ]


def test_spellings_are_merged_under_the_most_frequent():
    cards = [
        Card("1", "اخبار"),
        Card("2", "أخبار"),
        Card("3", "أخبار"),
        Card("4", tags=("POLITICS", "politics")),
    ]
    assert shape(found(cards, at_least=1)) == [
        ("POLITICS", "politics", ("4",)),
        ("أخبار", "topic-fae23acd", ("1", "2", "3")),
    ]


def test_a_section_and_a_tag_of_one_name_are_one_topic():
    cards = [Card("1", "Politics"), Card("2", None, ("politics",)), Card("3", "Politics", ("Politics",))]
    (auto,) = found(cards).found
    assert (auto.topic.labels, auto.ids) == (("Politics",), ("1", "2", "3"))


@pytest.mark.parametrize(
    "by, ids, field", [(("section",), ("1", "3"), "sections"), (("tag",), ("2", "3"), "tags")]
)
def test_only_what_is_asked_for_is_counted(by, ids, field):
    cards = [Card("1", "Politics"), Card("2", None, ("politics",)), Card("3", "Politics", ("Politics",))]
    (auto,) = found(cards, by=by, at_least=2).found
    assert auto.ids == ids
    assert getattr(auto.topic, field) == ("Politics",)


def test_a_configured_topic_wins_over_one_by_itself():
    topics = found([Card("1", "World", ("Asia",))], taken={"world"}, at_least=1)
    assert shape(topics) == [("Asia", "asia", ("1",))]
    assert topics.left_out == ("World",)


def test_two_labels_with_one_slug_get_two():
    topics = found([Card("1", "C"), Card("2", "C++"), Card("3", "C#")], at_least=1)
    assert [(title, slug) for title, slug, _ in shape(topics)] == [("C", "c"), ("C#", "c-951a4d36"), ("C++", "c-cedb1bac")]  # fmt: skip


def published(cards, files, **auto):
    """The slugs of labels where these files have these titles, by label."""
    made = auto_topics(cards, Auto(at_least=1, **auto), (), title_of=files.get)
    return {each.topic.title: each.topic.slug for each in made.found}


HASHED, OTHER = short_hash("covid 19"), short_hash("covid-19")
SPACED, HYPHENED = Card("1", "Covid 19"), Card("2", "Covid-19")


@pytest.mark.parametrize(("cards", "files", "slugs"), [
    ([HYPHENED], {}, {"Covid-19": "covid-19"}),
    ([HYPHENED], {"covid-19": "COVID-19"}, {"Covid-19": "covid-19"}),
    ([HYPHENED, SPACED], {"covid-19": "Covid-19"}, {"Covid 19": "covid-19-" + HASHED, "Covid-19": "covid-19"}),
    ([SPACED], {"covid-19": "Covid-19"}, {"Covid 19": "covid-19-" + HASHED}),
    ([HYPHENED, SPACED], {"covid-19": "Covid 19"}, {"Covid 19": "covid-19", "Covid-19": "covid-19-" + OTHER}),
])  # fmt: skip
def test_a_file_name_does_not_pass_from_one_label_to_another(cards, files, slugs):
    assert published(cards, files) == slugs


def test_a_title_that_was_cleaned_for_publishing_is_still_that_of_its_label():
    label = "A\u200b very long name of a\x00 section " + "and more " * 30
    card = Card("1", label)
    (slug,) = published([card], {}).values()
    assert published([card], {slug: plain(label)}) == {label: slug}


def test_a_label_whose_name_a_configured_topic_has_is_left_out_whatever_that_is_called():
    topics = auto_topics(
        [Card("1", "World")], Auto(at_least=1), {"world"}, title_of={"world": "All of it"}.get
    )
    assert (topics.found, topics.left_out) == ((), ("World",))


def test_a_reserved_name_gets_a_slug_of_its_own():
    assert shape(found([Card("1", "Health")], at_least=1)) == [("Health", "topic-health", ("1",))]


def test_a_label_that_is_blank_is_none():
    assert found([Card("1", " ", ("", "\u200b"))], at_least=1).found == ()


def test_the_limit_of_topics_by_themselves_is_theirs():
    (auto,) = found([Card("1", "World")], at_least=1, limit=7).found
    assert auto.topic.limit == 7


LABELS = st.sampled_from(
    ["World", "world", "WORLD", "أخبار", "اخبار", "C", "C++", "c#", "Health", "Éire", "eire", ""]
)
CARDS = st.lists(
    st.builds(Card, st.integers(0, 9).map(str), st.none() | LABELS, st.lists(LABELS, max_size=3).map(tuple)),
    max_size=12,
    unique_by=lambda card: card.id,
)
AUTOS = st.builds(
    Auto,
    by=st.sampled_from([("section", "tag"), ("section",), ("tag",), ("tag", "section")]),
    at_least=st.integers(1, 3),
)


@given(CARDS, AUTOS, st.randoms())
def test_the_order_of_entries_changes_no_topic(cards, auto, random):
    shuffled = list(cards)
    random.shuffle(shuffled)
    assert auto_topics(shuffled, auto, {"world"}) == auto_topics(cards, auto, {"world"})


@given(CARDS, AUTOS)
def test_a_topic_by_itself_takes_the_entries_that_made_it(cards, auto):
    topics = auto_topics(cards, auto, ())
    slugs = [made.topic.slug for made in topics.found]
    assert len(set(slugs)) == len(slugs)
    for made in topics.found:
        taken = [c.id for c in cards if takes(made.topic, replace(ENTRY, section=c.section, tags=c.tags))]
        assert tuple(sorted(taken)) == made.ids
