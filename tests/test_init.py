"""`cleanfeed init` writes what a build accepts, whatever is answered, and replaces nothing unasked."""

from __future__ import annotations

import fcntl
import json
import os
import pty
import re
import select
import subprocess
import sys
import termios
import tomllib
from dataclasses import replace
from functools import partial
from importlib import metadata
from typing import TYPE_CHECKING

import pytest
import yaml
from msgspec.structs import fields as keys_of

from cleanfeed import config
from cleanfeed.cli import init, questions
from cleanfeed.cli.app import Shared
from cleanfeed.config import load
from cleanfeed.errors import ConfigError
from cleanfeed.plugins import load as load_plugins
from cleanfeed.starter import configuration, workflow
from cleanfeed.starter.configuration import Answers
from cliparts import PLUGIN, Place, environment, story
from documentparts import TABLES
from reportparts import HOSTILE

if TYPE_CHECKING:
    from pathlib import Path

KNOWN = ("harbour", "quay")


@pytest.fixture
def place(tmp_path: Path) -> Place:
    place = Place(tmp_path)
    (tmp_path / "cleanfeed.toml").unlink()
    return place


@pytest.fixture
def loaded(tmp_path: Path):
    (tmp_path / "harbour.py").write_text(PLUGIN, "utf-8")
    return load_plugins([tmp_path / "harbour.py"])


def read(text: str, tmp_path: Path) -> config.Config:
    path = tmp_path / "written.toml"
    path.write_text(text, "utf-8")
    return load(path)


# --- the configuration


def test_the_defaults_read_everything_of_all_outlets_with_automatic_topics(tmp_path):
    found = read(configuration.text(Answers(), KNOWN), tmp_path)
    assert (found.title, found.outlets, found.contact) == ("Clean feeds", (), None)
    assert [(topic.slug, topic.everything) for topic in found.topics] == [("everything", True)]
    assert found.auto == config.Auto()
    assert (found.pages, found.output, found.fetch) == ((), tmp_path / "public", config.Fetch())


def test_each_answer_is_where_it_belongs(tmp_path):
    answers = Answers(
        title="خلاصات", base_url="https://news.example.org/a", output="out", contact="me@example.org",
        outlets=("quay",), topics=(("Russia & China", ("Russia", "روسيا")), ("لبنان", ("لبنان",))), auto=False,
    )  # fmt: skip
    found = read(configuration.text(answers, KNOWN), tmp_path)
    assert (found.title, found.base_url, found.contact) == (
        "خلاصات",
        "https://news.example.org/a/",
        "me@example.org",
    )
    assert (found.output, found.outlets, found.auto) == (tmp_path / "out", ("quay",), None)
    everything, russia, lebanon = found.topics
    assert everything.everything
    assert (russia.slug, russia.title, russia.any) == ("russia-china", "Russia & China", ("Russia", "روسيا"))
    assert re.fullmatch("topic-[0-9a-f]{8}", lebanon.slug)


def test_every_key_of_the_configuration_is_shown(tmp_path):
    text = configuration.text(Answers(), KNOWN)
    for shape in TABLES.values():
        for key in keys_of(shape):
            assert re.search(rf"^(# )?(\[?){key.encode_name}\b", text, re.MULTILINE), key.encode_name


def test_every_line_that_is_commented_out_can_be_used_as_it_stands(tmp_path):
    text = configuration.text(Answers(auto=False), KNOWN)
    used = re.sub(r"^# (?=\[|\w+ = )", "", text, flags=re.MULTILINE)
    assert used.count("\n# ") < text.count("\n# ") - 20
    found = read(used, tmp_path)
    assert [topic.slug for topic in found.topics] == ["everything", "example"]
    assert found.fetch.mirrors
    assert found.auto is not None


@pytest.mark.parametrize(
    "text", [*HOSTILE, '"', '"""', "'''", '\\"', "\\u0022", "@TITLE@", "@TOPICS@", "]\n[fetch]"], ids=ascii
)
def test_a_hostile_answer_is_a_string_and_nothing_else(text, tmp_path):
    cleaned = text.replace("\ud800", "\ufffd")
    answers = Answers(title=f"a{text}", output="o", topics=((f"T {text}", (f"w{text}",)),))
    table = tomllib.loads(configuration.text(answers, KNOWN))
    assert table["title"] == f"a{cleaned}"
    (topic,) = (value for key, value in table["topics"].items() if key != "everything")
    assert topic == {"title": f"T {cleaned}", "any": [f"w{cleaned}"]}
    assert set(table) == {"title", "base_url", "output", "topics", "auto", "fetch", "publish"}


def test_nothing_unseen_stands_in_the_file():
    text = configuration.text(Answers(title="a\u202eb\u200bc\x7fd\x9be\ufefff"), KNOWN)
    assert 'title = "a\\u202eb\\u200bc\\u007fd\\u009be\\ufefff"' in text


# --- the command


def test_yes_writes_a_configuration_that_a_build_accepts(place):
    done = place.run("init", "--yes")
    assert (done.status, done.err) == (0, "")
    assert "cleanfeed build cleanfeed.toml" in done.out
    place.page("story.html", story(1))
    built = place.run("build", "--pages", "pages")
    assert (built.status, built.err) == (0, "")
    assert b"The crane, part 1" in (place.public / "everything.rss").read_bytes()


def test_a_path_names_the_file_and_its_folder_is_made(place):
    assert place.run("init", "new/deep/my.toml", "--yes").status == 0
    assert load(place.folder / "new" / "deep" / "my.toml").title == "Clean feeds"
    assert place.run("init", "new", "--yes").status == 0
    assert load(place.folder / "new" / "cleanfeed.toml").title == "Clean feeds"


@pytest.mark.parametrize("content", ["mine", None])
def test_nothing_is_replaced_unless_force_is_given(place, content):
    path = place.folder / "cleanfeed.toml"
    path.symlink_to("nowhere") if content is None else path.write_text(content, "utf-8")
    done = place.run("init", "--yes")
    assert done.status == 2
    assert done.complaints == [
        "cleanfeed: cleanfeed.toml: is there already; name another file, or replace it with --force"
    ]
    assert path.is_symlink() if content is None else path.read_text("utf-8") == content
    assert place.run("init", "--yes", "--force").status == 0
    assert load(path).title == "Clean feeds"
    assert not (place.folder / "nowhere").exists()


def test_without_a_terminal_it_asks_nothing_and_says_what_to_do(place):
    done = place.run("init", stdin=b"\n" * 20)
    assert (done.status, done.out) == (2, "")
    assert done.complaints == [
        "cleanfeed: init asks questions, and there is no terminal to answer at; call it with --yes for the defaults"
    ]
    assert not (place.folder / "cleanfeed.toml").exists()


def test_a_folder_that_cannot_be_made_is_named(place):
    place.write("file", "")
    done = place.run("init", "file/cleanfeed.toml", "--yes")
    assert done.status == 2
    assert done.complaints[0].startswith("cleanfeed: file/cleanfeed.toml: ")


# --- the questions


def listen(leader: int, impatient: str) -> bytes:
    """What is shown until the end; `impatient` is typed again after each second of silence.

    Python asks whether there was a signal and then waits for a line: a Ctrl-C just between the two is seen with
    the next key only, so whoever types faster than the prompt appears has to press it twice.
    """
    shown = b""
    for _ in range(30):
        while select.select([leader], [], [], 1)[0]:
            try:
                shown += os.read(leader, 4096)
            except OSError:  # the other end is closed
                return shown
        os.write(leader, impatient.encode())
    return shown


def converse(place: Place, answers: str, *arguments: str) -> tuple[int, str]:
    """The status, and what the terminal shows, when these lines are typed."""
    leader, follower = pty.openpty()
    command = [
        sys.executable,
        "-m",
        "cleanfeed",
        "init",
        *arguments,
        "--plugin",
        str(place.folder / "harbour.py"),
    ]
    with subprocess.Popen(
        command, cwd=place.folder, env=environment({"TERM": "dumb"}), stdin=follower, stdout=follower, stderr=follower,
        start_new_session=True, preexec_fn=partial(fcntl.ioctl, 0, termios.TIOCSCTTY, 0),  # noqa: PLW1509  # no threads
    ) as process:  # fmt: skip
        os.close(follower)
        shown = b""
        while b"(Enter for all)" not in shown:
            shown += os.read(leader, 4096)
        os.write(leader, answers.encode())
        shown += listen(leader, "\x03" if answers.endswith("\x03") else "")
        os.close(leader)
        return process.wait(30), shown.decode()


def test_a_user_answers_and_gets_that_configuration(place):
    status, shown = converse(
        place,
        "harbour, quay\nMy news\nhttps://me.example.org/\nShips\nship, ferry\n\nn\nsite\nme@example.org\n",
    )
    assert status == 0, shown
    found = load(place.folder / "cleanfeed.toml")
    assert (found.title, found.base_url, found.contact) == (
        "My news",
        "https://me.example.org/",
        "me@example.org",
    )
    assert (found.outlets, found.output.name, found.auto) == (("harbour", "quay"), "site", None)
    assert [(topic.slug, topic.any) for topic in found.topics] == [
        ("everything", ()),
        ("ships", ("ship", "ferry")),
    ]
    assert "The Harbour" in shown


def test_enter_takes_the_defaults(place):
    status, shown = converse(place, "\n" * 8)
    assert status == 0, shown
    assert place.run("init", "other.toml", "--yes", "--plugin", "harbour.py").status == 0
    assert (
        place.folder.joinpath("cleanfeed.toml").read_bytes()
        == place.folder.joinpath("other.toml").read_bytes()
    )


def test_an_answer_that_no_build_could_use_is_asked_for_again(place):
    status, shown = converse(
        place,
        "99\nharbor\n\n \u200b\nGood\nnot an address\nhttps://ok.example.org/\nEverything\n\nIndex\nx\n\nmaybe\ny\n\nme @ x\n\n",
    )
    assert status == 0, shown
    for wrong in ("99: no such outlet", "harbor: no such outlet", "title must not be blank", "base_url must be",
                  "would have the files of", "maybe: write y for yes, or n for no", "contact must be"):  # fmt: skip
        assert wrong in shown
    found = load(place.folder / "cleanfeed.toml")
    assert (found.title, found.base_url) == ("Good", "https://ok.example.org/")
    assert [topic.slug for topic in found.topics] == ["everything", "topic-index"]


@pytest.mark.parametrize("answers", ["", "harbour\n\x04", "harbour\n\x03"])
def test_whoever_leaves_before_the_end_leaves_nothing_behind(place, answers):
    status, _shown = converse(place, answers or "\x04")
    assert status == 130
    assert not (place.folder / "cleanfeed.toml").exists()


SLUGS = ("almond", "b2-3", "cedar", "4")


@pytest.mark.parametrize(("answer", "chosen"), [
    ("", ()), ("all", ()), ("1", ("almond",)), ("1,3", ("almond", "cedar")), ("2-3", ("b2-3", "cedar")),
    ("b2-3", ("b2-3",)), ("3 1 1", ("cedar", "almond")), ("4", ("4",)), ("2, all", ()),
])  # fmt: skip
def test_outlets_are_chosen_by_number_range_or_name(answer, chosen, monkeypatch):
    monkeypatch.setattr(questions, "_text", lambda *_: answer)
    assert questions._outlets(SLUGS, Answers()).outlets == chosen


@pytest.mark.parametrize("answer", ["0", "5", "3-2", "1-9", "-1", "x", "1.5", "٣٣", "9" * 5000])
def test_outlets_that_are_not_there_are_refused(answer, monkeypatch):
    monkeypatch.setattr(questions, "_text", lambda *_: answer)
    with pytest.raises(ConfigError, match="no such outlet"):
        questions._outlets(SLUGS, Answers())


# --- the workflow


@pytest.fixture
def repository(place: Place) -> Place:
    place.write(
        ".git/config", '[core]\n\tbare = false\n[remote "origin"]\n\turl = https://github.com/Me/news.git\n'
    )
    return place


def workflow_of(place: Place) -> str:
    return (place.folder / ".github" / "workflows" / "cleanfeed.yml").read_text("utf-8")


@pytest.mark.parametrize(("remote", "address"), [
    ("https://github.com/Me/news.git", "https://me.github.io/news/"),
    ("https://github.com/Me/news", "https://me.github.io/news/"),
    ("git@github.com:Me/news.git", "https://me.github.io/news/"),
    ("ssh://git@github.com/me/me.github.io.git", "https://me.github.io/"),
    ("https://git.example.org/me/news.git", None),
])  # fmt: skip
def test_the_address_of_the_pages_is_told_from_the_repository(remote, address, place):
    place.write(
        ".git/config",
        f'[remote "other"]\n\turl = https://github.com/x/y\n[remote "origin"]\n\turl = {remote}\n',
    )
    assert place.run("init", "--yes", "--github").status == 0
    assert load(place.folder / "cleanfeed.toml").base_url == (address or Answers().base_url)


def test_github_writes_the_workflow_at_the_root_for_a_configuration_below(repository):
    assert (
        repository.run("init", "news/cleanfeed.toml", "--yes", "--github", "--plugin", "harbour.py").status
        == 0
    )
    written = yaml.safe_load(workflow_of(repository))
    (build,) = (step for step in written["jobs"]["build"]["steps"] if step["name"] == "Build the feeds")
    assert build["env"] == {"CONFIG": "news/cleanfeed.toml", "OUTPUT": "news/public"}
    assert "--plugin harbour.py" in build["run"]
    assert "@" not in re.sub(
        r"(?<=\w)@[0-9a-f]{40}", "", workflow_of(repository).replace("@ git+https://…@COMMIT", "")
    )


def test_github_keeps_a_configuration_that_is_there(repository):
    assert repository.run("init", "--yes").status == 0
    before = (repository.folder / "cleanfeed.toml").read_bytes()
    done = repository.run("init", "--github")
    assert (done.status, done.err) == (0, "")
    assert "cleanfeed.toml: kept as it is" in done.out
    assert (repository.folder / "cleanfeed.toml").read_bytes() == before
    again = repository.run("init", "--github")
    assert again.status == 2
    assert (
        "cleanfeed.yml: is there already; replace it with --force, which keeps cleanfeed.toml as it is"
        in again.err
    )


def test_github_with_force_replaces_the_workflow_and_keeps_the_configuration(repository):
    assert repository.run("init", "--yes", "--github").status == 0
    workflow = workflow_of(repository)
    edited = (repository.folder / "cleanfeed.toml").read_text("utf-8").replace("Clean feeds", "My own feeds")
    repository.write("cleanfeed.toml", edited)
    repository.write(".github/workflows/cleanfeed.yml", "mine")
    assert repository.run("init", "--github", "--force").status == 0
    assert (repository.folder / "cleanfeed.toml").read_text("utf-8") == edited
    assert workflow_of(repository) == workflow


def test_a_configuration_that_is_there_and_wrong_gets_no_workflow(repository):
    repository.write("cleanfeed.toml", "titel = 1")
    assert repository.run("init", "--github").status == 2
    assert not (repository.folder / ".github").exists()


@pytest.mark.parametrize(
    "name", ["a'b", 'a"b', "a\nb", "${{ x }}", "a`id`", "-x", "!x", "*", "~", "a#b", "a:b"]
)
def test_paths_that_could_mean_something_else_get_no_workflow(repository, name):
    done = repository.run("init", f"{name}/cleanfeed.toml", "--yes", "--github")
    assert done.status == 2
    assert "a workflow needs a path of letters" in done.err or "No such option" in done.err
    assert not (repository.folder / ".github").exists()


def test_what_lies_outside_of_the_repository_is_refused(repository):
    repository.write(
        "cleanfeed.toml", 'title = "x"\nbase_url = "https://x.example/"\nledger = "../x.sqlite3"\n[auto]\n'
    )
    done = repository.run("init", "--github")
    assert done.status == 2
    assert "lies outside of the repository" in done.err


def test_the_build_starts_at_an_odd_minute_that_is_not_everybodys():
    minutes = {workflow._minute(f"https://{number}.example.org/") for number in range(200)}
    assert all(minute % 2 == 1 and 0 < minute < 60 for minute in minutes)
    assert len(minutes) > 20


class Distribution:
    version = "1.2.3"

    def __init__(self, origin: object) -> None:
        self.origin = origin

    def read_text(self, name: str) -> str | None:
        return None if self.origin is None else json.dumps(self.origin)


@pytest.mark.parametrize(("origin", "requirement"), [
    (None, "cleanfeed==1.2.3"),
    ({"url": "https://git.example/x.git", "vcs_info": {"vcs": "git", "commit_id": "abc"}},
     "cleanfeed @ git+https://git.example/x.git@abc"),
    ({"url": "file:///elsewhere/clone", "dir_info": {}}, ""),
    ({"url": "ROOT", "dir_info": {"editable": True}}, "./."),
    ({"url": "ROOT/lib%20x", "dir_info": {}}, "./lib x"),
])  # fmt: skip
def test_the_workflow_installs_cleanfeed_from_where_it_came(origin, requirement, tmp_path, monkeypatch):
    if origin:
        origin = origin | {"url": origin["url"].replace("ROOT", tmp_path.as_uri())}
    monkeypatch.setattr(workflow, "distribution", lambda _name: Distribution(origin))
    assert workflow._requirement(tmp_path) == requirement


def test_a_cleanfeed_that_was_never_installed_is_not_guessed_at(tmp_path, monkeypatch):
    def missing(name: str) -> None:
        raise metadata.PackageNotFoundError(name)

    monkeypatch.setattr(workflow, "distribution", missing)
    assert workflow._requirement(tmp_path) == ""


def test_what_would_not_be_accepted_is_never_put_in_place(tmp_path, loaded, monkeypatch):
    monkeypatch.setattr(init, "Answers", lambda: replace(Answers(), base_url="nonsense"))
    path = tmp_path / "cleanfeed.toml"
    with pytest.raises(ConfigError, match=r"^base_url must be"):
        init.run(Shared(plugins=(tmp_path / "harbour.py",)), path=path, yes=True, force=False, github=False)
    assert not path.exists()
