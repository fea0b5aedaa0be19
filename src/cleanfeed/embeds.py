"""Players and posts of other sites: what each is a link to."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, quote, urlsplit

from cleanfeed.addresses import absolute, host_of
from cleanfeed.model import Enclosure
from cleanfeed.text import plain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cleanfeed.markup import Element

_AMP_PLAYERS = {
    "amp-youtube": ("data-videoid", "https://www.youtube.com/watch?v={}"),
    "lite-youtube": ("videoid", "https://www.youtube.com/watch?v={}"),
    "amp-vimeo": ("data-videoid", "https://vimeo.com/{}"),
    "lite-vimeo": ("videoid", "https://vimeo.com/{}"),
    "amp-dailymotion": ("data-videoid", "https://www.dailymotion.com/video/{}"),
    "amp-twitter": ("data-tweetid", "https://twitter.com/i/status/{}"),
    "amp-instagram": ("data-shortcode", "https://www.instagram.com/p/{}/"),
    "amp-soundcloud": ("data-trackid", "https://api.soundcloud.com/tracks/{}"),
    "amp-jwplayer": ("data-media-id", "https://cdn.jwplayer.com/previews/{}"),
    "amp-facebook": ("data-href", ""),
    "amp-facebook-page": ("data-href", ""),
    "amp-tiktok": ("data-src", ""),
    "amp-reddit": ("data-src", ""),
    "amp-embedly-card": ("data-url", ""),
}
_FRAMES = frozenset({"iframe", "amp-iframe", "embed", "object"})
_BRIGHTCOVE = frozenset({"amp-brightcove", "video-js"})
EMBEDS = _FRAMES | _BRIGHTCOVE | frozenset(_AMP_PLAYERS)
PLAYERS = frozenset({"video", "audio", "amp-video", "amp-audio"})
_POSTS = {
    "twitter-tweet": "X", "twitter-video": "X", "instagram-media": "Instagram", "tiktok-embed": "TikTok",
    "fb-post": "Facebook", "fb-video": "Facebook", "telegram-post": "Telegram", "reddit-embed-bq": "Reddit",
    "bluesky-embed": "Bluesky", "mastodon-embed": "Mastodon",
}  # fmt: skip
_WATCH, _LISTEN, _VIEW = "Watch on", "Listen on", "View on"
_HOSTS = {
    "youtube.com": (_WATCH, "YouTube"), "youtube-nocookie.com": (_WATCH, "YouTube"),
    "youtu.be": (_WATCH, "YouTube"), "vimeo.com": (_WATCH, "Vimeo"),
    "dailymotion.com": (_WATCH, "Dailymotion"), "dai.ly": (_WATCH, "Dailymotion"),
    "fb.watch": (_WATCH, "Facebook"), "rumble.com": (_WATCH, "Rumble"),
    "streamable.com": (_WATCH, "Streamable"), "brightcove.net": (_WATCH, "Brightcove"),
    "twitch.tv": (_WATCH, "Twitch"), "ted.com": (_WATCH, "TED"), "odysee.com": (_WATCH, "Odysee"),
    "bitchute.com": (_WATCH, "BitChute"), "ok.ru": (_WATCH, "OK"), "jwplayer.com": (_WATCH, "JW Player"),
    "jwplatform.com": (_WATCH, "JW Player"), "soundcloud.com": (_LISTEN, "SoundCloud"),
    "spotify.com": (_LISTEN, "Spotify"), "anchor.fm": (_LISTEN, "Anchor"),
    "podcasts.apple.com": (_LISTEN, "Apple Podcasts"), "facebook.com": (_VIEW, "Facebook"),
    "twitter.com": (_VIEW, "X"), "x.com": (_VIEW, "X"), "instagram.com": (_VIEW, "Instagram"),
    "tiktok.com": (_VIEW, "TikTok"), "t.me": (_VIEW, "Telegram"), "vk.com": (_VIEW, "VK"),
    "linkedin.com": (_VIEW, "LinkedIn"), "reddit.com": (_VIEW, "Reddit"), "bsky.app": (_VIEW, "Bluesky"),
    "scribd.com": (_VIEW, "Scribd"), "archive.org": (_VIEW, "Internet Archive"),
    "datawrapper.de": (_VIEW, "Datawrapper"), "dwcdn.net": (_VIEW, "Datawrapper"),
}  # fmt: skip
_BUTTONS = re.compile(
    r"/plugins/(?!video|post)|/widgets/(?!tweet|video)|_button|subscribe_embed|/shar(?:e|er|ing|eArticle)\b|/intent/|"
    r"static/button|/widget_(?:community|like|comments|auth)",
    re.IGNORECASE,
)
_YOUTUBE = re.compile(
    r"(?:/embed/(?!videoseries|live_stream)|/shorts/|/live/|/v/|youtu\.be/|[?&]v=)([\w-]{11})(?![\w-])"
)
_PLAYER_PATHS = (
    (re.compile(r"^https?://player\.vimeo\.com/video/(\d+).*"), r"https://vimeo.com/\1"),
    (re.compile(r"^https?://(?:www\.)?dailymotion\.com/embed/video/(\w+).*"), r"https://www.dailymotion.com/video/\1"),
    (re.compile(r"^https?://geo\.dailymotion\.com/player.*[?&]video=(\w+).*"), r"https://www.dailymotion.com/video/\1"),
    (re.compile(r"^https?://(?:www\.)?instagram\.com/(p|reel|tv)/([\w-]+)/embed.*"), r"https://www.instagram.com/\1/\2/"),
    (re.compile(r"^https?://t\.me/([\w/]+)\?.*embed.*"), r"https://t.me/\1"),
    (re.compile(r"^https?://(?:www\.)?tiktok\.com/(?:embed/v\d|embed|player/v1)/(\d+).*"), r"https://www.tiktok.com/@/video/\1"),
    (re.compile(r"^https?://platform\.twitter\.com/(?:embed|widgets)/\w+\.html.*[?&#]id=(\d+).*"), r"https://twitter.com/i/status/\1"),
    (re.compile(r"^https?://open\.spotify\.com/embed/(.*)"), r"https://open.spotify.com/\1"),
)  # fmt: skip
_GENERIC = frozenset(
    {"", "youtube video player", "video", "video player", "embedded content", "iframe", "player", "embed"}
)


@dataclass(frozen=True, slots=True)
class Embed:
    """A player or post of another site: a link with a title, and a poster where its address is known."""

    url: str
    title: str
    poster: str | None = None


def embed(node: Element, base: str | None) -> Embed | None:
    """What a frame or player of a known video or social host links to; `None` for any other."""
    title = next((value for name in ("title", "data-title", "playlabel") if (value := node.get(name))), "")
    found = (embed_of(address, title) for each in _addresses(node) if (address := absolute(each, base)))
    best = next(filter(None, found), None)
    poster = absolute(node.get("poster") or node.get("data-poster") or "", base)
    return Embed(best.url, best.title, poster) if best and poster and not best.poster else best


def _addresses(node: Element) -> Iterator[str]:
    if node.get("data-account"):
        yield from _brightcove(node)
    name, pattern = _AMP_PLAYERS.get(str(node.tag), ("src", ""))
    value = node.get(name) or ""
    yield pattern.format(quote(value, safe="")) if value and pattern else value
    # Lazy frames hold their real address beside a blank one.
    for name in ("data-src", "data-lazy-src", "data-litespeed-src", "src", "data"):
        yield node.get(name) or ""


def _brightcove(node: Element) -> Iterator[str]:
    account, video = node.get("data-account") or "", node.get("data-video-id") or ""
    player = node.get("data-player") or node.get("data-player-id") or "default"
    if account.isalnum() and player.replace("-", "").isalnum() and video:
        yield f"https://players.brightcove.net/{account}/{player}_default/index.html?videoId={quote(video)}"


def embed_of(address: str, title: str = "") -> Embed | None:
    """The link for a player's address, if its host is a known video or social one, and it is no button."""
    verb, name = _site(address)
    parts = urlsplit(address)
    if not name or _BUTTONS.search(parts.path) or parts.path in {"", "/"}:
        return None
    href = parse_qs(parts.query).get("href")
    if href and name == "Facebook":
        address = absolute(href[0]) or address
    poster = None
    if name == "YouTube" and (found := _YOUTUBE.search(address)):
        address = f"https://www.youtube.com/watch?v={found[1]}"
        poster = f"https://i.ytimg.com/vi/{found[1]}/hqdefault.jpg"
    for pattern, real in _PLAYER_PATHS:
        address = pattern.sub(real, address)
    title = plain(title)
    return Embed(address, f"{verb} {name}" if title.lower() in _GENERIC else f"{title} ({name})", poster)


def _site(address: str) -> tuple[str, str]:
    host = host_of(address)
    while host:
        if host in _HOSTS:
            return _HOSTS[host]
        host = host.partition(".")[2]
    return "", ""


def post_host(node: Element) -> str | None:
    """The social site whose embedded post this element is."""
    return next((_POSTS[token] for token in (node.get("class") or "").split() if token in _POSTS), None)


def post(node: Element, base: str | None) -> Embed | None:
    """The link to an embedded post: its declared address, else its last link (the date of a tweet)."""
    declared = [node.get(name) or "" for name in ("data-instgrm-permalink", "data-href", "cite")]
    links = [link.get("href") or "" for link in node.iter("a")]
    ordered = [*declared, *reversed([each for each in links if "/status/" in each]), *reversed(links)]
    byline = plain("".join(child.tail or "" for child in node)).lstrip("—- ")
    found = (embed_of(address, byline or "Post") for each in ordered if (address := absolute(each, base)))
    frames = (embed(frame, base) for frame in node.iter("iframe"))
    return next(filter(None, found), None) or next(filter(None, frames), None)


def widget(script: Element) -> Embed | None:
    """The post that a script would draw in its place: so Telegram does it."""
    name = script.get("data-telegram-post")
    return embed_of(f"https://t.me/{quote(name)}", "Post") if name else None


def within(node: Element) -> bool:
    """Whether the element holds a post or player of another site."""
    posts = (post_host(each) for each in node.iter("blockquote", "div"))
    frames = (embed(each, None) for each in node.iter(*EMBEDS))
    return any(posts) or any(frames)


_TYPES = {
    "mp4": "video/mp4", "m4v": "video/mp4", "webm": "video/webm", "mov": "video/quicktime",
    "ogv": "video/ogg", "m3u8": "application/vnd.apple.mpegurl", "mp3": "audio/mpeg", "m4a": "audio/mp4",
    "ogg": "audio/ogg", "oga": "audio/ogg", "opus": "audio/ogg", "wav": "audio/wav", "aac": "audio/aac",
}  # fmt: skip
_TYPE = re.compile(r"(?:video|audio|application)/[\w.+-]+")


def playable(node: Element, base: str | None) -> Enclosure | None:
    """The file of a `video` or `audio` element (or of their AMP forms), by its first usable source."""
    for element in (node, *node.iter("source")):
        address = absolute(element.get("src") or element.get("data-src") or "", base)
        if address:
            declared = (element.get("type") or "").partition(";")[0].strip().lower()
            suffix = urlsplit(address).path.rpartition(".")[2].lower()
            family = "audio/mpeg" if "audio" in str(node.tag) else "video/mp4"
            kind = declared if _TYPE.fullmatch(declared) else _TYPES.get(suffix, family)
            return Enclosure(url=address, type=kind)
    return None
