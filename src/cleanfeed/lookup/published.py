"""The feed of a topic without a build: as it is published, or as the ledger has it."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from cleanfeed.config import RESERVED, slug_of
from cleanfeed.errors import ConfigError
from cleanfeed.tables import nearest, shown

if TYPE_CHECKING:
    from pathlib import Path

    from cleanfeed.config import Config
    from cleanfeed.model import Feed

_SLUG = re.compile(r"[a-z0-9][a-z0-9-]{0,59}")


def slug_in(config: Config, topic: str) -> str:
    """The slug of a topic that is named by its slug, key or title; a `ConfigError` for an unknown one.

    Where topics come by themselves, any name may be one of them.
    """
    known = {each.slug for each in config.topics}
    names = {topic: None, slug_of(topic): None}
    found = next((name for name in names if name in known), None)
    if found is None and config.auto is not None:
        found = next((name for name in names if _SLUG.fullmatch(name) and name not in RESERVED), None)
    if found is None:
        raise unknown(config, topic)
    return found


def unknown(config: Config, topic: str) -> ConfigError:
    """The error for a topic that there is not."""
    known = [each.slug for each in config.topics]
    if config.auto is not None:
        known += sorted(each.stem for each in config.output.glob("*.rss") if each.stem not in known)
    told = ", ".join(known) or "none yet"
    return ConfigError(f"{config.path}: no topic {shown(topic)}{nearest(topic, known)}; topics: {told}")


def published(config: Config, slug: str, suffix: str) -> bytes | None:
    """The file that the last build has left, to the byte; also while another build is at work."""
    path = config.output / f"{slug}.{suffix}"
    try:
        return path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read: {error.strerror}") from error


def has_memory(config: Config) -> bool:
    """Whether there is a ledger that a feed can be made from."""
    return not config.pages and config.ledger.is_file()


def remembered(config: Config, slug: str, suffix: str, plugins: tuple[Path, ...] = ()) -> bytes | None:
    """What a build would write from the ledger alone; `None` where it has no such topic, or nothing yet."""
    from cleanfeed.ledger import Ledger  # noqa: PLC0415  # what is published needs none of it
    from cleanfeed.pipeline import arrange, feed_of, rules_of  # noqa: PLC0415  # see above
    from cleanfeed.report import Report  # noqa: PLC0415  # see above

    if not has_memory(config):
        return None
    with Ledger.look(config.ledger, now=datetime.now(UTC)) as ledger:
        if ledger.is_fresh:
            return None
        ids = frozenset().union(*map(ledger.entry_ids, config.outlets or (None,)))
        wanted = {id_: card for id_, card in ledger.cards(*rules_of(config)).items() if id_ in ids}
        for topic, chosen in arrange(config, wanted, Report()):
            if topic.slug == slug:
                feed = feed_of(topic, chosen, lambda card: ledger.entry(card.id))
                return _rendered(config, feed, suffix, plugins)
    return None


def _rendered(config: Config, feed: Feed, suffix: str, plugins: tuple[Path, ...]) -> bytes:
    from cleanfeed.feeds import render  # noqa: PLC0415  # see remembered
    from cleanfeed.pipeline import site_of  # noqa: PLC0415  # see remembered
    from cleanfeed.plugins import load  # noqa: PLC0415  # see remembered

    names = {outlet.slug: outlet.name for outlet in load(plugins).outlets}
    site = site_of(config, names, has_health=True)
    return render(feed, site)[f"{feed.topic.slug}.{suffix}"]
