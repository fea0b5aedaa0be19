"""Plugin files for tests, and pages for them."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from cleanfeed import plugins as loading
from cleanfeed.model import Page

ROOT = Path(__file__).parent.parent
HEAD = "from dataclasses import replace\nfrom cleanfeed import *\n"
OUTLET = """
def outlet(**about):
    return Outlet(**{"slug": "harbour", "name": "The Harbour", "language": "en", "timezone": "Africa/Lagos",
                     "hosts": ("harbour.example",), "article": recipes.WORDPRESS} | about)
"""
HARBOUR = f"""{HEAD}{OUTLET}
@hookimpl
def cleanfeed_outlets():
    return [outlet()]
"""
ADDRESS = "https://harbour.example/2026/09/a-crane-named-rosa/"
BODY = (
    "<p>She is forty metres tall and older than the quay that she stands on.</p>"
    "<p>Three drivers shared her since 1971; the last one asked to keep the bell.</p>"
)
PAGE = f"""<html lang="en"><head><title>A crane named Rosa</title><link rel="canonical" href="{ADDRESS}">
<meta property="og:type" content="article"><meta property="article:published_time" content="2026-09-12T16:05:00+01:00">
</head><body><article><h1 class="entry-title">A crane named Rosa</h1><div class="entry-content">{BODY}</div></article>
</body></html>"""

Load = Callable[..., loading.Plugins]


@pytest.fixture(autouse=True)
def tidy_modules() -> Iterator[None]:
    """Plugin modules that a test has loaded by path are unknown to the next."""
    before = set(sys.modules)
    yield
    for name in set(sys.modules) - before:
        if name.startswith("cleanfeed_plugin_"):
            del sys.modules[name]


def write(folder: Path, source: str, name: str = "mine.py") -> Path:
    """A plugin file; a plain statement, where it has no hook, comes before a sound outlet."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(source, "utf-8")
    path.chmod(0o644)
    return path


def page(body: str = PAGE, **about: Any) -> Page:
    return Page(body=body, **({"name": "rosa.html", "url": ADDRESS} | about))


def python(*arguments: str, path: str = "", cwd: Path = ROOT, **env: str) -> subprocess.CompletedProcess[str]:
    """Runs this Python with the sources of the checkout, after the folders of `path`."""
    search = os.pathsep.join(filter(None, (path, str(ROOT / "src"), str(ROOT / "plugins"))))
    return subprocess.run(
        [sys.executable, *arguments], cwd=cwd, env=os.environ | {"PYTHONPATH": search} | env,
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
