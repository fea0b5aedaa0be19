"""Redirects and links to where nobody should be led: no connection is made, and the answer is no article."""

from __future__ import annotations

import socket
import urllib.request

import httpx2
import pytest

from cleanfeed.errors import FetchError
from cleanfeed.fetch.answer import Ask
from cleanfeed.fetch.client import Fetcher, Settings
from hostile.rows import cases, controls
from newsroom import Newsroom
from newsroom_faults import Reply, send


def named(*addresses):
    return {address[:60]: address for address in addresses}


LED = {
    "H45": named(
        "http://127.0.0.1/", "http://127.0.0.1:8080/", "http://[::1]/", "http://169.254.169.254/latest/meta-data/", "http://10.0.0.7/",
        "http://172.16.3.4/", "http://192.168.1.1/", "http://100.64.0.1/", "http://0.0.0.0/", "http://[::]/", "http://224.0.0.1/",
        "http://255.255.255.255/", "http://198.18.0.1/", "http://192.0.0.8/", "http://localhost/", "http://localhost:8080/",
    ),
    "H46": named("http://2130706433/", "http://017700000001/", "http://0x7f.1/", "http://127.1/", "http://0x7f000001/"),
    "H47": named(
        "http://[::ffff:10.0.0.1]/", "http://[64:ff9b::7f00:1]/", "http://[2002:7f00:1::]/", "http://[fec0::1]/",
        "http://192.88.99.1/", "http://[fd00::1]/", "http://[fe80::1]/",
    ),
    "H50": named(
        "file:///etc/passwd", "gopher://127.0.0.1/x", "ftp://ftp.example/", "unix:///run/docker.sock", "data:text/html,x",
        "javascript:alert(1)", "dict://127.0.0.1:11211/stat", "ws://127.0.0.1/",
    ),
    "H52": named(*(f"http://93.184.216.34:{port}/" for port in (22, 25, 6379, 11211, 9200, 0, 99999))),
    "H20": named("http://good@93.184.216.34/", "http://user:secret@93.184.216.34/"),
}  # fmt: skip
"""Where a redirect leads, or a page links to."""
BROKEN = {
    "H51": {
        "no address": ("", "without an address"),
        "a line that is folded": ("http://town-1.example/\r\nX: y", "answered 404"),
        "an encoded line's end": ("http://town-1.example/%0d%0aX:y", "to no address"),
        "bytes that are no text": ("http://town-1.example/\xff\xfe", "to no address"),
        "a host that is broken": ("http://[::1", "."),
        "a blank in the host": ("http://exa mple/", "."),
        "thousands of characters": ("x" * 9000, "to no address"),
        "a circle of one": ("?again", "in a circle"),
        "no host": ("http://", "."),
        "two slashes": ("//", "."),
    }
}
"""Where a redirect leads, and a pattern of the reason."""


@pytest.fixture
def room():
    with Newsroom(["town-1"]) as made:
        made.publish("town-1", 2)
        yield made


@pytest.fixture
def connected(room, monkeypatch):
    """Every address that somebody wants to connect to; none but the outlet's is reached."""
    seen = []
    whole = socket.socket.connect
    port = own_port(room)

    def spying(self, address):
        seen.append(address[:2])
        if address[1] != port:
            raise ConnectionRefusedError
        return whole(self, address)

    monkeypatch.setattr(socket.socket, "connect", spying)
    return seen


def own_port(room):
    return int(room.mirrors()["https://town-1.example"].rpartition(":")[2])


@pytest.fixture
def fetcher(room):
    made = Fetcher(
        Settings(user_agent="cleanfeed/test", delay=0, mirrors=room.mirrors(), haste=0.01, connect_seconds=2)
    )
    yield made
    made.stop()


def leading_to(location):
    def sending(wire, _reply):
        headers = {"Location": location.replace("\r\n", "\r\n ")} if location else {}
        return send(wire, Reply(status=302, headers=headers))

    return sending


def strangers(room, connected):
    """Whoever was connected to and is not the outlet."""
    return [address for address in connected if address[1] != own_port(room)]


@pytest.mark.parametrize("row, location", cases(LED))
def test_a_redirect_leads_nowhere_else(room, fetcher, connected, row, location):
    room.fail("town-1", leading_to(location), path="/story/")
    with pytest.raises(FetchError) as caught:
        fetcher.get(Ask(url=room.articles("town-1")[0].url))
    assert caught.value.kind == "refused"
    assert strangers(room, connected) == []


@pytest.mark.parametrize("row, address", cases(LED))
def test_an_address_that_a_page_names_is_not_asked_either(room, fetcher, connected, row, address):
    with pytest.raises(FetchError) as caught:
        fetcher.get(Ask(url=address))
    assert caught.value.kind == "refused"
    assert connected == []
    assert len(room.log) == 0


@pytest.mark.parametrize("row, given", cases(BROKEN))
def test_a_redirect_that_is_broken_leads_nowhere_at_all(room, fetcher, connected, row, given):
    location, reason = given
    room.fail("town-1", leading_to(location), path="/story/")
    with pytest.raises(FetchError, match=reason):
        fetcher.get(Ask(url=room.articles("town-1")[0].url))
    assert strangers(room, connected) == []


@pytest.mark.row("H51")
def test_twenty_redirects_are_not_followed(room, fetcher):
    hops = iter(range(20))

    def leading_on(wire, reply):
        return leading_to(f"/story/{next(hops)}")(wire, reply)

    room.fail("town-1", leading_on, path="/story/")
    with pytest.raises(FetchError, match="more than 5 times"):
        fetcher.get(Ask(url=room.articles("town-1")[0].url))
    assert next(hops) == 6


# --- and whoever follows them all the same


def follow(url):
    """As a client does that is told to follow redirects; what comes of it."""
    try:
        with httpx2.Client(follow_redirects=True, trust_env=False, timeout=2) as client:
            return client.get(url).status_code
    except (httpx2.HTTPError, httpx2.InvalidURL) as error:
        return error


def follow_by_hand(url):
    """As a client does that follows by itself, with what opens any address."""
    with httpx2.Client(trust_env=False, timeout=2) as client:
        location = client.get(url).headers["location"]
    with urllib.request.urlopen(location, timeout=2) as found:
        return found.read()


def address_of(room):
    article = room.articles("town-1")[0]
    return article.url.replace("https://town-1.example", f"http://127.0.0.1:{own_port(room)}")


@pytest.mark.parametrize("locations", [each for each in controls(LED) if each.id != "H50"])
def test_a_client_that_follows_redirects_is_led_there(room, connected, locations):
    for location in locations:
        room.heal()
        room.fail("town-1", leading_to(location), path="/story/")
        follow(address_of(room))
    assert strangers(room, connected)


@pytest.mark.control("H50")
def test_a_client_that_opens_any_address_reads_files(room):
    room.fail("town-1", leading_to("file:///etc/passwd"), path="/story/")
    assert b"root:" in follow_by_hand(address_of(room))


@pytest.mark.control("H51")
def test_a_client_that_follows_redirects_takes_their_end_for_a_page(room):
    room.fail("town-1", leading_to(""), path="/story/")
    assert follow(address_of(room)) == 302
    room.heal()
    room.fail("town-1", leading_to("/story/%0d%0aX:y"), times=1, path="/story/")
    follow(address_of(room))
    assert any("%0d%0a" in path for path in room.log.paths())


def test_the_spy_sees_a_connection(room, fetcher, connected):
    """What is allowed is connected to."""
    fetcher.get(Ask(url=room.articles("town-1")[0].url))
    assert connected
