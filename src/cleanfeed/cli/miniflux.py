"""`cleanfeed miniflux`: gives the new entries of a Miniflux their clean contents."""

from __future__ import annotations

import logging
from contextlib import ExitStack
from typing import TYPE_CHECKING

import click

from cleanfeed.cli.console import complain, say
from cleanfeed.integrations.desk import Desk, log
from cleanfeed.integrations.miniflux import Receiver, access_of
from cleanfeed.integrations.miniflux_api import Api
from cleanfeed.integrations.webhook import Webhook
from cleanfeed.interrupts import Terminated
from cleanfeed.lookup.configured import configured
from cleanfeed.plugins import load

if TYPE_CHECKING:
    from pathlib import Path

    from cleanfeed.cli.shared import Shared

_PORTS = 65_536


class _Complaints(logging.Handler):
    """Problems as all commands tell them, on one line of standard error."""

    def emit(self, record: logging.LogRecord) -> None:
        told = record.getMessage()
        complain(f"{told}: {record.exc_info[1]!r}" if record.exc_info and record.exc_info[1] else told)


def run(shared: Shared, *, config: Path | None, listen: str) -> int:
    host, port = _place(listen)
    settings = configured(config)
    access = access_of(settings)
    log.addHandler(_Complaints())
    log.propagate = False
    with ExitStack() as stack:
        desk, api = Desk(lambda: settings, shared.plugins, load(shared.plugins)), Api(access)
        stack.callback(desk.close)
        stack.callback(api.close)
        receiver = Receiver(access.webhook_secret, desk, api.put)
        stack.callback(receiver.stop)
        stack.callback(api.stop)
        try:
            server = stack.enter_context(Webhook(host, port, receiver))
        except (OSError, UnicodeError) as error:
            complain(f"cleanfeed: {listen}: cannot listen there: {getattr(error, 'strerror', None) or error}")
            return 2
        say(f"listening on {server.url}")
        try:
            server.serve_forever()
        except (KeyboardInterrupt, Terminated):
            return 0
    return 0


def _place(listen: str) -> tuple[str, int]:
    host, mark, port = listen.rpartition(":")
    if not (mark and host and port.isascii() and port.isdigit() and int(port) < _PORTS):
        raise click.UsageError(f"--listen {listen!r} must be HOST:PORT, such as 127.0.0.1:8001")
    return host.strip("[]"), int(port)
