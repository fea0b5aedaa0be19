"""What plugins give for a page is checked, cleaned, and blamed on the right one; other pages go on."""

from __future__ import annotations

import json
import pickle
import re
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from cleanfeed import Entry, ExtractionError, NotAnArticle, PageError, UnreadablePage, guard, reading
from cleanfeed.plugins import Plugins, load
from outletparts import example_pages, name_of
from outletparts import load as load_page
from pluginparts import ADDRESS, HARBOUR, HEAD, OUTLET, PAGE, page, python, tidy_modules, write

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["tidy_modules"]

OTHER = "https://quay.example/2026/09/a-crane-named-rosa/"
QUAY = f"""{HEAD}{OUTLET}
@hookimpl
def cleanfeed_outlets():
    return [outlet(slug="quay", hosts=("quay.example",))]
"""
FIELDS = {
    "id": "'own'", "outlet": "outlet.slug", "title": "'Rosa'", "content": "'<p>Forty metres tall.</p>'", "language": "'en'",
}  # fmt: skip


def extracting(statement: str, head: str = "") -> str:
    """A plugin that answers for the pages of its outlet."""
    return (
        f"{HARBOUR}{head}\n@hookimpl\ndef cleanfeed_extract(outlet, page):\n"
        f"    if outlet.slug != 'harbour':\n        return None\n    {statement}\n"
    )


def giving(**fields: str) -> str:
    """A plugin whose entry has these fields, written as Python."""
    told = ", ".join(f"{name}={value}" for name, value in (FIELDS | fields).items())
    return extracting(f"return Entry({told})", "import datetime as dt\nfrom cleanfeed import Enclosure")


def wrapping(statements: str) -> str:
    lines = "".join(f"    {line}\n" for line in statements.split("\n"))
    return f"{HEAD}@hookimpl(wrapper=True)\ndef cleanfeed_extract(outlet, page):\n{lines}"


def loaded_from(folder: Path, *sources: str) -> Plugins:
    """These plugins, and one more whose pages must not suffer."""
    paths = [write(folder, source, f"p{number}.py") for number, source in enumerate(sources)]
    return load([write(folder, QUAY, "quay.py"), *paths])


def entry_of(folder: Path, *sources: str, body: str = PAGE, **about: Any) -> Entry:
    return reading.read(page(body, **about), loaded_from(folder, *sources))


def refusal(folder: Path, *sources: str, kind: type[PageError] = ExtractionError) -> str:
    """The reason why the page gives no entry; the page of another outlet gives its own all the same."""
    loaded = loaded_from(folder, *sources)
    with pytest.raises(PageError) as caught:
        reading.read(page(), loaded)
    assert type(caught.value) is kind
    assert caught.value.page == "rosa.html"
    assert "\n" not in caught.value.reason
    pickle.loads(pickle.dumps(caught.value))
    return caught.value.reason


# --- hooks that fail

RAISED = {
    "an exception": ("1 / 0", r"ZeroDivisionError: division by zero \(p0\.py, line \d+, in cleanfeed_extract\)"),
    "an exit": ("raise SystemExit(0)", "SystemExit: 0"),
    "a generator's exit": ("raise GeneratorExit", "GeneratorExit"),
    "the end of an iterator": ("next(iter(()))", "StopIteration"),
    "no end": ("f = lambda: f(); f()", "RecursionError"),
    "no memory": ("raise MemoryError", "MemoryError"),
    "an error of its own": ("class Odd(BaseException): pass\n    raise Odd('x')", "Odd: x"),
    "its own kind of interrupt": ("class Odd(KeyboardInterrupt): pass\n    raise Odd('x')", "Odd: x"),
    "an error that is none of a page": ("raise PluginError('x')", "PluginError: x"),
    "an error that cannot speak": (
        "class Mute(Exception):\n        def __str__(self): raise SystemExit\n    raise Mute", "Mute",
    ),
    "an error of many lines": ("raise ValueError('one\\ntwo')", "ValueError: one two"),
    "a refusal without a reason": ("raise NotAnArticle('no text')", "TypeError.*reason"),
    "a field that is none": ("return Entry(headline='Rosa')", "TypeError.*headline.*p0.py"),
    "a field that is missing": ("return Entry(title='Rosa')", "TypeError.*missing.*p0.py"),
    "an error inside a library": ("import json; json.loads('{')", r"JSONDecodeError: .*\(p0\.py, line"),
}  # fmt: skip


@pytest.mark.parametrize("statement, said", RAISED.values(), ids=RAISED)
@pytest.mark.parametrize("behind_wrapper", [False, True], ids=["", "wrapped"])
def test_whatever_a_hook_raises_costs_its_page_and_names_its_file(
    tmp_path: Path, statement: str, said: str, behind_wrapper: bool
) -> None:
    around = [wrapping("return (yield)")] if behind_wrapper else []
    told = refusal(tmp_path, extracting(statement), *around)
    assert told.startswith(f"plugin 'p0' ({tmp_path / 'p0.py'}) failed on a page of outlet 'harbour': ")
    assert re.search(said, told)


@pytest.mark.parametrize("statement, said", RAISED.values(), ids=RAISED)
def test_whatever_a_finder_raises_is_blamed_on_the_plugin_that_declared_it(
    tmp_path: Path, statement: str, said: str
) -> None:
    source = (
        f"{HEAD}{OUTLET}\ndef authors(page):\n    {statement}\n"
        "@hookimpl\ndef cleanfeed_outlets():\n    return [outlet(article=replace(recipes.WORDPRESS, authors=authors))]\n"
    )
    told = refusal(tmp_path, source, wrapping("return (yield)"))
    assert told.startswith(f"plugin 'p0' ({tmp_path / 'p0.py'}) failed on a page of outlet 'harbour': ")
    assert re.search(said.replace("cleanfeed_extract", "authors"), told)


WRONG_FINDINGS = {
    "a number for authors": "authors=lambda page: 7",
    "no moment": "published=lambda page: {'date': 1}",
    "a picture that is none": "image=lambda page: 7",
}


def with_recipe(fields: str) -> str:
    recipe = f"replace(recipes.WORDPRESS, {fields})"
    return f"{HEAD}{OUTLET}\n@hookimpl\ndef cleanfeed_outlets():\n    return [outlet(article={recipe})]\n"


@pytest.mark.parametrize("field", WRONG_FINDINGS.values(), ids=WRONG_FINDINGS)
def test_a_finding_of_a_wrong_type_costs_no_other_field(tmp_path: Path, field: str) -> None:
    assert entry_of(tmp_path, with_recipe(field)).title == "A crane named Rosa"


def test_a_finding_that_no_page_can_hold_is_blamed_on_the_plugin_and_its_field(tmp_path: Path) -> None:
    told = refusal(tmp_path, with_recipe("summary=lambda page: object"))
    assert told.startswith(f"plugin 'p0' ({tmp_path / 'p0.py'}) failed on a page of outlet 'harbour': ")
    assert "'summary'" in told


def test_content_of_a_wrong_type_is_blamed_on_the_plugin_of_the_outlet(tmp_path: Path) -> None:
    told = refusal(tmp_path, with_recipe("content=lambda page: 7"), wrapping("return (yield)"))
    assert told.startswith(
        f"plugin 'p0' ({tmp_path / 'p0.py'}) failed on a page of outlet 'harbour': TypeError: "
    )


def test_a_recipe_refuses_a_page_with_its_own_reason(tmp_path: Path) -> None:
    assert refusal(tmp_path, with_recipe("is_article=lambda page: 'a poem'"), kind=NotAnArticle) == "a poem"


WRAPPERS = {
    "raises before": ("1 / 0\nyield", "failed on a page of outlet 'harbour': ZeroDivisionError"),
    "raises after": ("yield\n1 / 0", "failed on a page of outlet 'harbour': ZeroDivisionError"),
    "raises a generator's exit": ("yield\nraise GeneratorExit", "GeneratorExit"),
    "exits": ("yield\nraise SystemExit", "SystemExit"),
    "never yields": ("if page is None:\n    yield", "did not yield"),
    "yields twice": ("yield\nyield", "has second yield"),
    "changes a field that is none": ("entry = yield\nreturn replace(entry, headline='x')", "TypeError.*headline.*p1.py"),
    "gives a text": ("yield\nreturn 'entry'", "gave str in cleanfeed_extract, where an Entry is expected"),
    "gives a class": ("yield\nreturn Entry", "gave type in cleanfeed_extract, where an Entry is expected"),
    "gives a wrong field": ("entry = yield\nreturn replace(entry, tags=None)", "gave a wrong entry: tags is NoneType, not tuple"),
    "gives an entry of another outlet": (
        "entry = yield\nreturn replace(entry, outlet='quay')", "gave a wrong entry: outlet is 'quay', but the page is one of 'harbour'",
    ),
}  # fmt: skip


@pytest.mark.parametrize("statements, said", WRAPPERS.values(), ids=WRAPPERS)
def test_a_wrapper_that_fails_is_blamed_itself(tmp_path: Path, statements: str, said: str) -> None:
    guarded = "if outlet.slug == 'quay':\n    return (yield)\n" + statements
    told = refusal(tmp_path, HARBOUR, wrapping(guarded), wrapping("return (yield)"))
    assert told.startswith(f"plugin 'p1' ({tmp_path / 'p1.py'}) ")
    assert re.search(said, told)


def test_an_old_style_wrapper_that_fails_is_blamed_too(tmp_path: Path) -> None:
    source = f"{HEAD}@hookimpl(hookwrapper=True)\ndef cleanfeed_extract(page):\n    1 / 0\n    yield\n"
    assert refusal(tmp_path, HARBOUR, source).startswith("plugin 'p1'")


ANSWERS = {
    "a text": "'Rosa'",
    "a number": "7",
    "false": "False",
    "a dictionary": "{'title': 'Rosa'}",
    "the class": "Entry",
}


@pytest.mark.parametrize("answer", ANSWERS.values(), ids=ANSWERS)
def test_an_answer_that_is_no_entry_names_who_gave_it(tmp_path: Path, answer: str) -> None:
    told = refusal(tmp_path, extracting(f"return {answer}"), wrapping("return (yield)"))
    assert re.search(
        r"^plugin 'p0' \(.*p0\.py\) gave \w+ in cleanfeed_extract, where an Entry is expected$", told
    )


WRONG_FIELDS = [
    ("id", "7", "id is int, not str"),
    ("id", "None", "id is NoneType, not str"),
    ("id", "' '", "id is empty"),
    ("outlet", "'quay'", "outlet is 'quay', but the page is one of 'harbour'"),
    ("title", "None", "title is NoneType, not str"),
    ("title", "b'Rosa'", "title is bytes, not str"),
    ("content", "None", "content is NoneType, not str"),
    ("content", "page.tree", "content is .*Element, not str"),
    ("content", "''", "content is empty"),
    ("content", "'<script>alert(1)</script>'", "content is empty, or nothing of it may be shown"),
    ("content", "'<b>' * 5000 + 'deep'", "the content is beyond the parser's limits"),
    ("text", "None", "text is NoneType"),
    ("language", "None", "language is NoneType, not str"),
    ("direction", "'up'", "direction is 'up', not one of"),
    ("direction", "None", "direction is None, not one of"),
    ("url", "7", "url is int, not str"),
    ("published", "'2026-09-12'", "published is str, not datetime"),
    ("published", "dt.date(2026, 9, 12)", "published is date, not datetime"),
    ("published", "dt.datetime(2026, 9, 12)", "published has no time zone"),
    ("updated", "dt.datetime(2026, 9, 12)", "updated has no time zone"),
    ("first_seen", "dt.datetime.now()", "first_seen has no time zone"),
    ("date_precision", "'hour'", "date_precision is 'hour'"),
    ("summary", "['x']", "summary is list, not str"),
    ("authors", "'Ada Obi'", "authors is str, not tuple"),
    ("authors", "('Ada Obi', None)", r"authors\[1\] is NoneType, not str"),
    ("tags", "{'a': 1}", "tags is dict, not tuple"),
    ("captions", "(7,)", r"captions\[0\] is int, not str"),
    ("image", "b'x'", "image is bytes, not str"),
    ("kind", "None", "kind is NoneType, not str"),
    ("enclosures", "('a.mp4',)", r"enclosures\[0\] is str, not Enclosure"),
    ("enclosures", "(Enclosure(url=None, type='video/mp4'),)", r"enclosures\[0\]\.url is NoneType, not str"),
    ("enclosures", "(Enclosure(url='https://a.example/v.mp4', type='video/mp4', length='9'),)", r"enclosures\[0\]\.length is str, not int"),
]  # fmt: skip


@pytest.mark.parametrize("field, value, said", WRONG_FIELDS)
def test_a_wrong_field_costs_the_page_and_names_the_file_and_the_field(
    tmp_path: Path, field: str, value: str, said: str
) -> None:
    told = refusal(tmp_path, giving(**{field: value}))
    assert re.search(rf"^plugin 'p0' \(.*p0\.py\) gave a wrong entry: {said}", told)


def test_an_entry_that_is_only_shaped_like_one_is_made_anew(tmp_path: Path) -> None:
    sub = "class Sly(Entry):\n    __slots__ = ()\n    summary = property(lambda self: '<b>sly</b>\\x00')\n    def __setattr__(self, name, value): pass"
    source = giving().replace("return Entry(", "return Sly(")
    with pytest.raises(ExtractionError, match="plugin 'p0'"):
        entry_of(tmp_path, source.replace("import datetime", f"{sub}\nimport datetime"))
    words = "class Words(str): pass"
    entry = entry_of(tmp_path, giving(title="Words('Rosa')", language="Words('en')", url=f"Words('{ADDRESS}')",
                                      content="Words('<p>Tall.</p>')", id="Words('x')", kind="Words('opinion')")
                     .replace("import datetime", f"{words}\nimport datetime"))  # fmt: skip
    told = (entry.title, entry.language, entry.content, entry.id, entry.kind, entry.url)
    assert {type(each) for each in told} == {str}


def test_an_interrupt_by_the_user_is_no_fault_of_a_plugin(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        entry_of(tmp_path, extracting("raise KeyboardInterrupt"))


# --- refusals

REFUSALS = [
    ("raise NotAnArticle(page.name, 'a poem')", NotAnArticle, "^a poem$"),
    ("raise NotAnArticle('nowhere', 'a poem')", NotAnArticle, "^nowhere: a poem$"),
    ("raise ExtractionError(page.name, 'no rhyme')", ExtractionError, r"^plugin 'p0' \(.*p0\.py\): no rhyme$"),
    ("raise UnreadablePage(page.name, 'ink ran')", UnreadablePage, r"^plugin 'p0' \(.*p0\.py\): ink ran$"),
    ("raise PageError(page.name, 'no')", ExtractionError, r"^plugin 'p0' \(.*p0\.py\): no$"),
    ("class Poem(NotAnArticle):\n        def __init__(self): super().__init__('a', 'a poem')\n    raise Poem", NotAnArticle, "a poem$"),
]  # fmt: skip


@pytest.mark.parametrize("statement, kind, said", REFUSALS)
def test_a_plugin_may_refuse_a_page_for_a_reason(
    tmp_path: Path, statement: str, kind: type[PageError], said: str
) -> None:
    assert re.search(said, refusal(tmp_path, extracting(statement), kind=kind))


def test_a_wrapper_that_gives_none_refuses_the_page_by_its_name(tmp_path: Path) -> None:
    source = wrapping("entry = yield\nreturn entry if outlet.slug == 'quay' else None")
    told = refusal(tmp_path, HARBOUR, source, wrapping("return (yield)"), kind=NotAnArticle)
    assert told == f"plugin 'p1' ({tmp_path / 'p1.py'}) gives no entry for this page"


def test_a_wrapper_is_not_blamed_for_what_the_recipe_misses(tmp_path: Path) -> None:
    loaded = loaded_from(tmp_path, HARBOUR, wrapping("return (yield)"))
    with pytest.raises(
        ExtractionError, match=r"^rosa\.html: outlet 'harbour': no content was found on the page$"
    ):
        reading.read(page("<title>Rosa</title><h1>Rosa</h1>"), loaded)


def test_where_a_plugin_gives_none_the_next_answers_and_the_recipe_last(tmp_path: Path) -> None:
    none = extracting("return None")
    assert entry_of(tmp_path, none).title == "A crane named Rosa"
    other = giving(title="'From elsewhere'").replace("[outlet()]", "[]")
    assert entry_of(tmp_path, none, other).title == "From elsewhere"
    silent = extracting("return None").replace("[outlet()]", "[]")
    assert entry_of(tmp_path, giving(title="'First'"), silent).title == "First"


def test_the_plugin_that_is_loaded_last_is_asked_first(tmp_path: Path) -> None:
    later = giving(title="'Later'").replace("[outlet()]", "[]")
    assert entry_of(tmp_path, giving(title="'First'"), later).title == "Later"


# --- pages of no known address


def recognising(statement: str, slug: str, host: str) -> str:
    return (
        f"{HEAD}{OUTLET}\ndef knows(page):\n    {statement}\n@hookimpl\ndef cleanfeed_outlets():\n"
        f"    return [outlet(slug={slug!r}, hosts=({host!r},), recognises=knows)]\n"
    )


@pytest.mark.parametrize("statement", ["1 / 0", "raise SystemExit", "raise GeneratorExit"])
def test_an_outlet_that_fails_to_recognise_costs_no_page_of_another(tmp_path: Path, statement: str) -> None:
    unknown = PAGE.replace(ADDRESS, "https://nowhere.example/")
    bad = recognising(statement, "a", "a.example")
    good = recognising("return 'Rosa' in page.body", "b", "b.example")
    loaded = loaded_from(tmp_path, bad, good)
    assert reading.read(page(unknown, url=None), loaded).outlet == "b"
    with pytest.raises(ExtractionError) as caught:
        reading.read(page(unknown.replace("Rosa", "Efe"), url=None), loaded)
    assert f"plugin 'p0' ({tmp_path / 'p0.py'}) failed in recognises of outlet 'a'" in str(caught.value)


def test_a_page_that_nobody_knows_is_told_with_what_would_help(tmp_path: Path) -> None:
    loaded = loaded_from(tmp_path, HARBOUR)
    with pytest.raises(
        ExtractionError,
        match=r"no loaded outlet claims or recognises this page \(address https://x\.example/a\)",
    ):
        reading.read(page("<p>Rosa</p>", url="https://x.example/a"), loaded)
    with pytest.raises(ExtractionError, match="--url or a sidecar file"):
        reading.read(page("<p>Rosa</p>", url=None), loaded)


def test_a_page_of_an_outlet_that_is_not_chosen_is_refused(tmp_path: Path) -> None:
    with pytest.raises(
        NotAnArticle, match="a page of outlet 'harbour', which is not among the chosen outlets"
    ):
        reading.read(page(), loaded_from(tmp_path, HARBOUR), {"quay"})


# --- what comes back is cleaned

CLEANED = [
    ("title", "'  A\\tcrane\\x00 <b>named</b> \\u202eRosa '", "A crane named Rosa"),
    ("title", "''", "Forty metres tall."),
    ("title", "'x ' * 400", lambda title: len(title) <= 301),
    ("content", "'<p>Tall.</p><script>alert(1)</script>'", "<p>Tall.</p>"),
    ("content", "'<p onclick=\"x()\" class=\"a\" style=\"color:red\">Tall.</p>'", "<p>Tall.</p>"),
    ("content", "'<p><a href=\"javascript:x()\">Tall.</a></p>'", lambda html: "javascript" not in html and "Tall." in html),
    ("content", "'<p>Tall.</p><svg onload=\"x()\"></svg><iframe src=\"//evil.example\"></iframe>'", "<p>Tall.</p>"),
    ("content", "'<p>Tall.\\x00\\x08\\ud800</p>'", "<p>Tall.</p>"),
    ("content", "'Tall &amp; old'", "<p>Tall &amp; old</p>"),
    ("content", "'<p>See <a href=\"/rosa?utm_source=x\">her</a>.</p>'",
     lambda html: 'href="https://harbour.example/rosa"' in html),
    ("text", "'another text'", "Forty metres tall."),
    ("url", "'javascript:alert(1)'", ADDRESS),
    ("url", "'http://127.0.0.1/admin'", ADDRESS),
    ("url", "None", ADDRESS),
    ("url", "'/2026/09/rosa/amp/?utm_source=x#top'", "https://harbour.example/2026/09/rosa/"),
    ("image", "'javascript:alert(1)'", None),
    ("image", "'/rosa.jpg'", "https://harbour.example/rosa.jpg"),
    ("summary", "' Tall\\n and\\x07 old '", "Tall and old"),
    ("authors", "['By Ada Obi and Bola Ige', 'ada obi', '']", ("Ada Obi", "Bola Ige")),
    ("tags", "('#Cranes', 'cranes', ' ', 'Port\\x00')", ("Cranes", "Port")),
    ("tags", "['<b>Cranes</b>', '<script>x</script>', 'a < b']", ("Cranes", "x", "a < b")),
    ("tags", "['<script>x</script>', '<i></i>']", ("x",)),
    ("authors", "['By <span>Ada</span> Obi']", ("Ada Obi",)),
    ("captions", "('Rosa\\u202e', 'Rosa')", ("Rosa",)),
    ("section", "'\\u200b'", None),
    ("source", "' Agency '", "Agency"),
    ("language", "'en\" onclick=\"x'", "en"),
    ("language", "'fr-CA'", "fr-CA"),
    ("kind", "'video\\n'", "video"),
    ("kind", "''", "article"),
    ("published", "dt.datetime(1901, 1, 1, tzinfo=dt.UTC)", None),
    ("published", "dt.datetime.max.replace(tzinfo=dt.UTC)", None),
    ("updated", "dt.datetime.min.replace(tzinfo=dt.UTC)", None),
    ("first_seen", "None", datetime(2026, 9, 14, 9, tzinfo=UTC)),
    ("id", "'own'", "tag:cleanfeed.invalid,2026:harbour/own"),
    ("id", "'tag:cleanfeed.invalid,2026:harbour/7'", "tag:cleanfeed.invalid,2026:harbour/7"),
    ("id", "'tag:cleanfeed.invalid,2026:quay/7'", "tag:cleanfeed.invalid,2026:harbour/tag:cleanfeed.invalid,2026:quay/7"),
    ("id", "'a b\\n<c>'", "tag:cleanfeed.invalid,2026:harbour/a%20b%0A%3Cc%3E"),
]  # fmt: skip
RETRIEVED = datetime(2026, 9, 14, 9, tzinfo=UTC)


@pytest.mark.parametrize("field, value, expected", CLEANED)
def test_a_field_of_a_plugin_is_cleaned_like_the_page(
    tmp_path: Path, field: str, value: str, expected: Any
) -> None:
    entry = entry_of(tmp_path, giving(**{field: value}), retrieved=RETRIEVED)
    got = getattr(entry, field)
    assert expected(got) if callable(expected) else got == expected


def test_an_update_before_its_publication_is_none(tmp_path: Path) -> None:
    times = {
        "published": "dt.datetime(2026, 9, 12, tzinfo=dt.UTC)",
        "updated": "dt.datetime(2026, 9, 11, tzinfo=dt.UTC)",
    }
    entry = entry_of(tmp_path, giving(**times, date_precision="'day'"), retrieved=RETRIEVED)
    assert entry.published == datetime(2026, 9, 12, tzinfo=UTC)
    assert (entry.updated, entry.date_precision) == (None, "day")


def test_enclosures_of_a_plugin_are_public_addresses(tmp_path: Path) -> None:
    files = "(Enclosure(url='/v.mp4', type='video/mp4', length=-1), Enclosure(url='file:///etc/passwd', type='x'))"
    entry = entry_of(tmp_path, giving(enclosures=files))
    assert [(each.url, each.type, each.length) for each in entry.enclosures] == [
        ("https://harbour.example/v.mp4", "video/mp4", 0)
    ]


def test_content_from_right_to_left_is_marked_whatever_the_plugin_says(tmp_path: Path) -> None:
    entry = entry_of(tmp_path, giving(language="'ar'", content="'<p>رافعة</p>'", direction="'ltr'"))
    assert (entry.direction, entry.content) == ("rtl", '<div lang="ar" dir="rtl"><p>رافعة</p></div>')


# --- what was clean stays as it is


def test_an_entry_that_no_plugin_touched_is_not_cleaned_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "guarded", unwanted)
    assert entry_of(tmp_path, HARBOUR, wrapping("return (yield)")).title == "A crane named Rosa"


def test_a_wrapper_that_changes_a_title_leaves_the_content_uncleaned(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = entry_of(tmp_path, HARBOUR)
    monkeypatch.setattr(guard, "clean", unwanted)
    changed = entry_of(
        tmp_path, HARBOUR, wrapping("entry = yield\nreturn replace(entry, title=entry.title + '!')")
    )
    assert changed == replace(plain, title="A crane named Rosa!")


def unwanted(*_arguments: object) -> Entry:
    raise AssertionError("cleaned again")


def test_a_wrapper_s_content_is_sanitised(tmp_path: Path) -> None:
    changed = entry_of(
        tmp_path, HARBOUR, wrapping("entry = yield\nreturn replace(entry, content=entry.content + '<script>x()</script><p>Efe</p>')")
    )  # fmt: skip
    assert changed.content.endswith("<p>Efe</p>")
    assert "script" not in changed.content
    assert changed.text.endswith("\nEfe")


@pytest.mark.parametrize("path", example_pages(), ids=name_of)
def test_cleaning_an_entry_once_more_changes_nothing(path: Path, outlets: Plugins) -> None:
    saved = load_page(path)
    try:
        entry = reading.read(saved, outlets)
    except NotAnArticle:
        return
    outlet = outlets.directory.by_slug[entry.outlet]
    assert guard.guarded(replace(entry), outlet, saved) == entry
    strange = load_page(
        path
    )  # a page whose own entry is not known: the content is cleaned as if a plugin had made it
    again = guard.guarded(replace(entry), outlet, strange)
    assert again.content == entry.content
    # The words of a post, which are none of the article, look like any quotation the second time.
    assert again.text == entry.text or "<blockquote>" in entry.content or not entry.text


# --- the whole way


def test_a_plugin_that_fails_on_one_page_costs_that_page_and_the_exit_status_tells(tmp_path: Path) -> None:
    plugin = write(tmp_path, extracting("if 'crane' in page.url:\n        raise SystemExit(0)"))
    pages = tmp_path / "pages"
    for name, address in (
        ("a", ADDRESS),
        ("b", ADDRESS.replace("crane", "buoy")),
        ("c", ADDRESS.replace("crane", "ferry")),
    ):
        write(pages, PAGE.replace(ADDRESS, address), f"{name}.html")
        write(pages, json.dumps({"url": address}), f"{name}.json")
    told = python("-m", "cleanfeed", "--plugin", str(plugin), "extract", str(pages))
    assert told.returncode == 1
    assert [json.loads(line)["_cleanfeed"]["page"] for line in told.stdout.splitlines()] == [
        f"{pages}/b.html",
        f"{pages}/c.html",
    ]
    assert len(told.stderr.splitlines()) == 1
    assert told.stderr.startswith(
        f"{pages}/a.html: plugin 'mine' ({plugin}) failed on a page of outlet 'harbour': SystemExit: 0 "
    )
