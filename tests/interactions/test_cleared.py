"""What a source clears is cleared in Zoho Desk too, alone or beside something else."""

from __future__ import annotations

import pytest

from crm.models import Assignment, CRMField, FieldType, FormValue
from interactions.actions import changes
from interactions.api.schemas import InteractionChange
from interactions.models import Delivery, DeliveryState, Interaction
from tests.interactions.promise import assert_exactly_once, post
from tests.interactions.steps import work

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("name", ["description", "priority", "recordingUrl"])
@pytest.mark.parametrize("beside", [{}, {"recording_url": "https://pbx.example/1.mp3"}])
def test_a_value_that_a_source_clears_is_cleared_in_zoho(acme, name, beside):
    rule = Assignment.objects.get()
    field = CRMField.objects.create(object=rule.target, name=name, api_name=name, type=FieldType.SHORT_TEXT)
    FormValue.objects.create(assignment=rule, field=field, template="{{interaction.qualification}}")
    post(1, customers=1)
    change(qualification="sold")
    assert told(acme, name) == "sold"
    change(qualification="", **beside)
    assert Delivery.objects.get().state == DeliveryState.DELIVERED
    assert not told(acme, name)
    assert_exactly_once(acme, 1)


def change(**told):
    changes.change(Interaction.objects.get(), InteractionChange(**told))
    work()


def told(zoho, name):
    (call,) = [one for one in zoho.stand_in.records("eu", "acme", "calls") if "[DL-" in one["subject"]]
    return call[name]
