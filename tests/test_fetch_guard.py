"""The way out to the web: to public addresses only, by no side door, and each wait in time."""

from __future__ import annotations

import ipaddress
import random
import socket
import ssl
import threading
import time
from typing import TYPE_CHECKING

import httpcore2
import httpx2
import pytest

from cleanfeed.errors import ConfigError, FetchError
from cleanfeed.fetch import guard
from cleanfeed.fetch.guard import TROUBLES, Policy, deadline, explain, guarded_client, refuse_address, until
from faultserver import Blackhole, Drip, Endless, FaultServer, Reset, Wait, answer, tls_pair

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

HELLO = answer(b"<p>Hello</p>")
LOOPBACK = Policy(allow_hosts=frozenset({"127.0.0.1", "news.example", "other.example"}))
real_lookup = socket.getaddrinfo


@pytest.fixture
def server() -> Iterator[FaultServer]:
    with FaultServer() as server:
        server.on("/", HELLO, keep=True)
        yield server


@pytest.fixture(scope="module")
def client() -> Iterator[httpx2.Client]:
    with guarded_client(LOOPBACK, proxy=None, user_agent="test") as client:
        yield client


class Names:
    """A name server: each name's answers in turn, the last of them again and again."""

    def __init__(self) -> None:
        self.answers: dict[str, list[list[str]]] = {}
        self.asked: list[str] = []

    def __call__(self, host, port, *args, **options):
        if host not in self.answers:
            return real_lookup(host, port, *args, **options)
        self.asked.append(host)
        answers = self.answers[host]
        addresses = answers.pop(0) if len(answers) > 1 else answers[0]
        return [info for address in addresses for info in real_lookup(address, port, *args, **options)]


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> Names:
    names = Names()
    monkeypatch.setattr(socket, "getaddrinfo", names)
    return names


@pytest.fixture
def web(monkeypatch: pytest.MonkeyPatch, names: Names) -> Iterator[tuple[FaultServer, FaultServer, Names]]:
    """A server that counts as one of the public web, at 127.0.0.1, and a private one, at 127.0.0.2."""
    public = guard.is_public_host
    with FaultServer() as outside, FaultServer(host="127.0.0.2", port=outside.port) as inside:
        for server in (outside, inside):
            server.on("/", HELLO, keep=True)
            server.on("/once", answer(headers=("Connection: close",)))
        monkeypatch.setattr(guard, "is_public_host", lambda host: host == "127.0.0.1" or public(host))
        monkeypatch.setattr(guard, "PORTS", guard.PORTS | {outside.port})
        yield outside, inside, names


@pytest.fixture(scope="module")
def strict() -> Iterator[httpx2.Client]:
    with guarded_client(Policy(), proxy=None, user_agent="test") as client:
        yield client


def refusal(client: httpx2.Client, url: str) -> str:
    with pytest.raises(FetchError) as caught:
        client.get(url)
    assert caught.value.kind == "refused"
    return caught.value.reason


# --- what is not even tried

PRIVATE = [
    "127.0.0.1", "127.1", "127.0.1", "2130706433", "017700000001", "0x7f.1", "0x7f000001", "0x7f.0.0.1",
    "127.0.0.1.", "127%2e0.0.1", "127。0。0。1", "0.0.0.0", "0", "10.1.2.3", "100.64.0.1",
    "169.254.169.254", "168.63.129.16", "172.16.0.1", "192.0.0.192", "192.168.1.1", "192.88.99.1", "198.18.0.1",
    "203.0.113.5", "224.0.0.1", "255.255.255.255", "[::]", "[::1]", "[::ffff:10.0.0.1]", "[::ffff:7f00:1]",
    "[::127.0.0.1]", "[64:ff9b::7f00:1]", "[64:ff9b:1::1]", "[2002:7f00:1::]", "[2001::1]",
    "[2001:0:4136:e378:8000:63bf:3fff:fdd2]", "[2001:db8::1]", "[fc00::1]", "[fd00:ec2::254]", "[fe80::1]",
    "[fe80::1%25lo]", "[fec0::1]", "[ff02::1]", "localhost", "LOCALHOST.", "a.localhost", "printer.local",
    "db.internal", "metadata", "127.0.0.1.nip.io", "x.lan",
]  # fmt: skip


@pytest.mark.parametrize("host", PRIVATE)
def test_a_host_that_is_not_of_the_public_web_is_refused_in_any_notation(host: str) -> None:
    assert "not one of the public web" in refuse_address(f"http://{host}/", Policy())


@pytest.mark.parametrize(
    "url, reason",
    [
        ("file:///etc/passwd", "only http and https"),
        ("gopher://news.example/", "only http and https"),
        ("ftp://news.example/", "only http and https"),
        ("unix:/run/docker.sock", "only http and https"),
        ("http+unix://%2frun%2fdocker.sock/", "only http and https"),
        ("data:text/html,x", "only http and https"),
        ("//news.example/", "only http and https"),
        ("/path", "only http and https"),
        ("http:///path", "only http and https"),
        ("", "only http and https"),
        ("http://good@news.example/", "user name"),
        ("http://good:word@news.example/", "user name"),
        ("http://news.example\\@127.0.0.1/", "user name"),
        ("http://news.example:22/", "port 22 is not one of the web"),
        ("http://news.example:25/", "port 25"),
        ("https://news.example:6379/", "port 6379"),
        ("http://news.example:0/", "port 0"),
        ("http://news.example:99999/", "port 99999"),
        ("http://[::1", "not an address"),
        ("http://news\nexample/", "not an address"),
        ("http://①②⑦.0.0.1/", "not an address"),
        ("http://１２７.0.0.1/", "not an address"),
        ("http://0177.0.0.1/", "not an address"),
        ("http://news example.org/", "not one of the public web"),
        (f"http://{'a' * 64}.example.org/", "not one of the public web"),
    ],
)
def test_an_address_that_is_none_of_the_web_is_refused_with_its_reason(url: str, reason: str) -> None:
    assert reason in refuse_address(url, Policy())


@pytest.mark.parametrize(
    "url",
    [
        "http://news.example.org", "https://news.example.org/a?b#c", "https://news.example.org:8443/",
        "http://news.example.org:8080/", "http://8.8.8.8/", "http://[2606:4700::1]/", "http://[::ffff:8.8.8.8]/",
        "https://münchen.example.org/", "http://news.example.org#@127.0.0.1/", "HTTPS://NEWS.EXAMPLE.ORG./",
    ],
)  # fmt: skip
def test_an_address_of_the_public_web_is_tried(url: str) -> None:
    assert refuse_address(url, Policy()) is None


@pytest.mark.parametrize(
    "url, is_open",
    [
        ("http://intra.corp:9000/", True),
        ("http://INTRA.corp./", True),
        ("http://[fd00::5]:81/", True),
        ("http://user:word@mirror.lan:81/", True),
        ("http://mirror.lan:81/", True),
        ("http://user:word@intra.corp/", False),
        ("ftp://intra.corp/", False),
        ("http://mirror.lan/", False),
        ("http://mirror.lan:82/", False),
        ("http://other.corp/", False),
        ("http://sub.intra.corp/", False),
    ],
)
def test_allowed_hosts_are_open_at_any_port_and_trusted_places_at_theirs(url: str, is_open: bool) -> None:
    policy = Policy(
        allow_hosts=frozenset({"Intra.corp", "[fd00::5]"}), trusted=frozenset({("Mirror.lan", 81)})
    )
    assert (refuse_address(url, policy) is None) is is_open


# --- what is not connected to


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "127.1", "2130706433", "0x7f.1", "[::ffff:127.0.0.1]", "localhost"]
)
def test_no_connection_is_made_to_a_private_host_where_a_plain_client_makes_one(
    host: str, server: FaultServer, strict: httpx2.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(guard, "PORTS", {server.port})
    refusal(strict, server.url(host=host))
    assert server.connections == 0
    with httpx2.Client(trust_env=False) as naive:
        assert naive.get(server.url(host=host)).status_code == 200


def test_the_connector_itself_refuses_odd_hosts_and_ports_and_sockets_of_the_machine(
    strict: httpx2.Client,
) -> None:
    backend = strict._transport._pool._network_backend
    for host, port in [("127.1", 80), ("2130706433", 80), ("localhost", 80), ("8.8.8.8", 22)]:
        with pytest.raises(guard._Refused):
            backend.connect_tcp(host, port)
    with pytest.raises(guard._Refused):
        backend.connect_unix_socket("/run/docker.sock")


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.0.0.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "168.63.129.16", "192.88.99.1", "::1",
        "::ffff:10.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::", "fec0::1", "fe80::1", "fd00:ec2::254", "2001::1",
    ],
)  # fmt: skip
def test_a_name_that_leads_to_a_private_address_is_refused(
    address: str, names: Names, strict: httpx2.Client
) -> None:
    names.answers["news.example"] = [[address]]
    reason = refusal(strict, "http://news.example/")
    assert reason.startswith("its name leads to an address that is not public")
    assert address not in reason


def test_a_name_with_public_and_private_addresses_is_refused(web, strict: httpx2.Client) -> None:
    outside, inside, names = web
    for mixed in (["127.0.0.1", "127.0.0.2"], ["127.0.0.2", "127.0.0.1"]):
        names.answers["news.example"] = [mixed]
        refusal(strict, outside.url(host="news.example"))
    assert (outside.connections, inside.connections) == (0, 0)


def test_a_name_is_looked_up_once_and_the_address_that_was_seen_is_connected_to(
    web, strict: httpx2.Client
) -> None:
    outside, inside, names = web
    url = outside.url(host="news.example")
    names.answers["news.example"] = [["127.0.0.1"], ["127.0.0.2"]]
    assert strict.get(url).status_code == 200
    assert (names.asked, outside.connections, inside.connections) == (["news.example"], 1, 0)
    # A check before a plain client's own lookup is beaten by the same name.
    names.answers["news.example"] = [["127.0.0.1"], ["127.0.0.2"]]
    assert guard.is_public_host(socket.getaddrinfo("news.example", 80)[0][4][0])
    with httpx2.Client(trust_env=False) as naive:
        naive.get(url)
    assert inside.connections == 1


def test_a_name_that_turns_private_is_refused_at_its_next_connection(web, strict: httpx2.Client) -> None:
    outside, inside, names = web
    names.answers["news.example"] = [["127.0.0.1"], ["127.0.0.2"]]
    assert strict.get(outside.url("/once", host="news.example")).status_code == 200
    refusal(strict, outside.url(host="news.example"))
    assert (outside.connections, inside.connections) == (1, 0)


def test_a_connection_that_is_kept_is_the_one_that_was_checked(web, strict: httpx2.Client) -> None:
    outside, inside, names = web
    names.answers["news.example"] = [["127.0.0.1"], ["127.0.0.2"]]
    for _ in range(3):
        assert strict.get(outside.url(host="news.example")).status_code == 200
    assert (names.asked, outside.connections, inside.connections) == (["news.example"], 1, 0)


def test_a_kept_connection_serves_no_other_name(web, strict: httpx2.Client) -> None:
    outside, inside, names = web
    names.answers = {"news.example": [["127.0.0.1"]], "evil.example": [["127.0.0.2"]]}
    assert strict.get(outside.url(host="news.example")).status_code == 200
    refusal(strict, outside.url(host="evil.example"))
    assert (outside.connections, inside.connections) == (1, 0)


@pytest.mark.parametrize(
    "target", ["http://127.0.0.2:{port}/", "http://[::1]:{port}/", "http://evil.example:{port}/"]
)
def test_a_redirect_is_given_back_and_its_target_is_checked_anew(
    web, strict: httpx2.Client, target: str
) -> None:
    outside, inside, names = web
    names.answers = {"news.example": [["127.0.0.1"]], "evil.example": [["127.0.0.2"]]}
    target = target.format(port=outside.port)
    outside.on("/go", answer(status="302 Found", headers=(f"Location: {target}",)), keep=True)
    response = strict.get(outside.url("/go", host="news.example"))
    assert (response.status_code, response.headers["location"]) == (302, target)
    refusal(strict, target)
    assert inside.connections == 0


def test_an_allowed_host_and_a_trusted_place_are_reached(server: FaultServer, names: Names) -> None:
    names.answers["intra.corp"] = [["127.0.0.1"]]
    policies = [
        Policy(allow_hosts=frozenset({"intra.corp"})),
        Policy(trusted=frozenset({("intra.corp", server.port)})),
    ]
    for policy in policies:
        with guarded_client(policy, proxy=None, user_agent="test") as client:
            assert client.get(server.url(host="intra.corp")).status_code == 200
            refusal(client, server.url())


def test_the_next_address_of_a_name_is_tried_where_the_first_does_not_answer(
    server: FaultServer, names: Names, client: httpx2.Client
) -> None:
    names.answers["news.example"] = [["127.0.0.3", "::1", "127.0.0.1"]]
    assert client.get(server.url(host="news.example")).status_code == 200
    with Blackhole() as hole, FaultServer(host="127.0.0.2", port=hole.port) as second, deadline(2):
        second.on("/", HELLO)
        names.answers["news.example"] = [["127.0.0.1", "127.0.0.2"]]
        assert client.get(second.url(host="news.example")).status_code == 200


def test_the_client_of_http_still_has_the_door_that_the_guard_sits_in(strict: httpx2.Client) -> None:
    """A private name of httpx2: this fails on the day that it no longer leads to the connections."""
    pool = strict._transport._pool
    assert type(pool) is httpcore2.ConnectionPool
    assert isinstance(pool._network_backend, guard._Backend)
    for proxy in ("http://127.0.0.1:9", "https://127.0.0.1:9"):
        with guarded_client(Policy(), proxy=proxy, user_agent="test") as client:
            assert type(client._transport._pool) is httpcore2.HTTPProxy
            assert isinstance(client._transport._pool._network_backend, guard._Backend)


# --- what a client of the web brings along


def test_a_request_says_who_asks_and_nothing_of_the_environment(
    server: FaultServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9")
    server.on("/cookie", answer(headers=("Set-Cookie: a=b; Path=/",)), keep=True)
    with guarded_client(LOOPBACK, proxy=None, user_agent="cleanfeed/1 (+mailto:x@example.org)") as client:
        client.get(server.url("/cookie"))
        client.get(server.url())
    last = server.requests[-1]
    assert last.headers["user-agent"] == "cleanfeed/1 (+mailto:x@example.org)"
    assert last.headers["accept-encoding"] == "gzip"
    assert "cookie" not in last.headers
    assert server.connections == 1


def test_many_connections_are_open_at_once(server: FaultServer, client: httpx2.Client) -> None:
    server.on("/slow", Wait(0.3), HELLO)
    threads = [threading.Thread(target=client.get, args=(server.url("/slow"),)) for _ in range(20)]
    began = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(server.requests) == 20
    assert time.monotonic() - began < 2


# --- TLS


@pytest.fixture
def secure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, names: Names) -> Iterator[FaultServer]:
    context, certificate = tls_pair(tmp_path, "news.example")
    context.sni_callback = lambda _socket, name, _context: said.append(name)
    said: list[str] = []
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    names.answers = {"news.example": [["127.0.0.1"]], "other.example": [["127.0.0.1"]]}
    with FaultServer(tls=context) as server:
        server.on("/", HELLO, keep=True)
        server.said = said
        yield server


def test_tls_speaks_of_the_name_and_not_of_the_address(secure: FaultServer) -> None:
    with guarded_client(LOOPBACK, proxy=None, user_agent="test") as client:
        assert client.get(secure.url(host="news.example")).status_code == 200
        assert secure.said == ["news.example"]
        with pytest.raises(httpx2.ConnectError) as caught:
            client.get(secure.url(host="other.example"))
    assert explain(caught.value).startswith("its certificate is not valid: Hostname mismatch")
    assert [request.headers["host"] for request in secure.requests] == [f"news.example:{secure.port}"]


def test_a_certificate_that_nobody_vouches_for_is_refused(
    secure: FaultServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")
    with guarded_client(LOOPBACK, proxy=None, user_agent="test") as client, pytest.raises(TROUBLES) as caught:
        client.get(secure.url(host="news.example"))
    assert explain(caught.value) == "its certificate is not valid: self-signed certificate"
    assert secure.requests == []


@pytest.mark.parametrize("content", [None, "", "no certificate"])
def test_certificates_that_cannot_be_read_are_a_matter_of_configuration(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: str | None
) -> None:
    path = tmp_path / "certificates.pem"
    if content is not None:
        path.write_text(content)
    monkeypatch.setenv("SSL_CERT_FILE", str(path))
    with pytest.raises(ConfigError, match="the certificates that SSL_CERT_FILE or SSL_CERT_DIR names: "):
        guarded_client(Policy(), proxy=None, user_agent="test")


# --- proxies


@pytest.fixture
def proxied() -> Iterator[tuple[FaultServer, httpx2.Client]]:
    with (
        FaultServer() as proxy,
        guarded_client(
            Policy(), proxy=f"http://user:word@127.0.0.1:{proxy.port}", user_agent="test"
        ) as client,
    ):
        yield proxy, client


def test_a_proxy_is_given_whole_addresses_and_resolves_their_names_itself(proxied, names: Names) -> None:
    proxy, client = proxied
    names.answers["news.example.org"] = [["127.0.0.1"]]
    proxy.on("http://news.example.org/a", HELLO)
    assert client.get("http://news.example.org/a").text == "<p>Hello</p>"
    assert proxy.requests[0].headers["proxy-authorization"].startswith("Basic ")
    assert names.asked == []


def test_behind_a_proxy_private_and_odd_targets_are_refused_all_the_same(proxied) -> None:
    proxy, client = proxied
    for host in ("127.0.0.1", "2130706433", "169.254.169.254", "[::1]", "localhost", "news.example:22"):
        refusal(client, f"http://{host}/")
    refusal(client, proxy.url())
    assert proxy.connections == 0


def test_a_proxy_that_refuses_is_named_as_the_reason(proxied) -> None:
    proxy, client = proxied
    proxy.on("news.example.org:443", answer(status="403 Forbidden"))
    with pytest.raises(TROUBLES) as caught:
        client.get("https://news.example.org/")
    assert explain(caught.value) == "the proxy refused it: 403 Forbidden"


def test_through_a_proxy_by_tls_a_drip_of_tls_ends_in_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    context, certificate = tls_pair(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    record = b"\x16\x03\x03\x3f\xff" + bytes(1000)
    with FaultServer(tls=context) as proxy:
        proxy.on("news.example.org:443", b"HTTP/1.1 200 OK\r\n\r\n", Drip(record, 0.1), Wait())
        with guarded_client(Policy(), proxy=proxy.url(), user_agent="test") as client:
            assert lasts(lambda: client.get("https://news.example.org/"), within=0.5) < 1.5


# --- time


def lasts(run: Callable[[], object], within: float) -> float:
    began = time.monotonic()
    with pytest.raises(httpx2.TimeoutException) as caught, deadline(within):
        run()
    assert "took too long" in explain(caught.value)
    return time.monotonic() - began


@pytest.mark.parametrize(
    "steps",
    [
        pytest.param((Wait(),), id="silence"),
        pytest.param((Drip(HELLO, 0.1),), id="a drip of header bytes"),
        pytest.param((answer(b"", length=500), Drip(b"x" * 500, 0.1)), id="a drip of body bytes"),
        pytest.param((answer(b"", length=500), Wait()), id="a stall after the header"),
        pytest.param((b"HTTP/1.1 200 OK\r\nX: ", Endless(b"y", 0.05)), id="a header without end"),
        pytest.param((Endless(b"HTTP/1.1 100 Continue\r\n\r\n", 0.01),), id="a server that says continue"),
    ],
)
def test_all_of_a_request_is_over_at_its_deadline(server: FaultServer, client: httpx2.Client, steps) -> None:
    server.on("/late", *steps)
    assert lasts(lambda: client.get(server.url("/late")), within=0.5) < 1.5


def test_without_a_deadline_a_drip_holds_a_client_whose_reads_have_a_limit(server: FaultServer) -> None:
    server.on("/drip", Drip(HELLO[:25], 0.08), HELLO[25:])
    began = time.monotonic()
    with httpx2.Client(trust_env=False, timeout=0.5) as naive:
        assert naive.get(server.url("/drip")).status_code == 200
    assert time.monotonic() - began > 1.5


def test_a_connection_that_is_not_accepted_ends_at_the_deadline(client: httpx2.Client) -> None:
    with Blackhole() as hole:
        assert lasts(lambda: client.get(f"http://127.0.0.1:{hole.port}/"), within=0.5) < 1.5


def test_a_connection_has_a_limit_of_its_own(client: httpx2.Client) -> None:
    with Blackhole() as hole:
        limits = httpx2.Timeout(connect=0.5, read=10, write=10, pool=10)
        url = f"http://127.0.0.1:{hole.port}/"
        assert lasts(lambda: client.get(url, timeout=limits), within=30) < 1.5


@pytest.mark.parametrize(
    "greeting", [Wait(), Drip(b"\x16\x03\x03\x3f\xff" + bytes(1000), 0.1)], ids=["silence", "drip"]
)
def test_a_stall_of_tls_ends_at_the_deadline(client: httpx2.Client, greeting: Wait | Drip) -> None:
    with FaultServer(greeting=greeting) as server:
        url = server.url().replace("http:", "https:")
        assert lasts(lambda: client.get(url), within=0.5) < 1.5


def test_a_name_server_that_does_not_answer_ends_at_the_deadline(
    client: httpx2.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    over = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: over.wait(20) and [])
    seconds = lasts(lambda: client.get("http://news.example/"), within=0.5)
    over.set()
    assert seconds < 1


def test_a_request_after_the_deadline_is_not_sent(server: FaultServer, client: httpx2.Client) -> None:
    with until(time.monotonic() - 1), pytest.raises(httpx2.TimeoutException):
        client.get(server.url())
    assert server.requests == []


def test_an_earlier_deadline_stays_and_a_past_one_is_forgotten(
    server: FaultServer, client: httpx2.Client
) -> None:
    with deadline(1) as first, deadline(100) as second, until(first + 5) as third:
        assert first == second == third
    with deadline(0.01):
        pass
    assert client.get(server.url()).status_code == 200


def test_a_deadline_is_of_the_thread_that_set_it(server: FaultServer, client: httpx2.Client) -> None:
    got: list[int] = []
    with until(time.monotonic() - 1):
        thread = threading.Thread(target=lambda: got.append(client.get(server.url()).status_code))
        thread.start()
        thread.join()
    assert got == [200]


def test_closing_the_client_ends_what_other_threads_wait_for(server: FaultServer) -> None:
    server.on("/wait", Wait())
    client = guarded_client(LOOPBACK, proxy=None, user_agent="test")
    ends: list[BaseException] = []

    def ask() -> None:
        try:
            client.get(server.url("/wait"))
        except TROUBLES as error:
            ends.append(error)

    thread = threading.Thread(target=ask)
    thread.start()
    while not server.requests:
        time.sleep(0.01)
    client.close()
    thread.join(2)
    assert len(ends) == 1


def test_a_client_that_is_closed_while_it_connects_sends_nothing(
    server: FaultServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = guarded_client(LOOPBACK, proxy=None, user_agent="test")

    def lookup(*arguments, **options):
        client.close()
        return real_lookup(*arguments, **options)

    monkeypatch.setattr(socket, "getaddrinfo", lookup)
    with pytest.raises(TROUBLES) as caught:
        client.get(server.url())
    assert explain(caught.value) == "the request failed: it was given up"
    time.sleep(0.1)
    assert server.requests == []


# --- answers that are none, and the words for them


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param(answer(b"hello", headers=("Content-Length: 9",)), id="two lengths"),
        pytest.param(
            answer(b"hello", length=-5).replace(b"Content-Length: 5", b"Content-Length: -5"), id="negative"
        ),
        pytest.param(answer(b"hello", headers=("X: a\0b",)), id="NUL"),
        pytest.param(b"<p>hello</p>", id="HTTP/0.9"),
        pytest.param(b"HTTP/1.1 ???\r\n\r\n", id="no status"),
        pytest.param(b"\r\n" * 10 + b"x", id="nothing"),
        pytest.param(
            answer(headers=("Transfer-Encoding: gzip",), length=None), id="a strange transfer coding"
        ),
        pytest.param(answer(headers=("X: " + "y" * 2_000_000,)), id="2 MB of a header"),
        pytest.param(answer(headers=("A: b",) * 20_000), id="20,000 headers"),
        pytest.param(answer(headers=("X: " + "y" * 70_000,)), id="more than 64 KiB of headers"),
    ],
)
def test_an_answer_that_is_not_proper_http_is_told_as_that(
    server: FaultServer, client: httpx2.Client, raw: bytes
) -> None:
    server.on("/bad", raw)
    with pytest.raises(httpx2.RemoteProtocolError) as caught:
        client.get(server.url("/bad"))
    reason = explain(caught.value)
    assert reason.startswith(
        ("its answer is not proper HTTP: ", "the connection was closed without an answer")
    )
    assert len(reason) < 150
    assert "yyyy" not in reason


def test_headers_of_half_the_limit_are_read(server: FaultServer, client: httpx2.Client) -> None:
    server.on("/long", answer(headers=("X: " + "y" * 32_000,)))
    assert client.get(server.url("/long")).status_code == 200


@pytest.mark.parametrize(
    "steps, reason",
    [
        ((Reset(),), "the connection was broken off"),
        ((), "the connection was closed without an answer"),
        ((answer(b"", length=10), Reset()), "the connection was broken off"),
        ((answer(b"12345", length=10),), "cut short"),
    ],
)
def test_a_connection_that_ends_early_has_its_reason(
    server: FaultServer, client: httpx2.Client, steps, reason: str
) -> None:
    server.on("/x", *steps)
    with pytest.raises(TROUBLES) as caught:
        client.get(server.url("/x"))
    assert explain(caught.value) == reason


def test_a_port_where_nobody_listens_has_its_reason(client: httpx2.Client) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with pytest.raises(TROUBLES) as caught:
        client.get(f"http://127.0.0.1:{port}/")
    assert explain(caught.value) == "the connection was refused"


def test_plain_http_at_a_port_of_tls_has_its_reason(client: httpx2.Client) -> None:
    with FaultServer(greeting=HELLO) as server, pytest.raises(TROUBLES) as caught:
        client.get(server.url().replace("http:", "https:"))
    assert explain(caught.value) == "TLS failed: wrong version number"


@pytest.mark.parametrize(
    "error, reason",
    [
        (socket.gaierror(socket.EAI_NONAME, "Name or service not known"), "its name is not known"),
        (socket.gaierror(socket.EAI_AGAIN, "Temporary failure"), "its name could not be looked up"),
        (UnicodeError("label too long"), "it is not an address of the web"),
    ],
)
def test_a_name_that_cannot_be_looked_up_has_its_reason(
    client: httpx2.Client, monkeypatch: pytest.MonkeyPatch, error: Exception, reason: str
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(socket, "getaddrinfo", fail)
    with pytest.raises(httpx2.ConnectError) as caught:
        client.get("http://news.example/")
    assert explain(caught.value) == reason


@pytest.mark.parametrize(
    "error, reason",
    [
        (OSError(113, "No route to host"), "its host cannot be reached"),
        (OSError(24, "Too many open files"), "the connection failed: Too many open files"),
        (OSError("10.0.0.7 is odd"), "the connection failed: unknown"),
        (httpx2.InvalidURL("x"), "it is not an address of the web"),
        (httpx2.UnsupportedProtocol("x"), "it is not an address of the web"),
        (httpx2.PoolTimeout("x"), "it took too long to find a free connection"),
        (httpx2.WriteTimeout("x"), "it took too long to take the request"),
        (ssl.SSLError(1, "x"), "TLS failed: unknown"),
        (
            httpx2.StreamClosed(),
            "the request failed: Attempted to read or stream content, but the stream has",
        ),
        (
            httpx2.RemoteProtocolError("illegal\r\n\x1b[2J header b'secret'"),
            "its answer is not proper HTTP: illegal",
        ),
        (RuntimeError(), "the request failed: RuntimeError"),
    ],
)
def test_every_error_is_told_in_one_plain_line(error: Exception, reason: str) -> None:
    said = explain(error)
    assert said.startswith(reason)
    assert said.isprintable()
    assert "secret" not in said


def test_a_reason_holds_no_address_of_this_machine(server: FaultServer, client: httpx2.Client) -> None:
    server.on("/x", Reset())
    for url in (server.url("/x"), "http://127.0.0.1:1/"):
        with pytest.raises(TROUBLES) as caught:
            client.get(url)
        words = explain(caught.value).replace(":", " ").split()
        assert not any(_is_address(word) for word in words)


def _is_address(word: str) -> bool:
    try:
        return bool(ipaddress.ip_address(word))
    except ValueError:
        return False


def test_a_distorted_answer_gives_an_answer_or_one_of_the_troubles(
    server: FaultServer, client: httpx2.Client
) -> None:
    """Nothing that a server sends may raise what no caller expects."""
    dice = random.Random(7)
    good = answer(
        b"<p>Hello</p>",
        "302 Found",
        headers=(
            "Location: http://other.example/a?b#c",
            "Set-Cookie: a=b; Expires=Thu, 01 Jan 2026 00:00:00 GMT",
            "Transfer-Encoding: chunked",
            'ETag: W/"x"',
        ),
    )
    pieces = [
        b"\x00",
        b"\xff",
        b"\r\n",
        b":",
        b" ",
        b"http://[",
        b"//",
        b"%",
        b"0" * 30,
        b"\xd9\xa1",
        b"chunked",
        b"-1",
    ]
    reasons = []
    for number in range(400):
        raw = bytearray(good)
        for _ in range(dice.randint(1, 4)):
            at = dice.randrange(len(raw))
            raw[at : at + dice.randint(0, 9)] = dice.choice(pieces)
        server.on(f"/{number}", bytes(raw))
        try:
            with deadline(5):
                client.get(server.url(f"/{number}"), headers={"Connection": "close"})
        except TROUBLES as error:
            reasons.append(explain(error))
    assert len(server.requests) == 400
    assert len(set(reasons)) > 3
    assert all(map(str.isprintable, reasons))


def test_long_cookies_cost_no_time(server: FaultServer, client: httpx2.Client) -> None:
    server.on("/cookies", answer(headers=(f"Set-Cookie: a={' ;' * 15_000}; expires={' -' * 14_000}",)))
    began = time.monotonic()
    assert client.get(server.url("/cookies")).status_code == 200
    assert time.monotonic() - began < 0.5
