"""The web as a source: listings are read and articles asked for; all of it goes into the ledger."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

from cleanfeed.addresses import host_of
from cleanfeed.errors import FetchError
from cleanfeed.fetch.answer import Answer, Ask
from cleanfeed.fetch.lanes import in_lanes
from cleanfeed.fetch.settings import Settings
from cleanfeed.ledger.schema import ITEM
from cleanfeed.sources.discovery import Discovery, discover

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Sequence
    from datetime import datetime

    from cleanfeed.config import Config
    from cleanfeed.errors import CleanfeedError
    from cleanfeed.fetch.client import Fetcher
    from cleanfeed.keys import Fetch
    from cleanfeed.ledger import Ledger, PageRow
    from cleanfeed.outlet import Directory, Outlet
    from cleanfeed.sources.discovery import Tried

_LANES_OF_A_HOST = 2
_AT_A_TIME = 50
"""Pages between two commits: what a crash can cost."""
_ALIKE = 20
"""Pages of one host in a row that are the same to the byte; no outlet has so many."""
_HARDLY_GONE = 3
"""Known articles that are gone in one build, and half of all: it is rather their site that is wrong."""


@dataclass(slots=True)
class Visit:
    """What came of asking one outlet."""

    tried: list[Tried] = field(default_factory=list)
    failure: CleanfeedError | None = None
    """Why no listing could be read."""
    found: int = 0
    """Addresses that were new."""
    asked: int = 0
    had: int = 0
    unchanged: int = 0
    items: int = 0
    """Articles that are as the feed itself tells them, because their pages could not be had."""
    missed: list[FetchError] = field(default_factory=list)
    """New articles that could not be had."""
    unconfirmed: list[FetchError] = field(default_factory=list)
    """Known articles that could not be asked again; their entries stay."""
    withdrawn: list[str] = field(default_factory=list)
    """Known articles that are gone since the last build."""
    missing: list[FetchError] = field(default_factory=list)
    """Known articles that are said to be gone, too many of them to be believed; their entries stay."""


def settings_of(config: Config | None) -> Settings:
    """How the web is asked under a configuration, or without one."""
    from importlib.metadata import version  # noqa: PLC0415  # slow, and needed here alone

    agent = f"cleanfeed/{version('cleanfeed')}"
    if config is None:
        return Settings(user_agent=agent)
    rules = config.fetch
    about = config.contact or config.base_url
    return Settings(
        user_agent=f"{agent} (+{about})" if about else agent,
        delay=rules.delay,
        allow_hosts=rules.allow_hosts,
        mirrors=rules.mirrors,
        proxy=rules.proxy,
    )


class Web:
    """Asks outlets, politely and all at once; the ledger is touched by the caller's thread alone."""

    def __init__(
        self,
        ledger: Ledger,
        fetcher: Fetcher,
        directory: Directory,
        rules: Fetch,
        *,
        now: Callable[[], datetime],
        watch: Callable[[int, int], None],
    ) -> None:
        self._ledger = ledger
        self._fetcher = fetcher
        self._directory = directory
        self._rules = rules
        self._now = now
        self._watch = watch
        self._alike = _Alike()
        self._again: dict[str, _Again] = {}
        self.visits: dict[str, Visit] = {}

    def visit(self, outlets: Sequence[Outlet], in_feeds: Collection[str]) -> dict[str, Visit]:
        """Reads the outlets' listings, then asks for their new articles and for those that are in feeds."""
        self.visits = {outlet.slug: Visit() for outlet in outlets}
        self._again = {outlet.slug: _Again() for outlet in outlets}
        self._ledger.commit()
        try:
            self._discover(outlets)
            self._fetch([row for outlet in outlets for row in self._wanted(outlet, in_feeds)])
            for outlet in outlets:
                self._settle_gone(outlet.slug, in_feeds)
                self._take_retold(outlet.slug)
        finally:
            self._ledger.remember_hosts(self._fetcher.states())
            self._ledger.commit()
        return self.visits

    # --- listings

    def _discover(self, outlets: Sequence[Outlet]) -> None:
        # What the threads need to know of the ledger is handed to them.
        tasks = [(outlet.slug, (outlet, self._reader(outlet))) for outlet in outlets]
        found = in_lanes(tasks, lambda task: task[1](), lanes=1, stop=self._fetcher.stop)
        for (outlet, _reader), discovery in found:
            visit = self.visits[outlet.slug]
            visit.tried, visit.failure = discovery.tried, discovery.failure
            self._ledger.tried(outlet.slug, discovery.tried, self._now())
            # The time that a sitemap tells may be that of the last change.
            dated = not any(each.ok and each.kind == "sitemap" for each in discovery.tried)
            visit.found = self._ledger.listed(outlet.slug, discovery.links, self._now(), dated=dated)
            self._ledger.commit()

    def _reader(self, outlet: Outlet) -> Callable[[], Discovery]:
        return partial(
            discover,
            outlet,
            self._fetcher.get,
            self._directory,
            known=self._ledger.addresses(outlet.slug).__contains__,
            remembered=self._ledger.listings(outlet.slug),
            wanted=self._rules.max_pages,
            now=self._now(),
        )

    # --- articles

    def _wanted(self, outlet: Outlet, in_feeds: Collection[str]) -> Iterator[PageRow]:
        yield from self._ledger.pending(outlet.slug, self._rules.max_pages, self._now())
        yield from self._ledger.recheck([outlet.slug], in_feeds, self._now())

    def _fetch(self, rows: Sequence[PageRow]) -> None:
        tasks = ((host_of(row.address), row) for row in rows)
        answers = in_lanes(tasks, self._ask, lanes=_LANES_OF_A_HOST, stop=self._fetcher.stop)
        for number, (row, answer) in enumerate(answers, 1):
            self._keep(row, answer, self.visits[row.outlet])
            self._watch(number, len(rows))
            if number % _AT_A_TIME == 0:
                self._ledger.commit()

    def _ask(self, row: PageRow) -> Answer | FetchError:
        if self._alike.is_wall(row.address):
            return FetchError(row.address, "its host gives one page for all addresses; left alone", "blocked")
        ask = Ask(url=row.address, etag=row.etag, last_modified=row.last_modified)
        try:
            return self._fetcher.get(ask)
        except FetchError as error:
            return error

    def _keep(self, row: PageRow, answer: Answer | FetchError, visit: Visit) -> None:
        visit.asked += 1
        if isinstance(answer, FetchError):
            self._missed(row, answer, visit)
            return
        if row.entry is not None:
            self._again[row.outlet].note(row)
        if answer.status == 304:  # noqa: PLR2004  # not modified
            visit.unchanged += 1
            self._ledger.unchanged(row.address, answer)
        else:
            self._alike.note(row.address, answer.body)
            changed = self._ledger.had(row.address, answer)
            visit.had += changed
            visit.unchanged += not changed

    def _missed(self, row: PageRow, error: FetchError, visit: Visit) -> None:
        if row.entry is not None and error.kind == "gone":
            self._again[row.outlet].gone.append((row, error))
            return
        is_told = error.kind != "gone" and bool(row.item or (row.entry and row.media_type == ITEM))
        if is_told:
            self._take_item(row)
        self._ledger.failed(row.address, error, self._now())
        if is_told:
            visit.items += 1
        else:
            (visit.missed if row.entry is None else visit.unconfirmed).append(error)

    # --- articles of which there is only what a feed tells

    def _take_retold(self, slug: str) -> None:
        """Takes what a feed tells anew of articles whose pages were not asked for, or failed again."""
        for row in self._ledger.retold(slug):
            self._take_item(row)

    def _take_item(self, row: PageRow) -> None:
        if not row.item:
            return
        item = Answer(
            url=row.address,
            final=row.address,
            status=200,
            body=row.item.encode(),
            media_type=ITEM,
            charset="utf-8",
            retrieved=self._now(),
        )
        self._ledger.had(row.address, item)

    # --- articles that are gone

    def _settle_gone(self, slug: str, in_feeds: Collection[str]) -> None:
        """Takes what is gone as withdrawn, unless it is most of what the outlet has."""
        visit, again = self.visits[slug], self._again[slug]
        missing = again.missing(self._ledger.missing(slug, in_feeds))
        is_believed = len(missing) < max(_HARDLY_GONE, again.there)
        if not is_believed:
            visit.missing = missing
        for row, error in again.gone:
            if is_believed or row.state == "gone":
                self._withdrawn(row, error, visit)
            else:
                self._ledger.went_missing(row.address, error, self._now())

    def _withdrawn(self, row: PageRow, error: FetchError, visit: Visit) -> None:
        if row.state != "gone":
            visit.withdrawn.append(row.address)
        is_last = self._ledger.withdrawn(row.address, self._now())
        if is_last and self._rules.withdrawn == "drop" and row.entry is not None:
            self._ledger.drop([row.entry])
            # Outlets err too: like any page that could not be had, it is tried again for a while.
            self._ledger.failed(row.address, error, self._now())


@dataclass(slots=True)
class _Again:
    """What came of asking the known articles of one outlet again, as far as they have answered."""

    there: int = 0
    gone: list[tuple[PageRow, FetchError]] = field(default_factory=list)
    _is_back: bool = False
    """Whether any was said to be gone, and is there again."""

    def note(self, row: PageRow) -> None:
        self.there += 1
        self._is_back |= row.missing_since is not None

    def missing(self, before: Sequence[PageRow]) -> list[FetchError]:
        """Those that are newly gone, and those that were missing before, unless they are coming back."""
        asked = {row.address for row, _error in self.gone}
        anew = [error for row, error in self.gone if row.state != "gone"]
        others = () if self._is_back else (row for row in before if row.address not in asked)
        return [*anew, *(FetchError(row.address, row.reason, "gone") for row in others)]


class _Alike:
    """Hosts that answer with one and the same page, whatever they are asked for."""

    def __init__(self) -> None:
        self._last: dict[str, tuple[bytes, int]] = {}
        self._walls: set[str] = set()

    def note(self, address: str, body: bytes) -> None:
        host = host_of(address)
        last, times = self._last.get(host, (b"", 0))
        times = times + 1 if body == last else 1
        self._last[host] = (body, times)
        if times >= _ALIKE:
            self._walls.add(host)

    def is_wall(self, address: str) -> bool:
        return host_of(address) in self._walls
