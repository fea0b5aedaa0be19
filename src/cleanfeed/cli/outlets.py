"""`cleanfeed outlets`: what is loaded, and from where."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from cleanfeed.cli.console import say_json, table
from cleanfeed.plugins import load

if TYPE_CHECKING:
    from cleanfeed.cli.app import Shared
    from cleanfeed.outlet import Outlet
    from cleanfeed.plugins import Plugins

_HEAD = ("outlet", "name", "language", "time zone", "hosts", "from")


def run(shared: Shared, *, form: str) -> int:
    loaded = load(shared.plugins)
    if form == "json":
        say_json(json.dumps([_as_dict(outlet, loaded) for outlet in loaded.outlets], ensure_ascii=False))
    else:
        table(_HEAD, (_as_row(outlet, loaded) for outlet in loaded.outlets))
    return 0


def _as_row(outlet: Outlet, loaded: Plugins) -> tuple[str, ...]:
    hosts = ", ".join(outlet.hosts[:2]) + (" …" if len(outlet.hosts) > 2 else "")  # noqa: PLR2004  # as many as fit
    source = loaded.declared_by[outlet.slug].source
    return outlet.slug, outlet.name, outlet.language, outlet.timezone, hosts, source


def _as_dict(outlet: Outlet, loaded: Plugins) -> dict[str, Any]:
    return {
        "slug": outlet.slug,
        "name": outlet.name,
        "language": outlet.language,
        "direction": outlet.direction,
        "timezone": outlet.timezone,
        "hosts": list(outlet.hosts),
        "captures": outlet.capture is not None,
        "from": loaded.declared_by[outlet.slug].source,
    }
