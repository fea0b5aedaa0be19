"""What comes in by standard input, within bounds."""

from __future__ import annotations

import os
import select
import sys

from cleanfeed.errors import ConfigError

_PIECE = 1 << 16
_PATIENCE = 0.2
"""Seconds after which nothing is expected of a standard input that may be idle."""


def taken(what: str, limit: int) -> bytes:
    """All of standard input, or a byte more than the limit; a terminal is refused, with `what` it must be."""
    if sys.stdin is None or sys.stdin.isatty():
        raise ConfigError(f"standard input brings nothing; it must be {what}")
    return sys.stdin.buffer.read(limit + 1)


def offered(limit: int) -> bytes:
    """The same where something is there at once; b"" for a terminal, and for what stays silent."""
    if sys.stdin is None or sys.stdin.isatty():
        return b""
    handle = sys.stdin.fileno()
    parts: list[bytes] = []
    size = 0
    while size <= limit and (parts or _is_ready(handle)):
        part = os.read(handle, _PIECE)
        if not part:
            break
        parts.append(part)
        size += len(part)
    return b"".join(parts)


def _is_ready(handle: int) -> bool:
    try:
        return bool(select.select([handle], [], [], _PATIENCE)[0])
    except (OSError, ValueError):  # closed, or beyond what can be waited for
        return False
