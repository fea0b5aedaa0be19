"""All stories of a build: which entries are one, and what the feeds show of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING

from cleanfeed.stories.choice import Outlets, ranked
from cleanfeed.stories.clusters import Item, clusters
from cleanfeed.stories.leads import Lead, leads

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from cleanfeed.shelf import Card
    from cleanfeed.stories.clusters import Link
    from cleanfeed.stories.signature import Signature


@dataclass(frozen=True, slots=True)
class Story:
    """Entries that tell one story, or one entry."""

    lead: Lead
    members: tuple[Card, ...]
    """The one to show first."""
    links: tuple[Link, ...] = ()
    """Which members were found to be copies, and how much they share."""

    @property
    def id(self) -> str:
        """What it is published under."""
        return self.lead.id


@dataclass(frozen=True, slots=True)
class Told:
    """A story in one topic: the entry that is shown, and the others."""

    id: str
    shown: Card
    copies: tuple[Card, ...] = ()


@dataclass(frozen=True, slots=True)
class Stories:
    """The stories that the entries of a build tell."""

    by_entry: Mapping[str, Story] = field(default_factory=lambda: MappingProxyType({}))
    outlets: Outlets = field(default_factory=Outlets)

    @classmethod
    def of(
        cls,
        cards: Mapping[str, Card],
        signature: Callable[[Card], Signature],
        outlets: Outlets,
        known: Mapping[str, Lead],
    ) -> Stories:
        """The stories of these entries, the same in whatever order they come.

        `known` are the leads that entries have been published under before, by id.
        """
        items = (Item(card.id, card.outlet, card.moment, card.sketch) for card in cards.values())
        before = {id_: lead.id for id_, lead in known.items()}
        found = clusters(items, lambda id_: signature(cards[id_]), before)
        copies = frozenset().union(*found.members)
        groups = [*found.members, *(frozenset([id_]) for id_ in cards if id_ not in copies)]
        members = [ranked((cards[id_] for id_ in group), outlets) for group in groups]
        links = _links_of(found.links, found.members)
        stories = (
            Story(lead, tuple(each), tuple(links.get(each[0].id, ())))
            for lead, each in zip(leads(members, known), members, strict=True)
        )
        return cls({card.id: story for story in stories for card in story.members}, outlets)

    @property
    def copies(self) -> int:
        """How many entries are merged with another one."""
        return len(self.by_entry) - len({story.id for story in self.by_entry.values()})

    def story(self, card: Card) -> Story:
        """What an entry tells: where stories are kept apart, a story of its own."""
        return self.by_entry.get(card.id) or Story(Lead(card.seen, card.id), (card,))

    def id_of(self, entry: str) -> str:
        """What the story of an entry is published under, by the entry's id."""
        story = self.by_entry.get(entry)
        return story.id if story else entry

    def tell(self, cards: Iterable[Card]) -> Iterator[Told]:
        """What a topic shows that takes these entries: each story once, by the best of them."""
        seen = set()
        taken = {card.id: card for card in cards}
        for card in taken.values():
            story = self.story(card)
            if story.id not in seen:
                seen.add(story.id)
                yield self._told(story, taken)

    def _told(self, story: Story, taken: Mapping[str, Card]) -> Told:
        if len(story.members) == 1:
            return Told(story.id, story.members[0])
        fitting = ranked((card for card in story.members if card.id in taken), self.outlets)
        others = (card for card in story.members if card is not fitting[0])
        return Told(story.id, fitting[0], tuple(others))


def _links_of(links: Iterable[Link], groups: Iterable[frozenset[str]]) -> Mapping[str, list[Link]]:
    """The links within each group, under each of its ids."""
    home = {id_: group for group in groups for id_ in group}
    found: dict[str, list[Link]] = {}
    for link in links:
        if link.one in home and link.other in home[link.one]:
            for id_ in home[link.one]:
                found.setdefault(id_, []).append(link)
    return found
