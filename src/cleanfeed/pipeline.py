"""A build from top to bottom: pages become entries, entries are arranged into feeds, feeds become files."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from hashlib import sha256
from types import MappingProxyType
from typing import TYPE_CHECKING

from cleanfeed.addresses import canonical
from cleanfeed.archives import Archives, remembered
from cleanfeed.autotopics import auto_topics
from cleanfeed.errors import EmptiedTopic, SilentOutlet
from cleanfeed.feeds import outline, render, render_index
from cleanfeed.feeds.jsonfeed import published_title
from cleanfeed.hub import tell_without_ledger
from cleanfeed.model import Chain, Copy, Entry, Feed, Site, Topic, newest_first
from cleanfeed.outlet import direction_of, icon_of
from cleanfeed.publish import open_folder
from cleanfeed.report import Report, publish_report, put
from cleanfeed.shelf import Card, Shelf
from cleanfeed.stories.choice import Outlets
from cleanfeed.stories.stories import Stories, Told
from cleanfeed.stories.telling import about
from cleanfeed.topics import Folded, Matcher, matcher

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path

    from cleanfeed.config import Config
    from cleanfeed.outlet import Outlet
    from cleanfeed.stories.leads import Lead
    from cleanfeed.stories.signature import Signature
    from cleanfeed.work import Result

Cards = Mapping[str, Card]


@dataclass(frozen=True, slots=True)
class Found:
    """The entries of a build, and the stories that they tell."""

    cards: Cards
    stories: Stories


_ARABIC_OR_HEBREW = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")


_ALONE = Chain()
_NONE: Mapping[str, str] = MappingProxyType({})


def build(
    config: Config,
    results: Iterable[Result],
    outlets: Iterable[Outlet],
    shelf: Shelf,
    *,
    spare: Mapping[str, str] = _NONE,
    offline: bool = False,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> tuple[Report, Found]:
    """Writes all feeds of the configuration from the results of pages.

    `outlets` are those that are loaded, `spare` the names of others by slug. What went wrong is in the
    report; only what makes a build impossible raises.
    """
    report = Report()
    open_folder(config.output)
    cards = gather(results, shelf, [matcher(topic) for topic in config.topics], report)
    report.problems += _silent(report, config)
    site = site_of(config, outlets, spare=spare)
    found = Found(cards, stories_of(config, cards, shelf.signature, site, {}))
    archives = None
    if config.publish.archives:
        known = remembered(cards, shelf.get, config.output)
        archives = Archives(config.output, site, known, feed_with, report)
    write_all(config, found, shelf.get, site, report, archives=archives)
    if not offline:
        tell_without_ledger(config, report, now)
    publish_report(config.output, report)
    return report, found


def site_of(
    config: Config,
    outlets: Iterable[Outlet],
    *,
    spare: Mapping[str, str] = _NONE,
    has_health: bool = False,
) -> Site:
    """What all pages and feeds share; `spare` are the names of outlets that are not loaded, by slug."""
    known = {outlet.slug: outlet for outlet in outlets}
    offered = config.publish
    return Site(
        title=config.title,
        base_url=config.base_url,
        outlets={slug: outlet.name for slug, outlet in known.items()} | dict(spare),
        republishers=frozenset(slug for slug, outlet in known.items() if outlet.republishes),
        has_health=has_health,
        icons={slug: icon_of(outlet) for slug, outlet in known.items()},
        every_minutes=offered.every_minutes,
        hub=offered.hub,
        ids=offered.ids,
    )


def stories_of(
    config: Config,
    cards: Cards,
    signature: Callable[[Card], Signature],
    site: Site,
    known: Mapping[str, Lead],
) -> Stories:
    """The stories that the entries tell; `known` are the leads that they have been published under."""
    outlets = Outlets(site.outlets, site.republishers)
    wanted = {topic.stories for topic in config.topics}
    if "merge" not in wanted and (config.auto is None or config.auto.stories == "keep"):
        return Stories(outlets=outlets)
    return Stories.of(cards, signature, outlets, known)


def write_all(
    config: Config,
    found: Found,
    get: Callable[[Card], Entry],
    site: Site,
    report: Report,
    *,
    archives: Archives | None = None,
) -> frozenset[str]:
    """All feeds, their archives and what lists them; gives the ids of the entries in feeds, copies too."""
    ids: set[str] = set()
    report.copies = found.stories.copies
    for topic, chosen in arrange(config, found, report):
        fresh = archives.unarchived(topic, chosen) if archives else chosen
        ids.update(card.id for told in _newest(topic, fresh) for card in (told.shown, *told.copies))
        feed = feed_of(topic, fresh, get, site)
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


def arrange(config: Config, found: Found, report: Report) -> Iterator[tuple[Topic, list[Told]]]:
    """The topics of the configuration, then those that come by themselves, each with its stories."""
    for number, topic in enumerate(config.topics):
        taken = [card for card in found.cards.values() if number in card.topics]
        yield topic, _told(topic, taken, found.stories)
    if config.auto is None:
        return
    stories = found.stories if config.auto.stories == "merge" else Stories()
    auto = auto_topics(
        found.cards.values(),
        config.auto,
        {topic.slug for topic in config.topics},
        stories.id_of,
        lambda slug: published_title(config.output / f"{slug}.json"),
    )
    report.notes += [
        f"auto: {title!r} has the file name of a topic of the configuration" for title in auto.left_out
    ]
    for each in auto.found:
        yield each.topic, _told(each.topic, [found.cards[id_] for id_ in each.ids], stories)


def _told(topic: Topic, cards: Iterable[Card], stories: Stories) -> list[Told]:
    return list(_of_topic(topic, stories).tell(cards))


def _of_topic(topic: Topic, stories: Stories) -> Stories:
    return stories if topic.stories == "merge" else Stories()


def feed_of(topic: Topic, chosen: Iterable[Told], get: Callable[[Card], Entry], site: Site) -> Feed:
    """The newest entries of a topic, in the language that most of them have."""
    return feed_with(topic, tuple(_shown(told, get, site) for told in _newest(topic, chosen)))


def feed_with(topic: Topic, entries: tuple[Entry, ...]) -> Feed:
    """These entries of a topic, in the language that most of them have."""
    language = _language(topic, entries)
    return Feed(topic=topic, entries=entries, language=language, direction=direction_of(language))


def _shown(told: Told, get: Callable[[Card], Entry], site: Site) -> Entry:
    entry = get(told.shown)
    if not told.copies and told.id == entry.id:
        return entry
    own_id = entry.id if told.id != entry.id else None
    copies = (
        Copy(outlet=card.outlet, name=site.outlets.get(card.outlet, ""), url=card.url) for card in told.copies
    )
    updated = _last_change(told, entry)
    return replace(entry, id=told.id, own_id=own_id, also_in=tuple(copies), updated=updated)


def _last_change(told: Told, entry: Entry) -> datetime | None:
    """When the entry last changed: not before the one that has told the story so far, which it replaces."""
    before = next((card.rank[0] for card in told.copies if card.id == told.id), entry.changed)
    return before if before > entry.changed else entry.updated


def _newest(topic: Topic, chosen: Iterable[Told]) -> list[Told]:
    newest = sorted(chosen, key=lambda told: newest_first(told.shown.moment, told.id))
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
    is_kept = not feed.entries and _had_entries(folder / f"{slug}.rss")
    report.outlines.append(outline(_standing(feed, folder) if is_kept else feed))
    if is_kept:
        report.problems.append(EmptiedTopic(slug))
        report.files.update({f"{slug}.{suffix}": "kept" for suffix in ("rss", "atom", "json", "html")})
        return
    for name, content in render(feed, site, chain).items():
        put(folder / name, content, report)


def _standing(feed: Feed, folder: Path) -> Feed:
    """The feed as its files have it: an index must not say that there is nothing in them."""
    from cleanfeed.ledger.published import entries_in  # noqa: PLC0415  # for this rare case alone

    return feed_with(feed.topic, tuple(entries_in(folder / f"{feed.topic.slug}.json")))


def _had_entries(path: Path) -> bool:
    try:
        return b"<item>" in path.read_bytes()
    except OSError:  # no file, no entries
        return False


def explain(wanted: str, config: Config, found: Found, get: Callable[[Card], Entry]) -> list[str]:
    """Why the entry of an id or address is in each topic, or is not, a line each; none for an unknown one.

    What tells the same story, and why another entry may be shown in its place, comes before the topics.
    """
    card = _wanted(wanted, found)
    if card is None:
        return []
    entry = get(card)
    lines = [f"{entry.title} ({entry.outlet})", entry.id, *about(card, found.stories)]
    for topic, chosen in arrange(config, found, Report()):
        lines.append(_verdict(topic, card, Folded(entry), chosen, found.stories))
    return lines


def _wanted(wanted: str, found: Found) -> Card | None:
    """The card of an id or address; the id of a story whose first entry is gone is that of its shown one."""
    addresses = {wanted, canonical(wanted) or wanted}
    id_ = wanted.partition("#")[0]  # an id that is a feed's own has the feed behind it
    return (
        found.cards.get(id_)
        or next((card for card in found.cards.values() if card.url in addresses), None)
        or next((s.members[0] for s in found.stories.by_entry.values() if s.id == id_), None)
    )


def _verdict(topic: Topic, card: Card, seen: Folded, chosen: list[Told], stories: Stories) -> str:
    verdict = matcher(topic).explain(seen)
    reasons = "; ".join(verdict.reasons)
    told = next((told for told in chosen if card in (told.shown, *told.copies)), None)
    if told is None:
        return f"not in {topic.slug}: {reasons}"
    if told not in _newest(topic, chosen):
        return f"not in {topic.slug}: older than its newest {topic.limit}; otherwise: {reasons}"
    if not verdict.matches:
        return f"not in {topic.slug}: {reasons}; its story is, as {told.shown.outlet} tells it"
    if told.shown is not card:
        return f"in {topic.slug}, as a copy of what {told.shown.outlet} tells: {reasons}"
    has_copies = len(stories.story(card).members) > 1
    kept = "; stories are kept apart" if topic.stories == "keep" and has_copies else ""
    return f"in {topic.slug}: {reasons}{kept}"
