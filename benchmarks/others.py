"""Other programs on the same pages, where they are installed (the extra "bench")."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from importlib.metadata import version
from importlib.util import find_spec

from pages import Made

Reader = Callable[[Made], str | None]
"""The title that a program finds in a page, of which it reads the body too."""


def installed() -> dict[str, Reader]:
    """The readers, by the name and version of their program."""
    known = {"trafilatura": (_trafilatura, "trafilatura"), "newspaper4k": (_newspaper, "newspaper")}
    return {
        f"{name} {version(name)}": make()
        for name, (make, module) in known.items()
        if find_spec(module) is not None
    }


def _trafilatura() -> Reader:
    extract = import_module("trafilatura").bare_extraction

    def read(made: Made) -> str | None:
        found = extract(made.html, url=made.url, with_metadata=True)
        title: str | None = found.title if found is not None else None
        return title

    return read


def _newspaper() -> Reader:
    article = import_module("newspaper").Article

    def read(made: Made) -> str | None:
        found = article(made.url, fetch_images=False)
        found.download(input_html=made.html)
        found.parse()
        title: str | None = found.title
        return title

    return read
