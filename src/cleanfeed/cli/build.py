"""`cleanfeed build`: the main job."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import click

from cleanfeed.cli.console import (
    complain,
    is_verbose,
    jobs_option,
    plugin_paths,
    progress,
    relative,
    say,
    shared_options,
    table,
)
from cleanfeed.config import Config, check_outlets, load
from cleanfeed.errors import ConfigError, PageError
from cleanfeed.pipeline import build, explain
from cleanfeed.plugins import load as load_plugins
from cleanfeed.report import Report, counted
from cleanfeed.shelf import Shelf
from cleanfeed.sources.files import SavedPage, find
from cleanfeed.work import Result, Setup, run


@click.command("build")
@click.argument("config", default="cleanfeed.toml", type=click.Path(path_type=Path))
@click.option("--pages", multiple=True, metavar="PATH", help="Saved pages to read: a file or a folder. Repeatable. "
              "Takes the place of `pages` in the configuration.")  # fmt: skip
@click.option("--output", metavar="DIR", help="Where the files go. Takes the place of `output`.")
@click.option("--explain", "wanted", metavar="ID", help="Say why the entry of this id or address is in which topic.")
@jobs_option
@shared_options
@click.pass_context
def command(
    ctx: click.Context,
    config: Path,
    pages: tuple[str, ...],
    output: str | None,
    wanted: str | None,
    jobs: int | None,
    plugins: tuple[str, ...],
    verbose: bool,
) -> int:
    """Read pages and write all feeds of CONFIG (cleanfeed.toml unless named).

    Each topic becomes TOPIC.rss, TOPIC.atom, TOPIC.json and TOPIC.html; beside them lie index.html,
    feeds.opml and report.json. A file whose content is unchanged is not touched.
    """
    settings = _settings(config, pages, output)
    paths = plugin_paths(ctx, plugins)
    loaded = load_plugins(paths)
    check_outlets(settings, loaded.directory.by_slug.keys())
    found = _find(settings)
    setup = Setup(paths, settings.outlets, is_verbose(ctx, verbose))
    names = {outlet.slug: outlet.name for outlet in loaded.outlets}
    with Shelf() as shelf:
        results = _told(progress(run(found, setup, jobs or 0), len(found), "Reading pages"))
        report, cards = build(settings, results, names, shelf)
        if wanted is not None:
            return _explain(explain(wanted, settings, cards, shelf), wanted)
    _summary(report, settings)
    return 1 if report.problems else 0


def _settings(path: Path, pages: tuple[str, ...], output: str | None) -> Config:
    settings = load(path)
    if pages:
        settings = replace(settings, pages=tuple(Path(each) for each in pages))
    return replace(settings, output=Path(output)) if output else settings


def _find(settings: Config) -> list[SavedPage]:
    if not settings.pages:
        raise ConfigError(
            f'{settings.path}: names no pages to read; add pages = ["FOLDER"], or call with --pages FOLDER'
        )
    for path in settings.pages:
        if not path.exists():
            raise ConfigError(f"pages: {path}: no such file or folder")
    found = list(find(settings.pages))
    if not found:
        where = ", ".join(map(str, settings.pages))
        raise ConfigError(f"pages: no .html or .txt file in {where}")
    return found


def _told(results: Iterator[Result]) -> Iterator[Result]:
    """The results; each page that gave no entry is named at once."""
    for result in results:
        if result.error is not None:
            complain(result.error)
        yield result


def _summary(report: Report, settings: Config) -> None:
    rows = ((each.slug, each.title, each.count, _time(each.newest), _files(report, each.slug)) for each in report.outlines)
    table(("topic", "title", "entries", "newest (UTC)", "files"), rows)
    say()
    counts = sorted(report.outlets.items())
    table(("outlet", "pages", "entries", "no entry"), ((slug, c.pages, c.entries, len(c.refused)) for slug, c in counts))
    say()
    for note in report.notes:
        say(f"note: {note}")
    for problem in report.problems:
        say(f"problem: {problem}")
        if not isinstance(problem, PageError):  # pages were named when they were read
            complain(problem)
    say(f"{counted(report.files.values())}. Open {relative(settings.output / 'index.html')}")


def _time(moment: datetime | None) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M") if moment else "–"


def _files(report: Report, slug: str) -> str:
    return counted(report.files.get(f"{slug}.{suffix}", "missing") for suffix in ("rss", "atom", "json", "html"))


def _explain(lines: list[str], wanted: str) -> int:
    for line in lines:
        say(line)
    if not lines:
        complain(f"cleanfeed: no entry has the id or address {wanted}; `cleanfeed extract PAGE` prints both")
    return 0 if lines else 2
