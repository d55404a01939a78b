"""A contact is made for nobody who has one, and for no call that could not be written."""

from __future__ import annotations

import pytest

from crm.models import CRMField, FormValue
from tests.interactions import steps
from tests.interactions.promise import post
from tests.interactions.steps import states, work

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("required_here", [True, False], ids=["by our form", "by Zoho alone"])
def test_ten_unknown_callers_leave_no_contact_where_the_form_names_nothing(acme, required_here):
    FormValue.objects.filter(field__api_name="subject").update(template="{{interaction.subjekt}}")
    CRMField.objects.filter(api_name="subject").update(required=required_here)
    before = len(acme.stand_in.records("eu", "acme", "contacts"))
    post(10, customers=10)
    work()
    assert states() == ["dead"] * 10
    assert len(acme.stand_in.records("eu", "acme", "contacts")) == before


def test_who_writes_from_his_second_address_gets_no_second_contact(acme):
    contacts = acme.stand_in.records("eu", "acme", "contacts")
    (known,) = [one for one in contacts if one["secondaryEmail"]]
    steps.post("mail", flow="email", customer_phone="", customer_email=known["secondaryEmail"])
    work()
    assert states() == ["delivered"]
    assert len(acme.stand_in.records("eu", "acme", "contacts")) == len(contacts)
    assert acme.stand_in.records("eu", "acme", "calls")[-1]["contactId"] == known["id"]


def test_three_withheld_callers_share_no_contact(acme):
    contacts = len(acme.stand_in.records("eu", "acme", "contacts"))
    for number in range(3):
        steps.post(f"withheld-{number}", customer_phone="0000000000")
    work()
    assert set(states()) == {"waiting"}
    assert len(acme.stand_in.records("eu", "acme", "contacts")) == contacts
