from __future__ import annotations

import pytest

from tests.fakezoho.conftest import fields_at_fault, refusal


def found(desk, query):
    answer = desk.get(f"/contacts/search?{query}")
    assert answer.status_code in {200, 204}, answer.text
    return [contact["lastName"] for contact in answer.json()["data"]] if answer.status_code == 200 else []


def test_a_contact_needs_only_a_last_name(desk):
    contact = desk.post("/contacts", json={"lastName": "Curie"}).json()
    assert contact["firstName"] is None
    assert (contact["customFields"], contact["cf"], contact["accountCount"]) == ({}, {}, "0")
    assert (contact["isTrashed"], contact["isDeleted"]) == (False, False)
    assert fields_at_fault(desk.post("/contacts", json={"firstName": "Marie"})) == {("/lastName", "missing")}


@pytest.mark.parametrize(
    ("field", "value"),
    [("phone", "(030) 901820"), ("mobile", "(06)"), ("firstName", "x" * 41), ("email", "nobody"), ("accountId", "1")],
)
def test_values_out_of_zohos_patterns_are_refused(desk, field, value):
    answer = desk.post("/contacts", json={"lastName": "Curie", field: value})
    assert fields_at_fault(answer) == {(f"/{field}", "invalid")}


@pytest.mark.parametrize(("knob", "status"), [("allow", 200), ("refuse", 422)])
def test_a_repeated_email_is_taken_or_a_duplicate(zoho, desk, knob, status):
    zoho.set_knobs(duplicate_email=knob)
    answer = desk.post("/contacts", json={"lastName": "Twin", "email": "AMELIE.poulain@moulins.example"})
    assert answer.status_code == status
    assert status == 200 or fields_at_fault(answer) == {("/email", "duplicate")}


def test_a_contact_keeps_its_own_email_where_duplicates_are_refused(zoho, desk, contact):
    zoho.set_knobs(duplicate_email="refuse")
    same = {"email": "amelie.poulain@moulins.example", "title": "Waitress"}
    assert desk.patch(f"/contacts/{contact}", json=same).json()["title"] == "Waitress"


def test_a_change_caps_city_state_and_country_at_30(desk, contact):
    assert desk.post("/contacts", json={"lastName": "x", "city": "y" * 31}).status_code == 200
    assert fields_at_fault(desk.patch(f"/contacts/{contact}", json={"city": "y" * 31})) == {("/city", "invalid")}


@pytest.mark.parametrize("number", ["*142234140", "*33142234140", "+33142234140", "%2B33 1 42*"])
def test_a_phone_is_found_by_its_digits(desk, number):
    assert found(desk, f"phone={number}") == ["Poulain"]


def test_a_phone_may_be_compared_as_it_is_stored(zoho, desk):
    zoho.set_knobs(phone_search="raw")
    assert found(desk, "phone=*142234140") == []
    assert found(desk, "phone=*42 23 41 40") == ["Poulain"]


def test_a_phone_pattern_without_a_digit_finds_nobody(desk):
    assert found(desk, "phone=*abc") == []
    assert len(found(desk, "phone=${notempty}&limit=100")) == 38


def test_two_people_may_share_a_number(desk):
    assert found(desk, "phone=*144556677") == ["Lefèvre", "Lefèvre"]


def test_somebody_may_have_a_mobile_only(desk):
    assert found(desk, "phone=*711223344") == []
    assert found(desk, "mobile=*711223344") == ["Bernard"]


def test_comma_means_any_of(desk):
    assert found(desk, "phone=*142234140,*123456789&sortBy=lastName") == ["Poulain", "Saint-Exupéry"]


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("email=emma.blanc@blanc.example", ["Blanc"]),
        ("email=emma*", ["Blanc"]),
        ("email=*blanc.example", []),
        ("email=*emma.blanc@blanc.example", []),
        ("lastName=D*ois", []),
        ("phone=*33*2990000", []),
        ("lastName=dubois", ["Dubois", "Dubois"]),
        ("fullName=Amélie P*", ["Poulain"]),
        ("accountName=Dubois*", ["Dubois", "Dubois"]),
        ("email=${empty}&lastName=S*", ["Simon"]),
        ("_all=tables", ["'); DROP TABLE contacts;--"]),
        ("id=1", []),
        ("lastName=Nobody", []),
    ],
)
def test_searches_compare_as_zohos(desk, query, names):
    assert found(desk, query) == names


@pytest.mark.parametrize("query", ["_all=ab", "_all=abc&lastName=x"])
def test_all_takes_three_characters_and_no_company(desk, query):
    assert refusal(desk.get(f"/contacts/search?{query}")) == (422, "UNPROCESSABLE_ENTITY")


def test_a_contact_made_seconds_ago_is_found_only_by_its_id(zoho, desk):
    zoho.set_knobs(search_lag=60)
    made = desk.post("/contacts", json={"lastName": "Curie", "phone": "+33 1 99 99 99 99"}).json()
    assert found(desk, "phone=*199999999") == []
    assert desk.get(f"/contacts/{made['id']}").status_code == 200
    assert made["id"] in [c["id"] for c in desk.get("/contacts?sortBy=-createdTime").json()["data"]]
    zoho.advance(61)
    assert found(desk, "phone=*199999999") == ["Curie"]


def test_search_pages_count_all_that_matched(desk):
    page = desk.get("/contacts/search?email=${notempty}&limit=5&from=35").json()
    assert (len(page["data"]), page["count"]) == (3, 38)


def test_lists_sort_by_a_name_both_ways(desk):
    first = desk.get("/contacts?sortBy=lastName&limit=100").json()["data"]
    last = desk.get("/contacts?sortBy=-lastName&limit=100").json()["data"]
    assert len(first) == 40
    assert [c["id"] for c in first] != [c["id"] for c in last]
    assert sorted(c["id"] for c in first) == sorted(c["id"] for c in last)


def test_contacts_by_ids_leave_out_who_is_unknown(desk, contact):
    assert [c["id"] for c in desk.get(f"/contacts/contactsByIds?ids={contact},1").json()["data"]] == [contact]
    assert desk.get("/contacts/contactsByIds?ids=" + ",".join(["1"] * 21)).status_code == 422


def test_a_trashed_contact_is_gone(desk, contact):
    assert desk.post("/contacts/moveToTrash", json={"contactIds": [contact]}).status_code == 204
    assert desk.get(f"/contacts/{contact}").status_code == 404
    assert found(desk, "phone=*142234140") == []


def test_accounts_and_their_contacts_lead_to_each_other(desk, contact):
    account = desk.get(f"/contacts/{contact}/accounts").json()["data"][0]
    assert account["accountName"] == "Café des Deux Moulins"
    assert desk.get(f"/accounts/{account['id']}").json()["accountName"] == account["accountName"]
    assert [c["id"] for c in desk.get(f"/accounts/{account['id']}/contacts").json()["data"]] == [contact]
    assert len(desk.get("/accounts?limit=100").json()["data"]) == 7


def test_the_account_and_the_owner_come_when_asked_for(desk, contact):
    shown = desk.get(f"/contacts/{contact}?include=accounts,owner").json()
    assert (shown["account"]["accountName"], shown["owner"]) == ("Café des Deux Moulins", None)
    assert "account" in desk.get("/contacts?include=accounts").json()["data"][0]


def test_an_emptied_last_name_and_an_unknown_custom_field_are_refused(desk, contact):
    assert fields_at_fault(desk.patch(f"/contacts/{contact}", json={"lastName": " "})) == {("/lastName", "missing")}
    assert fields_at_fault(desk.patch(f"/contacts/{contact}", json={"cf": {"cf_x": "1"}})) == {("/cf/cf_x", "invalid")}
