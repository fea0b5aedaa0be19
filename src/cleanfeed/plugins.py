"""Plugins: found, loaded and checked, and the culprit named where one is broken."""

from __future__ import annotations

import contextlib
import io
import os
import sys
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import pluggy

from cleanfeed import builtin, hookspecs
from cleanfeed.blame import Origin, describe, is_interrupt
from cleanfeed.candidates import RESERVED, candidates
from cleanfeed.checks import faults, shown
from cleanfeed.errors import PluginError
from cleanfeed.model import ANY_SITE
from cleanfeed.outlet import Directory, Outlet

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from cleanfeed.model import Page

HOOKS = tuple(name for name in vars(hookspecs) if name.startswith("cleanfeed_"))


@dataclass(frozen=True, kw_only=True)
class Plugins:
    """The loaded plugins and the outlets that they declare."""

    manager: pluggy.PluginManager
    directory: Directory
    loaded: tuple[Origin, ...]
    """In the order of loading: the later are the stronger."""
    declared_by: dict[str, Origin]
    """Where each outlet comes from, by slug."""
    spare: Callable[[Page], Outlet] | None = None
    """Gives the outlet of last resort, where it is wished for."""

    @property
    def outlets(self) -> list[Outlet]:
        return sorted(self.directory.by_slug.values(), key=lambda outlet: outlet.slug)


def load(paths: Sequence[Path] = (), *, any_site: bool = False) -> Plugins:
    """The installed plugins by name, then those of `paths` (files, or folders of files) in their order.

    A file replaces what came before it under its name, installed or not; `cleanfeed_harbour.py` and
    `harbour.py` are both "harbour". In a folder, files that begin with "_" are no plugins; a plugin may
    import them by their plain names. Anything that is wrong with a plugin is a `PluginError` that names it;
    what it prints while it is loaded is dropped. With `any_site`, pages of other sites are read by guessing.
    """
    manager = pluggy.PluginManager("cleanfeed")
    manager.add_hookspecs(hookspecs)
    manager.register(builtin, RESERVED)
    origins: list[Origin] = []
    for candidate in candidates(paths):
        with _blaming(candidate.origin, "cannot be loaded"):
            module = candidate.load()
        with _blaming(candidate.origin, "cannot be registered"):
            _register(manager, candidate.origin, module)
        origins.append(candidate.origin)
    loaded = _collect(manager, origins)
    return with_any_site(loaded) if any_site else loaded


def with_any_site(loaded: Plugins) -> Plugins:
    """The same, and an outlet of last resort; a `ConfigError` where what it needs is not installed."""
    from cleanfeed.anysite.outlet import check_installed, outlet_for  # noqa: PLC0415  # an extra

    check_installed()
    origin = Origin(name=ANY_SITE, source="cleanfeed.anysite", module="cleanfeed.anysite")
    return replace(loaded, spare=outlet_for, declared_by=loaded.declared_by | {ANY_SITE: origin})


@contextlib.contextmanager
def _blaming(origin: Origin, what: str) -> Iterator[None]:
    with _unheard():
        try:
            yield
        except _Fault as fault:
            raise PluginError(f"{origin}: {fault}") from fault
        except BaseException as error:  # a plugin may raise anything, SystemExit included
            if is_interrupt(error):
                raise
            raise PluginError(f"{origin}: {what}: {describe(error, [origin])}") from error


@contextlib.contextmanager
def _unheard() -> Iterator[None]:
    """Nothing that is printed becomes part of a result, not even by another program."""
    out = sys.__stdout__
    if out is None:
        yield
        return
    out.flush()
    kept, null = os.dup(1), os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, 1)
    try:
        with contextlib.redirect_stdout(io.StringIO()):
            yield
    finally:
        out.flush()
        os.dup2(kept, 1)
        os.close(kept)
        os.close(null)


class _Fault(Exception):  # never leaves this module
    """What we found wrong ourselves, in words for the plugin's author."""


# --- registering


def _register(manager: pluggy.PluginManager, origin: Origin, module: object) -> None:
    hooks = [name for name in dir(module) if _check_hook(manager, module, name)]
    if not hooks:
        raise _Fault(f"has no hook; it needs {' or '.join(HOOKS)}")
    try:
        manager.register(module, origin.name)
        manager.check_pending()
    except (pluggy.PluginValidationError, ValueError) as error:
        raise _Fault("; ".join(str(error).splitlines())) from error


def _check_hook(manager: pluggy.PluginManager, module: object, name: str) -> bool:
    """Whether the attribute implements a hook; what was meant to, and does not, is a fault."""
    marks = manager.parse_hookimpl_opts(module, name)
    if marks is None:
        if name in HOOKS:
            _refuse_unmarked(getattr(module, name), name)
        return False
    hook = marks.get("specname") or name
    if hook not in HOOKS and not marks.get("optionalhook"):
        raise _Fault(f"{hook} is no hook; the hooks are {' and '.join(HOOKS)}")
    if hook == "cleanfeed_outlets" and (marks.get("wrapper") or marks.get("hookwrapper")):
        raise _Fault("cleanfeed_outlets cannot be a wrapper; only cleanfeed_extract can")
    return hook in HOOKS


def _refuse_unmarked(value: object, name: str) -> None:
    if callable(value):
        raise _Fault(f"{name} lacks the decorator @cleanfeed.hookimpl")
    raise _Fault(f"{name} is {type(value).__name__}, not a function")


# --- collecting outlets


def _collect(manager: pluggy.PluginManager, origins: Sequence[Origin]) -> Plugins:
    declared_by: dict[str, Origin] = {}
    outlets: list[Outlet] = []
    for origin in origins:
        for outlet in _outlets_of(manager, origin):
            other = declared_by.setdefault(outlet.slug, origin)
            if any(outlet.slug == each.slug for each in outlets):
                both = f"twice by {origin}" if other == origin else f"by both {other} and {origin}"
                raise PluginError(f"outlet {outlet.slug!r} is declared {both}")
            outlets.append(outlet)
    directory = Directory(outlets, {slug: str(origin) for slug, origin in declared_by.items()})
    return Plugins(manager=manager, directory=directory, loaded=tuple(origins), declared_by=declared_by)


def _outlets_of(manager: pluggy.PluginManager, origin: Origin) -> list[Outlet]:
    plugin = manager.get_plugin(origin.name)
    hooks = [each for each in manager.hook.cleanfeed_outlets.get_hookimpls() if each.plugin is plugin]
    with _blaming(origin, "cleanfeed_outlets failed"):
        outlets = [outlet for hook in hooks for outlet in _iterable(hook.function())]
        for outlet in outlets:
            _check(outlet)
    return outlets


def _iterable(answer: object) -> Iterable[Outlet]:
    if not isinstance(answer, Iterable):
        raise _Fault(f"cleanfeed_outlets gave {shown(answer)} where a list of outlets is expected")
    return answer


def _check(outlet: object) -> None:
    found = "; ".join(faults(outlet))
    if found:
        slug = f"outlet {shown(outlet.slug)}: " if isinstance(outlet, Outlet) else ""
        raise _Fault(f"{slug}{found}")
