"""What tests of several rooms need."""

from __future__ import annotations

import os
import shutil

import pytest


def require_program(name: str) -> str:
    """The path of a program; without it the test is skipped, or fails where CLEANFEED_REQUIRE_ALL=1."""
    path = shutil.which(name)
    if path:
        return path
    if os.environ.get("CLEANFEED_REQUIRE_ALL") == "1":
        pytest.fail(f"{name} is not installed")
    pytest.skip(f"{name} is not installed")
