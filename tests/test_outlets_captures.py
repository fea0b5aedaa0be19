"""Plain-text captures of other articles: what may stand in them, what may be missing."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

import pytest

from cleanfeed.errors import PageError
from outletparts import PAGES, made, read

if TYPE_CHECKING:
    from cleanfeed.model import Entry
    from cleanfeed.plugins import Plugins

P1 = "The harbour of Marsa Zaytun opened its new berth on Monday, three years after the first dredger came."
P2 = "Eleven ships waited outside the breakwater, among them one that had brought nothing but pianos."
P3 = '"We did not expect pianos," the harbour master said, "but we have found a crane for them."'
AR1 = "افتتح مرفأ مرسى زيتون رصيفه الجديد، الإثنين، بعد ثلاث سنوات على وصول أول حفّارة."
AR2 = "وانتظرت إحدى عشرة سفينة خارج كاسر الأمواج، واحدة منها لا تحمل غير آلات البيانو."
HERO = (
    "  • The new berth at dusk (Coast Photo Service)\n    The new berth of Marsa Zaytun at dusk (Coast Photo)"
)


def text(body: str, outlets: Plugins, **about: Any) -> Entry:
    return read(made(body, kind="text", name="page.txt", **about), outlets)


def frame(language: str) -> tuple[str, str]:
    """The header and the footer of a real-looking capture of Al Mayadeen."""
    stem, title, after = {
        "en": ("capture-turtles", "Loggerhead hatchlings", "\nMost Read"), "ar": ("capture-museum", "متحف الملح", "\nالأكثر قراءة"),
        "es": ("capture-eclipse", "Eclipse parcial de luna reúne a miles en Jabal Nisr\n\n  •", "\nMás leídas"),
    }[language]  # fmt: skip
    whole = (PAGES / f"almayadeen-{language}" / f"{stem}.txt").read_text("utf-8")
    return whole[: whole.index("\n" + title)], whole[whole.index(after) :]


def almayadeen(
    language: str = "en", *, title: str = "Berth of Marsa Zaytun opens", metas: str = "  • By Al Mayadeen English\n  • Source: Agencies\n  • 5 Oct 2026 10:20",
    reading: str = "3 Min Read", deck: str = "Pianos come first.", listen: str = "Listen\n  • x", hero: str = HERO,
    body: str = f"{P1}\n\n{P2}", tags: str = "  • Marsa Zaytun\n  • ships",
) -> str:  # fmt: skip
    head, foot = frame(language)
    top = "\n".join(filter(None, [metas, reading]))
    player = "\n".join(filter(None, [listen, hero]))
    return "\n\n".join(filter(None, [head, title, top, deck, player, body, tags, foot]))


def lines_of(entry: Entry) -> list[str]:
    return entry.text.split("\n")


BODIES = {
    "a list in the body": (f"{P1}\n\nOn board were:\n\n  • forty pianos\n  • two organs\n\n{P2}", [P1, "On board were:", "forty pianos", "two organs", P2]),
    "a list that ends the body": (f"{P1}\n\nOn board were:\n\n  • forty pianos\n  • two organs", [P1, "On board were:", "forty pianos", "two organs"]),
    "a sub-head that asks": (f"{P1}\n\nWhy pianos?\n\n{P2}", [P1, "Why pianos?", P2]),
    "a sub-head in quotes": (f"{P1}\n\n'Nothing but pianos'\n\n{P2}", [P1, "'Nothing but pianos'", P2]),
    "a quote as the last paragraph": (f"{P1}\n\n{P3}", [P1, P3]),
    "a short paragraph without a full stop": (f"{P1}\n\nHe played for an hour\n\n{P2}", [P1, "He played for an hour", P2]),
    "a single line": (P1, [P1]),
    "line breaks with a lone no-break space": (f"{P1}\n\xa0\n{P3}\n\xa0\n{P2}", [P1, P3, P2]),
    "a box with one card": (f"{P1}\n\nRelated News\n\nLighthouse shines on solar power\n\n{P2}", [P1, P2]),
    "a box with two cards": (f"{P1}\n\nRelated News\n\nLighthouse shines on solar power\n\nFerry sails again after refit\n\n{P2}", [P1, P2]),
    "a box with three cards": (f"{P1}\n\nRelated News\n\nLighthouse shines on solar power\n\nFerry sails again after refit\n\nBridge over the Nahr Sukkar reopens to lorries\n\n{P2}", [P1, P2]),
    "a box with a question": (f"{P1}\n\nRelated News\n\nWho paid for the lighthouse?\n\nFerry sails again after refit\n\n{P2}", [P1, P2]),
    "a box before a sub-head": (f"{P1}\n\nRelated News\n\nLighthouse shines on solar power\n\nFerry sails again after refit\n\nWhat now\n\n{P2}", [P1, "What now", P2]),
    "a line to read more in the middle": (f"{P1}\n\nRead more: Lighthouse shines on solar power\n\n{P2}", [P1, P2]),
    "a line to read more at the end": (f"{P1}\n\n{P2}\n\nRead more: Lighthouse shines on solar power", [P1, P2]),
}  # fmt: skip


@pytest.mark.parametrize("body, lines", BODIES.values(), ids=BODIES)
def test_body_of_a_capture_is_read_line_by_line(body: str, lines: list[str], outlets: Plugins) -> None:
    entry = text(almayadeen(body=body), outlets)
    assert lines_of(entry) == lines
    assert entry.tags == ("Marsa Zaytun", "ships")
    assert (entry.title, entry.summary) == ("Berth of Marsa Zaytun opens", "Pianos come first.")
    assert entry.captions == ("The new berth of Marsa Zaytun at dusk (Coast Photo)",)


PARTS: dict[str, tuple[dict[str, str], dict[str, Any]]] = {
    "no tags": ({"tags": ""}, {"tags": ()}),
    "no hero": ({"hero": ""}, {"captions": ()}),
    "no deck": ({"deck": ""}, {"summary": None}),
    "no player": ({"listen": ""}, {}),
    "no share bar": ({"listen": "Listen"}, {}),
    "no reading time": ({"reading": ""}, {}),
    "no source": ({"metas": "  • By Al Mayadeen English\n  • 5 Oct 2026 10:20"}, {"source": None}),
    "no author": ({"metas": "  • Source: Agencies\n  • 5 Oct 2026 10:20"}, {"authors": ()}),
    "no date": ({"metas": "  • By Al Mayadeen English\n  • Source: Agencies"}, {"published": None}),
    "no list under the title": ({"metas": ""}, {"authors": (), "source": None, "published": None}),
    "shares": ({"metas": "  • By Al Mayadeen English\n  • Source: Agencies\n  • 5 Oct 2026 10:20\n  • 12 Shares"}, {}),
    "a personal author": (
        {"metas": "  • By Salwa Haddarin\n  • Source: Al Mayadeen English\n  • 5 Oct 2026 10:20"},
        {"authors": ("Salwa Haddarin",), "source": "Al Mayadeen English"},
    ),
    "pictures in a row": (
        {"hero": f"{HERO}\n  • Pianos (AP)\n    Forty pianos wait on the quay (AP)\n  • A crane\n    The crane at work (AFP)"},
        {"captions": ("The new berth of Marsa Zaytun at dusk (Coast Photo)", "Forty pianos wait on the quay (AP)", "The crane at work (AFP)")},
    ),
    "alternative text and caption on one line": (
        {"hero": "  • Pianos wait on the quay of Marsa Zaytun, Monday, October 5, 2026 (AP)Pianos wait on the quay of Marsa Zaytun, on October 5, 2026 (AP)"},
        {"captions": ("Pianos wait on the quay of Marsa Zaytun, on October 5, 2026 (AP)",)},
    ),
    "a caption alone": ({"hero": "  • The new berth of Marsa Zaytun (AP)"}, {"captions": ("The new berth of Marsa Zaytun (AP)",)}),
    "a title that asks": ({"title": "Who ordered the pianos?"}, {"title": "Who ordered the pianos?"}),
}  # fmt: skip
WHOLE = {
    "title": "Berth of Marsa Zaytun opens", "summary": "Pianos come first.", "authors": ("Al Mayadeen English",), "source": "Agencies",
    "published": datetime.fromisoformat("2026-10-05T10:20:00+03:00"), "tags": ("Marsa Zaytun", "ships"), "outlet": "almayadeen-en",
    "captions": ("The new berth of Marsa Zaytun at dusk (Coast Photo)",), "section": None, "text": f"{P1}\n{P2}", "kind": "article",
}  # fmt: skip


@pytest.mark.parametrize("changed, expected", PARTS.values(), ids=PARTS)
def test_part_that_a_capture_lacks_is_absent_and_the_rest_is_exact(
    changed: dict[str, str], expected: dict[str, Any], outlets: Plugins
) -> None:
    entry = text(almayadeen(**changed), outlets)
    assert {name: getattr(entry, name) for name in WHOLE} == {**WHOLE, **expected}


def test_section_and_id_come_from_the_address_where_it_is_known(outlets: Plugins) -> None:
    url = "https://english.almayadeen.net/news/economy/berth-of-marsa-zaytun:-opens?utm_source=x"
    entry = text(almayadeen(), outlets, url=url)
    assert (entry.section, entry.url) == (
        "Economy",
        "https://english.almayadeen.net/news/economy/berth-of-marsa-zaytun:-opens",
    )
    assert entry.id.endswith("almayadeen-en/berth-of-marsa-zaytun:-opens")


def test_arabic_capture_is_read(outlets: Plugins) -> None:
    body = f"{AR1}\n\nاقرأ أيضاً: منارة رأس الطير\n\nلماذا البيانو؟\n\n{AR2}\n\nإقرأ أيضًا: جسر نهر سكّر"
    entry = text(
        almayadeen(
            "ar", title="رصيف مرسى زيتون", metas="  • هالة نعمة\n  • المصدر: وكالات\n  • ٥ تشرين الأول ٢٠٢٦ ١٠:٢٠\n  • ٤ مشاركات", reading="دقيقتان للقراءة",
            deck="البيانو أولاً.", listen="استمع\n  • x", body=body, tags="  • مرسى زيتون\n  • سفن",
        ),
        outlets,
    )  # fmt: skip
    assert (entry.outlet, entry.direction, entry.title, entry.summary) == (
        "almayadeen-ar",
        "rtl",
        "رصيف مرسى زيتون",
        "البيانو أولاً.",
    )
    assert (entry.authors, entry.source, entry.tags) == (("هالة نعمة",), "وكالات", ("مرسى زيتون", "سفن"))
    assert entry.published == datetime.fromisoformat("2026-10-05T10:20:00+03:00")
    assert lines_of(entry) == [AR1, "لماذا البيانو؟", AR2]


def test_spanish_interview_prints_its_author_twice_and_once_in_the_entry(outlets: Plugins) -> None:
    entry = text(
        almayadeen(
            "es", title="El muelle\n\nJulia Ferrer", metas="  • Julia Ferrer\n  • Fuente: Al Mayadeen\n  • 5 de octubre de 2026 10:20",
            reading="4 min de lectura", deck="Primero los pianos.", listen="Escuchar\n  • x", body="El puerto abrió el lunes su nuevo muelle de aguas profundas.\n\nLeer también: El faro",
        ),
        outlets,
    )  # fmt: skip
    assert (entry.outlet, entry.title, entry.authors) == ("almayadeen-es", "El muelle", ("Julia Ferrer",))
    assert entry.text == "El puerto abrió el lunes su nuevo muelle de aguas profundas."
    assert entry.section == "Ciencia"  # the trail above the title


def test_disclaimer_and_box_of_the_author_end_an_opinion_before_its_tags(outlets: Plugins) -> None:
    body = f"{P1}\n\n{P2}\n\nThe opinions mentioned in this article do not necessarily reflect the opinion of Al mayadeen.\n\nSalwa Haddarin\n\nMore from this author"
    entry = text(almayadeen(body=body), outlets)
    assert lines_of(entry) == [P1, P2]
    assert entry.tags == ("Marsa Zaytun", "ships")


def test_front_page_without_an_article_is_refused(outlets: Plugins) -> None:
    for language in ("en", "ar", "es"):
        head, foot = frame(language)
        with pytest.raises(PageError):
            text(f"{head}\n\n{foot}", outlets)


# --- Daily8


def daily8(
    title: str = "Berth opens",
    credit: str = "Axios12-03-2025\n",
    body: str = f"{P1}\n{P2}",
    after: str = "",
    *,
    arabic: bool = False,
) -> str:
    whole = (PAGES / ("daily8-ar/capture-tram.txt" if arabic else "daily8-en/capture-nets.txt")).read_text(
        "utf-8"
    )
    return f"logo\n{title}\n\n{title}\n\n{credit}{body}\n{after}{whole[whole.index('Orange background') :]}"


CREDITS = {
    "source and day": ("Axios12-03-2025\n", "Axios", "2025-03-12"),
    "source of several words": ("Al Manar26-06-2025\n", "Al Manar", "2025-06-26"),
    "a space between": ("Yahoo 23-04-2025\n", "Yahoo", "2025-04-23"),
    "on two lines": ("Yahoo\n23-04-2025\n", "Yahoo", "2025-04-23"),
    "day alone": ("23-04-2025\n", None, "2025-04-23"),
    "an age": ("Cedar Newstime20 hours ago\n", "Cedar News", "2025-06-30"),
    "an age in words": ("timea day ago\n", None, "2025-06-30"),
    "nothing": ("", None, None),
    "itself": ("Daily823-04-2025\n", None, "2025-04-23"),
}  # fmt: skip


@pytest.mark.parametrize("given, source, day", CREDITS.values(), ids=CREDITS)
def test_publisher_and_date_are_taken_apart(
    given: str, source: str | None, day: str | None, outlets: Plugins
) -> None:
    entry = text(daily8(credit=given), outlets, retrieved=datetime.fromisoformat("2025-07-01T12:00:00+04:00"))
    assert (entry.outlet, entry.title, entry.source) == ("daily8-en", "Berth opens", source)
    assert (entry.published.date().isoformat() if entry.published else None) == day
    assert lines_of(entry) == [P1, P2]
    assert (entry.authors, entry.summary, entry.section, entry.tags) == ((), None, None, ())


def test_age_without_a_known_time_of_retrieval_gives_no_date(outlets: Plugins) -> None:
    entry = text(daily8(credit="Cedar News20 hours ago\n"), outlets)
    assert (entry.source, entry.published) == ("Cedar News", None)


def test_arabic_capture_of_daily8_has_hashtags(outlets: Plugins) -> None:
    entry = text(
        daily8("رصيف جديد", "رائجمنذ 21 ساعات\n", f"{AR1}\n{AR2}", "\nهاشتاغز\n#مرسى_زيتون #سفن\n#بيانو\n\n", arabic=True), outlets,
        retrieved=datetime.fromisoformat("2025-07-01T12:00:00+04:00"),
    )  # fmt: skip
    assert (entry.outlet, entry.source, entry.tags) == ("daily8-ar", "رائج", ("مرسى_زيتون", "سفن", "بيانو"))
    assert entry.published == datetime.fromisoformat("2025-06-30T15:00:00+04:00")
    assert lines_of(entry) == [AR1, AR2]


def test_junk_of_the_publisher_goes(outlets: Plugins) -> None:
    junk = "mailto:?subject=Berth&body=\u202aBerth%0D%0A\u202c"
    entry = text(
        daily8(body=f"A quay. COAST PHOTO\nPEXELS\nA quay. COAST PHOTO\n{P1}\n{junk}\n{P2}"), outlets
    )
    assert lines_of(entry) == [P1, P2]


# --- Arise


def arise(head: str, body: str = f"{P1}\n\n{P2}", after: str = "Follow us on:\n\nAriseNews") -> str:
    whole = (PAGES / "arise" / "capture-coldbox.txt").read_text("utf-8")
    return f"{head}\n\n{body}\n\n{after}\n\n{whole[whole.index('Recent Posts') :]}"


TITLE = "Harbour Opens New Berth As Pianos Arrive"
HEADS: dict[str, tuple[str, dict[str, Any]]] = {
    "category": (f"Global\n\n{TITLE}", {"section": "Global"}),
    "another category": (f"Latest Videos\n\n{TITLE}", {"section": "Latest Videos"}),
    "no category": (TITLE, {}),
    "title that is a sentence": ("Regional\n\nPianos First, Says Harbour Master.", {"section": "Regional", "title": "Pianos First, Says Harbour Master."}),
    "title that asks, no category": ("Who Ordered All The Pianos In The Harbour?", {"title": "Who Ordered All The Pianos In The Harbour?"}),
    "author": (f"Global\n\n{TITLE}\n\nBy Ada Obi", {"section": "Global", "authors": ("Ada Obi",)}),
    "author and date": (
        f"Global\n\n{TITLE}\n\nBy Ada Obi\n\nMarch 17, 2023",
        {"section": "Global", "authors": ("Ada Obi",), "published": datetime.fromisoformat("2023-03-17T00:00:00+01:00")},
    ),
    "date alone": (f"{TITLE}\n\nMarch 17, 2023", {"published": datetime.fromisoformat("2023-03-17T00:00:00+01:00")}),
    "logo above": (f"Arise News\n\nGlobal\n\n{TITLE}", {"section": "Global"}),
}  # fmt: skip
PLAIN = {
    "title": TITLE,
    "section": None,
    "authors": (),
    "published": None,
    "summary": None,
    "tags": (),
    "text": f"{P1}\n{P2}",
    "outlet": "arise",
}


@pytest.mark.parametrize("head, expected", HEADS.values(), ids=HEADS)
def test_head_of_an_amp_capture_is_told_from_its_body(
    head: str, expected: dict[str, Any], outlets: Plugins
) -> None:
    entry = text(arise(head), outlets)
    assert {name: getattr(entry, name) for name in PLAIN} == {**PLAIN, **expected}


def test_arise_capture_keeps_short_lines_lists_and_quotes(outlets: Plugins) -> None:
    body = f"{P1}\n\nWhat Came Ashore\n\n  • forty pianos\n  • two organs\n\nNobody had asked for them\n\n[bc_video video_id=”63071” account_id=”61161” player_id=”x”]\n\n{P3}"
    entry = text(arise(f"Global\n\n{TITLE}", body), outlets)
    assert lines_of(entry) == [
        P1,
        "What Came Ashore",
        "forty pianos",
        "two organs",
        "Nobody had asked for them",
        P3,
    ]
    assert entry.kind == "video"


def test_arise_capture_gives_tags_that_end_its_body(outlets: Plugins) -> None:
    entry = text(arise(TITLE, after="Categories: Global\n\nTags: harbour, pianos\n\nAriseNews"), outlets)
    assert (entry.tags, entry.text) == (("harbour", "pianos"), f"{P1}\n{P2}")


def test_capture_of_a_listing_is_refused(outlets: Plugins) -> None:
    card = "{0} Wins The Cup\n\nA summary of what {0} did on the day, in fifteen words that end with…\n\n9 hours ago\n\n"
    cards = "".join(card.format(name) for name in ("Ada", "Bola", "Chidi", "Dayo"))
    with pytest.raises(PageError, match="listing"):
        text(f"Arise News\n\nBusiness\n\n{cards}AriseNews", outlets)


# --- Al Manar

TOP = {
    "gen 1": "{title} – موقع قناة المنار – لبنان\n\nالمجموعة اللبنانية للإعلام\nقناة المنار\n\n  • {menu}\n\n{title}\n\n{meta}\n\n{body}",
    "gen 2": "{title} – موقع قناة المنار – لبنان\n\nالسبت\n24 01 2026\n5 شعبان 1447\nبيروت 21:37\n\nالمجموعة اللبنانية للإعلام\nقناة المنار\n\n  • {menu}\n\n{title}\n\n{meta}\n\n{body}",
    "gen 2, clock below": "المجموعة اللبنانية للإعلام\nقناة المنار\n\nالسبت\n24 01 2026\n5 شعبان 1447\nبيروت 21:37\n\n  • {menu}\n\n{title}\n\n{meta}\n\n{body}",
}  # fmt: skip


@pytest.mark.parametrize("top", TOP.values(), ids=TOP)
@pytest.mark.parametrize("language", ["en", "ar"])
def test_capture_of_almanar_is_read_in_both_generations(top: str, language: str, outlets: Plugins) -> None:
    said = {
        "en": {"title": "Berth Opens in Marsa Zaytun", "menu": "News\n  • Culture", "meta": "Economy", "body": f"{P1}\n\n{P2}\n\nSource: Agencies\n\nLatest News\n\nFerry sails again"},
        "ar": {"title": "رصيف جديد في مرسى زيتون", "menu": "الأخبار\n  • ثقافة", "meta": "اقتصاد", "body": f"{AR1}\n\n{AR2}\n\nالمصدر: وكالات\n\nآخر الأخبار\n\nالعبّارة تبحر"},
    }[language]  # fmt: skip
    entry = text(top.format(**said), outlets)
    assert (entry.outlet, entry.title, entry.section, entry.source) == (
        f"almanar-{language}",
        said["title"],
        said["meta"],
        "Agencies" if language == "en" else "وكالات",
    )
    assert (entry.published, entry.authors, entry.tags) == (None, (), ())
    assert lines_of(entry) == ([P1, P2] if language == "en" else [AR1, AR2])


@pytest.mark.parametrize(
    "meta",
    ["Economy\n\nAl-Manar October 4, 2026", "Economy\n\nOctober 4, 2026", "October 4, 2026\n\nEconomy"],
)
def test_printed_day_of_a_capture_of_almanar_is_its_date(meta: str, outlets: Plugins) -> None:
    entry = text(TOP["gen 1"].format(title="Berth Opens", menu="News", meta=meta, body=P1), outlets)
    assert (entry.section, entry.text, entry.date_precision) == ("Economy", P1, "day")
    assert entry.published == datetime.fromisoformat("2026-10-04T00:00:00+03:00")


# --- pages that are none

WALLS = {
    "arise": "{0}\n\n{1}\n\nFollow us on:\n\nAriseNews",
    "almanar-en": "{0} – موقع قناة المنار – لبنان\n\nقناة المنار\n\n  • News\n\n{0}\n\n{1}",
    "daily8-en": "logo\n{0}\n\n{0}\n\n{1}\n\nTry Our AI Features",
}  # fmt: skip
MESSAGES = {
    "missing": ("Oops! That page can’t be found.", "It looks like nothing was found at this location. Maybe try one of the links below or a search?"),
    "consent": ("We value your privacy", "We and our partners store and access cookies on your device. By clicking Accept you consent to it."),
    "log-in": ("Log in", "Please log in to continue reading this story. Forgot your password? Ask for another one."),
    "check": ("Just a moment...", "Verify you are human by completing the action below, then you will be sent to the page."),
}  # fmt: skip


@pytest.mark.parametrize("message", MESSAGES.values(), ids=MESSAGES)
@pytest.mark.parametrize("frame", WALLS.values(), ids=WALLS)
def test_capture_of_a_wall_is_refused(frame: str, message: tuple[str, str], outlets: Plugins) -> None:
    with pytest.raises(PageError):
        text(frame.format(*message), outlets)
