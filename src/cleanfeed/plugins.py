"""Plugins: found, loaded and checked, and the culprit named where one is broken."""

from __future__ import annotations

import contextlib
import importlib.util
import re
import sys
import traceback
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from importlib import metadata
from pathlib import Path
from types import ModuleType
from zoneinfo import ZoneInfo

import pluggy

from cleanfeed import builtin, hookspecs
from cleanfeed.errors import PluginError
from cleanfeed.markup import compile_css
from cleanfeed.outlet import Directory, Outlet, Recipe

GROUP = "cleanfeed"
"""The entry-point group of installed plugins."""
RESERVED = "builtin"
_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


@dataclass(frozen=True, kw_only=True)
class Plugins:
    """The loaded plugins and the outlets that they declare."""

    manager: pluggy.PluginManager
    directory: Directory
    origins: dict[str, str]
    """Where each outlet comes from, by slug: "plugin 'arise' (cleanfeed_arise)"."""
    sources: dict[str, str]
    """Module or file of each plugin, by its name."""

    @property
    def outlets(self) -> list[Outlet]:
        return sorted(self.directory.by_slug.values(), key=lambda outlet: outlet.slug)


def load(paths: Sequence[Path] = ()) -> Plugins:
    """The installed plugins by name, then those of `paths` (files, or folders of files).

    A file replaces the installed plugin of its name (`cleanfeed_arise.py` and `arise.py` are both "arise").
    Anything that is wrong with a plugin is a `PluginError` that names it.
    """
    manager = pluggy.PluginManager("cleanfeed")
    manager.add_hookspecs(hookspecs)
    manager.register(builtin, RESERVED)
    sources: dict[str, str] = {}
    for point in sorted(metadata.entry_points(group=GROUP), key=lambda point: point.name):
        sources[point.name] = point.value
        with _blaming(point.name, point.value, "cannot be loaded"):
            module = point.load()
        _register(manager, point.name, point.value, module)
    for path in _files(paths):
        name = path.stem.removeprefix("cleanfeed_")
        sources[name] = str(path)
        with _blaming(name, str(path), "cannot be loaded"):
            module = _import_file(path)
        if manager.has_plugin(name) and name != RESERVED:
            manager.unregister(name=name)
        _register(manager, name, str(path), module)
    return _collect(manager, sources)


def _files(paths: Iterable[Path]) -> Iterator[Path]:
    for path in paths:
        if not path.exists():
            raise PluginError(f"plugin {path}: no such file or folder")
        found = sorted(path.glob("*.py")) if path.is_dir() else [path]
        chosen = [each for each in found if each == path or not each.name.startswith("_")]
        if not chosen:
            raise PluginError(f"plugin folder {path}: holds no .py file")
        for each in chosen:
            if each.stat().st_mode & 0o002:
                raise PluginError(f"plugin {each}: anybody may write to this file; run: chmod o-w {each}")
            yield each


def _import_file(path: Path) -> ModuleType:
    name = "cleanfeed_plugin_" + re.sub(r"\W", "_", path.stem)
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise PluginError(f"plugin {path}: not a Python file (its name must end in .py)")
    module = importlib.util.module_from_spec(spec)
    # Dataclasses of a module look it up in sys.modules while it is made.
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


@contextlib.contextmanager
def _blaming(name: str, source: str, what: str) -> Iterator[None]:
    # What a plugin prints must not become part of a result.
    with contextlib.redirect_stdout(sys.stderr):
        try:
            yield
        except (KeyboardInterrupt, PluginError):
            raise
        except BaseException as error:  # a plugin may raise anything, SystemExit included
            raise PluginError(f"plugin {name!r} ({source}) {what}: {describe(error)}") from error


def describe(error: BaseException) -> str:
    """The error's type and message, with the line of the innermost file, on one line."""
    said = "; ".join(str(error).split("\n"))
    if isinstance(error, SyntaxError):
        return f"SyntaxError: {error.msg} (line {error.lineno})"
    frames = traceback.extract_tb(error.__traceback__)
    where = f" ({Path(frames[-1].filename).name}, line {frames[-1].lineno})" if frames else ""
    return f"{type(error).__name__}: {said}{where}" if said else f"{type(error).__name__}{where}"


def _register(manager: pluggy.PluginManager, name: str, source: str, module: object) -> None:
    if name == RESERVED:
        raise PluginError(f"plugin {name!r} ({source}): this name is reserved; rename the file")
    _check_marks(name, source, module)
    try:
        manager.register(module, name)
        manager.check_pending()
    except (pluggy.PluginValidationError, ValueError) as error:
        raise PluginError(f"plugin {name!r} ({source}): {'; '.join(str(error).splitlines())}") from error


def _check_marks(name: str, source: str, module: object) -> None:
    hooks = [each for each in vars(module) if each.startswith("cleanfeed_") and callable(vars(module)[each])]
    unmarked = [each for each in hooks if not hasattr(vars(module)[each], "cleanfeed_impl")]
    if unmarked:
        raise PluginError(f"plugin {name!r} ({source}): {unmarked[0]} lacks the decorator @cleanfeed.hookimpl")
    if not hooks:
        raise PluginError(f"plugin {name!r} ({source}): has no hook; it needs a cleanfeed_outlets or cleanfeed_extract")


def _collect(manager: pluggy.PluginManager, sources: dict[str, str]) -> Plugins:
    origins: dict[str, str] = {}
    outlets: list[Outlet] = []
    for name, plugin in manager.list_name_plugin():
        if plugin is None or name == RESERVED:
            continue
        for outlet in _outlets_of(manager, name, plugin, sources[name]):
            origin = f"plugin {name!r} ({sources[name]})"
            if outlet.slug in origins:
                raise PluginError(f"outlet {outlet.slug!r} is declared by both {origins[outlet.slug]} and {origin}")
            origins[outlet.slug] = origin
            outlets.append(outlet)
    return Plugins(manager=manager, directory=Directory(outlets, origins), origins=origins, sources=sources)


def _outlets_of(manager: pluggy.PluginManager, name: str, plugin: object, source: str) -> list[Outlet]:
    others = [each for each in manager.get_plugins() if each is not plugin]
    with _blaming(name, source, "fails in cleanfeed_outlets"):
        answers = manager.subset_hook_caller("cleanfeed_outlets", others)()
        outlets = [outlet for answer in answers for outlet in answer]
    for outlet in outlets:
        try:
            _check(outlet)
        except (ValueError, TypeError, LookupError, OSError) as error:
            told = getattr(outlet, "slug", None)
            subject = f"outlet {told!r}: " if told else ""
            raise PluginError(f"plugin {name!r} ({source}): {subject}{error}") from error
    return outlets


_OUTLET_TEXTS = ("slug", "name", "language", "timezone")
_PATTERNS = ("stop", "boxes", "erase")


def _check(outlet: object) -> None:
    if not isinstance(outlet, Outlet):
        raise TypeError(f"cleanfeed_outlets gave {type(outlet).__name__} where an Outlet is expected")
    for name in _OUTLET_TEXTS:
        if not isinstance(getattr(outlet, name), str) or not getattr(outlet, name):
            raise TypeError(f"{name} must be text, not {getattr(outlet, name)!r}")
    if not _SLUG.fullmatch(outlet.slug):
        raise ValueError(f"slug {outlet.slug!r} must be of a-z, 0-9 and single hyphens")
    _check_zone(outlet.timezone)
    if not isinstance(outlet.hosts, tuple) or not all(isinstance(host, str) and host for host in outlet.hosts):
        raise TypeError(f'hosts must be a tuple of names such as ("www.example.org",), not {outlet.hosts!r}')
    _check_all("sentinels", outlet.sentinels, re.compile)
    _check_recipe("article", outlet.article)
    if outlet.capture is not None:
        _check_recipe("capture", outlet.capture)


def _check_zone(name: str) -> None:
    try:
        ZoneInfo(name)
    except (LookupError, ValueError, OSError) as error:  # a folder's name is an OSError, a bad path a ValueError
        raise ValueError(f"timezone {name!r} is none of the IANA time zones") from error


def _check_recipe(name: str, recipe: object) -> None:
    if not isinstance(recipe, Recipe):
        raise TypeError(f"{name} must be a Recipe, not {type(recipe).__name__}")
    for field in fields(recipe):
        value = getattr(recipe, field.name)
        if field.name in _PATTERNS:
            _check_all(f"{name}.{field.name}", value, re.compile)
        elif field.name == "drop":
            _check_all(f"{name}.drop", value, compile_css)
        elif field.name == "source_line":
            _check_all(f"{name}.source_line", (value,), re.compile)
        elif not callable(value):
            raise TypeError(f"{name}.{field.name} must be a finder (a function of a page), not {value!r}")


def _check_all(name: str, values: object, compile_one: object) -> None:
    if not isinstance(values, tuple) or not all(isinstance(value, str) for value in values):
        raise TypeError(f"{name} must be a tuple of texts, not {values!r}")
    for value in values:
        try:
            compile_one(value)  # type: ignore[operator]  # re.compile and compile_css, whose types differ
        except (re.error, ValueError) as error:
            raise ValueError(f"{name}: {value!r}: {error}") from error
