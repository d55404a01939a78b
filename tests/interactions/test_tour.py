"""What a worker believes for the length of a tour, and what it notices within one all the same."""

from __future__ import annotations

import pytest

from authmethods import status
from authmethods.models import AuthenticationMethod
from authmethods.models import Status as MethodStatus
from crm.models import CRM, Assignment, FormValue
from interactions import tasks
from interactions.engine import claim, deliver
from interactions.engine.tour import Tour
from interactions.models import Delivery, DeliveryState
from tests.interactions.steps import make_method, post, work

pytestmark = pytest.mark.django_db(transaction=True)

QUESTIONS = 14
"""Of the database for each delivery: transactions, the clock and its part of what the tour shares included."""


@pytest.fixture
def customer(crm, vendor):
    """Known here already: nothing but the call is asked for."""
    post("r0")
    work()
    vendor.journal.clear()


@pytest.fixture
def on_first_create(vendor):
    """Something happens while the first call of the tour is being sent."""

    def order(happens):
        def before(kind):
            vendor.before = lambda kind: None
            happens()

        vendor.before = before

    return order


def tour(method, posts=2):
    """Two deliveries, both read before the first is sent."""
    for number in range(1, posts + 1):
        post(f"r{number}")
    claims = claim.take(method.pk)
    assert len(claims) == 2
    together = Tour(*claims)
    for one in claims:
        deliver.deliver(one, together)


def state(reference):
    return Delivery.objects.get(interaction__reference=reference).state


def test_a_delivery_to_a_known_customer_asks_the_database_little(
    customer, method, vendor, django_assert_max_num_queries
):
    for number in range(1, 11):
        post(f"r{number}")
    with django_assert_max_num_queries(QUESTIONS * 10):
        tasks._shift(method.pk)
    assert [kind for kind, _ in vendor.journal] == ["create"] * 10


def test_a_rule_deleted_during_the_tour_writes_no_more(customer, method, rule, vendor, on_first_create):
    on_first_create(rule.delete)
    tour(method)
    assert [kind for kind, _ in vendor.journal] == ["create"]
    assert (state("r1"), state("r2")) == (DeliveryState.DELIVERED, DeliveryState.PENDING)
    work()
    assert state("r2") == DeliveryState.DEAD


@pytest.fixture
def other(method):
    """The method of another portal."""
    other = make_method("Other")
    AuthenticationMethod.objects.filter(pk=other.pk).update(organisation_id="2")
    return other


def move(other):
    crm = CRM.objects.get()
    crm.method = other
    crm.save()


def test_a_crm_that_moves_during_the_tour_takes_along_what_was_not_sent(
    customer, method, other, vendor, on_first_create
):
    on_first_create(lambda: move(other))
    tour(method)
    work()
    assert [call["portal"] for call in vendor.calls()] == ["1", "1", "2"]
    moved = Delivery.objects.get(interaction__reference="r2")
    assert (moved.state, moved.method_id) == (DeliveryState.DELIVERED, other.pk)


def test_a_crm_that_moves_during_the_tour_is_reached_at_its_new_portal_by_every_rule(
    customer, method, other, rule, vendor, on_first_create
):
    second = Assignment.objects.create(target=rule.target, name="Second")
    FormValue.objects.bulk_create(
        FormValue(assignment=second, field=value.field, template=value.template) for value in rule.values.all()
    )
    on_first_create(lambda: move(other))
    tour(method, posts=1)
    assert [call["portal"] for call in vendor.calls()] == ["1", "1", "2"]


def test_a_method_stopped_during_the_tour_is_used_no_longer_than_a_token_is_believed(
    customer, method, vendor, on_first_create, monkeypatch
):
    on_first_create(lambda: status.disable(method))
    monkeypatch.setattr("interactions.engine.tour.MOMENT", 0.0)
    tour(method)
    assert [kind for kind, _ in vendor.journal] == ["create"]
    assert state("r2") == DeliveryState.HELD


def test_a_form_changed_during_the_tour_counts_after_a_moment(customer, method, vendor, on_first_create, monkeypatch):
    values = FormValue.objects.filter(field__api_name="subject")
    on_first_create(lambda: values.update(template="Changed {{interaction.reference}}"))
    monkeypatch.setattr("interactions.engine.tour.MOMENT", 0.0)
    tour(method)
    assert [call["subject"] for call in vendor.calls()] == ["Call r0", "Call r1", "Changed r2"]


def test_a_claim_that_was_lost_during_the_tour_sends_nothing(customer, method, vendor, on_first_create):
    taken = []

    def swept():
        Delivery.objects.filter(interaction__reference="r2").update(state=DeliveryState.PENDING)
        taken.extend(claim.take(method.pk))

    on_first_create(swept)
    tour(method)
    assert [kind for kind, _ in vendor.journal] == ["create"]
    assert state("r2") == DeliveryState.SENDING, "whoever holds it now goes on"
    deliver.deliver(taken[0])
    assert state("r2") == DeliveryState.DELIVERED


def test_a_method_that_is_enabled_again_during_the_tour_is_used_at_once(customer, method, vendor):
    AuthenticationMethod.objects.update(status=MethodStatus.NEEDS_RECONNECTION)
    for number in (1, 2):
        post(f"r{number}")
    Delivery.objects.filter(state=DeliveryState.HELD).update(state=DeliveryState.PENDING)
    first, second = claim.take(method.pk)
    together = Tour(first, second)
    deliver.deliver(first, together)
    AuthenticationMethod.objects.update(status=MethodStatus.ENABLED)
    deliver.deliver(second, together)
    assert (state("r1"), state("r2")) == (DeliveryState.HELD, DeliveryState.DELIVERED)
