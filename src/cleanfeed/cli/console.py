"""The one door through which lines reach a terminal, a log or a runner of CI."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from cleanfeed.text import safe_text

if TYPE_CHECKING:
    from collections.abc import Iterator

T = TypeVar("T")
F = TypeVar("F", bound=Callable[..., Any])
_LONGEST = 2000


def say(line: object = "") -> None:
    """A line of the result."""
    click.echo(safe_text(line, _LONGEST))


def complain(message: object) -> None:
    """A problem, on standard error; a message of several lines stays so."""
    for line in str(message).splitlines() or [""]:
        click.echo(safe_text(line, _LONGEST), err=True)


_UNSEEN = re.compile("[\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff]|##(?=\\[)")


def say_json(line: str) -> None:
    """A line of JSON, in which what a terminal or runner would act on is written as JSON's own escapes."""
    click.echo(_UNSEEN.sub(lambda found: "".join(f"\\u{ord(c):04x}" for c in found[0]), line))


def say_block(text: str) -> None:
    """Text of several lines, each harmless by itself."""
    for line in text.split("\n"):
        click.echo(safe_text(line, 0))


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Rows in columns; as wide as they need where no terminal limits them."""
    from rich import box  # noqa: PLC0415  # only tables need it
    from rich.console import Console  # noqa: PLC0415  # see above
    from rich.table import Table  # noqa: PLC0415  # see above
    from rich.text import Text  # noqa: PLC0415  # see above

    on_terminal = sys.stdout.isatty()
    console = Console(
        file=sys.stdout, width=None if on_terminal else 400, highlight=False, markup=False, emoji=False,
        color_system="auto" if on_terminal else None,
    )  # fmt: skip
    drawn = Table(box=box.SIMPLE_HEAD if on_terminal else None, pad_edge=False, header_style="bold")
    for name in head:
        drawn.add_column(name)
    for row in rows:
        drawn.add_row(*(Text(safe_text(cell)) for cell in row))
    console.print(drawn)


def progress(items: Iterator[T], total: int, what: str) -> Iterator[T]:
    """The items; on a terminal, and for more than a moment's work, with a bar on standard error."""
    if total < 200 or not sys.stderr.isatty():  # noqa: PLR2004  # about a second's work
        yield from items
        return
    from rich.console import Console  # noqa: PLC0415  # see table
    from rich.progress import track  # noqa: PLC0415  # see table

    yield from track(items, what, total, console=Console(stderr=True), transient=True)


def shared_options(function: F) -> F:
    """`--plugin` and `-v` after the command too, where one looks for them first."""
    function = click.option(
        "--plugin", "plugins", multiple=True, metavar="PATH", help="A plugin file, or a folder of them. Repeatable."
    )(function)
    return click.option("-v", "--verbose", is_flag=True, help="Show what plugins print.")(function)


def jobs_option(function: F) -> F:
    return click.option(
        "--jobs", type=click.IntRange(1, 256), default=None, metavar="N",
        help="Pages that are read at a time. As many as the machine has processors, unless given.",
    )(function)  # fmt: skip


def plugin_paths(ctx: click.Context, plugins: Sequence[str]) -> tuple[Path, ...]:
    return tuple(Path(path) for path in (*(ctx.obj or {}).get("plugins", ()), *plugins))


def is_verbose(ctx: click.Context, verbose: bool) -> bool:
    return verbose or bool((ctx.obj or {}).get("verbose"))


def relative(path: Path) -> str:
    """The path as it is shortest from here."""
    try:
        near = os.path.relpath(path)
    except ValueError:  # another drive
        return str(path)
    return near if len(near) < len(str(path)) else str(path)
