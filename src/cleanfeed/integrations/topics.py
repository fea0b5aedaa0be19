"""The feeds of topics, by addresses such as `cleanfeed:everything`: what the last build has written."""

from __future__ import annotations

import re
import subprocess
import sys
from hashlib import sha256
from typing import TYPE_CHECKING, Any, NamedTuple

from cleanfeed.config import RESERVED
from cleanfeed.errors import ConfigError, PublishError
from cleanfeed.lookup.configured import configured

if TYPE_CHECKING:
    from collections.abc import Callable

    from cleanfeed.config import Config

SCHEME = "cleanfeed:"
_TOPIC = re.compile(r"[a-z0-9][a-z0-9-]{0,79}")


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
        self._checked(address, self._config())

    def feed(self, address: str) -> BuiltFeed:
        """The feed, as JSON Feed, which keeps all authors apart; it is built where it has never been."""
        config = self._config()
        topic = self._checked(address, config)
        path = config.output / f"{topic}.json"
        if not path.is_file():
            _build(config)
        try:
            body = path.read_bytes()
        except OSError as error:
            said = f"{path}: cannot be read ({error.strerror}); build it: cleanfeed build {config.path}"
            raise PublishError(said) from error
        return BuiltFeed(body, "application/feed+json", {"sha256": sha256(body).hexdigest()})

    def _checked(self, address: str, config: Config) -> str:
        topic = address.partition(":")[2].lower()
        known = sorted(each.slug for each in config.topics)
        is_one = _TOPIC.fullmatch(topic) and topic not in RESERVED
        if is_one and (topic in known or (config.output / f"{topic}.json").is_file() or config.auto):
            return topic
        if not config.path.is_file():
            raise ConfigError(f"{address}: there is no {config.path} here; name yours by CLEANFEED_CONFIG")
        raise ConfigError(f"{address}: no such topic in {config.path}; topics: {', '.join(known) or 'none'}")


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
