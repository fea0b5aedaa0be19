"""Connections within bounds: none may be held open for long by a client that sends or reads too slowly."""

from __future__ import annotations

import re
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

from cleanfeed.serve.answers import as_failure, dumped

if TYPE_CHECKING:
    import asyncio

MOST_CONNECTIONS = 256
HEAD_SECONDS = 10.0
"""In which a request must have come."""
STUCK_SECONDS = 20.0
"""In which a reader must have taken something of its answer."""
ANSWER_SECONDS = 90.0
"""In which an answer must have begun; the longest wait for a feed is shorter."""
_GLANCE = 2.0
_HIGH = re.compile(rb"[\x80-\xff]")


class Wire(H11Protocol):
    """One connection, which is watched."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as in the base class
        super().connection_made(transport)
        self.began = self.loop.time()
        self._state: tuple[object, ...] = ()
        self._watch = self.loop.call_later(_GLANCE, self._look)
        self._make_room()

    def connection_lost(self, exc: Exception | None) -> None:
        self._watch.cancel()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        # Letters beyond ASCII in an address, which some clients do not encode, are encoded for them.
        if self.conn.their_state is h11.IDLE and b"\n" not in self.conn.trailing_data[0]:
            line, end, rest = data.partition(b"\n")
            data = _HIGH.sub(lambda found: b"%%%02X" % found[0][0], line) + end + rest
        super().data_received(data)

    def send_400_response(self, msg: str) -> None:
        body = dumped(as_failure(msg))
        headers = [("Content-Type", "application/json; charset=utf-8"), ("Connection", "close")]
        headers += [("Content-Length", str(len(body))), ("X-Content-Type-Options", "nosniff")]
        with suppress(h11.LocalProtocolError):  # an answer is under way: the connection just ends
            for event in (
                h11.Response(status_code=400, headers=headers),
                h11.Data(data=body),
                h11.EndOfMessage(),
            ):
                self.transport.write(self.conn.send(event) or b"")
        self.transport.close()

    @property
    def is_idle(self) -> bool:
        """Whether no request is being answered."""
        cycle: Any = self.cycle  # `None` before the first request
        return cycle is None or cycle.response_complete

    def _make_room(self) -> None:
        """Beyond the bound, whoever has been longest without a request gives way."""
        held = [
            each for each in self.connections if isinstance(each, Wire) and not each.transport.is_closing()
        ]
        if len(held) > MOST_CONNECTIONS:
            idle = [each for each in held if each.is_idle]
            min(idle or [self], key=lambda each: each.began).transport.abort()

    def _look(self) -> None:
        now = self.loop.time()
        left = self.transport.get_write_buffer_size()
        state = (self.cycle, self.is_idle, left)
        if state != self._state:
            self._state, self.began = state, now
        bound = STUCK_SECONDS if left else HEAD_SECONDS if self.is_idle else ANSWER_SECONDS
        if now - self.began > bound:
            self.transport.abort()
        else:
            self._watch = self.loop.call_later(_GLANCE, self._look)
