"""The command line: results on standard output, problems on standard error, nothing hostile on either."""

from __future__ import annotations

import json
import os
import pty
import re
import subprocess
import sys
import time
from pathlib import Path

import pytest

from cleanfeed.cli import main
from cliparts import LISTING, PLUGIN, Place, environment, story


@pytest.fixture
def place(tmp_path: Path) -> Place:
    place = Place(tmp_path)
    place.stories(1, 2, 3)
    return place


# --- help


@pytest.mark.parametrize(
    "arguments", [["--help"], ["-h"], ["build", "--help"], ["extract", "-h"], ["outlets", "--help"]]
)
def test_help_goes_to_standard_output(place, arguments):
    done = place.run(*arguments)
    assert (done.status, done.err) == (0, "")
    assert done.out.startswith("Usage: cleanfeed")


def test_without_a_command_help_is_shown_as_for_a_mistake(place):
    done = place.run()
    assert (done.status, done.out) == (2, "")
    assert done.err.startswith("Usage: cleanfeed")
    assert "build" in done.err


def test_the_version_is_shown(place):
    done = place.run("--version")
    assert (done.status, done.err) == (0, "")
    assert re.fullmatch(r"cleanfeed \d+\.\d+\.\d+\S*\n", done.out)


@pytest.mark.parametrize("arguments", [
    ["bild"], ["--colour"], ["build", "--colour"], ["extract"], ["extract", "--format", "xml", "x"], ["outlets", "x"],
    ["extract", "--jobs", "many", "x"], ["--plugin"],
])  # fmt: skip
def test_a_wrong_command_line_is_told_with_status_2(place, arguments):
    done = place.run(*arguments)
    assert (done.status, done.out) == (2, "")
    (told,) = done.complaints
    command = arguments[0] if arguments[0] in {"build", "extract", "outlets"} else ""
    assert told.startswith("cleanfeed: ")
    assert told.endswith(f"; see '{f'cleanfeed {command}'.strip()} --help'")


HEAVY = (
    "lxml",
    "feedgen",
    "nh3",
    "rich",
    "jinja2",
    "msgspec",
    "pluggy",
    "w3lib",
    "multiprocessing",
    "asyncio",
)


@pytest.mark.parametrize(
    "arguments", [["--help"], ["build", "--help"], ["extract", "--help"], ["outlets", "--help"]]
)
def test_help_imports_nothing_heavy(arguments):
    program = (
        f"import sys; from cleanfeed.cli import main; main({arguments}); "
        f"print([name for name in {HEAVY} if name in sys.modules], file=sys.stderr)"
    )
    run = subprocess.run(
        [sys.executable, "-c", program], env=environment({}), capture_output=True, text=True, check=True
    )
    assert run.stderr == "[]\n"


# --- extract


def test_an_entry_is_an_item_of_json_per_line_with_its_page_as_it_was_named(place):
    done = place.run(
        "extract", "pages/story-2.html", "./pages/story-1.html", str(place.pages / "story-3.html")
    )
    assert (done.status, done.err) == (0, "")
    pages = [item["_cleanfeed"]["page"] for item in done.items]
    assert pages == ["pages/story-2.html", "./pages/story-1.html", str(place.pages / "story-3.html")]
    first = done.items[0]
    assert first["title"] == "The crane, part 2"
    assert first["url"] == "https://harbour.example/2026/09/story-2/"
    assert first["date_published"] == "2026-09-03T08:02:00+01:00"
    assert first["content_text"].splitlines() == [
        "She is forty metres tall, and older than the quay that she stands on.", "Three drivers shared her.",
    ]  # fmt: skip
    assert first["_cleanfeed"]["outlet"] == "harbour"
    assert "summary" not in first


def test_pages_without_an_entry_are_named_in_order_and_the_status_is_1(place):
    place.page("listing.html", LISTING)
    done = place.run(
        "extract",
        "pages/story-1.html",
        "missing.html",
        "pages/listing.html",
        "https://a.example/x",
        "pages/story-2.html",
    )
    assert done.status == 1
    assert [item["title"] for item in done.items] == ["The crane, part 1", "The crane, part 2"]
    assert "https://a.example/x: is an address; save the page, and name the file and --url" in done.complaints
    assert "missing.html: cannot be read: No such file or directory" in done.complaints
    assert [line for line in done.complaints if line.startswith("pages/listing.html: ")]
    assert len(done.complaints) == 3


def test_a_folder_without_pages_is_named(place):
    (place.folder / "empty").mkdir()
    done = place.run("extract", "empty")
    assert (done.status, done.out, done.err) == (1, "", "empty: is a folder without any .html or .txt file\n")


def test_a_page_is_read_from_standard_input(place):
    page = story(1).replace("https://harbour.example/2026/09/story-1/", "")
    done = place.run("extract", "-", "--url", "https://harbour.example/2026/09/piped/", stdin=page.encode())
    assert done.status == 0
    assert done.items[0]["url"] == "https://harbour.example/2026/09/piped/"
    assert done.items[0]["_cleanfeed"]["page"] == "-"
    assert place.run("extract", "-").err == "-: is empty\n"
    assert "-: is too large" in place.run("extract", "-", stdin=b"<html>" * 2_000_000).err


def test_a_page_of_a_folder_may_be_given_its_address(place):
    place.page(
        "only/a.html",
        story(1).replace('<link rel="canonical" href="https://harbour.example/2026/09/story-1/">', ""),
    )
    done = place.run("extract", "pages/only", "--url", "https://harbour.example/x/")
    assert done.items[0]["url"] == "https://harbour.example/x/"


@pytest.mark.parametrize("pages", [["pages"], ["pages/story-1.html", "pages/story-2.html"]])
def test_one_address_for_several_pages_is_a_mistake(place, pages):
    done = place.run("extract", *pages, "--url", "https://harbour.example/x/")
    assert (done.status, done.out) == (2, "")
    assert "--url is the address of one page" in done.err


def test_a_sidecar_tells_address_and_time(place):
    page = story(1).replace('<link rel="canonical" href="https://harbour.example/2026/09/story-1/">', "")
    place.page("a.html", page, url="https://harbour.example/told/", retrieved="2026-09-30T08:00:00Z")
    assert place.run("extract", "pages/a.html").items[0]["url"] == "https://harbour.example/told/"


@pytest.mark.parametrize(
    "content", ["{", "[]", '{"url": 7}', '{"retrieved": "soon"}', '{"url": "' + "x" * 70_000 + '"}']
)
def test_a_broken_sidecar_costs_its_page(place, content):
    place.write("pages/story-2.json", content)
    done = place.run("extract", "pages")
    assert done.status == 1
    assert [item["title"] for item in done.items] == ["The crane, part 1", "The crane, part 3"]
    assert len(done.complaints) == 1
    assert done.err.startswith("pages/story-2.html: its sidecar story-2.json cannot be used: ")


def test_content_is_printed_as_html_or_text(place):
    html = place.run("extract", "pages/story-1.html", "--format", "html")
    assert (
        html.out
        == "<p>She is forty metres tall, and older than the quay that she stands on.</p>\n<p>Three drivers shared her.</p>\n"
    )
    text = place.run("extract", "pages/story-1.html", "--format", "text")
    assert text.out.splitlines() == [
        "The crane, part 1", "2026-09-02T08:01:00+01:00", "",
        "She is forty metres tall, and older than the quay that she stands on.", "", "Three drivers shared her.", "",
    ]  # fmt: skip


def test_a_folder_of_two_thousand_pages_is_read_in_one_go_and_in_order(place):
    for number in range(2000):
        place.write(f"many/{number % 10}/{number:04}.html", story(number))
    started = time.monotonic()
    done = place.run("extract", "many", "--jobs", "2")
    assert done.status == 0
    assert time.monotonic() - started < 45
    pages = [item["_cleanfeed"]["page"] for item in done.items]
    assert len(pages) == 2000
    assert pages == sorted(pages)


def test_whoever_reads_no_further_ends_the_command_quietly(place):
    for number in range(300):
        place.write(f"many/{number}.html", story(number))
    run = subprocess.run(
        ["sh", "-c", f"{sys.executable} -m cleanfeed extract many --plugin harbour.py | head -1"],
        cwd=place.folder, env=environment({}), capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert run.stderr == ""
    assert json.loads(run.stdout)["title"]


@pytest.mark.parametrize("command", [["extract", "pages"], ["build"], ["outlets"]])
def test_a_result_that_cannot_be_printed_is_told(place, command):
    with Path("/dev/full").open("wb") as full:
        run = subprocess.run(
            [sys.executable, "-m", "cleanfeed", *command, "--plugin", "harbour.py"],
            cwd=place.folder, env=environment({}), stdout=full, stderr=subprocess.PIPE, text=True, timeout=60, check=False,
        )  # fmt: skip
    assert run.stderr == "cleanfeed: No space left on device\n"
    assert run.returncode == 2


# --- outlets


def test_outlets_are_listed_with_the_module_or_file_of_each(place):
    done = place.run("outlets")
    assert (done.status, done.err) == (0, "")
    rows = {line.split()[0]: re.split(" {2,}", line) for line in done.out.splitlines()[1:]}
    assert rows["arise"][0] == "arise"
    assert rows["arise"][-1] == "cleanfeed_arise"
    assert rows["harbour"][-1] == str(place.folder / "harbour.py")


def test_outlets_are_listed_as_json(place):
    done = place.run("outlets", "--format", "json")
    assert done.status == 0
    found = {each["slug"]: each for each in json.loads(done.out)}
    assert found["harbour"] == {
        "slug": "harbour", "name": "The Harbour", "language": "en", "direction": "ltr", "timezone": "Africa/Lagos",
        "hosts": ["harbour.example"], "captures": False, "from": str(place.folder / "harbour.py"),
    }  # fmt: skip
    assert found["almanar-ar"]["direction"] == "rtl"
    assert {
        "almayadeen-en",
        "almayadeen-ar",
        "almayadeen-es",
        "almanar-en",
        "daily8-en",
        "daily8-ar",
        "arise",
    } <= {*found}


@pytest.mark.parametrize(
    "arguments", [["--plugin", "other.py", "outlets"], ["outlets", "--plugin", "other.py"]]
)
def test_a_plugin_may_be_named_before_or_after_the_command(place, arguments):
    place.write("other.py", PLUGIN.replace("harbour", "haven").replace("quay", "pier"))
    assert "haven" in place.run(*arguments).out


@pytest.mark.parametrize(
    "arguments", [["-v", "extract", "pages/story-1.html"], ["extract", "-v", "pages/story-1.html"]]
)
def test_what_plugins_print_is_shown_if_asked_for_before_or_after_the_command(place, arguments):
    place.write(
        "harbour.py",
        PLUGIN + "\n@hookimpl\ndef cleanfeed_extract(outlet, page):\n    print('hello from the plugin')\n",
    )
    done = place.run(*arguments, "--plugin", "harbour.py") if arguments[0] == "-v" else place.run(*arguments)
    assert "hello from the plugin" in done.err
    assert len(done.items) == 1


# --- hostile pages and names


HEAD, TAIL = "<!doctype html><html><head><title>t</title></head><body>", "</body></html>"
HOSTILE: dict[str, str | bytes] = {
    "nested": HEAD + "<div>" * 200_000 + TAIL,
    "attributes": HEAD + "<div " + " ".join(f"a{i}=1" for i in range(200_000)) + ">x</div>" + TAIL,
    "quoted-attributes": HEAD + "<div " + " ".join(f'a{i}=">"' for i in range(200_000)) + ">x</div>" + TAIL,
    "attributes-of-an-article": story(9).replace(
        "<article>", "<article " + " ".join(f"a{i}='>'" for i in range(200_000)) + ">"
    ),
    "huge": HEAD + "x" * 20_000_000 + TAIL,
    "siblings": HEAD + "<p>" * 1_000_000 + TAIL,
    "references": HEAD + "&amp;" * 1_900_000 + TAIL,
    "levels": story(9, content="<div>" * 300 + "x" + "</div>" * 300),
    "misnested": HEAD + "<b><i><a>" * 100_000 + TAIL,
    "empty": "",
    "comment": "<!-- nothing -->",
    "cut": story(9)[:200],
    "pdf": b"%PDF-1.7 ",
    "png": b"\x89PNG\r\n\x1a\n",
    "zip": b"PK\x03\x04",
    "json": '{"a": 1}',
    "noise": bytes(range(256)) * 400,
    "open-comment": HEAD + "<!--" * 300_000 + TAIL,
    "open-tag": HEAD + "<" * 3_000_000 + TAIL,
    "open-script": HEAD + "<script>" * 200_000 + TAIL,
}


def test_hostile_pages_cost_themselves_alone_and_little_time(place):
    for name, content in HOSTILE.items():
        place.page(f"{name}.html", content)
    os.mkfifo(place.pages / "pipe.html")
    (place.pages / "folder.html").mkdir()
    (place.pages / "broken.html").symlink_to("nowhere")
    (place.pages / "loop.html").symlink_to("loop.html")
    (place.pages / "circle").symlink_to(".")
    started = time.monotonic()
    done = place.run("extract", "pages", "--jobs", "2", timeout=120)
    assert time.monotonic() - started < 60
    assert done.status == 1
    assert [item["title"] for item in done.items] == [f"The crane, part {number}" for number in (1, 2, 3)]
    named = [line.partition(": ")[0] for line in done.complaints]
    assert named == sorted(f"pages/{name}.html" for name in [*HOSTILE, "pipe", "broken", "loop"])


def test_wide_and_zeroed_pages_are_read_all_the_same(place):
    place.page("a.html", story(7).encode("utf-16"))
    place.page("b.html", story(8).replace("crane", "cr\0ane").encode())
    done = place.run("extract", "pages/a.html", "pages/b.html")
    assert [item["title"] for item in done.items] == ["The crane, part 7", "The crane, part 8"]


def is_command(line: str) -> bool:
    """Whether GitHub's runner would act on the line: its present syntax, and the one before."""
    return line.lstrip().startswith("::") or "##[" in line


NAMES = {
    b"new\nline.html": "pages/new⏎line.html",
    b"return\rline.html": "pages/return⏎line.html",
    b"esc\x1b[2J.html": "pages/esc\\x1b[2J.html",
    b"c1\xc2\x9b31m.html": "pages/c1\\x9b31m.html",
    "bidi\u202egnp.html".encode(): "pages/bidignp.html",
    b"bytes\xff\xfe.html": "pages/bytes\\xff\\xfe.html",
    b"a b'c\"d.html": "pages/a b'c\"d.html",
    "مرفأ.html".encode(): "pages/مرفأ.html",
    b"-v.html": "pages/-v.html",
}


@pytest.mark.parametrize("name, shown", NAMES.items(), ids=[repr(name) for name in NAMES])
def test_file_names_reach_the_terminal_harmless_and_on_one_line(place, name, shown):
    (place.folder / os.fsdecode(b"pages/" + name)).write_text("")
    done = place.run("extract", b"pages/" + name)
    assert (done.status, done.out) == (1, "")
    assert done.err == f"{shown}: is empty\n"


def test_a_file_name_is_exact_in_json_whatever_its_bytes(place):
    name = b"pages/odd\xff\x1b\n.html"
    (place.folder / os.fsdecode(name)).write_text(story(5))
    done = place.run("extract", name)
    assert os.fsencode(done.items[0]["_cleanfeed"]["page"]) == name
    assert len(done.out.splitlines()) == 1


COMMANDS = ["::error::x", "##[error]x", "::set-output name=a::b", "x ##[group]y", "  ::warning::z"]


@pytest.mark.parametrize("arguments", [
    ["extract", "pages"], ["extract", "pages", "--format", "html"], ["extract", "pages", "--format", "text"], ["build"],
    ["build", "--explain", "https://harbour.example/2026/09/story-20/"], ["build", "--explain", "::error::nobody"],
    ["outlets"], ["outlets", "--format", "json"], ["extract", "::error::missing.html"], ["extract", "##[error]"],
    ["build", "::error::.toml"], ["::error::"], ["build", "--pages", "::error::"], ["outlets", "--plugin", "::error::.py"],
], ids=" ".join)  # fmt: skip
def test_no_line_is_a_workflow_command(place, arguments):
    for number, command in enumerate(COMMANDS, 20):
        content = f"<p>{command}</p><pre>\n{command}\r\n{command}</pre><p>x<br>{command}</p>"
        head = f'<meta property="article:tag" content="{command}"><meta property="article:section" content="{command}">'
        place.page(f"story-{number}.html", story(number, title=command, content=content, head=head))
        place.page(f"{command}\n{command}.html", "")
    place.write(
        "cleanfeed.toml",
        (place.folder / "cleanfeed.toml").read_text("utf-8")
        + '[auto]\nby = ["tag", "section"]\nat_least = 1\n',
    )
    place.write("harbour.py", PLUGIN.replace("The Quay", "::error::##[error]"))
    done = place.run(*arguments, env={"GITHUB_ACTIONS": "true"})
    found = [
        line
        for line in re.split(r"[\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]", done.out + "\n" + done.err)
        if is_command(line)
    ]
    assert found == []
    assert done.out + done.err


def test_the_runner_s_syntax_is_left_alone_elsewhere(place):
    place.page("story-20.html", story(20, title="::error::x"))
    assert place.run("extract", "pages/story-20.html", "--format", "text").out.startswith("::error::x\n")


# --- on a terminal


def on_terminal(place: Place, *arguments: str, columns: int = 100) -> tuple[int, str]:
    """The command with a terminal on all three streams."""
    pid, handle = pty.fork()
    if pid == 0:
        os.chdir(place.folder)
        env = environment({"COLUMNS": str(columns), "TERM": "xterm-256color"})
        os.execve(
            sys.executable, [sys.executable, "-m", "cleanfeed", *map(str, place.arguments(arguments))], env
        )
    said = b""
    while True:
        try:
            part = os.read(handle, 65536)
        except OSError:  # the other end is closed
            break
        if not part:
            break
        said += part
    os.close(handle)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), said.decode()


def test_on_a_terminal_tables_fit_its_width(place):
    place.page("story-9.html", story(9))
    status, said = on_terminal(place, "build")
    assert status == 0
    plain = re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", said)
    assert "─" in plain
    assert max(map(len, plain.splitlines())) <= 100
    assert "Open public/index.html" in plain


def test_long_work_shows_a_bar_on_a_terminal_and_problems_stay_readable(place):
    for number in range(250):
        place.write(f"many/{number:03}.html", story(number) if number != 100 else "")
    status, said = on_terminal(place, "build", "--pages", "many")
    plain = re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", said)
    assert status == 1
    assert "Reading pages" in plain
    assert re.search(r"^many/100\.html: is empty\s*$", plain.replace("\r", "\n"), re.MULTILINE)


# --- the same process


def test_main_gives_the_status_and_restores_what_it_changed(capsys):
    import signal  # noqa: PLC0415  # here alone

    before = signal.getsignal(signal.SIGTERM)
    assert main(["--version"]) == 0
    assert main(["bild"]) == 2
    assert signal.getsignal(signal.SIGTERM) is before
    assert "No such command" in capsys.readouterr().err


def test_memory_does_not_grow_with_the_number_of_pages(place):
    filler = "<p>Lorem ipsum dolor sit amet.</p>" * 200
    for number in range(600):
        place.write(f"many/{number:04}.html", story(number, content=filler))
        if number < 100:
            place.write(f"few/{number:04}.html", story(number, content=filler))
    few, many = peak(place, "few"), peak(place, "many")
    assert many - few < 60


def peak(place: Place, folder: str) -> float:
    """The most memory that the main process has had, in MB."""
    program = (
        "import resource, sys; from cleanfeed.cli import main; "
        f"main(['build', '--pages', '{folder}', '--plugin', 'harbour.py']); "
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, file=sys.stderr)"
    )
    run = subprocess.run(
        [sys.executable, "-c", program],
        cwd=place.folder,
        env=environment({}),
        capture_output=True,
        text=True,
        check=True,
    )
    return int(run.stderr.splitlines()[-1]) / (1024 if sys.platform == "linux" else 1 << 20)


@pytest.mark.parametrize(("name", "status"), [("SIGTERM", 143), ("SIGINT", 130)])
def test_a_signal_while_a_plugin_is_loaded_ends_the_command_and_is_not_the_plugins_fault(place, name, status):
    place.write("harbour.py", f"import os, signal\nos.kill(os.getpid(), signal.{name})\n{PLUGIN}")
    done = place.run("outlets")
    assert done.status == status
    assert "plugin" not in done.err
