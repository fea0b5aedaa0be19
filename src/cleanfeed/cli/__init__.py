"""The command line: arguments in, text and an exit status out."""

from __future__ import annotations

import atexit
import gc
import io
import os
import signal
import sys
import traceback

import click

from cleanfeed.cli.app import app
from cleanfeed.cli.console import complain
from cleanfeed.errors import CleanfeedError
from cleanfeed.interrupts import Terminated

_INTERRUPTED = 130
_TERMINATED = 143


def main(args: list[str] | None = None) -> int:
    """Runs a command line and gives its exit status."""
    _prepare_streams()
    _prepare_memory()
    before = signal.signal(signal.SIGTERM, _terminate)
    try:
        return _run(args)
    except CleanfeedError as error:
        complain(f"cleanfeed: {error}")
        return 2
    except (KeyboardInterrupt, click.Abort):
        complain("cleanfeed: interrupted")
        return _INTERRUPTED
    except Terminated:
        complain("cleanfeed: terminated")
        return _TERMINATED
    except OSError as error:
        return _cannot_print(error)
    except Exception:  # noqa: BLE001  # a fault of our own keeps its traceback, and must not read as "done, with problems"
        traceback.print_exc()
        return 2
    finally:
        signal.signal(signal.SIGTERM, before)


def _run(args: list[str] | None) -> int:
    try:
        status = app.main(args, prog_name="cleanfeed", standalone_mode=False)
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message(), err=True)
        return error.exit_code
    except click.ClickException as error:
        path = error.ctx.command_path if isinstance(error, click.UsageError) and error.ctx else "cleanfeed"
        complain(f"cleanfeed: {error.format_message().rstrip('.')}; see '{path} --help'")
        return error.exit_code
    return int(status or 0)


def _terminate(_number: int, _frame: object) -> None:
    raise Terminated


def _prepare_streams() -> None:
    if sys.stdout is None:  # closed by whoever started us: what is printed goes nowhere
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115  # as long as the process lives
    if sys.stderr is None:
        sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115  # see above
    # JSON is UTF-8 whatever the locale says, and no character may end a build that can only be printed.
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")


def _prepare_memory() -> None:
    # Loading makes ten thousands of objects that stay: looking through them again and again finds nothing.
    gc.set_threshold(10_000)
    # Nor is there any use in looking once more for rubbish when the process ends.
    atexit.register(gc.freeze)


def _cannot_print(error: OSError) -> int:
    """Nobody reads the output any more, or nothing more fits where it goes."""
    if not isinstance(error, BrokenPipeError):
        where = f"{error.filename}: " if error.filename else ""
        complain(f"cleanfeed: {where}{error.strerror or error}")
    # What is left in the buffer must not be tried once more when Python ends, and fail aloud.
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    return 1 if isinstance(error, BrokenPipeError) else 2
