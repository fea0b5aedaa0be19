"""Builds from the web on a machine that has its own troubles: two at once, kills, signals, ledgers that are broken."""

from __future__ import annotations

import os
import re
import shutil
import signal
import sqlite3
import subprocess
import time
from pathlib import Path

import pytest

from liveparts import begin, build, command, contents, environment, good, items, stamps, until
from newsroom import Newsroom

LEDGER = Path(".cleanfeed") / "ledger.sqlite3"


@pytest.fixture
def arise():
    with Newsroom(["arise"]) as room:
        room.publish("arise", 8)
        yield room


def urls(found):
    return sorted(item["url"] for item in found)


def published(room):
    return sorted(article.url for article in room.articles("arise"))


# --- two at once


def test_the_second_of_two_builds_ends_soon_and_names_the_first(arise, tmp_path, injected):
    arise.slow(1.0)
    config = arise.config(tmp_path)
    first = begin(config)
    until(lambda: len(arise.log))
    second = build(config)
    assert second.status == 2
    assert second.seconds < 3
    assert re.search(rf"\b{first.pid}\b", second.err)
    out, err = first.communicate(timeout=60)
    assert first.returncode == 0, out + err
    assert urls(items(tmp_path / "public")) == published(arise)
    injected("B3")


def test_a_build_that_waits_has_its_turn(arise, tmp_path, injected):
    arise.slow(0.3)
    config = arise.config(tmp_path)
    first = begin(config)
    until(lambda: len(arise.log))
    second = build(config, "--wait", "60")
    assert first.wait(1) == 0  # it was done before
    assert second.status == 0, second
    first.communicate()
    injected("B3")


def test_waiting_has_an_end(arise, tmp_path, injected):
    arise.slow(2.0)
    config = arise.config(tmp_path)
    first = begin(config)
    until(lambda: len(arise.log))
    second = build(config, "--wait", "1")
    assert second.status == 2
    assert 0.9 < second.seconds < 5
    first.terminate()
    first.communicate(timeout=30)
    injected("B3")


def test_of_eight_builds_at_once_one_builds(arise, tmp_path, injected):
    arise.slow(0.5)
    config = arise.config(tmp_path)
    builds = [begin(config) for _ in range(8)]
    said = [each.communicate(timeout=90)[1] for each in builds]
    assert sorted(each.returncode for each in builds) == [0] + [2] * 7
    winner = next(each.pid for each in builds if each.returncode == 0)
    assert sum(bool(re.search(rf"\b{winner}\b", err)) for err in said) == 7
    injected("B3", 8)


# --- ends that nobody planned


@pytest.mark.parametrize("requests", [1, 4, 9])
def test_a_build_after_one_that_was_killed_is_a_good_one(arise, tmp_path, requests, injected):
    arise.slow(0.1)
    config = arise.config(tmp_path)
    doomed = begin(config)
    until(lambda: len(arise.log) >= requests)
    os.killpg(doomed.pid, signal.SIGKILL)
    doomed.communicate()
    arise.slow(0.0)
    built = good(config)
    assert urls(built.items()) == published(arise)
    injected("B4")


def test_what_was_fetched_before_a_kill_is_not_fetched_in_full_again(tmp_path):
    with Newsroom(["town-1"]) as room:
        room.publish("town-1", 140)
        room.fail("town-1", "404", path=r"/feed\.xml")  # which lists too few
        room.slow(0.02)
        config, plugin = room.config(tmp_path), room.plugin(tmp_path)
        doomed = begin(config, "--plugin", plugin)
        until(lambda: in_full(room) >= 110)
        os.killpg(doomed.pid, signal.SIGKILL)
        doomed.communicate()
        mark = len(room.log)
        room.slow(0.0)
        built = build(config, "--plugin", plugin)
        assert len(built.items()) == 140
        assert in_full(room, mark) <= 90  # what was not yet on disk, and what came after


def in_full(room, mark=0):
    return sum(each.path.startswith("/story/") and each.status == 200 for each in room.log.since(mark))


@pytest.mark.parametrize("number, status", [(signal.SIGTERM, 143), (signal.SIGINT, 130)])
def test_a_signal_ends_a_build_cleanly(arise, tmp_path, number, status):
    config = arise.config(tmp_path)
    before = contents(good(config).folder, ["everything", "arise"])
    arise.publish("arise", 8)
    arise.slow(0.4)
    mark = len(arise.log)
    build_ = begin(config)
    until(lambda: len(arise.log) > mark + 4)
    began = time.monotonic()
    build_.send_signal(number)
    _, err = build_.communicate(timeout=20)
    assert build_.returncode == status, err
    assert time.monotonic() - began < 6
    assert "Traceback" not in err
    assert contents(tmp_path / "public", ["everything", "arise"]) == before
    assert not list((tmp_path / "public").glob("*.tmp"))
    arise.slow(0.0)
    assert urls(good(config).items()) == published(arise)


def test_a_build_that_is_signalled_leaves_no_process_behind(arise, tmp_path):
    arise.slow(0.4)
    build_ = begin(arise.config(tmp_path))
    until(lambda: len(arise.log) > 3)
    build_.terminate()
    build_.communicate(timeout=20)
    with pytest.raises(ProcessLookupError):
        os.killpg(build_.pid, 0)


# --- the ledger


def a_header(ledger: Path) -> None:
    data = bytearray(ledger.read_bytes())
    data[:16] = b"no sqlite at all"
    ledger.write_bytes(data)


def a_half(ledger: Path) -> None:
    ledger.write_bytes(ledger.read_bytes()[: ledger.stat().st_size // 2])


def a_page_of_noise(ledger: Path) -> None:
    data = bytearray(ledger.read_bytes())
    for start in range(4096, len(data), 8192):
        data[start : start + 4096] = bytes((i * 31) % 251 for i in range(4096))
    ledger.write_bytes(data[: ledger.stat().st_size])


def nothing(ledger: Path) -> None:
    ledger.write_bytes(b"")


def text(ledger: Path) -> None:
    ledger.write_text("title = 'this is another file'\n" * 500, "utf-8")


def another_schema(ledger: Path) -> None:
    ledger.unlink()
    database = sqlite3.connect(ledger)
    database.execute("create table shopping (what text)")
    database.commit()
    database.close()


def settled(config: Path) -> Path:
    """The ledger, with nothing of it in a file beside it."""
    ledger = config.parent / LEDGER
    database = sqlite3.connect(ledger)
    database.execute("pragma wal_checkpoint(truncate)")
    database.close()
    for suffix in ("-wal", "-shm"):
        ledger.with_name(ledger.name + suffix).unlink(missing_ok=True)
    return ledger


@pytest.mark.parametrize("spoil", [a_header, a_half, a_page_of_noise, text, another_schema])
def test_a_broken_ledger_is_set_aside_and_rebuilt_from_the_feeds(arise, tmp_path, spoil, injected):
    config = arise.config(tmp_path)
    before = good(config).items()
    spoil(settled(config))
    new = arise.publish("arise", 1)[0]
    built = build(config)
    assert built.status == 1, built
    assert "ledger" in built.err
    assert list((tmp_path / ".cleanfeed").glob("*corrupt*"))
    after = built.items()
    # Pages tell the minute alone, so the new one need not be the first of its minute.
    assert [item["id"] for item in after if item["url"] != new.url] == [item["id"] for item in before]
    assert new.url in {item["url"] for item in after}
    assert good(config).items() == after
    injected("B4")


def test_an_empty_ledger_file_loses_no_entry(arise, tmp_path, injected):
    config = arise.config(tmp_path)
    before = good(config).items()
    nothing(settled(config))
    built = build(config)
    assert [item["id"] for item in built.items()] == [item["id"] for item in before]
    assert good(config).items() == built.items()
    injected("B4")


def test_entries_that_no_listing_names_any_more_outlive_the_ledger(arise, tmp_path):
    config = arise.config(tmp_path)
    old = {item["id"]: item["title"] for item in good(config).items()}
    arise.publish("arise", 60)  # the feed lists 30
    good(config)
    text(settled(config))
    for article in arise.articles("arise"):
        arise.fail(article, "500")
    after = {item["id"]: item["title"] for item in build(config).items()}
    assert old.items() <= after.items()


def test_a_ledger_of_a_newer_version_is_refused_and_left_alone(arise, tmp_path, injected):
    config = arise.config(tmp_path)
    good(config)
    ledger = settled(config)
    database = sqlite3.connect(ledger)
    database.execute("pragma user_version = 9999")
    database.commit()
    database.close()
    ledger = settled(config)
    before, files = ledger.read_bytes(), stamps(tmp_path / "public")
    arise.publish("arise", 1)
    built = build(config)
    assert built.status == 2
    assert "ledger" in built.err
    assert "newer" in built.err
    assert ledger.read_bytes() == before
    assert stamps(tmp_path / "public") == files
    assert not list((tmp_path / ".cleanfeed").glob("*corrupt*"))
    injected("B4")


def test_a_ledger_that_cannot_be_written_is_refused_and_left_alone(arise, tmp_path):
    if os.geteuid() == 0 and not shutil.which("setpriv"):
        pytest.skip("root may write everywhere")
    config = arise.config(tmp_path)
    good(config)
    ledger = settled(config)
    ledger.chmod(0o444)
    ledger.parent.chmod(0o555)
    before, files = ledger.read_bytes(), stamps(tmp_path / "public")
    drop = ["setpriv", "--bounding-set=-all", "--inh-caps=-all"] if os.geteuid() == 0 else []
    done = subprocess.run(
        [*drop, *command(config)], capture_output=True, text=True, check=False, env=environment(), timeout=60
    )
    ledger.parent.chmod(0o755)
    assert done.returncode == 2, done.stderr
    assert "ledger" in done.stderr
    assert "Traceback" not in done.stderr
    assert ledger.read_bytes() == before
    assert stamps(tmp_path / "public") == files


def test_a_ledger_that_is_gone_gives_the_same_ids_and_entries(arise, tmp_path):
    config = arise.config(tmp_path)
    before = good(config).items()
    shutil.rmtree(tmp_path / ".cleanfeed")
    assert build(config).items() == before


# --- what is printed


def test_titles_give_no_orders_to_the_runner_and_none_to_the_terminal(arise, tmp_path):
    titles = (
        "::error::taken over by a title of the coast",
        "A harbour ##[error]taken over in the middle of it",
        "\x1b]0;another window\x07 A harbour and its \x1b[2J ferry",
        "A harbour\r\n::set-output name=x::y and a line more",
    )
    for article, title in zip(arise.articles("arise"), titles, strict=False):
        arise.edit(article, title=title.replace("\x1b", "&#27;").replace("\x07", "&#7;"))
        arise.fail(article, "early")
    built = build(arise.config(tmp_path), GITHUB_ACTIONS="true")
    for line in (built.out + built.err).splitlines():
        assert not line.lstrip().startswith("::"), line
        assert "##[" not in line
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]", built.out + built.err)


def test_nothing_is_said_on_standard_error_where_nothing_is_wrong(arise, tmp_path):
    config = arise.config(tmp_path)
    assert good(config).err == ""
    arise.publish("arise", 1)
    assert good(config).err == ""
