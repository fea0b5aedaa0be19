"""A page that hangs, crashes, floods or forks costs itself: the others are read, in order and in time."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from cleanfeed import plugins, work
from cleanfeed.sources.files import find
from cleanfeed.work import Setup
from cliparts import MISCHIEF, PLUGIN, Place, environment, mischief, story

MISDEEDS = {
    "exits": ("os._exit(7)", "ended its worker process"),
    "exits well": ("os._exit(0)", "ended its worker process"),
    "leaves by exception": ("sys.exit(3)", "SystemExit"),
    "raises an interrupt": ("raise KeyboardInterrupt", "KeyboardInterrupt"),
    "segfaults": ("ctypes.string_at(0)", "ended its worker process"),
    "kills itself": ("os.kill(os.getpid(), 9)", "ended its worker process"),
    "kills its group": ("os.killpg(os.getpgid(0), 15)", "ended its worker process"),
    "takes 4 GB": ("kept = bytearray(4 << 30)", "MemoryError"),
    "takes it bit by bit": ("kept = [bytearray(1 << 26) for _ in range(64)]", "MemoryError"),
    "recurses": ("f = lambda f: f(f); f(f)", "RecursionError"),
    "closes all files": ("os.closerange(0, 64)", "ended its worker process"),
}
HARMLESS = {
    "prints": "print('noise ' * 500_000); sys.stderr.write('noise' * 500_000)",
    "prints past Python": "os.write(1, b'noise' * 500_000); os.write(2, b'noise' * 500_000)",
    "starts a program": "os.system('echo noise; echo noise >&2')",
    "reads standard input": "sys.stdin.read()",
    "forks": "os.fork()",
    "forks a sleeper": "os.fork() or time.sleep(100)",
    "changes folder": "os.chdir('/')",
}


@pytest.fixture
def place(tmp_path: Path) -> Place:
    place = Place(tmp_path)
    place.write("harbour.py", PLUGIN + MISCHIEF)
    for number in range(0, 9, 2):
        place.page(f"story-{number}.html", story(number))
    return place


def titles(*numbers: int) -> list[str]:
    return [f"The crane, part {number}" for number in numbers]


@pytest.mark.parametrize("code, reason", MISDEEDS.values(), ids=MISDEEDS)
def test_a_page_that_ends_its_worker_costs_itself_alone(place, code, reason):
    place.page("story-3.html", mischief(3, code))
    done = place.run("extract", "pages", "--jobs", "2")
    assert [item["title"] for item in done.items] == titles(0, 2, 4, 6, 8)
    assert done.status == 1
    assert len(done.complaints) == 1
    assert done.err.startswith("pages/story-3.html: ")
    assert reason in done.err


@pytest.mark.parametrize("code", HARMLESS.values(), ids=HARMLESS)
def test_what_a_page_makes_a_plugin_print_or_start_changes_nothing(place, code):
    place.page("story-3.html", mischief(3, code))
    done = place.run("extract", "pages", "--jobs", "2")
    assert [item["title"] for item in done.items] == titles(0, 2, 3, 4, 6, 8)
    assert (done.status, done.err) == (0, "")
    assert not [line for line in processes() if str(place.folder) in line]


def processes() -> list[str]:
    found = []
    for each in Path("/proc").iterdir():
        if each.name.isdigit():
            try:
                found.append((each / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace"))
            except OSError:
                continue
    return found


def gone(place: Place, within: float = 3) -> bool:
    until = time.monotonic() + within
    while any(str(place.folder) in line for line in processes()):
        if time.monotonic() > until:
            return False
        time.sleep(0.05)
    return True


def test_what_plugins_print_is_shown_when_asked_for_on_standard_error_and_harmless(place):
    place.page(
        "story-3.html",
        mischief(3, "print('::error::said'); print('\\x1b[31m##[group]'); sys.stdout.buffer.write(b'raw')"),
    )
    done = place.run("extract", "pages", "-v", env={"GITHUB_ACTIONS": "true"})
    assert len(done.items) == 6
    assert "said" in done.err
    assert "raw" in done.err
    assert "\x1b" not in done.err
    assert "##[" not in done.err
    assert not [line for line in done.complaints if line.lstrip().startswith("::")]


READ = """
import sys, time
from pathlib import Path
from cleanfeed import plugins, work
from cleanfeed.sources.files import find
if __name__ == "__main__":
    if sys.argv[4:]:
        import threading
        threading.Thread(target=time.sleep, args=(60,), daemon=True).start()
    paths = (Path("harbour.py"),)
    setup = work.Setup(paths, seconds=float(sys.argv[2]))
    started = time.monotonic()
    for result in work.run(list(find(["pages"])), setup, int(sys.argv[1])):
        print(result.page, result.entry.title if result.entry else result.error.reason, sep="\\t")
    print(sys.argv[3], f"{time.monotonic() - started:.2f}", sep="\\t")
"""


def read(place: Place, *, jobs: int, seconds: float, threads: bool = False) -> tuple[dict[str, str], float]:
    """Pages read with another time limit: what came of each, and how long all took."""
    place.write("read.py", READ)
    run = subprocess.run(
        [sys.executable, "-W", "error", "read.py", str(jobs), str(seconds), "took", *["threads"] * threads],
        cwd=place.folder, env=environment({}), capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert run.stderr == ""
    *lines, took = run.stdout.splitlines()
    return dict(line.split("\t") for line in lines), float(took.split("\t")[1])


HANGS = {
    "in Python": "while True: pass",
    "in Python, deaf to everything": "import signal; \nfor n in (2, 14, 15): signal.signal(n, signal.SIG_IGN)\nwhile True: pass",
    "in C": "ctypes.CDLL(None).pause()",
    "in a catastrophic pattern": "import re; re.match('(a+)+b', 'a' * 64)",
    "in a thread that never ends": "import threading; threading.Thread(target=time.sleep, args=(99,)).start(); time.sleep(99)",
}


@pytest.mark.parametrize("code", HANGS.values(), ids=HANGS)
def test_a_page_that_hangs_is_given_up_after_its_time(place, code):
    place.page("story-3.html", mischief(3, code))
    found, took = read(place, jobs=2, seconds=1.5)
    assert found.pop("pages/story-3.html") == "took more than 1.5 s and was given up"
    assert list(found.values()) == titles(0, 2, 4, 6, 8)
    assert 1.4 < took < 3


@pytest.mark.parametrize("jobs", [1, 3])
def test_several_bad_pages_in_a_row_cost_themselves_alone(place, jobs):
    for number, code in {
        1: "os._exit(1)",
        3: "ctypes.string_at(0)",
        5: "time.sleep(99)",
        7: "os._exit(0)",
    }.items():
        place.page(f"story-{number}.html", mischief(number, code))
    found, took = read(place, jobs=jobs, seconds=1)
    assert list(found) == [f"pages/story-{number}.html" for number in range(9)]
    assert [found[f"pages/story-{number}.html"] for number in range(0, 9, 2)] == titles(0, 2, 4, 6, 8)
    assert took < 3


def test_workers_of_a_program_with_threads_are_started_afresh_not_forked(place):
    place.page("story-3.html", mischief(3, "os._exit(1)"))
    found, _took = read(place, jobs=2, seconds=20, threads=True)
    assert "ended its worker process" in found.pop("pages/story-3.html")
    assert list(found.values()) == titles(0, 2, 4, 6, 8)


UNREADABLE = """
import os
from pathlib import Path
from cleanfeed import work
from cleanfeed.sources.files import find

opened = os.open

def refusing(path, *rest, **named):
    if path == ".":
        raise PermissionError(13, "Permission denied", path)
    return opened(path, *rest, **named)

os.open = refusing
for result in work.run(list(find(["pages"])), work.Setup((Path("harbour.py"),)), 2):
    print(result.entry.title if result.entry else result.error)
"""


def test_pages_are_read_in_a_working_folder_that_may_not_be(place):
    assert script(place, UNREADABLE).splitlines() == titles(0, 2, 4, 6, 8)


def test_a_page_may_cost_20_seconds_unless_said_otherwise():
    assert Setup().seconds == work.PAGE_SECONDS == 20
    assert work.PAGE_BYTES == 1 << 30


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("code", ["time.sleep(99)", HANGS["in Python, deaf to everything"]])
def test_a_signal_ends_everything_at_once_and_quietly(place, number, code):
    place.page("story-3.html", mischief(3, code))
    with place.start("extract", "pages", start_new_session=True) as process:
        time.sleep(1.5)
        os.killpg(process.pid, number)
        started = time.monotonic()
        _out, err = process.communicate(timeout=10)
    assert time.monotonic() - started < 2
    assert process.returncode == {signal.SIGINT: 130, signal.SIGTERM: 143}[number]
    assert b"Traceback" not in err
    assert len(err.splitlines()) <= 2
    assert gone(place)


IN_ORDER = """
import os, signal, sys, threading, time
from pathlib import Path
from cleanfeed import workers

class Job:
    seconds = 20.0

    def prepare(self):
        return answer

"""
LOST_AT_ONCE = (
    IN_ORDER
    + """
def answer(task):
    if task == 524:
        Path("far ahead").touch()
    if task in {5, 524}:
        while not Path("now").exists():
            time.sleep(0.01)
        os._exit(1)
    return b"done"

look = workers.wait

def wait(pipes, timeout):
    if Path("far ahead").exists() and not Path("now").exists() and not look(pipes, 0):
        Path("now").touch()
        for child in workers.multiprocessing.active_children():
            child.join()
    return look(pipes, timeout)[:: int(sys.argv[1])]

workers.wait = wait
lost = [number for number, each in enumerate(workers.in_order(range(2000), Job(), 2)) if each != b"done"]
print(*lost)
"""
)
FORKED_INTO = (
    IN_ORDER
    + """
def answer(task):
    return b"done"

class Ended(BaseException):
    pass

def end(*_told):
    raise Ended

def tell(left=[True]):
    while left:
        left.pop()
        os.kill(os.getpid(), getattr(signal, sys.argv[1]))

signal.signal(getattr(signal, sys.argv[1]), end)
os.register_at_fork(**{sys.argv[2]: tell})
try:
    print(*workers.in_order(range(20), Job(), 2))
except Ended:
    print("ended", signal.pthread_sigmask(signal.SIG_BLOCK, ()), workers.multiprocessing.active_children())
"""
)


def script(place: Place, text: str, *arguments: str) -> str:
    """What a program prints that has workers; it says nothing on standard error."""
    place.write("script.py", text)
    run = subprocess.run(
        [sys.executable, "script.py", *arguments], cwd=place.folder, env=environment({}),
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert (run.stderr, run.returncode) == ("", 0)
    return run.stdout


@pytest.mark.parametrize("step", ["1", "-1"], ids=["one first", "the other first"])
def test_two_workers_that_are_lost_at_once_cost_a_task_each_wherever_they_were(place, step):
    assert script(place, LOST_AT_ONCE, step) == "5 524\n"


@pytest.mark.parametrize("moment", ["before", "after_in_parent"])
@pytest.mark.parametrize("name", ["SIGTERM", "SIGINT"])
def test_a_signal_that_comes_while_a_worker_is_forked_is_heeded(place, name, moment):
    assert script(place, FORKED_INTO, name, moment) == "ended set() []\n"


def test_workers_of_a_killed_command_end_by_themselves(place):
    place.page("story-3.html", mischief(3, "time.sleep(1)"))
    with place.start("extract", "pages", "--jobs", "3") as process:
        time.sleep(0.7)
        process.kill()
    assert gone(place, within=6)


def test_no_page_at_all_is_no_work():
    assert list(work.run([], Setup())) == []


def test_results_keep_the_order_of_many_pages(place):
    for number in range(60):
        slow = "time.sleep(0.05)" if number % 7 == 0 else "0"
        place.page(f"story-{number:02}.html", mischief(number, slow))
    done = place.run("extract", "pages", "--jobs", "4")
    pages = [item["_cleanfeed"]["page"] for item in done.items]
    assert pages == sorted(pages)
    assert len(pages) == 65


def test_an_entry_that_cannot_be_sent_costs_its_page(place):
    code = "class Word(str): pass\nfrom cleanfeed.builtin import cleanfeed_extract as own\nfrom dataclasses import replace\npage.__dict__['gift'] = replace(own(outlet, page), language=Word('en'))"
    place.write("harbour.py", f"{PLUGIN}{MISCHIEF}        return page.__dict__.get('gift')\n")
    place.page("story-3.html", mischief(3, code))
    done = place.run("extract", "pages")
    found = [item["title"] for item in done.items]
    # Either it was made plain, or it was refused by name: the others do not feel it.
    assert found == titles(0, 2, 3, 4, 6, 8) or (found, done.status) == (titles(0, 2, 4, 6, 8), 1)
    assert len(done.complaints) == 6 - len(found)


def test_a_page_is_read_the_same_in_this_process(place):
    loaded = plugins.load([place.folder / "harbour.py"])
    results = [work.read_one(saved, loaded) for saved in find([place.pages])]
    assert [result.entry.title for result in results if result.entry] == titles(0, 2, 4, 6, 8)
    assert {result.outlet for result in results} == {"harbour"}
