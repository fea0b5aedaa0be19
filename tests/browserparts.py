"""A real browser, and a site for it: made-up entries with pictures, on the loopback interface."""

from __future__ import annotations

import struct
import threading
import zlib
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

import pytest

from cleanfeed.feeds import outline, render, render_index
from cleanfeed.health.facts import facts_of
from cleanfeed.health.findings import Finding
from cleanfeed.health.page import health_page
from cleanfeed.ledger.readings import Reading
from feedparts import HARBOUR, MAYDAN, NOON, SITE, UNDATED, entry, feed
from parts import require_program

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, BrowserContext, Page

    from cleanfeed.model import Entry

FLAGS = (
    "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update",
    "--disable-sync", "--no-first-run",
)  # fmt: skip
TYPES = {"html": "text/html; charset=utf-8", "png": "image/png"}
WATCH = """
  window.violations = []; window.fired = 0; window.shift = 0;
  document.addEventListener("securitypolicyviolation", (event) => violations.push(event.violatedDirective));
  new PerformanceObserver((list) => list.getEntries().forEach((one) => { shift += one.value; }))
    .observe({ type: "layout-shift", buffered: true });
"""


def png(number: int, width: int = 300, height: int = 200) -> bytes:
    """A picture of a sky above a sea, its colours told by the number."""
    sky, sea = (60 + 37 * number % 120, 140, 200), (20, 60 + 29 * number % 90, 110)
    rows = []
    for y in range(height):
        base = sky if y < height * 2 // 3 else sea
        rows.append(b"\0" + bytes(min(255, part + y // 4) for part in base) * width)
    parts = (
        (b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)),
        (b"IDAT", zlib.compress(b"".join(rows))),
        (b"IEND", b""),
    )
    made = b"".join(
        struct.pack(">I", len(d)) + k + d + struct.pack(">I", zlib.crc32(k + d)) for k, d in parts
    )
    return b"\x89PNG\r\n\x1a\n" + made


class Served:
    """Files by name, and pictures under /img/, which wait while `held`."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}
        self.asked: list[str] = []
        self.released = threading.Event()
        self.released.set()
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.url = f"http://127.0.0.1:{self.server.server_port}/"
        threading.Thread(
            target=self.server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True
        ).start()

    def _handler(served) -> type[BaseHTTPRequestHandler]:  # noqa: N805  # the handler has a self of its own
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                name = self.path.partition("?")[0].lstrip("/")
                served.asked.append(name)
                if name.startswith("img/"):
                    served.released.wait(30)
                    body: bytes | None = png(sum(name.encode()))
                else:
                    body = served.files.get(name)
                self.send_response(200 if body is not None else 404)
                self.send_header("Content-Type", TYPES.get(name.rpartition(".")[2], "text/plain"))
                self.send_header("Cache-Control", "no-store")
                self.end_headers()
                with suppress(ConnectionError):  # the page that wanted it is gone
                    self.wfile.write(body or b"")

            def log_message(self, format: str, *args: object) -> None: ...  # noqa: A002  # its name

        return Handler


def launch() -> Iterator[Browser]:
    path = require_program("chromium")
    from playwright.sync_api import sync_playwright  # noqa: PLC0415  # only where there is a browser

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=[*FLAGS])
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    yield from launch()


@pytest.fixture(scope="module")
def served() -> Iterator[Served]:
    one = Served()
    one.files.update(site(one.url))
    yield one
    one.released.set()
    one.server.shutdown()
    one.server.server_close()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    one = browser.new_context(viewport={"width": 1280, "height": 900})
    one.set_default_timeout(10_000)
    yield one
    one.close()


@pytest.fixture
def page(context: BrowserContext) -> Page:
    return watched(context)


def watched(context: BrowserContext) -> Page:
    """A page that counts violations of its policy, what fires, and how far things move."""
    page = context.new_page()
    page.add_init_script(WATCH)
    page.said = []  # type: ignore[attr-defined]  # what its console and its errors say
    page.on("console", lambda message: page.said.append(message.text))  # type: ignore[attr-defined]  # see above
    page.on("pageerror", lambda error: page.said.append(str(error)))  # type: ignore[attr-defined]  # see above
    return page


def visible(page: Page) -> list[str]:
    """The titles of the cards that are shown."""
    return page.eval_on_selector_all(
        "main article",
        "all => all.filter(one => one.offsetParent).map(one => one.querySelector('h2').innerText)",
    )


TEXT = "<p>Line after line of what the harbour master said to the council, all of it on the record.</p>"
SUBJECTS = (
    "Quay wall",
    "Ferry hall",
    "Lighthouse",
    "Salt museum",
    "Tide gauge",
    "Crane auction",
    "Fish market",
)


def entries(base: str, count: int = 12) -> list[Entry]:
    """English entries with pictures; in their texts one of a known and one of an unknown size."""
    return [
        entry(
            id=f"tag:harbour.example,2026:b{number}",
            url=f"https://www.harbour.example/city/{number}/",
            title=f"{SUBJECTS[number % len(SUBJECTS)]} opens its doors, part {number}",
            content=(
                f'<h{2 + number % 2}>At the gate</h{2 + number % 2}>{TEXT}<figure><img src="{base}img/wide{number}.png" alt="The gate" width="300"'
                f' height="200"><figcaption>The gate.</figcaption></figure>{TEXT * 4}'
                f'<img src="{base}img/odd{number}.png" alt="The yard">{TEXT}'
            ),
            text="At the gate\n" + "Line after line of what the harbour master said to the council.\n" * 40,
            image=f"{base}img/{number}.png",
            section=("City", "Harbour")[number % 2],
            kind=("article", "article", "video")[number % 3],
            tags=("Budget", f"Number{number}"),
            published=NOON - timedelta(hours=3 * number),
            updated=None,
        )
        for number in range(count)
    ]


ACCENTED = entry(
    id="tag:costa.example,2026:1",
    outlet="costa",
    title="El café del muelle reabre",
    summary="«Ha sido largo», dice la dueña.",
    language="es",
    url="https://www.costa.example/1",
    authors=("Íñigo Núñez",),
    tags=("Gastronomía",),
    image=None,
    section=None,
    source=None,
    published=NOON - timedelta(hours=1),
)


def site(base: str) -> dict[str, bytes]:
    """The files of a site: a mixed topic "city", an Arabic "maydan", an index with health, and health.html."""
    about = replace(SITE, base_url=base, has_health=True, health={"harbour": "fine", "maydan": "degraded"})
    maydan = replace(
        MAYDAN, image=f"{base}img/88.png", content=f"{MAYDAN.content}{'<p>نص آخر طويل.</p>' * 9}"
    )
    more = [replace(maydan, id=f"tag:maydan.example,2026:{n}", title=f"ميناء المدينة {n}") for n in range(4)]
    harbour = replace(HARBOUR, image=f"{base}img/hall.png")
    mixed = feed(*entries(base), harbour, maydan, UNDATED, ACCENTED)
    arabic = feed(
        maydan,
        *more,
        slug="maydan",
        title="أخبار الميدان",
        description="من الميدان",
        language="ar",
        direction="rtl",
    )
    outlines = [outline(mixed), outline(arabic)]
    files = {**render(mixed, about), **render(arabic, about), **render_index(outlines, about)}
    return {**files, "health.html": health(about)}


def health(about: Any) -> bytes:
    readings = [
        Reading(
            outlet="harbour",
            address=f"https://www.harbour.example/{number}",
            at=NOON - timedelta(hours=number),
            ok=True,
            filled=frozenset({"authors", "summary"} if number % 3 else {"summary"}),
            length=900 + number,
            published=NOON - timedelta(hours=number),
        )
        for number in range(30)
    ]
    gone = Finding(
        outlet="maydan",
        what="field",
        field="authors",
        sample="https://www.maydan.example/88",
        message="الميدان: authors are gone: a.author finds nothing",
    )
    shown = [
        facts_of("harbour", "The Harbour", readings, [], NOON),
        facts_of("maydan", "الميدان", readings[:3], [gone], NOON),
        facts_of("costa", "La Costa", [], [], NOON),
    ]
    return health_page(shown, about, NOON)
