"""What runs cleanfeed unattended: the workflow step by step, the units, the container file, and who watches."""

from __future__ import annotations

import json
import os
import pty
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from cleanfeed.config import load
from cleanfeed.starter import workflow
from cliparts import CONFIG, ROOT, Place, environment
from reportparts import HOSTILE

EXAMPLES = ROOT / "examples"


def written(folder: Path) -> str:
    """The workflow for a configuration in this folder."""
    path = folder / "cleanfeed.toml"
    path.write_text(CONFIG, "utf-8")
    return workflow.text(workflow.place(path, [folder / "harbour.py"]), load(path))


@pytest.fixture
def source(tmp_path: Path) -> str:
    return written(tmp_path)


@pytest.fixture
def jobs(source: str) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(source)["jobs"]
    return found


def steps_of(jobs: dict[str, Any]) -> list[dict[str, Any]]:
    return [step for job in jobs.values() for step in job["steps"]]


def step(jobs: dict[str, Any], name: str) -> dict[str, Any]:
    (found,) = (each for each in steps_of(jobs) if each["name"].startswith(name))
    return found


# --- the workflow: what it may


def test_each_job_may_do_what_it_needs_and_nothing_more(source, jobs):
    assert yaml.safe_load(source)["permissions"] == {"contents": "read"}
    assert {name: job["permissions"] for name, job in jobs.items()} == {
        "build": {"contents": "read"},
        "publish": {"pages": "write", "id-token": "write"},
        "issues": {"issues": "write"},
    }


def test_only_the_job_that_runs_nothing_of_ours_or_of_the_web_has_a_token(jobs):
    holders = [name for name, job in jobs.items() if "token" in json.dumps(job["steps"])]
    assert holders == ["issues"]
    assert step(jobs, "Check out")["with"] == {"persist-credentials": False}


def test_every_action_is_pinned_to_a_commit_and_says_which_version_that_is(source):
    uses = re.findall(r"uses: (.*)", source)
    assert len(uses) == 6
    assert all(re.fullmatch(r"actions/[a-z/-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", each) for each in uses)


def test_no_expression_stands_in_a_script(jobs):
    assert not any("${{" in each.get("run", "") for each in steps_of(jobs))


def test_it_runs_hourly_one_at_a_time_and_not_for_ever(source, jobs):
    found = yaml.safe_load(source)
    starts = found[True]  # "on" is a truth value in YAML 1.1
    assert re.fullmatch(r"\d*[13579] \* \* \* \*", starts["schedule"][0]["cron"])
    assert set(starts) == {"schedule", "workflow_dispatch"}
    assert found["concurrency"] == {"group": "cleanfeed", "cancel-in-progress": False}
    assert all(job["timeout-minutes"] < 60 for job in jobs.values())


def test_what_one_run_keeps_is_what_the_next_restores(jobs):
    kept, restored = step(jobs, "Keep")["with"], step(jobs, "Restore")["with"]
    assert kept["path"] == restored["path"]
    assert kept["path"].split() == [".cleanfeed/ledger.sqlite3", ".cleanfeed/ledger.sqlite3-wal", "public"]
    assert kept["key"] == restored["key"]
    assert "run_id" in kept["key"]
    assert kept["key"].startswith(restored["restore-keys"])


# --- the workflow: its scripts


def test_every_script_can_be_parsed(jobs):
    scripts = [each for each in steps_of(jobs) if "run" in each]
    assert len(scripts) == 4
    for each in scripts:
        if each.get("shell") == "python":
            compile(each["run"], each["name"], "exec")
        else:
            done = subprocess.run(
                ["bash", "-n"], input=each["run"], text=True, capture_output=True, check=False
            )
            assert (done.returncode, done.stderr) == (0, "")


def executable(path: Path, content: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content, "utf-8")
    path.chmod(0o755)


def play(found: dict[str, Any], folder: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    """Runs the script of a step as a runner does."""
    command = [sys.executable, "-c"] if found.get("shell") == "python" else ["bash", "-e", "-c"]
    own = {name: value for name, value in found.get("env", {}).items() if "${{" not in value}
    search = f"{folder / 'bin'}{os.pathsep}{os.environ['PATH']}"
    output = {"GITHUB_OUTPUT": str(folder / "output"), "GITHUB_STEP_SUMMARY": str(folder / "summary.md")}
    given = {"PATH": search, "RUNNER_TEMP": str(folder), **output, **own, **variables}
    return subprocess.run(
        [*command, found["run"]],
        cwd=folder,
        env=environment(given),
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(
    ("status", "expected", "said"), [(0, 0, ""), (1, 1, "::warning"), (2, 2, ""), (143, 143, "")]
)
def test_a_build_with_problems_goes_on_and_one_that_could_not_build_does_not(
    jobs, tmp_path, status, expected, said
):
    executable(
        tmp_path / "venv" / "bin" / "cleanfeed", f'#!/bin/sh\nprintf "%s\\n" "$@" > called\nexit {status}\n'
    )
    done = play(step(jobs, "Build"), tmp_path)
    assert done.returncode == (0 if expected == 1 else expected)
    assert done.stdout.startswith(said)
    assert (tmp_path / "called").read_text("utf-8").split() == [
        "build", "cleanfeed.toml", "--output", "public", "--summary", str(tmp_path / "summary.md"),
        "--plugin", "harbour.py",
    ]  # fmt: skip


def test_the_step_builds_with_the_real_command(tmp_path):
    place = Place(tmp_path)
    jobs = yaml.safe_load(written(tmp_path))["jobs"]
    place.stories(1, 2)
    executable(
        tmp_path / "venv" / "bin" / "cleanfeed", f'#!/bin/sh\nexec {sys.executable} -m cleanfeed "$@"\n'
    )
    done = play(step(jobs, "Build"), tmp_path, GITHUB_ACTIONS="true")
    assert (done.returncode, done.stderr) == (0, "")
    assert "Feeds of the harbour: fine" in (tmp_path / "summary.md").read_text("utf-8")
    assert play(step(jobs, "Note"), tmp_path).returncode == 0
    assert health_of(tmp_path) == {"broken": {}, "well": ["harbour"]}


def test_without_a_source_nothing_is_installed_and_it_says_what_to_do(jobs, tmp_path):
    done = play(step(jobs, "Install"), tmp_path, CLEANFEED="")
    assert done.returncode == 2
    assert done.stdout.startswith("::error title=cleanfeed::Set CLEANFEED")


# --- the workflow: issues


def finding(outlet: str, message: str, **more: str) -> dict[str, str]:
    return {
        "outlet": outlet,
        "what": "drop",
        "field": "",
        "selector": "",
        "sample": "",
        "message": message,
    } | more


def health_of(folder: Path) -> Any:
    name, _, value = (folder / "output").read_text("utf-8").rpartition("health=")
    assert name in ("", "\n")
    assert value.count("\n") == 1
    return json.loads(value)


def noted(jobs: dict[str, Any], folder: Path, report: dict[str, Any]) -> Any:
    (folder / "public").mkdir(exist_ok=True)
    (folder / "public" / "report.json").write_text(
        json.dumps({"problems": [], "outlets": {}} | report), "utf-8"
    )
    (folder / "output").unlink(missing_ok=True)
    done = play(step(jobs, "Note"), folder)
    assert (done.returncode, done.stderr) == (0, "")
    return health_of(folder)


def test_outlets_are_noted_as_broken_or_well_or_neither(jobs, tmp_path):
    report = {
        "outlets": {"harbour": {}, "quay": {}, "pier": {}},
        "findings": [
            finding(
                "quay", "half as many", field="title", selector="css('h1')", sample="https://quay.example/1"
            )
        ],
        "problems": ["pier: 3 new articles could not be had", "quay: half as many"],
    }
    assert noted(jobs, tmp_path, report) == {
        "broken": {"quay": ["half as many (field title, selector css('h1'), sample https://quay.example/1)"]},
        "well": ["harbour"],
    }


def test_what_is_noted_fits_into_an_environment_variable_whatever_it_says(jobs, tmp_path):
    findings = [
        finding(f"outlet-{number % 70}", "\n::error::\u202e\ud800" + "ا" * 5000) for number in range(3000)
    ]
    assert len(noted(jobs, tmp_path, {"findings": findings})["broken"]) == 20
    assert len((tmp_path / "output").read_bytes()) < 128 * 1024 - 1000


GH = """#!{python}
import json, os, sys
from pathlib import Path
state = Path(os.environ["GH_STATE"])
issues = json.loads(state.read_text()) if state.exists() else []
verb, rest = sys.argv[1:3], sys.argv[3:]
value = lambda name: rest[rest.index(name) + 1]
with open(str(state) + ".log", "a") as log:
    log.write(" ".join(verb) + "\\n")
if verb == ["issue", "list"]:
    assert (value("--state"), value("--label")) == ("open", "cleanfeed")
    print(json.dumps([each for each in issues if each["open"]]))
elif verb == ["issue", "create"]:
    issues.append({{"number": len(issues) + 1, "title": value("--title"), "body": sys.stdin.read(), "open": True}})
    assert (value("--label"), value("--body-file")) == ("cleanfeed", "-")
elif verb == ["issue", "edit"]:
    issues[int(rest[0]) - 1]["body"] = sys.stdin.read()
elif verb == ["issue", "close"]:
    issues[int(rest[0]) - 1]["open"] = False
else:
    assert verb == ["label", "create"] and rest[0] == "cleanfeed" and "--force" in rest, sys.argv
assert os.environ["GH_TOKEN"] == "t" and os.environ["GH_REPO"] == "me/news"
state.write_text(json.dumps(issues))
"""


class Repository:
    """The issues of a repository, as a `gh` that is not real keeps them."""

    def __init__(self, jobs: dict[str, Any], folder: Path) -> None:
        self._step = step(jobs, "Open")
        self._folder = folder
        self.state = folder / "state.json"
        executable(folder / "bin" / "gh", GH.format(python=sys.executable))

    def follow(self, health: object) -> list[str]:
        """What was asked of `gh`."""
        log = Path(f"{self.state}.log")
        log.unlink(missing_ok=True)
        own = {
            "GH_TOKEN": "t",
            "GH_REPO": "me/news",
            "GH_STATE": str(self.state),
            "HEALTH": json.dumps(health),
        }
        done = play(self._step, self._folder, **own)
        assert (done.returncode, done.stderr) == (0, "")
        return log.read_text("utf-8").splitlines()

    @property
    def issues(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = json.loads(self.state.read_text("utf-8"))
        return found


@pytest.fixture
def repository(jobs: dict[str, Any], tmp_path: Path) -> Repository:
    return Repository(jobs, tmp_path)


ILL = {"broken": {"quay": ["half as many"]}, "well": ["harbour"]}


def test_a_broken_outlet_gets_one_issue_however_often_it_is_found_broken(repository):
    assert repository.follow(ILL) == ["issue list", "label create", "issue create"]
    assert repository.follow(ILL) == ["issue list"]
    (issue,) = repository.issues
    assert issue["title"] == "cleanfeed: quay is broken"
    assert "\nhalf as many\n" in issue["body"]


def test_its_issue_is_updated_when_something_else_is_wrong(repository):
    repository.follow(ILL)
    assert repository.follow({"broken": {"quay": ["no titles"]}, "well": []}) == ["issue list", "issue edit"]
    (issue,) = repository.issues
    assert "no titles" in issue["body"]


def test_its_issue_is_closed_when_it_is_well_and_a_new_one_is_opened_when_it_breaks_again(repository):
    repository.follow(ILL)
    assert repository.follow({"broken": {}, "well": ["harbour", "quay"]}) == ["issue list", "issue close"]
    assert repository.follow({"broken": {}, "well": ["harbour", "quay"]}) == ["issue list"]
    repository.follow(ILL)
    assert [issue["open"] for issue in repository.issues] == [False, True]


def test_an_outlet_of_which_nothing_is_known_keeps_its_issue(repository):
    repository.follow(ILL)
    assert repository.follow({"broken": {}, "well": ["harbour"]}) == ["issue list"]


def test_each_broken_outlet_has_its_own_issue(repository):
    repository.follow({"broken": {"quay": ["a"], "harbour": ["b"]}, "well": []})
    repository.follow({"broken": {"harbour": ["b"]}, "well": ["quay"]})
    assert {issue["title"]: issue["open"] for issue in repository.issues} == {
        "cleanfeed: quay is broken": False,
        "cleanfeed: harbour is broken": True,
    }


@pytest.mark.parametrize("texts", [HOSTILE[at : at + 9] for at in range(0, len(HOSTILE), 9)])
def test_no_text_gets_out_of_the_block_of_code_in_an_issue(repository, texts):
    repository.follow({"broken": {"quay": [*texts, "last"]} | {text: ["x"] for text in texts}, "well": texts})
    (issue,) = repository.issues
    _head, told, tail = issue["body"].split("```")
    assert told.startswith("text\n")
    assert told.endswith("\nlast\n")
    assert told.count("\n") == len(texts) + 2
    assert "closed when the outlet is well again" in tail


def test_a_gh_that_fails_fails_the_step(jobs, tmp_path):
    executable(tmp_path / "bin" / "gh", "#!/bin/sh\nexit 4\n")
    own = {"GH_TOKEN": "t", "GH_REPO": "me/news", "HEALTH": json.dumps(ILL)}
    assert play(step(jobs, "Open"), tmp_path, **own).returncode == 1


# --- systemd, containers


UNITS = sorted((EXAMPLES / "systemd").iterdir())


def test_there_is_a_service_and_its_timer_and_a_server():
    assert [path.name for path in UNITS] == [
        "cleanfeed-serve.service",
        "cleanfeed.service",
        "cleanfeed.timer",
    ]


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd is not here")
def test_systemd_has_nothing_to_say_against_the_units(tmp_path):
    for path in UNITS:
        unit = re.sub(r"(?m)^ExecStart=\S+", "ExecStart=/bin/true", path.read_text("utf-8"))
        (tmp_path / path.name).write_text(unit, "utf-8")
    command = ["systemd-analyze", "verify", "--man=no", *(str(tmp_path / path.name) for path in UNITS)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, [line for line in done.stderr.splitlines() if "cleanfeed." in line]) == (0, [])


def settings_of(path: Path) -> dict[str, str]:
    lines = (line for line in path.read_text("utf-8").splitlines() if re.match(r"\w+=", line))
    return dict(line.split("=", 1) for line in lines)


@pytest.mark.parametrize(("name", "kind", "command"), [
    ("cleanfeed.service", "oneshot", "build"), ("cleanfeed-serve.service", "exec", "serve"),
])  # fmt: skip
def test_a_service_may_write_to_its_own_folder_alone_and_is_nobody_special(name, kind, command):
    found = settings_of(EXAMPLES / "systemd" / name)
    assert (found["ProtectSystem"], found["NoNewPrivileges"], found["CapabilityBoundingSet"]) == (
        "strict",
        "yes",
        "",
    )
    assert (found["User"], found["StateDirectory"], found["Type"]) == ("cleanfeed", "cleanfeed", kind)
    assert "SuccessExitStatus" not in found
    assert found["ExecStart"].split()[1] == command


INSTRUCTIONS = [
    line.split(None, 1)
    for line in (EXAMPLES / "Containerfile").read_text("utf-8").replace("\\\n", " ").splitlines()
    if line and not line.startswith("#")
]


def test_the_container_is_not_roots_and_runs_the_command():
    last = dict(INSTRUCTIONS)
    assert last["USER"].split(":")[0].isdecimal()
    assert last["USER"] != "0:0"
    assert json.loads(last["ENTRYPOINT"])[0].endswith("/bin/cleanfeed")
    assert json.loads(last["CMD"]) == ["build"]
    assert last["VOLUME"] == last["WORKDIR"]


def test_what_the_container_copies_is_there_and_is_all_that_the_package_needs():
    copied = {
        word
        for name, rest in INSTRUCTIONS
        if name == "COPY" and "--from" not in rest
        for word in rest.split()[:-1]
    }
    assert all((ROOT / name).exists() for name in copied)
    needed = yaml.safe_load("[src, plugins, README.md, LICENSE, pyproject.toml]")
    assert copied == set(needed)


# --- who watches


WATCHED = (
    "import os\nfrom cleanfeed.cli.attended import is_watched\nos.write(2, str(is_watched()).encode())\n"
)


def watched(*, terminal: bool = False, **variables: str) -> bool:
    env = {
        name: value for name, value in environment({}).items() if name not in ("CI", "GITHUB_ACTIONS")
    } | variables
    leader, follower = pty.openpty()
    done = subprocess.run(
        [sys.executable, "-c", WATCHED], env=env, stdout=follower if terminal else subprocess.PIPE,
        stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, start_new_session=True, check=True,
    )  # fmt: skip
    os.close(leader)
    os.close(follower)
    return done.stderr == b"True"


def test_a_terminal_is_watched():
    assert watched(terminal=True)


def test_a_build_started_by_cron_or_a_timer_is_not_watched():
    assert not watched()


@pytest.mark.parametrize(("variables", "expected"), [
    ({"CI": "true"}, True), ({"GITHUB_ACTIONS": "true"}, True), ({"CI": "1"}, True),
    ({"CI": "false"}, False), ({"CI": ""}, False), ({"CI": "0"}, False),
])  # fmt: skip
def test_a_run_of_ci_is_watched(variables, expected):
    assert watched(**variables) is expected


OF_A_TERMINAL = """
import fcntl, os, subprocess, sys, termios
fcntl.ioctl(0, termios.TIOCSCTTY, 0)
done = subprocess.run([sys.executable, "-c", sys.argv[1]], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                      stderr=subprocess.PIPE)
open(sys.argv[2], "wb").write(done.stderr)
"""


def test_a_build_started_at_a_terminal_whose_output_goes_to_a_file_is_watched(tmp_path):
    env = {name: value for name, value in environment({}).items() if name not in ("CI", "GITHUB_ACTIONS")}
    leader, follower = pty.openpty()
    command = [sys.executable, "-c", OF_A_TERMINAL, WATCHED, str(tmp_path / "told")]
    subprocess.run(command, env=env, stdin=follower, start_new_session=True, check=True)
    os.close(leader)
    os.close(follower)
    assert (tmp_path / "told").read_bytes() == b"True"
