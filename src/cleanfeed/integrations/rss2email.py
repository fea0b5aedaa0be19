"""The post-processor for rss2email: `post-process = cleanfeed.integrations.rss2email process`."""

from __future__ import annotations

import re
from email.charset import Charset
from email.encoders import encode_7or8bit
from typing import TYPE_CHECKING, Any

from cleanfeed.integrations.desk import common_desk, warn

if TYPE_CHECKING:
    from collections.abc import Mapping
    from email.message import Message

_HTML = re.compile(r'(<div class="body" id="body">\n).*(\n</div>\n<div class="footer">)', re.DOTALL)
"""The part of rss2email's own mails that holds the content."""
_TEXT = re.compile(r"\A.*(?=\n\nURL: )", re.DOTALL)


def process(feed: Any, parsed: object, entry: Mapping[str, Any], guid: str, message: Message) -> Message:  # noqa: ARG001  # as rss2email calls it
    """The message with the clean article in place of the feed's content; unchanged where there is none."""
    found = common_desk().entry(entry.get("link"), changed=guid in feed.seen)
    if found is not None and not _replaced(message, found.content):
        warn(f"{entry.get('link')}: its mail has no place for content that is known; it stays as it came")
    return message


def _replaced(message: Message, content: str) -> bool:
    """Whether there was a place for the content, in the one part or in each of several."""
    parts: Any = message.get_payload()
    if isinstance(parts, str):
        if message.get_content_subtype() == "html":
            return _put(message, _HTML, lambda found: f"{found[1]}{content}{found[2]}")
        text = _as_text(content).rstrip()
        return _put(message, _TEXT, lambda _found: text)
    html, *texts = parts
    done = _replaced(html, content)
    for part in texts if done else ():
        _set(part, _as_text(_body(html)))
    return done


def _put(part: Message, place: re.Pattern[str], write: Any) -> bool:
    body, count = place.subn(write, _body(part), count=1)
    if count:
        _set(part, body)
    return bool(count)


def _body(part: Message) -> str:
    payload = part.get_payload(decode=True)
    return payload.decode(part.get_content_charset("utf-8"), "replace") if isinstance(payload, bytes) else ""


def _set(part: Message, body: str) -> None:
    charset = Charset("utf-8")
    if part.get("Content-Transfer-Encoding", "").lower() == "8bit":
        charset.body_encoding = encode_7or8bit  # type: ignore[assignment]  # documented, and how rss2email does it
    del part["Content-Transfer-Encoding"]
    part.set_payload(body, charset)


def _as_text(html: str) -> str:
    """As rss2email writes it where it writes no HTML, by the user's own settings."""
    import html2text  # noqa: PLC0415  # rss2email brings it

    text: str = html2text.html2text(html)
    return text
