"""What every test may ask for."""

from __future__ import annotations

import signal

import pytest

from cleanfeed import plugins as loading

# Whoever runs the tests in the background may have taken Ctrl-C from them, and so from all that they start.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update-golden", action="store_true", help="write the expected entries beside the pages"
    )


@pytest.fixture(scope="session")
def outlets() -> loading.Plugins:
    """The installed outlets, loaded once: reading pages changes nothing about them."""
    return loading.load()
