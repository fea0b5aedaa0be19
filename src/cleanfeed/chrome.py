"""What of an article's markup is chrome: by its element, its names, its style, or because it is hidden."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

from cleanfeed import embeds
from cleanfeed.markup import Element, compile_css, simple, text_of

GONE = frozenset(
    {
        "style", "template", "form", "button", "input", "select", "textarea", "nav", "footer", "aside", "canvas",
        "dialog", "menu", "map", "link", "meta", "title", "head", "amp-ad", "amp-analytics", "amp-pixel",
        "amp-social-share", "amp-sidebar", "amp-user-notification", "amp-sticky-ad", "ins-ad", "noembed", "noframes",
        "xmp", "plaintext", "audioplayer", "progress", "meter", "output", "option", "optgroup", "fieldset", "datalist",
        "base", "basefont", "frame", "frameset", "param", "area", "applet",
    }
)  # fmt: skip
_WRAPPERS = frozenset({"form", "fieldset", "aside", "footer", "nav", "dialog"})
_NAMES = re.compile(
    r"(?:^|[\s_-])(?:share|shares|sharing|sharethis[\w-]*|sharedaddy|addtoany\w*|social[\w-]*|related[\w-]*|"
    r"newsletter[\w-]*|subscri(?:be|ption)[\w-]*|signup|advert\w*|ads?|adsbygoogle|sponsored|promo[\w-]*|outbrain|"
    r"taboola|recommended[\w-]*|recirc\w*|most-?read|read-?(?:more|next|also)|see-?also|comments?|disqus\w*|"
    r"cookie[\w-]*|breadcrumbs?|pagination|popup|modal|toolbar|follow-?us|author-?(?:box|bio)|tag-?list|post-?tags|"
    r"screen-reader-text|sr-only|visually-hidden|skip-link|print-only|noprint|no-print|jp-relatedposts|yarpp\w*|"
    r"ticker\w*|inline-?related|more-?stories|trending|donat\w+|paywall\w*|whatsapp[\w-]*|telegram-?(?:box|join|channel)|"
    r"contentad|rating|likes?|reactions?|views?-?count|poll)(?:$|[\s_-])",
    re.IGNORECASE,
)
_UNSEEN_NAMES = re.compile(
    # What is hidden on small screens only is shown by another name: "hidden md:block", "d-none d-md-flex".
    r"^(?!.*(?::|d-(?:sm|md|lg|xl|xxl)-)(?:block|flex|inline|grid|table)).*(?:^|\s)(?:hidden|is-hidden|d-none|invisible)(?:\s|$)"
)
_SOCIAL = re.compile("social|telegram|whatsapp", re.IGNORECASE)
_ROLES = frozenset(
    {"navigation", "complementary", "dialog", "search", "menu", "toolbar", "contentinfo", "banner"}
)
_UNSEEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_TEXTUAL = frozenset({"p", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote"})
_KEPT = frozenset({"a", "em", "strong", "b", "i", "td", "tr"})
PARAGRAPH = 160
"""Characters; a paragraph as long as this is no chrome by its name, and none of a box of links."""


@lru_cache(maxsize=4096)
def _is_named_chrome(names: str) -> bool:
    return bool(_NAMES.search(names))


@lru_cache(maxsize=4096)
def _is_unseen(names: str) -> bool:
    return bool(_UNSEEN_NAMES.search(names))


@dataclass(frozen=True, slots=True)
class Drop:
    """What an outlet says is chrome; `Drop.of` makes it from CSS selectors."""

    finds: tuple[Callable[[Element], list[Element]], ...] = ()
    named: Mapping[str, Mapping[str, frozenset[str]]] = field(default_factory=dict)
    """By attribute ("class", "id", or "" for any element of a name) and value: the elements, "*" for all."""

    @classmethod
    def of(cls, selectors: Iterable[str]) -> Drop:
        named: dict[str, dict[str, frozenset[str]]] = {}
        finds: list[Callable[[Element], list[Element]]] = []
        for selector in selectors:
            found = simple(selector)
            if found is None:
                finds.append(compile_css(selector))
            else:
                # Asked for while going through the content, these cost next to nothing.
                tag, attribute, value = found
                values = named.setdefault(attribute, {})
                values[value] = values.get(value, frozenset()) | {tag}
        return cls(tuple(finds), named)


_NOTHING: Mapping[str, frozenset[str]] = {}


class Chrome:
    """The chrome of one content."""

    def __init__(self, content: Sequence[Element], drop: Drop) -> None:
        self._content = content
        self._dropped = {node for root in content for find in drop.finds for node in find(root) if node is not root}
        self._classes = drop.named.get("class", _NOTHING)
        self._ids = drop.named.get("id", _NOTHING)
        self._gone = GONE | drop.named.get("", _NOTHING).get("", frozenset())

    @cached_property
    def _mass(self) -> int:
        return sum(map(_prose, self._content))

    def holds(self, node: Element, tag: str) -> bool:
        """Whether the element is chrome."""
        if tag in self._gone:
            return tag not in _WRAPPERS or not self.is_article(node)
        if self._dropped and node in self._dropped:
            return True
        # One call instead of one for each attribute: most elements have none.
        present = node.keys()
        return bool(present) and self._by_attributes(node, tag, present)

    def _by_attributes(self, node: Element, tag: str, present: Sequence[object]) -> bool:
        if "hidden" in present or ("style" in present and _UNSEEN_STYLE.search(node.get("style") or "")):
            return True
        classes = (node.get("class") or "") if "class" in present else ""
        own = (node.get("id") or "") if "id" in present else ""
        if (classes and self._is_named(classes, tag)) or (own and _fits(self._ids, own, tag)):
            return True
        named = tag not in _KEPT and (classes or own) and _is_named_chrome(f"{classes} {own}")
        if not named and ("role" not in present or node.get("role") not in _ROLES):
            return False
        return self._is_small(node, tag) and not (_SOCIAL.search(classes) and embeds.within(node))

    def _is_named(self, classes: str, tag: str) -> bool:
        return _is_unseen(classes) or any(_fits(self._classes, name, tag) for name in classes.split())

    def _is_small(self, node: Element, tag: str) -> bool:
        if tag in _TEXTUAL and len(text_of(node)) > PARAGRAPH:
            return False
        return not self.is_article(node)

    def is_article(self, node: Element) -> bool:
        """Whether it holds most of the text: a wrapper may be called "related-content"."""
        mass = _prose(node)
        return mass > 0 and mass * 2 >= self._mass

    def is_box(self, node: Element) -> bool:
        """Whether it can be a box of links to other articles."""
        return not self.is_article(node) and not any(
            len(text_of(each)) > PARAGRAPH and each.find(".//a") is None for each in node.iter("p")
        )


def _fits(named: Mapping[str, frozenset[str]], value: str, tag: str) -> bool:
    tags = named.get(value)
    return tags is not None and (tag in tags or "*" in tags)


def _prose(node: Element) -> int:
    return len(text_of(node)) - sum(len(text_of(link)) for link in node.iter("a"))
