"""Parsers for Node.js, which many web readers are built on, find the same entries in all formats."""

from __future__ import annotations

import json
import subprocess
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path

import pytest

from cleanfeed.feeds import render
from feedparts import AUDIO, HARBOUR, MAYDAN, SITE, UNDATED, VIDEO, entry, feed
from parts import node_modules, require_program

HEARD = entry(
    id="tag:harbour.example,2026:5000",
    url="https://www.harbour.example/city/heard-5000/?a=1&b=2",
    title="3 < 4 & AT&T 👩‍👩‍👧",
    enclosures=(AUDIO, VIDEO),
)
ENTRIES = (HARBOUR, HEARD, MAYDAN, UNDATED)
SCRIPT = Path(__file__).with_name("readers.mjs")


def parsed(name: str, document: bytes) -> dict:
    """What the parser finds, by id."""
    command = [require_program("node"), SCRIPT, node_modules("feedsmith", "rss-parser"), name]
    done = subprocess.run(command, input=document, capture_output=True, check=True, timeout=60)
    found = json.loads(done.stdout)
    assert len({each["id"] for each in found}) == len(found)
    return {each["id"]: each for each in found}


def moment(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return parsedate_to_datetime(text).astimezone(UTC)


@pytest.mark.parametrize(("name", "form"), [
    ("feedsmith", "rss"), ("feedsmith", "atom"), ("feedsmith", "json"), ("rss-parser", "rss"), ("rss-parser", "atom"),
])  # fmt: skip
def test_every_entry_is_found_with_its_id_title_address_date_author_and_content(name, form):
    found = parsed(name, render(feed(*ENTRIES), SITE)[f"city.{form}"])
    assert found.keys() == {one.id for one in ENTRIES}
    for one in ENTRIES:
        said = found[one.id]
        assert (said["title"], said["url"]) == (one.title, one.url)
        assert said["content"].strip() == one.content
        # rss-parser gives the last of several authors.
        assert one.authors == () or said["author"] in one.authors
        if one.published is not None:
            assert moment(said["date"]) == one.published


def test_an_undated_entry_has_no_date_in_rss_and_json():
    for form in ("rss", "json"):
        assert "date" not in parsed("feedsmith", render(feed(UNDATED), SITE)[f"city.{form}"])[UNDATED.id]
