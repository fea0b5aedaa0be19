"""A strict checker of feeds as bytes: each function lists all that is wrong, and an empty list is a good feed."""

from __future__ import annotations

import json
import re
from collections import Counter
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from typing import TYPE_CHECKING, Any

from lxml import etree, html

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

ATOM = "{http://www.w3.org/2005/Atom}"
CONTENT = "{http://purl.org/rss/1.0/modules/content/}encoded"
DC = "{http://purl.org/dc/elements/1.1/}"
MEDIA = "{http://search.yahoo.com/mrss/}"
SY = "{http://purl.org/rss/1.0/modules/syndication/}"
HISTORY = "{http://purl.org/syndication/history/1.0}"
XML = "{http://www.w3.org/XML/1998/namespace}"

_URL = re.compile(
    r"https?://[a-z0-9][a-z0-9._-]*(:\d{1,5})?([/?#]([A-Za-z0-9._~:/?#@!$&'()*+,;=-]|%[0-9A-Fa-f]{2})*)?"
)
_URI = re.compile(r"[a-z][a-z0-9+.-]*:[^\s<>\"{}|\\^`]+")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_RFC3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
_RFC822 = re.compile(r"(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d [+-]\d{4}")
_MARKUP = re.compile(r"<[A-Za-z/!]")
_EMAIL = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]+")
_MEDIA_TYPE = re.compile(r"[a-z0-9.+-]+/[a-z0-9.+-]+")
_C1 = re.compile("[\x80-\x84\x86-\x9f]")
_OVERRIDE = re.compile("[\u202a-\u202e\u2066-\u2069]")
_LINKS = ("href", "src", "poster", "cite")
_FORBIDDEN = frozenset(
    {"script", "style", "iframe", "object", "embed", "form", "input", "button", "select", "textarea", "svg"}
    | {"math", "meta", "base", "link", "template", "noscript", "picture", "applet", "frame"}
)


def _xml(data: bytes) -> tuple[etree._Element | None, list[str]]:
    found = []
    if not data.startswith(b"<?xml version='1.0' encoding='UTF-8'?>"):
        found.append("does not begin with an XML declaration that says UTF-8")
    found += [
        f"holds {mark}" for mark in ("<!DOCTYPE", "<!ENTITY", "<![CDATA[", "<?php") if mark.encode() in data
    ]
    try:
        root = etree.fromstring(data, etree.XMLParser(resolve_entities=False, huge_tree=False))
    except etree.XMLSyntaxError as error:
        return None, [*found, f"is not well-formed: {error}"]
    if _C1.search("".join(root.itertext())):
        found.append("holds C1 control characters")
    return root, found


# Each of the following says what is wrong with one value, or nothing.


def _blank(value: str) -> str:
    return "" if value.strip() else "is blank"


def _url(value: str) -> str:
    return "" if _URL.fullmatch(value) else "is no absolute, percent-encoded http(s) address"


def _uri(value: str) -> str:
    return "" if _URI.fullmatch(value) else "is no full URI"


def _plain(value: str) -> str:
    if _MARKUP.search(value):
        return "holds markup"
    return "holds an override of direction" if _OVERRIDE.search(value) else _blank(value)


def _name(value: str) -> str:
    return "holds an e-mail address" if _EMAIL.search(value) else _plain(value)


def _language(value: str) -> str:
    return "" if _LANGUAGE.fullmatch(value) else "is no BCP 47 language"


def _since_1970(moment: datetime) -> str:
    return "" if moment >= datetime(1970, 1, 1, tzinfo=UTC) else "is before 1970"


def _rfc822(value: str) -> str:
    if not _RFC822.fullmatch(value):
        return "is no RFC 822 date"
    moment = parsedate_to_datetime(value)
    return _since_1970(moment) if format_datetime(moment) == value else "has the wrong day of the week"


def _rfc3339(value: str) -> str:
    return _since_1970(datetime.fromisoformat(value)) if _RFC3339.fullmatch(value) else "is no RFC 3339 date"


def _number(value: str) -> str:
    return "" if re.fullmatch(r"[0-9]+", value) else "is no number"


def _media_type(value: str) -> str:
    return "" if _MEDIA_TYPE.fullmatch(value) else "is no media type"


def _content(value: str) -> str:
    return "; ".join(_html_problems(value))


def _any(_value: str) -> str:
    return ""


def _html_problems(value: str) -> Iterator[str]:
    if not value.strip():
        yield "is blank"
        return
    for element in html.fragment_fromstring(value, create_parent="div").iter():
        if element.tag in _FORBIDDEN or not isinstance(element.tag, str):
            yield f"holds <{element.tag}>"
        for name, said in element.attrib.items():
            yield from _attribute_problems(str(name), str(said))


def _attribute_problems(name: str, said: str) -> Iterator[str]:
    if name.startswith("on") or name in {"style", "srcset", "srcdoc", "formaction", "class", "id"}:
        yield f"holds an attribute {name}"
    if name in _LINKS and not re.match(r"https?://[^/]|mailto:", said):
        yield f"holds {name}={said!r}, which is no absolute web address"


Rule = tuple[int, int, "Callable[[str], str]"]
ANY = 10**6


def _children(parent: etree._Element, rules: dict[str, Rule], where: str) -> Iterator[str]:
    """Elements that are missing, too many, unknown, or wrong."""
    counts = Counter(str(child.tag) for child in parent)
    for tag, (least, most, _) in rules.items():
        if not least <= counts[tag] <= most:
            yield f"{where}: {counts[tag]} × {_short(tag)}"
    for child in parent:
        if child.tag not in rules:
            yield f"{where}: unknown element {_short(str(child.tag))}"
        elif problem := rules[str(child.tag)][2](child.text or ""):
            yield f"{where}: {_short(str(child.tag))} {problem}: {(child.text or '')[:80]!r}"


def _short(tag: str) -> str:
    return tag.rpartition("}")[2]


def _attributes(
    element: etree._Element, rules: dict[str, Callable[[str], str]], needed: str, where: str
) -> Iterator[str]:
    for name in needed.split():
        if name not in element.attrib:
            yield f"{where}: {_short(str(element.tag))} without {name}"
    for name, said in element.attrib.items():
        problem = rules[str(name)](str(said)) if name in rules else "is unknown"
        if problem:
            yield f"{where}: {_short(str(element.tag))} {name} {problem}: {said!r}"


def _repeated(values: Iterable[str], what: str) -> Iterator[str]:
    for value, count in Counter(values).items():
        if count > 1:
            yield f"{what} {value!r} occurs {count} times"


def _medium(value: str) -> str:
    return "" if value in {"image", "audio", "video", "document", "executable"} else "is no medium"


_MEDIA_RULES: dict[str, Callable[[str], str]] = {
    "url": _url,
    "medium": _medium,
    "type": _media_type,
    "fileSize": _number,
}


def _media(parent: etree._Element, where: str) -> Iterator[str]:
    for one in (*parent.findall(f"{MEDIA}content"), *parent.findall(f"{MEDIA}thumbnail")):
        yield from _attributes(one, _MEDIA_RULES, "url", where)


_CHANNEL: dict[str, Rule] = {
    "title": (1, 1, _plain),
    "link": (1, 1, _url),
    "description": (1, 1, _plain),
    f"{ATOM}link": (1, 5, _any),
    f"{HISTORY}archive": (0, 1, _any),
    "docs": (0, 1, _url),
    "generator": (1, 1, _plain),
    "language": (0, 1, _language),
    "lastBuildDate": (1, 1, _rfc822),
    "ttl": (0, 1, _number),
    f"{DC}creator": (1, 1, _name),
    f"{SY}updatePeriod": (0, 1, _plain),
    f"{SY}updateFrequency": (0, 1, _number),
    "item": (0, ANY, _any),
}
_ITEM: dict[str, Rule] = {
    "title": (1, 1, _plain),
    "link": (0, 1, _url),
    "description": (1, 1, _plain),
    CONTENT: (1, 1, _content),
    "guid": (1, 1, _uri),
    "category": (0, 51, _plain),
    "enclosure": (0, 1, _any),
    "pubDate": (0, 1, _rfc822),
    f"{DC}creator": (0, ANY, _name),
    f"{DC}source": (0, 1, _plain),
    f"{DC}language": (0, 1, _language),
    f"{MEDIA}content": (0, ANY, _any),
    f"{MEDIA}thumbnail": (0, 1, _any),
}


def check_rss(data: bytes, url: str) -> list[str]:
    """All that is wrong with an RSS 2.0 feed that will stand at the address."""
    root, found = _xml(data)
    if root is None:
        return found
    if (root.tag, root.get("version"), [child.tag for child in root]) != ("rss", "2.0", ["channel"]):
        return [*found, "is not RSS 2.0 with one channel"]
    channel = root[0]
    found += _children(channel, _CHANNEL, "channel")
    found += _self(channel.findall(f"{ATOM}link"), url, "application/rss+xml")
    if channel.findtext("link") == url:
        found.append("channel: link is the feed itself")
    items = channel.findall("item")
    for number, item in enumerate(items, start=1):
        found += _item_problems(item, f"item {number}")
    return found + list(_repeated((item.findtext("guid", "") for item in items), "guid"))


def _item_problems(item: etree._Element, where: str) -> Iterator[str]:
    yield from _children(item, _ITEM, where)
    tags = [child.tag for child in item]
    if {"description", CONTENT} <= {*tags} and tags.index("description") > tags.index(CONTENT):
        yield f"{where}: description after content:encoded"
    for guid in item.findall("guid"):
        if guid.get("isPermaLink") != "false":
            yield f"{where}: guid is not isPermaLink=false"
    for one in item.findall("enclosure"):
        yield from _attributes(
            one, {"url": _url, "length": _number, "type": _media_type}, "url length type", where
        )
    yield from _repeated(
        (one.text.casefold() for one in item.findall("category") if one.text), f"{where}: category"
    )
    yield from _media(item, where)


_FEED_RELATIONS = frozenset({"self", "alternate", "hub", "current", "prev-archive", "next-archive"})


def _self(links: list[etree._Element], url: str, kind: str) -> Iterator[str]:
    for link in links:
        if link.get("rel") not in _FEED_RELATIONS or _url(link.get("href", "")):
            yield f"link {dict(link.attrib)} is none of a feed"
    yield from _repeated((link.get("rel", "") for link in links), "link with rel")
    selves = [(link.get("href"), link.get("type")) for link in links if link.get("rel") == "self"]
    if selves != [(url, kind)]:
        yield f"self link is {selves}, not {url} as {kind}"


_FEED: dict[str, Rule] = {
    f"{ATOM}id": (1, 1, _uri),
    f"{ATOM}title": (1, 1, _plain),
    f"{ATOM}updated": (1, 1, _rfc3339),
    f"{ATOM}author": (1, 1, _any),
    f"{ATOM}link": (2, 6, _any),
    f"{ATOM}icon": (0, 1, _url),
    f"{HISTORY}archive": (0, 1, _any),
    f"{ATOM}generator": (1, 1, _plain),
    f"{ATOM}subtitle": (0, 1, _plain),
    f"{ATOM}entry": (0, ANY, _any),
}
_ENTRY: dict[str, Rule] = {
    f"{ATOM}id": (1, 1, _uri),
    f"{ATOM}title": (1, 1, _plain),
    f"{ATOM}updated": (1, 1, _rfc3339),
    f"{ATOM}published": (0, 1, _rfc3339),
    f"{ATOM}author": (0, ANY, _any),
    f"{ATOM}content": (1, 1, _content),
    f"{ATOM}summary": (0, 1, _plain),
    f"{ATOM}link": (0, ANY, _any),
    f"{ATOM}category": (0, 51, _any),
    f"{MEDIA}content": (0, ANY, _any),
    f"{MEDIA}thumbnail": (0, 1, _any),
}
_LINK: dict[str, Callable[[str], str]] = {
    "href": _url,
    "rel": lambda rel: "" if rel in {"alternate", "self", "enclosure"} else "is unknown",
    "type": _media_type,
    "length": _number,
}


def check_atom(data: bytes, url: str) -> list[str]:
    """All that is wrong with an Atom 1.0 feed that will stand at the address."""
    root, found = _xml(data)
    if root is None:
        return found
    if root.tag != f"{ATOM}feed":
        return [*found, "is not Atom 1.0"]
    found += _children(root, _FEED, "feed")
    found += _self(root.findall(f"{ATOM}link"), url, "application/atom+xml")
    found += _persons(root, "feed")
    entries = root.findall(f"{ATOM}entry")
    for number, entry in enumerate(entries, start=1):
        found += _entry_problems(entry, f"entry {number}")
    found += _languages(root)
    return found + list(_repeated((entry.findtext(f"{ATOM}id", "") for entry in entries), "id"))


def _languages(root: etree._Element) -> Iterator[str]:
    for element in root.iter("*"):
        said = element.get(f"{XML}lang")
        if said is not None and _language(said):
            yield f"xml:lang {said!r} is no BCP 47 language"


def _persons(parent: etree._Element, where: str) -> Iterator[str]:
    for author in parent.findall(f"{ATOM}author"):
        yield from _children(author, {f"{ATOM}name": (1, 1, _name)}, f"{where} author")


def _entry_problems(entry: etree._Element, where: str) -> Iterator[str]:
    yield from _children(entry, _ENTRY, where)
    yield from _persons(entry, where)
    yield from _media(entry, where)
    for content in entry.findall(f"{ATOM}content"):
        if content.get("type") != "html":
            yield f"{where}: content of type {content.get('type')!r}"
    links = entry.findall(f"{ATOM}link")
    for link in links:
        yield from _attributes(link, _LINK, "href", where)
    alternates = [link for link in links if link.get("rel", "alternate") == "alternate"]
    if len(alternates) > 1:
        yield f"{where}: {len(alternates)} alternate links"
    terms = [one.get("term", "") for one in entry.findall(f"{ATOM}category")]
    yield from (f"{where}: category {problem}" for term in terms if (problem := _plain(term)))
    yield from _repeated((term.casefold() for term in terms), f"{where}: category")


Types = dict[str, tuple[type, "Callable[[Any], str]"]]


def _names(said: list[Any]) -> str:
    good = said and all(
        isinstance(one, dict) and one.keys() == {"name"} and not _name_in_json(one) for one in said
    )
    return "" if good else "is no list of names"


def _name_in_json(one: dict[str, Any]) -> str:
    return _blank(one["name"]) or ("holds an e-mail address" if _EMAIL.search(one["name"]) else "")


def _tags(said: list[Any]) -> str:
    folded = {tag.strip().casefold() for tag in said if isinstance(tag, str)} - {""}
    return "" if said and len(folded) == len(said) else "is no list of different words"


def _attachments(said: list[Any]) -> str:
    return "; ".join(
        problem for one in said for problem in _object(one, _ATTACHMENT, "url mime_type", "attachment")
    )


_TOP: Types = {
    "version": (str, lambda said: "" if said == "https://jsonfeed.org/version/1.1" else "is not 1.1"),
    "title": (str, _blank),
    "home_page_url": (str, _url),
    "feed_url": (str, _url),
    "description": (str, _blank),
    "language": (str, _language),
    "authors": (list, _names),
    "next_url": (str, _url),
    "favicon": (str, _url),
    "hubs": (list, lambda said: "" if [one.keys() for one in said] == [{"type", "url"}] else "is no hub"),
    "items": (list, _any),
}
_JSON_ITEM: Types = {
    "id": (str, _uri),
    "url": (str, _url),
    "title": (str, _blank),
    "content_html": (str, _content),
    "content_text": (str, _blank),
    "summary": (str, _blank),
    "image": (str, _url),
    "date_published": (str, _rfc3339),
    "date_modified": (str, _rfc3339),
    "authors": (list, _names),
    "tags": (list, _tags),
    "language": (str, _language),
    "attachments": (list, _attachments),
}
_ATTACHMENT: Types = {
    "url": (str, _url),
    "mime_type": (str, _media_type),
    "size_in_bytes": (int, lambda said: "" if said > 0 else "is not positive"),
}


def check_json(data: bytes, url: str) -> list[str]:
    """All that is wrong with a JSON Feed 1.1 that will stand at the address."""
    try:
        feed = json.loads(data.decode("utf-8"), object_pairs_hook=_no_double)
    except ValueError as error:
        return [f"is no JSON in UTF-8: {error}"]
    found = list(_object(feed, _TOP, "version title feed_url items", "feed"))
    if feed.get("feed_url") != url:
        found.append(f"feed_url is {feed.get('feed_url')!r}, not {url}")
    items = feed.get("items", [])
    for number, item in enumerate(items, start=1):
        found += _object(item, _JSON_ITEM, "id", f"item {number}")
        if not {"content_html", "content_text"} & item.keys():
            found.append(f"item {number}: no content")
    return found + list(_repeated((item.get("id", "") for item in items), "id"))


def _no_double(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len({name for name, _ in pairs}) < len(pairs):
        raise ValueError("a key occurs twice")
    return dict(pairs)


def _object(said: dict[str, Any], types: Types, needed: str, where: str) -> Iterator[str]:
    yield from (f"{where}: no {name}" for name in needed.split() if name not in said)
    for name, value in said.items():
        kind, rule = types.get(name, (object, _any))
        if name not in types and not name.startswith("_"):
            yield f"{where}: unknown key {name}"
        elif not isinstance(value, kind):
            yield f"{where}: {name} is no {kind.__name__}"
        elif problem := rule(value):
            yield f"{where}: {name} {problem}: {str(value)[:80]!r}"


_OUTLINE: dict[str, Callable[[str], str]] = {
    "text": _blank,
    "title": _blank,
    "type": lambda said: "" if said == "rss" else "is not rss",
    "description": _blank,
    "language": _language,
    "xmlUrl": _url,
    "htmlUrl": _url,
}


def check_opml(data: bytes) -> list[str]:
    """All that is wrong with an OPML 2.0 list of feeds."""
    root, found = _xml(data)
    if root is None:
        return found
    if (root.tag, root.get("version"), [part.tag for part in root]) != ("opml", "2.0", ["head", "body"]):
        return [*found, "is not OPML 2.0 with a head and a body"]
    found += _children(root[0], {"title": (1, 1, _blank)}, "head")
    for number, one in enumerate(root[1], start=1):
        found += _attributes(one, _OUTLINE, "text title type xmlUrl htmlUrl", f"outline {number}")
    return found + list(_repeated((one.get("xmlUrl", "") for one in root[1]), "xmlUrl"))
