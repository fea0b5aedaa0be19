"""Saved pages are found in the order of their paths, read with what is known of them, or refused by name."""

from __future__ import annotations

import json
import os
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from cleanfeed.errors import UnreadablePage
from cleanfeed.model import Page  # noqa: TC001  # tests are read, not timed
from cleanfeed.sources.files import SavedPage, find, load

HTML = "<!doctype html><html><head><title>t</title></head><body><p>x</p></body></html>"
MODIFIED = datetime(2026, 9, 1, 12, tzinfo=UTC)


def save(path: Path, content: str | bytes = HTML, **sidecar: object) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    os.utime(path, (MODIFIED.timestamp(),) * 2)
    if sidecar:
        path.with_suffix(".json").write_text(json.dumps(sidecar), "utf-8")
    return path


def read(path: Path, **about: str) -> Page:
    return load(SavedPage(path, "as named", **about))


def refusal(path: Path) -> str:
    with pytest.raises(UnreadablePage) as caught:
        read(path)
    assert str(caught.value).startswith("as named: ")
    assert "\n" not in caught.value.reason
    return caught.value.reason


# --- finding


def names(*paths: str | Path) -> list[str]:
    return [saved.name for saved in find(paths)]


def test_a_folder_gives_its_pages_in_the_order_of_their_paths(tmp_path):
    for name in ("b/2.html", "b.html", "a/10.txt", "a/9.HTM", "B/1.xhtml", "a.html", "é.html"):
        save(tmp_path / name)
    expected = ["B/1.xhtml", "a/10.txt", "a/9.HTM", "a.html", "b/2.html", "b.html", "é.html"]
    expected.sort(key=lambda name: Path(name).parts)
    assert names(tmp_path) == [f"{tmp_path}/{name}" for name in expected]


def test_a_folder_gives_nothing_but_pages(tmp_path):
    for name in ("a.html", "a.json", "b.css", "c.html.bak", "d", ".hidden.html", "e.pdf"):
        save(tmp_path / name)
    assert names(tmp_path) == [f"{tmp_path}/a.html"]


@pytest.mark.parametrize("named", ["./pages", "pages", "pages/", "../here/pages", "pages/../pages"])
def test_pages_are_named_as_their_folder_was(tmp_path, monkeypatch, named):
    save(tmp_path / "here" / "pages" / "a.html")
    monkeypatch.chdir(tmp_path / "here")
    assert names(named) == [f"{named.rstrip('/')}/a.html"]
    assert names(f"{named.rstrip('/')}/a.html") == [f"{named.rstrip('/')}/a.html"]


def test_a_folder_that_links_to_itself_is_walked_once(tmp_path):
    save(tmp_path / "a.html")
    (tmp_path / "self").symlink_to(tmp_path)
    assert names(tmp_path) == [f"{tmp_path}/a.html"]


def test_whatever_is_named_is_a_page_to_be_tried(tmp_path):
    long = "x" * 5000
    assert names("missing.html", "strange.php", long) == ["missing.html", "strange.php", long]


@pytest.mark.skipif(os.getuid() == 0, reason="root may read everything")
def test_a_folder_that_cannot_be_listed_is_named(tmp_path):
    (tmp_path / "closed").mkdir(mode=0)
    assert names(tmp_path) == [f"{tmp_path}/closed"]


# --- reading


@pytest.mark.parametrize(
    "name, content, kind",
    [
        ("a.html", HTML, "html"),
        ("a.txt", "A capture", "text"),
        ("a.txt", HTML, "html"),
        ("a.php", HTML, "html"),
        ("a", "A capture", "text"),
        ("a.html", HTML.encode("utf-16"), "html"),
        ("a.html", b"\xef\xbb\xbf" + HTML.encode(), "html"),
    ],
)
def test_the_kind_follows_the_name_and_the_content(tmp_path, name, content, kind):
    assert read(save(tmp_path / name, content)).kind == kind


REFUSED = {
    "empty": (b"", "is empty"),
    "blank": (b" \r\n\t", "is empty"),
    "only a comment": (b"<!-- nothing -->", "is not HTML"),
    "cut short": (HTML[:60].encode(), "is cut short"),
    "a PDF": (b"%PDF-1.7\n" + b"x" * 100, "is a PDF"),
    "a PNG": (b"\x89PNG\r\n\x1a\n", "is a PNG image"),
    "a ZIP": (b"PK\x03\x04" + b"x" * 100, "is a ZIP archive"),
    "JSON": (b'{"title": "x"}', "JSON|not HTML"),
    "20 MB": (b"<html><body>" + b"x" * 20_000_000 + b"</body></html>", "is too large: 20.0 MB"),
}


@pytest.mark.parametrize("content, reason", REFUSED.values(), ids=REFUSED)
def test_what_is_no_page_is_refused_with_the_reason(tmp_path, content, reason):
    assert re.search(reason, refusal(save(tmp_path / "a.html", content)))


def test_what_is_no_file_is_refused_without_being_opened(tmp_path):
    os.mkfifo(tmp_path / "pipe.html")
    assert refusal(tmp_path / "pipe.html") == "is no file, but a pipe, socket or device"
    assert refusal(tmp_path) == "is a folder that cannot be listed"
    assert refusal(Path("/dev/zero")) == "is no file, but a pipe, socket or device"


def test_what_cannot_be_opened_is_refused_with_the_cause(tmp_path):
    (tmp_path / "broken.html").symlink_to("nowhere")
    (tmp_path / "loop.html").symlink_to("loop.html")
    assert refusal(tmp_path / "missing.html") == "cannot be read: No such file or directory"
    assert refusal(tmp_path / "broken.html") == "cannot be read: No such file or directory"
    assert refusal(tmp_path / "loop.html") == "cannot be read: Too many levels of symbolic links"
    assert refusal(tmp_path / ("x" * 300 + ".html")) == "cannot be read: File name too long"
    assert refusal(Path("a\0b.html")).startswith("cannot be read: ")


@pytest.mark.skipif(os.getuid() == 0, reason="root may read everything")
def test_a_file_without_rights_is_refused_with_the_cause(tmp_path):
    save(tmp_path / "a.html").chmod(0)
    assert refusal(tmp_path / "a.html") == "cannot be read: Permission denied"


# --- what is known of a page


def test_the_sidecar_tells_address_and_time(tmp_path):
    page = read(save(tmp_path / "a.html", url="https://a.example/x", retrieved="2026-09-30T08:00:00+02:00"))
    assert page.url == "https://a.example/x"
    assert page.retrieved == datetime(2026, 9, 30, 6, tzinfo=UTC)
    assert page.retrieved_known


def test_an_address_that_is_given_counts_more_than_the_sidecar(tmp_path):
    path = save(tmp_path / "a.html", url="https://a.example/x")
    assert read(path, url="https://b.example/").url == "https://b.example/"


@pytest.mark.parametrize("retrieved, expected", [
    ("2026-09-30T08:00:00Z", datetime(2026, 9, 30, 8, tzinfo=UTC)),
    ("2026-09-30T08:00:00", datetime(2026, 9, 30, 8, tzinfo=UTC)),
    ("2026-09-30", datetime(2026, 9, 30, tzinfo=UTC)),
    (" 20260930T080000Z ", datetime(2026, 9, 30, 8, tzinfo=UTC)),
])  # fmt: skip
def test_the_time_of_the_sidecar_is_aware_and_in_utc_unless_said(tmp_path, retrieved, expected):
    assert read(save(tmp_path / "a.html", retrieved=retrieved)).retrieved == expected


@pytest.mark.parametrize("sidecar", [{}, {"url": None}, {"url": ""}, {"other": 1}, {"retrieved": None}])
def test_without_a_told_time_the_file_s_own_counts_but_no_age_is_measured_from_it(tmp_path, sidecar):
    page = read(save(tmp_path / "a.html", **sidecar))
    assert (page.url, page.retrieved, page.retrieved_known) == (None, MODIFIED, False)


def test_a_modification_time_that_nobody_has_set_counts_for_nothing(tmp_path):
    path = save(tmp_path / "a.html")
    os.utime(path, (0, 0))
    assert read(path).retrieved is None


BROKEN = {
    "no JSON": (b"{", "Expecting"),
    "not UTF-8": (b'{"url": "\xff"}', "utf-8"),
    "a list": (b"[]", "it holds no object"),
    "a text": (b'"https://a.example/"', "it holds no object"),
    "null": (b"null", "it holds no object"),
    "an address that is none": (b'{"url": 7}', "'url' is no text"),
    "addresses": (b'{"url": ["https://a.example/"]}', "'url' is no text"),
    "a number for a time": (b'{"retrieved": 1790000000}', "'retrieved' is no text"),
    "words for a time": (b'{"retrieved": "yesterday"}', "'retrieved' is no time such as 2026-01-31T08:00:00Z: 'yesterday'"),
    "the year 1": (b'{"retrieved": "0001-01-01T00:00:00+14:00"}', "'retrieved' is no time"),
    "the end of time": (b'{"retrieved": "9999-12-31T23:59:59-14:00"}', "'retrieved' is no time"),
    "deep": (b"[" * 60_000, ""),
    "too large": (b'{"url": "' + b"x" * 70_000 + b'"}', "it is larger than 64 KB"),
    "empty": (b"", "Expecting"),
}  # fmt: skip


@pytest.mark.parametrize("content, reason", BROKEN.values(), ids=BROKEN)
def test_a_broken_sidecar_refuses_its_page_and_is_named(tmp_path, content, reason):
    path = save(tmp_path / "a.html")
    (tmp_path / "a.json").write_bytes(content)
    said = refusal(path)
    assert said.startswith("its sidecar a.json cannot be used: ")
    assert reason in said


@pytest.mark.parametrize("make", [Path.mkdir, os.mkfifo, lambda path: path.symlink_to("nowhere")])
def test_what_is_no_file_is_no_sidecar(tmp_path, make):
    path = save(tmp_path / "a.html")
    make(tmp_path / "a.json")
    assert read(path).url is None


def test_a_page_is_not_its_own_sidecar(tmp_path):
    path = save(tmp_path / "a.json", "a capture [of text]")
    assert read(path).kind == "text"


def test_bytes_that_came_from_elsewhere_are_read_like_a_file_but_have_no_time():
    page = load(SavedPage(Path("-"), "-", raw=HTML.encode(), url="https://a.example/"))
    assert (page.kind, page.url, page.retrieved, page.name) == ("html", "https://a.example/", None, "-")
