"""The line that says where else a story is told: at the end of its content, in its language."""

from __future__ import annotations

import re
from html import escape
from typing import TYPE_CHECKING

from cleanfeed.feeds.words import words_for

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cleanfeed.model import Copy, Entry

_WRAPPED = re.compile(r'<div lang="[^"<>]*" dir="rtl">.*</div>', re.DOTALL)


def with_copies(content: str, entry: Entry) -> str:
    """The content with that line, inside whatever gives the content its direction."""
    if not entry.also_in:
        return content
    said = line_of(entry.also_in, entry.language)
    if _WRAPPED.fullmatch(content):
        return f"{content.removesuffix('</div>')}{said}</div>"
    return content + (said.replace("<p>", f"<p{_marks(entry)}>", 1) if entry.direction == "rtl" else said)


def without_copies(content: str, count: int, language: str) -> str:
    """The content as it was before a line of so many copies was put to it."""
    words = words_for(language)
    line = rf"<p(?: [^<>]*)?>{words.also_in} (?:(?!</?p\b).)*</p>(?=(?:</div>)?$)"
    return re.sub(line, "", content, count=1, flags=re.DOTALL) if count else content


def line_of(copies: Sequence[Copy], language: str) -> str:
    words = words_for(language)
    return f"<p>{words.also_in} {f'{words.comma} '.join(map(_link, copies))}</p>"


def _link(copy: Copy) -> str:
    name = escape(copy.name, quote=False)
    return f'<a href="{escape(copy.url)}">{name}</a>' if copy.url else name


def _marks(entry: Entry) -> str:
    return f' lang="{escape(entry.language)}" dir="rtl"'
