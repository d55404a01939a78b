"""The API console: a person registers a Server-based application and receives its client ID and secret."""

from __future__ import annotations

import secrets
import string
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from fakezoho.accounts import tokens
from fakezoho.accounts.endpoints import context
from fakezoho.identities import Client
from fakezoho.templating import shown
from fakezoho.world import DataCentre, World

LETTERS = string.ascii_uppercase + string.digits


def register(
    world: World, dc: str, name: str, homepage: str, redirect_uris: list[str], client_id: str = "", secret: str = ""
) -> Client:
    """Make a client; raises ValueError with a sentence for the person who fills the form."""
    uris = [uri.strip() for uri in redirect_uris if uri.strip()]
    if not name.strip():
        raise ValueError("Give the client a name.")
    if not uris:
        raise ValueError("Give at least one Authorized Redirect URI.")
    for uri in [*uris, *([homepage] if homepage else [])]:
        parts = urlsplit(uri)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise ValueError(f"{uri} is not a web address. Write it whole, with http:// or https://.")
        if parts.fragment:
            raise ValueError(f"{uri} must not have a part behind #.")
    client_id = client_id or "1000." + "".join(secrets.choice(LETTERS) for _ in range(30))
    client = Client(client_id, secret or secrets.token_hex(21), name.strip(), homepage, uris, dc)
    world.clients[client.id] = client
    world.changed()
    return client


def _page(request: Request, error: str = "", form: dict[str, str] | None = None, new: str = "") -> Response:
    world, dc = context(request)
    clients = [(client, tokens.secret_for(world, client, dc.code)) for client in reversed(world.clients.values())]
    values = {
        "dc": dc,
        "clients": clients,
        "error": error,
        "form": {"name": "", "homepage": "", "redirect_uris": "", **(form or {})},
        "new": new,
    }
    return shown(request, "console.html", values, status=422 if error else 200)


async def console(request: Request) -> Response:
    world, dc = context(request)
    if request.method != "POST":
        return _page(request, new=request.query_params.get("new", ""))
    form = {name: str(value) for name, value in (await request.form()).items()}
    if form.get("delete"):
        return _deleted(world, dc, form["delete"])
    try:
        client = register(
            world, dc.code, form.get("name", ""), form.get("homepage", ""), form.get("redirect_uris", "").splitlines()
        )
    except ValueError as problem:
        return _page(request, str(problem), form)
    return RedirectResponse(f"/{dc.code}/accounts/developerconsole?new={client.id}", 303)


def _deleted(world: World, dc: DataCentre, client_id: str) -> Response:
    world.clients.pop(client_id, None)
    for centre in world.centres.values():
        centre.grants = {key: g for key, g in centre.grants.items() if g.client_id != client_id}
        centre.tokens = {key: t for key, t in centre.tokens.items() if t.client_id != client_id}
    world.changed()
    return RedirectResponse(f"/{dc.code}/accounts/developerconsole", 303)
