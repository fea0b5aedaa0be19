"""The feeds of topics, by addresses such as `cleanfeed:everything`: what the last build has written."""

from __future__ import annotations

import subprocess
import sys
from hashlib import sha256
from typing import TYPE_CHECKING, Any, NamedTuple

from cleanfeed.errors import ConfigError, PublishError
from cleanfeed.integrations.desk import warn
from cleanfeed.lookup.configured import configured
from cleanfeed.lookup.published import has_been_built, published, slug_in, unknown

if TYPE_CHECKING:
    from collections.abc import Callable

    from cleanfeed.config import Config

SCHEME = "cleanfeed:"
_MOST_LINES = 50
"""Of what went wrong in a build, and are logged."""


class BuiltFeed(NamedTuple):
    """A feed as it was written."""

    body: bytes
    media_type: str
    mark: dict[str, Any]
    """The same for as long as the feed is the same."""


class Shelf:
    """The feeds in the output folder of the configuration, which is found as the commands find it."""

    def __init__(self, config: Callable[[], Config] = lambda: configured(None)) -> None:
        self._config = config

    def check(self, address: str) -> None:
        """Refuses the address of a topic that no build can give, by a `ConfigError`."""
        _checked(address, self._config())

    def feed(self, address: str) -> BuiltFeed:
        """The feed, as JSON Feed, which keeps all authors apart; it is built where it has never been."""
        config = self._config()
        slug = _checked(address, config)
        body = published(config, slug, "json")
        is_configured = any(each.slug == slug for each in config.topics)
        # What comes by itself goes by itself: a build that has ended would have written it.
        if body is None and (is_configured or not has_been_built(config)):
            _build(config)
            body = published(config, slug, "json")
        if body is None and is_configured:
            said = f"{config.output / slug}.json: is not there; build it: cleanfeed build {config.path}"
            raise PublishError(said)
        if body is None:
            raise unknown(config, slug)
        return BuiltFeed(body, "application/feed+json", {"sha256": sha256(body).hexdigest()})


def _checked(address: str, config: Config) -> str:
    try:
        return slug_in(config, address.partition(":")[2].lower())
    except ConfigError as error:
        if config.path.is_file():
            raise ConfigError(f"{address}: {error}") from error
        raise ConfigError(
            f"{address}: there is no {config.path} here; name yours by CLEANFEED_CONFIG"
        ) from error


def _build(config: Config) -> None:
    """Builds in a process of its own: a build takes signals, locks and streams as its own."""
    command = [sys.executable, "-m", "cleanfeed", "build", "--quiet", "--wait", "600", str(config.path)]
    done = subprocess.run(  # noqa: S603  # our own command, of a file that the user named
        command,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
        encoding="utf-8",
        errors="replace",
    )
    if done.returncode > 1:
        last = done.stderr.strip().rpartition("\n")[2]
        raise PublishError(f"{config.path}: could not be built: {last or f'status {done.returncode}'}")
    for line in done.stderr.splitlines()[:_MOST_LINES]:
        warn(line)
