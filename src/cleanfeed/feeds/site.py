"""Pages for people: an index of all feeds, and a page for each; without script."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from hashlib import sha256
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from cleanfeed.feeds.caps import description
from cleanfeed.feeds.names import outlet_name
from cleanfeed.feeds.words import words_for
from cleanfeed.model import EPOCH
from cleanfeed.text import cut, plain

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cleanfeed.model import Entry, Feed, Outline, Site

_SUMMARY_LIMIT = 400
_NAMES = 3


def topic_page(feed: Feed, site: Site) -> bytes:
    """The page of one feed; the feed must be arranged."""
    words = words_for(feed.language)
    head = {
        "slug": feed.topic.slug,
        "title": feed.topic.title,
        "description": feed.topic.description,
        "count": words.count(len(feed.entries)),
        "updated": _stamp(feed.updated) if feed.updated > EPOCH else None,
    }
    cards = [_card(entry, site) for entry in feed.entries]
    return _page("topic.html.j2", site, feed.language, feed.direction, feed=head, cards=cards)


def index_page(outlines: Sequence[Outline], site: Site) -> bytes:
    """The page of all feeds, in the order given; in their language where they share one."""
    shared = {(one.language, one.direction) for one in outlines}
    language, direction = shared.pop() if len(shared) == 1 else ("en", "ltr")
    newest = max((one.newest for one in outlines if one.newest), default=None)
    return _page(
        "index.html.j2",
        site,
        language,
        direction,
        feeds=[_row(one, site) for one in outlines],
        count=words_for(language).count_feeds(len(outlines)),
        newest=_stamp(newest) if newest else None,
        has_health=site.has_health,
    )


def _page(template: str, site: Site, language: str, direction: str, **said: Any) -> bytes:
    html = environment("cleanfeed.feeds").get_template(template)
    text = html.render(
        site=plain(site.title),
        lang=language,
        dir=direction,
        words=words_for(language),
        **style((SHEET,), _PICTURES),
        **said,
    )
    return text.encode()


@cache
def environment(*packages: str) -> Environment:
    """The templates of these packages, the first that has one; what they show is escaped."""
    return Environment(
        loader=ChoiceLoader([PackageLoader(package) for package in packages]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


@cache
def style(sheets: tuple[tuple[str, str], ...], *allowed: str) -> dict[str, str]:
    """The style sheets (package and name) as one, and a policy that allows it and what is named, no more."""
    css = "".join(
        files(package).joinpath(f"templates/{name}.css").read_text("utf-8") for package, name in sheets
    )
    seal = b64encode(sha256(css.encode()).digest()).decode()
    rules = (
        "default-src 'none'",
        f"style-src 'sha256-{seal}'",
        *allowed,
        "base-uri 'none'",
        "form-action 'none'",
    )
    return {"css": Markup(css), "policy": "; ".join(rules)}  # noqa: S704  # our own files


SHEET = ("cleanfeed.feeds", "page")
"""The style sheet of all pages."""
_PICTURES = "img-src https: http:"


@dataclass(frozen=True, slots=True)
class _Stamp:
    machine: str
    shown: str


def _stamp(moment: datetime, precision: str | None = None) -> _Stamp:
    """A time in UTC; a date without a time is that of its own zone."""
    if precision == "day":
        return _Stamp(f"{moment:%Y-%m-%d}", f"{moment:%Y-%m-%d}")
    utc = moment.astimezone(UTC)
    return _Stamp(f"{utc:%Y-%m-%dT%H:%M:%SZ}", f"{utc:%Y-%m-%d %H:%M} UTC")


def _card(entry: Entry, site: Site) -> dict[str, Any]:
    about = cut(description(entry), _SUMMARY_LIMIT)
    credited = (entry.source,) if entry.source and entry.source not in entry.authors else ()
    return {
        "title": entry.title,
        "url": entry.url,
        "summary": about if about != entry.title else None,
        "image": entry.image,
        "outlet": outlet_name(entry.outlet, site),
        "section": entry.section,
        "published": _stamp(entry.published, entry.date_precision) if entry.published else None,
        "byline": (*entry.authors[:_NAMES], *credited),
        "language": entry.language,
        "direction": entry.direction,
        "also_in": [{"name": copy.name, "url": copy.url} for copy in entry.also_in],
        "words": words_for(entry.language),
    }


def _row(one: Outline, site: Site) -> dict[str, Any]:
    words = words_for(one.language)
    return {
        "slug": one.slug,
        "title": one.title,
        "description": one.description,
        "count": words.count(one.count),
        "newest": _stamp(one.newest) if one.newest else None,
        "outlets": [outlet_name(slug, site) for slug in one.outlets],
        "headlines": one.headlines,
        "language": one.language,
        "direction": one.direction,
        "words": words,
        "comma": words.comma,
    }
