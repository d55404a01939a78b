"""The configuration against what the stand-in says of its portal."""

from __future__ import annotations

import pytest

from crm import departments, portal_check, recommended
from crm.models import CRM, Assignment, CRMField, FieldType
from integrations.errors import IntegrationError, NotSent


@pytest.fixture
def crm(zoho, ada):
    crm = CRM.objects.create(name="Zoho Desk", reference="zoho", method=zoho.method(by=ada))
    recommended.add_recommended(crm)
    crm.department_id = departments.of(crm).choices[0].value
    crm.save()
    return crm


@pytest.fixture
def calls(crm):
    return crm.crm_objects.get(api_name="calls")


def found(crm):
    return {(mismatch.object, mismatch.field) for mismatch in portal_check.run(crm)}


def test_the_recommended_configuration_fits(crm, calls):
    recommended.recommended_assignment(calls)
    assert portal_check.run(crm) == []


def test_a_crm_without_a_rule_is_told_that_nothing_would_be_written(crm):
    [mismatch] = portal_check.run(crm)
    assert "nothing would be written" in mismatch.problem
    assert "“Assign interactions” beside Calls" in mismatch.cure


def test_a_crm_whose_rules_are_inactive_is_told_so(crm, calls):
    rule = recommended.recommended_assignment(calls)
    Assignment.objects.update(is_active=False)
    [mismatch] = portal_check.run(crm)
    assert "inactive" in mismatch.problem
    assert rule.name in mismatch.cure


def test_a_department_that_is_not_there_is_told(crm, calls):
    recommended.recommended_assignment(calls)
    crm.department_id = "1"
    [mismatch] = portal_check.run(crm)
    assert mismatch.field == "Department"
    assert departments.of(crm).choices[0].label in mismatch.cure


def test_a_field_that_the_portal_lacks_or_writes_otherwise_is_told(crm, calls):
    CRMField.objects.create(object=calls, name="Mood", api_name="cf_mood")
    calls.fields.filter(api_name="subject").update(api_name="Subject")
    told = {(m.field, m.cure) for m in portal_check.run(crm)}
    assert any(field == "Mood" and "create the field there" in cure for field, cure in told)
    assert any("subject" in cure and "capital letters" in cure for field, cure in told)


def test_a_mandatory_field_that_is_missing_is_told(zoho, crm, calls):
    zoho.stand_in.set_knobs(mandatory_fields="cf_recording_url")
    calls.fields.filter(api_name="cf_recording_url").delete()
    assert ("Calls", "cf_recording_url") in found(crm)


def test_a_mandatory_field_that_a_rule_leaves_empty_is_told(crm, calls):
    rule = recommended.recommended_assignment(calls)
    rule.values.filter(field__api_name="subject").update(template="")
    assert ("Calls", "subject") in found(crm)


def test_a_text_that_zoho_would_refuse_is_told(crm, calls):
    rule = recommended.recommended_assignment(calls)
    rule.values.filter(field__api_name="status").update(template="Finished")
    assert ("Calls", "status") in found(crm) | {(o, f.lower()) for o, f in found(crm)}


def test_a_field_of_another_type_is_told(crm):
    contacts = crm.crm_objects.get(api_name="contacts")
    contacts.fields.filter(api_name="email").update(type=FieldType.NUMBER)
    assert ("Contacts", "Email") in found(crm)


def test_choices_and_constants_that_a_list_lacks_or_that_are_too_long_are_told(crm, calls):
    calls.fields.filter(api_name="direction").update(type=FieldType.LIST, choices=["inbound", "sideways"])
    rule = recommended.recommended_assignment(calls)
    rule.values.filter(field__api_name="subject").update(template="x" * 400)
    told = portal_check.run(crm)
    assert any("sideways" in mismatch.problem for mismatch in told)
    assert any("400 characters" in mismatch.problem and "300" in mismatch.cure for mismatch in told)


def test_an_object_that_zoho_does_not_have_is_told(crm, calls):
    recommended.recommended_assignment(calls)
    calls.api_name = "cases"
    calls.save()
    [mismatch] = portal_check.run(crm)
    assert mismatch.object == "Calls"
    assert "API name" in mismatch.cure


def test_an_empty_crm_is_told_to_add_objects(crm):
    crm.crm_objects.all().delete()
    assert "recommended" in portal_check.run(crm)[0].cure


def test_a_vendor_that_does_not_answer_is_an_error_not_an_empty_list(zoho, crm):
    zoho.stand_in.fault("503", "GET", "/api/v1/*", count=99)
    with pytest.raises(IntegrationError):
        portal_check.run(crm)


@pytest.mark.parametrize("path", ["/api/v1/fields", "/api/v1/layouts*"])
def test_trouble_with_one_answer_is_no_fault_of_the_object_and_hides_nothing(zoho, crm, path):
    """“Correct the API name, or delete it” would be a bad advice; and what was not read may be mandatory."""
    zoho.stand_in.fault("503", "GET", path)
    with pytest.raises(NotSent):
        portal_check.run(crm)


def test_fields_that_the_agent_may_not_read_are_told_with_zohos_code_and_the_right_cure(zoho, crm, calls):
    recommended.recommended_assignment(calls)
    zoho.stand_in.fault("forbidden", "GET", "/api/v1/fields")
    [mismatch] = portal_check.run(crm)
    assert mismatch.problem.endswith("(FORBIDDEN, HTTP 403)")
    assert "check again" in mismatch.cure
    assert "delete" not in mismatch.cure


def test_without_a_connection_the_general_recommendation_is_added(db):
    crm = CRM.objects.create(name="Zoho Desk", reference="later", integration="zoho_desk")
    recommended.add_recommended(crm)
    assert {target.api_name for target in crm.crm_objects.all()} == {"contacts", "calls"}


def test_the_departments_are_told_while_redis_is_away(crm, without_redis):
    assert departments.of(crm).choices


def test_a_pattern_that_is_not_applied_any_more_is_told(crm, calls):
    recommended.recommended_assignment(calls)
    calls.fields.filter(api_name="subject").update(pattern=r"(a)\1")
    [mismatch] = portal_check.run(crm)
    assert "not applied" in mismatch.problem
    assert "or clear it" in mismatch.cure
