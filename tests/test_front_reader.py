"""reader with the plugin: topics without a server, clean contents in feeds, and entries that never get lost."""

from __future__ import annotations

import inspect
import json
import sys
from datetime import UTC
from types import SimpleNamespace

import pytest

from cleanfeed.errors import CleanfeedError
from cleanfeed.integrations.reader import init
from frontparts import feed_of, last_words, package, run
from liveparts import good
from newsroom import Newsroom

library = package("reader")
pytestmark = pytest.mark.filterwarnings("default")  # reader and what it brings warn of themselves
EN = "almayadeen-en"
INIT = "cleanfeed.integrations.reader:init"


@pytest.fixture
def room():
    with Newsroom([EN, "almanar-ar"]) as room:
        room.publish(EN, 3)
        room.publish("almanar-ar", 2)
        yield room


@pytest.fixture
def config(room, tmp_path, monkeypatch):
    path = room.config(tmp_path)
    monkeypatch.setenv("CLEANFEED_CONFIG", str(path))
    return path


@pytest.fixture
def reader(config, tmp_path):
    with library.make_reader(str(tmp_path / "reader.sqlite"), plugins=[INIT]) as reader:
        yield reader


def shown(reader, feed):
    """The titles of a feed, and what stands in their contents."""
    return {
        entry.title: entry.get_content(prefer_summary=False).value for entry in reader.get_entries(feed=feed)
    }


def rewrite(room, article):
    """The article has another title, and other words at its end."""
    words = last_words(article)
    room.redesign(article, lambda html: html.replace(words, "ends with a swan"))
    room.edit(article, title="Said anew")


def test_a_topic_is_subscribed_to_without_a_server(room, config, reader):
    good(config)
    reader.add_feed("cleanfeed:everything")
    reader.update_feeds()
    articles = [*room.articles(EN), *room.articles("almanar-ar")]
    entries = {entry.link: entry for entry in reader.get_entries(feed="cleanfeed:everything")}
    assert {link: entry.title for link, entry in entries.items()} == {
        each.url: each.title for each in articles
    }
    for article in articles:
        entry = entries[article.url]
        assert last_words(article) in entry.content[0].value
        assert entry.content[0].language == article.edition.language
    english = room.articles(EN)[0]
    assert entries[english.url].published == english.published.astimezone(UTC)
    assert [author.name for author in entries[english.url].authors] == [english.story.author]
    arabic = entries[room.articles("almanar-ar")[0].url]
    assert 'dir="rtl"' in arabic.content[0].value


def test_a_topic_that_was_never_built_is_built_when_it_is_first_asked_for(room, config, reader):
    reader.add_feed(f"cleanfeed:{EN}")
    reader.update_feeds()
    assert shown(reader, f"cleanfeed:{EN}").keys() == {each.title for each in room.articles(EN)}


def test_what_goes_wrong_in_a_build_that_reader_brings_about_is_logged(room, config, reader, caplog):
    room.fail(EN, "500")
    reader.add_feed("cleanfeed:everything")
    reader.update_feeds()
    assert any(record.levelname == "WARNING" and EN in record.message for record in caplog.records)
    assert {entry.link for entry in reader.get_entries()} == {
        each.url for each in room.articles("almanar-ar")
    }


def test_an_unchanged_topic_is_not_read_again_and_an_edited_article_is_one_entry(room, config, reader):
    good(config)
    reader.add_feed(f"cleanfeed:{EN}")
    reader.update_feed(f"cleanfeed:{EN}")
    assert reader.update_feed(f"cleanfeed:{EN}") is None
    room.edit(room.articles(EN)[0], title="Said anew and better")
    good(config)
    found = reader.update_feed(f"cleanfeed:{EN}")
    assert (found.new, found.modified) == (0, 1)
    assert len(shown(reader, f"cleanfeed:{EN}")) == 3
    assert "Said anew and better" in shown(reader, f"cleanfeed:{EN}")


@pytest.mark.parametrize("topic", ["nowhere", "report", "health", "../arise", "", "arise/..", "ARISE?x"])
def test_what_is_no_topic_cannot_be_subscribed_to(config, reader, topic):
    with pytest.raises(library.InvalidFeedURLError) as caught:
        reader.add_feed(f"cleanfeed:{topic}")
    assert "topics: everything, almayadeen-en, almanar-ar" in str(caught.value.__cause__)


def test_a_topic_that_cannot_be_built_is_an_error_of_that_feed_alone(room, config, reader):
    url = feed_of(room, EN, "/rss")
    for each in (url, f"cleanfeed:{EN}"):
        reader.add_feed(each)
    config.write_text(config.read_text().replace('title = "Loopback"', 'title = "Loopback"\noutput = "x"', 1))
    reader.update_feeds()
    assert str(config) in str(reader.get_feed(f"cleanfeed:{EN}").last_exception.value_str)
    assert reader.get_feed(url).last_exception is None
    assert len(shown(reader, url)) == 3


@pytest.mark.parametrize(("slug", "path"), [(EN, "/rss"), ("almanar-ar", "/rss")])
def test_any_feed_gets_the_clean_articles_and_keeps_all_else(room, reader, slug, path):
    url = feed_of(room, slug, path)
    reader.add_feed(url)
    reader.update_feeds()
    entries = {entry.title: entry for entry in reader.get_entries(feed=url)}
    assert entries.keys() == {each.title for each in room.articles(slug)}
    for article in room.articles(slug):
        (content,) = entries[article.title].content
        assert last_words(article) in content.value
        assert content.language == article.edition.language
        assert entries[article.title].published == article.published.astimezone(UTC)
        assert entries[article.title].id == article.url


def test_an_edited_article_is_updated_in_place_and_the_others_are_not_asked_for(room, reader):
    url, article = feed_of(room, EN, "/rss"), room.articles(EN)[0]
    reader.add_feed(url)
    reader.update_feeds()
    room.log.clear()
    assert reader.update_feed(url) is None
    assert [request.path for request in room.log] == ["/rss"]
    rewrite(room, article)
    room.log.clear()
    found = reader.update_feed(url)
    assert (found.new, found.modified) == (0, 1)
    assert "ends with a swan" in shown(reader, url)["Said anew"]
    assert [request.path for request in room.log] == ["/rss", article.path]


@pytest.mark.parametrize("how", ["404", "consent"])
def test_an_article_that_cannot_be_had_keeps_the_entry_of_its_feed(room, reader, how, caplog):
    url, article = feed_of(room, EN, "/rss"), room.articles(EN)[0]
    room.fail(article, how)
    reader.add_feed(url)
    reader.update_feeds()
    entry = next(each for each in reader.get_entries(feed=url) if each.title == article.title)
    assert (entry.content, entry.summary) == ((), article.story.deck)
    assert article.url in caplog.text
    others = [last_words(each) in shown(reader, url)[each.title] for each in room.articles(EN)[1:]]
    assert others == [True, True]


def test_an_edited_article_that_cannot_be_had_keeps_its_clean_content_and_is_asked_for_again(room, reader):
    url, article = feed_of(room, EN, "/rss"), room.articles(EN)[0]
    reader.add_feed(url)
    reader.update_feeds()
    words = last_words(article)
    rewrite(room, article)
    trouble = room.fail(article, "404")
    reader.update_feed(url)
    assert words in shown(reader, url)["Said anew"]
    trouble.end()
    room.publish(EN, 1)
    reader.update_feed(url)
    assert "ends with a swan" in shown(reader, url)["Said anew"]


def test_entries_of_hosts_that_no_outlet_claims_stay_as_they_are(config, reader, tmp_path, httpserver):
    said = {"id": "1", "url": "https://unclaimed.example.com/1", "content_html": "<p>Its own words.</p>"}
    bare = {"id": "2", "content_html": "<p>No address.</p>"}
    feed = {"version": "https://jsonfeed.org/version/1.1", "title": "Mixed", "items": [said, bare]}
    httpserver.expect_request("/feed.json").respond_with_json(feed, content_type="application/feed+json")
    url = httpserver.url_for("/feed.json")
    reader.add_feed(url)
    reader.update_feeds()
    contents = [entry.content[0].value for entry in reader.get_entries(feed=url)]
    assert sorted(contents) == ["<p>Its own words.</p>", "<p>No address.</p>"]


def test_a_wrong_configuration_loses_no_entry_and_is_named(room, config, reader, caplog):
    config.write_text("titel = 1")
    url = feed_of(room, EN, "/rss")
    reader.add_feed(url)
    reader.update_feeds()
    assert len(shown_titles := [each.title for each in reader.get_entries(feed=url)]) == 3, shown_titles
    assert f"{config}: titel" in caplog.text


def test_without_a_configuration_contents_are_clean_all_the_same_and_the_folder_stays_empty(tmp_path):
    script = tmp_path / "script.py"
    script.write_text(
        "from reader import make_reader\n"
        f"reader = make_reader(':memory:', plugins=[{INIT!r}])\n"
        "try:\n    reader.add_feed('cleanfeed:everything')\nexcept Exception as error:\n    print(error.__cause__)\n"
    )
    said = run([sys.executable, "-W", "ignore", script], tmp_path, CLEANFEED_CONFIG="")
    assert "name yours by CLEANFEED_CONFIG" in said
    assert [each.name for each in tmp_path.iterdir()] == ["script.py"]


def test_a_script_with_threads_and_without_a_guard_runs_once(room, config, tmp_path):
    script = tmp_path / "script.py"
    script.write_text(
        "import threading, time\n"
        "threading.Thread(target=time.sleep, args=(30,), daemon=True).start()\n"
        "print('BEGINS')\n"
        "from reader import make_reader\n"
        f"reader = make_reader(':memory:', plugins=[{INIT!r}])\n"
        f"reader.add_feed({feed_of(room, EN, '/rss')!r})\n"
        "reader.update_feeds(workers=4)\n"
        "import json; print(json.dumps([e.content[0].value for e in reader.get_entries()]))\n"
    )
    said = run([sys.executable, "-W", "ignore", script], tmp_path, config)
    begins, contents = said.split("\n")[:2]
    assert (begins, said.count("BEGINS")) == ("BEGINS", 1)
    assert all(any(last_words(each) in one for one in json.loads(contents)) for each in room.articles(EN))


def test_the_parts_of_reader_that_are_used_are_there_as_they_are_used(reader):
    """A canary: reader promises nothing of these."""
    parser = package("reader._parser")
    assert list(inspect.signature(parser.Parser.mount_retriever).parameters) == [
        "self",
        "prefix",
        "retriever",
    ]
    assert list(inspect.signature(parser.Parser.process_entry_pairs).parameters) == [
        "self",
        "url",
        "mime_type",
        "pairs",
    ]
    assert list(inspect.signature(parser.RetrievedFeed).parameters)[:3] == [
        "resource",
        "mime_type",
        "caching_info",
    ]
    assert list(inspect.signature(library.Content).parameters) == ["value", "type", "language"]
    assert issubclass(parser.NotModified, Exception)


def test_a_reader_of_another_make_is_refused_in_one_line():
    with pytest.raises(
        CleanfeedError, match=r"has no mount_retriever and no process_entry_pairs .*cleanfeed\[reader\]"
    ):
        init(SimpleNamespace(_parser=object()))
