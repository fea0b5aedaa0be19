"""`cleanfeed serve`: feeds, articles and full-text feeds over HTTP."""

from __future__ import annotations

import os
import re
from importlib.util import find_spec
from typing import TYPE_CHECKING

import click

from cleanfeed.cli.console import complain, say
from cleanfeed.config import load as load_config
from cleanfeed.errors import ConfigError
from cleanfeed.keys import WORD, Serve
from cleanfeed.lookup.configured import place_of

if TYPE_CHECKING:
    from pathlib import Path

    from cleanfeed.cli.shared import Shared

_NEEDED = ("starlette", "uvicorn", "h11")
_UNITS = {"": 1, "s": 1, "m": 60, "h": 3600, "d": 86400}
_LONGEST = 30 * 86400
TOKEN_VARIABLE = "CLEANFEED_TOKEN"  # noqa: S105  # a name


def run(
    shared: Shared,
    *,
    config: Path | None,
    named: Path | None,
    host: str,
    port: int,
    token: str | None,
    every: str | None,
) -> int:
    if config and named:
        raise click.UsageError(f"the configuration is named twice: {config}, and --config {named}")
    seconds = None if every is None else _seconds(every)
    lacking = [name for name in _NEEDED if find_spec(name) is None]
    if lacking:
        raise ConfigError(f"serve needs {' and '.join(lacking)}: pip install 'cleanfeed[serve]'")
    settings = load_config(place_of(named or config))
    rules = _rules(settings.serve, token)
    # Slow, and what is wrong with the options is told without it.
    from cleanfeed.serve.server import Wishes  # noqa: PLC0415  # see above
    from cleanfeed.serve.server import run as serve  # noqa: PLC0415  # see above

    wishes = Wishes(
        host=host,
        port=port,
        rules=rules,
        every=seconds,
        plugins=shared.plugins,
        verbose=shared.verbose,
        announce=say,
        tell=complain,
    )
    serve(settings, wishes)
    return 0


def _rules(configured: Serve, named: str | None) -> Serve:
    """The rules with the token of the command line, else that of the environment, else their own."""
    said = {"--token": named, TOKEN_VARIABLE: os.environ.get(TOKEN_VARIABLE) or None}
    for where, token in said.items():
        if token is not None:
            if not re.match(WORD, token):
                raise ConfigError(f"{where}: must be a word in ASCII, without spaces")
            return Serve(
                token=token, feedbin_user=configured.feedbin_user, feedbin_secret=configured.feedbin_secret
            )
    return configured


def _seconds(every: str) -> float:
    found = re.fullmatch(r"(\d{1,7})\s*([smhd]?)", every.strip().lower())
    seconds = int(found[1]) * _UNITS[found[2]] if found else 0
    if not 1 <= seconds <= _LONGEST:
        raise ConfigError(f"--every {every}: must be a time such as 30m, 1h or 1d, from 1s to 30d")
    return float(seconds)
