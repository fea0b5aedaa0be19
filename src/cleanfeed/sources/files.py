"""Saved pages: HTML files and plain-text captures, with what is known of them beside them."""

from __future__ import annotations

import json
import os
import stat
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from cleanfeed.encoding import SIZE_LIMIT, check_html, decode, looks_like_html
from cleanfeed.errors import UnreadablePage
from cleanfeed.model import Page

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

HTML = frozenset({".html", ".htm", ".xhtml"})
TEXT = frozenset({".txt"})
_SIDECAR = ".json"
_SIDECAR_LIMIT = 64 * 1024
_OLDEST = datetime(2000, 1, 1, tzinfo=UTC)
"""Modification times before it are those of tools that set none."""
_LAST_SECOND = 32_000_000_000
_YEARS = range(1990, 3000)
"""When a page of the web can have been retrieved."""


@dataclass(frozen=True, slots=True)
class SavedPage:
    """A page that can be read from disk: by its path, or with bytes that came from elsewhere."""

    path: Path
    name: str
    """As the user named it."""
    raw: bytes | None = None
    url: str | None = None
    """Overrides the sidecar's."""
    told: Told | None = None
    """What is known of a page that was fetched."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What an answer of the web tells of its page."""

    retrieved: datetime
    kind: Literal["html", "item"] = "html"
    charset: str | None = None
    sections: frozenset[str] = frozenset()


def find(paths: Iterable[Path | str]) -> Iterator[SavedPage]:
    """The pages of files and folders; of a folder all `.html` and `.txt` below it, in order of their paths.

    What cannot be listed is among them: reading it tells why.
    """
    for path in paths:
        name = os.fspath(path)
        if os.path.isdir(name):  # noqa: PTH112  # Path.is_dir raises for a name that is too long
            yield from (SavedPage(Path(each), each) for each in _below(name))
        else:
            yield SavedPage(Path(name), name)


def _below(folder: str) -> list[str]:
    # Not Path.rglob: it would follow links to folders, go round in a circle, and be silent about closed ones.
    closed: list[str] = []
    found = [
        os.path.join(root, name)  # noqa: PTH118  # Path would change the name that was given
        for root, _folders, names in os.walk(folder, onerror=lambda error: closed.append(error.filename))
        for name in names
        if _is_page(name)
    ]
    return sorted(found + closed, key=lambda name: Path(name).parts)


def _is_page(name: str) -> bool:
    suffix = os.path.splitext(name)[1].lower()  # noqa: PTH122  # of a name, not of a path
    return suffix in HTML | TEXT and not name.startswith(".") and not name.endswith(".refused.txt")


def load(saved: SavedPage) -> Page:
    """The page, decoded. What cannot be read, or is no page, is an `UnreadablePage` with the reason."""
    if saved.told is not None:
        return _fetched(saved, saved.told)
    raw, modified = (saved.raw, None) if saved.raw is not None else _read(saved)
    told = _told(saved)
    body = decode(raw, saved.name)
    is_html = saved.path.suffix.lower() in HTML or looks_like_html(body)
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


def _fetched(saved: SavedPage, told: Told) -> Page:
    body = decode(saved.raw or b"", saved.name, told.charset)
    check_html(body, saved.name)
    return Page(
        body=body,
        kind=told.kind,
        url=saved.url,
        retrieved=told.retrieved,
        sections=told.sections,
        name=saved.name,
    )


def _read(saved: SavedPage) -> tuple[bytes, datetime | None]:
    try:
        found = saved.path.stat()
        _check_kind(saved.name, found)
        raw = saved.path.read_bytes()
    except (OSError, ValueError) as error:  # a name with a NUL is a ValueError
        raise UnreadablePage(saved.name, f"cannot be read: {_cause(error)}") from error
    modified = datetime.fromtimestamp(min(max(found.st_mtime, 0), _LAST_SECOND), UTC)
    return raw, modified if modified > _OLDEST else None


def _check_kind(name: str, found: os.stat_result) -> None:
    if stat.S_ISDIR(found.st_mode):
        raise UnreadablePage(name, "is a folder that cannot be listed")
    if not stat.S_ISREG(found.st_mode):
        raise UnreadablePage(name, "is no file, but a pipe, socket or device")
    if found.st_size > SIZE_LIMIT:
        size = f"{found.st_size / 1e6:.1f} MB, more than the {SIZE_LIMIT / 1e6:.1f} MB of a page"
        raise UnreadablePage(name, f"is too large: {size}")


def _cause(error: Exception) -> str:
    return getattr(error, "strerror", None) or str(error)


@dataclass(frozen=True, slots=True)
class _Sidecar:
    """What `x.json` says of `x.html`."""

    url: str | None = None
    retrieved: datetime | None = None


def _told(saved: SavedPage) -> _Sidecar:
    suffix = saved.path.suffix
    if saved.raw is not None or suffix in {"", _SIDECAR}:
        return _Sidecar()
    path = saved.path.with_suffix(_SIDECAR)
    if not path.is_file():
        return _Sidecar()
    try:
        return _sidecar_of(path)
    except (OSError, ValueError, RecursionError) as error:
        raise UnreadablePage(
            saved.name, f"its sidecar {path.name} cannot be used: {_cause(error)}"
        ) from error


def _sidecar_of(path: Path) -> _Sidecar:
    if path.stat().st_size > _SIDECAR_LIMIT:
        raise ValueError("it is larger than 64 KB")
    told = json.loads(path.read_text("utf-8-sig"))
    if not isinstance(told, dict):
        raise ValueError("it holds no object")  # noqa: TRY004  # all its faults are told in one way
    return _Sidecar(_text(told, "url"), _time(_text(told, "retrieved")))


def _text(told: dict[str, object], key: str) -> str | None:
    value = told.get(key)
    if value is not None and not isinstance(value, str):
        raise ValueError(f"{key!r} is no text")
    return value or None


def _time(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        found = datetime.fromisoformat(text.strip())
    except ValueError:
        found = None
    if found is None or found.year not in _YEARS:
        raise ValueError(f"'retrieved' is no time such as 2026-01-31T08:00:00Z: {text!r}")
    return found if found.tzinfo else found.replace(tzinfo=UTC)
