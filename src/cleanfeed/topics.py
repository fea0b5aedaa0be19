"""Rules that put entries into topics."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Protocol

from cleanfeed.config import short_hash, slug_of
from cleanfeed.model import Topic
from cleanfeed.text import fold, plain
from cleanfeed.words import Word

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator
    from datetime import datetime

    from cleanfeed.keys import Auto
    from cleanfeed.model import Entry, Part

_PARTS: tuple[Part, ...] = ("title", "summary", "content")

# Sections and tags come back in page after page.
_fold_label = lru_cache(maxsize=4096)(fold)


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


def explain(topic: Topic, entry: Entry) -> Verdict:
    """Why this entry is, or is not, in this topic."""
    return matcher(topic).explain(Folded(entry))


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
        ("section", topic.sections, _fold_label, _sections),
        ("tag", topic.tags, _fold_label, lambda entry: entry.tags),
        ("section or tag", topic.labels, _fold_label, lambda entry: (*_sections(entry), *entry.tags)),
    )
    for name, wanted, folded, values in facts:
        if wanted:
            yield _among(name, wanted, folded, values)


def _primary(language: str) -> str:
    """Its primary subtag (RFC 5646): "ar" of "ar-LB"."""
    return language.partition("-")[0].lower()


def _sections(entry: Labelled) -> tuple[str, ...]:
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


class Labelled(Protocol):
    """What topics by themselves need of an entry; a record without its content will do."""

    @property
    def id(self) -> str: ...
    @property
    def section(self) -> str | None: ...
    @property
    def tags(self) -> tuple[str, ...]: ...


@dataclass(frozen=True, slots=True)
class AutoTopic:
    topic: Topic
    ids: tuple[str, ...]
    """Of all its entries, sorted."""


@dataclass(frozen=True, slots=True)
class AutoTopics:
    found: tuple[AutoTopic, ...]
    """In the order of their folded titles."""
    left_out: tuple[str, ...]
    """Titles whose files a topic of the configuration already has."""


@dataclass(slots=True)
class _Label:
    """A section or tag in all its spellings."""

    ids: set[str] = field(default_factory=set)
    spellings: Counter[str] = field(default_factory=Counter)

    @property
    def title(self) -> str:
        return min(self.spellings, key=lambda spelling: (-self.spellings[spelling], spelling))


def auto_topics(
    cards: Iterable[Labelled],
    auto: Auto,
    taken: Collection[str],
    one: Callable[[str], str] = lambda id_: id_,
    title_of: Callable[[str], str | None] = lambda _slug: None,
) -> AutoTopics:
    """A topic for each section or tag with enough entries, whatever the order in which these come.

    Spellings that fold alike are one label, and so are a section and a tag of one name. `taken` are the
    slugs of the configured topics, which win. Entries of which `one` gives the same are counted as one.
    `title_of` gives the title of the feed that has a slug's file name already: no other label takes it over.
    """
    labels = {
        name: label
        for name, label in _labels(cards, auto).items()
        if len(set(map(one, label.ids))) >= auto.at_least
    }
    slugs = _slugs(sorted(labels), taken, title_of)
    found = tuple(
        AutoTopic(_topic_of(labels[name].title, slug, auto), tuple(sorted(labels[name].ids)))
        for name, slug in slugs.items()
        if slug not in taken
    )
    return AutoTopics(found, tuple(labels[name].title for name, slug in slugs.items() if slug in taken))


def _slugs(
    names: Iterable[str], taken: Collection[str], title_of: Callable[[str], str | None]
) -> dict[str, str]:
    """A slug for each label: its own, or with what tells it from others where another has that one."""
    owners: dict[str, str] = {}
    given: set[str] = set()
    slugs: dict[str, str] = {}
    for name in names:
        slug = slug_of(name)
        if slug not in owners:
            owners[slug] = _as_published(title_of(slug) or name)
        is_own = slug not in given and owners[slug] == _as_published(name)
        slugs[name] = slug if is_own or slug in taken else f"{slug[:51]}-{short_hash(name)}"
        given.add(slugs[name])
    return slugs


def _as_published(label: str) -> str:
    """What a label and the title of its feed have in common, however that was cleaned and cut."""
    return fold(plain(label))[:60]


def _labels(cards: Iterable[Labelled], auto: Auto) -> dict[str, _Label]:
    labels: dict[str, _Label] = defaultdict(_Label)
    for card in cards:
        for spelling in _spellings(card, auto):
            label = labels[_fold_label(spelling)]
            label.ids.add(card.id)
            label.spellings[spelling] += 1
    labels.pop("", None)
    return labels


def _spellings(card: Labelled, auto: Auto) -> Iterator[str]:
    if "section" in auto.by:
        yield from _sections(card)
    if "tag" in auto.by:
        yield from card.tags


def _topic_of(title: str, slug: str, auto: Auto) -> Topic:
    """A topic that takes the very entries that were counted."""
    topic = Topic(slug=slug, title=title, limit=auto.limit, stories=auto.stories)
    if "tag" not in auto.by:
        return replace(topic, sections=(title,))
    if "section" not in auto.by:
        return replace(topic, tags=(title,))
    return replace(topic, labels=(title,))
