"""Al Mayadeen: the English, Arabic and Spanish editions of one content system."""

from __future__ import annotations

import re
from datetime import UTC
from typing import TYPE_CHECKING, Any

from cleanfeed import Listing, Outlet, Page, Recipe, hookimpl, recipes
from cleanfeed.dates import as_utc, parse
from cleanfeed.finders import (
    Finder,
    Marks,
    Printed,
    address_part,
    as_html,
    css,
    date_lines,
    each_of,
    embedded_json,
    first_of,
    headline_text,
    hero_captions,
    hero_picture,
    inside,
    links,
    meta,
    once,
    printed,
    richest,
    sheet,
    story,
    text,
    text_of,
    then,
    under_headline,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

DISCLAIMERS = (
    r"The (opinions|views) (mentioned|expressed) in this article.*",
    r"إنّ? الآراء (?:المذكورة|الواردة|المنشورة) في .*",
    r"Las opiniones (expresadas|mencionadas) en este artículo.*",
)  # fmt: skip
BEFORE_TAGS = (
    *DISCLAIMERS,
    r"اقرأ (?:أيضاً )?للكاتب.*",
    r"More (?:from|by) (?:this|the) author",
    r"Más del autor",
)
END = (
    r"Most Read", r"Coverage", r"Read Next", r"All Rights Reserved",
    *BEFORE_TAGS,
    r"الأكثر (قراءة|مشاهدة|تداولاً?)", r"تغطيات", r"اقرأ التالي", r"تصفح المزيد", r"جميع الحقوق محفوظة",
    r"(Lo )?[Mm]ás (leíd|vist)[oa]s?", r"Coberturas?", r"(Leer|Lea) a continuación", r"Siguiente lectura",
    r"Todos los derechos reservados",
)  # fmt: skip
ALSO = r"(?:[اأإ]قر[أا]|شاهد|تابع|[اأ]نظر) [أا]يض(?:اً?|ًا)"
ALSO_ES = r"(?:L[eé]a(?:se)?|Leer|V[eé]a(?:se)?|Ver|Lee) (?:también|más)"
BOXES = (
    r"Related (News|Articles|Stories|Videos):?", r"Noticias relacionadas:?",
    r"(أخبار|مواضيع|مقالات) (ذات صلة|متعلقة):?",
    rf"{ALSO}\s*:?", rf"{ALSO_ES}\s*:?", r"(Read|See|Watch) (also|more|next):?",
)  # fmt: skip
SENTINELS = (
    r"Slogan", r"BREAKING", r"Listen", r"\d+ Shares?", r"\d+ Min Read",
    r"(Read|See|Watch) (more|also)\s*[:|].*",
    r"Privacy Policy", r"Android", r"iOS", r"Al Mayadeen is an Arab Independent Media Satellite Channel\.?",
    rf"{ALSO}\s*[:|؛-].*", r"شبكة الميادين الإعلامية قناة فضائية.*", r"(اليوم|أمس) \d\d:\d\d", r"عاجل",
    r"استمع",
    r"[\d٠-٩]+ (دقيقة|دقائق|دقيقتان)( ل?[لق]?قراءة)?", r"[\d٠-٩]+ مشارك(ة|ات)",
    rf"{ALSO_ES}\s*[:|].*", r"Escuchar?", r"\d+ min(utos?)? de lectura", r"\d+ [Cc]ompartid[oa]s?",
    r"ÚLTIMA HORA",
)  # fmt: skip
SOURCE = r"(?:Source|المصدر|Fuente)\s*:\s*(.+)"
BRAND = r"\s*[|–—-]\s*(?:Al Mayadeen(?: English| Español)?|(?:شبكة )?الميادين(?: نت)?)\s*$"

KIND_OF_TYPE = {
    name: kind
    for kind, names in {
        "video": "فيديو|تقارير إخبارية|نشرة الأخبار|Video|Videos|NewsFeed|Video Features|Explainers|TV|"
        "Newscast|Reports",
        "audio": "بودكاست|Podcast|Podcasts",
        "gallery": "إنفوغراف|صور|Infographs|Infograph|In Pictures|Gallery|Infografías|Infografía|En fotos",
        "opinion": "مقالات|Opinion|Opinión",
    }.items()
    for name in names.split("|")
}
KIND_OF_PATH = (
    (
        "video",
        r"/(?:videos?|reports|tv-reports|newscast|newsfeed|video-features|explainers|digital-series|tv)/",
    ),
    ("audio", r"/podcasts?/"),
    ("gallery", r"/(?:infograph(?:ics|s)?|in-pictures|infografias?|en-fotos|fotos|pictures)/"),
    ("opinion", r"/opinion/|^https?://(?:www\.)?almayadeen\.net/articles/"),
)
OTHER_TYPES = {
    "الكتّاب": "an author page, not an article", "Authors": "an author page, not an article",
    "Autores": "an author page, not an article", "تغطيات": "a coverage page, not an article",
    "Coverage": "a coverage page, not an article", "Coberturas": "a coverage page, not an article",
}  # fmt: skip
LISTS = re.compile(
    r"^https?://[^/]+/(?:$|(?:authors?|autor(?:es)?|tags?|coverages?|coberturas?|search|live|programs?|episodes)(?:/|$)|"
    r"news(?:/[^/]+)?/?$|articles(?:/(?:opinion|analysis|blog|features))?/?$|"
    r"(?:videos?(?:/(?:newsfeed|video-features|explainers|tv|digital-series))?|infographs?|in-pictures|misc|reports)/?$)"
    r"|^https?://espanol\.[^/]+/(?!.*/\d{5,}/)"
)


HOME = re.compile(r"Inicio|Home|الرئيسية")
TAWSIYAT = "script#tawsiyat-metadata, script[type='text/tawsiyat']"


def tawsiyat(*path: str) -> Finder[Any]:
    """A value of the JSON that the content system puts into each page for its recommender."""
    return embedded_json(TAWSIYAT, *path)


def filed_under(mapping: str) -> Finder[str]:
    """What the content system files a page under: posttype, category, country or coverage."""

    def pick(classes: object) -> str | None:
        rows = [row for row in classes if isinstance(row, dict)] if isinstance(classes, list) else []
        found = next((row.get("value") for row in rows if row.get("mapping") == mapping), None)
        return found.strip() if isinstance(found, str) else None

    return then(tawsiyat("classes"), pick)


POSTTYPE = filed_under("posttype")


def is_article(page: Page) -> bool | str:
    refused = OTHER_TYPES.get(POSTTYPE(page) or "")
    if refused or tawsiyat("type")(page) == "page":
        return refused or "a page of the site itself, not an article"
    return (
        True
        if kind(page) in {"video", "audio", "gallery"} and not LISTS.match(ADDRESS(page) or "")
        else not_listed(page)
    )


def kind(page: Page) -> str | None:
    by_type = KIND_OF_TYPE.get(POSTTYPE(page) or "")
    by_path = (name for name, pattern in KIND_OF_PATH if re.search(pattern, ADDRESS(page) or ""))
    is_video = tawsiyat("video_duration")(page) or "og:video_duration" in page.meta or "og:video" in page.meta
    return by_type or next(by_path, "video" if is_video else None)


def menu_name(page: Page) -> str | None:
    """The name that the page's own menu gives to the folder of its address: "/news/economic" is "اقتصاد"."""
    found = re.match(r"^https?://[^/]+(/(?:news|articles|videos|noticias)/[^/]+)/[^/]+$", ADDRESS(page) or "")
    if not found:
        return None
    links = page.tree.iter("a") if page.kind == "html" else ()
    printed = (text_of(link) for link in links if (link.get("href") or "").endswith(found[1]))
    return next(filter(None, map(str.strip, printed)), found[1].rpartition("/")[2].replace("-", " ").title())


def breadcrumb(page: Page) -> str | None:
    """The last but one step of the trail: home, author or menu, section, title."""
    if page.kind == "text":
        steps = [found[1] for line in sheet(page) if (found := re.fullmatch(r"\d\. (.+)", line.text))]
    else:
        trail = next(
            (ol for ol in page.tree.iter("ol") if len(ol) and HOME.fullmatch(text_of(ol[0]))),
            None,
        )
        steps = [text_of(item) for item in trail] if trail is not None else []
    return steps[-2] if len(steps) > 2 and HOME.fullmatch(steps[0]) else None  # noqa: PLR2004  # home, section, title


DROP = (
    ".dual-related", ".social_share", ".social-bar", ".summary", ".lg_para", ".article-details-metas",
    ".ticker", ".banner", ".mobile-apps", ".cookie-notice", "img[src*='t.almayadeen.net']",
    "div:has(> form):not(:has(> p ~ p))",
)  # fmt: skip
ADDRESS = address_part(r"^.*$", 0)
SUMMARY = first_of(
    text("p.summary"), tawsiyat("description"), meta("description", "og:description"), text("p.lg_para")
)
CONTENT = once(
    first_of(
        richest("div.p-content"),
        story(stop=END, skip=(*DROP, ".ticker__item", "#ticker-box", ".p-content"), deck=SUMMARY),
    )
)  # fmt: skip
not_listed = recipes.refuse_listings(LISTS, CONTENT)

ARTICLE = Recipe(
    title=first_of(
        headline_text, tawsiyat("title"),
        meta("og:title", strip=BRAND), text("title", strip=BRAND),
    ),
    content=CONTENT,
    published=each_of(tawsiyat("published_time"), then(meta("article:published_time"), as_utc), date_lines),
    updated=each_of(tawsiyat("last_updated"), then(meta("article:modified_time"), as_utc)),
    summary=SUMMARY,
    authors=first_of(
        inside("div.article-details-metas", "a"),
        under_headline(r"(?:By|بقلم|الكاتب|Por)\s*:?\s+([^.]{2,60})"),
        tawsiyat("author"),
        meta("author"),
    ),
    source=under_headline(SOURCE),
    section=first_of(
        filed_under("category"),
        breadcrumb,
        menu_name,
        then(address_part(r"^https?://espanol\.[^/]+/(?:[a-z-]+/)*?([a-z-]+)/\d{5,}/"), str.title),
        POSTTYPE,
    ),
    tags=first_of(
        tawsiyat("keywords"), meta("keywords"), links("/tags/", END, BOXES), links("/etiquetas/", END, BOXES)
    ),
    image=each_of(meta("og:image", "twitter:image"), tawsiyat("thumbnail"), hero_picture),
    captions=hero_captions(stop=(*END, *BOXES)),
    kind=kind,
    number=first_of(
        tawsiyat("postid"),
        meta("postid"),
        address_part(r"^https?://espanol\.[^/]+/(?:[^/]+/)*(\d{5,})/"),
        address_part(r"^https?://[^/]+/(?:news|articles)/(?:[^/]+/)?([^/]+)/?$"),
    ),
    media=css("section.read-section ul:has(figure)"),
    address=tawsiyat("url"),
    drop=DROP,
    stop=END,
    boxes=BOXES,
    is_article=is_article,
)  # fmt: skip


def any_of(patterns: Iterable[str]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{each})" for each in patterns))


MARKS = Marks(
    meta=re.compile(rf"{SOURCE}|(?:By|بقلم|Por) .+"),
    reading_time=re.compile(
        r"[\d٠-٩]+ (?:Min Read|(?:دقيقة|دقائق).*|min(?:utos?)? de lectura)|(?:دقيقتان|دقيقة ).*"
    ),
    player=re.compile(r"Listen|استمع|Escuchar?"),
    ticker=re.compile(r"BREAKING|عاجل|ÚLTIMA HORA"),
    boxes=any_of(BOXES),
    ends=any_of(END),
    ends_tags=any_of(each for each in END if each not in BEFORE_TAGS),
)


def capture(page: Page) -> Printed:
    return page.view("almayadeen", lambda page: printed(sheet(page), MARKS))


def in_metas(pattern: str) -> Finder[str]:
    compiled = re.compile(pattern)
    return lambda page: next((m[1] for text in capture(page).metas if (m := compiled.fullmatch(text))), None)


def capture_authors(page: Page) -> list[str]:
    """Who is named in the list under the title: "By …", or a line that is neither source, date nor count."""
    metas = capture(page).metas
    rest = [text for text in metas if not re.fullmatch(rf"{SOURCE}|\d+ .*", text) and not parse(text, UTC)]
    return rest[:1]


CAPTURE = Recipe(
    title=lambda page: capture(page).title,
    content=lambda page: as_html(capture(page).body) or None,
    published=lambda page: capture(page).metas,
    summary=lambda page: capture(page).summary,
    authors=capture_authors,
    source=in_metas(SOURCE),
    tags=lambda page: capture(page).tags,
    captions=lambda page: capture(page).captions,
    section=ARTICLE.section,
    number=ARTICLE.number,
    stop=END,
    boxes=BOXES,
    is_article=recipes.refuse_walls(
        lambda page: capture(page).title,
        lambda page: as_html(capture(page).body),
        LISTS,
        lambda page: capture(page).metas,
    ),
)


def recogniser(language: str, line: str) -> Callable[[Page], bool]:
    ours = re.compile(line)

    def recognises(page: Page) -> bool:
        if page.kind == "text":
            return any(ours.fullmatch(line.text) for line in sheet(page)) and capture(page).title is not None
        title, site = text("title")(page) or "", page.meta.get("og:site_name", "")
        pictures = page.meta.get("og:image", "")
        known = (
            re.search(BRAND, title)
            or re.search("Al Mayadeen|الميادين", site)
            or "almayadeen.net/" in pictures
        )
        return bool(known or tawsiyat()(page)) and language_of(page, title) == language

    return recognises


def language_of(page: Page, title: str) -> str:
    declared = tawsiyat("lang")(page) or page.tree.get("lang")
    guess = "ar" if re.search("[ء-ي]", title) else "es" if "Español" in title else "en"
    return str(declared or guess).lower().split("-")[0]


COLUMNS = "opinion|analysis|blog|features"
ARTICLES = (
    rf"/(?:news/[^/?]+|articles(?:/(?:{COLUMNS}))?|misc|press|research-papers|analysis|[Bb]log|society|health|in-pictures)"
    rf"/(?!(?:{COLUMNS})/?$)[^/?]+/?$"
)
"""Neither authors and coverages nor videos, newscasts, reports and podcasts, which have no text."""
ARTICLES_ES = (
    r"/(?!(?:videos?|autor(?:es)?|coberturas?|etiquetas?|programas?|podcasts?|infografias?)/)"
    r"(?:[^/?]+/)+\d{5,}/[^/?]+/?$"
)


def listings(site: str, section: str) -> tuple[Listing, ...]:
    """The sitemap of the month; then what names it, the feed, which is often withheld, and pages of links."""
    return (
        Listing(url=f"{site}/sitemaps/all/sitemap-{{year}}-{{month}}.xml", kind="sitemap"),
        Listing(url=f"{site}/sitemaps/all.xml", kind="sitemap"),
        Listing(url=f"{site}/rss", kind="feed"),
        Listing(url=f"{site}/", kind="links"),
        Listing(url=f"{site}{section}", kind="links"),
    )


def edition(
    slug: str,
    name: str,
    host: str,
    line: str,
    *,
    language: str,
    section: str = "/news/politics",
    articles: str = ARTICLES,
) -> Outlet:
    return Outlet(
        slug=slug,
        name=name,
        language=language,
        timezone="Asia/Beirut",
        hosts=(host,),
        article=ARTICLE,
        capture=CAPTURE,
        recognises=recogniser(language, line),
        sentinels=(*SENTINELS, *recipes.CHROME_LINES),
        articles=articles,
        listings=listings(f"https://{host}", section),
    )


@hookimpl
def cleanfeed_outlets() -> Iterable[Outlet]:
    return [
        edition(
            "almayadeen-en",
            "Al Mayadeen English",
            "english.almayadeen.net",
            r"Al Mayadeen English",
            language="en",
        ),
        edition(
            "almayadeen-ar",
            "الميادين",
            "www.almayadeen.net",
            r"(?:شبكة )?الميادين(?: نت)?",
            language="ar",
        ),
        edition(
            "almayadeen-es",
            "Al Mayadeen Español",
            "espanol.almayadeen.net",
            r"Al Mayadeen Español",
            language="es",
            section="/profundidad/politica",
            articles=ARTICLES_ES,
        ),
    ]
