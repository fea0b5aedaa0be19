"""The outlets that the newsroom plays: their articles, in the shapes of the real sites, and where they stand."""

from __future__ import annotations

import sys
from dataclasses import dataclass, field, replace
from functools import lru_cache
from html import escape
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

sys.path.append(str(Path(__file__).parents[1] / "benchmarks"))

from furniture import Furniture
from shapes import SHAPES
from stories import Shape, Story, tell
from words import TONGUES

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from words import Tongue

SECTIONS = {
    "politics": {"en": "Politics", "ar": "سياسة", "es": "Política"},
    "economy": {"en": "Economy", "ar": "اقتصاد", "es": "Economía"},
    "sports": {"en": "Sports", "ar": "رياضة", "es": "Deportes"},
}
"""Names of sections by their part of an address."""
FIRST_KEY = 3_000_000


@dataclass(slots=True, kw_only=True, eq=False)
class Article:
    """A story in one outlet, as it stands now; what a test changes is seen by the next request."""

    edition: Edition
    number: int
    published: datetime
    sections: tuple[str, ...] = ("politics",)
    title: str = ""
    revised: datetime | None = None
    status: int = 200
    listed: str = ""
    """The address that listings name, in place of its own."""
    also: tuple[str, ...] = ()
    """Further paths that serve it, and are listed beside its own."""
    changes: list[Callable[[str], str]] = field(default_factory=list)
    """What is done to this page's HTML."""
    _body: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        self.title = self.title or _remembered(self.edition, self.number).title

    @property
    def body(self) -> tuple[str, ...]:
        # Thousands of articles may be published: only what was changed is kept.
        return self._body or tuple(_remembered(self.edition, self.number).body)

    @body.setter
    def body(self, body: tuple[str, ...]) -> None:
        self._body = body

    @property
    def key(self) -> str:
        return str(FIRST_KEY + self.number)

    @property
    def url(self) -> str:
        return self.edition.shape.address.format(key=self.key)

    @property
    def path(self) -> str:
        return urlsplit(self.url).path

    @property
    def section(self) -> str:
        return SECTIONS[self.sections[0]][self.edition.language]

    @property
    def story(self) -> Story:
        """What its page says."""
        return self._as_it_stands(_remembered(self.edition, self.number))

    def _as_it_stands(self, story: Story) -> Story:
        return replace(story, title=self.title, body=self.body, time=self.published, section=self.section)

    def html(self) -> str:
        story = self._as_it_stands(_tale(self.edition, self.number))
        made = self.edition.shape.render(story, self.url, small_furniture(story.rng, self.edition.shape))
        for change in self.changes:
            made = change(made)
        return made


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Edition:
    """One edition of an outlet: its shape, and the family of sites that it belongs to."""

    slug: str
    shape: Shape
    family: str

    @property
    def language(self) -> str:
        return self.shape.language

    @property
    def tongue(self) -> Tongue:
        return TONGUES[self.shape.language]

    @property
    def origin(self) -> str:
        parts = urlsplit(self.shape.address)
        return f"{parts.scheme}://{parts.netloc}"


def _tale(edition: Edition, number: int) -> Story:
    # Told anew for each page: the same numbers must come out of its generator.
    rng = Random(f"{edition.slug} {number}")
    story = tell(rng, edition.tongue, FIRST_KEY + number)
    return replace(story, body=story.body[:9])


_remembered = lru_cache(maxsize=1024)(_tale)


def small_furniture(rng: Random, shape: Shape) -> Furniture:
    """Menus and cards of a page that is made to be read quickly."""
    tongue = TONGUES[shape.language]
    items = "".join(f'<li><a href="/m{i}/">{tongue.title(rng, 1, 2)}</a></li>' for i in range(6))
    cards = "\n".join(shape.card(rng, tongue) for _ in range(4))
    return Furniture(styles="", scripts="", menus=f"<nav><ul>{items}</ul></nav>", cards=cards)


def _built_in(shape: Shape) -> Edition:
    # A headline has more words than the names of the site's own pages.
    address = shape.address.replace("arise.tv/made-up-", "arise.tv/made-up-story-of-")
    return Edition(slug=shape.slug, shape=replace(shape, address=address), family=shape.slug.split("-")[0])


BUILT_IN = {shape.slug: _built_in(shape) for shape in SHAPES}
_MANAR, _DAILY8 = (
    ("almanartv.com.lb", "manartv.com.lb"),
    ("test.daily8.com", "main.d358xbzettaslu.amplifyapp.com"),
)
ALSO_AT = {
    "https://english.almanar.com.lb": [f"https://english.{host}" for host in _MANAR],
    "https://www.almanar.com.lb": [f"https://www.{host}" for host in _MANAR],
    "https://www.daily8.com": [f"https://{host}" for host in _DAILY8],
}
"""Further origins of sites that answer under several names."""


# --- towns: outlets of the tests' own, as many as a test wants


def town(number: int) -> Edition:
    slug = f"town-{number}"
    shape = Shape(slug, "en", f"https://{slug}.example/story/{{key}}", _town_card, _town_page)
    return Edition(slug=slug, shape=shape, family="town")


def _town_page(story: Story, url: str, parts: Furniture) -> str:
    tags = "".join(f'<li><a rel="tag" href="/tag/{tag}">{tag}</a></li>' for tag in story.tags)
    return f"""<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{escape(story.title)}</title>
<link rel="canonical" href="{url}"><meta name="description" content="{escape(story.deck)}"></head><body>
<header>{parts.menus}</header><main><h1 class="head">{escape(story.title)}</h1>
<p class="by">{story.author}</p><time class="when" datetime="{story.time.isoformat()}">{story.time:%d %B %Y}</time>
<span class="section">{story.section}</span><div class="text">{story.prose()}</div><ul class="tags">{tags}</ul></main>
<aside>{parts.cards}</aside></body></html>"""


def _town_card(rng: Random, tongue: Tongue) -> str:
    return f'<div class="card"><a href="/other/{rng.randrange(10**6)}">{tongue.title(rng)}</a></div>'


PLUGIN = '''"""Towns: outlets of the tests."""

from cleanfeed import Listing, Outlet, Recipe, hookimpl
from cleanfeed.finders import attribute, css, meta, text, texts

ARTICLE = Recipe(
    title=text("h1.head"),
    content=css("div.text"),
    published=attribute("time.when", "datetime"),
    summary=meta("description"),
    authors=text("p.by"),
    section=text("span.section"),
    tags=texts("ul.tags a"),
)


def town(number):
    base = f"https://town-{number}.example"
    return Outlet(
        slug=f"town-{number}", name=f"Town {number}", language="en", timezone="UTC",
        hosts=(f"town-{number}.example",), article=ARTICLE, articles=r"/story/[0-9]+$",
        listings=(
            Listing(url=base + "/feed.xml", kind="feed"),
            Listing(url=base + "/sitemap.xml", kind="sitemap"),
            Listing(url=base + "/", kind="links"),
            SECTIONS
        ),
    )


@hookimpl
def cleanfeed_outlets():
    return [town(number) for number in NUMBERS]
'''
_SECTION = (
    'Listing(url=base + "/section/{name}/", kind="links", section="{title}", '
    'further=base + "/section/{name}/page/{{page}}/"),'
)


def town_plugin(numbers: range, sections: tuple[str, ...] = ()) -> str:
    """The plugin of so many towns."""
    lines = [_SECTION.format(name=name, title=SECTIONS[name]["en"]) for name in sections]
    return PLUGIN.replace("SECTIONS", "\n            ".join(lines)).replace("NUMBERS", repr(numbers))
