"""What a page shows of an entry, and what its entries can be filtered by."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, Any, NamedTuple

from cleanfeed.feeds.caps import description
from cleanfeed.feeds.frame import stamp
from cleanfeed.feeds.fulltext import full_texts
from cleanfeed.feeds.names import outlet_name
from cleanfeed.feeds.words import LANGUAGES, Words, words_for
from cleanfeed.text import cut, fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from cleanfeed.model import Entry, Site

_SUMMARY_LIMIT = 400
_NAMES = 3


class Filter(NamedTuple):
    """A choice among what the cards of a page have."""

    name: str
    label: str
    every: str
    options: tuple[tuple[str, str], ...]
    """Value and label, by label."""


def filters(found: Iterable[tuple[str, Iterable[tuple[str, str]]]], words: Words) -> list[Filter]:
    """The choices that there are: of names with their pairs of value and label, those with more than one."""
    made = []
    for name, pairs in found:
        labels: dict[str, str] = {}
        for value, label in pairs:
            labels.setdefault(value, label)
        if len(labels) > 1:
            options = sorted(labels.items(), key=lambda pair: (fold(pair[1]), pair[0]))
            made.append(Filter(name, *words.filters[name], tuple(options)))
    return made


def language_name(language: str) -> str:
    """What the language calls itself, else its tag."""
    name = LANGUAGES.get(language.partition("-")[0].lower())
    region = language.partition("-")[2]
    return f"{name} ({region})" if name and region else name or language


def entry_filters(entries: Sequence[Entry], site: Site, words: Words) -> list[Filter]:
    """The choices among entries."""
    return filters(
        (
            ("outlet", [(entry.outlet, outlet_name(entry.outlet, site)) for entry in entries]),
            ("language", [(entry.language, language_name(entry.language)) for entry in entries]),
            ("section", [(fold(entry.section), entry.section) for entry in entries if entry.section]),
            ("kind", [(entry.kind, words.kinds.get(entry.kind, entry.kind)) for entry in entries]),
        ),
        words,
    )


def cards(entries: Sequence[Entry], site: Site, chosen_by: Iterable[str]) -> list[dict[str, Any]]:
    """The entries as a page shows them; `chosen_by` are the names of its filters."""
    names = frozenset(chosen_by)
    abouts = [cut(description(entry), _SUMMARY_LIMIT) for entry in entries]
    texts = full_texts(entries, abouts)
    return [
        {**_card(entry, about, site), "text": text, "chosen": _chosen(entry, names)}
        for entry, about, text in zip(entries, abouts, texts, strict=True)
    ]


def _chosen(entry: Entry, names: frozenset[str]) -> dict[str, str]:
    values = {
        "outlet": entry.outlet,
        "language": entry.language,
        "section": fold(entry.section or ""),
        "kind": entry.kind,
    }
    return {name: value for name, value in values.items() if name in names and value}


def _card(entry: Entry, about: str, site: Site) -> dict[str, Any]:
    words = words_for(entry.language)
    credited = (entry.source,) if entry.source and entry.source not in entry.authors else ()
    return {
        "id": f"e{sha256(entry.id.encode()).hexdigest()[:12]}",
        "title": entry.title,
        "url": entry.url,
        "summary": about if about != entry.title else None,
        "image": entry.image,
        "outlet": outlet_name(entry.outlet, site),
        "section": entry.section,
        "kind": words.kinds.get(entry.kind, entry.kind) if entry.kind != "article" else None,
        "published": stamp(entry.published, entry.date_precision) if entry.published else None,
        "byline": (*entry.authors[:_NAMES], *credited),
        "unsaid": "\n".join((*entry.tags, *entry.authors[_NAMES:])),
        "language": entry.language,
        "direction": entry.direction,
        "also_in": [{"name": copy.name, "url": copy.url} for copy in entry.also_in],
        "words": words,
    }
