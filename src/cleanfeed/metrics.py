"""What a build did, as a text file of Prometheus metrics."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cleanfeed.report import FIELDS, broken
from cleanfeed.text import safe_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import datetime

    from cleanfeed.report import OutletCount, Report

Sample = tuple[dict[str, str], float]

_HELP: Final = {
    "build_timestamp_seconds": "When the last build that wrote this file ended, in seconds since 1970.",
    "build_duration_seconds": "How long it took.",
    "build_status": "Its exit status: 0 fine, 1 done with problems.",
    "build_problems": "How many problems it named.",
    "requests": "Requests that the build made, by host.",
    "outlet_pages": "Pages of the outlet that were read.",
    "outlet_entries": "Entries that they gave.",
    "outlet_refused": "Pages that gave no entry.",
    "outlet_healthy": "1 if the outlet is well, 0 if it cannot be had or has changed its pages.",
    "outlet_newest_timestamp_seconds": "When the newest entry was published, in seconds since 1970.",
    "outlet_field_fill_ratio": "The part of the entries that have a value in this field, 0 to 1.",
    "topic_entries": "Entries in the topic's feed.",
    "topic_newest_timestamp_seconds": "When its newest entry was published, in seconds since 1970.",
}


def textfile(report: Report, *, newest: Mapping[str, datetime] | None = None) -> bytes:
    """The metrics of a build that has just ended, in the text format that Prometheus reads.

    `newest` is the time of the newest entry by outlet, for those of which it is known.
    """
    families = _build(report) | _outlets(report, newest or {}) | _topics(report)
    lines = (line for name, samples in families.items() for line in _family(name, list(samples)))
    return "".join(lines).encode("utf-8", "replace")


def _build(report: Report) -> dict[str, Iterable[Sample]]:
    seconds = report.seconds
    return {
        "build_timestamp_seconds": [({}, round(report.started.timestamp() + seconds, 3))],
        "build_duration_seconds": [({}, round(seconds, 3))],
        "build_status": [({}, 1 if report.problems else 0)],
        "build_problems": [({}, len(report.problems))],
        "requests": _by("host", dict(sorted(report.requests.items()))),
    }


def _outlets(report: Report, newest: Mapping[str, datetime]) -> dict[str, Iterable[Sample]]:
    counts = {slug: report.outlets[slug] for slug in sorted(report.outlets)}
    ill = broken(report)
    return {
        "outlet_pages": _by("outlet", {slug: count.pages for slug, count in counts.items()}),
        "outlet_entries": _by("outlet", {slug: count.entries for slug, count in counts.items()}),
        "outlet_refused": _by("outlet", {slug: len(count.refused) for slug, count in counts.items()}),
        "outlet_healthy": _by("outlet", {slug: int(slug not in ill) for slug in sorted({*counts, *ill})}),
        "outlet_newest_timestamp_seconds": _times("outlet", newest),
        "outlet_field_fill_ratio": _fill_rates(counts),
    }


def _topics(report: Report) -> dict[str, Iterable[Sample]]:
    newest = {each.slug: each.newest for each in report.outlines if each.newest}
    return {
        "topic_entries": _by("topic", {each.slug: each.count for each in report.outlines}),
        "topic_newest_timestamp_seconds": _times("topic", newest),
    }


def _by(label: str, values: Mapping[str, float]) -> list[Sample]:
    return [({label: name}, value) for name, value in values.items()]


def _times(label: str, moments: Mapping[str, datetime]) -> list[Sample]:
    return _by(label, {name: round(moments[name].timestamp()) for name in sorted(moments)})


def _fill_rates(counts: Mapping[str, OutletCount]) -> Iterator[Sample]:
    for slug, count in counts.items():
        for field in FIELDS if count.entries else ():
            yield {"outlet": slug, "field": field}, round(count.filled[field] / count.entries, 3)


def _family(name: str, samples: list[Sample]) -> Iterator[str]:
    return family(name, _HELP[name], "gauge", samples)


def family(name: str, about: str, kind: str, samples: Iterable[Sample]) -> Iterator[str]:
    """The lines of one metric of ours; none where it has no samples."""
    samples = list(samples)
    if samples:
        yield f"# HELP cleanfeed_{name} {about}\n"
        yield f"# TYPE cleanfeed_{name} {kind}\n"
    for labels, value in samples:
        told = ",".join(f'{label}="{_escaped(text)}"' for label, text in labels.items())
        yield f"cleanfeed_{name}{f'{{{told}}}' if told else ''} {_number(value)}\n"


_ESCAPES: Final = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n"})


def _escaped(text: str) -> str:
    return safe_text(text).translate(_ESCAPES)


def _number(value: float) -> str:
    return str(int(value)) if value == int(value) else repr(value)
