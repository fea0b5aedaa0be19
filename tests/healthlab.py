"""A laboratory of health: readings of the example pages, as they are and as an outlet may change them."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lxml import html

from cleanfeed import work
from cleanfeed.health.reading import reading_of
from cleanfeed.report import FIELDS
from cleanfeed.sources.files import SavedPage
from mutations import (
    LD,
    METAS,
    Mutation,
    body_of,
    both,
    drop,
    drop_metas,
    mutated,
    mutations,
)
from outletparts import example_pages, load

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from lxml.html import HtmlElement

    from cleanfeed.ledger.readings import Reading
    from cleanfeed.plugins import Plugins

START = datetime(2026, 10, 1, 6, tzinfo=UTC)
GAP = timedelta(minutes=47)


@dataclass(frozen=True)
class Original:
    """An example page that gives an entry."""

    outlet: str
    stem: str
    url: str | None
    body: str
    title: str
    line: str
    """A line of its text."""
    published: datetime | None

    def variant(self, number: int) -> str:
        """Another article of the same layout, with a title and a text of its own."""
        body = self.body
        for text in (self.title, self.line):
            first, _, rest = text.partition(" ")
            body = body.replace(text, f"{first} {number} {rest}") if rest else body
        return body


def verbatim(text: str, body: str) -> str:
    """The longest beginning of a text that the page holds as it is."""
    words = text.split(" ")
    beginnings = (" ".join(words[:length]) for length in range(len(words), 1, -1))
    return next((each for each in beginnings if each in body), "")


class Lab:
    """The outlets, and what comes of their pages."""

    def __init__(self, plugins: Plugins) -> None:
        self.plugins = plugins
        self.originals: dict[str, list[Original]] = {}
        for path in example_pages():
            if path.suffix == ".html":
                page = load(path)
                entry = self.result(page.body, page.url, path.stem).entry
                if entry is not None and verbatim(entry.title, page.body):
                    lines = (verbatim(line, page.body) for line in entry.text.splitlines())
                    found = Original(
                        outlet=path.parent.name,
                        stem=path.stem,
                        url=page.url,
                        body=page.body,
                        title=verbatim(entry.title, page.body),
                        line=max(lines, key=len, default=""),
                        published=entry.published,
                    )
                    self.originals.setdefault(found.outlet, []).append(found)

    def result(self, body: str, url: str | None, name: str) -> work.Result:
        raw = body.encode("utf-8", "surrogatepass")
        return work.read_one(SavedPage(Path(name + ".html"), name, raw, url), self.plugins)

    def site(self, main: Original, size: int, rest: float = 0.1) -> list[Reading]:
        """What an outlet was read like that prints this layout, and others of its own now and then."""
        chance = random.Random(f"{main.outlet} {main.stem}")
        others = self.originals[main.outlet]
        layouts = [chance.choice(others) if chance.random() < rest else main for _ in range(size)]
        return [self.reading(each, number) for number, each in enumerate(layouts)]

    def reading(self, original: Original, number: int) -> Reading:
        return self.read(original, number, original.variant(number))

    def read(self, original: Original, number: int, body: str, url: str | None = "") -> Reading:
        return self.as_reading(self.result_of(original, number, body, url), original, number)

    def result_of(self, original: Original, number: int, body: str, url: str | None = "") -> work.Result:
        name = f"https://{original.outlet}.example/{original.stem}/{number}"
        return self.result(body, original.url if url == "" else url, name)

    def as_reading(self, result: work.Result, original: Original, number: int) -> Reading:
        """The reading of one article; articles come one after the other, at even intervals."""
        at = START + number * GAP
        reading = reading_of(result, original.outlet, at, again=False)
        if reading.published is None:
            return reading
        # A page whose date is read wrongly is wrong by as much.
        shift = reading.published - (original.published or reading.published)
        return replace(reading, published=at - timedelta(minutes=20) + shift)


# --- what may happen to pages


def lazy(tree: HtmlElement) -> bool:
    """The text is loaded by script: the wrapper is empty."""
    body = body_of(tree)
    if body is None:
        return False
    for node in list(body):
        body.remove(node)
    body.text = None
    for data in tree.cssselect("script:not([src])"):
        data.drop_tree()
    return True


def paywalled(tree: HtmlElement) -> bool:
    """One paragraph is left, and an offer."""
    body = body_of(tree)
    lines = (
        [node for node in body if node.tag == "p" and len(node.text_content()) > 40]
        if body is not None
        else []
    )
    if body is None or len(lines) < 3:
        return False
    for node in list(body):
        if node is not lines[0]:
            body.remove(node)
    body.append(html.fragment_fromstring("<div class='offer'><p>Subscribe to read on.</p></div>"))
    return True


SAME = "<p>Welcome back. We have changed the terms under which our pages may be read, and ask all readers to go through them before they read on. The terms are short, and written plainly.</p><p>Whoever agrees may go on at once; whoever does not will find the headlines of the day on our front page, as before, and the weather.</p>"


def same_body(tree: HtmlElement) -> bool:
    body = body_of(tree)
    if body is None or not lazy(tree):
        return False
    body.extend(html.fragments_fromstring(SAME))
    return True


def same_title(tree: HtmlElement) -> bool:
    for node in [*tree.iter("title"), *tree.iter("h1", "h2")]:
        for child in list(node):
            node.remove(child)
        node.text = "All the news of the day, from everywhere"
    return drop_metas("og:title|twitter:title")(tree) or True


def body_moved(tree: HtmlElement) -> bool:
    """The text stands at the end of the page, in a box that is no article's."""
    body, end = body_of(tree), tree.find("body")
    if body is None or end is None:
        return False
    box = html.fragment_fromstring("<aside class='kmoved'></aside>")
    body.set("class", "ktext")
    body.drop_tree()
    box.append(body)
    end.append(box)
    return True


def date_moved(tree: HtmlElement) -> bool:
    """The date is at the foot of the page alone."""
    drop_metas("article:")(tree)
    drop(LD, "script#tawsiyat-metadata", "script:not([src])")(tree)
    end, found = tree.find("body"), [node for each in METAS for node in tree.cssselect(each)]
    found += tree.cssselect("time")
    foot = html.fragment_fromstring("<footer><div class='kfoot'></div></footer>")
    for node in found:
        if node.getparent() is not None:
            node.drop_tree()
            foot[0].append(node)
    if end is not None:
        end.append(foot)
    return bool(found)


def no_date(tree: HtmlElement) -> bool:
    changed = drop_metas("article:(published|modified)")(tree)
    for node in [*tree.cssselect("time"), *(n for each in METAS for n in tree.cssselect(each))]:
        changed = True
        if node.getparent() is not None:
            node.drop_tree()
    for node in tree.cssselect("script:not([src])"):
        told = re.sub(
            r'"(date\w+|published_time|last_updated|publishedAt)\\*":\s*\\*"[^"\\]*\\*",?',
            "",
            node.text or "",
        )
        changed |= told != node.text
        node.text = told
    return changed


def no_picture(tree: HtmlElement) -> bool:
    changed = drop_metas("og:image|twitter:image")(tree)
    for node in tree.cssselect("script:not([src])"):
        told = re.sub(r'"(image|thumbnail)":\s*(\{[^}]*\}|\[[^\]]*\]|"[^"]*"),?', "", node.text or "")
        changed |= told != node.text
        node.text = told
    for node in tree.cssselect("img, amp-img, figure, picture"):
        changed = True
        if node.getparent() is not None:
            node.drop_tree()
    return changed


def no_body(tree: HtmlElement) -> bool:
    body = body_of(tree)
    if body is None or not lazy(tree):
        return False
    body.drop_tree()
    return True


def no_headline(tree: HtmlElement) -> bool:
    drop_metas("og:title|twitter:title")(tree)
    return drop("title", "h1", "main h2", "article h2")(tree)


def no_byline(tree: HtmlElement) -> bool:
    changed = drop_metas("author|article:author")(tree)
    for node in tree.cssselect("script:not([src])"):
        told = re.sub(r'"author":\s*(\{[^}]*\}|\[[^\]]*\]|"[^"]*"),?', "", node.text or "")
        changed |= told != node.text
        node.text = told
    return drop("a[rel~=author]", ".amp-wp-author", *METAS)(tree) or changed


def rename_matched(labels: Sequence[str]) -> Callable[[HtmlElement], bool]:
    """The names that the recipe has matched, and no others."""
    selectors = [
        found[1]
        for each in labels
        if (found := re.match(r'(?:css|text|richest|inside|nearby|attribute|first_text)\("([^"]+)"', each))
    ]

    def change(tree: HtmlElement) -> bool:
        found = [node for each in selectors for node in tree.cssselect(each)]
        named = [node for node in found if node.get("class") and node.tag not in {"meta", "script"}]
        for node in named:
            node.set("class", "kx" + str(len(node.get("class"))))
        return bool(named)

    return change


WALLS = {
    "consent wall": "<html><head><title>We value your privacy</title></head><body><h1>We value your privacy</h1><p>We and our partners store cookies on your device. Do you accept?</p><button>Accept all</button></body></html>",
    "robot check": "<html><head><title>Just a moment...</title></head><body><form id='challenge-form'>Checking your browser</form></body></html>",
    "log-in": "<html><head><title>Log in | The News</title></head><body><h1>Log in</h1><form><input name='user'><input type='password'></form></body></html>",
    "soft 404": "<html><head><title>Page not found</title></head><body><h1>Page not found</h1><p>The page that you requested could not be found.</p></body></html>",
    "empty page": "<html><head><title>News</title></head><body><div id='root'></div><script src='/app.js'></script></body></html>",
    "front page": "<html><head><title>The News</title></head><body><h1>The News</h1>" + "".join(f"<div class='card'><h3><a href='/{i}/'>A headline of the day, number {i}</a></h3><p>One hour ago</p></div>" for i in range(12)) + "</body></html>",
}  # fmt: skip


def changes(outlet: str, labels: Sequence[str]) -> Iterator[Mutation]:
    """All that may happen to the pages of a site."""
    yield from (each for each in mutations(outlet) if each.name not in {"nothing", "-"})
    yield Mutation("matched-renamed", rename_matched(labels))
    yield Mutation("matched-renamed-and-boxed", both(rename_matched(labels), lambda t: True))
    for change in (
        lazy, paywalled, same_body, same_title, body_moved, date_moved, no_date, no_picture, no_body,
        no_headline, no_byline,
    ):  # fmt: skip
        yield Mutation(change.__name__.replace("_", "-"), change)
    yield Mutation("no-data", both(drop("script:not([src])"), lambda t: drop_metas(".")(t) or True))


def changed_pages(original: Original, change: Mutation, numbers: Sequence[int]) -> list[str] | None:
    """The pages after the change, `None` where there is nothing to change."""
    pages = [mutated(original.variant(number), change) for number in numbers]
    return None if None in pages else [page for page in pages if page]


def differs(clean: Any, now: Any) -> bool:
    """Whether a page gives no entry any more, another entry, or the same one by other finders."""
    if now.entry is None or clean.matched != now.matched:
        return True
    return any(getattr(clean.entry, name) != getattr(now.entry, name) for name in (*FIELDS, "title", "kind"))
