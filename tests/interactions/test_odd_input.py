"""What a source may send by mistake or by malice: refused in a sentence, never an error of the server."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client

from interactions.api import keys
from interactions.models import Interaction

pytestmark = [pytest.mark.django_db, pytest.mark.database]

CALL = {"reference": "r1", "flow": "voice", "direction": "inbound", "started_at": "2026-11-23T09:30:00Z"}


@pytest.fixture
def post(client: Client) -> Any:
    _key, text = keys.create("PBX", "pbx")
    client.raise_request_exception = False

    def send(body: dict[str, Any] | str) -> Any:
        headers = {"Authorization": f"Bearer {text}"}
        content = body if isinstance(body, str) else json.dumps(body)
        return client.post("/api/v1/interactions", content, content_type="application/json", headers=headers)

    return send


def nested(levels: int) -> dict[str, Any]:
    inner: dict[str, Any] = {}
    for _ in range(levels - 1):
        inner = {"a": inner}
    return inner


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("extra", {"x": float("nan")}, "NaN"),
        ("extra", {"x": [float("inf")]}, "Infinity"),
        ("extra", {"x": "\ud800"}, "surrogates"),
        ("extra", {"\udfff": "x"}, "surrogates"),
        ("extra", {"x": "a\0b"}, "zero bytes"),
        ("extra", nested(21), "deeper than 20 levels"),
        ("extra", {"x": "é" * 8_300}, "bytes of JSON"),
        ("customer_name", "\ud800", "unicode"),
        ("started_at", "0001-01-01T00:00:00+14:00", "between the years 1970 and 2999"),
        ("started_at", "9999-12-31T23:59:59-14:00", "between the years 1970 and 2999"),
        ("ended_at", "9999-12-31T23:59:59Z", "between the years 1970 and 2999"),
        ("started_at", 1e300, "datetime"),
    ],
)
def test_what_no_database_keeps_is_refused_in_a_sentence(post: Any, name: str, value: object, message: str) -> None:
    answer = post(CALL | {name: value})
    assert answer.status_code == 422, answer.content
    [validation_error] = answer.json()["detail"]
    assert validation_error["field"].startswith(name)
    assert message in validation_error["message"]
    assert not Interaction.objects.exists()


@pytest.mark.parametrize("levels", range(150, 1_000, 50))
def test_no_depth_of_json_is_an_error_of_the_server(post: Any, levels: int) -> None:
    # Written by hand: how deep Python's own encoder goes depends on who called it.
    deep = '{"a":' * levels + "{}" + "}" * levels
    assert post(json.dumps(CALL)[:-1] + f', "extra": {deep}}}').status_code in (400, 422)


def test_ordinary_extra_data_is_kept_as_it_was_sent(post: Any) -> None:
    extra = {"tags": ["é", {"b": [1, 2.5, None, True]}], "name": "😀", "deep": nested(18)}
    assert post(CALL | {"extra": extra}).status_code == 201
    assert Interaction.objects.get().extra == extra
