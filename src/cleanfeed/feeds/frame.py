"""What all pages for people share: templates, one style, one script, and a policy that allows no other."""

from __future__ import annotations

from base64 import b64encode
from datetime import UTC, datetime
from functools import cache
from hashlib import sha256
from importlib.resources import files
from typing import NamedTuple

from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined
from markupsafe import Markup


class Asset(NamedTuple):
    """A file of a package's templates: a style sheet or a script of ours."""

    package: str
    name: str


SHEET = Asset("cleanfeed.feeds", "page.css")
"""The style sheet of all pages."""
SCRIPT = Asset("cleanfeed.feeds", "page.js")
"""The only script: search, filters, keys and copying."""


@cache
def environment(*packages: str) -> Environment:
    """The templates of these packages, the first that has one; what they show is escaped."""
    return Environment(
        loader=ChoiceLoader([PackageLoader(package) for package in packages]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


@cache
def dress(sheets: tuple[Asset, ...], script: Asset | None, *allowed: str) -> dict[str, str | None]:
    """The style sheets as one, the script, and a policy that allows these and what is named, no more."""
    css = "".join(map(_text, sheets))
    js = _text(script) if script else None
    rules = (
        "default-src 'none'",
        f"style-src {_seal(css)}",
        *((f"script-src {_seal(js)}",) if js else ()),
        *allowed,
        "base-uri 'none'",
        "form-action 'none'",
    )
    code = Markup(js) if js else None  # noqa: S704  # our own file
    return {"css": Markup(css), "script": code, "policy": "; ".join(rules)}  # noqa: S704  # our own files


def _text(asset: Asset) -> str:
    return files(asset.package).joinpath("templates", asset.name).read_text("utf-8")


def _seal(code: str) -> str:
    return f"'sha256-{b64encode(sha256(code.encode()).digest()).decode()}'"


class Stamp(NamedTuple):
    """A time for machines and for people."""

    machine: str
    shown: str


def stamp(moment: datetime, precision: str | None = None) -> Stamp:
    """A time in UTC; a date without a time is that of its own zone."""
    if precision == "day":
        return Stamp(f"{moment:%Y-%m-%d}", f"{moment:%Y-%m-%d}")
    utc = moment.astimezone(UTC)
    return Stamp(f"{utc:%Y-%m-%dT%H:%M:%SZ}", f"{utc:%Y-%m-%d %H:%M} UTC")


_MOODS = {"fine": "is-fine", "stale": "is-unsure", "no data": "is-unsure"}


def mood_of(state: str) -> str:
    """The class of the badge of an outlet that is in this state."""
    return _MOODS.get(state, "is-ill")
