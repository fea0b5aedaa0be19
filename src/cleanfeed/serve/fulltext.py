"""A feed of an outlet with whole clean articles in it, from the feed's own address."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from cleanfeed.errors import FetchError
from cleanfeed.model import Entry
from cleanfeed.refill.refill import refill
from cleanfeed.serve.files import File
from cleanfeed.serve.recast import recast

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cleanfeed.errors import PageError
    from cleanfeed.lookup.lookup import Lookup
    from cleanfeed.refill.refill import Look

MOST = 500
"""Articles of one feed."""
_SOME = 4
"""Articles that are looked up between two looks at the clock."""
_LINK = re.compile(r"</?a(?:\s[^<>]*)?>", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What somebody wants of a feed."""

    address: str
    most: int = 100
    """Entries that get their whole article, the first ones."""
    form: Literal["rss", "json"] | None = None
    """As the feed is, unless named."""
    links: Literal["preserve", "remove"] = "preserve"


def made(lookup: Lookup, wish: Wish, until: float) -> File:
    """The feed; a `FetchError` or `ListingError` where there is none.

    Articles that cannot be had before `until`, in monotonic time, stay as the feed has them.
    """
    answer = lookup.original(wish.address)
    filled = refill(answer.body, _patient(lookup, wish, until), name=wish.address, most=wish.most)
    content, media_type = recast(filled.data, wish.form, wish.address)
    return File(content=content, media_type=media_type, changed=time.time())


def _patient(lookup: Lookup, wish: Wish, until: float) -> Look:
    def look(addresses: Sequence[str]) -> Iterator[tuple[str, Entry | PageError]]:
        for start in range(0, len(addresses), _SOME):
            some = addresses[start : start + _SOME]
            if time.monotonic() < until:
                yield from ((address, _as_wished(found, wish)) for address, found in lookup.entries(some))
            else:
                yield from ((address, FetchError(address, "could not be had in time")) for address in some)

    return look


def _as_wished(found: Entry | PageError, wish: Wish) -> Entry | PageError:
    if wish.links == "remove" and isinstance(found, Entry):
        return replace(found, content=_LINK.sub("", found.content))
    return found
