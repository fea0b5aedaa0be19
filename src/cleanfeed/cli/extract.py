"""`cleanfeed extract`: pages in, entries out."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import click

from cleanfeed.cli.console import (
    complain,
    is_verbose,
    jobs_option,
    plugin_paths,
    progress,
    say_block,
    say_json,
    shared_options,
)
from cleanfeed.errors import PageError, UnreadablePage
from cleanfeed.feeds.jsonfeed import item
from cleanfeed.model import Entry
from cleanfeed.plugins import load as load_plugins
from cleanfeed.sources.files import SavedPage, find
from cleanfeed.work import Setup, run

_ADDRESS = re.compile(r"[a-z][a-z0-9+.-]*://", re.IGNORECASE)


@click.command("extract")
@click.argument("pages", nargs=-1, required=True, metavar="PAGE...")
@click.option("--url", metavar="URL", help="The page's address, where one page is named.")
@click.option("--format", "form", type=click.Choice(["json", "html", "text"]), default="json", show_default=True,
              help="One JSON Feed item per line, or the content as HTML or text.")  # fmt: skip
@jobs_option
@shared_options
@click.pass_context
def command(
    ctx: click.Context,
    pages: tuple[str, ...],
    url: str | None,
    form: str,
    jobs: int | None,
    plugins: tuple[str, ...],
    verbose: bool,
) -> int:
    """Print the entries of pages, in order.

    PAGE is a file, a folder (all .html and .txt in it) or - for standard input. A file x.html may have
    x.json beside it with its `url` and the time when it was `retrieved`. A page that gives no entry is
    named on standard error, with the reason.
    """
    paths = plugin_paths(ctx, plugins)
    load_plugins(paths)  # whatever is wrong with a plugin is told before any page is read
    found, refused = _find(pages, url)
    setup = Setup(paths, (), is_verbose(ctx, verbose))
    for result in progress(run(found, setup, jobs or 0), len(found), "Reading pages"):
        if result.entry is None:
            refused.append(result.error or PageError(result.page, "gave no entry"))
            complain(refused[-1])
        else:
            _print(result.entry, result.page, form)
    return 1 if refused else 0


def _find(pages: tuple[str, ...], url: str | None) -> tuple[list[SavedPage], list[PageError]]:
    found: list[SavedPage] = []
    refused: list[PageError] = []
    for page in pages:
        if _ADDRESS.match(page):
            refused.append(UnreadablePage(page, "is an address; save the page, and name the file and --url"))
        elif page == "-":
            found.append(SavedPage(Path("-"), "-", raw=sys.stdin.buffer.read(), url=url))
        else:
            below = list(find([Path(page)]))
            found += below
            if not below:
                refused.append(UnreadablePage(page, "is a folder without any .html or .txt file"))
    for error in refused:
        complain(error)
    if url and len(found) == 1:
        return [replace(found[0], url=url)], refused
    if url:
        raise click.UsageError(f"--url is the address of one page, and {len(found)} are named")
    return found, refused


def _print(entry: Entry, page: str, form: str) -> None:
    if form == "html":
        say_block(entry.content)
    elif form == "text":
        say_block("\n".join(_as_text(entry)))
    else:
        told = item(entry)
        told["_cleanfeed"]["page"] = page
        say_json(json.dumps(told, ensure_ascii=False))


def _as_text(entry: Entry) -> Iterator[str]:
    yield entry.title
    if entry.published:
        yield entry.published.date().isoformat() if entry.date_precision else entry.published.isoformat()
    if entry.summary:
        yield from ("", entry.summary)
    for paragraph in entry.text.split("\n"):
        yield from ("", paragraph)
    yield ""
