"""Redirects and links to where nobody should be led: no connection is made, and the answer is no article."""

from __future__ import annotations

import socket

import pytest

from cleanfeed.errors import FetchError
from cleanfeed.fetch.answer import Ask
from cleanfeed.fetch.client import Fetcher, Settings
from newsroom import Newsroom
from newsroom_faults import Reply, send

PRIVATE = [
    "http://127.0.0.1/", "http://127.0.0.1:8080/", "http://[::1]/", "http://169.254.169.254/latest/meta-data/",
    "http://10.0.0.7/", "http://172.16.3.4/", "http://192.168.1.1/", "http://100.64.0.1/", "http://0.0.0.0/",
    "http://[::]/", "http://224.0.0.1/", "http://255.255.255.255/", "http://198.18.0.1/", "http://192.0.0.8/",
    "http://2130706433/", "http://017700000001/", "http://0x7f.1/", "http://127.1/", "http://0x7f000001/",
    "http://[::ffff:10.0.0.1]/", "http://[64:ff9b::7f00:1]/", "http://[2002:7f00:1::]/", "http://[fec0::1]/",
    "http://192.88.99.1/", "http://[fd00::1]/", "http://[fe80::1]/", "http://localhost/", "http://localhost:8080/",
]  # fmt: skip
SCHEMES = [
    "file:///etc/passwd", "gopher://127.0.0.1/x", "ftp://ftp.example/", "unix:///run/docker.sock", "data:text/html,x",
    "javascript:alert(1)", "dict://127.0.0.1:11211/stat", "ws://127.0.0.1/", "//", "http://",
]  # fmt: skip
PORTS = [f"http://93.184.216.34:{port}/" for port in (22, 25, 6379, 11211, 9200, 0, 99999)]
USERS = ["http://good@93.184.216.34/", "http://user:secret@93.184.216.34/"]
BROKEN = [
    "http://town-1.example/\r\nX: y",
    "http://town-1.example/%0d%0aX:y",
    "http://[::1",
    "http://exa mple/",
    "x" * 9000,
]


@pytest.fixture
def room():
    with Newsroom(["town-1"]) as made:
        made.publish("town-1", 2)
        yield made


@pytest.fixture
def connected(monkeypatch):
    """Every address that somebody wants to connect to."""
    seen = []
    whole = socket.socket.connect

    def spying(self, address):
        seen.append(address)
        return whole(self, address)

    monkeypatch.setattr(socket.socket, "connect", spying)
    return seen


@pytest.fixture
def fetcher(room):
    made = Fetcher(
        Settings(user_agent="cleanfeed/test", delay=0, mirrors=room.mirrors(), haste=0.01, connect_seconds=2)
    )
    yield made
    made.stop()


def leading_to(location):
    def sending(wire, _reply):
        return send(wire, Reply(status=302, headers={"Location": location.replace("\r\n", "\r\n ")}))

    return sending


@pytest.mark.parametrize(
    "location", [*PRIVATE, *SCHEMES, *PORTS, *USERS, *BROKEN], ids=lambda text: text[:40]
)
def test_a_redirect_leads_nowhere_else(room, fetcher, connected, location):
    room.fail("town-1", leading_to(location), path="/story/")
    with pytest.raises(FetchError):
        fetcher.get(Ask(url=room.articles("town-1")[0].url))
    port = int(room.mirrors()["https://town-1.example"].rpartition(":")[2])
    assert {address[1] for address in connected} == {port}


@pytest.mark.parametrize("address", [*PRIVATE, *SCHEMES[:4], *PORTS, *USERS])
def test_an_address_that_a_page_names_is_not_asked_either(room, fetcher, connected, address):
    with pytest.raises(FetchError) as caught:
        fetcher.get(Ask(url=address))
    assert caught.value.kind == "refused"
    assert connected == []
    assert len(room.log) == 0


def test_the_spy_sees_a_connection(room, fetcher, connected):
    """The control: what is allowed is connected to."""
    fetcher.get(Ask(url=room.articles("town-1")[0].url))
    assert connected
