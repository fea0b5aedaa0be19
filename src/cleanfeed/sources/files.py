"""Saved pages: HTML files and plain-text captures, with what is known of them beside them."""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from cleanfeed.encoding import SIZE_LIMIT, check_html, decode, looks_like_html
from cleanfeed.errors import UnreadablePage
from cleanfeed.model import Page

HTML = frozenset({".html", ".htm", ".xhtml"})
TEXT = frozenset({".txt"})
_SIDECAR_LIMIT = 64 * 1024
_OLDEST = datetime(2000, 1, 1, tzinfo=UTC)
"""Modification times before it are those of tools that set none."""


@dataclass(frozen=True, slots=True)
class SavedPage:
    """A page that can be read from disk: by its path, or with bytes that came from elsewhere."""

    path: Path
    name: str
    """As the user named it."""
    raw: bytes | None = None
    url: str | None = None
    """Overrides the sidecar's."""


def find(paths: Iterable[Path]) -> Iterator[SavedPage]:
    """The pages of files and folders; of a folder all `.html` and `.txt` below it, in the order of their paths."""
    for path in paths:
        if path.is_dir():
            yield from (SavedPage(each, str(each)) for each in _below(path))
        else:
            yield SavedPage(path, str(path))


def _below(folder: Path) -> list[Path]:
    # Not rglob: it would follow links to folders, and go round in a circle.
    found = (Path(root, name) for root, _folders, names in os.walk(folder) for name in names)
    pages = (path for path in found if path.suffix.lower() in HTML | TEXT and not _belongs(path))
    return sorted(pages, key=lambda path: path.parts)


def _belongs(path: Path) -> bool:
    return path.name.startswith(".") or path.name.endswith(".refused.txt")


def load(saved: SavedPage) -> Page:
    """The page, decoded. What cannot be read, or is no page, is an `UnreadablePage` with the reason."""
    raw, modified = (saved.raw, None) if saved.raw is not None else _read(saved)
    told = _sidecar(saved)
    body = decode(raw, saved.name)
    suffix = saved.path.suffix.lower()
    is_html = suffix in HTML or looks_like_html(body)
    if is_html:
        check_html(body, saved.name)
    return Page(
        body=body,
        kind="html" if is_html else "text",
        url=saved.url or told.url,
        retrieved=told.retrieved or modified,
        retrieved_known=told.retrieved is not None,
        name=saved.name,
    )


def _read(saved: SavedPage) -> tuple[bytes, datetime | None]:
    try:
        found = saved.path.stat()
        if not stat.S_ISREG(found.st_mode):
            raise UnreadablePage(saved.name, "is no file")
        if found.st_size > SIZE_LIMIT:
            size = f"{found.st_size / 1e6:.1f} MB, more than the {SIZE_LIMIT / 1e6:.1f} MB of a page"
            raise UnreadablePage(saved.name, f"is too large: {size}")
        raw = saved.path.read_bytes()
    except (OSError, ValueError) as error:  # a name with a NUL is a ValueError
        reason = getattr(error, "strerror", None) or str(error)
        raise UnreadablePage(saved.name, f"cannot be read: {reason}") from error
    modified = datetime.fromtimestamp(found.st_mtime, UTC)
    return raw, modified if modified > _OLDEST else None


@dataclass(frozen=True, slots=True)
class _Sidecar:
    url: str | None = None
    retrieved: datetime | None = None


def _sidecar(saved: SavedPage) -> _Sidecar:
    """What `x.json` says of `x.html`: its `url` and when it was `retrieved`."""
    path = saved.path.with_suffix(".json") if saved.path.name and saved.raw is None else None
    if path is None or not path.is_file():
        return _Sidecar()
    try:
        if path.stat().st_size > _SIDECAR_LIMIT:
            raise ValueError("is larger than 64 KB")
        told = json.loads(path.read_text("utf-8-sig"))
        if not isinstance(told, dict):
            raise ValueError("holds no object")  # noqa: TRY004  # all its faults are told in one way
        return _Sidecar(_text(told, "url"), _time(_text(told, "retrieved")))
    except (OSError, ValueError, RecursionError) as error:
        raise UnreadablePage(saved.name, f"its sidecar {path.name}: {error}") from error


def _text(told: dict[str, object], key: str) -> str | None:
    value = told.get(key)
    if value is not None and not isinstance(value, str):
        raise ValueError(f"{key!r} is no text")
    return value or None


def _time(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise ValueError(f"'retrieved' is no time (RFC 3339): {text!r}") from None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
