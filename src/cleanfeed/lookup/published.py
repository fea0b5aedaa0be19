"""The feed of a topic without a build: as it is published, or as the ledger has it."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from cleanfeed.config import RESERVED, slug_of
from cleanfeed.errors import ConfigError, LedgerError
from cleanfeed.tables import nearest, shown
from cleanfeed.text import squeeze

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from cleanfeed.archives import Archives
    from cleanfeed.config import Config
    from cleanfeed.ledger import Ledger
    from cleanfeed.model import Site
    from cleanfeed.pipeline import Found

_SLUG = re.compile(r"[a-z0-9][a-z0-9-]{0,59}")


def slug_in(config: Config, topic: str) -> str:
    """The slug of a topic that is named by its slug, key or title; a `ConfigError` for an unknown one.

    Where topics come by themselves, any name may be one of them.
    """
    known = {each.slug for each in config.topics}
    titled = {squeeze(each.title).casefold(): each.slug for each in reversed(config.topics)}
    names = {topic: None, slug_of(topic): None}
    found = next((name for name in names if name in known), titled.get(squeeze(topic).casefold()))
    if found is None and config.auto is not None:
        found = next((name for name in names if _SLUG.fullmatch(name) and name not in RESERVED), None)
    if found is None:
        raise unknown(config, topic)
    return found


def slugs_of(names: Iterable[str]) -> set[str]:
    """The topics whose feeds have these file names; archives are none."""
    stems = {name.removesuffix(".rss") for name in names if name.endswith(".rss")}
    return {stem for stem in stems if "." not in stem}


def has_been_built(config: Config) -> bool:
    """Whether a build has ended here: then it has written all the topics that there are."""
    return (config.output / "index.html").exists()


def unknown(config: Config, topic: str) -> ConfigError:
    """The error for a topic that there is not."""
    known = [each.slug for each in config.topics]
    if config.auto is not None:
        found = sorted(slugs_of(each.name for each in config.output.glob("*.rss")))
        known += [slug for slug in found if slug not in known]
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
    """What a build would write from the ledger alone; `None` where it has no such topic, or nothing yet.

    A ledger whose first build has not ended has nothing yet: half a feed would be taken for the whole.
    """
    from cleanfeed.ledger import Ledger  # noqa: PLC0415  # what is published needs none of it
    from cleanfeed.pipeline import site_of  # noqa: PLC0415  # see above
    from cleanfeed.plugins import load  # noqa: PLC0415  # see above

    if not has_memory(config):
        return None
    try:
        with Ledger.look(config.ledger, now=datetime.now(UTC)) as ledger:
            if not ledger.builds(1):
                return None
            site = site_of(config, load(plugins).outlets, has_health=True)
            return _rendered(config, ledger, site, slug, suffix)
    except LedgerError as error:
        if error.is_missing:  # another program is just making it
            return None
        raise


def _rendered(config: Config, ledger: Ledger, site: Site, slug: str, suffix: str) -> bytes | None:
    from cleanfeed.feeds import render_one  # noqa: PLC0415  # see remembered
    from cleanfeed.model import Chain  # noqa: PLC0415  # see remembered
    from cleanfeed.pipeline import arrange, feed_of  # noqa: PLC0415  # see remembered
    from cleanfeed.report import Report  # noqa: PLC0415  # see remembered

    archives = _archives(config, ledger, site)
    for topic, chosen in arrange(config, _found(config, ledger, site), Report()):
        if topic.slug == slug:
            fresh = archives.unarchived(topic, chosen) if archives else chosen
            feed = feed_of(topic, fresh, lambda card: ledger.entry(card.id), site)
            return render_one(feed, site, suffix, archives.place(topic) if archives else Chain())
    return None


def _found(config: Config, ledger: Ledger, site: Site) -> Found:
    from cleanfeed.pipeline import Found, rules_of, stories_of  # noqa: PLC0415  # see remembered

    wanted = {
        id_: card
        for id_, card in ledger.cards(*rules_of(config)).items()
        if not config.outlets or card.outlet in config.outlets
    }
    return Found(wanted, stories_of(config, wanted, ledger.signature, site, ledger.leads()))


def _archives(config: Config, ledger: Ledger, site: Site) -> Archives | None:
    """The archives that there are; none is written."""
    from cleanfeed.archives import Archives, known_to  # noqa: PLC0415  # see remembered
    from cleanfeed.pipeline import feed_with  # noqa: PLC0415  # see remembered
    from cleanfeed.report import Report  # noqa: PLC0415  # see remembered

    if not config.publish.archives:
        return None
    return Archives(config.output, site, known_to(ledger, "", config.output), feed_with, Report())
