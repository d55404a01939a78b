from __future__ import annotations

import pytest

from crm import form
from crm.models import CRMField, FieldType
from tests.crm.conftest import context


def test_a_rule_fills_each_field_from_its_line(rule):
    assert form.fill(rule, context()) == {"contactId": "7", "subject": "Inbound call", "duration": 60}


def test_a_field_without_a_line_takes_its_default(rule, calls):
    CRMField.objects.create(object=calls, name="Recording", api_name="cf_url", type=FieldType.URL, default="--")
    assert form.fill(rule, context())["cf_url"] == "--"


def test_a_recording_that_arrived_takes_the_place_of_the_default(rule, calls):
    field = CRMField.objects.create(object=calls, name="Recording", api_name="cf_url", type=FieldType.URL, default="--")
    rule.values.create(field=field, template="{{interaction.recording_url}}")
    assert form.fill(rule, context(recording_url=""))["cf_url"] == "--"
    assert form.fill(rule, context(recording_url="https://pbx.example/1"))["cf_url"] == "https://pbx.example/1"


def test_every_field_that_cannot_be_filled_is_named_with_its_reason(rule, calls):
    calls.fields.filter(api_name="subject").update(required=True)
    with pytest.raises(form.FormError) as caught:
        form.fill(rule, context(subject="", duration="long"))
    assert set(caught.value.fields) == {"subject", "duration"}
    assert "required" in caught.value.fields["subject"]
    assert "number" in caught.value.fields["duration"]


def test_a_line_that_cannot_be_used_names_its_field(rule, calls):
    rule.values.filter(field__api_name="subject").update(template="{{interaction.subject()}}")
    with pytest.raises(form.FormError) as caught:
        form.fill(rule, context())
    assert set(caught.value.fields) == {"subject"}


def test_a_new_card_lacks_what_an_unknown_customer_lacks(contacts):
    assert form.new_card(contacts, context(customer_name="")) == {"phone": "+33612345678"}


def test_what_a_person_enters_is_checked_by_type_and_requirement(contacts):
    assert form.clean(contacts, {"lastName": " Martin ", "phone": "", "evil": "x"}) == {
        "lastName": "Martin",
        "phone": "",
        "email": "",
    }
    with pytest.raises(form.FormError) as caught:
        form.clean(contacts, {"lastName": "", "email": "nobody"})
    assert set(caught.value.fields) == {"lastName", "email"}


def test_a_partial_change_touches_the_fields_that_it_names(contacts):
    assert form.clean(contacts, {"email": "a@example.com"}, partial=True) == {"email": "a@example.com"}
