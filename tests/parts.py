"""What tests of several rooms need."""

from __future__ import annotations

import os
import shutil
import threading
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def require_program(name: str) -> str:
    """The path of a program; without it the test is skipped, or fails where CLEANFEED_REQUIRE_ALL=1."""
    path = shutil.which(name)
    if path:
        return path
    if os.environ.get("CLEANFEED_REQUIRE_ALL") == "1":
        pytest.fail(f"{name} is not installed")
    pytest.skip(f"{name} is not installed")


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
