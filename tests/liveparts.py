"""What the tests of builds from the web share: the command as it is called, and what lies in its output folder."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

ROOT = Path(__file__).parents[1]
_OURS = os.pathsep.join(str(ROOT / name) for name in ("src", "plugins"))
FORMATS = ("rss", "atom", "json")
_TELLING_TIME = {"report.json", "health.html"}
"""Files that may change with every build."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Built:
    status: int
    out: str
    err: str
    seconds: float
    folder: Path
    """Of the feeds."""

    @property
    def report(self) -> dict[str, Any]:
        return json.loads((self.folder / "report.json").read_text("utf-8"))

    @property
    def problems(self) -> str:
        """As report.json names them, a line each."""
        return "\n".join(map(str, self.report["problems"]))

    def items(self, topic: str = "everything") -> list[dict[str, Any]]:
        return items(self.folder, topic)

    def titles(self, topic: str = "everything") -> list[str]:
        return [item["title"] for item in self.items(topic)]

    def __str__(self) -> str:
        return f"status {self.status}\n--- stdout\n{self.out}\n--- stderr\n{self.err}"


def command(config: Path, *options: str | Path) -> list[str]:
    return [sys.executable, "-m", "cleanfeed", "build", str(config), *map(str, options)]


def environment(**changed: str) -> dict[str, str]:
    path = os.pathsep.join(filter(None, (_OURS, os.environ.get("PYTHONPATH"))))
    return {**os.environ, "PYTHONPATH": path, "NO_COLOR": "1", **changed}


def build(config: Path, *options: str | Path, timeout: float = 90, **env: str) -> Built:
    """`cleanfeed build CONFIG`, in a process of its own."""
    began = time.monotonic()
    done = subprocess.run(
        command(config, *options),
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        timeout=timeout,
        env=environment(**env),
    )
    seconds = time.monotonic() - began
    return Built(
        status=done.returncode,
        out=done.stdout,
        err=done.stderr,
        seconds=seconds,
        folder=config.parent / "public",
    )


def good(config: Path, *options: str | Path, **env: str) -> Built:
    """A build that has nothing to complain of."""
    built = build(config, *options, **env)
    assert built.status == 0, built
    assert "Traceback" not in built.err, built
    return built


def begin(config: Path, *options: str | Path) -> subprocess.Popen[str]:
    """The same, and it goes on while the test does."""
    return subprocess.Popen(
        command(config, *options),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        env=environment(),
        start_new_session=True,
    )


def items(folder: Path, topic: str = "everything") -> list[dict[str, Any]]:
    return json.loads((folder / f"{topic}.json").read_text("utf-8"))["items"]


def stamps(folder: Path) -> dict[str, tuple[int, int]]:
    """When each published file was last written, and by which inode; not of those that tell the time."""
    return {
        path.name: (path.stat().st_mtime_ns, path.stat().st_ino)
        for path in folder.iterdir()
        if path.is_file() and path.name not in _TELLING_TIME
    }


def contents(folder: Path, topics: Iterable[str]) -> dict[str, bytes]:
    """The bytes of the feeds of topics."""
    names = [f"{topic}.{suffix}" for topic in topics for suffix in FORMATS]
    return {name: (folder / name).read_bytes() for name in names}


def until(condition: Any, seconds: float = 20) -> None:
    """Waits until something holds."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it never came to that"
        time.sleep(0.01)
