"""The demo companies that a fresh stand-in holds. Ids are the same at every start."""

from __future__ import annotations

from fakezoho.identities import Person
from fakezoho.module import Record
from fakezoho.portal import Portal
from fakezoho.seed import contacts, people
from fakezoho.world import DataCentre, World

# 2026-01-05T08:00:00Z: old enough that nothing of the seed looks new.
BIRTH = 1_767_600_000.0


def sow(world: World) -> None:
    for person in people.PEOPLE:
        world.centres[person.dc].people[person.zuid] = person
    eu, us = world.centres["eu"], world.centres["us"]
    acme = _portal(eu, "20098765431", "acme", "Acme Europe", "ENTERPRISE", "198400000")
    acme.has_call_fields = True
    sandbox = _portal(eu, "20098765432", "acmesandbox", "Acme Europe (sandbox)", "ENTERPRISE", "198500000")
    sandbox.sandbox, sandbox.has_call_fields = True, True
    globex = _portal(us, "60054321001", "globex", "Globex Corporation", "PROFESSIONAL", "507100000")
    for portal in (acme, sandbox):
        departments = _departments(portal, ["Support", "Sales"])
        _agents(portal, people.ACME, departments)
    _agents(globex, people.GLOBEX, _departments(globex, ["Support"]))
    contacts.acme(acme, BIRTH)
    contacts.globex(globex, BIRTH)


def _portal(centre: DataCentre, org_id: str, name: str, company: str, edition: str, prefix: str) -> Portal:
    url = f"{centre.desk_url}/agent/{name}"
    portal = Portal(org_id, name, company, centre.code, edition, url, prefix=prefix)
    centre.portals[org_id] = portal
    return portal


def _departments(portal: Portal, names: list[str]) -> list[Record]:
    found = [people.department(portal.new_id(), name, name == names[0], BIRTH) for name in names]
    for record in found:
        portal.modules["departments"].put(record, BIRTH)
    return found


def _agents(portal: Portal, team: list[tuple[Person, str, str]], departments: list[Record]) -> None:
    ids = [department["id"] for department in departments]
    for person, role, status in team:
        portal.modules["agents"].put(people.agent(portal.new_id(), person, role, status, ids), BIRTH)
