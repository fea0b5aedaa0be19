"""Articles whose pages mean harm: each costs itself at most, and what reaches a feed is harmless."""

from __future__ import annotations

import gzip
import json
import os
import re
import resource
import zlib

import pytest
from lxml import etree

from faults.world import World
from newsroom_faults import Reply, send

IS_FULL = os.environ.get("CLEANFEED_FULL", "") not in ("", "0")
BODY = '<div class="text">'
HTML = "text/html; charset=utf-8"


def sending(body, content_type=HTML, **headers):
    named = {"Content-Type": content_type, **{key.replace("_", "-"): text for key, text in headers.items()}}
    return lambda wire, _reply: send(
        wire, Reply(headers=named, body=body if isinstance(body, bytes) else body.encode())
    )


def inside(markup):
    """The article, with this at the beginning of its body."""
    return lambda article: sending(article.html().replace(BODY, f"{BODY}{markup}", 1))


def instead(body, content_type=HTML, **headers):
    return lambda _article: sending(body, content_type, **headers)


def head(markup):
    return lambda article: sending(article.html().replace("</head>", f"{markup}</head>", 1))


ATTRIBUTES = " ".join(f'a{number}="x"' for number in range(200_000))
PACKED_BOMB = zlib.compressobj(9, wbits=31)
BOMB = b"".join(PACKED_BOMB.compress(bytes(1 << 20)) for _ in range(64)) + PACKED_BOMB.flush()

HARMLESS = {
    "scripts": inside("<script>alert(1)</script><style>p{}</style><noscript>n</noscript><!-- c -->"),
    "handlers": inside("<img src=x onerror=alert(1)><details ontoggle=alert(1) open>d</details><svg onload=alert(1)></svg>"),
    "javascript addresses": inside(
        '<a href="javascript:alert(1)">a</a><a href="java\tscript:alert(1)">b</a><a href="&#106;avascript:alert(1)">c</a>'
        '<a href="\x01javascript:alert(1)">d</a><a href="JaVaScRiPt:alert(1)">e</a>'
    ),
    "other schemes": inside('<a href="data:text/html,x">a</a><a href="vbscript:x">b</a><a href="file:///etc/passwd">c</a>'),
    "srcset": inside('<img srcset="javascript:alert(1) 1x, https://ok.example/i.jpg 2x" src="data:image/svg+xml,x">'),
    "styles": inside('<p style="position:fixed;background:url(javascript:x)">styled words stand here</p>'),
    "svg and math": inside("<svg><script>alert(1)</script><foreignObject><body onload=x></svg><math><annotation-xml></math>"),
    "mixed markup": inside('<noscript><p title="</noscript><img src=x onerror=alert(1)>"></noscript><xmp><script>x</script></xmp>'),
    "frames": inside('<iframe src="https://evil.example/"></iframe><iframe srcdoc="<script>alert(1)</script>"></iframe>'),
    "objects": inside("<object data=x></object><embed src=x><applet></applet><form action=x><button formaction=x>b</form>"),
    "a foreign base": inside('<base href="//evil.example/"><meta http-equiv=refresh content="0;url=//evil.example">'),
    "ids and names": inside('<p id="cookie" name="body">words with an id</p><a href="/x" target=_blank>link</a>'),
    "pixels": inside('<img src="https://ok.example/p.gif" width=1 height=1><img src="https://ok.example/q.gif" style="display:none">'),
    "trackers": inside('<p><a href="https://ok.example/?utm_source=x&p=123&fbclid=y">a link that is tracked</a></p>'),
    "users in addresses": inside('<a href="http://good@evil.example/">u</a>'),
    "private pictures": inside('<img src="http://127.0.0.1/i.jpg"><img src="http://169.254.169.254/latest">'),
    "CDATA": inside("<p>an end ]]> of what <![CDATA[ was never begun]]></p>"),
    "NULs": inside("<scr\x00ipt>alert(1)</scr\x00ipt><p>after\x00wards</p>"),
    "bad addresses": inside('<a href="http://[::1">six</a><a href="http://%zz/">percent</a><a href="//">none</a>'),
    "a foreign canonical link": head('<link rel="canonical" href="https://evil.example/x"><link rel=canonical href="javascript:x">'),
    "utf-7": lambda article: sending(article.html().replace('charset="utf-8"', 'charset="utf-7"').replace(BODY, BODY + "+ADw-script+AD4-"), "text/html"),
    "bad JSON-LD": head('<script type="application/ld+json">' + "[" * 200_000 + "</script>"),
    "huge numbers in JSON-LD": head('<script type="application/ld+json">{"datePublished": ' + "9" * 100_000 + "}</script>"),
    "JSON-LD of wrong types": head('<script type="application/ld+json">[null, 3, {"@graph": "x", "headline": ["h"]}, NaN]</script>'),
    "misnested markup": inside("<b><i><a>x</b></i></a>" * 20_000),
    "many siblings": inside("<i></i>" * 200_000),
}  # fmt: skip
"""The article stays an entry, without what meant harm."""

REFUSED = {
    "nested 200,000 deep": inside("<div>" * 200_000),
    "nested 300 deep": inside("<div>" * 300),
    "too large": instead("<html><body><h1>t</h1><p>" + "x" * (6 << 20) + "</p></body></html>"),
    "empty": instead(b""),
    "white space": instead(b"  \n\t "),
    "a comment alone": instead("<!-- nothing -->"),
    "a head alone": instead("<html><head><title>t</title></head></html>"),
    "a picture": instead(b"\x89PNG\r\n\x1a\n" + bytes(900), "image/png"),
    "a PDF": instead(b"%PDF-1.7\n" + bytes(900), "application/pdf"),
    "an archive": instead(b"PK\x03\x04" + bytes(900), "application/zip"),
    "a film": instead(b"\x00\x00\x00\x18ftypmp42" + bytes(900), "video/mp4"),
    "JSON": instead('{"a": 1}', "application/json"),
    "external entities": instead('<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>', "application/xhtml+xml"),
    "a billion laughs": instead(
        '<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "ha">' + "".join(
            f'<!ENTITY {chr(98 + i)} "{f"&{chr(97 + i)};" * 10}">' for i in range(9)
        ) + "]><l>&j;</l>", "application/xml"),
    "a gzip bomb": instead(BOMB, Content_Encoding="gzip"),
    "a coding nobody asked for": instead(b"\x28\xb5\x2f\xfd" + bytes(50), Content_Encoding="zstd"),
    "two hundred codings": instead(gzip.compress(b"x"), Content_Encoding=", ".join(["gzip"] * 200)),
    "two megabytes of headers": instead("<p>x</p>", X_Much="x" * (2 << 20)),
    "a consent wall": instead("<title>We value your privacy</title><h1>We value your privacy</h1><p>We and our partners use cookies. Accept?</p>"),
    "a robot check": instead("<title>Just a moment...</title><h1>Just a moment</h1><p>Verify you are human</p>"),
    "a log-in": instead("<title>Log in</title><h1>Log in</h1><p>You must be logged in to continue reading.</p>"),
    "a soft 404": instead("<title>Page not found</title><h1>Page not found</h1><p>The page you requested could not be found.</p>"),
    **({"200,000 attributes": inside(f"<p {ATTRIBUTES}>x</p>")} if IS_FULL else {}),
}  # fmt: skip
"""The page is refused, with a reason; its address is named."""

FORBIDDEN = re.compile(
    r"<script|<style|<svg|<math|<iframe|<object|<embed|<form|<base|<meta|srcset|\son\w+\s*=|javascript:|vbscript:|data:text|file:"
    r"|style=|\sid=|\sname=|target=|127\.0\.0\.1|169\.254|utm_|fbclid|good@evil",
    re.IGNORECASE,
)


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """One build of all of them, among many articles that mean no harm."""
    cases = {**HARMLESS, **REFUSED}
    with World(tmp_path_factory.mktemp("hostile"), ["town-1"]) as world:
        world.room.fail("town-1", "404", path=r"/feed\.xml")
        world.room.publish("town-1", 4 * len(cases))
        articles = dict(zip(cases, world.room.articles("town-1")[1::4], strict=True))
        for name, article in articles.items():
            world.room.fail(article, cases[name](article))
        report = world.build(jobs=2)
        peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
        yield world, articles, report, peak


@pytest.mark.timeout(400)
@pytest.mark.parametrize("name", HARMLESS)
def test_an_article_with_harm_in_it_is_an_entry_without(built, name):
    world, articles, _report, _peak = built
    article = articles[name]
    found = next((item for item in world.items("town-1") if item["url"] == article.url), None)
    assert found is not None
    assert found["title"] == article.title
    assert article.body[-1][:40] in found["content_text"]
    assert not FORBIDDEN.search(found["content_html"]), FORBIDDEN.search(found["content_html"])
    assert "evil.example" not in json.dumps(found)


@pytest.mark.timeout(400)
@pytest.mark.parametrize("name", REFUSED)
def test_a_page_that_is_no_article_is_refused_and_named(built, name):
    world, articles, report, _peak = built
    article = articles[name]
    assert article.url not in [item["url"] for item in world.items("town-1")]
    told = (world.public / "report.json").read_text("utf-8") + "".join(map(str, report.problems))
    refused = report.outlets["town-1"].refused
    assert article.url in refused or article.url in told or "could not be had" in told


def test_all_other_articles_are_there(built):
    world, articles, _report, _peak = built
    harmed = {articles[name].url for name in REFUSED}
    expected = {each.url: each.title for each in world.room.articles("town-1") if each.url not in harmed}
    assert {item["url"]: item["title"] for item in world.items("town-1")} == expected


def test_every_feed_is_well_formed_and_no_worker_grew(built):
    world, _articles, _report, peak = built
    for path in world.public.glob("*"):
        if path.suffix in {".rss", ".atom", ".opml"}:
            etree.fromstring(path.read_bytes())
    assert peak < 1200


def test_nothing_but_the_outlet_was_asked(built):
    world, *_ = built
    assert set(world.room.log.by_site()) == {"https://town-1.example"}
    assert not [
        path for path in world.room.log.paths() if not re.match(r"/(story|feed|sitemap|robots|$)", path)
    ]
