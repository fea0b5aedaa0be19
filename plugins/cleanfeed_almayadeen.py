"""Al Mayadeen: the English, Arabic and Spanish editions of one content system."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC
from typing import Any, NamedTuple

from cleanfeed import Outlet, Page, Recipe, hookimpl, recipes
from cleanfeed.dates import as_utc, parse
from cleanfeed.finders import (
    Finder,
    Line,
    address_part,
    as_html,
    attribute,
    byline,
    css,
    each_of,
    embedded_json,
    first_of,
    headline_text,
    hero_captions,
    meta,
    richest,
    sheet,
    split_tags,
    story,
    text,
    texts,
    then,
    under_headline,
    until,
    without_alternative,
    without_boxes,
)

END = (
    r"Most Read", r"Coverage", r"Read Next", r"All Rights Reserved",
    r"الأكثر (قراءة|مشاهدة|تداولاً?)", r"تغطيات", r"اقرأ التالي", r"اقرأ للكاتب.*", r"تصفح المزيد", r"جميع الحقوق محفوظة",
    r"(Lo )?[Mm]ás (leíd|vist)[oa]s?", r"Coberturas?", r"(Leer|Lea) a continuación", r"Siguiente lectura", r"Todos los derechos reservados",
)  # fmt: skip
ALSO = r"(?:[اأإ]قر[أا]|شاهد|تابع) أيضا?ً?"
ALSO_ES = r"(?:L[eé]a(?:se)?|Leer|V[eé]a(?:se)?|Ver|Lee) (?:también|más)"
BOXES = (
    r"Related (News|Articles|Stories|Videos):?", r"Noticias relacionadas:?", r"(أخبار|مواضيع|مقالات) (ذات صلة|متعلقة):?",
    rf"{ALSO}\s*:?", rf"{ALSO_ES}\s*:?", r"(Read|See|Watch) (also|more|next):?",
)  # fmt: skip
SENTINELS = (
    r"Slogan", r"BREAKING", r"Listen", r"\d+ Shares?", r"\d+ Min Read", r"(Read|See|Watch) (more|also)\s*[:|].*",
    r"Privacy Policy", r"Android", r"iOS", r"Al Mayadeen is an Arab Independent Media Satellite Channel\.?",
    rf"{ALSO}\s*[:|؛-].*", r"شبكة الميادين الإعلامية قناة فضائية.*", r"(اليوم|أمس) \d\d:\d\d", r"عاجل", r"استمع",
    r"[\d٠-٩]+ (دقيقة|دقائق|دقيقتان)( ل?[لق]?قراءة)?", r"[\d٠-٩]+ مشارك(ة|ات)",
    rf"{ALSO_ES}\s*[:|].*", r"Escuchar?", r"\d+ min(utos?)? de lectura", r"\d+ [Cc]ompartid[oa]s?", r"ÚLTIMA HORA",
)  # fmt: skip
DISCLAIMERS = (
    r"The (opinions|views) (mentioned|expressed) in this article.*", r"إن الآراء (المذكورة|الواردة) في (هذه|هذا) .*",
    r"Las opiniones (expresadas|mencionadas) en este artículo.*",
)  # fmt: skip
SOURCE = r"(?:Source|المصدر|Fuente)\s*:\s*(.+)"
BRAND = r"\s*[|–—-]\s*(?:Al Mayadeen(?: English| Español)?|(?:شبكة )?الميادين(?: نت)?)\s*$"

KIND_OF_TYPE = {
    name: kind
    for kind, names in {
        "video": "فيديو|تقارير إخبارية|نشرة الأخبار|Video|Videos|NewsFeed|Video Features|Explainers|TV|Newscast|Reports",
        "audio": "بودكاست|Podcast|Podcasts",
        "gallery": "إنفوغراف|صور|Infographs|Infograph|In Pictures|Gallery|Infografías|Infografía|En fotos",
        "opinion": "مقالات|Opinion|Opinión",
    }.items()
    for name in names.split("|")
}
KIND_OF_PATH = (
    ("video", r"/(?:videos?|reports|tv-reports|newscast|newsfeed|video-features|explainers|digital-series|tv)/"),
    ("audio", r"/podcasts?/"),
    ("gallery", r"/(?:infograph(?:ics|s)?|in-pictures|infografias?|en-fotos|fotos|pictures)/"),
    ("opinion", r"/opinion/"),
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


def tawsiyat(*path: str) -> Finder[Any]:
    """A value of the JSON that the content system puts into each page for its recommender."""
    return embedded_json("script#tawsiyat-metadata", *path)


def filed_under(mapping: str) -> Finder[str]:
    """What the content system files a page under: posttype, category, country or coverage."""

    def pick(classes: object) -> str | None:
        rows = [row for row in classes if isinstance(row, dict)] if isinstance(classes, list) else []
        return next((row.get("value") for row in rows if row.get("mapping") == mapping), None)

    return then(tawsiyat("classes"), pick)


POSTTYPE = filed_under("posttype")


def is_article(page: Page) -> bool | str:
    if tawsiyat("type")(page) == "page":
        return OTHER_TYPES.get(POSTTYPE(page) or "", "a page of the site itself, not an article")
    refused = OTHER_TYPES.get((POSTTYPE(page) or "").strip())
    return refused or recipes.refuse_addresses(LISTS)(page)


def kind(page: Page) -> str | None:
    found = KIND_OF_TYPE.get((POSTTYPE(page) or "").strip())
    if found:
        return found
    by_path = (name for name, pattern in KIND_OF_PATH if address_part(f"({pattern})")(page))
    if tawsiyat("video_duration")(page) or "og:video_duration" in page.meta or "og:video" in page.meta:
        return next(by_path, "video")
    return next(by_path, None)


def as_section(segment: str) -> str:
    return segment.replace("-", " ").title()


def dates_under_headline(page: Page) -> Iterable[str]:
    return (line for line in byline(page) if parse(line, UTC))


def tags_by_link(page: Page) -> list[str]:
    """The list of tags after the body: links to tags outside menus and paragraphs."""
    links = css_tags(page) or []
    outside = [a for a in links if not any(up.tag in {"nav", "header", "footer", "aside"} for up in a.iterancestors())]
    return [name for a in outside if a.getparent().tag != "p" and (name := " ".join(a.itertext()).strip())]


def css_tags(page: Page) -> list[Any]:
    return [node for node in page.tree.iter("a") if re.search(r"/(?:tags?|etiquetas?)/", node.get("href") or "")]


HOME = re.compile(r"Inicio|Home|الرئيسية")


def breadcrumb(page: Page) -> str | None:
    """The last but one step of the trail: home, author or menu, section, title."""
    if page.kind == "text":
        steps = [found[1] for line in sheet(page) if (found := re.fullmatch(r"\d\. (.+)", line.text))]
    else:
        trail = next((ol for ol in page.tree.iter("ol") if len(ol) and HOME.fullmatch(" ".join(ol[0].itertext()).strip())), None)
        steps = [" ".join(item.itertext()).strip() for item in trail] if trail is not None else []
    return steps[-2] if len(steps) > 2 and HOME.fullmatch(steps[0]) else None  # noqa: PLR2004  # home, section, title


ARTICLE = Recipe(
    title=first_of(
        text("div.details-white-box h1"),
        text("div.details-white-box h2"),
        headline_text,
        tawsiyat("title"),
        meta("og:title", strip=BRAND),
        text("title", strip=BRAND),
    ),
    content=first_of(
        richest("section.read-section div.p-content"),
        richest("div.p-content"),
        story(stop=(*END, *BOXES), skip=(".ticker", ".ticker__item", "#ticker-box", ".p-content")),
    ),
    published=each_of(
        tawsiyat("published_time"), then(meta("article:published_time"), as_utc), dates_under_headline
    ),
    updated=each_of(tawsiyat("last_updated"), then(meta("article:modified_time"), as_utc)),
    summary=first_of(
        text("p.lg_para.summary"), tawsiyat("description"), meta("description", "og:description"), text("p.lg_para")
    ),
    authors=first_of(
        texts(".article-details-metas a[href*='/author'], .article-details-metas a[href*='/autor']"),
        under_headline(r"(?:By|بقلم|الكاتب|Por)\s*:?\s+(.+)"),
        tawsiyat("author"),
        meta("author"),
    ),
    source=under_headline(SOURCE),
    section=first_of(
        filed_under("category"),
        breadcrumb,
        then(address_part(r"^https?://[^/]+/(?:news|articles|videos|noticias)/([a-z&-]+)/[^/]+$"), as_section),
        then(address_part(r"^https?://espanol\.[^/]+/(?:[a-z-]+/)*?([a-z-]+)/\d{5,}/"), as_section),
        POSTTYPE,
    ),
    tags=first_of(tawsiyat("keywords"), meta("keywords"), tags_by_link),
    image=each_of(meta("og:image", "twitter:image"), tawsiyat("thumbnail"), css("section.read-section figure img")),
    captions=hero_captions(stop=(*END, *BOXES)),
    kind=kind,
    number=first_of(
        tawsiyat("postid"),
        meta("postid"),
        address_part(r"^https?://espanol\.[^/]+/(?:[^/]+/)*(\d{5,})/"),
        address_part(r"^https?://[^/]+/(?:news|articles)/(?:[^/]+/)?([^/]+)/?$"),
    ),
    media=css("section.read-section ul:has(figure)"),
    drop=(
        ".dual-related", ".post_disclaimer", ".social_share", ".social-bar", ".summary", ".lg_para", ".article-details-metas",
        ".ticker", ".banner", ".mobile-apps", ".cookie-notice", "img[src*='t.almayadeen.net']",
    ),
    stop=END,
    boxes=BOXES,
    is_article=is_article,
)  # fmt: skip


class Capture(NamedTuple):
    """The parts of a plain-text capture, in the order in which every edition prints them."""

    title: str | None
    metas: list[str]
    summary: str | None
    captions: list[str]
    body: list[Line]
    tags: list[str]


LISTEN = re.compile(r"Listen|استمع|Escuchar?")
READING_TIME = re.compile(r"[\d٠-٩]+ (?:Min Read|دقيقة.*|دقائق.*|min(?:utos?)? de lectura)")
STOP = re.compile("|".join(f"(?:{each})" for each in END))
HEADS = re.compile("|".join(f"(?:{each})" for each in BOXES))
META = re.compile(rf"{SOURCE}|(?:By|بقلم|Por) .+")
CARDS = 2


def capture(page: Page) -> Capture:
    return page.view("almayadeen", take_apart)


def take_apart(page: Page) -> Capture:
    lines = sheet(page)
    start = next((i for i, line in enumerate(lines) if line.bullet and is_meta(line.text)), None)
    if start is None:
        return Capture(None, [], None, [], [], [])
    while start and lines[start - 1].bullet:
        start -= 1
    end = next((i for i in range(start, len(lines)) if not lines[i].bullet), len(lines))
    metas = [line.text for line in lines[start:end]]
    title = lines[start - 1].text if start else None
    head, rest = split_head([line for line in lines[end:] if not READING_TIME.fullmatch(line.text)])
    body, tags = split_tags(until(without_boxes(rest, HEADS, CARDS), STOP))
    captions = [without_alternative(text) for text in hero_texts(head)]
    deck = next((line.text for line in head if not (line.bullet or line.indented or LISTEN.fullmatch(line.text))), None)
    return Capture(title, metas, deck, captions, body, tags)


def is_meta(text: str) -> bool:
    moment = parse(text, UTC)
    return bool(META.fullmatch(text)) or (moment is not None and moment.precision is None)


def split_head(lines: Sequence[Line]) -> tuple[Sequence[Line], Sequence[Line]]:
    """What stands between the metas and the body (deck, player, share bar, pictures), and what follows."""
    marks = [i for i, line in enumerate(lines[:8]) if line.bullet or line.indented or LISTEN.fullmatch(line.text)]
    if not marks or marks[0] > 1:
        return (), lines
    end = marks[-1] + 1
    first_gap = next((i for i in range(marks[0] + 1, end) if lines[i].gap and not lines[i].bullet), end)
    while end < len(lines) and first_gap == end and (lines[end].bullet or lines[end].indented):
        end = first_gap = end + 1
    return lines[:first_gap], lines[first_gap:]


def hero_texts(lines: Sequence[Line]) -> list[str]:
    """The visible captions: under a picture's alternative text, or alone in its item."""
    found: list[str] = []
    for line, after in zip(lines, (*lines[1:], None), strict=True):
        if line.indented or (line.bullet and len(line.text) > 1 and not (after and after.indented)):
            found.append(line.text)
    return found


def in_metas(pattern: str) -> Finder[str]:
    compiled = re.compile(pattern)
    return lambda page: next((m[1] for text in capture(page).metas if (m := compiled.fullmatch(text))), None)


def capture_authors(page: Page) -> list[str]:
    """Who is named in the list under the title: "By …", or a line that is neither source, date nor count."""
    rest = [text for text in capture(page).metas if not re.fullmatch(rf"{SOURCE}|\d+ .*", text) and not parse(text, UTC)]
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
)



def recogniser(name: str, language: str, capture_marks: str) -> Any:  # noqa: ANN401  # a predicate of a page
    marks = re.compile(capture_marks)

    def recognises(page: Page) -> bool:
        if page.kind == "text":
            return any(marks.fullmatch(line.text) for line in sheet(page)) and capture(page).title is not None
        site = page.meta.get("og:site_name", "") + " " + (text("title")(page) or "")
        declared = (tawsiyat("lang")(page) or page.tree.get("lang") or "").lower().split("-")[0]
        ours = name in site or "tawsiyat-metadata" in page.body or "almayadeen.net" in (page.meta.get("og:image") or "")
        return ours and declared == language

    return recognises


def edition(slug: str, name: str, language: str, host: str, marks: str, *more: str) -> Outlet:
    return Outlet(
        slug=slug,
        name=name,
        language=language,
        timezone="Asia/Beirut",
        hosts=(host, *more),
        article=ARTICLE,
        capture=CAPTURE,
        recognises=recogniser("Al Mayadeen" if language != "ar" else "الميادين", language, marks),
        sentinels=(*SENTINELS, *DISCLAIMERS),
    )


@hookimpl
def cleanfeed_outlets() -> Iterable[Outlet]:
    return [
        edition("almayadeen-en", "Al Mayadeen English", "en", "english.almayadeen.net", r"Al Mayadeen English"),
        edition("almayadeen-ar", "الميادين", "ar", "www.almayadeen.net", r"(?:شبكة )?الميادين(?: نت)?"),
        edition("almayadeen-es", "Al Mayadeen Español", "es", "espanol.almayadeen.net", r"Al Mayadeen Español"),
    ]
