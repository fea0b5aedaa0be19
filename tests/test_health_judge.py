"""The verdict on an outlet: what is a change, what is chance, and what is said of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from cleanfeed.errors import ExtractionError, FetchError, ListingError, NotAnArticle
from cleanfeed.health.judge import Finding, judge
from cleanfeed.health.odds import is_broken_off, surprise
from cleanfeed.health.reading import reading_of
from cleanfeed.ledger.readings import Reading
from cleanfeed.model import Entry
from cleanfeed.walls import CHECK, KINDS
from cleanfeed.work import Result

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

NOW = datetime(2026, 10, 9, 12, tzinfo=UTC)
GAP = timedelta(hours=1)
FINDERS = {
    "title": 'text("h1")',
    "content": 'richest("div.story")',
    "published": 'attribute("time", "datetime")',
    "authors": 'text("a.by")',
}
CONSENT = next(kind for kind in KINDS if "consent" in kind)
MISSING = next(kind for kind in KINDS if "404" in kind)


def good(number: int, **changed: Any) -> Reading:
    """An article; each has its own text, title and date."""
    at = NOW + (number - 100) * GAP
    reading = Reading(
        outlet="harbour", address=f"https://harbour.example/{number}", at=at, ok=True,
        filled=frozenset({"url", "title", "content", "text", "published", "authors"}), matched=FINDERS,
        length=1500 + number % 7 * 90, digest=f"{number:08x}{number + 5000:08x}", published=at - GAP / 2,
    )  # fmt: skip
    return replace(reading, **changed)


def bad(number: int, reason: str = "no content was found", **changed: Any) -> Reading:
    reading = good(number)
    return Reading(
        outlet="harbour",
        address=reading.address,
        at=reading.at,
        ok=False,
        reason=reason,
        wall=reason in KINDS,
        **changed,
    )


def without(field: str, number: int, **changed: Any) -> Reading:
    reading = good(number, **changed)
    matched = {name: label for name, label in reading.matched.items() if name != field}
    return replace(reading, filled=reading.filled - {field}, matched=matched)


def by(label: str, number: int, field: str = "content", **changed: Any) -> Reading:
    return good(number, matched={**FINDERS, field: label}, **changed)


PAST = [good(number) for number in range(40, 100)]


def verdict(fresh: Sequence[Reading], past: Sequence[Reading] = PAST, **told: Any) -> list[Finding]:
    return judge("harbour", past, fresh, now=told.pop("now", NOW), **told)


def kinds(findings: Sequence[Finding]) -> list[tuple[str, str, bool]]:
    return [(each.what, each.field, each.holds) for each in findings]


def batch(make: Callable[[int], Reading], count: int, start: int = 100) -> list[Reading]:
    return [make(number) for number in range(start, start + count)]


@pytest.mark.parametrize(
    "name, fresh, wanted",
    [
        ("good articles", batch(good, 5), []),
        ("nothing new", [], []),
        ("one page that fails", [bad(100)], []),
        ("one page that fails among good ones", [bad(100), good(101), good(102)], []),
        ("two deleted articles", batch(lambda n: bad(n, MISSING), 2), []),
        ("listings and bare videos", [bad(100, "a listing", is_article=False), bad(101, "a video", is_article=False)], []),
        ("two articles without a byline", [without("authors", 100), without("authors", 101), good(102)], []),
        ("a short article", [good(100, length=90), good(101), good(102)], []),
        ("a gallery without text", [good(100, length=0, filled=good(1).filled - {"text"})], []),
        ("the same article under two addresses", [good(100), good(101, digest=good(100).digest), good(102)], []),
        ("three pages that all fail", batch(bad, 3), [("silent", "content", True)]),
        ("a field that is gone", batch(lambda n: without("published", n), 3), [("field", "published", False)]),
        ("a text that is gone", batch(lambda n: without("text", n, length=0), 5), [("field", "text", True)]),
        ("another finder", batch(lambda n: by("story()", n), 3), [("selector", "content", False)]),
        ("short bodies", batch(lambda n: good(n, length=120), 4), [("short", "content", True)]),
        ("bodies cut to a third", batch(lambda n: good(n, length=500), 5), [("short", "content", True)]),
        ("one body for all", batch(lambda n: good(n, digest=f"{'a' * 8}{n:08x}"), 4), [("same", "content", True)]),
        ("one title for all", batch(lambda n: good(n, digest=f"{n:08x}{'b' * 8}"), 4), [("same", "title", True)]),
        ("one date for all", batch(lambda n: good(n, published=NOW - GAP), 4), [("same", "published", False)]),
        ("consent walls", batch(lambda n: bad(n, CONSENT), 2), [("walls", "", False)]),
        ("consent walls before half of the pages", [*batch(lambda n: bad(n, CONSENT), 2), good(102), good(103)], [("walls", "", False)]),
        ("robot checks", batch(lambda n: bad(n, CHECK), 3), [("blocked", "", False)]),
        ("far fewer entries", [*batch(bad, 8), good(108), good(109)], [("drop", "content", False)]),
        (
            "articles that are taken for listings",
            [*batch(lambda n: bad(n, "a listing", is_article=False), 9), good(109)],
            [("drop", "content", False)],
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
def test_what_a_build_brings_is_judged_by_what_was_usual(
    name: str, fresh: list[Reading], wanted: list[tuple[str, str, bool]]
) -> None:
    assert kinds(verdict(fresh)) == wanted


def test_a_finding_names_the_field_the_finder_and_a_page_and_says_what_to_do() -> None:
    (found,) = verdict(batch(lambda n: without("published", n), 3))
    assert (found.outlet, found.field, found.selector) == ("harbour", "published", FINDERS["published"])
    assert found.sample == "https://harbour.example/102"
    assert "100% had it before" in found.message
    assert all(each in found.message for each in ("published", FINDERS["published"], found.sample, "recipe"))
    (switched,) = verdict(batch(lambda n: by("story()", n), 3))
    assert switched.selector == FINDERS["content"]
    assert "story()" in switched.message
    assert FINDERS["content"] in switched.message


def test_a_field_is_missed_over_builds_that_bring_one_article_each() -> None:
    past, builds = list(PAST), 0
    while not (found := verdict([without("authors", 100 + builds)], past)):
        past.append(without("authors", 100 + builds))
        builds += 1
        assert builds < 5
    assert kinds(found) == [("field", "authors", False)]


def test_what_was_wrong_is_still_wrong_when_nothing_new_comes() -> None:
    past = [*PAST, *batch(lambda n: without("published", n), 4)]
    assert kinds(verdict([], past)) == [("field", "published", False)]
    assert kinds(verdict([], [*PAST, *batch(lambda n: by("story()", n), 4)])) == [
        ("selector", "content", False)
    ]


def test_what_has_come_back_is_missed_no_more() -> None:
    past = [*PAST, *batch(lambda n: without("published", n), 4)]
    assert verdict(batch(good, 2, 110), past) == []


@pytest.mark.parametrize(
    "share, missing, flagged", [(3, 5, False), (3, 12, False), (10, 5, False), (10, 12, True)]
)
def test_a_field_that_is_missing_now_and_then_must_be_missing_longer(
    share: int, missing: int, flagged: bool
) -> None:
    past = [without("authors", number) if number % share == 0 else good(number) for number in range(40, 100)]
    found = verdict(batch(lambda n: without("authors", n), missing), past)
    assert bool(found) == flagged


def test_a_field_that_was_rare_is_not_missed() -> None:
    past = [good(number) if number % 3 == 0 else without("authors", number) for number in range(40, 100)]
    assert verdict(batch(lambda n: without("authors", n), 12), past) == []


def test_an_updated_that_is_no_later_is_not_missing() -> None:
    label = 'meta("article:modified_time")'
    past = [
        good(n, filled=good(n).filled | {"updated"}, matched={**FINDERS, "updated": label})
        for n in range(40, 100)
    ]
    assert verdict(batch(lambda n: by(label, n, "updated"), 6), past) == []
    assert kinds(verdict(batch(good, 6), past)) == [("field", "updated", False)]


def test_another_finder_is_the_usual_one_after_twenty_articles() -> None:
    changed = batch(lambda n: by("story()", n), 25)
    assert kinds(verdict(changed[10:12], [*PAST, *changed[:10]])) == [("selector", "content", False)]
    assert verdict(changed[22:24], [*PAST, *changed[:22]]) == []


def test_two_layouts_that_take_turns_are_no_change() -> None:
    past = [by("story()", number) if number % 3 == 0 else good(number) for number in range(40, 100)]
    assert verdict(batch(lambda n: by("story()", n), 3), past) == []
    assert verdict(batch(good, 8), past) == []


def test_a_finder_that_the_recipe_has_no_more_has_not_stopped_matching() -> None:
    fresh = batch(lambda n: by('css("div.new")', n), 5)
    assert verdict(fresh, labels={'css("div.new")', *FINDERS.values()} - {FINDERS["content"]}) == []
    assert kinds(verdict(fresh, labels={'css("div.new")', *FINDERS.values()})) == [
        ("selector", "content", False)
    ]


# --- articles that are read again


def test_a_redesign_shows_on_the_known_articles_even_where_they_are_few() -> None:
    past = batch(good, 3, 97)
    assert kinds(verdict(batch(lambda n: without("published", n, again=True), 3, 97), past)) == [
        ("field", "published", False)
    ]
    assert kinds(verdict(batch(lambda n: by("story()", n, again=True), 3, 97), past)) == [
        ("selector", "content", False)
    ]


def test_known_articles_that_give_no_entry_any_more_are_a_drop() -> None:
    again = [bad(number, again=True) for number in range(60, 64)]
    assert kinds(verdict([*again, *batch(good, 6)])) == [("drop", "content", False)]


def test_known_articles_that_have_lost_most_of_their_text_are_held() -> None:
    again = [good(number, again=True, length=300) for number in range(60, 64)]
    assert kinds(verdict([*again, *batch(good, 1)])) == [("short", "content", True)]


def test_an_article_counts_once_however_often_it_is_read() -> None:
    past = [*PAST, *(replace(without("authors", 99), again=True) for _ in range(20))]
    assert verdict([without("authors", 100)], past) == []


def test_a_body_that_two_others_had_before_is_held() -> None:
    past = [*PAST, *(good(number, digest=f"{'c' * 8}{number:08x}") for number in range(100, 102))]
    assert kinds(verdict([good(103, digest=f"{'c' * 8}{103:08x}")], past)) == [("same", "content", True)]


# --- few data


@pytest.mark.parametrize(
    "fresh, wanted",
    [
        ([bad(100)], [("silent", "content", True)]),
        ([bad(100, "a listing", is_article=False)], []),
        (batch(lambda n: bad(n, "a listing", is_article=False), 3), [("silent", "content", True)]),
        (batch(lambda n: bad(n, CONSENT), 2), [("walls", "", False)]),
        (batch(lambda n: good(n, digest=f"{'a' * 8}{n:08x}"), 3), [("same", "content", True)]),
        # Some outlets are of few words: nothing of them is held back that was never any longer.
        (batch(lambda n: good(n, length=120), 3), [("short", "content", False)]),
        (batch(lambda n: without("authors", n), 5), []),
        ([bad(100), good(101), bad(102)], []),
    ],
)
def test_an_outlet_without_a_past_is_judged_by_what_is_never_right(
    fresh: list[Reading], wanted: list[tuple[str, str, bool]]
) -> None:
    assert kinds(verdict(fresh, [])) == wanted


# --- outlets that cannot be had


@pytest.mark.parametrize(
    "failure, failures, what",
    [
        (FetchError("https://harbour.example/feed", "403", "blocked", 403), {}, "blocked"),
        (FetchError("https://harbour.example/feed", "timed out"), {}, "unreachable"),
        (ListingError("https://harbour.example/feed", "is no feed"), {}, "unreachable"),
        (None, {"blocked": 4}, "blocked"),
        (None, {"failed": 5, "blocked": 1}, "unreachable"),
        (None, {"failed": 1}, ""),
        (None, {"gone": 9}, ""),
    ],
)
def test_an_outlet_that_blocks_is_told_from_one_that_is_broken(
    failure: Any, failures: dict[str, int], what: str
) -> None:
    assert [each.what for each in verdict([], failure=failure, failures=failures)] == ([what] if what else [])


def test_some_pages_that_could_not_be_had_are_no_broken_outlet() -> None:
    assert verdict(batch(good, 6), failures={"failed": 3}) == []


# --- time


@pytest.mark.parametrize("days, stale", [(1, False), (2, False), (6, True), (40, True)])
def test_an_outlet_without_news_for_long_is_stale(days: int, stale: bool) -> None:
    assert [each.what for each in verdict([], now=NOW + timedelta(days=days))] == (["stale"] if stale else [])


def test_a_weekly_outlet_is_not_stale_after_a_month() -> None:
    past = [good(n, published=NOW - timedelta(days=7 * (100 - n))) for n in range(80, 100)]
    assert verdict([], past, now=NOW + timedelta(days=25)) == []
    assert kinds(verdict([], past, now=NOW + timedelta(days=40))) == [("stale", "published", False)]


def test_a_stale_outlet_is_told_of_in_the_same_words_each_hour() -> None:
    first, later = (verdict([], now=NOW + timedelta(days=10, hours=hours)) for hours in (0, 5))
    assert first == later


def test_new_articles_with_an_old_date_do_not_hide_that_dates_stand_still() -> None:
    days = timedelta(days=6)
    fresh = [good(n, published=good(n - 20).published, at=NOW + days) for n in range(100, 102)]
    assert "stale" in [each.what for each in verdict(fresh, now=NOW + days)]


# --- odds


def test_surprise_is_the_chance_of_so_few() -> None:
    assert surprise(5, 5, 50, 100) == pytest.approx(1)
    assert surprise(0, 3, 20, 20) == pytest.approx(0.5 / 21 * 1.5 / 22 * 2.5 / 23)
    assert surprise(0, 10, 50, 100) > surprise(0, 10, 90, 100) > surprise(0, 10, 100, 100)


@pytest.mark.parametrize(
    "hits, tries, before, expected",
    [
        (0, 3, (20, 20), True),
        (0, 3, (10, 10), False),
        (0, 5, (10, 10), True),
        (0, 2, (300, 300), False),
        (0, 3, (4, 4), False),
    ],
)
def test_three_misses_are_enough_where_there_were_none_in_twenty(
    hits: int, tries: int, before: tuple[int, int], expected: bool
) -> None:
    assert is_broken_off(hits, tries, *before) == expected


# --- from results to readings


def entry(**fields: Any) -> Entry:
    return Entry(id="tag:x", outlet="harbour", title="The crane", content="<p>x</p>", language="en", **fields)


def test_a_reading_tells_what_an_entry_has() -> None:
    result = Result(
        "https://harbour.example/1", "harbour", entry(text="She is tall.", authors=("Ada",)), None, FINDERS
    )
    reading = reading_of(result, "harbour", NOW, again=True)
    assert (reading.ok, reading.again, reading.length, reading.matched) == (True, True, 12, FINDERS)
    assert reading.filled == {"title", "content", "text", "authors"}


def test_digests_tell_same_texts_and_same_titles() -> None:
    one, other, third = (
        reading_of(Result("x", "harbour", entry(text=text), None), "harbour", NOW, again=False).digest
        for text in ("She is tall.", "She  is TALL.", "He is not.")
    )
    assert one == other
    assert len(one) == 16
    assert one[8:] == third[8:]
    assert one[:8] != third[:8]


@pytest.mark.parametrize(
    "error, again, is_article, wall",
    [
        (ExtractionError("x", "no content"), False, True, False),
        (NotAnArticle("x", "a listing page, not an article"), False, False, False),
        (NotAnArticle("x", "a listing page, not an article"), True, True, False),
        (NotAnArticle("x", CHECK), False, True, True),
    ],
)
def test_a_refusal_is_a_wall_a_failure_or_no_article(
    error: Any, again: bool, is_article: bool, wall: bool
) -> None:
    reading = reading_of(Result("x", "harbour", None, error), "harbour", NOW, again=again)
    assert (reading.ok, reading.reason, reading.is_article, reading.wall) == (
        False,
        error.reason,
        is_article,
        wall,
    )
