"""Who is to blame: what a plugin raised, told in one line that names it."""

from __future__ import annotations

import traceback
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from cleanfeed.interrupts import Terminated
from cleanfeed.text import cut, squeeze

if TYPE_CHECKING:
    from collections.abc import Iterable
    from types import FrameType

_LONGEST = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """A plugin as its user knows it."""

    name: str
    source: str
    """Its module (`cleanfeed_harbour`), or its file as it was given."""
    module: str
    """What its code calls itself (`__name__`)."""

    def __str__(self) -> str:
        return f"plugin {self.name!r} ({self.source})"

    def owns(self, frame: FrameType) -> bool:
        """Whether the frame runs this plugin's code."""
        name = str(frame.f_globals.get("__name__", ""))
        return name == self.module or name.startswith(f"{self.module}.")


def is_interrupt(error: BaseException) -> bool:
    """Whether it was the user who ended the work; a plugin's own kind of `KeyboardInterrupt` is a fault."""
    return type(error) is KeyboardInterrupt or isinstance(error, Terminated)


def describe(error: BaseException, origins: Iterable[Origin] = ()) -> str:
    """The error's type and message on one line, with the line of the plugin's code that it came from."""
    kind = type(error).__name__
    if isinstance(error, SyntaxError) and error.filename:
        line = f", line {error.lineno}" if error.lineno else ""
        return f"{kind}: {error.msg} ({Path(error.filename).name}{line})"
    said = message(error)
    return f"{kind}: {said}{_place(error, origins)}" if said else f"{kind}{_place(error, origins)}"


def message(error: BaseException) -> str:
    """What the error says, on one line; "" where it cannot say it."""
    try:
        said = str(error)
    except BaseException as another:  # whose __str__ it is, is not known: it may raise anything
        if is_interrupt(another):
            raise
        return ""
    return cut(squeeze(said), _LONGEST)


def _place(error: BaseException, origins: Iterable[Origin]) -> str:
    steps = [step for step in traceback.walk_tb(error.__traceback__) if not _is_machinery(step[0])]
    own = [step for step in steps if any(origin.owns(step[0]) for origin in origins)]
    if not own and not steps:
        return ""
    frame, line = (own or steps)[-1]
    code = frame.f_code
    function = "" if code.co_name == "<module>" else f", in {code.co_name}"
    return f" ({Path(code.co_filename).name}, line {line}{function})"


def _is_machinery(frame: FrameType) -> bool:
    return str(frame.f_globals.get("__name__", "")).startswith(
        ("importlib", "cleanfeed.plugins", "contextlib")
    )
