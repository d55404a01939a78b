"""Carrying out an ordered fault: before the work, instead of it, or on its answer."""

from __future__ import annotations

import asyncio

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from fakezoho import sent
from fakezoho.accounts.tokens import TOO_MANY
from fakezoho.desk.problems import Refused
from fakezoho.desk.validation import BODY_LIMIT
from fakezoho.faults import AFTER, Fault
from fakezoho.journal import Entry
from fakezoho.replies import Reply, hang_up, html_reply, json_reply, read_body, send_reply
from fakezoho.world import World

Connection = tuple[Scope, Receive, Send]


async def carry_out(fault: Fault, world: World, inner: ASGIApp, connection: Connection) -> None:
    scope, receive, send = connection
    entry: Entry = scope["fakezoho.entry"]
    entry.fault = fault.fault
    turned = fault.knobs or (_slowness(fault, world) if sent.at_desk(entry) else {})
    if turned:
        world.turn(turned)
        await inner(scope, receive, send)
    elif fault.fault == "slow":
        await asyncio.sleep(fault.seconds)
        await inner(scope, receive, send)
    elif fault.fault in AFTER:
        await _after(fault, inner, connection)
    else:
        sent.unworked(entry, await read_body(receive, BODY_LIMIT))
        if fault.fault == "drop_before":
            await hang_up(scope, receive)
        else:
            await send_reply(send, _own(fault) if fault.answer else _instead(fault.fault, world))


def _own(fault: Fault) -> Reply:
    body = fault.answer["body"]
    headers = {name.title(): value for name, value in fault.answer["headers"].items()}
    if isinstance(body, str):
        return Reply(fault.answer["status"], body.encode(), {"Content-Type": "text/html;charset=UTF-8"} | headers)
    if body is None:
        return Reply(fault.answer["status"], headers=headers)
    return json_reply(fault.answer["status"], body, headers)


def _slowness(fault: Fault, world: World) -> dict[str, float]:
    """Keep a slow Desk request among those at once, as a slow portal does."""
    name = {"slow": "latency", "slow_answer": "answer_latency"}.get(fault.fault)
    return {name: getattr(world.knobs, name) + fault.seconds} if name else {}


def _instead(kind: str, world: World) -> Reply:
    fixed = {
        "html_401": lambda: html_reply(401, "Zoho Desk - Error"),
        "502_html": lambda: html_reply(502, "502 Bad Gateway"),
        "503": lambda: Reply(503),
        "redirect": lambda: Reply(302, headers={"Location": f"{world.base_url}/elsewhere"}),
        "throttled": lambda: json_reply(world.knobs.throttle_status, TOO_MANY),
        "invalid_code": lambda: json_reply(world.knobs.token_error_status, {"error": "invalid_code"}),
    }
    if kind in fixed:
        return fixed[kind]()
    code = {
        "invalid_oauth": "INVALID_OAUTH",
        "429_concurrency": "TOO_MANY_REQUESTS",
        "429_credits": "THRESHOLD_EXCEEDED",
        "500": "INTERNAL_SERVER_ERROR",
        "forbidden": "FORBIDDEN",
    }[kind]
    refusal = Refused(code)
    headers = {"Retry-After": "3600"} if kind == "429_credits" else {}
    return json_reply(refusal.status, refusal.body, headers)


async def _after(fault: Fault, inner: ASGIApp, connection: Connection) -> None:
    scope, receive, send = connection
    reply = Reply(200)

    async def kept(message: Message) -> None:
        if message["type"] == "http.response.start":
            reply.status = message["status"]
            names = {n.decode("latin-1"): v.decode("latin-1") for n, v in message["headers"]}
            reply.headers = {name: value for name, value in names.items() if name != "content-length"}
        elif message["type"] == "http.response.body":
            reply.content += message.get("body", b"")

    await inner(scope, receive, kept)
    scope["fakezoho.entry"].status = reply.status
    if fault.fault == "lost_answer":
        await hang_up(scope, receive)
    elif fault.fault == "truncated_json":
        await send_reply(send, reply, cut_short=True)
        await hang_up(scope, receive)
    elif fault.fault == "slow_answer":
        await asyncio.sleep(fault.seconds)
        await send_reply(send, reply)
    else:
        await send_reply(send, _changed(fault.fault, reply))


def _changed(kind: str, reply: Reply) -> Reply:
    if kind == "500_after":
        return json_reply(500, Refused("INTERNAL_SERVER_ERROR").body)
    if kind == "502_after":
        return html_reply(502, "502 Bad Gateway")
    if kind == "empty_200":
        return Reply(200)
    others = {name: value for name, value in reply.headers.items() if name != "content-type"}
    return json_reply(200, Refused("INTERNAL_SERVER_ERROR").body, others)
