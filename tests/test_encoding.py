"""From bytes to text: the evidence for an encoding, and what is no page at all."""

from __future__ import annotations

import codecs
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cleanfeed.encoding import SIZE_LIMIT, check_html, decode, looks_like_html
from cleanfeed.errors import UnreadablePage

ARABIC = "افتتح المرفأ رصيفه الجديد صباح اليوم، بعد ثلاث سنوات من العمل. وقال القبطان إن السفن تنتظر أقل."
SPANISH = "El capitán inauguró el muelle: «mañana habrá más», según él. ¿Cuánto costó? Nadie lo dirá."
ENGLISH = "The captain’s “new berth” – open at last… for 30 €."


def page(text: str, label: str = "") -> str:
    meta = f'<meta charset="{label}">' if label else ""
    return (
        f"<!doctype html><html><head>{meta}<title>{text[:20]}</title></head><body><p>{text}</p></body></html>"
    )


TOLD = {
    "UTF-8": (page(ARABIC).encode(), page(ARABIC)),
    "UTF-8 with a mark": (codecs.BOM_UTF8 + page(ARABIC).encode(), page(ARABIC)),
    "a mark before a label that lies": (codecs.BOM_UTF8 + page(ARABIC, "windows-1256").encode(), page(ARABIC, "windows-1256")),
    "UTF-16 with a mark": (codecs.BOM_UTF16_LE + page(ARABIC).encode("utf-16-le"), page(ARABIC)),
    "big-endian UTF-16 with a mark": (codecs.BOM_UTF16_BE + page(ARABIC).encode("utf-16-be"), page(ARABIC)),
    "UTF-16 without a mark": (page(ENGLISH).encode("utf-16-le"), page(ENGLISH)),
    "big-endian UTF-16 without a mark": (page(ENGLISH).encode("utf-16-be"), page(ENGLISH)),
    "a label of windows-1256": (page(ARABIC, "windows-1256").encode("cp1256"), page(ARABIC, "windows-1256")),
    "a label by another name": (page(ARABIC, "cp1256").encode("cp1256"), page(ARABIC, "cp1256")),
    "a label of ISO 8859-6": (page(ARABIC.replace(".", ""), "iso-8859-6").encode("iso-8859-6"), page(ARABIC.replace(".", ""), "iso-8859-6")),
    "Latin-1 is windows-1252": (page(ENGLISH, "iso-8859-1").encode("cp1252"), page(ENGLISH, "iso-8859-1")),
    "a label of another script": (page("Гавань открыта", "koi8-r").encode("koi8-r"), page("Гавань открыта", "koi8-r")),
    "a label of Chinese": (page("港口今天开放", "gb2312").encode("gb2312"), page("港口今天开放", "gb2312")),
    "a letter of its successor under the old label of Chinese": (page("港口今天开放㐂", "gb2312").encode("gb18030"), page("港口今天开放㐂", "gb2312")),
    "a label in the old way": (b'<html><meta http-equiv="Content-Type" content="text/html; charset=windows-1256"><p>' + ARABIC.encode("cp1256"),
        '<html><meta http-equiv="Content-Type" content="text/html; charset=windows-1256"><p>' + ARABIC),
    "a label of XML": (b'<?xml version="1.0" encoding="windows-1256"?><html><p>' + ARABIC.encode("cp1256"),
        '<?xml version="1.0" encoding="windows-1256"?><html><p>' + ARABIC),
    "no label, Arabic": (page(ARABIC).encode("cp1256"), page(ARABIC)),
    "no label, Spanish": (page(SPANISH).encode("cp1252"), page(SPANISH)),
    "no label, typographer's marks": (page(ENGLISH).encode("cp1252"), page(ENGLISH)),
    "a label that lies: UTF-8 that is Arabic of Windows": (page(ARABIC, "utf-8").encode("cp1256"), page(ARABIC, "utf-8")),
    "a label that lies: UTF-8 that is Spanish of Windows": (page(SPANISH, "utf-8").encode("cp1252"), page(SPANISH, "utf-8")),
    "a label that lies: windows-1256 that is UTF-8": (page(ARABIC, "windows-1256").encode(), page(ARABIC, "windows-1256")),
    "a label that lies: Latin-1 that is Arabic of Windows": (page(ARABIC, "iso-8859-1").encode("cp1256"), page(ARABIC, "iso-8859-1")),
    "a label that lies: Chinese that is Western": (page(SPANISH, "gb18030").encode("cp1252")[:-1] + b">", page(SPANISH, "gb18030")),
    "a label that lies: UTF-16": (page(ARABIC, "utf-16").encode(), page(ARABIC, "utf-16")),
    "a label that nobody knows": (page(ARABIC, "klingon").encode(), page(ARABIC, "klingon")),
    "a label of x-user-defined": (page(ARABIC, "x-user-defined").encode(), page(ARABIC, "x-user-defined")),
    "a letter that was cut": (page(ARABIC).encode()[:-15], page(ARABIC)[:-15]),
    "a cut in mid-letter": (ARABIC.encode() + b"\xd8 <p>end", ARABIC + " <p>end"),
    "a mark of Windows pasted into UTF-8": ("<p>زيت </p>".encode() + b"<p>it\x92s</p>", "<p>زيت </p><p>it’s</p>"),
    "zero bytes go": (b"<scr\0ipt>x</script>\0", "<script>x</script>"),
    "ASCII": (b"<p>plain</p>", "<p>plain</p>"),
}  # fmt: skip


@pytest.mark.parametrize("raw, text", TOLD.values(), ids=TOLD)
def test_the_encoding_is_told(raw, text):
    assert decode(raw, "x.html") == text


SERVED = {
    "the server's label": (page(ARABIC).encode("cp1256"), "windows-1256", page(ARABIC)),
    "the server's before the page's": (page("Гавань", "gb2312").encode("koi8-r"), "koi8-r", page("Гавань", "gb2312")),
    "a mark before the server's": (codecs.BOM_UTF8 + page(ARABIC).encode(), "windows-1256", page(ARABIC)),
    "a server's label that lies": (page(ARABIC).encode(), "iso-8859-1", page(ARABIC)),
    "a server's label that nobody knows": (page(ARABIC, "windows-1256").encode("cp1256"), "klingon", page(ARABIC, "windows-1256")),
    "a server that says UTF-8 of a page of Windows": (page(SPANISH, "gb18030").encode("cp1252"), "utf-8", page(SPANISH, "gb18030")),
    "a server's UTF-7": (b"<p>+ADw-script+AD4-</p>", "utf-7", "<p>+ADw-script+AD4-</p>"),
}  # fmt: skip


@pytest.mark.parametrize("raw, charset, text", SERVED.values(), ids=SERVED)
def test_the_servers_label_comes_between_the_mark_and_the_pages_own(raw, charset, text):
    assert decode(raw, "https://harbour.example/1", charset) == text


@pytest.mark.parametrize(
    "label", ["utf-7", "UTF-7", "csUnicode11UTF7", "unicode-1-1-utf-7", "utf-32", "x-utf-7"]
)
def test_utf_7_is_never_an_answer(label):
    raw = f"<html><meta charset={label}><p>+ADw-script+AD4-alert(1)+ADw-/script+AD4-</p></html>".encode()
    assert "<script" not in decode(raw, "x")


def test_a_page_of_several_encodings_is_that_of_most_of_it():
    raw = (page(ARABIC) * 3).encode() + b"<p>caf\xe9 d\x92hier</p>"
    assert decode(raw, "x").startswith(page(ARABIC))
    assert "\ufffd" not in decode(raw, "x")


REFUSED = {
    b"": "is empty", b" \r\n\t ": "is empty", codecs.BOM_UTF8 + b"\n": "is empty", b"\0" * 9: "is empty",
    b"%PDF-1.7 ...": "is a PDF", b"PK\x03\x04...": "is a ZIP archive", b"\x89PNG\r\n\x1a\n": "is a PNG image", b"GIF89a...": "is a GIF image",
    b"\xff\xd8\xff\xe0....": "is a JPEG image", b"RIFF\x10\x00\x00\x00WEBP": "is a RIFF file", b"\x1f\x8b\x08\x00": "is a gzip file",
    b"\x00\x00\x00\x18ftypmp42": "is an MP4 file", b"OggS\x00\x02": "is an Ogg file", b"ID3\x03\x00": "is an MP3 file", b"\x1aE\xdf\xa3\x01": "is a WebM file",
    b"\xd0\xcf\x11\xe0\xa1\xb1": "is an Office document", b"7z\xbc\xaf\x27\x1c": "is a 7z archive",
    bytes(range(1, 32)) * 50: "is not text", bytes([0x81, 0x8D, 0x01, 0x02]) * 500: "is not text",
}  # fmt: skip


@pytest.mark.parametrize(
    "raw, reason", REFUSED.items(), ids=[reason + str(i) for i, reason in enumerate(REFUSED.values())]
)
def test_what_is_no_page_is_refused_with_the_reason(raw, reason):
    with pytest.raises(UnreadablePage, match=f"^a.html: {reason}"):
        decode(raw, "a.html")


def test_a_page_may_begin_like_the_name_of_a_format():
    assert decode(b"RIFFS and raffs\nID30 and GIF8 are words.", "x").startswith("RIFFS")


def test_a_page_of_20_megabytes_is_refused_at_once():
    started = time.process_time()
    with pytest.raises(UnreadablePage, match=r"is too large: 20\.0 MB, more than the 10 MB"):
        decode(b"x" * 20_000_000, "x")
    assert time.process_time() - started < 0.5


def test_the_largest_page_is_decoded():
    assert len(decode(b"<p>" + b"x" * (SIZE_LIMIT - 3), "x")) == SIZE_LIMIT


@settings(max_examples=500, deadline=None)
@given(
    st.binary(max_size=200) | st.text(max_size=100).map(lambda text: text.encode("utf-8", "surrogatepass"))
)
def test_any_bytes_are_text_or_refused(raw):
    try:
        text = decode(raw, "x")
    except UnreadablePage:
        return
    assert "\0" not in text
    text.encode()


# --- is it an HTML page?

PAGES = {
    "a page": page(ARABIC),
    "a page of XHTML": '<?xml version="1.0"?>\n<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN" "http://www.w3.org/TR/xhtml1.dtd"><html><body></body></html>',
    "a fragment": "<p>x</p>",
    "a page that speaks of entities": "<html><body><p>a</p><!ENTITY x 'y'><!DOCTYPE x [ ]></body></html>",
    "a page with a long attribute": f"<html><body><img src='data:image/png;base64,{'A=' * 100_000}'></body></html>",
    "a page with long data in an attribute": '<html><body data-x="'
    + "{a b='1'} " * 20_000
    + '"></body></html>',
    "a page with a long script": "<html><script>" + "a = b;\n" * 50_000 + "</script></html>",
    "a page that ends with scripts": "<html><body></body>" + "<script>x</script>" * 1000,
    "a page of which only the ends are missing": "<p>x</p>" * 1000,
}


@pytest.mark.parametrize("body", PAGES.values(), ids=PAGES)
def test_a_page_is_a_page(body):
    check_html(body, "x.html")


NO_PAGES = {
    "JSON": ('{"title": "<p>x</p>", "a": 1}', "is JSON"),
    "a list of JSON": (' [{"content": "<p>x</p>"}]', "is JSON"),
    "a feed": (
        '<?xml version="1.0"?><rss version="2.0"><channel><title>x</title></channel></rss>',
        "is an XML document of another kind",
    ),
    "an Atom feed": (
        '<?xml version="1.0"?>\n<!-- x -->\n<?xml-stylesheet href="x"?><feed xmlns="http://www.w3.org/2005/Atom"></feed>',
        "is an XML document",
    ),
    "a sitemap": ("<urlset></urlset>", "is an XML document"),
    "a drawing": ("<svg xmlns='x'><title>x</title></svg>", "is an XML document"),
    "laughs": (
        '<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY lol "lol">]><html><body>&lol;</body></html>',
        "declares XML entities",
    ),
    "an external entity": (
        '<!DOCTYPE html [ <!ENTITY x SYSTEM "file:///etc/passwd"> ]><html><body>&x;</body></html>',
        "declares XML entities",
    ),
    "a parameter entity": (
        '<!-- x --><!DOCTYPE r SYSTEM "x" [ <!ENTITY % p SYSTEM "http://127.0.0.1/"> %p; ]><html></html>',
        "declares XML entities",
    ),
    "an entity without a doctype": ("<!ENTITY x 'y'><html></html>", "declares XML entities"),
    "an archive of MIME": (
        "From: <Saved by Blink>\nSubject: x\nMIME-Version: 1.0\nContent-Type: multipart/related;\n\tboundary=x\n\n<html></html>",
        "is an MHTML archive",
    ),
    "words": ("Just some words.", "is not HTML: it holds no markup"),
    "a page that was cut": ("<html><body><p>The harb", "is cut short"),
    "a page that was cut in its head": ("<!doctype html><html><head><title>x", "is cut short"),
    "a flood of attributes": (
        "<html><body><p " + " ".join(f"a{i}=1" for i in range(200_000)) + "></body></html>",
        "one tag with thousands of attributes",
    ),
    "a flood of attributes without values": (
        "<html><body><p " + " ".join(f"a{i}" for i in range(100_000)) + "></body></html>",
        "one tag with thousands of attributes",
    ),
    "a flood of attributes with quoted ends": (
        "<html><body><p " + " ".join(f'a{i}=">"' for i in range(100_000)) + "></body></html>",
        "one tag with thousands of attributes",
    ),
    "a flood of tags": ("<html><body>" + "<b></b>" * 400_000 + "</body></html>", "more than 620,000 tags"),
}


@pytest.mark.parametrize("body, reason", NO_PAGES.values(), ids=NO_PAGES)
def test_what_is_no_whole_page_is_refused_with_the_reason(body, reason):
    started = time.process_time()
    with pytest.raises(UnreadablePage, match=f"^x.html: .*{reason}"):
        check_html(body, "x.html")
    assert time.process_time() - started < 1


@pytest.mark.parametrize("text, verdict", [
    ("<!DOCTYPE html><html>", True), (" \n<!-- x -->\n<HTML lang=ar>", True), ('<?xml version="1.0"?><html>', True), ("The <html> of it", False), ("* item", False), ("", False),
])  # fmt: skip
def test_a_text_file_may_hold_a_page(text, verdict):
    assert looks_like_html(text) is verdict


@pytest.mark.parametrize(
    "body",
    [
        "<" * 500_000,
        "<!--" * 200_000,
        "<p" + " " * 500_000,
        "<meta " * 100_000,
        "<?" * 300_000,
        "<!doctype " * 100_000,
        "a: b\n" * 200_000,
        "<a '" + "x" * 500_000,
    ],
    ids=range(8),
)
def test_hostile_texts_are_judged_at_once(body):
    started = time.process_time()
    for judge in (
        lambda: check_html(body, "x"),
        lambda: looks_like_html(body),
        lambda: decode(body.encode(), "x"),
    ):
        try:
            judge()
        except UnreadablePage:
            continue
    assert time.process_time() - started < 1
