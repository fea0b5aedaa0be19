"""Pictures and players: which address a lazy image really has, and what an embed is a link to."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import parse_qs, quote, urlsplit

from cleanfeed.addresses import absolute, host_of
from cleanfeed.markup import Element, text_of
from cleanfeed.model import Enclosure
from cleanfeed.text import plain

IMAGES = frozenset({"img", "amp-img", "amp-anim", "picture"})
_LAZY = (
    "data-src", "data-lazy-src", "data-original", "data-lazy", "data-full-src", "data-image", "data-img-src",
    "data-hi-res-src", "data-large-file", "data-orig-file", "data-url", "data-echo",
)  # fmt: skip
_SETS = ("data-srcset", "data-lazy-srcset", "srcset")
_PLACEHOLDER = re.compile(
    r"(^|[/_.-])(blank|spacer|placeholder|transparent|pixel|1x1|lazy|loading|grey|gray|dummy|trans|empty)"
    r"([_.-][\w.-]*)?\.(gif|png|svg|jpe?g|webp)([?#]|$)",
    re.IGNORECASE,
)
_PIXEL_HOSTS = re.compile(
    r"(^|\.)(google-analytics\.com|googletagmanager\.com|doubleclick\.net|scorecardresearch\.com|quantserve\.com|"
    r"pixel\.wp\.com|stats\.wp\.com|chartbeat\.(com|net)|hits\.dwstat\.com|feedburner\.com|feedsportal\.com|"
    r"statcounter\.com|histats\.com|mc\.yandex\.ru|adnxs\.com|criteo\.com|criteo\.net|amazon-adsystem\.com|"
    r"outbrain\.com|taboola\.com|bat\.bing\.com|analytics\.[\w.-]+|pixel\.[\w.-]+|tracking[\w-]*\.[\w.-]+)$"
)
_EMOJI = re.compile(r"\b(wp-smiley|emoji|smiley)\b")
_SMALLEST = 3
"""Pixels; a picture that is smaller is there to count visits."""


@dataclass(frozen=True, slots=True)
class Image:
    src: str
    alt: str = ""
    width: int | None = None
    height: int | None = None


@dataclass(frozen=True, slots=True)
class Embed:
    """A player or post of another site: a link with a title, and a poster where its address is known."""

    url: str
    title: str
    poster: str | None = None


def is_emoji(node: Element) -> bool:
    return bool(_EMOJI.search(node.get("class") or ""))


def image(node: Element, base: str | None) -> Image | None:
    """The picture of an `img`, `amp-img` or `picture` with the best of its addresses; `None` for trackers."""
    inner = node if node.tag != "picture" else next(node.iter("img", "amp-img"), node)
    width, height = _pixels(inner.get("width")), _pixels(inner.get("height"))
    if min(_or_large(width), _or_large(height)) < _SMALLEST:
        return None
    candidates = _candidates(inner)
    if node.tag == "picture":
        candidates += [best for source in node.iter("source") if (best := _set_of(source))]
    src = next(filter(None, (_usable(each, base) for each in candidates)), None)
    if src is None:
        return None
    alt = plain(inner.get("alt") or "")
    return Image(src, alt, width, height)


def _or_large(value: int | None) -> int:
    return _SMALLEST if value is None else value


def _candidates(node: Element) -> list[str]:
    lazy = [value for name in _LAZY if (value := node.get(name))]
    sets = [best for name in _SETS if (best := _largest(node.get(name) or ""))]
    plain_src = node.get("src") or ""
    # A lazy address is the real one; a plain one is, unless it holds the place of another.
    return [*lazy, *sets[:1], plain_src] if lazy or not plain_src or _is_placeholder(plain_src) else [plain_src, *sets]


def _set_of(node: Element) -> str | None:
    return next((best for name in _SETS if (best := _largest(node.get(name) or ""))), None)


_CANDIDATE = re.compile(r"\s*([^\s,]\S*[^\s,]|[^\s,])(?:\s+([\d.]+)[wx])?\s*(?:,|$)")


def _largest(srcset: str) -> str | None:
    found = [(float(size or 1) if _is_number(size or "1") else 0.0, url) for url, size in _CANDIDATE.findall(srcset[:20000])]
    allowed = [each for each in found if not each[1].lower().startswith(("data:", "javascript:", "blob:", "vbscript:"))]
    return max(allowed, key=lambda each: each[0])[1] if allowed else None


def _is_number(text: str) -> bool:
    return text.replace(".", "", 1).isdigit()


def _is_placeholder(address: str) -> bool:
    return address.startswith(("data:", "about:")) or bool(_PLACEHOLDER.search(address))


def _usable(address: str, base: str | None) -> str | None:
    if _is_placeholder(address):
        return None
    found = absolute(_unwrapped(address), base)
    return None if found is None or is_tracker(found) else found


def _unwrapped(address: str) -> str:
    # Next.js serves pictures through /_next/image?url=<the real one>.
    if "/_next/image" in address:
        return next(iter(parse_qs(urlsplit(address).query).get("url", [])), address)
    return address


def is_tracker(address: str) -> bool:
    """Whether an image at this address is a visit counter's."""
    host = host_of(address)
    return bool(_PIXEL_HOSTS.search(host)) or (host == "facebook.com" and urlsplit(address).path.startswith("/tr"))


def _pixels(value: str | None) -> int | None:
    number = (value or "").strip().removesuffix("px")
    return int(number) if number.isascii() and number.isdigit() and len(number) < 6 else None  # noqa: PLR2004  # no picture is wider


_FRAMES = frozenset({"iframe", "amp-iframe", "embed", "object"})
_AMP_PLAYERS = {
    "amp-youtube": ("data-videoid", "https://www.youtube.com/watch?v={}"),
    "amp-twitter": ("data-tweetid", "https://twitter.com/i/status/{}"),
    "amp-instagram": ("data-shortcode", "https://www.instagram.com/p/{}/"),
    "amp-vimeo": ("data-videoid", "https://vimeo.com/{}"),
    "amp-dailymotion": ("data-videoid", "https://www.dailymotion.com/video/{}"),
    "amp-facebook": ("data-href", "{}"),
    "amp-tiktok": ("data-src", "{}"),
    "amp-soundcloud": ("data-trackid", "https://api.soundcloud.com/tracks/{}"),
}
_POSTS = {
    "twitter-tweet": "X", "twitter-video": "X", "instagram-media": "Instagram", "tiktok-embed": "TikTok",
    "fb-post": "Facebook", "fb-video": "Facebook", "telegram-post": "Telegram", "reddit-embed-bq": "Reddit",
    "bluesky-embed": "Bluesky", "mastodon-embed": "Mastodon",
}  # fmt: skip
EMBEDS = _FRAMES | frozenset(_AMP_PLAYERS) | {"amp-brightcove", "lite-youtube"}
_HOSTS = {
    "youtube.com": "YouTube", "youtube-nocookie.com": "YouTube", "youtu.be": "YouTube", "vimeo.com": "Vimeo",
    "dailymotion.com": "Dailymotion", "facebook.com": "Facebook", "fb.watch": "Facebook", "twitter.com": "X",
    "x.com": "X", "instagram.com": "Instagram", "tiktok.com": "TikTok", "t.me": "Telegram",
    "soundcloud.com": "SoundCloud", "spotify.com": "Spotify", "rumble.com": "Rumble", "streamable.com": "Streamable",
    "brightcove.net": "Brightcove", "twitch.tv": "Twitch", "ted.com": "TED", "odysee.com": "Odysee",
    "bitchute.com": "BitChute", "vk.com": "VK", "ok.ru": "OK", "linkedin.com": "LinkedIn", "reddit.com": "Reddit",
    "bsky.app": "Bluesky", "podcasts.apple.com": "Apple Podcasts", "jwplayer.com": "JW Player",
    "jwplatform.com": "JW Player", "dai.ly": "Dailymotion", "scribd.com": "Scribd", "anchor.fm": "Anchor",
    "archive.org": "Internet Archive", "google.com": "Google", "datawrapper.de": "Datawrapper", "dwcdn.net": "Datawrapper",
}  # fmt: skip
_YOUTUBE = re.compile(r"(?:/embed/|/shorts/|/live/|/v/|youtu\.be/|[?&]v=)([\w-]{11})(?![\w-])")
_PLAYER_PATHS = (
    (re.compile(r"^https?://player\.vimeo\.com/video/(\d+).*"), r"https://vimeo.com/\1"),
    (re.compile(r"^https?://(?:www\.|geo\.)?dailymotion\.com/embed/video/(\w+).*"), r"https://www.dailymotion.com/video/\1"),
    (re.compile(r"^https?://(?:www\.)?instagram\.com/(p|reel)/([\w-]+)/embed.*"), r"https://www.instagram.com/\1/\2/"),
    (re.compile(r"^https?://t\.me/([\w/]+)\?.*embed.*"), r"https://t.me/\1"),
    (re.compile(r"^https?://open\.spotify\.com/embed/(.*)"), r"https://open.spotify.com/\1"),
)


def embed(node: Element, base: str | None) -> Embed | None:
    """What a frame or AMP player of a known video or social host links to; `None` for any other."""
    if node.tag in _AMP_PLAYERS:
        name, pattern = _AMP_PLAYERS[node.tag]
        address = absolute(pattern.format(_slug(node.get(name) or "", pattern)))
    elif node.tag == "amp-brightcove":
        address = _brightcove(node)
    elif node.tag == "lite-youtube":
        address = absolute(f"https://www.youtube.com/watch?v={quote(node.get('videoid') or '')}")
    else:
        # Lazy frames hold their real address beside a blank one.
        sources = (node.get(name) for name in ("data-src", "data-lazy-src", "src", "data"))
        address = next(filter(None, (absolute(each, base) for each in sources if each)), None)
    return embed_of(address, node.get("title") or node.get("data-title") or "") if address else None


def _slug(value: str, pattern: str) -> str:
    return value if pattern == "{}" else quote(value, safe="")


def _brightcove(node: Element) -> str | None:
    account, video = node.get("data-account") or "", node.get("data-video-id") or ""
    if not (account.isalnum() and video):
        return None
    return absolute(f"https://players.brightcove.net/{account}/default_default/index.html?videoId={quote(video)}")


def embed_of(address: str, title: str = "") -> Embed | None:
    """The link for a player's address, if its host is a known video or social one."""
    host = host_of(address)
    name = next((name for known, name in _HOSTS.items() if host == known or host.endswith("." + known)), None)
    if name is None:
        return None
    poster = None
    if name == "YouTube" and (found := _YOUTUBE.search(address)):
        address = f"https://www.youtube.com/watch?v={found[1]}"
        poster = f"https://i.ytimg.com/vi/{found[1]}/hqdefault.jpg"
    if name == "Facebook" and (href := parse_qs(urlsplit(address).query).get("href")):
        address = absolute(href[0]) or address
    for pattern, real in _PLAYER_PATHS:
        address = pattern.sub(real, address)
    return Embed(address, _titled(title, name), poster)


def _titled(title: str, name: str) -> str:
    title = plain(title)
    generic = not title or title.lower() in {"youtube video player", "video", "embedded content", "iframe", "player"}
    return f"Watch on {name}" if generic else f"{title} ({name})"


def post_host(node: Element) -> str | None:
    """The social site whose embedded post this element is."""
    return next((_POSTS[token] for token in (node.get("class") or "").split() if token in _POSTS), None)


def post_address(node: Element, base: str | None) -> str | None:
    """Where an embedded social post lives: its declared address, else its last link (the date of a tweet)."""
    declared = node.get("data-instgrm-permalink") or node.get("data-href") or node.get("cite")
    links = [link.get("href") or "" for link in node.iter("a")]
    ordered = [declared or "", *reversed([each for each in links if "/status/" in each]), *reversed(links)]
    return next(filter(None, (absolute(each, base) for each in ordered if each)), None)


_TYPES = {
    "mp4": "video/mp4", "m4v": "video/mp4", "webm": "video/webm", "mov": "video/quicktime", "ogv": "video/ogg",
    "m3u8": "application/vnd.apple.mpegurl", "mp3": "audio/mpeg", "m4a": "audio/mp4", "ogg": "audio/ogg",
    "oga": "audio/ogg", "opus": "audio/ogg", "wav": "audio/wav", "aac": "audio/aac",
}  # fmt: skip


def playable(node: Element, base: str | None) -> Enclosure | None:
    """The file of a `video` or `audio` element (or of their AMP forms), by its first usable source."""
    sources = [(node, node.get("src") or node.get("data-src") or "")]
    sources += [(each, each.get("src") or each.get("data-src") or "") for each in node.iter("source")]
    for element, src in sources:
        address = absolute(src, base) if src else None
        if address:
            suffix = urlsplit(address).path.rpartition(".")[2].lower()
            declared = (element.get("type") or "").split(";")[0].strip().lower()
            kind = declared if re.fullmatch(r"(video|audio|application)/[\w.+-]+", declared) else ""
            family = "audio/mpeg" if "audio" in str(node.tag) else "video/mp4"
            return Enclosure(url=address, type=kind or _TYPES.get(suffix, family))
    return None


def frame_title(node: Element) -> str:
    return plain(node.get("title") or node.get("aria-label") or text_of(node))
