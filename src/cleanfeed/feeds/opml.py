"""OPML 2.0: all feeds in one file that a reader can import."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lxml import etree

from cleanfeed.feeds.names import page_url
from cleanfeed.text import plain

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cleanfeed.model import Outline, Site


def render(outlines: Iterable[Outline], site: Site) -> bytes:
    root = etree.Element("opml", version="2.0")
    etree.SubElement(etree.SubElement(root, "head"), "title").text = plain(site.title)
    body = etree.SubElement(root, "body")
    for one in outlines:
        etree.SubElement(body, "outline", _subscription(one, site))
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True, pretty_print=True)


def _subscription(one: Outline, site: Site) -> dict[str, str]:
    said = {
        "text": one.title,
        "title": one.title,
        "type": "rss",
        "description": one.description,
        "language": one.language,
        "xmlUrl": f"{site.base_url}{one.slug}.rss",
        "htmlUrl": page_url(one.slug, site),
    }
    return {name: value for name, value in said.items() if value}
