"""Pages for people: an index of all feeds, and a page for each; whole without script, handier with it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cleanfeed.feeds.cards import Filter, cards, entry_filters, filters, language_name
from cleanfeed.feeds.frame import SCRIPT, SHEET, dress, environment, mood_of, stamp
from cleanfeed.feeds.names import outlet_name
from cleanfeed.feeds.words import Words, words_for
from cleanfeed.model import EPOCH
from cleanfeed.text import fold, plain

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cleanfeed.model import Feed, Outline, Site

_MEDIA = ("img-src https: http: data:", "media-src https: http:")


def topic_page(feed: Feed, site: Site) -> bytes:
    """The page of one feed; the feed must be arranged."""
    words = words_for(feed.language)
    head = {
        "slug": feed.topic.slug,
        "title": feed.topic.title,
        "description": feed.topic.description,
        "count": words.count(len(feed.entries)),
        "updated": stamp(feed.updated) if feed.updated > EPOCH else None,
        "address": _address(feed.topic.slug, site),
    }
    chosen_by = entry_filters(feed.entries, site, words)
    shown = cards(feed.entries, site, [each.name for each in chosen_by])
    said = {"search": words.search, "filters": chosen_by, "has_search": len(shown) > 1}
    return _page("topic.html.j2", site, (feed.language, feed.direction), feed=head, cards=shown, **said)


def index_page(outlines: Sequence[Outline], site: Site) -> bytes:
    """The page of all feeds, in the order given; in their language where they share one."""
    shared = {(one.language, one.direction) for one in outlines}
    spoken = shared.pop() if len(shared) == 1 else ("en", "ltr")
    words = words_for(spoken[0])
    newest = max((one.newest for one in outlines if one.newest), default=None)
    chosen_by = _index_filters(outlines, site, words)
    return _page(
        "index.html.j2",
        site,
        spoken,
        feeds=[_row(one, site, [each.name for each in chosen_by]) for one in outlines],
        count=words.count_feeds(len(outlines)),
        newest=stamp(newest) if newest else None,
        has_health=site.has_health,
        outlets=_badges(site, words),
        search=words.search_feeds,
        filters=chosen_by,
        has_search=len(outlines) > 1,
    )


def _index_filters(outlines: Sequence[Outline], site: Site, words: Words) -> list[Filter]:
    slugs = [slug for one in outlines for slug in one.outlets]
    return filters(
        (
            ("outlet", [(slug, outlet_name(slug, site)) for slug in slugs]),
            ("language", [(one.language, language_name(one.language)) for one in outlines if one.count]),
        ),
        words,
    )


def _page(template: str, site: Site, spoken: tuple[str, str], **said: Any) -> bytes:
    html = environment("cleanfeed.feeds").get_template(template)
    language, direction = spoken
    text = html.render(
        site=plain(site.title),
        lang=language,
        dir=direction,
        words=words_for(language),
        **dress((SHEET,), SCRIPT, *_MEDIA),
        **said,
    )
    return text.encode()


def _address(slug: str, site: Site) -> str:
    """What the button copies: of the formats, the one that tells readers most."""
    return f"{site.base_url}{slug}.atom"


def _badges(site: Site, words: Words) -> list[dict[str, str]]:
    """How the outlets fare, by name."""
    found = [
        {
            "slug": slug,
            "name": outlet_name(slug, site),
            "state": words.states.get(state, state),
            "mood": mood_of(state),
        }
        for slug, state in site.health.items()
    ]
    return sorted(found, key=lambda each: (fold(each["name"]), each["slug"]))


def _row(one: Outline, site: Site, chosen_by: Sequence[str]) -> dict[str, Any]:
    words = words_for(one.language)
    values = {"outlet": "\n".join(one.outlets), "language": one.language}
    return {
        "slug": one.slug,
        "title": one.title,
        "description": one.description,
        "count": words.count(one.count),
        "newest": stamp(one.newest) if one.newest else None,
        "outlets": [outlet_name(slug, site) for slug in one.outlets],
        "headlines": one.headlines,
        "language": one.language,
        "direction": one.direction,
        "words": words,
        "comma": words.comma,
        "address": _address(one.slug, site),
        "chosen": {name: values[name] for name in chosen_by},
    }
