"""What the tests of programs around cleanfeed share: a program as it is run, and what is right about an article."""

from __future__ import annotations

import os
import subprocess
import sys
import warnings
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from liveparts import environment

if TYPE_CHECKING:
    from newsroom import Article, Newsroom

BIN = Path(sys.executable).parent


def package(name: str) -> Any:
    """The module; without it the test is skipped, or fails where CLEANFEED_REQUIRE_ALL=1."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return import_module(name)
    except ImportError:
        if os.environ.get("CLEANFEED_REQUIRE_ALL") == "1":
            pytest.fail(f"{name} is not installed")
        pytest.skip(f"{name} is not installed", allow_module_level=True)


def run(command: list[str | Path], folder: Path, config: Path | None = None, **env: str) -> str:
    """What a program says that ends well; it works in `folder`, and finds the configuration by the variable."""
    named = {"CLEANFEED_CONFIG": str(config)} if config else {}
    home = {"HOME": str(folder), "XDG_CACHE_HOME": str(folder / "cache")}
    done = subprocess.run(
        list(map(str, command)),
        cwd=folder,
        env=environment(**(home | named | env)),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        stdin=subprocess.DEVNULL,
    )
    said = done.stdout + done.stderr
    assert done.returncode == 0, said
    return said


def feed_of(room: Newsroom, slug: str, path: str) -> str:
    """The address of a feed of an outlet, as a program can ask for it."""
    return room.mirrors()[room.editions[slug].origin] + path


def last_words(article: Article) -> str:
    """Words that the article's page has, and its feed's item has not."""
    return article.body[-1][-40:]
