"""What the tests of cleaning share: a piece of HTML as the content of an article, cleaned."""

from __future__ import annotations

from html.parser import HTMLParser
from urllib.parse import urlsplit

from cleanfeed.clean import Body, Rules, clean, elements_of

BASE = "https://www.example.org/news/2026/harbour"
REL = 'rel="noopener noreferrer"'


def cleaned(html: str, rules: Rules | None = None, *, base: str | None = BASE, title: str = "") -> Body:
    return clean(elements_of(html), rules or Rules(), base, title)


ATTRIBUTES = {
    "a": {"href", "title", "rel"}, "img": {"src", "alt", "title", "width", "height"}, "source": {"src", "type"},
    "td": {"colspan", "rowspan"}, "th": {"colspan", "rowspan", "scope"}, "time": {"datetime"},
    "video": {"src", "poster", "controls", "preload"}, "audio": {"src", "controls", "preload"},
}  # fmt: skip
BARE = {
    "p", "br", "hr", "h2", "h3", "h4", "ul", "ol", "li", "dl", "dt", "dd", "blockquote", "q", "cite", "em", "strong", "b",
    "i", "u", "s", "del", "ins", "sub", "sup", "small", "mark", "abbr", "code", "pre", "kbd", "samp", "figure", "figcaption",
    "table", "caption", "thead", "tbody", "tfoot", "tr",
}  # fmt: skip
VOID = {"br", "hr", "img", "source"}
ADDRESSES = {"href", "src", "poster"}


class Inspector(HTMLParser):
    """Reads HTML by the standard library's parser and notes what must never be in a clean body."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.faults: list[str] = []
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in BARE and tag not in ATTRIBUTES:
            self.faults.append(f"<{tag}>")
        for name, value in attrs:
            if name not in ATTRIBUTES.get(tag, set()):
                self.faults.append(f"{tag}[{name}]")
            if name in ADDRESSES:
                self.check_address(tag, name, value or "")
        if tag not in VOID:
            self.open.append(tag)

    def check_address(self, tag: str, name: str, value: str) -> None:
        parts = urlsplit(value)
        mail = tag == "a" and parts.scheme == "mailto"
        if not mail and (parts.scheme not in {"http", "https"} or not parts.netloc or "@" in parts.netloc):
            self.faults.append(f"{tag}[{name}={value}]")

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.faults.append(f"</{tag}> does not close what is open")

    def handle_comment(self, data: str) -> None:
        self.faults.append("a comment")

    def handle_decl(self, decl: str) -> None:
        self.faults.append("a declaration")

    def handle_pi(self, data: str) -> None:
        self.faults.append("an instruction")


def faults(html: str) -> list[str]:
    inspector = Inspector()
    inspector.feed(html)
    inspector.close()
    return inspector.faults + [f"<{tag}> is not closed" for tag in inspector.open]
