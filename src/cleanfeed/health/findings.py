"""What can be wrong with an outlet's pages, in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

What = Literal[
    "silent", "blocked", "walls", "drop", "short", "same", "field", "selector", "stale", "unreachable"
]


def kept(outlet: str) -> str:
    """What becomes of an outlet whose new entries are not taken."""
    return f"the last good entries stay, unless a build with --accept {outlet} takes the pages as they are"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Something that is wrong with an outlet, since this build or still."""

    outlet: str
    what: What
    field: str = ""
    """The field of the entries that is concerned."""
    selector: str = ""
    """The label of the finder that used to give it."""
    sample: str = ""
    """The address of a page that shows it."""
    message: str
    """One line: what is wrong, and what to do; without the outlet's name."""
    holds: bool = False
    """The entries of this build are not to be taken: the last good ones stay."""
