"""The consent page: who are you, which portal, may it? Plain forms, so that programs can fill them too."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from fakezoho.accounts import authorize, scopes
from fakezoho.accounts.endpoints import context
from fakezoho.identities import Person
from fakezoho.portal import Portal
from fakezoho.templating import shown
from fakezoho.world import DataCentre, World

YEAR = 31_536_000


def _cookie(dc: DataCentre) -> str:
    return f"fakezoho_person_{dc.code}"


def _person(world: World, text: str | None) -> Person | None:
    """Somebody by ``<data centre>:<ZUID>``."""
    code, _, zuid = (text or "").partition(":")
    return world.centres[code].people.get(zuid) if code in world.centres else None


def portals_for(world: World, person: Person, asked: authorize.Asked) -> list[Portal]:
    if not scopes.for_desk(asked.scopes):
        return []
    own = world.centres[person.dc].portals_of(person.zuid)
    return [portal for portal in own if world.knobs.sandbox_portals or not portal.sandbox]


def picked(portals: list[Portal], name: str) -> Portal | None:
    return next((p for p in portals if name in {p.id, p.name}), portals[0] if portals else None)


def asked_of(world: World, query: str, dc: str = "") -> authorize.Asked:
    return authorize.read(world, dict(parse_qsl(query, keep_blank_values=True)), dc)


async def not_authorizable(request: Request, problem: Exception) -> Response:
    return shown(request, "wrong.html", {"problem": problem}, status=400)


async def auth(request: Request) -> Response:
    world, dc = context(request)
    query = request.url.query
    asked = asked_of(world, query, dc.code)
    willing = world.person(world.knobs.auto_approve)
    if willing is not None:
        portal = picked(portals_for(world, willing, asked), world.knobs.auto_portal)
        return RedirectResponse(authorize.approve(world, asked, willing, portal), 302)
    person = _person(world, request.cookies.get(_cookie(dc)))
    if person is None:
        return _sign_in_page(request, world, dc, asked, query)
    return _consent_page(request, world, asked, person, query)


def _sign_in_page(request: Request, world: World, dc: DataCentre, asked: authorize.Asked, query: str) -> Response:
    here = list(dc.people.values())
    elsewhere = [p for other in world.centres.values() if other is not dc for p in other.people.values()]
    names = {
        p.zuid: ", ".join(portal.name for portal in world.centres[p.dc].portals_of(p.zuid)) for p in here + elsewhere
    }
    values = {"dc": dc, "here": here, "elsewhere": elsewhere, "companies": names, "asked": asked, "query": query}
    return shown(request, "signin.html", values)


def _consent_page(request: Request, world: World, asked: authorize.Asked, person: Person, query: str) -> Response:
    values: dict[str, Any] = {
        "dc": context(request)[1],
        "asked": asked,
        "person": person,
        "portals": portals_for(world, person, asked),
        "desk": scopes.for_desk(asked.scopes),
        "words": [(scope, scopes.in_words(scope)) for scope in asked.scopes],
        "query": query,
    }
    return shown(request, "consent.html", values)


async def sign_in(request: Request) -> Response:
    world, dc = context(request)
    form = await request.form()
    chosen, query = str(form.get("person", "")), str(form.get("query", ""))
    response = RedirectResponse(f"/{dc.code}/accounts/oauth/v2/auth?{query}", 303)
    if _person(world, chosen) is not None:
        response.set_cookie(
            _cookie(dc), chosen, max_age=YEAR, path=f"/{dc.code}/accounts", httponly=True, samesite="lax"
        )
    return response


async def sign_out(request: Request) -> Response:
    _, dc = context(request)
    form = await request.form()
    response = RedirectResponse(f"/{dc.code}/accounts/oauth/v2/auth?{form.get('query', '')}", 303)
    response.delete_cookie(_cookie(dc), path=f"/{dc.code}/accounts")
    return response


async def decide(request: Request) -> Response:
    world, dc = context(request)
    form = await request.form()
    asked = asked_of(world, str(form.get("query", "")), dc.code)
    person = _person(world, request.cookies.get(_cookie(dc)))
    if person is None:
        return _sign_in_page(request, world, dc, asked, str(form.get("query", "")))
    if form.get("decision") != "accept":
        return RedirectResponse(authorize.refuse(world, asked), 303)
    portal = picked(portals_for(world, person, asked), str(form.get("portal", "")))
    return RedirectResponse(authorize.approve(world, asked, person, portal), 303)
