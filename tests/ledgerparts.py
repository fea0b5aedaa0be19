"""A ledger for tests: made-up links, answers and entries, and a clock that they set."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from cleanfeed.errors import FetchError
from cleanfeed.fetch.answer import Answer
from cleanfeed.ledger import Ledger
from cleanfeed.sources.listings import Link
from feedparts import HARBOUR

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from cleanfeed.model import Entry

NOW = datetime(2026, 10, 14, 8, 0, tzinfo=UTC)
SITE = "https://www.harbour.example"
A, B = f"{SITE}/city/a-1/", f"{SITE}/city/b-2/"


def later(**span: float) -> datetime:
    return NOW + timedelta(**span)


def link(url: str = A, **changes: Any) -> Link:
    return Link(**{"url": url, "published": NOW - timedelta(hours=1), **changes})


def answer(url: str = A, body: bytes = b"<p>Seven cranes.</p>", **changes: Any) -> Answer:
    said = {"final": url, "status": 200, "media_type": "text/html", "charset": "utf-8", "retrieved": NOW}
    return Answer(url=url, body=body, **{**said, **changes})


def unchanged(url: str = A, at: datetime = NOW) -> Answer:
    return Answer(url=url, final=url, status=304, retrieved=at)


def failure(kind: str = "failed", url: str = A) -> FetchError:
    return FetchError(url, f"it {kind}", kind)  # type: ignore[arg-type]  # a test names only kinds that there are


def story(url: str = A, **changes: Any) -> Entry:
    """An entry whose id depends on its address alone."""
    said = {"id": f"tag:cleanfeed.invalid,2026:harbour/{url}", "url": url, "updated": None, "first_seen": NOW}
    return replace(HARBOUR, **{**said, **changes})


@contextmanager
def opened(folder: Path, at: datetime = NOW, feeds: Path | None = None) -> Iterator[Ledger]:
    with Ledger.open(folder / "ledger.sqlite3", feeds=feeds, now=at) as ledger:
        yield ledger


def take(
    ledger: Ledger, page: str = A, body: bytes = b"<p>Seven cranes.</p>", at: datetime = NOW, **changes: Any
) -> Entry:
    """A page that is listed, had and read, as a build does it; gives its entry as it is now."""
    ledger.listed("harbour", [link(page)], at)
    ledger.had(page, answer(page, body, etag=f'"{len(body)}"', retrieved=at))
    return take_in(ledger, page, at, **changes)


def take_in(ledger: Ledger, page: str = A, at: datetime = NOW, mark: str = "code", **changes: Any) -> Entry:
    """What was had of a page is read."""
    entry = replace(story(page), **{"first_seen": at, **changes})
    ledger.put(entry, page, at)
    ledger.read(page, mark, entry=entry.id)
    return ledger.entry(entry.id)
