"""WebSub: a hub is told which feeds have changed, once for each change."""

from __future__ import annotations

from collections import Counter
from contextlib import suppress
from hashlib import sha256
from http import HTTPStatus
from typing import TYPE_CHECKING

import msgspec

from cleanfeed.errors import FetchError, HubError, PublishError
from cleanfeed.feeds import FORMS
from cleanfeed.publish import publish

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import datetime
    from pathlib import Path

    from cleanfeed.config import Config
    from cleanfeed.fetch.client import Fetcher
    from cleanfeed.ledger import Ledger
    from cleanfeed.model import Outline
    from cleanfeed.report import Report

    Now = Callable[[], datetime]

_NOTE = "hub"
_MOST = 60
"""Feeds that a hub is told of in one build, a delay apart; the others have their turn later."""


class Told(msgspec.Struct):
    """What is remembered of a hub between builds."""

    hub: str = ""
    feeds: dict[str, str] = {}
    """The digest of each feed's file as of the last build that wrote feeds, by address."""
    due: list[str] = []
    """Addresses of feeds that have changed since the hub was told of them, in the order of their turns."""


def unpacked(text: str | None) -> Told:
    with suppress(msgspec.MsgspecError):  # of another version, or there is none
        return msgspec.json.decode(text or "", type=Told)
    return Told()


def packed(told: Told) -> str:
    return msgspec.json.encode(told).decode()


def noted(told: Told, config: Config, outlines: Sequence[Outline]) -> Told:
    """The same after feeds were written; a hub that is new is to be told of all."""
    hub = config.publish.hub or ""
    known = told if told.hub == hub else Told()
    feeds = dict(_digests(config.base_url, config.output, outlines))
    changed = {address for address, digest in feeds.items() if known.feeds.get(address) != digest}
    waiting = [address for address in known.due if address in feeds]
    return Told(hub, feeds, [*waiting, *sorted(changed.difference(waiting))])


def _digests(base_url: str, folder: Path, outlines: Sequence[Outline]) -> Iterator[tuple[str, str]]:
    for name in (f"{one.slug}.{suffix}" for one in outlines for suffix in FORMS):
        with suppress(OSError):  # it could not be written, which has been said
            yield f"{base_url}{name}", sha256((folder / name).read_bytes()).hexdigest()[:32]


def tell(told: Told, config: Config, ledger: Ledger | None, report: Report, now: Now) -> Told:
    """Tells the hub what is due, as politely as outlets are asked and not too much; gives what still is."""
    from cleanfeed.fetch.client import Fetcher  # noqa: PLC0415  # most builds have nothing to tell
    from cleanfeed.sources.web import settings_of  # noqa: PLC0415  # see above

    if not told.due:
        return told
    fetcher = Fetcher(settings_of(config), ledger.hosts() if ledger else (), now=now)
    try:
        left, problems = _post(told.hub, told.due[:_MOST], fetcher)
    finally:
        fetcher.close()
    if ledger:
        ledger.remember_hosts(fetcher.states())
    report.problems += problems
    report.requests = dict(fetcher.requests + Counter(report.requests))
    later = told.due[_MOST:]
    count = len(told.due) - len(later) - len(left)
    rest = f"; the next build tells it of {len(later)} more" if later else ""
    report.notes.append(f"{told.hub}: was told of {count} changed feeds{rest}")
    # What is refused time and again keeps nothing else back.
    return Told(told.hub, told.feeds, [*later, *left])


def _post(hub: str, due: Sequence[str], fetcher: Fetcher) -> tuple[list[str], list[HubError]]:
    """What the hub could not be told of, and why."""
    left: list[str] = []
    reasons: dict[str, int] = {}
    for place, address in enumerate(due):
        try:
            fetcher.post(hub, {"hub.mode": "publish", "hub.topic": address, "hub.url": address})
        except FetchError as error:
            failed = [address] if _is_about_one(error) else due[place:]
            left += failed
            reasons[error.reason] = reasons.get(error.reason, 0) + len(failed)
            if not _is_about_one(error):
                break
    return left, [HubError(hub, feeds, reason) for reason, feeds in reasons.items()]


def _is_about_one(error: FetchError) -> bool:
    """Whether the hub has answered, and might take the next."""
    status = error.status or 0
    is_refusal = HTTPStatus.BAD_REQUEST <= status < HTTPStatus.INTERNAL_SERVER_ERROR
    return is_refusal and error.kind != "paused"


def note_changes(ledger: Ledger, config: Config, outlines: Sequence[Outline]) -> None:
    """Remembers which feeds have changed, whether or not the hub is told of it now."""
    if config.publish.hub is not None:
        ledger.remember(_NOTE, packed(noted(unpacked(ledger.note(_NOTE)), config, outlines)))


def tell_from(ledger: Ledger, config: Config, report: Report, now: Now) -> None:
    """Tells the hub what the ledger remembers to be due."""
    if config.publish.hub is None:
        return
    # What was written is remembered first: telling may take its time.
    ledger.commit()
    told = tell(unpacked(ledger.note(_NOTE)), config, ledger, report, now)
    ledger.remember(_NOTE, packed(told))


_FILE = ".cleanfeed-hub.json"
"""What is remembered beside the feeds where there is no ledger."""


def tell_without_ledger(config: Config, report: Report, now: Now) -> None:
    """The same after a build from saved pages."""
    if config.publish.hub is None:
        return
    path = config.output / _FILE
    told = noted(unpacked(_read(path)), config, report.outlines)
    told = tell(told, config, None, report, now)
    try:
        publish(path, packed(told).encode())
    except PublishError as error:
        report.problems.append(error)


def _read(path: Path) -> str | None:
    try:
        return path.read_text("utf-8")
    except (OSError, UnicodeDecodeError):  # there is none, or it is not ours
        return None
