"""Good and hostile clients of the server, all at once: the good ones get answers, and nothing grows."""

from __future__ import annotations

import random
import socket
import threading
import time
from contextlib import suppress

import pytest

from faults.conftest import is_full
from newsroom import Newsroom
from serveparts import Server, descendants, eventually

SECONDS = 3600 if is_full() else 8
_HEAD = b" HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"


def garbage(number: int) -> bytes:
    return random.Random(number).randbytes(300)


def made_up(number: int) -> bytes:
    return b"GET /parser?url=https://www.arise.tv/made-up-%d/" % number + _HEAD


def strange(number: int) -> bytes:
    return b"GET /extract.php?url=https%%3A%%2F%%2Fhost-%d.example.com%%2Fx" % number + _HEAD


def private(number: int) -> bytes:
    return b"GET /feed?url=http://10.0.0.%d/" % (number % 255) + _HEAD


def wandering(number: int) -> bytes:
    return b"GET /%s" % (b"..%2f" * (number % 9)) + b"etc/passwd%00" + _HEAD


def half(_number: int) -> bytes:
    return b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n{"


def huge(number: int) -> bytes:
    return b"GET / HTTP/1.1\r\nHost: localhost\r\nX: " + b"x" * (number % 7) * 20_000


def forged(number: int) -> bytes:
    return b"GET /parser/user/%040x?base64_url=aHR0cHM6Ly93d3cuYXJpc2UudHYv" % number + _HEAD


def odd(number: int) -> bytes:
    return (b"BREW", b"PUT", b"CONNECT", b"get")[number % 4] + b" /everything.rss" + _HEAD


HOSTILE = (garbage, made_up, strange, private, wandering, half, huge, forged, odd)


class Soak:
    """Clients in threads, until they are told to end."""

    def __init__(self, server: Server, article: str) -> None:
        self.server = server
        self.article = article
        self.ending = threading.Event()
        self.good: list[int] = []
        self.sent = 0

    def hostile(self, seed: int) -> None:
        number = seed * 1_000_000
        while not self.ending.is_set():
            number += 1
            with suppress(OSError), socket.create_connection(("127.0.0.1", self.server.port), 5) as wire:
                wire.sendall(HOSTILE[number % len(HOSTILE)](number))
                self.sent += 1
                wire.settimeout(0.5)
                if number % 3:  # a third of them never read what they are told
                    wire.recv(1000)

    def kind(self) -> None:
        paths = ("/everything.atom", f"/parser?url={self.article}", "/health", "/")
        number = 0
        while not self.ending.is_set():
            number += 1
            self.good.append(self.server.ask(paths[number % len(paths)]).status)
            time.sleep(0.05)


@pytest.mark.timeout(SECONDS + 120)
def test_hostile_clients_take_nothing_from_others_and_leave_nothing_behind(tmp_path):
    with Newsroom(["arise"]) as room:
        article = room.publish("arise", 3)[0]
        with Server(room.config(tmp_path), "--every", "5s") as server:
            eventually(lambda: server.ask("/everything.atom").status == 200)
            soak = Soak(server, article.url)
            threads = [threading.Thread(target=soak.hostile, args=(seed,)) for seed in range(4)]
            threads.append(threading.Thread(target=soak.kind))
            for thread in threads:
                thread.start()
            settled = _footprint(server, SECONDS / 3)
            last = _footprint(server, SECONDS * 2 / 3)
            soak.ending.set()
            for thread in threads:
                thread.join()
            assert set(soak.good) <= {200, 429, 503}
            assert soak.good.count(200) > len(soak.good) / 10
            assert soak.sent > 100
            assert last["cleanfeed_serve_open_files"] <= settled["cleanfeed_serve_open_files"] + 60
            assert last["cleanfeed_serve_threads"] <= settled["cleanfeed_serve_threads"] + 24
            grown = (
                last["cleanfeed_serve_resident_memory_bytes"]
                - settled["cleanfeed_serve_resident_memory_bytes"]
            )
            assert grown < 40e6
            assert len(descendants(server.process.pid)) < 12
            assert server.stop() == 0


def _footprint(server: Server, seconds: float) -> dict[str, float]:
    """What the server takes after so long; a figure that may not be asked for just now is asked for again."""
    time.sleep(seconds)
    end = time.monotonic() + 30
    while time.monotonic() < end:
        said = server.ask("/metrics")
        if said.status == 200:
            lines = [line for line in said.body.decode().splitlines() if line[0] != "#"]
            return {name: float(value) for name, value in (line.rsplit(" ", 1) for line in lines)}
        assert said.status == 429
        time.sleep(0.2)
    raise AssertionError("no figures")
