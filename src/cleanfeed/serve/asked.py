"""The address that a request is about, encoded, bare or escaped as HTML, and the parameters beside it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html import unescape
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, unquote

if TYPE_CHECKING:
    from collections.abc import Mapping

OWN = ("format", "links", "max", "token")
"""What the server itself understands, beside the address."""
_URL = re.compile(r"(?:^|&)(?:amp;)?url=")
_BARE = re.compile(r"https?://", re.IGNORECASE)
_OURS = re.compile(rf"&(?:amp;)?(?=(?:{'|'.join(OWN)})=)")
_ESCAPED = re.compile(r"&(?:amp|lt|gt|quot|apos|#0*(?:34|38|39|60|62)|#[xX]0*(?:22|26|27|3[cCeE]));")
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
        address = plain_address(unquote(value.replace("+", " ")))
        return Asked(address=address, parameters=_parameters(f"{before}&{rest}"))
    ours = _OURS.search(after)
    if ours and "?" not in after[: ours.start()]:
        after, rest = after[: ours.start()], after[ours.end() :]
        return Asked(address=plain_address(after), parameters=_parameters(f"{before}&{rest}"))
    return Asked(address=plain_address(after), parameters=_parameters(before))


def plain_address(text: str) -> str:
    """The address as it was before it was escaped as HTML; `&copy=1` is a parameter, and no sign."""
    return _ESCAPED.sub(lambda mark: unescape(mark[0]), text.strip())


def _parameters(text: str) -> dict[str, str]:
    """The first of each."""
    pairs = parse_qsl(text[:8000].replace("&amp;", "&"), keep_blank_values=True)[:_MOST]
    return dict(reversed(pairs))
