"""From copies to stories: in any order, without chains, and without what an outlet puts under everything."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import timedelta

import pytest

from cleanfeed.stories.clusters import Clusters, Item, clusters
from cleanfeed.stories.signature import signature
from storyarticles import LANGUAGES, NOON, Article, Text, article, told
from storycopies import COPIES, reworded
from storylab import found, pairs


def stories(**texts: Text) -> set[frozenset[str]]:
    return set(grouped(texts).members)


def grouped(texts: dict[str, Text]) -> Clusters:
    signed = {id_: signature(text.title, text.text) for id_, text in texts.items()}
    items = [Item(id_, each.outlet, each.moment, signed[id_].sketch) for id_, each in texts.items()]
    return clusters(items, signed.__getitem__)


def made(seed: int, language: str = "en", figures: tuple[int, ...] = ()) -> Article:
    return replace(article(random.Random(seed), language, 4), figures=figures)


def same(*ids: str) -> frozenset[str]:
    return frozenset(ids)


@pytest.mark.parametrize("seed", range(3))
def test_the_stories_are_the_same_in_whatever_order_the_entries_come(seed: int):
    rng = random.Random(seed)
    labelled = [text for pair in pairs(seed, 1) for text in (pair.one, pair.other)]
    texts = {f"{number:04}": text for number, text in enumerate(labelled)}
    shuffled = list(texts.items())
    rng.shuffle(shuffled)
    one, other = grouped(texts), grouped(dict(shuffled))
    assert one == other
    assert one.members


@pytest.mark.parametrize("language", LANGUAGES)
def test_copies_in_many_outlets_are_one_story(language: str):
    rng = random.Random(5)
    base = made(5, language)
    makers = [make for make in COPIES if make is not reworded]
    copies = [replace(make(rng, base), outlet=make.__name__, moment=NOON) for make in makers]
    (story,) = found([told(base), *copies]).members
    assert len(story) == len(copies) + 1


def test_no_entry_is_in_two_stories():
    labelled = [text for pair in pairs(8, 2) for text in (pair.one, pair.other)]
    members = found(labelled).members
    assert sum(map(len, members)) == len(frozenset().union(*members))


def test_nothing_makes_no_story():
    assert stories() == set()
    assert stories(a=told(made(1))) == set()
    assert stories(a=Text(outlet="x", title="", text=""), b=Text(outlet="y", title="", text="")) == set()


def test_a_signature_is_asked_for_once_for_each_entry():
    asked: list[str] = []
    texts = {f"{place:02}": told(made(9), f"outlet-{place}") for place in range(12)}
    signed = {id_: signature(each.title, each.text) for id_, each in texts.items()}
    items = [Item(id_, each.outlet, each.moment, signed[id_].sketch) for id_, each in texts.items()]

    def ask(id_):
        asked.append(id_)
        return signed[id_]

    assert len(clusters(items, ask).members) == 1
    assert sorted(asked) == sorted(texts)


# --- chains


def test_a_copy_without_numbers_does_not_glue_two_reports_that_deny_each_other():
    base = made(2, figures=(12, 40, 70, 95))
    later = replace(base, figures=(15, 52, 81, 99))
    bare = replace(base, figures=())
    texts = {"a": told(base, "courier"), "b": told(bare, "digest"), "c": told(later, "evening")}
    assert stories(a=texts["a"], b=texts["b"]) == {same("a", "b")}
    assert stories(b=texts["b"], c=texts["c"]) == {same("b", "c")}
    assert stories(a=texts["a"], c=texts["c"]) == set()
    (story,) = stories(**texts)
    assert len(story) == 2
    assert "b" in story


def test_two_edits_of_one_text_are_one_story_by_the_text_between_them():
    base = made(3)
    lines = base.paragraphs
    new = made(4).paragraphs
    texts = {
        "a": told(base, "courier", text="\n".join([*lines[:3], new[0]])),
        "b": told(base, "agency", text="\n".join(lines)),
        "c": told(base, "evening", text="\n".join([new[3], *lines[1:]])),
    }
    assert stories(a=texts["a"], c=texts["c"]) == set(), "they are too far from each other"
    assert stories(**texts) == {same("a", "b", "c")}


def test_two_articles_of_one_outlet_are_not_joined_by_a_copy_that_resembles_both():
    base = made(6)
    longer = told(base, "courier", text="\n".join([*base.paragraphs, *made(7).paragraphs[:2]]))
    texts = {"a": told(base, "courier"), "b": told(base, "digest"), "c": longer}
    assert stories(b=texts["b"], c=texts["c"]) == {same("b", "c")}
    assert stories(**texts) == {same("a", "b")}


def test_a_digest_of_several_articles_is_none_of_them():
    parts = [made(seed) for seed in (21, 22, 23)]
    digest = told(made(24), "digest", text="\n".join(each.paragraphs[0] for each in parts))
    assert stories(a=told(parts[0]), b=told(parts[1]), c=told(parts[2]), d=digest) == set()


@pytest.mark.parametrize("seed", range(60, 66))
def test_news_above_the_whole_of_an_earlier_article_is_another_story(seed: int):
    earlier, news = replace(article(random.Random(seed), "en", 2), figures=()), made(seed + 100)
    follow_up = told(news, "digest", text="\n".join([*news.paragraphs, *earlier.paragraphs]))
    assert stories(a=told(earlier), b=follow_up) == set()


# --- boilerplate

CLOSING = (
    "The Harbour Post belongs to its readers and to nobody else, and it has been printed on the same press for ninety years.\n"
    "Whoever finds a mistake in this article may write to the desk, which answers every letter within a week or says why not.\n"
    "Subscribers can read the paper on any device, in the dark as in the light, and may lend it to two neighbours of theirs."
)


def closed(seed: int, outlet: str) -> Text:
    each = made(seed)
    return told(each, outlet, text="\n".join([each.paragraphs[0], CLOSING]))


def test_what_an_outlet_puts_under_all_articles_makes_none_of_them_a_copy():
    own = {f"a{seed}": closed(seed, "post") for seed in range(40, 45)}
    others = {f"b{seed}": closed(seed, "sister") for seed in range(50, 53)}
    assert stories(**own, **others) == set()


def test_a_copy_is_found_beside_what_an_outlet_puts_under_all_articles():
    own = {f"a{seed}": closed(seed, "post") for seed in range(40, 45)}
    text = made(41).paragraphs[0]
    copy = told(made(41), "digest", text=text, moment=NOON + timedelta(hours=2))
    assert stories(**own, copy=copy) == {same("a41", "copy")}
