"""The address that a request is about, encoded, bare or escaped as HTML, and the parameters beside it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, unquote

from cleanfeed.addresses import as_meant

if TYPE_CHECKING:
    from collections.abc import Mapping

OWN = ("format", "links", "max", "token")
"""What the server itself understands, beside the address."""
_URL = re.compile(r"(?:^|&)(?:amp;)?url=")
_BARE = re.compile(r"https?://", re.IGNORECASE)
_OURS = re.compile(rf"&(?:amp;)?(?=(?:{'|'.join(OWN)})=)")
_MOST = 50
"""Parameters that are looked at."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a query asks for."""

    address: str = ""
    parameters: Mapping[str, str] = field(default_factory=dict)


def asked(query: bytes) -> Asked:
    """What a query asks for.

    An address that is not encoded runs from `url=` to the end, for its own query may hold anything; where it
    has none, the server's own parameters may follow it.
    """
    text = query.decode("utf-8", "replace")
    found = _URL.search(text)
    if found is None:
        return Asked(parameters=_parameters(text))
    before, after = text[: found.start()], text[found.end() :]
    if not _BARE.match(after):
        value, _, rest = after.partition("&")
        address = as_meant(unquote(value.replace("+", " ")))
        return Asked(address=address, parameters=_parameters(f"{before}&{rest}"))
    ours = _OURS.search(after)
    if ours and "?" not in after[: ours.start()]:
        after, rest = after[: ours.start()], after[ours.end() :]
        return Asked(address=as_meant(after), parameters=_parameters(f"{before}&{rest}"))
    return Asked(address=as_meant(after), parameters=_parameters(before))


def _parameters(text: str) -> dict[str, str]:
    """The first of each."""
    pairs = parse_qsl(text[:8000].replace("&amp;", "&"), keep_blank_values=True)[:_MOST]
    return dict(reversed(pairs))
