"""WordPress's REST answers as listings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cleanfeed.items import Item
from cleanfeed.sources.cards import MOST_ITEMS, Card, Given, Sheet, sections_of, title_of
from cleanfeed.sources.feedlist import card, words

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


def read_posts(posts: list[Any], given: Given) -> Sheet:
    return Sheet("wordpress", [_card(post, given) for post in posts[:MOST_ITEMS] if isinstance(post, dict)])


def _card(post: Mapping[str, Any], given: Given) -> Card:
    content = post.get("content")
    # An article behind a password is rendered without its text.
    is_open = isinstance(content, dict) and not content.get("protected")
    told = Item(
        title=title_of(_rendered(post, "title")),
        content=_rendered(post, "content") if is_open else "",
        authors=tuple(_names(post, "author")),
        published=given.moment(words(post.get("date_gmt"))),
        updated=given.moment(words(post.get("modified_gmt"))),
        tags=sections_of(_names(post, "wp:term")),
    )
    return card(tuple(filter(None, (words(post.get("link")),))), told)


def _rendered(post: Mapping[str, Any], name: str) -> str:
    field = post.get(name)
    return words(field.get("rendered")) if isinstance(field, dict) else words(field)


def _names(post: Mapping[str, Any], kind: str) -> Iterator[str]:
    """The names of the things of a kind that were embedded: terms come in lists of lists."""
    embedded = post.get("_embedded")
    found = embedded.get(kind) if isinstance(embedded, dict) else None
    for each in found if isinstance(found, list) else []:
        for thing in each if isinstance(each, list) else [each]:
            if isinstance(thing, dict) and words(thing.get("name")):
                yield words(thing["name"])
