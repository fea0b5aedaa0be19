"""Entries as every format can bear them: safe text, addresses that are links, names without addresses."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

from cleanfeed.model import EPOCH, Copy, Enclosure, Entry
from cleanfeed.text import cut, plain, xml_safe

if TYPE_CHECKING:
    from collections.abc import Iterable

TITLE_LIMIT = 300
TAG_LIMIT = 50
_NAME_LIMIT = 200
_MEDIA_LIMIT = 20
_COPIES = 20

_GOOD_URL = re.compile(
    r"https?://[a-z0-9](?:[a-z0-9._-]*[a-z0-9])?(?::\d{1,5})?"
    r"(?:[/?#](?:[A-Za-z0-9._~:/?@!$&'()*+,;=-]|%[0-9A-Fa-f]{2})*(?:#(?:[\w.~:/?@!$&'()*+,;=-]|%[0-9A-Fa-f]{2})*)?)?",
    re.ASCII,
)
_STRAY_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
_HOST = re.compile(r"[a-z0-9](?:[a-z0-9._-]*[a-z0-9])?")
_URL_LIMIT = 8_000


def web_url(url: str | None) -> str | None:
    """The address, percent-encoded, its host in ASCII; `None` if it is no http(s) link."""
    if not url or len(url) > _URL_LIMIT:
        return None
    if _GOOD_URL.fullmatch(url):
        return url
    try:
        return _encoded(xml_safe(url).strip())
    except ValueError:  # a port or a host that cannot be
        return None


def _encoded(url: str) -> str | None:
    parts = urlsplit(url)
    host = _ascii_host(parts.hostname or "")
    if parts.scheme not in {"http", "https"} or not host or "\\" in parts.netloc:
        return None
    port = f":{parts.port}" if parts.port else ""
    query = f"?{_quoted(parts.query)}" if parts.query else ""
    fragment = f"#{_quoted(parts.fragment)}" if parts.fragment else ""
    return f"{parts.scheme}://{host}{port}{_quoted(parts.path)}{query}{fragment}"


def _quoted(part: str) -> str:
    return quote(_STRAY_PERCENT.sub("%25", part), safe="%/?:@!$&'()*+,;=~")


def _ascii_host(host: str) -> str:
    if not host.isascii():
        host = host.encode("idna").decode("ascii")
    return host if _HOST.fullmatch(host.lower()) else ""


_EMAIL = re.compile(
    r"(?:mailto:)?[^\s<>()\[\],;:@\"']+@[^\s<>()\[\],;@\"']+\.[^\s<>()\[\],;@\"']+", re.IGNORECASE
)
_LEFT_OVER = re.compile(r"[<(\[]\s*[>)\]]")


def name_only(author: str) -> str:
    """The name of an author, or "" where there is nothing but an e-mail address."""
    name = plain(author)
    if "@" not in name:
        return name
    name = _LEFT_OVER.sub("", _EMAIL.sub("", name)).strip(" ,;:|-–—\"'")
    return plain(name[1:-1] if name.startswith("(") and name.endswith(")") else name)


def unique(names: Iterable[str]) -> tuple[str, ...]:
    """The first 50 names that are not blank, each once, whatever their case."""
    kept: dict[str, str] = {}
    for name in names:
        if name:
            kept.setdefault(name.casefold(), cut(name, _NAME_LIMIT))
    return tuple(kept.values())[:TAG_LIMIT]


_TYPES = {
    "mp3": "audio/mpeg",
    "m4a": "audio/mp4",
    "ogg": "audio/ogg",
    "opus": "audio/ogg",
    "wav": "audio/wav",
    "mp4": "video/mp4",
    "m4v": "video/mp4",
    "webm": "video/webm",
    "mov": "video/quicktime",
    "m3u8": "application/vnd.apple.mpegurl",
    "pdf": "application/pdf",
}
_TYPE = re.compile(r"[a-z0-9][a-z0-9.+-]*/[a-z0-9][a-z0-9.+-]*")


def _media_type(declared: str, url: str) -> str:
    """The declared type, else what the file's name says, else ""."""
    kind = declared.partition(";")[0].strip().lower()
    if _TYPE.fullmatch(kind):
        return kind
    return _TYPES.get(urlsplit(url).path.rpartition(".")[2].lower(), "")


def _enclosures(found: Iterable[Enclosure]) -> tuple[Enclosure, ...]:
    urls = ((web_url(enclosure.url), enclosure) for enclosure in found)
    kept = {
        url: Enclosure(url=url, type=_media_type(one.type, url), length=max(one.length, 0))
        for url, one in urls
        if url
    }
    return tuple(kept.values())[:_MEDIA_LIMIT]


def _since_1970(moment: datetime | None) -> datetime | None:
    """In whole seconds. Readers drop an article that is older, so such a time counts as none."""
    return moment.replace(microsecond=0) if moment and moment >= EPOCH else None


def honest_dates(entry: Entry) -> Entry:
    """The entry with times that a feed may say: seconds since 1970, no change before the publication."""
    published, first_seen = _since_1970(entry.published), _since_1970(entry.first_seen)
    updated = _since_1970(entry.updated)
    updated = updated if updated and (published is None or updated > published) else None
    if (published, updated, first_seen) == (entry.published, entry.updated, entry.first_seen):
        return entry
    precision = entry.date_precision if published else None
    return replace(
        entry, published=published, updated=updated, first_seen=first_seen, date_precision=precision
    )


def _title(entry: Entry, url: str | None) -> str:
    title = plain(entry.title) or plain(entry.text[:1000]) or urlsplit(url or "").hostname or plain(entry.id)
    return cut(title, TITLE_LIMIT)


def _optional(text: str | None) -> str | None:
    return plain(text or "") or None


def _short(name: str | None) -> str | None:
    return cut(plain(name or ""), _NAME_LIMIT) or None


def tidy(entry: Entry) -> Entry:
    """The same entry with nothing in it that a format or a reader would stumble over."""
    url = web_url(entry.url)
    return replace(
        honest_dates(entry),
        id=xml_safe(entry.id),
        url=url,
        title=_title(entry, url),
        content=xml_safe(entry.content),
        text=xml_safe(entry.text).strip(),
        language=language_tag(entry.language),
        summary=_optional(entry.summary),
        authors=unique(map(name_only, entry.authors)),
        source=_short(entry.source),
        section=_short(entry.section),
        tags=unique(map(plain, entry.tags)),
        image=web_url(entry.image),
        captions=tuple(filter(None, map(plain, entry.captions))),
        enclosures=_enclosures(entry.enclosures) if entry.enclosures else (),
        also_in=_copies(entry.also_in),
        own_id=xml_safe(entry.own_id) if entry.own_id else None,
    )


def _copies(found: Iterable[Copy]) -> tuple[Copy, ...]:
    """Each place once; one without an address is that of its outlet."""
    told = (replace(copy, name=_short(copy.name) or copy.outlet, url=web_url(copy.url)) for copy in found)
    return tuple({(copy.url or copy.outlet): copy for copy in told}.values())[:_COPIES]


_TAG = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")


def language_tag(language: str) -> str:
    """The language as BCP 47 spells it ("en-US", never "en_US"); "" for what is none."""
    tag = language.strip().replace("_", "-")
    return tag if _TAG.fullmatch(tag) else ""


def rfc3339(moment: datetime) -> str:
    """The time with its own offset; in UTC where that offset has seconds, as old local times do."""
    offset = moment.utcoffset()
    odd = offset is None or offset.total_seconds() % 60
    return (moment.astimezone(UTC) if odd else moment).isoformat()
