"""The kinds of harm that are tried, by row, and how tables of their cases become tests."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Mapping

ROWS = {
    "H01": "scripts, styles and comments in a body", "H02": "handlers of events", "H03": "links that are scripts, disguised",
    "H04": "links of other schemes", "H05": "bad candidates among pictures", "H06": "bad addresses in rarer attributes",
    "H07": "styles that cover, load or compute", "H08": "SVG and MathML", "H09": "markup that changes when it is parsed again",
    "H10": "frames", "H11": "objects, applets and forms", "H12": "elements of a head inside a body",
    "H13": "names that scripts stumble over, and new windows", "H14": "pictures that only count", "H15": "links that track",
    "H16": "titles that look like markup", "H17": "characters that XML forbids", "H18": "titles that deceive, or have no end or no words",
    "H19": "the end of a CDATA section in a body", "H20": "addresses that pretend to be others", "H21": "elements nested without end",
    "H22": "elements nested too deep, before the article", "H23": "one text of many megabytes", "H24": "a tag with a flood of attributes",
    "H25": "millions of elements or references", "H26": "tags that cross each other", "H27": "NULs in the names of tags",
    "H28": "pages with nothing on them", "H29": "answers of another type", "H30": "bombs and files by entities of XML",
    "H31": "documents that lead a parser elsewhere", "H32": "tags in UTF-7", "H33": "labels of encodings that lie",
    "H34": "JSON-LD that is broken, outsized or odd", "H35": "bad addresses in JSON-LD", "H36": "a canonical link to somewhere else",
    "H37": "dates that cannot be", "H38": "a gzip bomb", "H39": "other bombs, and codings that nobody asked for",
    "H40": "coded bodies that were cut, damaged or lengthened", "H41": "bodies that end too early", "H42": "bodies without an end",
    "H43": "answers by drops, and silence", "H44": "heads that are no proper HTTP", "H45": "redirects to private addresses",
    "H46": "private addresses written as numbers", "H47": "private addresses inside those of IPv6", "H48": "names that are public and private",
    "H49": "names that turn private", "H50": "redirects to other schemes", "H51": "redirects in circles, to nowhere, or with bytes in them",
    "H52": "redirects to ports that are none of the web", "H53": "pictures and sounds at private addresses", "H54": "a robots.txt that fails or floods",
    "H55": "pauses that nobody could mean", "H56": "walls in an article's place", "H57": "listings that flood, repeat or lead away",
    "H58": "titles that are commands to a runner of CI", "H59": "titles that are commands to a terminal", "H60": "titles that forge a line of a log",
    "H61": "topics named after other files", "H62": "links and open doors in the output folder", "H63": "markup in the names of topics and outlets",
    "H64": "words of a topic that are a slow pattern", "H65": "configurations that flood the parser", "H66": "plugins that hang, crash or lie",
}  # fmt: skip


def cases(table: Mapping[str, Mapping[str, Any]]) -> list[Any]:
    """One test for each case of a table by row and variant, with its row and what the table holds."""
    return [
        pytest.param(row, given, id=f"{row}, {variant}", marks=pytest.mark.row(row))
        for row, variants in table.items()
        for variant, given in variants.items()
    ]


def controls(table: Mapping[str, Mapping[str, Any]]) -> list[Any]:
    """One test for each row, with all that the table holds of it: what a naive program makes of that."""
    return [
        pytest.param(list(variants.values()), id=row, marks=pytest.mark.control(row))
        for row, variants in table.items()
    ]
