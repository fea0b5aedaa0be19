"""Miniflux: its webhook tells of new entries, and gets their clean contents through its API."""

from __future__ import annotations

import hmac
import json
import os
import queue
import re
import threading
from contextlib import suppress
from dataclasses import dataclass
from http import HTTPStatus
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple

from cleanfeed.errors import ConfigError
from cleanfeed.integrations.desk import log, warn
from cleanfeed.keys import URL, WORD, Miniflux

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from cleanfeed.config import Config
    from cleanfeed.integrations.desk import Desk
    from cleanfeed.model import Entry

    Put = Callable[[int, str], None]
    """Sets the content of an entry; `Undelivered` where that cannot be."""

LARGEST = 16 << 20
"""Bytes of a message; Miniflux sends no feed that is larger."""
_WAITING = 10_000
_AT_ONCE = 20
_KEYS = {"url": "MINIFLUX_URL", "api_key": "MINIFLUX_API_KEY", "webhook_secret": "MINIFLUX_WEBHOOK_SECRET"}
"""Keys of [miniflux], and the variables of the environment that outrank them."""


class Undelivered(Exception):  # never leaves this room
    """Content that Miniflux did not take: the reason."""


class Answer(NamedTuple):
    status: HTTPStatus
    message: str


class _Order(NamedTuple):
    """An entry of Miniflux that is to get its clean content."""

    number: int
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """How Miniflux is spoken to, and how it proves itself."""

    url: str
    """Ends with "/"."""
    api_key: str
    webhook_secret: str


def access_of(config: Config, environment: Mapping[str, str] = os.environ) -> Access:
    """What [miniflux] and the environment say; a `ConfigError` that names what is missing or wrong."""
    told = config.miniflux or Miniflux()
    found = {
        key: _checked(config, key, environment.get(name, ""), getattr(told, key) or "")
        for key, name in _KEYS.items()
    }
    return Access(**found | {"url": found["url"].rstrip("/") + "/"})


def _checked(config: Config, key: str, outranking: str, own: str) -> str:
    """The value of a key, without the space around it that comes of copying; no error shows it."""
    value, name = outranking.strip() or own.strip(), _KEYS[key]
    if not value:
        raise ConfigError(f"{config.path}: miniflux.{key} is missing; write it there, or set {name}")
    where = name if outranking.strip() else f"{config.path}: miniflux.{key}"
    if key == "url" and not re.match(URL, value):
        raise ConfigError(f'{where} must be the address of Miniflux, such as "http://127.0.0.1:8080"')
    if key != "url" and not re.match(WORD, value):
        raise ConfigError(f"{where} must be a word in ASCII, without spaces")
    return value


class Receiver:
    """Checks what Miniflux sends, answers at once, and cleans in a thread of its own.

    Nothing is lost in silence: what could not be queued, cleaned or delivered is named in the log, and
    Miniflux keeps the content that it has.
    """

    def __init__(self, secret: str, desk: Desk, put: Put, *, waiting: int = _WAITING) -> None:
        self._secret = secret.encode()
        self._desk = desk
        self._put = put
        self._orders: queue.Queue[_Order | None] = queue.Queue(waiting)
        self._at_work: list[_Order] = []
        self._stopping = threading.Event()
        self._worker = threading.Thread(target=self._work, name="miniflux", daemon=True)
        self._worker.start()

    def handle(self, headers: Mapping[str, str], body: bytes) -> Answer:
        """The answer to one message; `headers` must find names in any case, as those of HTTP do."""
        told = headers.get("X-Miniflux-Signature") or ""
        if not self._is_signed(told, body):
            return Answer(HTTPStatus.FORBIDDEN, "the signature is missing or wrong; see webhook_secret")
        message = _message(body)
        if message is None:
            return Answer(HTTPStatus.BAD_REQUEST, "the body is no message of Miniflux")
        if message.get("event_type") != "new_entries":
            return Answer(HTTPStatus.OK, "nothing to do: only new_entries are cleaned")
        orders = list(_orders(message))
        return self._queued(orders)

    def stop(self, seconds: float = 5.0) -> None:
        """Ends the work, and names what is not done."""
        self._stopping.set()
        left = list(self._waiting())
        self._orders.put(None)
        self._worker.join(seconds)
        for order in (*self._at_work, *filter(None, left)):
            _left(order, "stopped before")

    def _is_signed(self, told: str, body: bytes) -> bool:
        expected = hmac.new(self._secret, body, "sha256").hexdigest()
        return hmac.compare_digest(told.strip().lower().encode("utf-8", "replace"), expected.encode())

    def _queued(self, orders: list[_Order]) -> Answer:
        for done, order in enumerate(orders):
            try:
                self._orders.put_nowait(order)
            except queue.Full:
                for left in orders[done:]:
                    _left(left, "too many are waiting")
                return Answer(HTTPStatus.SERVICE_UNAVAILABLE, f"{len(orders) - done} entries: too many wait")
        return Answer(HTTPStatus.ACCEPTED, f"{len(orders)} entries are looked at")

    # --- the worker

    def _work(self) -> None:
        while not self._stopping.is_set():
            try:
                self._serve([order for order in self._some() if order is not None])
            except Exception:  # noqa: BLE001  # the thread must outlive whatever some entries bring about
                log.exception("cleanfeed failed")
                for order in self._at_work:
                    _left(order, "cleanfeed failed")
                self._at_work = []

    def _some(self) -> Iterator[_Order | None]:
        yield self._orders.get()
        yield from islice(self._waiting(), _AT_ONCE - 1)

    def _waiting(self) -> Iterator[_Order | None]:
        with suppress(queue.Empty):
            while True:
                yield self._orders.get_nowait()

    def _serve(self, orders: list[_Order]) -> None:
        self._at_work = orders
        entries = self._desk.entries([order.address for order in orders])
        while self._at_work and not self._stopping.is_set():
            self._deliver(self._at_work[0], entries)
            self._at_work = self._at_work[1:]

    def _deliver(self, order: _Order, entries: Mapping[str, Entry]) -> None:
        if order.address not in entries:  # the desk has said why, or nobody claims it
            return
        try:
            self._put(order.number, entries[order.address].content)
        except Undelivered as error:
            warn(f"Miniflux entry {order.number} ({order.address}): {error}")
        except Exception:  # noqa: BLE001  # what fails for one entry must not cost the others
            log.exception("cleanfeed failed")
            _left(order, "cleanfeed failed")


def _left(order: _Order, reason: str) -> None:
    warn(f"Miniflux entry {order.number} ({order.address}): not cleaned, {reason}")


def _message(body: bytes) -> Mapping[str, Any] | None:
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return told if isinstance(told, dict) and isinstance(told.get("entries", []), list | type(None)) else None


def _orders(message: Mapping[str, Any]) -> Iterator[_Order]:
    for each in message.get("entries") or ():
        told = each if isinstance(each, dict) else {}
        number, address = told.get("id"), told.get("url")
        if isinstance(number, int) and not isinstance(number, bool) and number > 0 and address:
            yield _Order(number, str(address))
