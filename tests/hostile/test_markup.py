"""Bodies that mean harm, cleaned: what could act, load or track is gone, and the words around it stay."""

from __future__ import annotations

import re

import pytest

from cleanfeed.encoding import decode
from cleanparts import cleaned, faults
from hostile.rows import cases, controls
from parts import FIRES, title_of

BAD = f"javascript:{FIRES}"
OK = "https://ok.example/i.jpg"
LINK = '<a href="{}">kept words</a>'
IMAGE = f'<img src="{OK}" {{}} alt="A crane">'

BODIES = {
    "H01": {
        "a script": (f"<script>{FIRES}</script>", "", FIRES),
        "a style": ("<style>p{color:red}</style>", "", "color"),
        "what stands for scripts": ("<noscript><p>switch it on</p></noscript>", "", "switch"),
        "a comment": (f"<!-- secret <script>{FIRES}</script> -->", "", "secret"),
    },
    "H02": {
        "onerror": (f"<img src=x onerror={FIRES}>", "", "onerror"),
        "ontoggle": (f"<details open ontoggle={FIRES}><summary>kept</summary> words</details>", "kept", "ontoggle"),
        "onload of a drawing": (f"<svg onload={FIRES}></svg>", "", "svg|onload"),
    },
    "H03": {
        "plain": (LINK.format(BAD), "kept words", "javascript|href"),
        "a tab inside": (LINK.format(f"java\tscript:{FIRES}"), "kept words", "script|href"),
        "a line's end inside": (LINK.format(f"java\nscript:{FIRES}"), "kept words", "script|href"),
        "encoded": (LINK.format(f"&#106;avascript:{FIRES}"), "kept words", "script|href"),
        "a control character before it": (LINK.format(f"\x01{BAD}"), "kept words", "script|href"),
        "mixed case": (LINK.format(f"JaVaScRiPt:{FIRES}"), "kept words", "script|href"),
    },
    "H04": {
        "data": (LINK.format("data:text/html,&lt;script&gt;x&lt;/script&gt;"), "kept words", "data:|href"),
        "vbscript": (LINK.format("vbscript:MsgBox(1)"), "kept words", "vbscript|href"),
        "file": (LINK.format("file:///etc/passwd"), "kept words", "file:|href"),
        "blob": (LINK.format("blob:https://ok.example/1"), "kept words", "blob:|href"),
    },
    "H05": {
        "a script among candidates": (f'<img srcset="{BAD} 1x, {OK} 2x">', f'src="{OK}"', "srcset|javascript"),
        "a drawing among candidates": (f'<img srcset="data:image/svg+xml,x 3x, {OK} 2x">', f'src="{OK}"', "srcset|data:"),
        "a drawing as the picture": (f'<img src="data:image/svg+xml,x" srcset="{OK} 1x">', f'src="{OK}"', "srcset|data:"),
    },
    "H06": {
        "cite": (f'<blockquote cite="{BAD}">kept words</blockquote>', "kept words", "cite|javascript"),
        "poster": (f'<video poster="{BAD}" src="https://ok.example/v.mp4"></video>', "", "poster|javascript"),
        "background": (f'<table background="{BAD}"><tr><td background="{BAD}">kept words</td><td>b</td></tr></table>', "kept words", "background|javascript"),
        "longdesc": (IMAGE.format(f'longdesc="{BAD}"'), OK, "longdesc|javascript"),
        "ping": (f'<a ping="{BAD}" href="https://ok.example/">kept words</a>', "kept words", "ping|javascript"),
    },
    "H07": {
        "covering the page": ('<p style="position:fixed;background:url(//evil.example/x)">kept words</p>', "kept words", "style|fixed|evil"),
        "an expression": (f'<p style="width:expression({FIRES})">kept words</p>', "kept words", "style|expression"),
        "an import": ("<style>@import '//evil.example/x.css';</style>", "", "import|evil"),
    },
    "H08": {
        "a script in a drawing": (f"<svg><script>{FIRES}</script></svg>", "", "svg|FIRED"),
        "an animation": (f'<svg><animate onbegin="{FIRES}" attributeName=x dur=1s></svg>', "", "svg|animate|onbegin"),
        "HTML in a drawing": (f'<svg><foreignObject><body onload="{FIRES}"></foreignObject></svg>', "", "svg|foreign|onload"),
        "HTML in a formula": (f'<math><annotation-xml encoding="text/html"><img src=x onerror="{FIRES}"></annotation-xml></math>', "", "<math|annotation|onerror"),
    },
    "H09": {
        name: (markup, "", "onerror=(?!.*&gt;)|<style|<form|<svg|<math|<script")
        for name, markup in {
            "noscript": f'<noscript><p title="</noscript><img src=x onerror={FIRES}>"></noscript>',
            "textarea": f'<textarea><p title="</textarea><img src=x onerror={FIRES}>"></textarea>',
            "title": f'<title><p title="</title><img src=x onerror={FIRES}>"></title>',
            "xmp": f'<xmp><p title="</xmp><img src=x onerror={FIRES}>"></xmp>',
            "template": f'<template><p title="</template><img src=x onerror={FIRES}>"></template>',
            "form and formula": f"<form><math><mtext></form><form><mglyph><style></math><img src onerror={FIRES}></style></math></form></form>",
            "select": f"<select><template><style><!--</select><img src=x onerror={FIRES}>--></style></template></select>",
            "table in a formula": f'<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror={FIRES}&gt;">',
            "style in a drawing": f'<svg></p><style><a id="</style><img src=1 onerror={FIRES}>"></svg>',
            "noembed and noframes": f'<noembed><p title="</noembed><img src=x onerror={FIRES}>"></noembed><noframes><img src=x onerror={FIRES}></noframes>',
            "a comment": f"<!--><img src=x onerror={FIRES}>-->",
            "CDATA in a drawing": f"<svg><![CDATA[</svg><img src=x onerror={FIRES}>]]></svg>",
        }.items()
    },
    "H10": {
        "an unknown host": ('<iframe src="https://evil.example/x"></iframe>', "", "iframe|evil"),
        "a film": ('<iframe src="https://www.youtube.com/embed/abcdefghijk"></iframe>', 'href="https://www.youtube.com/watch?v=abcdefghijk"', "iframe"),
        "a document inside": (f'<iframe srcdoc="<script>parent.{FIRES}</script>"></iframe>', "", "iframe|srcdoc|FIRED"),
    },
    "H11": {
        "object": (f'<object data="{BAD}"></object>', "", "object|javascript"),
        "embed": (f'<embed src="{BAD}">', "", "embed|javascript"),
        "applet": (f'<applet code=x onerror="{FIRES}"></applet>', "", "applet|onerror"),
        "formaction": (f'<form action="{BAD}"><button formaction="{BAD}">send it</button></form>', "", "form|button|javascript"),
    },
    "H12": {
        "base": ('<base href="//evil.example/"><a href="/x">kept words</a>', 'href="https://www.example.org/x"', "evil|<base"),
        "refresh": ('<meta http-equiv=refresh content="0;url=//evil.example">', "", "meta|evil"),
        "a style sheet": ('<link rel=stylesheet href="//evil.example/x.css">', "", "<link|evil"),
    },
    "H13": {
        "ids and names": ('<p id="title" name="body">kept words</p><img name="getElementById" src="https://ok.example/i.jpg">', "kept words", r"\sid=|\sname="),
        "a new window": ('<a href="https://ok.example/" target=_blank>kept words</a>', 'rel="noopener noreferrer"', "target"),
    },
    "H14": {
        "one by one": ('<img src="https://ok.example/p.gif" width=1 height=1>', "", "p.gif"),
        "nothing by nothing": ('<img src="https://ok.example/p.gif" width=0 height=0>', "", "p.gif"),
        "unseen": ('<img src="https://ok.example/p.gif" style="display:none">', "", "p.gif"),
        "a known counter": ('<img src="https://b.scorecardresearch.com/p?c1=2">', "", "scorecard"),
    },
    "H15": {
        **{
            name: (LINK.format(f"https://ok.example/?p=123&{name}=x"), 'https://ok.example/?p=123"', f"{name}=")
            for name in ("utm_source", "fbclid", "at_medium", "CMP", "smid", "ns_campaign")
        },
        "what is none": (LINK.format("https://ok.example/?p=123"), 'https://ok.example/?p=123"', "^$"),
    },
    "H20": {
        "a user's name": (LINK.format("http://good.example@evil.example/"), "kept words", "evil|href"),
        "a letter of another script": (LINK.format("https://аpple.example/"), "https://xn--pple-43d.example/", "а"),
    },
    "H27": {
        "in the name": (f"<scr\0ipt>{FIRES}</scr\0ipt>", "", "<scr|FIRED"),
        "after the name": (f"<script\0>{FIRES}</script\0>", "", "<scr|FIRED"),
        "in an attribute": (f'<img src="{OK}" one\0rror={FIRES}>', OK, "error|FIRED"),
    },
    "H53": {
        "a picture here": ('<img src="http://127.0.0.1/i.jpg">', "", "127"),
        "a picture at the metadata": ('<img src="http://169.254.169.254/latest">', "", "169"),
        "a film in the house": ('<video src="http://192.168.1.1/v.mp4"></video>', "", "192"),
        "a sound in the house": ('<audio src="http://intranet/a.mp3"></audio>', "", "intranet"),
    },
}  # fmt: skip
"""Markup, what must be left of it, and a pattern of what must not be."""


def wrongs(clean, given):
    """What is wrong with a body that was cleaned of this markup by this function."""
    markup, kept, gone = given
    html = clean(f"<p>words before</p>{markup}<p>words after</p>")
    wrong = faults(html)
    wrong += [f"lost: {words}" for words in ("words before", "words after", kept) if words not in html]
    return wrong + [f"kept: {found[0]}" for found in re.finditer(gone, html.replace("\n", " ")) if found[0]]


def ours(html):
    return cleaned(decode(html.encode(), "page")).html


def naive(html):
    """As a cleaner does that lists what is bad."""
    html = re.sub(r"<script>.*?</script>", "", html)
    html = re.sub(r' on\w+="[^"]*"', "", html)
    return re.sub(r'="javascript:[^"]*"', '=""', html)


@pytest.mark.parametrize("row, given", cases(BODIES))
def test_a_body_is_harmless_once_it_is_clean(row, given):
    assert wrongs(ours, given) == []


@pytest.mark.parametrize("variants", controls(BODIES))
def test_a_cleaner_that_lists_what_is_bad_lets_it_through(variants):
    assert any(wrongs(naive, given) for given in variants)


@pytest.mark.row("H09")
def test_a_browser_runs_nothing_of_what_is_left_of_markup_that_changes(tmp_path):
    left = [ours(markup) for markup, _kept, _gone in BODIES["H09"].values()]
    assert title_of(tmp_path, "\n".join(f"<div>{each}</div>" for each in left)) == "quiet"
