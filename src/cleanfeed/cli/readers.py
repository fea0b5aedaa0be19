"""The commands that feed readers run, and their options."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from cleanfeed.cli.shared import Seconds, Shared, run, shared_options

_config = click.option(
    "--config",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="The configuration: cleanfeed.toml, unless named here or by CLEANFEED_CONFIG.",
)
_offline = click.option("--offline", is_flag=True, help="Ask nobody: only what is known is given.")


@click.command(short_help="Print the feed of a topic.")
@click.argument("topic")
@click.option(
    "--format",
    "form",
    type=click.Choice(["rss", "atom", "json"]),
    default="rss",
    show_default=True,
)
@click.option("--build", is_flag=True, help="Build first, as `cleanfeed build` does.")
@click.option(
    "--linger",
    type=Seconds(0, 60),
    default=0.0,
    metavar="SECONDS",
    help="Wait so long before the end, for readers that lose what a fast command prints.",
)
@_config
@shared_options
def feed(shared: Shared, /, **options: Any) -> int:
    """Print the feed of TOPIC, for readers that take feeds from commands.

    It is the file that the last build has published, to the byte. Where this topic has none yet, it is made
    from the ledger; where nothing has ever been built, all feeds are built now.

    \b
    "exec:cleanfeed feed everything"        newsboat
    |cleanfeed feed everything --linger 2   Liferea
    """  # noqa: D301  # the backspace is click's own mark: what follows keeps its lines
    return run("feed", shared, options)


@click.command("filter", short_help="Put whole clean articles into any feed.")
@click.option(
    "--outlet",
    "outlets",
    multiple=True,
    metavar="SLUG",
    help="Only entries of this outlet. Repeatable. All that are loaded, unless named.",
)
@click.option(
    "--max",
    "most",
    type=click.IntRange(0),
    default=None,
    metavar="N",
    help="Only the first N entries; 1000 unless given.",
)
@_offline
@_config
@shared_options
def filter_(shared: Shared, /, **options: Any) -> int:
    """Read a feed on standard input, and write it with whole clean articles as the contents of its entries.

    RSS, RDF, Atom and JSON Feed, in any encoding; the rest of the feed stays as it is, in UTF-8. An entry
    that cannot be improved passes as it is, and is named on standard error with the reason. Exit status 1
    means that some article could not be had; 2 that there was no whole feed, and nothing is written.

    \b
    "filter:cleanfeed filter:https://www.example.org/feed"   newsboat
    curl -s https://www.example.org/feed | cleanfeed filter --max 10 > clean.rss
    """  # noqa: D301  # see feed
    return run("filter", shared, options)


@click.command(short_help="Print the clean article of an address.")
@click.argument("address")
@click.option(
    "--format",
    "form",
    type=click.Choice(["html", "text", "json"]),
    default="html",
    show_default=True,
    help="The content as HTML, title and text, or an item of JSON Feed.",
)
@click.option("-t", "is_text", is_flag=True, help="The same as --format text.")
@click.option("-b", "_pictures", is_flag=True, expose_value=False, help="Is taken, and does nothing.")
@_offline
@_config
@shared_options
def article(shared: Shared, /, **options: Any) -> int:
    """Print the clean article of ADDRESS, which must be one of an outlet.

    It is called as the article extractor of RSS Guard is: standard input may bring a JSON object, with the
    page as `html` (then nobody is asked) and a `proxy`. Exit status 1 means that there is no such article.

    \b
    cleanfeed article https://www.example.org/some-story/ -t
    """  # noqa: D301  # see feed
    return run("article", shared, options)


@click.command(short_help="Clean an entry's HTML.")
@click.option("--outlet", metavar="SLUG", help="The outlet whose chrome is to go.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "html"]),
    default="text",
    show_default=True,
    help="Text for a terminal, with the addresses of links below it, or sanitised HTML.",
)
@_config
@shared_options
def render(shared: Shared, /, **options: Any) -> int:
    """Read an entry's HTML on standard input, and print it clean.

    Scripts, trackers and whatever else is no article go, and so do the lines that never belong to one.

    \b
    html-renderer "cleanfeed render"   newsboat
    """  # noqa: D301  # see feed
    return run("render", shared, options)


@click.command(short_help="Give the new entries of a Miniflux their clean contents.")
@click.option("--listen", default="127.0.0.1:8001", show_default=True, metavar="HOST:PORT", help="Where.")
@_config
@shared_options
def miniflux(shared: Shared, /, **options: Any) -> int:
    """Wait for the webhooks of a Miniflux, and replace the contents of its new entries by the clean articles.

    [miniflux] in the configuration names its `url`, an `api_key` and the `webhook_secret` that it shows. It
    runs until it is stopped; port 0 takes a free one.
    """
    return run("miniflux", shared, options)


READERS = (feed, filter_, article, render, miniflux)
