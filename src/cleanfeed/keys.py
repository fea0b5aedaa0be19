"""The keys of the configuration: what each may hold."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct

from cleanfeed.model import Kind, Part, Stories

URL = (
    r"(?i)\Ahttps?://(?:[a-z0-9_-]+(?:\.[a-z0-9_-]+)*\.?|\[[0-9a-f:.]+\])(?::\d{1,5})?"
    r"(?:/(?:[a-z0-9._~!$&'()*+,;=:@/-]|%[0-9a-f]{2})*)?\Z"
)
_HUB = URL.removesuffix(r"\Z") + r"(?:\?(?:[a-z0-9._~!$&'()*+,;=:@/?-]|%[0-9a-f]{2})*)?\Z"
_PROXY = r"(?i)\Ahttps?://[^\s/?#]+/?\Z"
_PATH = r"\A(?=.*\S)[^\x00-\x1f\x7f]+\Z"
WORD = r"\A[!-~]+\Z"
"""A secret, which may stand in a header as it is."""
_HOST = r"\A[A-Za-z0-9._:\[\]-]+\Z"

Text = Annotated[str, Meta(description="a string")]
Url = Annotated[
    str,
    Meta(
        pattern=URL,
        description="an absolute http or https address without user, query and fragment, "
        'such as "https://feeds.example.org/"',
    ),
]
FilePath = Annotated[str, Meta(pattern=_PATH, description='a path, such as "public"')]
FilePaths = Annotated[tuple[FilePath, ...], Meta(description='a list of paths, such as ["pages"]')]
Contact = Annotated[
    Annotated[str, Meta(pattern=r"\A[!-~]+\Z")] | None,
    Meta(description='an address in ASCII, such as "me@example.org"'),
]
Slugs = Annotated[tuple[str, ...], Meta(description='a list of outlets, such as ["harbour"]')]
Words = Annotated[tuple[str, ...], Meta(description='a list of words or phrases, such as ["Russia"]')]
Names = Annotated[tuple[str, ...], Meta(description='a list of names, such as ["Politics"]')]
Languages = Annotated[
    tuple[Annotated[str, Meta(pattern=r"\A[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8})*\Z")], ...],
    Meta(description='a list of language codes, such as ["en", "ar"]'),
]
Kinds = Annotated[
    tuple[Kind, ...],
    Meta(description='a list out of "article", "video", "gallery", "audio", "opinion"'),
]
Parts = Annotated[
    tuple[Part, ...],
    Meta(min_length=1, description='a list out of "title", "summary", "content"'),
]
By = Annotated[
    tuple[Annotated[str, Meta(pattern=r"\A(?:section|tag)\Z")], ...],
    Meta(min_length=1, description='a list out of "section", "tag"'),
]
Limit = Annotated[int, Meta(ge=1, le=500, description="a whole number from 1 to 500")]
Count = Annotated[int, Meta(ge=1, le=1_000_000, description="a whole number from 1 on")]
Seconds = Annotated[float, Meta(ge=0, le=3600, description="seconds, from 0 to 3600")]
Secret = Annotated[
    Annotated[str, Meta(pattern=WORD)] | None,
    Meta(description="a word in ASCII, without spaces", extra={"is_secret": True}),
]
Flag = Annotated[bool, Meta(description="true or false")]
OneOrAll = Annotated[Stories, Meta(description='"merge" or "keep"')]


class Auto(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Topics by themselves, for each section or tag with enough entries."""

    by: By = ("section", "tag")
    at_least: Count = 3
    limit: Limit = 50
    stories: OneOrAll = "merge"


class Fetch(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How pages are had from the web."""

    delay: Seconds = 1.0
    """Between two requests to one host."""
    max_pages: Count = 50
    """New articles per outlet and build."""
    allow_hosts: Annotated[
        tuple[Annotated[str, Meta(pattern=_HOST)], ...],
        Meta(description='a list of hosts, such as ["localhost"]'),
    ] = ()
    mirrors: Annotated[
        dict[Url, Url],
        Meta(description='addresses by address, such as "https://www.example.org" = "http://127.0.0.1:8080"'),
    ] = {}
    """Where to ask in place of an origin; trusted, so it may be anywhere."""
    proxy: Annotated[
        Annotated[str, Meta(pattern=_PROXY)] | None,
        Meta(description='the address of a proxy, such as "http://proxy.example.org:3128"'),
    ] = None
    withdrawn: Annotated[str, Meta(pattern=r"\A(?:keep|drop)\Z", description='"keep" or "drop"')] = "keep"
    """What becomes of an entry whose page is gone."""
    keep_days: Annotated[int, Meta(ge=0, le=36500, description="a whole number of days, from 0")] = 30
    """How long raw pages are kept."""
    keep_mb: Annotated[int, Meta(ge=0, le=1_000_000, description="a whole number of megabytes, from 0")] = 256
    """How much room raw pages may take in the ledger, compressed."""


class Publish(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How the feeds are offered to readers."""

    every_minutes: Annotated[
        int, Meta(ge=1, le=10_080, description="a whole number of minutes, from 1 to 10080 (a week)")
    ] = 60
    """How often the feeds are worth asking for."""
    hub: Annotated[
        Annotated[str, Meta(pattern=_HUB)] | None,
        Meta(
            description="an absolute http or https address without user and fragment, "
            'such as "https://hub.example.org/"'
        ),
    ] = None
    """The WebSub hub that is told of each change."""
    ids: Annotated[Literal["shared", "per-feed"], Meta(description='"shared" or "per-feed"')] = "shared"
    archives: Flag = False
    """Whether entries that leave a feed are kept in archives."""


class Miniflux(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A Miniflux whose new entries get their clean contents; what is missing, the environment tells."""

    url: Annotated[
        Annotated[str, Meta(pattern=URL)] | None,
        Meta(description='the address of Miniflux, such as "http://127.0.0.1:8080"'),
    ] = None
    api_key: Text = ""
    webhook_secret: Text = ""


class Serve(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who may ask a server of feeds."""

    token: Secret = None
    feedbin_user: Secret = None
    feedbin_secret: Secret = None

    def __repr__(self) -> str:
        return "Serve()"  # no feed depends on it, and it is nobody else's business
