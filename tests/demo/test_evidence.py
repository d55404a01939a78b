from __future__ import annotations

from typing import Any

import pytest

from demo.journey import evidence
from demo.journey.system import System
from demo.journey.traffic import Planned

STARTED = "2026-11-23T12:00:00+00:00"
LINK = "https://recordings.acme.example/1.mp3"


class ZohoOnPaper(System):
    """What Zoho's tables would hold."""

    tables: dict[str, list[dict[str, Any]]]

    def zoho_json(self, path: str) -> Any:
        return self.tables[path.rpartition("/")[2]]


def _planned(customer: str = "Poulain", *, is_known: bool = True) -> Planned:
    body = {"reference": "demo-1-001", "direction": "inbound", "started_at": STARTED, "processing_seconds": 60}
    return Planned(body, customer, is_known, late_recording=LINK)


def _call(**changes: Any) -> dict[str, Any]:
    call = {"subject": "Order [demo-1-001] ab12", "contactId": "1", "direction": "inbound", "duration": "60"}
    return {**call, "cf": {"cf_recording_url": LINK}, **changes}


def _contact(**changes: Any) -> dict[str, Any]:
    contact = {"id": "1", "lastName": "Poulain", "phone": "+33 1 42 23 41 40", "mobile": None, "email": None}
    return {**contact, "createdTime": "2026-01-05T08:00:00.000Z", **changes}


def _found(calls, contacts=None, planned: Planned | None = None) -> evidence.Evidence:
    system = ZohoOnPaper("http://127.0.0.1:1", "http://127.0.0.1:2", "")
    object.__setattr__(system, "tables", {"calls": calls, "contacts": contacts or [_contact()]})
    return evidence.gather(system, [planned or _planned()])


def test_what_is_there_once_on_the_right_contact_is_no_difference():
    found = _found([_call()])
    assert found.differences == {}
    assert found.last_line() == "expected 1, found 1, missing 0, double 0"
    assert found.recordings == 1


def test_what_is_not_there_is_missing():
    found = _found([_call(subject="Order [demo-9-001]")])
    assert found.missing == ["demo-1-001"]
    assert found.last_line() == "expected 1, found 0, missing 1, double 0"


def test_a_second_record_of_the_same_reference_is_double():
    found = _found([_call(), _call()])
    assert found.double == ["demo-1-001"]
    assert found.last_line() == "expected 1, found 1, missing 0, double 1"


def test_a_known_customer_belongs_on_the_contact_that_was_there_before():
    twin = _contact(id="2", createdTime="2026-11-23T12:00:05.000Z")
    assert _found([_call(contactId="2")], [_contact(), twin]).wrong_contact == ["demo-1-001"]
    assert _found([_call(contactId="3")]).wrong_contact == ["demo-1-001"]


@pytest.mark.parametrize("link", ["--", "https://recordings.acme.example/other.mp3", None])
def test_a_recording_that_did_not_arrive_is_a_difference(link):
    assert _found([_call(cf={"cf_recording_url": link})]).wrong_recording == ["demo-1-001"]


@pytest.mark.parametrize("changes", [{"direction": "outbound"}, {"duration": "61"}])
def test_a_wrong_value_is_a_difference(changes):
    assert _found([_call(**changes)]).wrong_values == ["demo-1-001"]


def test_a_stranger_with_two_new_contacts_is_a_difference():
    planned = _planned("+33970000001", is_known=False)
    new = _contact(phone="+33970000001", lastName="Stranger", createdTime="2026-11-23T12:00:05.000Z")
    assert _found([_call()], [new], planned).differences == {}
    assert _found([_call()], [new, {**new, "id": "2"}], planned).twin_contacts == ["+33970000001"]
