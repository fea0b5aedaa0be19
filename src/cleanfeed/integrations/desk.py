"""Clean entries for the programs that cleanfeed is plugged into: where there is none, theirs stays."""

from __future__ import annotations

import atexit
import logging
import threading
from collections import deque
from functools import cache
from typing import TYPE_CHECKING

from cleanfeed.errors import CleanfeedError, PageError
from cleanfeed.lookup.configured import configured
from cleanfeed.lookup.lookup import Lookup, Terms
from cleanfeed.text import safe_text

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable
    from pathlib import Path

    from cleanfeed.config import Config
    from cleanfeed.model import Entry
    from cleanfeed.plugins import Plugins

_TOLD = 100
"""Notes that are not told again."""
log = logging.getLogger("cleanfeed")
"""Where everything that goes wrong is said; unless the program has a log of its own, on standard error."""


class Desk:
    """Answers with the clean entry, or with `None`; it never raises, and says in the log what went wrong.

    The configuration is found when it is first needed, as the commands find it.
    """

    def __init__(
        self,
        config: Callable[[], Config] = lambda: configured(None),
        plugins: tuple[Path, ...] = (),
        loaded: Plugins | None = None,
    ) -> None:
        """`loaded` are the plugins, where the caller has them already."""
        self._config = config
        self._plugins = plugins
        self._loaded = loaded
        self._lookups: dict[bool, Lookup] = {}
        self._making = threading.Lock()
        self._told: deque[str] = deque(maxlen=_TOLD)

    def entry(self, address: str | None, *, changed: bool = False) -> Entry | None:
        """The clean entry of an address; one that has `changed` is asked for, however lately it was had."""
        wanted = [address] if address else []
        return self.entries(wanted, changed=wanted if changed else ()).get(address or "")

    def known(self, address: str | None) -> Entry | None:
        """The clean entry, if it was had before; nobody is asked."""
        return self._entries([address] if address else [], (), offline=True).get(address or "")

    def entries(self, addresses: Iterable[str], *, changed: Collection[str] = ()) -> dict[str, Entry]:
        """The clean entries that there are, by address; those of hosts that no outlet claims are left out."""
        return self._entries(addresses, changed, offline=False)

    def close(self) -> None:
        """Leaves all connections; whoever asks again opens them anew."""
        with self._making:
            for lookup in self._lookups.values():
                lookup.close()
            self._lookups.clear()

    def _entries(
        self, addresses: Iterable[str], changed: Collection[str], *, offline: bool
    ) -> dict[str, Entry]:
        found: dict[str, Entry] = {}
        try:
            lookup = self._lookup(offline=offline)
            wanted = [each for each in dict.fromkeys(addresses) if offline or lookup.claims(each)]
            for address, entry in lookup.entries(wanted, changed=changed):
                if not isinstance(entry, PageError):
                    found[address] = entry
                elif not offline:
                    warn(f"{entry}; its content stays as it came")
            self._tell(lookup)
        except CleanfeedError as error:
            warn(f"{error}; contents stay as they came")
        except Exception:  # whatever fails here, the program around it must keep its entries
            log.exception("cleanfeed failed; contents stay as they came")
        return found

    def _lookup(self, *, offline: bool) -> Lookup:
        with self._making:
            if offline not in self._lookups:
                self._lookups[offline] = Lookup(self._config(), self._terms(offline=offline))
            lookup = self._lookups[offline]
        if not offline:
            self._loaded = lookup.loaded
        return lookup

    def _terms(self, *, offline: bool) -> Terms:
        return Terms(plugins=self._plugins, offline=offline, loaded=self._loaded)

    def _tell(self, lookup: Lookup) -> None:
        """Says what hindered no answer, each such thing once."""
        for note in lookup.taken_notes():
            if note not in self._told:
                self._told.append(note)
                warn(note)


def warn(message: str) -> None:
    log.warning("cleanfeed: %s", safe_text(message))


@cache
def common_desk() -> Desk:
    """The desk of a program that calls functions of ours, one entry at a time."""
    desk = Desk()
    atexit.register(desk.close)
    return desk
