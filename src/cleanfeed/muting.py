"""What plugins print: dropped, or shown on standard error line by line, but never among the results."""

from __future__ import annotations

import io
import os
import sys
from typing import TYPE_CHECKING

from cleanfeed.text import safe_text

if TYPE_CHECKING:
    from collections.abc import Callable

    from _typeshed import ReadableBuffer

_LONGEST = 4096
"""Bytes of a line; a longer one is shown in pieces."""


def mute(*, shown: bool) -> Callable[[], None]:
    """From now on nothing that this process prints reaches standard output, by whatever way it goes.

    What goes through `print`, `sys.stdout` or `sys.stderr` is shown on standard error where `shown` is set,
    each line made harmless; what goes round them, from C code or another program, is dropped. The function
    that is given back shows a last line that has not been ended.
    """
    null = os.open(os.devnull, os.O_RDWR)
    kept = os.dup(2) if shown else null
    for handle in (0, 1, 2):
        os.dup2(null, handle)
    raw = _Harmless(kept)
    said = io.TextIOWrapper(io.BufferedWriter(raw), "utf-8", "backslashreplace", line_buffering=True)
    sys.stdout = sys.stderr = said

    def end() -> None:
        said.flush()
        raw.end_line()

    return end


class _Harmless(io.RawIOBase):
    """Bytes that are written, passed on line by line as `safe_text`."""

    def __init__(self, handle: int) -> None:
        self._handle = handle
        self._rest = b""

    def writable(self) -> bool:
        return True

    def write(self, data: ReadableBuffer, /) -> int:
        said = bytes(data)
        *lines, self._rest = (self._rest + said).split(b"\n")
        if len(self._rest) > _LONGEST:
            lines.append(self._rest)
            self._rest = b""
        for line in lines:
            self._show(line)
        return len(said)

    def end_line(self) -> None:
        if self._rest:
            self._show(self._rest)
            self._rest = b""

    def _show(self, line: bytes) -> None:
        text = safe_text(line.decode("utf-8", "backslashreplace"), 0)
        os.write(self._handle, text.encode("utf-8", "backslashreplace") + b"\n")
