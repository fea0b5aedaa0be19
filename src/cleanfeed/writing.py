"""What a build writes: the feeds and pages of all that the ledger holds."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from cleanfeed import built, hub
from cleanfeed.archives import Archives, keep, known_to
from cleanfeed.health import remembered
from cleanfeed.health.report import page_of, states_of
from cleanfeed.pipeline import Found, feed_with, rules_of, site_of, stories_of, write_all
from cleanfeed.report import put

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from cleanfeed.config import Config
    from cleanfeed.errors import TroubledOutlet
    from cleanfeed.ledger import Ledger
    from cleanfeed.model import Entry, Site
    from cleanfeed.outlet import Outlet
    from cleanfeed.plugins import Plugins
    from cleanfeed.report import Report
    from cleanfeed.shelf import Card


@dataclass(frozen=True, slots=True)
class Writing:
    """Writes all files of one build, and remembers which entries they hold."""

    config: Config
    ledger: Ledger
    mark: str
    """Of the code that writes."""
    now: Callable[[], datetime]
    report: Report

    def write(self, outlets: Sequence[Outlet], loaded: Plugins, troubles: Sequence[TroubledOutlet]) -> Found:
        known = len(self.report.problems)
        findings = remembered.remembered(self.ledger)
        states = states_of(self.ledger, [outlet.slug for outlet in outlets], findings)
        site = replace(site_of(self.config, loaded.outlets, has_health=True), health=states)
        found = self._found(site)
        get, archives = partial(_entry_of, self.ledger), self._archives(site)
        ids = write_all(self.config, found, get, site, self.report, archives=archives)
        names = {outlet.slug: outlet.name for outlet in outlets}
        put(self.config.output / "health.html", page_of(self.ledger, names, findings, site), self.report)
        self._remember(ids, archives)
        if len(self.report.problems) == known:  # what could not be written is tried again by the next build
            self._remember_files(troubles)
        return found

    def _remember(self, ids: frozenset[str], archives: Archives | None) -> None:
        built.remember_in_feeds(self.ledger, ids)
        self.ledger.prune(ids | (archives.ids if archives else frozenset()), self.now())
        hub.note_changes(self.ledger, self.config, self.report.outlines)
        if archives:
            keep(self.ledger, archives.past)

    def _remember_files(self, troubles: Sequence[TroubledOutlet]) -> None:
        key = built.key_of(self.config, self.mark, self.ledger)
        files = built.state_of(self.config.output, self.report.files)
        said = list(map(str, troubles))
        built.remember(self.ledger, built.Built(key, files, self.report.outlines, said, self.report.copies))

    def _archives(self, site: Site) -> Archives | None:
        if not self.config.publish.archives:
            return None
        known = known_to(self.ledger, self.mark, self.config.output)
        return Archives(self.config.output, site, known, feed_with, self.report)

    def _found(self, site: Site) -> Found:
        """All entries and their stories; under which ids these are published is remembered."""
        ledger = self.ledger
        cards = self._wanted(ledger.cards(*rules_of(self.config)))
        stories = stories_of(self.config, cards, ledger.signature, site, ledger.leads())
        ledger.remember_leads({id_: story.lead for id_, story in stories.by_entry.items()})
        return Found(cards, stories)

    def _wanted(self, cards: dict[str, Card]) -> dict[str, Card]:
        """The entries of the outlets that the configuration names; those of others are kept, unseen."""
        outlets = self.config.outlets
        return {id_: card for id_, card in cards.items() if not outlets or card.outlet in outlets}


def _entry_of(ledger: Ledger, card: Card) -> Entry:
    return ledger.entry(card.id)
