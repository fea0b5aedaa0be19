"""`cleanfeed health` and health.html: what they say of outlets, to people and to programs."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from lxml import html

from cleanfeed.health.facts import facts_of
from cleanfeed.health.findings import Finding
from cleanfeed.health.page import health_page
from cleanfeed.health.remembered import remember, remembered
from cleanfeed.health.report import page_of
from cleanfeed.health.table import sparkline
from cleanfeed.ledger import Ledger
from cleanfeed.ledger.readings import Reading
from cleanfeed.model import Site
from cliparts import Place

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

NOW = datetime.now(UTC).replace(microsecond=0)
CONFIG = """
title = "Feeds of the harbour"
base_url = "https://feeds.example.org/"
outlets = ["harbour", "quay"]

[topics.everything]
title = "Everything"
everything = true
"""
GONE = Finding(
    outlet="harbour", what="field", field="authors", selector='text("a.by")', sample="https://harbour.example/9",
    message='authors is missing on 5 of its last pages, found by text("a.by")',
)  # fmt: skip
SITE = Site(title="Feeds", base_url="https://feeds.example.org/", outlets={})


def reading(number: int, at: datetime, **changed: Any) -> Reading:
    return Reading(
        **{
            "outlet": "harbour", "address": f"https://harbour.example/{number}", "at": at, "ok": True,
            "filled": frozenset({"url", "text", "published", "title", "content"} | ({"authors"} if number % 2 else set())),
            "matched": {"title": 'text("h1")'}, "length": 1000 + number, "digest": f"{number:016x}", "published": at,
        } | changed
    )  # fmt: skip


READINGS = [reading(number, NOW - timedelta(hours=5 * (40 - number))) for number in range(40)]


class Quayside(Place):
    """A place with a ledger."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.write("cleanfeed.toml", CONFIG)

    def learn(self, readings: Sequence[Reading], findings: Sequence[Finding] = ()) -> None:
        with Ledger.open(self.folder / ".cleanfeed" / "ledger.sqlite3", now=NOW) as ledger:
            ledger.add_readings(readings)
            remember(ledger, findings)
            ledger.add_build(started=NOW, seconds=1, status=int(bool(findings)), outlets={})

    def health(self, *arguments: str, **options: Any) -> Any:
        return self.run("health", *arguments, "--plugin", str(self.folder / "harbour.py"), **options)


@pytest.fixture
def place(tmp_path: Path) -> Quayside:
    return Quayside(tmp_path)


def test_a_healthy_outlet_is_fine_and_one_never_read_has_no_data(place: Quayside) -> None:
    place.learn(READINGS)
    done = place.health()
    assert (done.status, done.err) == (0, "")
    harbour, quay = (line.split() for line in done.out.splitlines()[1:3])
    assert harbour[:2] == ["harbour", "fine"]
    assert re.fullmatch("[▁-█]{7}", harbour[2])
    assert harbour[3] == "33"  # five hours between two articles: 33 of them in seven days
    assert quay[:3] == ["quay", "no", "data"]
    rates = next(line for line in done.out.splitlines()[3:] if line.startswith("harbour"))
    assert rates.split()[1:] == ["100%", "100%", "–", "–", "50%", "–", "–", "–", "–", "–", "100%"]
    assert "nothing wrong; last build: " in done.out


def test_what_the_last_build_found_is_told_and_is_the_exit_status(place: Quayside) -> None:
    place.learn(READINGS, [GONE])
    done = place.health()
    assert done.status == 1
    assert "harbour  degraded" in done.out
    assert f"harbour: {GONE.message}" in done.out.splitlines()
    assert "something wrong with 1 of 2 outlets" in done.out


def test_programs_are_told_the_same_as_json(place: Quayside) -> None:
    place.learn(READINGS, [GONE])
    done = place.health("--format", "json")
    assert done.status == 1
    told = json.loads(done.out)
    harbour, quay = told["outlets"]
    assert told["last_build"] == NOW.isoformat()
    assert (harbour["outlet"], harbour["name"], harbour["state"]) == ("harbour", "The Harbour", "degraded")
    assert (sum(harbour["days"]), len(harbour["days"]), harbour["length"]) == (33, 7, 1020)
    assert (harbour["fields"]["authors"], harbour["fields"]["tags"]) == (0.5, 0.0)
    assert harbour["last"]["address"] == "https://harbour.example/39"
    assert harbour["findings"] == [
        {
            "what": "field", "field": "authors", "selector": 'text("a.by")', "sample": GONE.sample,
            "message": GONE.message, "holds": False,
        }
    ]  # fmt: skip
    assert (quay["state"], quay["last"], quay["fields"]) == ("no data", None, {})


def test_an_outlet_grows_stale_while_nobody_builds(place: Quayside) -> None:
    place.learn([reading(number, NOW - timedelta(days=20, hours=40 - number)) for number in range(40)])
    done = place.health()
    assert done.status == 1
    assert "harbour  stale" in done.out


@pytest.mark.parametrize("broken", ["ledger", "configuration", "outlet"])
def test_without_a_ledger_or_a_configuration_there_is_nothing_to_tell(place: Quayside, broken: str) -> None:
    if broken == "outlet":
        place.learn(READINGS)
        place.write("cleanfeed.toml", CONFIG.replace("quay", "key"))
    if broken == "configuration":
        (place.folder / "cleanfeed.toml").unlink()
    done = place.health()
    assert (done.status, done.out) == (2, "")
    assert len(done.complaints) == 1
    assert {"ledger": "ledger", "configuration": "cleanfeed.toml", "outlet": "key"}[broken] in done.err


def test_looking_at_health_changes_nothing(place: Quayside) -> None:
    place.learn(READINGS)
    ledger = place.folder / ".cleanfeed" / "ledger.sqlite3"
    before = ledger.read_bytes()
    place.health()
    assert ledger.read_bytes() == before
    assert not place.public.exists()


def test_articles_that_hide_behind_a_wall_are_told_of_as_they_were_last_seen_however_long_that_lasts(
    place: Quayside,
) -> None:
    place.learn(READINGS, [])
    before = facts()
    walled = {each.address for each in READINGS}
    with Ledger.open(place.folder / ".cleanfeed" / "ledger.sqlite3", now=NOW) as ledger:
        for hour in range(1, 30):
            ledger.add_readings(
                [
                    Reading(
                        outlet="harbour",
                        address=address,
                        at=NOW + timedelta(hours=hour),
                        ok=False,
                        wall=True,
                        again=True,
                    )
                    for address in sorted(walled)
                ]
            )
        now = facts(ledger.readings("harbour"))
    assert (now.length, now.lengths, now.last, now.rates) == (
        before.length,
        before.lengths,
        before.last,
        before.rates,
    )
    assert now.refused == len(walled)


HOSTILE = "</li><script>alert(1)</script>\x1b]0;x\x07 ::error::x ##[set-env]\u202e {{ 7 * 7 }}"


def test_what_pages_and_plugins_say_can_do_no_harm_on_a_terminal(place: Quayside) -> None:
    evil = Finding(
        outlet="harbour", what="silent", selector=HOSTILE, sample=HOSTILE, message=f"::error::{HOSTILE}\n::x"
    )
    place.learn(READINGS, [evil])
    for arguments in ((), ("--format", "json")):
        done = place.health(*arguments, env={"GITHUB_ACTIONS": "true"})
        assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]", done.out)
        assert not [line for line in done.out.splitlines() if line.lstrip().startswith("::") or "##[" in line]


# --- the page


def facts(
    readings: Sequence[Reading] = READINGS, findings: Sequence[Finding] = (), name: str = "The Harbour"
) -> Any:
    return facts_of("harbour", name, readings, findings, NOW)


def text_of(page: bytes) -> str:
    return " ".join(html.document_fromstring(page.decode()).text_content().split())


def test_the_page_tells_the_state_the_figures_and_what_is_wrong() -> None:
    page = health_page([facts(findings=[GONE])], SITE, NOW)
    said = text_of(page)
    assert "The Harbour degraded" in said
    assert GONE.message in said
    assert "1 outlet, 1 with something wrong" in said
    assert "New articles in seven days33" in said
    assert "authors50 %" in said
    tree = html.document_fromstring(page.decode())
    assert [each.get("href") for each in tree.iter("a") if each.text == "See the page"] == [GONE.sample]
    assert len(tree.cssselect("svg.spark")[0].findall("rect")) == 7


def test_the_page_of_no_outlets_and_of_one_without_data_says_so() -> None:
    assert "No outlets yet." in text_of(health_page([], SITE, None))
    assert "No page of it has been read yet." in text_of(health_page([facts([])], SITE, None))


def test_the_page_needs_no_script_and_its_policy_allows_none() -> None:
    page = health_page([facts(findings=[GONE])], SITE, NOW).decode()
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', page)
    assert policy
    assert "default-src &#39;none&#39;; style-src &#39;sha256-" in policy[1]
    tree = html.document_fromstring(page)
    assert not tree.xpath("//script | //@style | //link[@rel='stylesheet'] | //img | //iframe")


def test_nothing_that_is_shown_becomes_markup() -> None:
    evil = Finding(outlet="harbour", what="silent", sample="javascript:alert(1)", message=HOSTILE)
    readings = [*READINGS, reading(41, NOW, address="javascript:alert(1)")]
    page = health_page([facts(readings, [evil], name=HOSTILE)], SITE, NOW).decode()
    assert "<script" not in page
    assert "javascript:" not in page
    assert "{{ 7 * 7 }}" in text_of(page.encode())
    assert not re.search("[\x00-\x09\x0b-\x1f\u202e]", page)


def test_the_page_is_the_same_as_long_as_nothing_new_was_read(tmp_path: Path) -> None:
    names = {"harbour": "The Harbour", "quay": "The Quay"}
    with Ledger.open(tmp_path / "ledger.sqlite3", now=NOW) as ledger:
        ledger.add_readings(READINGS)
        pages = [page_of(ledger, names, [GONE], SITE) for _ in range(2)]
        assert pages[0] == pages[1]
        assert pages[0] != page_of(ledger, names, [], SITE)
        ledger.add_readings([reading(50, NOW + timedelta(hours=1))])
        assert pages[0] != page_of(ledger, names, [GONE], SITE)


def test_findings_are_remembered_and_those_of_another_version_forgotten(tmp_path: Path) -> None:
    with Ledger.open(tmp_path / "ledger.sqlite3", now=NOW) as ledger:
        assert remembered(ledger) == []
        remember(ledger, [GONE])
        assert remembered(ledger) == [GONE]
        ledger.remember("findings", '[{"shape": "of another version"}]')
        assert remembered(ledger) == []


@pytest.mark.parametrize(
    "values, line",
    [((0, 0, 0), "▁▁▁"), ((0, 1, 100), "▁▂█"), ((5, 5), "██"), ((), ""), ((1, 2, 3, 4, 5, 6, 7), "▂▃▄▅▆▇█")],
)
def test_a_sparkline_goes_from_nothing_to_the_largest(values: tuple[int, ...], line: str) -> None:
    assert sparkline(values) == line
