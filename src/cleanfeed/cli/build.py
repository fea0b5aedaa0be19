"""`cleanfeed build`: the main job."""

from __future__ import annotations

import os
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from cleanfeed.cli.attended import is_watched
from cleanfeed.cli.console import complain, counter, progress, relative, say, table
from cleanfeed.config import check_outlets
from cleanfeed.config import load as load_config
from cleanfeed.errors import ConfigError, NotAnArticle, PageError, PublishError
from cleanfeed.lock import hold
from cleanfeed.model import ANY_SITE
from cleanfeed.publish import open_folder
from cleanfeed.report import counted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from cleanfeed.cli.shared import Shared
    from cleanfeed.config import Config
    from cleanfeed.model import Entry
    from cleanfeed.pipeline import Found
    from cleanfeed.report import Report
    from cleanfeed.shelf import Card
    from cleanfeed.sources.files import SavedPage
    from cleanfeed.work import Result

    Moments = dict[str, datetime]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Options:
    """What the command line says of how to build, and what to tell."""

    explain: str | None
    jobs: int
    offline: bool
    accept: tuple[str, ...]
    wait: float
    summary: str | None
    metrics: str | None
    quiet: bool

    @property
    def is_told(self) -> bool:
        """Whether more is told than what is wrong."""
        return not self.quiet and is_watched()

    def name(self, result: Result) -> None:
        """Names a page that gave no entry; one that is no article is nothing wrong."""
        if result.error is not None and (self.is_told or not isinstance(result.error, NotAnArticle)):
            complain(result.error)


def run(
    shared: Shared,
    *,
    config: Path,
    pages: tuple[str, ...],
    output: str | None,
    jobs: int | None,
    **options: object,
) -> int:
    settings = load_config(config)
    if output:
        settings = replace(settings, output=Path(output))
    wanted = _Options(jobs=jobs or 0, **options)  # type: ignore[arg-type]  # the rest of the command's own options
    paths = list(pages) or [str(path) for path in settings.pages]
    with ExitStack() as stack:
        lock = _Lock(settings, wanted.wait, stack)
        if settings.output.is_dir():
            lock.take()  # now: what is loaded next takes its time
        if paths:
            return _saved(shared, settings, paths, wanted, lock)
        return _live(shared, settings, wanted, lock)


class _Lock:
    """The output folder, for this build alone: taken once, when the folder is there or about to be made."""

    def __init__(self, settings: Config, wait: float, stack: ExitStack) -> None:
        self._folder = settings.output
        self._wait = wait
        self._stack = stack
        self._is_taken = False

    def take(self) -> None:
        if not self._is_taken:
            open_folder(self._folder)
            self._stack.enter_context(hold(self._folder / ".cleanfeed-build.lock", wait=self._wait))
            self._is_taken = True


# --- from saved pages


def _saved(shared: Shared, settings: Config, paths: Sequence[str], options: _Options, lock: _Lock) -> int:
    # Each way of building has its own, and none is quick to import.
    from cleanfeed.pipeline import build  # noqa: PLC0415  # see above
    from cleanfeed.plugins import load  # noqa: PLC0415  # see above
    from cleanfeed.shelf import Shelf  # noqa: PLC0415  # see above
    from cleanfeed.work import Setup  # noqa: PLC0415  # see above
    from cleanfeed.work import run as read  # noqa: PLC0415  # see above

    loaded = load(shared.plugins, any_site=settings.any_site)
    spare = {ANY_SITE: "Other sites"} if settings.any_site else {}
    check_outlets(settings, loaded.directory.by_slug.keys() | spare)
    saved = _find(paths)
    selected = (*settings.outlets, *spare) if settings.outlets else ()
    setup = Setup(shared.plugins, selected, shared.verbose, any_site=settings.any_site)
    results = progress(read(saved, setup, options.jobs, loaded=loaded), len(saved), "Reading pages")
    lock.take()
    with Shelf() as shelf:
        told = _told(results, options)
        report, found = build(settings, told, loaded.outlets, shelf, spare=spare, offline=options.offline)
        _hand_out(report, settings, options, lambda: _newest(found.cards.values()))
        return _tell(report, settings, options, found, shelf.get)


def _find(paths: Sequence[str]) -> list[SavedPage]:
    from cleanfeed.sources.files import find  # noqa: PLC0415  # see _saved

    for path in paths:
        if not os.path.exists(path):  # noqa: PTH110  # Path.exists raises for a name that is too long
            raise ConfigError(f"pages: {path}: no such file or folder")
    found = list(find(paths))
    if not found:
        raise ConfigError(f"pages: no .html or .txt file in {', '.join(paths)}")
    return found


def _told(results: Iterator[Result], options: _Options) -> Iterator[Result]:
    """The results; each page that gave no entry is named at once."""
    for result in results:
        options.name(result)
        yield result


# --- from the web


def _live(shared: Shared, settings: Config, options: _Options, lock: _Lock) -> int:
    from cleanfeed.live import Wishes, build, check_kept, chosen, utc_now  # noqa: PLC0415  # see _saved

    loaded = None
    if options.offline:
        check_kept(settings)  # before anything is made
    else:
        from cleanfeed.plugins import load  # noqa: PLC0415  # see _saved

        loaded = load(shared.plugins)
        chosen(settings, loaded)  # the same
    wishes = Wishes(
        plugins=shared.plugins,
        jobs=options.jobs,
        offline=options.offline,
        accept=options.accept,
        verbose=shared.verbose,
        cards=options.explain is not None,
        tell=options.name,
        watch=counter("Fetching pages"),
    )
    from cleanfeed.ledger import Ledger  # noqa: PLC0415  # see _saved

    lock.take()
    with ExitStack() as stack:
        stack.enter_context(hold(_beside(settings.ledger), wait=options.wait))
        ledger = stack.enter_context(Ledger.open(settings.ledger, feeds=settings.output, now=utc_now()))
        report, found = build(settings, ledger, wishes, loaded=loaded)
        _hand_out(report, settings, options, lambda: _wanted(ledger.newest(), settings))
        return _tell(report, settings, options, found, lambda card: ledger.entry(card.id))


def _beside(ledger: Path) -> Path:
    """The lock of a ledger, which builds to different folders may share."""
    from cleanfeed.ledger.ledger import make_folder  # noqa: PLC0415  # see _saved

    make_folder(ledger)
    return ledger.with_name(f"{ledger.name}.lock")


# --- what is told


def _tell(
    report: Report, settings: Config, options: _Options, found: Found | None, get: Callable[[Card], Entry]
) -> int:
    if options.explain is not None:
        return _explain(options.explain, settings, found, get)
    for problem in report.problems:
        if not isinstance(problem, PageError):  # pages were named when they were read
            complain(problem)
    if options.is_told:
        _summary(report, settings)
    return 1 if report.problems else 0


def _newest(cards: Iterable[Card]) -> Moments:
    """The time of the newest entry of each outlet."""
    found: Moments = {}
    for card in cards:
        found[card.outlet] = max(card.moment, found.get(card.outlet, card.moment))
    return found


def _wanted(newest: Moments, settings: Config) -> Moments:
    """Of the outlets that the configuration names, or of all."""
    return {slug: moment for slug, moment in newest.items() if slug in (settings.outlets or newest)}


def _hand_out(report: Report, settings: Config, options: _Options, newest: Callable[[], Moments]) -> None:
    """The report in other programs' languages."""
    if options.explain is not None:
        return
    try:
        if options.summary:
            from cleanfeed.summary import summary  # noqa: PLC0415  # only where it is asked for

            with Path(options.summary).open("a", encoding="utf-8") as file:
                file.write(summary(report, settings))
        if options.metrics:
            from cleanfeed.metrics import textfile  # noqa: PLC0415  # see above
            from cleanfeed.publish import publish  # noqa: PLC0415  # see above

            publish(Path(options.metrics), textfile(report, newest=newest()))
    except OSError as error:
        report.problems.append(PublishError(f"{error.filename}: cannot be written: {error.strerror}"))
    except PublishError as error:
        report.problems.append(error)


def _summary(report: Report, settings: Config) -> None:
    topics = (
        (each.slug, each.title, each.count, _time(each.newest), _files(report, each.slug))
        for each in report.outlines
    )
    table(("topic", "title", "entries", "newest (UTC)", "files"), topics)
    say()
    _outlets(report)
    say()
    for note in report.notes:
        say(f"note: {note}")
    for problem in report.problems:
        say(f"problem: {problem}")
    say(f"{counted(report.files.values())}. Open {relative(settings.output / 'index.html')}")


def _outlets(report: Report) -> None:
    counts = sorted(report.outlets.items())
    if any(count.visit for _slug, count in counts):
        names = ("listed", "asked", "unchanged", "missed")
        rows = (
            (
                slug,
                *(count.visit.get(name, 0) for name in names),
                count.pages,
                count.entries,
                len(count.refused),
            )
            for slug, count in counts
        )
        table(("outlet", "new", "asked", "unchanged", "missed", "pages", "entries", "no entry"), rows)
    else:
        table(
            ("outlet", "pages", "entries", "no entry"),
            ((slug, count.pages, count.entries, len(count.refused)) for slug, count in counts),
        )


def _time(moment: datetime | None) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M") if moment else "–"


def _files(report: Report, slug: str) -> str:
    return counted(
        report.files.get(f"{slug}.{suffix}", "missing") for suffix in ("rss", "atom", "json", "html")
    )


def _explain(wanted: str, settings: Config, found: Found | None, get: Callable[[Card], Entry]) -> int:
    from cleanfeed.pipeline import explain  # noqa: PLC0415  # see _saved

    lines = explain(wanted, settings, found, get) if found else []
    for line in lines:
        say(line)
    if not lines:
        complain(f"cleanfeed: no entry has the id or address {wanted}; `cleanfeed extract PAGE` prints both")
    return 0 if lines else 2
