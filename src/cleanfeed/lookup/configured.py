"""Which configuration a program around a reader works with: the one that is named, or the usual one."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from cleanfeed.config import Config, load
from cleanfeed.keys import Fetch

if TYPE_CHECKING:
    from collections.abc import Mapping

VARIABLE = "CLEANFEED_CONFIG"
"""The environment variable that names the configuration where nothing else does."""
USUAL = Path("cleanfeed.toml")


def place_of(named: Path | None, environment: Mapping[str, str] = os.environ) -> Path:
    """The file of the configuration: as named, as the environment names it, or `cleanfeed.toml` here."""
    return named or (Path(environment[VARIABLE]) if environment.get(VARIABLE) else USUAL)


def configured(named: Path | None, environment: Mapping[str, str] = os.environ) -> Config:
    """The configuration, which need not be there unless it is named; a `ConfigError` for a wrong one."""
    is_named = named is not None or bool(environment.get(VARIABLE))
    if not is_named and not os.path.lexists(USUAL):
        return _defaults(environment)
    return load(place_of(named, environment))


def _defaults(environment: Mapping[str, str]) -> Config:
    """What there is to go by without a configuration: no topics, and a ledger among the user's caches."""
    cache = environment.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")  # noqa: PTH111  # Path.home raises
    # Without a home nothing can be remembered: the place cannot be made, and a note says so.
    folder = Path(cache) if Path(cache).is_absolute() else Path(os.devnull)
    return Config(
        path=USUAL,
        title="",
        base_url="",
        output=Path("public"),
        contact=None,
        outlets=(),
        pages=(),
        ledger=folder / "cleanfeed" / "ledger.sqlite3",
        topics=(),
        auto=None,
        fetch=Fetch(),
    )
