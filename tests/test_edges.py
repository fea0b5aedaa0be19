"""Small promises at the edges: streams that are closed, addresses in other shapes, times that are none."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from cleanfeed.addresses import canonical, host_of
from cleanfeed.clean import Rules, clean, elements_of
from cleanfeed.dates import parse
from cleanfeed.embeds import embed_of

PAGE = Path(__file__).parents[1] / "examples/pages/arise/rail.html"
LAGOS = ZoneInfo("Africa/Lagos")


def cleanfeed(*arguments: str, closed: bool = False) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "cleanfeed", *arguments]
    shell = ["sh", "-c", 'exec "$@" >&-', "sh", *command] if closed else command
    return subprocess.run(shell, capture_output=True, text=True, timeout=60, check=False)


def test_a_closed_standard_output_is_no_error():
    done = cleanfeed("extract", str(PAGE), closed=True)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("url", ["javascript:x", "not an url", "//x.example/a", "https://"])
def test_an_address_that_is_none_is_an_error_of_usage_that_names_it(url):
    done = cleanfeed("extract", str(PAGE), "--url", url)
    assert done.returncode == 2
    assert repr(url) in done.stderr.splitlines()[0]


@pytest.mark.parametrize("command", ["build", "extract"])
def test_the_examples_in_help_keep_their_lines(command):
    lines = cleanfeed(command, "--help").stdout.splitlines()
    assert [line for line in lines if line.startswith(f"  cleanfeed {command} ")][1:]
    assert not any("\\b" in line or "\b" in line for line in lines)


@pytest.mark.parametrize(
    "host", ["www.pier.example", "m.pier.example", "amp.pier.example", "mobile.pier.example"]
)
def test_the_same_site_on_another_device_is_the_same_host(host):
    assert host_of(f"https://{host}/a") == "pier.example"


@pytest.mark.parametrize("host", ["m.tv", "amp.dev", "www.tv"])
def test_a_name_that_is_nothing_but_such_a_beginning_is_kept(host):
    assert host_of(f"https://{host}/a") == host


@pytest.mark.parametrize("path", ["/2026/./quay/", "/2026/x/../quay/"])
def test_an_address_is_written_without_dot_segments(path):
    assert canonical(f"https://pier.example{path}") == "https://pier.example/2026/quay/"


@pytest.mark.parametrize("text", ["2026-09-14T25:00:00Z", "2026-09-14T08:61:00Z", "20261332"])
def test_a_timestamp_with_an_impossible_time_is_no_date_at_all(text):
    assert parse(text, LAGOS) is None


@pytest.mark.parametrize(
    "name, hours", [("EST", -5), ("EDT", -4), ("CST", -6), ("MST", -7), ("PDT", -7), ("GMT", 0)]
)
def test_the_zone_names_of_rfc_2822_are_zones(name, hours):
    moment = parse(f"Mon, 14 Sep 2026 08:20:00 {name}", LAGOS)
    assert moment is not None
    expected = datetime(2026, 9, 14, 8, 20, tzinfo=timezone(timedelta(hours=hours)))
    assert moment.time.astimezone(UTC) == expected.astimezone(UTC)


@pytest.mark.parametrize("player", ["videoseries?list=PL01", "live_stream?channel=UC01"])
def test_a_list_of_videos_is_no_video_of_that_name(player):
    found = embed_of(f"https://www.youtube.com/embed/{player}")
    assert found is not None
    assert (found.url, found.poster) == (f"https://www.youtube.com/embed/{player}", None)


def test_code_that_keeps_its_lines_stays_code():
    body = clean(elements_of("<pre><code>def f():\n    return 1 &lt; 2</code></pre>"), Rules(), None)
    assert body.html == "<pre><code>def f():\n    return 1 &lt; 2</code></pre>"
    assert body.text == "def f():\nreturn 1 < 2"


def test_a_page_that_is_given_up_names_the_plugin_of_the_outlet_that_its_address_belongs_to(tmp_path):
    plugin = tmp_path / "pier.py"
    plugin.write_text(
        "import os\nfrom cleanfeed import Outlet, hookimpl, recipes\n"
        "@hookimpl\ndef cleanfeed_outlets():\n    return [Outlet(slug='pier', name='Pier', language='en', "
        "timezone='UTC', hosts=('pier.example',), article=recipes.WORDPRESS)]\n"
        "@hookimpl\ndef cleanfeed_extract(outlet, page):\n    os._exit(3)\n",
        "utf-8",
    )
    page = tmp_path / "quay.html"
    page.write_text("<html><body><p>The quay is open.</p></body></html>", "utf-8")
    known = cleanfeed("extract", "--plugin", str(plugin), str(page), "--url", "https://pier.example/quay")
    assert known.returncode == 1
    assert known.stderr.startswith(f"{page}: ended its worker process")
    assert "'pier'" in known.stderr
    assert str(plugin) in known.stderr
