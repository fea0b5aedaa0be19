"""Feeds as they come from elsewhere, of made-up articles, and the clean articles for them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from lxml import etree

from cleanfeed.errors import FetchError, PageError, Unclaimed
from cleanfeed.model import Entry

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

ONE = "https://harbour.example/2026/09/story-1/"
TWO = "https://harbour.example/2026/09/story-2/"
BROKEN = "https://harbour.example/2026/09/broken/"
AWAY = "https://elsewhere.example/x"
CLEAN = '<p>Whole &amp; clean: "رصيف" &lt;tag&gt; ]]&gt; 👩‍👧</p>\n<p><a href="https://harbour.example/?a=1&amp;b=2">on</a></p>'

RSS = f"""<?xml version="1.0" encoding="UTF-8"?>
<?xml-stylesheet type="text/css" href="feed.css"?>
<!-- made by hand -->
<rss version="2.0" xmlns:dc='http://purl.org/dc/elements/1.1/' xmlns:odd="urn:odd:1">
<channel>
  <title>The Harbour &#38; its quay</title><link>https://harbour.example/</link>
  <description><![CDATA[All <b>news</b>]]></description>
  <odd:thing a='1'   b="2"><odd:inner/></odd:thing>
  <item><title><![CDATA[First & foremost]]></title>
    <link>{ONE}</link><guid isPermaLink="false">tag:1</guid><pubDate>Mon, 14 Sep 2026 08:20:00 GMT</pubDate>
    <description>A teaser &hellip;</description><dc:creator>Ada Obi</dc:creator><odd:x/><!-- kept --></item>
  <item><title>Second</title><link>{TWO}</link><guid>{TWO}</guid></item>
</channel>
</rss>
<!-- the end -->
"""
RDF = f"""<?xml version="1.0"?>
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
 xmlns:content="http://purl.org/rss/1.0/modules/content/">
<channel rdf:about="https://harbour.example/"><title>H</title><link>https://harbour.example/</link><description>d</description>
<items><rdf:Seq><rdf:li rdf:resource="{ONE}"/><rdf:li rdf:resource="{TWO}"/></rdf:Seq></items></channel>
<item rdf:about="{ONE}"><title>First</title><link>{ONE}</link><content:encoded>old</content:encoded></item>
<item rdf:about="{TWO}"><title>Second</title></item>
</rdf:RDF>
"""
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://harbour.example/" xml:lang="en">
<id>tag:feed</id><title>H</title><updated>2026-09-14T08:20:00Z</updated>
<entry><id>tag:1</id><title>First</title><updated>2026-09-14T08:20:00Z</updated>
<link rel="enclosure" href="/a.mp3"/><link rel="alternate" type="application/pdf" href="/a.pdf"/><link href="2026/09/story-1/"/>
<content type="xhtml" xml:lang="en"><div xmlns="http://www.w3.org/1999/xhtml"><p>old <b>words</b></p></div></content></entry>
<entry xml:base="/2026/09/"><id>tag:2</id><title type="html">Second</title><updated>2026-09-14T08:20:00Z</updated>
<link rel="alternate" type="text/html" href="story-2/"/><summary>A teaser</summary></entry>
</feed>
"""
ATOM_PREFIXED = f"""<a:feed xmlns:a="http://www.w3.org/2005/Atom"><a:id>tag:feed</a:id><a:title>H</a:title>
<a:entry><a:id>tag:1</a:id><a:link href="{ONE}"/><a:content src="https://harbour.example/x" type="text/html"/></a:entry>
<a:entry><a:id>{TWO}</a:id></a:entry></a:feed>
"""
ATOM_03 = f"""<feed version="0.3" xmlns="http://purl.org/atom/ns#"><title>H</title>
<entry><id>tag:1</id><link rel="alternate" type="text/html" href="{ONE}"/><content type="text/html" mode="escaped">old</content></entry>
<entry><id>tag:2</id><link rel="alternate" type="text/html" href="{TWO}"/></entry></feed>
"""
JSON = f"""{{
  "version": "https://jsonfeed.org/version/1.1", "title": "H", "_odd": {{"big": 12345678901234567890, "f": 1.10}},
  "items": [
    {{"id": "1", "url": "{ONE}", "content_html": "<p>old</p>", "content_text": "old", "_x": 1.0e2, "title": "\\u0041"}},
    {{"id": 2, "external_url": "{TWO}", "content_text": "old", "date_published": "2026-09-14T08:20:00Z"}}
  ]
}}
"""
FEEDS = {
    "rss": RSS,
    "rdf": RDF,
    "atom": ATOM,
    "atom-prefixed": ATOM_PREFIXED,
    "atom-03": ATOM_03,
    "json": JSON,
}


def article(url: str, content: str = CLEAN) -> Entry:
    return Entry(
        id=f"tag:{url}",
        outlet="harbour",
        title="Clean",
        content=content,
        text="Clean",
        language="en",
        direction="ltr",
        url=url,
    )


KNOWN = {url: article(url) for url in (ONE, TWO)}


class Library:
    """Articles by address, and a record of who asked for which."""

    def __init__(self, known: dict[str, Entry] | None = None) -> None:
        self.known = KNOWN if known is None else known
        self.asked: list[str] = []

    def __call__(self, addresses: Sequence[str]) -> Iterator[tuple[str, Entry | PageError]]:
        for address in addresses:
            self.asked.append(address)
            yield address, self.known.get(address) or self._reason(address)

    def _reason(self, address: str) -> PageError:
        if address.startswith("https://harbour.example/"):
            return FetchError(address, "cannot be had")
        return Unclaimed(address, "no loaded outlet claims it", "refused")


ENCODED = "{http://purl.org/rss/1.0/modules/content/}encoded"
ATOM = ("http://www.w3.org/2005/Atom", "http://purl.org/atom/ns#")


def contents(data: bytes) -> list[str]:
    """The contents of a feed's entries, as a parser of XML or JSON reads them."""
    if data.lstrip().startswith(b"{"):
        return [item.get("content_html", "") for item in json.loads(data)["items"]]
    root = etree.fromstring(data)
    items = [node for node in root.iter("{*}item", "{*}entry") if isinstance(node.tag, str)]
    tags = (ENCODED, *(f"{{{space}}}content" for space in ATOM))
    return ["".join(node.text or "" for node in item.iterchildren(*tags)) for item in items]


def addresses(data: bytes) -> list[str]:
    """The addresses of a feed's entries, where each names one."""
    if data.lstrip().startswith(b"{"):
        return [item["url"] for item in json.loads(data)["items"]]
    items = etree.fromstring(data).iter("{*}item", "{*}entry")
    links = [link for item in items for link in item.iterchildren("{*}link")]
    return [link.get("href") or link.text for link in links]
