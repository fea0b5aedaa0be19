"""rss2email and feed2exec, run as programs: mails hold the clean article, and none is ever lost."""

from __future__ import annotations

import sys
from datetime import UTC
from email import policy
from email.parser import BytesParser
from email.utils import parsedate_to_datetime

import pytest

from frontparts import BIN, feed_of, last_words, package, run
from newsroom import Newsroom

SLUGS = ("almayadeen-en", "almanar-ar")
PATHS = dict.fromkeys(SLUGS, "/rss")


@pytest.fixture
def room():
    with Newsroom(SLUGS) as room:
        room.publish(SLUGS[0], 2)
        room.publish(SLUGS[1], 2)
        yield room


@pytest.fixture
def config(room, tmp_path):
    return room.config(tmp_path)


def mails(folder):
    """The mails in a maildir by their subject."""
    files = [path for path in folder.rglob("*") if path.parent.name in {"new", "cur"}]
    parsed = [BytesParser(policy=policy.default).parsebytes(path.read_bytes()) for path in files]
    return {str(mail["Subject"]): mail for mail in parsed}


def texts(mail):
    return [" ".join(part.get_content().split()) for part in mail.walk() if not part.is_multipart()]


def wrapped(article):
    """A few words of the article's end, none of which a mail's lines could divide."""
    return last_words(article).split()[-2]


# --- rss2email


def write_r2e(room, folder, paths=PATHS, **options):
    package("rss2email")
    (folder / "mail").mkdir(exist_ok=True)
    lines = {
        "from": "news@example.org", "to": "me@example.org", "email-protocol": "maildir",
        "maildir-path": str(folder / "mail"), "maildir-mailbox": "inbox", "verbose": "warning",
        "post-process": "cleanfeed.integrations.rss2email process", "date-header": "True", **options,
    }  # fmt: skip
    text = "[DEFAULT]\n" + "\n".join(f"{key} = {value}" for key, value in lines.items())
    for slug, path in paths.items():
        text += f"\n[feed.{slug}]\nurl = {feed_of(room, slug, path)}\n"
    (folder / "r2e.cfg").write_text(text, "utf-8")


def r2e(folder, config):
    return run([BIN / "r2e", "-c", "r2e.cfg", "-d", "r2e.json", "run"], folder, config)


@pytest.mark.parametrize("options", [
    {},
    {"html-mail": "True"},
    {"html-mail": "True", "use-8bit": "True"},
    {"html-mail": "True", "multipart-html": "True"},
], ids=["text", "html", "8bit", "both"])  # fmt: skip
def test_each_mail_of_rss2email_holds_the_whole_article(room, config, tmp_path, options):
    write_r2e(room, tmp_path, **options)
    r2e(tmp_path, config)
    found = mails(tmp_path / "mail")
    articles = [each for slug in SLUGS for each in room.articles(slug)]
    assert found.keys() == {each.title for each in articles}
    for article in articles:
        mail = found[article.title]
        for text in texts(mail):
            assert wrapped(article) in text
            assert article.url in text
        assert parsedate_to_datetime(mail["Date"]).replace(tzinfo=UTC) == article.published


def test_an_edited_article_is_one_more_mail_of_rss2email_and_holds_it_as_it_is_now(tmp_path):
    with Newsroom(["arise"]) as room:
        (article,) = room.publish("arise", 1)
        config = room.config(tmp_path)
        write_r2e(room, tmp_path, {"arise": "/feed/"}, **{"reply-changes": "True", "html-mail": "True"})
        r2e(tmp_path, config)
        room.edit(article, title="Said anew", body=(*article.body[:-1], "All of it ends with a swan."))
        r2e(tmp_path, config)
    found = mails(tmp_path / "mail")
    assert len(found) == 2
    assert "ends with a swan" in texts(found["Said anew"])[0]


@pytest.mark.parametrize("break_it", ["page", "config"])
def test_what_cannot_be_cleaned_is_mailed_as_the_feed_has_it_and_named(room, config, tmp_path, break_it):
    write_r2e(room, tmp_path)
    article = room.articles(SLUGS[0])[0]
    if break_it == "page":
        room.fail(article, "404")
    else:
        config.write_text("titel = 1")
    said = r2e(tmp_path, config)
    found = mails(tmp_path / "mail")
    assert len(found) == 4
    assert article.story.deck.split()[0] in texts(found[article.title])[0]
    assert (article.url if break_it == "page" else f"{config}: titel") in said
    assert "Traceback" not in said


# --- feed2exec


def write_f2e(room, folder, **options):
    package("feed2exec.utils")
    text = ""
    for slug in SLUGS:
        lines = {
            "url": feed_of(room, slug, "/rss"), "output": "feed2exec.plugins.maildir",
            "filter": "cleanfeed.integrations.feed2exec", "mailbox": str(folder / "mail"), "folder": slug,
            "args": "me@example.org", **options,
        }  # fmt: skip
        text += f"[{slug}]\n" + "\n".join(f"{key} = {value}" for key, value in lines.items()) + "\n"
    (folder / "f2e.ini").write_text(text, "utf-8")


def f2e(folder, config, *options):
    command = [
        sys.executable,
        "-W",
        "ignore",
        "-m",
        "feed2exec",
        "--config",
        "f2e.ini",
        "--database",
        "f2e.db",
    ]
    return run([*command, "fetch", *options], folder, config)


def test_each_mail_of_feed2exec_holds_the_whole_article_once(room, config, tmp_path):
    write_f2e(room, tmp_path)
    f2e(tmp_path, config)
    found = mails(tmp_path / "mail")
    articles = [each for slug in SLUGS for each in room.articles(slug)]
    assert found.keys() == {each.title for each in articles}
    for article in articles:
        assert all(wrapped(article) in text for text in texts(found[article.title]))
    room.log.clear()
    room.publish(SLUGS[0], 1)
    f2e(tmp_path, config)
    assert len(mails(tmp_path / "mail")) == 5
    asked = [request.path for request in room.log if request.path not in {"/rss", "/robots.txt"}]
    assert asked == [room.articles(SLUGS[0])[0].path]


def test_catching_up_asks_nobody_for_articles(room, config, tmp_path):
    write_f2e(room, tmp_path)
    f2e(tmp_path, config, "--catchup")
    assert {request.path for request in room.log} == {"/rss"}


def test_a_page_that_cannot_be_had_costs_no_item_of_feed2exec(room, config, tmp_path):
    write_f2e(room, tmp_path)
    article = room.articles(SLUGS[0])[0]
    room.fail(article, "404")
    said = f2e(tmp_path, config)
    found = mails(tmp_path / "mail")
    assert len(found) == 4
    assert article.story.deck.split()[0] in texts(found[article.title])[0]
    assert article.url in said
