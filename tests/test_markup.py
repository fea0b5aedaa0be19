"""Reading HTML: limits that are told, metadata, JSON-LD, and selectors."""

from __future__ import annotations

import json
import time

import pytest

from cleanfeed.errors import UnreadablePage
from cleanfeed.markup import JSON_LIMIT, compile_css, load_json, parse, simple, text_of
from cleanfeed.model import Page


def page(body: str, head: str = ""):
    return parse(f"<html><head>{head}</head><body>{body}</body></html>", "x.html")


LIMITS = {
    "200,000 levels": "<div>" * 200_000 + "x",
    "300 levels, and an article after them": "<div>" * 300 + "</div>" * 300 + "<p>The article.</p>",
    "a text of more than 10 MB": "<p>" + "x" * 10_500_000 + "</p><p>The article.</p>",
}


@pytest.mark.parametrize("body", LIMITS.values(), ids=LIMITS)
def test_a_page_beyond_the_parsers_limits_is_refused_never_cut(body):
    started = time.process_time()
    with pytest.raises(UnreadablePage, match=r"^x\.html: is beyond the parser's limits"):
        page(body)
    assert time.process_time() - started < 2


def test_a_page_within_the_limits_is_whole():
    assert text_of(page("<div>" * 240 + "deep" + "</div>" * 240 + "<p>after</p>")) == "deep after"


@pytest.mark.parametrize("body", ["", " ", "<!-- x -->"])
def test_a_page_without_html_is_refused(body):
    with pytest.raises(UnreadablePage, match=r"^x\.html: "):
        parse(body, "x.html")


def test_a_declaration_of_xml_is_no_obstacle():
    tree = parse('<?xml version="1.0" encoding="windows-1256"?>\n<html><body><p>زيت</p></body></html>', "x")
    assert text_of(tree) == "زيت"


def test_a_label_in_the_text_changes_nothing():
    tree = parse(
        '<html><head><meta charset="utf-7"></head><body><p>زيت +ADw-script+AD4-alert(1)</p></body></html>',
        "x",
    )
    assert tree.find(".//script") is None
    assert text_of(tree) == "زيت +ADw-script+AD4-alert(1)"


def test_comments_and_instructions_are_not_in_the_tree():
    assert all(isinstance(node.tag, str) for node in page("<p>a<!-- b --><?php c ?></p>").iter())


def test_lone_surrogates_are_a_reason_not_a_crash():
    with pytest.raises(UnreadablePage):
        parse("<html><body>\ud800</body></html>", "x")


@pytest.mark.parametrize("html, text", {
    "<p>a</p><p>b</p>": "a b", "<div>a</div>b": "a b", "a<br>b": "a b", "<td>a</td><td>b</td>": "a b", "<b>a</b>b": "ab", "a<span>b</span>": "ab",
    "a<script>x</script>b": "ab", "<style>x</style>a<noscript>x</noscript>": "a", "<ul><li>a<li>b</ul>c": "a b c", "<h2>a</h2>b<h5>c</h5>d": "a b c d",
    " a \n\t b&nbsp;c ": "a b c", "": "",
}.items())  # fmt: skip
def test_the_text_of_an_element_is_one_line(html, text):
    assert text_of(page(html)) == text


def test_the_first_of_each_metadata_counts_and_blank_ones_do_not():
    head = (
        "<meta property=og:title content=' '><meta property='OG:Title' content=A><meta name=og:title content=B>"
        "<meta content=x><meta itemprop=d content=C>"
    )
    assert Page(body=f"<html><head>{head}</head></html>").meta == {"og:title": "A", "d": "C"}


def objects(*blocks: str, kind: str = "application/ld+json"):
    scripts = "".join(f'<script type="{kind}">{block}</script>' for block in blocks)
    return Page(body=f"<html><body>{scripts}</body></html>").json_ld


JSON_LD = {
    "an object": ('{"@type": "A"}', [{"@type": "A"}]),
    "a list": ('[{"@type": "A"}, {"@type": "B"}]', [{"@type": "A"}, {"@type": "B"}]),
    "a graph": ('{"@graph": [{"@type": "A"}, 7, null, {"@type": "B"}]}', [{"@type": "A"}, {"@type": "B"}]),
    "a list of graphs": ('[{"@graph": [{"@type": "A"}]}]', [{"@type": "A"}]),
    "a newline in a string": ('{"a": "b\nc"}', [{"a": "b\nc"}]),
    "a wrapping of CDATA": ('//<![CDATA[\n{"a": 1}\n//]]>', [{"a": 1}]),
    "a wrapping of a comment": ('<!-- {"a": 1} -->', [{"a": 1}]),
    "a text": ('"a"', []),
    "a number": ("7", []),
    "nothing": ("", []),
    "a broken block": ('{"a": ', []),
    "NaN": ('{"a": NaN}', []),
    "infinity": ('{"a": -Infinity}', []),
    "a flood of brackets": ("[" * 200_000, []),
    "brackets that close": ("[" * 900 + "]" * 900, []),
    "a number of 100,000 digits": ('{"a": ' + "1" * 100_000 + "}", []),
    "an outsized block": (json.dumps({"a": "x" * JSON_LIMIT}), []),
    "HTML inside": ('{"a": "<p>b<\\/p>"}', [{"a": "<p>b</p>"}]),
}


@pytest.mark.parametrize("block, expected", JSON_LD.values(), ids=JSON_LD)
def test_json_ld(block, expected):
    assert list(objects(block)) == expected


def test_a_broken_block_does_not_spoil_the_next():
    assert list(objects("{", '{"a": 1}')) == [{"a": 1}]


def test_the_type_of_a_block_may_be_written_in_any_way():
    assert objects('{"a": 1}', kind=" Application/LD+JSON; charset=utf-8")
    assert not objects('{"a": 1}', kind="text/javascript")


def test_a_graph_of_thousands_is_cut():
    assert len(objects(json.dumps([{"a": 1}] * 5000))) == 50


def test_json_without_meaning_is_nothing():
    assert load_json("{'a': 1}") is None


@pytest.mark.parametrize("selector, found", [
    (".a", ["p", "b"]), ("p.a", ["p"]), ("div > p", ["p", "p"]), ("#x", ["i"]), ("p:not(.a)", ["p"]), ("p, i", ["p", "p", "i"]), ("[data-y]", ["i"]),
])  # fmt: skip
def test_selectors_find_elements_in_order(selector, found):
    tree = page("<div><p class='z a'>1</p><p class='aa'>2</p></div><b class=a>3</b><i id=x data-y=1>4</i>")
    assert [node.tag for node in compile_css(selector)(tree)] == found


@pytest.mark.parametrize("selector", ["", "p[", "..a", "p:nonsense(", "a >> b"])
def test_a_selector_that_is_none_is_named(selector):
    with pytest.raises(ValueError, match="is no CSS selector"):
        compile_css(selector)


@pytest.mark.parametrize("selector, parts", [
    (".a-b", ("*", "class", "a-b")), ("div.a", ("div", "class", "a")), ("#a", ("*", "id", "a")), ("header", ("header", "", "")), ("a b", None), (".a.b", None), ("", None), ("*", None),
])  # fmt: skip
def test_simple_selectors_are_told(selector, parts):
    assert simple(selector) == parts
