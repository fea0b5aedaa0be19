"""`cleanfeed build`: the main job."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from cleanfeed.cli.console import complain, progress, relative, say, table
from cleanfeed.config import check_outlets
from cleanfeed.config import load as load_config
from cleanfeed.errors import ConfigError, PageError
from cleanfeed.pipeline import build, explain
from cleanfeed.plugins import load as load_plugins
from cleanfeed.report import counted
from cleanfeed.shelf import Shelf
from cleanfeed.sources.files import SavedPage, find
from cleanfeed.work import Setup
from cleanfeed.work import run as read

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cleanfeed.cli.app import Shared
    from cleanfeed.config import Config
    from cleanfeed.report import Report
    from cleanfeed.work import Result


def run(
    shared: Shared,
    *,
    config: Path,
    pages: tuple[str, ...],
    output: str | None,
    explain: str | None,
    jobs: int | None,
) -> int:
    settings = load_config(config)
    if output:
        settings = replace(settings, output=Path(output))
    loaded = load_plugins(shared.plugins)
    check_outlets(settings, loaded.directory.by_slug.keys())
    found = _find(settings, pages)
    setup = Setup(shared.plugins, settings.outlets, shared.verbose)
    results = progress(read(found, setup, jobs or 0, loaded=loaded), len(found), "Reading pages")
    names = {outlet.slug: outlet.name for outlet in loaded.outlets}
    return _build(settings, _told(results), names, explain)


def _build(settings: Config, results: Iterator[Result], names: dict[str, str], wanted: str | None) -> int:
    with Shelf() as shelf:
        report, cards = build(settings, results, names, shelf)
        if wanted is not None:
            return _explain(explain(wanted, settings, cards, shelf), wanted)
    _summary(report, settings)
    return 1 if report.problems else 0


def _find(settings: Config, named: Sequence[str]) -> list[SavedPage]:
    paths = named or [str(path) for path in settings.pages]
    if not paths:
        raise ConfigError(
            f'{settings.path}: names no pages to read; add pages = ["FOLDER"], or call with --pages FOLDER'
        )
    for path in paths:
        if not os.path.exists(path):  # noqa: PTH110  # Path.exists raises for a name that is too long
            raise ConfigError(f"pages: {path}: no such file or folder")
    found = list(find(paths))
    if not found:
        raise ConfigError(f"pages: no .html or .txt file in {', '.join(paths)}")
    return found


def _told(results: Iterator[Result]) -> Iterator[Result]:
    """The results; each page that gave no entry is named at once."""
    for result in results:
        if result.error is not None:
            complain(result.error)
        yield result


def _summary(report: Report, settings: Config) -> None:
    topics = (
        (each.slug, each.title, each.count, _time(each.newest), _files(report, each.slug))
        for each in report.outlines
    )
    table(("topic", "title", "entries", "newest (UTC)", "files"), topics)
    say()
    counts = sorted(report.outlets.items())
    outlets = ((slug, count.pages, count.entries, len(count.refused)) for slug, count in counts)
    table(("outlet", "pages", "entries", "no entry"), outlets)
    say()
    _remarks(report)
    say(f"{counted(report.files.values())}. Open {relative(settings.output / 'index.html')}")


def _remarks(report: Report) -> None:
    for note in report.notes:
        say(f"note: {note}")
    for problem in report.problems:
        say(f"problem: {problem}")
        if not isinstance(problem, PageError):  # pages were named when they were read
            complain(problem)


def _time(moment: datetime | None) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M") if moment else "–"


def _files(report: Report, slug: str) -> str:
    return counted(
        report.files.get(f"{slug}.{suffix}", "missing") for suffix in ("rss", "atom", "json", "html")
    )


def _explain(lines: list[str], wanted: str) -> int:
    for line in lines:
        say(line)
    if not lines:
        complain(f"cleanfeed: no entry has the id or address {wanted}; `cleanfeed extract PAGE` prints both")
    return 0 if lines else 2
