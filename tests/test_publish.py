"""Files are replaced in one step or left as they are, whatever happens meanwhile."""

from __future__ import annotations

import os
import random
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest

from cleanfeed.errors import PublishError
from cleanfeed.publish import open_folder, publish
from cliparts import Place, environment, story

OLD, NEW = b"a" * 300_000, b"b" * 400_000
WRITERS = {
    "ours": "from cleanfeed.publish import publish as put",
    "naive": "put = lambda path, content: path.write_bytes(content)",
}
LOOP = """
import sys, time
from pathlib import Path
{writer}
path = Path(sys.argv[1])
print(flush=True)
while True:
    put(path, b"a" * 300_000)
    put(path, b"b" * 400_000)
"""
KILLS = 60


def torn(folder: Path, writer: str) -> int:
    """How often a file was neither wholly old nor wholly new when its writer was killed."""
    path = folder / "everything.rss"
    path.write_bytes(OLD)
    found = 0
    dice = random.Random(7)
    for _ in range(KILLS):
        command = [sys.executable, "-c", LOOP.format(writer=WRITERS[writer]), str(path)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, env=environment({})) as process:
            assert process.stdout
            process.stdout.readline()
            time.sleep(dice.uniform(0, 0.02))
            process.kill()
        found += path.read_bytes() not in (OLD, NEW)
    return found


def test_a_file_is_wholly_old_or_wholly_new_whenever_its_writer_is_killed(tmp_path):
    assert torn(tmp_path, "ours") == 0


def test_the_kills_would_tear_the_files_of_a_naive_writer(tmp_path):
    assert torn(tmp_path, "naive") > 0


def test_what_killed_writers_left_is_swept_after_an_hour_and_not_before(tmp_path):
    old, young, other = (tmp_path / name for name in (".cleanfeed-a.tmp", ".cleanfeed-b.tmp", "mine.tmp"))
    for path in (old, young, other):
        path.touch()
    for path in (old, other):
        os.utime(path, (time.time() - 3700,) * 2)
    open_folder(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == [".cleanfeed-b.tmp", "mine.tmp"]


def test_a_folder_that_bears_the_name_of_a_left_over_harms_nobody(tmp_path):
    (tmp_path / ".cleanfeed-a.tmp").mkdir()
    os.utime(tmp_path / ".cleanfeed-a.tmp", (0, 0))
    open_folder(tmp_path)


@pytest.mark.parametrize("umask", [0o000, 0o022, 0o077, 0o777])
def test_files_have_mode_0644_whatever_the_umask(tmp_path, umask):
    before = os.umask(umask)
    try:
        publish(tmp_path / "x.rss", b"x")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "x.rss").stat().st_mode) == 0o644
    assert [path.name for path in tmp_path.iterdir()] == ["x.rss"]


def test_an_unchanged_file_keeps_its_time_and_inode(tmp_path):
    path = tmp_path / "x.rss"
    assert publish(path, b"x") == "written"
    os.utime(path, (1_000_000_000, 1_000_000_000))
    before = path.stat()
    assert publish(path, b"x") == "unchanged"
    assert (path.stat().st_mtime_ns, path.stat().st_ino) == (before.st_mtime_ns, before.st_ino)
    assert publish(path, b"y") == "written"
    assert path.read_bytes() == b"y"


@pytest.mark.parametrize("same", [True, False])
def test_a_symbolic_link_is_replaced_and_what_it_points_to_untouched(tmp_path, same):
    target, path = tmp_path / "precious", tmp_path / "x.rss"
    target.write_bytes(b"x" if same else b"precious")
    before = target.read_bytes()
    path.symlink_to(target)
    assert publish(path, b"x") == "written"
    assert not path.is_symlink()
    assert target.read_bytes() == before


def test_a_pipe_in_the_place_of_a_file_is_replaced_not_read(tmp_path):
    os.mkfifo(tmp_path / "x.rss")
    assert publish(tmp_path / "x.rss", b"x") == "written"
    assert (tmp_path / "x.rss").read_bytes() == b"x"


def test_a_folder_in_the_place_of_a_file_is_named(tmp_path):
    (tmp_path / "x.rss").mkdir()
    with pytest.raises(PublishError, match=r"x\.rss: cannot be written: "):
        publish(tmp_path / "x.rss", b"x")
    assert [path.name for path in tmp_path.iterdir()] == ["x.rss"]


@pytest.mark.parametrize("name", ["write", "fsync", "fchmod", "replace"])
def test_a_fault_at_any_step_leaves_the_old_file_and_nothing_else(tmp_path, monkeypatch, name):
    path = tmp_path / "x.rss"
    path.write_bytes(b"old")

    def fail(*_arguments: object) -> None:
        raise OSError(28, "No space left on device")

    if name == "write":
        monkeypatch.setattr("cleanfeed.publish.os.fdopen", lambda handle, mode: os.close(handle) or fail())
    else:
        monkeypatch.setattr(f"cleanfeed.publish.{'Path' if name == 'replace' else 'os'}.{name}", fail)
    with pytest.raises(PublishError, match="cannot be written: No space left on device"):
        publish(path, b"new")
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_an_interrupt_leaves_no_temporary_file(tmp_path, monkeypatch):
    def interrupt(_handle: int) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("cleanfeed.publish.os.fsync", interrupt)
    with pytest.raises(KeyboardInterrupt):
        publish(tmp_path / "x.rss", b"new")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("umask", [0o000, 0o022])
def test_the_folder_is_made_with_its_parents(tmp_path, umask):
    before = os.umask(umask)
    try:
        open_folder(tmp_path / "a" / "b")
    finally:
        os.umask(before)
    assert not (tmp_path / "a" / "b").stat().st_mode & stat.S_IWOTH


def test_a_folder_that_anybody_may_write_into_is_refused(tmp_path):
    tmp_path.chmod(0o777)
    with pytest.raises(PublishError, match="anybody may write to this folder; run: chmod o-w"):
        open_folder(tmp_path)
    tmp_path.chmod(0o1777)
    open_folder(tmp_path)


# --- through the command


@pytest.fixture
def place(tmp_path: Path) -> Place:
    place = Place(tmp_path)
    place.stories(1, 2, 3)
    return place


def test_a_build_refuses_a_folder_that_anybody_may_write_into(place):
    place.public.mkdir()
    place.public.chmod(0o777)
    done = place.run("build")
    assert done.status == 2
    assert (
        done.err == f"cleanfeed: {Path('public')}: anybody may write to this folder; run: chmod o-w public\n"
    )
    assert list(place.public.iterdir()) == []


@pytest.mark.parametrize("output", ["pages/story-1.html", "pages/story-1.html/below"])
def test_a_build_refuses_an_output_folder_that_cannot_be_made(place, output):
    done = place.run("build", "--output", output)
    assert done.status == 2
    assert len(done.complaints) == 1
    assert f"cleanfeed: {output}: cannot be used as the output folder: " in done.err


def test_a_build_leaves_no_temporary_file_and_only_readable_ones(place):
    assert place.run("build", preexec_fn=lambda: os.umask(0o077)).status == 0
    found = list(place.public.iterdir())
    assert {stat.S_IMODE(path.stat().st_mode) for path in found} == {0o644}
    assert {path.name for path in found} == {
        "everything.rss", "everything.atom", "everything.json", "everything.html", "index.html", "feeds.opml", "report.json",
    }  # fmt: skip


def limit_files(size: int) -> None:
    import resource  # noqa: PLC0415  # in the child

    resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))


def test_a_full_disk_costs_the_files_that_do_not_fit_and_their_old_ones_stay(place):
    assert place.run("build").status == 0
    before = place.bytes()
    place.page("story-4.html", story(4, content="<p>Long.</p>" + "<p>Very long indeed.</p>" * 2000))
    done = place.run("build", preexec_fn=lambda: limit_files(30_000))
    assert done.status == 1
    after = place.bytes()
    for name in ("everything.rss", "everything.atom", "everything.json"):
        assert after[name] == before[name]
        assert f"public/{name}: cannot be written: File too large" in done.complaints
        assert f"problem: public/{name}: cannot be written: File too large" in done.out.splitlines()
    assert after["index.html"] != before["index.html"]
    assert not [name for name in after if name.startswith(".")]


def test_killed_builds_leave_every_feed_wholly_old_or_wholly_new(place):
    versions: dict[str, set[bytes]] = {}
    for content in ("<p>One.</p>", "<p>Another.</p>" * 500):
        place.page("story-4.html", story(4, content=content))
        assert place.run("build").status == 0
        for name, found in place.bytes().items():
            versions.setdefault(name, set()).add(found)
    dice = random.Random(3)
    for turn in range(12):
        place.page("story-4.html", story(4, content=("<p>One.</p>", "<p>Another.</p>" * 500)[turn % 2]))
        with place.start("build") as process:
            time.sleep(dice.uniform(0.3, 0.9))
            process.kill()
        for name, found in place.bytes().items():
            assert name.startswith(".cleanfeed-") or found in versions[name], name
