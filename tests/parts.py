"""What tests of several rooms need."""

from __future__ import annotations

import os
import shutil
import subprocess
import threading
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

FIRES = "document.title='FIRED'"
"""A script of which `title_of` tells whether it ran."""


def require_program(name: str) -> str:
    """The path of a program; without it the test is skipped, or fails where CLEANFEED_REQUIRE_ALL=1."""
    path = shutil.which(name)
    if path:
        return path
    return _missing(f"{name} is not installed")


def node_modules(*names: str) -> Path:
    """The folder with these packages for Node.js; without them as `require_program`.

    `npm install --prefix .venv NAME…` brings them, or CLEANFEED_NODE_MODULES names another folder.
    """
    require_program("node")
    root = Path(__file__).parents[1]
    folder = Path(os.environ.get("CLEANFEED_NODE_MODULES") or root / ".venv" / "node_modules")
    missing = [name for name in names if not (folder / name).is_dir()]
    if missing:
        _missing(f"{' '.join(missing)} not in {folder}; npm install --prefix .venv {' '.join(names)}")
    return folder


def _missing(what: str) -> str:
    if os.environ.get("CLEANFEED_REQUIRE_ALL") == "1":
        pytest.fail(what)
    pytest.skip(what)


class Quiet(SimpleHTTPRequestHandler):
    """A handler that logs nothing."""

    def log_message(self, *_args: object) -> None:
        pass


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """A folder on a server of the loopback interface; gives the server's address."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=folder)) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/"
        finally:
            server.shutdown()
            thread.join()


def title_of(folder, body: str) -> str:
    """The title of a page after a browser has run all that it would run."""
    page = folder / "page.html"
    page.write_text(
        f"<!doctype html><html><head><title>quiet</title></head><body>{body}</body></html>",
        "utf-8",
        "surrogatepass",
    )
    command = [
        require_program("chromium"), "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
        f"--user-data-dir={folder / 'profile'}", "--host-resolver-rules=MAP * ~NOTFOUND", "--virtual-time-budget=4000",
        "--timeout=20000", "--dump-dom", page.as_uri(),
    ]  # fmt: skip
    shown = subprocess.run(command, capture_output=True, text=True, timeout=90, check=False).stdout
    assert "<title>" in shown
    return shown.partition("<title>")[2].partition("</title>")[0]
