"""What `cleanfeed init` writes: a configuration to begin with, and a workflow that builds by itself."""

from __future__ import annotations

import re
from importlib.resources import files
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

_PLACE = re.compile(r"@([A-Z]+)@")


def filled(name: str, values: Mapping[str, str]) -> str:
    """The starter file of this name, with each @PLACE@ filled once: what fills it is not looked at again."""
    template = files(__name__).joinpath(name).read_text("utf-8")
    return _PLACE.sub(lambda found: values[found[1]], template)
