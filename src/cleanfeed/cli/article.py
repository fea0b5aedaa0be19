"""`cleanfeed article`: an address in, its clean article out; called as RSS Guard calls its extractor."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

import msgspec
from msgspec import Meta, Struct, structs

from cleanfeed.addresses import as_meant
from cleanfeed.cli.console import complain, say_data
from cleanfeed.cli.forms import written
from cleanfeed.cli.stdin import offered
from cleanfeed.errors import ConfigError, PageError
from cleanfeed.lookup.configured import configured
from cleanfeed.lookup.lookup import Lookup, Terms
from cleanfeed.text import squeeze

if TYPE_CHECKING:
    from pathlib import Path

    from cleanfeed.cli.shared import Shared
    from cleanfeed.config import Config
    from cleanfeed.model import Entry

_LIMIT = 24 * 1024 * 1024
"""Bytes of the JSON on standard input: a page, and every character of it escaped."""
_HOST = re.compile(r"(?:[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\]):\d{1,5}")


class _Proxy(Struct, kw_only=True):
    kind: str | None = msgspec.field(name="type", default="http")
    address: str | None = ""
    username: str | None = ""
    password: str | None = ""


class _Given(Struct, kw_only=True):
    """What RSS Guard tells of a page; its `headers` would pass us off as a browser, and are not sent."""

    html: Annotated[str, Meta(description="a text")] | None = None
    proxy: _Proxy | None = None


def run(shared: Shared, *, address: str, form: str, is_text: bool, offline: bool, config: Path | None) -> int:
    given = _given(offered(_LIMIT))
    settings = _proxied(configured(config), given.proxy)
    terms = Terms(plugins=shared.plugins, offline=offline, verbose=shared.verbose)
    with Lookup(settings, terms) as lookup:
        try:
            entry = _entry(lookup, as_meant(address), given.html)
        except PageError as error:
            complain(error)
            return 1
        finally:
            for note in dict.fromkeys(lookup.notes):
                complain(note)
    say_data(written(entry, "text" if is_text else form).encode())
    return 0


def _entry(lookup: Lookup, address: str, html: str | None) -> Entry:
    return lookup.read(address, html.encode("utf-8", "replace")) if html else lookup.entry(address)


def _given(data: bytes) -> _Given:
    if not data.strip():
        return _Given()
    if len(data) > _LIMIT:
        raise ConfigError(f"standard input: is larger than {_LIMIT >> 20} MB, which no page is")
    try:
        return msgspec.json.decode(data.removeprefix(b"\xef\xbb\xbf"), type=_Given)
    except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
        reason = f'is no JSON object such as {{"html": "…"}}: {squeeze(str(error))}'
        raise ConfigError(f"standard input: {reason}") from error


def _proxied(settings: Config, proxy: _Proxy | None) -> Config:
    if proxy is None or not proxy.address:
        return settings
    if (proxy.kind or "http").lower() != "http":
        raise ConfigError(f"standard input: proxy.type must be http, not {proxy.kind!r}")
    if not _HOST.fullmatch(proxy.address):
        raise ConfigError('standard input: proxy.address must be a host and a port, such as "127.0.0.1:8080"')
    from urllib.parse import quote  # noqa: PLC0415  # few come with a proxy

    user = (
        f"{quote(proxy.username, safe='')}:{quote(proxy.password or '', safe='')}@" if proxy.username else ""
    )
    fetch = structs.replace(settings.fetch, proxy=f"http://{user}{proxy.address}")
    return replace(settings, fetch=fetch)
