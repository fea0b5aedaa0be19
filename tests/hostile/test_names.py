"""Names that lead to private addresses, at first or later: the address that is checked is the one that is asked."""

from __future__ import annotations

import socket
from contextlib import suppress

import httpx2
import pytest

from cleanfeed.errors import FetchError
from cleanfeed.fetch import guard
from cleanfeed.fetch.guard import Policy, guarded_client
from faultserver import FaultServer, answer
from hostile.rows import cases, controls

PUBLIC, PRIVATE = "127.0.0.1", "127.0.0.2"
KEPT, CLOSED = True, False
NAMES = {
    "H48": {
        "the private address first": ([[PRIVATE, PUBLIC]], KEPT, 0),
        "the private address last": ([[PUBLIC, PRIVATE]], KEPT, 0),
    },
    "H49": {
        "private at the next connection": ([[PUBLIC], [PRIVATE]], CLOSED, 1),
        "private while the connection is kept": ([[PUBLIC], [PRIVATE]], KEPT, 2),
    },
}
"""What a name server answers in turn, whether connections are kept, and how many of two requests are answered."""
real_lookup = socket.getaddrinfo


@pytest.fixture
def servers(monkeypatch):
    """One that counts as public, and one at the same port that does not."""
    is_public = guard.is_public_host
    monkeypatch.setattr(guard, "is_public_host", lambda host: host == PUBLIC or is_public(host))
    with FaultServer(host=PUBLIC) as outside, FaultServer(host=PRIVATE, port=outside.port) as inside:
        monkeypatch.setattr(guard, "PORTS", guard.PORTS | {outside.port})
        for server in (outside, inside):
            server.on("/kept", answer(b"<p>x</p>"), keep=True)
            server.on("/closed", answer(b"<p>x</p>", headers=("Connection: close",)))
        yield outside, inside


def told(monkeypatch, answers):
    left = list(answers)

    def lookup(host, port, *args, **options):
        if host != "news.example":
            return real_lookup(host, port, *args, **options)
        found = left.pop(0) if len(left) > 1 else left[0]
        return [info for address in found for info in real_lookup(address, port, *args, **options)]

    monkeypatch.setattr(socket, "getaddrinfo", lookup)


def asked_twice(client, url, check=lambda: None):
    done = 0
    for _ in range(2):
        with suppress(FetchError, httpx2.HTTPError):
            check()
            done += client.get(url).status_code == 200
    return done


def url_of(outside, is_kept):
    return outside.url("/kept" if is_kept else "/closed", host="news.example")


@pytest.mark.parametrize("row, given", cases(NAMES))
def test_a_name_leads_to_no_private_address(servers, monkeypatch, row, given):
    (outside, inside), (answers, is_kept, expected) = servers, given
    told(monkeypatch, answers)
    with guarded_client(Policy(), proxy=None, user_agent="test") as client:
        assert asked_twice(client, url_of(outside, is_kept)) == expected
    assert inside.connections == 0
    assert bool(outside.connections) is bool(expected)


@pytest.mark.parametrize("variants", controls(NAMES))
def test_a_client_that_looks_a_name_up_and_then_again_is_led_inside(servers, monkeypatch, variants):
    outside, inside = servers

    def check():
        address = socket.getaddrinfo("news.example", 80)[0][4][0]
        if answers[0] == [PUBLIC] and not guard.is_public_host(address):
            raise FetchError("x", "is private", "refused")

    for answers, is_kept, _expected in variants:
        told(monkeypatch, answers)
        with httpx2.Client(trust_env=False, timeout=2) as client:
            asked_twice(client, url_of(outside, is_kept), check)
    assert inside.connections > 0
