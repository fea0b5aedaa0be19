"""Plain-text captures of pages: their lines, and how a run of lines reads as HTML."""

from __future__ import annotations

import re
from html import escape
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from cleanfeed.text import squeeze

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from cleanfeed.model import Page

_BULLET = re.compile(r"^(\s*)[•*◦▪‣]\s+(?=\S)")
_SENTENCE_END = re.compile(r"""[.!:;,…،؛]["'”’»)\]]*$|(?<!^)["'”’»]$""")
_QUOTED = re.compile(r"""["'“‘«][^"“”«»]+[^.!,…]["'”’»]""")
_LAST = re.compile(r"""[.…]["'”’»)\]]*$""")
_HEADING = 120
"""Characters; no sub-head is longer."""


class Line(NamedTuple):
    """A line of a capture that has text."""

    text: str
    bullet: bool = False
    """A list item."""
    indented: bool = False
    """Goes on with the list item above."""
    gap: bool = True
    """Stands apart from the line above."""


def sheet(page: Page) -> tuple[Line, ...]:
    """The lines of a capture that have text, on one line each, without their bullets."""
    return page.view("sheet", lambda page: tuple(_lines(page.lines)))


def _lines(lines: Iterable[str]) -> Iterator[Line]:
    gap = True
    for raw in lines:
        text = squeeze(raw)
        if not text:
            # A lone no-break space is a line break inside a paragraph, no gap between two.
            gap = gap or "\xa0" not in raw
            continue
        bullet = bool(_BULLET.match(raw))
        while _BULLET.match(text):
            text = _BULLET.sub("", text)
        yield Line(text, bullet, not bullet and raw.startswith("    "), gap)
        gap = False


def reads_as_heading(line: Line, after: Line | None) -> bool:
    """Whether a line is a sub-head: short, no sentence, apart from both its neighbours, and not the last."""
    if line.bullet or after is None or not (line.gap and after.gap) or after.bullet:
        return False
    if _QUOTED.fullmatch(line.text):
        return len(line.text) <= _HEADING / 2
    return len(line.text) <= _HEADING and not _SENTENCE_END.search(line.text)


def as_html(lines: Sequence[Line]) -> str:
    """Paragraphs, sub-heads and lists."""
    following = (*lines[1:], None)
    tagged = [(_tag(line, after), line.text) for line, after in zip(lines, following, strict=True)]
    parts = []
    for is_list, group in groupby(tagged, key=lambda each: each[0] == "li"):
        html = "".join(f"<{tag}>{escape(text, quote=False)}</{tag}>" for tag, text in group)
        parts.append(f"<ul>{html}</ul>" if is_list else html)
    return "".join(parts)


def _tag(line: Line, after: Line | None) -> str:
    if line.bullet:
        return "li"
    return "h2" if reads_as_heading(line, after) else "p"


def without_boxes(lines: Sequence[Line], heads: re.Pattern[str], most: int) -> list[Line]:
    """The lines without boxes of headlines: a line that `heads` matches, and so many after it.

    A headline is told from a paragraph by having no end of a sentence; one more than `most` is taken for
    one if it is too long for a sub-head.
    """
    kept: list[Line] = []
    left = 0
    for line in lines:
        if heads.fullmatch(line.text):
            left = most + 1
        elif left and _reads_as_headline(line, last=left == 1):
            left -= 1
        else:
            left = 0
            kept.append(line)
    return kept


def _reads_as_headline(line: Line, *, last: bool) -> bool:
    if line.bullet or len(line.text) > _HEADING * 1.5 or _LAST.search(line.text):
        return False
    return not last or len(line.text) > _HEADING / 3


def until(lines: Sequence[Line], stop: re.Pattern[str]) -> list[Line]:
    """The lines before the first that matches as a whole."""
    end = next((i for i, line in enumerate(lines) if stop.fullmatch(line.text)), len(lines))
    return list(lines[:end])


def split_tags(lines: Sequence[Line]) -> tuple[list[Line], list[str]]:
    """A body's lines and the tags that end it: a last list of short items that no colon announces."""
    start = len(lines)
    while start and lines[start - 1].bullet:
        start -= 1
        if lines[start].gap:
            break
    items = [line.text for line in lines[start:]]
    announced = bool(start) and lines[start - 1].text.endswith((":", "："))
    short = sum(map(len, items)) <= 40 * len(items) and not any(_LAST.search(item) for item in items)
    return (list(lines[:start]), items) if items and short and not announced else (list(lines), [])


def without_alternative(text: str) -> str:
    """A caption without the alternative text that is glued before it: "A ship (AP)A ship in port (AP)"."""
    head = text[: min(24, len(text) // 2)]
    again = text.rfind(head, len(head)) if len(head) > 8 else -1  # noqa: PLR2004  # shorter beginnings recur by chance
    return text[again:] if again > 0 else text
