"""The data that Next.js pages carry: one JSON script, or the rows of a React flight stream."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from cleanfeed.landmarks import landmarks
from cleanfeed.markup import JSON_LIMIT, load_json

if TYPE_CHECKING:
    from cleanfeed.model import Page

_PUSH = re.compile(r"self\.__next_f\.push\((\[1,.*\])\)", re.DOTALL)
_ROW = re.compile(rb"([0-9a-f]+):(?:T([0-9a-f]+),)?")
_DEEPEST = 12
_WIDEST = 100


def records(page: Page) -> Iterator[Mapping[str, object]]:
    """All objects in the page's own data, outer before inner; texts from rows of their own are put in."""
    if page.kind != "html":
        return
    yield from _objects(
        load_json(
            next(
                (node.text or "" for node in landmarks(page)["script"] if node.get("id") == "__NEXT_DATA__"),
                "",
            )
        )
    )
    rows = _rows(page)
    for row in rows.values():
        yield from ({key: _resolved(value, rows) for key, value in each.items()} for each in _objects(row))


def _resolved(value: object, rows: Mapping[str, object]) -> object:
    return rows.get(value[1:], value) if isinstance(value, str) and value.startswith("$") else value


def _rows(page: Page) -> dict[str, object]:
    """The rows of the stream by their ids: JSON, or text whose length in bytes stands before it."""
    stream = _stream(page).encode()
    rows: dict[str, object] = {}
    at = 0
    while head := _ROW.match(stream, at):
        end = stream.find(b"\n", head.end()) if head[2] is None else head.end() + int(head[2], 16)
        raw = stream[head.end() : end if end >= 0 else None].decode("utf-8", "replace")
        rows[head[1].decode()] = load_json(raw) if head[2] is None else raw
        if end < 0:
            break
        at = end + (head[2] is None)
    return rows


def _stream(page: Page) -> str:
    pushed = (
        _PUSH.search(node.text or "") for node in landmarks(page)["script"] if "__next_f" in (node.text or "")
    )
    chunks = (load_json(found[1]) for found in pushed if found)
    texts = [
        chunk[1]
        for chunk in chunks
        if isinstance(chunk, list) and len(chunk) > 1 and isinstance(chunk[1], str)
    ]
    return "".join(texts)[:JSON_LIMIT]


def _objects(data: object, depth: int = _DEEPEST) -> Iterator[Mapping[str, object]]:
    if isinstance(data, Mapping) and depth:
        yield data
        for value in data.values():
            yield from _objects(value, depth - 1)
    elif isinstance(data, list) and depth:
        for value in data[:_WIDEST]:
            yield from _objects(value, depth - 1)
