"""The one door through which lines reach a terminal, a log or a runner of CI."""

from __future__ import annotations

import os
import re
import sys
from typing import TYPE_CHECKING, TypeVar

import click

from cleanfeed.text import safe_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path

    from rich.console import Console

T = TypeVar("T")
_LONGEST = 2000
_CELL = 200
_LONG_WORK = 200
"""Pages: about a second's work."""


def say(line: object = "") -> None:
    """A line of the result."""
    click.echo(_safe(line, _LONGEST))


def complain(message: object) -> None:
    """A problem, on one line of standard error."""
    # Not click.echo: it looks for the stream beneath, and would write into the middle of a bar.
    if sys.stderr is not None:
        sys.stderr.write(f"{_safe(message, _LONGEST)}\n")
        sys.stderr.flush()


_NOT_UTF8 = re.compile("[\udc80-\udcff]")


def _safe(text: object, limit: int) -> str:
    # Bytes of a file name that are not UTF-8 are spelt out, or two names could look like one.
    return safe_text(_NOT_UTF8.sub(lambda found: f"\\x{ord(found[0]) - 0xDC00:02x}", str(text)), limit)


_UNSEEN = re.compile(
    "[\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff\U000e0000-\U000e007f]|##(?=\\[)"
)


def say_json(line: str) -> None:
    """A line of JSON, in which what a terminal or runner would act on is written as JSON's own escapes."""
    click.echo(_UNSEEN.sub(lambda found: _escaped(found[0]), line))


def _escaped(text: str) -> str:
    units = text.encode("utf-16-be", "surrogatepass").hex()
    return "".join(f"\\u{units[at : at + 4]}" for at in range(0, len(units), 4))


def say_block(text: str) -> None:
    """Text of several lines, each harmless by itself."""
    for line in text.split("\n"):
        click.echo(_safe(line, 0))


def say_data(data: bytes) -> None:
    """A whole document, to the byte; line by line, each harmless by itself, where a terminal shows it."""
    if sys.stdout.isatty():
        say_block(data.decode("utf-8", "replace").removesuffix("\n"))
    else:
        sys.stdout.buffer.write(data)
    sys.stdout.flush()


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Rows in columns; plain text, as wide as it needs, where no terminal limits it."""
    cells = [[_safe(cell, _CELL) for cell in row] for row in rows]
    if sys.stdout.isatty():
        _draw(head, cells)
    else:
        _align([list(head), *cells])


def _align(rows: list[list[str]]) -> None:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        click.echo("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


def _draw(head: Sequence[str], cells: Iterable[Sequence[str]]) -> None:
    from rich import box  # noqa: PLC0415  # slow, and only terminals need it
    from rich.table import Table  # noqa: PLC0415  # see above
    from rich.text import Text  # noqa: PLC0415  # see above

    drawn = Table(box=box.SIMPLE_HEAD, pad_edge=False, header_style="bold")
    for name in head:
        numeric = name in {"entries", "pages", "no entry"}
        drawn.add_column(name, justify="right" if numeric else "left", no_wrap=numeric)
    for row in cells:
        drawn.add_row(*map(Text, row))
    _console(on_stderr=False).print(drawn)


def _console(*, on_stderr: bool) -> Console:
    from rich.console import Console  # noqa: PLC0415  # see _draw

    return Console(stderr=on_stderr, highlight=False, markup=False, emoji=False)


def progress(items: Iterator[T], total: int, what: str) -> Iterator[T]:
    """The items; with a bar on standard error where it is a terminal, and the work is long."""
    if total < _LONG_WORK or not sys.stderr.isatty():
        yield from items
        return
    from rich.progress import Progress  # noqa: PLC0415  # see _draw

    # Without a thread that draws: workers are forked from this process.
    with Progress(
        console=_console(on_stderr=True), transient=True, auto_refresh=False, redirect_stdout=False
    ) as bar:
        task = bar.add_task(what, total=total)
        every = max(1, total // 200)
        for number, item in enumerate(items, 1):
            yield item
            bar.update(task, completed=number, refresh=number % every == 0)


def counter(what: str) -> Callable[[int, int], None]:
    """Shows how far work has come, on one line of standard error where it is a terminal."""
    if sys.stderr is None or not sys.stderr.isatty():
        return lambda _done, _all: None

    def show(done: int, of: int) -> None:
        end = "\r\x1b[K" if done == of else ""
        sys.stderr.write(f"\r{what}: {done} of {of}{end}")
        sys.stderr.flush()

    return show


def relative(path: Path) -> str:
    """The path as it is shortest from here."""
    try:
        near = os.path.relpath(path)
    except ValueError:  # another drive
        return str(path)
    return near if len(near) < len(str(path)) else str(path)
