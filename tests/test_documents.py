"""The documents name all that the code has, and nothing that it has not."""

from __future__ import annotations

import inspect
import json
import os
import re
import subprocess
import tomllib
from dataclasses import fields
from typing import TYPE_CHECKING

import click
import pytest
from msgspec import NODEFAULT
from msgspec.structs import FieldInfo
from msgspec.structs import fields as keys_of

import cleanfeed
from cleanfeed import cli, errors, finders, hookspecs, recipes
from cleanfeed.feeds import jsonfeed
from cleanfeed.model import Copy, Entry, Page
from cleanfeed.outlet import Outlet, Recipe
from cleanfeed.report import Report
from documentparts import (
    BY_NAME,
    COMMANDS,
    CONFIGURATION,
    FEEDS,
    OUTLETS,
    README,
    ROOT,
    TABLES,
    fenced,
    named,
    names_in,
    rows,
    section,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

# --- links, words


@pytest.mark.parametrize("name", BY_NAME)
def test_relative_links_lead_to_a_file_and_a_heading_that_are_there(name: str) -> None:
    for target in re.findall(r"\]\(([^)\s]+)\)", BY_NAME[name]):
        if re.match(r"[a-z]+:", target):
            continue
        path, _, anchor = target.partition("#")
        found = (ROOT / name).parent / path if path else ROOT / name
        assert found.exists(), target
        if anchor:
            assert anchor in anchors(found.read_text("utf-8")), target


def anchors(document: str) -> set[str]:
    heads = re.findall(r"^#+ (.+)$", document, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads}


# The letters in brackets keep these names out of this file as well.
REGISTRIES = re.compile(r"py[p]i\.|files\.python[h]osted|npm[j]s|crates[.]io|proxy\.gol[a]ng", re.IGNORECASE)
MACHINES = re.compile(r"(?<![\w.~/])/(home|root|tmp|work|Users|mnt|opt|var)/")
PICTOGRAMS = re.compile("[\U0001f300-\U0001faff\u2600-\u27bf]")
PICTURES = re.compile(r"!\[([^\]]*)\]\(([^)]+)\)")


@pytest.mark.parametrize("name", BY_NAME)
def test_no_document_names_a_machine_or_a_registry_or_has_pictograms(name: str) -> None:
    found = [pattern.search(BY_NAME[name]) for pattern in (REGISTRIES, MACHINES, PICTOGRAMS)]
    assert not any(found), found


def test_every_picture_is_described_small_and_shown_somewhere() -> None:
    shown = set()
    for name in BY_NAME:
        for described, place in PICTURES.findall(BY_NAME[name]):
            path = (ROOT / name).parent / place
            assert path.is_file(), f"{name}: {place}"
            assert path.stat().st_size < 60_000, place
            assert len(described) > 20, f"{name}: {place}"
            shown.add(path.resolve())
    assert shown == set((ROOT / "docs" / "images").iterdir())


def test_readme_leads_to_every_document() -> None:
    linked = links_of(README)
    ours = {name for name in BY_NAME if re.match(r"docs/[^/]+$|[^/]+$", name)} - {"README.md"}
    assert ours <= linked


def test_a_reader_of_the_documents_finds_each_feed_reader() -> None:
    assert {name for name in BY_NAME if name.startswith("docs/readers/")} == {
        f"docs/{target}" for target in links_of(BY_NAME["docs/readers.md"]) if target.startswith("readers/")
    }


def links_of(document: str) -> set[str]:
    return set(re.findall(r"\]\(([^)#\s]+)", document))


# --- the README's commands


@pytest.mark.parametrize("mark", ["main-command", "test-command"])
def test_command_of_the_readme_is_one_line_that_needs_nothing_but_python(mark: str) -> None:
    command = fenced(README, mark)
    assert command.count("\n") == 1
    assert command.startswith("python3 -m venv .venv && .venv/bin/pip install ")
    for path in re.findall(r"examples/\S+\.toml", command):
        assert (ROOT / path).is_file()


def test_ci_runs_the_commands_of_the_readme() -> None:
    script = (ROOT / ".ci" / "run").read_text("utf-8")
    function = re.search(r"^readme_command\(\) \{.*?^\}", script, re.MULTILINE | re.DOTALL)
    assert function
    for mark in ("main-command", "test-command"):
        variable = re.search(rf"^(\w+)=\$\(readme_command {mark}\)", script, re.MULTILINE)
        assert variable
        assert f'bash -c "${variable[1]}"' in script
        line = f"{function[0]}\nreadme_command {mark}"
        done = subprocess.run(["bash", "-c", line], cwd=ROOT, capture_output=True, text=True, check=True)
        assert done.stdout == fenced(README, mark)


# --- plugins' side


def test_every_hook_is_documented_with_its_exact_arguments() -> None:
    hooks = {name: hook for name, hook in vars(hookspecs).items() if hasattr(hook, "cleanfeed_spec")}
    expected = [f"{name}({', '.join(inspect.signature(hook).parameters)})" for name, hook in hooks.items()]
    documented = section(OUTLETS, "Hooks").partition("### ")[0]
    assert sorted(named(documented)) == sorted(expected)


def call_of(name: str) -> str:
    """How the documents write a public finder: with its arguments, unless it takes a page and nothing else."""
    found = getattr(finders, name)
    if not inspect.isfunction(found):
        return name
    given = list(inspect.signature(found).parameters.values())
    if [each.name.strip("_") for each in given] == ["page"] and name != "sheet":
        return name
    words: list[str] = []
    for each in given:
        if each.kind is each.KEYWORD_ONLY and not any(word.startswith("*") for word in words):
            words.append("*")
        words.append(f"*{each.name}" if each.kind is each.VAR_POSITIONAL else each.name)
    return f"{name}({', '.join(words)})"


def test_every_finder_is_documented_with_its_exact_arguments_and_no_other() -> None:
    calls = {name: call_of(name) for name in finders.__all__}
    tables = named(section(OUTLETS, "Finders").partition("### Order")[0])
    prose = set(re.findall(r"`(\w+)`", section(OUTLETS, "Finders")))
    no_finders = {name for name in calls if name in {"Element", "Finder", "Line", "ARTICLE_TYPES"}}
    assert sorted(tables) == sorted(calls[name] for name in calls if name not in no_finders)
    assert no_finders <= prose


def test_every_starting_point_of_recipes_is_documented_with_its_exact_arguments_and_no_other() -> None:
    own = {name: found for name, found in vars(recipes).items() if not name.startswith("_")}
    functions = {
        f"{name}({', '.join(inspect.signature(found).parameters)})"
        for name, found in own.items()
        if inspect.isfunction(found) and found.__module__ == recipes.__name__
    }
    constants = {name for name in own if name.isupper() and name not in finders.__all__} - {"TYPE_CHECKING"}
    assert {row[0].strip("`") for row in rows(section(OUTLETS, "Recipes"))} == functions | constants


def test_exports_of_the_package_are_documented_sorted_and_no_other() -> None:
    assert sorted(named(section(OUTLETS, "What `cleanfeed` exports"))) == sorted(cleanfeed.__all__)
    assert list(cleanfeed.__all__) == sorted(cleanfeed.__all__)
    assert all(hasattr(cleanfeed, name) for name in cleanfeed.__all__)


@pytest.mark.parametrize(
    ("title", "kind"), [("Outlet", Outlet), ("Recipe", Recipe), ("Entries by hand", Entry)]
)
def test_every_field_is_documented_and_no_other(title: str, kind: type) -> None:
    assert sorted(named(section(OUTLETS, title))) == sorted(field.name for field in fields(kind))


def test_everything_a_finder_may_ask_of_a_page_is_documented() -> None:
    public = {
        name for name in (*vars(Page), *(each.name for each in fields(Page))) if not name.startswith("_")
    }
    assert {name.partition("(")[0] for name in named(section(OUTLETS, "Page"))} == public


# --- users' side


def as_toml(value: object) -> str:
    if isinstance(value, (tuple, list)):
        return "[" + ", ".join(map(as_toml, value)) + "]"
    return json.dumps(value)


def default_of(key: FieldInfo) -> str:
    value = key.default_factory() if key.default_factory is not NODEFAULT else key.default
    if value is NODEFAULT:
        return "required"
    return "none" if value is None else f"`{as_toml(value)}`"


@pytest.mark.parametrize("title", TABLES)
def test_every_key_of_the_configuration_is_documented_with_its_default_and_no_other(title: str) -> None:
    documented = {name: row[2] for row in rows(section(CONFIGURATION, title)) for name in names_in(row[0])}
    assert documented == {key.encode_name: default_of(key) for key in keys_of(TABLES[title])}


def options_of(command: click.Command) -> set[str]:
    context = click.Context(command, help_option_names=["-h", "--help"])
    options = (each for each in command.get_params(context) if isinstance(each, click.Option))
    return {name for option in options for name in option.opts}


def documented_options(title: str) -> set[str]:
    return {name.split()[0] for name in named(section(COMMANDS, title))}


def test_every_command_and_option_is_documented_and_no_other() -> None:
    context = click.Context(cli.app)
    shared = options_of(cli.app)
    assert documented_options("Options of all commands") == shared
    for name in cli.app.list_commands(context):
        command = cli.app.get_command(context, name)
        assert command is not None
        assert documented_options(name) == options_of(command) - shared
        assert f"cleanfeed {name}" in COMMANDS.partition("\n## ")[0]


def tree(error: type[Exception]) -> Iterator[str]:
    yield error.__name__
    for child in error.__subclasses__():
        yield from tree(child)


def test_every_error_is_documented_and_no_other() -> None:
    told = named(section(COMMANDS, "What the errors mean").partition("### ")[0])
    assert sorted(told) == sorted(tree(errors.CleanfeedError))


SOURCE = "\n".join(path.read_text("utf-8") for path in sorted((ROOT / "src" / "cleanfeed").rglob("*.py")))


@pytest.mark.parametrize("title", ["The configuration", "Plugins", "Pages", "Outlets, topics, files"])
def test_every_message_that_the_documents_quote_is_one_that_the_program_has(title: str) -> None:
    quoted = named(section(COMMANDS, title))
    assert quoted
    assert [words for words in quoted if words not in SOURCE] == []


def test_every_exit_status_is_documented() -> None:
    assert [row[0] for row in rows(section(COMMANDS, "Exit status"))] == ["0", "1", "2", "130", "143"]


def test_every_key_of_ours_in_a_json_feed_is_documented() -> None:
    entry = Entry(
        id="tag:x", outlet="any", title="x", content="x", language="en", section="x", source="x", captions=("x",),
        date_precision="day", own_id="tag:y", also_in=(Copy(outlet="y"),),
    )  # fmt: skip
    assert set(named(section(FEEDS, "`_cleanfeed`"))) == {*jsonfeed._particulars(entry, "tag:x#own"), "page"}


def test_every_key_of_the_report_is_documented() -> None:
    report = json.loads(Report().as_json())
    assert set(named(section(FEEDS, "report.json"))) == set(report)


def test_design_names_rooms_and_modules_that_are_there() -> None:
    steps = re.findall(r"^\d\. .*(?:\n   .*)*", section(BY_NAME["docs/design.md"], "The flow"), re.MULTILINE)
    named_there = {name for step in steps for name in names_in(step)}
    assert len(named_there) > 10
    package = ROOT / "src" / "cleanfeed"
    paths = {name: package / name.replace(".", "/") for name in named_there}
    assert [
        name for name, path in paths.items() if not (path.is_dir() or path.with_suffix(".py").is_file())
    ] == []


def test_change_log_tells_of_the_version_that_is_installed() -> None:
    version = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]
    assert re.search(
        rf"^## \[?{re.escape(version)}\]? - \d{{4}}-\d\d-\d\d$", BY_NAME["CHANGELOG.md"], re.MULTILINE
    )


def test_just_and_the_hooks_run_what_ci_runs() -> None:
    script, just = ((ROOT / name).read_text("utf-8") for name in (".ci/run", "justfile"))
    hooks = (ROOT / ".pre-commit-config.yaml").read_text("utf-8")
    for tool in ("ruff check", "ruff format", "mypy"):
        assert f".venv/bin/{tool}" in script
        assert "{{bin}}/" + tool in just
        assert f".venv/bin/{tool}" in hooks
    for path in re.findall(r"\}\}/\w+ (?:-\S+ )*((?:tests|benchmarks)/\S+\.py)", just):
        assert (ROOT / path).is_file(), path
    assert "repo: local" in hooks
    assert "http" not in hooks
    assert os.access(ROOT / ".ci" / "run", os.X_OK)
