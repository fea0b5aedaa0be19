"""What is answered under which address."""

from __future__ import annotations

import asyncio
import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Route

from cleanfeed.addresses import as_meant
from cleanfeed.errors import CleanfeedError, FetchError, ListingError, PageError
from cleanfeed.lookup.published import slugs_of
from cleanfeed.serve.answers import as_extracted, as_parsed, as_read
from cleanfeed.serve.asked import asked
from cleanfeed.serve.files import TYPES
from cleanfeed.serve.flights import Busy, Late
from cleanfeed.serve.fulltext import MOST, Wish
from cleanfeed.serve.gate import decoded
from cleanfeed.serve.replies import of_failure, of_fault, of_file, of_json, of_refusal

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from starlette.requests import Request

    from cleanfeed.model import Entry
    from cleanfeed.serve.desk import Desk
    from cleanfeed.serve.figures import Figures
    from cleanfeed.serve.files import Files
    from cleanfeed.serve.gate import Gate
    from cleanfeed.serve.state import State

    Answer = Callable[[Request], Awaitable[Response]]

_MOST_BODY = 64 * 1024
_BODY_SECONDS = 10.0
_WHOLE = re.compile(r"[0-9]{1,6}")
_TOO_LARGE = HTTPException(413, f"a request is larger than {_MOST_BODY >> 10} kB")
_METRICS = "text/plain; version=0.0.4; charset=utf-8"
_STATUS = {"refused": 403, "blocked": 502, "gone": 404, "paused": 503, "failed": 502}
_NOT_YET = "is not had yet; ask again"
_AGAIN = {"Retry-After": "30"}


@dataclass(frozen=True, kw_only=True)
class House:
    """What the answers are made from."""

    files: Files
    desk: Desk
    gate: Gate
    figures: Figures
    state: State
    names: Mapping[str, str]
    """Names of the outlets, by slug."""
    is_open: bool
    """Whether anybody may ask: what is private is not for caches that several share."""


def application(house: House) -> Starlette:
    answers = _Answers(house)
    routes = [
        Route("/", answers.root, methods=["GET", "POST"], name="index"),
        Route("/parser", answers.parser, name="parser"),
        Route("/parser/{user}/{signature}", answers.signed, name="signed"),
        Route("/extract.php", answers.extract, name="extract"),
        Route("/makefulltextfeed.php", answers.feed, name="feed"),
        Route("/feed", answers.feed, name="feed"),
        Route("/health", answers.health, name="health"),
        Route("/metrics", answers.metrics, name="metrics"),
        Route("/{name}", answers.file, name="file"),
    ]
    app = Starlette(routes=routes, exception_handlers={HTTPException: _as_failure, Exception: _as_fault})
    app.router.redirect_slashes = False
    return app


async def _as_failure(_request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101  # it is registered for these alone
    messages = {404: "there is nothing under this address", 405: "this address takes other methods"}
    return of_failure(error.status_code, messages.get(error.status_code, error.detail), error.headers)


async def _as_fault(_request: Request, _error: Exception) -> Response:
    return of_fault()  # and the error goes on to the door, which tells it


class _Answers:
    def __init__(self, house: House) -> None:
        self._house = house
        self._cache = "public" if house.is_open else "private"

    # --- files

    async def root(self, request: Request) -> Response:
        if request.method == "POST":
            return await self._posted(request)
        return await self._file("index.html", request)

    async def file(self, request: Request) -> Response:
        return await self._file(request.path_params["name"], request)

    async def _file(self, name: str, request: Request) -> Response:
        files = self._house.files
        if files.is_due():
            await asyncio.to_thread(files.look)
        if name in files.names:
            # To read a large file, or to pack it, takes a moment.
            file = await asyncio.to_thread(files.get, name)
            if file is not None:
                return await asyncio.to_thread(of_file, file, request.headers, cache=self._cache)
        if not files.names and Path(name).suffix in TYPES:
            return of_failure(503, "nothing has been built yet", _AGAIN)
        return of_failure(404, "there is nothing under this address")

    async def health(self, request: Request) -> Response:
        accepted = request.headers.get("accept", "")
        if "text/html" in accepted and "application/json" not in accepted:
            found = await self._file("health.html", request)
            if found.status_code in {200, 304}:
                return found
        told = await asyncio.to_thread(self._house.state.told)
        return of_json({**told, "feeds": sorted(slugs_of(self._house.files.names))})

    async def metrics(self, _request: Request) -> Response:
        headers = {"Cache-Control": "no-store"}
        return Response(self._house.figures.text(), headers=headers, media_type=_METRICS)

    # --- articles

    async def parser(self, request: Request) -> Response:
        return await self._answered(asked(request.scope["query_string"]).address, as_parsed)

    async def extract(self, request: Request) -> Response:
        address = asked(request.scope["query_string"]).address
        return await self._answered(address, lambda entry: as_extracted(entry, address))

    async def signed(self, request: Request) -> Response:
        parameters = asked(request.scope["query_string"]).parameters
        address = decoded(parameters.get("base64_url", ""))
        if not address:
            return of_failure(400, "base64_url is missing, or holds no address in base64")
        path = request.path_params
        refusal = self._house.gate.unsigned(path["user"], path["signature"], address)
        return of_refusal(refusal) if refusal else await self._answered(address, as_parsed)

    async def _posted(self, request: Request) -> Response:
        address = _address(await _body(request), request.headers.get("content-type", ""))
        return await self._answered(address, self._as_read)

    def _as_read(self, entry: Entry) -> dict[str, Any]:
        return as_read(entry, self._house.names.get(entry.outlet, entry.outlet))

    async def _answered(self, address: str, shape: Callable[[Entry], dict[str, Any]]) -> Response:
        if not address:
            return of_failure(400, "url is missing: the address of an article")
        try:
            found = await self._house.desk.entry(address)
        except Busy:
            return of_failure(503, "too many articles are being had just now; ask again", _AGAIN)
        except Late:
            return of_failure(504, PageError(address, _NOT_YET), _AGAIN)
        if isinstance(found, CleanfeedError):
            return _failed(found)
        return of_json(await asyncio.to_thread(shape, found))

    # --- feeds

    async def feed(self, request: Request) -> Response:
        query = asked(request.scope["query_string"])
        if not query.address:
            return of_failure(400, "url is missing: the address of a feed")
        wish = _wish(query.address, query.parameters)
        try:
            found = await self._house.desk.feed(wish)
        except Busy:
            return of_failure(503, "too many feeds are being made just now; ask again", _AGAIN)
        except Late:
            return of_failure(504, PageError(query.address, _NOT_YET), _AGAIN)
        if isinstance(found, CleanfeedError):
            return _failed(found)
        return await asyncio.to_thread(of_file, found, request.headers, cache=self._cache)


def _failed(error: CleanfeedError) -> Response:
    if isinstance(error, FetchError):
        return of_failure(_STATUS[error.kind], error, _AGAIN if error.kind == "paused" else None)
    if isinstance(error, PageError):
        return of_failure(422, error)
    return of_failure(415 if isinstance(error, ListingError) else 500, error)


def _wish(address: str, said: Mapping[str, str]) -> Wish:
    most, form, links = said.get("max", ""), said.get("format", "").lower(), said.get("links", "").lower()
    if most and not (_WHOLE.fullmatch(most) and int(most) <= MOST):
        raise HTTPException(400, f"max must be a whole number from 0 to {MOST}")
    if form not in {"", "rss", "json"}:
        raise HTTPException(400, "format must be rss or json")
    if links not in {"", "preserve", "remove"}:
        raise HTTPException(400, "links must be preserve or remove")
    given: dict[str, Any] = {"most": int(most)} if most else {}
    return Wish(address=address, form=form or None, links=links or "preserve", **given)  # type: ignore[arg-type]  # checked above


async def _body(request: Request) -> bytes:
    body = b""
    said = request.headers.get("content-length", "")
    if said.isdecimal() and int(said[:20]) > _MOST_BODY:
        raise _TOO_LARGE
    try:
        async with asyncio.timeout(_BODY_SECONDS):
            async for piece in request.stream():
                body += piece
                if len(body) > _MOST_BODY:
                    raise _TOO_LARGE
    except TimeoutError:
        raise HTTPException(408, "the request has not come whole in time") from None
    return body


def _address(body: bytes, media_type: str) -> str:
    """The address in a JSON object, or in a form; many a client sends JSON by the name of a form."""
    is_form = media_type.lower().startswith("application/x-www-form-urlencoded")
    if is_form and not body.lstrip().startswith(b"{"):
        return asked(body).address
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        raise HTTPException(400, 'the request is no JSON; write {"url": "https://…"}') from None
    address = told.get("url") if isinstance(told, dict) else None
    if not isinstance(address, str):
        raise HTTPException(400, 'the request names no address; write {"url": "https://…"}')
    return as_meant(address)
