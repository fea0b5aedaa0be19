"""The pages in a real browser: open to everybody, steady, and closed to what entries would do."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from browserparts import browser, context, entries, page, served, visible
from cleanfeed.feeds import outline, render, render_index
from cleanfeed.health.page import health_page
from feedparts import SITE, entry, feed
from parts import node_modules

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

    from browserparts import Served

__all__ = ["browser", "context", "page", "served"]

NAMES = ["index.html", "city.html", "maydan.html", "health.html"]
SIZES = {"phone": (390, 844), "desk": (1280, 900)}
RULES = ["wcag2a", "wcag2aa", "wcag21aa", "best-practice"]
AXE = """rules => axe.run(document, {runOnly: rules}).then(({violations, passes}) =>
  passes.length < 15 ? [`only ${passes.length} rules were applied`] : violations.map(one => one.id + ': ' + one.nodes.map(node => node.target + ' ' + node.any.map(why => why.message)).join(' | ')))"""


@pytest.fixture(scope="module", params=SIZES, ids=str)
def room(request: pytest.FixtureRequest, browser: Browser) -> BrowserContext:
    width, height = SIZES[request.param]
    # The checker is a script that the pages' policy would not let in.
    one = browser.new_context(viewport={"width": width, "height": height}, bypass_csp=True)
    one.add_init_script(path=node_modules("axe-core") / "axe-core" / "axe.min.js")
    yield one
    one.close()


@pytest.mark.parametrize("name", NAMES)
def test_axe_finds_nothing_in_light_or_dark(room: BrowserContext, served: Served, name: str) -> None:
    page = room.new_page()
    page.goto(f"{served.url}{name}")
    for detail in page.locator("summary").all()[:2]:
        detail.click()
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        assert page.evaluate(AXE, RULES) == [], scheme
    if page.locator("[role=search]").count():
        page.fill("input[type=search]", "الميدان")
        assert page.evaluate(AXE, RULES) == []
    page.close()


def test_nothing_is_wider_than_the_window(page: Page, served: Served) -> None:
    for name in NAMES:
        page.goto(f"{served.url}{name}")
        if page.locator(".copy").count():
            page.evaluate("() => { navigator.clipboard.writeText = () => Promise.reject(new Error()); }")
            page.locator(".copy").first.click()
            page.wait_for_selector("input.address")
        for width in (320, 390, 700, 1280):
            page.set_viewport_size({"width": width, "height": 800})
            assert page.evaluate("document.documentElement.scrollWidth") <= width, (name, width)


def test_an_arabic_page_is_mirrored_and_entries_keep_their_own_direction(page: Page, served: Served) -> None:
    places = (
        "() => [...document.querySelectorAll('main article')].filter(one => one.querySelector('.picture')).map(one =>"
        " one.querySelector('.picture').getBoundingClientRect().left < one.querySelector('h2 a').getBoundingClientRect().left ? one.dir : -1)"
    )
    page.goto(f"{served.url}maydan.html")
    assert {*page.evaluate(places)} == {"rtl"}
    assert page.evaluate("getComputedStyle(document.querySelector('input[type=search]')).direction") == "rtl"
    page.goto(f"{served.url}city.html")
    assert page.evaluate(
        "[...document.querySelectorAll('article[lang=ar]')].map(one => getComputedStyle(one).direction)"
    ) == ["rtl"]


# --- nothing moves

SETTLED = """() => [...document.images].filter(one => one.checkVisibility() && one.getBoundingClientRect().top < innerHeight)
  .every(one => one.complete)"""


def settle(page: Page) -> float:
    page.wait_for_function(SETTLED)
    page.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
    return page.evaluate("shift")


@pytest.mark.parametrize("name", ["city.html", "maydan.html"])
def test_pictures_that_come_late_move_nothing(page: Page, served: Served, name: str) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    served.asked.clear()
    served.released.clear()
    page.goto(f"{served.url}{name}", wait_until="domcontentloaded")
    before = page.evaluate("document.body.scrollHeight")
    page.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
    served.released.set()
    assert settle(page) < 0.01
    assert any(one.startswith("img/") for one in served.asked)
    assert page.evaluate("document.body.scrollHeight") == before


def test_pictures_in_a_text_are_asked_for_when_it_is_read_and_have_their_place_already(
    page: Page, served: Served
) -> None:
    served.asked.clear()
    page.goto(f"{served.url}city.html")
    settle(page)
    assert not [one for one in served.asked if "wide" in one or "odd" in one]
    served.released.clear()
    page.locator("summary").nth(1).click()
    heights = "() => [...document.querySelectorAll('details[open] img')].map(one => one.getBoundingClientRect().height)"
    before = page.evaluate(heights)
    assert min(before) > 100
    served.released.set()
    page.locator("details[open] img").last.scroll_into_view_if_needed()
    page.wait_for_function(
        "() => [...document.querySelectorAll('details[open] img')].every(one => one.complete && one.naturalWidth)"
    )
    assert page.evaluate(heights) == before


# --- what entries would do

BAD = (
    "<script>fired++</script>",
    "</script><script>fired++</script>",
    "</style><img src=x onerror=fired++>",
    "\"'><svg onload=fired++>",
    "<!--<script>fired++//-->",
    "a\u2028fired++\u2029b\u202egnp.exe\u2066c",
    "{{ fired }} ${fired++} &lt;script&gt; &#60;script&#62; javascript:fired++",
)
CONTENT = (
    '<p>Wharf</p><script>fired++</script><img src="x" onerror="fired++"><a href="javascript:fired++">go</a>'
    '<iframe srcdoc="<script>parent.fired++</script>"></iframe><object data="data:text/html,x"></object>'
    '<svg><style><img src=x onerror=fired++></style></svg><form action="/x"><input autofocus onfocus="fired++"></form>'
    '<p style="position:fixed" class="skip" id="said" onclick="fired++">over</p><link rel="stylesheet" href="/x.css">'
    '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=fired++&gt;">'
    '<base href="https://evil.example/"><meta http-equiv="refresh" content="0;url=/x"></details></article><p>after</p>'
)


def hostile() -> dict[str, bytes]:
    nasty = [
        entry(
            id=f"tag:harbour.example,2026:n{number}{bad}", title=f"Nasty {number} {bad}", summary=bad, section=bad,
            authors=(bad,), tags=(bad,), source=bad, content=CONTENT + bad, text=f"Wharf {bad} " * 200,
            url="javascript:fired++", image='http://127.0.0.1:9/"onerror=fired++', kind=bad[:20], language=f'en"{bad}',
        )
        for number, bad in enumerate(BAD)
    ]  # fmt: skip
    about = replace(
        SITE,
        title=BAD[1],
        outlets={"harbour": BAD[3]},
        health={"harbour": BAD[0], BAD[3]: "fine"},
        has_health=True,
    )
    topic = feed(*nasty, title=BAD[1], description=BAD[2])
    other = feed(*nasty, slug="other", title=BAD[3])
    files = {**render(topic, about), **render_index([outline(topic), outline(other)], about)}
    return {**files, "health.html": health_page([], about, None)}


@pytest.mark.parametrize("name", ["city.html", "index.html", "health.html"])
def test_nothing_that_entries_say_is_run_and_the_search_still_works(
    page: Page, served: Served, name: str
) -> None:
    files = hostile()
    served.files |= {f"hostile-{key}": value for key, value in files.items()}
    page.goto(f"{served.url}hostile-{name}")
    if name == "city.html":
        assert len(visible(page)) == len(BAD)
        for summary in page.locator("summary").all():
            summary.click()
        page.fill("input[type=search]", "nasty 4 <SCRIPT>")
        assert len(visible(page)) == 1
        page.fill("input[type=search]", "agnp.exec".replace("agnp", "bgnp"))
        assert [title[:7] for title in visible(page)] == ["Nasty 5"]
        page.fill("input[type=search]", BAD[1])
        assert visible(page)
        assert page.locator("article").count() == len(BAD)
    page.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
    assert page.evaluate("fired") == 0
    assert page.evaluate("violations") == []
    assert (
        page.locator(
            "main iframe, main object, main form, main script, [onerror], [onclick], article [style]"
        ).count()
        == 0
    )
    # What is searched stands behind the "#" a moment later.
    assert page.evaluate("document.baseURI").partition("#")[0] == f"{served.url}hostile-{name}"


def test_the_policy_stops_what_would_get_through_nonetheless(page: Page, served: Served) -> None:
    raw = b"<img src=x onerror='fired++'><script>fired++</script><iframe src='/city.html'></iframe>"
    served.files["torn.html"] = served.files["city.html"].replace(
        b'<main id="main" tabindex="-1">', b"<main>" + raw, 1
    )
    page.goto(f"{served.url}torn.html")
    page.wait_for_function("() => violations.length >= 3")
    assert page.evaluate("fired") == 0
    assert {*page.evaluate("violations")} >= {"script-src-elem", "script-src-attr", "frame-src"}


def test_pages_keep_their_own_policy_and_have_no_errors(page: Page, served: Served) -> None:
    for name in NAMES:
        page.goto(f"{served.url}{name}")
        page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true; })")
        if page.locator("[role=search]").count():
            page.fill("input[type=search]", "e")
        assert page.evaluate("violations") == [], name
    assert [one for one in page.said if "Failed to load resource" not in one] == []  # type: ignore[attr-defined]  # see watched


def test_fifty_long_entries_make_a_page_below_a_megabyte_and_the_newest_can_be_read() -> None:
    many = [
        replace(one, content=one.content * 24, id=f"{one.id}{number}")
        for number, one in enumerate(entries("https://img.example/", 50))
    ]
    made = render(feed(*many), SITE)["city.html"]
    assert 500_000 < len(made) < 1_000_000
    assert made.count(b"<article") == 50
    assert 10 < made.count(b"<details>") < 50
    assert made.index(b"<details>") < made.index(b"</article>")
