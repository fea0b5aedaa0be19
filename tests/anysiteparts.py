"""Made-up pages of sites that no outlet claims: ten shapes of articles, and what stands on sites beside them."""

from __future__ import annotations

import json
from html import escape
from random import Random
from typing import TYPE_CHECKING

from newsroom_editions import TONGUES, tell

if TYPE_CHECKING:
    from collections.abc import Callable

    from newsroom_editions import Story

HOST = "https://www.elsewhere.example"


def story_of(number: int, language: str) -> Story:
    return tell(Random(f"any {language} {number}"), TONGUES[language], 7_000_000 + number)


def _page(
    story: Story, language: str, main: str, *, head: str = "", title: str = "", path: str = "/s"
) -> str:
    rng, tongue = story.rng, story.tongue
    menu = "".join(f'<li><a href="/m{i}/">{tongue.title(rng, 1, 2)}</a></li>' for i in range(7))
    cards = "".join(
        f'<div class="card"><h4><a href="/{i}-x/">{tongue.title(rng)}</a></h4></div>' for i in range(5)
    )
    return (
        f'<!DOCTYPE html><html lang="{language}"><head><meta charset="utf-8"><title>{escape(title or story.title)} | '
        f'Elsewhere</title><link rel="canonical" href="{HOST}{path}">{head}</head><body><header><nav><ul>{menu}</ul></nav>'
        f'</header>{main}<aside class="sidebar"><h3>{tongue.title(rng, 2, 2)}</h3>{cards}</aside><div class="newsletter">'
        "<p>Sign up for our newsletter</p><form><input></form></div><footer><p>© Elsewhere. All rights reserved. "
        f'<a href="/privacy/">Privacy</a></p></footer></body></html>'
    )


def _ld(kind: str, story: Story, **more: object) -> str:
    told = {"@type": kind, "headline": story.title, "datePublished": story.time.isoformat(), **more}
    return f'<script type="application/ld+json">{json.dumps({"@context": "https://schema.org", **told})}</script>'


def _meta(story: Story) -> str:
    return (
        f'<meta property="og:type" content="article"><meta property="og:title" content="{escape(story.title)}">'
        f'<meta property="article:published_time" content="{story.time.isoformat()}">'
        f'<meta name="author" content="{story.author}">'
    )


def _divided(story: Story) -> str:
    paragraphs = [f"<p>{text}</p>" for text in story.body]
    box = '<div class="related"><ul><li><a href="/other/">Another story</a></li></ul></div>'
    return "".join(paragraphs[:3]) + box + "".join(paragraphs[3:])


ARTICLES: dict[str, Callable[[Story], tuple[str, str]]] = {
    "json-ld": lambda s: (_ld("NewsArticle", s), f"<main><h1>{s.title}</h1><div class='b'>{s.prose()}</div></main>"),
    "og": lambda s: (_meta(s), f"<main><article><h1>{s.title}</h1>{s.prose('h3')}</article></main>"),
    "microdata": lambda s: ("", f"<div itemscope itemtype='https://schema.org/Article'><h1 itemprop='headline'>{s.title}</h1><div itemprop='articleBody'>{s.prose()}</div></div>"),
    "time": lambda s: ("", f"<article><h1>{s.title}</h1><time datetime='{s.time.isoformat()}'>{s.time:%d %B %Y}</time>{s.prose()}</article>"),
    "byline": lambda s: ("", f"<div id='content'><h1>{s.title}</h1><p class='byline'>By {s.author}</p><div>{s.prose()}</div></div>"),
    "printed date": lambda s: ("", f"<div class='wrap'><h1>{s.title}</h1><p>{s.time:%B %d, %Y}</p><div class='txt'>{s.prose()}</div></div>"),
    "wordpress": lambda s: (_meta(s), f"<article class='post hentry'><header><h1 class='entry-title'>{s.title}</h1></header><div class='entry-content'>{_divided(s)}<div class='sharedaddy'><ul><li>Share this</li></ul></div></div></article>"),
    "blog": lambda s: (_ld("BlogPosting", s), f"<div class='post'><h2>{s.title}</h2><div class='body'>{_divided(s)}</div><div class='comments'><p>Nice.</p></div></div>"),
    "divs": lambda s: (_ld("Article", s), f"<div class='hd'><h1>{s.title}</h1></div><div class='main'>" + "".join(f"<div class='t'><p>{each}</p></div>" for each in s.body) + "</div>"),
    "figure": lambda s: (_meta(s), f"<main><h1>{s.title}</h1><figure><img src='/i.jpg' alt=''><figcaption>{s.deck}</figcaption></figure><section>{s.prose()}</section></main>"),
}  # fmt: skip


def article(shape: str, number: int, language: str) -> tuple[str, str, Story]:
    """The address and the HTML of an article, and what it says."""
    story = story_of(number, language)
    head, main = ARTICLES[shape](story)
    path = f"/world/{number}-made-up-story"
    return f"{HOST}{path}", _page(story, language, main, head=head, path=path), story


def _teasers(story: Story, count: int, tag: str = "article") -> str:
    one = story.tongue
    return "".join(
        f"<{tag}><h2><a href='/{i}/'>{one.title(story.rng)}</a></h2><time datetime='{story.time.isoformat()}'></time>"
        f"<p>{one.paragraph(story.rng)}</p></{tag}>"
        for i in range(count)
    )


def _messages(story: Story) -> str:
    return "".join(
        f"<div class='message'><b>user{i}</b><div class='message-body'><p>{each}</p></div></div>"
        for i, each in enumerate(story.body)
    )


OTHERS: dict[str, Callable[[Story], tuple[str, str, str, str]]] = {
    # path, title, head, main
    "front page": lambda s: ("/", "Elsewhere", "", f"<main>{_teasers(s, 14)}</main>"),
    "front page, edition": lambda s: ("/en/", "Elsewhere", "", f"<main><h1>Elsewhere</h1>{_teasers(s, 14)}</main>"),
    "category": lambda s: ("/category/world/", "World", "", f"<main><h1>World</h1>{_teasers(s, 10)}</main>"),
    "section": lambda s: ("/world", "World", "", f"<main><h1>World</h1>{_teasers(s, 10, 'div')}</main>"),
    "blog of whole posts": lambda s: ("/blog", "Our blog", "", "<main>" + "".join(f"<div class='post'><h2><a href='/p{i}/'>{s.tongue.title(s.rng)}</a></h2><time datetime='{s.time.isoformat()}'></time>{s.prose('h4')}</div>" for i in range(3)) + "</main>"),
    "tag": lambda s: ("/tag/ferry/page/2/", "Ferry", "", f"<main><h1>Ferry</h1>{_teasers(s, 8)}</main>"),
    "search": lambda s: ("/?s=ferry", "Search results for ferry", "", f"<main><h1>Search results for ferry</h1>{_teasers(s, 9)}</main>"),
    "search without a query": lambda s: ("/find", "Results for ferry", "", f"<main><h1>Results for ferry</h1>{s.prose()}</main>"),
    "author": lambda s: ("/author/ada/", s.author, '<meta property="og:type" content="profile">', f"<main><h1>{s.author}</h1><p>{s.body[0]}</p>{_teasers(s, 6)}</main>"),
    "privacy": lambda s: ("/privacy-policy/", "Privacy policy", '<meta property="og:type" content="article">', f"<main><h1>Privacy policy</h1><p>Last updated: 3 May 2026</p>{s.prose()}</main>"),
    "terms": lambda s: ("/legal/x", "Terms of use", "", f"<article><h1>Terms of use</h1><p>3 May 2026</p>{s.prose()}</article>"),
    "about": lambda s: ("/about/", "About us", "", f"<article><h1>About us</h1>{s.prose()}</article>"),
    "arabic static": lambda s: ("/p/1", "سياسة الخصوصية", "", f"<article><h1>سياسة الخصوصية</h1><p>3 مايو 2026</p>{s.prose()}</article>"),
    "contact": lambda s: ("/contact-us", "Contact us", "", f"<main><h1>Contact us</h1><p>{s.body[0]}</p><form><input></form></main>"),
    "product": lambda s: ("/shop/lamp", "Lamp", _ld("Product", s), f"<main><h1>Lamp</h1><p class='price'>£20</p>{s.prose()}<button>Add to cart</button></main>"),
    "questions": lambda s: ("/help/ferry", "Ferry tickets", _ld("FAQPage", s), f"<main><h1>Ferry tickets</h1>{s.prose()}</main>"),
    "forum": lambda s: ("/t/ferry/12", "Ferry?", "", f"<main><h1>Ferry?</h1><time datetime='{s.time.isoformat()}'></time>{_messages(s)}</main>"),
    "consent": lambda s: ("/world/1-x", "Before you continue", "", f"<main><h1>Before you continue to Elsewhere</h1><p>We and our partners use cookies to store data. {s.body[0]}</p><button>Accept</button></main>"),
    "log-in": lambda s: ("/world/2-x", "Log in", "", "<main><h1>Log in</h1><form><input><input></form><p>Log in to continue reading.</p></main>"),
    "robot check": lambda s: ("/world/3-x", "Just a moment...", "", "<main><h1>Just a moment...</h1><p>Enable JavaScript and cookies to continue</p></main>"),
    "missing": lambda s: ("/world/4-x", "Page not found", "", f"<main><h1>Page not found</h1><p>The page you requested could not be found.</p>{_teasers(s, 6)}</main>"),
    "teaser": lambda s: ("/world/5-x", s.title, _meta(s), f"<main><h1>{s.title}</h1><p>{s.deck}</p><p>Subscribe to read on.</p></main>"),
    "links": lambda s: ("/links", "Useful links", "", "<main><h1>Useful links</h1><p>3 May 2026</p><ul>" + "".join(f"<li><a href='https://x{i}.example/'>{each}</a></li>" for i, each in enumerate(s.body)) + "</ul></main>"),
    "bare text": lambda s: ("/notes", s.title, "", f"<div><h1>{s.title}</h1>{s.prose()}</div>"),
    "gallery": lambda s: ("/photos/7", s.title, "", f"<main><h1>{s.title}</h1>" + "".join(f"<img src='/{i}.jpg' alt='{i}'>" for i in range(12)) + "</main>"),
    "empty": lambda s: ("/world/6-x", "", "", ""),
}  # fmt: skip


def other(shape: str, number: int, language: str) -> tuple[str, str]:
    """The address and the HTML of a page that is no article."""
    story = story_of(number, language)
    path, title, head, main = OTHERS[shape](story)
    return f"{HOST}{path}", _page(story, language, main, head=head, title=title or "Elsewhere", path=path)
