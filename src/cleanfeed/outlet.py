"""What a plugin declares: an outlet, and the recipe of its articles."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import unquote, urlsplit

from cleanfeed.addresses import canonical, host_of
from cleanfeed.blame import is_interrupt
from cleanfeed.declared import declared_addresses
from cleanfeed.errors import PageError, PluginError
from cleanfeed.finders import Finder, nothing
from cleanfeed.markup import Element

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from cleanfeed.model import Page

Found = str | Element
"""Text, or an element whose text counts."""


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """How the articles of an outlet are read: one finder per field of an entry.

    Only `title` and `content` must find something. Values are cleaned by the core: text is put on one line,
    dates are read in the outlet's time zone, addresses made absolute, the content cut and sanitised.
    """

    title: Finder[Found]
    content: Finder[Element | Sequence[Element] | str]
    """The element (or elements, or HTML text) that holds the article's body."""
    published: Finder[Any] = nothing
    """Text in any shape that `cleanfeed.dates.parse` reads, an age ("2 hours ago"), or a datetime."""
    updated: Finder[Any] = nothing
    summary: Finder[Found] = nothing
    authors: Finder[Found | Iterable[Found]] = nothing
    source: Finder[Found] = nothing
    """The agency or publisher that the article credits."""
    section: Finder[Found] = nothing
    tags: Finder[Found | Iterable[Found]] = nothing
    """Texts; a single text with commas is split at them."""
    image: Finder[Any] = nothing
    """An address, an image element, or several of them, of which the first usable one counts."""
    captions: Finder[Found | Iterable[Found]] = nothing
    """Captions of pictures outside the content; those inside are found by themselves."""
    kind: Finder[str] = nothing
    """"article" unless found otherwise."""
    number: Finder[str] = nothing
    """The outlet's own number of the article: what its id is minted from, else from its address."""
    address: Finder[str] = nothing
    """Where the page names the article's address in a place of its own; the canonical link outranks it."""
    media: Finder[str | Element] = nothing
    """What an entry without text shows: the player of a video page, the pictures of a gallery."""
    drop: tuple[str, ...] = ()
    """CSS selectors of what is cut from the content."""
    erase: tuple[str, ...] = ()
    """Regular expressions of what is taken out of the content's text, as raw shortcodes."""
    stop: tuple[str, ...] = ()
    """Regular expressions: from the first line of the content that one matches as a whole, all is cut."""
    boxes: tuple[str, ...] = ()
    """Regular expressions: a line that one matches heads a box of links, which is cut with it."""
    source_line: str = ""
    """A regular expression: the last line, where it matches, becomes `source` (its first group)."""
    is_article: Callable[[Page], bool | str] = lambda _page: True
    """True; or else False, or the reason why the page is no article."""


@dataclass(frozen=True, kw_only=True)
class Listing:
    """A place that lists articles of an outlet: a feed, a sitemap, a page of links, WordPress's REST.

    Listings of one section are alternatives, tried in order until one works; each section has its own.
    """

    url: str
    """In it, `{year}`, `{month}`, `{month:02}` and `{day:02}` are today's in the outlet's time zone, and
    `{page}` is the number of a page, from 1."""
    kind: Literal["auto", "feed", "sitemap", "links", "wordpress"] = "auto"
    """What it is; "auto" tells by the answer."""
    section: str = ""
    """The tag that its articles get; "" for listings of the whole outlet."""
    links: str = ""
    """A regular expression: paths (with query) of articles; unless given, the outlet's `articles`."""
    further: str = ""
    """The address of its further pages, with `{page}`, from 2; "" where there are none, or it names them."""


@dataclass(frozen=True, kw_only=True)
class Outlet:
    """A news organisation, one edition of it."""

    slug: str
    """Its name in configurations and ids: never change it."""
    name: str
    language: str
    """BCP 47."""
    timezone: str
    """IANA; times without a zone are read in it."""
    hosts: tuple[str, ...]
    """Where its pages live. `www.`, `m.`, `amp.` are implied; "example.org/en" claims a folder of a host."""
    article: Recipe
    capture: Recipe | None = None
    """For plain-text captures of its pages."""
    recognises: Callable[[Page], bool] = lambda _page: False
    """Tells the outlet's pages where no address does."""
    sentinels: tuple[str, ...] = ()
    """Regular expressions of lines that are never part of an article; matched against whole lines."""
    home: str = ""
    """The host that articles are addressed by where several hosts serve them."""
    articles: str = ""
    """A regular expression that paths (with query) of its articles match from their beginning; "" for any."""
    listings: tuple[str | Listing, ...] = field(default=(), repr=False)
    """Where new articles are listed; a plain address is `Listing(url=…)`."""
    icon: str = ""
    """The address of its icon; `favicon.ico` of its first host unless given."""
    republishes: bool = False
    """Whether it publishes what others have written: of one story, theirs is shown."""

    @property
    def direction(self) -> Literal["ltr", "rtl"]:
        return direction_of(self.language)


def listings_of(outlet: Outlet) -> tuple[Listing, ...]:
    """The outlet's listings; one that is declared as a plain address is of the default kind."""
    return tuple(each if isinstance(each, Listing) else Listing(url=each) for each in outlet.listings)


def icon_of(outlet: Outlet) -> str:
    """Where the outlet's icon is: as it declares, else where browsers look for one."""
    host = outlet.home or outlet.hosts[0].partition("/")[0].lower()
    return outlet.icon or f"https://{host}/favicon.ico"


RIGHT_TO_LEFT = frozenset({"ar", "arc", "ckb", "dv", "fa", "he", "ps", "sd", "syr", "ug", "ur", "yi"})
"""Primary language subtags that are written from right to left."""


def direction_of(language: str) -> Literal["ltr", "rtl"]:
    """How a language (BCP 47) is written."""
    return "rtl" if language.split("-", maxsplit=1)[0].lower() in RIGHT_TO_LEFT else "ltr"


def claim_of(host: str) -> tuple[str, str]:
    """A declared host as its name (without `www.`) and the folder that it claims, "" for all."""
    name, _, folder = host.lower().partition("/")
    return host_of(f"https://{name}"), folder.strip("/")


class Directory:
    """The loaded outlets, found by slug, address or page."""

    def __init__(self, outlets: Iterable[Outlet], origins: Mapping[str, str] = MappingProxyType({})) -> None:
        self.by_slug: dict[str, Outlet] = {}
        self._claims: dict[str, dict[str, Outlet]] = {}
        for outlet in outlets:
            self.by_slug[outlet.slug] = outlet
            for host in outlet.hosts:
                self._claim(host, outlet, origins)

    def _claim(self, host: str, outlet: Outlet, origins: Mapping[str, str]) -> None:
        name, folder = claim_of(host)
        other = self._claims.setdefault(name, {}).setdefault(folder, outlet)
        if other is not outlet:
            both = (f"{each.slug!r} of {origins.get(each.slug, 'one plugin')}" for each in (other, outlet))
            raise PluginError(f"host {host!r} is claimed by both {' and '.join(both)}")

    def of_address(self, address: str) -> Outlet | None:
        """The outlet that claims this address; the deepest folder wins."""
        claims = self._claims.get(host_of(address))
        if claims is None:
            return None
        path = unquote(urlsplit(address).path).strip("/").lower() + "/"
        fitting = [folder for folder in claims if not folder or path.startswith(folder + "/")]
        return claims[max(fitting, key=len)] if fitting else None

    def claims_host(self, address: str) -> bool:
        """Whether any outlet claims the address's host, or a folder of it."""
        return host_of(address) in self._claims

    def of_page(self, page: Page) -> Outlet | None:
        """By the page's own address, then by the one that it declares, then by what outlets recognise."""
        for address in declared_addresses(page):
            outlet = self.of_address(address)
            if outlet is not None:
                return outlet
        return next((each for each in self.by_slug.values() if _recognises(each, page)), None)


def _recognises(outlet: Outlet, page: Page) -> bool:
    try:
        return bool(outlet.recognises(page))
    except (PageError, MemoryError):  # about the page itself
        raise
    except BaseException as error:  # a plugin may raise anything, and must not cost the pages of others
        if is_interrupt(error):
            raise
        return False


def choose_address(page: Page, outlet: Outlet, directory: Directory) -> str | None:
    """Settles the canonical address of an outlet's page: its canonical link, else where it was had.

    Links to hosts that the outlet does not claim, and to its front page, are no addresses of an article.
    """
    return page.view("address", lambda page: _chosen(page, outlet, directory))


def _chosen(page: Page, outlet: Outlet, directory: Directory) -> str | None:
    had = canonical(page.url) if page.url else None
    own = outlet.article.address(page) if page.kind == "html" else None
    named = canonical(own, had) if isinstance(own, str) else None
    declared = [*declared_addresses(page)[1 if had else 0 :], *([named] if named else [])]
    mine = [each for each in declared if directory.of_address(each) is outlet and urlsplit(each).path != "/"]
    address = next(iter(mine), had)
    if address and outlet.home and directory.of_address(address) is outlet:
        return urlsplit(address)._replace(netloc=outlet.home).geturl()
    return address
