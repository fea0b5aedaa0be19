"""The summary for CI tells what a build did, and nothing in it acts, whatever titles and pages hold."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from markdown_it import MarkdownIt

from cleanfeed.errors import ExtractionError
from cleanfeed.summary import LIMIT, escape, summary
from reportparts import HOSTILE, broken, config, fine, hostile, outline

MARKDOWN = MarkdownIt("commonmark").enable("table")
OUR_TAGS = {"h2", "h3", "p", "table", "thead", "tbody", "tr", "th", "td", "ul", "li", "strong", "a"}


class Reading(HTMLParser):
    """Tags, addresses and text of what a reader of the summary sees."""

    def __init__(self, markdown: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[str] = []
        self.hrefs: list[str] = []
        self.text = ""
        self.feed(MARKDOWN.render(markdown))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.hrefs += [value or "" for name, value in attrs if name == "href"]
        assert all(name in ("href", "style") for name, _value in attrs)

    def handle_data(self, data: str) -> None:
        self.text += data

    def handle_comment(self, data: str) -> None:
        raise AssertionError(data)


def shape(markdown: str) -> list[str]:
    return Reading(markdown).tags


# --- what it tells


def test_a_fine_build_is_told_in_a_headline_and_two_tables():
    told = summary(fine(), config())
    assert told.startswith("## Feeds: fine\n")
    assert "6 entries of 2 outlets in 2 topics, in 4.2 s; files: 1 unchanged, 1 written." in told
    assert "| harbour | 5 | 4 | 1 | fine |" in told
    assert "Everything | 6 | 2026-09-14 12:00 |" in told
    assert "Problems" not in told
    assert "Broken" not in told


def test_a_build_with_problems_names_outlet_field_selector_and_sample():
    seen = Reading(summary(broken(), config())).text
    assert "Feeds: done, with problems" in seen
    assert (
        'harbour: authors are missing (field authors; selector css("p.byline"); sample https://harbour.example/1)'
        in seen
    )
    assert "quay: 3 new articles are withheld from us" in seen
    assert "https://quay.example/2: no content was found on the page" in seen
    assert "quay: a listing does not work" in seen


def test_what_is_told_as_a_finding_is_not_told_again_as_a_problem():
    assert Reading(summary(broken(), config())).text.count("authors are missing") == 1


def test_each_outlet_is_said_to_be_fine_or_broken():
    told = summary(broken(), config())
    assert "| harbour | 5 | 4 | 1 | broken |" in told
    assert "| quay | 2 | 2 | 0 | broken |" in told


def test_topics_lead_to_their_pages():
    base = "https://feeds.example.org/a(b)/c/"
    assert Reading(summary(fine(), config(base_url=base))).hrefs == [
        "https://feeds.example.org/a%28b%29/c/everything.html",
        "https://feeds.example.org/a%28b%29/c/empty.html",
    ]


# --- what it does not do

PLAIN = shape(summary(hostile("harmless"), config("harmless")))


@pytest.mark.parametrize("text", HOSTILE, ids=ascii)
def test_no_text_changes_the_shape_of_the_summary(text):
    told = summary(hostile(text), config(text))
    assert shape(told) == PLAIN
    assert set(PLAIN) <= OUR_TAGS
    assert all(href.startswith("https://feeds.example.org/") for href in Reading(told).hrefs)


@pytest.mark.parametrize("text", HOSTILE, ids=ascii)
def test_no_text_is_a_command_a_mention_or_a_reference_even_when_it_is_read_as_it_stands(text):
    told = summary(hostile(text), config(text))
    seen = Reading(told).text
    assert not re.search(r"^\s*::", told, re.MULTILINE)
    for lines in (told, seen):
        assert "##[" not in lines
        assert not re.search(r"[@#]\w", lines)
        assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]", lines)
    assert not re.search(r"(?i)(https?://|www\.|mailto:)[^)\s]*evil", told)


def test_the_words_themselves_can_be_read():
    assert "a|b & <c> [d](e)" in Reading(f"| x |\n| --- |\n| {escape('a|b & <c> [d](e)')} |").text


# --- its size


def test_it_is_never_longer_than_a_runner_takes():
    report = fine()
    report.outlines = [outline(f"topic-{number}", "ا" * 5000, 1) for number in range(3000)]
    report.problems = [ExtractionError("|" * 9000, "<" * 9000) for _ in range(9000)]
    told = summary(report, config("ا" * 9000))
    assert len(told.encode()) <= LIMIT
    assert "… and 8950 more: see report.json." in told
    assert "… and 2800 more: see report.json." in told


@pytest.mark.parametrize("limit", [0, 100, 300, 1000, 2500])
def test_it_is_shortened_at_the_end_of_a_line(limit):
    report = fine()
    report.notes = ["é" * 40 for _ in range(100)]
    whole = summary(report, config())
    told = summary(report, config(), limit=limit)
    assert len(told.encode()) <= max(limit, 40)
    assert told.endswith("\n… shortened: see report.json.\n")
    assert set(told.splitlines()[:-1]) <= set(whole.splitlines())


def test_an_empty_build_is_told_too():
    report = type(fine())()
    assert "0 entries of 0 outlets in 0 topics" in summary(report, config())
