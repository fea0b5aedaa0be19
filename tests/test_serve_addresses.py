"""Addresses in queries: encoded, bare, or escaped as HTML, each with its own query whole."""

from __future__ import annotations

from urllib.parse import quote

import pytest

from cleanfeed.serve.asked import asked

PLAIN = "https://outlet.example/story?id=7&lang=ar&token=own#part"
ADDRESSES = [
    "https://outlet.example/story/",
    "https://outlet.example/story?edition=int&ref=front",
    "https://outlet.example/story?a=1&copy=2&section=3&reg=4&amp=5",
    "https://outlet.example/a%20b?q=x%26y%3Dz",
    "https://outlet.example/%D8%AE%D8%A8%D8%B1?p=1&max=3&format=json",
    "HTTP://outlet.example/?url=https://other.example/x&y=1",
    "https://outlet.example/a+b?c=d+e",
    "https://outlet.example/story?id=7&lang=ar&token=own",
]


@pytest.mark.parametrize("address", ADDRESSES)
def test_an_address_comes_through_however_it_was_written(address):
    escaped = address.replace("&", "&amp;")
    for written in (
        quote(address, safe=""),
        address,
        escaped,
        quote(escaped, safe=""),
        escaped.replace("&amp;", "&#38;"),
        quote(quote(address, safe=""), safe=""),
    ):
        assert asked(f"url={written}".encode()).address == address


@pytest.mark.parametrize(("query", "address", "parameters"), [
    (f"url={quote(PLAIN, safe='')}&token=mine&max=2", PLAIN, {"token": "mine", "max": "2"}),
    (f"token=mine&url={quote(PLAIN, safe='')}", PLAIN, {"token": "mine"}),
    (f"token=mine&amp;max=2&amp;url={PLAIN}", PLAIN, {"token": "mine", "max": "2"}),
    (f"token=mine&url={PLAIN}", PLAIN, {"token": "mine"}),
    ("url=https://outlet.example/feed/&max=2&format=json&links=remove", "https://outlet.example/feed/",
     {"max": "2", "format": "json", "links": "remove"}),
    ("url=https://outlet.example/feed/&amp;max=2", "https://outlet.example/feed/", {"max": "2"}),
    ("url=https://outlet.example/feed/?x=1&max=2", "https://outlet.example/feed/?x=1&max=2", {}),
    ("url=outlet.example%2Fx&max=1", "https://outlet.example/x", {"max": "1"}),
    ("max=1&max=2", "", {"max": "1"}),
    ("curl=https://outlet.example/", "", {"curl": "https://outlet.example/"}),
    ("", "", {}),
    ("url=", "", {}),
    ("url=file:///etc/passwd", "file:///etc/passwd", {}),
])  # fmt: skip
def test_the_servers_own_parameters_stand_beside_the_address(query, address, parameters):
    found = asked(query.encode())
    assert (found.address, dict(found.parameters)) == (address, parameters)


@pytest.mark.parametrize(
    "query", [b"url=\xff\xfe", b"url=%ff%00&&&=;", b"url=http://\xd8\xae&" * 5000, b"=" * 9000]
)
def test_no_query_is_too_odd_to_be_looked_at(query):
    assert isinstance(asked(query).address, str)
