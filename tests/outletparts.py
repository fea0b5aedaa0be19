"""Pages and entries for the tests of outlets."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from cleanfeed import reading
from cleanfeed.feeds import jsonfeed
from cleanfeed.model import Entry, Page
from cleanfeed.sources import files

if TYPE_CHECKING:
    from cleanfeed.plugins import Plugins

PAGES = Path(__file__).parent.parent / "examples" / "pages"


def example_pages() -> list[Path]:
    return [saved.path for saved in files.find([PAGES])]


def name_of(path: Path) -> str:
    return f"{path.parent.name}-{path.stem}"


def load(path: Path) -> Page:
    """An example page, with its sidecar; a file's own time plays no part."""
    page = files.load(files.SavedPage(path, path.relative_to(PAGES).as_posix()))
    return page if page.retrieved_known else made(page.body, kind=page.kind, url=page.url, name=page.name)


def made(body: str, **about: Any) -> Page:
    about.setdefault("name", "page.html")
    return Page(body=body, **about)


def read(page: Page, outlets: Plugins) -> Entry:
    return reading.read(page, outlets)


def item_of(page: Page, outlets: Plugins) -> dict[str, Any]:
    return jsonfeed.item(read(page, outlets))
