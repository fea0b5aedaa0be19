"""Pages that lack what tells them mostly, or that look like what they are not."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import pytest

from cleanfeed.errors import NotAnArticle, PageError
from outletparts import made, read

if TYPE_CHECKING:
    from cleanfeed.model import Entry
    from cleanfeed.plugins import Plugins

P1 = "The harbour of Marsa Zaytun opened its new berth on Monday, three years after the first dredger came."
P2 = "Eleven ships waited outside the breakwater, among them one that had brought nothing but pianos."
P3 = "“We did not expect pianos,” the harbour master said, “but we have found a crane for them.”"
TITLE = "Harbour Opens New Berth As Pianos Arrive"
HEX = "152776d9a08c318ac6028f2ef6b405b2"
STORY = f"<p>{P1}</p><p>{P2}</p><h2>What the crane can lift</h2><p>{P3}</p>"
LINES = [P1, P2, "What the crane can lift", P3]
ADDRESS = {
    "almayadeen": "https://english.almayadeen.net/news/politics/berth", "almanar": "https://english.almanar.com.lb/903020",
    "arise": "https://www.arise.tv/berth/", "daily8": f"https://www.daily8.com/en/article/{HEX}",
}  # fmt: skip


def entry_of(body: str, outlets: Plugins, **about: str | None) -> Entry:
    return read(made(body, **about), outlets)


def text(body: str, outlets: Plugins, **about: str | None) -> Entry:
    return read(made(body, kind="text", name="page.txt", **about), outlets)


# --- no headline

BRANDED = {
    "almayadeen": " | Al Mayadeen English",
    "almanar": " – Al-Manar TV Lebanon",
    "arise": " - Arise News",
}
BOXES = {"almayadeen": "p-content", "almanar": "article-content", "arise": "panel"}


def headless(outlet: str, head: str = "", above: str = "", box: str = "") -> str:
    return f"""<html lang="en"><head>{head}</head><body><header><nav><a href="/">Home</a></nav></header><section>{above}
<div class="{box}">{STORY}</div></section><footer><p>All rights reserved</p></footer></body></html>"""


@pytest.mark.parametrize("outlet", BRANDED)
@pytest.mark.parametrize("declared", ["title", "og", "both"])
@pytest.mark.parametrize("named", [True, False], ids=["known-box", "unknown-box"])
def test_sub_head_is_no_title_where_metadata_has_one(
    outlet: str, declared: str, named: bool, outlets: Plugins
) -> None:
    branded = TITLE + BRANDED[outlet]
    head = f"<title>{branded}</title>" if declared != "og" else ""
    head += f'<meta property="og:title" content="{branded}">' if declared != "title" else ""
    page = headless(outlet, head, box=BOXES[outlet] if named else "k1")
    entry = entry_of(page, outlets, url=ADDRESS[outlet])
    assert (entry.title, entry.text.split("\n")) == (TITLE, LINES)


def test_data_of_the_content_system_names_the_article_without_a_headline(outlets: Plugins) -> None:
    said = f'<script id="tawsiyat-metadata" type="text/tawsiyat">{{"type": "article", "title": "{TITLE}"}}</script>'
    entry = entry_of(headless("almayadeen", said, box="p-content"), outlets, url=ADDRESS["almayadeen"])
    assert (entry.title, entry.text.split("\n")) == (TITLE, LINES)


@pytest.mark.parametrize("names", ["article-details-metas", "k2"])
def test_source_and_captions_are_found_without_a_headline(names: str, outlets: Plugins) -> None:
    above = f'<div class="{names}"><ul><li>By Ada Obi</li><li>Source: Agencies</li><li>5 Oct 2026 10:20</li></ul></div><ul><li><figure><img src="/a.jpg"><figcaption>The quay at dusk (Coast Photo)</figcaption></figure></li></ul>'
    page = headless("almayadeen", f"<title>{TITLE} | Al Mayadeen English</title>", above, "p-content")
    entry = entry_of(page, outlets, url=ADDRESS["almayadeen"])
    assert (entry.title, entry.source, entry.captions) == (
        TITLE,
        "Agencies",
        ("The quay at dusk (Coast Photo)",),
    )


AFTER = '<section><h2>Try Our AI Features</h2></section><section><h2>Related Articles</h2><a href="/en/article/0"><h3>Another story of the harbour</h3></a></section>'


@pytest.mark.parametrize("shape", ["h3", "h5", "div", "p", "div><b", ""])
def test_headline_may_be_any_line_that_the_metadata_repeats(shape: str, outlets: Plugins) -> None:
    closing = "".join(f"</{tag}>" for tag in reversed(shape.split("><")))
    line = f"<{shape}>{TITLE}{closing}" if shape else ""
    page = f"""<html lang="en"><head><title>{TITLE}</title><meta property="og:title" content="{TITLE}"><meta property="og:site_name" content="Daily8"></head><body><main><article>
<img alt="{TITLE}" src="/_next/image?url=x">{line}<div><a>Axios</a><span>26-06-2025</span></div><div>{P1}<br>{P2}<br>{P3}</div></article>{AFTER}</main></body></html>"""
    entry = entry_of(page, outlets, url=ADDRESS["daily8"])
    assert (entry.title, entry.source, entry.text.split("\n")) == (TITLE, "Axios", [P1, P2, P3])
    assert entry.published == datetime.fromisoformat("2025-06-26T00:00:00+04:00")


# --- no address


@pytest.mark.parametrize(
    "host, url", [("english.almayadeen.net", ADDRESS["almayadeen"]), ("elsewhere.example", None)]
)
def test_address_in_the_data_of_the_content_system_counts_on_a_host_of_the_outlet(
    host: str, url: str | None, outlets: Plugins
) -> None:
    said = f'<script id="tawsiyat-metadata" type="text/tawsiyat">{{"type": "article", "title": "{TITLE}", "lang": "en", "url": "https://{host}/news/politics/berth"}}</script>'
    page = f"<html lang=en><head>{said}</head><body><h1>{TITLE}</h1><div class=p-content>{STORY}</div></body></html>"
    assert entry_of(page, outlets).url == url


@pytest.mark.parametrize(
    "key", ['"url": "{}"', '"mainEntityOfPage": "{}"', '"mainEntityOfPage": {{"@id": "{}"}}']
)
def test_address_in_the_article_of_the_json_ld_is_one_where_no_link_is(key: str, outlets: Plugins) -> None:
    said = f'<script type="application/ld+json">{{"@type": "NewsArticle", {key.format(ADDRESS["arise"])}}}</script>'
    body = f"<body><article><h1>{TITLE}</h1><div class=panel>{STORY}</div></article></body></html>"
    entry = entry_of(f"<html lang=en><head>{said}</head>{body}", outlets)
    assert (entry.outlet, entry.url) == ("arise", ADDRESS["arise"])
    linked = f'<link rel="canonical" href="https://www.arise.tv/other/">{said}'
    assert (
        entry_of(f"<html lang=en><head>{linked}</head>{body}", outlets).url == "https://www.arise.tv/other/"
    )


# --- what stands in and around a body

RELATED = '<div class="k"><h3>Related News</h3><a href="/news/politics/r"><img src="/r.jpg"><h4>Another story of the day</h4></a></div>'
TAGS = '<ul class="t"><li><a href="/tags/Ships"><p>Ships</p></a></li><li><a href="/tags/Pianos"><p>Pianos</p></a></li></ul>'
CARDS = '<aside><h3>Most Read</h3><h4><a href="/news/politics/m">A third story of the day</a></h4><a href="/tags/Mills">Mills</a></aside>'


def test_box_in_the_body_does_not_hide_the_tags_below_it(outlets: Plugins) -> None:
    page = f"<html lang=en><head><title>{TITLE} | Al Mayadeen English</title></head><body><section><h1>{TITLE}</h1><div class=p-content><p>{P1}</p>{RELATED}<p>{P2}</p></div>{TAGS}{CARDS}</section></body></html>"
    entry = entry_of(page, outlets, url=ADDRESS["almayadeen"])
    assert (entry.tags, entry.text.split("\n")) == (("Ships", "Pianos"), [P1, P2])


SHARES = (
    "https://wa.me/?text=x", "https://t.me/share/url?url=x", "https://twitter.com/intent/tweet?x", "https://x.com/intent/post?text=x",
    "https://www.facebook.com/sharer/sharer.php?u=x", "https://www.facebook.com/share.php?u=x", "https://www.linkedin.com/shareArticle?url=x",
    "https://www.pinterest.com/pin/create/button/?url=x", "mailto:?subject=x", "https://api.whatsapp.com/send?text=x", "https://telegram.me/share/url?url=x",
    "https://www.reddit.com/submit?url=x",
)  # fmt: skip
BARS = (
    '<div><a href="{0}">Here</a><a href="{0}">There</a></div>', '<ul><li><a href="{0}">Send it</a></li></ul>', '<div><span>Share:</span> <a href="{0}"><img src="/i.png"></a></div>',
    '<p>Share on: <a href="{0}">Here</a> | <a href="{0}">There</a></p>',
)  # fmt: skip


@pytest.mark.parametrize("address", SHARES)
@pytest.mark.parametrize("bar", BARS, ids=range(len(BARS)))
def test_links_that_pass_the_page_on_go_with_the_bar_that_they_fill(
    bar: str, address: str, outlets: Plugins
) -> None:
    page = f"<html lang=en><head><title>{TITLE} | Al Mayadeen English</title></head><body><h1>{TITLE}</h1><div class=p-content><p>{P1}</p>{bar.format(address)}<p>{P2}</p></div></body></html>"
    entry = entry_of(page, outlets, url=ADDRESS["almayadeen"])
    assert entry.text.split("\n") == [P1, P2]
    assert "<img" not in entry.content


KEPT = (
    "https://t.me/harbour/12",
    "https://www.facebook.com/share/p/abc/",
    "https://twitter.com/harbour/status/1700000000000000001",
    "mailto:ada@harbour.example",
)


@pytest.mark.parametrize("address", KEPT)
def test_links_to_posts_and_people_stay(address: str, outlets: Plugins) -> None:
    page = f'<html lang=en><head><title>{TITLE} | Al Mayadeen English</title></head><body><h1>{TITLE}</h1><div class=p-content><p>{P1}</p><p>The master <a href="{address}">wrote of it</a> on Monday.</p></div></body></html>'
    assert entry_of(page, outlets, url=ADDRESS["almayadeen"]).text.split("\n") == [
        P1,
        "The master wrote of it on Monday.",
    ]


def test_attribute_of_the_time_on_an_amp_page_is_more_exact_than_its_text(outlets: Plugins) -> None:
    when = '<div class="amp-wp-meta amp-wp-posted-on"><time datetime="2024-07-08T08:30:00+00:00">July 08, 2024</time></div>'
    page = f'<html amp lang=en><body><article class="amp-wp-article"><header><h1 class="amp-wp-title">{TITLE}</h1>{when}</header><div class="amp-wp-article-content">{STORY}</div></article></body></html>'
    entry = entry_of(page, outlets, url="https://www.arise.tv/berth/amp/")
    assert (entry.published, entry.date_precision) == (
        datetime.fromisoformat("2024-07-08T08:30:00+00:00"),
        None,
    )


RELATED_STORIES = "".join(
    f'<article><h3><a href="/x{i}/">Another story of the day, number {i}</a></h3></article>' for i in range(8)
)


@pytest.mark.parametrize(
    "player",
    [
        '<iframe src="https://www.youtube.com/embed/abcdefghijk"></iframe>',
        '<video src="https://media.example/a.mp4"></video>',
    ],
)
def test_page_with_a_video_and_no_text_is_a_video(player: str, outlets: Plugins) -> None:
    page = f'<html lang=en><head><meta property="article:published_time" content="2024-07-12T08:30:00+00:00"></head><body><article><header><h1>{TITLE}</h1></header><div class="panel"><p></p>{player}</div></article><section>{RELATED_STORIES}</section></body></html>'
    entry = entry_of(page, outlets, url=ADDRESS["arise"])
    assert (entry.kind, entry.title) == ("video", TITLE)
    assert ("youtube.com" in entry.content) or ("a.mp4" in entry.content)
    told = page.replace("<p></p>", f"<p>{P1}</p>")
    assert entry_of(told, outlets, url=ADDRESS["arise"]).kind == "article"


# --- articles that look like walls, listings that look like articles

PREFIXED = (
    "Page Not Found: How the Harbour Lost Forty Years of Its Logs",
    "Sign in to vote: harbour moves its register of pilots online",
)


@pytest.mark.parametrize("title", PREFIXED)
def test_article_whose_title_begins_like_a_wall_is_read(title: str, outlets: Plugins) -> None:
    page = f'<html lang=en><head><title>{title} - Arise News</title><meta property="article:published_time" content="2024-07-12T08:30:00+00:00"></head><body><article><h1>{title}</h1><div class="panel">{STORY}</div></article></body></html>'
    assert entry_of(page, outlets, url=ADDRESS["arise"]).title == title
    capture = f"{title}\n\nOctober 4, 2026\n\n{P1}\n\n{P2}\n\n{P3}\n\nFollow us on:\n\nAriseNews"
    assert text(capture, outlets, url=ADDRESS["arise"]).title == title
    bare = f"<html lang=en><head><title>{title}</title></head><body><h1>{title}</h1><p>Try a search.</p></body></html>"
    with pytest.raises(NotAnArticle):
        entry_of(bare, outlets, url=ADDRESS["arise"])


ITEM = '<div class="post-item"><div class="post-title"><a href="https://english.almanar.com.lb/70000{0}">Another story of the harbour, number {0}</a></div><p>{1}</p></div>'


def test_linked_lines_above_teasers_are_a_listing(outlets: Plugins) -> None:
    items = "".join(ITEM.format(i, P1) for i in range(9))
    with pytest.raises(PageError):
        entry_of(
            f'<html lang="en"><head><title>News – Al-Manar TV Lebanon</title></head><body><div><h2>News</h2>{items}</div></body></html>',
            outlets,
        )


HEADER = "المجموعة اللبنانية للإعلام\nقناة المنار\n\n"
TEASERS = "\n\n".join(f"Another story of the harbour, number {i}\n\n{P1}" for i in range(7))
HASHTAG = (
    "logo\nLatest news with #Ships\n\n"
    + "\n\n".join(f"{TITLE}\n{TITLE}\n\nAxios\n\n{P1}" for _ in range(3))
    + "\n\nTry Our AI Features"
)
LISTINGS = {
    "category, no address": (f"{HEADER}News\n\n{TEASERS}\n\n1\n\n2\n\nNext", None),
    "category": (f"{HEADER}News\n\n{TITLE}\n\n{P1}\n\n{P2}", "https://english.almanar.com.lb/cat/news"),
    "hashtag, no address": (HASHTAG, None),
    "hashtag": (HASHTAG.replace("Latest news with #Ships", ""), "https://www.daily8.com/en/hashtag/Ships"),
    "tag of Arise": (f"{TITLE}\n\nOctober 4, 2026\n\n{P1}\n\n{P2}\n\nFollow us on:\n\nAriseNews", "https://www.arise.tv/tag/ships/"),
}  # fmt: skip


@pytest.mark.parametrize("body, url", LISTINGS.values(), ids=LISTINGS)
def test_capture_of_a_listing_is_told_by_its_address_or_its_lines(
    body: str, url: str | None, outlets: Plugins
) -> None:
    with pytest.raises(NotAnArticle):
        text(body, outlets, url=url)


def test_sub_heads_of_a_story_make_no_listing(outlets: Plugins) -> None:
    heads = "\n\n".join(f"What number {i} of them means\n\n{P2}" for i in range(4))
    entry = text(
        f"{HEADER}  • News\n\n{TITLE}\n\nEconomy\n\n{P1}\n\n{heads}", outlets, url=ADDRESS["almanar"]
    )
    assert (entry.title, entry.section) == (TITLE, "Economy")


# --- the lines above the body of Al Manar

TOPS = {
    "name above the date": "{title}\n\n{section}\n\n{name}\n{day}",
    "category first": "{section}\n\n{title}\n\n{name} {day}",
    "category first, close": "{section}\n{title}\n{name}  {day}\n  • Facebook\n  • Twitter\n  • WhatsApp",
    "category first, name above the date": "{section}\n\n{title}\n\n{name}\n{day}",
    "no category": "{title}\n\n{name} {day}",
}
AR1 = "افتتح مرفأ مرسى زيتون رصيفه الجديد، الإثنين، بعد ثلاث سنوات على وصول أول حفّارة."
AR2 = "وانتظرت إحدى عشرة سفينة خارج كاسر الأمواج، واحدة منها لا تحمل غير آلات البيانو."


@pytest.mark.parametrize("top", TOPS.values(), ids=TOPS)
@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize("known", [True, False], ids=["address", "no-address"])
def test_headline_and_day_of_almanar_are_found_in_any_order(
    top: str, language: str, known: bool, outlets: Plugins
) -> None:
    said = {
        "en": {"title": TITLE, "section": "News", "name": "Al-Manar", "day": "May 15, 2025"},
        "ar": {"title": "مرفأ مرسى زيتون يفتتح رصيفاً جديداً للبيانو", "section": "أخبار", "name": "قناة المنار", "day": "15 أيار 2025"},
    }[language]  # fmt: skip
    body, menu = ((P1, P2), "News") if language == "en" else ((AR1, AR2), "أخبار")
    url = {"en": ADDRESS["almanar"], "ar": "https://www.almanar.com.lb/903020"}[language] if known else None
    capture = f"{HEADER}  • {menu}\n  • X\n\n{top.format(**said)}\n\n" + "\n\n".join(body)
    entry = text(capture, outlets, url=url)
    assert (entry.title, entry.text.split("\n")) == (said["title"], list(body))
    assert entry.section == (said["section"] if "section" in top else None)
    assert (entry.date_precision, entry.published) == (
        "day",
        datetime.fromisoformat("2025-05-15T00:00:00+03:00"),
    )
