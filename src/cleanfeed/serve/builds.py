"""Builds at intervals, each a process of its own, as the command would do it."""

from __future__ import annotations

import asyncio
import os
import sys
import time
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cleanfeed.blame import describe

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from pathlib import Path

_WAIT = 600
"""Seconds to wait for another build."""
_PATIENCE = 5.0
"""Seconds that a build has to end when the server does."""
GOOD = frozenset({0, 1})
"""The exit statuses of builds that have written a whole set of feeds."""


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What is built, and how often."""

    config: Path
    output: Path
    every: float
    """Seconds."""
    plugins: tuple[Path, ...] = ()
    metrics: Path | None = None

    def command(self) -> list[str]:
        named = [part for path in self.plugins for part in ("--plugin", str(path))]
        figures = ["--metrics", str(self.metrics)] if self.metrics else []
        asked = ["build", str(self.config), "--quiet", "--wait", str(_WAIT)]
        return [sys.executable, "-m", "cleanfeed", *asked, *figures, *named]

    def rest(self) -> float:
        """Seconds until the next build is due: one that was made a moment ago, by whomever, counts."""
        try:
            age = time.time() - (self.output / "report.json").stat().st_mtime
        except OSError:  # nothing has been built
            return 0.0
        return min(self.every, max(0.0, self.every - age))


class Builds:
    """Builds from now on until it is told to stop."""

    def __init__(
        self,
        plan: Plan,
        *,
        begins: Callable[[], Awaitable[None]],
        ended: Callable[[int], Awaitable[None]],
        tell: Callable[[str], None],
    ) -> None:
        self._plan = plan
        self._begins = begins
        self._ended = ended
        self._tell = tell
        self._child: asyncio.subprocess.Process | None = None

    async def run(self) -> None:
        """One build after another; what goes wrong with one is told, and the next one is tried."""
        rest = self._plan.rest()
        while True:
            await asyncio.sleep(rest)
            begun = time.monotonic()
            try:
                await self._begins()
                await self._ended(await self._status())
            except Exception as error:  # noqa: BLE001  # a fault in one round must not end building for good
                self._tell(f"build: failed: {describe(error)}")
            rest = max(0.0, self._plan.every - (time.monotonic() - begun))

    async def _status(self) -> int:
        try:
            status = await self._build()
        except OSError as error:  # no process, or no memory for one
            self._tell(f"build: cannot be started: {error.strerror or error}")
            status = 2
        if status not in GOOD:
            self._tell(f"build: ended with status {status}; the feeds stay as they are")
        return status

    async def stop(self) -> None:
        """Ends a build that is under way; the next one goes on where it was."""
        child = self._child
        if child is None or child.returncode is not None:
            return
        with suppress(ProcessLookupError):
            child.terminate()
        try:
            await asyncio.wait_for(child.wait(), _PATIENCE)
        except TimeoutError:
            with suppress(ProcessLookupError):
                child.kill()
            await child.wait()

    async def _build(self) -> int:
        # In its own session: Ctrl-C is for the server, which ends the build.
        self._child = await asyncio.create_subprocess_exec(
            *self._plan.command(),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.DEVNULL,
            start_new_session=True,
            env={**os.environ, "PYTHONUNBUFFERED": "1"},
        )
        return await self._child.wait()
