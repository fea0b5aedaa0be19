"""The configuration: cleanfeed.toml, checked strictly, as one frozen value."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
import unicodedata
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from typing import TYPE_CHECKING, Annotated, Any, Final

from msgspec import Meta, Struct, field, structs

from cleanfeed.errors import ConfigError
from cleanfeed.keys import (
    Auto,
    Contact,
    Fetch,
    FilePath,
    FilePaths,
    Flag,
    Kinds,
    Languages,
    Limit,
    Miniflux,
    Names,
    OneOrAll,
    Parts,
    Publish,
    Serve,
    Slugs,
    Text,
    Url,
    Words,
)
from cleanfeed.model import Topic
from cleanfeed.tables import nearest, read_table, shaped, shown, under
from cleanfeed.text import fold, plain

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from pathlib import Path

RESERVED: Final = frozenset(
    ["con", "nul", "aux", "prn", "index", "feeds", "report", "health"]
    + [f"{port}{number}" for port in ("com", "lpt") for number in range(1, 10)]
)
"""No topic's file may be called so: names of our own files, and those that some systems keep for devices."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """What a build is asked to do; paths are relative to the configuration's folder."""

    path: Path
    title: str
    base_url: str
    """Ends with "/"."""
    output: Path
    contact: str | None
    outlets: tuple[str, ...]
    """Empty: all that are loaded."""
    pages: tuple[Path, ...]
    ledger: Path
    topics: tuple[Topic, ...]
    auto: Auto | None
    fetch: Fetch
    any_site: bool = False
    """Whether pages of hosts that no outlet claims are read too, by guessing."""
    miniflux: Miniflux | None = None
    publish: Publish = dataclass_field(default_factory=Publish)
    serve: Serve = dataclass_field(default_factory=Serve)


class _File(Struct, kw_only=True):
    title: Text
    base_url: Url
    output: FilePath = "public"
    contact: Contact = None
    outlets: Slugs = ()
    pages: FilePaths = ()
    ledger: FilePath = ".cleanfeed/ledger.sqlite3"
    topics: Annotated[
        dict[str, Any], Meta(description="tables, one for each topic: write [topics.NAME]")
    ] = {}
    auto: Any = None
    fetch: Any = {}
    publish: Any = {}
    any_site: Flag = False
    miniflux: Any = None
    serve: Any = {}


class _Rule(Struct, kw_only=True):
    title: Text
    description: Text = ""
    everything: Flag = False
    outlets: Slugs = ()
    languages: Languages = ()
    sections: Names = ()
    tags: Names = ()
    kinds: Kinds = ()
    any: Words = ()
    all: Words = ()
    none: Words = ()
    parts: Parts = field(name="in", default=("title", "summary", "content"))
    since: Any = None
    until: Any = None
    limit: Limit = 50
    stories: OneOrAll = "merge"


_NOT_BLANK = ("title", "outlets", "sections", "tags", "any", "all", "none")
_CONDITIONS = ("outlets", "languages", "sections", "tags", "kinds", "any", "all", "none", "since", "until")


def load(path: Path) -> Config:
    """The configuration in this file.

    Whatever is wrong is a `ConfigError` in one line: the file, the key, and what is allowed there.
    """
    try:
        return _config(path, read_table(path))
    except ConfigError as error:
        raise ConfigError(f"{path}: {error}") from error


def check_outlets(config: Config, known: Collection[str]) -> None:
    """Refuse a configuration that names an outlet, for the build or for a topic, that is not loaded."""
    wanted = {"outlets": config.outlets}
    wanted |= {f"topics.{topic.slug}.outlets": topic.outlets for topic in config.topics}
    for key, slugs in wanted.items():
        for slug in slugs:
            if slug not in known:
                loaded = ", ".join(sorted(known)) or "none"
                hint = nearest(slug, known)
                raise ConfigError(
                    f"{config.path}: {key}: no outlet {shown(slug)} is loaded{hint}; loaded: {loaded}"
                )


def slug_of(text: str) -> str:
    """The name of the files of a topic called so: a-z, 0-9 and "-", at most 60 characters; never changes.

    Spellings that fold alike have one slug. A reserved name gets "topic-" before it; a name that leaves
    nothing, such as an Arabic one, is "topic-" and 8 hexadecimal digits (the SHA-256 of the folded name).
    """
    slug = re.sub(r"[^a-z0-9]+", "-", fold(text)).strip("-")[:60].rstrip("-")
    if not slug:
        return f"topic-{short_hash(text)}"
    return f"topic-{slug}" if slug in RESERVED else slug


def short_hash(text: str) -> str:
    """8 hexadecimal digits that tell this text, however it is spelt, from others."""
    return hashlib.sha256(fold(text).encode("utf-8", "backslashreplace")).hexdigest()[:8]


def _config(path: Path, table: dict[str, Any]) -> Config:
    file = shaped(table, _File, "")
    _refuse_blank("", {"title": file.title, "outlets": file.outlets})
    if not file.topics and file.auto is None:
        raise ConfigError("topics: at least one topic is required; write [topics.NAME], or [auto]")
    folder = path.parent
    return Config(
        path=path,
        title=plain(file.title),
        base_url=file.base_url.rstrip("/") + "/",
        output=folder / file.output,
        contact=file.contact,
        outlets=_unique(file.outlets),
        pages=tuple(folder / page for page in _unique(file.pages)),
        ledger=folder / file.ledger,
        topics=_topics(file.topics),
        auto=None if file.auto is None else shaped(file.auto, Auto, "auto"),
        fetch=shaped(file.fetch, Fetch, "fetch"),
        publish=shaped(file.publish, Publish, "publish"),
        any_site=file.any_site,
        miniflux=None if file.miniflux is None else shaped(file.miniflux, Miniflux, "miniflux"),
        serve=shaped(file.serve, Serve, "serve"),
    )


def _topics(tables: Mapping[str, Any]) -> tuple[Topic, ...]:
    keys: dict[str, str] = {}
    for key in tables:
        slug = _topic_slug(key)
        if slug in keys:
            both = f"{under('topics', keys[slug])} and {under('topics', key)}"
            raise ConfigError(f"{both} would be the same files, {slug}.rss and so on; rename one")
        keys[slug] = key
    return tuple(_topic(slug, tables[key], under("topics", key)) for slug, key in keys.items())


def _topic(slug: str, table: object, where: str) -> Topic:
    rule = shaped(table, _Rule, where)
    values = structs.asdict(rule)
    _refuse_blank(where, {name: values[name] for name in _NOT_BLANK})
    _refuse_no_rule(rule, where)
    since = _moment(rule.since, f"{where}.since")
    until = _moment(rule.until, f"{where}.until")
    if since and until and since >= until:
        raise ConfigError(f"{where}.until must be later than since; the time of until is not included")
    texts = {"title": plain(rule.title), "description": plain(rule.description)}
    return Topic(**values | texts | {"slug": slug, "since": since, "until": until})


def _refuse_no_rule(rule: _Rule, where: str) -> None:
    given = [name for name in _CONDITIONS if getattr(rule, name) not in (None, ())]
    if rule.everything and given:
        raise ConfigError(
            f"{where}.everything takes every entry, yet {' and '.join(given)} would narrow it; drop one"
        )
    if not rule.everything and not given:
        allowed = ", ".join(_CONDITIONS)
        raise ConfigError(f"{where} has no condition; write everything = true, or at least one of {allowed}")


def _refuse_blank(where: str, values: Mapping[str, str | tuple[str, ...]]) -> None:
    for name, value in values.items():
        for text in (value,) if isinstance(value, str) else value:
            # What folds to nothing (a vowel sign alone, a zero-width space) would be found everywhere.
            if not fold(text):
                raise ConfigError(f"{under(where, name)} must not be blank, nor hold a blank word")


def _moment(value: object, where: str) -> dt.datetime | None:
    """The start of that day, or that time; without an offset, in UTC."""
    if value is None:
        return None
    try:
        read = dt.datetime.fromisoformat(str(value) if isinstance(value, str | dt.date) else "")
        return read.replace(tzinfo=read.tzinfo or dt.UTC).astimezone(dt.UTC)
    except (ValueError, OverflowError) as error:
        allowed = "a date or a time, such as 2026-01-31 or 2026-01-31T08:00:00Z"
        raise ConfigError(f"{where} must be {allowed}, not {shown(value)}") from error


_SLUG = re.compile(r"[a-z0-9][a-z0-9-]{0,59}")
_ASCII_WORD = re.compile("[a-z0-9]")


def _topic_slug(key: str) -> str:
    """The name of the topic's files: the key without capitals and accents, with "-" for spaces and "_"."""
    name = fold(key)
    slug = re.sub("[ _]+", "-", name)
    if slug in RESERVED:
        raise ConfigError(f"{under('topics', key)} is reserved; choose another key, such as {slug}-news")
    if _SLUG.fullmatch(slug):
        return slug
    if _ASCII_WORD.search(name) is None and _is_a_name(name):
        return slug_of(name)
    allowed = 'at most 60 of a-z, 0-9 and "-", the first no "-"'
    raise ConfigError(f"{under('topics', key)} cannot name files; write {allowed}, such as russia-china")


def _is_a_name(key: str) -> bool:
    """Whether it is made of letters, their marks, digits, spaces, "_" and "-", of any script."""
    letters = any(c.isalnum() for c in key)
    return letters and all(c in " _-" or unicodedata.category(c)[0] in "LMN" for c in key)


def _unique(values: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(values))
