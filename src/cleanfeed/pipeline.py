"""A build from top to bottom: pages become entries, entries are arranged into feeds, feeds become files."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic

from cleanfeed.config import Config
from cleanfeed.errors import EmptiedTopic, PublishError, SilentOutlet
from cleanfeed.feeds import outline, render, render_index
from cleanfeed.model import Entry, Feed, Site, Topic
from cleanfeed.outlet import RIGHT_TO_LEFT
from cleanfeed.publish import open_folder, publish
from cleanfeed.report import Report
from cleanfeed.shelf import Card, Shelf
from cleanfeed.topics import Folded, Matcher, auto_topics, matcher
from cleanfeed.work import Result

Cards = Mapping[str, Card]


def build(config: Config, results: Iterable[Result], outlets: Mapping[str, str], shelf: Shelf) -> tuple[Report, Cards]:
    """Writes all feeds of the configuration from the results of pages.

    `outlets` are names by slug. What went wrong is in the report; only what makes a build impossible raises.
    """
    started, clock = datetime.now(UTC), monotonic()
    report = Report()
    open_folder(config.output)
    cards = gather(results, shelf, [matcher(topic) for topic in config.topics], report)
    site = Site(title=config.title, base_url=config.base_url, outlets=outlets)
    for topic, chosen in arrange(config, cards, report):
        write(feed_of(topic, chosen, shelf), site, config.output, report)
    for name, content in render_index(report.outlines, site).items():
        put(config.output / name, content, report)
    report.seconds = monotonic() - clock
    put(config.output / "report.json", report.as_json(started), report)
    return report, cards


def gather(results: Iterable[Result], shelf: Shelf, matchers: list[Matcher], report: Report) -> Cards:
    """All entries on the shelf, one per id, and the pages that gave none in the report."""
    cards: dict[str, Card] = {}
    for result in results:
        if result.entry is not None:
            report.count_entry(result.entry)
            card = shelf.put(result.entry, _matching(result.entry, matchers))
            other = cards.get(card.id)
            report.duplicates += other is not None
            if other is None or card.rank > other.rank:
                cards[card.id] = card
        elif result.error is not None:
            report.count_refusal(result.outlet, result.error)
    silent = (slug for slug in sorted(report.outlets) if not report.outlets[slug].entries)
    report.problems += [SilentOutlet(slug, report.outlets[slug].pages) for slug in silent]
    return cards


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
    report.notes += [f"auto: {title!r} has the file name of a topic of the configuration" for title in found.left_out]
    for each in found.found:
        yield each.topic, [cards[id_] for id_ in each.ids]


def feed_of(topic: Topic, cards: list[Card], shelf: Shelf) -> Feed:
    """The newest entries of a topic, in the language that most of them have."""
    newest = sorted(cards, key=lambda card: card.id)
    newest.sort(key=lambda card: card.moment, reverse=True)
    entries = tuple(shelf.get(card) for card in newest[: topic.limit])
    languages = Counter(entry.language for entry in entries)
    language = min(languages, key=lambda name: (-languages[name], name), default="en")
    primary = language.split("-")[0].lower()
    return Feed(
        topic=topic, entries=entries, language=language, direction="rtl" if primary in RIGHT_TO_LEFT else "ltr"
    )


def write(feed: Feed, site: Site, folder: Path, report: Report) -> None:
    """The files of one feed; a feed that had entries is not replaced by one without any."""
    slug = feed.topic.slug
    report.outlines.append(outline(feed))
    if not feed.entries and _had_entries(folder / f"{slug}.rss"):
        report.problems.append(EmptiedTopic(slug))
        report.files.update({f"{slug}.{suffix}": "kept" for suffix in ("rss", "atom", "json", "html")})
        return
    for name, content in render(feed, site).items():
        put(folder / name, content, report)


def _had_entries(path: Path) -> bool:
    try:
        return b"<item>" in path.read_bytes()
    except OSError:  # no file, no entries
        return False


def put(path: Path, content: bytes, report: Report) -> None:
    """Publishes one file; one that cannot be written is a problem, and the others go on."""
    try:
        report.files[path.name] = publish(path, content)
    except PublishError as error:
        report.problems.append(error)


def explain(wanted: str, config: Config, cards: Cards, shelf: Shelf) -> list[str]:
    """Lines that say why the entry of an id or address is in each topic, or is not; none for an unknown one."""
    card = cards.get(wanted) or next((card for card in cards.values() if card.url == wanted), None)
    if card is None:
        return []
    entry = shelf.get(card)
    lines = [f"{entry.title} ({entry.outlet})", entry.id]
    for topic, _chosen in arrange(config, cards, Report()):
        verdict = matcher(topic).explain(Folded(entry))
        lines.append(f"{'in' if verdict.matches else 'not in'} {topic.slug}: {'; '.join(verdict.reasons)}")
    return lines
