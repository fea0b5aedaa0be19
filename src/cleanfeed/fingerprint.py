"""What the extraction of a page depends on besides the page, in one short text."""

from __future__ import annotations

import importlib.util
from hashlib import sha256
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from cleanfeed.candidates import candidates

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from cleanfeed.candidates import Candidate

_CODE = frozenset({".py", ".j2", ".css", ".js"})
_WITHOUT_SAY = frozenset(
    {
        "cli", "feeds", "fetch", "health", "integrations", "ledger", "lookup", "refill", "serve", "starter",
        "stories", "writing.py",
    }
)  # fmt: skip
"""Rooms of the core that do not take part in extraction."""
_READ_WITH = ("lxml", "msgspec", "nh3")
_WRITTEN_WITH = ("feedgen", "jinja2")


class Marks(NamedTuple):
    """32 hexadecimal digits each."""

    reading: str
    """Of all code that has a say in what a page's entry is, and of the versions of what it uses."""
    writing: str
    """Of all code: what may change the files of an entry that has not changed."""


def fingerprints(paths: Sequence[Path] = ()) -> Marks:
    """Of the core's code and the plugins'; nothing of it is imported."""
    core = Path(__file__).parent
    own = [each for each in sorted(core.rglob("*")) if each.suffix in _CODE]
    reading = [each for each in own if each.relative_to(core).parts[0] not in _WITHOUT_SAY]
    mark = _of([*reading, *_files(candidates(paths))], _versions(_READ_WITH))
    return Marks(mark, _of(own, mark + _versions(_WRITTEN_WITH)))


def _versions(names: Iterable[str]) -> str:
    return "".join(f"{name} {_version(name)}\n" for name in names)


def _version(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:  # installed by other means than packages
        return ""


def _of(files: Iterable[Path], before: str = "") -> str:
    whole = sha256(before.encode())
    for file in files:
        whole.update(sha256(file.read_bytes()).digest())
    return whole.hexdigest()[:32]


def _files(found: Iterable[Candidate]) -> Iterator[Path]:
    for candidate in found:
        source = Path(candidate.origin.source)
        if source.suffix == ".py":
            # What lies beside a plugin may be a part of it.
            yield from sorted(source.parent.glob("_*.py"))
            yield source
        else:
            yield from _installed(candidate.origin.module)


def _installed(module: str) -> Iterator[Path]:
    try:
        spec = importlib.util.find_spec(module)
    except (ImportError, ValueError, AttributeError):  # loading it will tell what is wrong
        return
    if spec is not None and spec.origin and spec.origin.endswith(".py"):
        file = Path(spec.origin)
        yield from sorted(file.parent.rglob("*.py")) if file.name == "__init__.py" else [file]
