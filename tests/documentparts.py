"""The documents as tests read them: sections, tables and marked blocks of code."""

from __future__ import annotations

import re
from pathlib import Path

from cleanfeed import config

ROOT = Path(__file__).parent.parent
DOCUMENTS = sorted(
    [
        *ROOT.glob("*.md"),
        *ROOT.glob("docs/**/*.md"),
        *ROOT.glob("benchmarks/*.md"),
        *ROOT.glob("examples/**/*.md"),
    ]
)
BY_NAME = {path.relative_to(ROOT).as_posix(): path.read_text("utf-8") for path in DOCUMENTS}
README, OUTLETS = BY_NAME["README.md"], BY_NAME["docs/outlets.md"]
CONFIGURATION, COMMANDS, FEEDS = (
    BY_NAME[f"docs/{name}.md"] for name in ("configuration", "commands", "feeds")
)


def fenced(document: str, mark: str) -> str:
    """The code block that stands below an HTML comment."""
    found = re.findall(
        rf"^<!-- {re.escape(mark)} -->\n```\w*\n(.*?)^```$", document, re.MULTILINE | re.DOTALL
    )
    assert len(found) == 1, f"{mark}: {len(found)} blocks"
    return str(found[0])


def section(document: str, title: str) -> str:
    """What stands below a heading, up to the next of its level."""
    marks, rest = next(
        (found[1], document[found.end() :])
        for found in re.finditer(r"^(#+) (.+)$", document, re.MULTILINE)
        if found[2] == title
    )
    return re.split(rf"^#{{1,{len(marks)}}} ", rest, flags=re.MULTILINE)[0]


def rows(text: str) -> list[list[str]]:
    """The cells of all tables, without the heads."""
    lines = [line for line in text.splitlines() if line.startswith(("| ", "|-"))]
    return [
        [cell.strip() for cell in line.strip("|").split(" | ")]
        for line, after in zip(lines, [*lines[1:], ""], strict=True)
        if not line.startswith("|-") and not after.startswith("|-")
    ]


def named(text: str) -> list[str]:
    """What the first cells of the tables name in code, several in one cell included."""
    return [name for row in rows(text) for name in names_in(row[0])]


def names_in(cell: str) -> list[str]:
    return re.findall(r"`([^`]+)`", cell)


TABLES = {
    "Top level": config._File,
    "Topics": config._Rule,
    "Auto": config.Auto,
    "Publish": config.Publish,
    "Fetch": config.Fetch,
    "Miniflux": config.Miniflux,
    "Serve": config.Serve,
}
