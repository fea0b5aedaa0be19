"""The plugin contract: two hooks, neither of them replayed to plugins that come late."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pluggy

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cleanfeed.model import Entry, Page
    from cleanfeed.outlet import Outlet

hookspec = pluggy.HookspecMarker("cleanfeed")
hookimpl = pluggy.HookimplMarker("cleanfeed")


@hookspec
def cleanfeed_outlets() -> Iterable[Outlet]:  # type: ignore[empty-body]  # a specification has no body
    """The outlets of this plugin; called once, before any page is read.

    A slug or host that two plugins claim is an error that names both.
    """


@hookspec(firstresult=True)
def cleanfeed_extract(outlet: Outlet, page: Page) -> Entry | None:
    """The entry of a page of this outlet; called for each page, in a worker process.

    The first result that is not `None` counts; the built-in implementation comes last and follows the
    outlet's recipe. Every plugin is asked for the pages of every outlet, so look at `outlet.slug`. Raise
    `NotAnArticle` for a page that is none. A wrapper (`wrapper=True`) may change or refuse the entries of all
    outlets. What comes back is sanitised all the same.
    """
