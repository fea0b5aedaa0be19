"""What a build did, as Markdown for a runner of CI: harmless whatever titles hold, and never too long."""

from __future__ import annotations

import re
from datetime import UTC
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from cleanfeed.report import broken, counted
from cleanfeed.text import safe_text, squeeze

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from cleanfeed.config import Config
    from cleanfeed.health.findings import Finding
    from cleanfeed.model import Outline
    from cleanfeed.report import Report

LIMIT: Final = 200_000
"""Bytes; runners refuse a summary of more than a megabyte, whole."""
_ROWS: Final = 200
"""Of a table; what is more is counted."""
_ITEMS: Final = 50
"""Of a list; the same."""
_CELL: Final = 200
_LINE: Final = 400


def summary(report: Report, config: Config, *, limit: int = LIMIT) -> str:
    """The Markdown of a build's report, at most `limit` bytes long."""
    verdict = "done, with problems" if report.problems else "fine"
    lines = [
        f"## {escape(config.title)}: {verdict}",
        "",
        _counts(report),
        *_section("Broken outlets", [_finding(each) for each in report.findings]),
        *_section("Problems", _problems(report)),
        *_table("Topics", _TOPICS, [_topic(each, config.base_url) for each in report.outlines]),
        *_table("Outlets", _OUTLETS, _outlets(report)),
        *_section("Notes", [f"- {_told(note)}" for note in report.notes]),
        "",
    ]
    return _shortened(lines, limit)


_TOPICS: Final = ("topic", "title", "entries", "newest (UTC)")
_OUTLETS: Final = ("outlet", "pages", "entries", "no entry", "health")


def _counts(report: Report) -> str:
    files = f"; files: {counted(report.files.values())}" if report.files else ""
    entries = _of(report.entries, "entry", "entries")
    topics, outlets = _of(len(report.outlines), "topic"), _of(len(report.outlets), "outlet")
    return f"{entries} of {outlets} in {topics}, in {report.seconds:.1f} s{files}."


def _of(number: int, one: str, many: str = "") -> str:
    return f"{number} {one if number == 1 else many or f'{one}s'}"


def _topic(outline: Outline, base_url: str) -> list[str]:
    slug = escape(outline.slug)
    # Parentheses, which would end the link, may stand in a path.
    page = quote(f"{base_url}{outline.slug}.html", safe=":/%?#[]@!$&'*+,;=~")
    return [f"[{slug}]({page})", escape(outline.title), str(outline.count), _stamp(outline.newest)]


def _stamp(moment: datetime | None) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M}" if moment else "–"


def _outlets(report: Report) -> list[list[str]]:
    ill = broken(report)
    rows = {slug: (each.pages, each.entries, len(each.refused)) for slug, each in report.outlets.items()}
    return [
        [escape(slug), *map(str, rows.get(slug, (0, 0, 0))), "broken" if slug in ill else "fine"]
        for slug in sorted({*rows, *ill})
    ]


def _finding(finding: Finding) -> str:
    """What is wrong, with the field, the selector and the sample where they are known."""
    named = (("field", finding.field), ("selector", finding.selector), ("sample", finding.sample))
    told = [f"{name} {_told(value)}" for name, value in named if value]
    particulars = f" ({'; '.join(told)})" if told else ""
    return f"- **{escape(finding.outlet)}**: {_told(finding.message)}{particulars}"


def _problems(report: Report) -> list[str]:
    """The problems, without those that are told as findings."""
    told = {f"{each.outlet}: {each.message}" for each in report.findings}
    return [f"- {_told(problem)}" for problem in map(str, report.problems) if problem not in told]


def _told(text: object) -> str:
    return escape(text, _LINE)


def _section(title: str, lines: Sequence[str]) -> Iterator[str]:
    if lines:
        yield from ("", f"### {title}", "", *lines[:_ITEMS])
        yield from _more(len(lines) - _ITEMS)


def _table(title: str, head: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    if rows:
        bar = " | ".join("---:" if name in _NUMBERS else "---" for name in head)
        yield from ("", f"### {title}", "", f"| {' | '.join(head)} |", f"| {bar} |")
        yield from (f"| {' | '.join(row)} |" for row in rows[:_ROWS])
        yield from _more(len(rows) - _ROWS)


_NUMBERS: Final = frozenset({"pages", "entries", "no entry"})


def _more(left_out: int) -> Iterator[str]:
    if left_out > 0:
        yield from ("", f"… and {left_out} more: see report.json.")


# A hyphen within a word is only that.
_PUNCTUATION: Final = re.compile(r"""[!-,./:-@\[-`{-~]|(?<!\w)-|-(?!\w)""")
_PLAIN: Final = frozenset(" ,;/'\"%?")
_ESCAPES: Final = {
    # Entities and tags are looked for in what has been unescaped, too, by one renderer or another.
    "&": "&amp;", "<": "&lt;", ">": "&gt;",
    # So are mentions, references and addresses of mail: what follows the sign must be no letter or digit.
    "@": "\\@\u200b", "#": "\\#\u200b",
}  # fmt: skip


def escape(text: object, limit: int = _CELL) -> str:
    """The text on one line of Markdown, in which nothing is markup, a mention, a reference or a command."""
    line = squeeze(safe_text(text, limit))
    return _PUNCTUATION.sub(lambda found: _escaped(found[0]), line) or "–"


def _escaped(sign: str) -> str:
    return sign if sign in _PLAIN else _ESCAPES.get(sign, f"\\{sign}")


_SHORTENED: Final = "… shortened: see report.json."


def _shortened(lines: Sequence[str], limit: int) -> str:
    """Whole lines, as many as fit."""
    text = "\n".join(lines)
    if len(text.encode("utf-8", "replace")) <= limit:
        return text
    room = limit - len(f"\n{_SHORTENED}\n".encode()) - 1
    kept: list[str] = []
    for line in lines:
        room -= len(line.encode("utf-8", "replace")) + 1
        if room < 0:
            break
        kept.append(line)
    return "\n".join([*kept, "", _SHORTENED, ""])
