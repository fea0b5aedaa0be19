"""The metrics are what Prometheus reads, with the figures of the build and nothing else."""

from __future__ import annotations

import re
from datetime import timedelta
from itertools import pairwise

import pytest
from prometheus_client.parser import text_string_to_metric_families

from cleanfeed.metrics import textfile
from cliparts import ROOT
from reportparts import HOSTILE, NOON, broken, fine, hostile


def samples(raw: bytes) -> dict[tuple[str, tuple[str, ...]], float]:
    """Values, by name and the values of the labels."""
    found = [sample for family in text_string_to_metric_families(raw.decode()) for sample in family.samples]
    told = {(each.name, tuple(each.labels.values())): each.value for each in found}
    assert len(told) == len(found)
    return told


@pytest.mark.parametrize(("name", "labels", "value"), [
    ("build_status", (), 0),
    ("build_problems", (), 0),
    ("requests", ("https://harbour.example",), 7),
    ("outlet_pages", ("harbour",), 5),
    ("outlet_entries", ("harbour",), 4),
    ("outlet_refused", ("harbour",), 1),
    ("outlet_healthy", ("harbour",), 1),
    ("outlet_newest_timestamp_seconds", ("quay",), NOON.timestamp()),
    ("outlet_field_fill_ratio", ("harbour", "summary"), 0.75),
    ("outlet_field_fill_ratio", ("harbour", "tags"), 0),
    ("topic_entries", ("everything",), 6),
    ("topic_entries", ("empty",), 0),
    ("topic_newest_timestamp_seconds", ("everything",), NOON.timestamp()),
])  # fmt: skip
def test_each_figure_of_a_build_is_told(name, labels, value):
    assert samples(textfile(fine(), newest={"quay": NOON}))[f"cleanfeed_{name}", labels] == value


def test_the_time_is_that_of_the_builds_end():
    told = samples(textfile(fine()))
    assert told["cleanfeed_build_duration_seconds", ()] == pytest.approx(4.2, abs=0.5)
    assert told["cleanfeed_build_timestamp_seconds", ()] == pytest.approx(
        (NOON + timedelta(seconds=4.2)).timestamp(), abs=0.5
    )


def test_broken_outlets_are_not_healthy_and_the_build_says_so():
    told = samples(textfile(broken()))
    assert told["cleanfeed_outlet_healthy", ("harbour",)] == 0
    assert told["cleanfeed_outlet_healthy", ("quay",)] == 0
    assert (told["cleanfeed_build_status", ()], told["cleanfeed_build_problems", ()]) == (1, 3)


def test_what_is_not_known_is_left_out():
    told = textfile(fine()).decode()
    assert "outlet_newest" not in told
    assert 'topic_newest_timestamp_seconds{topic="empty"}' not in told
    assert "nan" not in told.lower()


def test_each_family_has_its_help_and_type_once_and_before_its_samples():
    lines = textfile(broken()).decode().splitlines()
    families: list[str] = []
    for help_line, type_line in pairwise(lines):
        if help_line.startswith("# HELP "):
            families.append(help_line.split()[2])
            assert type_line == f"# TYPE {families[-1]} gauge"
    named = [re.split(r"[{ ]", line)[0] for line in lines if not line.startswith("#")]
    assert list(dict.fromkeys(named)) == families


@pytest.mark.parametrize(
    "text", [*HOSTILE, 'a"b', "a\\", 'x",y="z', 'x"} 1\ncleanfeed_build_status 9'], ids=ascii
)
def test_no_text_breaks_the_format_or_makes_a_figure_of_its_own(text):
    raw = textfile(hostile(text))
    told = samples(raw)
    assert raw.endswith(b"\n")
    assert {name for name, _labels in told} == {name for name, _labels in samples(textfile(hostile("x")))}
    assert told["cleanfeed_build_status", ()] == 1
    assert all(
        re.fullmatch(r"# (HELP|TYPE) .+|\w+(\{.*\})? [\d.]+", line) for line in raw.decode().split("\n")[:-1]
    )


def test_every_metric_is_documented_and_no_other():
    named = re.findall(r"^\| `(\w+)", (ROOT / "docs" / "unattended.md").read_text("utf-8"), re.MULTILINE)
    told = {name for name, _labels in samples(textfile(fine(), newest={"quay": NOON}))}
    assert sorted(named) == sorted(told)
