"""Web addresses: absolute, safe to write, without trackers, and one per article."""

from __future__ import annotations

import re
from functools import lru_cache
from html import unescape
from ipaddress import IPv4Address, IPv4Network, IPv6Network, ip_address
from urllib.parse import quote, unquote, urljoin, urlsplit, urlunsplit

_TRACKING = re.compile(
    r"(utm_|mtm_|pk_|piwik_|hsa_|at_|ns_|oly_|vero_|__hs|_hs|trk_)\w*|"
    r"fbclid|gclid|gclsrc|dclid|gbraid|wbraid|msclkid|yclid|twclid|ttclid|igshid|igsh|li_fat_id|mc_cid|mc_eid|"
    r"mkt_tok|cmp|cmpid|smid|s_cid|ito|ocid|ncid|sref|sr_share|share_source|spm|_ga|_gl|epik|wickedid|"
    r"rb_clickid|srsltid|echobox|__twitter_impression|ref_src|ref_url|taid|xtor|soc_src|soc_trk|"
    r"guccounter|guce_referrer|guce_referrer_sig|ssuid|rss_?source|source_share|feature_share|mibextid|"
    r"fb_(action_ids|action_types|ref|source)|__tn__|(__cft__|__xts__)(\[0\]|%5B0%5D)?",
    re.IGNORECASE,
)
_CHARS = r"[A-Za-z0-9._~!$&'()*+,;=:@/-]++|%[0-9A-Fa-f]{2}"
_PATH = rf"(?:{_CHARS})*+"
_REST = rf"(?:{_CHARS}|\?)*+"
_SAFE = re.compile(
    rf"(https?)://([A-Za-z0-9._-]++|\[[0-9A-Fa-f:.]++\])(?::([0-9]{{0,5}}))?((?:/{_PATH})?)(?:\?({_REST}))?(?:#({_REST}))?"
)
_IS_ABSOLUTE = re.compile(r"https?://")
# Browsers drop these wherever they stand, so "java\nscript:" is a scheme; the others only deceive the eye.
_DROPPED = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff]")
_PLAIN = re.compile(r"[!-\[\]-~]*")
_STRAY_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
_HOST = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)(\.(?!-)[a-z0-9_-]{1,63}(?<!-))*")
_LAST_PORT = 65535
LONGEST = 2000
"""Characters; longer addresses are data, not places."""


_ESCAPED = re.compile(r"&(?:amp|lt|gt|quot|apos|#0*(?:34|38|39|60|62)|#[xX]0*(?:22|26|27|3[cCeE]));")
_ENCODED = re.compile(r"https?%(?:25)*3a", re.IGNORECASE)
_BARE_HOST = re.compile(r"(?://)?[\w-]+(?:\.[\w-]+)+(?:[/?#]|$)")


def as_meant(text: str) -> str:
    """An address as it was before it was escaped as HTML, percent-encoded, or written without its scheme.

    Only signs of markup are unescaped: `&copy=1` is a parameter, and no sign.
    """
    address = _ESCAPED.sub(lambda mark: unescape(mark[0]), text.strip())
    while _ENCODED.match(address):
        address = unquote(address)
    return f"https://{address.removeprefix('//')}" if _BARE_HOST.match(address) else address


@lru_cache(maxsize=4096)
def absolute(address: str, base: str | None = None) -> str | None:
    """The address as an absolute http(s) one that may be written into a feed, or `None`.

    Spaces and letters beyond ASCII are percent-encoded, a host beyond ASCII becomes punycode (IDNA); user
    names, other schemes and hosts that are not public give `None`. Tracking parameters are left out.
    """
    if not _PLAIN.fullmatch(address):
        address = _tidy(address)
    if not address or len(address) > LONGEST * 3:
        return None
    try:
        joined = address if not base or _IS_ABSOLUTE.match(address) else urljoin(base, address)
        found = _SAFE.fullmatch(joined) or _SAFE.fullmatch(_encoded(joined))
    except ValueError:  # urllib raises it for "http://[::1" and hosts beyond IDNA
        return None
    return _checked(found) if found else None


def _tidy(address: str) -> str:
    place, mark, rest = _DROPPED.sub("", address).strip().partition("?")
    # For browsers a backslash is a slash.
    return (place.replace("\\", "/") + mark + rest).replace(" ", "%20")


def _encoded(address: str) -> str:
    parts = urlsplit(address)
    host, mark, port = parts.netloc.partition(":")
    netloc = parts.netloc if host.isascii() else f"{host.encode('idna').decode()}{mark}{port}"
    return urlunsplit((parts.scheme, netloc, *map(_quoted, parts[2:])))


def _quoted(text: str) -> str:
    return _STRAY_PERCENT.sub("%25", quote(text, safe="/?%:@!$&'()*+,;=~"))


def _checked(found: re.Match[str]) -> str | None:
    scheme, host, port, path, query, fragment = found.groups(default="")
    host = host.lower()
    if (
        len(found[0]) > LONGEST
        or not is_public_host(host.strip("[]"))
        or (port and not 0 < int(port) <= _LAST_PORT)
    ):
        return None
    query, fragment = query and untracked(query), fragment and untracked(fragment)
    ending = f"{query and '?'}{query}{fragment and '#'}{fragment}"
    return f"{scheme}://{host}{port and ':'}{port}{path}{ending}"


def untracked(query: str) -> str:
    """The query without tracking parameters; the rest as it was, in its order."""
    if not query:
        return query
    return "&".join(each for each in query.split("&") if not _TRACKING.fullmatch(each.partition("=")[0]))


_PRIVATE_NAMES = re.compile(
    r"(.*\.)?(localhost|localdomain|local|internal|intranet|private|lan|home|corp|onion|arpa|"
    r"nip\.io|sslip\.io|xip\.io|localtest\.me|lvh\.me)"
)
_NUMERIC = re.compile(r"(0x[0-9a-f]*|\d+)(\.(0x[0-9a-f]*|\d+))*")
_QUAD = re.compile(r"(0|[1-9]\d{0,2})(\.(0|[1-9]\d{0,2})){3}")


@lru_cache(maxsize=4096)
def is_public_host(host: str) -> bool:
    """Whether a host can be one of the public web: no private address in any notation, no local name."""
    bare = host.rstrip(".")
    if ":" in bare:
        return _is_public_ip(bare)
    # Browsers take a host whose last part is a number for an IPv4 address.
    if _NUMERIC.fullmatch(bare.rpartition(".")[2]):
        return bool(_QUAD.fullmatch(bare)) and _is_public_ip(bare)
    return "." in bare and bool(_HOST.fullmatch(bare)) and not _PRIVATE_NAMES.fullmatch(bare)


# A table of our own: what `ipaddress` calls global changes between releases of Python.
_CLOSED = tuple(
    map(
        IPv4Network,
        (
            "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12",
            "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15",
            "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/3", "168.63.129.16/32",
        ),
    )
)  # fmt: skip
_OPEN6 = IPv6Network("2000::/3")
_CLOSED6 = tuple(map(IPv6Network, ("2001::/23", "2001:db8::/32", "3fff::/20")))
_NAT64 = IPv6Network("64:ff9b::/96")


def _is_public_ip(text: str) -> bool:
    try:
        address = ip_address(text)
    except ValueError:
        return False
    if isinstance(address, IPv4Address):
        return not any(address in network for network in _CLOSED)
    if address in _NAT64:
        return _is_public_ip(str(IPv4Address(int(address) & 0xFFFFFFFF)))
    inner = address.ipv4_mapped or address.sixtofour
    if inner is not None:
        return _is_public_ip(str(inner))
    return address in _OPEN6 and not any(address in network for network in _CLOSED6)


_AMP_PATH = re.compile(r"(/amp)+/?$")
_AMP_QUERY = re.compile(r"(amp|outputtype|noamp|amp_markup)(=(1|true|amp|mobile|available)?)?", re.IGNORECASE)
_AMP_CACHE = re.compile(
    r"https?://(?:[^/]*\.cdn\.ampproject\.org/(?:[a-z]/)?|(?:www\.)?google\.[a-z.]+/amp/)(s/)?(?=[^/]+\.)",
    re.IGNORECASE,
)
_ESCAPE = re.compile(r"%[0-9a-fA-F]{2}")
_DEFAULT_PORTS = frozenset({None, 80, 443})


def canonical(address: str, base: str | None = None) -> str | None:
    """The address of an article as one writes it once: https, no tracker, fragment or AMP mark."""
    safe = absolute(address, base)
    if safe is not None and _AMP_CACHE.match(safe):
        # What a cache of AMP pages was asked for may be anything.
        safe = absolute(_AMP_CACHE.sub("https://", safe))
    if safe is None:
        return None
    parts = urlsplit(safe)
    path = urlsplit(urljoin("https://h/", parts.path.lstrip("/"))).path if "/." in parts.path else parts.path
    path = _ESCAPE.sub(lambda found: found[0].upper(), _AMP_PATH.sub("/", path))
    query = "&".join(each for each in parts.query.split("&") if each and not _AMP_QUERY.fullmatch(each))
    is_default = parts.port in _DEFAULT_PORTS
    netloc = parts.netloc.rpartition(":")[0] if is_default and parts.port else parts.netloc
    return urlunsplit(("https" if is_default else parts.scheme, netloc, path or "/", query, ""))


def host_of(address: str) -> str:
    """The address's host in lower case and without `www.`, `m.` or `amp.`; "" where there is none."""
    try:
        host = (urlsplit(address).hostname or "").lower().rstrip(".")
    except ValueError:
        return ""
    return _VARIANT.sub("", host)


_VARIANT = re.compile(r"^(?:www|m|amp|mobile)\.(?=[^.]+\.)")
"""The beginnings of a host's name that stand for the same site on another device."""
