"""The configuration: what is read, and what is said of each mistake."""

from __future__ import annotations

import time
from dataclasses import FrozenInstanceError
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleanfeed.config import RESERVED, check_outlets, load, slug_of
from cleanfeed.errors import ConfigError

HEAD = 'title = "Clean feeds"\nbase_url = "https://feeds.example.org/"\n'
WHOLE = """
title = "Clean feeds"
base_url = "https://feeds.example.org/news"
output = "public"
contact = "me@example.org"
outlets = ["harbour-en", "lantern"]
pages = ["pages", "/srv/more"]
ledger = ".cleanfeed/ledger.sqlite3"

[topics.russia-china]
title = "Russia and China"
description = "Two neighbours."
any = ["Russia", "China", "Moscow"]
all = ["summit"]
none = ["football"]
in = ["title", "summary"]
outlets = ["lantern"]
languages = ["en", "ar-LB"]
sections = ["World"]
tags = ["Asia"]
kinds = ["article", "video"]
since = 2026-01-01
until = "2026-03-01T00:00:00+02:00"
limit = 20

[topics.everything]
title = "Everything"
everything = true

[auto]
by = ["tag"]
at_least = 5
limit = 10

[fetch]
delay = 0
max_pages = 10
allow_hosts = ["localhost", "127.0.0.1:8080", "[::1]"]
[fetch.mirrors]
"https://www.lantern.example" = "http://127.0.0.1:8080"
"""


def written(folder: Path, text: str | bytes) -> Path:
    path = folder / "cleanfeed.toml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def complaint(folder: Path, text: str | bytes) -> str:
    """What is said of this file, without the name of the file."""
    path = written(folder, text)
    with pytest.raises(ConfigError) as caught:
        load(path)
    said = str(caught.value)
    assert said.startswith(f"{path}: ")
    assert "\n" not in said
    return said.removeprefix(f"{path}: ")


def of_topic(folder: Path, rule: str) -> str:
    return complaint(folder, f'{HEAD}[topics.east]\ntitle = "East"\n{rule}\n')


def with_topics(*keys: str) -> str:
    return HEAD + "".join(f'[topics.{key}]\ntitle = "T"\neverything = true\n' for key in keys)


def test_every_key_is_read(tmp_path):
    config = load(written(tmp_path, WHOLE))
    assert config.title == "Clean feeds"
    assert config.base_url == "https://feeds.example.org/news/"
    assert config.contact == "me@example.org"
    assert config.outlets == ("harbour-en", "lantern")
    assert config.auto is not None
    assert (config.auto.by, config.auto.at_least, config.auto.limit) == (("tag",), 5, 10)
    assert (config.fetch.delay, config.fetch.max_pages) == (0, 10)
    assert config.fetch.allow_hosts == ("localhost", "127.0.0.1:8080", "[::1]")
    assert config.fetch.mirrors == {"https://www.lantern.example": "http://127.0.0.1:8080"}


def test_a_topic_is_read_with_all_its_conditions(tmp_path):
    topic, everything = load(written(tmp_path, WHOLE)).topics
    assert (topic.slug, topic.title, topic.description) == (
        "russia-china",
        "Russia and China",
        "Two neighbours.",
    )
    assert (topic.any, topic.all, topic.none) == (("Russia", "China", "Moscow"), ("summit",), ("football",))
    assert topic.parts == ("title", "summary")
    assert (topic.outlets, topic.languages, topic.kinds) == (
        ("lantern",),
        ("en", "ar-LB"),
        ("article", "video"),
    )
    assert (topic.sections, topic.tags) == (("World",), ("Asia",))
    assert topic.since == datetime(2026, 1, 1, tzinfo=UTC)
    assert topic.until == datetime(2026, 2, 28, 22, tzinfo=UTC)
    assert topic.limit == 20
    assert (everything.slug, everything.everything) == ("everything", True)


def test_paths_are_relative_to_the_file(tmp_path, monkeypatch):
    written(tmp_path, WHOLE)
    monkeypatch.chdir(tmp_path.parent)
    config = load(Path(tmp_path.name) / "cleanfeed.toml")
    assert config.output == Path(tmp_path.name) / "public"
    assert config.pages == (Path(tmp_path.name) / "pages", Path("/srv/more"))
    assert config.ledger == Path(tmp_path.name) / ".cleanfeed/ledger.sqlite3"


def test_everything_but_title_address_and_a_topic_has_a_default(tmp_path):
    config = load(written(tmp_path, HEAD + "[auto]\n"))
    assert config.output == tmp_path / "public"
    assert (config.contact, config.outlets, config.pages, config.topics) == (None, (), (), ())
    assert config.auto is not None
    assert (config.auto.by, config.auto.at_least, config.auto.limit) == (("section", "tag"), 3, 50)
    assert (config.fetch.delay, config.fetch.max_pages, config.fetch.allow_hosts) == (1.0, 50, ())
    assert config.fetch.mirrors == {}


def test_a_topic_needs_no_more_than_a_title_and_a_condition(tmp_path):
    (topic,) = load(
        written(tmp_path, HEAD + '[topics.a]\ntitle = "A"\nnone = ["sport"]\noutlets = []\n')
    ).topics
    assert topic.parts == ("title", "summary", "content")
    assert (topic.limit, topic.since, topic.until, topic.description) == (50, None, None, "")


def test_the_configuration_is_frozen(tmp_path):
    config = load(written(tmp_path, WHOLE))
    with pytest.raises(FrozenInstanceError):
        config.title = "Other"  # type: ignore[misc]  # the point of the test


def test_a_byte_order_mark_does_no_harm(tmp_path):
    assert load(written(tmp_path, b"\xef\xbb\xbf" + WHOLE.encode())).title == "Clean feeds"


def test_outlets_and_pages_named_twice_count_once(tmp_path):
    config = load(written(tmp_path, 'outlets = ["a", "b", "a"]\npages = ["x", "x"]\n' + HEAD + "[auto]\n"))
    assert (config.outlets, len(config.pages)) == (("a", "b"), 1)


TOP_KEYS = "title, base_url, output, contact, outlets, pages, ledger, topics, auto, fetch, publish, any_site, miniflux, serve"
TOPIC_KEYS = "title, description, everything, outlets, languages, sections, tags, kinds, any, all, none, in, since, until, limit, stories"
ADDRESS = (
    'an absolute http or https address without user, query and fragment, such as "https://feeds.example.org/"'
)
MINUTES = "a whole number of minutes, from 1 to 10080 (a week)"
HUB = 'an absolute http or https address without user and fragment, such as "https://hub.example.org/"'
MIRRORS = (
    'fetch.mirrors must be addresses by address, such as "https://www.example.org" = "http://127.0.0.1:8080"'
)


@pytest.mark.parametrize(
    "text, said",
    [
        ('titel = "x"', f"titel: no such key (did you mean title?); allowed: {TOP_KEYS}"),
        ("zzz = 1", f"zzz: no such key; allowed: {TOP_KEYS}"),
        ('"a b\\n" = 1', f'"a b\\n": no such key; allowed: {TOP_KEYS}'),
        ("[topic.x]", f"topic: no such key (did you mean topics?); allowed: {TOP_KEYS}"),
        ("[auto]\nat_most = 3", "auto.at_most: no such key (did you mean at_least?); allowed: by, at_least, limit, stories"),
        ("[auto]\n[fetch]\ndely = 3", "fetch.dely: no such key (did you mean delay?); allowed: delay, max_pages, allow_hosts, mirrors, proxy, withdrawn, keep_days, keep_mb"),
        ("", "topics: at least one topic is required; write [topics.NAME], or [auto]"),
        ("[topics]", "topics: at least one topic is required; write [topics.NAME], or [auto]"),
        ("topics = 3", "topics must be tables, one for each topic: write [topics.NAME], not 3"),
        ("[[topics]]\ntitle = 'x'", "topics must be tables, one for each topic: write [topics.NAME], not a list"),
        ("[topics]\ntitle = 'x'", "topics.title must be a table: write [topics.title], and its keys below"),
        ("auto = true", "auto must be a table: write [auto], and its keys below"),
        ("[auto]\nby = []", 'auto.by must be a list out of "section", "tag", not a list'),
        ("[auto]\nby = ['outlet']", 'auto.by must be a list out of "section", "tag", not "outlet"'),
        ("[auto]\nby = 'tag'", 'auto.by must be a list out of "section", "tag"; write by = ["tag"]'),
        ("[auto]\nat_least = 0", "auto.at_least must be a whole number from 1 on, not 0"),
        ("[auto]\nlimit = 501", "auto.limit must be a whole number from 1 to 500, not 501"),
        ("output = ''\n[auto]", 'output must be a path, such as "public", not ""'),
        ('output = "a\\u0000b"\n[auto]', 'output must be a path, such as "public", not "a\\u0000b"'),
        ("ledger = true\n[auto]", 'ledger must be a path, such as "public", not true'),
        ("pages = 'x'\n[auto]", 'pages must be a list of paths, such as ["pages"]; write pages = ["x"]'),
        ("outlets = 'x'\n[auto]", 'outlets must be a list of outlets, such as ["harbour"]; write outlets = ["x"]'),
        ("outlets = ['']\n[auto]", "outlets must not be blank, nor hold a blank word"),
        ("contact = 'Zoë <z@x.example>'\n[auto]", 'contact must be an address in ASCII, such as "me@example.org", not "Zoë <z@x.example>"'),
        ("[auto]\n[fetch]\ndelay = -1", "fetch.delay must be seconds, from 0 to 3600, not -1"),
        ("[auto]\n[fetch]\ndelay = nan", "fetch.delay must be seconds, from 0 to 3600, not nan"),
        ("[auto]\n[fetch]\nmax_pages = 1.5", "fetch.max_pages must be a whole number from 1 on, not 1.5"),
        ("[auto]\n[fetch]\nallow_hosts = ['a/b']", 'fetch.allow_hosts must be a list of hosts, such as ["localhost"], not "a/b"'),
        ("[auto]\n[fetch]\nmirrors = 3", f"{MIRRORS}, not 3"),
        ("[auto]\n[fetch]\nwithdrawn = 'hide'", 'fetch.withdrawn must be "keep" or "drop", not "hide"'),
        ("[auto]\n[fetch]\nkeep_days = -1", "fetch.keep_days must be a whole number of days, from 0, not -1"),
        ("[auto]\n[fetch]\nkeep_mb = 0.5", "fetch.keep_mb must be a whole number of megabytes, from 0, not 0.5"),
        ("[auto]\n[fetch]\nproxy = 'socks5://p.example:1'", 'fetch.proxy must be the address of a proxy, such as "http://proxy.example.org:3128", not "socks5://p.example:1"'),
        ("[auto]\n[fetch]\nproxy = 'http://p.example/path'", 'fetch.proxy must be the address of a proxy, such as "http://proxy.example.org:3128", not "http://p.example/path"'),
        ("[auto]\n[publish]\nevery_minutes = 0", f"publish.every_minutes must be {MINUTES}, not 0"),
        ("[auto]\n[publish]\nevery_minutes = 10081", f"publish.every_minutes must be {MINUTES}, not 10081"),
        ("[auto]\n[publish]\nevery_minutes = '1h'", f'publish.every_minutes must be {MINUTES}, not "1h"'),
        ("[auto]\n[publish]\nhub = 'hub.example.org'", f'publish.hub must be {HUB}, not "hub.example.org"'),
        ("[auto]\n[publish]\nhub = 'https://u:p@hub.example.org/'", f'publish.hub must be {HUB}, not "https://u:p@hub.example.org/"'),
        ("[auto]\n[publish]\nhub = 'https://hub.example.org/?a=b#c'", f'publish.hub must be {HUB}, not "https://hub.example.org/?a=b#c"'),
        ("[auto]\n[publish]\nhub = ['https://hub.example.org/']", f"publish.hub must be {HUB}, not a list"),
        ("[auto]\n[publish]\nids = 'own'", 'publish.ids must be "shared" or "per-feed", not "own"'),
        ("[auto]\n[publish]\narchives = 1", "publish.archives must be true or false, not 1"),
        ("[auto]\n[publish]\nhubs = 1", "publish.hubs: no such key (did you mean hub?); allowed: every_minutes, hub, ids, archives"),
        ("publish = 1\n[auto]", "publish must be a table: write [publish], and its keys below"),
        ("[auto]\n[fetch.mirrors]\nx = 'http://a.example'", MIRRORS),
        ("[auto]\n[fetch.mirrors]\n'http://a.example' = 'x'", MIRRORS),
    ],
)  # fmt: skip
def test_a_mistake_is_named_with_its_key_and_what_is_allowed(tmp_path, text, said):
    assert complaint(tmp_path, f"{HEAD}{text}\n" if not text.startswith("title") else text) == said


@pytest.mark.parametrize(
    "text, said",
    [
        ('base_url = "https://x.example"\n[auto]', "title is missing; it must be a string"),
        ('title = "x"\n[auto]', f"base_url is missing; it must be {ADDRESS}"),
        ('title = 3\nbase_url = "https://x.example"\n[auto]', "title must be a string, not 3"),
        (
            'title = " "\nbase_url = "https://x.example"\n[auto]',
            "title must not be blank, nor hold a blank word",
        ),
        (f"{HEAD}[topics.east]\nany = ['x']", "topics.east.title is missing; it must be a string"),
    ],
)
def test_what_is_required_is_named(tmp_path, text, said):
    assert complaint(tmp_path, text) == said


@pytest.mark.parametrize(
    "rule, said",
    [
        ("anny = ['x']", f"topics.east.anny: no such key (did you mean any?); allowed: {TOPIC_KEYS}"),
        ("labels = ['x']", f"topics.east.labels: no such key; allowed: {TOPIC_KEYS}"),
        ("slug = 'x'", f"topics.east.slug: no such key; allowed: {TOPIC_KEYS}"),
        ("any = 'Russia'", 'topics.east.any must be a list of words or phrases, such as ["Russia"]; write any = ["Russia"]'),
        ("all = ['x', 3]", 'topics.east.all must be a list of words or phrases, such as ["Russia"], not 3'),
        ("none = {a = 1}", 'topics.east.none must be a list of words or phrases, such as ["Russia"], not a table'),
        ("any = ['']", "topics.east.any must not be blank, nor hold a blank word"),
        ("all = ['x', '  ']", "topics.east.all must not be blank, nor hold a blank word"),
        ('none = ["\\u064e\\u200b"]', "topics.east.none must not be blank, nor hold a blank word"),
        ("sections = ['']", "topics.east.sections must not be blank, nor hold a blank word"),
        ("tags = ['']", "topics.east.tags must not be blank, nor hold a blank word"),
        ("sections = 'World'", 'topics.east.sections must be a list of names, such as ["Politics"]; write sections = ["World"]'),
        ("kinds = ['vidoe']", 'topics.east.kinds must be a list out of "article", "video", "gallery", "audio", "opinion", not "vidoe"'),
        ("languages = ['Arabic']", 'topics.east.languages must be a list of language codes, such as ["en", "ar"], not "Arabic"'),
        ("any = ['x']\nin = ['body']", 'topics.east.in must be a list out of "title", "summary", "content", not "body"'),
        ("any = ['x']\nin = []", 'topics.east.in must be a list out of "title", "summary", "content", not a list'),
        ("any = ['x']\nlimit = 0", "topics.east.limit must be a whole number from 1 to 500, not 0"),
        ("any = ['x']\nlimit = 501", "topics.east.limit must be a whole number from 1 to 500, not 501"),
        ("any = ['x']\nlimit = true", "topics.east.limit must be a whole number from 1 to 500, not true"),
        (f"any = ['x']\nlimit = 0x{'f' * 5000}", "topics.east.limit must be a whole number from 1 to 500, not so long a number"),
        ("any = ['x']\ndescription = 1979-05-27", "topics.east.description must be a string, not 1979-05-27"),
        ("everything = 'yes'", 'topics.east.everything must be true or false, not "yes"'),
        ("everything = true\nany = ['x']", "topics.east.everything takes every entry, yet any would narrow it; drop one"),
        ("everything = true\noutlets = ['x']\nsince = 2026-01-01", "topics.east.everything takes every entry, yet outlets and since would narrow it; drop one"),
        ("since = 'soon'", 'topics.east.since must be a date or a time, such as 2026-01-31 or 2026-01-31T08:00:00Z, not "soon"'),
        ("until = 08:00:00", "topics.east.until must be a date or a time, such as 2026-01-31 or 2026-01-31T08:00:00Z, not 08:00:00"),
        ("since = 20260131", "topics.east.since must be a date or a time, such as 2026-01-31 or 2026-01-31T08:00:00Z, not 20260131"),
        ("since = ['2026-01-01']", "topics.east.since must be a date or a time, such as 2026-01-31 or 2026-01-31T08:00:00Z, not a list"),
        ("since = '0001-01-01T00:00:00+14:00'", 'topics.east.since must be a date or a time, such as 2026-01-31 or 2026-01-31T08:00:00Z, not "0001-01-01T00:00:00+14:00"'),
        ("since = 2026-03-01\nuntil = 2026-03-01", "topics.east.until must be later than since; the time of until is not included"),
    ],
)  # fmt: skip
def test_a_mistake_in_a_topic_is_named_with_its_key_and_what_is_allowed(tmp_path, rule, said):
    assert of_topic(tmp_path, rule) == said


@pytest.mark.parametrize(
    "rule", ["", "outlets = []\nany = []", "in = ['title']\nlimit = 3", "everything = false"]
)
def test_a_topic_without_a_condition_is_refused(tmp_path, rule):
    assert of_topic(tmp_path, rule) == (
        "topics.east has no condition; write everything = true, or at least one of "
        "outlets, languages, sections, tags, kinds, any, all, none, since, until"
    )


@pytest.mark.parametrize(
    "value, moment",
    [
        ("2026-01-31", datetime(2026, 1, 31, tzinfo=UTC)),
        ("2026-01-31T08:00:00", datetime(2026, 1, 31, 8, tzinfo=UTC)),
        ("2026-01-31T08:00:00+03:00", datetime(2026, 1, 31, 5, tzinfo=UTC)),
        ('"2026-01-31"', datetime(2026, 1, 31, tzinfo=UTC)),
        ('"2026-01-31T08:00:00Z"', datetime(2026, 1, 31, 8, tzinfo=UTC)),
        ('"2026-01-31 08:00"', datetime(2026, 1, 31, 8, tzinfo=UTC)),
    ],
)
def test_a_date_without_an_offset_is_in_utc(tmp_path, value, moment):
    (topic,) = load(written(tmp_path, f'{HEAD}[topics.a]\ntitle = "A"\nsince = {value}\n')).topics
    assert topic.since == moment


@pytest.mark.parametrize(
    "given, kept",
    [
        ("https://feeds.example.org", "https://feeds.example.org/"),
        ("http://localhost:8000/a/b", "http://localhost:8000/a/b/"),
        ("https://feeds.example.org/a%20b//", "https://feeds.example.org/a%20b/"),
        ("http://[::1]:8000/", "http://[::1]:8000/"),
    ],
)
def test_the_address_ends_in_a_slash(tmp_path, given, kept):
    assert load(written(tmp_path, f'title = "x"\nbase_url = "{given}"\n[auto]\n')).base_url == kept


@pytest.mark.parametrize(
    "address",
    [
        "",
        "feeds.example.org",
        "/feeds",
        "ftp://x.example/",
        "javascript:alert(1)",
        "https://",
        "https:///a",
        "https://me:pw@x.example/",
        "https://x.example/?a=1",
        "https://x.example/#a",
        "https://x.example/?",
        "https://x.example/a b",
        "https://x.example\\\\a",
        "https://x.example/<b>",
        "https://x.example/\\n",
        "https://x.example:port/",
        "https://x.example/%zz",
        "https://خبر.example/",
    ],
)
def test_an_address_that_feeds_cannot_lie_under_is_refused(tmp_path, address):
    said = complaint(tmp_path, f'title = "x"\nbase_url = "{address}"\n[auto]\n')
    assert said.startswith(f"base_url must be {ADDRESS}, not ")


@pytest.mark.parametrize(
    "key, slug",
    [
        ("russia-china", "russia-china"),
        ("Russia_China", "russia-china"),
        ('"Russia  China"', "russia-china"),
        ("2026", "2026"),
        ('"ﬁ"', "fi"),
        ('"İ"', "i"),
        ('"economía"', "economia"),
        ('"روسيا"', "topic-dbcb0248"),
        ('"أخبار لبنان"', "topic-4cf400f2"),
        ('"Россия"', "topic-d393d418"),
        ("a" * 60, "a" * 60),
    ],
)
def test_a_topics_key_becomes_its_slug(tmp_path, key, slug):
    assert [topic.slug for topic in load(written(tmp_path, with_topics(key))).topics] == [slug]


@pytest.mark.parametrize(
    "key",
    [
        "../x",
        "..",
        ".",
        "/abs",
        "a/b",
        "a\\\\b",
        "a\\u0000b",
        "a.b",
        "",
        " ",
        "-x",
        "_",
        "a:b",
        "أ/ب",
        "روسيا\\u0000",
        "covid كورونا",
        "<b>",
        "😀",
        "a" * 61,
        "b" * 500,
    ],
)
def test_a_key_that_cannot_name_a_file_is_refused(tmp_path, key):
    said = complaint(tmp_path, with_topics(f'"{key}"'))
    assert said.startswith("topics.")
    assert said.endswith(
        ' cannot name files; write at most 60 of a-z, 0-9 and "-", the first no "-", such as russia-china'
    )


@pytest.mark.parametrize(
    "key", ["con", "NUL", "aux", "prn", "com1", "lpt9", "index", "feeds", "report", "Health"]
)
def test_a_reserved_key_is_refused(tmp_path, key):
    said = complaint(tmp_path, with_topics(key))
    assert said == f"topics.{key} is reserved; choose another key, such as {key.lower()}-news"


@pytest.mark.parametrize(
    "one, other, slug",
    [
        ('"ﬁ"', "fi", "fi"),
        ("East", "east", "east"),
        ('"a b"', "a_b", "a-b"),
        ('"أخبار"', '"اخبار"', "topic-fae23acd"),
    ],
)
def test_two_keys_with_one_slug_are_both_named(tmp_path, one, other, slug):
    said = complaint(tmp_path, with_topics(one, other))
    assert (
        said == f"topics.{one} and topics.{other} would be the same files, {slug}.rss and so on; rename one"
    )


@pytest.mark.parametrize(
    "name, slug",
    [
        ("Politics", "politics"),
        ("  World  News! ", "world-news"),
        ("Économie", "economie"),
        ("C++", "c"),
        ("U.S.", "u-s"),
        ("Health", "topic-health"),
        ("روسيا", "topic-dbcb0248"),
        ("رُوسيـا", "topic-dbcb0248"),
        ("x" * 59 + " yes", "x" * 59),
        ("", "topic-e3b0c442"),
    ],
)
def test_a_name_has_one_slug_for_all_time(name, slug):
    assert slug_of(name) == slug


@given(st.text(max_size=80))
def test_a_slug_is_always_a_safe_name(name):
    slug = slug_of(name)
    assert slug.isascii()
    assert slug.replace("-", "a").isalnum()
    assert slug[0] != "-"
    assert len(slug) <= 60
    assert slug not in RESERVED


def test_a_missing_file_is_told_with_what_to_do(tmp_path):
    with pytest.raises(ConfigError) as caught:
        load(tmp_path / "nothing.toml")
    assert str(caught.value) == (
        f"{tmp_path / 'nothing.toml'}: no such file; name the configuration, "
        "or write one with title, base_url and a topic"
    )


def test_a_folder_is_no_configuration(tmp_path):
    with pytest.raises(ConfigError, match=r"is a folder; name the file in it, such as cleanfeed\.toml$"):
        load(tmp_path)


def test_a_file_that_cannot_be_read_is_told_with_the_reason(tmp_path):
    path = written(tmp_path, WHOLE)
    with pytest.raises(ConfigError, match=r"cannot be read: Not a directory$"):
        load(path / "cleanfeed.toml")


DEEP = "is nested too deeply, or holds a number that is too long"
DOTTED = "more than 20 dots outside strings; no key is so deep"


@pytest.mark.parametrize(
    "text, said",
    [
        (b"title = '\xff'\n", "is not UTF-8 (line 1); save it as UTF-8"),
        (b"\n\ntitle = '\xe9'\n", "is not UTF-8 (line 3); save it as UTF-8"),
        (WHOLE.encode("utf-16"), "is not UTF-8 (line 1); save it as UTF-8"),
        ("title = \n", "is not valid TOML: Invalid value (at line 1, column 9)"),
        ("\ntitle = 'x'\ntitle = 'y'\n", "is not valid TOML: Cannot overwrite a value (at line 3, column 12)"),
        ("x = " + "[" * 100_000, DEEP),
        ("x = " + "{a=" * 100_000, DEEP),
        ("x = 1" + "0" * 5000, DEEP),
        ("\n\n" + "a." * 20_000 + "b = 1", f"line 3: {DOTTED}"),
        ("[" + "a." * 20_000 + "b]", f"line 1: {DOTTED}"),
        ("x = {" + '"a" . ' * 20_000 + "b = 1}", f"line 1: {DOTTED}"),
        ("x = '''\n'''\ny = \"\"\"\n\\\"\"\"\n\"\"\"\n" + "a." * 30 + "b = 1", f"line 6: {DOTTED}"),
        ("#" * (5 << 20), "is larger than 1 MiB, which no configuration needs"),
        ("x = 1 #" + "#" * (1 << 20), "is larger than 1 MiB, which no configuration needs"),
        ('"' + "x" * 1_000_000 + '" = 1', f"{'x' * 60}…"),
    ],
)  # fmt: skip
def test_a_file_that_is_no_toml_of_ours_is_refused_in_a_second(tmp_path, text, said):
    start = time.process_time()
    got = complaint(tmp_path, text)
    assert time.process_time() - start < 1
    assert said in got if said.endswith("…") else got == said
    assert len(got) < 400


@pytest.mark.parametrize(
    "text",
    [
        '"' + "." * 300 + '"',
        "'" + "." * 300 + "'",
        '"""\n' + "." * 300 + '\\""""',
        "'''\n" + "." * 300 + "'''",
        '"x" # ' + "." * 300,
        "'it\"s' # \"" + "." * 300,
    ],
)
def test_dots_in_strings_and_comments_are_free(tmp_path, text):
    assert load(written(tmp_path, f"title = {text}\nbase_url = 'http://x.example'\n[auto]\n")).title


@pytest.mark.parametrize("mark", ['"""', "'''", '"', "'", '\n\\"""', '"""\\"'])
def test_strings_that_are_never_closed_are_refused_in_a_second(tmp_path, mark):
    start = time.process_time()
    assert complaint(tmp_path, "x = " + mark * (1_000_000 // len(mark))).startswith("is not valid TOML: ")
    assert time.process_time() - start < 2


def test_outlets_that_are_loaded_pass(tmp_path):
    config = load(written(tmp_path, WHOLE))
    check_outlets(config, {"harbour-en": "Harbour", "lantern": "Lantern", "other": "Other"})


@pytest.mark.parametrize(
    "known, said",
    [
        (["lantern", "harbour"], 'outlets: no outlet "harbour-en" is loaded (did you mean harbour?); loaded: harbour, lantern'),
        (["x"], 'outlets: no outlet "harbour-en" is loaded; loaded: x'),
        ([], 'outlets: no outlet "harbour-en" is loaded; loaded: none'),
    ],
)  # fmt: skip
def test_an_outlet_that_is_not_loaded_is_told_with_those_that_are(tmp_path, known, said):
    path = written(tmp_path, WHOLE)
    with pytest.raises(ConfigError) as caught:
        check_outlets(load(path), known)
    assert str(caught.value) == f"{path}: {said}"


def test_a_topics_outlet_that_is_not_loaded_is_told_with_the_topic(tmp_path):
    path = written(tmp_path, HEAD + '[topics.East_Asia]\ntitle = "E"\noutlets = ["lantren"]\n')
    with pytest.raises(ConfigError) as caught:
        check_outlets(load(path), ["lantern"])
    assert str(caught.value) == (
        f'{path}: topics.east-asia.outlets: no outlet "lantren" is loaded (did you mean lantern?); loaded: lantern'
    )
