"""The architecture: imports point one way, the core knows no outlet, and each part keeps to its room."""

from __future__ import annotations

import ast
import json
import re
import shutil
import sys
import zipfile
from dataclasses import fields
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, NamedTuple

import pytest

import cleanfeed
from cleanfeed import Outlet, finders
from cleanfeed.plugins import Plugins, load
from pluginparts import ROOT, python, tidy_modules

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = ["tidy_modules"]

SOURCE = ROOT / "src" / "cleanfeed"
PLUGINS = sorted((ROOT / "plugins").glob("*.py"))

LAYERS: tuple[set[str], ...] = (
    {"errors", "interrupts", "text"},
    {
        "addresses", "blame", "encoding", "ids", "lock", "markup", "muting", "publish", "sanitise", "tables",
        "words", "workers",
    },
    {"fetch", "landmarks", "model", "tracing"},
    {
        "blocks", "captures", "config", "dates", "declared", "embeds", "feeds", "flight", "keys", "media", "shelf", "stories", "walls",
    },
    {"below", "chrome", "fields", "headline", "legible", "lines", "printed", "shapes", "starter", "story", "topics", "walker"},
    {"autotopics"},
    {"clean", "finders"},
    {"outlet"},
    {
        "candidates", "checks", "guard", "health", "hookspecs", "items", "ledger", "recipes", "report", "sources",
    },
    {"anysite", "built", "builtin", "byrecipe", "fingerprint", "fragment", "troubles", "verdicts"},
    {"archives", "hub"},
    {"plugins"},
    {"reading"},
    {"work"},
    {"intake", "pipeline"},
    {"live", "lookup", "metrics", "refill", "summary", "writing"},
    {"integrations", "serve"},
    {"cli"},
    {"__main__"},
)  # fmt: skip
"""The rooms from the ground up: a room may use those of its own layer and of the layers below it."""


class Import(NamedTuple):
    """A name that a module imports, and whether only a type checker does."""

    target: str
    for_types: bool


def files() -> list[Path]:
    return sorted(path for path in SOURCE.rglob("*.py") if "__pycache__" not in path.parts)


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"), str(path))


def module_of(path: Path) -> str:
    """The module below `cleanfeed`: "model", "feeds", "feeds.opml"; "" for the package itself."""
    parts = path.relative_to(SOURCE).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {module_of(path): path for path in files()}


def imports(path: Path) -> Iterator[Import]:
    """Everything that a file imports, inside functions too."""
    guarded = {
        id(node)
        for test in ast.walk(tree_of(path))
        if isinstance(test, ast.If) and ast.unparse(test.test) == "TYPE_CHECKING"
        for node in ast.walk(test)
    }
    for node in ast.walk(tree_of(path)):
        for name in _names(node):
            yield Import(name, id(node) in guarded)


def _names(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [each.name for each in node.names]
    if isinstance(node, ast.ImportFrom):
        assert node.level == 0, "imports name the whole way"
        return [f"{node.module}.{each.name}" for each in node.names]
    return []


def inner(path: Path, *, with_types: bool) -> set[str]:
    """The modules of cleanfeed that a file imports, as `module_of` names them."""
    found: set[str] = set()
    for target, for_types in imports(path):
        if target.partition(".")[0] == "cleanfeed" and (with_types or not for_types):
            name = target.removeprefix("cleanfeed").lstrip(".")
            found.add(name if name in MODULES else name.rpartition(".")[0])
    return found


def room(module: str) -> str:
    return module.partition(".")[0]


def layer(module: str) -> int:
    return next(number for number, rooms in enumerate(LAYERS) if room(module) in rooms)


INNER = [path for module, path in MODULES.items() if module]


def test_every_room_has_its_layer_and_every_layer_its_rooms() -> None:
    assert {room(module) for module in MODULES if module} == set().union(*LAYERS)
    assert sum(map(len, LAYERS)) == len(set().union(*LAYERS))


@pytest.mark.parametrize("path", INNER, ids=module_of)
def test_imports_point_down(path: Path) -> None:
    module = module_of(path)
    upward = {target for target in inner(path, with_types=True) if target and layer(target) > layer(module)}
    assert upward <= ({"plugins"} if module == "reading" else set())


@pytest.mark.parametrize("path", INNER, ids=module_of)
def test_the_core_imports_its_own_rooms_and_not_the_door(path: Path) -> None:
    assert "" not in inner(path, with_types=True)


def test_no_modules_import_each_other_in_a_circle_not_even_inside_functions() -> None:
    wanted = {
        module: inner(path, with_types=False) - {module, ""} for module, path in MODULES.items() if module
    }
    while free := {module for module, targets in wanted.items() if not targets}:
        wanted = {module: targets - free for module, targets in wanted.items() if module not in free}
    assert wanted == {}


def words_of(outlets: Plugins) -> set[str]:
    """What would give an outlet away: its slug and what editions share of it, its name, its hosts."""
    found = {host.partition("/")[0] for outlet in outlets.outlets for host in outlet.hosts}
    for outlet in outlets.outlets:
        found |= {outlet.slug, outlet.slug.partition("-")[0], outlet.name}
    return found


def test_the_core_knows_no_outlet(outlets: Plugins) -> None:
    words = words_of(outlets)
    assert {"arise", "almayadeen", "daily8", "www.daily8.com", "Arise News"} <= words
    pattern = re.compile(
        "|".join(rf"(?<!\w){re.escape(word)}(?!\w)" for word in sorted(words)), re.IGNORECASE
    )
    found = {
        f"{path.relative_to(SOURCE)}: {match[0]}"
        for path in SOURCE.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
        for match in pattern.finditer(path.read_text("utf-8").replace("_", " "))
    }
    assert found == set()


OPEN = ("cleanfeed.finders", "cleanfeed.recipes", "cleanfeed.dates")
"""What a plugin may import besides the names of `cleanfeed` itself."""
STRANGERS = [ROOT / "examples" / "no_videos.py", ROOT / "examples" / "harbour" / "cleanfeed_harbour.py"]


@pytest.mark.parametrize("path", [*PLUGINS, *STRANGERS], ids=lambda path: path.stem)
def test_a_plugin_imports_the_public_names_and_the_standard_library(path: Path) -> None:
    allowed = {f"cleanfeed.{name}" for name in cleanfeed.__all__}
    for target, _for_types in imports(path):
        is_ours = target in allowed or target in OPEN or target.rpartition(".")[0] in OPEN
        assert is_ours or target.partition(".")[0] in sys.stdlib_module_names, target


@pytest.mark.parametrize("path", INNER, ids=module_of)
def test_only_the_feeds_know_feedgen(path: Path) -> None:
    assert room(module_of(path)) == "feeds" or not any(
        target.startswith("feedgen") for target, _ in imports(path)
    )


SPEAKING = {"print", "input", "exit", "quit", "sys.exit", "click.echo", "click.secho"}
STREAMS = re.compile(r"sys\.(__)?(stdout|stderr)(__)?(\.buffer)?\.write(lines)?")


def speaks(node: ast.AST) -> bool:
    if isinstance(node, ast.Raise) and node.exc is not None:
        return ast.unparse(node.exc).startswith("SystemExit")
    if not isinstance(node, ast.Call):
        return False
    name = ast.unparse(node.func)
    return name in SPEAKING or bool(STREAMS.fullmatch(name))


@pytest.mark.parametrize("path", [*INNER, *PLUGINS], ids=lambda path: path.stem)
def test_only_the_command_line_prints_or_exits(path: Path) -> None:
    is_door = path.is_relative_to(SOURCE) and room(module_of(path)) in {"cli", "__main__"}
    said = [f"{path.name}:{node.lineno}" for node in ast.walk(tree_of(path)) if speaks(node)]  # type: ignore[attr-defined]  # calls and raises have lines
    assert is_door or said == [] or module_of(path) in QUIET


QUIET = {"muting": "shows on standard error what plugins print, where the user asked for it"}
"""Modules that write to a stream, with the reason."""


def declared(outlet: Outlet) -> dict[str, object]:
    """What of an outlet can be compared: functions of two loads of one file are two."""
    plain = {field.name: getattr(outlet, field.name) for field in fields(outlet)}
    for name in ("article", "capture"):
        recipe = plain.pop(name)
        for field in fields(recipe) if recipe else ():
            value = getattr(recipe, field.name)
            plain[f"{name}.{field.name}"] = value.__qualname__ if callable(value) else value
    return {name: value.__qualname__ if callable(value) else value for name, value in plain.items()}


@pytest.mark.parametrize("path", PLUGINS, ids=lambda path: path.stem)
def test_each_plugin_loads_by_its_path_with_the_same_outlets(path: Path, outlets: Plugins) -> None:
    again = load([path])
    assert again.declared_by.keys() == outlets.declared_by.keys()
    mine = [outlet for outlet in again.outlets if again.declared_by[outlet.slug].source == str(path)]
    assert mine
    for outlet in mine:
        assert declared(outlet) == declared(outlets.directory.by_slug[outlet.slug])


# --- names


def test_the_exported_names_are_sorted_and_all_can_be_had() -> None:
    assert cleanfeed.__all__ == sorted(cleanfeed.__all__)
    assert all(getattr(cleanfeed, name) is not None for name in cleanfeed.__all__)
    with pytest.raises(AttributeError, match="'cleanfeed' has no attribute 'Outlett'"):
        _ = cleanfeed.Outlett  # type: ignore[attr-defined]  # that is the point


def test_the_exported_names_are_those_that_a_type_checker_sees() -> None:
    seen = {target.rpartition(".")[2] for target, for_types in imports(SOURCE / "__init__.py") if for_types}
    assert seen == set(cleanfeed.__all__)


def test_every_error_and_every_type_of_the_contract_is_exported() -> None:
    errors = {
        name for name, value in vars(import_module("cleanfeed.errors")).items() if isinstance(value, type)
    }
    contract = {"Enclosure", "Entry", "Listing", "Outlet", "Page", "Recipe", "hookimpl", "recipes"}
    assert set(cleanfeed.__all__) == errors | contract


def test_every_finder_that_is_defined_is_exported_and_the_list_is_sorted() -> None:
    body = tree_of(SOURCE / "finders.py").body
    defined = {node.name for node in body if isinstance(node, (ast.FunctionDef, ast.ClassDef))}
    assert finders.__all__ == sorted(finders.__all__)
    assert {name for name in defined if not name.startswith("_")} <= set(finders.__all__)
    assert all(hasattr(finders, name) for name in finders.__all__)


@pytest.mark.parametrize("path", [*PLUGINS, *STRANGERS], ids=lambda path: path.stem)
def test_plugins_use_exported_finders(path: Path) -> None:
    used = {
        target.rpartition(".")[2] for target, _ in imports(path) if target.startswith("cleanfeed.finders.")
    }
    assert used <= set(finders.__all__)


# --- what is shipped


HEAVY = (
    "lxml",
    "feedgen",
    "jinja2",
    "rich",
    "nh3",
    "msgspec",
    "pebble",
    "importlib.metadata",
    "multiprocessing",
)


@pytest.mark.parametrize("arguments", [["--help"], ["build", "--help"], ["extract", "--help"]], ids=" ".join)
def test_help_is_told_without_the_heavy_libraries(arguments: list[str]) -> None:
    heavy = HEAVY if arguments == ["--help"] else ("feedgen", "rich", "jinja2")
    code = (
        "import json, sys\nfrom cleanfeed.cli import main\n"
        f"try:\n    main({arguments!r})\nexcept SystemExit:\n    pass\n"
        f"print(json.dumps([name for name in {heavy!r} if name in sys.modules]), file=sys.stderr)"
    )
    told = python("-c", code)
    assert "Usage:" in told.stdout
    assert json.loads(told.stderr.splitlines()[-1]) == []


def test_the_wheel_holds_every_module_and_template_and_nothing_else(tmp_path: Path) -> None:
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, tmp_path)
    for name in ("src", "plugins"):
        shutil.copytree(
            ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__", "*.egg-info")
        )
    built = python("-m", "hatchling", "build", "-t", "wheel", cwd=tmp_path)
    assert built.returncode == 0, built.stderr
    (wheel,) = (tmp_path / "dist").glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        held = {name for name in archive.namelist() if ".dist-info/" not in name}
        points = next(
            archive.read(name).decode() for name in archive.namelist() if name.endswith("entry_points.txt")
        )
    shipped = {
        path.relative_to(tmp_path / "src").as_posix()
        for path in (tmp_path / "src").rglob("*")
        if path.is_file()
    }
    assert held == shipped | {path.name for path in PLUGINS}
    assert any("/templates/" in name for name in held)
    assert len(PLUGINS) == 4
    for path in PLUGINS:
        assert f"{path.stem.removeprefix('cleanfeed_')} = {path.stem}" in points
