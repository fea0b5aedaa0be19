"""What is told of a story to whoever asks why an entry is shown, or is not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cleanfeed.stories.choice import why

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cleanfeed.shelf import Card
    from cleanfeed.stories.stories import Stories, Story


def about(card: Card, stories: Stories) -> Iterator[str]:
    """The entries of its story, a line each, and why they are one; nothing for an entry alone."""
    story = stories.story(card)
    if len(story.members) == 1:
        if story.id != card.id:
            yield f"published as {story.id}, the id of an entry that came before it"
        return
    shown, *copies = story.members
    yield f"one story in {len(story.members)} entries, published as {story.id}"
    yield f"the original: {_named(shown)}"
    for copy in copies:
        yield f"a copy: {_named(copy)}: {_shared(copy, story)}; {why(shown, copy, stories.outlets)}"


def _named(card: Card) -> str:
    return f"{card.outlet}, {card.url}" if card.url and card.url != card.id else f"{card.outlet}, {card.id}"


def _shared(card: Card, story: Story) -> str:
    """The strongest of its links: what it is most alike to."""
    links = [link for link in story.links if card.id in {link.one, link.other}]
    best = max(links, key=lambda link: (link.share, link.one, link.other))
    other = next(each for each in story.members if each.id in {best.one, best.other} and each is not card)
    return f"{best.share:.0%} of the shorter text is also in that of {other.outlet}"
