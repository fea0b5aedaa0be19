"""Which failures of a visit are problems, and which are only worth a note."""

from __future__ import annotations

from cleanfeed.errors import FetchError, ListingError
from cleanfeed.ledger import PageRow
from cleanfeed.sources.discovery import Tried
from cleanfeed.sources.web import Visit, _Again
from cleanfeed.troubles import counts, notes, problems
from ledgerparts import NOW


def missed(*kinds: str, reason: str = "answered 500") -> list[FetchError]:
    return [FetchError(f"https://harbour.example/{n}/", reason, kind) for n, kind in enumerate(kinds, 1)]  # type: ignore[arg-type]  # the kinds are those of the table


def told(visit: Visit) -> tuple[list[str], list[str]]:
    return list(map(str, problems("harbour", visit))), list(notes("harbour", visit, dropped=False))


def test_a_visit_without_failures_says_nothing() -> None:
    assert told(Visit(asked=5, had=5)) == ([], [])


def test_new_articles_that_could_not_be_had_are_one_problem_for_each_cause_with_an_example() -> None:
    visit = Visit(asked=9, missed=missed("failed", "failed", "blocked"))
    assert told(visit)[0] == [
        "harbour: new articles that are withheld from us: 1, such as https://harbour.example/3/: answered 500",
        "harbour: new articles that could not be had: 2, such as https://harbour.example/1/: answered 500",
    ]


def test_articles_that_are_missing_are_told_of_also_where_none_is_due_until_one_comes_back() -> None:
    rows = [
        PageRow(address=f"https://harbour.example/{n}/", outlet="harbour", state="read", first_seen=NOW, reason="answered 404", missing_since=NOW)
        for n in range(3)
    ]  # fmt: skip
    again = _Again()
    assert [str(each) for each in again.missing(rows)] == [
        f"https://harbour.example/{n}/: answered 404" for n in range(3)
    ]
    again.gone.append((rows[1], missed("gone")[0]))
    assert len(again.missing(rows)) == 3
    again.note(rows[2])
    assert [each.page for each in again.missing(rows)] == ["https://harbour.example/1/"]


def test_a_listing_that_names_what_is_gone_is_a_note_unless_it_names_nothing_else() -> None:
    few = Visit(asked=9, missed=missed("gone", reason="answered 404"))
    assert told(few) == (
        [],
        ["harbour: new articles that are gone already: 1, such as https://harbour.example/1/: answered 404"],
    )
    most = Visit(asked=3, missed=missed("gone", "gone", reason="answered 404"))
    assert [len(each) for each in told(most)] == [1, 0]


def test_a_known_article_that_could_not_be_asked_again_is_a_note_and_most_of_them_are_a_problem() -> None:
    one = Visit(asked=9, unconfirmed=missed("failed"))
    assert [len(each) for each in told(one)] == [0, 1]
    most = Visit(asked=4, unconfirmed=missed("failed", "failed"))
    assert [len(each) for each in told(most)] == [1, 0]


def test_a_listing_that_has_a_substitute_is_a_note_and_one_without_is_told_elsewhere() -> None:
    tried = [
        Tried(address="https://harbour.example/feed/", kind="feed", ok=False, reason="answered 403"),
        Tried(address="https://harbour.example/", kind="links", ok=True),
    ]
    expected = "harbour: the listing https://harbour.example/feed/ does not work (answered 403); another one was read"
    assert told(Visit(tried=tried)) == ([], [expected])
    failure = ListingError("https://harbour.example/feed/", "answered 403")
    assert told(Visit(tried=tried, failure=failure)) == ([], [])


SEA, TOWN = "https://harbour.example/sea/", "https://harbour.example/town/"


def test_a_section_of_which_no_listing_works_is_a_problem_that_names_them() -> None:
    tried = [
        Tried(address=TOWN, kind="links", section="Town", ok=True),
        Tried(address=SEA, kind="links", section="Sea", ok=False, reason="answered 404"),
        Tried(address=f"{SEA}feed/", kind="feed", section="Sea", ok=False, reason="is empty"),
    ]
    expected = f"harbour: no listing of its section 'Sea' works: {SEA} (answered 404); {SEA}feed/ (is empty)"
    assert told(Visit(tried=tried)) == ([expected], [])
    failure = ListingError(SEA, "answered 404")
    assert told(Visit(tried=tried[1:], failure=failure)) == ([], [])


def test_an_outlet_that_only_its_sections_list_says_so() -> None:
    tried = [
        Tried(address="https://harbour.example/feed/", kind="feed", ok=False, reason="answered 404"),
        Tried(address=SEA, kind="links", section="Sea", ok=True),
    ]
    expected = (
        "harbour: no listing of the outlet as a whole works: https://harbour.example/feed/ (answered 404)"
    )
    assert told(Visit(tried=tried)) == ([expected], [])


def test_a_further_page_that_could_not_be_read_is_a_note_that_says_what_it_is() -> None:
    tried = [
        Tried(address=SEA, kind="links", section="Sea", ok=True),
        Tried(address=f"{SEA}2", kind="links", section="Sea", part_of=SEA, ok=False, reason="answered 500"),
    ]
    expected = f"harbour: {SEA}2, a part of {SEA}, could not be read (answered 500)"
    assert told(Visit(tried=tried)) == ([], [expected])


def test_what_was_withdrawn_is_said_with_what_becomes_of_it() -> None:
    visit = Visit(asked=3, withdrawn=["https://harbour.example/1/"])
    assert list(notes("harbour", visit, dropped=False)) == [
        "harbour: https://harbour.example/1/ is gone; its entry stays"
    ]
    assert list(notes("harbour", visit, dropped=True)) == [
        "harbour: https://harbour.example/1/ is gone; its entry was dropped"
    ]


def test_a_visit_in_numbers() -> None:
    visit = Visit(
        found=3, asked=9, had=2, unchanged=4, items=1, missed=missed("failed"), unconfirmed=missed("paused")
    )
    assert counts(visit) == {
        "listed": 3, "asked": 9, "had": 2, "unchanged": 4, "missed": 2, "from_feed": 1, "withdrawn": 0,
    }  # fmt: skip


def test_a_site_that_is_said_to_have_lost_its_articles_is_a_problem_that_tells_how_many_and_one_of_them() -> (
    None
):
    visit = Visit(asked=4, missing=missed("gone", "gone", "gone", reason="answered 404"))
    (problem,), nothing = told(visit)
    assert problem.startswith("harbour: most of the known articles")
    assert problem.endswith(": 3, such as https://harbour.example/1/: answered 404")
    assert nothing == []
    assert counts(visit)["missed"] == 3
