from __future__ import annotations

from typing import Any

from fakezoho.desk.listing import cut, page
from fakezoho.desk.problems import Refused
from fakezoho.desk.request import DeskRequest
from fakezoho.limits import edition_of
from fakezoho.module import Record
from fakezoho.portal import Portal


def _organization(r: DeskRequest, portal: Portal) -> Record:
    agent = portal.agent_of(r.token.zuid)
    as_text = r.knobs.booleans_as_text
    flags: dict[str, Any] = {"isDefault": not portal.sandbox, "isSandboxPortal": portal.sandbox}
    if as_text:
        flags = {name: str(value).lower() for name, value in flags.items()}
    return {
        "id": portal.id,
        "companyName": portal.company,
        "portalName": portal.name,
        "alias": None,
        "edition": edition_of(portal, r.knobs),
        "isAdminInOrg": bool(agent and agent["rolePermissionType"] == "Admin"),
        "isPayloadEncryptionEnabled": "false" if as_text else False,
        "portalURL": portal.url,
        "logoURL": None,
        "faviconURL": None,
        "timeZone": "Europe/Paris" if portal.dc == "eu" else "America/Los_Angeles",
        "country": "FR" if portal.dc == "eu" else "US",
        "website": None,
        "phoneNumber": None,
        "employeeCount": None,
        "currencyCode": "EUR" if portal.dc == "eu" else "USD",
        "description": None,
        **flags,
    }


def reachable(r: DeskRequest) -> list[Portal]:
    """Return the portals of this token: the one picked at consent, or all of the person's (4.9)."""
    own = [p for p in r.dc.portals_of(r.token.zuid) if r.knobs.sandbox_portals or not p.sandbox]
    if r.knobs.portal_binding == "all":
        return own
    return [portal for portal in own if portal.id == r.token.org_id]


def organizations(r: DeskRequest) -> Any:
    return page([_organization(r, portal) for portal in reachable(r)])


def organization(r: DeskRequest) -> Any:
    for portal in reachable(r):
        if portal.id == r.path["organizationId"]:
            return _organization(r, portal)
    raise Refused("URL_NOT_FOUND")


def my_info(r: DeskRequest) -> Any:
    if r.agent is None:
        raise Refused("FORBIDDEN")
    return _with_departments(r, r.agent)


def _with_departments(r: DeskRequest, record: Record) -> Record:
    if "associatedDepartments" not in r.query.get("include", ()):
        return record
    own = [r.module("departments").records[i] for i in record["associatedDepartmentIds"]]
    return {**record, "associatedDepartments": [{"id": d["id"], "name": d["name"]} for d in own]}


def agents(r: DeskRequest) -> Any:
    found = [agent for agent in r.listed("agents").values() if _meets(agent, r.query)]
    if r.query.get("sortOrder") == "desc":
        found.reverse()
    return page(cut(found, r.query, r.knobs.list_base, 10))


def _meets(agent: Record, query: dict[str, Any]) -> bool:
    exact = {"status": "status", "isConfirmed": "isConfirmed", "rolePermissionType": "rolePermissionType"}
    if any(given in query and agent[name] != query[given] for given, name in exact.items()):
        return False
    if "isLightAgent" in query and (agent["rolePermissionType"] == "Light") != query["isLightAgent"]:
        return False
    if "departmentIds" in query and not set(query["departmentIds"]) & set(agent["associatedDepartmentIds"]):
        return False
    names = [query["fieldName"]] if "fieldName" in query else ["firstName", "lastName", "emailId"]
    wanted = query.get("searchStr", "").strip("*").lower()
    return any(wanted in str(agent[name] or "").lower() for name in names)


def agent(r: DeskRequest) -> Any:
    return _with_departments(r, r.found("agents", r.path["agentId"]))


def agent_by_email(r: DeskRequest) -> Any:
    wanted = r.path["emailId"].lower()
    return r.module("agents").first(lambda a: a["emailId"].lower() == wanted)


def agent_by_zuid(r: DeskRequest) -> Any:
    return r.portal.agent_of(r.path["zuid"])


def _department_meets(record: Record, query: dict[str, Any]) -> bool:
    if any(name in query and record[name] != query[name] for name in ("isEnabled", "chatStatus")):
        return False
    pattern = query.get("searchStr", "").lower()
    name, wanted = record["name"].lower(), pattern.strip("*")
    if not pattern:
        return True
    if pattern.startswith("*"):
        return wanted in name
    return bool(name.startswith(wanted)) if pattern.endswith("*") else bool(name == wanted)


def departments(r: DeskRequest) -> Any:
    found = [record for record in r.listed("departments").values() if _department_meets(record, r.query)]
    return page(cut(found, r.query, r.knobs.list_base, 10))


def department(r: DeskRequest) -> Any:
    record = r.found("departments", r.path["departmentId"])
    team = r.module("agents").records.values()
    ids = [agent["id"] for agent in team if record["id"] in agent["associatedDepartmentIds"]]
    return {**record, "associatedAgentIds": ids}


def my_departments(r: DeskRequest) -> Any:
    own = r.agent["associatedDepartmentIds"] if r.agent else []
    found = [record for record in r.listed("departments").values() if record["id"] in own]
    return page([record for record in found if _department_meets(record, r.query)])
