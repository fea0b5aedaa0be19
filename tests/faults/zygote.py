"""Forks work that is to be killed: to start Python for each would take longer than the work.

Orders come on standard input, a line of JSON each: `{"work": …, "after": seconds or null, …}`; after that time the
work and all processes that it has begun are killed. What came of it goes to standard output: `[status, seconds]`.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from pathlib import Path
from typing import Any

from cleanfeed import cli, live, pipeline, publish  # noqa: F401  # imported once, before the forks
from cleanfeed.cli import build as build_command  # noqa: F401  # see above
from cleanfeed.fetch import client  # noqa: F401  # see above
from cleanfeed.ledger import Ledger  # noqa: F401  # see above


def build(order: dict[str, Any]) -> int:
    return cli.main(["build", *order["arguments"]])


def whole_files(order: dict[str, Any]) -> int:
    """Publishes files again and again, as a build does."""
    return _again(order, publish.publish)


def naive_files(order: dict[str, Any]) -> int:
    """The same as anybody would do it."""
    return _again(order, lambda path, content: path.write_bytes(content))


def _again(order: dict[str, Any], put: Any) -> int:
    contents = [text.encode() * order["times"] for text in order["texts"]]
    while True:
        for content in contents:
            for name in order["names"]:
                put(Path(order["folder"]) / name, content)


WORK = {"build": build, "whole": whole_files, "naive": naive_files}


def main() -> None:
    for line in sys.stdin:
        order = json.loads(line)
        began = time.monotonic()
        child = os.fork()
        if not child:
            os.setpgid(0, 0)
            work(order)
        if order["after"] is not None:
            time.sleep(order["after"])
            kill(child)
        _, status = os.waitpid(child, 0)
        kill(child)
        told = [os.waitstatus_to_exitcode(status), time.monotonic() - began]
        sys.stdout.write(f"{json.dumps(told)}\n")
        sys.stdout.flush()


def work(order: dict[str, Any]) -> None:
    """Never comes back."""
    status = 2
    try:
        silence = os.open(order.get("told", os.devnull), os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        nothing = os.open(os.devnull, os.O_RDONLY)
        for stream, handle in ((0, nothing), (1, silence), (2, silence)):
            os.dup2(handle, stream)
        status = WORK[order["work"]](order)
        sys.stdout.flush()
        sys.stderr.flush()
    finally:
        os._exit(status)


def kill(child: int) -> None:
    """The work, and all that it has begun."""
    try:
        os.killpg(child, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        # It has ended, or is not a group of its own yet.
        try:
            os.kill(child, signal.SIGKILL)
        except ProcessLookupError:
            return


if __name__ == "__main__":
    main()
