"""`cleanfeed render`: an entry's HTML in, the same clean out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cleanfeed.cli.console import complain, say_data
from cleanfeed.cli.loaded import check_loaded
from cleanfeed.cli.stdin import taken
from cleanfeed.encoding import SIZE_LIMIT, decode
from cleanfeed.errors import PageError
from cleanfeed.fragment import cleaned, cleaned_of_any
from cleanfeed.legible import legible
from cleanfeed.lookup.configured import configured
from cleanfeed.plugins import load as load_plugins

if TYPE_CHECKING:
    from pathlib import Path

    from cleanfeed.clean import Body
    from cleanfeed.cli.shared import Shared

_NAME = "standard input"


def run(shared: Shared, *, outlet: str | None, form: str, config: Path | None) -> int:
    configured(config)  # a wrong one is told, as by the other commands
    data = taken("an entry's HTML", SIZE_LIMIT)
    loaded = load_plugins(shared.plugins)
    if outlet:
        check_loaded(loaded, [outlet])
    if not data.strip():
        return 0
    try:
        html = decode(data, _NAME)
        chosen = loaded.directory.by_slug[outlet] if outlet else None
        body = cleaned(html, _NAME, chosen) if chosen else cleaned_of_any(html, _NAME, loaded.outlets)
    except PageError as error:
        complain(error)
        return 2
    say_data(_written(body, form).encode())
    return 0


def _written(body: Body, form: str) -> str:
    if form == "text":
        return legible(body.html)
    return f"{body.html}\n" if body.html else ""
