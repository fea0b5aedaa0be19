"""`cleanfeed filter`: any feed in, the same feed with whole clean articles out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cleanfeed.cli.console import complain, say_data
from cleanfeed.cli.loaded import check_loaded
from cleanfeed.cli.stdin import taken
from cleanfeed.lookup.configured import configured
from cleanfeed.lookup.lookup import Lookup, Terms
from cleanfeed.refill.refill import MOST, refill
from cleanfeed.refill.text import SIZE_LIMIT

if TYPE_CHECKING:
    from pathlib import Path

    from cleanfeed.cli.shared import Shared


def run(
    shared: Shared, *, outlets: tuple[str, ...], most: int | None, offline: bool, config: Path | None
) -> int:
    settings = configured(config)
    data = taken("a feed", SIZE_LIMIT)
    terms = Terms(
        plugins=shared.plugins, offline=offline, outlets=outlets, is_patient=True, verbose=shared.verbose
    )
    with Lookup(settings, terms) as lookup:
        if outlets:
            check_loaded(lookup.loaded, outlets)
        done = refill(data, lookup.entries, name="standard input", most=MOST if most is None else most)
        notes = list(dict.fromkeys(lookup.notes))
    for each in (*filter(None, [done.doubt]), *notes, *done.failed, *done.unclaimed):
        complain(each)
    if most is None and done.rest:
        complain(
            f"standard input: {done.rest} entries after the first {MOST} pass as they are; --max takes more"
        )
    say_data(done.data)
    return 1 if done.failed else 0
