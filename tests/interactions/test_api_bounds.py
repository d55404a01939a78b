"""What 2 MB of JSON may cost, whatever its shape: little time, little memory and a short answer."""

from __future__ import annotations

import io
import json
import re
from functools import partial
from pathlib import Path

import pytest
from django.core.handlers.asgi import ASGIRequest
from django.urls import resolve

from interactions.models import Interaction
from tests.cpu import within
from tests.interactions.source import CALL, Source

pytestmark = pytest.mark.django_db

SIZE = 2 * 1024 * 1024
SECONDS = 2.0
"""Of processor time; Python's own reading of 2 MB takes a tenth of it."""
LONGEST_ANSWER = 16_384
MEMORY = 130
"""MiB; 2 MB of empty lists take 45 of them once they are read."""


def wide(keys, name="k"):
    return {f"{name}{number}": 0 for number in range(keys)}


def filled(piece, opening="[", closing="]"):
    """As many pieces as 2 MB hold."""
    return opening + ",".join([piece] * ((SIZE - 2) // (len(piece) + 1))) + closing


FIELDS = (*CALL, "queue", "agent", "extra", "customer_email", "recording_url", "subject")
compact = partial(json.dumps, separators=(",", ":"))
WRONG = json.dumps({name: [] for name in FIELDS})
SHAPES = {
    "500 objects with 440 unknown keys": lambda: compact([wide(440, name="") for _ in range(500)]),
    "one object with 200,000 keys": lambda: json.dumps(wide(150_000)),
    "a good object with 200,000 keys more": lambda: json.dumps(CALL | wide(140_000)),
    "500 objects with every field wrong": lambda: f"[{','.join([WRONG] * 500)}]",
    "a huge key": lambda: json.dumps(CALL | {"x" * (SIZE - 300): 0}),
    "20 huge keys": lambda: json.dumps(CALL | {f"{number}{'x' * 100_000}": 0 for number in range(20)}),
    "a huge value": lambda: json.dumps(CALL | {"customer_phone": "9" * (SIZE - 300)}),
    "a huge value of the wrong type": lambda: json.dumps(CALL | {"started_at": ["x" * (SIZE - 300)]}),
    "a huge word": lambda: json.dumps(CALL | {"flow": "x y-z" * 400_000}),
    "a huge address": lambda: json.dumps(CALL | {"agent": "a@" * 1_000_000}),
    "a huge moment": lambda: json.dumps(CALL | {"started_at": "2026-11-23T09:30:00." + "0" * (SIZE - 300)}),
    "open brackets": lambda: "[" * SIZE,
    "open braces": lambda: '{"a":' * (SIZE // 5),
    "empty lists": lambda: filled("[]"),
    "empty objects": lambda: filled("{}"),
    "numbers": lambda: filled("1"),
    "one key again and again": lambda: filled('"a":1', "{", "}"),
    "numbers beyond all measure": lambda: filled("1e999999"),
    "a number of a million digits": lambda: json.dumps(CALL)[:-1] + ', "waiting_seconds": ' + "9" * 1_000_000 + "}",
    "a fraction of a million digits": lambda: json.dumps(CALL)[:-1] + ', "flow": 0.' + "9" * 1_000_000 + "}",
    "numbers of 4,000 digits": lambda: filled("9" * 4_000),
    "NaN": lambda: filled("NaN"),
    "wide extra data": lambda: json.dumps(CALL | {"extra": wide(140_000)}),
    "deep extra data": lambda: json.dumps(CALL)[:-1] + ', "extra": ' + '{"a":' * 900 + "{}" + "}" * 901,
    "extra data of lists": lambda: json.dumps(CALL)[:-1] + ', "extra": {"a": ' + filled("[[]]")[:-400] + "]}}",
    "halves of characters": lambda: filled('"\\ud800"'),
    "escapes": lambda: json.dumps(CALL | {"customer_name": "\u00e9" * 340_000}),
}  # fmt: skip


@pytest.fixture
def pbx(client):
    client.raise_request_exception = False
    return Source(client)


def cost(ask):
    """The answer, which must come in time, and how many MiB of memory it took at the most."""
    Path("/proc/self/clear_refs").write_text("5")  # the highest use of memory counts from now on
    before = memory("VmRSS")
    answer = within(SECONDS, ask)
    return answer, memory("VmHWM") - before


def memory(name):
    found = re.search(rf"{name}:\s+(\d+) kB", Path("/proc/self/status").read_text())
    assert found
    return int(found[1]) // 1024


OF_A_CHANGE = ("one object with 200,000 keys", "a huge key", "deep extra data", "numbers")


@pytest.mark.parametrize(
    ("method", "shape"), [*(("post", shape) for shape in SHAPES), *(("patch", shape) for shape in OF_A_CHANGE)]
)
def test_no_body_costs_much_time_or_memory_or_a_long_answer(pbx, shape, method):
    number = pbx.post(CALL).json()["id"]
    body = SHAPES[shape]()
    assert len(body) <= SIZE
    answer, most = cost(lambda: pbx.post_whole(body) if method == "post" else pbx.patch(number, body))
    assert answer.status_code in (400, 422), answer.content[:300]
    assert len(answer.content) < LONGEST_ANSWER
    assert most < MEMORY
    assert {tuple(problem) for problem in answer.json()["detail"]} == {("field", "message")}
    assert Interaction.objects.count() == 1


OF_LISTS = ("500 objects with 440 unknown keys", "500 objects with every field wrong", "numbers of 4,000 digits")


@pytest.mark.parametrize("shape", OF_LISTS)
def test_no_list_whose_items_are_checked_by_themselves_costs_much_either(pbx, shape):
    body = SHAPES[shape]()
    answer, most = cost(lambda: pbx.post(body))
    assert answer.status_code == 207
    assert len(answer.content) < 400 * len(answer.json())
    assert most < MEMORY
    assert not Interaction.objects.exists()


def test_the_first_20_problems_are_told_and_how_many_there_are(pbx):
    answer = pbx.post(CALL | wide(45) | {"flow": "pigeon"})
    assert answer.status_code == 422
    *told, rest = answer.json()["detail"]
    assert [problem["field"] for problem in told] == ["flow", *(f"k{number}" for number in range(19))]
    assert rest == {"field": "body", "message": "There are 46 problems; the first 20 are told. Correct these first."}


def test_of_a_list_that_is_kept_as_a_whole_all_problems_are_counted(pbx):
    answer = pbx.post_whole([CALL, CALL | wide(30) | {"flow": "pigeon"}, CALL | wide(15, name="other")])
    assert answer.json()["detail"][-1] == {
        "field": "body", "message": "There are 46 problems; the first 7 are told. Correct these first.",
    }  # fmt: skip


def test_20_problems_are_told_without_a_count(pbx):
    answer = pbx.post(CALL | wide(20))
    assert [problem["field"] for problem in answer.json()["detail"]] == [f"k{number}" for number in range(20)]


def test_a_long_name_is_cut_where_it_is_told(pbx):
    [problem] = pbx.post(CALL | {"x" * 1000: 0}).json()["detail"]
    assert problem["field"] == "x" * 99 + "…"


@pytest.mark.parametrize("method", ["get", "patch"])
@pytest.mark.parametrize("number", ["9" * 18, "9" * 25, "9" * 4000, "9" * 5000])
def test_a_number_that_no_interaction_has_is_not_found(pbx, method, number):
    answer = pbx.get(number) if method == "get" else pbx.patch(number, {"queue": "x"})
    assert answer.status_code == 404
    assert len(answer.content) < LONGEST_ANSWER


@pytest.mark.parametrize("query", ["x=" + "a" * 60_000, "&".join(f"k{number}=1" for number in range(5_000)), "%00=%ff"])
def test_no_query_string_costs_anything(pbx, query):
    number = pbx.post(CALL).json()["id"]
    answer = within(SECONDS, lambda: pbx.get(f"{number}?{query}"))
    assert answer.status_code == 200


def test_a_mistyped_address_is_repeated_in_its_beginning_only(pbx):
    answer = pbx.get("x" * 60_000)
    assert answer.status_code == 404
    assert len(answer.content) < 1_000


def test_a_body_whose_length_nobody_told_is_refused_when_it_is_too_large(pbx):
    """As it arrives in chunks from a server that does not count them."""
    body = io.BytesIO(b" " * (SIZE + 1))
    headers = [(b"content-type", b"application/json"), (b"authorization", f"Bearer {pbx.text}".encode())]
    scope = {"type": "http", "method": "POST", "path": "/api/v1/interactions", "query_string": b"", "headers": headers}
    answer = resolve("/api/v1/interactions").func(ASGIRequest(scope, body))
    assert answer.status_code == 413
