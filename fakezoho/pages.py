from __future__ import annotations

from itertools import islice
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from fakezoho import knobs, limits
from fakezoho.module import Record
from fakezoho.portal import Portal
from fakezoho.templating import shown
from fakezoho.world import World, world_of

NEWEST = 25
LISTED = 200


def _portals(world: World) -> list[Portal]:
    return [portal for centre in world.centres.values() for portal in centre.portals.values()]


def _name(contact: Record | None) -> str:
    return f"{contact.get('firstName') or ''} {contact.get('lastName') or ''}".strip() if contact else "(gone)"


def call_row(portal: Portal, call: Record) -> dict[str, Any]:
    contact = portal.modules["contacts"].records.get(call["contactId"])
    recording = call["cf"].get("cf_recording_url") or call.get("recordingUrl") or ""
    return {
        "id": call["id"],
        "portal": portal.name,
        "contact": _name(contact),
        "phone": (contact["phone"] or contact["mobile"] or "") if contact else "",
        "direction": call["direction"],
        "seconds": int(call["duration"]),
        "status": call["status"],
        "subject": call["subject"],
        "recording": recording if recording.startswith(("http://", "https://")) else "",
        "created": call["createdTime"],
        "changed": call["modifiedTime"] != call["createdTime"],
        "url": call["webUrl"],
    }


def _portal_row(world: World, portal: Portal) -> dict[str, Any]:
    counts = {name: len(portal.modules[name].records) for name in ("contacts", "calls", "tickets", "agents")}
    total = limits.credits_of_day(portal, world.knobs)
    return {
        "dc": portal.dc, "name": portal.name, "company": portal.company, "id": portal.id, "url": portal.url,
        "edition": limits.edition_of(portal, world.knobs), "sandbox": portal.sandbox, "counts": counts,
        "credits_used": portal.credits_used, "credits": total, "most_at_once": portal.most_at_once,
        "at_once": limits.most_at_once(portal, world.knobs),
    }  # fmt: skip


def _newest(portal: Portal, most: int) -> list[dict[str, Any]]:
    calls = portal.modules["calls"].records.values()
    return [call_row(portal, call) for call in islice(reversed(calls), most)]


def newest_calls(world: World) -> list[dict[str, Any]]:
    rows = []
    for portal in _portals(world):
        rows += _newest(portal, NEWEST)
    return sorted(rows, key=lambda row: str(row["created"]), reverse=True)[:NEWEST]


def summary(world: World) -> dict[str, Any]:
    centres = world.centres.values()
    return {
        "portals": [_portal_row(world, portal) for portal in _portals(world)],
        "calls": newest_calls(world),
        "counts": {
            "clients": len(world.clients),
            "grants": sum(len(centre.grants) for centre in centres),
            "tokens": sum(len(centre.tokens) for centre in centres),
            "requests": world.journal.count,
        },
        "journal": list(reversed(world.journal.since(0, NEWEST))),
        "faults": world.faults.listed(),
    }


async def home(request: Request) -> Response:
    world = world_of(request)
    people = [person for centre in world.centres.values() for person in centre.people.values()]
    where = {p.zuid: ", ".join(portal.name for portal in world.centres[p.dc].portals_of(p.zuid)) for p in people}
    values = {
        "summary": summary(world),
        "knobs": knobs.described(world.knobs),
        "groups": knobs.GROUPS,
        "people": people,
        "where": where,
    }
    return shown(request, "home.html", values)


async def refreshed(request: Request) -> Response:
    return JSONResponse(summary(world_of(request)), headers={"Cache-Control": "no-store"})


async def set_knobs(request: Request) -> Response:
    """Set what somebody changed in the form; what others set since it was shown stays."""
    world = world_of(request)
    form = {name: str(value) for name, value in (await request.form()).items()}
    given = form | {k.name: str(k.name in form) for k in knobs.names() if isinstance(k.default, bool)}
    names = [knob.name for knob in knobs.names() if knob.name in given]
    changed = {name: given[name] for name in names if given[name] != form.get(f"shown {name}")}
    try:
        knobs.change(world.knobs, changed)
    except ValueError as problem:
        raise HTTPException(422, str(problem)) from problem
    world.changed()
    return RedirectResponse("/#knobs", 303)


async def datacentres(request: Request) -> Response:
    return JSONResponse({"locations": world_of(request).locations()})


def _portal(request: Request) -> Portal:
    portal = world_of(request).portal(request.path_params["dc"], request.path_params["portal"])
    if portal is None:
        raise HTTPException(404, "There is no such portal.")
    return portal


async def portal_page(request: Request) -> Response:
    portal = _portal(request)
    contacts = portal.modules["contacts"].records
    listed = [{**contact, "name": _name(contact)} for contact in islice(reversed(contacts.values()), LISTED)]
    values = {"portal": portal, "calls": _newest(portal, LISTED), "contacts": listed, "total": len(contacts)}
    return shown(request, "portal.html", values)


async def record_page(request: Request) -> Response:
    portal, kind = _portal(request), request.path_params["kind"]
    module = portal.modules.get(kind)
    record = module.records.get(request.path_params["id"]) if module else None
    if record is None:
        raise HTTPException(404, "There is no such record: it was deleted or merged.")
    contact = portal.modules["contacts"].records.get(record.get("contactId", ""))
    title = record.get("subject") or record.get("accountName") or record.get("name") or _name(record)
    values = {"portal": portal, "kind": kind, "record": record, "title": title}
    values |= {"contact": contact, "contact_name": _name(contact)}
    return shown(request, "record.html", values)


ROUTES = [
    Route("/", home),
    Route("/_standin/summary", refreshed),
    Route("/knobs", set_knobs, methods=["POST"]),
    Route("/datacentres.json", datacentres),
    Route("/{dc}/desk/agent/{portal}", portal_page),
    Route("/{dc}/desk/agent/{portal}/{department}/{kind}/details/{id}", record_page),
]
