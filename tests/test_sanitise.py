"""The last gate: nothing that could act, load or track leaves it, whatever went in."""

from __future__ import annotations

import pytest

from cleanfeed.sanitise import sanitise
from cleanparts import Inspector, cleaned, faults
from parts import FIRES, title_of

VECTORS = [
    f"<script>{FIRES}</script>",
    f"<scr<script>ipt>{FIRES}</scr</script>ipt>",
    f"<SCRIPT SRC=data:text/javascript,{FIRES}></SCRIPT>",
    f'<img src=x onerror="{FIRES}">',
    f"<img src=x onerror={FIRES}//>",
    f"<img/src=x/onerror={FIRES}>",
    f'<img src=`x` onerror="{FIRES}">',
    f'<img """><script>{FIRES}</script>">',
    f'<IMG SRC=x OnErRoR="{FIRES}">',
    f'<svg onload="{FIRES}"></svg>',
    f"<svg><script>{FIRES}</script></svg>",
    f'<svg><animate onbegin="{FIRES}" attributeName=x dur=1s></svg>',
    f'<svg><a xlink:href="javascript:{FIRES}"><text y=20>x</text></a></svg>',
    f'<svg><foreignObject><body onload="{FIRES}"></foreignObject></svg>',
    f'<svg><set attributeName=onmouseover to="{FIRES}"></svg>',
    f'<svg><style><img src=x onerror="{FIRES}"></style></svg>',
    f'<svg></p><style><a id="</style><img src=1 onerror={FIRES}>">',
    f'<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror={FIRES}&gt;">',
    f'<math><annotation-xml encoding="text/html"><img src=x onerror="{FIRES}"></annotation-xml></math>',
    f'<math href="javascript:{FIRES}">x</math>',
    f"<form><math><mtext></form><form><mglyph><style></math><img src onerror={FIRES}>",
    f'<details open ontoggle="{FIRES}"><summary>x</summary></details>',
    f'<video onloadstart="{FIRES}"><source></video>',
    f'<video><source onerror="{FIRES}"></video>',
    f'<audio src=x onerror="{FIRES}"></audio>',
    f'<body onload="{FIRES}">',
    f'<input autofocus onfocus="{FIRES}">',
    f'<select autofocus onfocus="{FIRES}"></select>',
    f'<textarea autofocus onfocus="{FIRES}"></textarea>',
    f'<keygen autofocus onfocus="{FIRES}">',
    f'<marquee onstart="{FIRES}">x</marquee>',
    f'<a href="javascript:{FIRES}">x</a>',
    f'<a href="JaVaScRiPt:{FIRES}">x</a>',
    f'<a href="java\tscript:{FIRES}">x</a>',
    f'<a href="java&#10;script:{FIRES}">x</a>',
    f'<a href="&#106;avascript:{FIRES}">x</a>',
    f'<a href="&#x01;javascript:{FIRES}">x</a>',
    f'<a href="  javascript:{FIRES}">x</a>',
    f'<a href="data:text/html,<script>{FIRES}</script>">x</a>',
    f'<a href="vbscript:{FIRES}">x</a>',
    f'<a href=x style="background:url(javascript:{FIRES})">x</a>',
    f'<div style="width:expression({FIRES});position:fixed">x</div>',
    f"<style>@import 'javascript:{FIRES}';</style>",
    f'<link rel=stylesheet href="javascript:{FIRES}">',
    f'<meta http-equiv=refresh content="0;url=javascript:{FIRES}">',
    f'<base href="javascript:{FIRES}//">',
    f'<iframe src="javascript:{FIRES}"></iframe>',
    f'<iframe srcdoc="<script>parent.{FIRES}</script>"></iframe>',
    f'<iframe src="https://www.youtube.com/embed/x" onload="{FIRES}"></iframe>',
    f'<object data="javascript:{FIRES}"></object>',
    f'<object data="data:text/html,<script>parent.{FIRES}</script>"></object>',
    f'<embed src="javascript:{FIRES}">',
    f'<applet code=x onerror="{FIRES}"></applet>',
    f'<form action="javascript:{FIRES}"><button formaction="javascript:{FIRES}">x</button></form>',
    f'<isindex action="javascript:{FIRES}" type=submit>',
    f'<img srcset="javascript:{FIRES} 1x, https://example.org/a.jpg 2x">',
    f'<img srcset="data:image/svg+xml,<svg/onload={FIRES}> 1x">',
    f'<blockquote cite="javascript:{FIRES}">x</blockquote>',
    f'<q cite="javascript:{FIRES}">x</q>',
    f'<img longdesc="javascript:{FIRES}" src="https://example.org/a.jpg">',
    f'<video poster="javascript:{FIRES}" src="https://example.org/a.mp4"></video>',
    f'<table background="javascript:{FIRES}"><tr><td background="javascript:{FIRES}">x</td></tr></table>',
    f'<a ping="javascript:{FIRES}" href="https://example.org/">x</a>',
    f'<noscript><p title="</noscript><img src=x onerror={FIRES}>"></noscript>',
    f'<textarea><p title="</textarea><img src=x onerror={FIRES}>"></textarea>',
    f'<title><p title="</title><img src=x onerror={FIRES}>"></title>',
    f'<xmp><p title="</xmp><img src=x onerror={FIRES}>"></xmp>',
    f'<template><img src=x onerror="{FIRES}"></template>',
    f'<noembed><img src=x onerror="{FIRES}"></noembed><noframes><img src=x onerror="{FIRES}"></noframes>',
    f'<plaintext><img src=x onerror="{FIRES}">',
    f'<!--><img src=x onerror="{FIRES}">-->',
    f'<!--<img src="--><img src=x onerror={FIRES}//">',
    f'<![CDATA[><img src=x onerror="{FIRES}">]]>',
    f'<?xml-stylesheet href="javascript:{FIRES}"?><p>x</p>',
    f'<p title="&quot;><img src=x onerror={FIRES}>">x</p>',
    f'<img alt="&quot;><script>{FIRES}</script>" src="https://example.org/a.jpg">',
    f"<a href='https://example.org/\"><img src=x onerror={FIRES}>'>x</a>",
    '<a id=title name=title target=_blank href="https://example.org/">x</a><img name=body id=cookie src="https://example.org/a.jpg">',
    f"<p>&lt;script&gt;{FIRES}&lt;/script&gt;</p>",
    f"<p>&amp;lt;img src=x onerror={FIRES}&amp;gt;</p>",
    f"<time datetime='\"onmouseover={FIRES}'>x</time>",
    f"<td colspan='2\" onmouseover=\"{FIRES}'>x</td>",
    f"<scr\0ipt>{FIRES}</scr\0ipt>",
    f'<x onclick="{FIRES}" tabindex=1 autofocus onfocus="{FIRES}">x</x>',
    f'<portal src="javascript:{FIRES}"></portal><fencedframe></fencedframe>',
    f'<audio><source src="javascript:{FIRES}" srcset="javascript:{FIRES}"></audio>',
]


class AtTheGate(Inspector):
    """What the gate alone promises: lists of elements and attributes, and schemes."""

    def check_address(self, tag: str, name: str, value: str) -> None:
        scheme = value.strip().partition(":")[0].lower() if ":" in value.partition("/")[0] else "https"
        if scheme not in {"http", "https", "mailto"}:
            self.faults.append(f"{tag}[{name}={value}]")


@pytest.mark.parametrize("vector", VECTORS, ids=range(len(VECTORS)))
def test_a_vector_is_harmless_after_the_gate_alone(vector):
    inspector = AtTheGate()
    inspector.feed(sanitise(vector))
    inspector.close()
    assert inspector.faults == []


@pytest.mark.parametrize("vector", VECTORS, ids=range(len(VECTORS)))
@pytest.mark.parametrize(
    "around",
    [
        "{}",
        "<p>a {} b</p>",
        "<ul><li>{}</li></ul>",
        "<figure>{}<figcaption>{}</figcaption></figure>",
        "<table><tr><td>{}</td><td>x</td></tr></table>",
    ],
)
def test_a_vector_is_harmless_in_a_cleaned_body(vector, around):
    html = cleaned(around.replace("{}", vector)).html
    assert faults(html) == []
    assert "<script" not in html


def test_the_inspector_sees_what_is_harmful():
    assert [vector for vector in VECTORS[:50] if not faults(vector)] == []


def test_links_say_nothing_to_where_they_lead():
    assert sanitise('<a href="https://example.org/" rel="opener" target="_blank">x</a>') == (
        '<a href="https://example.org/" rel="noopener noreferrer">x</a>'
    )


def test_what_is_clean_is_left_as_it_is():
    clean = (
        '<p>a <a href="https://example.org/?a=1&amp;b=2" rel="noopener noreferrer">b</a> &lt; <em>c</em><br>d</p>\n'
        '<figure><img src="https://example.org/a.jpg" alt="A" width="600" height="400"><figcaption>e</figcaption></figure>'
    )
    assert sanitise(clean) == clean
    assert sanitise(sanitise(clean)) == clean


def test_a_browser_runs_nothing_of_the_vectors_once_they_are_clean(tmp_path):
    bodies = [cleaned(vector).html for vector in VECTORS] + [sanitise(vector) for vector in VECTORS]
    assert title_of(tmp_path, "\n".join(f"<div>{body}</div>" for body in bodies)) == "quiet"


@pytest.mark.parametrize("number", [0, 3, 9, 10])
def test_a_browser_would_run_the_vectors_as_they_are(tmp_path, number):
    assert title_of(tmp_path, VECTORS[number]) == "FIRED"
