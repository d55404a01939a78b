"""``/_standin/…``: what tests and people may do to the stand-in that nobody can do to Zoho."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from fakezoho import faults, knobs, sent, surgery
from fakezoho.accounts.console import register
from fakezoho.arrivals import all_begun
from fakezoho.world import world_of

Endpoint = Callable[[Request], Awaitable[Response]]


def _spoken(endpoint: Endpoint) -> Endpoint:
    """Answer wrong input with 422 and a sentence; requests that came earlier go first."""

    async def wrapped(request: Request) -> Response:
        await all_begun()
        try:
            return await endpoint(request)
        except (ValueError, TypeError, AttributeError) as problem:
            return JSONResponse({"error": str(problem)}, 422)
        except KeyError as problem:
            return JSONResponse({"error": f"There is no {problem}, or it is missing."}, 422)

    return wrapped


async def _data(request: Request) -> dict[str, Any]:
    """Return a JSON object. The content type is required: other sites cannot send it without asking first."""
    if request.headers.get("content-type", "").partition(";")[0] != "application/json":
        raise ValueError("Send JSON with Content-Type: application/json.")
    data = sent.json_of(await request.body())
    if not isinstance(data, dict):
        raise TypeError("Send a JSON object.")
    return data


@_spoken
async def change_knobs(request: Request) -> Response:
    world = world_of(request)
    if request.method == "PUT":
        knobs.change(world.knobs, await _data(request))
        world.changed()
    return JSONResponse({knob["name"]: knob["value"] for knob in knobs.described(world.knobs)})


@_spoken
async def order_faults(request: Request) -> Response:
    world = world_of(request)
    if request.method == "POST":
        world.faults.order(await _data(request))
    elif request.method == "DELETE":
        world.faults.clear()
    return JSONResponse({"ordered": world.faults.listed(), "known": faults.KNOWN})


@_spoken
async def journal(request: Request) -> Response:
    world = world_of(request)
    if request.method == "DELETE":
        world.journal.clear()
    since = int(request.query_params.get("since", 0))
    return JSONResponse({"count": world.journal.count, "entries": world.journal.since(since)})


@_spoken
async def records(request: Request) -> Response:
    values = request.path_params
    portal = world_of(request).portal(values["dc"], values["portal"])
    if portal is None or values["module"] not in portal.modules:
        return JSONResponse({"error": "There is no such portal or module."}, 404)
    return JSONResponse(list(portal.modules[values["module"]].records.values()))


@_spoken
async def clients(request: Request) -> Response:
    data = await _data(request)
    client = register(
        world_of(request), data.get("dc", "eu"), data.get("name", "Test client"), data.get("homepage", ""),
        data["redirect_uris"], data.get("client_id", ""), data.get("client_secret", ""),
    )  # fmt: skip
    return JSONResponse({"client_id": client.id, "client_secret": client.secret})


@_spoken
async def reset(request: Request) -> Response:
    surgery.reset(request.app.state.world)
    return JSONResponse({"status": "success"})


@_spoken
async def clock(request: Request) -> Response:
    world = world_of(request)
    surgery.advance(world, float((await _data(request))["advance"]))
    return JSONResponse({"now": world.clock.now(), "ahead": world.clock.ahead})


@_spoken
async def merge(request: Request) -> Response:
    data = await _data(request)
    surgery.merge(world_of(request), data["dc"], data["portal"], data["from"], data["into"])
    return JSONResponse({"status": "success"})


@_spoken
async def tokens(request: Request) -> Response:
    data = await _data(request)
    ended = surgery.end_tokens(world_of(request), data["end"])
    return JSONResponse({"ended": ended})


@_spoken
async def agents(request: Request) -> Response:
    data = await _data(request)
    surgery.set_agent(world_of(request), data["dc"], data["portal"], data["email"], data["changes"])
    return JSONResponse({"status": "success"})


ROUTES = [
    Route("/_standin/knobs", change_knobs, methods=["GET", "PUT"]),
    Route("/_standin/faults", order_faults, methods=["GET", "POST", "DELETE"]),
    Route("/_standin/journal", journal, methods=["GET", "DELETE"]),
    Route("/_standin/records/{dc}/{portal}/{module}", records),
    Route("/_standin/clients", clients, methods=["POST"]),
    Route("/_standin/reset", reset, methods=["POST"]),
    Route("/_standin/clock", clock, methods=["POST"]),
    Route("/_standin/merge", merge, methods=["POST"]),
    Route("/_standin/tokens", tokens, methods=["POST"]),
    Route("/_standin/agents", agents, methods=["POST"]),
]
