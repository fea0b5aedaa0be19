"""Times as the ledger holds them: microseconds since 1970, in UTC."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import overload

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_ONE = timedelta(microseconds=1)
_FIRST = (datetime.min.replace(tzinfo=UTC) - _EPOCH) // _ONE
_LAST = (datetime.max.replace(tzinfo=UTC) - _EPOCH) // _ONE


@overload
def stamp(moment: datetime) -> int: ...
@overload
def stamp(moment: None) -> None: ...
def stamp(moment: datetime | None) -> int | None:
    """A time as a number; times beyond the calendar in UTC count as its ends."""
    if moment is None:
        return None
    return min(max((moment - _EPOCH) // _ONE, _FIRST), _LAST)


@overload
def moment_of(number: int) -> datetime: ...
@overload
def moment_of(number: None) -> None: ...
def moment_of(number: int | None) -> datetime | None:
    """The time of a number, in UTC."""
    if number is None:
        return None
    return _EPOCH + timedelta(microseconds=min(max(number, _FIRST), _LAST))


def micros(**span: float) -> int:
    """A span of time as a number: `micros(days=2)`."""
    return timedelta(**span) // _ONE
