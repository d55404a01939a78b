"""A CRM whose cards are kept here, with contacts and calls."""

from __future__ import annotations

import pytest

from crm.models import CRM, Assignment, CRMField, CRMObject, FieldType, FormValue, Kind

CONTACT_FIELDS = (
    ("lastName", FieldType.SHORT_TEXT, "{{interaction.customer_name}}"),
    ("phone", FieldType.PHONE, "{{interaction.customer_phone}}"),
    ("email", FieldType.EMAIL, "{{interaction.customer_email}}"),
)
CALL_FIELDS = (
    ("contactId", FieldType.SHORT_TEXT, "{{card.id}}"),
    ("subject", FieldType.SHORT_TEXT, "{{interaction.subject}}"),
    ("duration", FieldType.NUMBER, "{{interaction.duration}}"),
)


def context(**interaction):
    """What magic fields can name of an interaction of Claire's."""
    usual = {
        "customer_name": "Claire Martin",
        "customer_phone": "+33612345678",
        "customer_email": "",
        "subject": "Inbound call",
        "duration": 60,
    }
    return {"interaction": usual | interaction, "card": {"id": "7"}, "user": {}, "crm": {}}


def add_fields(target, fields):
    for position, (name, kind, template) in enumerate(fields):
        CRMField.objects.create(
            object=target, name=name, api_name=name, type=kind, template=template, position=position, in_list=True,
            searchable=True, required=name == "lastName",
        )  # fmt: skip


@pytest.fixture
def local(db):
    crm = CRM.objects.create(name="Here", reference="here", kind=Kind.LOCAL, integration="")
    add_fields(CRMObject.objects.create(crm=crm, name="Contacts", api_name="contacts"), CONTACT_FIELDS)
    calls = CRMObject.objects.create(crm=crm, name="Calls", api_name="calls", is_card=False, priority=2)
    add_fields(calls, CALL_FIELDS)
    return crm


@pytest.fixture
def contacts(local):
    return local.crm_objects.get(api_name="contacts")


@pytest.fixture
def calls(local):
    return local.crm_objects.get(api_name="calls")


@pytest.fixture
def rule(calls):
    rule = Assignment.objects.create(target=calls, name="Every call")
    for field in calls.fields.all():
        FormValue.objects.create(assignment=rule, field=field, template=field.template)
    return rule
