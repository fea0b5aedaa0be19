"""TOML, read within bounds and checked strictly against a struct, with errors that name the key."""

from __future__ import annotations

import datetime as dt
import difflib
import json
import re
import tomllib
from typing import TYPE_CHECKING, Any, Final, TypeVar, get_args

from msgspec import Meta, Struct, ValidationError, convert
from msgspec.structs import FieldInfo, fields

from cleanfeed.errors import ConfigError
from cleanfeed.text import cut, squeeze

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

MAX_BYTES: Final = 1 << 20
MAX_DOTS: Final = 20
"""Per line, outside strings. tomllib needs seconds for a key of thousands of parts; ours have three."""

Shape = TypeVar("Shape", bound=Struct)


def read_table(path: Path) -> dict[str, Any]:
    """The whole file as a table; `ConfigError` without the file's name where it is none."""
    return _parse(_read(path))


def shaped(table: object, shape: type[Shape], where: str) -> Shape:
    """The table as this struct; `where` is its dotted key, "" for the whole file.

    Each field's type carries a `Meta` whose description says in an error what is allowed.
    """
    if not isinstance(table, dict):
        raise ConfigError(f"{where} must be a table: write [{where}], and its keys below")
    known = {info.encode_name: info for info in fields(shape)}
    _refuse_keys(table, known, where)
    try:
        return convert(table, shape)
    except ValidationError as error:
        raise ConfigError(_reason(str(error), table, known, where)) from error


def under(where: str, key: str) -> str:
    """The dotted key of a table's key, written as TOML writes it."""
    written = key if _BARE.fullmatch(key) else _quoted(key)
    return f"{where}.{cut(written, 80)}" if where else cut(written, 80)


def shown(value: object) -> str:
    """A short word for a value that is wrong."""
    if isinstance(value, str):
        return _quoted(value)
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float | dt.date | dt.time) or (isinstance(value, int) and abs(value) < _LONG):
        return str(value)
    return _NOUNS[type(value)]


def nearest(word: str, known: Iterable[str]) -> str:
    """What was probably meant, in brackets after a space; "" if nothing is near."""
    near = difflib.get_close_matches(word, known, n=1)
    return f" (did you mean {near[0]}?)" if near else ""


_BARE = re.compile("[A-Za-z0-9_-]+")
_LONG = 10**15
_NOUNS = {dict: "a table", list: "a list", int: "so long a number"}


def _quoted(text: str) -> str:
    return json.dumps(cut(text, 60), ensure_ascii=False)


def _read(path: Path) -> str:
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except FileNotFoundError as error:
        raise ConfigError(
            "no such file; name the configuration, or write one with title, base_url and a topic"
        ) from error
    except IsADirectoryError as error:
        raise ConfigError("is a folder; name the file in it, such as cleanfeed.toml") from error
    except OSError as error:
        raise ConfigError(f"cannot be read: {error.strerror}") from error
    if len(data) > MAX_BYTES:
        raise ConfigError("is larger than 1 MiB, which no configuration needs")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise ConfigError(f"is not UTF-8 (line {line}); save it as UTF-8") from error


# Strings and comments. One that is never closed runs to the end, so that the search stays linear.
_NOT_KEYS = re.compile(
    r'"""(?:[^"\\]|\\.|"(?!""))*+(?:"""|\Z)'
    r"|'''(?:[^']|'(?!''))*+(?:'''|\Z)"
    r'|"(?:[^"\\\n]|\\[^\n])*+"?'
    r"|'[^'\n]*+'?"
    r"|#[^\n]*+",
    re.DOTALL,
)


def _parse(text: str) -> dict[str, Any]:
    keys = _NOT_KEYS.sub(lambda found: "\n" * found[0].count("\n"), text)
    for number, line in enumerate(keys.split("\n"), 1):
        if line.count(".") > MAX_DOTS:
            raise ConfigError(f"line {number}: more than {MAX_DOTS} dots outside strings; no key is so deep")
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"is not valid TOML: {cut(squeeze(str(error)), 200)}") from error
    except (RecursionError, ValueError) as error:
        raise ConfigError("is nested too deeply, or holds a number that is too long") from error


def _refuse_keys(table: dict[str, Any], known: dict[str, FieldInfo], where: str) -> None:
    for key in table:
        if key not in known:
            allowed = ", ".join(known)
            raise ConfigError(f"{under(where, key)}: no such key{nearest(key, known)}; allowed: {allowed}")
    for key, info in known.items():
        if info.required and key not in table:
            raise ConfigError(f"{under(where, key)} is missing; it must be {_allowed(info)}")


def _allowed(info: FieldInfo) -> str:
    metas = (meta for meta in get_args(info.type) if isinstance(meta, Meta))
    return next(meta.description for meta in metas if meta.description)


def _is_secret(info: FieldInfo) -> bool:
    """Whether its value may be shown to nobody."""
    return any(isinstance(meta, Meta) and bool(meta.extra) for meta in get_args(info.type))


# "Expected `str`, got `int` - at `$.any[1]`"; of what is in a mapping, msgspec does not tell the key.
_PLACE = re.compile(r"`\$\.(\w+)(?:\[(\d+)\])?(?:\[\.\.\.\])?`$")


def _reason(error: str, table: dict[str, Any], known: dict[str, FieldInfo], where: str) -> str:
    place = _PLACE.search(error)
    if place is None:  # pragma: no cover  # msgspec names a place below "$" for every field of a struct
        return f"{where}: {error}"
    key, index = place.groups()
    must = f"{under(where, key)} must be {_allowed(known[key])}"
    value = table[key] if index is None else table[key][int(index)]
    if isinstance(value, str) and error.startswith("Expected `array`"):
        return f"{must}; write {key} = [{_quoted(value)}]"
    in_mapping = "[...]" in error or "`key`" in error
    is_secret = isinstance(value, str) and _is_secret(known[key])
    return must if in_mapping or is_secret else f"{must}, not {shown(value)}"
