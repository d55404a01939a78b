"""The accounts server's answers for programs: tokens, revoking, who somebody is, where the others are."""

from __future__ import annotations

import base64
import binascii
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from fakezoho import sent
from fakezoho.accounts import oidc, revoking, tokens
from fakezoho.accounts.scopes import PROFILE
from fakezoho.hashing import hashed
from fakezoho.identities import AccessToken
from fakezoho.journal import Entry
from fakezoho.knobs import listed
from fakezoho.world import DataCentre, World, world_of


def context(request: Request) -> tuple[World, DataCentre]:
    world = world_of(request)
    centre = world.centres.get(request.path_params["dc"])
    if centre is None:
        raise HTTPException(404)
    return world, centre


async def given_values(request: Request) -> dict[str, str]:
    """Read parameters from the query, the form body and Basic authentication alike (2.3)."""
    values = dict(request.query_params)
    form = await request.form()
    values |= {name: value for name, value in form.items() if isinstance(value, str)}
    kind, _, text = request.headers.get("authorization", "").partition(" ")
    if kind.lower() == "basic":
        try:
            name, _, secret = base64.b64decode(text, validate=True).decode().partition(":")
        except (binascii.Error, UnicodeDecodeError):
            return values
        values |= {"client_id": name, "client_secret": secret}
    return values


def _entry(request: Request) -> Entry:
    entry: Entry = request.scope["fakezoho.entry"]
    return entry


async def token(request: Request) -> Response:
    world, dc = context(request)
    if request.method != "POST":
        return JSONResponse({"error": "invalid_request"}, 400)
    values = await given_values(request)
    sent.form_of(_entry(request), values)
    try:
        return JSONResponse(tokens.answer(world, dc, values))
    except tokens.TokenRefused as refusal:
        _entry(request).note = str(refusal)
        return JSONResponse(refusal.body, refusal.status or world.knobs.token_error_status)


async def revoke(request: Request) -> Response:
    world, dc = context(request)
    end = revoking.revoke_of_client if request.url.path.endswith("/revoke/token") else revoking.revoke
    values = await given_values(request)
    sent.form_of(_entry(request), values)
    try:
        end(world, dc, values)
    except tokens.TokenRefused as refusal:
        _entry(request).note = str(refusal)
        return JSONResponse(refusal.body, world.knobs.token_error_status)
    return JSONResponse({"status": "success"})


def _bearer(request: Request) -> AccessToken | None:
    """Return the token that came along, if it and its person's account still live."""
    world, dc = context(request)
    kind, _, text = request.headers.get("authorization", "").partition(" ")
    if kind.lower() not in {"bearer", "zoho-oauthtoken"}:
        return None
    found = dc.tokens.get(hashed(text))
    return found if found and found.expires_at > world.clock.now() and found.zuid in dc.people else None


def _refused() -> Response:
    return JSONResponse({"error": "invalid_token"}, 401)


async def user_info(request: Request) -> Response:
    """Return the legacy profile; Zoho leaves names out for some people (2.7)."""
    world, dc = context(request)
    access = _bearer(request)
    if access is None or not access.may(PROFILE):
        return _refused()
    person = dc.people[access.zuid]
    profile: dict[str, Any] = {
        "First_Name": person.first_name,
        "Last_Name": person.last_name,
        "Email": person.email,
        "Display_Name": person.name,
        "ZUID": int(person.zuid),
    }
    missing = listed(world.knobs.profile_missing)
    return JSONResponse({name: value for name, value in profile.items() if name not in missing})


async def oidc_userinfo(request: Request) -> Response:
    _, dc = context(request)
    access = _bearer(request)
    if access is None or not access.allowed & {"openid", "email", "profile"}:
        return _refused()
    person = dc.people[access.zuid]
    return JSONResponse({"sub": person.zuid, **oidc.claims(person)})


async def discovery(request: Request) -> Response:
    return JSONResponse(oidc.discovery(context(request)[1]))


async def keys(request: Request) -> Response:
    return JSONResponse(oidc.keys(context(request)[1]))


async def server_info(request: Request) -> Response:
    world, _ = context(request)
    locations = {code: dc.accounts_url for code, dc in world.centres.items()}
    return JSONResponse({"result": "success", "locations": locations})
