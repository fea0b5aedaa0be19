"""Months of hourly builds while outlets publish, edit, withdraw and fail at random; an oracle looks at every feed."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import timedelta
from random import Random
from typing import TYPE_CHECKING, Any

from faults.world import Footprint, World, footprint

if TYPE_CHECKING:
    from pathlib import Path

    from cleanfeed.report import Report

OUTLETS = ("almayadeen-en", "almayadeen-ar", "almanar-en", "daily8-ar", "arise", "town-1", "town-2")
LIMIT = 60
QUICK = (
    "403", "404", "429", "500", "502", "503", "reset", "early", "cut-gzip", "bad-sum", "cut-chunk", "garbage", "empty",
    "html", "type", "robot", "consent", "robot-403", "login", "soft-404", "loop", "metadata", "nowhere", "no-http",
)  # fmt: skip
REDESIGNS = ("bodiless", "identical", "consent", "robot", "login", "soft-404")
_CALM = 4
"""Builds without a fault after which an outlet owes nothing to its past."""


@dataclass(slots=True)
class Oracle:
    """What has been seen in feeds, and what must be there."""

    world: World
    ids: dict[str, str] = field(default_factory=dict)
    """By address."""
    entries: dict[str, dict[str, dict[str, Any]]] = field(default_factory=lambda: defaultdict(dict))
    """The newest state of each entry that was ever in the feed of a topic, by topic and id."""
    faults: list[str] = field(default_factory=list)

    def look(self, number: int, calm: dict[str, int], report: Report) -> None:
        for slug in self.world.room.editions:
            for fault in self._of_outlet(slug, is_calm=calm[slug] >= _CALM):
                self.faults.append(f"build {number}: {slug}: {fault}")
        named = self.world.troubles(report)
        false_alarms = [f"{slug}: {text}" for slug, text in named.items() if calm[slug] >= _CALM]
        self.faults += [f"build {number}: false alarm: {each}" for each in false_alarms]

    def _of_outlet(self, slug: str, *, is_calm: bool) -> list[str]:
        try:
            found = self.world.items(slug)
        except FileNotFoundError:
            return ["has no feed"] if is_calm else []
        return [
            *self._doubled(found),
            *self._lost(slug, found),
            *self._unknown(slug, found),
            *(self._behind(slug, found) if is_calm else []),
        ]

    def _doubled(self, found: list[dict[str, Any]]) -> list[str]:
        told = []
        for name in ("id", "url"):
            values = [item[name] for item in found]
            told += [
                f"{name} twice: {value}" for value in {each for each in values if values.count(each) > 1}
            ]
        for item in found:
            known = self.ids.setdefault(item["url"], item["id"])
            if known != item["id"]:
                told.append(f"{item['url']} was {known} and is {item['id']}")
        return told

    def _lost(self, slug: str, found: list[dict[str, Any]]) -> list[str]:
        """The feed is the newest of all that were ever in it, and nothing else."""
        seen = self.entries[slug]
        seen |= {item["id"]: item for item in found}
        due = sorted(seen.values(), key=lambda item: item["id"])
        due.sort(key=lambda item: item["date_published"], reverse=True)
        due_ids = {item["id"] for item in due[:LIMIT]}
        lost = due_ids - {item["id"] for item in found}
        # Of the same time as the last one, either may be the one that is left.
        edge = due[LIMIT - 1]["date_published"] if len(due) >= LIMIT else ""
        return [f"lost: {id_}" for id_ in sorted(lost) if seen[id_]["date_published"] != edge]

    def _unknown(self, slug: str, found: list[dict[str, Any]]) -> list[str]:
        published = {article.url for article in self.world.room.articles(slug)}
        return [f"never published: {item['url']}" for item in found if item["url"] not in published]

    def _behind(self, slug: str, found: list[dict[str, Any]]) -> list[str]:
        """An outlet that has been well for a while: all its newest articles are there, as they are now."""
        titles = {item["url"]: item["title"] for item in found}
        told = []
        for article in self.world.room.articles(slug)[: LIMIT // 3]:
            if article.status != 200:
                continue
            if article.url not in titles:
                told.append(f"missing: {article.url}")
            elif titles[article.url] != article.title:
                told.append(f"not brought up to date: {article.url}")
        return told


@dataclass(slots=True, kw_only=True)
class Outcome:
    """What came of a simulation."""

    faults: list[str]
    injected: int
    """Faults and redesigns."""
    footprints: list[Footprint]
    published: int
    edited: int
    withdrawn: int
    ledger: int = 0
    """Its bytes at the end."""


def simulate(
    folder: Path, builds: int, *, faults: float = 0.10, seed: int = 1, jobs: int = 1, hours: float = 1
) -> Outcome:
    """So many builds, hourly, in each of which each outlet has a fault with this probability."""
    topics = "\n".join(
        f'[topics.{slug}]\ntitle = "{slug}"\noutlets = ["{slug}"]\nlimit = {LIMIT}\n' for slug in OUTLETS
    )
    topics += '\n[topics.everything]\ntitle = "Everything"\neverything = true\nlimit = 200\n'
    with World(folder, OUTLETS, topics=topics) as world:
        return _simulated(world, builds, Random(seed), faults=faults, jobs=jobs, span=timedelta(hours=hours))


def _simulated(
    world: World, builds: int, rng: Random, *, faults: float, jobs: int, span: timedelta
) -> Outcome:
    oracle = Oracle(world)
    outcome = Outcome(faults=oracle.faults, injected=0, footprints=[], published=0, edited=0, withdrawn=0)
    calm: dict[str, int] = dict.fromkeys(world.room.editions, 0)
    for slug in world.room.editions:
        world.room.publish(slug, 12)
    for number in range(builds):
        _live(world, rng, outcome)
        for slug in world.room.editions:
            is_hit = number > 0 and rng.random() < faults
            calm[slug] = 0 if is_hit else calm[slug] + 1
            if is_hit:
                outcome.injected += 1
                _hit(world, slug, rng)
        report = world.build(jobs=jobs)
        oracle.look(number, calm, report)
        _heal(world)
        world.room.log.clear()
        world.pass_time(span)
        outcome.footprints.append(footprint())
    outcome.ledger = (world.folder / ".cleanfeed" / "ledger.sqlite3").stat().st_size
    return outcome


def _live(world: World, rng: Random, outcome: Outcome) -> None:
    """What happens at outlets in an hour."""
    for slug in world.room.editions:
        new = rng.choice((0, 0, 1, 1, 2))
        if new:
            world.room.publish(slug, new)
            outcome.published += new
        articles = [each for each in world.room.articles(slug)[: LIMIT // 3] if each.status == 200]
        if rng.random() < 0.15:
            article = rng.choice(articles)
            world.room.edit(article, title=f"{article.story.tongue.title(rng)}")
            outcome.edited += 1
        if rng.random() < 0.03:
            world.room.withdraw(rng.choice(articles), rng.choice((404, 410)))
            outcome.withdrawn += 1


def _hit(world: World, slug: str, rng: Random) -> None:
    """One fault: of the whole outlet, its listings, some of its pages, or all of its pages' shape."""
    kind = rng.choice(("all", "listings", "pages", "some", "redesign", "robots"))
    how = rng.choice(QUICK)
    if kind == "all":
        world.room.fail(slug, how)
    elif kind == "listings":
        world.room.fail(slug, how, path=r"(?!.*\d{7})(?!/robots)")
    elif kind == "pages":
        world.room.fail(slug, how, path=r".*\d{7}")
    elif kind == "some":
        for article in rng.sample(world.room.articles(slug)[:10], 4):
            world.room.fail(article, how, times=rng.choice((1, 2, float("inf"))))
    elif kind == "redesign":
        world.room.redesign(slug, rng.choice(REDESIGNS))
    else:
        world.room.fail(slug, rng.choice(("500", "503", "reset", "garbage")), path=r"/robots\.txt")


def _heal(world: World) -> None:
    world.room.heal()
    for slug in world.room.editions:
        world.room.redesign(slug, None)
