"""Names and configurations that mean harm: they stay inside the output folder, and cost no time."""

from __future__ import annotations

import re
import stat
import time
import tomllib
from base64 import b64encode
from dataclasses import replace
from hashlib import sha256

import pytest
from lxml import etree, html

from cleanfeed.config import RESERVED, load, slug_of
from cleanfeed.errors import ConfigError, PublishError
from cleanfeed.feeds import outline, render, render_index
from cleanfeed.model import Topic
from cleanfeed.publish import open_folder, publish
from cleanfeed.topics import Folded, matcher
from feedparts import HARBOUR, SITE, entry, feed
from hostile.rows import cases, controls
from parts import FIRES, title_of

HEAD = 'title = "x"\nbase_url = "https://feeds.example.org/"\n'
TOPIC = '[topics."{}"]\ntitle = "T"\neverything = true\n'
NAMES = {
    "H61": {
        "above the folder": "../../x", "the folder above": "..", "an absolute path": "/abs", "a NUL": "a\0b", "a device": "con",
        "a capital with a dot": "İ", "a ligature": "ﬁ", "five hundred characters": "x" * 500, "a path of another system": "a\\b",
        "a stream": "a:b", "markup": "<b>", "nothing": "", "one of our own files": "index",
    }
}  # fmt: skip


def written(folder, text):
    path = folder / "cleanfeed.toml"
    path.write_text(text, "utf-8")
    return path


def escaped(name):
    return "".join(f"\\u{ord(each):04x}" for each in name)


def names_of(folder, *keys):
    """What topics of these keys are called, in the configuration; none where it is refused."""
    try:
        config = load(written(folder, HEAD + "".join(TOPIC.format(escaped(key)) for key in keys)))
    except ConfigError:
        return []
    return [topic.slug for topic in config.topics]


def unsafe(names):
    return [each for each in names if not re.fullmatch("[a-z0-9][a-z0-9-]{0,59}", each) or each in RESERVED]


@pytest.mark.parametrize("row, name", cases(NAMES))
def test_a_topic_is_named_after_no_other_file(tmp_path, row, name):
    assert unsafe(names_of(tmp_path, name)) == []
    assert unsafe([slug_of(name)]) == []


@pytest.mark.row("H61")
@pytest.mark.parametrize("one, other", [("ﬁ", "fi"), ("İ", "i"), ("A", "a")])
def test_two_topics_are_never_one_file(tmp_path, one, other):
    assert names_of(tmp_path, one, other) == []


@pytest.mark.parametrize("names", controls(NAMES))
def test_a_name_that_is_taken_as_it_stands_leaves_the_folder(tmp_path, names):
    assert len(unsafe(names)) == len(names)
    assert not (tmp_path / "public" / f"{names[0]}.rss").resolve().is_relative_to(tmp_path / "public")


# --- the output folder


def linked_file(folder):
    (folder / "precious").write_bytes(b"precious")
    (folder / "public").mkdir()
    (folder / "public" / "x.rss").symlink_to(folder / "precious")


def linked_away(folder):
    (folder / "public").mkdir()
    (folder / "public" / "x.rss").symlink_to(folder / "nowhere")


def linked_folder(folder):
    (folder / "elsewhere").mkdir()
    (folder / "public").symlink_to(folder / "elsewhere")


def open_to_all(folder):
    (folder / "public").mkdir()
    (folder / "public").chmod(0o777)


PLACES = {
    "H62": {
        "a link to a file": (linked_file, lambda folder: (folder / "precious").read_bytes() == b"precious"),
        "a link to no file": (linked_away, lambda folder: not (folder / "nowhere").exists()),
        "a link to a folder, as the user has it": (linked_folder, lambda folder: (folder / "elsewhere" / "x.rss").read_bytes() == b"x"),
        "a folder for all": (open_to_all, lambda folder: not (folder / "public" / "x.rss").exists()),
    }
}  # fmt: skip


def put(folder):
    try:
        open_folder(folder / "public")
    except PublishError:
        return
    publish(folder / "public" / "x.rss", b"x")


def put_plainly(folder):
    with (folder / "public" / "x.rss").open("wb") as file:
        file.write(b"x")


@pytest.mark.parametrize("row, given", cases(PLACES))
def test_a_file_is_written_where_it_belongs_and_nowhere_else(tmp_path, row, given):
    prepare, holds = given
    prepare(tmp_path)
    put(tmp_path)
    assert holds(tmp_path)
    path = tmp_path / "public" / "x.rss"
    assert not path.exists() or (stat.S_ISREG(path.lstat().st_mode) and path.read_bytes() == b"x")


@pytest.mark.parametrize("variants", controls(PLACES))
def test_a_plain_write_follows_links_and_minds_no_open_door(tmp_path, variants):
    wrong = 0
    for number, (prepare, holds) in enumerate(variants):
        folder = tmp_path / str(number)
        folder.mkdir()
        prepare(folder)
        put_plainly(folder)
        wrong += not holds(folder)
    assert wrong == 3


# --- names on pages

SHOWN = {
    "H63": {
        "a script": f"<script>{FIRES}</script>",
        "the end of an attribute": f'"><img src=x onerror={FIRES}>',
        "an ampersand": "A & B &lt; C",
        "the end of a title": f"</title><script>{FIRES}</script>",
    }
}


def pages(name):
    site = replace(SITE, title=name, outlets={"harbour": name})
    topic = feed(entry(authors=(name,)), title=name, description=name)
    files = {**render(topic, site), **render_index([outline(topic)], site)}
    return files["index.html"], files["city.html"], files["feeds.opml"]


def pages_of_strings(name):
    page = f"<html><head><title>{name}</title></head><body><h1>{name}</h1></body></html>".encode()
    return page, page, f'<opml><body><outline text="{name}"/></body></opml>'.encode()


FOREIGN = "//script | //@onerror | //img[@src='x']"


def is_ours(found, page):
    """Whether it is the script that the policy of the page names by its hash."""
    text = getattr(found, "text", None) or ""
    seal = b64encode(sha256(text.encode()).digest())
    return bool(text) and b"script-src 'sha256-" + seal + b"'" in page.replace(b"&#39;", b"'")


def faults_of(made, name):
    *people, opml = made(name)
    found = [
        [each for each in html.document_fromstring(page.decode()).xpath(FOREIGN) if not is_ours(each, page)]
        for page in people
    ]
    try:
        texts = etree.fromstring(opml).xpath("//outline/@text")
    except etree.XMLSyntaxError as error:
        return [*found, error]
    return [each for each in found if each] + [text for text in texts if text != name]  # fmt: skip


@pytest.mark.parametrize("row, name", cases(SHOWN))
def test_a_name_is_shown_and_never_becomes_markup(row, name):
    assert faults_of(pages, name) == []


@pytest.mark.row("H63")
def test_a_browser_runs_nothing_of_a_name(tmp_path):
    shown = [
        page.decode().partition("<body")[2] for name in SHOWN["H63"].values() for page in pages(name)[:2]
    ]
    assert title_of(tmp_path, "\n".join(f"<div{body}" for body in shown)) == "quiet"


@pytest.mark.parametrize("names", controls(SHOWN))
def test_pages_that_are_put_together_from_strings_hold_its_markup(names):
    assert all(faults_of(pages_of_strings, name) for name in names)


# --- words of topics

SLOW = {
    "H64": {
        f"{pattern} on {len(title)} letters": (pattern, title)
        for pattern in ("^(a|a?)+$", "(a+)+b", "(.*a){12}b")
        for title in ("a" * 26 + "!", "a" * 10_000 + "!")
    }
}


def by_topic(word, title):
    matches = matcher(Topic(slug="x", title="x", any=(word,)))
    seen = Folded(replace(HARBOUR, title=title))
    return matches(seen)


@pytest.mark.parametrize("row, given", cases(SLOW))
def test_a_word_is_no_pattern_and_takes_no_time(row, given):
    word, title = given
    took = []
    for _ in range(5):
        began = time.process_time()
        assert not by_topic(word, title)
        took.append(time.process_time() - began)
    assert min(took) < 0.01
    assert by_topic(word, f"what {word} means")


@pytest.mark.parametrize("variants", controls(SLOW))
def test_a_filter_of_patterns_takes_long(variants):
    word, title = variants[0]
    began = time.process_time()
    re.search(word, title[-21:])
    assert time.process_time() - began > 0.01


# --- configurations

FLOODS = {
    "H65": {
        "brackets": "x = " + "[" * 100_000,
        "tables in tables": "x = " + "{a=" * 100_000,
        "a key of 20,000 parts": "a." * 20_000 + "b = 1",
        "five megabytes": HEAD + "#" * (5 << 20),
        "a number of 100,000 digits": "x = 1" + "0" * 100_000,
    }
}


def trouble_with(read):
    """What is wrong with how a text was read: not refused in order, or late."""
    began = time.process_time()
    try:
        read()
    except ConfigError as error:
        wrong = [] if "\n" not in str(error) else ["many lines"]
    except Exception as error:  # noqa: BLE001  # a crash of whatever kind
        wrong = [f"crashed: {type(error).__name__}"]
    else:
        wrong = ["taken"]
    return wrong + (["late"] if time.process_time() - began > 1 else [])


@pytest.mark.parametrize("row, text", cases(FLOODS))
def test_a_configuration_that_floods_is_refused_in_a_second(tmp_path, row, text):
    path = written(tmp_path, text)
    assert trouble_with(lambda: load(path)) == []


@pytest.mark.parametrize("texts", controls(FLOODS))
def test_a_parser_alone_crashes_or_takes_it(texts):
    quick = [text for text in texts if not text.startswith("a.")]
    assert all(trouble_with(lambda text=text: tomllib.loads(text)) for text in quick)
