"""What may not change an entry: how its address is written, what its characters are sent as, what a page says of time."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from faults.world import START, World
from newsroom_faults import Reply, send

# --- addresses


def without_www(url):
    return url.replace("//www.", "//", 1)


ADDRESSES = {
    "a tracking parameter": lambda url: f"{url}?utm_source=rss&utm_medium=feed",
    "a click id": lambda url: f"{url}?fbclid=IwAR0abc",
    "a fragment": lambda url: f"{url}#comments",
    "http": lambda url: url.replace("https://", "http://", 1),
    "no www": without_www,
    "a slash more or less": lambda url: url[:-1] if url.endswith("/") else f"{url}/",
    "capitals in the host": lambda url: url.replace("www.", "WWW.", 1).replace("english.", "English.", 1),
    "the port": lambda url: (
        url.replace(".tv/", ".tv:443/").replace(".net/", ".net:443/").replace(".lb/", ".lb:443/")
    ),
    "a tracker and a fragment": lambda url: f"{url}?utm_campaign=x#top",
    "its own": lambda url: url,
}


@pytest.mark.parametrize("slug", ["arise", "almayadeen-en", "almayadeen-ar", "almanar-en"])
def test_an_article_is_the_same_entry_however_its_address_is_written(tmp_path, injected, slug):
    with World(tmp_path, [slug]) as world:
        world.room.publish(slug, len(ADDRESSES))
        world.build()
        before = world.items(slug)
        assert len(before) == len(ADDRESSES)
        for article, change in zip(world.room.articles(slug), ADDRESSES.values(), strict=True):
            article.listed = change(article.url)
            world.room.edit(article, title=f"{article.title} 2")
        world.pass_time()
        world.build()
        after = world.items(slug)
        assert [(item["id"], item["url"]) for item in after] == [(item["id"], item["url"]) for item in before]
        assert all(item["title"].endswith(" 2") for item in after)
        injected("B5", len(ADDRESSES))


# --- characters

ARABIC = "مرفأ صغير يستقبل أوّل عبّارة"
LATIN = "A café “opens” at the naïve quay – at last"
META = '<meta charset="utf-8">'


def encoded(text, label="", *, meta="", bom=b"", errors="xmlcharrefreplace", coding=None):
    """The page in an encoding; what its header and its meta element say of that."""

    def change(article):
        page = article.html().replace(META, f'<meta charset="{meta}">' if meta else "")
        assert text in page
        body = bom + page.encode(coding, errors)
        named = {"Content-Type": f"text/html; charset={label}" if label else "text/html"}
        return lambda wire, _reply: send(wire, Reply(headers=named, body=body))

    return change


def _cases(text, legacy):
    utf16 = {"utf-16-le": b"\xff\xfe", "utf-16-be": b"\xfe\xff"}
    return {
        "utf-8 in the header": encoded(text, "utf-8", coding="utf-8"),
        "utf-8 in the meta element": encoded(text, meta="utf-8", coding="utf-8"),
        "utf-8 nowhere": encoded(text, coding="utf-8"),
        "utf-8 under a BOM": encoded(text, bom=b"\xef\xbb\xbf", coding="utf-8"),
        "a BOM against the header": encoded(text, legacy, bom=b"\xef\xbb\xbf", coding="utf-8"),
        "a label that nobody knows": encoded(text, "x-unknown", meta="utf-8", coding="utf-8"),
        "utf-7 in the meta element": encoded(text, meta="utf-7", coding="utf-8"),
        "the old encoding in the header": encoded(text, legacy, coding=legacy),
        "the old encoding in the meta element": encoded(text, meta=legacy, coding=legacy),
        "the header against the meta element": encoded(text, legacy, meta="gb2312", coding=legacy),
        **{f"{name} with a BOM": encoded(text, coding=name, bom=bom) for name, bom in utf16.items()},
    }


@pytest.mark.parametrize(
    "slug, text, legacy",
    [("almanar-ar", ARABIC, "windows-1256"), ("town-1", LATIN, "windows-1252")],
    ids=["Arabic", "Latin"],
)
def test_a_title_is_read_whatever_its_characters_were_sent_as(tmp_path, injected, slug, text, legacy):
    cases = _cases(text, legacy)
    with World(tmp_path, [slug]) as world:
        world.room.publish(slug, len(cases))
        kinds = dict(zip(cases, world.room.articles(slug), strict=True))
        for name, article in kinds.items():
            world.room.edit(article, title=f"{text} {article.number}")
            world.room.fail(article, cases[name](article))
        world.build()
        found = {item["url"]: item["title"] for item in world.items(slug)}
        wrong = {
            name: found.get(each.url) for name, each in kinds.items() if found.get(each.url) != each.title
        }
        assert wrong == {}
        injected("B17", len(cases))


# --- time


def said(moment, **changed):
    return moment.replace(**changed).isoformat()


DAY = START.date().isoformat()
DATES = {
    f"{DAY}T05:00:00Z": f"{DAY}T05:00:00+00:00",
    f"{DAY}T05:00:00+00:00": f"{DAY}T05:00:00+00:00",
    f"{DAY}T07:00:00+02:00": f"{DAY}T05:00:00+00:00",
    f"{DAY}T05:00:00": f"{DAY}T05:00:00+00:00",
    f"{DAY}T05:00:00.1234567": f"{DAY}T05:00:00+00:00",
    f"{DAY} 05:00": f"{DAY}T05:00:00+00:00",
    f"{DAY}": f"{DAY}T00:00:00+00:00",
    "Mon, 02 Mar 2026 05:00:00 GMT": f"{DAY}T05:00:00+00:00",
    "Mon, 02 Mar 2026 06:00:00 +0100": f"{DAY}T05:00:00+00:00",
    "2 March 2026": f"{DAY}T00:00:00+00:00",
    "2026-03-01T23:30:00-01:00": "2026-03-02T00:30:00+00:00",
    "9999-99-99": None,
    "2026-02-30": None,
    "0000-00-00T00:00:00": None,
    "soon": None,
    "": None,
    said(START + timedelta(days=3)): None,
    said(START + timedelta(days=3650)): None,
    "2026-13-01T00:00:00Z": None,
    "1e400": None,
}
"""What a page says, and what its entry says then; the clock stands at START."""


def test_a_date_is_read_or_left_out_and_never_made_up(tmp_path, injected):
    with World(tmp_path, ["town-1"]) as world:
        world.room.publish("town-1", len(DATES), published=START - timedelta(hours=3))
        articles = dict(zip(DATES, world.room.articles("town-1"), strict=True))
        for text, article in articles.items():
            world.room.redesign(article, _saying(text))
        world.room.fail("town-1", "404", path=r"/feed\.xml|/sitemap\.xml")  # which tell dates of their own
        world.build()
        found = {item["url"]: item.get("date_published") for item in world.items("town-1")}
        wrong = {
            text: found.get(articles[text].url, "no entry")
            for text, due in DATES.items()
            if not _is_same(found.get(articles[text].url, "no entry"), due)
        }
        assert wrong == {}
        # What has no date keeps the time when it was first seen.
        before = world.items("town-1")
        world.pass_time(timedelta(hours=30))
        world.build()
        assert world.items("town-1") == before
        injected("B20", len(DATES))


def _saying(text):
    def change(page):
        head, _, rest = page.partition('<time class="when"')
        return f'{head}<time class="when" datetime="{text}"></time>{rest.partition("</time>")[2]}'

    return change


def _is_same(found, due):
    if found in {None, "no entry"} or due is None:
        return found == due
    return datetime.fromisoformat(found).replace(microsecond=0) == datetime.fromisoformat(due)
