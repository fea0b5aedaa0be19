"""Clean per-topic feeds from the messy pages of news outlets: what a plugin or a program may import."""

from cleanfeed import recipes
from cleanfeed.errors import (
    CleanfeedError,
    ConfigError,
    ExtractionError,
    NotAnArticle,
    PageError,
    PluginError,
    PublishError,
    SilentOutlet,
    UnreadablePage,
)
from cleanfeed.hookspecs import hookimpl
from cleanfeed.model import Entry, Page
from cleanfeed.outlet import Outlet, Recipe

__all__ = [
    "CleanfeedError",
    "ConfigError",
    "Entry",
    "ExtractionError",
    "NotAnArticle",
    "Outlet",
    "Page",
    "PageError",
    "PluginError",
    "PublishError",
    "Recipe",
    "SilentOutlet",
    "UnreadablePage",
    "hookimpl",
    "recipes",
]
