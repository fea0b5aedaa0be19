"""The outlet of last resort: articles of any site where one wishes for it, marked as guesses, and nothing else."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from werkzeug import Response

from anysiteparts import ARTICLES, HOST, OTHERS, article, other
from cleanfeed.checks import faults
from cleanfeed.config import load as load_config
from cleanfeed.errors import ConfigError, FetchError, NotAnArticle, PageError, Unclaimed
from cleanfeed.feeds.jsonfeed import item
from cleanfeed.lookup.lookup import Lookup
from cleanfeed.plugins import with_any_site
from cleanfeed.sources.files import SavedPage, Told
from cleanfeed.work import read_one
from frontparts import package
from liveparts import environment, good
from newsroom import Newsroom

package("trafilatura")
SEEDS = range(4)
LANGUAGES = ("en", "ar")


@pytest.fixture(scope="module")
def loaded(outlets):
    return with_any_site(outlets)


def read(loaded, url, html):
    return read_one(SavedPage(Path(), url, html.encode(), url, Told(retrieved=None)), loaded)


def words(html):
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


@pytest.mark.parametrize("shape", ARTICLES)
def test_articles_of_every_shape_are_read_with_their_paragraphs(loaded, shape):
    right = paragraphs = 0
    for language in LANGUAGES:
        for seed in SEEDS:
            url, html, story = article(shape, seed, language)
            result = read(loaded, url, html)
            assert result.entry is not None, result.error
            entry = result.entry
            assert (entry.title, entry.language, entry.url) == (story.title, language, url)
            assert entry.direction == ("rtl" if language == "ar" else "ltr")
            told = {each for each in entry.text.split("\n") if len(each) >= 60}
            wanted = {each for each in story.body if len(each) >= 60}
            right += len(wanted & told)
            paragraphs += len(wanted | told)
    assert right >= 0.9 * paragraphs, f"{right} of {paragraphs}"


@pytest.mark.parametrize("shape", OTHERS)
def test_what_is_no_article_is_refused_with_a_reason(loaded, shape):
    for language in LANGUAGES:
        for seed in SEEDS:
            result = read(loaded, *other(shape, seed, language))
            assert result.entry is None, (language, seed)
            assert isinstance(result.error, PageError)
            assert result.error.reason


def test_an_entry_is_marked_as_a_guess_and_others_are_not(loaded, outlets):
    url, html, _story = article("json-ld", 1, "en")
    told = item(read(loaded, url, html).entry)
    assert told["_cleanfeed"]["guess"] is True
    assert told["_cleanfeed"]["outlet"] == "any"
    saved = Path(__file__).parents[1] / "examples" / "pages" / "arise"
    entries = [json.loads(path.read_text("utf-8")) for path in saved.glob("*.entry.json")]
    assert entries
    assert not any("guess" in each["_cleanfeed"] for each in entries)


def test_the_same_path_on_two_hosts_is_two_ids_and_a_tracker_none(loaded):
    url, html, _story = article("json-ld", 1, "en")
    first = read(loaded, url, html).entry.id
    assert read(loaded, f"{url}?utm_source=x", html).entry.id == first
    other_host = html.replace("www.elsewhere.example", "www.otherwise.example")
    assert read(loaded, url.replace("elsewhere", "otherwise"), other_host).entry.id != first


@pytest.mark.parametrize(("declared", "published", "precision"), [
    ("2026-09-14T08:20:00+01:00", "2026-09-14T08:20:00+01:00", None),
    ("2026-09-14T08:20:00Z", "2026-09-14T08:20:00+00:00", None),
    ("2026-09-14T08:20:00", "2026-09-14T00:00:00+00:00", "day"),
    ("2026-09-14 23:50", "2026-09-14T00:00:00+00:00", "day"),
    ("2026-09-14", "2026-09-14T00:00:00+00:00", "day"),
    ("soon", None, None),
])  # fmt: skip
def test_a_date_is_what_the_page_declares_and_a_time_without_a_zone_is_its_day(
    loaded, declared, published, precision
):
    url, html, story = article("og", 2, "en")
    found = read(loaded, url, html.replace(story.time.isoformat(), declared)).entry
    assert (found.published.isoformat() if found.published else None, found.date_precision) == (
        published,
        precision,
    )


def test_no_date_is_invented(loaded):
    url, html, _story = article("byline", 2, "en")
    assert read(loaded, url, html).entry.published is None


def test_hostile_content_comes_out_harmless(loaded):
    url, html, story = article("json-ld", 3, "en")
    bad = f"<p>{story.body[0]} <a href='javascript:alert(1)'>x</a><img src=x onerror=alert(1)></p><script>alert(2)</script>"
    content = read(loaded, url, html.replace(f"<p>{story.body[0]}</p>", bad)).entry.content
    assert not re.search(r"javascript:|onerror|<script|alert", content)


def test_a_page_of_an_outlets_host_is_never_guessed_at(loaded):
    _url, html, _story = article("json-ld", 1, "en")
    stranger = "https://www.daily8.com/nowhere/1"
    for page in (html, html.replace(HOST, "https://www.arise.tv")):
        result = read(loaded, stranger, page)
        assert result.entry is None or result.entry.outlet != "any"


def test_without_the_wish_no_such_page_is_read(outlets):
    url, html, _story = article("json-ld", 1, "en")
    assert "no loaded outlet claims" in read(outlets, url, html).error.reason


def test_no_plugin_may_be_called_so(outlets):
    assert any("last resort" in each for each in faults(replace(outlets.outlets[0], slug="any")))


def test_without_the_extra_one_line_says_what_to_install(tmp_path):
    code = (
        "import sys; sys.modules['trafilatura'] = None\n"
        "import importlib.util as u; find = u.find_spec\n"
        "u.find_spec = lambda name, *a: None if name == 'trafilatura' else find(name, *a)\n"
        "from cleanfeed.cli import main\nsys.exit(main(['extract', '--any-site', 'x.html']))"
    )
    (tmp_path / "x.html").write_text("<p>x</p>")
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        env=environment(),
        check=False,
    )
    assert done.returncode == 2
    assert done.stderr.splitlines() == [
        "cleanfeed: any_site: reads pages with trafilatura, which is not installed: pip install 'cleanfeed[any]'"
    ]


def test_nothing_of_it_is_imported_until_a_page_needs_it():
    code = "import sys; from cleanfeed.plugins import load; load(any_site=True); print('trafilatura' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, env=environment(), check=True
    )
    assert done.stdout.strip() == "False"


# --- commands and lookups


def test_saved_pages_are_built_only_where_the_configuration_says_so(tmp_path):
    (tmp_path / "pages").mkdir()
    url, html, story = article("json-ld", 1, "en")
    (tmp_path / "pages" / "a.html").write_text(html, "utf-8")
    (tmp_path / "pages" / "a.json").write_text(json.dumps({"url": url}))
    config = tmp_path / "cleanfeed.toml"
    text = 'title = "T"\nbase_url = "https://f.example/"\npages = ["pages"]\noutlets = ["arise"]\n{}\n[topics.all-of-it]\ntitle = "All"\neverything = true\n'
    config.write_text(text.format("any_site = true"))
    (found,) = good(config).items("all-of-it")
    assert (found["title"], found["_cleanfeed"]["guess"]) == (story.title, True)
    config.write_text(text.format(""))
    done = subprocess.run(
        [sys.executable, "-m", "cleanfeed", "build", str(config)],
        capture_output=True,
        text=True,
        env=environment(),
        check=False,
    )
    assert "no loaded outlet claims" in done.stderr


@pytest.fixture
def room():
    with Newsroom(["arise"]) as room:
        room.publish("arise", 1)
        yield room


@pytest.fixture
def config(room, httpserver, tmp_path):
    """Where the other site is played by a server of the test."""
    path = room.config(tmp_path, any_site=True)
    mirrors = f"{json.dumps(HOST)} = {json.dumps(httpserver.url_for('').rstrip('/'))}\n"
    path.write_text(path.read_text() + mirrors)
    httpserver.expect_request("/robots.txt").respond_with_data("", status=404)
    return path


def test_any_site_can_be_looked_up_and_is_remembered(config, httpserver):
    url, html, story = article("og", 1, "ar")
    httpserver.expect_oneshot_request(url.removeprefix(HOST)).respond_with_data(
        html, content_type="text/html; charset=utf-8"
    )
    with Lookup(load_config(config)) as lookup:
        assert lookup.claims_all
        found = lookup.entry(url)
        assert (found.title, found.is_guess, found.direction) == (story.title, True, "rtl")
        assert lookup.entry(url) == replace(found, first_seen=lookup.entry(url).first_seen)


def test_what_was_guessed_is_not_given_where_nothing_is_guessed(config, httpserver):
    url, html, _story = article("og", 1, "ar")
    httpserver.expect_request(url.removeprefix(HOST)).respond_with_data(html, content_type="text/html")
    settings = load_config(config)
    with Lookup(settings) as lookup:
        lookup.entry(url)
    with Lookup(replace(settings, any_site=False)) as lookup:
        for ask in (lookup.entry, lookup.ready):
            with pytest.raises(Unclaimed, match="no loaded outlet claims"):
                ask(url)


@pytest.mark.parametrize(
    "address",
    ["http://127.0.0.1/x", "http://[::1]/x", "http://localhost/x", "http://10.0.0.1/", "file:///etc/passwd"],
)
def test_private_addresses_stay_refused(config, address):
    with Lookup(load_config(config)) as lookup, pytest.raises(FetchError, match="no public address"):
        lookup.entry(address)


def test_a_redirect_to_a_private_address_is_not_followed(config, httpserver):
    httpserver.expect_request("/away").respond_with_response(
        Response(status=302, headers={"Location": "http://127.0.0.1:9/x"})
    )
    with Lookup(load_config(config)) as lookup, pytest.raises(FetchError) as caught:
        lookup.entry(f"{HOST}/away")
    assert caught.value.kind == "refused"


def test_an_outlets_failing_page_is_not_guessed_at(room, config):
    (one,) = room.articles("arise")
    room.redesign(one, lambda _html: article("json-ld", 1, "en")[1].replace(HOST, "https://www.arise.tv"))
    with Lookup(load_config(config)) as lookup:
        ((_address, found),) = lookup.entries([one.url])
    assert isinstance(found, PageError) or not found.is_guess


def test_no_stranger_speaks_for_an_outlet(room, config, httpserver):
    (one,) = room.articles("arise")
    httpserver.expect_request("/fake").respond_with_data(
        room._html(one), content_type="text/html; charset=utf-8"
    )
    with (
        Lookup(load_config(config)) as lookup,
        pytest.raises(NotAnArticle, match="not of the site that it says"),
    ):
        lookup.entry(f"{HOST}/fake")


@pytest.mark.parametrize("value", ['"yes"', "1", "[]"])
def test_the_key_is_true_or_false(room, tmp_path, value):
    path = room.config(tmp_path, any_site=True)
    path.write_text(path.read_text().replace("any_site = true", f"any_site = {value}"))
    with pytest.raises(ConfigError, match="any_site must be true or false"):
        load_config(path)
