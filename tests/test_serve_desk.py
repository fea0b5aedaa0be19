"""Where articles are had for those who ask: who waits, for whom, and what is said when it fails."""

from __future__ import annotations

import asyncio
import json
import threading
from types import SimpleNamespace

import pytest
from starlette.testclient import TestClient

from cleanfeed.config import load as load_config
from cleanfeed.errors import FetchError, LedgerError, ListingError, PluginError
from cleanfeed.keys import Serve
from cleanfeed.serve.answers import as_failure
from cleanfeed.serve.app import House, application
from cleanfeed.serve.builds import Builds, Plan
from cleanfeed.serve.desk import Desk
from cleanfeed.serve.door import Door
from cleanfeed.serve.figures import Figures
from cleanfeed.serve.files import Files
from cleanfeed.serve.flights import Busy
from cleanfeed.serve.gate import Gate
from cleanfeed.serve.state import State

ARTICLE = SimpleNamespace(content="<p>c</p>", text="c")


class Known:
    """A lookup that knows what has "known" in its address, and has nothing from the web before it may."""

    def __init__(self) -> None:
        self.notes = []
        self.opened = threading.Event()
        self.asked = 0

    def taken_notes(self):
        taken, self.notes = self.notes, []
        return taken

    def ready(self, address):
        return ARTICLE if "known" in address else None

    def entry(self, address):
        self.asked += 1
        self.opened.wait(60)
        raise FetchError(address, "is gone", "gone")


class Failing(Known):
    def __init__(self, error) -> None:
        super().__init__()
        self.error = error

    def ready(self, address):
        self.notes.append("the disk is full")
        raise self.error


@pytest.fixture
def lookup():
    found = Known()
    yield found
    found.opened.set()


def at_desk(lookup, story, told=None):
    """Runs a story at a desk, until its end."""

    async def told_whole():
        desk = Desk(lookup, Figures(), (told if told is not None else []).append)
        try:
            await story(desk)
        finally:
            lookup.opened.set()
            desk.close()

    asyncio.run(told_whole())


def begun(desk, host, count):
    return [asyncio.ensure_future(desk.entry(f"https://{host}/{number}")) for number in range(count)]


def test_those_who_wait_for_a_slow_host_are_so_many_at_most(lookup):
    async def story(desk):
        waiting = begun(desk, "slow.example.org", 60)
        done, _left = await asyncio.wait(waiting, return_when=asyncio.FIRST_EXCEPTION)
        while len(done) < 20:
            more, _left = await asyncio.wait(set(waiting) - done, return_when=asyncio.FIRST_EXCEPTION)
            done |= more
        assert all(isinstance(each.exception(), Busy) for each in done)
        lookup.opened.set()
        left = await asyncio.gather(*(set(waiting) - done))
        assert len(left) == 40
        assert all(isinstance(each, FetchError) for each in left)

    at_desk(lookup, story)


def test_what_is_known_is_given_however_many_wait_for_the_web(lookup):
    async def story(desk):
        waiting = [each for host in range(8) for each in begun(desk, f"slow-{host}.example.org", 40)]
        await asyncio.wait(waiting, return_when=asyncio.FIRST_EXCEPTION)  # no room is left
        assert await desk.entry("https://slow-1.example.org/known") is ARTICLE
        assert await desk.entry("https://other.example.org/known") is ARTICLE
        lookup.opened.set()
        await asyncio.gather(*waiting, return_exceptions=True)

    at_desk(lookup, story)


def test_a_host_has_room_again_when_its_line_has_ended(lookup):
    async def story(desk):
        waiting = begun(desk, "slow.example.org", 41)
        await asyncio.wait(waiting, return_when=asyncio.FIRST_EXCEPTION)
        lookup.opened.set()
        await asyncio.gather(*waiting, return_exceptions=True)
        assert isinstance(await desk.entry("https://slow.example.org/one-more"), FetchError)

    at_desk(lookup, story)


def test_a_note_is_told_once_for_a_while():
    told = []

    async def story(desk):
        for number in range(3):
            await desk.entry(f"https://www.example.org/{number}")

    at_desk(Failing(PluginError("no")), story, told)
    assert told == ["the disk is full"]


# --- what is answered when it fails


@pytest.fixture
def client(tmp_path):
    """An application over a lookup that fails by an error, and what was told."""
    told = []

    def made(error):
        figures = Figures()
        gate = Gate(Serve(), frozenset({"testserver"}), lambda: 0.0)
        desk = Desk(Failing(error), figures, told.append)
        house = House(
            files=Files(tmp_path, told.append), desk=desk, gate=gate, figures=figures, state=None, names={}, is_open=True,
        )  # fmt: skip
        door = Door(application(house), gate, figures, tell=told.append, log=None)
        return TestClient(door, raise_server_exceptions=False), told

    return made


def test_an_error_of_ours_is_an_answer_with_its_message(client):
    asked, _told = client(LedgerError("ledger.sqlite3: is damaged"))
    for _ in range(2):
        said = asked.get("/parser?url=https://www.example.org/1")
        assert (said.status_code, said.json()) == (
            500,
            {"error": True, "message": "ledger.sqlite3: is damaged"},
        )


def test_a_fault_of_ours_is_answered_in_the_one_shape_and_told_in_the_log(client):
    asked, told = client(RuntimeError("a fault"))
    said = asked.get("/parser?url=https://www.example.org/1")
    assert (said.status_code, said.headers["Content-Type"]) == (500, "application/json; charset=utf-8")
    assert said.json() == {"error": True, "message": "the server has failed; its log tells more"}
    assert said.headers["X-Content-Type-Options"] == "nosniff"
    assert [line for line in told if line.startswith("GET /parser: failed: RuntimeError: a fault")]


@pytest.mark.parametrize("error", [FetchError, ListingError])
def test_a_long_address_does_not_push_out_the_reason(error):
    said = as_failure(error(f"https://www.example.org/{'a' * 900}", "is not had yet; ask again"))
    assert said["message"].startswith("https://www.example.org/")
    assert said["message"].endswith(": is not had yet; ask again")
    assert len(json.dumps(said)) < 600


@pytest.mark.parametrize("most", ["000000999999", "0" * 5000 + "1", "9" * 4401, "501", "+3", "-1"])
def test_how_many_articles_a_feed_may_have_is_checked_whole(client, most):
    asked, _told = client(RuntimeError("a fault"))
    said = asked.get(f"/feed?max={most}&url=https://www.example.org/feed")
    assert (said.status_code, said.json()["message"]) == (400, "max must be a whole number from 0 to 500")


# --- builds, and how the outlets fare


def test_a_fault_between_two_builds_does_not_end_building(tmp_path, monkeypatch):
    told, statuses, third = [], [], asyncio.Event()

    async def begins():
        pass

    async def ended(status):
        statuses.append(status)
        if len(statuses) == 3:
            third.set()
        raise RuntimeError("a fault")

    async def story():
        plan = Plan(config=tmp_path / "none.toml", output=tmp_path, every=0.0)
        builds = Builds(plan, begins=begins, ended=ended, tell=told.append)
        task = asyncio.create_task(builds.run())
        await asyncio.wait_for(third.wait(), 30)
        task.cancel()

    monkeypatch.setattr(Plan, "command", lambda _plan: ["true"])
    asyncio.run(story())
    assert statuses == [0, 0, 0]
    assert "build: failed: RuntimeError: a fault" in told[0]


def state_of(folder):
    settings = load_config(folder / "cleanfeed.toml")
    return State(settings, SimpleNamespace(outlets=())).told()


def test_a_ledger_that_cannot_be_read_is_no_lack_of_data(tmp_path):
    (tmp_path / "cleanfeed.toml").write_text('title = "t"\nbase_url = "https://x.example/"\n[auto]\n')
    assert state_of(tmp_path)["status"] == "no data"
    (tmp_path / ".cleanfeed").mkdir()
    (tmp_path / ".cleanfeed" / "ledger.sqlite3").write_bytes(b"no ledger at all" * 1000)
    told = state_of(tmp_path)
    assert told["status"] == "ill"
    assert "ledger.sqlite3" in told["problem"]
