"""Walls are told from articles by what they say; articles about walls are not taken for them."""

from __future__ import annotations

import pytest

from cleanfeed.walls import little_wall, wall
from outletparts import made

WALLS = {
    "robot check": ("Just a moment...", "Attention Required! | Cloudflare", "Access denied", "Verify you are human", "لحظة من فضلك...", "403 Forbidden", "Security check"),
    "consent wall": ("We value your privacy", "Before you continue to Al Bahr", "نحن نقدّر خصوصيتك", "Valoramos su privacidad"),
    "log-in page": ("Log in", "Sign in | Al Bahr", "تسجيل الدخول", "Iniciar sesión", "Subscribe to continue reading"),
    "error page": ("404", "404 - Page not found", "Page not found | Al Bahr", "Oops! That page can’t be found.", "الصفحة غير موجودة", "Página no encontrada", "503 Service Unavailable", "Internal Server Error", "410 Gone"),
}  # fmt: skip
CASES = [(title, kind) for kind, titles in WALLS.items() for title in titles]
HEADLINES = (
    "410 people rescued at sea", "404 homes rebuilt after the flood", "500 migrants rescued off Lampedusa", "Security checkpoint attacked in the north",
    "Unusual traffic jams in Beirut", "Access denied: how aid is kept out of the valley", "Please wait your turn, minister tells banks",
    "Privacy law passes after a year", "Security check at airport finds a piano", "503 days without rain", "Not found guilty: court frees the baker",
    "Login fees rise for students", "Human rights group verifies the count", "Sorry, says minister, and resigns", "لحظة من فضلك يا وزير",
)  # fmt: skip


@pytest.mark.parametrize("title, kind", CASES, ids=[title for title, _kind in CASES])
def test_wall_is_named_by_its_title_or_its_headline(title: str, kind: str) -> None:
    told = wall(made(f"<html><head><title>{title}</title></head><body><h1>x</h1></body></html>"))
    assert told is not None
    assert kind in told
    assert (
        wall(made(f"<html><head><title>Al Bahr</title></head><body><h1>{title}</h1></body></html>")) == told
    )
    assert wall(made(f"{title}\n\nSome more text.", kind="text")) == told


@pytest.mark.parametrize("headline", HEADLINES)
def test_headline_of_an_article_is_no_wall(headline: str) -> None:
    page = f"<html><head><title>{headline} | Al Bahr</title></head><body><h1>{headline}</h1><p>A story.</p></body></html>"
    assert wall(made(page)) is None
    assert little_wall(headline, "Four hundred homes were rebuilt after the flood, the mayor said.") is None


def test_sentence_of_a_wall_in_a_long_article_is_a_quotation() -> None:
    said = "The site told readers that the page they were looking for could not be found."
    assert little_wall("The Harbour", said) is not None
    assert little_wall("Archive of the Harbour is lost", said + " A story follows." * 60) is None
