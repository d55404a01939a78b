"""Every refusal of the public API has one form, and says what to do."""

from __future__ import annotations

import json

import pytest

from interactions import keys
from interactions.models import Interaction
from tests.interactions.source import CALL, URL, Source

pytestmark = pytest.mark.django_db


@pytest.fixture
def pbx(client):
    return Source(client)


def only(answer):
    """The one problem that is told."""
    [problem] = answer.json()["detail"]
    assert set(problem) == {"field", "message"}
    return problem


@pytest.mark.parametrize(
    ("body", "where"),
    [
        ("{", "line 1, column 2"),
        (json.dumps(CALL, indent=1)[:-1] + ",}", "line 8"),
        ("[" * 100_000, "nested too deep"),
        (b'{"reference": "\xff"}', "byte 15"),
        ('{"extra": {"n": ' + "1" * 5_000 + "}}", "too many digits"),
        ("reference=r1", "line 1, column 1"),
    ],
)
def test_a_body_that_is_not_json_is_told_where_and_what_to_do(pbx, body, where):
    answer = pbx.post(body)
    assert answer.status_code == 400
    assert only(answer)["field"] == "body"
    assert where in only(answer)["message"]
    assert "Nothing was kept; correct it and send the request again." in only(answer)["message"]


def test_an_empty_body_is_told_so(pbx):
    answer = pbx.post("")
    assert answer.status_code == 422
    assert only(answer) == {"field": "body", "message": "The body is empty: send JSON."}


@pytest.mark.parametrize("body", [None, 1, "text", True, float("nan")])
def test_json_of_another_form_is_refused_as_a_whole(pbx, body):
    answer = pbx.post(json.dumps(body))
    assert answer.status_code == 422
    assert only(answer)["field"] == "body"
    assert "should be an object" in only(answer)["message"]


@pytest.mark.parametrize("item", [1, [CALL], None])
def test_an_item_that_is_no_object_is_told_by_its_place(pbx, item):
    answer = pbx.post([CALL, item])
    assert answer.status_code == 422
    assert only(answer)["field"] == "1"


def test_two_values_that_contradict_are_told_at_the_one_to_correct(pbx):
    answer = pbx.post([CALL, CALL | {"reference": "r2", "channel": "chat"}])
    assert only(answer)["field"] == "1.channel"
    assert not Interaction.objects.exists()


def test_a_body_that_is_too_large_is_refused(pbx):
    answer = pbx.post(" " * (2 * 1024 * 1024 + 1))
    assert answer.status_code == 413
    assert "fewer interactions" in only(answer)["message"]


def test_a_wrong_key_is_told_how_one_comes(client):
    answer = client.post(URL, "{}", content_type="application/json", headers={"Authorization": "Bearer dk_wrong"})
    assert answer.status_code == 401
    assert only(answer)["field"] == "Authorization"
    assert "API keys" in only(answer)["message"]


def test_too_many_wrong_keys_are_told_to_wait(client):
    for _try in range(keys.MOST_FAILURES + 1):
        answer = client.get(f"{URL}/1", headers={"Authorization": "Bearer dk_wrong"})
    assert answer.status_code == 429
    assert "Wait a minute" in only(answer)["message"]


def test_an_unknown_interaction_is_told_in_the_same_form(pbx):
    answer = pbx.get(1)
    assert answer.status_code == 404
    assert only(answer)["field"] == "interaction_id"


@pytest.mark.parametrize("method", ["get", "post"])
def test_an_address_that_the_api_does_not_have_is_answered_to_a_program(client, method):
    answer = getattr(client, method)(f"{URL}/")
    assert answer.status_code == 404
    assert "/api/v1/docs" in only(answer)["message"]


def test_the_page_of_the_api_tells_the_form_of_refusals(client):
    schema = client.get("/api/v1/openapi.json").json()
    answers = schema["paths"]["/api/v1/interactions"]["post"]["responses"]
    assert {"400", "401", "413", "422", "429"} <= set(answers)
    assert set(schema["components"]["schemas"]["Problem"]["properties"]) == {"field", "message"}
