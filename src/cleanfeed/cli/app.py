"""The commands and their options; what a command does is imported when it is called: help answers at once."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import Any

import click

from cleanfeed.cli.readers import READERS
from cleanfeed.cli.serving import serve
from cleanfeed.cli.shared import PLUGIN, VERBOSE, Seconds, Shared, run, shared_options

_jobs = click.option(
    "--jobs",
    type=click.IntRange(1, 256),
    default=None,
    metavar="N",
    help="Pages that are read at a time (1 to 256). As many as this machine does well, unless given.",
)


def _version(ctx: click.Context, _parameter: click.Parameter, wanted: bool) -> None:
    if wanted:
        version = import_module("importlib.metadata").version  # slow, and needed here alone
        click.echo(f"cleanfeed {version('cleanfeed')}")
        ctx.exit()


@click.group(
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Exit status: 0 fine; 1 done, with problems that standard error names; 2 could not be done.",
)
@click.option("--plugin", "plugins", multiple=True, metavar="PATH", help=PLUGIN)
@click.option("-v", "--verbose", is_flag=True, help=VERBOSE)
@click.option(
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_version,
    help="Show the version.",
)
@click.pass_context
def app(ctx: click.Context, plugins: tuple[str, ...], verbose: bool) -> None:
    """Clean per-topic feeds from the messy pages of news outlets.

    Start with `cleanfeed init`, which writes a configuration, then `cleanfeed build`, which writes RSS, Atom
    and JSON feeds with an index.html. `cleanfeed COMMAND --help` tells more of each command.
    """
    ctx.obj = Shared(plugins=tuple(map(Path, plugins)), verbose=verbose)


@app.command(short_help="Fetch news, or read saved pages, and write all feeds.")
@click.argument("config", default="cleanfeed.toml", type=click.Path(path_type=Path))
@click.option(
    "--pages",
    multiple=True,
    metavar="PATH",
    help="Saved pages to read: a file or a folder. Repeatable. Takes the place of `pages` in CONFIG.",
)
@click.option("--output", metavar="DIR", help="Where the files go. Takes the place of `output` in CONFIG.")
@click.option(
    "--explain",
    metavar="ID",
    help="Build, then say why the entry of this id or address is in which topic, instead of the tables.",
)
@click.option("--offline", is_flag=True, help="Ask nobody: build from what the ledger holds.")
@click.option(
    "--accept",
    multiple=True,
    metavar="OUTLET",
    help="Take this outlet's pages as they are now, though they were reported as broken. Repeatable.",
)
@click.option(
    "--wait",
    type=Seconds(0, 86400),
    default=0.0,
    metavar="SECONDS",
    help="Wait so long for another build to end, instead of giving up at once.",
)
@click.option("--summary", metavar="FILE", help="Append what was done to this file, as Markdown.")
@click.option("--metrics", metavar="FILE", help="Write figures for Prometheus to this file (.prom).")
@click.option(
    "-q",
    "--quiet",
    is_flag=True,
    help="Print nothing but what is wrong; so it is by itself where no terminal is, as in cron.",
)
@_jobs
@shared_options
def build(shared: Shared, /, **options: Any) -> int:
    """Fetch the outlets' new articles and write all feeds of CONFIG (cleanfeed.toml unless named).

    Where `pages` or --pages names saved pages, those are read instead, and nothing is fetched.

    Each topic becomes TOPIC.rss, TOPIC.atom, TOPIC.json and TOPIC.html; beside them lie index.html,
    feeds.opml and report.json. A file whose content is unchanged is not touched.

    \b
    cleanfeed build                                 the feeds of ./cleanfeed.toml
    cleanfeed build --pages saved --output public   of other pages, to another folder
    """  # noqa: D301  # the backspace is click's own mark: what follows keeps its lines
    return run("build", shared, options)


@app.command(short_help="Print the entries of pages, one per line.")
@click.argument("pages", nargs=-1, required=True, metavar="PAGE...")
@click.option("--url", metavar="URL", help="The page's address, where one page is named.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["json", "html", "text"]),
    default="json",
    show_default=True,
    help="One JSON Feed item per line, or the content as HTML or text.",
)
@click.option("--any-site", is_flag=True, help="Read pages of sites that no outlet claims too, by guessing.")
@_jobs
@shared_options
def extract(shared: Shared, /, **options: Any) -> int:
    """Print the entries of pages, in order.

    PAGE is a file, a folder (all .html and .txt in it) or - for standard input. A file x.html may have
    x.json beside it with its `url` and the time when it was `retrieved`. A page that gives no entry is
    named on standard error, with the reason.

    \b
    cleanfeed extract saved.html --url https://www.example.com/some-story/ --format text
    cleanfeed extract pages/ > entries.jsonl
    """  # noqa: D301  # see build
    return run("extract", shared, options)


@app.command(short_help="List the outlets that are loaded, and from where.")
@click.argument("slugs", nargs=-1, metavar="[OUTLET]...")
@click.option("--format", "form", type=click.Choice(["table", "json"]), default="table", show_default=True)
@click.option("--check", is_flag=True, help="Ask each listing of the outlets, and say what is found there.")
@click.option(
    "--config",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="With --check: the configuration whose `contact` and [fetch] are used.",
)
@shared_options
def outlets(shared: Shared, /, **options: Any) -> int:
    """List the outlets that are loaded: slug, name, language, hosts, and the module or file of each.

    With OUTLET, only those. --check asks the web; exit status 1 means that an outlet has none that works.
    """
    return run("outlets", shared, options)


@app.command(short_help="Write a configuration to begin with, by asking.")
@click.argument("path", default="cleanfeed.toml", type=click.Path(path_type=Path))
@click.option("--yes", is_flag=True, help="Ask nothing: all outlets, one topic with everything, and [auto].")
@click.option(
    "--force", is_flag=True, help="Replace a file that is there already; with --github the workflow alone."
)
@click.option(
    "--github",
    is_flag=True,
    help="Write .github/workflows/cleanfeed.yml too, which builds every hour and publishes with Pages.",
)
@shared_options
def init(shared: Shared, /, **options: Any) -> int:
    """Write a commented configuration to PATH (cleanfeed.toml unless named).

    It asks for outlets, titles, topics and where to publish. With --github, a configuration that is there
    already is kept as it is, and the workflow is made for it.

    \b
    cleanfeed init                  ask, and write ./cleanfeed.toml
    cleanfeed init --yes --github   ask nothing, and build in GitHub Actions
    """  # noqa: D301  # see build
    return run("init", shared, options)


@app.command(short_help="Say how the outlets fare, and what is wrong with which.")
@click.argument("config", default="cleanfeed.toml", type=click.Path(path_type=Path))
@click.option("--format", "form", type=click.Choice(["table", "json"]), default="table", show_default=True)
@shared_options
def health(shared: Shared, /, **options: Any) -> int:
    """Say how the outlets of CONFIG (cleanfeed.toml unless named) fare, from what earlier builds remember.

    For each outlet: its state, its new articles of the last seven days, the length of its texts, the share
    of its articles that have each field, and what the last build found wrong. Nothing is fetched. Exit
    status 1 means that something is wrong with an outlet.
    """
    return run("health", shared, options)


for _each in (*READERS, serve):
    app.add_command(_each)
