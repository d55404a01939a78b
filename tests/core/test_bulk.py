"""Many rows by one statement, on whichever database the suite runs."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from core.bulk import insert_each, update_each
from interactions.models import Delivery, DeliveryState, Interaction

pytestmark = [pytest.mark.django_db, pytest.mark.database]
NOW = timezone.now()


def interaction(reference, **more):
    usual = {"source": "pbx", "flow": "voice", "direction": "inbound", "started_at": NOW, "extra": {"a": [1, None]}}
    return Interaction(reference=reference, **(usual | more))


def test_rows_are_inserted_with_what_they_share_and_what_is_their_own():
    rows = [interaction(str(number), queue=f"q{number % 2}", ended_at=None) for number in range(30)]
    made = dict(insert_each(rows, returning=("reference", "id")))
    assert len(made) == 30
    found = {one.reference: one for one in Interaction.objects.all()}
    assert {one.reference: one.pk for one in found.values()} == made
    assert [found[str(number)].queue for number in range(3)] == ["q0", "q1", "q0"]
    assert {(one.source, one.started_at, one.ended_at, str(one.extra)) for one in found.values()} == {
        ("pbx", NOW, None, "{'a': [1, None]}")
    }


def test_what_python_takes_for_equal_and_json_does_not_stays_each_rows_own():
    given = {"one": {"vip": 1}, "true": {"vip": True}, "float": {"vip": 1.0}}
    insert_each([interaction(name, extra=extra) for name, extra in given.items()])
    found = dict(Interaction.objects.values_list("reference", "extra"))
    assert {name: repr(extra) for name, extra in found.items()} == {name: repr(extra) for name, extra in given.items()}


def test_one_row_and_none_are_inserted_too():
    assert insert_each([], returning=("id",)) == []
    assert insert_each([interaction("only")]) == []
    assert Interaction.objects.get().reference == "only"


def test_a_row_that_is_there_already_is_left_out_and_not_returned():
    insert_each([interaction("known", queue="first")])
    again = [interaction("known", queue="second"), interaction("new", queue="second")]
    assert [name for (name,) in insert_each(again, returning=("reference",), ignore_conflicts=True)] == ["new"]
    assert Interaction.objects.get(reference="known").queue == "first"


@pytest.fixture
def deliveries():
    insert_each([interaction(str(number)) for number in range(4)])
    rows = [
        Delivery(interaction=one, marker=f"DL-{one.reference}", fence=number, next_attempt_at=NOW)
        for number, one in enumerate(Interaction.objects.order_by("reference"))
    ]
    insert_each(rows)
    return list(Delivery.objects.order_by("marker"))


def test_each_row_gets_its_own_values_and_all_get_the_shared_ones(deliveries):
    given = [
        {"id": one.pk, "fence": one.fence, "sent_values": {"n": number}, "next_attempt_at": None, "reason": "same"}
        for number, one in enumerate(deliveries)
    ]
    assert update_each(Delivery, given, match=("id", "fence")) == {one.pk for one in deliveries}
    assert list(Delivery.objects.order_by("marker").values_list("sent_values", "next_attempt_at", "reason")) == [
        ({"n": number}, None, "same") for number in range(4)
    ]


def test_where_all_values_are_the_same_each_row_is_still_matched_by_its_own_key(deliveries):
    later = NOW + timedelta(hours=1)
    given = [{"id": one.pk, "fence": one.fence, "next_attempt_at": later} for one in deliveries[:2]]
    assert update_each(Delivery, given, match=("id", "fence")) == {one.pk for one in deliveries[:2]}
    assert set(Delivery.objects.filter(next_attempt_at=later)) == set(deliveries[:2])


def test_a_row_whose_fence_or_state_has_moved_on_stays_as_it_is(deliveries):
    Delivery.objects.filter(pk=deliveries[0].pk).update(fence=99)
    Delivery.objects.filter(pk=deliveries[1].pk).move(state=DeliveryState.DEAD)
    given = [{"id": one.pk, "fence": one.fence, "reason": "late"} for one in deliveries]
    held = update_each(Delivery, given, match=("id", "fence"), state=DeliveryState.PENDING)
    assert held == {deliveries[2].pk, deliveries[3].pk}
    assert set(Delivery.objects.filter(reason="late")) == {deliveries[2], deliveries[3]}


def test_what_can_be_null_is_matched_also_where_it_is(deliveries):
    given = [{"id": one.pk, "assignment": None, "reason": "none"} for one in deliveries]
    assert len(update_each(Delivery, given, match=("id", "assignment"))) == 4
