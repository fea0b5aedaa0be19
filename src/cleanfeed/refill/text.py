"""A feed's bytes as text, in the encoding that they are in."""

from __future__ import annotations

import codecs
import re
import zlib
from typing import NamedTuple

import webencodings

from cleanfeed.encoding import mended
from cleanfeed.errors import ListingError

SIZE_LIMIT = 16 * 1024 * 1024
"""Bytes of one feed; readers refuse much smaller ones."""
_GZIP = b"\x1f\x8b"
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_WIDE = (
    (re.compile(rb"[<{\s]\0\0\0"), "utf-32-le"),
    (re.compile(rb"\0\0\0[<{\s]"), "utf-32-be"),
    (re.compile(rb"[<{\s]\0"), "utf-16-le"),
    (re.compile(rb"\0[<{\s]"), "utf-16-be"),
)
"""How a document begins that has no byte order mark, in encodings of several bytes."""
_DECLARED = re.compile(rb"""\s*<\?xml[^>]*?\sencoding\s*=\s*["']([\w:.+-]{1,40})["']""")
_HEAD = 1024


class Decoded(NamedTuple):
    text: str
    doubt: str = ""
    """What is wrong with the encoding, "" if nothing is."""


def decoded(data: bytes, name: str) -> Decoded:
    """The text; a `ListingError` where the bytes are cut short, or are no text at all.

    The order of evidence is the byte order mark, the XML declaration, UTF-8, and then what the bytes look
    like. What is compressed by gzip is unpacked.
    """
    if data.startswith(_GZIP):
        data = _unpacked(data, name)
    if len(data) > SIZE_LIMIT:
        raise ListingError(name, f"is larger than {SIZE_LIMIT >> 20} MB, which no feed is")
    if not data.strip():
        raise ListingError(name, "is empty")
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return Decoded(_read(data[len(mark) :], encoding, name))
    wide = next((encoding for pattern, encoding in _WIDE if pattern.match(data)), None)
    return Decoded(_read(data, wide, name)) if wide else _labelled(data, name)


def _unpacked(data: bytes, name: str) -> bytes:
    packed = zlib.decompressobj(zlib.MAX_WBITS | 16)
    try:
        content = packed.decompress(data, SIZE_LIMIT + 1)
    except zlib.error as error:
        raise ListingError(name, f"is broken: no gzip file that can be unpacked ({error})") from error
    if not packed.eof and len(content) <= SIZE_LIMIT:
        raise ListingError(name, "is cut short: it ends in the middle of a gzip file")
    return content


def _labelled(data: bytes, name: str) -> Decoded:
    found = _DECLARED.match(data[:_HEAD])
    label = found[1].decode("ascii", "replace") if found else "utf-8"
    encoding = webencodings.lookup(label)
    if encoding is None or encoding.name == "replacement":
        raise ListingError(name, f"declares an encoding that is not known: {label}")
    # What could be read so far is ASCII, and no encoding of two bytes.
    is_utf8 = encoding.name in {"utf-8", "utf-16le", "utf-16be", "x-user-defined"}
    try:
        if is_utf8:
            return Decoded(data.decode("utf-8"))
        # Where letters beyond ASCII are valid UTF-8, the label is wrong.
        return Decoded(_strict(data) or str(encoding.codec_info.decode(data, "strict")[0]))
    except UnicodeDecodeError as error:
        if error.end == len(data) and _is_cut(error):
            raise _unreadable(name, encoding.name, error) from error
        label = "utf-8" if is_utf8 else encoding.name
        return Decoded(mended(data), f"is not the {label} that it says it is; it is read as it looks")


def _is_cut(error: UnicodeDecodeError) -> bool:
    return error.reason.startswith(("unexpected end", "incomplete"))


def _strict(data: bytes) -> str | None:
    try:
        return None if data.isascii() else data.decode("utf-8")
    except UnicodeDecodeError:
        return None


def _read(data: bytes, encoding: str, name: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise _unreadable(name, encoding, error) from error


def _unreadable(name: str, encoding: str, error: UnicodeDecodeError) -> ListingError:
    return ListingError(name, f"is cut short or broken: not {encoding} from byte {error.start} on")
