"""Who may delete what is not written yet, what the page says, and what takes no call along."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.utils import timezone

from crm.models import CRM, Assignment
from interactions.models import ApiKey, Delivery, DeliveryState, Interaction
from tests.interactions.deleting import LIST, delete, delete_selected, text_of
from tests.interactions.source import CALL, Source
from tests.interactions.steps import post, work
from users.models import User

pytestmark = pytest.mark.django_db

NEEDS_THE_RIGHT = ("pending", "unknown", "waiting", "held", "dead")
NEEDS_NONE = ("delivered", "skipped", "discarded")


@pytest.fixture
def source(client, crm):
    return Source(client)


@pytest.fixture
def deleter(omar):
    """May delete interactions, but not discard deliveries."""
    assert omar.role
    omar.role.permissions.add(Permission.objects.get(codename="delete_interaction"))
    browser = Client()
    browser.force_login(omar)
    return browser


@pytest.mark.parametrize("way", [delete, delete_selected])
@pytest.mark.parametrize("state", NEEDS_THE_RIGHT)
def test_what_is_not_written_is_deleted_by_those_alone_who_may_discard(source, maker, deleter, state, way):
    source.post(CALL)
    Delivery.objects.move(state=state)
    interaction = Interaction.objects.get()
    page = text_of(way(deleter, interaction))
    assert Interaction.objects.exists()
    assert Delivery.objects.get().state == state
    assert "Can discard deliveries" in page
    way(maker, interaction)
    assert not Interaction.objects.exists()


@pytest.mark.parametrize("way", [delete, delete_selected])
@pytest.mark.parametrize("state", NEEDS_NONE)
def test_what_is_settled_is_deleted_by_whoever_may_delete(source, deleter, state, way):
    source.post(CALL)
    Delivery.objects.move(state=state)
    way(deleter, Interaction.objects.get())
    assert not Interaction.objects.exists()


def test_a_call_under_way_is_to_be_written_too(source, deleter, maker):
    """The trick: delete it while it rings, and its end makes no record."""
    source.post(CALL | {"status": "ringing", "ended_at": None})
    assert "Can discard deliveries" in text_of(delete(deleter))
    assert Interaction.objects.exists()
    delete(maker)
    assert source.post(CALL).json()["deleted"]
    assert not Delivery.objects.exists()


def test_of_a_selection_all_go_or_none(source, deleter):
    for reference in ("r1", "r2"):
        source.post(CALL | {"reference": reference})
    Delivery.objects.filter(interaction__reference="r1").move(state="delivered")
    page = text_of(delete_selected(deleter, *Interaction.objects.all()))
    assert Interaction.objects.count() == 2
    assert "r2" in page


@pytest.mark.parametrize("way", [delete, delete_selected])
def test_what_a_worker_sends_does_not_vanish_under_it(source, maker, vendor, way):
    source.post(CALL)
    pages = []

    def meanwhile(kind):
        if kind == "create":
            pages.append(text_of(way(maker, Interaction.objects.get())))

    vendor.before = meanwhile
    work()
    assert "is being sent" in pages[0]
    assert Delivery.objects.get().state == DeliveryState.DELIVERED
    assert len(vendor.calls()) == 1


def test_what_a_worker_left_behind_can_be_deleted(source, maker):
    source.post(CALL)
    Delivery.objects.move(state="sending", lease_expires_at=timezone.now() - timedelta(seconds=1))
    delete(maker)
    assert not Interaction.objects.exists()


def test_the_page_tells_what_is_lost_and_what_a_repeat_does(source, maker):
    source.post(CALL)
    Delivery.objects.move(state="held")
    interaction = Interaction.objects.get()
    selected = {"action": "delete_selected", "_selected_action": [interaction.pk]}
    for page in (maker.get(f"{LIST}{interaction.pk}/delete/"), maker.post(LIST, selected)):
        text = text_of(page)
        assert "Calls of desk: Held" in text
        assert "never will be" in text
        assert "If its source sends it again" in text
    assert Interaction.objects.exists()


def test_a_call_can_be_deleted_though_nothing_was_to_be_written(source, deleter):
    Assignment.objects.all().delete()
    post()
    delete(deleter)
    assert not Interaction.objects.exists()


@pytest.mark.parametrize("what", ["rule", "crm", "user", "key", "method"])
def test_no_other_deletion_takes_a_call_along(source, maker, method, ada, what):
    agent = User.objects.create_user("grace@acme.example")
    source.post(CALL | {"agent": agent.username})
    work()
    rule, crm = Assignment.objects.get(), CRM.objects.get()
    addresses = {
        "rule": f"crm/assignment/{rule.pk}",
        "crm": f"crm/crm/{crm.pk}",
        "user": f"users/user/{agent.pk}",
        "key": f"interactions/apikey/{ApiKey.objects.get().pk}",
        "method": f"authmethods/authenticationmethod/{method.pk}",
    }
    if what == "method":
        CRM.objects.update(method=None)
    assert maker.post(f"/maker/{addresses[what]}/delete/", {"post": "yes"}).status_code == 302
    assert Interaction.objects.count() == Delivery.objects.count() == 1
    assert Delivery.objects.get().remote_id
