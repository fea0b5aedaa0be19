"""Topics that come by themselves: one for each section or tag that enough entries have."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Protocol

from cleanfeed.config import short_hash, slug_of
from cleanfeed.model import Topic
from cleanfeed.text import fold, plain
from cleanfeed.topics import fold_label

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator

    from cleanfeed.keys import Auto


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
            label = labels[fold_label(spelling)]
            label.ids.add(card.id)
            label.spellings[spelling] += 1
    labels.pop("", None)
    return labels


def _spellings(card: Labelled, auto: Auto) -> Iterator[str]:
    if "section" in auto.by and card.section:
        yield card.section
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
