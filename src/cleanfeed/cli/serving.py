"""The command that serves, and its options."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from cleanfeed.cli.shared import Shared, run, shared_options


@click.command(short_help="Serve feeds and clean articles over HTTP.")
@click.argument("config", required=False, type=click.Path(path_type=Path))
@click.option(
    "--config",
    "named",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="The configuration: cleanfeed.toml, unless named here or by CLEANFEED_CONFIG.",
)
@click.option("--host", default="127.0.0.1", show_default=True, help="Where to listen.")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8000,
    show_default=True,
    help="Where to listen; 0 takes a free port.",
)
@click.option("--token", metavar="TOKEN", help="Answer nobody without it. Also CLEANFEED_TOKEN.")
@click.option("--every", metavar="TIME", help="Build so often, such as 30m or 1h.")
@shared_options
def serve(shared: Shared, /, **options: Any) -> int:
    """Serve the feeds of CONFIG, single clean articles, and full-text versions of the outlets' own feeds.

    It prints the address that it listens on, and stops on Ctrl-C or SIGTERM (exit status 0). -v logs each
    request on standard error.

    \b
    cleanfeed serve --every 1h              build every hour, and serve what is built
    http://127.0.0.1:8000/everything.atom   a feed
    http://127.0.0.1:8000/parser?url=…      a clean article
    http://127.0.0.1:8000/feed?url=…        a feed of an outlet with whole articles
    """  # noqa: D301  # the backspace is click's own mark: what follows keeps its lines
    return run("serve", shared, options)
