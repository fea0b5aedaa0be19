"""The HTML of an entry of any feed, cleaned as the bodies of articles are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cleanfeed.builtin import rules_of
from cleanfeed.clean import Body, Rules, clean, elements_of, rules
from cleanfeed.errors import UnreadablePage
from cleanfeed.lines import Lines
from cleanfeed.text import xml_safe

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cleanfeed.outlet import Outlet


def cleaned(html: str, name: str, outlet: Outlet) -> Body:
    """The HTML without the chrome of its outlet; relative addresses lead to the outlet."""
    home = f"https://{outlet.home or outlet.hosts[0]}/" if outlet.home or outlet.hosts else None
    return _cleaned(html, name, rules_of(outlet, outlet.article), home)


def cleaned_of_any(html: str, name: str, outlets: Iterable[Outlet]) -> Body:
    """The HTML without the lines that no article of any outlet may have."""
    lines = Lines.of(sentinels=dict.fromkeys(each for outlet in outlets for each in outlet.sentinels))
    return _cleaned(html, name, rules((), lines), None)


def _cleaned(html: str, name: str, what: Rules, base: str | None) -> Body:
    try:
        return clean(elements_of(xml_safe(html)), what, base)
    except ValueError as error:  # beyond the parser's limits
        raise UnreadablePage(name, str(error)) from error
