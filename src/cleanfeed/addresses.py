"""Web addresses: absolute, safe to write, without trackers, and one per article."""

from __future__ import annotations

import ipaddress
import re
from functools import lru_cache
from urllib.parse import urljoin, urlsplit, urlunsplit

_TRACKING = re.compile(
    r"(utm_|mtm_|pk_|piwik_|hsa_|at_|ns_|oly_|vero_|__hs|_hs|trk_)\w*|"
    r"fbclid|gclid|gclsrc|dclid|gbraid|wbraid|msclkid|yclid|twclid|ttclid|igshid|igsh|li_fat_id|mc_cid|mc_eid|"
    r"mkt_tok|cmp|cmpid|smid|s_cid|ito|ocid|ncid|sref|sr_share|share_source|spm|_ga|_gl|epik|wickedid|"
    r"rb_clickid|srsltid|echobox|__twitter_impression|ref_src|ref_url|taid|xtor|soc_src|soc_trk|"
    r"guccounter|guce_referrer|guce_referrer_sig|ssuid|rss_?source|source_share|feature_share",
    re.IGNORECASE,
)
_SAFE = re.compile(r"https?://[A-Za-z0-9.-]+(:\d{1,5})?([/?#]([A-Za-z0-9._~!$&'()*+,;=:@/?#-]|%[0-9A-Fa-f]{2})*)?")
_FORBIDDEN = re.compile("[\x00-\x20\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
_HOST = re.compile(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*\.?")
LONGEST = 2000
"""Characters; longer addresses are data, not places."""


def absolute(address: str, base: str | None = None) -> str | None:
    """The address as an absolute http(s) one that may be written into a feed, or `None`.

    Spaces and letters beyond ASCII are percent-encoded, a host beyond ASCII becomes punycode (IDNA); user
    names, other schemes and hosts that are not public give `None`. Tracking parameters are left out.
    """
    address = _FORBIDDEN.sub("", address.strip()) if not address.isascii() else _tidy(address)
    if not address or len(address) > LONGEST * 3:
        return None
    try:
        joined = urljoin(base, address) if base else address
        safe = joined if _SAFE.fullmatch(joined) else _encoded(joined)
        return _checked(safe)
    except ValueError:  # urllib raises it for "http://[::1", odd ports and hosts beyond IDNA
        return None


def _tidy(address: str) -> str:
    # Browsers drop these anywhere inside, so "java\nscript:" is a scheme; spaces inside are data.
    return re.sub(r"[\x00-\x1f\x7f]", "", address).strip().replace(" ", "%20")


def _encoded(address: str) -> str:
    from w3lib.url import safe_url_string  # noqa: PLC0415  # most addresses are plain already

    return str(safe_url_string(address))


def _checked(address: str) -> str | None:
    parts = urlsplit(address)
    if parts.scheme not in {"http", "https"} or "@" in parts.netloc or len(address) > LONGEST:
        return None
    host = (parts.hostname or "").lower()
    if parts.port == 0 or not is_public_host(host):
        return None
    netloc = host if parts.port is None else f"{host}:{parts.port}"
    return urlunsplit((parts.scheme, netloc, parts.path, untracked(parts.query), parts.fragment))


def untracked(query: str) -> str:
    """The query without tracking parameters; the rest as it was, in its order."""
    if not query:
        return query
    return "&".join(each for each in query.split("&") if not _TRACKING.fullmatch(each.partition("=")[0]))


_PRIVATE_NAMES = re.compile(r"localhost|.*\.(localhost|local|internal|intranet|lan|home|corp|onion|arpa)")
_NUMERIC = re.compile(r"(0x[0-9a-f]*|\d+)(\.(0x[0-9a-f]*|\d+))*", re.IGNORECASE)


@lru_cache(maxsize=4096)
def is_public_host(host: str) -> bool:
    """Whether the host's name can be one of the public web: no private address in any notation, no local name."""
    bare = host.rstrip(".")
    if ":" in bare:
        return _is_public_ip(bare)
    if _NUMERIC.fullmatch(bare):
        return bare.count(".") == 3 and not re.search(r"(^|\.)0[0-9x]", bare) and _is_public_ip(bare)  # noqa: PLR2004  # dotted quad
    return "." in bare and bool(_HOST.fullmatch(bare)) and not _PRIVATE_NAMES.fullmatch(bare)


_NOT_PUBLIC = tuple(ipaddress.ip_network(each) for each in ("192.88.99.0/24", "fec0::/10", "100.64.0.0/10"))


def _is_public_ip(text: str) -> bool:
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return False
    inner = getattr(address, "ipv4_mapped", None) or getattr(address, "sixtofour", None)
    if inner is not None:
        return _is_public_ip(str(inner))
    if address in ipaddress.ip_network("64:ff9b::/96"):
        return _is_public_ip(str(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)))
    return address.is_global and not address.is_multicast and not any(address in net for net in _NOT_PUBLIC)


_AMP_PATH = re.compile(r"(/amp)+/?$")
_AMP_QUERY = re.compile(r"(amp|outputtype|noamp)(=(1|amp|mobile)?)?", re.IGNORECASE)


def canonical(address: str, base: str | None = None) -> str | None:
    """The address of an article as one writes it once: https, no tracker, fragment or AMP mark."""
    safe = absolute(address, base)
    if safe is None:
        return None
    parts = urlsplit(safe)
    path = parts.path
    if _AMP_PATH.search(path):
        path = _AMP_PATH.sub("/", path)
    query = "&".join(each for each in parts.query.split("&") if each and not _AMP_QUERY.fullmatch(each))
    scheme = "https" if parts.port in {None, 443, 80} else parts.scheme
    netloc = parts.hostname or "" if parts.port in {None, 443, 80} else parts.netloc
    return urlunsplit((scheme, netloc, path or "/", query, ""))


def host_of(address: str) -> str:
    """The address's host in lower case and without `www.`; "" where there is none."""
    try:
        host = (urlsplit(address).hostname or "").lower().rstrip(".")
    except ValueError:
        return ""
    return host.removeprefix("www.")
