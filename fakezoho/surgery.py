"""What Zoho's API does not offer: back to the seed, time, merging contacts, ending tokens, an agent's changes."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from fakezoho import seed
from fakezoho.accounts.tokens import end_grant
from fakezoho.clock import Clock
from fakezoho.portal import Portal
from fakezoho.spec import operations
from fakezoho.world import DATA_CENTRES, DataCentre, World

AGENT_CHANGES = frozenset({"status", "emailId", "rolePermissionType", "isConfirmed", "associatedDepartmentIds"})


def reset(world: World) -> None:
    """Make all but the clients anew, not changed: requests under way go on in the old (:meth:`World.for_request`)."""
    world.centres = {code: DataCentre(code, world.base_url) for code in DATA_CENTRES}
    seed.sow(world)
    world.knobs = replace(world.start_knobs)
    world.faults = world.faults.anew()
    world.journal.restart()
    world.clock = Clock()
    world.changed()


def advance(world: World, seconds: float) -> None:
    world.clock.advance(seconds)
    world.changed()


def portal_of(world: World, dc: str, name: str) -> Portal:
    """Find a portal by its name or id; raises ValueError."""
    portal = world.portal(dc, name)
    if portal is None:
        raise ValueError(f"There is no portal {name!r} in {dc!r}.")
    return portal


def merge(world: World, dc: str, name: str, away: str, into: str) -> None:
    """Merge a contact into another: its id leads nowhere from now on, its calls and tickets move (4.6)."""
    portal = portal_of(world, dc, name)
    contacts = portal.modules["contacts"]
    if away == into or away not in contacts.records or into not in contacts.records:
        raise ValueError("Name two different contacts of the portal.")
    seen = world.clock.now(), world.knobs.search_lag, world.knobs.list_lag
    for module in ("calls", "tickets"):
        for record in list(portal.modules[module].records.values()):
            if record["contactId"] == away:
                portal.modules[module].put({**record, "contactId": into}, *seen)
    contacts.remove(away, *seen)
    portal.merged[away] = into
    world.changed()


def end_tokens(world: World, kind: str) -> int:
    """End all ``access`` tokens, or all ``refresh`` tokens with theirs; return how many."""
    if kind not in {"access", "refresh"}:
        raise ValueError("`end` is access or refresh.")
    count = 0
    for centre in world.centres.values():
        count += len(centre.tokens if kind == "access" else centre.grants)
        if kind == "access":
            centre.tokens.clear()
        for key in list(centre.grants) if kind == "refresh" else ():
            end_grant(centre, key)
    world.changed()
    return count


def set_agent(world: World, dc: str, name: str, email: str, changes: dict[str, Any]) -> None:
    portal = portal_of(world, dc, name)
    agent = portal.modules["agents"].first(lambda a: a["emailId"] == email)
    if agent is None or not set(changes) <= AGENT_CHANGES:
        raise ValueError(f"Name an agent of the portal and changes among {', '.join(sorted(AGENT_CHANGES))}.")
    changed = {**agent, **changes}
    shown = operations()["getAgent"].answer
    fits = shown is None or shown.is_valid(changed)
    if not fits or not set(changed["associatedDepartmentIds"]) <= set(portal.modules["departments"].records):
        raise ValueError("Zoho has no agent like that: look at its status, its e-mail address, its departments.")
    portal.modules["agents"].put(changed, world.clock.now())
    world.changed()
