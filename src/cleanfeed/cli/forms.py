"""An entry in the forms in which commands print it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cleanfeed.model import Entry


def written(entry: Entry, form: str) -> str:
    """The entry as "html", "text" or "json", with a newline at its end."""
    if form == "html":
        return f"{entry.content}\n"
    if form == "text":
        return "".join(f"{line}\n" for line in as_text(entry))
    from cleanfeed.feeds.jsonfeed import item  # noqa: PLC0415  # slow, and only JSON needs it

    return f"{json.dumps(item(entry), ensure_ascii=False)}\n"


def as_text(entry: Entry) -> Iterator[str]:
    yield entry.title
    if entry.published:
        yield entry.published.date().isoformat() if entry.date_precision else entry.published.isoformat()
    if entry.summary:
        yield from ("", entry.summary)
    for paragraph in entry.text.split("\n"):
        yield from ("", paragraph)
    yield ""
