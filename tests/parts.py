"""What tests of several rooms need."""

from __future__ import annotations

import os
import shutil
import subprocess

import pytest

FIRES = "document.title='FIRED'"
"""A script of which `title_of` tells whether it ran."""


def require_program(name: str) -> str:
    """The path of a program; without it the test is skipped, or fails where CLEANFEED_REQUIRE_ALL=1."""
    path = shutil.which(name)
    if path:
        return path
    if os.environ.get("CLEANFEED_REQUIRE_ALL") == "1":
        pytest.fail(f"{name} is not installed")
    pytest.skip(f"{name} is not installed")


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
