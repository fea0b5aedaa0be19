"""What a build says at its end: its status, standard error and report.json tell the same story."""

from __future__ import annotations

import json

import pytest

from liveparts import build
from newsroom import Newsroom

EVERYTHING = '[topics.everything]\ntitle = "Everything"\neverything = true\n'


@pytest.fixture
def room():
    with Newsroom(["arise", "almanar-en"]) as made:
        for slug in made.editions:
            made.publish(slug, 3)
        yield made


def all_is_well(room, folder):
    return build(room.config(folder))


def one_page_fails(room, folder):
    room.fail(room.articles("arise")[0], "type")
    return build(room.config(folder))


def an_outlet_fails(room, folder):
    room.fail("almanar-en", "500")
    return build(room.config(folder))


def a_key_is_misspelt(room, folder):
    return build(room.config(folder, titel="x"))


def an_outlet_is_unknown(room, folder):
    return build(room.config(folder, topics=EVERYTHING, outlets=["arise", "nobody"]))


def a_plugin_does_not_load(room, folder):
    plugin = folder / "broken.py"
    folder.mkdir(exist_ok=True)
    plugin.write_text("import nothing_of_this_name\n", "utf-8")
    return build(room.config(folder), "--plugin", plugin)


def the_output_is_a_file(room, folder):
    config = room.config(folder)
    (folder / "public").write_text("in the way", "utf-8")
    return build(config)


def there_is_no_configuration(_room, folder):
    return build(folder / "missing.toml")


def the_ledger_is_a_folder(room, folder):
    config = room.config(folder)
    (folder / ".cleanfeed" / "ledger.sqlite3").mkdir(parents=True)
    return build(config)


CASES = [
    (all_is_well, 0), (one_page_fails, 1), (an_outlet_fails, 1), (a_key_is_misspelt, 2), (an_outlet_is_unknown, 2),
    (a_plugin_does_not_load, 2), (the_output_is_a_file, 2), (there_is_no_configuration, 2), (the_ledger_is_a_folder, 2),
]  # fmt: skip


@pytest.mark.parametrize("case, status", CASES, ids=[case.__name__ for case, _ in CASES])
def test_the_status_tells_what_came_of_it(room, tmp_path, injected, case, status):
    built = case(room, tmp_path)
    assert built.status == status, built
    assert "Traceback" not in built.err
    assert bool(built.err) is bool(status)
    if status < 2:
        told = json.loads((built.folder / "report.json").read_text("utf-8"))
        assert bool(told["problems"]) is bool(status)
        for problem in told["problems"]:
            assert problem.splitlines()[0][:60] in built.err
    else:
        assert not room.log.since()  # nobody was asked in vain
        assert len(built.err.splitlines()) <= 3
    injected("B19")
