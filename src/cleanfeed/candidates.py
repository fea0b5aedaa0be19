"""Where plugins are: among the installed distributions, in files and in folders of files."""

from __future__ import annotations

import contextlib
import importlib.util
import os
import stat
import sys
from dataclasses import dataclass
from functools import partial
from importlib.machinery import SourceFileLoader
from pathlib import Path
from typing import TYPE_CHECKING

from cleanfeed.blame import Origin
from cleanfeed.errors import PluginError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from types import CodeType, ModuleType

GROUP = "cleanfeed"
"""The entry-point group of installed plugins."""
RESERVED = "builtin"
"""The name of the plugin that follows recipes; no other may have it."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A plugin that is not loaded yet."""

    origin: Origin
    load: Callable[[], object]


def candidates(paths: Iterable[Path]) -> list[Candidate]:
    """The installed plugins by name, then those of the paths in their order; of one name only the last."""
    given: dict[str, Candidate] = {}
    for path in paths:
        for name, candidate in _found_in(path).items():
            given.pop(name, None)
            given[name] = candidate
    # What is replaced is not even loaded: a broken plugin can be mended by a file.
    installed = (each for name, each in _installed().items() if name not in given)
    return [*installed, *given.values()]


def _installed() -> dict[str, Candidate]:
    from importlib import metadata  # noqa: PLC0415  # slow, and needed here alone

    found: dict[str, Candidate] = {}
    for point in sorted(metadata.entry_points(group=GROUP), key=lambda point: (point.name, point.value)):
        origin = Origin(name=point.name, source=point.value, module=point.module)
        _add(found, Candidate(origin, point.load))
    return found


def _add(found: dict[str, Candidate], candidate: Candidate) -> None:
    origin = candidate.origin
    if origin.name == RESERVED:
        raise PluginError(f"{origin}: the name {RESERVED!r} is reserved; give the plugin another")
    other = found.setdefault(origin.name, candidate)
    if other.origin != origin:
        raise PluginError(f"{other.origin} and {origin} have the same name; remove or rename one")


def _found_in(path: Path) -> dict[str, Candidate]:
    found: dict[str, Candidate] = {}
    for file in _files(path):
        name = file.stem.removeprefix("cleanfeed_") or file.stem
        origin = Origin(name=name, source=str(file), module=f"cleanfeed_plugin_{file.stem.replace('.', '_')}")
        _add(found, Candidate(origin, partial(_import_file, file, origin.module)))
    return found


def _files(path: Path) -> list[Path]:
    info = _trusted(path)
    if not stat.S_ISDIR(info.st_mode):
        if path.suffix != ".py":
            raise PluginError(f"plugin {path}: is no Python file (its name must end in .py)")
        return [path]
    files = [each for each in sorted(path.glob("*.py")) if not (each.name.startswith("_") or each.is_dir())]
    if not files:
        raise PluginError(f"plugin folder {path}: holds no .py file (those that begin with _ do not count)")
    for file in files:
        _trusted(file)
    return files


def _trusted(path: Path) -> os.stat_result:
    """The state of a file or folder whose code is about to be run: nobody else may have written it."""
    try:
        info = path.stat()
    except (OSError, ValueError) as error:  # a name with a NUL is a ValueError
        raise PluginError(f"plugin {path}: {getattr(error, 'strerror', None) or error}") from error
    if not (stat.S_ISREG(info.st_mode) or stat.S_ISDIR(info.st_mode)):
        raise PluginError(f"plugin {path}: is neither a file nor a folder")
    _refuse_strangers(path, info)
    return info


def _refuse_strangers(path: Path, info: os.stat_result) -> None:
    # In a folder such as /tmp, nobody can replace a file of somebody else.
    shared = 0 if stat.S_ISDIR(info.st_mode) and info.st_mode & stat.S_ISVTX else info.st_mode
    if shared & stat.S_IWOTH:
        raise PluginError(f"plugin {path}: anybody may write to it; run: chmod o-w {path}")
    # A group with its user's number is that user's own; their new files are group-writable on many systems.
    if shared & stat.S_IWGRP and (info.st_gid != info.st_uid or not info.st_uid):
        raise PluginError(f"plugin {path}: its group may write to it; run: chmod g-w {path}")
    # In a container, root works on files that a user outside has mounted.
    me = os.geteuid() if hasattr(os, "geteuid") else info.st_uid
    if me and info.st_uid not in {0, me}:
        raise PluginError(f"plugin {path}: belongs to another user (number {info.st_uid})")


# --- loading


class _Fresh(SourceFileLoader):
    """Compiles the file as it is now; byte code is neither left beside it nor believed."""

    def get_code(self, fullname: str) -> CodeType:  # noqa: ARG002  # the loader's signature
        code: CodeType = self.source_to_code(self.get_data(self.path), self.path)
        return code


def _import_file(path: Path, name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, path, loader=_Fresh(name, str(path)))
    if spec is None or spec.loader is None:  # what the signature allows, and no loader of ours does
        raise ImportError(f"{path} has no loader")
    module = importlib.util.module_from_spec(spec)
    # Dataclasses of a module look it up in sys.modules while it is made.
    sys.modules[name] = module
    try:
        with _neighbours(path.parent.resolve()):
            spec.loader.exec_module(module)
    except BaseException:  # whatever it was, a module that is half made must not stay
        del sys.modules[name]
        raise
    return module


@contextlib.contextmanager
def _neighbours(folder: Path) -> Iterator[None]:
    """Lets a plugin import what lies beside it, after all that is installed.

    It is forgotten again: two folders may each have a `_util.py`.
    """
    before = set(sys.modules)
    sys.path.append(str(folder))
    try:
        yield
    finally:
        sys.path.remove(str(folder))
        for name in set(sys.modules) - before:
            if _folder_of(sys.modules[name]) == folder:
                del sys.modules[name]


def _folder_of(module: ModuleType) -> Path | None:
    file = getattr(module, "__file__", None)
    return Path(file).parent if isinstance(file, str) else None
