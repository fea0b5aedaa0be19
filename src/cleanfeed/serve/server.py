"""The server: where it listens, what it needs as long as it runs, and how it stops."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import socket
import tempfile
import time
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING

import uvicorn

from cleanfeed.blame import describe
from cleanfeed.config import check_outlets
from cleanfeed.errors import ConfigError
from cleanfeed.lookup.lookup import Lookup, Terms
from cleanfeed.plugins import load as load_plugins
from cleanfeed.serve.app import House, application
from cleanfeed.serve.builds import GOOD, Builds, Plan
from cleanfeed.serve.crew import Crew
from cleanfeed.serve.desk import Desk
from cleanfeed.serve.door import Door
from cleanfeed.serve.figures import Figures
from cleanfeed.serve.files import Files
from cleanfeed.serve.gate import Gate
from cleanfeed.serve.state import State
from cleanfeed.serve.wire import HEAD_SECONDS, MOST_CONNECTIONS, Wire
from cleanfeed.work import Setup

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from cleanfeed.config import Config
    from cleanfeed.keys import Serve

_GRACE = 4
"""Seconds in which answers under way may end when the server is to stop."""
_LARGEST_HEAD = 32 * 1024
_HELPERS = 2


@dataclass(frozen=True, kw_only=True)
class Wishes:
    """What somebody wants of a server, beyond the configuration."""

    host: str
    port: int
    rules: Serve
    every: float | None = None
    """Seconds between two builds; without it, somebody else builds."""
    plugins: tuple[Path, ...] = ()
    verbose: bool = False
    announce: Callable[[str], None]
    """Is told the address, once it answers."""
    tell: Callable[[str], None]
    """Is told what goes wrong, a line each."""


def run(config: Config, wishes: Wishes) -> None:
    """Serves until SIGTERM or SIGINT; a `ConfigError` where it may not, or cannot."""
    with ExitStack() as stack:
        listener = stack.enter_context(_listener(wishes))
        loaded = load_plugins(wishes.plugins)
        check_outlets(config, loaded.directory.by_slug.keys())
        crew = Crew(Setup(wishes.plugins, (), wishes.verbose), _HELPERS)
        stack.callback(crew.close)
        terms = Terms(plugins=wishes.plugins, verbose=wishes.verbose, loaded=loaded, read=crew.read)
        lookup = stack.enter_context(Lookup(replace(config, any_site=False), terms))
        figures = Figures()
        desk = Desk(lookup, figures, wishes.tell)
        stack.callback(desk.close)
        house = House(
            files=Files(config.output, wishes.tell),
            desk=desk,
            gate=Gate(wishes.rules, frozenset({wishes.host.lower()}), time.monotonic),
            figures=figures,
            state=State(config, loaded),
            names={outlet.slug: outlet.name for outlet in loaded.outlets},
            is_open=wishes.rules.token is None,
        )
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="cleanfeed-"))
        builds = _builds(config, wishes, house, Path(folder))
        _quieten(wishes)
        asyncio.run(_serve(house, wishes, listener, builds))


def _builds(config: Config, wishes: Wishes, house: House, folder: Path) -> Builds | None:
    if wishes.every is None:
        return None
    figures = house.figures
    figures.last_build = folder / "build.prom"

    async def begins() -> None:
        await asyncio.to_thread(house.files.pause)

    async def ended(status: int) -> None:
        figures.builds[str(status)] += 1
        house.desk.forget()
        await asyncio.to_thread(house.files.resume, is_whole=status in GOOD)

    plan = Plan(
        config=config.path,
        output=config.output,
        every=wishes.every,
        plugins=wishes.plugins,
        metrics=figures.last_build,
    )
    return Builds(plan, begins=begins, ended=ended, tell=wishes.tell)


async def _serve(house: House, wishes: Wishes, listener: socket.socket, builds: Builds | None) -> None:
    log = wishes.tell if wishes.verbose else None
    door = Door(application(house), house.gate, house.figures, tell=wishes.tell, log=log)
    settings = uvicorn.Config(
        door,
        http=Wire,
        ws="none",
        loop="asyncio",
        lifespan="off",
        interface="asgi3",
        log_config=None,
        access_log=False,
        # What a proxy says of its clients is not believed: anybody could say it.
        proxy_headers=False,
        server_header=False,
        timeout_keep_alive=int(HEAD_SECONDS),  # the watch over a connection would end it then
        timeout_graceful_shutdown=_GRACE,
        h11_max_incomplete_event_size=_LARGEST_HEAD,
        backlog=MOST_CONNECTIONS,
    )
    server = _Server(settings, _address(wishes, listener), wishes.announce)
    house.figures.connections = lambda: len(server.server_state.connections)
    await asyncio.to_thread(house.files.look)
    building = asyncio.create_task(builds.run()) if builds else None
    try:
        await server.serve(sockets=[listener])
    finally:
        if builds and building:
            building.cancel()
            await builds.stop()


class _Server(uvicorn.Server):
    """Says where it listens, and ends in good order when it is asked to."""

    def __init__(self, settings: uvicorn.Config, address: str, announce: Callable[[str], None]) -> None:
        super().__init__(settings)
        self._address = address
        self._announce = announce

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._announce(self._address)

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            if signal.getsignal(number) is not signal.SIG_IGN:  # as `nohup` has it
                loop.add_signal_handler(number, self._end)
        yield  # and they stay: a second signal must not interrupt what is being tidied up

    def _end(self) -> None:
        self.force_exit = self.should_exit
        self.should_exit = True


# --- where it listens


def _listener(wishes: Wishes) -> socket.socket:
    try:
        found = socket.getaddrinfo(wishes.host, wishes.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except (OSError, UnicodeError) as error:
        raise ConfigError(f"--host {wishes.host}: is no address of this machine") from error
    if not wishes.rules.token and not all(ip_address(str(each[4][0])).is_loopback for each in found):
        raise ConfigError(
            f"--host {wishes.host}: is open to others, so a token is wanted: --token, CLEANFEED_TOKEN, or "
            "token in [serve]"
        )
    family, *_rest, place = min(found, key=lambda each: each[0] != socket.AF_INET)
    # With the protocol named, asyncio sees that answers are not to wait for more to send (TCP_NODELAY).
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(place)
        listener.listen(MOST_CONNECTIONS)
    except OSError as error:
        listener.close()
        reason = os.strerror(error.errno) if error.errno else str(error)
        where = f"{wishes.host}:{wishes.port}"
        raise ConfigError(f"{where}: cannot be listened on: {reason}; choose another --port") from error
    return listener


def _address(wishes: Wishes, listener: socket.socket) -> str:
    host = f"[{wishes.host}]" if ":" in wishes.host else wishes.host
    return f"http://{host}:{listener.getsockname()[1]}/"


# --- what libraries say


def _quieten(wishes: Wishes) -> None:
    handler = _Lines(wishes.tell)
    for name, level in (("uvicorn.error", logging.ERROR), ("asyncio", logging.ERROR)):
        logger = logging.getLogger(name)
        logger.handlers, logger.propagate = [handler], False
        logger.setLevel(logging.WARNING if wishes.verbose else level)


class _Lines(logging.Handler):
    """A line for what a library logs, without its traceback."""

    def __init__(self, tell: Callable[[str], None]) -> None:
        super().__init__()
        self._tell = tell

    def emit(self, record: logging.LogRecord) -> None:
        error = record.exc_info[1] if record.exc_info else None
        self._tell(f"{record.getMessage()}{f': {describe(error)}' if error else ''}")
