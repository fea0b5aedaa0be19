"""`cleanfeed init`: a configuration, by asking, and a workflow that builds by itself."""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from cleanfeed.cli.console import relative, say
from cleanfeed.cli.questions import ask
from cleanfeed.config import check_outlets
from cleanfeed.config import load as load_config
from cleanfeed.errors import ConfigError
from cleanfeed.plugins import load as load_plugins
from cleanfeed.publish import publish
from cleanfeed.starter import configuration, workflow
from cleanfeed.starter.configuration import Answers

if TYPE_CHECKING:
    from cleanfeed.cli.shared import Shared
    from cleanfeed.config import Config
    from cleanfeed.plugins import Plugins


def run(shared: Shared, *, path: Path, yes: bool, force: bool, github: bool) -> int:
    if path.is_dir():
        path /= "cleanfeed.toml"
    place = workflow.place(path, shared.plugins) if github else None
    is_kept = bool(place) and os.path.lexists(path)
    if not is_kept:
        _refuse_to_replace(path, force=force)
    if place:
        _refuse_to_replace(place.path, force=force, kept=path if is_kept else None)
    settings = load_config(path) if is_kept else _configured(path, shared, yes=yes, guess=place)
    if place:
        _write(place.path, workflow.text(place, settings).encode())
    _farewell(path, place, kept=is_kept)
    return 0


def _refuse_to_replace(path: Path, *, force: bool, kept: Path | None = None) -> None:
    if force or not os.path.lexists(path):
        return
    if kept:
        raise ConfigError(f"{path}: is there already; replace it with --force, which keeps {kept} as it is")
    raise ConfigError(f"{path}: is there already; name another file, or replace it with --force")


def _configured(path: Path, shared: Shared, *, yes: bool, guess: workflow.Place | None) -> Config:
    if not yes and not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise ConfigError(
            "init asks questions, and there is no terminal to answer at; call it with --yes for the defaults"
        )
    loaded = load_plugins(shared.plugins)
    suggested = Answers(base_url=guess.base_url) if guess and guess.base_url else Answers()
    answers = suggested if yes else ask(loaded.outlets, suggested, lambda answers: _checked(answers, loaded))
    content = _checked(answers, loaded)
    _write(path, content)
    return load_config(path)


def _checked(answers: Answers, loaded: Plugins) -> bytes:
    """The configuration of these answers; `ConfigError` if a build would refuse it."""
    content = configuration.text(answers, [outlet.slug for outlet in loaded.outlets]).encode()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "cleanfeed.toml")
        path.write_bytes(content)
        try:
            check_outlets(load_config(path), loaded.directory.by_slug.keys())
        except ConfigError as error:
            raise ConfigError(str(error).removeprefix(f"{path}: ")) from error
    return content


def _write(path: Path, content: bytes) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ConfigError(f"{path}: its folder cannot be made: {error.strerror}") from error
    publish(path, content)


def _farewell(path: Path, place: workflow.Place | None, *, kept: bool) -> None:
    say(f"{relative(path)}: {'kept as it is' if kept else f'written; now: cleanfeed build {relative(path)}'}")
    if place is None:
        return
    say(f"{relative(place.path)}: written; commit it, and in the repository's settings choose")
    say("Pages > Build and deployment > Source > GitHub Actions. Then run the workflow once by hand.")
    if not place.requirement:
        say("It does not know where to get cleanfeed from: set CLEANFEED in it to what pip shall install.")
