"""A workflow for GitHub: hourly builds, published with Pages, and an issue for each outlet that is broken."""

from __future__ import annotations

import hashlib
import json
import re
import shlex
from contextlib import suppress
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit
from urllib.request import url2pathname

from cleanfeed.errors import ConfigError
from cleanfeed.starter import filled

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cleanfeed.config import Config

_PATH: Final = re.compile(r"(?!-)[\w.][\w ./-]*")
"""Paths that mean themselves in YAML, in a shell, and in lists of patterns."""
_REMOTE: Final = re.compile(
    r'^\[remote "origin"\][^\[]*?^\s*url\s*=\s*\S*?github\.com[:/]([\w-]+)/([\w.-]+?)(?:\.git)?/?\s*$',
    re.MULTILINE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A repository and what a workflow in it has to know."""

    root: Path
    config: str
    """Like all paths of a place, from its root on."""
    plugins: tuple[str, ...]
    base_url: str | None
    """Where its Pages will be, if it is known to be a repository of GitHub."""
    requirement: str
    """What pip installs to have this cleanfeed; "" if that cannot be told."""

    @property
    def path(self) -> Path:
        return self.root / ".github" / "workflows" / "cleanfeed.yml"


def place(config: Path, plugins: Sequence[Path]) -> Place:
    """The repository around this configuration; its folder, where there is none."""
    folder = config.resolve().parent
    root = next((each for each in (folder, *folder.parents) if (each / ".git").exists()), folder)
    return Place(
        root=root,
        config=_inside(root, config),
        plugins=tuple(_inside(root, plugin) for plugin in plugins),
        base_url=_pages(root),
        requirement=_requirement(root),
    )


def text(place: Place, settings: Config) -> str:
    """The workflow, in YAML."""
    output = settings.output.resolve()
    plugins = [f" --plugin {shlex.quote(plugin)}" for plugin in place.plugins]
    values = {
        "MINUTE": str(_minute(settings.base_url)),
        "REQUIREMENT": json.dumps(place.requirement),
        "CONFIG": json.dumps(place.config),
        "OUTPUT": _inside(place.root, output) if output.is_relative_to(place.root) else "public",
        "LEDGER": _inside(place.root, settings.ledger),
        "PLUGINS": "".join(plugins),
    }
    return filled("workflow.yml", values)


def _inside(root: Path, path: Path) -> str:
    try:
        inner = path.resolve().relative_to(root).as_posix()
    except ValueError as error:
        raise ConfigError(
            f"{path}: lies outside of the repository {root}, where no workflow finds it"
        ) from error
    if not _PATH.fullmatch(inner):
        raise ConfigError(
            f'{path}: a workflow needs a path of letters, digits, spaces, ".", "_", "-" and "/"'
        )
    return inner


def _minute(base_url: str) -> int:
    """An odd minute, which is not everybody's: neither GitHub nor the outlets like the full hour."""
    return 1 + 2 * (hashlib.sha256(base_url.encode()).digest()[0] % 30)


def _pages(root: Path) -> str | None:
    with suppress(OSError, UnicodeDecodeError):  # no repository, or one that lies elsewhere
        found = _REMOTE.search((root / ".git" / "config").read_text("utf-8"))
        if found:
            host = f"{found[1].lower()}.github.io"
            return f"https://{host}/" if found[2].lower() == host else f"https://{host}/{found[2]}/"
    return None


def _requirement(root: Path) -> str:
    """What to install: as this cleanfeed was, from an index, a repository or this very folder."""
    try:
        found = distribution("cleanfeed")
        origin = json.loads(found.read_text("direct_url.json") or "{}")
    except (PackageNotFoundError, ValueError):
        return ""
    if not origin:
        return f"cleanfeed=={found.version}"
    if "vcs_info" in origin:
        return f"cleanfeed @ {origin['vcs_info']['vcs']}+{origin['url']}@{origin['vcs_info']['commit_id']}"
    folder = Path(url2pathname(urlsplit(origin["url"]).path)).resolve()
    return f"./{_inside(root, folder)}" if folder.is_relative_to(root) else ""
