"""`cleanfeed feed`: the feed of a topic on standard output."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from cleanfeed.cli.console import say_data
from cleanfeed.config import load as load_config
from cleanfeed.errors import Locked
from cleanfeed.lookup.configured import place_of
from cleanfeed.lookup.published import has_been_built, published, remembered, slug_in, unknown

if TYPE_CHECKING:
    from pathlib import Path

    from cleanfeed.cli.shared import Shared
    from cleanfeed.config import Config

_PATIENCE = 600.0
"""Seconds to wait for a build that is at work."""
_PAUSE = 0.2


def run(shared: Shared, *, topic: str, form: str, build: bool, linger: float, config: Path | None) -> int:
    path = place_of(config)
    settings = load_config(path)
    slug = slug_in(settings, topic)
    data = (
        None if build else published(settings, slug, form) or remembered(settings, slug, form, shared.plugins)
    )
    status = 0
    is_configured = any(each.slug == slug for each in settings.topics)
    if data is None and (build or is_configured or not has_been_built(settings)):
        status = _build(shared, path, settings)
        data = published(settings, slug, form)
    if data is None and is_configured:
        return 2  # the build has said why
    if data is None:
        raise unknown(settings, topic)
    say_data(data)
    time.sleep(linger)
    return status


def _build(shared: Shared, path: Path, settings: Config) -> int:
    """Builds, or waits for the end of a build that is at work."""
    from cleanfeed.cli import build  # noqa: PLC0415  # what is published needs none of it

    before = _last_report(settings)
    end = time.monotonic() + _PATIENCE
    while True:
        try:
            return build.run(
                shared, config=path, pages=(), output=None, jobs=None, explain=None, offline=False,
                accept=(), wait=0.0, summary=None, metrics=None, quiet=True,
            )  # fmt: skip
        except Locked:
            if time.monotonic() > end:
                raise
        time.sleep(_PAUSE)
        if _last_report(settings) != before:  # somebody else has built just now
            return 0


def _last_report(settings: Config) -> int:
    """When the last build ended, by the time of its report; 0 where there was none."""
    try:
        return (settings.output / "report.json").stat().st_mtime_ns
    except OSError:  # nothing has been built
        return 0
