"""The clean entry of an address: as a build knows it, as it was had lately, or from the web."""

from __future__ import annotations

import threading
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING, Self

from cleanfeed.addresses import absolute, canonical, host_of
from cleanfeed.errors import FetchError, NotAnArticle, PageError, Unclaimed
from cleanfeed.lookup.clients import Clients
from cleanfeed.lookup.kept import Kept, Known, Note
from cleanfeed.model import ANY_SITE

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
    from types import TracebackType

    from cleanfeed.config import Config
    from cleanfeed.fetch.answer import Answer
    from cleanfeed.fetch.client import Fetcher
    from cleanfeed.fetch.hosts import HostState
    from cleanfeed.model import Entry
    from cleanfeed.plugins import Plugins
    from cleanfeed.sources.files import SavedPage
    from cleanfeed.work import Result

    Read = Callable[[Sequence[SavedPage]], Iterable[Result]]
    """Reads pages, in their order, in processes that can be killed."""

_LANES_OF_A_HOST = 2
_AT_A_TIME = 40
"""Addresses between two notes of what was had: what an interruption can cost."""


def utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """How to look up, beyond the configuration."""

    plugins: tuple[Path, ...] = ()
    offline: bool = False
    """Nobody is asked: what is not known is an error."""
    outlets: tuple[str, ...] = ()
    """Addresses of others are refused; all are welcome where it is empty."""
    is_patient: bool = False
    """What was asked for in vain lately is not asked for again: for programs that ask by the clock."""
    verbose: bool = False
    now: Callable[[], datetime] = utc_now
    loaded: Plugins | None = None
    """The plugins, where the caller has them already."""
    read: Read | None = None
    """Reads pages, where the caller has workers of its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Task:
    """One address that is to be had from the web."""

    address: str
    outlet: str
    known: Known | None
    is_changed: bool = False
    """Whether what is known is known to be out of date."""


class Lookup:
    """Looks addresses up; many threads may use it.

    Plugins and the client are loaded when an address is first to be had from the web. What is had is
    remembered in a file beside the ledger, `asked.sqlite3`, and never comes into a feed of a build.
    """

    def __init__(self, config: Config, terms: Terms | None = None) -> None:
        self._config = config
        self._terms = terms or Terms()
        self._kept = Kept(config.ledger, self._terms.now)
        self._loaded = self._terms.loaded
        self._clients = Clients(self._client, self._kept.hosts, self._terms.now)
        self._making = threading.RLock()

    @property
    def notes(self) -> list[str]:
        """What hindered no answer, yet should be known: as a file that cannot be written."""
        return self._kept.notes

    def taken_notes(self) -> list[str]:
        """The notes, which are none from now on: for programs that go on, and tell them as they come."""
        taken: list[str] = []
        with suppress(IndexError):  # another thread may be taking them too
            while self.notes:
                taken.append(self.notes.pop(0))
        return taken

    @property
    def loaded(self) -> Plugins:
        with self._making:
            if self._loaded is None:
                from cleanfeed.plugins import load  # noqa: PLC0415  # what is known needs no plugin

                self._loaded = load(self._terms.plugins)
            if self.claims_all and self._loaded.spare is None:
                from cleanfeed.plugins import with_any_site  # noqa: PLC0415  # see above

                self._loaded = with_any_site(self._loaded)
            return self._loaded

    @property
    def claims_all(self) -> bool:
        """Whether any public host may be asked, and not those of outlets alone."""
        return self._config.any_site

    def entry(self, address: str) -> Entry:
        """The clean entry of this address; a `PageError` with the reason where there is none."""
        found = next(self.entries([address]))[1]
        if isinstance(found, PageError):
            raise found
        return found

    def claims(self, address: str) -> bool:
        """Whether an address may be looked up at all; nobody is asked."""
        try:
            self._outlet(address)
        except PageError:
            return False
        return True

    def entries(
        self, addresses: Sequence[str], *, changed: Collection[str] = ()
    ) -> Iterator[tuple[str, Entry | PageError]]:
        """Each address with its entry, or the reason why there is none, in the order given.

        Hosts are asked at the same time, each as politely as a build asks it. An entry that cannot be
        brought up to date is given as it is known. Those of `changed` are asked for, however lately
        they were had, and give the reason where they cannot be had.
        """
        meant = {address: canonical(address) for address in addresses}
        known = self._known(each for each in meant.values() if each)
        anew = set() if self._terms.offline else {meant.get(address) for address in changed}
        found = {
            each: known[each].entry for each in known if each not in anew and self._is_enough(known[each])
        }
        refused, tasks = self._sorted(meant, known, found.keys())
        tasks = [replace(task, is_changed=task.address in anew) for task in tasks]
        had = self._had_or_vain(tasks) if tasks else {}
        for address, name in meant.items():
            yield address, refused.get(address) or found.get(name or "") or had[name or ""]

    def ready(self, address: str) -> Entry | None:
        """The entry that can be given without a request; `None` where the web has to be asked.

        A `PageError` for an address that nobody may ask for.
        """
        name = canonical(address)
        known = self._known([name] if name else []).get(name or "")
        if known is not None and self._is_enough(known):
            return known.entry
        self._outlet(address)
        return None

    def original(self, address: str) -> Answer:
        """A feed as its server gives it, of a host that an outlet claims; a `FetchError` else."""
        from cleanfeed.fetch.answer import Ask  # noqa: PLC0415  # see loaded

        url = absolute(address)
        if url is None:
            raise Unclaimed(address, "is no public address of the web (http or https)", "refused")
        if not self._is_welcome(url):
            raise Unclaimed(address, f"no loaded outlet claims {host_of(url)}", "refused")
        with self._clients.borrowed() as client:
            return client.get(Ask(url=url, kind="listing"))

    def read(self, address: str, body: bytes) -> Entry:
        """The entry of a page that the caller has already; nothing is asked, and nothing remembered."""
        from cleanfeed.sources.files import SavedPage  # noqa: PLC0415  # see loaded

        self._outlet(address)
        page = SavedPage(Path(), address, body, address)
        return _entry_of(next(iter(self._reader()([page]))))

    def close(self) -> None:
        self._clients.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None
    ) -> None:
        self.close()

    # --- whose addresses

    def _known(self, names: Iterable[str]) -> dict[str, Known]:
        """What is known of canonical addresses; a guess is nothing where none is made."""
        known = self._kept.known(names)
        return {
            name: each for name, each in known.items() if self.claims_all or each.entry.outlet != ANY_SITE
        }

    def _is_enough(self, known: Known) -> bool:
        wanted = self._terms.outlets
        return (self._terms.offline or not known.is_due) and (not wanted or known.entry.outlet in wanted)

    def _sorted(
        self, meant: dict[str, str | None], known: dict[str, Known], done: Collection[str | None]
    ) -> tuple[dict[str, PageError], list[_Task]]:
        """The addresses that nobody may ask for, each with the reason, and those that are to be had."""
        refused: dict[str, PageError] = {}
        tasks: dict[str, _Task] = {}
        for address, name in meant.items():
            if name in done:
                continue
            try:
                outlet = self._outlet(address)
                if self._terms.offline:
                    raise FetchError(address, "is not known yet, and nobody is asked (--offline)", "refused")
            except PageError as error:
                refused[address] = error
            else:
                tasks[name or ""] = _Task(address=name or "", outlet=outlet, known=known.get(name or ""))
        return refused, list(tasks.values())

    def _outlet(self, address: str) -> str:
        """The slug of the outlet that claims an address."""
        name = canonical(address)
        if name is None:
            raise Unclaimed(address, "is no public address of the web (http or https)", "refused")
        outlet = self.loaded.directory.of_address(name)
        if outlet is None and self._is_spare(name):
            return self._wanted(address, ANY_SITE)
        if outlet is None:
            raise Unclaimed(address, f"no loaded outlet claims {host_of(name)}", "refused")
        return self._wanted(address, outlet.slug)

    def _is_spare(self, address: str) -> bool:
        """Whether an address is one for the outlet of last resort."""
        return self.claims_all and not self.loaded.directory.claims_host(address)

    def _wanted(self, address: str, slug: str) -> str:
        if self._terms.outlets and slug not in self._terms.outlets:
            raise Unclaimed(address, f"is of outlet {slug!r}, which is not wanted here", "refused")
        return slug

    # --- the web

    def _had_or_vain(self, tasks: Sequence[_Task]) -> dict[str, Entry | PageError]:
        new = [task.address for task in tasks if task.known is None]
        vain = self._kept.in_vain(new) if self._terms.is_patient else {}
        asked = [task for task in tasks if task.address not in vain]
        return {**vain, **(self._had(asked) if asked else {})}

    def _had(self, tasks: Sequence[_Task]) -> dict[str, Entry | PageError]:
        had: dict[str, Entry | PageError] = {}
        with self._clients.borrowed() as client:
            for start in range(0, len(tasks), _AT_A_TIME):
                some = tasks[start : start + _AT_A_TIME]
                notes = list(self._noted(some, dict(self._answers(client, some))))
                self._kept.note([note for note, _found in notes], client.states())
                had |= {note.address: found for note, found in notes}
        return had

    def _answers(self, client: Fetcher, tasks: Sequence[_Task]) -> Iterator[tuple[str, Answer | FetchError]]:
        from cleanfeed.fetch.answer import Ask  # noqa: PLC0415  # see loaded
        from cleanfeed.fetch.lanes import in_lanes  # noqa: PLC0415  # see loaded

        def ask(task: _Task) -> Answer | FetchError:
            etag, modified = (task.known.etag, task.known.last_modified) if task.known else (None, None)
            try:
                return client.get(Ask(url=task.address, etag=etag, last_modified=modified))
            except FetchError as error:
                return error

        def stop() -> None:
            self._clients.drop(client)  # stopped, it would be of no use to anybody else

        lanes = ((host_of(task.address), task) for task in tasks)
        for task, answer in in_lanes(lanes, ask, lanes=_LANES_OF_A_HOST, stop=stop):
            yield task.address, answer

    def _noted(
        self, tasks: Sequence[_Task], answers: dict[str, Answer | FetchError]
    ) -> Iterator[tuple[Note, Entry | PageError]]:
        """What is to be remembered of each task, and what is its answer."""
        read = self._read_all(answers)
        for task in tasks:
            answer, result = answers[task.address], read.get(task.address)
            note = Note(address=task.address, outlet=task.outlet, answer=answer)
            stands = task.known.entry if task.known else None
            known = None if task.is_changed else stands
            if isinstance(answer, FetchError):
                yield note, known or answer
            elif result is None:
                yield note, stands or NotAnArticle(task.address, "its server says that it has not changed")
            elif result.entry is not None and self._is_its_own(task, answer, result.entry):
                yield replace(note, entry=result.entry), result.entry
            else:
                error = result.error or NotAnArticle(task.address, "is not of the site that it says it is of")
                yield replace(note, reason=error.reason), known or error

    def _is_its_own(self, task: _Task, answer: Answer, entry: Entry) -> bool:
        """Whether no stranger speaks for an outlet, and no page of an outlet was guessed at."""
        led = self.loaded.directory.of_address(answer.final or task.address)
        slug = led.slug if led else ANY_SITE
        return not self.claims_all or (entry.outlet == slug and (slug != ANY_SITE or task.outlet == ANY_SITE))

    def _read_all(self, answers: dict[str, Answer | FetchError]) -> dict[str, Result]:
        bodies = {
            address: answer
            for address, answer in answers.items()
            if not isinstance(answer, FetchError) and answer.status == HTTPStatus.OK
        }
        pages = [_page_of(address, answer) for address, answer in bodies.items()]
        return dict(zip(bodies, self._reader()(pages), strict=True)) if pages else {}

    def _reader(self) -> Read:
        if self._terms.read is not None:
            return self._terms.read
        from cleanfeed.work import Setup, run  # noqa: PLC0415  # see loaded

        setup = Setup(self._terms.plugins, (), self._terms.verbose, any_site=self.claims_all)
        return lambda pages: run(pages, setup, loaded=self.loaded)

    def _client(self, states: Iterable[HostState]) -> Fetcher:
        from cleanfeed.fetch.client import Fetcher  # noqa: PLC0415  # see loaded
        from cleanfeed.sources.web import settings_of  # noqa: PLC0415  # see loaded

        settings = replace(settings_of(self._config), is_welcome=self._is_welcome, forgives_gone=True)
        return Fetcher(settings, states, now=self._terms.now)

    def _is_welcome(self, url: str) -> bool:
        """Whether an address, to which a redirect may have led, is on a host that may be asked."""
        return self.claims_all or self.loaded.directory.claims_host(url)


def _page_of(address: str, answer: Answer) -> SavedPage:
    from cleanfeed.sources.files import SavedPage, Told  # noqa: PLC0415  # see Lookup.loaded

    told = Told(retrieved=answer.retrieved, charset=answer.charset)
    return SavedPage(Path(), address, answer.body, answer.final or address, told)


def _entry_of(result: Result) -> Entry:
    if result.entry is None:
        raise result.error or NotAnArticle(result.page, "gives no entry")
    return result.entry
