"""`cleanfeed outlets`: what is loaded, and from where; with `--check`, whether its listings work."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import click

from cleanfeed.cli.console import complain, say_json, table
from cleanfeed.plugins import load

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from cleanfeed.cli.shared import Shared
    from cleanfeed.fetch.client import Fetcher
    from cleanfeed.outlet import Outlet
    from cleanfeed.plugins import Plugins
    from cleanfeed.sources.discovery import Tried

_HEAD = ("outlet", "name", "language", "time zone", "hosts", "from")
_CHECK_HEAD = ("outlet", "listing", "kind", "found")
_AT_A_TIME = 16
"""Outlets; each asks hosts of its own."""


def run(shared: Shared, *, slugs: tuple[str, ...], form: str, check: bool, config: Path | None) -> int:
    if config is not None and not check:
        raise click.UsageError("--config is for --check")
    loaded = load(shared.plugins)
    chosen = _chosen(loaded, slugs)
    if check:
        return _check(chosen, loaded, form, config)
    if form == "json":
        say_json(json.dumps([_as_dict(outlet, loaded) for outlet in chosen], ensure_ascii=False))
    else:
        table(_HEAD, (_as_row(outlet, loaded) for outlet in chosen))
    return 0


def _chosen(loaded: Plugins, slugs: tuple[str, ...]) -> list[Outlet]:
    for slug in slugs:
        if slug not in loaded.directory.by_slug:
            raise click.UsageError(f"no outlet {slug!r} is loaded; see `cleanfeed outlets`")
    return [outlet for outlet in loaded.outlets if not slugs or outlet.slug in slugs]


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


# --- the check


def _check(outlets: Sequence[Outlet], loaded: Plugins, form: str, config: Path | None) -> int:
    fetcher = _fetcher(config)
    try:
        examined = _examined(outlets, loaded, fetcher)
    finally:
        fetcher.close()
    told = [(outlet, tried) for outlet, tries in zip(outlets, examined, strict=True) for tried in tries]
    if form == "json":
        rows = [_tried_dict(outlet, tried) for outlet, tried in told]
        say_json(json.dumps(rows, ensure_ascii=False))
    else:
        table(_CHECK_HEAD, (_tried_row(outlet, tried) for outlet, tried in told))
    silent = [
        outlet
        for outlet, tries in zip(outlets, examined, strict=True)
        if not any(tried.ok for tried in tries)
    ]
    for outlet in silent:
        complain(
            f"{outlet.slug}: {'none of its listings works' if outlet.listings else 'declares no listing'}"
        )
    return 1 if silent else 0


def _fetcher(path: Path | None) -> Fetcher:
    from cleanfeed.config import load as load_config  # noqa: PLC0415  # not needed to list outlets
    from cleanfeed.fetch.client import Fetcher  # noqa: PLC0415  # see above
    from cleanfeed.sources.web import settings_of  # noqa: PLC0415  # see above

    return Fetcher(settings_of(load_config(path) if path else None))


def _examined(outlets: Sequence[Outlet], loaded: Plugins, fetcher: Fetcher) -> list[list[Tried]]:
    from concurrent.futures import ThreadPoolExecutor  # noqa: PLC0415  # see _fetcher
    from datetime import UTC, datetime  # noqa: PLC0415  # see _fetcher

    from cleanfeed.sources.discovery import examine  # noqa: PLC0415  # see _fetcher

    now = datetime.now(UTC)
    with ThreadPoolExecutor(_AT_A_TIME) as pool:
        running = [pool.submit(examine, each, fetcher.get, loaded.directory, now=now) for each in outlets]
        try:
            return [[tried for tries in each.result() for tried in tries] for each in running]
        except BaseException:  # whatever it is, threads must not go on asking
            fetcher.stop()
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def _tried_row(outlet: Outlet, tried: Tried) -> tuple[str, ...]:
    return outlet.slug, tried.address, tried.kind, "; ".join(_said(tried))


def _said(tried: Tried) -> Iterator[str]:
    if not tried.ok:
        yield f"{tried.failure}: {tried.reason}"
    elif tried.links:
        yield "1 article" if tried.links == 1 else f"{tried.links} articles"
        if tried.newest is not None:
            yield f"the newest of {tried.newest:%Y-%m-%d %H:%M} UTC"
    else:
        yield "names sitemaps"


def _tried_dict(outlet: Outlet, tried: Tried) -> dict[str, Any]:
    found = {
        "outlet": outlet.slug,
        "address": tried.address,
        "kind": tried.kind,
        "works": tried.ok,
        "articles": tried.links,
        "newest": tried.newest.isoformat() if tried.newest else None,
        "failure": tried.failure,
        "reason": tried.reason,
    }
    return {name: value for name, value in found.items() if value not in {None, ""}}
