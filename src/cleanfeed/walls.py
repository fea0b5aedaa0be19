"""Pages that stand where an article should be: robot checks, consent walls, log-ins, soft 404s."""

from __future__ import annotations

import re
from datetime import UTC
from functools import cache
from typing import TYPE_CHECKING, Final

from lxml import etree

from cleanfeed.dates import parse
from cleanfeed.landmarks import landmarks
from cleanfeed.markup import text_of
from cleanfeed.text import fold, squeeze

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from cleanfeed.model import Page

_Patterns = tuple[tuple[re.Pattern[str], str], ...]

CHECK = "a robot check, not an article"
_CONSENT = "a consent wall, not an article"
_LOGIN = "a log-in page, not an article"
MISSING = "an error page (soft 404), not an article"
KINDS = frozenset({CHECK, _CONSENT, _LOGIN, MISSING})
"""All that `wall` may say."""


_TITLES: Final[Mapping[str, tuple[str, ...]]] = {
    CHECK: (
        r"just a moment\.*|one more step|un momento\.*",
        r"لحظه من فضلك\.*|attention required!?|ddos-guard",
        r"access denied|acceso denegado|تم رفض الوصول",
        r"(403( -)? )?forbidden|(error )?1020.*|request blocked",
        r"(sorry, )?you have been blocked|(429 )?too many requests",
        r"unusual traffic (from|detected|activity).*",
        r"checking your browser.*|are you a robot\?*",
        r"(please )?verify(ing)? (that )?you are (a )?human.*",
        r"pardon our interruption\.*",
        r"security (check|verification)( required| in progress)?\.*|captcha",
        r"(human|bot) verification|robot check|please wait(\.*| a (moment|second).*| while .*)",
        r"التحقق من (انك|كونك) (لست روبوت|انسان|بشر).*|التحقق الامني|جار التحقق.*",
        r"(verifica|comprueba|confirma|demuestra) que (eres|no eres|es) .*(human|robot).*",
    ),
    _CONSENT: (
        r"(we|and our partners we) (value|respect|care about) your privacy.*",
        r"before you continue.*",
        r"privacy (choices|preferences|settings|notice)",
        r"your privacy( choices)?|manage your privacy.*",
        r"consent|cookie consent|manage (your )?(consent|cookies?).*|(accept|we use) cookies.*",
        r"cookie (wall|notice|settings|preferences)|الموافقه علي ملفات.*|اعدادات الخصوصيه",
        r"(نحن نقدر|نحترم) خصوصيتك.*|valoramos (tu|su) privacidad.*|antes de continuar.*",
        r"nous respectons votre vie privee.*",
    ),
    _LOGIN: (
        r"(please )?(log|sign) ?in( to .*| or .*| required)?",
        r"login( required)?|(member|subscriber) (login|log in)",
        r"create (an|your) account.*|subscribe to (continue|read).*",
        r"subscribers only|تسجيل الدخول.*",
        r"this (article|content) is (for|only for) subscribers.*|inici(ar|a|e) sesion.*",
    ),
    MISSING: (
        r"(error )?(404|410)( ?[:.!-].*)?",
        r"(error )?(404|410) (not found|page|error|gone|file|la pagina|الصفحه).*",
        r".*\b(page|article|post|content|story) (could )?(was |is )?(not|cannot|can't)( be)? found\b.*",
        r"not found",
        r"(oops|sorry)[!,. ].{0,60}(found|exist|available|gone|missing|removed).{0,20}",
        r"nothing (was )?found( here)?",
        r".*\b(page|article|content) (no longer|doesn't|does not) exists?( anymore)?\.?",
        r"page (unavailable|missing|gone)",
        r"this (page|article) (has been|was) (removed|deleted)\.?",
        r".*الصفحه (غير موجوده|المطلوبه).*|.*لم يتم العثور علي.*",
        r"الصفحه غير متوفره|(المقال|الخبر) غير موجود.*",
        r".*pagina no (encontrada|existe|disponible).*|no encontrad[oa]|bad gateway",
        r"(server|internal server|application) error|(503 )?service (temporarily )?unavailable",
        r"(error )?50\d( (internal|bad|service|gateway|server|error).*)?",
        r"site (under )?maintenance",
        r"(under|down for) (scheduled )?maintenance|we'll be (right )?back( soon)?.*",
    ),
}
"""What walls have for a title, folded, as a whole."""
_GONE = (
    r"(not be found|not found|no longer (available|exists?)|not exist|'t exist|been (moved|removed|deleted))"
)
_THING = r"\b(page|article|story|content|post)"
_SENTENCES: Final[Mapping[str, tuple[str, ...]]] = {
    MISSING: (
        rf"{_THING}( that| which)? (you|they|was|is|has|does|could)\b[^.]{{0,60}}{_GONE}",
        r"nothing was found at this location",
        r"الصفحه (التي|المطلوبه)[^.]{0,60}(غير موجوده|لم تعد|لا يمكن|غير متوفره)",
        r"\b(page|article) (that|which)?( you)?( requested|'re looking for)? no longer exists?",
        r"(المقال|الخبر|المحتوي) (الذي تبحث|الذي طلبت|المطلوب)[^.]{0,60}(غير موجود|لم يعد|حذف)",
        r"pagina que (busca|buscas|intenta)[^.]{0,60}(no existe|no se (encuentra|ha)|no esta disp)",
    ),
    _CONSENT: (
        r"\b(we|our partners)\b[^.]{0,80}(use|store)[^.]{0,60}cookies.{0,200}(consent|accept|agree)",
        r"(نحن|شركاونا|نستخدم)[^.]{0,80}ملفات تعريف الارتباط.{0,200}(موافق|قبول|خصوصي)",
        r"(nosotros|nuestros socios|utilizamos)[^.]{0,120}cookies.{0,200}(consentim|acepta|privacid)",
    ),
    _LOGIN: (
        r"\b(log|sign) in (to|or) (\w+ ){0,4}(continue|read|view|access)",
        r"(must|need to) be logged in",
        r"subscribe( now| today)? to (continue|keep) reading",
        r"subscribe( now| today)? to read (on|the (full|whole|rest))",
        r"اشترك[^.]{0,20}(لمتابعه|لمواصله|لاكمال) القراءه",
        r"suscri(be|ba)(te|se) para (seguir|continuar) leyendo",
        r"سجل الدخول[^.]{0,40}(للمتابعه|لقراءه)|يرجي تسجيل الدخول|inici(e|a) sesion para",
    ),
    CHECK: (
        r"\b(verify|confirm|make sure|checking)( that| if)? you('re| are)[^.]{0,24}(human|robot|bot)\b",
        r"enable javascript and cookies to continue",
        r"needs to review the security of your connection",
        r"التحقق من انك (انسان|لست)|verificar que (usted )?(es|eres) (un )?humano",
        r"checking your browser before",
    ),
}
"""What walls say, folded, in one of their few sentences."""


# Compiled when the first page is looked at, which most builds never do.
@cache
def _titles() -> _Patterns:
    return _compiled(_TITLES)


@cache
def _sentences() -> _Patterns:
    return _compiled(_SENTENCES)


def _compiled(table: Mapping[str, tuple[str, ...]]) -> _Patterns:
    return tuple(
        (re.compile("|".join(f"(?:{each})" for each in patterns)), kind) for kind, patterns in table.items()
    )


_MARKS = (
    ("_cf_chl_opt", CHECK),
    ('id="challenge-form"', CHECK),
    ("g-recaptcha-challenge", CHECK),
    ("px-captcha", CHECK),
)
_SITE = re.compile(r"\s[|–—·»-]\s(?P<site>.{1,50})$")
_TEXTS = etree.XPath(
    "//body//text()[not(ancestor::script or ancestor::style or ancestor::a)]", smart_strings=False
)
_CURT = 6
"""Words; the titles of walls that are longer are sentences."""
_PARAGRAPH = 60
_DATE = 60
_LITTLE = 20_000
"""Characters; the marks of a check occur in the scripts of large, real pages too."""


def wall(page: Page) -> str | None:
    """What kind of wall the page is, or `None`."""
    if page.kind == "html" and len(page.body) < _LITTLE:
        marked = next((kind for mark, kind in _MARKS if mark in page.body), None)
        if marked:
            return marked
    headings = _headings(page) if page.kind == "html" else [next(filter(str.strip, page.lines), "")]
    text, kind = next(((text, kind) for text in headings if (kind := _kind_of(text))), ("", None))
    return None if kind and _only_begins(text) and _holds_story(page) else kind


def _only_begins(title: str) -> bool:
    """Whether a title is more than a wall has to say: "Page not found: how the archive lost a decade"."""
    folded = _SITE.sub("", fold(title))
    return len(folded.split()) > _CURT and says_wall(folded) is None


def _holds_story(page: Page) -> bool:
    """Whether the page has a date and paragraphs."""
    is_dated = page.kind == "html" and (
        "article:published_time" in page.meta or any("datePublished" in each for each in page.json_ld)
    )
    texts = [text for each in _texts(page) if (text := squeeze(each))]
    if sum(len(text) >= _PARAGRAPH for text in texts) < 2:  # noqa: PLR2004  # a message may be one paragraph
        return False
    return is_dated or any(len(text) <= _DATE and parse(text, UTC) for text in texts)


def _texts(page: Page) -> Iterable[str]:
    if page.kind == "text":
        return page.lines
    found: list[str] = _TEXTS(page.tree)  # type: ignore[assignment]  # a path to texts gives texts
    return found


def _headings(page: Page) -> list[str]:
    # One title and the first headline: further down an article may quote any of these words.
    marks = landmarks(page)
    found = [text_of(node) for node in (*marks["title"][:1], *marks["h1"][:1])]
    if len(found) < 2:  # noqa: PLR2004  # without a title or headline of its own, a lesser heading speaks
        found += [text_of(node) for node in marks["h2"][:1]]
    return found


def _kind_of(text: str) -> str | None:
    if len(text) > 120:  # noqa: PLR2004  # walls are curt
        return None
    folded = fold(text)
    # "Log in | Al Bahr": what a site adds to the titles of its pages.
    candidates = {folded, _SITE.sub("", folded).strip()}
    return next((kind for pattern, kind in _titles() for each in candidates if pattern.fullmatch(each)), None)


def says_wall(text: str) -> str | None:
    """What kind of wall a short text speaks for, by a sentence in it; or `None`."""
    folded = fold(text[:600])
    return next((kind for pattern, kind in _sentences() if pattern.search(folded)), None)


_LITTLE_TEXT = 700
"""Characters; an article may quote any of these sentences."""


def little_wall(title: str, text: str) -> str | None:
    """What kind of wall a page is whose title and own text, all of it, are these; or `None`."""
    is_little = len(text) < _LITTLE_TEXT
    kind = None if _only_begins(title) and len(text) >= _PARAGRAPH * 3 else _kind_of(title)
    return kind or (says_wall(text) if is_little else None)
