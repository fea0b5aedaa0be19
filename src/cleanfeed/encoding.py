"""From bytes to text: which encoding a saved page is in, and whether it is a page at all."""

from __future__ import annotations

import codecs
import re
from typing import TYPE_CHECKING

import webencodings

from cleanfeed.errors import UnreadablePage

if TYPE_CHECKING:
    from collections.abc import Iterator

SIZE_LIMIT = 10 * 1024 * 1024
"""Bytes of one page; the largest of 181 real news pages had 1.5 MB."""
_LABEL = re.compile(rb"""<meta[^>]+?charset\s*=\s*["']?\s*([\w:.+-]+)""", re.IGNORECASE)
_XML_LABEL = re.compile(rb"""^\s*<\?xml[^>]+?encoding\s*=\s*["']([\w:.+-]+)""", re.IGNORECASE)
_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_HEAD = 4096
_MAGIC = (
    (rb"%PDF-", "a PDF"), (rb"PK\x03\x04", "a ZIP archive"), (rb"\x89PNG", "a PNG image"),
    (rb"GIF8[79]a", "a GIF image"), (rb"\xff\xd8\xff", "a JPEG image"), (rb"\x1f\x8b", "a gzip file"),
    (rb"RIFF....(?:WEBP|WAVE|AVI )", "a RIFF file"),
    (rb"ID3[\x02-\x04]", "an MP3 file"), (rb"OggS", "an Ogg file"), (rb"SQLite format", "a database"),
    (rb"\x7fELF", "a program"), (rb"....ftyp", "an MP4 file"), (rb"\x1aE\xdf\xa3", "a WebM file"),
    (rb"7z\xbc\xaf", "a 7z archive"), (rb"Rar!", "a RAR archive"), (rb"BZh\d1AY", "a bzip2 file"),
    (rb"\xfd7zXZ", "an xz file"), (rb"\xd0\xcf\x11\xe0", "an Office document"),
    (rb"\{\\rtf", "an RTF document"), (rb"wOF[F2]", "a font"),
    (rb"\x00\x00\x01\x00", "an icon"), (rb"WARC/1\.", "a WARC archive"),
)  # fmt: skip
_MAGIC_OF = re.compile(b"|".join(b"(%s)" % magic for magic, _kind in _MAGIC), re.DOTALL)


def decode(raw: bytes, name: str, charset: str | None = None) -> str:
    """The text of a page's bytes, NUL characters left out.

    The order of evidence is the byte order mark, the server's label (`charset`), the label in the page (names
    of the WHATWG Encoding Standard), UTF-8, then a guess between windows-1256 and windows-1252. Bytes that
    are valid UTF-8 with letters beyond ASCII are UTF-8 whatever a single-byte label says. UTF-7 never is.
    """
    _check_type(raw, name)
    text = _text(raw, charset)
    if not text or text.isspace():
        raise UnreadablePage(name, "is empty")
    if len(_ODD.findall(text[:_HEAD])) * 20 > len(text[:_HEAD]):
        raise UnreadablePage(name, "is not text in any encoding that could be told: no page")
    return text


def _text(raw: bytes, charset: str | None) -> str:
    for bom, encoding in _BOMS:
        if raw.startswith(bom):
            return _tidy(raw[len(bom) :].decode(encoding, "ignore"))
    wide = _wide(raw)
    if wide:
        return _tidy(raw.decode(wide, "ignore"))
    text = _utf8(raw) or _as(charset, raw) or _as(_label(raw), raw) or _guessed(raw)
    return _tidy(text) if b"\0" in raw else text.removeprefix("\ufeff")


def mended(raw: bytes) -> str:
    """The text of bytes that are not in the encoding that they say they are in, as far as it can be told."""
    return _utf8(raw) or _guessed(raw)


def _check_type(raw: bytes, name: str) -> None:
    if not raw or raw.isspace():
        raise UnreadablePage(name, "is empty")
    if len(raw) > SIZE_LIMIT:
        raise UnreadablePage(
            name, f"is too large: {len(raw) / 1e6:.1f} MB, more than the {SIZE_LIMIT / 1e6:.0f} MB of a page"
        )
    found = _MAGIC_OF.match(raw)
    if found and found.lastindex:
        raise UnreadablePage(name, f"is {_MAGIC[found.lastindex - 1][1]}, not a page")


def _utf8(raw: bytes) -> str | None:
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        pass
    # A few broken bytes (a letter that was cut, a quotation mark pasted in) do not make it another encoding.
    letters = len(_UTF8_LETTERS.findall(raw))
    text = raw.decode("utf-8", _MENDED)
    broken = len(_STRAY.findall(text))
    return _STRAY.sub(_meant, text) if broken <= letters else None


_UTF8_LETTERS = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
_MENDED = "surrogateescape"
_STRAY = re.compile("[\udc80-\udcff]")
_MARKS = {0x85, *range(0x91, 0x98), 0x99}


def _meant(stray: re.Match[str]) -> str:
    """What a byte means that is not UTF-8: a typographer's mark of Windows, else nothing."""
    byte = ord(stray[0]) - 0xDC00
    return bytes([byte]).decode("cp1252") if byte in _MARKS else ""


def _label(raw: bytes) -> str | None:
    found = _XML_LABEL.search(raw[:_HEAD]) or _LABEL.search(raw[:_HEAD])
    return found[1].decode("ascii", "ignore") if found else None


def _as(label: str | None, raw: bytes) -> str | None:
    """The text in the encoding of this label, where it is one and the bytes are valid in it."""
    encoding = webencodings.lookup(label) if label else None
    if encoding is None or encoding.name in _NO_ANSWER:
        return None
    if encoding.name == "windows-1252" and _reads_as_arabic(raw):
        return None
    try:
        if encoding.name == "gbk":  # by the standard its decoder is that of its successor
            return raw.decode("gb18030")
        return str(encoding.codec_info.decode(raw, "strict")[0])
    except UnicodeDecodeError:
        return None


_NO_ANSWER = frozenset({"utf-8", "utf-16le", "utf-16be", "replacement", "x-user-defined"})


def _wide(raw: bytes) -> str | None:
    # UTF-16 without a mark: in markup every other byte of the ASCII is a NUL.
    head = raw[:_HEAD]
    if len(head) < 4:  # noqa: PLR2004  # two characters
        return None
    odd, even = head[1::2].count(0) * 2 / len(head), head[::2].count(0) * 2 / len(head)
    return "utf-16-le" if odd > 0.4 > even else "utf-16-be" if even > 0.4 > odd else None  # noqa: PLR2004  # far from chance


def _guessed(raw: bytes) -> str:
    return raw.decode("windows-1256" if _reads_as_arabic(raw) else "windows-1252", "ignore")


_ODD = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f]")
_HIGH = re.compile(rb"[\x80-\xff]")
_RUNS = re.compile(rb"[\xc0-\xff\x81\x8d\x8e\x90]{2,}")


def _reads_as_arabic(raw: bytes) -> bool:
    # Arabic letters come in runs of high bytes; in Western text a high byte stands between ASCII letters.
    return sum(map(len, _RUNS.findall(raw))) * 2 > len(_HIGH.findall(raw))


def _tidy(text: str) -> str:
    return text.replace("\0", "").removeprefix("\ufeff") if "\0" in text or text[:1] == "\ufeff" else text


_MARKUP = re.compile(
    r"<(!doctype|html|head|body|title|meta|link|div|p|article|section|main|h1|span|a|script)\b", re.IGNORECASE
)
_PROLOG = r"\A(?:\s+|<\?[^>]*>|<!--.*?-->)*+"
_ENTITIES = re.compile(
    rf"{_PROLOG}(?:<!doctype[^>\[]*+>\s*+)?<!(?:entity|doctype[^>\[]*\[)", re.IGNORECASE | re.DOTALL
)
_FEED = re.compile(
    rf"{_PROLOG}<(?:rss|feed|rdf:rdf|urlset|sitemapindex|opml|svg)\b", re.IGNORECASE | re.DOTALL
)
_JSON = re.compile(r"\s*(?:\{\s*(?:\"|\})|\[\s*(?:[\[{\"\]\d]))")
_MHTML = re.compile(
    r"(?:[\w-]+:[^\n]*\n(?:[ \t][^\n]*\n)*)*?content-type:\s*multipart/related", re.IGNORECASE
)
_MOST_TAGS = 620_000
"""Beginnings of tags; the largest of 181 real news pages had fewer than 20,000."""
_FLOOD_SIZE = 65536
_QUOTED = re.compile(r"\"[^\"]*+\"|'[^']*+'")
_MOST_ATTRIBUTES = 4000
_OPENED = re.compile(r"<(html|body)\b", re.IGNORECASE)
_CLOSED = re.compile(r"</(html|body)\s*>", re.IGNORECASE)


def check_html(body: str, name: str) -> None:
    """Refuses, as `UnreadablePage`, what is no whole HTML document: other formats, cut files, floods."""
    head = body[:_HEAD]
    reason = next((reason for kind, reason in _OTHER_KINDS if kind.match(head)), None) or _fault(body)
    if reason:
        raise UnreadablePage(name, reason)


_OTHER_KINDS = (
    (_FEED, "is an XML document of another kind, not an HTML page"),
    (_ENTITIES, "declares XML entities, which no HTML page does"),
    (_JSON, "is JSON, not an HTML page"),
    (_MHTML, "is an MHTML archive, not an HTML page"),
)


def _fault(body: str) -> str | None:
    if not _MARKUP.search(body):
        return "is not HTML: it holds no markup"
    if body.count("<") > _MOST_TAGS:
        return f"is beyond the parser's limits: more than {_MOST_TAGS:,} tags"
    if _flooded(body):
        return "is beyond the parser's limits: one tag with thousands of attributes"
    return "is cut short: it ends without </html>" if _cut_short(body) else None


def _flooded(body: str) -> bool:
    # The parser compares every attribute of a tag with every other: 200,000 of them cost 40 seconds.
    return any(_attributes(body, start) > _MOST_ATTRIBUTES for start in _long_pieces(body))


def _long_pieces(body: str) -> Iterator[int]:
    """Where a "<" begins a piece without another one that is long enough to be a flood."""
    at = body.find("<")
    while at >= 0 and at + _FLOOD_SIZE < len(body):
        last = body.rfind("<", at + 1, at + _FLOOD_SIZE)
        if last < 0:
            yield at
            last = body.find("<", at + _FLOOD_SIZE)
        at = last


def _attributes(body: str, start: int) -> int:
    close = body.find(">", start)
    opening = body[start:close]
    if 0 < close < start + _FLOOD_SIZE and opening.count('"') % 2 == opening.count("'") % 2 == 0:
        return 0  # a short tag, and then a long text: a script
    end = body.find("<", start + 1)
    tag = _QUOTED.sub("", body[start : end if end > 0 else len(body)]).partition(">")[0]
    return len(tag.split()) if tag[1:2].isalpha() else 0


def _cut_short(body: str) -> bool:
    if _CLOSED.search(body[-_HEAD:]):
        return False
    return bool(_OPENED.search(body)) and not _CLOSED.search(body)


def looks_like_html(body: str) -> bool:
    """Whether a text file holds a document in HTML all the same."""
    return bool(_DOCUMENT.match(body))


_DOCUMENT = re.compile(
    r"\s*(<\?xml[^>]*>\s*)?(<!--.*?-->\s*)*<(!doctype\s+html|html)\b", re.IGNORECASE | re.DOTALL
)
