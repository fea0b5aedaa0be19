"""HTML pages of the outlets in the shapes that they are known to take, and the pages that are no article."""

from __future__ import annotations

import json
from datetime import datetime
from html import escape
from typing import TYPE_CHECKING, Any

import pytest
from lxml import html

from cleanfeed.errors import NotAnArticle, PageError
from outletparts import PAGES, made, read

if TYPE_CHECKING:
    from cleanfeed.model import Entry
    from cleanfeed.plugins import Plugins

P1 = "The harbour of Marsa Zaytun opened its new berth on Monday, three years after the first dredger came."
P2 = "Eleven ships waited outside the breakwater, among them one that had brought nothing but pianos."
P3 = "“We did not expect pianos,” the harbour master said, “but we have found a crane for them.”"
BODY = f"<p>{P1}</p><p>{P2}</p><p>{P3}</p>"
LINES = [P1, P2, P3]
TITLE = "Harbour Opens New Berth As Pianos Arrive"
HEX = "152776d9a08c318ac6028f2ef6b405b2"
NOW = datetime.fromisoformat("2025-07-01T12:00:00+00:00")


def entry_of(body: str, outlets: Plugins, **about: Any) -> Entry:
    return read(made(body, **about), outlets)


# --- Daily8: nothing may be keyed on names


RELATED = """<section><img alt="Orange background"><h2>Try Our AI Features</h2><p>Explore what Daily8 AI can do for you:</p></section>
<section><h2>Comments</h2><p>No comments yet...</p></section><section><h2>Related Articles</h2>
<a href="/en/article/00000000000000000000000000000000"><img alt="Other"><h3>Another story of the harbour</h3></a><p>Cedar News</p>
<p><img alt="time">9 hours ago</p><ul><li>Politics</li><li>Cedar News</li></ul><h3>Another story of the harbour</h3><p>{long}</p></section>
<section><p>DOWNLOAD THE APP</p><h2>Get Started Now: Download the App</h2></section>""".format(
    long="Another story went on and on. " * 80
)


def daily8(
    credit: str, body: str, *, tags: str = "", head: str = "", scripts: str = "", lang: str = 'lang="en"'
) -> str:
    return f"""<!DOCTYPE html><html {lang}><head><title>{TITLE}</title><meta property="og:title" content="{TITLE}">{head}</head>
<body class="a"><div id="__next"><header><img alt="logo"><nav><a href="/en/login">Sign In</a></nav></header><main><article>
<img alt="{TITLE}" src="/_next/image?url=https%3A%2F%2Fcdn.example.net%2Fa.jpg&amp;w=640&amp;q=75"><h1>{TITLE}</h1>{credit}{body}</article>{tags}{RELATED}</main></div>{scripts}</body></html>"""


CREDITS = {
    "two elements": ('<div><a href="/s/1">Al Manar</a><span>26-06-2025</span></div>', "Al Manar", "2025-06-26"),
    "two paragraphs": ("<p>Al Manar</p><p>26-06-2025</p>", "Al Manar", "2025-06-26"),
    "one element": ("<div>Al Manar26-06-2025</div>", "Al Manar", "2025-06-26"),
    "one text": ("Al Manar26-06-2025", "Al Manar", "2025-06-26"),
    "an age": ('<div><span>Axios</span><span><img alt="time" src="/t.svg">20 hours ago</span></div>', "Axios", "2025-06-30"),
    "an age in words": ("<p>Axios</p><p>a day ago</p>", "Axios", "2025-06-30"),
    "day alone": ("<p>26-06-2025</p>", None, "2025-06-26"),
    "nothing": ("", None, None),
    "itself": ("<p>Daily8</p><p>26-06-2025</p>", None, "2025-06-26"),
}  # fmt: skip
BLOCKS = {
    "line breaks": f"<div>{P1}<br>{P2}<br>{P3}</div>",
    "double line breaks": f"<div>{P1}<br><br>{P2}<br>&nbsp;<br>{P3}</div>",
    "pre-line": f'<div style="white-space: pre-line">{P1}\n{P2}\n\n{P3}</div>',
    "paragraphs": f"<div>{BODY}</div>",
    "deep": f"<div><div><div><span>{P1}<br>{P2}<br>{P3}</span></div></div></div>",
    "credit photo and mail": f"<div>PEXELS<br>{P1}<br>mailto:?subject=x&amp;body=%0D%0A<br>{P2}<br>{P3}</div>",
}  # fmt: skip


@pytest.mark.parametrize("block", BLOCKS.values(), ids=BLOCKS)
@pytest.mark.parametrize("credit, source, day", CREDITS.values(), ids=CREDITS)
def test_daily8_article_is_read_whatever_its_blocks(
    credit: str, source: str | None, day: str | None, block: str, outlets: Plugins
) -> None:
    entry = entry_of(
        daily8(credit, block), outlets, url=f"https://test.daily8.com/en/article/{HEX}?x=1#top", retrieved=NOW
    )
    assert (entry.title, entry.source) == (TITLE, source)
    assert (entry.published.date().isoformat() if entry.published else None) == day
    assert entry.text.split("\n") == LINES
    assert (entry.authors, entry.tags, entry.section, entry.summary) == ((), (), None, None)
    assert entry.id.endswith(f"daily8-en/{HEX}")
    assert entry.url is not None
    assert entry.url.startswith(f"https://www.daily8.com/en/article/{HEX}")
    assert entry.image == "https://cdn.example.net/a.jpg"


@pytest.mark.parametrize(
    "host", ["www.daily8.com", "test.daily8.com", "daily8.com", "main.d358xbzettaslu.amplifyapp.com"]
)
def test_all_hosts_of_daily8_give_one_article(host: str, outlets: Plugins) -> None:
    english = entry_of(daily8("", BLOCKS["paragraphs"]), outlets, url=f"https://{host}/en/article/{HEX}")
    arabic = entry_of(daily8("", BLOCKS["paragraphs"]), outlets, url=f"https://{host}/article/{HEX}")
    assert (english.outlet, english.url) == ("daily8-en", f"https://www.daily8.com/en/article/{HEX}")
    assert (arabic.outlet, arabic.url, arabic.direction) == (
        "daily8-ar",
        f"https://www.daily8.com/article/{HEX}",
        "rtl",
    )


def test_hashtags_of_the_article_are_tags_and_those_of_others_are_not(outlets: Plugins) -> None:
    tags = '<section><p>Hashtags</p><a href="/en/hashtag/Pianos">#Pianos</a> <a href="/en/hashtag/Ships">#Ships</a></section>'
    late = '<a href="/en/hashtag/Other">#Other</a>'
    entry = entry_of(
        daily8("", BLOCKS["line breaks"], tags=tags).replace("</main>", late + "</main>"),
        outlets,
        url=f"https://www.daily8.com/en/article/{HEX}",
    )
    assert entry.tags == ("Pianos", "Ships")
    assert entry.text.split("\n") == LINES


ARTICLE = {
    "_id": HEX,
    "title": TITLE,
    "content": "\n".join(LINES),
    "source": {"name": "Al Manar"},
    "publishedAt": "2025-06-26T09:30:00Z",
}


def next_data() -> str:
    return f'<script id="__NEXT_DATA__" type="application/json">{json.dumps({"props": {"pageProps": {"article": ARTICLE}}})}</script>'


def flight(*, rows: bool) -> str:
    text = "\n".join(LINES)
    article = {**ARTICLE, "content": "$7"} if rows else ARTICLE
    stream = f'1:HL["/x.css","style"]\n7:T{len(text.encode()):x},{text}5:["$","$L12",null,{json.dumps({"article": article}, ensure_ascii=False)}]\n'
    half = len(stream) // 2
    pushed = "".join(
        f"<script>self.__next_f.push({json.dumps([1, part], ensure_ascii=False)})</script>"
        for part in (stream[:half], stream[half:])
    )
    return "<script>(self.__next_f=self.__next_f||[]).push([0])</script>" + pushed


@pytest.mark.parametrize(
    "scripts",
    [next_data(), flight(rows=False), flight(rows=True)],
    ids=["next-data", "flight", "flight-text-row"],
)
@pytest.mark.parametrize("block", ["", BLOCKS["line breaks"]], ids=["not-rendered", "rendered"])
def test_data_of_the_page_gives_what_the_markup_lacks(scripts: str, block: str, outlets: Plugins) -> None:
    entry = entry_of(
        daily8("", block, scripts=scripts), outlets, url=f"https://www.daily8.com/en/article/{HEX}"
    )
    assert (entry.source, entry.text.split("\n")) == ("Al Manar", LINES)
    assert entry.published == datetime.fromisoformat("2025-06-26T09:30:00+00:00")


# --- Arise


def ld(**more: Any) -> str:
    said = {
        "@context": "http://schema.org",
        "@type": "NewsArticle",
        "mainEntityOfPage": "https://www.arise.tv/berth/",
        "headline": TITLE[:20] + "...",
        **more,
    }
    return f'<script type="application/ld+json">{json.dumps(said)}</script>'


RECENT = "".join(
    f'<div class="fsp"><div class="fsp-cnt"><h2 class="loop-title"><a href="/o{i}/">Another story of the day number {i}</a></h2><p class="loop-excerpt">A story in fifteen words that goes on for a while and then ends with an…</p><div class="pt-dt"><div class="loop-date">{i} hours ago</div></div></div></div>'
    for i in range(2, 8)
)
SWIFT = """<!doctype html><html amp lang="en-GB"><head><link rel="canonical" href="https://www.arise.tv/berth/">{ld}</head><body class="body single-post">
<header class="header"><div class="logo"><a title="Arise News"></a></div></header><div class="sp sgl"><div class="cntr"><span class="amp-cat amp-cat-12"><a href="https://www.arise.tv/category/global/amp" title="Global">Global</a></span>
<h1 class="amp-post-title">{title}</h1>{deck}</div><div class="sf-img"><figure class="amp-featured-image"><amp-img src="https://global.ariseplay.com/amg/www.arise.tv/uploads/x.jpg" width="9" height="9"></amp-img><p class="wp-caption-text">The quay</p></figure></div>
<div class="sp-cnt"><div class="cntr"><div class="sp-rl"><div class="sp-rt"><div class="cntn-wrp artl-cnt">{body}<p>Follow us on:</p><a href="#"><amp-img alt="AriseNews"></amp-img></a></div><div class="ss-ic"><span class="shr-txt">Share</span></div></div>
<div class="sp-lt">{side}<div class="srp"><ul><li><div class="rlp-cnt"><a href="/r/">Related in the side column</a></div></li></ul></div></div></div></div></div><div class="r-pf"><div class="cntr"><h3>Recent Posts</h3>{recent}</div></div></div></body></html>"""
DESIGN = """<!doctype html><html amp lang="en-GB"><head><link rel="canonical" href="https://www.arise.tv/berth/">{ld}<title>{title} - Arise News</title></head><body>
<article class="amp-wp-article"><header class="amp-wp-article-header"><h1 class="amp-wp-title">{title}</h1>{side}</header><div class="amp-wp-article-featured-image"><amp-img src="https://global.ariseplay.com/amg/www.arise.tv/uploads/x.jpg"></amp-img></div>
<div class="{box}">{body}<p>Follow us on:</p></div><footer class="amp-wp-article-footer"><div class="amp-wp-meta amp-wp-tax-category">Categories: <a href="/category/global/amp">Global</a></div>{tags}</footer></article>
<div class="amp-wp-content relatedpost recentpost"><div class="rp"><span class="related-title">Recent Posts</span><ol><li><div class="related_link"><a href="/o/">Another story of the day</a></div></li></ol></div></div></body></html>"""
WHO = '<div class="sp-athr desk-athr"><span class="athr-tx">By</span><div class="athr-name"><a rel="author" href="/author/ada/">Ada Obi</a></div></div>'
WHEN = '<div class="post-date desk-date"><div class="loop-date">March 17, 2023</div></div>'
TAGGED = '<div class="tags"><div class="amp-tags"><span class="amp-tag"><a href="/tag/pianos/amp">pianos</a></span><span class="amp-tag"><a href="/tag/ships/amp">ships</a></span></div></div>'


@pytest.mark.parametrize("who", ["", WHO], ids=["no-author", "author"])
@pytest.mark.parametrize("when", ["", WHEN], ids=["no-date", "date"])
@pytest.mark.parametrize("tagged", ["", TAGGED], ids=["no-tags", "tags"])
@pytest.mark.parametrize(
    "data",
    ["", ld(author={"@type": "Person", "name": "Ada Obi"}, datePublished="2023-03-17T12:00:00+00:00")],
    ids=["no-json-ld", "json-ld"],
)
def test_swift_page_is_read_with_each_part_on_or_off(
    who: str, when: str, tagged: str, data: str, outlets: Plugins
) -> None:
    entry = entry_of(
        SWIFT.format(ld=data, title=TITLE, deck="", body=BODY, side=who + tagged + when, recent=RECENT),
        outlets,
        url="https://www.arise.tv/berth/amp",
    )
    assert (entry.title, entry.section, entry.url) == (TITLE, "Global", "https://www.arise.tv/berth/")
    assert entry.text.split("\n") == LINES
    assert entry.authors == (("Ada Obi",) if who or data else ())
    assert entry.tags == (("pianos", "ships") if tagged else ())
    exact, day = (
        datetime.fromisoformat(each) for each in ("2023-03-17T12:00:00+00:00", "2023-03-17T00:00:00+01:00")
    )
    assert entry.published == (exact if data else day if when else None)
    assert entry.captions == ("The quay",)
    assert entry.summary is None


@pytest.mark.parametrize("box", ["amp-wp-article-content", "the_content", "amp-wp-content"])
def test_older_designs_of_amp_pages_are_read(box: str, outlets: Plugins) -> None:
    side = '<div class="amp-wp-meta amp-wp-byline"><span class="amp-wp-author author vcard">Ada Obi</span></div><div class="amp-wp-meta amp-wp-posted-on"><time datetime="2023-03-17T12:00:00+00:00">3 years ago</time></div>'
    tags = '<div class="amp-wp-meta amp-wp-tax-tag">Tags: <a href="/tag/pianos/amp">pianos</a></div>'
    entry = entry_of(
        DESIGN.format(ld="", title=TITLE, side=side, box=box, body=BODY, tags=tags),
        outlets,
        url="https://www.arise.tv/berth/?amp=1",
    )
    assert (entry.title, entry.section, entry.tags, entry.authors) == (
        TITLE,
        "Global",
        ("pianos",),
        ("Ada Obi",),
    )
    assert entry.text.split("\n") == LINES
    assert entry.published == datetime.fromisoformat("2023-03-17T12:00:00+00:00")


CARD = '<article class="card-post"><a class="img-link" href="/other{0}/"><img src="/c.jpg"></a><div class="article-content"><h3 class="h6"><a href="/other{0}/">Another story of the day, number {0}</a></h3><span class="date-container"><span class="date">October {0}, 2026</span></span></div></article>'
CARDS = "".join(CARD.format(i) for i in range(1, 9))
STANDARD = """<!doctype html><html lang="en-GB"><head><title>{title} – Arise News</title></head><body>{before}<article><header><h1 class="article-title mb-2">{title}</h1>
<div class="post-meta mb-2"><span class="category"><a href="/category/global/">Global</a></span> | <a rel="author" href="/author/ada/">Ada Obi</a> | <span class="date-container"><span class="date">March 17, 2023</span></span></div>{deck}</header>
<div class="article-image"><img class="wp-post-image" src="https://global.ariseplay.com/amg/www.arise.tv/uploads/x.jpg"></div><div class="article-content"><div class="panel py-1"><p></p>{body}</div></div><div id="disqus_thread"></div></article>{after}</body></html>"""


def test_standard_page_among_cards_is_read(outlets: Plugins) -> None:
    page = STANDARD.format(
        title=TITLE, deck="<p><p>Pianos come first.</p></p>", body=BODY, before=CARDS, after=CARDS
    )
    entry = entry_of(page, outlets, url="http://arise.tv/berth/?utm_source=x")
    assert (entry.title, entry.section, entry.authors, entry.summary) == (
        TITLE,
        "Global",
        ("Ada Obi",),
        "Pianos come first.",
    )
    assert (entry.text.split("\n"), entry.url) == (LINES, "https://arise.tv/berth/")
    assert entry.published == datetime.fromisoformat("2023-03-17T00:00:00+01:00")


def test_page_without_a_deck_or_date_has_none(outlets: Plugins) -> None:
    page = (
        STANDARD.format(title=TITLE, deck="", body=BODY, before="", after=CARDS)
        .replace("March 17, 2023", "")
        .replace("Ada Obi", "")
    )
    entry = entry_of(page, outlets, url="https://www.arise.tv/berth/")
    assert (entry.summary, entry.published, entry.authors) == (None, None, ())


# --- Al Manar

GEN1 = """<!doctype html><html lang="{lang}"><head><title>{title} – موقع قناة المنار – لبنان</title></head><body><div id="main">
<div class="article-categories"><a href="/cat/news">News</a></div><div class="article-title"><h2>{title}</h2></div><div class="article-meta"><span>Al-Manar</span><span>{date}</span></div>
<div class="article-image"><img class="img-responsive" src="/wp-content/uploads/x.jpg"></div><div class="share-button"><a href="#">Share</a></div><div class="article-content">{body}</div><div class="article-tags"><a href="/tag/a">pianos</a></div></div></body></html>"""
GEN2 = """<!doctype html><html lang="{lang}"><head><title>{title} – Al-Manar TV Lebanon</title></head><body><div class="clock"><span>السبت</span> / <span>24 01 2026</span> / <span>5 شعبان 1447</span> / <span>بيروت <b>21:37</b></span></div>
<h1 class="entry-title">{title}</h1><div class="entry-content">{body}</div></body></html>"""
DATES = {
    "&nbsp;June 26, 2025": "2025-06-26", "&nbsp;June&nbsp;26,&nbsp;2025": "2025-06-26", "26 June 2025": "2025-06-26", "": None,
    "26 حزيران 2025": "2025-06-26", "٢٦ يونيو ٢٠٢٥": "2025-06-26",
}  # fmt: skip


@pytest.mark.parametrize("printed, day", DATES.items(), ids=range(len(DATES)))
def test_first_generation_of_almanar_prints_its_day(printed: str, day: str | None, outlets: Plugins) -> None:
    body = f"{BODY}<p><strong>Source:</strong> Al-Manar English Website</p>"
    entry = entry_of(
        GEN1.format(lang="en-US", title=TITLE, date=printed, body=body),
        outlets,
        url="https://english.almanar.com.lb/903020",
    )
    assert (entry.title, entry.section, entry.source, entry.tags) == (
        TITLE,
        "News",
        "Al-Manar English Website",
        ("pianos",),
    )
    assert (entry.published.date().isoformat() if entry.published else None, entry.text.split("\n")) == (
        day,
        LINES,
    )
    assert (entry.id, entry.authors) == ("tag:cleanfeed.invalid,2026:almanar-en/903020", ())


@pytest.mark.parametrize(
    "host",
    [
        f"{sub}{domain}"
        for sub in ("english.", "", "www.")
        for domain in ("almanar.com.lb", "almanartv.com.lb", "manartv.com.lb")
    ],
)
def test_hosts_of_almanar_tell_the_edition_and_the_clock_is_no_date(host: str, outlets: Plugins) -> None:
    entry = entry_of(
        GEN2.format(lang="en", title=TITLE, body=BODY), outlets, url=f"https://{host}/article/15120448/"
    )
    assert entry.outlet == ("almanar-en" if host.startswith("english.") else "almanar-ar")
    assert entry.id.endswith(f"{entry.outlet}/15120448")
    assert (entry.published, entry.text.split("\n"), entry.source) == (None, LINES, None)


# --- pages that are no article

EXAMPLES = {
    "almayadeen-en": ("almayadeen-en/harbour.html", "section.read-section"), "almayadeen-ar": ("almayadeen-ar/harbour.html", "section.read-section"),
    "almayadeen-es": ("almayadeen-es/puerto.html", "section.read-section"), "almanar-en": ("almanar-en/fishermen-gen1.html", "#main"),
    "almanar-ar": ("almanar-ar/harvest-gen1.html", "#main"), "daily8-en": ("daily8-en/tram-plain.html", "main"), "daily8-ar": ("daily8-ar/bread.html", "main"),
    "arise": ("arise/rail.html", "div.container div.row"),
}  # fmt: skip
ADDRESSES = {
    "almayadeen-en": "https://english.almayadeen.net/news/politics/x-y-z", "almayadeen-ar": "https://www.almayadeen.net/news/politics/x-y-z",
    "almayadeen-es": "https://espanol.almayadeen.net/entrevistas/2046797/x-y", "almanar-en": "https://english.almanar.com.lb/903020",
    "almanar-ar": "https://www.almanar.com.lb/article/903020/", "daily8-en": f"https://www.daily8.com/en/article/{HEX}",
    "daily8-ar": f"https://www.daily8.com/article/{HEX}", "arise": "https://www.arise.tv/berth/",
}  # fmt: skip
SITES = {"ar": "الموقع"}
MESSAGES = {
    "soft 404": ("Page not found", "Sorry, the page you are looking for could not be found. It may have been moved or deleted: try a search, or go back to the front page of the site."),
    "soft 404, sober": ("404", "Oops! The page that you requested no longer exists on this server. Please check the address, or use the menu above to find what you need."),
    "soft 404 ar": ("الصفحة غير موجودة", "عذراً، الصفحة التي تبحث عنها غير موجودة. ربما نُقلت أو حُذفت، يمكنك العودة إلى الصفحة الرئيسية أو البحث في الموقع عن موضوع آخر يهمك اليوم."),
    "soft 404 es": ("Página no encontrada", "Lo sentimos, la página que busca no existe o no está disponible. Puede volver a la portada o usar el buscador para encontrar otros contenidos del sitio."),
    "consent": ("We value your privacy", "We and our partners store and use cookies on your device to show you advertising. By clicking Accept you consent to it; you may change your privacy choices at any time."),
    "consent ar": ("نحن نقدّر خصوصيتك", "نحن نستخدم ملفات تعريف الارتباط لتحسين تجربتك على الموقع ولعرض الإعلانات. بالضغط على زر القبول أنت موافق على استخدامها وعلى سياسة الخصوصية كاملةً."),
    "consent es": ("Valoramos su privacidad", "Nosotros y nuestros socios utilizamos cookies para mejorar su experiencia en el sitio. Al pulsar el botón da su consentimiento; puede cambiar su elección de privacidad después."),
    "log-in": ("Sign in", "Please log in to continue reading this story. If you do not have an account yet, you may open one for free with your address, which takes about a minute of your time."),
    "log-in ar": ("تسجيل الدخول", "يرجى تسجيل الدخول لمتابعة القراءة. إذا لم يكن لديك حساب بعد يمكنك إنشاء حساب مجاني خلال دقيقة واحدة باستخدام بريدك الإلكتروني أو رقم هاتفك المحمول."),
    "log-in es": ("Iniciar sesión", "Inicie sesión para seguir leyendo este contenido. Si todavía no tiene una cuenta, puede abrir una gratis en un minuto con su dirección de correo electrónico personal."),
    "robot check": ("Just a moment...", "Verify you are human by completing the action below. The site needs to review the security of your connection before proceeding, which takes a few seconds of your time."),
    "robot check ar": ("لحظة من فضلك...", "التحقق من أنك إنسان قد يستغرق بضع ثوانٍ. يحتاج الموقع إلى مراجعة أمان الاتصال قبل المتابعة، يرجى الانتظار ريثما تكتمل العملية ثم ستُنقل إلى الصفحة تلقائياً."),
}  # fmt: skip


def stripped(outlet: str, inside: str, title: str | None = None) -> str:
    """An example page's header and footer around something else, without the metadata of an article."""
    path, selector = EXAMPLES[outlet]
    tree = html.document_fromstring((PAGES / path).read_text("utf-8"))
    for node in [*tree.iter("meta", "link"), *tree.cssselect("script")]:
        if (node.get("property") or node.get("name") or node.get("rel") or node.get("type")) and node.get(
            "rel"
        ) != "stylesheet":
            node.drop_tree()
    name = tree.find(".//title")
    site = (name.text or "").rpartition(" | ")[2] or "Site"
    name.text = site if title is None else f"{title} | {site}"
    main = tree.cssselect(selector)[0]
    for child in list(main):
        main.remove(child)
    main.text = None
    main.extend(html.fragments_fromstring(inside))
    body = tree.find("body")
    body.attrib.pop("class", None)
    return html.tostring(tree, encoding="unicode", doctype="<!DOCTYPE html>")


@pytest.mark.parametrize("message", MESSAGES)
@pytest.mark.parametrize("outlet", EXAMPLES)
@pytest.mark.parametrize("shape", ["headed", "site-title", "no-heading", "h2"])
def test_wall_inside_the_chrome_of_an_outlet_is_no_article(
    outlet: str, message: str, shape: str, outlets: Plugins
) -> None:
    head, words = MESSAGES[message]
    tag = {"h2": "h2"}.get(shape, "h1")
    inside = (
        f"<div><p>{words}</p><a href='/'>Home</a></div>"
        if shape == "no-heading"
        else f"<div><{tag}>{head}</{tag}><p>{words}</p></div>"
    )
    page = stripped(outlet, inside, title=head if shape == "headed" else None)
    for url in (ADDRESSES[outlet], None):
        with pytest.raises(PageError):
            entry_of(page, outlets, url=url)


LISTS = {
    "linked headings": '<div class="c"><a href="/news/politics/a-{0}"><h3>Another story of the harbour, number {0}</h3></a><p>{1}</p><span>{0} Oct 2026</span></div>',
    "headings with links": '<article><a href="/a{0}"><img src="/i.jpg"></a><div class="article-content"><h3><a href="/a{0}">Another story of the harbour, number {0}</a></h3><p>{1}</p></div></article>',
    "titles only": '<div class="post-title"><h4><a href="/a{0}">Another story of the harbour, number {0}</a></h4></div>',
    "bodies named like an article's": '<div class="entry-content p-content"><h3><a href="/a{0}">Another story of the harbour, number {0}</a></h3><p>{1}</p></div>',
}  # fmt: skip
BIO = "<p>Salwa Haddarin writes about almonds, ferries and the people who keep both going. She lives in the upper Luz valley with two dogs and a mill.</p>"


@pytest.mark.parametrize("card", LISTS.values(), ids=LISTS)
@pytest.mark.parametrize("bio", ["", BIO], ids=["bare", "with-a-text"])
@pytest.mark.parametrize("outlet", EXAMPLES)
def test_listing_is_told_by_its_cards_where_nothing_else_tells(
    outlet: str, card: str, bio: str, outlets: Plugins
) -> None:
    excerpt = (
        "A summary of what was done on the day by those who were there, and of what it cost them in the end."
    )
    inside = (
        f"<div><h1>Salwa Haddarin</h1>{bio}{''.join(card.format(i, excerpt) for i in range(1, 13))}</div>"
    )
    with pytest.raises(NotAnArticle):
        entry_of(stripped(outlet, inside), outlets, url=ADDRESSES[outlet])
    with pytest.raises(PageError):
        entry_of(stripped(outlet, inside), outlets)


REFUSED = [
    "https://english.almayadeen.net/", "https://english.almayadeen.net/news/politics", "https://english.almayadeen.net/articles/opinion",
    "https://english.almayadeen.net/authors/al-mayadeen-english", "https://www.almayadeen.net/authors/x", "https://www.almayadeen.net/coverage/x",
    "https://www.almayadeen.net/tags/x", "https://espanol.almayadeen.net/profundidad/politica", "https://english.almanar.com.lb/cat/news",
    "https://english.almanar.com.lb/cat/news/page/2204", "https://almanar.com.lb/", "https://www.daily8.com/en", "https://www.daily8.com/en/hashtag/Pianos",
    "https://www.daily8.com/hashtag/x", "https://www.arise.tv/", "https://www.arise.tv/category/business/page/7/", "https://www.arise.tv/author/ada/",
    "https://www.arise.tv/live", "https://www.arise.tv/programmes/market-bell/", "https://www.arise.tv/?s=pianos", "https://www.arise.tv/tag/x/amp",
]  # fmt: skip


@pytest.mark.parametrize("url", REFUSED)
def test_address_of_a_listing_is_enough_to_refuse_it(url: str, outlets: Plugins) -> None:
    page = f"<html lang=en><head><title>{escape(TITLE)}</title></head><body><h1>{TITLE}</h1><div class='article-content p-content entry-content'>{BODY}</div></body></html>"
    with pytest.raises(NotAnArticle, match=r"listing|author|tag"):
        entry_of(page, outlets, url=url)


ARTICLES = {
    "https://english.almayadeen.net/articles/a-short-one": "article", "https://english.almayadeen.net/articles/opinion/x:-y--z": "opinion",
    "https://english.almayadeen.net/articles/analysis/x": "article", "https://www.almayadeen.net/articles/x": "opinion", "https://www.almayadeen.net/misc/x": "article",
    "https://www.almayadeen.net/press/x": "article", "https://www.almayadeen.net/research-papers/x": "article", "https://www.almayadeen.net/Blog/x": "article",
    "https://www.almayadeen.net/society/x": "article", "https://www.almayadeen.net/health/x": "article", "https://www.almayadeen.net/analysis/x": "article",
    "https://www.almayadeen.net/news/economic/%D8%B1%D8%B5%D9%8A%D9%81": "article", "https://www.almayadeen.net/reports/x": "video", "https://www.almayadeen.net/tv-reports/x": "video",
    "https://www.almayadeen.net/video/x": "video", "https://www.almayadeen.net/newscast/2024/8/6/x": "video", "https://www.almayadeen.net/podcasts/x": "audio",
    "https://www.almayadeen.net/infograph/x": "gallery", "https://espanol.almayadeen.net/entrevistas/2046797/x": "article",
}  # fmt: skip


@pytest.mark.parametrize("url, kind", ARTICLES.items(), ids=ARTICLES)
def test_each_shape_of_address_of_almayadeen_is_an_article_of_its_kind(
    url: str, kind: str, outlets: Plugins
) -> None:
    page = f"<html><head><title>{TITLE}</title></head><body><section class='read-section'><div class='details-white-box'><h1>{TITLE}</h1><div class='p-content'>{BODY}</div></div></section></body></html>"
    entry = entry_of(page, outlets, url=url)
    assert (entry.kind, entry.title, entry.text.split("\n")) == (kind, TITLE, LINES)


@pytest.mark.parametrize("kind", ["video", "infograph", "podcasts", "reports"])
def test_page_without_text_is_an_entry_only_with_a_title_and_a_date(kind: str, outlets: Plugins) -> None:
    page = f"""<html lang=ar><head><title>{TITLE} | الميادين</title><meta property="og:title" content="{TITLE}"><meta property="article:published_time" content="2023-12-30T21:59:00.0000000"></head>
    <body><section class="read-section"><div class="details-white-box"><h1>{TITLE}</h1><div class="p-content"></div></div></section>{CARDS}</body></html>"""
    entry = entry_of(page, outlets, url=f"https://www.almayadeen.net/{kind}/x")
    assert (entry.text, entry.title) == ("", TITLE)
    assert entry.published == datetime.fromisoformat("2023-12-30T23:59:00+02:00")
    assert "Another story" not in entry.content
    with pytest.raises(NotAnArticle):
        entry_of(
            page.replace("article:published_time", "x"), outlets, url=f"https://www.almayadeen.net/{kind}/x"
        )


def test_page_that_the_content_system_calls_a_page_is_refused(outlets: Plugins) -> None:
    script = '<script id="tawsiyat-metadata" type="text/tawsiyat">{"type": "page", "postid": "7", "title": "About us", "lang": "en"}</script>'
    with pytest.raises(NotAnArticle):
        entry_of(
            f"<html lang=en><head>{script}</head><body><h1>About us and the channel</h1><div class=p-content>{BODY}</div></body></html>",
            outlets,
            url="https://english.almayadeen.net/about-us",
        )
