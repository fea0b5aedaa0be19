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
        folder.mkdir(parents=True, exist_ok=True)
        mode = folder.stat().st_mode
        if mode & stat.S_IWOTH and not mode & stat.S_ISVTX:
            raise PublishError(f"{folder}: anybody may write to this folder; run: chmod o-w {folder}")
        for left in folder.glob(f"{_PREFIX}*.tmp"):
            with suppress(FileNotFoundError):
                if time.time() - left.lstat().st_mtime > _LEFT_OVER:
                    left.unlink()
    except OSError as error:
        raise PublishError(f"{folder}: cannot be used as the output folder: {error.strerror or error}") from error


def publish(path: Path, content: bytes) -> Literal["written", "unchanged"]:
    """Puts the content at the path: whole or not at all, mode 0644; a file that holds it already is not touched.

    A symbolic link at the path is replaced, not followed.
    """
    try:
        if not path.is_symlink() and path.is_file() and path.read_bytes() == content:
            return "unchanged"
        _replace(path, content)
    except OSError as error:
        raise PublishError(f"{path}: cannot be written: {error.strerror or error}") from error
    return "written"


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
    _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    # A rename is on disk only when its folder is; some file systems cannot sync one, and need not.
    handle = os.open(folder, os.O_RDONLY)
    try:
        with suppress(OSError):
            os.fsync(handle)
    finally:
        os.close(handle)
