"""What of an article's markup is chrome: by its element, its names, its style, or because it is hidden."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

from cleanfeed import embeds
from cleanfeed.markup import Element, compile_css, simple, text_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

GONE = frozenset(
    {
        "style", "template", "form", "button", "input", "select", "textarea", "nav", "footer", "aside",
        "canvas", "dialog", "menu", "map", "link", "meta", "title", "head", "amp-ad", "amp-analytics",
        "amp-pixel", "amp-social-share", "amp-sidebar", "amp-user-notification", "amp-sticky-ad", "ins-ad",
        "noembed", "noframes", "xmp", "plaintext", "audioplayer", "progress", "meter", "output", "option",
        "optgroup", "fieldset", "datalist", "base", "basefont", "frame", "frameset", "param", "area",
        "applet",
    }
)  # fmt: skip
_SHARE = re.compile(
    r"//(?:www\.|m\.)?(?:wa\.me/?\?|(?:t|telegram)\.me/share\b|(?:twitter|x)\.com/(?:intent/|share\b|home\?status)|"
    r"facebook\.com/(?:sharer\b|share(?:\.php)?/?\?|dialog/(?:share|feed|send))|(?:[\w-]+\.)?reddit\.com/submit|"
    r"linkedin\.com/(?:shareArticle|sharing/|cws/share)|(?:\w+\.)?pinterest\.com/pin/create|tumblr\.com/(?:widgets/)?share|"
    r"(?:api|web)\.whatsapp\.com/send|vk\.com/share|threads\.net/intent|bsky\.app/intent|getpocket\.com/(?:save|edit))|"
    r"/share/url\b|^(?:mailto:\?|whatsapp:|fb-messenger:|viber:|tg:|sms:\?)",
    re.IGNORECASE,
)
"""Addresses that pass a page on to others."""
_SHARE_WORDS = re.compile(
    r"(?:\W|\d|_|\b(?:shares?|tweet|post|pin|send|email|e-mail|mail|print|copy|link|follow|us|on|via|this|article|story|"
    r"facebook|twitter|x|whatsapp|telegram|linkedin|instagram|youtube|compart[ei]r?|en|por|correo|imprimir|"
    r"شاركها?|مشاركة|شارك|المقال|الخبر|على|عبر|فيسبوك|تويتر|واتساب|تلغرام|طباعة|نسخ|الرابط)\b)*",
    re.IGNORECASE,
)
_BARS = frozenset({"ul", "ol", "li", "div", "p", "span", "section"})
_SEEN = ("img", "picture", "figure", "video", "audio", "iframe", "table", "blockquote")
_BAR = 160
"""Characters; bars with links for sharing have no more text."""
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
        self._dropped = {
            node for root in content for find in drop.finds for node in find(root) if node is not root
        }
        self._dropped.update(bar for root in content for bar in _share_bars(root))
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


def _share_bars(root: Element) -> Iterator[Element]:
    """The links of an element that pass the page on, each with the bar that holds nothing else."""
    for link in root.iter("a"):
        if link is not root and _SHARE.search(link.get("href") or ""):
            bar = link
            for up in link.iterancestors():
                if up is root or up.tag not in _BARS or not _is_bar(up):
                    break
                bar = up
            # In a sentence, the link goes and its words stay.
            if bar is not link or _is_alone(link) or _SHARE_WORDS.fullmatch(text_of(link)):
                yield bar


def _is_alone(link: Element) -> bool:
    before, holder = link.getprevious(), link.getparent()
    above = before.tail if before is not None else holder.text if holder is not None else ""
    return not (above or "").strip() and not (link.tail or "").strip()


def _is_bar(box: Element) -> bool:
    if len(text_of(box)) > _BAR:
        return False
    links = [link for link in box.iter("a") if _SHARE.search(link.get("href") or "")]
    within = {node for link in links for node in link.iter(*_SEEN)}
    if any(node not in within for node in box.iter(*_SEEN)):
        return False
    rest = text_of(box)
    for link in links:
        rest = rest.replace(text_of(link), " ", 1)
    return bool(_SHARE_WORDS.fullmatch(rest))


def _prose(node: Element) -> int:
    return len(text_of(node)) - sum(len(text_of(link)) for link in node.iter("a"))
