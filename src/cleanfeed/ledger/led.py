"""Stories between builds: what tells copies, and under which ids stories have been published."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cleanfeed.ledger.part import Part
from cleanfeed.ledger.signatures import signed
from cleanfeed.ledger.times import moment_of, stamp
from cleanfeed.stories.leads import Lead
from cleanfeed.stories.signature import SCHEME, unpack

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cleanfeed.shelf import Card
    from cleanfeed.stories.signature import Signature


class Led(Part):
    """What is known of stories."""

    def signature(self, card: Card) -> Signature:
        number = card.place[0]
        query = "SELECT data FROM signatures WHERE number = ? AND scheme = ?"
        found = self._store.one(query, [number, SCHEME])
        try:
            return unpack(found[0]) if found else signed(self._store, number)
        except ValueError as error:
            raise self._store.spoilt(f"the signature of {card.id} is not what it was") from error

    def leads(self) -> dict[str, Lead]:
        """Under which id the story of each entry was published last, by the entry's own."""
        rows = self._store.all("SELECT id, lead, led_since FROM entries WHERE lead IS NOT NULL")
        return {id_: Lead(moment_of(since), lead) for id_, lead, since in rows}

    def remember_leads(self, leads: Mapping[str, Lead]) -> None:
        self._store.many(
            "UPDATE entries SET lead = ?1, led_since = ?2"
            " WHERE id = ?3 AND (lead IS NOT ?1 OR led_since IS NOT ?2)",
            ((lead.id, stamp(lead.since), id_) for id_, lead in leads.items()),
        )
