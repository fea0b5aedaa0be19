"""`cleanfeed extract`: pages in, entries out."""

from __future__ import annotations

import json
import re
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cleanfeed.cli.console import complain, progress, say_block, say_json
from cleanfeed.cli.forms import as_text
from cleanfeed.encoding import SIZE_LIMIT
from cleanfeed.errors import PageError, UnreadablePage
from cleanfeed.feeds.jsonfeed import item
from cleanfeed.plugins import load as load_plugins
from cleanfeed.sources.files import SavedPage, find
from cleanfeed.work import Setup
from cleanfeed.work import run as read

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cleanfeed.cli.shared import Shared
    from cleanfeed.model import Entry

_WEB = re.compile(r"https?://[^\s/]\S*", re.IGNORECASE)
_ADDRESS = re.compile(r"[a-z][a-z0-9+.-]*://", re.IGNORECASE)


def run(shared: Shared, *, pages: tuple[str, ...], url: str | None, form: str, jobs: int | None) -> int:
    loaded = load_plugins(shared.plugins)
    named = list(_named(pages))
    found = _with_address([each for each in named if isinstance(each, SavedPage)], url)
    refused = [each for each in named if isinstance(each, PageError)]
    for error in refused:
        complain(error)
    setup = Setup(shared.plugins, (), shared.verbose)
    results = read(found, setup, jobs or 0, loaded=loaded)
    for result in results if sys.stdout.isatty() else progress(results, len(found), "Reading pages"):
        if result.entry is None:
            refused.append(result.error or PageError(result.page, "gave no entry"))
            complain(refused[-1])
        else:
            _print(result.entry, result.page, form)
    return 1 if refused else 0


def _named(pages: tuple[str, ...]) -> Iterator[SavedPage | PageError]:
    """The pages that are named, in order, and an error for each name that stands for none."""
    for page in pages:
        if page == "-":
            yield SavedPage(Path("-"), "-", raw=sys.stdin.buffer.read(SIZE_LIMIT + 1))
        elif _ADDRESS.match(page):
            yield UnreadablePage(page, "is an address; save the page, and name the file and --url")
        else:
            below = list(find([page]))
            yield from below
            if not below:
                yield UnreadablePage(page, "is a folder without any .html or .txt file")


def _with_address(found: list[SavedPage], url: str | None) -> list[SavedPage]:
    if url is None:
        return found
    if len(found) != 1:
        raise click.UsageError(f"--url is the address of one page, and {len(found)} are named")
    if not _WEB.fullmatch(url):
        raise click.UsageError(
            f"--url {url!r} is no address of the web: it must begin with https:// or http://"
        )
    return [replace(found[0], url=url)]


def _print(entry: Entry, page: str, form: str) -> None:
    if form == "html":
        say_block(entry.content)
    elif form == "text":
        say_block("\n".join(as_text(entry)))
    else:
        told = item(entry)
        told["_cleanfeed"]["page"] = page
        say_json(json.dumps(told, ensure_ascii=False))
