"""What a build did: counted per outlet and topic, every problem named."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from time import monotonic
from typing import TYPE_CHECKING, Any

from cleanfeed.errors import (
    CleanfeedError,
    NotAnArticle,
    PageError,
    PublishError,
    SilentOutlet,
    TroubledOutlet,
)
from cleanfeed.publish import publish, sync_folder

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from cleanfeed.health.judge import Finding
    from cleanfeed.model import Entry, Outline
    from cleanfeed.sources.discovery import Tried

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
    visit: dict[str, int] = field(default_factory=dict)
    """Where the pages came from the web: how many were new, asked for, unchanged and missed."""

    def as_dict(self) -> dict[str, Any]:
        rates = {name: round(self.filled[name] / self.entries, 3) for name in FIELDS} if self.entries else {}
        refused = [{"page": page, "reason": reason} for page, reason in self.refused.items()]
        counts = {"pages": self.pages, "entries": self.entries, **self.visit}
        return {**counts, "refused": refused, "fields": rates}


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
    copies: int = 0
    """Entries that tell the story of another one."""
    findings: list[Finding] = field(default_factory=list)
    """What is wrong with outlets' pages."""
    listings: dict[str, list[Tried]] = field(default_factory=dict)
    """What became of the listings that were read, by outlet."""
    requests: dict[str, int] = field(default_factory=dict)
    """What went out, by host."""
    withdrawn: list[str] = field(default_factory=list)
    """Addresses of known articles that are gone since the last build."""
    started: datetime = field(default_factory=lambda: datetime.now(UTC))
    _clock: float = field(default_factory=monotonic)

    @property
    def seconds(self) -> float:
        """Since the build began."""
        return monotonic() - self._clock

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

    def as_json(self) -> bytes:
        told = {
            "started": self.started.isoformat(timespec="seconds"),
            "seconds": round(self.seconds, 3),
            "outlets": {slug: self.outlets[slug].as_dict() for slug in sorted(self.outlets)},
            "unrecognised": [{"page": page, "reason": reason} for page, reason in self.unknown.items()],
            "duplicates": self.duplicates,
            "copies": self.copies,
            "topics": {each.slug: _topic(each) for each in self.outlines},
            "files": dict(sorted(self.files.items())),
            "problems": [str(problem) for problem in self.problems],
            "notes": self.notes,
        }
        told |= self._from_the_web()
        return (json.dumps(told, indent=2, ensure_ascii=False) + "\n").encode("utf-8", "replace")

    def _from_the_web(self) -> dict[str, Any]:
        listings = {
            slug: [
                {"address": each.address, "works": each.ok, "reason": each.reason, "links": each.links}
                for each in tried
            ]
            for slug, tried in sorted(self.listings.items())
        }
        findings = [
            {
                name: getattr(each, name)
                for name in ("outlet", "what", "field", "selector", "sample", "message")
            }
            for each in self.findings
        ]
        return {
            "findings": findings,
            "listings": listings,
            "withdrawn": self.withdrawn,
            "requests": dict(sorted(self.requests.items())),
        }


def _topic(outline: Outline) -> dict[str, Any]:
    newest = outline.newest.astimezone(UTC).isoformat() if outline.newest else None
    return {"title": outline.title, "entries": outline.count, "newest": newest}


def broken(report: Report) -> set[str]:
    """The outlets with which something is wrong: their pages have changed, or cannot be had."""
    named = {error.outlet for error in report.problems if isinstance(error, SilentOutlet | TroubledOutlet)}
    return named | {finding.outlet for finding in report.findings}


def counted(values: Iterable[str]) -> str:
    """How many of each there are: "1 kept, 3 written"."""
    return ", ".join(f"{number} {name}" for name, number in sorted(Counter(values).items()))


def put(path: Path, content: bytes, report: Report) -> None:
    """Publishes one file; one that cannot be written is a problem, and the others go on."""
    try:
        report.files[path.name] = publish(path, content)
    except PublishError as error:
        report.problems.append(error)


def publish_report(folder: Path, report: Report) -> None:
    """Ends a build. The report does not count itself: it tells the time, so it changes with every build."""
    try:
        publish(folder / "report.json", report.as_json())
    except PublishError as error:
        report.problems.append(error)
    sync_folder(folder)
