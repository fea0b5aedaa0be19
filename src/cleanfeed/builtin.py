"""The built-in plugin: an entry from a page, by the recipe of its outlet."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from html import escape
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, TypeVar
from urllib.parse import urljoin
from zoneinfo import ZoneInfo

from lxml import etree

from cleanfeed import items
from cleanfeed.addresses import host_of
from cleanfeed.clean import Body, Rules, clean, elements_of, rules, wrap
from cleanfeed.declared import address_of
from cleanfeed.errors import ExtractionError, NotAnArticle
from cleanfeed.fields import as_authors, as_image, as_moment, as_names, as_tags, as_text, as_title
from cleanfeed.hookspecs import hookimpl
from cleanfeed.ids import identity, mint, unaddressed
from cleanfeed.landmarks import landmarks
from cleanfeed.lines import Lines
from cleanfeed.markup import Element
from cleanfeed.model import Entry, Page
from cleanfeed.text import cut, fold, plain
from cleanfeed.tracing import FROM_BODY, label_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from cleanfeed.dates import Moment
    from cleanfeed.outlet import Outlet, Recipe

T = TypeVar("T")

WITHOUT_TEXT = frozenset({"video", "audio", "gallery"})
"""The kinds of entry that need no text."""
_FIRST_WORDS = 80
"""Characters of the body that stand in for a missing title."""


def matched(page: Page) -> dict[str, str]:
    """Which finder gave the value of each field, once the page has been read: labels, by field."""
    return page.view("matched", lambda _page: {})


@hookimpl(trylast=True)
def cleanfeed_extract(outlet: Outlet, page: Page) -> Entry:
    recipe = _recipe(outlet, page)
    if recipe is None:
        raise ExtractionError(page.name, f"outlet {outlet.slug!r} reads no plain-text captures")
    verdict = recipe.is_article(page)
    if verdict is not True:
        raise NotAnArticle(page.name, str(verdict or "not an article"))
    # Kept, so that the core knows an entry that no other plugin has touched.
    return page.view("made", lambda page: _Reading(outlet, recipe, page).entry())


def _recipe(outlet: Outlet, page: Page) -> Recipe | None:
    if page.kind == "item":
        return items.recipe(outlet)
    return outlet.article if page.kind == "html" else outlet.capture


@lru_cache(maxsize=256)
def rules_of(outlet: Outlet, recipe: Recipe) -> Rules:
    """What of the outlet's contents is chrome."""
    lines = Lines.of(
        sentinels=outlet.sentinels,
        stop=recipe.stop,
        boxes=recipe.boxes,
        source=recipe.source_line,
        erase=recipe.erase,
    )
    return rules(recipe.drop, lines)


class _Reading:
    """One page, read by one recipe."""

    def __init__(self, outlet: Outlet, recipe: Recipe, page: Page) -> None:
        self.outlet = outlet
        self.recipe = recipe
        self.page = page
        self.matched = matched(page)
        self.zone = ZoneInfo(outlet.timezone)
        self.url = address_of(page)
        # Where no address is known, relative ones still lead to the outlet.
        self.base = _base(page) or self.url or f"https://{outlet.home or outlet.hosts[0]}/"

    def entry(self) -> Entry:
        outlet = self.outlet
        dates = self._dates()
        draft, body = self._body(dated=dates.published is not None)
        return Entry(
            id=self._id(draft.title, dates.published),
            outlet=outlet.slug,
            title=draft.title,
            content=wrap(body.html, outlet.language, outlet.direction),
            text=body.text,
            language=outlet.language,
            direction=outlet.direction,
            url=self.url,
            published=dates.published,
            updated=dates.updated,
            date_precision=dates.precision,
            first_seen=self.page.retrieved,
            summary=draft.summary,
            authors=self._found("authors", as_authors),
            source=self._found("source", as_text)
            or self._instead("source", plain(body.source or "") or None),
            section=self._found("section", as_text),
            tags=self._found("tags", as_tags),
            image=draft.image,
            captions=as_names([*self._found("captions", as_names), *body.captions]),
            enclosures=body.enclosures,
            kind=draft.kind,
        )

    def _found(self, name: str, convert: Callable[[Any], T]) -> T:
        """What the recipe finds for a field, as the field holds it."""
        finder = getattr(self.recipe, name)
        try:
            found = convert(finder(self.page))
        except TypeError as error:
            # With its own traceback, which tells whose function it was.
            raise TypeError(f"field {name!r}: {error}").with_traceback(error.__traceback__) from error
        if found:
            self.matched[name] = label_of(finder, self.page)
        return found

    def _instead(self, name: str, value: T) -> T:
        """What the body gives for a field for which the recipe finds nothing."""
        if value:
            self.matched[name] = FROM_BODY
        return value

    def _moment(self, found: object) -> Moment | None:
        return as_moment(found, self.zone, self.page)

    def _dates(self) -> _Dates:
        published = self._found("published", self._moment)
        if published is None:
            return _Dates(None, None, None)
        updated = self._found("updated", self._moment)
        later = updated.time if updated and updated.time > published.time else None
        return _Dates(published.time, later, published.precision)

    def _body(self, *, dated: bool) -> tuple[_Draft, Body]:
        """What the entry shows, and its body: a title can be had from the text, and content from the rest."""
        title = self._found("title", as_title)
        body = self._cleaned(title or "")
        draft = _Draft(
            kind=self._found("kind", as_text) or "article",
            title=title or "",
            summary=self._summary(title, body),
            image=self._found("image", lambda found: as_image(found, self.base))
            or self._instead("image", body.image),
            url=self.url,
        )
        if not body.text:
            body = self._without_text(draft, body, dated=dated)
        first_words = cut(body.text.replace("\n", " "), _FIRST_WORDS)
        spare = first_words or host_of(self.url or "") or self.outlet.name
        return (draft if title else draft._replace(title=self._instead("title", spare))), body

    def _cleaned(self, title: str) -> Body:
        content = self._found("content", lambda found: [] if found is None else elements_of(found))
        if not content:
            return Body("", "")
        return clean(content, rules_of(self.outlet, self.recipe), self.base, title)

    def _summary(self, title: str | None, body: Body) -> str | None:
        found = self._found("summary", as_text)
        if not found or (title and fold(found) == fold(title)):
            return None
        # A generator's excerpt, cut in mid-sentence, is no deck.
        head = found.rstrip(". …[]").removesuffix("&hellip;").rstrip()
        is_excerpt = found.endswith(("…", "...", "[…]", "[...]", "&hellip;]"))
        return None if is_excerpt and fold(body.text).startswith(fold(head)) else found

    def _without_text(self, draft: _Draft, body: Body, *, dated: bool) -> Body:
        if draft.kind not in WITHOUT_TEXT:
            raise ExtractionError(
                self.page.name, f"outlet {self.outlet.slug!r}: no content was found on the page"
            )
        if not draft.title or not dated:
            missing = "title" if not draft.title else "date"
            raise NotAnArticle(self.page.name, f"a {draft.kind} page without text or {missing}")
        if body.has_media:
            return body
        shown = clean(elements_of(draft.as_html(self._media())), Rules(), self.base)
        return replace(shown, text="", captions=body.captions or shown.captions)

    def _media(self) -> str:
        found = self.recipe.media(self.page)
        if isinstance(found, Element):
            return etree.tostring(found, encoding="unicode", method="html", with_tail=False)
        return found if isinstance(found, str) else ""

    def _id(self, title: str, published: datetime | None) -> str:
        number = self._found("number", as_text)
        own = number or (identity(self.url) if self.url else None) or unaddressed(title, published)
        return mint(self.outlet.slug, own)


class _Dates(NamedTuple):
    published: datetime | None
    updated: datetime | None
    """Only when it is later."""
    precision: Literal["day"] | None


class _Draft(NamedTuple):
    """What there is to show beside the body, or in place of one."""

    kind: str
    title: str
    summary: str | None
    image: str | None
    url: str | None

    def as_html(self, media: str) -> str:
        link = f'<a href="{escape(self.url)}">' if self.url else ""
        picture = (
            f'<figure><img src="{escape(self.image)}" alt=""></figure>' if self.image and not media else ""
        )
        words = f"<p>{escape(self.summary)}</p>" if self.summary else ""
        title = f"<p>{link}{escape(self.title)}{'</a>' if link else ''}</p>"
        return f"<div>{media or picture}{words}{title}</div>"


def _base(page: Page) -> str | None:
    """What relative addresses are resolved against: `<base>` where it stays on the page's own host."""
    if page.kind != "html":
        return page.url
    declared = next((node.get("href") for node in landmarks(page)["base"] if node.get("href")), None)
    if not declared:
        return page.url
    try:
        base = urljoin(page.url or "", declared)
    except ValueError:  # an address such as "http://[" is none
        return page.url
    return base if not page.url or host_of(base) == host_of(page.url) else page.url
