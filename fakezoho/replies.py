from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from starlette.requests import ClientDisconnect
from starlette.types import Receive, Scope, Send


@dataclass(slots=True)
class Reply:
    status: int
    content: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)


def json_reply(status: int, body: Any, headers: dict[str, str] | None = None) -> Reply:
    content = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
    return Reply(status, content, {"Content-Type": "application/json;charset=UTF-8", **(headers or {})})


def html_reply(status: int, title: str) -> Reply:
    page = f"<!DOCTYPE html><html><head><title>{title}</title></head><body><h1>{title}</h1></body></html>"
    return Reply(status, page.encode(), {"Content-Type": "text/html;charset=UTF-8"})


async def send_reply(send: Send, reply: Reply, cut_short: bool = False) -> None:
    """Send a reply whole or, cut short, stop half-way of the promised length (the server then closes)."""
    headers = [(name.lower().encode(), value.encode()) for name, value in reply.headers.items()]
    if reply.status != 204:
        headers.append((b"content-length", str(len(reply.content)).encode()))
    await send({"type": "http.response.start", "status": reply.status, "headers": headers})
    body = reply.content[: len(reply.content) // 2] if cut_short else reply.content
    await send({"type": "http.response.body", "body": body, "more_body": cut_short})


async def hang_up(scope: Scope, receive: Receive) -> None:
    """Close the connection without a word; our protocol class put the transport into the scope."""
    scope["fakezoho.transport"].close()
    while (await receive())["type"] != "http.disconnect":
        pass


async def read_body(receive: Receive, most: int) -> bytes:
    """Read the body to just over ``most`` bytes; raises ClientDisconnect when it stops half-way."""
    chunks, size = [], 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientDisconnect
        chunk = message.get("body", b"")
        chunks.append(chunk)
        size += len(chunk)
        if size > most or not message.get("more_body"):
            return b"".join(chunks)
