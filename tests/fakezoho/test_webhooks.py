from __future__ import annotations

from tests.fakezoho.conftest import fields_at_fault, refusal

HOOK = {"url": "https://x.example/hook", "subscriptions": {"Call_Add": None}}


def test_a_webhook_is_made_changed_and_deleted(desk):
    assert desk.get("/webhooks").status_code == 204
    made = desk.post("/webhooks", json=HOOK).json()
    assert made["isEnabled"] is True
    assert desk.patch(f"/webhooks/{made['id']}", json={"name": "Mine"}).json()["name"] == "Mine"
    answer = desk.delete(f"/webhooks/{made['id']}")
    assert (answer.status_code, answer.content) == (200, b"")
    assert desk.get(f"/webhooks/{made['id']}").status_code == 404


def test_a_webhook_needs_an_address_and_something_to_tell(desk):
    assert fields_at_fault(desk.post("/webhooks", json={"name": "x"})) == {("/url", "missing")}
    assert fields_at_fault(desk.post("/webhooks", json={"url": "https://x.example"})) == {("/subscriptions", "missing")}


def test_the_edition_limits_how_many_are_enabled(zoho, desk):
    zoho.set_knobs(edition="PROFESSIONAL")
    assert [desk.post("/webhooks", json=HOOK).status_code for _ in range(6)] == [200] * 5 + [403]
    assert desk.post("/webhooks", json=HOOK | {"isEnabled": False}).status_code == 200
    zoho.set_knobs(edition="FREE")
    assert refusal(desk.post("/webhooks", json=HOOK)) == (403, "LICENSE_ACCESS_LIMITED")
