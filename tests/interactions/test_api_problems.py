"""Every refusal of the public API has one form, and says what to do."""

from __future__ import annotations

import json
import logging

import pytest
from django.db import connection

from interactions.api import keys
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
    answer = pbx.post_whole([CALL, item])
    assert answer.status_code == 422
    assert only(answer)["field"] == "1"


def test_two_values_that_contradict_are_told_at_the_one_to_correct(pbx):
    answer = pbx.post_whole([CALL, CALL | {"reference": "r2", "channel": "chat"}])
    assert only(answer)["field"] == "1.channel"
    assert not Interaction.objects.exists()


def test_a_repeat_that_contradicts_what_is_known_is_told_at_the_one_to_correct(pbx):
    """What it would fill does not fit what was kept before: a refusal, and no failure of ours."""
    known = CALL | {"started_at": "2026-11-23T10:00:00Z", "ended_at": None}
    earlier = CALL | {"started_at": "2026-11-23T09:00:00Z", "ended_at": "2026-11-23T09:30:00Z"}
    pbx.post(known)
    answer = pbx.post(earlier)
    assert answer.status_code == 409
    assert only(answer) == {"field": "ended_at", "message": "It is before started_at; nothing was changed."}
    answer = pbx.post_whole([CALL | {"reference": "r0"}, CALL | {"reference": "r2"}, earlier])
    assert (answer.status_code, only(answer)["field"]) == (409, "2.ended_at")
    assert Interaction.objects.get().ended_at is None, "a list was to be kept as a whole or not at all"


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
    assert {"400", "401", "405", "413", "422", "429", "500"} <= set(answers)
    assert set(schema["components"]["schemas"]["Problem"]["properties"]) == {"field", "message"}


@pytest.mark.parametrize(
    ("method", "address", "allowed"),
    [("put", URL, "POST"), ("get", URL, "POST"), ("delete", f"{URL}/1", "GET, PATCH"), ("options", URL, "POST")],
)
def test_a_method_that_an_address_does_not_take_is_told_which_it_takes(pbx, method, address, allowed):
    answer = getattr(pbx.client, method)(address)
    assert answer.status_code == 405
    assert set(answer.headers["Allow"].split(", ")) == set(allowed.split(", "))
    assert only(answer) == {
        "field": "method",
        "message": f"This address takes {allowed} only; nothing was kept. /api/v1/docs lists what there is.",
    }


def test_a_head_request_has_no_body_as_http_wants_it(pbx):
    answer = pbx.client.head(f"{URL}/1")
    assert (answer.status_code, answer.content) == (405, b"")


@pytest.mark.parametrize("host", ["testserver", "attacker.example"])
def test_what_is_refused_before_the_api_is_reached_has_the_same_form(client, host):
    """By Django itself: its root, which is no address, and a host name that is not ours."""
    answer = client.get("/api/v1/", headers={"Host": host})
    assert answer.status_code == (404 if host == "testserver" else 400)
    assert int(answer.headers["Content-Length"]) == len(answer.content)
    assert "attacker" not in only(answer)["message"]


@pytest.fixture
def logged(caplog):
    """What Django logs; its logger hands nothing on to the root's."""
    logger = logging.getLogger("django")
    logger.addHandler(caplog.handler)
    yield caplog
    logger.removeHandler(caplog.handler)


@pytest.mark.parametrize("debug", [False, True])
@pytest.mark.parametrize(
    "ask",
    [
        lambda pbx, number: pbx.get(number),
        lambda pbx, number: pbx.post(CALL),
        lambda pbx, number: pbx.patch(number, {"queue": "sales"}),
    ],
    ids=["get", "post", "patch"],
)
def test_a_database_that_refuses_is_no_secret_told_and_is_logged(pbx, logged, settings, ask, debug):
    settings.DEBUG = debug
    pbx.client.raise_request_exception = False
    number = pbx.post(CALL).json()["id"]
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE interactions_interaction RENAME TO interactions_away")
    answer = ask(pbx, number)
    assert answer.status_code == 500
    assert answer.headers["Content-Type"] == "application/json"
    assert only(answer)["field"] == "body"
    assert "send the same request again" in only(answer)["message"]
    for secret in ("interactions_", "table", "Traceback", CALL["customer_phone"], pbx.text):
        assert secret not in answer.content.decode()
    assert "interactions_interaction" in logged.text, "the cause is in the log"
    assert CALL["customer_phone"] not in logged.text


def test_a_page_for_people_stays_one(client):
    assert client.get("/nowhere").headers["Content-Type"].startswith("text/html")


@pytest.mark.parametrize("wanted", ["99999999999999999999999", "9" * 5_000, "0", "-1", "%00", "abc", "x" * 9_000])
def test_an_id_that_no_interaction_can_have_is_not_found(pbx, wanted):
    for answer in (pbx.get(wanted), pbx.patch(wanted, {"agent": "ada@acme.example"})):
        assert answer.status_code in (404, 422)
        assert answer.json()["detail"]
