"""`cleanfeed outlets`: what is loaded, and from where."""

from __future__ import annotations

import json
from typing import Any

import click

from cleanfeed.cli.console import plugin_paths, say_json, shared_options, table
from cleanfeed.outlet import Outlet
from cleanfeed.plugins import Plugins, load


@click.command("outlets")
@click.option("--format", "form", type=click.Choice(["table", "json"]), default="table", show_default=True)
@shared_options
@click.pass_context
def command(ctx: click.Context, form: str, plugins: tuple[str, ...], verbose: bool) -> int:  # noqa: ARG001  # shared with the other commands
    """List the outlets that are loaded: slug, name, language, hosts, and the module or file of each."""
    loaded = load(plugin_paths(ctx, plugins))
    if form == "json":
        say_json(json.dumps([_as_dict(outlet, loaded) for outlet in loaded.outlets], ensure_ascii=False))
        return 0
    rows = (
        (outlet.slug, outlet.name, outlet.language, outlet.timezone, ", ".join(outlet.hosts[:2]), _source(outlet, loaded))
        for outlet in loaded.outlets
    )
    table(("outlet", "name", "language", "time zone", "hosts", "from"), rows)
    return 0


def _as_dict(outlet: Outlet, loaded: Plugins) -> dict[str, Any]:
    return {
        "slug": outlet.slug,
        "name": outlet.name,
        "language": outlet.language,
        "direction": outlet.direction,
        "timezone": outlet.timezone,
        "hosts": list(outlet.hosts),
        "captures": outlet.capture is not None,
        "from": _source(outlet, loaded),
    }


def _source(outlet: Outlet, loaded: Plugins) -> str:
    """The module or file that declares the outlet."""
    return loaded.origins[outlet.slug].partition("(")[2].removesuffix(")")
