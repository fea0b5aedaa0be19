"""Ids: the scheme, which must never change, and what an id must survive."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from cleanfeed.addresses import canonical
from cleanfeed.ids import SCHEME, identity, mint, unaddressed

FROZEN = {
    ("almanar-en", "1203045"): "tag:cleanfeed.invalid,2026:almanar-en/1203045",
    ("arise", "ugbeda-rice"): "tag:cleanfeed.invalid,2026:arise/ugbeda-rice",
    (
        "almayadeen-ar",
        "news/politics/زيت",
    ): "tag:cleanfeed.invalid,2026:almayadeen-ar/news/politics/%D8%B2%D9%8A%D8%AA",
    (
        "almayadeen-ar",
        "news/politics/%D8%B2%d9%8A%D8%AA",
    ): "tag:cleanfeed.invalid,2026:almayadeen-ar/news/politics/%D8%B2%D9%8A%D8%AA",
    ("x", "a?p=1"): "tag:cleanfeed.invalid,2026:x/a?p=1",
    ("x", 'a b"<c>'): "tag:cleanfeed.invalid,2026:x/a%20b%22%3Cc%3E",
    ("x", "%CA%D1"): "tag:cleanfeed.invalid,2026:x/%25CA%25D1",
}


@pytest.mark.parametrize("own, expected", FROZEN.items())
def test_the_scheme_is_frozen(own, expected):
    assert mint(*own) == expected


def test_the_scheme_is_a_tag_uri():
    assert SCHEME == "tag:cleanfeed.invalid,2026:"


def test_a_capture_is_known_by_its_title_and_day():
    published = datetime(2026, 9, 30, 8, tzinfo=UTC)
    assert unaddressed("The Nets Are Out", published) == "capture/19164bf30d9cc3617603"
    assert unaddressed("The  nets are OUT", published.replace(hour=20)) == unaddressed(
        "The Nets Are Out", published
    )
    assert unaddressed("The Nets Are Out", None) != unaddressed("The Nets Are Out", published)
    assert unaddressed("The nets are in", published) != unaddressed("The Nets Are Out", published)


ARTICLE = "https://www.example.org/news/politics/the-nets?page=2&id=7"
SAME = [
    "http://www.example.org/news/politics/the-nets?page=2&id=7",
    "https://example.org/news/politics/the-nets?page=2&id=7",
    "https://www.example.org:443/news/politics/the-nets?page=2&id=7",
    "https://www.example.org/news/politics/the-nets/?page=2&id=7",
    "https://www.example.org/news/politics/the-nets/amp/?page=2&id=7",
    "https://www.example.org/news/politics/the-nets?page=2&id=7&amp=1",
    "https://www.example.org/news/politics/the-nets?id=7&page=2",
    "https://www.example.org/news/politics/the-nets?utm_source=rss&page=2&fbclid=x&id=7",
    "https://www.example.org/news/politics/the-nets?page=2&id=7#comments",
    "https://www.example.org/news/politics/the%2Dnets?page=2&id=7",
    "https://amp.example.org/news/politics/the-nets?page=2&id=7",
]


def id_of(address: str) -> str:
    return mint("x", identity(canonical(address)))


@pytest.mark.parametrize("address", SAME)
def test_an_address_that_changed_its_looks_keeps_its_id(address):
    assert (
        id_of(address) == id_of(ARTICLE) == "tag:cleanfeed.invalid,2026:x/news/politics/the-nets?id=7&page=2"
    )


@pytest.mark.parametrize("address", [
    "https://www.example.org/news/politics/the-net?page=2&id=7", "https://www.example.org/news/politics/the-nets?page=2&id=8",
    "https://www.example.org/news/politics/the-nets", "https://www.example.org/news/sports/the-nets?page=2&id=7",
])  # fmt: skip
def test_another_article_has_another_id(address):
    assert id_of(address) != id_of(ARTICLE)


def test_arabic_addresses_have_one_id_in_every_notation():
    spelt = [
        "https://example.org/زيت",
        "https://example.org/%D8%B2%D9%8A%D8%AA",
        "https://example.org/%d8%b2%d9%8a%d8%aa/",
    ]
    assert {id_of(address) for address in spelt} == {"tag:cleanfeed.invalid,2026:x/%D8%B2%D9%8A%D8%AA"}


def test_letters_of_an_older_encoding_are_told_apart():
    assert id_of("https://example.org/%CA%D1") != id_of("https://example.org/%CA%D2")
    assert id_of("https://example.org/%ca%d1") == id_of("https://example.org/%CA%D1")
