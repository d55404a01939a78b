from __future__ import annotations

import pytest

from integrations.zoho_desk import preset

RECORDING = "{{interaction.recording_url}}"


def fields_of(objects, api_name):
    return {field.api_name: field for entry in objects if entry.api_name == api_name for field in entry.fields}


def test_the_objects_and_fields_of_the_seed_are_there_with_the_department_besides():
    objects = preset.objects(None)
    assert set(fields_of(objects, "contacts")) == {"firstName", "lastName", "phone", "mobile", "email"}
    assert set(fields_of(objects, "calls")) == {
        "contactId", "departmentId", "direction", "duration", "subject", "startTime", "status", "cf_recording_url",
    }  # fmt: skip


def test_what_a_caller_is_known_by_is_searchable():
    searchable = {name for name, field in fields_of(preset.objects(None), "contacts").items() if field.searchable}
    assert searchable == {"phone", "mobile", "email"}


def test_the_form_of_the_seed_is_filled_in():
    templates = {name: field.template for name, field in fields_of(preset.objects(None), "calls").items()}
    assert templates == {
        "contactId": "{{card.id}}",
        "departmentId": "{{crm.department_id}}",
        "direction": "{{interaction.direction}}",
        "duration": "{{interaction.duration}}",
        "subject": "{{interaction.subject}}",
        "startTime": "{{interaction.started_at|date.utc}}",
        "status": "Completed",
        "cf_recording_url": RECORDING,
    }


@pytest.mark.parametrize("name", ["cf_recording_url", "cf_recordingurl", "cf_link"])
def test_the_recordings_field_is_known_by_its_name_or_its_label(customer, connection, name):
    customer.zoho.set_knobs(recording_field=name)
    field = fields_of(customer.vendor.schema.preset(connection), "calls")[name]
    assert (field.default, field.template) == ("--", RECORDING)


@pytest.mark.parametrize(
    ("custom_fields", "name", "default"), [(True, "cf_recording_url", "--"), (False, "recordingUrl", "")]
)
def test_the_recordings_link_goes_where_the_portal_has_a_field_for_it(
    customer, connection, custom_fields, name, default
):
    customer.zoho.set_knobs(custom_fields=custom_fields)
    field = fields_of(customer.vendor.schema.preset(connection), "calls")[name]
    assert (field.default, field.template, field.required) == (default, RECORDING, False)


def test_a_portal_that_cannot_be_asked_gets_the_seeds_own_fields(customer, connection):
    customer.zoho.fault("forbidden", "GET", "/api/v1/fields")
    assert "cf_recording_url" in fields_of(customer.vendor.schema.preset(connection), "calls")
    assert "cf_recording_url" in fields_of(customer.vendor.schema.preset(None), "calls")
