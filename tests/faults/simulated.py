"""Months of hourly builds while outlets publish, edit, withdraw and fail at random; an oracle looks at every feed."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import TYPE_CHECKING, Any

from faults.world import START, Footprint, World, footprint

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from faults.apart import Apart

OUTLETS = ("almayadeen-en", "almayadeen-ar", "almanar-en", "daily8-ar", "arise", "town-1", "town-2")
LIMIT = 60
QUICK = (
    "403", "404", "429", "500", "502", "503", "reset", "early", "cut-gzip", "bad-sum", "cut-chunk", "garbage", "empty",
    "html", "type", "robot", "consent", "robot-403", "login", "soft-404", "loop", "metadata", "nowhere", "no-http",
)  # fmt: skip
REDESIGNS = ("bodiless", "identical", "consent", "robot", "login", "soft-404")
_SEEN = ("id", "url", "title", "date_published")
_CALM = 10
"""Builds without a fault after which nobody should complain of an outlet any more."""
_AFTERMATH, _REST = 8, timedelta(hours=8)
"""Builds without any fault at the end, and how far apart: what failed often is asked for once a day."""


@dataclass(slots=True)
class Oracle:
    """What has been seen in feeds, and what must be there."""

    world: World
    ids: dict[str, str] = field(default_factory=dict)
    """By address."""
    entries: dict[str, dict[str, dict[str, Any]]] = field(default_factory=lambda: defaultdict(dict))
    """The newest state of each entry that was ever in the feed of a topic, by topic and id."""
    faults: list[str] = field(default_factory=list)

    def look(self, number: int, well: Wellness, problems: Iterable[object]) -> None:
        for slug in self.world.room.editions:
            told = [*self._of_outlet(slug), *self._behind(slug, well.since(slug))]
            self.faults += [f"build {number}: {slug}: {fault}" for fault in told]
        for slug, text in self.world.troubles(problems).items():
            if well.builds[slug] >= _CALM:
                self.faults.append(f"build {number}: false alarm: {slug}: {text}")

    def look_at_all(self) -> None:
        """Nothing has failed for long: whatever was published is there, as it is now."""
        for slug in self.world.room.editions:
            told = [*self._of_outlet(slug), *self._behind(slug, START - timedelta(days=9))]
            self.faults += [f"in the end: {slug}: {fault}" for fault in told]

    def _of_outlet(self, slug: str) -> list[str]:
        found = self._items(slug)
        return [*self._doubled(found), *self._lost(slug, found), *self._unknown(slug, found)]

    def _items(self, slug: str) -> list[dict[str, Any]]:
        try:
            found = self.world.items(slug)
        except FileNotFoundError:
            return []
        # No more than is looked at: what the oracle remembers is no memory of a build.
        return [{name: item[name] for name in _SEEN if name in item} for item in found]

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
        due = sorted(
            (item for item in seen.values() if "date_published" in item), key=lambda item: item["id"]
        )
        due.sort(key=_moment, reverse=True)
        # One without a date stands where it was first seen, which no feed tells: it takes the place of another.
        room = LIMIT - sum("date_published" not in item for item in found)
        due_ids = {item["id"] for item in due[:room]}
        lost = due_ids - {item["id"] for item in found}
        # Of the same time as the last one, either may be the one that is left.
        edge = _moment(due[room - 1]) if len(due) >= room > 0 else None
        return [f"lost: {id_}" for id_ in sorted(lost) if _moment(seen[id_]) != edge]

    def _unknown(self, slug: str, found: list[dict[str, Any]]) -> list[str]:
        published = {article.url for article in self.world.room.articles(slug)}
        return [f"never published: {item['url']}" for item in found if item["url"] not in published]

    def _behind(self, slug: str, since: datetime) -> list[str]:
        """What an outlet has published or changed since its last trouble is there, as it is now."""
        titles = {item["url"]: item["title"] for item in self._items(slug)}
        told = []
        for article in self.world.room.articles(slug)[: LIMIT // 3]:
            if article.status != 200 or (article.revised or article.published) <= since:
                continue
            if article.url in titles and titles[article.url] != article.title:
                told.append(f"not brought up to date: {article.url}")
            if article.url not in titles and article.published > since:
                told.append(f"missing: {article.url}")
        return told


def _moment(item: dict[str, Any]) -> datetime:
    return datetime.fromisoformat(item.get("date_published", "2000-01-01T00:00:00Z"))


@dataclass(slots=True)
class Wellness:
    """How long each outlet has been without a fault."""

    world: World
    builds: Counter[str] = field(default_factory=Counter)
    _since: dict[str, datetime] = field(default_factory=dict)

    def note(self, slug: str, *, is_hit: bool) -> None:
        self.builds[slug] = 0 if is_hit else self.builds[slug] + 1
        if is_hit:
            self._since[slug] = self.world.clock()

    def since(self, slug: str) -> datetime:
        # A host that was asked to be left alone, or a page that is held, may have to wait for some hours.
        last = self._since.get(slug)
        return START - timedelta(days=9) if last is None else last + timedelta(hours=_CALM)


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Builder:
    """What builds: this process, or one of its own."""

    jobs: int = 0
    apart: Apart | None = None

    def build(self, world: World) -> Iterable[object]:
        return self.apart.build(world, jobs=self.jobs) if self.apart else world.build(jobs=self.jobs).problems

    def footprint(self) -> Footprint:
        return self.apart.footprint() if self.apart else footprint()


def simulate(
    folder: Path,
    builds: int,
    *,
    faults: float = 0.10,
    seed: int = 1,
    builder: Builder | None = None,
    hours: float = 1,
) -> Outcome:
    """So many builds, hourly, in each of which each outlet has a fault with this probability."""
    topics = "\n".join(
        f'[topics.{slug}]\ntitle = "{slug}"\noutlets = ["{slug}"]\nlimit = {LIMIT}\n' for slug in OUTLETS
    )
    topics += '\n[topics.everything]\ntitle = "Everything"\neverything = true\nlimit = 200\n'
    with World(folder, OUTLETS, topics=topics) as world:
        return _simulated(
            world, builds, Random(seed), builder or Builder(), faults=faults, span=timedelta(hours=hours)
        )


def _simulated(
    world: World, builds: int, rng: Random, builder: Builder, *, faults: float, span: timedelta
) -> Outcome:
    oracle, well = Oracle(world), Wellness(world)
    outcome = Outcome(faults=oracle.faults, injected=0, footprints=[], published=0, edited=0, withdrawn=0)
    for slug in world.room.editions:
        world.room.publish(slug, 12)
    for number in range(builds):
        _live(world, rng, outcome)
        for slug in world.room.editions:
            is_hit = number > 0 and rng.random() < faults
            well.note(slug, is_hit=is_hit)
            outcome.injected += is_hit
            if is_hit:
                _hit(world, slug, rng)
        oracle.look(number, well, builder.build(world))
        _heal(world)
        world.room.log.clear()
        world.pass_time(span)
        outcome.footprints.append(builder.footprint())
    _rest(world, builder)
    oracle.look_at_all()
    outcome.ledger = (world.folder / ".cleanfeed" / "ledger.sqlite3").stat().st_size
    return outcome


def _rest(world: World, builder: Builder) -> None:
    for _ in range(_AFTERMATH):
        world.pass_time(_REST)
        builder.build(world)


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
