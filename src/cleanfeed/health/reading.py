"""From the result of a page to what its outlet's health is judged by."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, Protocol

from cleanfeed.errors import NotAnArticle
from cleanfeed.ledger.readings import Reading
from cleanfeed.report import FIELDS
from cleanfeed.text import fold
from cleanfeed.tracing import FROM_BODY, labels_of
from cleanfeed.walls import KINDS

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from cleanfeed.errors import PageError
    from cleanfeed.model import Entry
    from cleanfeed.outlet import Outlet

WATCHED = (*FIELDS, "title", "content")
"""The fields that a reading tells of."""
_FOUND = (*(name for name in WATCHED if name not in {"url", "text"}), "kind", "number")
"""The finders of a recipe that are told by name."""


class Read(Protocol):
    """A page that was read: `work.Result`, which is of a higher floor."""

    @property
    def page(self) -> str: ...
    @property
    def entry(self) -> Entry | None: ...
    @property
    def error(self) -> PageError | None: ...
    @property
    def matched(self) -> Mapping[str, str]: ...


def reading_of(result: Read, outlet: str, at: datetime, *, again: bool) -> Reading:
    """What is remembered of a page that was read at a time; `again` for a known article."""
    entry = result.entry
    if entry is None:
        reason = result.error.reason if result.error else "gives no entry"
        is_wall = reason in KINDS
        # An article that is one no longer has changed; what never was one tells nothing.
        is_article = is_wall or again or not isinstance(result.error, NotAnArticle)
        return Reading(
            outlet=outlet, address=result.page, at=at, ok=False, reason=reason, wall=is_wall,
            is_article=is_article, again=again,
        )  # fmt: skip
    return Reading(
        outlet=outlet,
        address=result.page,
        at=at,
        ok=True,
        filled=frozenset(name for name in WATCHED if getattr(entry, name)),
        matched=dict(result.matched),
        length=len(entry.text),
        digest=_digest(entry),
        published=entry.published,
        again=again,
    )


def _digest(entry: Entry) -> str:
    """Of the text and of the title, eight digits each: pages that are all the same have either in common."""
    return "".join(
        sha256(fold(part).encode("utf-8", "surrogatepass")).hexdigest()[:8]
        for part in (entry.text, entry.title)
    )


def labels_of_outlet(outlet: Outlet) -> frozenset[str]:
    """All labels that the recipes of an outlet may give."""
    recipes = [recipe for recipe in (outlet.article, outlet.capture) if recipe]
    finders = [getattr(recipe, name) for recipe in recipes for name in _FOUND]
    return frozenset({FROM_BODY}).union(*map(labels_of, finders))
