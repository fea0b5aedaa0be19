"""What outlets may change about a page from one day to the next, done to the example pages."""

from __future__ import annotations

import hashlib
import re
from copy import deepcopy
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from lxml import html

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from lxml.html import HtmlElement

BODIES = (
    "div.p-content", "div.artl-cnt", "div.amp-wp-article-content", "div.the_content", "div.panel", "div.article-content",
    "div.entry-content",
)  # fmt: skip
HEADLINES = (
    "div.details-white-box",
    "div.article-title",
    "article > header",
    "div.sgl > div.cntr",
    "header.amp-wp-article-header",
)
METAS = (
    "div.article-details-metas", "div.article-meta", "div.post-meta", "span.date-container", "div.entry-meta",
    "div.amp-wp-byline",
)  # fmt: skip
DECKS = ("p.lg_para.summary", "article header > p", "div.tl-exc")
TAG_LISTS = ("ul.tags-list", "div.article-tags", "div.tags-links", "div.amp-tags")


class Mutation(NamedTuple):
    """A change to a page, and the fields that it takes the ground from."""

    name: str
    change: Callable[[HtmlElement], bool]
    """False where there is nothing to change."""
    may_lose: frozenset[str] = frozenset()
    """Fields that may be missing afterwards, but never wrong."""
    may_differ: frozenset[str] = frozenset()
    keeps_address: bool = True


def first(tree: HtmlElement, selectors: tuple[str, ...]) -> HtmlElement | None:
    found = (node for selector in selectors for node in tree.cssselect(selector))
    return next(found, None)


def body_of(tree: HtmlElement) -> HtmlElement | None:
    """The body's wrapper: by its name, else the element under the headline with the most text of its own."""
    named = [
        node
        for selector in BODIES
        for node in tree.cssselect(selector)
        if not node.xpath("ancestor::article[a]")
    ]
    if named:
        return named[0]
    article = next(iter(tree.cssselect("main article")), None)
    return max(article, key=lambda node: len(node.text_content())) if article is not None else None


def _random(name: str) -> str:
    if name.startswith(("twitter-", "wp-")):
        return name  # names of Twitter's and WordPress's own
    return "k" + hashlib.md5(name.encode(), usedforsecurity=False).hexdigest()[:7]


def rename_everything(tree: HtmlElement) -> bool:
    for node in tree.iter():
        for attribute in ("class", "id"):
            if isinstance(node.tag, str) and node.get(attribute):
                node.set(attribute, " ".join(map(_random, node.get(attribute).split())))
    return True


def rename(selectors: tuple[str, ...]) -> Callable[[HtmlElement], bool]:
    def change(tree: HtmlElement) -> bool:
        found = [node for selector in selectors for node in tree.cssselect(selector)]
        for node in found:
            node.set("class", " ".join(map(_random, (node.get("class") or "").split())))
        return any(node.get("class") for node in found)

    return change


def rename_body(tree: HtmlElement) -> bool:
    node = body_of(tree)
    if node is None or not node.get("class"):
        return False
    node.set("class", "kq81x")
    parent = node.getparent()
    if parent.get("class") == "article-content":
        parent.set("class", "kq82x")
    return True


def drop(*selectors: str) -> Callable[[HtmlElement], bool]:
    def change(tree: HtmlElement) -> bool:
        found = [node for selector in selectors for node in tree.cssselect(selector)]
        for node in found:
            if node.getparent() is not None:
                node.drop_tree()
        return bool(found)

    return change


def drop_language(tree: HtmlElement) -> bool:
    tree.attrib.pop("lang", None)
    tree.attrib.pop("dir", None)
    return True


def drop_metas(pattern: str) -> Callable[[HtmlElement], bool]:
    def change(tree: HtmlElement) -> bool:
        found = [n for n in tree.iter("meta") if re.match(pattern, n.get("property") or n.get("name") or "")]
        for node in found:
            node.drop_tree()
        return bool(found)

    return change


def drop_line(pattern: str) -> Callable[[HtmlElement], bool]:
    def change(tree: HtmlElement) -> bool:
        metas = first(tree, METAS)
        found = (
            [n for n in metas.iter("li", "span") if re.match(pattern, n.text_content())]
            if metas is not None
            else []
        )
        for node in found:
            node.drop_tree()
        return bool(found)

    return change


def wrap_body(times: int) -> Callable[[HtmlElement], bool]:
    def change(tree: HtmlElement) -> bool:
        body = body_of(tree)
        if body is None or not len(body):
            return False
        for _ in range(times):
            box = html.Element("div", {"class": "kw"})
            box.text, body.text = body.text, None
            box.extend(list(body))
            body.append(box)
        return True

    return change


def wrap_whole_body(tree: HtmlElement) -> bool:
    body = body_of(tree)
    if body is None:
        return False
    box, parent, index = html.Element("div", {"class": "kz"}), body.getparent(), body.getparent().index(body)
    box.tail, body.tail = body.tail, None
    parent.insert(index, box)
    box.append(body)
    return True


def unwrap_body(tree: HtmlElement) -> bool:
    body = body_of(tree)
    if body is None or not len(body):
        return False
    body.drop_tag()
    return True


def headline_as(tag: str) -> Callable[[HtmlElement], bool]:
    def change(tree: HtmlElement) -> bool:
        titles = [
            m.get("content") or ""
            for m in tree.cssselect("meta[property='og:title'], meta[name='twitter:title']")
        ]
        titles += [node.text_content() for node in tree.iter("title")]
        heads = [
            n
            for n in tree.iter("h1", "h2")
            if n.tag != tag and any(t.startswith(n.text_content().strip()) for t in titles)
        ]
        for node in heads[:1]:
            node.tag = tag
        return bool(heads)

    return change


def paragraphs_as_blocks(tree: HtmlElement) -> bool:
    body = body_of(tree)
    found = [node for node in body if node.tag == "p"] if body is not None else []
    for node in found:
        node.tag = "div"
    return bool(found)


def paragraphs_joined(tree: HtmlElement) -> bool:
    body = body_of(tree)
    found = (
        [node for node in body if node.tag == "p" and node.text_content().strip()] if body is not None else []
    )
    for node, after in pairwise(found):
        if node.getnext() is after:
            gap = html.Element("br")
            gap.tail = "\xa0"
            node.tail = None
            node.extend([gap, html.Element("br")])
    for node in found:
        node.drop_tag()
    return len(found) > 1


SHARE = '<div class="kshare"><span>Share</span><ul><li><a href="https://www.facebook.com/sharer.php?u=x"><img alt="facebook" src="/f.svg"></a></li><li><a href="https://x.com/intent/post?u=x"><img alt="x" src="/x.svg"></a></li></ul></div>'
NEWSLETTER = '<div class="knews"><h4>Get the evening letter</h4><p>Sign up for our newsletter and never miss a story.</p><form action="/n" method="post"><input type="email"><button>Subscribe</button></form></div>'
RELATED = {
    "almayadeen-en": '<div class="krel"><h3>Related News</h3>{cards}</div>',
    "almayadeen-ar": '<div class="krel"><h3>أخبار ذات صلة</h3>{cards}</div>',
    "almayadeen-es": '<div class="krel"><h3>Noticias relacionadas</h3>{cards}</div>',
    "almanar-en": '<div class="krel"><h3>Related Articles</h3>{cards}</div>',
    "almanar-ar": '<div class="krel"><h3>مواضيع ذات صلة</h3>{cards}</div>',
    "daily8-en": '<section class="krel"><h2>Related Articles</h2>{cards}</section>',
    "daily8-ar": '<section class="krel"><h2>أخبار ذات صلة</h2>{cards}</section>',
    "arise": '<div class="krel"><h3>Related Posts</h3>{cards}</div>',
}
CARD = '<div><a href="/other/{0}"><img src="/c{0}.jpg" alt="Kestrels nest on the {0} crane again"></a><h4><a href="/other/{0}">Kestrels nest on the {0} crane again</a></h4></div>'
CHROME = ("Kestrels nest", "evening letter", "newsletter", "Subscribe", "Share")


def insert_in_middle(markup: str) -> Callable[[HtmlElement], bool]:
    def change(tree: HtmlElement) -> bool:
        body = body_of(tree)
        places = (
            [node for node in body if node.tag == "p" and len(node.text_content()) > 60]
            if body is not None
            else []
        )
        if len(places) < 3:
            return False
        places[len(places) // 2].addnext(html.fragment_fromstring(markup))
        return True

    return change


def insert_after(markup: str) -> Callable[[HtmlElement], bool]:
    def change(tree: HtmlElement) -> bool:
        body = body_of(tree)
        if body is None or not body.text_content().strip():
            return False
        body.append(html.fragment_fromstring(markup))
        return True

    return change


def related(outlet: str) -> str:
    return RELATED[outlet].format(cards="".join(CARD.format(each) for each in ("north", "south", "east")))


def both(*changes: Callable[[HtmlElement], bool]) -> Callable[[HtmlElement], bool]:
    return lambda tree: [change(tree) for change in changes].count(False) == 0


def lose(*names: str) -> frozenset[str]:
    return frozenset(names)


TAWSIYAT = "script#tawsiyat-metadata"
LD = "script[type='application/ld+json']"


def mutations(outlet: str) -> Iterator[Mutation]:
    yield Mutation("nothing", lambda _tree: True)
    yield Mutation("all-names-changed", rename_everything, lose("captions", "section"))
    yield Mutation("body-renamed", rename_body)
    yield Mutation("headline-box-renamed", rename(HEADLINES))
    yield Mutation("metas-renamed", rename(METAS))
    yield Mutation("deck-renamed", rename(DECKS))
    yield Mutation("no-tawsiyat", drop(TAWSIYAT), may_differ=lose("section", "kind"))
    yield Mutation("no-og", drop_metas("og:|twitter:"), lose("image", "summary"))
    yield Mutation(
        "no-article-metas",
        drop_metas("article:"),
        lose("tags", "updated"),
        lose("published", "date_precision"),
    )
    yield Mutation("no-json-ld", drop(LD), lose("authors", "published", "date_precision", "updated", "image"))
    yield Mutation("no-canonical", drop("link[rel=canonical]"))
    yield Mutation("no-title-element", drop("title"))
    yield Mutation("no-language", drop_language)
    yield Mutation(
        "no-metas",
        both(drop_metas("."), lambda _t: True),
        may_lose=lose("image", "summary", "updated", "tags", "authors", "section"),
        may_differ=lose("published", "date_precision"),
    )
    yield Mutation("body-boxed-once", wrap_body(1))
    yield Mutation("body-boxed-twice", wrap_body(2))
    yield Mutation("body-in-a-box", wrap_whole_body)
    yield Mutation("body-renamed-and-boxed", both(rename_body, wrap_body(2)))
    yield Mutation("body-unwrapped", unwrap_body)
    yield Mutation("headline-h2", headline_as("h2"))
    yield Mutation("headline-h1", headline_as("h1"))
    yield Mutation("headline-h2-renamed", both(headline_as("h2"), rename(HEADLINES)))
    yield Mutation("no-deck-element", drop(*DECKS))
    yield Mutation("no-tags-list", drop(*TAG_LISTS), lose("tags"))
    yield Mutation("no-source-line", drop_line("Source|المصدر|Fuente"), lose("source"))
    yield Mutation("no-author-line", drop_line("By|Por|بقلم"))
    yield Mutation("no-address", lambda _tree: True, keeps_address=False)
    yield Mutation(
        "no-address-at-all",
        both(drop("link[rel=canonical]"), lambda t: drop_metas("og:url")(t) or True),
        may_lose=lose("url"),
        may_differ=lose("id", "section", "kind"),
        keeps_address=False,
    )
    yield Mutation("share-bar-inside", insert_in_middle(SHARE))
    yield Mutation("newsletter-inside", insert_in_middle(NEWSLETTER))
    yield (
        Mutation("related-inside", insert_in_middle(related(outlet)))
        if outlet.startswith("almayadeen")
        else Mutation("-", lambda _t: False)
    )
    yield Mutation("blocks", paragraphs_as_blocks)
    yield Mutation("blocks-renamed", both(paragraphs_as_blocks, rename_body))
    yield Mutation("joined", paragraphs_joined)
    yield Mutation("joined-renamed", both(paragraphs_joined, rename_body))
    yield Mutation("unwrapped-renamed", both(unwrap_body, rename(HEADLINES)))
    yield Mutation(
        "all-names-and-tawsiyat",
        both(drop(TAWSIYAT), rename_everything),
        lose("captions", "updated"),
        lose("section", "kind"),
    )

    if outlet.startswith("daily8"):
        return
    yield Mutation("related-after", insert_after(related(outlet)))
    yield Mutation("related-after-renamed", both(insert_after(related(outlet)), rename_body))


def mutated(body: str, mutation: Mutation) -> str | None:
    """The page after the change; `None` where there is nothing to change."""
    tree = deepcopy(html.document_fromstring(body))
    return (
        html.tostring(tree, encoding="unicode", doctype="<!DOCTYPE html>") if mutation.change(tree) else None
    )
