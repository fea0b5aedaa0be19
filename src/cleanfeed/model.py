"""What flows through a build: pages in, entries, topics and feeds out."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import timedelta

    from lxml import etree

T = TypeVar("T")

Kind = Literal["article", "video", "gallery", "audio", "opinion"]
Part = Literal["title", "summary", "content"]
ANY_SITE = "any"
"""The slug of the outlet of last resort, which no plugin may have."""
Stories = Literal["merge", "keep"]
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_NUMBER = re.compile(r"/([0-9]{1,18})$")


@dataclass(frozen=True, kw_only=True)
class Page:
    """One saved or fetched document, decoded; its views are made when first asked for, and once."""

    body: str
    kind: Literal["html", "text", "item"] = "html"
    """An "item" is an article that a feed carries whole; `cleanfeed.items` makes and reads it."""
    url: str | None = None
    """Where the page was had, if that is known."""
    retrieved: datetime | None = None
    """Aware. When the page was had: the sidecar's time, the archive's, the answer's, else the file's."""
    retrieved_known: bool = True
    """False where `retrieved` is no more than a file's modification time: no age is counted from it."""
    sections: frozenset[str] = frozenset()
    name: str = ""
    """The page as the user named it: a file, an address, "-"."""
    _views: dict[object, Any] = field(default_factory=dict, repr=False, compare=False)

    def view(self, key: object, make: Callable[[Page], T]) -> T:
        """What `make` makes of this page, made once and kept under `key`."""
        if key not in self._views:
            self._views[key] = make(self)
        found: T = self._views[key]
        return found

    @cached_property
    def tree(self) -> etree._Element:
        """The root element of the parsed document; an `UnreadablePage` beyond the parser's limits."""
        from cleanfeed.markup import parse  # noqa: PLC0415  # a page that is text is never parsed

        return parse(self.body, self.name)

    @cached_property
    def meta(self) -> Mapping[str, str]:
        """The `<meta>` values by name, property or itemprop, in lower case; the first of each counts."""
        from cleanfeed.landmarks import landmarks  # noqa: PLC0415  # see tree
        from cleanfeed.markup import meta_values  # noqa: PLC0415  # see tree

        return meta_values(landmarks(self)["meta"])

    @cached_property
    def json_ld(self) -> tuple[Mapping[str, Any], ...]:
        """The objects of all JSON-LD blocks, `@graph` opened; a broken or outsized block is left out."""
        from cleanfeed.landmarks import landmarks  # noqa: PLC0415  # see tree
        from cleanfeed.markup import json_ld_objects  # noqa: PLC0415  # see tree

        return json_ld_objects(landmarks(self)["script"])

    @cached_property
    def lines(self) -> tuple[str, ...]:
        """The lines of a plain-text capture, as they are."""
        return tuple(self.body.splitlines())


@dataclass(frozen=True, slots=True, kw_only=True)
class Enclosure:
    """A playable file that belongs to an entry."""

    url: str
    type: str
    length: int = 0
    """In bytes; 0 where it is not known (RSS 2.0 wants a number)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """Where else the story of an entry is told."""

    outlet: str
    """Its slug."""
    name: str = ""
    """Of the outlet."""
    url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A clean article. All times are aware; what a page does not say is `None` or `()`."""

    id: str
    """A `tag:` URI (RFC 4151), the same for all time."""
    outlet: str
    """The slug of its outlet."""
    title: str
    content: str
    """Clean HTML, safe to show; wrapped with `lang` and `dir` where it reads from right to left."""
    text: str = ""
    """The body alone: a paragraph, sub-head or list item per line, no captions."""
    language: str
    direction: Literal["ltr", "rtl"] = "ltr"
    url: str | None = None
    """The canonical address."""
    published: datetime | None = None
    updated: datetime | None = None
    """Only when later than `published`."""
    date_precision: Literal["day"] | None = None
    """"day" where the page gives a date without a time."""
    first_seen: datetime | None = None
    """When the page was first had; it orders an entry that has no date."""
    summary: str | None = None
    authors: tuple[str, ...] = ()
    source: str | None = None
    """The agency or publisher that the article credits."""
    section: str | None = None
    tags: tuple[str, ...] = ()
    image: str | None = None
    captions: tuple[str, ...] = ()
    enclosures: tuple[Enclosure, ...] = ()
    kind: str = "article"
    also_in: tuple[Copy, ...] = ()
    """In a feed: the other entries that tell the same story."""
    own_id: str | None = None
    """In a feed: its id, where the story is published under that of an entry that came before it."""

    @property
    def is_guess(self) -> bool:
        """Whether it was read without a recipe, from a site that no outlet claims."""
        return self.outlet == ANY_SITE

    @property
    def moment(self) -> datetime:
        """The time that orders the entry in a feed: never the time of the build.

        Where only the day of its publication is known, it is the hour of this day in which the page was
        first had, so that what comes later in the day stands above what came before.
        """
        if self.published is None:
            return self.first_seen or EPOCH
        if self.date_precision == "day" and self.first_seen is not None:
            seen = self.first_seen.astimezone(self.published.tzinfo)
            if seen.date() == self.published.date():
                return seen.replace(minute=0, second=0, microsecond=0)
        return self.published

    @property
    def changed(self) -> datetime:
        """The last known change, Atom's `updated`."""
        return self.updated or self.published or self.moment


def newest_first(moment: datetime, id_: str) -> tuple[timedelta, int, str]:
    """What sorts entries: by moment; of one moment those with the higher number of their outlet's first."""
    number = _NUMBER.search(id_)
    return EPOCH - moment, -int(number[1]) if number else 0, id_


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """What a feed is about: a rule over entries. Conditions of different kinds must all hold."""

    slug: str
    title: str
    description: str = ""
    everything: bool = False
    """Takes every entry; the only way to have no condition."""
    outlets: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    sections: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    """The section or a tag is one of these: for topics by themselves, which merge sections and tags."""
    kinds: tuple[str, ...] = ()
    any: tuple[str, ...] = ()
    """At least one of these words or phrases occurs."""
    all: tuple[str, ...] = ()
    none: tuple[str, ...] = ()
    parts: tuple[Part, ...] = ("title", "summary", "content")
    """Where words are looked for; `in` in the configuration."""
    since: datetime | None = None
    until: datetime | None = None
    """Not included."""
    limit: int = 50
    stories: Stories = "merge"
    """Whether entries that tell one story are one, or all are kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """What all feeds of one build share."""

    title: str
    base_url: str
    """Where the files will be published; ends with "/"."""
    outlets: Mapping[str, str]
    """Names of the outlets, by slug."""
    health: Mapping[str, str] = field(default_factory=dict)
    """How the outlets fare, by slug, in the words of `cleanfeed health`; none where nobody has asked."""
    republishers: frozenset[str] = frozenset()
    """The slugs of outlets that publish what others have written."""
    has_health: bool = False
    """Whether `health.html` lies beside the feeds."""
    icons: Mapping[str, str] = field(default_factory=dict)
    """Addresses of the outlets' icons, by slug."""
    every_minutes: int = 60
    """How often the feeds are worth asking for."""
    hub: str | None = None
    """The address of the WebSub hub that tells subscribers of changes."""
    ids: Literal["shared", "per-feed"] = "shared"
    """Whether an entry has one id in all feeds, or an own one in each."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """A topic with its entries, newest first, ready to be written."""

    topic: Topic
    entries: tuple[Entry, ...]
    language: str = "en"
    direction: Literal["ltr", "rtl"] = "ltr"

    @property
    def updated(self) -> datetime:
        """The newest change among the entries; a fixed time for a feed without any."""
        return max((entry.changed for entry in self.entries), default=EPOCH)


@dataclass(frozen=True, slots=True, kw_only=True)
class Chain:
    """Where a document stands in the past of its feed (RFC 5005): the feed itself, or an archive."""

    number: int | None = None
    """The archive's, from 1, the oldest; `None` for the feed itself."""
    previous: int | None = None
    """The archive before it."""
    next: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Headline:
    title: str
    url: str | None
    language: str
    direction: Literal["ltr", "rtl"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outline:
    """A feed in a few words: what an index says of it, also when its entries are long gone."""

    slug: str
    title: str
    description: str
    count: int
    newest: datetime | None
    """The time of the newest entry; `None` where no entry has one."""
    language: str
    direction: Literal["ltr", "rtl"]
    headlines: tuple[Headline, ...]
    """The newest few."""
    outlets: tuple[str, ...]
    """The slugs of the outlets that it has entries of."""
