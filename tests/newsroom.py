"""A server on the loopback interface that plays news outlets, and misbehaves on command.

    with Newsroom(["arise", "almanar-en"]) as room:
        room.publish("arise", 5)
        config = room.config(tmp_path)                      # cleanfeed.toml with mirrors and delay = 0
        room.edit(room.articles("arise")[0], title="Said anew")
        room.fail("almanar-en", "503", times=3, Retry_After="120")

Each site has a port of its own; what was asked is in `room.log`. The same calls give the same pages.
"""

from __future__ import annotations

import json
import re
import threading
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import unquote

from newsroom_editions import ALSO_AT, BUILT_IN, SECTIONS, Article, Edition, town, town_plugin
from newsroom_faults import FAULTS, REDESIGNS, Reply, redirect, send, status
from newsroom_listings import listing
from newsroom_server import Behaviour, Log, Port, Request, concurrency, gaps, packed, validated

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path

    from newsroom_faults import Wire

__all__ = ["BUILT_IN", "SECTIONS", "Article", "Edition", "Newsroom", "Request", "concurrency", "gaps"]

_ARTICLE_GAP = timedelta(minutes=7)
_NAMES = tuple(SECTIONS)
_REMEMBERED = 3000
"""Pages that are kept as they were made."""


@dataclass(slots=True, eq=False)
class Trouble:
    """A fault that was ordered, and how often it has struck."""

    where: Callable[[Edition | None, Request, Article | None], bool]
    how: str
    sending: Callable[[Wire, Reply], bool]
    left: float
    hits: int = 0

    def strikes(self, edition: Edition | None, request: Request, article: Article | None) -> bool:
        return self.left > 0 and self.where(edition, request, article)

    def strike(self) -> None:
        self.hits += 1
        self.left -= 1

    def end(self) -> None:
        self.left = 0


class Newsroom:
    """Outlets by slug: built-in ones, and "town-1", "town-2" … whose plugin `config` writes beside itself."""

    def __init__(
        self, slugs: Iterable[str] = tuple(BUILT_IN), *, now: datetime | Callable[[], datetime] | None = None
    ) -> None:
        self.editions = {slug: BUILT_IN.get(slug) or town(int(slug.removeprefix("town-"))) for slug in slugs}
        fixed = now if isinstance(now, datetime) else None
        self.now = now if callable(now) else lambda: fixed or datetime.now(UTC)
        self.log = Log()
        self._closing = threading.Event()
        self._lock = threading.RLock()
        self._articles: dict[str, list[Article]] = {slug: [] for slug in self.editions}
        self._troubles: list[Trouble] = []
        self._redesigns: dict[str, Callable[[str], str]] = {}
        self._made: dict[tuple[object, ...], bytes] = {}
        origins = dict.fromkeys(edition.origin for edition in self.editions.values())
        self.behaviour: dict[str, Behaviour] = {origin: Behaviour() for origin in origins}
        self._ports = {origin: Port(origin, self.log, self._answer, self._closing) for origin in origins}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self._closing.set()
        for port in self._ports.values():
            port.close()

    # --- what the outlets publish

    def articles(self, slug: str) -> list[Article]:
        """Newest first, withdrawn ones included."""
        return sorted(self._articles[slug], key=lambda each: (each.published, each.number), reverse=True)

    def publish(self, slug: str, count: int = 1, **said: Any) -> list[Article]:
        """So many articles, the last one newest and of this minute; `said` are fields of `Article`."""
        with self._lock:
            first = len(self._articles[slug])
            newest = said.pop("published", self.now().replace(microsecond=0) - timedelta(minutes=1))
            sections = said.pop("sections", None)
            made = [
                Article(
                    edition=self.editions[slug],
                    number=first + i,
                    published=newest - (count - 1 - i) * _ARTICLE_GAP,
                    sections=sections or (_NAMES[(first + i) % len(_NAMES)],),
                    **said,
                )
                for i in range(count)
            ]
            self._articles[slug] += made
        return made[::-1]

    def edit(self, article: Article, **changed: Any) -> None:
        """Changes its title, body or sections."""
        with self._lock:
            for name, value in changed.items():
                setattr(article, name, value)
            article.revised = self.now().replace(microsecond=0)

    def withdraw(self, article: Article, status: int = 410) -> None:
        """It is listed no more, and its address answers so."""
        article.status = status

    def redesign(self, where: str | Article, how: str | Callable[[str], str] | None) -> None:
        """From now on all pages of an outlet (or one) are so changed; `None` takes it back."""
        change = REDESIGNS[how] if isinstance(how, str) else how
        with self._lock:
            self._made.clear()
            if isinstance(where, Article):
                where.changes[:] = [change] if change else []
            elif change:
                self._redesigns[where] = change
            else:
                self._redesigns.pop(where, None)

    # --- how they fail

    def fail(
        self,
        where: str | Article,
        how: str | Callable[[Wire, Reply], bool],
        times: float = float("inf"),
        *,
        path: str = "",
        to: str = "",
        **headers: str,
    ) -> Trouble:
        """An outlet (its listings and pages), one article, or what matches `path` of an outlet answers badly.

        `how` is a name of `newsroom_faults.FAULTS`, or "redirect" with `to`, or what sends the answer; a
        status may have `headers` (`Retry_After="60"`).
        """
        sending = how if callable(how) else redirect(to) if how == "redirect" else FAULTS[how]
        if headers:
            sending = status(int(how), **headers)
        trouble = Trouble(_place(where, path), getattr(how, "__name__", how), sending, times)
        with self._lock:
            self._troubles.append(trouble)
        return trouble

    def heal(self) -> None:
        """Nothing fails any more; redesigns stay."""
        with self._lock:
            self._troubles.clear()

    def slow(self, seconds: float, *slugs: str) -> None:
        """Each answer of these outlets (of all, unless named) takes so long."""
        for slug in slugs or self.editions:
            self.site(slug).latency = seconds

    def site(self, slug: str) -> Behaviour:
        """How the site of an outlet behaves: its robots.txt, validators, latency."""
        return self.behaviour[self.editions[slug].origin]

    # --- what a build needs

    def mirrors(self) -> dict[str, str]:
        """Of every origin that a build may ask: nothing goes out to the real ones."""
        return {
            name: port.base
            for origin, port in self._ports.items()
            for name in (origin, *ALSO_AT.get(origin, ()))
        }

    def config(
        self, folder: Path, *, fetch: Mapping[str, Any] | None = None, topics: str | None = None, **top: Any
    ) -> Path:
        """Writes cleanfeed.toml: a topic of everything and one of each outlet, no delay, all outlets here.

        `top` are keys of the top level, `fetch` those of its table, `topics` text in place of the topics;
        a value of `None` leaves the key out.
        """
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / "cleanfeed.toml"
        keys = {
            "title": "Loopback", "base_url": "https://feeds.example.org/", "output": "public",
            "contact": "tests@example.org", "outlets": list(self.editions), **top,
        }  # fmt: skip
        fetching = {"delay": 0, "max_pages": 500, **(fetch or {})}
        mirrors = "\n".join(
            f"{json.dumps(origin)} = {json.dumps(base)}" for origin, base in self.mirrors().items()
        )
        topics = _topics(keys["outlets"]) if topics is None else topics
        path.write_text(
            f"{_keys(keys)}\n\n{topics}\n[fetch]\n{_keys(fetching)}\n\n[fetch.mirrors]\n{mirrors}\n", "utf-8"
        )
        return path

    def plugin(self, folder: Path, *, sections: tuple[str, ...] = ()) -> Path:
        """Writes the plugin of the towns, for `--plugin`."""
        numbers = [int(slug.removeprefix("town-")) for slug in self.editions if slug.startswith("town-")]
        path = folder / "towns.py"
        path.write_text(town_plugin(tuple(numbers), sections), "utf-8")
        return path

    # --- answering

    def _answer(self, request: Request) -> tuple[Reply, str, Callable[[Wire, Reply], bool], float]:
        behaviour = self.behaviour[request.site]
        with self._lock:
            edition, article, reply = self._good_reply(request, behaviour)
            trouble = next((each for each in self._troubles if each.strikes(edition, request, article)), None)
            if trouble:
                trouble.strike()
        reply = packed(reply, request.headers)
        if trouble is None:
            return reply, "", send, behaviour.latency
        return reply, trouble.how, trouble.sending, behaviour.latency

    def _good_reply(self, request: Request, how: Behaviour) -> tuple[Edition | None, Article | None, Reply]:
        editions = [each for each in self.editions.values() if each.origin == request.site]
        if request.path == "/robots.txt":
            return editions[0], None, _robots(how)
        for edition in editions:
            article = self._find(edition, request.path)
            if article is not None:
                return edition, article, self._page(article, request, how)
        for edition in editions:
            listed = [each for each in self.articles(edition.slug) if each.status == 200]
            made = listing(edition, listed, request.path)
            if made is not None:
                newest = max((each.revised or each.published for each in listed), default=None)
                reply = Reply(headers={"Content-Type": made[0], **how.headers}, body=made[1].encode())
                return edition, None, validated(reply, request.headers, how, newest)
        return _whose(editions, request.path), None, _missing(404)

    def _find(self, edition: Edition, path: str) -> Article | None:
        other = next((each for each in self._articles[edition.slug] if path in each.also), None)
        if other is not None:
            return other
        wanted = unquote(path.partition("?")[0]).rstrip("/").removesuffix("/amp")
        found = re.search(r"(\d{7})(?:/|$|\D)", wanted[-24:] + "/")
        articles = self._articles[edition.slug]
        number = int(found[1]) - 3_000_000 if found else -1
        article = articles[number] if 0 <= number < len(articles) else None
        return article if article is not None and article.path.rstrip("/") == wanted else None

    def _page(self, article: Article, request: Request, how: Behaviour) -> Reply:
        if article.status != 200:
            return _missing(article.status)
        body = self._html(article)
        named = {"Content-Type": "text/html; charset=utf-8", **how.headers}
        changed = article.revised or article.published
        return validated(Reply(headers=named, body=body), request.headers, how, changed)

    def _html(self, article: Article) -> bytes:
        """Made once for as long as nothing about it changes."""
        key = (
            article.edition.slug, article.number, article.title, article.body, article.sections, article.published,
            *map(id, article.changes),
        )  # fmt: skip
        if key not in self._made:
            if len(self._made) > _REMEMBERED:
                self._made.clear()
            redesign = self._redesigns.get(article.edition.slug, str)
            self._made[key] = redesign(article.html()).encode()
        return self._made[key]


def _place(where: str | Article, path: str) -> Callable[[Edition | None, Request, Article | None], bool]:
    if isinstance(where, Article):
        return lambda _edition, _request, article: article is where
    pattern = re.compile(path or "(?!/robots[.]txt$)")
    return lambda edition, request, _article: (
        edition is not None and edition.slug == where and bool(pattern.match(request.path))
    )


def _whose(editions: list[Edition], path: str) -> Edition:
    english = path.startswith("/en/")
    return next((each for each in editions if (each.language == "en") is english), editions[0])


def _robots(how: Behaviour) -> Reply:
    if how.robots is None:
        return _missing(404)
    return Reply(headers={"Content-Type": "text/plain"}, body=how.robots.encode())


def _missing(code: int) -> Reply:
    body = f"<!DOCTYPE html><html><head><title>{code}</title></head><body><h1>{code}</h1></body></html>"
    return Reply(status=code, headers={"Content-Type": "text/html"}, body=body.encode())


def _topics(slugs: Iterable[str]) -> str:
    own = (f'[topics.{slug}]\ntitle = "{slug}"\noutlets = ["{slug}"]\nlimit = 500\n' for slug in slugs)
    return '[topics.everything]\ntitle = "Everything"\neverything = true\nlimit = 500\n\n' + "\n".join(own)


def _keys(values: Mapping[str, Any]) -> str:
    """TOML writes strings, numbers, truth and lists as JSON does."""
    return "\n".join(
        f"{name} = {json.dumps(value, ensure_ascii=False)}"
        for name, value in values.items()
        if value is not None
    )
