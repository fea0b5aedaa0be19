"""What all commands share: their options, and how they are run."""

from __future__ import annotations

from dataclasses import dataclass
from functools import wraps
from importlib import import_module
from math import isnan
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from collections.abc import Callable

PLUGIN = "A plugin: a file, or a folder of files. Repeatable."
VERBOSE = "Show what plugins print."


class Seconds(click.FloatRange):
    """A number of seconds, none of which is "nan"."""

    name = "seconds"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        seconds: float = super().convert(value, param, ctx)
        if isnan(seconds):  # it is neither below a bound nor above one
            self.fail(f"{value!r} is no number of seconds", param, ctx)
        return seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Shared:
    """The options of all commands, wherever on the line they stand."""

    plugins: tuple[Path, ...] = ()
    verbose: bool = False


def shared_options(function: Callable[..., int]) -> Callable[..., int]:
    """`--plugin` and `-v` after the command too, where one looks for them first."""

    @click.option("--plugin", "plugins", multiple=True, metavar="PATH", help=PLUGIN)
    @click.option("-v", "--verbose", is_flag=True, help=VERBOSE)
    @click.pass_obj
    @wraps(function)
    def command(before: Shared, /, *, plugins: tuple[str, ...], verbose: bool, **options: Any) -> int:
        paths = (*before.plugins, *map(Path, plugins))
        return function(Shared(plugins=paths, verbose=before.verbose or verbose), **options)

    return command


def run(command: str, shared: Shared, options: dict[str, Any]) -> int:
    """Runs a command; only now is imported what it needs."""
    status: int = import_module(f"cleanfeed.cli.{command}").run(shared, **options)
    return status
