"""The full texts of entries, to be read on a page that stays light."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from markupsafe import Markup

from cleanfeed.feeds.copies import without_copies
from cleanfeed.sanitise import sanitise_for_page
from cleanfeed.text import squeeze

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from cleanfeed.model import Entry

PAGE_LIMIT = 700_000
"""Bytes of all texts on one page: with the cards of 50 entries it stays below a megabyte."""
ENTRY_LIMIT = 100_000
"""Bytes of one text; what is longer is read at its outlet."""
_WORDS_A_MINUTE = 220
_CARD_LEVEL = 2
_HEADS = re.compile(r"<h([234])>(.*?)</h\1>", re.DOTALL)


class FullText(NamedTuple):
    """An entry's content as it stands on a page."""

    html: Markup
    minutes: int


def full_texts(entries: Iterable[Entry], shown: Iterable[str]) -> Iterator[FullText | None]:
    """The text of each entry; `None` where `shown` says it all, and where the page has no more room."""
    room = PAGE_LIMIT
    for entry, told in zip(entries, shown, strict=True):
        html = _content(entry) if squeeze(entry.text) not in {"", squeeze(told)} else ""
        size = len(html.encode())
        if not html or size > min(room, ENTRY_LIMIT):
            yield None
            continue
        room -= size
        minutes = max(1, round(len(entry.text.split()) / _WORDS_A_MINUTE))
        yield FullText(Markup(html), minutes)  # noqa: S704  # the sanitiser had the last word


def _content(entry: Entry) -> str:
    if len(entry.content) > ENTRY_LIMIT:
        return ""
    # The card itself says above the text where else its story is told.
    content = without_copies(entry.content, len(entry.also_in), entry.language)
    return _lowered(sanitise_for_page(content).strip())


def _lowered(html: str) -> str:
    """The same with its sub-heads below the title of their card, and no level left out."""
    above: list[str] = []

    def lower(found: re.Match[str]) -> str:
        level, said = found.groups()
        while above and above[-1] >= level:
            above.pop()
        above.append(level)
        name = f"h{_CARD_LEVEL + len(above)}"
        return f"<{name}>{said}</{name}>"

    return _HEADS.sub(lower, html)
