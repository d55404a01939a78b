"""What a worker believes for the length of a batch, and what it notices within one all the same."""

from __future__ import annotations

import pytest

from authmethods import status
from authmethods.models import AuthenticationMethod
from authmethods.models import Status as MethodStatus
from crm.models import CRM, Assignment, FormValue
from integrations.types import Budget
from interactions.delivery import deliver
from interactions.delivery.batch import Batch
from interactions.models import Delivery, DeliveryState
from interactions.queue import claim
from interactions.worker import drain
from tests.interactions.steps import make_method, post, work

pytestmark = pytest.mark.django_db(transaction=True)

STATEMENTS = 30
"""For a batch of twenty: transactions, the clock and what the batch shares included."""


@pytest.fixture
def customer(crm, vendor):
    """Known here already: nothing but the call is asked for."""
    post("r0")
    work()
    vendor.journal.clear()


@pytest.fixture
def on_first_create(vendor):
    """Something happens while the first call of the batch is being sent."""

    def order(happens):
        def before(kind):
            vendor.before = lambda kind: None
            happens()

        vendor.before = before

    return order


def in_one_batch(method, posts=2):
    """Two deliveries, both read before the first is sent."""
    for number in range(1, posts + 1):
        post(f"r{number}")
    claims = claim.take(method.pk)
    assert len(claims) == 2
    together = Batch(*claims)
    for one in claims:
        deliver.deliver(one, together)


def state(reference):
    return Delivery.objects.get(interaction__reference=reference).state


def test_a_batch_for_known_customers_costs_a_handful_of_statements(
    customer, method, vendor, django_assert_max_num_queries, monkeypatch
):
    monkeypatch.setattr(vendor, "budget", lambda location, edition: Budget(concurrency=20))
    for number in range(1, 21):
        post(f"r{number}")
    with django_assert_max_num_queries(STATEMENTS):
        drain.work(method.pk, 10.0)
    assert [kind for kind, _ in vendor.journal] == ["create"] * 20
    assert set(Delivery.objects.values_list("state", "attempts__outcome")) == {("delivered", "delivered")}


def test_a_rule_deleted_during_the_batch_writes_no_more(customer, method, rule, vendor, on_first_create):
    on_first_create(rule.delete)
    in_one_batch(method)
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


def test_a_crm_that_moves_during_the_batch_takes_along_what_was_not_sent(
    customer, method, other, vendor, on_first_create
):
    on_first_create(lambda: move(other))
    in_one_batch(method)
    work()
    assert [call["portal"] for call in vendor.calls()] == ["1", "1", "2"]
    moved = Delivery.objects.get(interaction__reference="r2")
    assert (moved.state, moved.method_id) == (DeliveryState.DELIVERED, other.pk)


def test_a_crm_that_moves_during_the_batch_is_reached_at_its_new_portal_by_every_rule(
    customer, method, other, rule, vendor, on_first_create
):
    second = Assignment.objects.create(target=rule.target, name="Second")
    FormValue.objects.bulk_create(
        FormValue(assignment=second, field=value.field, template=value.template) for value in rule.values.all()
    )
    on_first_create(lambda: move(other))
    in_one_batch(method, posts=1)
    assert [call["portal"] for call in vendor.calls()] == ["1", "1", "2"]


def test_a_method_stopped_during_the_batch_is_used_no_longer_than_a_token_is_believed(
    customer, method, vendor, on_first_create, monkeypatch
):
    on_first_create(lambda: status.disable(method))
    monkeypatch.setattr("interactions.delivery.batch.MOMENT_SECONDS", 0.0)
    in_one_batch(method)
    assert [kind for kind, _ in vendor.journal] == ["create"]
    assert state("r2") == DeliveryState.HELD


def test_a_form_changed_during_the_batch_counts_after_a_moment(customer, method, vendor, on_first_create, monkeypatch):
    values = FormValue.objects.filter(field__api_name="subject")
    on_first_create(lambda: values.update(template="Changed {{interaction.reference}}"))
    monkeypatch.setattr("interactions.delivery.batch.MOMENT_SECONDS", 0.0)
    in_one_batch(method)
    assert [call["subject"] for call in vendor.calls()] == ["Call r0", "Call r1", "Changed r2"]


def test_a_claim_that_was_lost_during_the_batch_sends_nothing(customer, method, vendor, on_first_create):
    taken = []

    def swept():
        Delivery.objects.filter(interaction__reference="r2").move(state=DeliveryState.PENDING)
        taken.extend(claim.take(method.pk))

    on_first_create(swept)
    in_one_batch(method)
    assert [kind for kind, _ in vendor.journal] == ["create"]
    assert state("r2") == DeliveryState.SENDING, "whoever holds it now goes on"
    deliver.deliver(taken[0])
    assert state("r2") == DeliveryState.DELIVERED


def test_a_method_that_is_enabled_again_during_the_batch_is_used_at_once(customer, method, vendor):
    AuthenticationMethod.objects.update(status=MethodStatus.NEEDS_RECONNECTION)
    for number in (1, 2):
        post(f"r{number}")
    Delivery.objects.filter(state=DeliveryState.HELD).move(state=DeliveryState.PENDING)
    first, second = claim.take(method.pk)
    together = Batch(first, second)
    deliver.deliver(first, together)
    AuthenticationMethod.objects.update(status=MethodStatus.ENABLED)
    deliver.deliver(second, together)
    assert (state("r1"), state("r2")) == (DeliveryState.HELD, DeliveryState.DELIVERED)


@pytest.mark.parametrize("alone", [True, False], ids=["nobody else waits", "others wait"])
def test_a_drain_goes_on_after_its_time_only_where_nobody_else_waits(crm, vendor, alone):
    for number in range(100):
        post(f"r{number}")
    drained = drain.work(crm.method_id, 0.05, stays=lambda: alone)
    assert (drained.tried == 100) is alone
