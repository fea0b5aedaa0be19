"""What a build did: counted per outlet and topic, every problem named."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC
from typing import TYPE_CHECKING, Any

from cleanfeed.errors import CleanfeedError, NotAnArticle, PageError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from cleanfeed.feeds import Outline
    from cleanfeed.model import Entry

FIELDS = (
    "url", "published", "updated", "summary", "authors", "source", "section", "tags", "image", "captions",
    "text",
)  # fmt: skip
"""The optional fields of an entry whose fill rates are told."""


@dataclass(slots=True)
class OutletCount:
    pages: int = 0
    entries: int = 0
    refused: dict[str, str] = field(default_factory=dict)
    """Reasons, by page."""
    filled: Counter[str] = field(default_factory=Counter)

    def as_dict(self) -> dict[str, Any]:
        rates = {name: round(self.filled[name] / self.entries, 3) for name in FIELDS} if self.entries else {}
        refused = [{"page": page, "reason": reason} for page, reason in self.refused.items()]
        return {"pages": self.pages, "entries": self.entries, "refused": refused, "fields": rates}


@dataclass(slots=True)
class Report:
    outlets: dict[str, OutletCount] = field(default_factory=dict)
    unknown: dict[str, str] = field(default_factory=dict)
    """Pages whose outlet could not be told, with the reason."""
    outlines: list[Outline] = field(default_factory=list)
    files: dict[str, str] = field(default_factory=dict)
    """"written", "unchanged" or "kept", by name."""
    problems: list[CleanfeedError] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    duplicates: int = 0
    """Pages whose entry another page gave too."""
    seconds: float = 0.0

    def count_entry(self, entry: Entry) -> None:
        count = self.outlets.setdefault(entry.outlet, OutletCount())
        count.pages += 1
        count.entries += 1
        count.filled.update(name for name in FIELDS if getattr(entry, name))

    def count_refusal(self, outlet: str | None, error: PageError) -> None:
        if outlet is None:
            self.unknown[error.page] = error.reason
        else:
            count = self.outlets.setdefault(outlet, OutletCount())
            count.pages += 1
            count.refused[error.page] = error.reason
        if not isinstance(error, NotAnArticle):
            self.problems.append(error)

    @property
    def entries(self) -> int:
        return sum(count.entries for count in self.outlets.values())

    def as_json(self, started: datetime) -> bytes:
        told = {
            "started": started.isoformat(timespec="seconds"),
            "seconds": round(self.seconds, 3),
            "outlets": {slug: self.outlets[slug].as_dict() for slug in sorted(self.outlets)},
            "unrecognised": [{"page": page, "reason": reason} for page, reason in self.unknown.items()],
            "duplicates": self.duplicates,
            "topics": {each.slug: _topic(each) for each in self.outlines},
            "files": dict(sorted(self.files.items())),
            "problems": [str(problem) for problem in self.problems],
            "notes": self.notes,
        }
        return (json.dumps(told, indent=2, ensure_ascii=False) + "\n").encode("utf-8", "replace")


def _topic(outline: Outline) -> dict[str, Any]:
    newest = outline.newest.astimezone(UTC).isoformat() if outline.newest else None
    return {"title": outline.title, "entries": outline.count, "newest": newest}


def counted(values: Iterable[str]) -> str:
    """How many of each there are: "1 kept, 3 written"."""
    return ", ".join(f"{number} {name}" for name, number in sorted(Counter(values).items()))
