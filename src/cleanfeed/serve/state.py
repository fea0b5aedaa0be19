"""How the outlets fare, for programs that watch a server."""

from __future__ import annotations

from datetime import UTC, datetime
from time import monotonic
from typing import TYPE_CHECKING, Any

from cleanfeed.errors import LedgerError
from cleanfeed.health.report import health_of
from cleanfeed.ledger import Ledger

if TYPE_CHECKING:
    from cleanfeed.config import Config
    from cleanfeed.plugins import Plugins

_FRESH = 15.0


class State:
    """What `cleanfeed health` knows, looked up at most every few seconds."""

    def __init__(self, config: Config, loaded: Plugins) -> None:
        self._config = config
        self._names = {outlet.slug: outlet.name for outlet in loaded.outlets}
        listed = [outlet.slug for outlet in loaded.outlets if outlet.listings]
        self._chosen = config.outlets or tuple(listed)
        self._told: dict[str, Any] = {}
        self._until = 0.0

    def told(self) -> dict[str, Any]:
        if monotonic() >= self._until:
            self._told, self._until = self._read(), monotonic() + _FRESH
        return self._told

    def _read(self) -> dict[str, Any]:
        now = datetime.now(UTC)
        try:
            with Ledger.look(self._config.ledger, now=now) as ledger:
                facts = health_of(ledger, self._names, self._chosen, now)
                builds = ledger.builds(1)
        except LedgerError as error:
            # Feeds of saved pages have no ledger; one that cannot be read is another matter.
            told = {"status": "no data"} if error.is_missing else {"status": "ill", "problem": str(error)}
            return {**told, "last_build": None, "outlets": []}
        return {
            "status": "ill" if any(each.findings for each in facts) else "fine",
            "last_build": builds[-1].started.isoformat(timespec="seconds") if builds else None,
            "outlets": [each.as_dict() for each in facts],
        }
