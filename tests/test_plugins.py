"""Plugins are found, replaced and checked; whatever is wrong with one is told with its name."""

from __future__ import annotations

import json
import os
import re
import sys
from contextlib import suppress
from importlib import metadata
from pathlib import Path

import pytest

from cleanfeed import PluginError, reading
from cleanfeed.candidates import GROUP
from cleanfeed.plugins import Plugins, load
from pluginparts import ADDRESS, BODY, HARBOUR, HEAD, OUTLET, ROOT, page, python, tidy_modules, write

__all__ = ["tidy_modules"]

INSTALLED = {
    "almanar-ar", "almanar-en", "almayadeen-ar", "almayadeen-en", "almayadeen-es", "arise", "daily8-ar", "daily8-en",
}  # fmt: skip


def slugs(loaded: Plugins) -> set[str]:
    return {outlet.slug for outlet in loaded.outlets}


def declaring(arguments: str) -> str:
    """A plugin whose outlet has these arguments instead of sound ones."""
    return (
        f"{HEAD}import re\n{OUTLET}\n@hookimpl\ndef cleanfeed_outlets():\n    return [outlet({arguments})]\n"
    )


def in_hook(statement: str) -> str:
    return f"{HEAD}{OUTLET}\n@hookimpl\ndef cleanfeed_outlets():\n    {statement}\n"


def refusal(*paths: Path) -> str:
    with pytest.raises(PluginError) as caught:
        load(paths)
    return str(caught.value)


# --- finding


def test_the_installed_outlets_are_loaded_with_the_module_of_each() -> None:
    loaded = load()
    assert slugs(loaded) == INSTALLED
    assert loaded.declared_by["arise"].source == "cleanfeed_arise"
    assert str(loaded.declared_by["daily8-en"]) == "plugin 'daily8' (cleanfeed_daily8)"


def test_a_file_adds_its_outlet_to_the_installed_ones(tmp_path: Path) -> None:
    path = write(tmp_path, HARBOUR)
    loaded = load([path])
    assert slugs(loaded) == INSTALLED | {"harbour"}
    assert loaded.declared_by["harbour"].source == str(path)


@pytest.mark.parametrize("name", ["arise.py", "cleanfeed_arise.py"])
def test_a_file_replaces_the_installed_plugin_of_its_name(tmp_path: Path, name: str) -> None:
    path = write(tmp_path, (ROOT / "plugins" / "cleanfeed_arise.py").read_text("utf-8"), name)
    loaded = load([path])
    assert slugs(loaded) == INSTALLED
    assert loaded.declared_by["arise"].source == str(path)


def test_a_file_replaces_all_outlets_of_the_installed_plugin(tmp_path: Path) -> None:
    assert slugs(load([write(tmp_path, HARBOUR, "daily8.py")])) == INSTALLED - {"daily8-ar", "daily8-en"} | {
        "harbour"
    }


def test_a_file_of_another_name_that_claims_an_installed_slug_is_refused_with_both_names(
    tmp_path: Path,
) -> None:
    path = write(tmp_path, (ROOT / "plugins" / "cleanfeed_arise.py").read_text("utf-8"), "mine.py")
    said = refusal(path)
    assert "outlet 'arise' is declared by both plugin 'arise' (cleanfeed_arise)" in said
    assert f"plugin 'mine' ({path})" in said


def test_of_two_given_files_with_one_name_the_later_counts(tmp_path: Path) -> None:
    first = write(tmp_path / "a", HARBOUR)
    later = write(tmp_path / "b", HARBOUR.replace('"harbour"', '"quay"'))
    assert slugs(load([first, later])) - INSTALLED == {"quay"}
    assert slugs(load([later, first])) - INSTALLED == {"harbour"}
    assert slugs(load([first, first])) - INSTALLED == {"harbour"}


def test_what_is_replaced_need_not_work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(metadata, "entry_points", points(("broken", "no_such_module_anywhere")))
    assert slugs(load([write(tmp_path, HARBOUR, "broken.py")])) == {"harbour"}


def test_a_folder_gives_its_python_files_in_order_without_those_that_begin_with_an_underscore(
    tmp_path: Path,
) -> None:
    write(tmp_path, "raise SystemExit", "_not_a_plugin.py")
    write(tmp_path, "raise SystemExit", "__init__.py")
    write(tmp_path, "not Python", "notes.txt")
    write(tmp_path, "raise SystemExit", "deeper/unseen.py")
    (tmp_path / "folder.py").mkdir()
    write(tmp_path, HARBOUR.replace('"harbour"', '"b"').replace("harbour.example", "b.example"), "b.py")
    write(tmp_path, HARBOUR.replace('"harbour"', '"a"').replace("harbour.example", "a.example"), "a.py")
    loaded = load([tmp_path])
    assert [origin.name for origin in loaded.loaded][-2:] == ["a", "b"]
    assert slugs(loaded) - INSTALLED == {"a", "b"}


def test_two_files_of_one_folder_with_the_same_name_are_refused_with_both(tmp_path: Path) -> None:
    write(tmp_path, HARBOUR, "harbour.py")
    write(tmp_path, HARBOUR, "cleanfeed_harbour.py")
    assert re.search(r"cleanfeed_harbour\.py\).*harbour\.py\) have the same name", refusal(tmp_path))


def test_a_plugin_may_import_a_helper_beside_it_and_two_folders_may_have_one_each(tmp_path: Path) -> None:
    for name in ("a", "b"):
        write(tmp_path / name, f"SLUG = {name!r}", "_util.py")
        source = declaring("slug=_util.SLUG, hosts=(_util.SLUG + '.example',)")
        write(tmp_path / name, f"import _util\n{source}", f"{name}.py")
    search = list(sys.path)
    assert slugs(load([tmp_path / "a", tmp_path / "b"])) - INSTALLED == {"a", "b"}
    assert "_util" not in sys.modules
    assert sys.path == search


def test_a_helper_beside_a_plugin_hides_nothing_that_is_installed(tmp_path: Path) -> None:
    write(tmp_path, "raise SystemExit", "_markupbase.py")
    write(tmp_path, f"import colorsys, _markupbase\n{HARBOUR}")
    write(tmp_path, "raise SystemExit", "colorsys.py")
    assert "harbour" in slugs(load([tmp_path / "mine.py"]))


def test_a_plugin_file_may_hold_dataclasses_with_future_annotations(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        "from __future__ import annotations\nimport dataclasses\nfrom typing import ClassVar, NamedTuple\n"
        "@dataclasses.dataclass(frozen=True, slots=True)\nclass Place:\n    name: str\n    far: ClassVar[int] = 1\n"
        f"class Pair(NamedTuple):\n    one: Place\n{HARBOUR}",
    )
    assert "harbour" in slugs(load([path]))


def test_an_edited_file_counts_at_once_and_no_byte_code_is_left_beside_it(tmp_path: Path) -> None:
    path = write(tmp_path, HARBOUR)
    moment = path.stat().st_mtime_ns
    assert "harbour" in slugs(load([path]))
    write(tmp_path, HARBOUR.replace('"harbour"', '"cutters"'))
    os.utime(path, ns=(moment, moment))
    assert "cutters" in slugs(load([path]))
    assert [each.name for each in tmp_path.iterdir()] == ["mine.py"]


def test_one_outlet_of_a_recipe_alone_in_a_file_reads_pages(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        "import cleanfeed, cleanfeed.recipes\nfrom cleanfeed import Outlet, hookimpl\n"
        "@hookimpl\ndef cleanfeed_outlets():\n"
        "    return [Outlet(slug='rosa', name='Rosa', language='en', timezone='Africa/Lagos',\n"
        "                   hosts=('www.harbour.example',), article=cleanfeed.recipes.WORDPRESS)]\n",
    )
    entry = reading.read(page(), load([path]))
    assert (entry.outlet, entry.title, entry.url) == ("rosa", "A crane named Rosa", ADDRESS)
    assert entry.content == BODY.replace("</p><p>", "</p>\n<p>")
    assert entry.published is not None
    assert entry.published.isoformat() == "2026-09-12T16:05:00+01:00"


def points(*pairs: tuple[str, str]) -> object:
    return lambda group: [metadata.EntryPoint(name, value, group) for name, value in pairs]


def test_an_entry_point_may_name_an_object_in_a_module(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    write(
        tmp_path,
        HARBOUR + "class Shelf:\n    cleanfeed_outlets = staticmethod(cleanfeed_outlets)\nshelf = Shelf()",
        "shelves.py",
    )
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(metadata, "entry_points", points(("shelf", "shelves:shelf")))
    assert slugs(load()) == {"harbour"}
    del sys.modules["shelves"]


INSTALLED_FAULTS = [
    ([("gone", "no_such_module_anywhere")], r"^plugin 'gone' \(no_such_module_anywhere\): cannot be loaded: ModuleNotFoundError"),
    ([("gone", "json:no_such_name")], r"plugin 'gone' \(json:no_such_name\).*AttributeError.*no_such_name"),
    ([("plain", "json")], r"plugin 'plain' \(json\): has no hook; it needs cleanfeed_outlets or cleanfeed_extract"),
    ([("builtin", "json")], r"plugin 'builtin' \(json\): the name 'builtin' is reserved"),
    ([("a", "json"), ("a", "csv")], r"plugin 'a' \(csv\) and plugin 'a' \(json\) have the same name"),
    ([("a", "cleanfeed_arise"), ("b", "cleanfeed_arise")], r"plugin 'b' \(cleanfeed_arise\): .*already registered"),
]  # fmt: skip


@pytest.mark.parametrize("pairs, said", INSTALLED_FAULTS)
def test_an_installed_plugin_that_cannot_be_used_is_named(
    pairs: list[tuple[str, str]], said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(metadata, "entry_points", points(*pairs))
    assert re.search(said, refusal())


# --- files that cannot be loaded

LOAD_FAULTS = {
    "a syntax error": ("def (:", r"SyntaxError: .*\(mine\.py, line 1\)"),
    "a syntax error in a helper": ("import _bad", r"SyntaxError: .*\(_bad\.py, line 2\)"),
    "bytes that are no text": ("x = '\udcff'", r"SyntaxError|UnicodeDecodeError"),
    "a NUL": ("x = 1\0", r"null bytes"),
    "an import that fails": ("import no_such_module_anywhere", r"ModuleNotFoundError: .*no_such_module_anywhere.* \(mine\.py, line 1\)"),
    "a name that cleanfeed has not": ("from cleanfeed import Outlett", r"ImportError: cannot import name 'Outlett'.* \(mine\.py, line 1\)"),
    "an exception": ("\n1 / 0", r"ZeroDivisionError: division by zero \(mine\.py, line 2\)"),
    "an exit": ("import sys; sys.exit('bye')", r"SystemExit: bye"),
    "an exit without a word": ("raise SystemExit", r"SystemExit \(mine\.py, line 1\)"),
    "a generator's exit": ("raise GeneratorExit", r"GeneratorExit"),
    "the end of an iterator": ("next(iter(()))", r"StopIteration"),
    "no memory": ("raise MemoryError", r"MemoryError"),
    "no end": ("def f(): f()\nf()", r"RecursionError.*in f\)"),
    "an exception of no known kind": ("class Stop(BaseException): pass\nraise Stop('now')", r"Stop: now"),
    "its own kind of interrupt": ("class Stop(KeyboardInterrupt): pass\nraise Stop('now')", r"Stop: now"),
    "an error of cleanfeed's": ("from cleanfeed import PluginError\nraise PluginError('I am unwell')", r"PluginError: I am unwell"),
    "an exception that cannot speak": (
        "class Mute(Exception):\n    def __str__(self): raise SystemExit\nraise Mute", r"Mute \(mine\.py, line 3\)",
    ),
    "an exception of many lines": ("raise ValueError('one\\ntwo')", r"ValueError: one two \(mine\.py"),
    "an outlet without a time zone": (
        "from cleanfeed import *\nOutlet(slug='a', name='A', language='en',\nhosts=('a.example',), article=recipes.WORDPRESS)",
        r"TypeError: .*'timezone' \(mine\.py, line 2\)",
    ),
    "an outlet with a field that is none": ("from cleanfeed import *\nOutlet(host='a.example')", r"TypeError: .*'host'"),
    "a bad selector in a finder": ("from cleanfeed.finders import css\ncss('h1[')", r"ValueError: 'h1\[' is no CSS selector.*\(mine\.py, line 2\)"),
    "a bad expression in a finder": ("from cleanfeed.finders import line\nline('(')", r"\(mine\.py, line 2\)"),
}  # fmt: skip


@pytest.mark.parametrize("source, said", LOAD_FAULTS.values(), ids=LOAD_FAULTS)
def test_a_file_that_cannot_be_loaded_is_named_with_the_line(tmp_path: Path, source: str, said: str) -> None:
    write(tmp_path, "\ndef (:", "_bad.py")
    path = tmp_path / "mine.py"
    path.write_bytes(source.encode("utf-8", "surrogateescape"))
    told = refusal(path)
    assert told.startswith(f"plugin 'mine' ({path}): cannot be loaded: ")
    assert re.search(said, told)
    assert "\n" not in told
    assert "cleanfeed_plugin_mine" not in sys.modules


HOOK_FAULTS = {
    "no hook": ("x = 1", "has no hook; it needs cleanfeed_outlets or cleanfeed_extract"),
    "nothing at all": ("", "has no hook"),
    "a misspelt hook": ("@hookimpl\ndef cleanfeed_outlet(): return []", "cleanfeed_outlet is no hook; the hooks are cleanfeed_outlets and cleanfeed_extract"),
    "a misspelt hook beside a right one": (HARBOUR + "@hookimpl\ndef cleanfeed_extracted(): pass", "cleanfeed_extracted is no hook"),
    "a hook of another program": ("@hookimpl\ndef pytest_configure(): pass", "pytest_configure is no hook"),
    "a misspelt name for a hook": ("@hookimpl(specname='outlets')\ndef mine(): pass", "outlets is no hook"),
    "a missing decorator": ("def cleanfeed_outlets(): return []", "cleanfeed_outlets lacks the decorator @cleanfeed.hookimpl"),
    "a missing decorator beside a right hook": (HARBOUR + "def cleanfeed_extract(page): pass", "cleanfeed_extract lacks the decorator"),
    "another program's decorator": (
        "import pluggy\n@pluggy.HookimplMarker('pytest')\ndef cleanfeed_outlets(): return []", "cleanfeed_outlets lacks the decorator",
    ),
    "a list for a hook": ("cleanfeed_outlets = []", "cleanfeed_outlets is list, not a function"),
    "an argument that is none": ("@hookimpl\ndef cleanfeed_outlets(config): return []", "config"),
    "a misspelt argument": ("@hookimpl\ndef cleanfeed_extract(outlett, page): pass", r"cleanfeed_extract\(outlett, page\).*outlett"),
    "a wrapper that does not yield": ("@hookimpl(wrapper=True)\ndef cleanfeed_extract(page): return None", "cleanfeed_extract.*wrapper"),
    "a wrapper around outlets": ("@hookimpl(wrapper=True)\ndef cleanfeed_outlets(): return (yield)", "cleanfeed_outlets cannot be a wrapper"),
}  # fmt: skip


@pytest.mark.parametrize("source, said", HOOK_FAULTS.values(), ids=HOOK_FAULTS)
def test_a_hook_that_is_none_is_named(tmp_path: Path, source: str, said: str) -> None:
    path = write(tmp_path, HEAD + source)
    told = refusal(path)
    assert told.startswith(f"plugin 'mine' ({path}): ")
    assert re.search(said, told)
    assert "\n" not in told


ANSWER_FAULTS = {
    "None": ("pass", "cleanfeed_outlets gave None where a list of outlets is expected"),
    "a number": ("return 7", "cleanfeed_outlets gave 7 where"),
    "an outlet alone": ("return outlet()", r"cleanfeed_outlets gave Outlet\(.* where a list of outlets is expected"),
    "a text": ("return 'harbour'", "cleanfeed_outlets gave str where an Outlet is expected"),
    "a dictionary in a list": ("return [{'slug': 'a'}]", "cleanfeed_outlets gave dict where an Outlet is expected"),
    "the class itself": ("return [Outlet]", "cleanfeed_outlets gave type where an Outlet is expected"),
    "None in a list": ("return [outlet(), None]", "cleanfeed_outlets gave NoneType where an Outlet is expected"),
    "an error": ("raise KeyError('slug')", r"cleanfeed_outlets failed: KeyError: 'slug' \(mine\.py, line \d+, in cleanfeed_outlets\)"),
    "an exit": ("raise SystemExit(0)", "cleanfeed_outlets failed: SystemExit: 0"),
    "an error of cleanfeed's": ("raise PluginError('unwell')", "cleanfeed_outlets failed: PluginError: unwell"),
    "an error while it is iterated": ("yield outlet(); raise OSError('disk')", "cleanfeed_outlets failed: OSError: disk"),
    "the same slug twice": ("return [outlet(), outlet(hosts=('b.example',))]", "outlet 'harbour' is declared twice by plugin 'mine'"),
}  # fmt: skip


@pytest.mark.parametrize("statement, said", ANSWER_FAULTS.values(), ids=ANSWER_FAULTS)
def test_an_answer_that_is_no_list_of_outlets_is_named(tmp_path: Path, statement: str, said: str) -> None:
    path = write(tmp_path, in_hook(statement))
    told = refusal(path)
    assert f"plugin 'mine' ({path})" in told
    assert re.search(said, told)


FIELD_FAULTS = [
    ("slug=''", "slug must be of a-z, 0-9 and single hyphens, not ''"),
    ("slug='The Harbour'", "slug must be of a-z"),
    ("slug='../etc'", "slug must be of a-z"),
    ("slug=7", "slug must be of a-z, 0-9 and single hyphens, not 7"),
    ("name=''", "name must be text"),
    ("name='\\u200b '", "name must be text"),
    ("name=None", "name must be text, not None"),
    ("language=''", "language must be a language tag"),
    ("language='english'", "language must be a language tag"),
    ("language='en_GB'", "language must be a language tag"),
    ("language=None", "language must be a language tag"),
    ("timezone='Lagos'", "timezone must be one of the IANA time zones, .* not 'Lagos'"),
    ("timezone=''", "timezone must be"),
    ("timezone='Africa'", "timezone must be"),
    ("timezone='../../etc/passwd'", "timezone must be"),
    ("timezone='/etc/localtime'", "timezone must be"),
    ("timezone=None", "timezone must be"),
    ("hosts='harbour.example'", r"hosts must be a tuple of names such as \(.*\), not 'harbour.example'"),
    ("hosts=['harbour.example']", "hosts must be a tuple"),
    ("hosts=()", "hosts must be a tuple"),
    ("hosts=('harbour.example', None)", "hosts must hold names .* not None"),
    ("hosts=('',)", "hosts must hold names"),
    ("hosts=('https://harbour.example/',)", "hosts must hold names"),
    ("hosts=('harbour.example:8080',)", "hosts must hold names"),
    ("home='quay.example'", "home must be one of the hosts"),
    ("home=None", "home must be one of the hosts"),
    ("article=None", "article must be a Recipe, not None"),
    ("article=recipes", "article must be a Recipe"),
    ("capture='text'", "capture must be a Recipe"),
    ("article=replace(recipes.WORDPRESS, title='h1')", r"article\.title must be a finder \(a function of a page\), not 'h1'"),
    ("article=replace(recipes.WORDPRESS, authors=None)", r"article\.authors must be a finder"),
    ("capture=replace(recipes.WORDPRESS, tags=['a'])", r"capture\.tags must be a finder"),
    ("article=replace(recipes.WORDPRESS, is_article=True)", r"article\.is_article must be a finder"),
    ("article=replace(recipes.WORDPRESS, drop='.share')", r"article\.drop must be a tuple of texts, not '\.share'"),
    ("article=replace(recipes.WORDPRESS, drop=('.ok', 'p['))", r"article\.drop: 'p\[' is no CSS selector"),
    ("article=replace(recipes.WORDPRESS, drop=(None,))", r"article\.drop: None is no text"),
    ("article=replace(recipes.WORDPRESS, stop=('(',))", r"article\.stop: '\(' is no regular expression: missing \)"),
    ("article=replace(recipes.WORDPRESS, boxes=('(?i)more',))", r"article\.boxes: .*global flags"),
    ("article=replace(recipes.WORDPRESS, erase=('(?P<a>x)', '(?P<a>y)'))", r"article\.erase: .*redefinition of group name"),
    ("article=replace(recipes.WORDPRESS, source_line='Source: .*')", r"article\.source_line: .* has no group"),
    ("article=replace(recipes.WORDPRESS, source_line='(')", r"article\.source_line: '\(' is no regular expression"),
    ("article=replace(recipes.WORDPRESS, source_line=None)", r"article\.source_line: None is no text"),
    ("sentinels='Advertisement'", "sentinels must be a tuple of texts, not 'Advertisement'"),
    ("sentinels=('*',)", r"sentinels: '\*' is no regular expression: nothing to repeat"),
    ("sentinels=(re.compile('x'),)", "sentinels: .* is no text"),
    ("listings='https://harbour.example/'", "listings must be a tuple"),
    ("icon='/icon.png'", "icon must be an address in ASCII such as .*, not '/icon.png'"),
    ("icon='javascript:alert(1)'", "icon must be an address in ASCII"),
    ("icon='https://harbour.example/a b.png'", "icon must be an address in ASCII"),
    ("icon=None", "icon must be an address in ASCII such as .*, not None"),
    ("recognises=None", "recognises must be a function of a page, not None"),
]  # fmt: skip


@pytest.mark.parametrize("arguments, said", FIELD_FAULTS)
def test_a_wrong_field_of_an_outlet_is_named_with_what_it_should_be(
    tmp_path: Path, arguments: str, said: str
) -> None:
    path = write(tmp_path, declaring(arguments))
    told = refusal(path)
    assert told.startswith(f"plugin 'mine' ({path}): outlet ")
    assert re.search(said, told)
    if not arguments.startswith("slug"):
        assert "outlet 'harbour': " in told


def test_all_wrong_fields_are_told_at_once(tmp_path: Path) -> None:
    told = refusal(write(tmp_path, declaring("timezone='Lagos', hosts='a.example', language='x'")))
    assert all(word in told for word in ("timezone must", "hosts must", "language must"))


def test_a_value_that_cannot_even_be_shown_is_named_by_its_field(tmp_path: Path) -> None:
    mute = "class Mute:\n    def __repr__(self): raise SystemExit\n"
    assert "plugin 'mine'" in refusal(write(tmp_path, declaring("article=Mute()").replace(HEAD, HEAD + mute)))


HOST_CLASHES = ["harbour.example", "www.harbour.example", "HARBOUR.example", "www.Harbour.Example"]


@pytest.mark.parametrize("host", HOST_CLASHES)
def test_a_host_that_two_outlets_claim_is_refused_with_both(tmp_path: Path, host: str) -> None:
    first = write(tmp_path, HARBOUR)
    second = write(tmp_path, declaring(f"slug='quay', hosts=({host!r},)"), "other.py")
    told = refusal(first, second)
    assert all(word in told for word in (repr(host), "'harbour'", "'quay'", str(first), str(second)))


def test_outlets_may_share_a_host_by_its_folders(tmp_path: Path) -> None:
    first = write(tmp_path, HARBOUR)
    second = write(tmp_path, declaring("slug='quay', hosts=('www.harbour.example/quay',)"), "other.py")
    loaded = load([first, second])
    found = loaded.directory.of_address("https://harbour.example/quay/rosa")
    assert found is not None
    assert found.slug == "quay"


@pytest.mark.parametrize("name", ["builtin.py", "cleanfeed_builtin.py"])
def test_the_name_builtin_is_reserved(tmp_path: Path, name: str) -> None:
    path = write(tmp_path, HARBOUR, name)
    assert (
        refusal(path) == f"plugin 'builtin' ({path}): the name 'builtin' is reserved; give the plugin another"
    )


def test_an_interrupt_by_the_user_is_no_fault_of_a_plugin(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        load([write(tmp_path, "raise KeyboardInterrupt")])


PRINTED = {
    "by print": "print('::error::hello')",
    "past a redirection": "import sys; sys.__stdout__.write('hello')",
    "past Python": "import os; os.write(1, b'hello')",
    "by another program": "import subprocess; subprocess.run(['echo', 'hello'], check=True)",
    "before it fails": "import sys; sys.__stdout__.write('hello'); 1 / 0",
}


@pytest.mark.parametrize("statement", PRINTED.values(), ids=PRINTED)
def test_what_a_plugin_prints_while_it_is_loaded_is_no_output(
    tmp_path: Path, statement: str, capfd: pytest.CaptureFixture[str]
) -> None:
    sys.stdout.write("before\n")
    for source in (
        f"{statement}\n{HARBOUR}",
        HARBOUR.replace("    return [", f"    {statement}\n    return ["),
    ):
        with suppress(PluginError):
            load([write(tmp_path, source)])
    sys.stdout.write("after\n")
    assert capfd.readouterr().out == "before\nafter\n"


# --- files that are not trusted


def test_a_path_that_is_no_plugin_is_named(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    write(tmp_path / "private", "", "_x.py")
    text = write(tmp_path, HARBOUR, "mine.txt")
    (tmp_path / "loop.py").symlink_to(tmp_path / "loop.py")
    os.mkfifo(tmp_path / "pipe.py")
    assert refusal(tmp_path / "pipe.py") == f"plugin {tmp_path / 'pipe.py'}: is neither a file nor a folder"
    assert refusal(tmp_path / "gone.py") == f"plugin {tmp_path / 'gone.py'}: No such file or directory"
    assert str(tmp_path / ("x" * 300)) in refusal(tmp_path / ("x" * 300))
    assert "null" in refusal(tmp_path / "a\0b.py")
    assert str(tmp_path / "loop.py") in refusal(tmp_path / "loop.py")
    assert "holds no .py file" in refusal(tmp_path / "empty")
    assert "holds no .py file" in refusal(tmp_path / "private")
    assert refusal(text) == f"plugin {text}: is no Python file (its name must end in .py)"


def test_a_file_that_anybody_may_write_to_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path, HARBOUR)
    path.chmod(0o646)
    assert refusal(path) == f"plugin {path}: anybody may write to it; run: chmod o-w {path}"
    assert str(path) in refusal(tmp_path)


def test_a_folder_that_anybody_may_write_to_is_refused(tmp_path: Path) -> None:
    write(tmp_path, HARBOUR)
    tmp_path.chmod(0o757)
    assert "anybody may write to it" in refusal(tmp_path)
    tmp_path.chmod(0o1777)
    assert "harbour" in slugs(load([tmp_path]))


def test_a_file_that_a_shared_group_may_write_to_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write(tmp_path, HARBOUR)
    path.chmod(0o664)
    state(monkeypatch, path, uid=1000, gid=100, me=1000)
    assert refusal(path) == f"plugin {path}: its group may write to it; run: chmod g-w {path}"
    state(monkeypatch, path, uid=1000, gid=1000, me=1000)
    assert "harbour" in slugs(load([path]))


def test_a_file_of_another_user_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write(tmp_path, HARBOUR)
    state(monkeypatch, path, uid=1001, gid=1001, me=1000)
    assert refusal(path) == f"plugin {path}: belongs to another user (number 1001)"
    state(monkeypatch, path, uid=0, gid=0, me=1000)
    assert "harbour" in slugs(load([path]))
    state(monkeypatch, path, uid=1001, gid=1001, me=0)  # a container's root, with mounted files
    assert "harbour" in slugs(load([path]))


def state(monkeypatch: pytest.MonkeyPatch, path: Path, *, uid: int, gid: int, me: int) -> None:
    """As if the file belonged to this user and group, and we were that user."""
    true = path.stat()
    told = os.stat_result((true.st_mode, true.st_ino, true.st_dev, 1, uid, gid, true.st_size, 0, 0, 0))
    real = Path.stat
    monkeypatch.setattr(Path, "stat", lambda self, **more: told if self == path else real(self, **more))
    monkeypatch.setattr(os, "geteuid", lambda: me)


# --- the whole way


def test_a_distribution_of_a_stranger_is_installed_and_reads_its_pages(tmp_path: Path) -> None:
    site = tmp_path / "site"
    installed = python(
        "-m", "pip", "install", "--quiet", "--no-index", "--no-build-isolation", "--no-deps",
        "--target", str(site), str(copy(ROOT / "examples" / "harbour", tmp_path / "harbour")),
    )  # fmt: skip
    assert installed.returncode == 0, installed.stderr
    told = python("-m", "cleanfeed", "outlets", "--format", "json", path=str(site))
    assert told.returncode == 0, told.stderr
    outlets = {each["slug"]: each["from"] for each in json.loads(told.stdout)}
    ours = {slug: f"cleanfeed_{slug.partition('-')[0]}" for slug in INSTALLED}
    assert outlets == ours | {"harbour": "cleanfeed_harbour"}
    read = python("-m", "cleanfeed", "extract", "pages", path=str(site), cwd=ROOT / "examples" / "harbour")
    assert read.returncode == 1
    assert read.stderr == "pages/listing.html: a listing page, not an article\n"
    first, second = map(json.loads, read.stdout.splitlines())
    assert first["title"] == "A crane named Rosa"
    assert first["authors"] == [{"name": "Chidi Bassey"}]
    assert second["title"] == "Old lighthouse gets a new lamp"
    assert [author["name"] for author in second["authors"]] == ["Ada Obi", "Bola Ige"]
    assert second["content_text"].splitlines()[1:] == [
        "Seen from far",
        "The beam reaches nineteen miles, the keepers say, and one kitchen window in the village.",
        "Fishermen have asked for one dark hour a night, so that they can see the stars.",
    ]


def copy(source: Path, target: Path) -> Path:
    """The files of a distribution, away from the checkout: building one may leave something beside it."""
    for path in source.rglob("*"):
        if path.is_file() and "__pycache__" not in path.parts:
            place = target / path.relative_to(source)
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(path.read_bytes())
    return target


def test_a_stranger_s_outlet_is_built_into_feeds(tmp_path: Path) -> None:
    config = write(
        tmp_path,
        'title = "Harbour"\nbase_url = "https://feeds.example.org/"\noutlets = ["harbour"]\n'
        '[topics.all]\ntitle = "All"\neverything = true\n',
        "cleanfeed.toml",
    )
    built = python(
        "-m", "cleanfeed", "--plugin", "cleanfeed_harbour.py", "build", str(config), "--pages", "pages",
        "--output", str(tmp_path / "public"), cwd=ROOT / "examples" / "harbour",
    )  # fmt: skip
    assert built.returncode == 0, built.stderr
    items = json.loads((tmp_path / "public" / "all.json").read_text("utf-8"))["items"]
    assert [item["title"] for item in items] == ["Old lighthouse gets a new lamp", "A crane named Rosa"]


def test_the_wrapper_of_the_examples_refuses_videos_and_nothing_else() -> None:
    pages = "examples/pages/almayadeen-en"
    plain = python("-m", "cleanfeed", "extract", pages)
    wrapped = python("-m", "cleanfeed", "--plugin", "examples/no_videos.py", "extract", pages)
    items = [json.loads(line) for line in plain.stdout.splitlines()]
    kept = [json.loads(line) for line in wrapped.stdout.splitlines()]
    assert any(item["_cleanfeed"]["kind"] == "video" for item in items)
    assert kept == [item for item in items if item["_cleanfeed"]["kind"] != "video"]
    assert (
        "video-turtles.html: plugin 'no_videos' (examples/no_videos.py) gives no entry for this page"
        in wrapped.stderr
    )


CLI_FAULTS = {
    "syntax": "def (:",
    "exit": "raise SystemExit(0)",
    "no hook": "x = 1",
    "a slug of another": declaring("slug='arise'"),
    "a host of another": declaring("hosts=('arise.tv',)"),
    "an unknown zone": declaring("timezone='Mars/Olympus'"),
}


@pytest.mark.parametrize("source", CLI_FAULTS.values(), ids=CLI_FAULTS)
def test_the_command_line_ends_with_2_and_one_line_that_names_the_file(tmp_path: Path, source: str) -> None:
    path = write(tmp_path, source)
    told = python("-m", "cleanfeed", "--plugin", str(path), "outlets")
    assert (told.returncode, told.stdout) == (2, "")
    assert str(path) in told.stderr
    assert len(told.stderr.splitlines()) == 1


def test_the_group_of_entry_points_is_the_one_that_is_documented() -> None:
    assert GROUP == "cleanfeed"
    assert "[project.entry-points.cleanfeed]" in (ROOT / "examples" / "harbour" / "pyproject.toml").read_text(
        "utf-8"
    )
