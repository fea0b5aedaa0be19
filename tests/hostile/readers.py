"""Two readers of pages: ours, as builds from the web use it, and one as programs are that trust the web."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from lxml import html

from cleanfeed import plugins, work
from cleanfeed.sources.files import SavedPage, Told
from cliparts import PLUGIN, STORY, story

if TYPE_CHECKING:
    from collections.abc import Callable

    from cleanfeed.plugins import Plugins

ADDRESS = "https://harbour.example/2026/09/story-1/"
TITLE = "The crane, part 1"
NOW = datetime(2026, 10, 14, 8, tzinfo=UTC)
WORDS = "Three drivers shared her."


def article(inside: str = "", *, head: str = "", before: str = "", **about: Any) -> bytes:
    """A page of an article, with this in its body, its head, or before all of it."""
    page = story(1, content=STORY + inside, head=head, **about).replace("<body>", f"<body>{before}")
    return page.encode("utf-8", "surrogatepass")


@pytest.fixture(scope="session")
def ours(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Any]:
    path = tmp_path_factory.mktemp("plugin") / "harbour.py"
    path.write_text(PLUGIN, "utf-8")
    return made(plugins.load([path]))


def made(loaded: Plugins) -> Callable[..., Any]:
    """The reader of these plugins: it gives an entry, or the reason why there is none."""

    def read(raw: bytes, charset: str | None = None) -> Any:
        told = Told(retrieved=NOW, charset=charset)
        result = work.read_one(SavedPage(Path(), ADDRESS, raw, ADDRESS, told), loaded)
        return result.entry or result.error.reason

    return read


def naive(raw: bytes, charset: str | None = None) -> Any:
    """Believes each label, each address and each block of data; a date that is missing is now."""
    try:
        label = re.search(rb"charset=[\"']?([\w-]+)", raw)
        text = raw.decode(charset or (label[1].decode() if label else "utf-8"), "replace")
        root = html.document_fromstring(text)
        return _entry_of(root)
    except Exception as error:  # noqa: BLE001  # whatever it is, it ends such a program
        return f"crashed: {type(error).__name__}: {error}"


def _entry_of(root: Any) -> Any:
    data = [
        json.loads(each.text) for each in root.iter("script") if each.get("type") == "application/ld+json"
    ]
    said = data[0] if data else {}
    told = root.xpath("string(//meta[@property='article:published_time']/@content)")
    date = said.get("datePublished") or told
    return SimpleNamespace(
        title=said.get("headline") or root.xpath("string(//h1)"),
        content="".join(html.tostring(each, encoding="unicode") for each in root.iter("article")),
        text=root.text_content(),
        url=said.get("url") or root.xpath("string(//link[@rel='canonical'][last()]/@href)"),
        image=said.get("image"),
        published=datetime.fromisoformat(date) if date[:4].isdigit() else datetime.now(UTC),
    )


def keeping(raw: bytes) -> Any:
    """As readers do that keep a record of each element."""
    root = html.document_fromstring(raw.decode())
    kept = [{"tag": each.tag, "attributes": dict(each.attrib), "element": each} for each in root.iter()]
    return SimpleNamespace(title=root.xpath("string(//h1)"), kept=kept)
