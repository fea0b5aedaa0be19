"""A commented configuration made of a few answers."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from cleanfeed.config import slug_of
from cleanfeed.errors import ConfigError
from cleanfeed.starter import filled

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """What a user wants, as far as `cleanfeed init` asks."""

    title: str = "Clean feeds"
    base_url: str = "https://feeds.example.org/"
    output: str = "public"
    contact: str = ""
    outlets: tuple[str, ...] = ()
    """Empty: all that are loaded."""
    topics: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """Titles, each with the words of which one must occur."""
    auto: bool = True


def text(answers: Answers, known: Sequence[str]) -> str:
    """The configuration, in TOML; `known` are the outlets that are loaded."""
    values = {
        "TITLE": quoted(answers.title),
        "BASE": quoted(answers.base_url),
        "OUTPUT": quoted(answers.output),
        "CONTACT": _setting("contact", quoted(answers.contact or "me@example.org"), on=bool(answers.contact)),
        "OUTLETS": _setting("outlets", _listed(answers.outlets or known), on=bool(answers.outlets)),
        "TOPICS": "".join(f"\n{table}" for table in _topics(answers)),
        "EXAMPLE": _listed(known[:2]),
        "AUTO": _setting("", "[auto]", on=answers.auto),
    }
    return filled("cleanfeed.toml", values)


def _setting(key: str, value: str, *, on: bool) -> str:
    return f"{'' if on else '# '}{f'{key} = ' if key else ''}{value}"


def _topics(answers: Answers) -> Iterator[str]:
    titles = {"everything": "Everything"}
    for title, words in answers.topics:
        slug = slug_of(title)
        if slug in titles:
            raise ConfigError(f"topic {quoted(title)} would have the files of {quoted(titles[slug])}")
        titles[slug] = title
        yield f"[topics.{slug}]\ntitle = {quoted(title)}\nany = {_listed(words)}\n"


def _listed(words: Iterable[str]) -> str:
    return f"[{', '.join(map(quoted, words))}]"


# JSON's escapes are TOML's, but for what TOML has no place for; what is not to be seen is better spelt out.
_UNSEEN: Final = re.compile("[\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff]")
_SURROGATES: Final = re.compile("[\ud800-\udfff]")


def quoted(value: str) -> str:
    """The text as a string of TOML, which nothing in it can end."""
    told = json.dumps(_SURROGATES.sub("\ufffd", value), ensure_ascii=False)
    return _UNSEEN.sub(lambda found: f"\\u{ord(found[0]):04x}", told)
