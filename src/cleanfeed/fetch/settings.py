"""How the web is asked, as the configuration has it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """All times are seconds."""

    user_agent: str
    delay: float = 1.0
    """Between the beginnings of two requests to one host."""
    allow_hosts: tuple[str, ...] = ()
    mirrors: Mapping[str, str] = field(default_factory=dict)
    """Bases by origin, as "https://www.example.org": "http://127.0.0.1:8080"."""
    proxy: str | None = None
    connect_seconds: float = 5.0
    read_seconds: float = 10.0
    total_seconds: float = 30.0
    """For one request; with its redirects and repeats, an address may take twice as long."""
    retries: int = 2
    haste: float = 1.0
    """What the usual wait before a repeat is multiplied by."""
    is_welcome: Callable[[str], bool] = lambda _url: True
    """Whether an address may be asked for, and be led to by a redirect, as far as the caller is concerned."""
    forgives_gone: bool = False
    """Whether 404 and 410 are no failures of a host: strangers may ask for whatever they please."""
