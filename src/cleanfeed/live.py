"""A build from the web, or from what is kept of it: outlets are asked, the ledger learns, feeds written."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from cleanfeed import built, hub
from cleanfeed.config import check_outlets
from cleanfeed.errors import ConfigError, LedgerError, TroubledOutlet
from cleanfeed.fingerprint import fingerprints
from cleanfeed.publish import open_folder
from cleanfeed.report import OutletCount, Report, publish_report

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence
    from pathlib import Path

    from cleanfeed.config import Config
    from cleanfeed.ledger import Ledger, PageRow
    from cleanfeed.outlet import Outlet
    from cleanfeed.pipeline import Found
    from cleanfeed.plugins import Plugins
    from cleanfeed.sources.web import Visit
    from cleanfeed.verdicts import Verdicts
    from cleanfeed.work import Result

_OURS = "health.html"
"""A file that only builds from the web leave behind: the feeds beside it are what a lost ledger held."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """What the command line asks of a build, beyond its configuration."""

    plugins: tuple[Path, ...] = ()
    jobs: int = 0
    offline: bool = False
    accept: tuple[str, ...] = ()
    """Outlets whose pages are to be taken as they are now."""
    verbose: bool = False
    cards: bool = False
    """Whether the entries are wanted, and not only their files."""
    tell: Callable[[Result], None] = lambda _result: None
    """Hears at once of each page that gave no entry."""
    watch: Callable[[int, int], None] = lambda _done, _all: None
    """Hears how many of how many pages have been asked for."""


def utc_now() -> datetime:
    return datetime.now(UTC)


def check_kept(config: Config, ledger: Ledger | None = None) -> None:
    """Raises a `LedgerError` where there is nothing that an offline build could be made from.

    Without the ledger, which would make its file, it is only seen whether there may be something.
    """
    if ledger is None:
        is_empty = not (config.ledger.exists() or (config.output / _OURS).is_file())
    else:
        is_empty = ledger.is_fresh and not ledger.recovered and not ledger.entry_ids()
    if is_empty:
        raise LedgerError(f"{config.ledger}: nothing is kept yet; build once without --offline")


def build(
    config: Config,
    ledger: Ledger,
    wishes: Wishes,
    *,
    loaded: Plugins | None = None,
    now: Callable[[], datetime] = utc_now,
) -> tuple[Report, Found | None]:
    """Brings the ledger up to date and writes all feeds from it; gives the entries where they are wished for.

    `loaded` are the plugins, where the caller has them already. What went wrong is in the report; only what
    makes a build impossible raises.
    """
    report = Report(notes=list(ledger.notes), problems=list(ledger.problems), started=now())
    open_folder(config.output)
    if ledger.is_fresh and not ledger.recovered and (config.output / _OURS).is_file():
        count = ledger.recall(config.output, now())
        report.notes.append(f"the ledger is new: {count} entries were taken from the published feeds")
    if wishes.offline:
        check_kept(config, ledger)
    return report, _Build(config, ledger, wishes, now, report).run(loaded)


class _Build:
    """One build, step by step."""

    def __init__(
        self, config: Config, ledger: Ledger, wishes: Wishes, now: Callable[[], datetime], report: Report
    ) -> None:
        self._config = config
        self._ledger = ledger
        self._wishes = wishes
        self._now = now
        self._report = report
        self._marks = fingerprints(wishes.plugins)
        self._last = built.last(ledger)

    def run(self, loaded: Plugins | None) -> Found | None:
        wishes = self._wishes
        if self._config.fetch.withdrawn == "drop":
            self._drop_withdrawn()
        if (
            wishes.offline
            and not (wishes.accept or wishes.cards or self._unread(None))
            and self._is_as_built()
        ):
            self._restore()
            found = None
        else:
            found = self._full(loaded)
        if not wishes.offline:
            hub.tell_from(self._ledger, self._config, self._report, self._now)
        self._close()
        return found

    def _full(self, loaded: Plugins | None) -> Found | None:
        if loaded is None:
            # Only now: it takes longer to import than to find out that there is nothing to do.
            from cleanfeed.plugins import load  # noqa: PLC0415  # see above

            loaded = load(self._wishes.plugins)
        outlets = chosen(self._config, loaded)
        self._accept(loaded)
        visits = {} if self._wishes.offline else self._visit(outlets, loaded)
        has_read = self._take_in(outlets, loaded, visits)
        troubles = self._troubles(visits)
        self._report.problems += troubles
        if not (has_read or self._wishes.cards) and self._is_as_built(list(map(str, troubles))):
            self._restore()
            return None
        return self._write(outlets, loaded, troubles)

    def _accept(self, loaded: Plugins) -> None:
        from cleanfeed.health import remembered  # noqa: PLC0415  # see _full

        for slug in self._wishes.accept:
            if slug not in loaded.directory.by_slug:
                raise ConfigError(f"--accept: no outlet {slug!r} is loaded; see `cleanfeed outlets`")
            self._ledger.accept(slug)
        found = [
            each for each in remembered.remembered(self._ledger) if each.outlet not in self._wishes.accept
        ]
        remembered.remember(self._ledger, found)

    # --- the web

    def _visit(self, outlets: Sequence[Outlet], loaded: Plugins) -> Mapping[str, Visit]:
        from cleanfeed.fetch.client import Fetcher  # noqa: PLC0415  # not needed offline
        from cleanfeed.sources.web import Web, settings_of  # noqa: PLC0415  # see above
        from cleanfeed.troubles import counts, notes  # noqa: PLC0415  # see above

        fetcher = Fetcher(settings_of(self._config), self._ledger.hosts(), now=self._now)
        web = Web(
            self._ledger,
            fetcher,
            loaded.directory,
            self._config.fetch,
            now=self._now,
            watch=self._wishes.watch,
        )
        try:
            visits = web.visit(outlets, built.in_feeds(self._ledger))
        finally:
            fetcher.close()
        is_dropped = self._config.fetch.withdrawn == "drop"
        for slug, visit in visits.items():
            self._report.notes += notes(slug, visit, dropped=is_dropped)
            self._report.listings[slug] = visit.tried
            self._report.withdrawn += visit.withdrawn
            self._report.outlets.setdefault(slug, OutletCount()).visit = counts(visit)
        self._report.requests = dict(fetcher.requests)
        return visits

    def _troubles(self, visits: Mapping[str, Visit]) -> list[TroubledOutlet]:
        """What is wrong with outlets; one that cannot be had at all says so once."""
        from cleanfeed.troubles import problems  # noqa: PLC0415  # see _full

        findings = self._report.findings
        silenced = {each.outlet for each in findings if each.what in {"unreachable", "blocked"}}
        asked = [(slug, visit) for slug, visit in visits.items() if slug not in silenced]
        missed = [problem for slug, visit in asked for problem in problems(slug, visit)]
        return [*(TroubledOutlet(each.outlet, each.message) for each in findings), *missed]

    # --- the ledger

    def _drop_withdrawn(self) -> None:
        """What was withdrawn while such articles were still to be kept goes now."""
        count = self._ledger.drop_withdrawn(self._config.outlets)
        if count:
            self._report.notes.append(f"{count} articles that were withdrawn earlier have left the feeds")

    def _unread(self, outlets: Sequence[Outlet] | None) -> list[PageRow]:
        slugs = self._config.outlets if outlets is None else [outlet.slug for outlet in outlets]
        rows = self._ledger.unread(self._marks.reading)
        return [row for row in rows if not slugs or row.outlet in slugs]

    def _take_in(self, outlets: Sequence[Outlet], loaded: Plugins, visits: Mapping[str, Visit]) -> bool:
        """Whether there was anything to read."""
        from cleanfeed.health import remembered  # noqa: PLC0415  # see _full
        from cleanfeed.verdicts import Verdicts  # noqa: PLC0415  # see _full

        verdicts = Verdicts(
            ledger=self._ledger,
            directory=loaded.directory,
            now=self._now(),
            visits=visits,
            earlier=remembered.remembered(self._ledger),
        )
        rows = self._unread(outlets)
        if rows:
            self._read(rows, loaded, verdicts)
        read = {row.outlet for row in rows}
        for slug in sorted(visits.keys() - read):
            self._report.findings += verdicts.of(slug, [])
        self._remember_findings(read | visits.keys())
        return bool(rows)

    def _read(self, rows: Sequence[PageRow], loaded: Plugins, verdicts: Verdicts) -> None:
        from cleanfeed.intake import Intake  # noqa: PLC0415  # most builds have nothing to read
        from cleanfeed.work import Setup  # noqa: PLC0415  # see above

        intake = Intake(
            ledger=self._ledger,
            loaded=loaded,
            setup=Setup(self._wishes.plugins, (), self._wishes.verbose),
            mark=self._marks.reading,
            now=self._now(),
            report=self._report,
            tell=self._wishes.tell,
            verdicts=verdicts,
            accepted=self._wishes.accept,
        )
        intake.take_in(rows, self._wishes.jobs)

    def _remember_findings(self, judged: Collection[str]) -> None:
        from cleanfeed.health import remembered  # noqa: PLC0415  # see _full

        others = [each for each in remembered.remembered(self._ledger) if each.outlet not in judged]
        remembered.remember(self._ledger, [*others, *self._report.findings])

    # --- the files

    def _is_as_built(self, findings: list[str] | None = None) -> bool:
        """Whether the files would be the same again."""
        last = self._last
        if last.key != self._key() or (findings is not None and findings != last.findings):
            return False
        return built.is_untouched(last, self._config.output)

    def _key(self) -> str:
        return built.key_of(self._config, self._marks.writing, self._ledger)

    def _write(self, outlets: Sequence[Outlet], loaded: Plugins, troubles: Sequence[TroubledOutlet]) -> Found:
        from cleanfeed.writing import Writing  # noqa: PLC0415  # see _full

        writing = Writing(self._config, self._ledger, self._marks.writing, self._now, self._report)
        return writing.write(outlets, loaded, troubles)

    def _restore(self) -> None:
        """Tells of the files that are there already."""
        self._report.outlines = list(self._last.outlines)
        self._report.files = dict.fromkeys(sorted(self._last.files), "unchanged")
        self._report.copies = self._last.copies

    def _close(self) -> None:
        publish_report(self._config.output, self._report)
        if not self._wishes.offline:
            counts = {slug: count.as_dict() for slug, count in self._report.outlets.items()}
            self._ledger.add_build(
                started=self._report.started,
                seconds=self._report.seconds,
                status=1 if self._report.problems else 0,
                outlets=counts,
            )
        self._ledger.bound_raw(
            days=self._config.fetch.keep_days, megabytes=self._config.fetch.keep_mb, now=self._now()
        )
        self._ledger.commit()


def chosen(config: Config, loaded: Plugins) -> list[Outlet]:
    """The outlets that are asked: those that the configuration names, or all that list their articles.

    A configuration that names others is refused.
    """
    check_outlets(config, loaded.directory.by_slug.keys())
    wanted = config.outlets or [outlet.slug for outlet in loaded.outlets if outlet.listings]
    outlets = [loaded.directory.by_slug[slug] for slug in wanted]
    unlisted = [outlet.slug for outlet in outlets if not outlet.listings]
    if unlisted:
        raise ConfigError(
            f"{config.path}: outlets: {', '.join(unlisted)} cannot be read from the web: "
            'the plugin declares no listings; name saved pages (pages = ["FOLDER"]), or leave the outlet out'
        )
    if not outlets:
        raise ConfigError(f"{config.path}: no loaded outlet declares listings; name saved pages to read")
    return outlets
