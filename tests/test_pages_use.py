"""The pages in a real browser: searching, filtering, keys, copying, and all of it without script."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from browserparts import SUBJECTS, browser, context, page, served, visible, watched
from feedparts import MAYDAN

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, BrowserContext, Page

    from browserparts import Served

__all__ = ["browser", "context", "page", "served"]

SEARCH = "input[type=search]"
STATUS = "[role=search] [role=status]"
ALL = 16


def focused(page: Page) -> str:
    return page.evaluate("document.activeElement.innerText ?? document.activeElement.tagName")


def wait_for_address(page: Page, part: str) -> None:
    page.wait_for_function("part => decodeURIComponent(location.href).includes(part)", arg=part)


# --- search and filters

FOUND = {
    "a word of the title, whatever its case": ("SALT mus", ["Salt museum opens its doors, part 3", "Salt museum opens its doors, part 10"]),
    "all words, in any order and part": ("budget ferry 8", ["Ferry hall opens its doors, part 8"]),
    "a tag that is not shown": ("number5", ["Crane auction opens its doors, part 5"]),
    "an author without accents": ("inigo nunez", ["El café del muelle reabre"]),
    "accents where the title has none": ("múellé", ["El café del muelle reabre"]),
    "a quote of another kind": ('"ha sido', ["El café del muelle reabre"]),
    "an outlet": ("la costa", ["El café del muelle reabre"]),
    "a section": ("سياسة", [MAYDAN.title]),
    "Arabic with other alefs and without marks": ("اقرار الموازنة", [MAYDAN.title]),
    "Arabic with all marks and tatweel": ("يُقِرُّ المـــجلس", [MAYDAN.title]),
    "Arabic digits": ("number١١", [f"{SUBJECTS[11 % 7]} opens its doors, part 11"]),
    "nothing that is only in the full text": ("the yard on the record", []),
    "nothing": ("xyzzy", []),
}  # fmt: skip


@pytest.fixture(scope="module")
def open_page(browser: Browser, served: Served) -> Iterator[Page]:
    context = browser.new_context()
    one = context.new_page()
    one.goto(f"{served.url}city.html")
    yield one
    context.close()


@pytest.mark.parametrize("words, titles", FOUND.values(), ids=FOUND)
def test_search_shows_what_matches_and_tells_how_many(open_page: Page, words: str, titles: list[str]) -> None:
    page = open_page
    page.fill(SEARCH, words)
    assert visible(page) == titles
    told = f"{len(titles)} of {ALL} shown" if titles else "Nothing found"
    assert page.inner_text(STATUS) == told
    page.keyboard.press("Escape")
    assert len(visible(page)) == ALL
    assert page.inner_text(STATUS) == ""


def test_filters_combine_with_each_other_and_with_the_search(page: Page, served: Served) -> None:
    page.goto(f"{served.url}city.html")
    labels = page.eval_on_selector_all(
        "[role=search] select", "all => all.map(one => one.getAttribute('aria-label'))"
    )
    assert labels == ["Outlet", "Language", "Section", "Kind"]
    page.select_option("[name=outlet]", label="The Harbour")
    assert page.inner_text(STATUS) == f"14 of {ALL} shown"
    page.select_option("[name=section]", label="City")
    page.select_option("[name=kind]", label="Video")
    assert visible(page) == ["Lighthouse opens its doors, part 2", "Ferry hall opens its doors, part 8"]
    page.fill(SEARCH, "part 2")
    assert visible(page) == ["Lighthouse opens its doors, part 2"]
    page.select_option("[name=language]", label="العربية")
    assert visible(page) == []
    page.click("text=Clear")
    assert len(visible(page)) == ALL
    assert page.evaluate("document.activeElement.name") == "q"


def test_what_is_chosen_stands_in_the_address_and_comes_back_from_it(
    page: Page, served: Served, context: BrowserContext
) -> None:
    page.goto(f"{served.url}city.html?token=abc")
    page.fill(SEARCH, "part 1 & salt")
    page.fill(SEARCH, "part 1")
    page.select_option("[name=section]", label="Harbour")
    wait_for_address(page, "?token=abc#q=part+1&section=harbour")
    titles = visible(page)
    assert titles
    other = watched(context)
    other.goto(page.url)
    assert visible(other) == titles
    assert other.input_value(SEARCH) == "part 1"
    page.keyboard.press("Escape")
    page.focus(SEARCH)
    page.keyboard.press("Escape")
    page.wait_for_function("() => !location.hash")
    assert page.url == f"{served.url}city.html?token=abc"


STATES = {
    "a fragment": ("#q=%D8%A7%D9%84%D9%85%D8%AC%D9%84%D8%B3&language=ar", [MAYDAN.title]),
    "a query": ("?q=caf%C3%A9&outlet=costa", ["El café del muelle reabre"]),
    "a filter that the page does not have": ("#outlet=unheard-of&q=cafe", ["El café del muelle reabre"]),
    "an address that is broken": ("#q=%E0%A4%A&%%%=caf", []),
}


@pytest.mark.parametrize("after, titles", STATES.values(), ids=STATES)
def test_an_address_that_somebody_shared_is_understood(
    page: Page, served: Served, after: str, titles: list[str]
) -> None:
    page.goto(f"{served.url}city.html{after}")
    assert visible(page) == titles
    assert page.said == []  # type: ignore[attr-defined]  # see watched


def test_going_back_and_a_changed_fragment_change_what_is_shown(page: Page, served: Served) -> None:
    page.goto(f"{served.url}city.html#q=salt")
    assert len(visible(page)) == 2
    page.evaluate("location.hash = 'q=cafe'")
    page.wait_for_function("() => document.querySelector('input').value === 'cafe'")
    assert visible(page) == ["El café del muelle reabre"]
    page.go_back()
    page.wait_for_function("() => document.querySelector('input').value === 'salt'")
    assert len(visible(page)) == 2


def test_the_skip_link_leaves_the_search_as_it_is(page: Page, served: Served) -> None:
    page.goto(f"{served.url}city.html")
    page.fill(SEARCH, "salt")
    wait_for_address(page, "#q=salt")
    page.evaluate("document.querySelector('.skip').click()")
    assert len(visible(page)) == 2


def test_the_index_searches_topics_and_headlines_and_leads_to_the_outlets_health(
    page: Page, served: Served
) -> None:
    page.goto(f"{served.url}index.html")
    for words, titles in (
        ("الميدان", ["City news", "أخبار الميدان"]),
        ("councils decide", ["City news"]),
        ("quay wall", ["City news"]),
    ):
        page.fill(SEARCH, words)
        assert visible(page) == titles, words
    page.fill(SEARCH, "")
    page.select_option("[name=language]", label="العربية")
    assert visible(page) == ["أخبار الميدان"]
    badges = page.eval_on_selector_all(
        ".outlets a", "all => all.map(one => [one.innerText, one.getAttribute('href')])"
    )
    assert badges == [["The Harbour fine", "health.html#harbour"], ["الميدان degraded", "health.html#maydan"]]
    page.click("text=degraded")
    assert page.inner_text("article:target h2") == "الميدان degraded"


# --- keys


def test_all_can_be_done_by_keys(page: Page, served: Served) -> None:
    page.goto(f"{served.url}city.html")
    titles = visible(page)
    page.keyboard.press("j")
    assert focused(page) == titles[0]
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("k")
    assert focused(page) == titles[1]
    page.keyboard.press("o")
    assert page.eval_on_selector_all("details[open]", "all => all.length") == 1
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.name") == "q"
    page.keyboard.type("jok/ part")
    assert page.input_value(SEARCH) == "jok/ part"
    page.keyboard.press("Escape")
    page.keyboard.type("salt")
    page.keyboard.press("ArrowDown")
    assert focused(page) == "Salt museum opens its doors, part 3"
    page.keyboard.press("j")
    page.keyboard.press("j")
    assert focused(page) == "Salt museum opens its doors, part 10"
    page.keyboard.press("Escape")
    assert len(visible(page)) == ALL


def test_keys_of_another_script_are_those_of_their_place(page: Page, served: Served) -> None:
    page.goto(f"{served.url}maydan.html")
    fire = "([key, code]) => document.body.dispatchEvent(new KeyboardEvent('keydown', {key, code, bubbles: true}))"
    page.evaluate(fire, ["ت", "KeyJ"])
    assert focused(page) == visible(page)[0]
    page.evaluate(fire, ["ظ", "Slash"])
    assert page.evaluate("document.activeElement.name") == "q"


def test_keys_with_a_modifier_are_left_to_the_browser_and_all_can_be_switched_off(
    page: Page, served: Served
) -> None:
    page.goto(f"{served.url}city.html")
    page.keyboard.press("Alt+j")
    assert focused(page) == page.evaluate("document.body.innerText")
    page.uncheck(".keys input")
    page.reload()
    assert not page.is_checked(".keys input")
    page.keyboard.press("j")
    assert page.evaluate("document.activeElement.tagName") == "BODY"


def test_tab_goes_through_the_page_and_out_of_it_and_is_always_seen(page: Page, served: Served) -> None:
    page.goto(f"{served.url}maydan.html")
    seen = []
    for _ in range(200):
        page.keyboard.press("Tab")
        seen.append(page.evaluate(
            "() => { const one = document.activeElement; const style = getComputedStyle(one);"
            " return [one.tagName, style.outlineStyle !== 'none' || one.className === 'skip', !one.closest('[hidden]')]; }"
        ))  # fmt: skip
        if seen[-1][0] == "BODY":
            break
    assert seen[-1][0] == "BODY"
    assert [one for one in seen[:-1] if not (one[1] and one[2])] == []
    assert {"A", "INPUT", "BUTTON", "SUMMARY"} <= {one[0] for one in seen}


# --- copying


@pytest.mark.parametrize("name, button", [("city.html", 0), ("index.html", 1)])
def test_a_button_copies_the_address_of_the_feed_and_says_so(
    page: Page, served: Served, context: BrowserContext, name: str, button: int
) -> None:
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(f"{served.url}{name}")
    page.locator(".copy").nth(button).click()
    address = f"{served.url}{('city', 'maydan')[button]}.atom"
    page.wait_for_function(
        "address => document.querySelector('#said').textContent === `Copied: ${address}`", arg=address
    )
    assert page.evaluate("navigator.clipboard.readText()") == address


def test_where_nothing_may_be_copied_the_address_is_selected(page: Page, served: Served) -> None:
    page.goto(f"{served.url}city.html")
    page.evaluate(
        "navigator.clipboard.writeText = () => Promise.reject(new Error()); document.execCommand = () => false"
    )
    page.click(".copy")
    page.wait_for_selector("input.address")
    assert page.evaluate("getSelection().toString()") == f"{served.url}city.atom"
    assert page.inner_text("#said") == f"Selected, to be copied by you: {served.url}city.atom"


def test_the_address_that_is_copied_is_that_of_the_server_that_the_page_came_from(
    page: Page, served: Served, context: BrowserContext
) -> None:
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    here = served.url.replace("127.0.0.1", "localhost")
    assert here != served.url
    page.goto(f"{here}city.html?token=abc#q=salt")
    page.locator(".copy").first.click()
    page.wait_for_function("document.querySelector('#said').textContent !== ''")
    assert page.evaluate("navigator.clipboard.readText()") == f"{here}city.atom"


# --- without script


def test_without_script_all_is_there_and_nothing_that_does_not_work(browser: Browser, served: Served) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    for name in ("index.html", "city.html", "maydan.html", "health.html"):
        page.goto(f"{served.url}{name}#q=salt")
        assert page.locator("main article:visible").count() == page.locator("main article").count() > 1
        assert page.locator("input:visible, select:visible, button:visible").count() == 0
        if page.locator("summary").count():
            page.locator("summary").first.click()
            assert page.locator(".text:visible").count() == 1
    context.close()


def test_pages_opened_from_a_folder_work_too(page: Page, served: Served, tmp_path: Path) -> None:
    for name in ("city.html", "index.html"):
        (tmp_path / name).write_bytes(served.files[name])
    page.goto((tmp_path / "city.html").as_uri())
    page.fill(SEARCH, "salt")
    assert len(visible(page)) == 2
    wait_for_address(page, "#q=salt")
    assert page.said == []  # type: ignore[attr-defined]  # see watched


# --- what browsers do by themselves


@pytest.mark.parametrize("name", ["index.html", "city.html", "health.html"])
def test_no_icon_is_asked_for_and_nothing_is_said_of_it(page: Page, served: Served, name: str) -> None:
    with page.expect_event("load"):
        page.goto(f"{served.url}{name}")
    page.wait_for_load_state("networkidle")
    assert page.said == []  # type: ignore[attr-defined]  # see watched


def test_what_parts_two_names_stands_before_the_second_in_its_lines_own_direction(
    page: Page, served: Served
) -> None:
    page.goto(f"{served.url}city.html")
    for direction, side in (("rtl", "right"), ("ltr", "left")):
        room = page.evaluate(
            """([direction, side, text]) => {
              const bdi = document.querySelector(`article[dir=${direction}] .kicker > * + * bdi`);
              bdi.textContent = text;
              return Math.abs(bdi.parentElement.getBoundingClientRect()[side] - bdi.getBoundingClientRect()[side]);
            }""",
            [direction, side, "Politics" if direction == "rtl" else "سياسة"],
        )
        assert room > 3
