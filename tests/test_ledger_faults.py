"""The ledger under bad treatment: broken, cut short, in use, read-only, of the future, on a full disk, killed."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from cleanfeed.errors import LedgerError
from cleanfeed.feeds import render
from cleanfeed.ledger import Ledger, store
from cleanfeed.ledger.schema import VERSION
from feedparts import SITE as FEEDS
from feedparts import feed
from ledgerparts import NOW, SITE, A, later, opened, take
from pluginparts import ROOT

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from pathlib import Path

FULL = os.environ.get("CLEANFEED_FULL") == "1"
KILLS = 300 if FULL else 25


def beside(path: Path, suffix: str) -> Path:
    return path.with_name(path.name + suffix)


@pytest.fixture
def path(tmp_path):
    """A ledger of forty articles, closed well, with their feed beside it."""
    with opened(tmp_path) as ledger:
        for number in range(40):
            take(ledger, f"{SITE}/{number}", text=f"{number} " * 300, content=f"<p>{number} </p>" * 300)
    with opened(tmp_path) as ledger:
        entries = [ledger.entry(id_) for id_ in ledger.entry_ids()]
    (tmp_path / "public").mkdir()
    for name, content in render(feed(*entries), FEEDS).items():
        (tmp_path / "public" / name).write_bytes(content)
    return tmp_path / "ledger.sqlite3"


def reopened(path: Path, at=NOW) -> Ledger:
    return Ledger.open(path, feeds=path.parent / "public", now=at)


def same_stamp(path: Path, data: bytes) -> None:
    """Other bytes in a file that looks as it did."""
    info = path.stat()
    path.write_bytes(data)
    os.utime(path, ns=(info.st_atime_ns, info.st_mtime_ns))


# --- damage


def pages_of(data: bytes) -> range:
    return range(1, len(data) // 4096)


def the_magic(data: bytes) -> bytes:
    return b"XQLite" + data[6:]


def the_page_size(data: bytes) -> bytes:
    return data[:16] + b"\x00\x07" + data[18:]


def the_write_version(data: bytes) -> bytes:
    return data[:18] + b"\x09\x09" + data[20:]


def the_schema_format(data: bytes) -> bytes:
    return data[:44] + b"\x00\x00\x00\x09" + data[48:]


def its_first_kilobyte(data: bytes) -> bytes:
    return b"\xff" * 1024 + data[1024:]


def cut_in_half(data: bytes) -> bytes:
    return data[: len(data) // 2]


def cut_by_a_byte(data: bytes) -> bytes:
    return data[:-1]


def cut_in_the_header(data: bytes) -> bytes:
    return data[:50]


def a_page_of_noise(data: bytes) -> bytes:
    noise = random.Random(3).randbytes(4096)
    return data[: 4096 * 5] + noise + data[4096 * 6 :]


def many_pages_of_noise(data: bytes) -> bytes:
    draw = random.Random(4)
    return b"".join(
        draw.randbytes(4096) if page and draw.random() < 0.3 else data[page * 4096 : page * 4096 + 4096]
        for page in range(len(data) // 4096)
    )


def a_zeroed_page(data: bytes) -> bytes:
    return data[: 4096 * 3] + bytes(4096) + data[4096 * 4 :]


def all_zeros(data: bytes) -> bytes:
    return bytes(len(data))


def a_text_file(data: bytes) -> bytes:
    return b"title = 'Clean feeds'\n" * 400


def nothing_at_all(data: bytes) -> bytes:
    return b""


def another_program_s(data: bytes) -> bytes:
    return changed(data, "PRAGMA application_id = 7")


def a_version_that_never_was(data: bytes) -> bytes:
    return changed(data, "PRAGMA user_version = 0")


def a_negative_version(data: bytes) -> bytes:
    return changed(data, "PRAGMA user_version = -3")


def without_a_table(data: bytes) -> bytes:
    return changed(data, "DROP TABLE pages")


def without_contents(data: bytes) -> bytes:
    return changed(data, "DELETE FROM contents WHERE number = 3")


def changed(data: bytes, query: str) -> bytes:
    with closing(sqlite3.connect(":memory:")) as base:
        # In memory there is no write-ahead log.
        base.deserialize(data[:18] + b"\x01\x01" + data[20:])
        base.execute(query)
        base.commit()
        return base.serialize()


def one_bit_of_a_content(data: bytes) -> bytes:
    with closing(sqlite3.connect(":memory:")) as base:
        base.deserialize(data[:18] + b"\x01\x01" + data[20:])
        content = base.execute("SELECT data FROM contents WHERE number = 7").fetchone()[0]
    place = data.index(content[-40:])
    return data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :]


DAMAGE = [
    the_magic, the_page_size, the_write_version, the_schema_format, its_first_kilobyte, cut_in_half, cut_by_a_byte,
    cut_in_the_header, a_page_of_noise, many_pages_of_noise, a_zeroed_page, all_zeros, a_text_file, nothing_at_all,
    another_program_s, a_version_that_never_was, a_negative_version, without_a_table, without_contents,
    one_bit_of_a_content,
]  # fmt: skip


@pytest.mark.parametrize("spoil", DAMAGE, ids=lambda spoil: spoil.__name__)
def test_a_damaged_ledger_is_set_aside_and_made_anew_from_the_feeds(path, spoil):
    spoilt = spoil(path.read_bytes())
    with reopened(path) as ledger:
        before = {id_: ledger.entry(id_) for id_ in ledger.entry_ids()}
    path.write_bytes(spoilt)
    with reopened(path) as ledger:
        assert ledger.recovered
        assert {id_: ledger.entry(id_).title for id_ in ledger.entry_ids()} == {
            id_: entry.title for id_, entry in before.items()
        }
        (problem,) = ledger.problems
        assert ledger.notes
    aside = path.with_name("ledger.sqlite3.corrupt-20261014T080000Z")
    assert aside.read_bytes() == spoilt, "nothing is lost"
    for said in (str(path), "damaged", aside.name, "40 entries"):
        assert said in str(problem)
    with reopened(path) as ledger:
        assert not ledger.recovered
        assert not ledger.problems
        assert len(ledger.entry_ids()) == 40


def test_damage_at_random_is_never_a_traceback_and_never_loses_an_id(path):
    """Either it goes unnoticed because it hit nothing, or the ledger is made anew; no entry is ever another."""
    whole = path.read_bytes()
    with reopened(path) as ledger:
        before = {id_: ledger.entry(id_) for id_ in ledger.entry_ids()}
    for seed in range(200 if FULL else 40):
        draw = random.Random(seed)
        start = draw.randrange(len(whole))
        length = draw.choice([1, 16, 512, 4096, 20_000])
        path.write_bytes((whole[:start] + draw.randbytes(length) + whole[start + length :])[: len(whole)])
        with reopened(path, later(seconds=seed)) as ledger:
            assert {id_: ledger.entry(id_).title for id_ in ledger.entry_ids()} == {
                id_: entry.title for id_, entry in before.items()
            }, seed
            assert len(ledger.addresses("harbour")) == 40


def test_two_ledgers_that_are_set_aside_in_one_second_are_both_kept(path):
    for content in (b"one " * 100, b"two " * 100):
        path.write_bytes(content)
        reopened(path).close()
    kept = [each for each in path.parent.glob("*.corrupt-*") if "-wal" not in each.name]
    assert sorted(each.read_bytes()[:3] for each in kept) == [b"one", b"two"]


def test_the_log_of_a_damaged_ledger_is_set_aside_with_it(path):
    path.write_bytes(a_text_file(b""))
    beside(path, "-wal").write_bytes(b"what was not yet in it")
    reopened(path).close()
    (log,) = path.parent.glob("*.corrupt-*-wal")
    assert log.read_bytes() == b"what was not yet in it"


def test_a_log_without_its_ledger_is_set_aside(path):
    path.unlink()
    beside(path, "-wal").write_bytes(b"what was not yet in it")
    with reopened(path) as ledger:
        assert ledger.recovered
    (log,) = path.parent.glob("*.corrupt-*-wal")
    assert log.read_bytes() == b"what was not yet in it"


def test_an_empty_file_that_never_was_a_ledger_becomes_one(tmp_path):
    (tmp_path / "ledger.sqlite3").touch()
    with opened(tmp_path) as ledger:
        assert ledger.is_fresh
        assert not ledger.recovered


def test_a_ledger_that_was_begun_and_not_finished_is_finished(tmp_path):
    with closing(sqlite3.connect(tmp_path / "ledger.sqlite3")) as base:
        base.execute("PRAGMA journal_mode = WAL")
    with opened(tmp_path) as ledger:
        assert ledger.is_fresh
        assert not ledger.recovered
        take(ledger)


def read_all(path: Path) -> None:
    with reopened(path) as ledger:
        for id_ in ledger.entry_ids():
            ledger.entry(id_)


def test_damage_that_is_met_on_the_way_is_said_and_mended_by_the_next_opening(path):
    same_stamp(path, one_bit_of_a_content(path.read_bytes()))
    with pytest.raises(LedgerError, match=r"ledger\.sqlite3: the ledger is damaged.*next build"):
        read_all(path)
    with reopened(path) as ledger:
        assert ledger.recovered
    read_all(path)


def test_a_damaged_raw_page_is_had_again(path):
    address = f"{SITE}/7"
    with reopened(path) as ledger:
        ledger._store.do(
            "UPDATE raws SET data = x'00' WHERE number = (SELECT number FROM pages WHERE address = ?)",
            [address],
        )
        assert ledger.raw(address) is None
        (row,) = (
            row for row in ledger.recheck(["harbour"], ledger.entry_ids(), NOW) if row.address == address
        )
        assert row.etag is None
        assert not row.has_raw


def test_a_page_that_breaks_while_it_is_in_use_is_no_traceback(path):
    same_stamp(path, many_pages_of_noise(path.read_bytes()))

    def use() -> None:
        with reopened(path) as ledger:
            for id_ in ledger.entry_ids():
                ledger.entry(id_)
            for number in range(40):
                ledger.raw(f"{SITE}/{number}")
            take(ledger)

    with pytest.raises(LedgerError, match="damaged"):
        use()
    with reopened(path) as ledger:
        assert ledger.recovered
        take(ledger)


def test_a_ledger_that_is_as_it_was_left_is_not_looked_through(path, monkeypatch):
    def never(found):
        raise AssertionError("looked through")

    monkeypatch.setattr("cleanfeed.ledger.check.look_through", never)
    reopened(path).close()
    os.utime(path)
    with pytest.raises(AssertionError, match="looked through"):
        reopened(path)


@pytest.mark.parametrize("spoil", [lambda seal: seal.unlink(), lambda seal: seal.write_bytes(b"\xff\x00")])
def test_without_its_seal_a_ledger_is_looked_through_and_sealed_again(path, spoil):
    spoil(beside(path, ".seal"))
    with reopened(path) as ledger:
        assert not ledger.recovered
    assert beside(path, ".seal").read_text("ascii").strip().isascii()
    assert reopened(path)._store.was_sealed


def test_a_ledger_with_a_log_beside_it_is_looked_through(path):
    with reopened(path) as ledger:
        take(ledger)
        ledger.commit()
        shutil.copytree(
            path.parent, path.parent / "killed", ignore=shutil.ignore_patterns("killed", "public")
        )
    left = path.parent / "killed" / path.name
    assert beside(left, ".seal").read_text() == f"{left.stat().st_size} {left.stat().st_mtime_ns}\n"
    with reopened(left) as ledger:
        assert not ledger._store.was_sealed
        assert ledger.is_known(A)


# --- what cannot be used as it is


def refusal(path: Path) -> str:
    with pytest.raises(LedgerError) as caught:
        reopened(path)
    assert str(path) in str(caught.value)
    return str(caught.value)


def test_a_ledger_of_a_newer_version_is_refused_and_left_alone(path):
    with closing(sqlite3.connect(path)) as base:
        base.execute(f"PRAGMA user_version = {VERSION + 1}")
    before = {file.name: file.read_bytes() for file in path.parent.iterdir() if file.is_file()}
    said = refusal(path)
    assert f"newer version ({VERSION + 1}; this cleanfeed knows {VERSION})" in said
    assert "upgrade cleanfeed, or name another ledger" in said
    assert {file.name: file.read_bytes() for file in path.parent.iterdir() if file.is_file()} == before


def test_a_ledger_in_use_is_refused_after_a_while_and_left_alone(path, monkeypatch):
    monkeypatch.setattr(store, "BUSY", 0.3)
    with closing(sqlite3.connect(path)) as base:
        base.execute("BEGIN EXCLUSIVE")
        start = time.monotonic()
        said = refusal(path)
        assert 0.2 < time.monotonic() - start < 3
        base.rollback()
    assert "in use by another program; wait for it or end it" in said
    with reopened(path) as ledger:
        assert not ledger.recovered


def test_a_ledger_in_use_for_a_moment_is_waited_for(path):
    holder = f"import sqlite3, time; b = sqlite3.connect({str(path)!r}); b.execute('BEGIN EXCLUSIVE'); print('go', flush=True); time.sleep(1)"
    with subprocess.Popen([sys.executable, "-c", holder], stdout=subprocess.PIPE) as process:
        assert process.stdout
        process.stdout.readline()
        with reopened(path) as ledger:
            take(ledger)


@pytest.mark.parametrize(
    "make, reason",
    [
        (lambda path: path.mkdir(), "it is a folder"),
        (os.mkfifo, "it is no ordinary file"),
        (lambda path: path.symlink_to("/dev/null"), "it is no ordinary file"),
    ],
)
def test_what_is_no_file_is_refused(tmp_path, make, reason):
    path = tmp_path / "ledger.sqlite3"
    make(path)
    assert reason in refusal(path)


def test_a_folder_that_cannot_be_made_is_refused(tmp_path):
    (tmp_path / "file").touch()
    assert "its folder cannot be made" in refusal(tmp_path / "file" / "ledger.sqlite3")


def test_looking_at_a_ledger_that_is_not_there_makes_none(tmp_path):
    with pytest.raises(LedgerError, match="there is no ledger yet"):
        Ledger.look(tmp_path / "ledger.sqlite3", now=NOW)
    assert list(tmp_path.iterdir()) == []


def test_looking_at_a_damaged_ledger_says_so_and_leaves_it(path):
    path.write_bytes(a_text_file(b""))
    with pytest.raises(LedgerError, match="damaged"):
        Ledger.look(path, now=NOW)
    assert path.read_bytes() == a_text_file(b"")


def test_looking_changes_nothing(path):
    with Ledger.look(path, now=NOW) as ledger, pytest.raises(LedgerError):
        ledger.remember("a", "b")


# --- other processes

SCRIPT = """
import sys
sys.path[:0] = {paths!r}
from pathlib import Path
from cleanfeed.errors import LedgerError
from ledgerparts import *
path = Path({path!r})
"""


def script(path: Path, body: str) -> list[str]:
    paths = [str(ROOT / "src"), str(ROOT / "plugins"), str(ROOT / "tests")]
    return [sys.executable, "-c", SCRIPT.format(paths=paths, path=str(path)) + body]


USE = """
try:
    with opened(path.parent) as ledger:
        take(ledger)
except LedgerError as error:
    print(error)
"""


@pytest.mark.parametrize("mode", [0o444, 0o000])
def test_a_ledger_that_may_not_be_written_is_refused_and_left_alone(path, mode):
    if os.geteuid() == 0 and not shutil.which("setpriv"):
        pytest.skip("root may write everywhere")
    as_anybody = ["setpriv", "--bounding-set=-all", "--inh-caps=-all"] if os.geteuid() == 0 else []
    before = path.read_bytes()
    path.chmod(mode)
    path.parent.chmod(0o555)
    done = subprocess.run(
        [*as_anybody, *script(path, USE)], capture_output=True, text=True, check=False, timeout=60
    )
    path.parent.chmod(0o755)
    assert done.stderr == ""
    assert f"{path}: the ledger cannot be opened (Permission denied)" in done.stdout
    assert "make the file and its folder writable, or name another ledger" in done.stdout
    assert path.read_bytes() == before


FILL = """
import resource
resource.setrlimit(resource.RLIMIT_FSIZE, ({limit}, {limit}))
import random
done = 0
try:
    with opened(path.parent) as ledger:
        for number in range(100):
            take(ledger, f"https://full.example/{{number}}", random.Random(number).randbytes(30_000))
            ledger.commit()
            done += 1
except LedgerError as error:
    print(error)
print(done)
"""


@pytest.mark.parametrize("room", [0, 40_000, 300_000, 1_500_000])
def test_a_full_disk_is_said_and_costs_nothing_that_was_finished(path, room):
    limit = path.stat().st_size + room
    done = subprocess.run(
        script(path, FILL.format(limit=limit)), capture_output=True, text=True, check=False, timeout=60
    )
    assert done.stderr == ""
    error, count = done.stdout.splitlines()
    assert f"{path}: the ledger cannot be written" in error
    assert "disk is full" in error
    with reopened(path) as ledger:
        assert not ledger.recovered
        kept = {each for each in ledger.addresses("harbour") if "full.example" in each}
        assert kept == {f"https://full.example/{number}" for number in range(int(count))}
        assert len(ledger.entry_ids()) == 40 + int(count)


# --- killed

WRITE = """
with opened(path.parent) as ledger:
    for build in itertools.count(int(ledger.note("builds") or -1) + 1):
        for number in range(10):
            url = f"https://killed.example/{build}/{number}"
            ledger.listed("harbour", [link(url)], NOW)
            ledger.had(url, answer(url, bytes(20_000)))
            entry = story(url)
            ledger.put(entry, url, NOW)
            ledger.read(url, "code", entry=entry.id)
        ledger.remember("builds", str(build))
        ledger.commit()
        os.write(1, b"%d\\n" % build)
"""
NAIVE = """
file = path.with_name("naive.json")
known = json.loads(file.read_text()) if file.exists() else {}
for build in itertools.count(len(known) // 10):
    for number in range(10):
        known[f"https://killed.example/{build}/{number}"] = "x" * 20_000
    file.write_text(json.dumps(known))
    os.write(1, b"%d\\n" % build)
"""
OPEN = """
while True:
    with opened(path.parent):
        pass
    for each in path.parent.glob("ledger*"):
        each.unlink()
"""
SPAWN = """
import itertools, json, os
for _ in sys.stdin:
    child = os.fork()
    if child == 0:
        os.write(1, b"%d\\n" % os.getpid())
        exec({body!r})
        os._exit(0)
    os.waitpid(child, 0)
    os.write(1, b"dead\\n")
"""


def kills(path: Path, body: str, count: int, draw: random.Random) -> Iterator[list[int]]:
    """Runs a program again and again, and kills it at any moment; gives what it has printed until then."""
    command = script(path, SPAWN.format(body=body))
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as spawner:
        assert spawner.stdin
        assert spawner.stdout
        for _ in range(count):
            spawner.stdin.write("go\n")
            spawner.stdin.flush()
            child = int(spawner.stdout.readline())
            time.sleep(draw.random() * 0.15)
            os.kill(child, signal.SIGKILL)
            yield [int(line) for line in iter(spawner.stdout.readline, "dead\n")]
        spawner.stdin.close()


def builds_of(ledger: Ledger) -> dict[int, int]:
    """How many pages of each build are in the ledger."""
    return Counter(int(address.split("/")[3]) for address in ledger.addresses("harbour"))


def check_killed(path: Path, committed: Collection[int]) -> int:
    """What a killed program must have left; gives how many of its builds are in the ledger."""
    with closing(sqlite3.connect(path)) as base:
        assert base.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    with opened(path.parent) as ledger:
        assert not ledger.recovered
        found = builds_of(ledger)
        assert set(found.values()) <= {10}, "an outlet is in it whole, or not at all"
        assert found.keys() >= set(committed), "what was committed lasts"
        assert len(ledger.entry_ids()) == 10 * len(found)
        assert all(ledger.get(id_) for id_ in list(ledger.entry_ids())[-30:])
    return len(found)


def test_a_build_that_is_killed_leaves_a_sound_ledger_and_no_half_outlet(tmp_path):
    path, most, written = tmp_path / "ledger.sqlite3", 0, 0
    for number, committed in enumerate(kills(path, WRITE, KILLS, random.Random(11)), 1):
        if path.exists():
            most = check_killed(path, {*range(most), *committed})
            written += len(committed)
        if number % 25 == 0:  # a small ledger is checked sooner
            for file in tmp_path.glob("ledger*"):
                file.unlink()
            most = 0
    assert written > KILLS / 10, "the program had time to do something"


def test_a_ledger_that_is_simply_written_anew_would_be_torn(tmp_path):
    torn = 0
    for _committed in kills(tmp_path / "ledger.sqlite3", NAIVE, 25, random.Random(12)):
        file = tmp_path / "naive.json"
        try:
            json.loads(file.read_text() if file.exists() else "{}")
        except ValueError:
            torn += 1
            file.unlink()
    assert torn


def test_a_ledger_that_is_killed_while_it_is_made_can_be_made_again(tmp_path):
    for _ in kills(tmp_path / "ledger.sqlite3", OPEN, KILLS, random.Random(13)):
        with opened(tmp_path) as ledger:
            assert not ledger.recovered
            assert take(ledger, A)
        for file in tmp_path.glob("ledger*"):
            file.unlink()


def test_an_older_version_is_brought_up_to_this_one_in_one_step(path, monkeypatch):
    steps = (*store.STEPS, ("CREATE TABLE further (a TEXT)", "INSERT INTO further VALUES ('yes')"))
    for module in ("store", "check"):
        monkeypatch.setattr(f"cleanfeed.ledger.{module}.STEPS", steps)
        monkeypatch.setattr(f"cleanfeed.ledger.{module}.VERSION", VERSION + 1)
    with reopened(path) as ledger:
        assert ledger._store.all("SELECT a FROM further") == [("yes",)]
        assert len(ledger.entry_ids()) == 40
    with reopened(path) as ledger:
        assert ledger._store.all("SELECT a FROM further") == [("yes",)]


OLDER = """
    DROP INDEX pages_missing;
    ALTER TABLE pages DROP COLUMN dated;
    ALTER TABLE pages DROP COLUMN read_type;
    ALTER TABLE pages DROP COLUMN missing_since;
    PRAGMA user_version = 1;
"""
"""What makes a ledger one of the first version again."""


def test_a_ledger_of_the_first_version_is_looked_at_as_it_is_and_brought_up_by_a_build(path):
    with closing(sqlite3.connect(path)) as base:
        base.executescript(OLDER)
    before = path.read_bytes()
    with Ledger.look(path, now=NOW) as ledger:
        page = ledger.page(f"{SITE}/7")
        assert page.entry in ledger.entry_ids()
        assert page.dated is None
    assert path.read_bytes() == before
    with reopened(path) as ledger:
        assert not ledger.recovered
        assert len(ledger.entry_ids()) == 40
        assert ledger.page(f"{SITE}/7").missing_since is None
        assert ledger._store.number("SELECT count(*) FROM pages WHERE read_type = 'text/html'") == 40
        assert ledger._store.number("PRAGMA user_version") == VERSION


def test_a_step_that_fails_leaves_the_older_version(path, monkeypatch):
    for module in ("store", "check"):
        monkeypatch.setattr(
            f"cleanfeed.ledger.{module}.STEPS", (*store.STEPS, ("CREATE TABLE further (a)", "NONSENSE"))
        )
        monkeypatch.setattr(f"cleanfeed.ledger.{module}.VERSION", VERSION + 1)
    with pytest.raises(LedgerError, match="cannot be used"):
        reopened(path)
    monkeypatch.undo()
    with reopened(path) as ledger:
        assert not ledger.recovered
        assert len(ledger.entry_ids()) == 40
