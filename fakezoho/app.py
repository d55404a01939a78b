from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from importlib.resources import files

from starlette.applications import Starlette
from starlette.requests import ClientDisconnect
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from fakezoho import control, injection, pages, sent
from fakezoho.accounts.authorize import NotAuthorizable
from fakezoho.accounts.consent import not_authorizable
from fakezoho.accounts.routes import ROUTES as ACCOUNTS
from fakezoho.desk.service import serve
from fakezoho.desk.validation import BODY_LIMIT
from fakezoho.guard import stranger
from fakezoho.injection import Connection
from fakezoho.journal import Entry
from fakezoho.replies import html_reply, read_body, send_reply
from fakezoho.world import DataCentre, World

Lifespan = Callable[[Starlette], AbstractAsyncContextManager[None]]
# Of the accounts server, what programs ask is journaled; the pages for people are not.
OAUTH = ("/oauth/", "/.well-known/")


class StandInApp:
    """One ASGI application: Desk's API takes a short way of its own, the rest goes through Starlette."""

    def __init__(self, world: World, lifespan: Lifespan | None = None) -> None:
        self.world = world
        static = Mount("/static", StaticFiles(directory=str(files("fakezoho").joinpath("static"))))
        accounts = Mount("/{dc}/accounts", routes=ACCOUNTS)
        self.site = Starlette(
            routes=[static, *pages.ROUTES, *control.ROUTES, accounts],
            lifespan=lifespan,
            exception_handlers={NotAuthorizable: not_authorizable},
        )
        self.site.state.world = world

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.site(scope, receive, send)
            return
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        refusal = stranger(scope["method"], headers)
        if refusal:
            await send_reply(send, html_reply(403, refusal))
            return
        world = scope["fakezoho.world"] = self.world.for_request()
        _, code, area, rest = [*scope["raw_path"].decode("latin-1").split("/", 3), "", "", ""][:4]
        centre, path = world.centres.get(code), "/" + rest
        if centre is not None and area == "desk" and path.startswith(sent.DESK_API):
            work: ASGIApp = _desk(world, centre, path, headers)
        elif centre is not None and area == "accounts" and path.startswith(OAUTH):
            work = self.site
        else:
            await self.site(scope, receive, send)
            return
        scope["fakezoho.entry"] = _entry(world, scope, centre, path, headers)
        await _traced(world, (scope, receive, send), work)


def _desk(world: World, centre: DataCentre, path: str, headers: dict[str, str]) -> ASGIApp:
    async def desk(scope: Scope, receive: Receive, send: Send) -> None:
        raw = await read_body(receive, BODY_LIMIT)
        await send_reply(send, await serve(world, centre, path, headers, raw, scope["fakezoho.entry"]))

    return desk


def _entry(world: World, scope: Scope, centre: DataCentre, path: str, headers: dict[str, str]) -> Entry:
    query = sent.query_of(path, scope["query_string"].decode("latin-1"))
    entry = world.journal.begin(world.clock.now(), scope["method"], path, query)
    entry.dc = centre.code
    sent.headers_of(entry, centre, headers)
    return entry


async def _traced(world: World, connection: Connection, inner: ASGIApp) -> None:
    scope, receive, send = connection
    entry: Entry = scope["fakezoho.entry"]
    started = time.perf_counter()
    send = _watched(send, entry)
    place = (entry.dc, sent.at_desk(entry), entry.portal)
    under_way = world.journal.under_way
    under_way[place] += 1
    entry.at_once = under_way[place]
    try:
        fault = world.faults.next_for(entry.method, entry.path)
        if fault is None:
            await inner(scope, receive, send)
        else:
            await injection.carry_out(fault, world, inner, (scope, receive, send))
    except ClientDisconnect:
        entry.note = "the client hung up"
    finally:
        under_way[place] -= 1
        entry.seconds = time.perf_counter() - started


def _watched(send: Send, entry: Entry) -> Send:
    async def watched(message: Message) -> None:
        if message["type"] == "http.response.start":
            entry.status = message["status"]
        await send(message)

    return watched
