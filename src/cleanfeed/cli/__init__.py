"""The command line: arguments in, text and an exit status out."""

from __future__ import annotations

import sys
import traceback
from importlib import import_module

import click

from cleanfeed.cli.console import complain
from cleanfeed.errors import CleanfeedError

_COMMANDS = {
    "build": "Read pages and write all feeds of a configuration.",
    "extract": "Print the entries of pages, one per line.",
    "outlets": "List the outlets that are loaded, and from where.",
}
_INTERRUPTED = 130


class _Lazy(click.Group):
    """Commands whose modules are imported when they are called: help answers at once."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  # click's signature
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002  # see above
        if cmd_name not in _COMMANDS:
            return None
        command: click.Command = import_module(f"cleanfeed.cli.{cmd_name}").command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002  # see above
        with formatter.section("Commands"):
            formatter.write_dl(list(_COMMANDS.items()))


def _version(ctx: click.Context, _parameter: click.Parameter, wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version  # noqa: PLC0415  # slow, and needed here alone

        click.echo(f"cleanfeed {version('cleanfeed')}")
        ctx.exit()


@click.group(
    cls=_Lazy,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Exit status: 0 fine; 1 done, with problems that are named on standard error; 2 could not be done.",
)
@click.option("--plugin", "plugins", multiple=True, metavar="PATH", help="A plugin file, or a folder of them. Repeatable.")
@click.option("-v", "--verbose", is_flag=True, help="Show what plugins print.")
@click.option("--version", is_flag=True, is_eager=True, expose_value=False, callback=_version, help="Show the version.")
@click.pass_context
def app(ctx: click.Context, plugins: tuple[str, ...], verbose: bool) -> None:
    """Clean per-topic feeds from the messy pages of news outlets.

    Start with `cleanfeed build CONFIG`, which reads saved pages and writes RSS, Atom and JSON feeds with an
    index.html. `cleanfeed COMMAND --help` tells more of each command.
    """
    ctx.obj = {"plugins": plugins, "verbose": verbose}


def main(args: list[str] | None = None) -> int:
    """Runs a command line and gives its exit status."""
    try:
        status = app.main(args, prog_name="cleanfeed", standalone_mode=False)
    except click.ClickException as error:
        complain(error.format_message())
        complain("Try 'cleanfeed --help', or 'cleanfeed COMMAND --help'.")
        return error.exit_code
    except CleanfeedError as error:
        complain(f"cleanfeed: {error}")
        return 2
    except (KeyboardInterrupt, click.Abort):
        complain("cleanfeed: interrupted")
        return _INTERRUPTED
    except BrokenPipeError:
        # Whoever read the output has had enough; Python must not complain of it at its end.
        sys.stdout = None  # type: ignore[assignment]  # what Python itself sets where there is no output
        return 1
    except Exception:  # noqa: BLE001  # a fault of our own keeps its traceback, and must not read as "done, with problems"
        traceback.print_exc()
        return 2
    return int(status or 0)
