"""Pages that stand where an article should be: robot checks, consent walls, log-ins, soft 404s."""

from __future__ import annotations

import re

from cleanfeed.markup import text_of
from cleanfeed.model import Page
from cleanfeed.text import fold

_CHECKS = re.compile(
    r"just a moment\.*|attention required!?|access denied|ddos-guard|checking your browser.*|are you a robot\?*|"
    r"(please )?verify(ing)? (that )?you are (a )?human.*|pardon our interruption\.*|security check(point)?.*|"
    r"one more step|human verification|robot check|bot verification|captcha|please wait.*|"
    r"you have been blocked|sorry, you have been blocked|(error )?1020.*|403( -)? forbidden|forbidden|"
    r"too many requests|429 too many requests|request blocked|unusual traffic.*"
)
_CONSENT = re.compile(
    r"(we|and our partners we) (value|respect|care about) your privacy.*|before you continue.*|cookie consent|"
    r"privacy (choices|preferences|settings|notice)|your privacy( choices)?|consent|manage (your )?(consent|cookies?).*|"
    r"(accept|we use) cookies.*|cookie (wall|notice|settings|preferences)|manage your privacy.*|"
    r"نحن نقدر خصوصيتك.*|نحترم خصوصيتك.*|الموافقه علي ملفات.*|اعدادات الخصوصيه|valoramos (tu|su) privacidad.*|"
    r"antes de continuar.*|nous respectons votre vie privee.*"
)
_LOGIN = re.compile(
    r"(please )?(log|sign) ?in( to .*| or .*| required)?|login( required)?|(member|subscriber) (login|log in)|"
    r"create (an|your) account.*|subscribe to (continue|read).*|تسجيل الدخول.*|inici(ar|a|e) sesion.*|"
    r"subscribers only|this (article|content) is (for|only for) subscribers.*"
)
_MISSING = re.compile(
    r"(error )?(404|410)([ :.!-].*)?|.*\b(page|article|post|content|story) (could )?(was |is )?(not|cannot|can't)( be)? found\b.*|"
    r"not found|(oops|sorry)[!,. ].{0,60}(found|exist|available|gone|missing|removed).{0,20}|nothing (was )?found( here)?|"
    r".*\b(page|article|content) (no longer|doesn't|does not) exists?( anymore)?\.?|page (unavailable|missing|gone)|"
    r"this (page|article) (has been|was) (removed|deleted)\.?|.*الصفحه (غير موجوده|المطلوبه).*|"
    r".*لم يتم العثور علي.*|الصفحه غير متوفره|(المقال|الخبر) غير موجود.*|.*pagina no (encontrada|existe|disponible).*|no encontrad[oa]|"
    r"(server|internal server|application) error|(503 )?service (temporarily )?unavailable|bad gateway|50\d( .*)?|"
    r"(under|down for) (scheduled )?maintenance|we'll be (right )?back( soon)?.*|site (under )?maintenance"
)
_KINDS = (
    (_CHECKS, "a robot check, not an article"),
    (_CONSENT, "a consent wall, not an article"),
    (_LOGIN, "a log-in page, not an article"),
    (_MISSING, "an error page (soft 404), not an article"),
)
_MARKS = (
    ("_cf_chl_opt", "a robot check, not an article"),
    ('id="challenge-form"', "a robot check, not an article"),
    ("g-recaptcha-challenge", "a robot check, not an article"),
    ("px-captcha", "a robot check, not an article"),
)
_SPLIT = re.compile(r"\s[|–—·»-]\s|\s\|\s|:\s(?=[^:]+$)")
_LITTLE = 20_000
"""Characters; the marks of a check occur in the scripts of large, real pages too."""


def wall(page: Page) -> str | None:
    """What kind of wall the page is, or `None`."""
    if page.kind == "text":
        first = next((line for line in page.lines if line.strip()), "")
        return _kind_of(first)
    if len(page.body) < _LITTLE:
        marked = next((kind for mark, kind in _MARKS if mark in page.body), None)
        if marked:
            return marked
    return next((kind for text in _headings(page) if (kind := _kind_of(text))), None)


def _headings(page: Page) -> list[str]:
    # One title and the first headline: further down an article may quote any of these words.
    nodes = [next(page.tree.iter("title"), None), next(page.tree.iter("h1"), None)]
    found = [text_of(node) for node in nodes if node is not None]
    if len(found) < 2:  # noqa: PLR2004  # without a title or headline of its own, a lesser heading speaks
        found += [text_of(node) for node in list(page.tree.iter("h2"))[:1]]
    return found


def _kind_of(text: str) -> str | None:
    if len(text) > 120:  # noqa: PLR2004  # walls are curt
        return None
    folded = fold(text)
    whole_and_parts = [folded, *(part.strip() for part in _SPLIT.split(folded)[:1])]
    return next(
        (kind for pattern, kind in _KINDS for part in whole_and_parts if pattern.fullmatch(part)), None
    )
