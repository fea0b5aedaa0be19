"""`cleanfeed health`: how the outlets fare, from what the ledger remembers."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from cleanfeed.cli.console import say, say_json, table
from cleanfeed.config import check_outlets
from cleanfeed.config import load as load_config
from cleanfeed.health.report import health_of
from cleanfeed.health.table import FIELDS_HEAD, HEAD, field_rows, rows
from cleanfeed.ledger import Ledger
from cleanfeed.plugins import load as load_plugins

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from cleanfeed.cli.shared import Shared
    from cleanfeed.health.facts import Facts


def run(shared: Shared, *, config: Path, form: str) -> int:
    settings = load_config(config)
    now = datetime.now(UTC)
    outlets = load_plugins(shared.plugins).outlets
    check_outlets(settings, {each.slug for each in outlets})
    names = {each.slug: each.name for each in outlets}
    chosen = settings.outlets or [each.slug for each in outlets if each.listings]
    with Ledger.look(settings.ledger, now=now) as ledger:
        facts = health_of(ledger, names, chosen, now)
        builds = ledger.builds(1)
    last = builds[-1].started if builds else None
    if form == "json":
        say_json(_as_json(facts, last))
    else:
        _print(facts, last)
    return 1 if any(each.findings for each in facts) else 0


def _as_json(facts: Sequence[Facts], last: datetime | None) -> str:
    told = {
        "last_build": last.isoformat(timespec="seconds") if last else None,
        "outlets": [each.as_dict() for each in facts],
    }
    return json.dumps(told, ensure_ascii=False)


def _print(facts: Sequence[Facts], last: datetime | None) -> None:
    table(HEAD, rows(facts))
    shares = field_rows(facts)
    if shares:
        say()
        table(FIELDS_HEAD, shares)
    say()
    for each in facts:
        for finding in each.findings:
            say(f"{each.slug}: {finding.message}")
    ill = sum(bool(each.findings) for each in facts)
    verdict = f"something wrong with {ill} of {len(facts)} outlets" if ill else "nothing wrong"
    say(f"{verdict}; last build: {f'{last.astimezone(UTC):%Y-%m-%d %H:%M} UTC' if last else 'none'}")
