"""Plugins that raise, loop, crash or lie: they cost their own outlet, and the feeds of others are the same bytes."""

from __future__ import annotations

import shutil

import pytest

from faults.conftest import is_full
from liveparts import build, contents, good
from newsroom import Newsroom

HEAD = "import ctypes, os, signal, sys, time\n\n\ndef wrong(page):\n"
QUICK = {
    "raises": "raise ValueError('a bug of the plugin')",
    "raises what nobody catches": "raise BaseException('a worse one')",
    "exits": "sys.exit(0)",
    "exits at once": "os._exit(0)",
    "exits with a status": "os._exit(139)",
    "crashes": "ctypes.string_at(0)",
    "kills itself": "os.kill(os.getpid(), signal.SIGKILL)",
    "recurses": "return wrong(page)",
    "returns nonsense": "return object()",
    "returns bytes": "return b'<p>bytes</p>'",
    "returns a script": "return '<script>alert(1)</script>'",
    "interrupts": "raise KeyboardInterrupt",
    "closes its output": "os.close(1); os.close(2); raise ValueError('in silence')",
}
SLOW = {
    "loops": "while True: pass",
    "sleeps": "time.sleep(10**6)",
    "takes all memory": "return 'x' * (4 << 30) + str(len(bytearray(6 << 30)))",
    "prints without end": "[print('x' * 10**6) for _ in range(1000)]; raise ValueError('said enough')",
    "forks": "os.fork(); raise ValueError('twice')",
}
FIELDS = ("title", "content", "tags") if is_full() else ("content",)


def spoilt(plugin, field, body):
    text = plugin.read_text("utf-8")
    old = {"title": 'text("h1.head")', "content": 'css("div.text")', "tags": 'texts("ul.tags a")'}[field]
    assert old in text
    head, _, rest = text.partition("ARTICLE = ")
    plugin.write_text(f"{head}{HEAD}    {body}\n\n\nARTICLE = {rest.replace(old, 'wrong', 1)}", "utf-8")


@pytest.fixture(scope="module")
def base(tmp_path_factory):
    """A folder in which both outlets were built once; new articles wait. And the feeds of the good outlet, alone."""
    folder, alone = tmp_path_factory.mktemp("both"), tmp_path_factory.mktemp("alone")
    with Newsroom(["town-1", "arise"]) as room:
        for slug in room.editions:
            room.publish(slug, 3)
        room.plugin(folder)
        good(room.config(folder), "--plugin", folder / "towns.py")
        without = room.config(alone, outlets=["arise"])
        good(without)
        for slug in room.editions:
            room.publish(slug, 2)
        good(without)
        yield folder, contents(alone / "public", ["arise"])


@pytest.mark.timeout(400)
@pytest.mark.parametrize("field", FIELDS)
@pytest.mark.parametrize("name", [*QUICK, *(SLOW if is_full() else ())])
def test_a_plugin_that_goes_wrong_costs_its_own_outlet(base, tmp_path, injected, name, field):
    body = (QUICK | SLOW)[name]
    folder = tmp_path / "both"
    shutil.copytree(base[0], folder)
    kept = contents(folder / "public", ["town-1"])
    spoilt(folder / "towns.py", field, body)
    built = build(folder / "cleanfeed.toml", "--plugin", folder / "towns.py", timeout=350)
    assert "Traceback" not in built.err
    assert contents(built.folder, ["arise"]) == base[1]
    if field == "tags" and "return" in body:
        assert built.status in {0, 1}  # a field that is left out is no loss
    else:
        assert built.status == 1, built
        assert "town-1" in built.err
        assert contents(built.folder, ["town-1"]) == kept
    assert "<script" not in (built.folder / "town-1.json").read_text("utf-8")
    injected("B7")
