"""Rules that put entries into topics."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING

from cleanfeed.text import fold
from cleanfeed.words import Word

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from datetime import datetime

    from cleanfeed.model import Entry, Part, Topic

_PARTS: tuple[Part, ...] = ("title", "summary", "content")

# Sections and tags come back in page after page.
fold_label = lru_cache(maxsize=4096)(fold)


class Folded:
    """An entry as words are compared; each part is folded when first asked for, and once for all topics."""

    __slots__ = ("_parts", "entry")

    def __init__(self, entry: Entry) -> None:
        self.entry = entry
        self._parts: dict[Part, str] = {}

    def part(self, name: Part) -> str:
        if name not in self._parts:
            self._parts[name] = fold(_PART[name](self.entry))
        return self._parts[name]


_PART: dict[Part, Callable[[Entry], str]] = {
    "title": lambda entry: entry.title,
    "summary": lambda entry: entry.summary or "",
    "content": lambda entry: entry.text,
}


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether an entry is in a topic, and why: every condition that holds, or each that does not."""

    matches: bool
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Condition:
    holds: Callable[[Folded], bool]
    tell: Callable[[Folded], str]
    """Why it holds, or why not; asked for only by `explain`."""


@dataclass(frozen=True, slots=True)
class Matcher:
    """A topic's rule, compiled; call it with an entry to hear whether the entry is in the topic."""

    topic: Topic
    _conditions: tuple[_Condition, ...] = field(repr=False)

    def __call__(self, seen: Folded) -> bool:
        return all(condition.holds(seen) for condition in self._conditions)

    def explain(self, seen: Folded) -> Verdict:
        failed = tuple(c.tell(seen) for c in self._conditions if not c.holds(seen))
        if failed:
            return Verdict(matches=False, reasons=failed)
        held = tuple(c.tell(seen) for c in self._conditions)
        return Verdict(matches=True, reasons=held or ("the topic takes everything",))


def matcher(topic: Topic) -> Matcher:
    """The topic's rule, ready for many entries."""
    return Matcher(topic, tuple(_conditions(topic)))


def _conditions(topic: Topic) -> Iterator[_Condition]:
    """The cheap ones first: content is folded only for an entry that passed the others."""
    yield from _facts(topic)
    if topic.since:
        yield _since(topic.since)
    if topic.until:
        yield _until(topic.until)
    parts = tuple(part for part in _PARTS if part in topic.parts)
    for rule, words, enough in (("any", topic.any, any), ("all", topic.all, all), ("none", topic.none, _no)):
        if words:
            yield _worded(rule, words, parts, enough)


def _facts(topic: Topic) -> Iterator[_Condition]:
    facts: tuple[tuple[str, tuple[str, ...], Callable[[str], str], Callable[[Entry], Iterable[str]]], ...] = (
        ("outlet", topic.outlets, str, lambda entry: (entry.outlet,)),
        ("language", topic.languages, _primary, lambda entry: (entry.language,)),
        ("kind", topic.kinds, str, lambda entry: (entry.kind,)),
        ("section", topic.sections, fold_label, _sections),
        ("tag", topic.tags, fold_label, lambda entry: entry.tags),
        ("section or tag", topic.labels, fold_label, lambda entry: (*_sections(entry), *entry.tags)),
    )
    for name, wanted, folded, values in facts:
        if wanted:
            yield _among(name, wanted, folded, values)


def _primary(language: str) -> str:
    """Its primary subtag (RFC 5646): "ar" of "ar-LB"."""
    return language.partition("-")[0].lower()


def _sections(entry: Entry) -> tuple[str, ...]:
    return (entry.section,) if entry.section else ()


def _among(
    name: str,
    wanted: tuple[str, ...],
    folded: Callable[[str], str],
    values: Callable[[Entry], Iterable[str]],
) -> _Condition:
    allowed = frozenset(map(folded, wanted))

    def holds(seen: Folded) -> bool:
        return any(folded(value) in allowed for value in values(seen.entry))

    def tell(seen: Folded) -> str:
        has = tuple(values(seen.entry))
        fit = [value for value in has if folded(value) in allowed]
        if fit:
            return f"{name} is {_listed(fit, 'and')}"
        found = f"{name} is {_listed(has, 'and')}" if has else f"no {name}"
        return f"{found}, not {_listed(wanted, 'or')}"

    return _Condition(holds, tell)


def _dated(entry: Entry) -> datetime | None:
    return entry.published or entry.first_seen


def _since(start: datetime) -> _Condition:
    def holds(seen: Folded) -> bool:
        date = _dated(seen.entry)
        return date is not None and date >= start

    return _Condition(holds, lambda seen: f"{_date_of(seen.entry)}, since is {start.isoformat()}")


def _until(end: datetime) -> _Condition:
    def holds(seen: Folded) -> bool:
        date = _dated(seen.entry)
        return date is not None and date < end

    return _Condition(holds, lambda seen: f"{_date_of(seen.entry)}, until is {end.isoformat()}")


def _date_of(entry: Entry) -> str:
    date = _dated(entry)
    return f"dated {date.isoformat()}" if date else "no date"


def _worded(
    rule: str, spelt: tuple[str, ...], parts: tuple[Part, ...], enough: Callable[[Iterable[bool]], bool]
) -> _Condition:
    words = tuple(map(Word.of, spelt))

    def places(word: Word, seen: Folded) -> Iterator[Part]:
        return (part for part in parts if word.occurs(seen.part(part)))

    def holds(seen: Folded) -> bool:
        return enough(any(places(word, seen)) for word in words)

    def tell(seen: Folded) -> str:
        found = {word.spelt: " and ".join(places(word, seen)) for word in words}
        missing = [spelt for spelt, where in found.items() if not where]
        if len(missing) == len(found) or (rule == "all" and missing):
            return f"{rule}: no {_listed(missing, 'or')} in {' or '.join(parts)}"
        return f"{rule}: " + ", ".join(f'"{spelt}" in {where}' for spelt, where in found.items() if where)

    return _Condition(holds, tell)


def _no(hits: Iterable[bool]) -> bool:
    return not any(hits)


def _listed(values: Iterable[str], joint: str) -> str:
    return f" {joint} ".join(f'"{value}"' for value in values)
