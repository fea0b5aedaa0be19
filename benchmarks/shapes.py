# ruff: noqa: E501  # pages have long lines
"""The article pages of the eight editions, as their sites build them, around made-up words."""

from __future__ import annotations

import json
from html import escape
from typing import TYPE_CHECKING

from stories import Shape, Story

if TYPE_CHECKING:
    from random import Random

    from furniture import Furniture
    from words import Tongue


def _page(story: Story, head: str, body: str, parts: Furniture, attributes: str = "") -> str:
    language = f'lang="{story.tongue.language}" dir="{story.tongue.direction}"'
    return (
        f'<!DOCTYPE html>\n<html {language}><head><meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"{head}\n{parts.styles}\n{parts.scripts}</head>\n<body{attributes}>\n{body}\n</body></html>\n"
    )


def _metas(**values: str) -> str:
    return "\n".join(
        f'<meta property="{name.replace("_", ":", 1)}" content="{escape(text)}">'
        for name, text in values.items()
    )


# --- Al Mayadeen

_MAYADEEN_WORDS = {
    "en": ("Al Mayadeen English", "By", "Source: Al Mayadeen", "3 Min Read", "Listen", "Related News", "Read more: ", "Most Read"),
    "ar": ("الميادين", "بقلم", "المصدر: الميادين نت", "3 دقائق قراءة", "استمع", "أخبار ذات صلة", "اقرأ أيضاً: ", "الأكثر قراءة"),
    "es": ("Al Mayadeen Español", "Por", "Fuente: Al Mayadeen", "3 min de lectura", "Escuchar", "Noticias relacionadas",
           "Lea también: ", "Más leídas"),
}  # fmt: skip


def _mayadeen(story: Story, url: str, parts: Furniture) -> str:
    name, by, source, minutes, listen, related, more, most = _MAYADEEN_WORDS[story.tongue.language]
    picture = f"https://media.almayadeen.net/archive/image/{story.key}.jpg?v=2&width=1000"
    head = f"<title>{story.title} | {name}</title>\n" + _mayadeen_head(story, url, name, picture)
    other = story.tongue.title(story.rng)
    first, *rest = story.prose().split("\n")
    body = f"""<header>{parts.menus}</header>
<section class="read-section"><div class="details-white-box"><h1>{story.title}</h1>
<div class="post-type post-metas type-wrap article-details-metas"><ul><li>{by} <a href="/authors/a-1">{story.author}</a></li>
<li>{source}</li><li>8 May 2026 15:21</li></ul></div><span>{minutes}</span><p class="lg_para summary">{story.deck}</p>
<div>{listen}</div><ul class="social_share"><li><a href="#"><img alt="x" src="/x.svg"></a></li></ul>
<ul><li><figure><img alt="{other}" data-src="{escape(picture)}"><figcaption>{other}</figcaption></figure></li></ul>
<div class="p-content">{first}
<div class="dual-related"><h3>{related}</h3><a href="/r1"><h4>{other}</h4></a><a href="/r2"><h4>{story.deck}</h4></a></div>
{"".join(rest)}<p><strong>{more}<a href="/r3">{other}</a></strong></p></div>
<ul>{"".join(f'<li><a href="/tags/t"><p>{tag}</p></a></li>' for tag in story.tags)}</ul></div></section>
<aside class="col-4"><h3>{most}</h3>{parts.cards}</aside><footer><p class="footer-bottom-text">{name}</p></footer>"""
    return _page(story, head, body, parts)


def _mayadeen_head(story: Story, url: str, name: str, picture: str) -> str:
    naive = story.time.strftime("%Y-%m-%dT%H:%M:%S.0000000")
    told = {
        "type": "article", "postid": story.key, "title": story.title, "url": url, "keywords": ",".join(story.tags),
        "thumbnail": picture, "video_duration": None, "lang": story.tongue.language, "published_time": story.time.isoformat(),
        "last_updated": story.time.isoformat(), "description": story.deck, "author": story.author,
        "classes": [{"key": "class1", "mapping": "posttype", "value": "News"},
                    {"key": "class2", "mapping": "category", "value": story.section}],
    }  # fmt: skip
    metas = _metas(og_site_name=name, og_type="article", og_url=url, og_title=f"{story.title} | {name}", og_description=story.deck,
                   og_image=picture, article_published_time=naive, article_modified_time=naive)  # fmt: skip
    return f"""<meta name="postid" content="{story.key}"><meta name="keywords" content="{",".join(story.tags)}">
<meta name="description" content="{story.deck}"><meta name="author" content="{story.author}"><link rel="canonical" href="{url}">
{metas}
<script id="tawsiyat-metadata" type="text/tawsiyat">{json.dumps(told, ensure_ascii=False)}</script>"""


def _mayadeen_card(rng: Random, tongue: Tongue) -> str:
    return (
        f'<div class="media-caption card"><a href="/news/s/{rng.randrange(10**6)}"><img class="lazy" data-src="/i/{rng.randrange(10**6)}.jpg" '
        f'alt=""><h4>{tongue.title(rng)}</h4></a><ul class="card-metas"><li><span>{tongue.title(rng, 1, 2)}</span></li>'
        "<li>23 Nov 2025</li></ul></div>"
    )


# --- Al Manar

_MANAR_WORDS = {
    "en": ("Al-Manar TV Lebanon", "Source: Al-Manar English Website", "Related Articles"),
    "ar": ("موقع قناة المنار – لبنان", "المصدر: موقع المنار", "مقالات ذات صلة"),
}


def _manar(story: Story, url: str, parts: Furniture) -> str:
    name, source, _related = _MANAR_WORDS[story.tongue.language]
    picture = f"{url.rpartition('/')[0]}/wp-content/uploads/2026/09/{story.key}.jpg"
    metas = _metas(og_title=f"{story.title} – {name}", og_image=picture, og_url=url)
    head = f'<title>{story.title} – {name}</title>\n<link rel="canonical" href="{url}">\n{metas}'
    tags = " ".join(f'<a href="/tag/t" rel="tag">{tag}</a>' for tag in story.tags)
    main = f"""<div class="article-categories"><a href="/cat/news">{story.section}</a></div>
<div class="article-title"><h2>{story.title}</h2></div>
<div class="article-meta"><span>Al-Manar</span><span>&nbsp;{story.time:%B %d, %Y}</span></div>
<div class="article-image"><img class="img-responsive" src="{picture}" alt=""></div><div class="share-button"><a href="#">+</a></div>
<div class="article-content">{story.prose("h3")}<p><strong>{source}</strong></p></div><div class="article-tags">{tags}</div>"""
    return _page(story, head, _manar_frame(story, main, parts), parts, ' class="single single-post"')


def _manar_new(story: Story, url: str, parts: Furniture) -> str:
    name, source, _related = _MANAR_WORDS[story.tongue.language]
    metas = _metas(
        og_title=story.title, og_url=url, og_type="article", article_published_time=story.time.isoformat()
    )
    head = f'<title>{story.title} – {name}</title>\n<link rel="canonical" href="{url}">\n{metas}'
    main = f"""<article class="post"><header class="entry-header"><h1 class="entry-title">{story.title}</h1></header>
<div class="entry-content">{story.prose()}<p>{source}</p></div></article>"""
    return _page(
        story,
        head,
        _manar_frame(story, main, parts),
        parts,
        ' class="wp-singular article-template-default single"',
    )


def _manar_frame(story: Story, main: str, parts: Furniture) -> str:
    related = _MANAR_WORDS[story.tongue.language][2]
    return f"""<div class="top-bar"><img src="/framework/assets/img/logo.png" alt=""></div><header>{parts.menus}</header>
<div id="main" class="container"><div class="row"><div class="col-md-8">{main}
<div class="related"><h3>{related}</h3></div></div><div class="col-md-4">{parts.cards}</div></div></div><footer></footer>"""


def _manar_either(story: Story, url: str, parts: Furniture) -> str:
    return (_manar_new if int(story.key) % 2 else _manar)(story, url, parts)


def _manar_card(rng: Random, tongue: Tongue) -> str:
    return (
        f'<div class="post-item"><div class="post-image"><a href="/{rng.randrange(10**6)}"><img src="/i/{rng.randrange(10**6)}.jpg" alt="">'
        f'</a></div><div class="post-title"><h4><a href="/{rng.randrange(10**6)}">{tongue.title(rng)}</a></h4>'
        "<span>June 26, 2025</span></div></div>"
    )


# --- Daily8

_DAILY8_WORDS = {
    "en": ("Hashtags", "Try Our AI Features", "Explore what Daily8 AI can do for you:", "Related Articles"),
    "ar": (
        "هاشتاغز",
        "جرب ميزات الذكاء الاصطناعي لدينا",
        "اكتشف ما يمكن أن يفعله Daily8 AI من أجلك:",
        "أخبار ذات صلة",
    ),
}


def _daily8(story: Story, url: str, parts: Furniture) -> str:
    hashtags, features, explore, related = _DAILY8_WORDS[story.tongue.language]
    metas = _metas(
        og_title=story.title,
        og_url=url,
        og_site_name="Daily8",
        og_image=f"https://cdn.daily8.example/{story.key}.jpg",
    )
    state = {
        "props": {
            "pageProps": {
                "article": {"id": url.rpartition("/")[2], "title": story.title, "body": list(story.body)}
            }
        }
    }
    head = f'<title>{story.title}</title><link rel="canonical" href="{url}">{metas}'
    tags = "".join(f'<a href="/en/hashtag/{tag}">#{tag}</a>' for tag in story.tags)
    body = f"""<div id="__next"><header><img alt="logo" src="/logo.svg">{parts.menus}</header><main><article>
<img alt="{story.title}" src="/_next/image?url=https%3A%2F%2Fcdn.daily8.example%2F{story.key}.jpg&amp;w=1200"><h1>{story.title}</h1>
<div><a href="/s">Al Manar</a><span>{story.time:%d-%m-%Y}</span></div>
<div style="white-space:pre-line">{"<br>".join(story.body)}</div></article><section>{hashtags} {tags}</section>
<section><img alt="Orange background" src="/o.png"><h2>{features}</h2><p>{explore}</p></section>
<section><h2>{related}</h2>{parts.cards}</section></main></div>
<script id="__NEXT_DATA__" type="application/json">{json.dumps(state, ensure_ascii=False)}</script>"""
    return _page(story, head, body, parts)


def _daily8_card(rng: Random, tongue: Tongue) -> str:
    title = tongue.title(rng)
    # One of some prints the whole text of the other article.
    text = " ".join(tongue.paragraph(rng) for _ in range(12)) if rng.random() < 0.05 else tongue.sentence(rng)
    return (
        f'<div class="flex-{rng.randrange(99)}"><a href="/en/article/{rng.randrange(10**6):032x}"><img alt="{title}" src="/i.png">'
        f'<h3>{title}</h3></a><p>{tongue.name(rng)}</p><p><img alt="time" src="/t.svg">9 hours ago</p><p>{text}</p></div>'
    )


# --- Arise

_CONTEXT = "https://schema.org"


def _arise_head(story: Story, url: str) -> str:
    picture = f"https://global.ariseplay.com/amg/www.arise.tv/uploads/2026/09/{story.key}.jpg"
    data = {
        "@context": _CONTEXT, "@type": "NewsArticle", "headline": story.title[:107], "datePublished": story.time.isoformat(),
        "author": {"@type": "Person", "name": story.author}, "image": {"@type": "ImageObject", "url": picture},
        "publisher": {"@type": "Organization", "name": "Arise News"},
    }  # fmt: skip
    metas = _metas(og_title=f"{story.title} - Arise News", og_url=url, og_image=picture, article_section=story.section,
                   article_published_time=story.time.isoformat())  # fmt: skip
    return (
        f'<title>{story.title} - Arise News</title><link rel="canonical" href="{url}">\n{metas}\n'
        f'<script type="application/ld+json">{json.dumps(data, ensure_ascii=False)}</script>'
    )


def _arise(story: Story, url: str, parts: Furniture) -> str:
    body = f"""<header class="site-header">{parts.menus}</header><article><header><h1 class="article-title mb-2">{story.title}</h1>
<div class="post-meta mb-2"><span class="category"><a href="/category/s/">{story.section}</a></span> | <a rel="author" href="/author/a/">
{story.author}</a> | <span class="date-container"><i class="fa-light"></i> <span class="date">{story.time:%B %d, %Y}</span></span></div>
<p>{story.deck}</p></header>
<div class="article-image"><img class="attachment-full wp-post-image" src="/uploads/2026/09/{story.key}.jpg" alt=""></div>
<div class="article-content"><div class="panel py-1 px-2"><div class="sharethis-inline-share-buttons"></div><p></p>{story.prose()}
</div><div class="contentAd"><ins data-revive-zoneid="14"></ins></div></div><div id="disqus_thread"></div></article>
<section><h2>Latest</h2>{parts.cards}</section><footer></footer>"""
    return _page(story, _arise_head(story, url), body, parts)


def _arise_amp(story: Story, url: str, parts: Furniture) -> str:
    body = f"""<header class="header">{parts.menus}</header><div class="sp sgl"><div class="cntr">
<span class="amp-cat amp-cat-12"><a href="/category/s/amp" title="s">{story.section}</a></span>
<h1 class="amp-post-title">{story.title}</h1></div><div class="sp-cnt"><div class="cntr"><div class="sp-rl"><div class="sp-rt">
<div class="cntn-wrp artl-cnt">{story.prose()}<p>Follow us on:</p></div><div class="ss-ic"><span class="shr-txt">Share</span></div></div></div>
</div></div><div class="r-pf"><div class="cntr"><h3>Recent Posts</h3>{parts.cards}</div></div></div><footer></footer>"""
    return _page(story, _arise_head(story, url), body, parts, ' class="body single-post"')


def _arise_either(story: Story, url: str, parts: Furniture) -> str:
    return (_arise_amp if int(story.key) % 3 == 0 else _arise)(story, url, parts)


def _arise_card(rng: Random, tongue: Tongue) -> str:
    return (
        f'<article><a class="img-link" href="/c-{rng.randrange(10**6)}/"><img src="/u/{rng.randrange(10**6)}.jpg" alt=""></a>'
        f'<div class="article-content"><h3 class="h6"><a href="/c-{rng.randrange(10**6)}/">{tongue.title(rng)}</a></h3>'
        f'<span class="date-container"><span class="date">9 hours ago</span></span></div></article>'
    )


_HEX = "152776d9a08c318ac6028f2ef"
SHAPES = (
    Shape(
        "almayadeen-en",
        "en",
        "https://english.almayadeen.net/news/politics/made-up-{key}",
        _mayadeen_card,
        _mayadeen,
    ),
    Shape(
        "almayadeen-ar",
        "ar",
        "https://www.almayadeen.net/news/politics/made-up-{key}",
        _mayadeen_card,
        _mayadeen,
    ),
    Shape(
        "almayadeen-es",
        "es",
        "https://espanol.almayadeen.net/noticias/{key}/made-up",
        _mayadeen_card,
        _mayadeen,
    ),
    Shape("almanar-en", "en", "https://english.almanar.com.lb/{key}", _manar_card, _manar_either),
    Shape("almanar-ar", "ar", "https://www.almanar.com.lb/{key}", _manar_card, _manar_either),
    Shape("daily8-en", "en", f"https://www.daily8.com/en/article/{_HEX}{{key}}", _daily8_card, _daily8),
    Shape("daily8-ar", "ar", f"https://www.daily8.com/article/{_HEX}{{key}}", _daily8_card, _daily8),
    Shape("arise", "en", "https://www.arise.tv/made-up-{key}/", _arise_card, _arise_either),
)
