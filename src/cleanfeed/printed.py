"""Taking a plain-text capture apart where a list under the title names author, source and date."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC
from typing import TYPE_CHECKING, NamedTuple

from cleanfeed.captures import Line, split_tags, until, without_alternative, without_boxes
from cleanfeed.dates import parse

if TYPE_CHECKING:
    import re
    from collections.abc import Callable, Sequence

_NEAR = 8
"""Lines below the title within which its parts stand."""
_CARDS = 2


@dataclass(frozen=True, kw_only=True)
class Marks:
    """What an outlet prints around its articles, as patterns of whole lines."""

    meta: re.Pattern[str]
    """An item of the list under the title: author, source."""
    reading_time: re.Pattern[str]
    player: re.Pattern[str]
    """What stands for the button that reads the article aloud."""
    ticker: re.Pattern[str]
    """The head of the breaking news above the title."""
    boxes: re.Pattern[str]
    """The head of a box of links inside the body."""
    ends: re.Pattern[str]
    """What ends the body."""
    ends_tags: re.Pattern[str]
    """What ends the tags that follow it."""


class Printed(NamedTuple):
    """The parts of a capture, in their order."""

    title: str | None = None
    metas: Sequence[str] = ()
    summary: str | None = None
    captions: Sequence[str] = ()
    body: Sequence[Line] = ()
    tags: Sequence[str] = ()


def printed(lines: Sequence[Line], marks: Marks) -> Printed:
    """The parts of the article that the lines show; none where they show no article."""
    at = _find_metas(lines, marks)
    if at is None:
        return Printed()
    start, end = at
    metas = [line.text for line in lines[start:end]]
    # An author's picture may stand above the list, with the name as its alternative text.
    while start and any(lines[start - 1].text in text for text in metas):
        start -= 1
    below = [line for line in lines[end:] if not marks.reading_time.fullmatch(line.text)]
    head, rest = _split_head(below, marks)
    body, tags = split_tags(until(without_boxes(rest, marks.boxes, _CARDS), marks.ends_tags))
    title = lines[start - 1].text if start else None
    return Printed(title, metas, _deck(head, marks), _captions(head), until(body, marks.ends), tags)


def _find_metas(lines: Sequence[Line], marks: Marks) -> tuple[int, int] | None:
    """Where the list under the title begins and ends; it may be empty, the title ends it then."""
    start = _first(lines, lambda line: line.bullet and _is_meta(line.text, marks))
    if start is not None and any(_is_ours(line.text, marks) for line in lines[start : start + _NEAR]):
        while start and lines[start - 1].bullet:
            start -= 1
        end = _first(lines, lambda line: not (line.bullet or line.indented), start)
        return start, len(lines) if end is None else end
    start = _below_title(lines, marks)
    return None if start is None else (start, start)


def _below_title(lines: Sequence[Line], marks: Marks) -> int | None:
    """The place under the title where no list tells it: above the reading time, or first below the ticker."""
    start = _first(lines, lambda line: bool(marks.reading_time.fullmatch(line.text)))
    ticker = _first(lines, lambda line: bool(marks.ticker.fullmatch(line.text)))
    if start is not None or ticker is None or not any(marks.player.fullmatch(line.text) for line in lines):
        return start
    title = _first(lines, lambda line: line.gap and not line.bullet, ticker + 1)
    return None if title is None else title + 1


def _first(lines: Sequence[Line], fits: Callable[[Line], bool], start: int = 0) -> int | None:
    return next((i for i in range(start, len(lines)) if fits(lines[i])), None)


def _is_meta(text: str, marks: Marks) -> bool:
    moment = parse(text, UTC)
    # Cards print a day; articles print the time as well.
    return bool(marks.meta.fullmatch(text)) or (moment is not None and moment.precision is None)


def _is_ours(text: str, marks: Marks) -> bool:
    """Whether a line stands near the title of an article, and near none of a card."""
    return any(pattern.fullmatch(text) for pattern in (marks.meta, marks.reading_time, marks.player))


def _split_head(lines: Sequence[Line], marks: Marks) -> tuple[Sequence[Line], Sequence[Line]]:
    """What stands between the list and the body (deck, player, share bar, pictures), and what follows."""
    held = (i for i, line in enumerate(lines[:_NEAR]) if _holds_no_text(line, marks))
    first = next(held, None)
    if first is None or first > 1:
        return (), lines
    end = _first(lines, lambda line: line.gap and not line.bullet, first + 1)
    return lines[:end], lines[end:] if end is not None else ()


def _holds_no_text(line: Line, marks: Marks) -> bool:
    return line.bullet or line.indented or bool(marks.player.fullmatch(line.text))


def _deck(head: Sequence[Line], marks: Marks) -> str | None:
    return next((line.text for line in head if not _holds_no_text(line, marks)), None)


def _captions(head: Sequence[Line]) -> list[str]:
    """The visible captions: under a picture's alternative text, or alone in its item."""
    followed = zip(head, (*head[1:], None), strict=True)
    return [
        without_alternative(line.text)
        for line, after in followed
        if line.indented or (line.bullet and len(line.text) > 1 and not (after and after.indented))
    ]
