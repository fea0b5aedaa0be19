"""Addresses: absolute, public, without trackers, and one for each article."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cleanfeed.addresses import absolute, as_meant, canonical, host_of, is_public_host, untracked

BASE = "https://www.example.org/news/2026/x?y=1"

WRITTEN = {
    "https://example.org": "https://example.org",
    "HTTPS://EXAMPLE.org/Path": "https://example.org/Path",
    "http://example.org/": "http://example.org/",
    "/a": "https://www.example.org/a",
    "a": "https://www.example.org/news/2026/a",
    "../a": "https://www.example.org/news/a",
    "?p=1": "https://www.example.org/news/2026/x?p=1",
    "//cdn.example.org/a": "https://cdn.example.org/a",
    "\\\\cdn.example.org\\a": "https://cdn.example.org/a",
    "https:\\\\example.org\\a": "https://example.org/a",
    "http://example.org\\@evil.example/": "http://example.org/@evil.example/",
    " https://example.org/a \n": "https://example.org/a",
    "https://exa\tmple.org/a\nb": "https://example.org/ab",
    "https://example.org/a b": "https://example.org/a%20b",
    "https://example.org/أخبار سوريا": "https://example.org/%D8%A3%D8%AE%D8%A8%D8%A7%D8%B1%20%D8%B3%D9%88%D8%B1%D9%8A%D8%A7",
    "https://example.org/?q=قطر": "https://example.org/?q=%D9%82%D8%B7%D8%B1",
    "https://example.org/%D8%A3": "https://example.org/%D8%A3",
    'https://example.org/a|b"c<d>`{}^': "https://example.org/a%7Cb%22c%3Cd%3E%60%7B%7D%5E",
    "https://example.org/?a[]=1": "https://example.org/?a%5B%5D=1",
    "https://example.org/100%": "https://example.org/100%25",
    "https://example.org/%zz%20": "https://example.org/%25zz%20",
    "https://example.org/a#b#c": "https://example.org/a#b%23c",
    "https://example.org/a:b": "https://example.org/a:b",
    "https://example.org:8443/a": "https://example.org:8443/a",
    "https://example.org:/a": "https://example.org/a",
    "https://my_site.example.org/": "https://my_site.example.org/",
    "https://مثال.com/x": "https://xn--mgbh0fb.com/x",
    "https://münchen.de:8080/ü": "https://xn--mnchen-3ya.de:8080/%C3%BC",
    "https://аррӏе.com/": "https://xn--80ak6aa92e.com/",
    "https://8.8.8.8/dns": "https://8.8.8.8/dns",
    "https://[2606:4700::1111]:8080/x": "https://[2606:4700::1111]:8080/x",
    "https://example.org/a\u202eb\u200b": "https://example.org/ab",
    "https://example.org/می\u200cخواهم": "https://example.org/%D9%85%DB%8C%E2%80%8C%D8%AE%D9%88%D8%A7%D9%87%D9%85",
}


@pytest.mark.parametrize("address, expected", WRITTEN.items())
def test_an_address_is_written_absolute_and_encoded(address, expected):
    assert absolute(address, BASE) == expected


@pytest.mark.parametrize("address", WRITTEN.values())
def test_what_was_written_is_written_the_same_again(address):
    assert absolute(address) == address


NEVER = [
    "", " ", "javascript:alert(1)", "JAVASCRIPT:x", "java\nscript:x", "\x01javascript:x", "data:text/html,x", "vbscript:x", "file:///etc/passwd",
    "ftp://example.org/", "gopher://example.org/", "blob:https://example.org/", "mailto:a@example.org", "tel:1", "about:blank", "ws://example.org/",
    "http://", "http:///x", "https://?x", "http://[", "http://[::1", "http://example.org:99999/", "http://example.org:0/", "http://example.org:8o/",
    "http://example.org:１/",
    "http://user@example.org/", "http://user:pass@example.org/", "http://example.org@evil.example/",
    "http://localhost/", "http://LOCALHOST:8080/", "http://localhost./", "http://a.localhost/", "http://printer.local/", "http://wiki.internal/",
    "http://metadata.google.internal/", "http://intranet/", "http://router.lan/", "http://nas.home.arpa/", "http://1.0.0.127.in-addr.arpa/",
    "http://127.0.0.1/", "http://127.1/", "http://127.0.1/", "http://2130706433/", "http://017700000001/", "http://0x7f000001/", "http://0x7f.1/",
    "http://0177.0.0.1/", "http://127.0.0.1./", "http://127.00.0.1/", "http://0.0.0.0/", "http://0/", "http://10.0.0.1/", "http://172.16.0.1/",
    "http://172.31.255.255/", "http://192.168.1.1/", "http://169.254.169.254/", "http://100.64.0.1/", "http://192.0.2.1/", "http://192.88.99.1/",
    "http://198.18.0.1/", "http://198.51.100.1/", "http://203.0.113.1/", "http://224.0.0.1/", "http://240.0.0.1/", "http://255.255.255.255/",
    "http://256.1.1.1/", "http://1.2.3/", "http://1.2.3.4.5/", "http://example.1/", "http://foo.0x7f/",
    "http://[::1]/", "http://[::]/", "http://[::127.0.0.1]/", "http://[::ffff:10.0.0.1]/", "http://[::ffff:7f00:1]/", "http://[64:ff9b::7f00:1]/",
    "http://[2002:7f00:1::]/", "http://[fe80::1]/", "http://[fe80::1%25eth0]/", "http://[fc00::1]/", "http://[fec0::1]/", "http://[ff02::1]/",
    "http://[2001::1]/", "http://[2001:db8::1]/", "http://[100::1]/",
    "http://１２７.0.0.1/", "http://127。0。0。1/", "http://①②⑦.⓪.⓪.①/", "http://ⓛocalhost/", "http://%31%32%37.0.0.1/", "http://ex%61mple.org/",
    "http://127.0.0.1.nip.io/", "http://localtest.me/", "http://-a.example.org/", "http://a..example.org/", "http://.example.org/",
    "http://" + "a" * 64 + ".org/", "http://exa mple.org/", "http://a\ud800.org/", "https://example.org/\ud800", "https://example.org/" + "a" * 3000,
]  # fmt: skip


@pytest.mark.parametrize("address", NEVER)
def test_an_address_that_is_not_of_the_public_web_is_never_written(address):
    assert absolute(address) is None
    assert canonical(address) is None


@pytest.mark.parametrize(
    "host",
    [
        "172.15.0.1",
        "172.32.0.1",
        "100.63.0.1",
        "100.128.0.1",
        "11.0.0.1",
        "223.1.1.1",
        "::ffff:8.8.8.8",
        "64:ff9b::808:808",
        "2002:808:808::",
        "2a00:1450::1",
        "locals.org",
        "home.example",
    ],
)
def test_neighbours_of_closed_networks_are_public(host):
    assert is_public_host(host)


@pytest.mark.parametrize("query, expected", {
    "": "", "p=123": "p=123", "p=1&utm_source=a&q=2": "p=1&q=2", "UTM_Medium=x": "", "fbclid=1&gclid=2&msclkid=3": "",
    "at_medium=x&at_campaign=y&id=7": "id=7", "CMP=share&cmpid=2": "", "smid=tw": "", "ns_mchannel=x&ns_source=y": "", "mc_cid=1&mc_eid=2": "",
    "a=1&a=2": "a=1&a=2", "ref=7": "ref=7", "b=&c": "b=&c", "amount=5": "amount=5", "utm": "utm", "cat=5&itok=x": "cat=5&itok=x",
    "igshid=1&igsh=2&mibextid=x": "", "__cft__[0]=x&__tn__=y": "", "__cft__%5B0%5D=x": "",
}.items())  # fmt: skip
def test_tracking_parameters_go_and_the_rest_keeps_its_order(query, expected):
    assert untracked(query) == expected


def test_trackers_in_a_fragment_go():
    assert absolute("https://example.org/a#xtor=RSS-1") == "https://example.org/a"
    assert absolute("https://example.org/a#part-2") == "https://example.org/a#part-2"


CANONICAL = {
    "http://example.org/a": "https://example.org/a",
    "http://example.org:80/a": "https://example.org/a",
    "https://example.org:443/a": "https://example.org/a",
    "http://example.org:8080/a": "http://example.org:8080/a",
    "https://example.org": "https://example.org/",
    "https://example.org/a#b": "https://example.org/a",
    "https://example.org/a?utm_source=x&p=1": "https://example.org/a?p=1",
    "https://example.org/a/amp/": "https://example.org/a/",
    "https://example.org/a/amp": "https://example.org/a/",
    "https://example.org/a?amp": "https://example.org/a",
    "https://example.org/a?amp=1&p=2": "https://example.org/a?p=2",
    "https://example.org/a?outputType=amp": "https://example.org/a",
    "https://example.org/amp-stack": "https://example.org/amp-stack",
    "https://example.org/%d8%a3": "https://example.org/%D8%A3",
    "https://www-example-org.cdn.ampproject.org/c/s/www.example.org/a/amp/": "https://www.example.org/a/",
    "https://www.google.com/amp/s/www.example.org/a/amp/": "https://www.example.org/a/",
}


@pytest.mark.parametrize("address, expected", CANONICAL.items())
def test_an_article_has_one_address(address, expected):
    assert canonical(address) == expected
    assert canonical(expected) == expected


@pytest.mark.parametrize("written, meant", [
    ("https://outlet.example/a", "https://outlet.example/a"),
    (" https%3A%2F%2Foutlet.example%2Fa%3Fb%3D1%26c%3D2\n", "https://outlet.example/a?b=1&c=2"),
    ("HTTPS%253a%252F%252Foutlet.example%252Fa", "HTTPS://outlet.example/a"),
    ("https://outlet.example/?a=1&amp;b=2&copy=3", "https://outlet.example/?a=1&b=2&copy=3"),
    ("https://outlet.example/?a=%26amp;", "https://outlet.example/?a=%26amp;"),
    ("www.outlet.example/a?b=http%3A%2F%2Fx.example", "https://www.outlet.example/a?b=http%3A%2F%2Fx.example"),
    ("//outlet.example/a", "https://outlet.example/a"),
    ("outlet.example", "https://outlet.example"),
    ("javascript:alert(1)", "javascript:alert(1)"),
    ("ftp://outlet.example/a", "ftp://outlet.example/a"),
    ("mailto:ada@outlet.example", "mailto:ada@outlet.example"),
    ("/a/b.html", "/a/b.html"),
    ("", ""),
])  # fmt: skip
def test_an_address_is_understood_as_it_was_meant(written, meant):
    assert as_meant(written) == meant


def test_a_cache_that_was_asked_for_a_private_host_gives_nothing():
    assert canonical("https://x.cdn.ampproject.org/c/s/127.0.0.1/a/amp/") is None


@pytest.mark.parametrize(
    "address, host",
    [
        ("https://WWW.Example.org:8/x", "example.org"),
        ("https://www2.example.org", "www2.example.org"),
        ("https://example.org./", "example.org"),
        ("x", ""),
        ("http://[::1", ""),
    ],
)
def test_the_host_of_an_address(address, host):
    assert host_of(address) == host


@settings(max_examples=500, deadline=None)
@given(st.text(alphabet="htps:/\\.@#?&=%[]1270localexmpورg \n\t\u202e\u3002\uff11", max_size=40))
def test_whatever_is_written_is_an_address_of_the_public_web(text):
    for prefix in ("", "http://", "//", "https://example.org"):
        found = absolute(prefix + text, BASE)
        if found is not None:
            assert found.isascii()
            assert found.startswith(("http://", "https://"))
            assert is_public_host(host_of(found))
            assert not set(found) & set(" \"'<>\\\n\t") - {"'"}
            assert absolute(found) == found


@pytest.mark.parametrize(
    "address",
    [
        "https://" + "a" * 5000 + "!",
        "https://" + "a." * 2500 + "!",
        "https://example.org/" + "%" * 5000,
        "https://example.org/?" + "&" * 5000,
        "//" * 2500,
    ],
)
def test_hostile_addresses_cost_nothing(address):
    started = time.process_time()
    absolute(address, BASE)
    assert time.process_time() - started < 0.2
