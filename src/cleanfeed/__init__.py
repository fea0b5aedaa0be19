"""Clean per-topic feeds from the messy pages of news outlets: what a plugin or a program may import."""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cleanfeed import recipes
    from cleanfeed.errors import (
        CleanfeedError,
        ConfigError,
        EmptiedTopic,
        ExtractionError,
        FetchError,
        LedgerError,
        ListingError,
        Locked,
        NotAnArticle,
        PageError,
        PluginError,
        PublishError,
        SilentOutlet,
        TroubledOutlet,
        Unclaimed,
        UnreadablePage,
    )
    from cleanfeed.hookspecs import hookimpl
    from cleanfeed.model import Enclosure, Entry, Page
    from cleanfeed.outlet import Listing, Outlet, Recipe

__all__ = [
    "CleanfeedError",
    "ConfigError",
    "EmptiedTopic",
    "Enclosure",
    "Entry",
    "ExtractionError",
    "FetchError",
    "LedgerError",
    "Listing",
    "ListingError",
    "Locked",
    "NotAnArticle",
    "Outlet",
    "Page",
    "PageError",
    "PluginError",
    "PublishError",
    "Recipe",
    "SilentOutlet",
    "TroubledOutlet",
    "Unclaimed",
    "UnreadablePage",
    "hookimpl",
    "recipes",
]

_ROOMS = {
    "Enclosure": "model",
    "Entry": "model",
    "Listing": "outlet",
    "Outlet": "outlet",
    "Page": "model",
    "Recipe": "outlet",
    "hookimpl": "hookspecs",
    "recipes": "",
}
"""Where the names come from that are no errors."""


def __getattr__(name: str) -> object:
    # The command line answers --help without the parser and all that these names need.
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    room = _ROOMS.get(name, "errors")
    value: object = (
        getattr(import_module(f"{__name__}.{room}"), name) if room else import_module(f"{__name__}.{name}")
    )
    globals()[name] = value
    return value
