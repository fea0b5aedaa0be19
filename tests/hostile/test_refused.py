"""Pages that are floods, bombs or no pages: refused with the reason, in little time, and nothing is asked for."""

from __future__ import annotations

import re
import time
import xml.sax
import xml.sax.handler
from contextlib import suppress
from io import BytesIO

import pytest
from lxml import etree

from cleanfeed.errors import ListingError
from cleanfeed.sources.xmltree import parse_xml
from faultserver import FaultServer, answer
from hostile.readers import article, naive, ours
from hostile.rows import cases, controls

__all__ = ["ours"]
LIMITS, SIZE, EMPTY, KIND, XML = (
    "beyond the parser's limits",
    "is too large",
    "is empty|holds no|no markup|no content was found",
    "is (a|an|JSON|not)",
    "XML",
)
MB20 = 20 << 20
REFUSED = {
    "H21": {"200,000 elements": (article(before="<div>" * 200_000), LIMITS, 1)},
    "H22": {
        "300 elements before the article": (article(before="<div>" * 300), LIMITS, 1),
        "300 elements that are closed again": (article(before="<div>" * 300 + "</div>" * 300), LIMITS, 1),
    },
    "H23": {
        "text": (article("<p>" + "x" * MB20 + "</p>"), SIZE, 1),
        "an attribute": (article(f'<p title="{"x" * MB20}">x</p>'), SIZE, 1),
        "a comment": (article(f"<!-- {'x' * MB20} -->"), SIZE, 1),
    },
    "H24": {
        "20,000 attributes": (article("<p " + " ".join(f'a{n}="x"' for n in range(20_000)) + ">x</p>"), LIMITS, 1),
        "200,000 attributes": (article("<p " + " ".join(f'a{n}="x"' for n in range(200_000)) + ">x</p>"), LIMITS, 2),
        "200,000 attributes with tags in quotes": (article("<p " + " ".join(f'a{n}=">"' for n in range(200_000)) + ">x</p>"), LIMITS, 2),
    },
    "H28": {
        "nothing": (b"", EMPTY, 1),
        "white space": (b"  \n\t ", EMPTY, 1),
        "a comment alone": (b"<!-- nothing -->", EMPTY, 1),
        "a head alone": (b"<html><head><title>The crane</title></head></html>", EMPTY, 1),
    },
    "H30": {
        "an external entity": (b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><html><body><h1>t</h1>&e;</body></html>', XML, 0.5),
        "a parameter entity": (b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY % p SYSTEM "file:///etc/passwd"> %p;]><html><body><h1>t</h1></body></html>', XML, 0.5),
        "a billion laughs": (
            b'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "ha">' + b"".join(
                b'<!ENTITY %c "%s">' % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(9)
            ) + b"]><html><body><h1>t</h1>&j;</body></html>", XML, 0.5),
        "one long entity again and again": (
            b'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "' + b"x" * 50_000 + b'">]><html><body><h1>t</h1>' + b"&a;" * 50_000 + b"</body></html>", XML, 0.5),
    },
}  # fmt: skip
"""A page, a pattern of the reason, and seconds of this process."""
KINDS = {
    "H29": {
        "a picture": (b"\x89PNG\r\n\x1a\n" + bytes(900), KIND, 1),
        "a PDF": (b"%PDF-1.7\n" + bytes(900), KIND, 1),
        "an archive": (b"PK\x03\x04" + bytes(900), KIND, 1),
        "a film": (b"\x00\x00\x00\x18ftypmp42" + bytes(900), KIND, 1),
        "JSON": (b'{"html": "<h1>t</h1><article><p>Three drivers shared her.</p></article>"}', KIND, 1),
    }
}  # fmt: skip
ALL = {**REFUSED, **KINDS}


def wrongs(read, given):
    raw, reason, seconds = given
    began = time.process_time()
    found = read(raw, None)
    wrong = ["too slow"] if time.process_time() - began > seconds else []
    if not isinstance(found, str):
        return [*wrong, f"an entry: {found.title}"]
    return wrong + ([] if re.search(reason, found) else [found])


@pytest.mark.parametrize("row, given", cases(ALL))
def test_what_is_no_page_is_refused_with_its_reason_and_soon(ours, row, given):
    assert wrongs(ours, given) == []


@pytest.mark.parametrize("variants", controls(ALL))
def test_a_reader_without_limits_gives_an_entry_or_fails(variants):
    assert any(wrongs(naive, given) for given in variants)


ENTITIES = REFUSED["H30"]


@pytest.mark.row("H30")
@pytest.mark.parametrize("name", ENTITIES)
def test_a_listing_that_declares_entities_is_refused_too(name):
    text = (
        ENTITIES[name][0]
        .decode()
        .replace("<html><body><h1>t</h1>", "<rss><channel><title>")
        .replace("</body></html>", "</title></channel></rss>")
    )
    began = time.process_time()
    with pytest.raises(ListingError, match=XML):
        parse_xml(text, "x")
    assert time.process_time() - began < 0.5


@pytest.mark.control("H30")
def test_a_parser_that_resolves_entities_reads_files():
    parser = etree.XMLParser(resolve_entities=True, load_dtd=True, no_network=False, huge_tree=True)
    root = etree.fromstring(ENTITIES["an external entity"][0], parser)
    assert "root:" in "".join(root.itertext())


# --- documents that lead elsewhere

LEADING = {
    "H31": {
        "XInclude": '<html xmlns:xi="http://www.w3.org/2001/XInclude"><body><h1>t</h1><xi:include href="{}"/><p>x</p></body></html>',
        "a style sheet": '<?xml version="1.0"?><?xml-stylesheet href="{}" type="text/xsl"?><html><body><h1>t</h1><p>x</p></body></html>',
        "a type of document": '<?xml version="1.0"?><!DOCTYPE html SYSTEM "{}"><html><body><h1>t</h1><p>x</p></body></html>',
        "an entity": '<?xml version="1.0"?><!DOCTYPE html [<!ENTITY e SYSTEM "{}">]><html><body><h1>&e;</h1></body></html>',
    }
}  # fmt: skip


@pytest.fixture
def server():
    with FaultServer() as made:
        made.on("/x", answer(b"<!ELEMENT html ANY>", kind="application/xml-dtd"))
        yield made


@pytest.mark.parametrize("row, given", cases(LEADING))
def test_no_document_leads_a_parser_elsewhere(ours, server, row, given):
    text = given.format(server.url("/x"))
    ours(text.encode(), None)
    with suppress(ListingError):
        parse_xml(text.replace("html", "rss"), "x")
    assert server.connections == 0


@pytest.mark.parametrize("variants", controls(LEADING))
def test_a_parser_that_follows_documents_is_led_elsewhere(server, variants):
    for text in variants:
        parser = xml.sax.make_parser()
        parser.setFeature(xml.sax.handler.feature_external_ges, True)
        with suppress(xml.sax.SAXException):
            parser.parse(BytesIO(text.format(server.url("/x")).encode()))
    assert server.connections > 0
