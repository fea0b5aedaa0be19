"""Whether the outlets that a command line names are loaded."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cleanfeed.errors import ConfigError
from cleanfeed.tables import nearest, shown

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cleanfeed.plugins import Plugins


def check_loaded(loaded: Plugins, slugs: Iterable[str]) -> None:
    """A `ConfigError` for an outlet that is named with `--outlet`, and not loaded."""
    for slug in slugs:
        if slug not in loaded.directory.by_slug:
            known = ", ".join(sorted(loaded.directory.by_slug)) or "none"
            hint = nearest(slug, loaded.directory.by_slug)
            raise ConfigError(f"--outlet: no outlet {shown(slug)} is loaded{hint}; loaded: {known}")
