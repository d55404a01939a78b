from __future__ import annotations

from fakezoho.serve import StandIn


def test_the_demo_companies_are_the_same_at_every_start(zoho):
    with StandIn() as other:
        for dc, portal in (("eu", "acme"), ("eu", "acmesandbox"), ("us", "globex")):
            for module in ("agents", "departments"):
                assert zoho.records(dc, portal, module) == other.records(dc, portal, module)
            ours = [c["id"] for c in zoho.records(dc, portal, "contacts")]
            assert ours == [c["id"] for c in other.records(dc, portal, "contacts")]


def test_ids_are_18_digits(zoho):
    records = zoho.records("eu", "acme", "contacts") + zoho.records("us", "globex", "contacts")
    assert {len(record["id"]) for record in records} == {18}


def test_the_sandbox_has_the_people_and_no_records(zoho):
    agents = zoho.records("eu", "acmesandbox", "agents")
    assert [a["emailId"] for a in agents] == [a["emailId"] for a in zoho.records("eu", "acme", "agents")]
    assert zoho.records("eu", "acmesandbox", "contacts") == []


def test_the_contacts_hold_what_trips_a_look_up(zoho):
    contacts = zoho.records("eu", "acme", "contacts")
    phones = [c["phone"] for c in contacts if c["phone"]]
    assert len(contacts) == 40
    assert len(phones) - len(set(phones)) == 1
    assert [c for c in contacts if c["mobile"] and not c["phone"] and not c["email"]]
    assert max(len(c["lastName"]) for c in contacts) > 100
    assert any(not c["lastName"].isascii() for c in contacts)
