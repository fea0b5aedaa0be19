"""What every test may ask for."""

from __future__ import annotations

import pytest

from cleanfeed import plugins as loading


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update-golden", action="store_true", help="write the expected entries beside the pages"
    )


@pytest.fixture(scope="session")
def outlets() -> loading.Plugins:
    """The installed outlets, loaded once: reading pages changes nothing about them."""
    return loading.load()
