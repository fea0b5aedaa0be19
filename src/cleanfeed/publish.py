"""Files that are replaced in one step, or left as they are."""

from __future__ import annotations

import os
import stat
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from typing import Literal

from cleanfeed.errors import PublishError

_PREFIX = ".cleanfeed-"
_LEFT_OVER = 3600
"""Seconds; a temporary file that is older belongs to a build that was killed."""


def open_folder(folder: Path) -> None:
    """Makes the folder of the feeds ready: there, not anybody's to write into, and without left-overs."""
    try:
        folder.mkdir(mode=0o755, parents=True, exist_ok=True)
        mode = folder.stat().st_mode
    except OSError as error:
        reason = "is a file" if isinstance(error, FileExistsError) else error.strerror
        raise PublishError(f"{folder}: cannot be used as the output folder: {reason}") from error
    if mode & stat.S_IWOTH and not mode & stat.S_ISVTX:
        raise PublishError(f"{folder}: anybody may write to this folder; run: chmod o-w {folder}")
    _sweep(folder)


def _sweep(folder: Path) -> None:
    oldest = time.time() - _LEFT_OVER
    with suppress(OSError):  # what cannot be swept harms nobody
        for left in folder.glob(f"{_PREFIX}*.tmp"):
            if left.lstat().st_mtime < oldest:
                left.unlink()


def publish(path: Path, content: bytes) -> Literal["written", "unchanged"]:
    """Puts the content at the path, whole or not at all, mode 0644; a file that holds it is not touched.

    A symbolic link at the path is replaced, not followed. The folder is the caller's to sync.
    """
    if _holds(path, content):
        return "unchanged"
    try:
        _replace(path, content)
    except OSError as error:
        raise PublishError(f"{path}: cannot be written: {error.strerror or error}") from error
    return "written"


def _holds(path: Path, content: bytes) -> bool:
    try:
        found = path.lstat()
        return stat.S_ISREG(found.st_mode) and found.st_size == len(content) and path.read_bytes() == content
    except OSError:  # no file, or none that can be compared
        return False


def _replace(path: Path, content: bytes) -> None:
    handle, name = tempfile.mkstemp(prefix=_PREFIX, suffix=".tmp", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fchmod(file.fileno(), 0o644)
            os.fsync(file.fileno())
        Path(name).replace(path)
    except BaseException:  # also when interrupted: no temporary file stays; the error goes on
        with suppress(FileNotFoundError):
            Path(name).unlink()
        raise


def sync_folder(folder: Path) -> None:
    """Puts the folder's new names on disk: only then does a rename outlive a power cut."""
    with suppress(OSError):  # some file systems cannot sync a folder, and need not
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
