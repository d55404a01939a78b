"""A change whose answer was lost, and which was taken back before it was tried again."""

from __future__ import annotations

import pytest

from crm.models import CRMField, FormValue
from interactions.actions import changes
from interactions.api.schemas import InteractionChange
from interactions.models import Delivery, Interaction
from tests.interactions.promise import post
from tests.interactions.steps import settle, states, work
from tests.interactions.test_moved import call, recording

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def written(acme):
    post(1, customers=1)
    work()
    return acme


@pytest.mark.parametrize("first", ["https://pbx.example/one.mp3", ""])
def test_a_change_taken_back_after_a_lost_answer_is_taken_back_in_zoho(written, first):
    changes.change(Interaction.objects.get(), InteractionChange(recording_url=first))
    work()
    before = recording(written)
    written.stand_in.fault("lost_answer", "PATCH", f"/api/v1/calls/{call(written)['id']}")
    changes.change(Interaction.objects.get(), InteractionChange(recording_url="https://pbx.example/two.mp3"))
    work()
    assert recording(written) == "https://pbx.example/two.mp3"
    changes.change(Interaction.objects.get(), InteractionChange(recording_url=first))
    settle()
    assert states() == ["delivered"]
    assert recording(written) == before


def test_a_field_emptied_after_a_lost_answer_is_emptied_in_zoho(written):
    field = FormValue.objects.get(template="{{interaction.recording_url}}").field
    CRMField.objects.filter(pk=field.pk).update(default="")
    changes.change(Interaction.objects.get(), InteractionChange(queue="sales"))
    work()
    assert field.api_name not in Delivery.objects.get().sent_values
    written.stand_in.fault("lost_answer", "PATCH", f"/api/v1/calls/{call(written)['id']}")
    changes.change(Interaction.objects.get(), InteractionChange(recording_url="https://pbx.example/two.mp3"))
    work()
    changes.change(Interaction.objects.get(), InteractionChange(recording_url=""))
    settle()
    assert recording(written) in (None, "")
