"""What a build has published, as one whole set at a time."""

from __future__ import annotations

import gzip
import os
import stat
import threading
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from time import monotonic
from typing import TYPE_CHECKING, Final

from cleanfeed.lock import is_held

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator
    from pathlib import Path

TYPES: Final = {
    ".rss": "application/rss+xml; charset=utf-8",
    ".atom": "application/atom+xml; charset=utf-8",
    ".json": "application/feed+json",
    ".html": "text/html; charset=utf-8",
    ".opml": "text/x-opml; charset=utf-8",
    ".xml": "application/xml",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".txt": "text/plain; charset=utf-8",
    ".png": "image/png",
    ".ico": "image/x-icon",
    ".webp": "image/webp",
}
_PLAIN_JSON = frozenset({"report.json"})
_PACKED: Final = ("text/", "application/")
_GLANCE = 0.5
"""Seconds between two looks at the folder."""
_LOCK = ".cleanfeed-build.lock"
_LARGEST = 64 << 20
_MOST = 20_000
_ROOM = 128 << 20
"""Bytes that are kept at hand; what is beyond, and archives, which few ask for, are read when asked for."""
_ARCHIVE: Final = ".archive-"
_WORTH = 512
"""Bytes from which on it pays to compress."""

_Marks = dict[str, tuple[int, int, int]]
"""Inode, size and time of change, by name: what tells a file from the one before it."""


@dataclass(frozen=True, kw_only=True)
class File:
    """One file, as it was read."""

    content: bytes
    media_type: str
    changed: float
    """When its bytes last changed: the build touches no file that it would not change."""

    @cached_property
    def etag(self) -> str:
        return f'"{sha256(self.content).hexdigest()[:32]}"'

    @cached_property
    def packed(self) -> bytes | None:
        """The content compressed, where that is worth anything."""
        if len(self.content) < _WORTH or not self.media_type.startswith(_PACKED):
            return None
        return gzip.compress(self.content, 6, mtime=0)


class Files:
    """The output folder; names are looked up in what was found there, and never become paths."""

    def __init__(self, folder: Path, tell: Callable[[str], None]) -> None:
        """`tell` hears of what is left out."""
        self._folder = folder
        self._tell = tell
        self._lock = threading.Lock()
        self._files: dict[str, File] = {}
        self._marks: _Marks = {}
        self._spoilt: _Marks | None = None
        self._looked: float | None = None
        self._is_paused = False
        self._left_out = 0

    def get(self, name: str) -> File | None:
        """The file of this name, which may have to be read."""
        found = self._files.get(name)
        if found is None and name in self._marks:
            with suppress(OSError):  # it is gone again
                return self._read(name)
        return found

    @property
    def names(self) -> Collection[str]:
        return self._marks.keys()

    def is_due(self) -> bool:
        """Whether it is time for another look."""
        return self._looked is None or monotonic() - self._looked >= _GLANCE

    def look(self) -> None:
        """Takes what has changed, all at once; a set that is still being written is left for later."""
        with self._lock:
            if not self.is_due() or self._is_paused:
                return
            marks = self._marked()
            if marks not in (self._marks, self._spoilt) and self._is_whole(marks):
                files = dict(self._at_hand(marks))
                if self._looked is None or (self._marked() == marks and self._is_whole(marks)):
                    self._files, self._marks, self._spoilt = files, marks, None
            self._looked = monotonic()

    def pause(self) -> None:
        """A build of ours begins: nothing is taken before it has ended."""
        with self._lock:
            self._is_paused = True

    def resume(self, *, is_whole: bool) -> None:
        """It has ended; if badly, what it may have written is no whole set, and the last one stays."""
        with self._lock:
            marks = self._marked()
            self._spoilt = marks if not is_whole and marks != self._marks else None
            self._is_paused = False
            self._looked = self._looked and 0.0
        self.look()  # now: the next build may begin at once

    def _is_whole(self, marks: _Marks) -> bool:
        """Whether nobody is writing; at first, what an earlier build has left will do."""
        return (self._looked is None and "report.json" in marks) or not is_held(self._folder / _LOCK)

    def _marked(self) -> _Marks:
        found: _Marks = {}
        for entry in self._listed():
            with suppress(OSError):  # it is gone again
                info = entry.stat(follow_symlinks=False)
                if stat.S_ISREG(info.st_mode) and info.st_size <= _LARGEST:
                    found[entry.name] = (info.st_ino, info.st_size, info.st_mtime_ns)
        return found

    def _listed(self) -> list[os.DirEntry[str]]:
        """What may be served, as much as is looked at; what is beyond is told, and is of archives first."""
        listed: list[os.DirEntry[str]] = []
        with suppress(OSError), os.scandir(self._folder) as entries:
            for entry in entries:
                suffix = os.path.splitext(entry.name)[1]  # noqa: PTH122  # of names, thousands of times a minute
                if not entry.name.startswith(".") and suffix in TYPES:
                    listed.append(entry)
        left_out = max(0, len(listed) - _MOST)
        if left_out:
            listed.sort(key=lambda entry: (_ARCHIVE in entry.name, entry.name))
        if left_out and not self._left_out:
            self._tell(f"{self._folder}: holds more than {_MOST} files: {left_out} of them are not served")
        self._left_out = left_out
        return listed[:_MOST]

    def _at_hand(self, marks: _Marks) -> Iterator[tuple[str, File]]:
        """The files that are kept in memory: the smallest, so that they are many."""
        room = _ROOM
        for name, mark in sorted(marks.items(), key=lambda item: (item[1][1], item[0])):
            room -= 0 if _ARCHIVE in name else mark[1]
            if _ARCHIVE in name or room < 0:
                continue
            if name in self._files and self._marks.get(name) == mark:
                yield name, self._files[name]
                continue
            with suppress(OSError):  # it is gone again, or cannot be read
                yield name, self._read(name)

    def _read(self, name: str) -> File:
        path = self._folder / name
        kind = "application/json" if name in _PLAIN_JSON else TYPES[path.suffix]
        return File(content=path.read_bytes(), media_type=kind, changed=path.stat().st_mtime)
