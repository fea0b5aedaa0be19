"""The last gate of every piece of HTML: nothing leaves that is not on these lists."""

from __future__ import annotations

from typing import Any

import nh3

_TAGS = {
    "a", "p", "br", "hr", "h2", "h3", "h4", "ul", "ol", "li", "dl", "dt", "dd", "blockquote", "q", "cite",
    "em", "strong", "b", "i", "u", "s", "del", "ins", "sub", "sup", "small", "mark", "abbr", "code", "pre",
    "kbd", "samp", "figure", "figcaption", "img", "source", "table", "caption", "thead", "tbody", "tfoot",
    "tr", "th", "td", "time", "video", "audio",
}  # fmt: skip
_ATTRIBUTES: dict[str, set[str]] = {
    "*": set(),  # or else nh3 lets "lang" and "title" stand anywhere
    "a": {"href", "title"},
    "img": {"src", "alt", "title", "width", "height"},
    "source": {"src", "type"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
    "time": {"datetime"},
    "video": {"src", "poster", "controls", "preload"},
    "audio": {"src", "controls", "preload"},
}
_WITH_CONTENT = {
    "script", "style", "noscript", "template", "svg", "math", "iframe", "object", "embed", "form", "select",
    "textarea", "title", "xmp", "plaintext", "noembed", "noframes",
}  # fmt: skip


def _cleaner(**more: Any) -> nh3.Cleaner:
    return nh3.Cleaner(
        tags=_TAGS,
        clean_content_tags=_WITH_CONTENT,
        url_schemes={"http", "https", "mailto"},
        link_rel="noopener noreferrer",
        generic_attribute_prefixes=set(),
        strip_comments=True,
        **more,
    )


_CLEANER = _cleaner(attributes=_ATTRIBUTES)
# One attribute an element each: nh3 writes several in an order that changes from run to run.
_LAZY = _cleaner(
    attributes=_ATTRIBUTES,
    url_relative="deny",
    set_tag_attribute_values={
        "img": {"loading": "lazy"},
        "video": {"preload": "none"},
        "audio": {"preload": "none"},
    },
)
_DISCREET = _cleaner(
    attributes=_ATTRIBUTES | {"img": {*_ATTRIBUTES["img"], "loading"}},
    url_relative="deny",
    set_tag_attribute_values={"img": {"referrerpolicy": "no-referrer"}},
)


def sanitise(html: str) -> str:
    """The HTML with allowed elements, attributes and schemes alone; deny by default, never SVG or MathML."""
    return _CLEANER.clean(html)


def sanitise_for_page(html: str) -> str:
    """The same for a page of ours: nothing in it is loaded before it is looked at, or tells where from."""
    return _DISCREET.clean(_LAZY.clean(html))
