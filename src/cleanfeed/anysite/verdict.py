"""Whether a page of an unknown site is an article: it must say so itself, and read like one."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from cleanfeed.below import date_lines
from cleanfeed.clean import elements_of
from cleanfeed.declared import address_of
from cleanfeed.finders import first_nearby, headline_text
from cleanfeed.landmarks import landmarks, on_page
from cleanfeed.markup import ARTICLE_TYPES, Element, text_of
from cleanfeed.recipes import LISTING, listing
from cleanfeed.story import count_cards
from cleanfeed.text import fold, squeeze
from cleanfeed.walls import little_wall

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from cleanfeed.finders import Finder
    from cleanfeed.model import Page

_ENOUGH = 350
"""Characters of paragraphs; less may be a teaser, a caption, a message."""
_PARAGRAPH = 60
_MOST_LINKED = 0.35
"""The share of the text that may be links: lists of links have more."""
_CARD = 60
"""Characters of text that there must be for each teaser of another article on the page."""
_TITLE = 300
_POSTS = 3
"""Bodies of messages on one page that make it a discussion."""
_QUERY = re.compile(r"(?:^|&)(?:s|q|query|search|search_query|keywords?)=", re.IGNORECASE)
_LISTS = re.compile(
    r"^(?:/[a-z]{2}(?:-[a-z]{2})?)?/(?:$|(?:.*/)?(?:categor(?:y|ies)|tags?|authors?|topics?|sections?|archives?)"
    r"/[^/]+(?:/page/\d+)?/?$|(?:.*/)?(?:search|results|page/\d+|feed|sitemap|index\.\w+|home)/?$)",
    re.IGNORECASE,
)
_PLACES = re.compile(
    r"/(?:products?|shop|store|cart|checkout|basket|account|forums?|threads?|viewtopic|showthread|questions"
    r"|users?|members?|profiles?)(?:/|\.|$)",
    re.IGNORECASE,
)
"""What an article may stand below, where it says that it is one."""
_SERVICES = re.compile(
    r"/(?:log-?in|sign-?(?:in|up)|register|about(?:-us)?|contacts?(?:-us)?|privacy(?:-policy)?|cookies?(?:-policy)?"
    r"|terms(?:-[\w-]+)?|imprint|impressum|faqs?|subscribe|newsletters?|advertise(?:-with-us)?)(?:\.\w+)?/?$",
    re.IGNORECASE,
)
_TITLES = (
    r"about(?: us| me)?|contacts?(?: us)?|(?:our|the) team|imprint|impressum|(?:legal|site) notice",
    r"(?:.{1,30} )?(?:privacy|cookies?)(?: (?:and|&) cookies?)? (?:policy|notice|statement|settings)",
    r"privacy|cookies",
    r"(?:.{1,30} )?terms (?:(?:and|&) conditions|of (?:use|service|sale))(?: .{1,25})?",
    r"faqs?|frequently asked questions|help cent(?:er|re)|advertise(?: with us)?|subscribe",
    r"(?:our )?newsletters?|careers|search(?: results)?(?: for .*)?|results for .*|.* search results",
    r"archives?(?: for .*)?|(?:latest|all) (?:news|stories|posts|articles)",
    "من نحن|اتصل بنا|تواصل معنا|(?:سياسه|بيان) الخصوصيه|شروط (?:الاستخدام|الخدمه)|الشروط والاحكام",
    "نتايج البحث.*|(?:الاسئله|اسئله) (?:ال)?شايعه|سياسه (?:الاستخدام|ملفات .*)",
    r"aviso legal|(?:politica de )?(?:privacidad|cookies)|politica de (?:uso|datos).*",
    r"terminos (?:y condiciones|de uso|del servicio).*|sobre nosotros|quienes somos|contacto",
    r"preguntas frecuentes|resultados (?:de|para) .*|datenschutz.*|uber uns|kontakt|mentions legales",
)
"""What titles, folded, of pages are that every site has."""
_STATIC = re.compile("|".join(_TITLES))
_OTHERS = frozenset(
    {
        "Product", "ProductGroup", "FAQPage", "QAPage", "DiscussionForumPosting", "JobPosting", "Event",
        "ProfilePage", "SearchResultsPage", "CollectionPage", "ItemList", "ContactPage", "AboutPage",
        "Recipe", "SoftwareApplication", "VideoObject", "Hotel", "Restaurant", "LocalBusiness", "Course",
    }
)  # fmt: skip
_KINDS = re.compile(r"(?:product|profile|book|music|video|place|business|restaurant)\b", re.IGNORECASE)
_MESSAGES = (
    ".post-body, .postbody, .post_body, .post-content, .message-body, .message-content, .comment-body, "
    ".reply-content, .bbp-reply-content, .topic-post, .messageContent, .post_message"
)
_SAYS_SO = (
    "[itemprop=articleBody], [itemtype$='/NewsArticle'], [itemtype$='/Article'], [itemtype$='/BlogPosting']"
)
_BYLINES = "[rel~=author], [itemprop=author], .byline, .author, .post-author, .entry-author"
_SITE = re.compile(r"\s+[|–—·»-]\s+[^|–—·»]{1,50}$")


def is_article(content: Finder[Any]) -> Callable[[Page], bool | str]:
    """An `is_article` that names what speaks against a page, and believes it only where nothing does."""

    def verdict(page: Page) -> bool | str:
        if page.kind != "html":
            return "a capture of a site that no outlet claims"
        doubt = next(_by_signs(page), None) or next(_by_body(page, content), None)
        return doubt or True

    return verdict


def _by_signs(page: Page) -> Iterator[str]:
    """What address, metadata and title say against a page."""
    address = address_of(page)
    if address is None:
        yield "its address is not known, and no outlet recognises it"
        return
    parts = urlsplit(address)
    if _LISTS.match(parts.path or "/") or _QUERY.search(parts.query):
        yield LISTING
    if _SERVICES.search(parts.path) or (_PLACES.search(parts.path) and not _is_declared(page)):
        yield "by its address not an article"
    yield from filter(None, [listing(page)])
    types = _types(page)
    if types & _OTHERS and not types & ARTICLE_TYPES:
        yield f"by its metadata not an article ({', '.join(sorted(types & _OTHERS))})"
    if _KINDS.match(page.meta.get("og:type", "")) and not types & ARTICLE_TYPES:
        yield f"by its metadata not an article ({page.meta['og:type']})"
    titles = [headline_text(page) or "", *(text_of(node) for node in landmarks(page)["title"][:1])]
    if not any(titles):
        yield "has no title"
    if any(_STATIC.fullmatch(each) for title in titles for each in _without_site(title)):
        yield "by its title not an article"


def _by_body(page: Page, content: Finder[Any]) -> Iterator[str]:
    """What the text speaks for."""
    found = content(page)
    nodes = elements_of(found) if found else []
    sizes = [len(text) for node in nodes for text in _paragraphs(node)]
    size = sum(each for each in sizes if each >= _PARAGRAPH)
    text = squeeze(" ".join(text_of(node) for node in nodes))
    told = little_wall(headline_text(page) or "", text or text_of(page.tree))
    if told:
        yield told
    if size < _ENOUGH or not sizes:
        yield f"too little text for an article ({size} characters in paragraphs)"
        return
    links = sum(len(text_of(link)) for node in nodes for link in node.iter("a"))
    if links > len(text) * _MOST_LINKED:
        yield "mostly links, not an article"
    yield from _by_company(page, size, text)


def _by_company(page: Page, size: int, text: str) -> Iterator[str]:
    """What stands beside the text, and whether anything says that it is an article."""
    if len(on_page(_MESSAGES)(page)) >= _POSTS:
        yield "a discussion, not an article"
    is_declared = _is_declared(page)
    heads = [node for node in on_page("article, .hentry, .post")(page) if _is_post(node)]
    cards = count_cards(page)
    if not is_declared and (len(heads) > 1 or size < cards * _CARD or _teasers(page, text) >= _POSTS):
        yield f"a listing page ({cards} links to articles), not an article"
    if not (is_declared or any(date_lines(page)) or _near(page, "time[datetime]") or _near(page, _BYLINES)):
        yield "nothing on it says that it is an article: no metadata, date or author"


def _teasers(page: Page, text: str) -> int:
    """How many paragraphs of the text stand under a heading that leads to another page."""
    heads = (node for node in page.tree.iter("h2", "h3", "h4") if node.find(".//a[@href]") is not None)
    boxes = (node.getparent() for node in heads)
    return sum(_holds(box, text) for box in boxes if box is not None)


def _holds(box: Element, text: str) -> bool:
    return any(len(told := text_of(node)) >= _PARAGRAPH and told in text for node in box.iterchildren("p"))


def _is_declared(page: Page) -> bool:
    if _types(page) & ARTICLE_TYPES or "article:published_time" in page.meta:
        return True
    return bool(on_page(_SAYS_SO)(page))


def _near(page: Page, selector: str) -> bool:
    return first_nearby(selector)(page) is not None


def _is_post(node: Element) -> bool:
    """Whether it is one of several articles, under a heading that leads to it."""
    heading = next(node.iter("h1", "h2", "h3"), None)
    return heading is not None and (
        heading.find(".//a[@href]") is not None or next(heading.iterancestors("a"), None) is not None
    )


def _paragraphs(node: Element) -> Iterator[str]:
    for each in node.iter("p", "li", "blockquote"):
        if next(each.iterdescendants("p", "li"), None) is None:
            yield text_of(each)


def _types(page: Page) -> set[str]:
    values = (thing.get("@type") for thing in page.json_ld)
    given = (value if isinstance(value, list) else [value] for value in values)
    return {each for some in given for each in some if isinstance(each, str)}


def _without_site(title: str) -> set[str]:
    """The title, folded, also without what a site adds before or after it."""
    folded = fold(title[:_TITLE])
    parts = re.split(r"\s+[|–—·»:-]\s+", folded)
    return {folded, _SITE.sub("", folded), parts[0]} if folded else set()
