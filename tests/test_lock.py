"""One build at a time: the second is told who is at work, and a dead holder keeps nobody out."""

from __future__ import annotations

import fcntl
import json
import os
import re
import signal
import socket
import stat
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from cleanfeed.errors import Locked, PublishError
from cleanfeed.lock import hold, is_held
from cliparts import environment

OURS = "from cleanfeed.lock import hold"
NAIVE = """
from contextlib import contextmanager
import fcntl, os
@contextmanager
def hold(path, *, wait=0):
    # As it is mostly written: the lock lives as long as any copy of its descriptor.
    handle = os.open(path, os.O_RDWR | os.O_CREAT)
    fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    yield
"""
HEAD = """
import os, sys, time
from pathlib import Path
from cleanfeed.errors import CleanfeedError
{hold}
path = Path(sys.argv[1])
"""
HOLDER = HEAD + "with hold(path):\n    print(os.getpid(), flush=True)\n    time.sleep(60)\n"
FORKER = (
    HEAD
    + """
with hold(path):
    child = os.fork()
    if child == 0:
        time.sleep(60)
        os._exit(0)
    print(child, flush=True)
    time.sleep(60)
"""
)
RUNNER = (
    HEAD
    + """
print("ready", flush=True)
sys.stdin.readline()
try:
    with hold(path):
        print("ran", os.getpid(), flush=True)
        sys.stdin.readline()
except CleanfeedError as error:
    print("locked", error, flush=True)
"""
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / ".cleanfeed" / "lock"


@pytest.fixture
def start():
    """Starts a script; all that were started are killed at the end."""
    running: list[subprocess.Popen[str]] = []

    def started(script: str, path: Path, writer: str = OURS) -> subprocess.Popen[str]:
        command = [sys.executable, "-c", script.format(hold=writer), str(path)]
        process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment({})
        )
        running.append(process)
        return process

    yield started
    for process in running:
        process.kill()
        process.communicate()


def line_of(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def seconds_to_lock(path: Path, limit: float = 5) -> float:
    began = time.monotonic()
    with hold(path, wait=limit):
        return time.monotonic() - began


# --- one at a time


def test_of_eight_builds_at_once_one_runs_and_seven_name_it(path, start):
    processes = [start(RUNNER, path) for _ in range(8)]
    assert [line_of(process) for process in processes] == ["ready"] * 8
    for process in processes:
        process.stdin.write("\n")
        process.stdin.flush()
    lines = [line_of(process) for process in processes]
    ran = [line.split()[1] for line in lines if line.startswith("ran")]
    locked = [line for line in lines if line.startswith("locked")]
    assert (len(ran), len(locked)) == (1, 7)
    assert all(f"(process {ran[0]} on " in line for line in locked)


def test_the_second_names_process_host_time_and_file_and_what_to_do(path):
    with hold(path), pytest.raises(Locked) as caught, hold(path):
        pass
    host = re.escape(socket.gethostname())
    assert re.fullmatch(
        rf"another build is at work \(process {os.getpid()} on {host} since \d{{4}}-\d\d-\d\dT\d\d:\d\d:\d\dZ; "
        rf"lock {re.escape(str(path))}\); wait for it with --wait SECONDS",
        str(caught.value),
    )


def test_two_threads_of_one_process_are_kept_apart(path):
    found: list[str] = []

    def second() -> None:
        try:
            with hold(path):
                found.append("ran")
        except Locked:
            found.append("locked")

    with hold(path):
        thread = threading.Thread(target=second)
        thread.start()
        thread.join()
    assert found == ["locked"]


def test_the_lock_can_be_had_again_and_again_and_leaves_no_file(path):
    for _ in range(50):
        with hold(path):
            assert path.exists()
    assert list(path.parent.iterdir()) == []


def test_it_is_let_go_when_the_build_fails(path):
    with pytest.raises(ZeroDivisionError), hold(path):
        _ = 1 / 0
    assert seconds_to_lock(path) < 1


def test_the_file_is_its_owners_alone(path):
    with hold(path):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


BUSY = (
    HEAD
    + """
turns = 0
end = time.monotonic() + 2
inside = path.with_name("inside")
while time.monotonic() < end:
    try:
        with hold(path):
            os.close(os.open(inside, os.O_CREAT | os.O_EXCL))
            inside.unlink()
            turns += 1
    except CleanfeedError:
        pass
print(turns)
"""
)


def test_a_file_that_is_taken_away_at_the_end_never_lets_two_in(path, start):
    path.parent.mkdir()
    processes = [start(BUSY, path) for _ in range(4)]
    turns = [line_of(process) for process in processes]
    assert [process.wait() for process in processes] == [0] * 4
    assert sum(map(int, turns)) > 20


# --- death


@pytest.mark.parametrize("script", [HOLDER, FORKER], ids=["alone", "with a living child"])
def test_a_killed_holder_frees_the_lock_at_once(path, start, script):
    holder = start(script, path)
    told = int(line_of(holder))
    holder.kill()
    holder.wait()
    try:
        assert seconds_to_lock(path) < 1
    finally:
        if script is FORKER:
            os.kill(told, signal.SIGKILL)


def test_a_child_would_keep_a_naive_lock_of_its_killed_parent(path, start):
    path.parent.mkdir()
    holder = start(FORKER, path, NAIVE)
    child = int(line_of(holder))
    holder.kill()
    holder.wait()
    try:
        with pytest.raises(Locked), hold(path, wait=1):
            pass
    finally:
        os.kill(child, signal.SIGKILL)


def test_what_a_dead_holder_wrote_is_not_told_of_its_successor(path, start):
    holder = start(HOLDER, path)
    dead = line_of(holder)
    holder.kill()
    holder.wait()
    with hold(path), pytest.raises(Locked) as caught, hold(path):
        pass
    assert f"process {dead} " not in str(caught.value)
    assert f"process {os.getpid()} " in str(caught.value)


CHILD_UNWINDS = (
    HEAD
    + """
with hold(path):
    with hold(path.with_name("other")):
        if os.fork() == 0:
            sys.exit(0)
        os.wait()
        print(path.exists(), path.with_name("other").exists(), flush=True)
        time.sleep(60)
"""
)


def test_a_child_that_ends_inside_takes_nothing_away_from_its_parent(path, start):
    holder = start(CHILD_UNWINDS, path)
    assert line_of(holder) == "True True"
    with pytest.raises(Locked), hold(path):
        pass


# --- waiting


def test_waiting_ends_when_the_lock_is_free(path, start):
    holder = start(RUNNER, path)
    line_of(holder)
    holder.stdin.write("\n")
    holder.stdin.flush()
    line_of(holder)
    threading.Timer(0.5, holder.kill).start()
    assert 0.3 < seconds_to_lock(path, limit=10) < 3


@pytest.mark.parametrize(("wait", "least", "most"), [(0, 0, 1), (0.5, 0.5, 1.5)])
def test_whoever_waits_no_longer_is_told_so(path, wait, least, most):
    with hold(path):
        began = time.monotonic()
        with pytest.raises(Locked), hold(path, wait=wait):
            pass
        assert least <= time.monotonic() - began < most


# --- files that are no good


def test_a_lock_that_does_not_tell_its_holder_is_a_lock_all_the_same(path):
    with hold(path):
        for content in (
            b"",
            b"{",
            b"[]",
            b'{"pid": true, "host": "h", "since": "now"}',
            b"\xff" * 5000,
            b"[" * 900,
        ):
            path.write_bytes(content)
            with pytest.raises(Locked, match=r"^another build is at work \(lock [^;]*\); wait"), hold(path):
                pass


def test_nothing_hostile_in_the_file_gets_into_the_message(path):
    with hold(path):
        told = {"pid": os.getpid(), "host": "h\n::error::x\x1b[2J", "since": "2026-01-01T00:00:00Z"}
        path.write_text(json.dumps(told), "utf-8")
        with pytest.raises(Locked) as caught, hold(path):
            pass
    assert "error" not in str(caught.value)


def test_a_holder_on_another_machine_is_believed(path):
    with hold(path):
        told = {"pid": 999_999_999, "host": "elsewhere.example", "since": "2026-01-01T00:00:00Z"}
        path.write_text(json.dumps(told), "utf-8")
        with pytest.raises(Locked, match=r"process 999999999 on elsewhere\.example since 2026"), hold(path):
            pass


def as_link(path: Path) -> None:
    path.with_name("target").write_bytes(b"precious")
    path.symlink_to("target")


def as_file_in_the_way(path: Path) -> None:
    path.parent.rmdir()
    path.parent.write_bytes(b"")


@pytest.mark.parametrize(("spoil", "reason"), [
    (as_link, "symbolic link"),
    (Path.mkdir, "directory"),
    (os.mkfifo, "regular file"),
    (as_file_in_the_way, "exists|directory"),
])  # fmt: skip
def test_a_file_that_cannot_be_the_lock_is_named_with_the_reason(path, spoil, reason):
    path.parent.mkdir()
    spoil(path)
    with (
        pytest.raises(PublishError, match=f"(?i)^{re.escape(str(path))}: cannot be locked: .*({reason})"),
        hold(path),
    ):
        pass
    assert not path.with_name("target").exists() or path.with_name("target").read_bytes() == b"precious"


def test_a_folder_in_which_nobody_may_write_is_named():
    path = Path("/proc/cleanfeed.lock")
    with pytest.raises(PublishError, match=r"^/proc/cleanfeed\.lock: cannot be locked: "), hold(path):
        pass


def test_a_full_disk_is_named(path, monkeypatch):
    def full(*_: object) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "pwrite", full)
    with pytest.raises(PublishError, match="cannot be written: No space left on device"), hold(path):
        pass
    monkeypatch.undo()
    assert seconds_to_lock(path) < 1


def test_a_stranger_that_replaces_the_file_does_not_lose_his_own(path):
    with hold(path):
        path.unlink()
        path.write_bytes(b"his")
    assert path.read_bytes() == b"his"


def test_whoever_only_looks_keeps_nobody_out(path, monkeypatch):
    path.parent.mkdir(exist_ok=True)
    path.touch()
    handle = os.open(path, os.O_RDONLY)
    fcntl.flock(handle, fcntl.LOCK_SH)  # as `is_held` does for an instant

    def passes(_seconds):
        fcntl.flock(handle, fcntl.LOCK_UN)

    monkeypatch.setattr("cleanfeed.lock.time.sleep", passes)
    with hold(path):
        assert is_held(path)
    os.close(handle)


def test_whether_a_lock_is_held_can_be_seen_without_taking_it(tmp_path):
    path = tmp_path / "lock"
    assert not is_held(path)
    with hold(path):
        assert is_held(path)
    assert not is_held(path)
    # What a killed holder has left behind, whose number another process has by now, holds nothing.
    told = {"pid": os.getpid(), "host": socket.gethostname(), "since": "2026-01-01T00:00:00Z"}
    path.write_text(json.dumps(told), "utf-8")
    assert not is_held(path)
    with hold(path):
        assert is_held(path)
