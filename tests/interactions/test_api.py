"""The public API, as a source meets it."""

from __future__ import annotations

import pytest

from interactions.models import Interaction
from tests.interactions.source import CALL, Source

pytestmark = pytest.mark.django_db


@pytest.fixture
def pbx(client):
    return Source(client)


def test_a_new_interaction_is_created(pbx):
    answer = pbx.post(CALL)
    assert answer.status_code == 201
    assert answer.json() == {
        "id": Interaction.objects.get().pk,
        "reference": "r1",
        "created": True,
        "version": 1,
        "warnings": [],
    }
    assert Interaction.objects.get().source == "pbx"


def test_a_second_post_of_the_same_reference_is_one_interaction(pbx):
    first = pbx.post(CALL).json()
    answer = pbx.post(CALL)
    assert answer.status_code == 200
    assert answer.json() == first | {"created": False}


def test_a_repeat_fills_what_was_empty_and_overwrites_nothing(pbx):
    pbx.post(CALL | {"queue": "sales"})
    answer = pbx.post(CALL | {"queue": "support", "recording_url": "https://pbx.example/1.mp3"})
    kept = Interaction.objects.get()
    assert (kept.queue, kept.recording_url, kept.version) == ("sales", "https://pbx.example/1.mp3", 2)
    assert answer.json()["version"] == 2


def test_a_late_repeat_undoes_no_change(pbx):
    number = pbx.post(CALL | {"queue": "sales"}).json()["id"]
    pbx.patch(number, {"queue": "support", "qualification": "sold"})
    pbx.post(CALL | {"queue": "sales", "status": "ringing"})
    kept = Interaction.objects.get()
    assert (kept.queue, kept.qualification, kept.status) == ("support", "sold", "completed")


def test_an_interaction_under_way_takes_the_newest_word(pbx):
    pbx.post(CALL | {"status": "ringing", "ended_at": None, "queue": "sales"})
    pbx.post(CALL | {"status": "in_progress", "ended_at": None, "queue": "support"})
    pbx.post(CALL | {"status": "ringing", "ended_at": None})
    assert (Interaction.objects.get().status, Interaction.objects.get().queue) == ("in_progress", "support")
    pbx.post(CALL)
    assert Interaction.objects.get().status == "completed"


def test_the_same_reference_of_two_sources_is_two_interactions(pbx, client):
    pbx.post(CALL)
    assert Source(client, "chat").post(CALL).status_code == 201
    assert Interaction.objects.count() == 2


def test_another_sources_interaction_is_not_found(pbx, client):
    number = pbx.post(CALL).json()["id"]
    other = Source(client, "chat")
    assert other.get(number).status_code == 404
    assert other.patch(number, {"queue": "x"}).status_code == 404
    assert other.get(10**30).status_code == 404
    assert pbx.get(number).status_code == 200


def test_a_second_key_of_the_source_sees_the_same(pbx, client):
    number = pbx.post(CALL).json()["id"]
    assert Source(client).get(number).json()["reference"] == "r1"


def test_a_list_is_answered_in_its_order(pbx):
    answer = pbx.post([CALL | {"reference": name} for name in ("c", "a", "b", "a")])
    assert answer.status_code == 201
    assert [(one["reference"], one["created"]) for one in answer.json()] == [
        ("c", True), ("a", True), ("b", True), ("a", False),
    ]  # fmt: skip


def test_a_list_with_one_wrong_item_is_kept_not_at_all_where_its_source_wants_that(pbx):
    answer = pbx.post_whole([CALL, CALL | {"reference": "r2", "direction": "sideways"}])
    assert answer.status_code == 422
    assert [item["field"] for item in answer.json()["detail"]] == ["1.direction"]
    assert not Interaction.objects.exists()


@pytest.mark.parametrize("count", [0, 1001])
def test_a_list_is_of_1_to_1000(pbx, count):
    answer = pbx.post([CALL | {"reference": str(number)} for number in range(count)])
    assert answer.status_code == 422
    assert not Interaction.objects.exists()


def test_1000_at_once_are_taken(pbx):
    assert len(pbx.post([CALL | {"reference": str(number)} for number in range(1000)]).json()) == 1000


@pytest.mark.parametrize(
    ("change", "field", "message"),
    [
        ({"reference": ""}, "reference", "at least 1 character"),
        ({"reference": "a\nb"}, "reference", "control characters"),
        ({"started_at": "2026-11-23T09:30:00"}, "started_at", "timezone"),
        ({"started_at": "soon"}, "started_at", "datetime"),
        ({"ended_at": "2026-11-23T09:00:00Z"}, "ended_at", "before started_at"),
        ({"answered_at": "2026-11-23T09:00:00Z"}, "answered_at", "before started_at"),
        ({"waiting_seconds": -1}, "waiting_seconds", "greater than or equal to 0"),
        ({"waiting_seconds": 10**9}, "waiting_seconds", "less than or equal"),
        ({"recording_url": "javascript:alert(1)"}, "recording_url", "http(s)"),
        ({"customer_email": "nobody"}, "customer_email", "e-mail"),
        ({"flow": "pigeon"}, "flow", "'voice', 'email' or 'messaging'"),
        ({"channel": "chat"}, "channel", "leave it out"),
        ({"kind": "busy"}, "kind", "missed or canceled only"),
        ({"kind": "asleep"}, "kind", "abandoned"),
        ({"customer_phone": "1" * 51}, "customer_phone", "at most 50"),
        ({"colour": "red"}, "colour", "not permitted"),
        ({"extra": {"a": "x" * 17000}}, "extra", "at most 16384"),
        ({"extra": {"a": "\0"}}, "extra", "zero bytes"),
        ({"extra": [1]}, "extra", "dict"),
    ],
)
def test_what_is_wrong_is_named_and_nothing_is_kept(pbx, change, field, message):
    answer = pbx.post(CALL | change)
    assert answer.status_code == 422
    (validation_error,) = answer.json()["detail"]
    assert validation_error["field"] == field
    assert message in validation_error["message"]
    assert not Interaction.objects.exists()


def test_a_complaint_does_not_repeat_what_was_sent(pbx):
    answer = pbx.post(CALL | {"customer_email": "marie at curie dot fr"})
    assert b"marie" not in answer.content


def test_the_words_of_the_seed_are_understood(pbx):
    assert pbx.post(CALL | {"direction": "Inbound", "status": "Completed", "flow": "Voice"}).status_code == 201


def test_a_missed_call_says_why_nobody_talked_until_somebody_does(pbx):
    missed = pbx.post(CALL | {"status": "missed", "kind": "Voicemail", "answered_at": None})
    assert missed.status_code == 201
    call = Interaction.objects.get()
    assert (call.status, call.kind) == ("missed", "voicemail")
    assert pbx.patch(call.pk, {"status": "completed"}).json()["kind"] == ""
    assert Interaction.objects.get().kind == ""


def test_a_late_repeat_that_says_why_nobody_talked_changes_no_completed_call(pbx):
    pbx.post(CALL)
    again = pbx.post(CALL | {"status": "missed", "kind": "busy"})
    assert (again.status_code, again.json()["created"]) == (200, False)
    call = Interaction.objects.get()
    assert (call.status, call.kind, call.version) == ("completed", "", 1)


def test_a_message_has_a_channel(pbx):
    assert pbx.post(CALL | {"flow": "messaging", "channel": "WhatsApp"}).status_code == 201
    assert Interaction.objects.get().channel == "whatsapp"


def test_the_agent_is_a_user_by_his_username(pbx, omar):
    pbx.post(CALL | {"agent": "Omar@Acme.example"})
    assert Interaction.objects.get().agent == omar


def test_an_unknown_agent_loses_nothing_and_is_told(pbx):
    answer = pbx.post(CALL | {"agent": "who@acme.example"})
    assert answer.status_code == 201
    assert "agent" in answer.json()["warnings"][0]
    assert Interaction.objects.get().agent_email == "who@acme.example"


def test_a_change_is_applied_and_shown(pbx):
    number = pbx.post(CALL).json()["id"]
    answer = pbx.patch(number, {"recording_url": "https://pbx.example/1.mp3", "qualification": "sold"})
    assert answer.status_code == 200
    assert (answer.json()["recording_url"], answer.json()["version"]) == ("https://pbx.example/1.mp3", 2)


def test_a_change_that_changes_nothing_grows_no_version(pbx):
    number = pbx.post(CALL | {"queue": "sales"}).json()["id"]
    assert pbx.patch(number, {"queue": "sales"}).json()["version"] == 1


def test_a_change_can_clear(pbx):
    number = pbx.post(CALL | {"queue": "sales"}).json()["id"]
    assert pbx.patch(number, {"queue": ""}).json()["queue"] == ""


def test_a_finished_interaction_stays_finished(pbx):
    number = pbx.post(CALL).json()["id"]
    answer = pbx.patch(number, {"status": "ringing"})
    assert answer.status_code == 409
    (validation_error,) = answer.json()["detail"]
    assert validation_error["field"] == "status"
    assert "stays so; nothing was changed." in validation_error["message"]


@pytest.mark.parametrize(("field", "value"), [("ended_at", "2026-11-23T09:00:00Z"), ("channel", "chat")])
def test_a_change_that_contradicts_is_refused(pbx, field, value):
    number = pbx.post(CALL).json()["id"]
    answer = pbx.patch(number, {field: value})
    assert answer.status_code == 409
    assert answer.json()["detail"][0]["field"] == field
    assert Interaction.objects.get().version == 1


@pytest.mark.parametrize("change", [{}, {"reference": "r2"}, {"source": "x"}, [], {"queue": None}])
def test_what_may_not_be_changed_is_refused(pbx, change):
    number = pbx.post(CALL).json()["id"]
    assert pbx.patch(number, change).status_code == 422


def test_a_browser_can_read_how_it_works_from_here_alone(client):
    page = client.get("/api/v1/docs").content.decode()
    assert "swagger-ui" in page
    assert "http://" not in page
    assert "https://" not in page
    schema = client.get("/api/v1/openapi.json").json()
    assert {"/api/v1/interactions", "/api/v1/interactions/{interaction_id}"} == set(schema["paths"])
    assert schema["components"]["securitySchemes"]["Key"]["scheme"] == "bearer"
