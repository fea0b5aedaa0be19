"""From unread pages to entries: what is trusted is taken in, and what was known is never lost by a bad reading."""

from __future__ import annotations

import gc
import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from cleanfeed import plugins
from cleanfeed.fetch.answer import Answer
from cleanfeed.intake import Intake
from cleanfeed.ledger import Ledger
from cleanfeed.ledger.schema import ITEM
from cleanfeed.model import Entry
from cleanfeed.outlet import Listing
from cleanfeed.report import Report
from cleanfeed.sources.listings import Link, read_listing
from cleanfeed.verdicts import Verdicts
from cleanfeed.work import Setup
from cliparts import PLUGIN, story

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from cleanfeed.health.findings import Finding

NOW = datetime(2026, 9, 30, 12, tzinfo=UTC)
LONG = "".join(
    f"<p>Paragraph {n} of a story about the crane on the quay, which is told at some length.</p>"
    for n in range(8)
)


def address(number: int) -> str:
    return f"https://harbour.example/2026/09/story-{number}/"


class Desk:
    """A ledger, a plugin, and pages that come in."""

    def __init__(self, folder: Path, ledger: Ledger) -> None:
        path = folder / "harbour.py"
        path.write_text(PLUGIN)
        self.ledger = ledger
        self.setup = Setup(plugins=(path,))
        self.loaded = plugins.load([path])
        self.time = NOW
        self.report = Report()

    def comes(
        self,
        number: int,
        page: str,
        *,
        sections: tuple[str, ...] = (),
        final: str = "",
        kind: str = "text/html",
        told: datetime | None = None,
    ) -> None:
        """A page is listed, with the time that its listing tells, and had."""
        url = address(number)
        self.ledger.listed("harbour", [Link(url=url, published=told, sections=sections)], self.time)
        answer = Answer(
            url=url, final=final or url, status=200, body=page.encode(), media_type=kind, retrieved=self.time
        )
        self.ledger.had(url, answer)

    def reads(self, mark: str = "first") -> Report:
        self.report = Report()
        intake = Intake(
            ledger=self.ledger, loaded=self.loaded, setup=self.setup, mark=mark, now=self.time, report=self.report,
            tell=lambda _result: None,
            verdicts=Verdicts(ledger=self.ledger, directory=self.loaded.directory, now=self.time),
        )  # fmt: skip
        intake.take_in(self.ledger.unread(mark), 1)
        self.time += timedelta(hours=1)
        return self.report

    def titles(self) -> dict[str, str]:
        found = (self.ledger.entry(each) for each in self.ledger.entry_ids())
        return {entry.id.rpartition("/")[2]: entry.title for entry in found}


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with Ledger.open(tmp_path / "ledger.sqlite3", now=NOW) as ledger:
        yield Desk(tmp_path, ledger)


def article(number: int, title: str | None = None) -> str:
    return story(number, title=title, content=LONG.replace("crane", f"crane number {number}"))


def test_an_article_is_taken_in_with_the_sections_of_its_listings_as_tags(desk: Desk) -> None:
    desk.comes(1, article(1), sections=("Economy", "Ports"))
    assert desk.reads().problems == []
    (entry,) = (desk.ledger.entry(each) for each in desk.ledger.entry_ids())
    assert {"Economy", "Ports"} <= set(entry.tags)
    assert entry.first_seen == NOW
    assert desk.ledger.unread("first") == []


def test_an_edited_article_keeps_its_id_and_says_when_it_changed(desk: Desk) -> None:
    desk.comes(1, article(1, "The crane"))
    desk.reads()
    (before,) = desk.ledger.entry_ids()
    desk.comes(1, article(1, "The crane, at last"))
    desk.reads()
    assert desk.ledger.entry_ids() == {before}
    entry = desk.ledger.entry(before)
    assert entry.title == "The crane, at last"
    assert entry.updated is not None
    assert entry.first_seen == NOW


def test_a_page_whose_own_address_changes_keeps_the_id_that_it_had(desk: Desk) -> None:
    desk.comes(1, article(1, "The crane"))
    desk.reads()
    before = desk.ledger.entry_ids()
    desk.comes(1, article(1, "The crane").replace("story-1/", "story-1-renamed/"))
    desk.reads()
    assert desk.ledger.entry_ids() == before


def test_an_article_that_now_leads_to_another_one_does_not_become_it(desk: Desk) -> None:
    desk.comes(1, article(1, "The crane"))
    desk.comes(2, article(2, "The quay"))
    desk.reads()
    before = desk.titles()
    desk.comes(1, article(2, "The quay"), final=address(2))
    desk.reads()
    assert desk.titles() == before


def test_an_article_that_has_moved_is_still_one_under_its_first_id(desk: Desk) -> None:
    desk.comes(2, article(2, "The crane"))
    desk.reads()
    before = desk.ledger.entry_ids()
    # Its old address leads to the new one, which the listings name by now.
    desk.comes(2, article(1, "The crane"), final=address(1))
    desk.comes(1, article(1, "The crane"))
    desk.reads()
    assert desk.ledger.entry_ids() == before
    (entry,) = (desk.ledger.entry(each) for each in before)
    assert entry.url == address(1)
    desk.comes(1, article(1, "The crane, edited"))
    desk.reads()
    assert list(desk.titles().values()) == ["The crane, edited"]


@pytest.mark.parametrize(
    "page",
    [
        "<html><head><title>Just a moment...</title></head><body><p>Checking your browser.</p></body></html>",
        "<html><body><h1>Page not found</h1></body></html>",
        "<html><head></head><body></body></html>",
        "%PDF-1.7 nothing to read",
    ],
    ids=["robot check", "soft 404", "empty page", "PDF"],
)
def test_a_known_article_outlives_a_page_that_cannot_be_read(desk: Desk, page: str) -> None:
    desk.comes(1, article(1, "The crane"))
    desk.comes(2, article(2, "The quay"))
    desk.reads()
    before = desk.titles()
    desk.comes(1, page)
    report = desk.reads()
    assert desk.titles() == before
    assert report.outlets["harbour"].refused.keys() == {address(1)}


def test_what_may_be_a_wall_is_asked_for_again_and_without_conditions(desk: Desk) -> None:
    desk.comes(1, "<html><head><title>Just a moment...</title></head><body></body></html>")
    desk.reads()
    (row,) = desk.ledger.pending("harbour", 10, desk.time)
    assert (row.address, row.etag, row.last_modified) == (address(1), None, None)
    desk.comes(1, article(1, "The crane"))
    desk.reads()
    assert list(desk.titles().values()) == ["The crane"]


def test_an_outlet_that_gives_the_same_text_for_every_article_is_not_believed(desk: Desk) -> None:
    for number in range(1, 9):
        desk.comes(number, article(number, f"Story {number}"))
    desk.reads()
    before = desk.titles()
    for number in range(4, 14):
        desk.comes(number, story(number, title="We value your reading", content=LONG))
    report = desk.reads()
    assert any(finding.holds for finding in report.findings)
    assert desk.titles() == before
    # They are looked at again as long as nobody says otherwise.
    assert len(desk.ledger.unread("first")) == 10
    assert any(finding.holds for finding in desk.reads().findings)


def test_a_title_that_is_no_longer_found_is_not_replaced_by_the_first_words_of_the_text(desk: Desk) -> None:
    for number in range(1, 7):
        desk.comes(number, article(number, f"The crane, part {number}"))
    desk.reads()
    before = desk.titles()
    for number in range(1, 7):
        page = article(number, "GONE").replace('<h1 class="entry-title">GONE</h1>', "").replace("GONE", "")
        desk.comes(number, page)
    report = desk.reads()
    assert [finding.field for finding in report.findings] == ["title"]
    assert desk.titles() == before


def test_an_article_whose_page_no_longer_tells_its_date_keeps_its_date_and_its_place(desk: Desk) -> None:
    desk.comes(1, article(1, "The crane"))
    desk.reads()
    (id_,) = desk.ledger.entry_ids()
    before = desk.ledger.entry(id_)
    assert before.published is not None
    undated = re.sub(r'<meta property="article:published_time"[^>]*>', "", article(1, "The crane, undated"))
    assert "published" not in undated
    desk.comes(1, undated)
    desk.reads()
    entry = desk.ledger.entry(id_)
    assert (entry.title, entry.published, entry.moment) == (
        "The crane, undated",
        before.published,
        before.moment,
    )


def signed(number: int, author: str) -> str:
    meta = f'<meta name="author" content="{author}">' if author else ""
    return article(number).replace("<head>", f"<head>{meta}", 1)


def test_a_field_that_the_whole_outlet_loses_is_not_lost_to_what_was_read_before(desk: Desk) -> None:
    for number in range(1, 13):
        desk.comes(number, signed(number, f"Ada Obi {number}"))
    desk.reads()
    before = {each: desk.ledger.entry(each).authors for each in desk.ledger.entry_ids()}
    assert all(before.values())
    for number in range(1, 13):
        desk.comes(number, signed(number, ""))
    report = desk.reads()
    assert {finding.field for finding in report.findings} == {"authors"}
    assert {each: desk.ledger.entry(each).authors for each in desk.ledger.entry_ids()} == before


OF_A_FEED = datetime(2026, 9, 1, 23, 30, 5, tzinfo=UTC)
"""Half past midnight in Lagos, on the second."""


def dated(page: str, date: str) -> str:
    """The page with this date, or with none."""
    meta = f'<meta property="article:published_time" content="{date}">' if date else ""
    return re.sub(r"<meta property=.article:published_time[^>]*>", meta, page)


@pytest.mark.parametrize(
    ("told_by_page", "expected", "precision"),
    [
        ("", "2026-09-02T00:30:05+01:00", None),
        ("2026-09-02", "2026-09-02T00:30:05+01:00", None),
        ("2026-09-01", "2026-09-01T00:00:00+01:00", "day"),
        ("2026-09-02T08:01:00+01:00", "2026-09-02T08:01:00+01:00", None),
    ],
)
def test_a_feed_tells_the_time_of_an_article_whose_page_tells_none_or_no_more_than_that_day(
    desk: Desk, told_by_page: str, expected: str, precision: str | None
) -> None:
    desk.comes(1, dated(article(1), told_by_page), told=OF_A_FEED)
    for mark in ("first", "second"):
        assert desk.reads(mark).problems == []
        (entry,) = (desk.ledger.entry(each) for each in desk.ledger.entry_ids())
        assert entry.published is not None
        assert (entry.published.isoformat(), entry.date_precision) == (expected, precision)


def test_what_a_feed_told_first_stays_and_a_sitemap_s_time_is_none_of_publication(desk: Desk) -> None:
    link = Link(url=address(1), published=OF_A_FEED)
    desk.ledger.listed("harbour", [link], NOW, dated=False)
    desk.comes(1, dated(article(1), ""))
    desk.reads()
    (id_,) = desk.ledger.entry_ids()
    assert desk.ledger.entry(id_).published is None
    desk.ledger.listed("harbour", [link], NOW)
    desk.ledger.listed("harbour", [Link(url=address(1), published=OF_A_FEED + timedelta(hours=5))], NOW)
    desk.reads("second")
    assert desk.ledger.entry(id_).published == OF_A_FEED


@pytest.mark.parametrize("spoil", ["UPDATE raws SET data = x'00'", "DELETE FROM raws"])
def test_a_page_whose_body_is_damaged_is_asked_for_again_whatever_its_age_and_is_no_refusal(
    desk: Desk, spoil: str
) -> None:
    desk.comes(1, article(1))
    desk.comes(2, article(2))
    desk.ledger._store.do(f"{spoil} WHERE number = 1")
    desk.time += timedelta(days=20)
    report = desk.reads()
    assert (report.outlets["harbour"].pages, report.outlets["harbour"].refused, report.problems) == (
        1,
        {},
        [],
    )
    assert [row.address for row in desk.ledger.pending("harbour", 9, desk.time)] == [address(1)]
    assert len(desk.ledger.readings("harbour")) == 1


def test_of_the_entries_of_an_outlet_no_more_than_the_last_is_in_memory_when_it_is_judged(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    alive = []

    def judged(*_: object) -> list[Finding]:
        gc.collect()
        alive.append(sum(isinstance(each, Entry) for each in gc.get_objects()))
        return []

    monkeypatch.setattr(Verdicts, "of", judged)
    for number in range(1, 31):
        desk.comes(number, article(number))
    before = sum(isinstance(each, Entry) for each in gc.get_objects())
    desk.reads()
    assert len(desk.titles()) == 30
    assert max(alive) - before <= 1


def test_corrected_code_reads_all_that_is_kept_once_more(desk: Desk) -> None:
    desk.comes(1, article(1, "The crane"))
    desk.reads("first")
    assert desk.ledger.unread("first") == []
    assert [row.address for row in desk.ledger.unread("second")] == [address(1)]
    desk.reads("second")
    assert desk.ledger.unread("second") == []


def test_what_a_feed_tells_stands_in_for_a_page_under_the_same_id(desk: Desk) -> None:
    body = "<p>" + "A whole story that the feed carries, told at some length. " * 12 + "</p>"
    feed = f"""<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>H</title>
    <item><title>From the feed</title><link>{address(1)}</link><pubDate>Wed, 30 Sep 2026 08:00:00 GMT</pubDate>
    <content:encoded><![CDATA[{body}]]></content:encoded></item></channel></rss>"""
    outlet = desk.loaded.directory.by_slug["harbour"]
    where = "https://harbour.example/feed/"
    answer = Answer(url=where, final=where, status=200, body=feed.encode(), retrieved=NOW)
    (link,) = read_listing(answer, Listing(url=where), outlet, desk.loaded.directory).links
    assert link.item
    desk.comes(1, link.item, kind=ITEM)
    desk.reads()
    (before,) = desk.ledger.entry_ids()
    assert desk.ledger.entry(before).title == "From the feed"
    desk.comes(1, article(1, "From the page"))
    desk.reads()
    assert desk.ledger.entry_ids() == {before}
    assert desk.ledger.entry(before).title == "From the page"
