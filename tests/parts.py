"""What tests of several rooms need."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest


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
