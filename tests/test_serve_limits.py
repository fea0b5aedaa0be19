"""Who may ask the server, how often and how slowly; and what it says where it may not run."""

from __future__ import annotations

import base64
import socket
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from cleanfeed.keys import Serve
from cleanfeed.serve.server import Wishes, _listener
from liveparts import environment
from newsroom import Newsroom
from serveparts import Server, ended, eventually

TOKEN = "three-words-long"


@pytest.fixture(scope="module")
def room():
    with Newsroom(["arise"]) as room:
        room.publish("arise", 2)
        yield room


@pytest.fixture(scope="module")
def guarded(room, tmp_path_factory):
    """A server that wants a token."""
    with Server(
        room.config(tmp_path_factory.mktemp("guarded")), "--host", "0.0.0.0", CLEANFEED_TOKEN=TOKEN
    ) as server:
        yield server


def basic(word: str) -> str:
    return f"Basic {base64.b64encode(f'reader:{word}'.encode()).decode()}"


@pytest.mark.parametrize(("path", "header", "status"), [
    ("/health", None, 401),
    ("/health", "Bearer wrong", 401),
    ("/health", "Bearer", 401),
    ("/health", "Bearer \xe9", 401),
    ("/health", "Basic !!!", 401),
    ("/health", basic("wrong"), 401),
    ("/health?token=wrong", None, 401),
    ("/health?token=", None, 401),
    ("/nothing", None, 401),
    ("/metrics", None, 401),
    ("/parser?url=https://www.arise.tv/x?a=1&token=" + TOKEN, None, 401),
    ("/health", f"Bearer {TOKEN}", 200),
    ("/health", f"bearer  {TOKEN} ", 200),
    ("/health", basic(TOKEN), 200),
    (f"/health?token={TOKEN}", None, 200),
    (f"/health?x=1&token={TOKEN}", None, 200),
    (f"/nothing?token={TOKEN}", None, 404),
    (f"/parser?token={TOKEN}&url=https://unclaimed.example.com/", None, 403),
    (f"/parser?url=https%3A%2F%2Funclaimed.example.com&token={TOKEN}", None, 403),
])  # fmt: skip
def test_where_a_token_is_wanted_nothing_is_told_without_it(guarded, path, header, status):
    said = guarded.ask(path, **({"Authorization": header} if header else {}))
    assert said.status == status
    if status == 401:
        assert said.headers["WWW-Authenticate"].startswith("Bearer")
        assert TOKEN not in said.error


def test_what_a_token_opens_is_not_for_shared_caches_nor_for_the_log(room, tmp_path):
    with Server(room.config(tmp_path), "--token", TOKEN, "--every", "1h", "-v") as server:
        eventually(lambda: server.ask(f"/everything.rss?token={TOKEN}").status == 200)
        assert server.ask(f"/everything.rss?token={TOKEN}").headers["Cache-Control"].startswith("private")
        eventually(lambda: "path=/everything.rss status=200" in server.told)
        assert TOKEN not in server.told


@pytest.fixture(scope="module")
def server(room, tmp_path_factory):
    with Server(room.config(tmp_path_factory.mktemp("limits"))) as server:
        yield server


@pytest.mark.parametrize(("host", "status"), [
    ("127.0.0.1", 200), ("localhost", 200), ("LOCALHOST:{port}", 200), ("[::1]:{port}", 200), ("127.0.0.1:{port}", 200),
    ("evil.example", 403), ("evil.example:{port}", 403), ("127.0.0.1.evil.example", 403), ("10.0.0.1", 403),
    ("localhost.evil.example:{port}", 403),
])  # fmt: skip
def test_it_is_not_asked_under_the_name_of_somebody_else(server, host, status):
    said = server.ask("/health", Host=host.format(port=server.port))
    assert said.status == status


def test_a_client_may_make_350_requests_at_once_and_then_is_told_to_wait(room, tmp_path):
    with Server(room.config(tmp_path)) as server, ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: server.ask("/nothing"), range(350)))
        assert {said.status for said in found} == {404}
        more = list(pool.map(lambda _: server.ask("/nothing"), range(250)))
        refused = [said for said in more if said.status == 429]
        assert refused
        assert all(1 <= int(said.headers["Retry-After"]) <= 10 for said in refused)
        assert "more than 400 requests in 10 s" in refused[0].error


@pytest.mark.parametrize("data", [
    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", b"GET\r\n\r\n", b"GET / FTP/1.1\r\n\r\n", b"\x00" * 100 + b"\r\n\r\n",
    b"GET / HTTP/1.1\r\n\r\n", b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: localhost\r\nX: " + b"x" * 200_000 + b"\r\n\r\n",
    b"GET /" + b"x" * 200_000 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n",
    b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n",
    b"POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    b"GET / HTTP/1.1\r\nHost: localhost\r\nBad Header: x\r\n\r\n",
], ids=range(11))  # fmt: skip
def test_what_is_no_request_gets_a_short_answer_and_no_traceback(server, data):
    try:
        said = server.raw(data)
    except ConnectionError:  # it had heard enough
        said = b"HTTP/1.1 400"
    assert said.startswith(b"HTTP/1.1 400")
    assert b"Traceback" not in said
    assert server.ask("/health").status == 200


def test_half_a_request_is_not_waited_for_without_end_and_a_crowd_of_them_shuts_nobody_out(server):
    began = time.monotonic()
    crowd = []
    try:
        for number in range(400):
            wire = socket.create_connection(("127.0.0.1", server.port), 30)
            wire.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\nX: %d" % number)
            crowd.append(wire)
        assert server.ask("/health").status == 200
        assert server.figures()["cleanfeed_serve_connections"] <= 260
        crowd[-1].settimeout(40)
        assert crowd[-1].recv(100) == b""
    except ConnectionResetError:
        pass
    finally:
        for wire in crowd:
            wire.close()
    assert time.monotonic() - began < 60


def test_a_request_that_announces_too_much_is_refused_before_it_has_come(server):
    said = server.raw(
        b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99999999999\r\nExpect: 100-continue\r\n"
        b"Connection: close\r\n\r\n"
    )
    assert said.startswith(b"HTTP/1.1 413 ")  # and not that it has waited in vain


def test_a_target_that_is_a_whole_address_means_its_path(server):
    head = b"GET http://localhost:%d/health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
    assert server.raw(head % server.port).startswith(b"HTTP/1.1 200 ")
    strange = head.replace(b"http://localhost:%d", b"http://evil.example:%d") % server.port
    assert b"HTTP/1.1 200 " not in server.raw(strange)


def test_answers_are_not_held_back_until_there_is_more_to_send():
    """asyncio sets TCP_NODELAY for sockets that say that TCP is their protocol."""
    wishes = Wishes(host="127.0.0.1", port=0, rules=Serve(), announce=print, tell=print)
    with _listener(wishes) as listener:
        assert listener.proto == socket.IPPROTO_TCP


# --- where it does not begin


@pytest.fixture(scope="module")
def config(room, tmp_path_factory):
    return room.config(tmp_path_factory.mktemp("ended"))


@pytest.mark.parametrize(("options", "reason"), [
    (["--host", "0.0.0.0", "--port", "0"], "--host 0.0.0.0: is open to others, so a token is wanted"),
    (["--host", "::", "--port", "0"], "--host ::: is open to others, so a token is wanted"),
    (["--host", "no.such.host.invalid"], "--host no.such.host.invalid: is no address of this machine"),
    (["--port", "65536"], "65536"),
    (["--every", "soon"], "--every soon: must be a time such as 30m, 1h or 1d"),
    (["--every", "0"], "--every 0: must be a time"),
    (["--token", "two words"], "--token: must be a word in ASCII"),
    (["--token", ""], "--token: must be a word in ASCII"),
    (["--config", "other.toml"], "named twice"),
])  # fmt: skip
def test_a_wrong_command_line_is_told_with_status_2(config, options, reason):
    done = ended(config, *options)
    assert (done.returncode, done.stdout) == (2, "")
    assert reason in done.stderr.splitlines()[0]


def test_a_port_that_is_taken_is_told_in_one_line(config, server):
    done = ended(config, "--port", str(server.port))
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == (
        f"cleanfeed: 127.0.0.1:{server.port}: cannot be listened on: Address already in use; choose another --port\n"
    )


def test_the_configuration_is_found_as_other_commands_find_it(tmp_path, config):
    assert "cleanfeed.toml: no such file" in ended("--port", "0", cwd=tmp_path).stderr
    done = ended("--host", "0.0.0.0", cwd=tmp_path, CLEANFEED_CONFIG=str(config))
    assert "a token is wanted" in done.stderr


@pytest.mark.parametrize(("line", "reason"), [
    ('tokn = "x"', "serve.tokn: no such key (did you mean token?); allowed: token, feedbin_user, feedbin_secret"),
    ("token = 7", "serve.token must be a word in ASCII, without spaces, not 7"),
    ('token = "two words"', "serve.token must be a word in ASCII, without spaces"),
    ('feedbin_secret = ""', "serve.feedbin_secret must be a word in ASCII, without spaces"),
])  # fmt: skip
def test_a_wrong_key_is_told_with_what_is_allowed(room, tmp_path, line, reason):
    config = room.config(tmp_path)
    config.write_text(f"{config.read_text('utf-8')}\n[serve]\n{line}\n", "utf-8")
    done = ended(config)
    assert done.returncode == 2
    assert reason in done.stderr
    assert "two words" not in done.stderr


def test_without_the_extra_it_says_what_to_install(config, tmp_path):
    for name in ("starlette", "uvicorn"):
        (tmp_path / name).mkdir()
    code = (
        "import sys\nfrom importlib.machinery import PathFinder\nfrom cleanfeed.cli import main\n"
        "class Without:\n    @staticmethod\n    def find_spec(name, path=None, target=None):\n"
        "        return None if name in {'starlette', 'uvicorn'} else PathFinder.find_spec(name, path, target)\n"
        "sys.meta_path[:] = [each for each in sys.meta_path if each is not PathFinder and 'editable' not in repr(each)]\n"
        f"sys.meta_path.append(Without)\nsys.exit(main(['serve', {str(config)!r}]))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=False,
        env=environment(),
        timeout=60,
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "cleanfeed: serve needs starlette and uvicorn: pip install 'cleanfeed[serve]'\n"
