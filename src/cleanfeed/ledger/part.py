"""What the parts of the ledger have in common."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from cleanfeed.ledger.store import Store


class Part:
    """Some of what a ledger can do."""

    _store: Store
    _now: datetime
    """When it was opened."""
