"""The built-in plugin: an entry from a page, by the recipe of its outlet."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from functools import lru_cache
from html import escape
from typing import NamedTuple
from urllib.parse import urljoin
from zoneinfo import ZoneInfo

from lxml import etree

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
from cleanfeed.outlet import Outlet, Recipe
from cleanfeed.text import cut, fold, plain

WITHOUT_TEXT = frozenset({"video", "audio", "gallery"})
"""The kinds of entry that need no text."""


@hookimpl(trylast=True)
def cleanfeed_extract(outlet: Outlet, page: Page) -> Entry:
    recipe = outlet.article if page.kind == "html" else outlet.capture
    if recipe is None:
        raise ExtractionError(page.name, f"outlet {outlet.slug!r} reads no plain-text captures")
    verdict = recipe.is_article(page)
    if verdict is not True:
        raise NotAnArticle(page.name, str(verdict or "not an article"))
    # Kept, so that the core knows an entry that no other plugin has touched.
    return page.view("made", lambda page: _Reading(outlet, recipe, page).entry())


@lru_cache(maxsize=256)
def _rules(outlet: Outlet, recipe: Recipe) -> Rules:
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
        self.zone = ZoneInfo(outlet.timezone)
        self.url = address_of(page)
        # Where no address is known, relative ones still lead to the outlet.
        self.base = _base(page) or self.url or f"https://{outlet.home or outlet.hosts[0]}/"

    def entry(self) -> Entry:
        recipe, page = self.recipe, self.page
        title = as_title(recipe.title(page))
        body = self._body(title or "")
        published = as_moment(recipe.published(page), self.zone, page)
        updated = as_moment(recipe.updated(page), self.zone, page)
        kind = recipe.kind(page) or "article"
        image = as_image(recipe.image(page), self.base) or body.image
        summary = self._summary(title, body)
        if not body.text:
            draft = _Draft(kind, title, summary, image, self.url)
            body = self._without_text(draft, body, dated=published is not None)
        title = title or cut(body.text.replace("\n", " "), 80) or host_of(self.url or "") or self.outlet.name
        later = updated and published and updated.time > published.time
        return Entry(
            id=self._id(title, published.time if published else None),
            outlet=self.outlet.slug,
            title=title,
            content=wrap(body.html, self.outlet.language, self.outlet.direction),
            text=body.text,
            language=self.outlet.language,
            direction=self.outlet.direction,
            url=self.url,
            published=published.time if published else None,
            updated=updated.time if updated and (later or not published) else None,
            date_precision=published.precision if published else None,
            first_seen=page.retrieved,
            summary=summary,
            authors=as_authors(recipe.authors(page)),
            source=as_text(recipe.source(page)) or plain(body.source or "") or None,
            section=as_text(recipe.section(page)),
            tags=as_tags(recipe.tags(page)),
            image=image,
            captions=as_names([*as_names(recipe.captions(page)), *body.captions]),
            enclosures=body.enclosures,
            kind=kind,
        )

    def _body(self, title: str) -> Body:
        found = self.recipe.content(self.page)
        if found is None:
            return Body("", "")
        return clean(elements_of(found), _rules(self.outlet, self.recipe), self.base, title)

    def _summary(self, title: str | None, body: Body) -> str | None:
        found = as_text(self.recipe.summary(self.page))
        if not found or (title and fold(found) == fold(title)):
            return None
        # A generator's excerpt, cut in mid-sentence, is no deck.
        head = found.rstrip(". …[]").removesuffix("&hellip;").rstrip()
        is_excerpt = found.endswith(("…", "...", "[…]", "[...]", "&hellip;]"))
        return None if is_excerpt and fold(body.text).startswith(fold(head)) else found

    def _without_text(self, draft: _Draft, body: Body, *, dated: bool) -> Body:
        if draft.kind not in WITHOUT_TEXT:
            raise ExtractionError(self.page.name, f"outlet {self.outlet.slug!r}: no content was found on the page")
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
        return found or ""

    def _id(self, title: str, published: datetime | None) -> str:
        number = as_text(self.recipe.number(self.page))
        own = number or (identity(self.url) if self.url else None) or unaddressed(title, published)
        return mint(self.outlet.slug, own)




class _Draft(NamedTuple):
    """What a page without text still has to show."""

    kind: str
    title: str | None
    summary: str | None
    image: str | None
    url: str | None

    def as_html(self, media: str) -> str:
        link = f'<a href="{escape(self.url)}">' if self.url else ""
        picture = f'<figure><img src="{escape(self.image)}" alt=""></figure>' if self.image and not media else ""
        words = f"<p>{escape(self.summary)}</p>" if self.summary else ""
        title = f"<p>{link}{escape(self.title or '')}{'</a>' if link else ''}</p>"
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
