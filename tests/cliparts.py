"""The real command line for tests: run as a user runs it, on a small made-up outlet."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from tempfile import gettempdir
from typing import Any

ROOT = Path(__file__).parent.parent
PLUGIN = """
from cleanfeed import Outlet, hookimpl, recipes

@hookimpl
def cleanfeed_outlets():
    return [Outlet(slug="harbour", name="The Harbour", language="en", timezone="Africa/Lagos",
                   hosts=("harbour.example",), article=recipes.WORDPRESS),
            Outlet(slug="quay", name="The Quay", language="ar", timezone="Asia/Beirut",
                   hosts=("quay.example",), article=recipes.WORDPRESS)]
"""
MISCHIEF = """
@hookimpl
def cleanfeed_extract(outlet, page):
    import ctypes, os, sys, time
    if "MISCHIEF" in page.body:
        exec(page.body.partition("<!-- MISCHIEF")[2].partition("-->")[0].strip())
"""
"""A plugin that does what a page tells it to, however foolish."""
CONFIG = """
title = "Feeds of the harbour"
base_url = "https://feeds.example.org/"
output = "public"
pages = ["pages"]

[topics.everything]
title = "Everything"
everything = true
"""
STORY = "<p>She is forty metres tall, and older than the quay that she stands on.</p><p>Three drivers shared her.</p>"


def story(
    number: int,
    *,
    title: str | None = None,
    host: str = "harbour.example",
    content: str = STORY,
    head: str = "",
    day: int | None = None,
) -> str:
    """An article; the higher its number, the newer."""
    title = title or f"The crane, part {number}"
    day = day or 1 + number % 28
    return f"""<!doctype html><html><head><title>{title}</title>
<link rel="canonical" href="https://{host}/2026/09/story-{number}/">
<meta property="og:type" content="article">
<meta property="article:published_time" content="2026-09-{day:02}T08:{number % 60:02}:00+01:00">{head}
</head><body><article><h1 class="entry-title">{title}</h1><div class="entry-content">{content}</div></article></body></html>"""


def mischief(number: int, code: str) -> str:
    """An article on which the plugin `MISCHIEF` runs the code."""
    return story(number).replace("<body>", f"<body><!-- MISCHIEF {code} -->")


LISTING = """<!doctype html><html><head><title>News</title><link rel="canonical" href="https://harbour.example/news/">
<meta property="og:type" content="website"></head><body class="archive category"><h1>News</h1><ul><li><a href="/a/">A</a></li></ul></body></html>"""


@dataclass(frozen=True)
class Done:
    """A command that has ended."""

    status: int
    out: str
    err: str

    @property
    def items(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.out.splitlines()]

    @property
    def complaints(self) -> list[str]:
        return self.err.splitlines()


class Place:
    """A folder with a plugin, a configuration and pages, and the command that is run in it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.pages = folder / "pages"
        self.public = folder / "public"
        self.pages.mkdir()
        self.write("harbour.py", PLUGIN)
        self.write("cleanfeed.toml", CONFIG)

    def write(self, name: str, content: str | bytes) -> Path:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    def page(self, name: str, content: str | bytes, **sidecar: str) -> Path:
        path = self.write(f"pages/{name}", content)
        os.utime(path, (1_790_000_000, 1_790_000_000))
        if sidecar:
            path.with_suffix(".json").write_text(json.dumps(sidecar), "utf-8")
        return path

    def stories(self, *numbers: int) -> None:
        for number in numbers:
            self.page(f"story-{number}.html", story(number))

    def start(
        self, *arguments: str | bytes, cwd: Path | None = None, **options: Any
    ) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [sys.executable, "-m", "cleanfeed", *self.arguments(arguments)],
            cwd=cwd or self.folder, env=environment(options.pop("env", {})),
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, **options,
        )  # fmt: skip

    def run(self, *arguments: str | bytes, stdin: bytes = b"", timeout: float = 60, **options: Any) -> Done:
        """The command with these arguments and the plugin of this place, which never shows a traceback."""
        with self.start(*arguments, **options) as process:
            try:
                out, err = process.communicate(stdin, timeout=timeout)
            except subprocess.TimeoutExpired:
                process.kill()
                raise
        done = Done(process.returncode, out.decode(), err.decode())
        assert "Traceback" not in done.err, done.err
        return done

    def arguments(self, arguments: tuple[str | bytes, ...]) -> list[str | bytes]:
        plain = not arguments or arguments[0] not in {"build", "extract", "outlets"}
        return [*arguments] if plain else [*arguments, "--plugin", str(self.folder / "harbour.py")]

    def report(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads((self.public / "report.json").read_text("utf-8"))
        return found

    def bytes(self, folder: str = "public") -> dict[str, bytes]:
        """The files of a build but for its report, which tells the time."""
        found = (path for path in (self.folder / folder).iterdir() if path.name != "report.json")
        return {path.name: path.read_bytes() for path in sorted(found)}


def environment(changed: dict[str, str]) -> dict[str, str]:
    search = os.pathsep.join(map(str, (ROOT / "src", ROOT / "plugins")))
    dropped = {"GITHUB_ACTIONS", "COLUMNS", "PYTHONDONTWRITEBYTECODE"}
    kept = {name: value for name, value in os.environ.items() if name not in dropped}
    kept["PYTHONPYCACHEPREFIX"] = str(Path(gettempdir(), f"cleanfeed-tests-{os.getuid()}"))
    # Warnings, such as that of a fork among threads, would be printed among the problems. Where nobody watches,
    # a build prints nothing; a run of CI is watched.
    return kept | {"PYTHONPATH": search, "PYTHONWARNINGS": "always", "CI": "1"} | changed
