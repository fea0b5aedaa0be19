"""From a page to its entry: the outlet is found, its plugin asked, and what comes back is guarded."""

from __future__ import annotations

import traceback
from typing import TYPE_CHECKING

from cleanfeed import builtin
from cleanfeed.blame import Origin, describe, is_interrupt, message
from cleanfeed.declared import declared_addresses
from cleanfeed.errors import ExtractionError, NotAnArticle, PageError, UnreadablePage
from cleanfeed.guard import guarded, made
from cleanfeed.model import Entry, Page
from cleanfeed.outlet import Outlet, choose_address
from cleanfeed.walls import wall

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator

    from cleanfeed.plugins import Plugins


def read(page: Page, plugins: Plugins, selected: Collection[str] = ()) -> Entry:
    """The entry of a page, or a `PageError` with the reason why there is none.

    With `selected`, pages of other outlets are refused.
    """
    outlet = outlet_of(page, plugins)
    if selected and outlet.slug not in selected:
        raise NotAnArticle(
            page.name, f"a page of outlet {outlet.slug!r}, which is not among the chosen outlets"
        )
    return _Asking(outlet, page, plugins).entry()


def outlet_of(page: Page, plugins: Plugins) -> Outlet:
    """The outlet of a page; a wall is refused first, since it may show nothing of its outlet."""
    kind = wall(page)
    if kind:
        raise NotAnArticle(page.name, kind)
    outlet = plugins.directory.of_page(page) or _spare(page, plugins)
    if outlet is None:
        _blame_recognition(page, plugins)
        where = (
            f" (address {page.url})"
            if page.url
            else "; if you know its address, name it (--url or a sidecar file)"
        )
        raise ExtractionError(page.name, f"no loaded outlet claims or recognises this page{where}")
    return outlet


def _spare(page: Page, plugins: Plugins) -> Outlet | None:
    """The outlet of last resort, where it is wished for and no outlet claims a host that the page names."""
    claimed = any(map(plugins.directory.claims_host, declared_addresses(page)))
    return None if plugins.spare is None or claimed else plugins.spare(page)


def _blame_recognition(page: Page, plugins: Plugins) -> None:
    """Names the outlet that might have been the page's, had it not failed to say so."""
    for outlet in plugins.outlets:
        try:
            outlet.recognises(page)
        except BaseException as error:  # a plugin may raise anything, SystemExit included
            if is_interrupt(error):
                raise
            origin = plugins.declared_by[outlet.slug]
            reason = f"{origin} failed in recognises of outlet {outlet.slug!r}: {describe(error, [origin])}"
            raise ExtractionError(page.name, reason) from error


class _Asking:
    """One page, and the plugins that are asked for its entry."""

    def __init__(self, outlet: Outlet, page: Page, plugins: Plugins) -> None:
        self.outlet = outlet
        self.page = page
        self.plugins = plugins

    def entry(self) -> Entry:
        answer = self._answer()
        if answer is None:
            who = self._giver(lambda other: other is None)
            raise NotAnArticle(self.page.name, f"{who} gives no entry for this page")
        if not isinstance(answer, Entry):
            who = self._giver(lambda other: other is not None and not isinstance(other, Entry))
            raise self._error(
                f"{who} gave {type(answer).__name__} in cleanfeed_extract, where an Entry is expected"
            )
        if answer is made(self.page):
            return answer
        return self._guarded(answer)

    def _answer(self) -> object:
        try:
            choose_address(self.page, self.outlet, self.plugins.directory)
            return self.plugins.manager.hook.cleanfeed_extract(outlet=self.outlet, page=self.page)
        except PageError as error:
            raise self._ours(error) from error
        except BaseException as error:  # a plugin may raise anything, SystemExit included
            guilty = self._guilty(error)
            if is_interrupt(error) or (isinstance(error, MemoryError) and guilty is None):
                raise
            who = guilty or self.plugins.declared_by[self.outlet.slug]
            said = describe(error, self.plugins.loaded)
            raise self._error(f"{who} failed on a page of outlet {self.outlet.slug!r}: {said}") from error

    def _guarded(self, answer: Entry) -> Entry:
        try:
            return guarded(answer, self.outlet, self.page)
        except BaseException as error:  # what a plugin puts into an entry may raise anything
            if is_interrupt(error) or isinstance(error, MemoryError):
                raise
            said = message(error) if type(error) in {TypeError, ValueError} else describe(error)
            raise self._error(f"{self._giver(self._is_unsound)} gave a wrong entry: {said}") from error

    def _error(self, reason: str) -> ExtractionError:
        return ExtractionError(self.page.name, reason)

    def _ours(self, error: PageError) -> PageError:
        """The refusal as one of ours: of this page by its name, of a kind that every process knows."""
        kind = next(
            kind
            for kind in (NotAnArticle, UnreadablePage, ExtractionError, PageError)
            if isinstance(error, kind)
        )
        guilty = None if kind is NotAnArticle else self._guilty(error)
        prefix = f"{guilty}: " if guilty else "" if error.page == self.page.name else f"{error.page}: "
        return (ExtractionError if kind is PageError else kind)(self.page.name, f"{prefix}{error.reason}")

    # --- who is to blame

    def _guilty(self, error: BaseException) -> Origin | None:
        """The plugin whose code raised the error; `None` where it was ours, or a library's for us."""
        frames = [frame for frame, _line in traceback.walk_tb(error.__traceback__)]
        # Wrappers only pass on what was raised below the last call of hooks.
        last = max((i for i, frame in enumerate(frames) if frame.f_code.co_name == "_multicall"), default=-1)
        for frame in reversed(frames[last + 1 :]):
            for origin in self.plugins.loaded:
                if origin.owns(frame):
                    return origin
        return self._misbuilt_wrapper(error) if isinstance(error, RuntimeError) else None

    def _misbuilt_wrapper(self, error: RuntimeError) -> Origin | None:
        """The wrapper that yielded never, or twice: pluggy names its file."""
        for origin in self.plugins.loaded:
            file = getattr(self.plugins.manager.get_plugin(origin.name), "__file__", None)
            if file and f"{file}:" in message(error):
                return origin
        return None

    def _giver(self, is_wrong: Callable[[object], bool]) -> str:
        """The plugin that answers wrongly: each is asked again, with the built-in one alone behind it."""
        found = (origin for origin, answer in self._answers() if is_wrong(answer))
        return str(next(found, "one of the plugins"))

    def _answers(self) -> Iterator[tuple[Origin, object]]:
        manager = self.plugins.manager
        for origin in reversed(self.plugins.loaded):
            others = manager.get_plugins() - {manager.get_plugin(origin.name), builtin}
            try:
                answer = manager.subset_hook_caller("cleanfeed_extract", others)(
                    outlet=self.outlet, page=self.page
                )
            except BaseException as error:  # see _answer; who fails now is not who answered
                if is_interrupt(error):
                    raise
            else:
                yield origin, answer

    def _is_unsound(self, answer: object) -> bool:
        if not isinstance(answer, Entry) or answer is made(self.page):
            return False
        try:
            guarded(answer, self.outlet, self.page)
        except BaseException as error:  # see _guarded
            if is_interrupt(error):
                raise
            return True
        return False
