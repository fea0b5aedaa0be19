"""Reports of builds that never were, with every hostile text in every place."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic

from cleanfeed.config import Auto, Config, Fetch
from cleanfeed.errors import ExtractionError, TroubledOutlet
from cleanfeed.health.findings import Finding
from cleanfeed.model import Outline
from cleanfeed.report import OutletCount, Report

NOON = datetime(2026, 9, 14, 12, 0, tzinfo=UTC)

HOSTILE = (
    "::error::x", "##[error]x", "a ##[command]b", "::set-output name=x::y", "\n::add-mask::x", "x\r\n::stop-commands::x",
    "\x1b]0;x\x07", "\x1b[2J", "\x9b31m", "a\u202eb", "a\0b",
    "| a | b |", "a|b", "\\|", "\\\\|", "x\n| y |", "|---|", "`a`", "``` x", "~~~", "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>", "</td></table><h1>x</h1>", "<!-- x", "<details open>", "&lt;b&gt;", "&#60;b&#62;",
    "[a](https://evil.example/)", "![a](https://evil.example/x.png)", "[a]: https://evil.example/", "<https://evil.example>",
    "https://evil.example/x", "www.evil.example", "me@evil.example", "@octocat", "@org/team", "#123", "owner/repo#123",
    "# h", "## h", "- x", "* x", "+ x", "1. x", "1) x", "> x", "---", "***", "===", "    code", "**b**", "_i_", "~~s~~",
    "$x^2$", ":smile:", "[x]", "[ ] task", "[^1]", "{{ 7*7 }}", "${{ secrets.X }}", "$(id)", "`id`", "\\", "\ud800", "é|ة",
)  # fmt: skip


def config(title: str = "Feeds", base_url: str = "https://feeds.example.org/") -> Config:
    here = Path()
    return Config(
        path=here / "cleanfeed.toml", title=title, base_url=base_url, output=here, contact=None, outlets=(), pages=(),
        ledger=here, topics=(), auto=Auto(), fetch=Fetch(),
    )  # fmt: skip


def outline(slug: str, title: str, count: int, newest: datetime | None = NOON) -> Outline:
    return Outline(
        slug=slug, title=title, description="", count=count, newest=newest, language="en", direction="ltr",
        headlines=(), outlets=(),
    )  # fmt: skip


def fine() -> Report:
    report = Report(started=NOON, _clock=monotonic() - 4.2)
    report.outlets["harbour"] = OutletCount(
        pages=5, entries=4, filled=Counter(summary=3, url=4), refused={"x": "y"}
    )
    report.outlets["quay"] = OutletCount(pages=2, entries=2, filled=Counter(url=2))
    report.outlines = [outline("everything", "Everything", 6), outline("empty", "Nothing", 0, None)]
    report.files = {"everything.rss": "written", "everything.atom": "unchanged"}
    report.requests = {"https://harbour.example": 7}
    return report


def broken() -> Report:
    """The harbour has lost its authors, and the quay cannot be had."""
    report = fine()
    report.findings = [
        Finding(
            outlet="harbour", what="field", field="authors", selector='css("p.byline")',
            sample="https://harbour.example/1", message="authors are missing",
        )
    ]  # fmt: skip
    report.problems = [
        TroubledOutlet("harbour", "authors are missing"),
        TroubledOutlet("quay", "3 new articles are withheld from us"),
        ExtractionError("https://quay.example/2", "no content was found on the page"),
    ]
    report.notes = ["quay: a listing does not work"]
    return report


def hostile(text: str) -> Report:
    report = fine()
    report.outlets[text] = OutletCount(pages=1, entries=1, filled=Counter(url=1))
    report.outlines = [outline("everything", text, 1)]
    report.findings = [
        Finding(outlet=text, what="drop", field=text, selector=text, sample=text, message=text),
    ]
    report.problems = [ExtractionError(text, text)]
    report.notes = [text]
    report.requests = {text: 1}
    return report
