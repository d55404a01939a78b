"""What Desk refuses before it does any work."""

from __future__ import annotations

import pytest
import requests

from tests.fakezoho.conftest import Desk, fields_at_fault, granted, refusal

CREATE_CALLS = ("Desk.calls.CREATE", "Desk.activities.calls.CREATE", "Desk.activities.CREATE")
"""The families that the digest lists for making a call."""


def test_without_a_token_nobody_is_authenticated(zoho):
    answer = requests.get(f"{zoho.url}/eu/desk/api/v1/contacts", timeout=5)
    assert refusal(answer) == (401, "UNAUTHORIZED")
    assert answer.json()["message"] == "You are not authenticated to perform this operation."


def test_a_bad_or_expired_token_is_invalid_oauth_without_rate_headers(zoho, desk):
    assert desk.get("/contacts").status_code == 200
    zoho.advance(3601)
    answer = desk.get("/contacts")
    assert refusal(answer) == (401, "INVALID_OAUTH")
    assert not [name for name in answer.headers if name.lower().startswith("x-rate")]


def test_bearer_is_as_good_as_zoho_oauthtoken(desk):
    desk.headers["Authorization"] = desk.headers["Authorization"].replace("Zoho-oauthtoken", "Bearer")
    assert desk.get("/contacts").status_code == 200


def test_organizations_needs_no_org_id_and_lists_what_was_picked(desk):
    del desk.headers["orgId"]
    assert [org["portalName"] for org in desk.get("/organizations").json()["data"]] == ["acme"]


def test_a_grant_for_all_portals_lists_them_all(zoho, desk):
    zoho.set_knobs(portal_binding="all")
    assert [org["portalName"] for org in desk.get("/organizations").json()["data"]] == ["acme", "acmesandbox"]
    desk.headers["orgId"] = zoho.world.portal("eu", "acmesandbox").id
    assert desk.get("/departments").status_code == 200


@pytest.mark.parametrize(("knob", "status"), [("UNPROCESSABLE_ENTITY", 422), ("BAD_REQUEST", 400), ("FORBIDDEN", 403)])
def test_a_missing_org_id_is_refused_as_the_knob_says(zoho, desk, knob, status):
    zoho.set_knobs(missing_org=knob)
    del desk.headers["orgId"]
    assert refusal(desk.get("/contacts")) == (status, knob)


def test_an_org_id_that_is_no_number_is_an_opaque_500(desk):
    desk.headers["orgId"] = "acme"
    assert refusal(desk.get("/contacts")) == (500, "INTERNAL_SERVER_ERROR")


@pytest.mark.parametrize("org_id", ["20098765432", "60054321001", "1"])
def test_another_portals_org_id_is_a_mismatch(desk, org_id):
    desk.headers["orgId"] = org_id
    answer = desk.get("/contacts")
    assert refusal(answer) == (403, "OAUTH_ORG_MISMATCH")
    assert answer.json()["message"] == "The OAuthToken is not valid for specified organization"


def test_org_id_in_the_query_is_taken_or_refused(zoho, desk):
    org_id = desk.headers.pop("orgId")
    assert desk.get(f"/contacts?orgId={org_id}").status_code == 200
    zoho.set_knobs(org_in_query=False)
    assert refusal(desk.get(f"/contacts?orgId={org_id}")) == (422, "UNPROCESSABLE_ENTITY")


def test_a_token_of_one_data_centre_means_nothing_in_another(zoho, client):
    token = granted(zoho, client)["access_token"]
    desk = Desk(f"{zoho.url}/us/desk/api/v1", token, "60054321001")
    assert refusal(desk.get("/contacts")) == (401, "INVALID_OAUTH")


def test_desk_is_not_served_from_api_domain(zoho, desk):
    desk.base = zoho.world.centres["eu"].api_domain + "/api/v1"
    assert desk.get("/contacts").status_code == 404


@pytest.mark.parametrize(("knob", "status"), [("SCOPE_MISMATCH", 403), ("INVALID_OAUTH", 401)])
def test_a_missing_scope_is_refused_as_the_knob_says(zoho, desk_of, knob, status):
    zoho.set_knobs(scope_refusal=knob)
    assert refusal(desk_of(scope="Desk.tickets.READ").get("/contacts")) == (status, knob)


def test_a_search_needs_the_search_scope_besides(desk_of):
    assert refusal(desk_of(scope="Desk.contacts.READ").get("/contacts/search?email=a*"))[1] == "SCOPE_MISMATCH"
    both = desk_of(scope="Desk.contacts.READ,Desk.search.READ")
    assert both.get("/contacts/search?email=a*").status_code == 200


def test_families_of_scopes_are_alternatives(desk_of, new_call):
    desk = desk_of(scope="Desk.activities.calls.CREATE")
    assert desk.post("/calls", json=new_call).status_code == 200
    assert refusal(desk.get("/calls"))[1] == "SCOPE_MISMATCH"


@pytest.mark.parametrize("left_out", CREATE_CALLS)
def test_each_family_of_scopes_is_needed_if_the_knob_says_so(zoho, desk_of, new_call, left_out):
    zoho.set_knobs(scope_lists="all")
    granted = [scope for scope in CREATE_CALLS if scope != left_out]
    assert refusal(desk_of(scope=",".join(granted)).post("/calls", json=new_call)) == (403, "SCOPE_MISMATCH")
    assert desk_of(scope=",".join(CREATE_CALLS)).post("/calls", json=new_call).status_code == 200


def test_the_all_of_an_area_stands_for_its_family_where_each_is_needed(zoho, desk_of):
    zoho.set_knobs(scope_lists="all", scope_refusal="INVALID_OAUTH")
    assert desk_of(scope="Desk.calls.ALL,Desk.activities.calls.ALL").get("/calls").status_code in {200, 204}
    assert refusal(desk_of(scope="Desk.calls.ALL,Desk.search.READ").get("/calls")) == (401, "INVALID_OAUTH")
    assert desk_of(scope="Desk.calls.ALL,Desk.search.READ").get("/calls/search?subject=call").status_code in {200, 204}


def test_an_extra_query_parameter_is_refused_by_name(desk):
    answer = desk.get("/contacts?sortOrder=asc")
    assert refusal(answer) == (422, "UNPROCESSABLE_ENTITY")
    assert answer.json()["message"] == "Extra query parameter 'sortOrder' is present in the input."


@pytest.mark.parametrize(
    "query", ["limit=0", "limit=101", "limit=x", "from=-1", "sortBy=colour", "fields=" + ",".join(["a"] * 31)]
)
def test_a_wrong_query_value_is_422(desk, query):
    assert refusal(desk.get(f"/contacts?{query}")) == (422, "UNPROCESSABLE_ENTITY")


def test_a_required_query_parameter_is_asked_for(desk):
    assert refusal(desk.get("/fields")) == (422, "UNPROCESSABLE_ENTITY")


def test_an_unknown_address_a_wrong_id_and_a_missing_record_are_404(desk):
    for path in ("/nothing", "/calls/me", "/calls/123", "/agents/me"):
        assert refusal(desk.get(path)) == (404, "URL_NOT_FOUND")


def test_put_and_delete_are_not_allowed(desk, contact):
    assert refusal(desk.put(f"/contacts/{contact}", json={})) == (405, "METHOD_NOT_ALLOWED")
    assert refusal(desk.delete(f"/contacts/{contact}")) == (405, "METHOD_NOT_ALLOWED")


def test_a_body_is_json_well_formed_and_not_too_large(desk):
    assert refusal(desk.post("/contacts", data={"lastName": "x"})) == (415, "UNSUPPORTED_MEDIA_TYPE")
    headers = {"Content-Type": "application/json"}
    assert refusal(desk.post("/contacts", data="{", headers=headers)) == (400, "BAD_REQUEST")
    large = '{"lastName": "' + "x" * 1_100_000 + '"}'
    assert refusal(desk.post("/contacts", data=large, headers=headers)) == (413, "RESOURCE_SIZE_EXCEEDED")


def test_an_empty_body_and_an_empty_object_are_an_empty_payload(desk, contact):
    headers = {"Content-Type": "application/json"}
    assert refusal(desk.post("/contacts", data="", headers=headers)) == (422, "EMPTY_PAYLOAD")
    assert refusal(desk.patch(f"/contacts/{contact}", json={})) == (422, "EMPTY_PAYLOAD")


def test_wrong_fields_are_named_by_json_pointers(desk):
    answer = desk.post("/calls", json={"contactId": "x", "subject": "s" * 301, "unknown": 1})
    assert refusal(answer) == (422, "INVALID_DATA")
    assert fields_at_fault(answer) == {
        ("/contactId", "invalid"),
        ("/subject", "invalid"),
        ("/unknown", "invalid"),
        ("/departmentId", "missing"),
        ("/startTime", "missing"),
        ("/direction", "missing"),
        ("/duration", "missing"),
        ("/status", "missing"),
    }


def test_an_answer_that_violates_the_digest_is_a_fault_of_the_stand_in(zoho, desk, contact):
    zoho.world.portal("eu", "acme").modules["contacts"].records[contact]["isSpam"] = "maybe"
    answer = desk.get(f"/contacts/{contact}")
    assert answer.status_code == 500
    assert "violates the digest at /isSpam" in zoho.journal()[-1]["note"]


def test_fields_that_the_profile_hides_are_silently_missing(zoho, desk, contact):
    zoho.set_knobs(hidden_fields="phone,mobile")
    shown = desk.get(f"/contacts/{contact}").json()
    assert "email" in shown
    assert not {"phone", "mobile"} & set(shown)
    assert "phone" not in desk.get("/contacts").json()["data"][0]


def test_sandbox_portals_may_be_absent(zoho, desk_of):
    desk = desk_of(portal="acmesandbox")
    assert desk.get("/departments").status_code == 200
    zoho.set_knobs(sandbox_portals=False)
    assert refusal(desk.get("/departments")) == (403, "OAUTH_ORG_MISMATCH")


def test_what_the_stand_in_does_not_serve_is_refused_and_not_ignored(desk):
    for path in ("/calls?viewId=1", "/calls?startTime=Today", "/contacts?filterId=1", "/agents?roleIds=1"):
        answer = desk.get(path)
        assert refusal(answer) == (422, "UNPROCESSABLE_ENTITY")
        assert "stand-in does not serve" in answer.json()["message"]
    assert desk.get("/calls", params={"filters": '{"Status": ["Open"]}'}).status_code == 422


def test_an_agent_who_was_disabled_reaches_nothing_any_more(zoho, desk_of):
    desk = desk_of("grace@acme.example")
    assert desk.get("/departments").status_code == 200
    change = {"dc": "eu", "portal": "acme", "email": "grace@acme.example", "changes": {"status": "DISABLED"}}
    requests.post(f"{zoho.url}/_standin/agents", json=change, timeout=5)
    assert refusal(desk.get("/departments")) == (403, "OAUTH_ORG_MISMATCH")
