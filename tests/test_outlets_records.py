"""Real records, set into the shape of a whole page, come out of it field by field."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from lxml import html

from cleanfeed.errors import NotAnArticle
from cleanfeed.text import plain
from outletparts import PAGES, made, read

if TYPE_CHECKING:
    from cleanfeed.plugins import Plugins

RECORDS = Path(__file__).parents[2] / "shared" / "almayadeen-ar" / "records_sample.json"
OPINION, NO_ARTICLE = {"مقالات"}, {"الكتّاب", "تغطيات"}
VIDEO = {"فيديو", "تقارير إخبارية", "نشرة الأخبار"}


def records() -> list[dict[str, Any]]:
    return json.loads(RECORDS.read_text("utf-8")) if RECORDS.is_file() else []


def cases() -> list[Any]:
    found = [pytest.param(record, id=record["postId"]) for record in records()]
    absent = pytest.mark.skip(
        reason="the records are not at hand: ../shared/almayadeen-ar/records_sample.json"
    )
    return found or [pytest.param({}, marks=absent)]


def class_of(record: dict[str, Any], mapping: str) -> str | None:
    return next((row["value"].strip() for row in record["classes"] if row["mapping"] == mapping), None)


def paragraphs(record: dict[str, Any]) -> list[str]:
    """The body: without the summary, which the records give before and after it."""
    lines = [" ".join(line.split()) for line in record["full_text"].split("\n")]
    summary = " ".join(record["description"].split())
    return [line for line in lines if line and plain(line) != plain(summary)]


def page_of(record: dict[str, Any], *, metadata: bool = True) -> str:
    tree = html.document_fromstring((PAGES / "almayadeen-ar" / "harbour.html").read_text("utf-8"))
    title, deck = record["title"], record["description"]
    tree.find(".//title").text = f"{title} | الميادين"
    published, updated = (as_meta(record[key]) for key in ("published_time", "last_updated"))
    said = {
        "og:title": title, "og:description": deck, "description": deck, "postid": record["postId"], "author": record["author"],
        "keywords": record["keywords"], "og:url": record["url"], "og:image": record["thumbnail"], "twitter:title": title,
        "article:published_time": published, "article:modified_time": updated, "twitter:image": record["thumbnail"],
    }  # fmt: skip
    for node in tree.iter("meta"):
        name = node.get("property") or node.get("name")
        if name in said:
            node.set("content", said[name])
    tree.cssselect("link[rel=canonical]")[0].set("href", record["url"])
    script = tree.get_element_by_id("tawsiyat-metadata")
    script.text = json.dumps({"type": "article", "postid": record["postId"], **record}, ensure_ascii=False)
    if not metadata:
        script.drop_tree()
    tree.cssselect(".details-white-box h1")[0].text = title
    date = datetime.fromisoformat(record["published_time"])
    metas = (
        f"<ul><li>{escape(record['author'])}</li><li>المصدر: وكالات</li><li>{date:%d/%m/%Y %H:%M}</li></ul>"
    )
    replace(tree.cssselect(".article-details-metas")[0], metas)
    tree.cssselect("p.lg_para.summary")[0].text = deck
    replace(
        tree.cssselect("div.p-content")[0],
        "".join(
            f"<p>{escape(line)}</p>"
            for line in record["full_text"].split("\n")
            if plain(line) in map(plain, paragraphs(record))
        ),
    )
    return html.tostring(tree, encoding="unicode", doctype="<!DOCTYPE html>")


def replace(node: Any, markup: str) -> None:
    for child in list(node):
        node.remove(child)
    node.text = None
    node.extend(html.fragments_fromstring(markup) if markup else [])


def as_meta(time: str) -> str:
    return datetime.fromisoformat(time).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.0000000")


@pytest.mark.parametrize("metadata", [True, False], ids=["with-metadata", "without-tawsiyat"])
@pytest.mark.parametrize("record", cases())
def test_each_field_of_a_real_record_is_read(
    record: dict[str, Any], outlets: Plugins, *, metadata: bool
) -> None:
    page = made(page_of(record, metadata=metadata), url=record["url"])
    posttype = class_of(record, "posttype")
    if posttype in NO_ARTICLE:
        with pytest.raises(NotAnArticle):
            read(page, outlets)
        return
    entry = read(page, outlets)
    body = [
        line for line in map(plain, paragraphs(record)) if not line.startswith(("اقرأ أيضاً", "إقرأ أيضاً"))
    ]
    assert entry.outlet == "almayadeen-ar"
    assert entry.title == plain(record["title"])
    assert entry.summary == (plain(record["description"]) or None)
    assert [plain(line) for line in entry.text.split("\n")] == (body or [""])
    assert entry.published == datetime.fromisoformat(record["published_time"])
    assert entry.date_precision is None
    assert list(entry.tags) == list(dict.fromkeys(map(str.strip, record["keywords"].split(","))))
    assert entry.authors == (record["author"],)
    assert entry.source == "وكالات"
    assert entry.id.endswith("/" + record["postId"])
    later = datetime.fromisoformat(record["last_updated"])
    assert entry.updated == (later if later > entry.published else None)
    if metadata:
        assert entry.section == (class_of(record, "category") or posttype)
        expected = "opinion" if posttype in OPINION else "video" if posttype in VIDEO else entry.kind
        assert entry.kind == expected
