"""One build at a time: a lock on a file, which the kernel lifts whatever becomes of its holder."""

from __future__ import annotations

import fcntl
import json
import os
import re
import socket
import stat
import time
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from cleanfeed.errors import Locked, PublishError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_POLL: Final = 0.1
"""Seconds between two tries of somebody who waits."""
_PATIENCE: Final = 0.5
"""Seconds in which a new holder must have written who it is."""
_FLAGS: Final = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK
_LONGEST: Final = 1000
_HOST: Final = re.compile(r"[\w.:-]{1,100}")
_TIME: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")

# Of the two locks that POSIX systems have, a record lock (lockf) is not passed on to children, but it is
# lost as soon as any code of ours closes any descriptor of the file, and does not keep two threads apart.
# flock has neither fault, but lives as long as any copy of its descriptor: a worker that outlives its killed
# parent would keep it. So each child closes its copies before anything else of it runs, and a program that is
# executed never gets them (O_CLOEXEC).
_held: set[int] = set()


def _close_copies() -> None:
    for handle in _held:
        with suppress(OSError):  # it was closed before the fork, and is nobody's
            os.close(handle)
    _held.clear()


os.register_at_fork(after_in_child=_close_copies)


@contextmanager
def hold(path: Path, *, wait: float = 0) -> Iterator[None]:
    """Holds the lock of this file, which is made, and taken away at the end; `Locked` if somebody else does.

    `wait` is how many seconds to wait until it is free. Descendants of the process never hold the lock.
    """
    handle, owner = _take(path, time.monotonic() + wait), os.getpid()
    try:
        yield
    finally:
        if os.getpid() == owner:  # a child that unwinds holds nothing, and must not take away its parent's
            _release(path, handle)


def is_held(path: Path) -> bool:
    """Whether somebody holds the lock of this file just now."""
    if not _holder(path):
        return False
    # The process may be another one that has got the number of a killed one.
    try:
        handle = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError:  # it is released by now
        return False
    try:
        fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(handle)
    return False


def _take(path: Path, deadline: float) -> int:
    is_late = False
    while True:
        handle = _open(path)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if _is_at(path, handle):
                return _signed(path, handle)
        except BlockingIOError as error:
            if is_late:
                raise Locked(_who(path)) from error
            # One more try: whoever only looks whether it is held holds it for an instant.
            is_late = time.monotonic() >= deadline
            time.sleep(_POLL)
        except OSError as error:
            raise _unusable(path, error) from error
        finally:
            if handle not in _held:  # taken by another, or left behind by one who has just taken it away
                os.close(handle)


def _open(path: Path) -> int:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(path, _FLAGS, 0o600)
    except OSError as error:
        raise _unusable(path, error) from error
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise PublishError(f"{path}: cannot be locked: is no regular file; move it away")
    return handle


def _unusable(path: Path, error: OSError) -> PublishError:
    reason = "is a symbolic link; take it away" if path.is_symlink() else error.strerror or str(error)
    return PublishError(f"{path}: cannot be locked: {reason}")


def _is_at(path: Path, handle: int) -> bool:
    """Whether the file is still the one that was opened: its last holder may have taken it away."""
    try:
        there = path.lstat()
    except FileNotFoundError:
        return False
    return os.path.samestat(there, os.fstat(handle))


def _signed(path: Path, handle: int) -> int:
    """The handle, when the file says who holds it."""
    since = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    told = json.dumps({"pid": os.getpid(), "host": socket.gethostname(), "since": since})
    try:
        os.ftruncate(handle, 0)
        os.pwrite(handle, f"{told}\n".encode(), 0)
    except OSError as error:
        raise PublishError(f"{path}: cannot be written: {error.strerror}") from error
    _held.add(handle)
    return handle


def _release(path: Path, handle: int) -> None:
    try:
        with suppress(OSError):  # a file that cannot be taken away is only in nobody's way
            if _is_at(path, handle):
                path.unlink()
    finally:
        _held.discard(handle)
        os.close(handle)


def _who(path: Path) -> str:
    """The line about whoever holds the lock; a holder who has not signed yet gets a moment to do so."""
    deadline = time.monotonic() + _PATIENCE
    while not (holder := _holder(path)) and time.monotonic() < deadline:
        time.sleep(_POLL / 10)
    named = f" ({holder}; lock {path})" if holder else f" (lock {path})"
    return f"another build is at work{named}; wait for it with --wait SECONDS"


def _holder(path: Path) -> str:
    """As "process 4711 on HOST since TIME"; "" if the file does not tell it, or tells of one that is gone."""
    told = _read(path)
    pid, host, since = told.get("pid"), str(told.get("host")), str(told.get("since"))
    if type(pid) is not int or not _HOST.fullmatch(host) or not _TIME.fullmatch(since):
        return ""
    if host == socket.gethostname() and not _lives(pid):
        return ""
    return f"process {pid} on {host} since {since}"


def _read(path: Path) -> dict[str, Any]:
    try:
        handle = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK)
        try:
            told = json.loads(os.read(handle, _LONGEST))
        finally:
            os.close(handle)
    except (OSError, ValueError, RecursionError):  # released by now, or not written yet
        return {}
    return told if isinstance(told, dict) else {}


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:  # somebody else's
        return True
    return True
