from __future__ import annotations

import requests

from tests.fakezoho.conftest import refusal


def test_my_info_is_the_tokens_agent(desk, desk_of):
    assert desk.get("/myinfo").json()["rolePermissionType"] == "Admin"
    assert desk_of("grace@acme.example").get("/myinfo").json()["zuid"] == "20071000002"


def test_an_agent_is_found_by_zuid_and_email_or_204(desk):
    assert desk.get("/agents/zuid/20071000002").json()["emailId"] == "grace@acme.example"
    assert desk.get("/agents/email/GRACE%40acme.example").json()["zuid"] == "20071000002"
    assert desk.get("/agents/zuid/20071000099").status_code == 204
    assert desk.get("/agents/email/mallory%40elsewhere.example").status_code == 204


def test_a_disabled_agent_is_told_as_such(desk):
    assert desk.get("/agents/email/dennis%40acme.example").json()["status"] == "DISABLED"
    assert len(desk.get("/agents?status=ACTIVE").json()["data"]) == 4
    assert [a["firstName"] for a in desk.get("/agents?searchStr=grace&fieldName=emailId").json()["data"]] == ["Grace"]


def test_departments_say_which_is_the_default(zoho, desk):
    listed = desk.get("/departments").json()["data"]
    assert [(d["name"], d["isDefault"]) for d in listed] == [("Support", True), ("Sales", False)]
    assert [d["name"] for d in desk.get("/departments?searchStr=sa*").json()["data"]] == ["Sales"]
    assert desk.get("/departments?isEnabled=false").status_code == 204
    assert "associatedAgentIds" not in listed[0]
    assert len(desk.get(f"/departments/{listed[0]['id']}").json()["associatedAgentIds"]) == 5
    assert len(desk.get("/myDepartments").json()["data"]) == 2


def test_an_organization_says_edition_role_and_kind(zoho, desk, desk_of):
    org = desk.get("/organizations").json()["data"][0]
    assert (org["edition"], org["isAdminInOrg"], org["isSandboxPortal"]) == ("ENTERPRISE", True, False)
    assert desk.get(f"/organizations/{org['id']}").json() == org
    assert refusal(desk.get("/organizations/60054321001")) == (404, "URL_NOT_FOUND")
    assert desk_of("grace@acme.example").get("/organizations").json()["data"][0]["isAdminInOrg"] is False
    zoho.set_knobs(booleans_as_text=True, edition="PROFESSIONAL")
    org = desk.get("/accessibleOrganizations").json()["data"][0]
    assert (org["edition"], org["isSandboxPortal"]) == ("PROFESSIONAL", "false")


def test_somebody_who_is_no_agent_reaches_no_portal(zoho, client, desk_of):
    desk = desk_of("mallory@elsewhere.example")
    del desk.headers["orgId"]
    assert desk.get("/organizations").status_code == 204


def test_a_test_may_disable_an_agent(zoho, desk):
    change = {"dc": "eu", "portal": "acme", "email": "grace@acme.example", "changes": {"status": "DISABLED"}}
    assert requests.post(f"{zoho.url}/_standin/agents", json=change, timeout=5).status_code == 200
    assert desk.get("/agents/zuid/20071000002").json()["status"] == "DISABLED"


def test_an_agents_departments_come_when_asked_for(desk):
    assert "associatedDepartments" not in desk.get("/myinfo").json()
    told = desk.get("/myinfo?include=associatedDepartments").json()["associatedDepartments"]
    assert [department["name"] for department in told] == ["Support", "Sales"]


def test_agents_are_chosen_by_role_department_and_kind(zoho, desk):
    assert [a["firstName"] for a in desk.get("/agents?rolePermissionType=Admin").json()["data"]] == ["Ada"]
    assert desk.get("/agents?departmentIds=1").status_code == 204
    assert desk.get("/agents?isLightAgent=true").status_code == 204
    assert desk.get("/agents?sortOrder=desc&limit=1").json()["data"][0]["firstName"] == "Dennis"
