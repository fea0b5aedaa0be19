"""Titles that mean to act where they are printed: terminals, logs and runners of CI get text and no more."""

from __future__ import annotations

import io
import json
import re
from contextlib import redirect_stderr, redirect_stdout

import pytest
import rich

from cleanfeed.cli import console
from cliparts import Place, story
from hostile.rows import cases

LINES = {
    "H58": {
        "a command": "::error::x",
        "a command after blanks": "  ::warning file=a::x",
        "an old command in mid-line": "and then ##[error]x",
        "an output": "::set-output name=x::y",
        "a command on a second line": "harmless\n::add-mask::x",
        "a command after a return": "harmless\r::stop-commands::x",
    },
    "H59": {
        "a title of the window": "\x1b]0;owned\x07",
        "a cleared screen": "\x1b[2J",
        "a control of one byte": "a\x9b31mb",
        "a link in markup": "[link=https://evil.example]good.example[/link]",
    },
    "H60": {
        "a forged line": "fine\r\nERROR root: all is lost",
        "a forged line after a separator": "fine\u2028ERROR root: all is lost\x85and more",
    },
}  # fmt: skip
NAMES = {
    *("error", "warning", "notice", "debug", "group", "endgroup", "set-output", "set-env", "add-path", "save-state"),
    *("add-mask", "stop-commands", "echo", "add-matcher", "command", "section"),
}  # fmt: skip
DOORS = {
    "say": console.say,
    "complain": console.complain,
    "table": lambda text: console.table(("a", "b"), [(text, 1)]),
    "block": console.say_block,
    "json": lambda text: console.say_json(json.dumps({"title": text}, ensure_ascii=False)),
}


class Terminal(io.StringIO):
    def isatty(self):
        return True


@pytest.fixture(autouse=True)
def runner(monkeypatch):
    """What a runner of CI sets; and a terminal that shows no colours, so that all that acts is ours to answer for."""
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    monkeypatch.setenv("TERM", "dumb")


def shown(door, text, *, terminal=False):
    out = Terminal() if terminal else io.StringIO()
    with redirect_stdout(out), redirect_stderr(out):
        door(text)
    return out.getvalue()


def commands(output):
    """The commands that GitHub's runner would see: "::" begins a line, "##[" stands anywhere in one."""
    for line in re.split(r"\r\n|\r|\n", output):
        found = re.match(r"\s*::([\w-]+)(?: [^:]*)?::", line), re.search(r"##\[([\w-]+)[^\]]*\]", line)
        yield from (each[0] for each in found if each and each[1] in NAMES)


def wrongs(row, output, text, *, lines=1):
    if row == "H58":
        return list(commands(output))
    if row == "H60":
        return [output] if len(output.rstrip("\n").splitlines()) != lines else []
    wrong = re.findall(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]", output)
    return wrong + ["its markup was obeyed"] * ("[link=" in text and "[link=" not in output)


@pytest.mark.parametrize("terminal", [False, True], ids=["a file", "a terminal"])
@pytest.mark.parametrize("row, given", cases(LINES))
def test_what_is_printed_can_only_be_read(row, given, terminal):
    for name, door in DOORS.items():
        if row == "H60" and (name == "block" or (name == "table" and terminal)):
            continue  # blocks and drawn tables have lines of their own
        output = shown(door, given, terminal=terminal)
        assert wrongs(row, output, given, lines=1 + (name == "table")) == [], name
        assert output.strip()


@pytest.mark.parametrize("row", [pytest.param(row, marks=pytest.mark.control(row), id=row) for row in LINES])
def test_a_plain_print_obeys_all_of_them(row):
    for text in LINES[row].values():
        door = rich.print if "[link=" in text else print
        assert wrongs(row, shown(door, f"{text}"), text)


@pytest.mark.row("H58", "H59", "H60")
def test_a_command_prints_titles_and_names_that_can_only_be_read(tmp_path):
    place = Place(tmp_path)
    texts = [text for variants in LINES.values() for text in variants.values()]
    for number, text in enumerate(texts):
        title = "".join(f"&#{ord(each)};" for each in text)
        place.page(f"story-{number:02}.html", story(number, title=title))
        place.page(f"{text.replace('/', '')}.html", "no markup")
    done = place.run("extract", "pages", env={"GITHUB_ACTIONS": "true"})
    output = done.out + done.err
    assert list(commands(output)) == []
    assert re.findall(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028]", output) == []
    assert (len(done.items), len(done.complaints)) == (len(texts), len(texts))
