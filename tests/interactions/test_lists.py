"""Lists of interactions: each is answered by itself, and a long list costs no more statements than a short one."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from interactions.actions import deletion
from interactions.models import Delivery, Installation, Interaction
from tests.interactions.source import CALL, Source

pytestmark = pytest.mark.django_db


@pytest.fixture
def pbx(client, crm):
    Installation.load()
    return Source(client)


def call(reference, **more):
    return CALL | {"reference": reference} | more


def statements(captured):
    """Those that ask or tell something; transactions aside."""
    aside = ("BEGIN", "SAVEPOINT", "RELEASE", "COMMIT", "ROLLBACK")
    return [one["sql"] for one in captured.captured_queries if not one["sql"].startswith(aside)]


def test_a_wrong_item_does_not_lose_the_others(pbx):
    answer = pbx.post([call("a"), call("b", direction="sideways"), 7, call("c")])
    assert answer.status_code == 207
    one, two, three, four = answer.json()
    assert (one["reference"], one["created"], four["reference"], four["created"]) == ("a", True, "c", True)
    assert (two["reference"], two["refused"], [each["field"] for each in two["detail"]]) == ("b", True, ["direction"])
    assert (three["reference"], three["refused"]) == ("", True)
    assert list(Interaction.objects.order_by("reference").values_list("reference", flat=True)) == ["a", "c"]
    assert Delivery.objects.count() == 2


def test_a_repeat_that_contradicts_is_refused_by_itself_and_changes_nothing(pbx):
    pbx.post(call("known", started_at="2026-11-23T10:00:00Z", ended_at=None))
    earlier = call("known", started_at="2026-11-23T09:00:00Z", ended_at="2026-11-23T09:30:00Z")
    answer = pbx.post([call("new"), earlier, call("newer")])
    assert answer.status_code == 207
    assert [one.get("refused", False) for one in answer.json()] == [False, True, False]
    assert [one["field"] for one in answer.json()[1]["detail"]] == ["ended_at"]
    assert Interaction.objects.get(reference="known").ended_at is None


def test_a_deleted_one_says_so_beside_the_others(pbx, ada):
    pbx.post([call("gone"), call("stays")])
    Delivery.objects.all().delete()
    deletion.delete(Interaction.objects.filter(reference="gone"), ada)
    answer = pbx.post([call("stays"), call("gone"), call("new")])
    assert answer.status_code == 201
    assert [(one["created"], one.get("deleted", False)) for one in answer.json()] == [
        (False, False), (False, True), (True, False),
    ]  # fmt: skip
    assert Interaction.objects.filter(reference="gone").count() == 0


def test_an_unknown_field_is_told_of_each_item_however_many_have_one(pbx):
    answer = pbx.post([call(f"r{number}", strange=1) for number in range(60)])
    assert all(one["refused"] and one["detail"][0]["field"] == "strange" for one in answer.json())
    assert not Interaction.objects.exists()


def test_one_post_costs_four_statements(pbx, omar):
    pbx.post(call("before", agent=omar.username))
    for item in (call("a"), call("b", agent=omar.username)):
        with CaptureQueriesContext(connection) as captured:
            assert pbx.post(item).status_code == 201
        assert len(statements(captured)) <= 4, statements(captured)
    with CaptureQueriesContext(connection) as captured:
        assert pbx.post(call("a")).status_code == 200
    assert len(statements(captured)) <= 4, statements(captured)


@pytest.mark.parametrize("repeated", [False, True], ids=["new", "known"])
def test_a_long_list_costs_no_more_statements_than_a_short_one(pbx, omar, repeated):
    counts = []
    for size in (10, 300):
        items = [call(f"{size}-{number}", agent=omar.username) for number in range(size)]
        if repeated:
            pbx.post(items)
        with CaptureQueriesContext(connection) as captured:
            assert pbx.post(items).status_code == (200 if repeated else 201)
        counts.append(len(statements(captured)))
    in_parts = 8 if connection.vendor == "sqlite" else 0  # Django gives SQLite 999 values in one statement
    assert counts[0] <= 6
    assert counts[1] <= counts[0] + in_parts
    assert Delivery.objects.count() == 310


@pytest.mark.django_db(transaction=True)
def test_an_agent_who_was_deleted_a_moment_ago_loses_no_interaction(pbx, omar):
    username = omar.username
    pbx.post(call("before", agent=username))
    omar.delete()
    answer = pbx.post(call("after", agent=username))
    assert answer.status_code == 201
    assert "nobody here has this username" in answer.json()["warnings"][0]


@pytest.mark.parametrize("reference", ["\ud800", "a\0b", "x" * 100_000, 7, None, ["a"], {"a": 1}])
def test_a_reference_that_is_none_is_told_as_none(pbx, reference):
    answer = pbx.post([call("good"), call(reference)])
    assert answer.status_code == 207
    assert [one.get("refused", False) for one in answer.json()] == [False, True]
    assert len(answer.content) < 2_000
