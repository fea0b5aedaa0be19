"""Plain strings: what XML allows, what a terminal can bear, what counts as the same word."""

import os
import re
import unicodedata

# U+0080-9F are windows-1252 that was declared as Latin-1; five of its bytes mean nothing.
_C1 = {0x80 + i: bytes([0x80 + i]).decode("cp1252", "ignore") or None for i in range(0x20)}
# As what is forbidden, not as the complement of what is allowed: that takes nine times as long to compile.
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
_PLANE_ENDS = re.compile(
    "[" + "".join(chr(p << 16 | e) for p in range(1, 17) for e in (0xFFFE, 0xFFFF)) + "]"
)
_HAS_C1 = re.compile("[\x80-\x9f]")
_OVERRIDES = "\u202a-\u202e\u2066-\u2069"
# The joiners U+200C and U+200D stay: Persian words and emoji are spelt with them.
_INVISIBLE = re.compile(f"[{_OVERRIDES}\u200b\u200e\u200f\u061c\u2060\ufeff\u00ad\u180e]")


# A look at the UTF-8 bytes is up to forty times faster than the patterns, and only ever too strict.
_CONTROL_BYTES = bytes({*range(0x20), 0x7F} - {*b"\t\n\r"})
_C1_BYTES = re.compile(rb"\xc2[\x80-\x9f]")
_RARE_BYTES = (b"\xed", b"\xef\xb7", b"\xbf\xbe", b"\xbf\xbf")


def _surely_xml_safe(text: str) -> bool:
    raw = text.encode("utf-8", "surrogatepass")
    if len(raw.translate(None, _CONTROL_BYTES)) < len(raw):
        return False
    return text.isascii() or not (any(rare in raw for rare in _RARE_BYTES) or _C1_BYTES.search(raw))


def xml_safe(text: str) -> str:
    """The text without the characters that XML 1.0 forbids; stray C1 bytes become what they meant."""
    if (text.isascii() and text.isprintable()) or _surely_xml_safe(text):
        return text
    if _HAS_C1.search(text):
        text = text.translate(_C1)
    return _PLANE_ENDS.sub("", _NOT_XML.sub("", text))


def squeeze(text: str) -> str:
    """The text on one line, each run of white space (U+00A0 too) a single space."""
    return " ".join(text.split())


def plain(text: str) -> str:
    """One line fit for a title, a name or a tag: no markup characters hidden in it, no mark of direction."""
    safe = xml_safe(text)
    return squeeze(safe if safe.isascii() else _INVISIBLE.sub("", safe))


def cut(text: str, limit: int) -> str:
    """The text, ended with "…" at a word's end where it is longer than the limit."""
    if len(text) <= limit:
        return text
    head = text[:limit]
    space = head.rfind(" ", limit // 2)
    return (head if space < 0 else head[:space]).rstrip(" ,;:.-–—") + "…"


_ARABIC = str.maketrans(
    {"أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ى": "ي", "ة": "ه", "ؤ": "و", "ئ": "ي", "ـ": None}
    | {chr(0x660 + i): str(i) for i in range(10)}
    | {chr(0x6F0 + i): str(i) for i in range(10)}
)
_QUOTES = str.maketrans({"‘": "'", "’": "'", "“": '"', "”": '"', "«": '"', "»": '"', "`": "'"})


class _Folds(dict[int, str]):
    """What each character folds to, worked out when it is first met."""

    def __missing__(self, code: int) -> str:
        # The letters are mapped first: decomposed, a hamza would be taken for an accent of its seat.
        decomposed = unicodedata.normalize("NFKD", chr(code).translate(_ARABIC).translate(_QUOTES))
        bare = "".join(c for c in decomposed if not unicodedata.combining(c))
        self[code] = _INVISIBLE.sub("", bare.translate(_ARABIC).casefold())
        return self[code]


_FOLDS = _Folds()


def fold(text: str) -> str:
    """The text as words are compared: without case, accents, harakat, tatweel and variant Arabic letters."""
    return squeeze(text.casefold() if text.isascii() else text.translate(_FOLDS))


_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_HIDDEN = re.compile(
    f"[{_OVERRIDES}\u200b-\u200f\u2028\u2029\u2060\u061c\ufeff\ud800-\udfff\U000e0000-\U000e007f]"
)


def safe_text(text: object, limit: int = 200) -> str:
    """One line that can do nothing but be read: for terminals, logs and runners of CI.

    Control characters are spelt out, newlines shown as "⏎", marks of direction dropped; where GitHub's
    runner reads the output (GITHUB_ACTIONS=true), nothing in it can be a workflow command.
    """
    line = _SPACE_BREAKS.sub("⏎", str(text))
    line = _HIDDEN.sub("", _CONTROL.sub(lambda m: f"\\x{ord(m[0]):02x}", line))
    line = cut(line, limit) if limit else line
    if os.environ.get("GITHUB_ACTIONS") == "true":
        line = line.replace("##[", "##\u200b[")
        line = "\u200b" + line if line.lstrip().startswith("::") else line
    return line


_SPACE_BREAKS = re.compile(r"\r\n|[\r\n\t\u2028\u2029\x85]")
