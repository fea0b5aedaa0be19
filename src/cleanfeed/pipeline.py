"""A build from top to bottom: pages become entries, entries are arranged into feeds, feeds become files."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime
from hashlib import sha256
from types import MappingProxyType
from typing import TYPE_CHECKING

from cleanfeed.addresses import canonical
from cleanfeed.archives import Archives, remembered
from cleanfeed.errors import EmptiedTopic, SilentOutlet
from cleanfeed.feeds import outline, render, render_index
from cleanfeed.hub import tell_without_ledger
from cleanfeed.model import Chain, Entry, Feed, Site, Topic
from cleanfeed.outlet import direction_of
from cleanfeed.publish import open_folder
from cleanfeed.report import Report, publish_report, put
from cleanfeed.shelf import Card, Shelf
from cleanfeed.topics import Folded, Matcher, auto_topics, matcher

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path

    from cleanfeed.config import Config
    from cleanfeed.work import Result

Cards = Mapping[str, Card]
_ARABIC_OR_HEBREW = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")


_ALONE = Chain()
_NO_ICONS: Mapping[str, str] = MappingProxyType({})


def build(
    config: Config,
    results: Iterable[Result],
    outlets: Mapping[str, str],
    shelf: Shelf,
    *,
    icons: Mapping[str, str] = _NO_ICONS,
    offline: bool = False,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> tuple[Report, Cards]:
    """Writes all feeds of the configuration from the results of pages.

    `outlets` are names by slug, `icons` addresses by slug. What went wrong is in the report; only what makes
    a build impossible raises.
    """
    report = Report()
    open_folder(config.output)
    cards = gather(results, shelf, [matcher(topic) for topic in config.topics], report)
    report.problems += _silent(report, config)
    site = site_of(config, outlets, icons=icons)
    archives = None
    if config.publish.archives:
        known = remembered(cards, shelf.get, config.output)
        archives = Archives(config.output, site, known, feed_with, report)
    write_all(config, cards, shelf.get, site, report, archives=archives)
    if not offline:
        tell_without_ledger(config, report, now)
    publish_report(config.output, report)
    return report, cards


def site_of(
    config: Config,
    outlets: Mapping[str, str],
    *,
    icons: Mapping[str, str] = _NO_ICONS,
    has_health: bool = False,
) -> Site:
    """What all pages and feeds share; `outlets` are names by slug, `icons` addresses by slug."""
    offered = config.publish
    return Site(
        title=config.title,
        base_url=config.base_url,
        outlets=outlets,
        has_health=has_health,
        icons=icons,
        every_minutes=offered.every_minutes,
        hub=offered.hub,
        ids=offered.ids,
    )


def write_all(
    config: Config,
    cards: Cards,
    get: Callable[[Card], Entry],
    site: Site,
    report: Report,
    *,
    archives: Archives | None = None,
) -> frozenset[str]:
    """All feeds, their archives and what lists them; gives the ids of the entries that are in some feed."""
    ids: set[str] = set()
    for topic, chosen in arrange(config, cards, report):
        fresh = archives.unarchived(topic, chosen) if archives else chosen
        feed = feed_of(topic, fresh, get)
        ids.update(entry.id for entry in feed.entries)
        # First: what a feed names is there when the feed is.
        chain = archives.put(feed, fresh) if archives else _ALONE
        write(feed, site, config.output, report, chain)
    for name, content in render_index(report.outlines, site).items():
        put(config.output / name, content, report)
    return frozenset(ids)


def gather(results: Iterable[Result], shelf: Shelf, matchers: list[Matcher], report: Report) -> Cards:
    """All entries on the shelf, one per id, and the pages that gave none in the report."""
    cards: dict[str, Card] = {}
    for result in results:
        if result.entry is not None:
            report.count_entry(result.entry)
            card = shelf.put(result.entry, _matching(result.entry, matchers))
            other = cards.get(card.id)
            report.duplicates += other is not None
            cards[card.id] = shelf.better(card, other) if other else card
        elif result.error is not None:
            report.count_refusal(result.outlet, result.error)
    return cards


def _silent(report: Report, config: Config) -> Iterator[SilentOutlet]:
    for slug, count in sorted(report.outlets.items()):
        # Nobody wants entries of an outlet that the configuration leaves out.
        if not count.entries and slug in (config.outlets or report.outlets):
            yield SilentOutlet(slug, count.pages)


def rules_of(config: Config) -> tuple[str, list[Matcher]]:
    """What tells one set of topics from another, and the topics' rules."""
    rules = sha256(repr(config.topics).encode("utf-8", "surrogatepass")).hexdigest()[:32]
    return rules, [matcher(topic) for topic in config.topics]


def _matching(entry: Entry, matchers: list[Matcher]) -> tuple[int, ...]:
    seen = Folded(entry)
    return tuple(number for number, matches in enumerate(matchers) if matches(seen))


def arrange(config: Config, cards: Cards, report: Report) -> Iterator[tuple[Topic, list[Card]]]:
    """The topics of the configuration, then those that come by themselves, each with its cards."""
    for number, topic in enumerate(config.topics):
        yield topic, [card for card in cards.values() if number in card.topics]
    if config.auto is None:
        return
    found = auto_topics(cards.values(), config.auto, {topic.slug for topic in config.topics})
    report.notes += [
        f"auto: {title!r} has the file name of a topic of the configuration" for title in found.left_out
    ]
    for each in found.found:
        yield each.topic, [cards[id_] for id_ in each.ids]


def feed_of(topic: Topic, cards: list[Card], get: Callable[[Card], Entry]) -> Feed:
    """The newest entries of a topic, in the language that most of them have."""
    return feed_with(topic, tuple(get(card) for card in _newest(topic, cards)))


def feed_with(topic: Topic, entries: tuple[Entry, ...]) -> Feed:
    """These entries of a topic, in the language that most of them have."""
    language = _language(topic, entries)
    return Feed(topic=topic, entries=entries, language=language, direction=direction_of(language))


def _newest(topic: Topic, cards: Iterable[Card]) -> list[Card]:
    newest = sorted(cards, key=lambda card: card.id)
    newest.sort(key=lambda card: card.moment, reverse=True)
    return newest[: topic.limit]


def _language(topic: Topic, entries: Sequence[Entry]) -> str:
    """The language of most entries, among those that read in the direction of the topic's title."""
    counts = Counter(entry.language for entry in entries)
    wanted = "rtl" if _ARABIC_OR_HEBREW.search(topic.title) else "ltr"
    fitting = [name for name in counts if direction_of(name) == wanted] or list(counts)
    return min(fitting, key=lambda name: (-counts[name], name), default="en")


def write(feed: Feed, site: Site, folder: Path, report: Report, chain: Chain = _ALONE) -> None:
    """The files of one feed; a feed that had entries is not replaced by one without any."""
    slug = feed.topic.slug
    report.outlines.append(outline(feed))
    if not feed.entries and _had_entries(folder / f"{slug}.rss"):
        report.problems.append(EmptiedTopic(slug))
        report.files.update({f"{slug}.{suffix}": "kept" for suffix in ("rss", "atom", "json", "html")})
        return
    for name, content in render(feed, site, chain).items():
        put(folder / name, content, report)


def _had_entries(path: Path) -> bool:
    try:
        return b"<item>" in path.read_bytes()
    except OSError:  # no file, no entries
        return False


def explain(wanted: str, config: Config, cards: Cards, get: Callable[[Card], Entry]) -> list[str]:
    """Why the entry of an id or address is in each topic, or is not, a line each; none for an unknown one."""
    addresses = {wanted, canonical(wanted) or wanted}
    # An id that is a feed's own has the feed behind it.
    card = cards.get(wanted.partition("#")[0]) or next(
        (card for card in cards.values() if card.url in addresses), None
    )
    if card is None:
        return []
    entry = get(card)
    lines = [f"{entry.title} ({entry.outlet})", entry.id]
    for topic, chosen in arrange(config, cards, Report()):
        verdict = matcher(topic).explain(Folded(entry))
        reasons = "; ".join(verdict.reasons)
        if verdict.matches and card not in _newest(topic, chosen):
            lines.append(f"not in {topic.slug}: older than its newest {topic.limit}; otherwise: {reasons}")
        else:
            lines.append(f"{'in' if verdict.matches else 'not in'} {topic.slug}: {reasons}")
    return lines
