"""From bytes to text: which encoding a saved page is in, and whether it is a page at all."""

from __future__ import annotations

import codecs
import re

import webencodings

from cleanfeed.errors import UnreadablePage

SIZE_LIMIT = 10 * 1024 * 1024
"""Bytes of one page; the largest of 181 real news pages had 1.5 MB."""
_LABEL = re.compile(rb"""<meta[^>]+?charset\s*=\s*["']?\s*([\w:.+-]+)""", re.IGNORECASE)
_XML_LABEL = re.compile(rb"""^\s*<\?xml[^>]+?encoding\s*=\s*["']([\w:.+-]+)""", re.IGNORECASE)
_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_HEAD = 4096
_MAGIC = (
    (b"%PDF-", "a PDF"), (b"PK\x03\x04", "a ZIP archive"), (b"\x89PNG", "a PNG image"), (b"GIF8", "a GIF image"),
    (b"\xff\xd8\xff", "a JPEG image"), (b"RIFF", "a RIFF file"), (b"\x1f\x8b", "a gzip file"),
    (b"ID3", "an MP3 file"), (b"OggS", "an Ogg file"), (b"SQLite format", "a database"), (b"\x7fELF", "a program"),
)  # fmt: skip


def decode(raw: bytes, name: str) -> str:
    """The text of a page's bytes, NUL characters left out.

    The order of evidence is the byte order mark, the label in the page (names of the WHATWG Encoding
    Standard), UTF-8, then a guess between windows-1256 and windows-1252. Bytes that are valid UTF-8 with
    letters beyond ASCII are UTF-8 whatever a single-byte label says. UTF-7 is never an answer.
    """
    _check_type(raw, name)
    for bom, encoding in _BOMS:
        if raw.startswith(bom):
            return _tidy(raw[len(bom) :].decode(encoding, "ignore"))
    wide = _wide(raw)
    if wide:
        return _tidy(raw.decode(wide, "ignore"))
    return _tidy(_utf8(raw) or _labelled(raw) or _guessed(raw, name))


def _check_type(raw: bytes, name: str) -> None:
    if not raw.strip():
        raise UnreadablePage(name, "is empty")
    if len(raw) > SIZE_LIMIT:
        raise UnreadablePage(
            name, f"is too large: {len(raw) / 1e6:.1f} MB, more than the {SIZE_LIMIT / 1e6:.0f} MB of a page"
        )
    for magic, kind in _MAGIC:
        if raw.startswith(magic):
            raise UnreadablePage(name, f"is {kind}, not a page")
    if raw[4:8] == b"ftyp":
        raise UnreadablePage(name, "is an MP4 file, not a page")


def _utf8(raw: bytes) -> str | None:
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        pass
    # One broken byte in a long page (a cut in the middle of a letter) does not make it another encoding.
    letters = len(re.findall(rb"[\xc2-\xf4][\x80-\xbf]+", raw))
    text = raw.decode("utf-8", "replace")
    return text.replace("\ufffd", "") if text.count("\ufffd") * 50 < letters else None


def _labelled(raw: bytes) -> str | None:
    found = _XML_LABEL.search(raw[:_HEAD]) or _LABEL.search(raw[:_HEAD])
    encoding = webencodings.lookup(found[1].decode("ascii", "ignore")) if found else None
    if encoding is None or encoding.name in {"utf-8", "utf-16le", "utf-16be", "replacement", "x-user-defined"}:
        return None
    try:
        return encoding.codec_info.decode(raw, "strict")[0]
    except UnicodeDecodeError:
        return None


def _wide(raw: bytes) -> str | None:
    # UTF-16 without a mark: in markup every other byte of the ASCII is a NUL.
    head = raw[:_HEAD]
    if len(head) < 4:  # noqa: PLR2004  # two characters
        return None
    odd, even = head[1::2].count(0) * 2 / len(head), head[::2].count(0) * 2 / len(head)
    return "utf-16-le" if odd > 0.4 > even else "utf-16-be" if even > 0.4 > odd else None  # noqa: PLR2004  # far from chance


def _guessed(raw: bytes, name: str) -> str:
    # Arabic letters come in runs of high bytes; in Western text a high byte stands between ASCII letters.
    high = len(re.findall(rb"[\x80-\xff]", raw))
    in_runs = sum(map(len, re.findall(rb"[\xc0-\xff\x81\x8d\x8e\x90]{2,}", raw)))
    encoding = "windows-1256" if in_runs * 2 > high else "windows-1252"
    text = raw.decode(encoding, "replace")
    odd = len(re.findall("[\x00-\x08\x0e-\x1f\x7f-\x9f\ufffd]", text))
    if odd * 20 > len(text):
        raise UnreadablePage(name, "is not text in any encoding that could be told: no page")
    return text.replace("\ufffd", "")


def _tidy(text: str) -> str:
    return text.replace("\0", "").removeprefix("\ufeff") if "\0" in text or text[:1] == "\ufeff" else text


_MARKUP = re.compile(r"<(!doctype|html|head|body|title|meta|link|div|p|article|section|main|h1|span|a|script)\b", re.IGNORECASE)
_XML_BOMB = re.compile(r"<!(ENTITY|DOCTYPE[^>\[]*\[)", re.IGNORECASE)
_FEED = re.compile(r"\s*(<\?xml[^>]*>\s*)?(<\?[^>]*>\s*)*<(rss|feed|rdf:RDF|urlset|sitemapindex|opml|svg)\b", re.IGNORECASE)
_FLOOD_SIZE = 65536
_FLOOD = re.compile(rf"<[a-zA-Z][^<>]{{{_FLOOD_SIZE}}}")
_EQUALS_LIMIT = 4000
_OPENED = re.compile(r"<(html|body)\b", re.IGNORECASE)
_CLOSED = re.compile(r"</(html|body)\s*>", re.IGNORECASE)


def check_html(body: str, name: str) -> None:
    """Refuses, as `UnreadablePage`, what is no whole HTML document: other formats, cut files, floods."""
    head = body[:_HEAD]
    if _FEED.match(head):
        raise UnreadablePage(name, "is an XML document of another kind, not an HTML page")
    if _XML_BOMB.search(head):
        raise UnreadablePage(name, "declares XML entities, which no HTML page does")
    if not _MARKUP.search(body):
        raise UnreadablePage(name, "is not HTML: it holds no markup")
    if _flooded(body):
        raise UnreadablePage(name, "is beyond the parser's limits: one tag with thousands of attributes")
    if _cut_short(body):
        raise UnreadablePage(name, "is cut short: it ends without </html>")


def _flooded(body: str) -> bool:
    # The parser compares every attribute of a tag with every other: 200,000 of them cost 40 seconds.
    if max(map(len, body.split("<"))) < _FLOOD_SIZE:
        return False
    tags = _FLOOD.finditer(body)
    return any(body.count("=", tag.start(), tag.end()) > _EQUALS_LIMIT for tag in tags)


def _cut_short(body: str) -> bool:
    if _CLOSED.search(body[-_HEAD:]):
        return False
    return bool(_OPENED.search(body)) and not _CLOSED.search(body)


def looks_like_html(body: str) -> bool:
    """Whether a text file holds a document in HTML all the same."""
    return bool(_DOCUMENT.match(body))


_DOCUMENT = re.compile(r"\s*(<\?xml[^>]*>\s*)?(<!--.*?-->\s*)*<(!doctype\s+html|html)\b", re.IGNORECASE | re.DOTALL)
