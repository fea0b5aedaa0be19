"""Made-up entries, feeds and a site for the tests of feeds."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from cleanfeed.model import Enclosure, Entry, Feed, Site, Topic

SITE = Site(
    title="Clean feeds",
    base_url="https://feeds.example.org/",
    outlets={"harbour": "The Harbour", "maydan": "الميدان", "costa": "La Costa"},
)
NOON = datetime(2026, 10, 5, 12, 0, tzinfo=UTC)

HARBOUR = Entry(
    id="tag:harbour.example,2026:4711",
    outlet="harbour",
    title="Harbour budget passes after a long night",
    content=(
        "<p>The council passed the budget on Monday, after <em>nine</em> hours.</p>"
        '<figure><img src="https://img.harbour.example/hall.jpg" alt="The hall" width="800" height="533">'
        "<figcaption>The hall at dawn.</figcaption></figure>"
        '<p>“It is done”, said the mayor: <a href="https://www.harbour.example/r?a=1&amp;b=2">the record</a>.</p>'
    ),
    text="The council passed the budget on Monday, after nine hours.\n“It is done”, said the mayor: the record.",
    language="en",
    url="https://www.harbour.example/city/budget-passes-4711/",
    published=NOON,
    updated=NOON + timedelta(hours=2),
    summary="Nine hours, two adjournments and a tie: the council has a budget.",
    authors=("Ada Obi", "Bola Ige"),
    source="Coast Wire",
    section="City",
    tags=("Budget", "Council"),
    image="https://img.harbour.example/hall.jpg",
    captions=("The hall at dawn.",),
)
MAYDAN = Entry(
    id="tag:maydan.example,2026:88",
    outlet="maydan",
    title="المجلس يقرّ الموازنة بعد جلسة طويلة",
    content='<div lang="ar" dir="rtl"><p>أقرّ المجلس الموازنة يوم الإثنين بعد تسع ساعات من النقاش.</p></div>',
    text="أقرّ المجلس الموازنة يوم الإثنين بعد تسع ساعات من النقاش.",
    language="ar",
    direction="rtl",
    url="https://www.maydan.example/news/88",
    published=NOON - timedelta(hours=5),
    summary="تسع ساعات من النقاش انتهت بإقرار الموازنة بفارق صوت واحد.",
    authors=("ليلى حداد",),
    section="سياسة",
    tags=("الموازنة", "المجلس"),
    image="https://img.maydan.example/88.jpg",
)
UNDATED = Entry(
    id="tag:harbour.example,2026:12",
    outlet="harbour",
    title="How the tide tables are made",
    content="<p>A visit to the office by the quay.</p>",
    text="A visit to the office by the quay.",
    language="en",
    url="https://www.harbour.example/guide/tides-12/",
    first_seen=NOON - timedelta(days=1),
)
AUDIO = Enclosure(url="https://cdn.harbour.example/a.mp3?x=1&y=2", type="audio/mpeg", length=123456)
VIDEO = Enclosure(url="https://cdn.harbour.example/b.mp4", type="", length=0)


def entry(**changes: object) -> Entry:
    return replace(HARBOUR, **changes)  # type: ignore[arg-type]  # whatever a test wants to change


def feed(*entries: Entry, **changes: object) -> Feed:
    topic = {"slug": "city", "title": "City news", "description": "What the councils decide."}
    said = {name: changes.pop(name) for name in ("limit", "slug", "title", "description") if name in changes}
    return Feed(topic=Topic(**{**topic, **said}), entries=entries, **changes)  # type: ignore[arg-type]  # as above


def many(count: int, content: str = "<p>One of many.</p>") -> list[Entry]:
    return [
        entry(
            id=f"tag:harbour.example,2026:{number}",
            title=f"Report {number}",
            content=content,
            published=NOON - timedelta(minutes=7 * number),
            updated=None,
        )
        for number in range(count)
    ]
