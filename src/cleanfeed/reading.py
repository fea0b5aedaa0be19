"""From a page to its entry: the outlet is found, its plugin asked, and what comes back is guarded."""

from __future__ import annotations

import traceback
from collections.abc import Collection
from pathlib import Path

from cleanfeed.errors import ExtractionError, NotAnArticle, PageError
from cleanfeed.guard import guarded
from cleanfeed.model import Entry, Page
from cleanfeed.outlet import Outlet, choose_address
from cleanfeed.plugins import RESERVED, Plugins, describe
from cleanfeed.walls import wall


def read(page: Page, plugins: Plugins, selected: Collection[str] = ()) -> Entry:
    """The entry of a page, or a `PageError` with the reason why there is none.

    With `selected`, pages of other outlets are refused.
    """
    outlet = outlet_of(page, plugins)
    if selected and outlet.slug not in selected:
        raise NotAnArticle(page.name, f"a page of outlet {outlet.slug!r}, which is not among the chosen outlets")
    choose_address(page, outlet, plugins.directory)
    return _entry(outlet, page, plugins)


def outlet_of(page: Page, plugins: Plugins) -> Outlet:
    """The outlet of a page; a wall is refused first, since it may show nothing of its outlet."""
    kind = wall(page)
    if kind:
        raise NotAnArticle(page.name, kind)
    outlet = plugins.directory.of_page(page)
    if outlet is None:
        where = f" (address {page.url})" if page.url else "; if its address is known, name it (--url or a sidecar file)"
        raise ExtractionError(page.name, f"no loaded outlet claims or recognises this page{where}")
    return outlet


def _entry(outlet: Outlet, page: Page, plugins: Plugins) -> Entry:
    try:
        entry = plugins.manager.hook.cleanfeed_extract(outlet=outlet, page=page)
        if isinstance(entry, Entry):
            return entry if entry is page.view("made", lambda _page: None) else guarded(entry, outlet, page)
    except (PageError, KeyboardInterrupt, MemoryError):
        raise
    except BaseException as error:  # a plugin may raise anything, SystemExit included
        reason = f"{_culprit(error, outlet, plugins)} failed: {describe(error)}"
        raise ExtractionError(page.name, reason) from error
    if entry is None:
        raise NotAnArticle(page.name, "a plugin gave no entry for it")
    giver = _giver(outlet, page, plugins)
    raise ExtractionError(page.name, f"{giver} gave {type(entry).__name__} where an Entry is expected")


def _culprit(error: BaseException, outlet: Outlet, plugins: Plugins) -> str:
    """The plugin whose file is innermost in the traceback, else the one of the outlet."""
    files = [frame.filename for frame in traceback.extract_tb(error.__traceback__)]
    for file in reversed(files):
        for name, plugin in plugins.manager.list_name_plugin():
            if name != RESERVED and getattr(plugin, "__file__", None) and Path(file) == Path(plugin.__file__):  # type: ignore[union-attr]  # asked just before
                return f"plugin {name!r} ({plugins.sources[name]})"
    return plugins.origins[outlet.slug]


def _giver(outlet: Outlet, page: Page, plugins: Plugins) -> str:
    """The plugin that gave something that is no entry: each is asked alone."""
    everybody = plugins.manager.get_plugins()
    for name, plugin in reversed(plugins.manager.list_name_plugin()):
        if plugin is None or name == RESERVED:
            continue
        alone = plugins.manager.subset_hook_caller("cleanfeed_extract", everybody - {plugin})
        try:
            answer = alone(outlet=outlet, page=page)
        except Exception:  # noqa: BLE001, S112  # a wrapper alone may fail; the question is who answers wrongly
            continue
        if answer is not None and not isinstance(answer, Entry):
            return f"plugin {name!r} ({plugins.sources[name]})"
    return plugins.origins[outlet.slug]
