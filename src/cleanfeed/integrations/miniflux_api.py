"""The one call of Miniflux's API that is needed: the content of an entry is set."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import httpx2

from cleanfeed.errors import ConfigError
from cleanfeed.integrations.miniflux import Undelivered

if TYPE_CHECKING:
    from collections.abc import Callable

    from cleanfeed.integrations.miniflux import Access

_WAITS = (1.0, 4.0, 15.0, 60.0)
"""Seconds before each repeat."""
_SECONDS = 20.0
_FAULT = 500
_REFUSAL = 300


class Api:
    """Miniflux's API; its address is the user's own, so it may be anywhere."""

    def __init__(self, access: Access, pause: Callable[[float], bool] | None = None) -> None:
        """`pause` waits so many seconds, and says whether to give up."""
        self._stopped = threading.Event()
        self._pause = pause or self._stopped.wait
        try:
            self._base = str(httpx2.URL(access.url))
        except httpx2.InvalidURL as error:
            raise ConfigError(f"the address of Miniflux, {access.url}, cannot be asked: {error}") from error
        self._client = httpx2.Client(
            headers={"X-Auth-Token": access.api_key},
            timeout=_SECONDS,
            follow_redirects=False,
            trust_env=False,
        )

    def put(self, number: int, content: str) -> None:
        """Sets the content of an entry; tried again where Miniflux fails or is away, not where it refuses."""
        for wait in (*_WAITS, None):
            try:
                answer = self._client.put(f"{self._base}v1/entries/{number}", json={"content": content})
                told = f"Miniflux answered {answer.status_code}{_reason(answer)}"
                if answer.status_code < _REFUSAL:
                    return
                if answer.status_code < _FAULT:
                    break
            except httpx2.HTTPError as error:
                told = f"Miniflux cannot be reached ({type(error).__name__}: {error})"
            if wait is None or self._pause(wait):
                break
        raise Undelivered(told)

    def stop(self) -> None:
        """Nothing is tried again from now on."""
        self._stopped.set()

    def close(self) -> None:
        self._client.close()


def _reason(answer: httpx2.Response) -> str:
    """What Miniflux says of it: {"error_message": "…"}."""
    try:
        said = answer.json()["error_message"]
    except (ValueError, LookupError, TypeError):
        return ""
    return f": {said}"
