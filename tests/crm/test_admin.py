"""The Maker's pages of CRM v2, driven by plain forms."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from django.urls import reverse

from crm.models import CRM, Assignment, CRMField, Kind, LocalCard, ProfileAccess
from tests.maker.forms import filled
from users.models import Profile

LIST = "/maker/crm/crm/"


@pytest.fixture
def browser(client, ada):
    client.force_login(ada)
    return client


@pytest.fixture
def crm(zoho, browser, ada):
    method = zoho.method(by=ada)
    added = browser.post(
        f"{LIST}add/",
        {"name": "Zoho Desk", "reference": "zoho", "tags": "europe, sales", "kind": "integration",
         "integration": "zoho_desk", "method": method.pk, "on_none": "create", "on_several": "agent"},
    )  # fmt: skip
    crm = CRM.objects.get()
    assert added.headers["Location"] == f"{LIST}{crm.pk}/change/"
    return crm


@pytest.fixture
def ready(browser, crm):
    """With the recommended objects and fields."""
    done = browser.post(f"{LIST}{crm.pk}/recommended/")
    assert done.status_code == 302
    return crm


def test_objects_department_and_profiles_are_set_by_plain_forms(zoho, browser, ready):
    assert {o.api_name for o in ready.crm_objects.all()} == {"contacts", "calls"}
    page = browser.get(f"{LIST}{ready.pk}/change/")
    choices = dict(page.context["adminform"].form.fields["department_id"].choices)
    assert len(choices) > 1
    profile = Profile.objects.create(name="Agents")
    data = filled(browser, f"{LIST}{ready.pk}/change/") | {
        "department_id": list(choices)[1],
        "accesses-TOTAL_FORMS": 1,
        "accesses-0-profile": profile.pk,
        "accesses-0-order": 0,
        "accesses-0-may_create": "on",
        "accesses-0-crm": ready.pk,
    }
    saved = browser.post(f"{LIST}{ready.pk}/change/", data)
    assert saved.status_code == 302
    ready.refresh_from_db()
    assert ready.department_id == list(choices)[1]
    access = ProfileAccess.objects.get()
    assert (access.may_create, access.may_edit) == (True, False)


def test_a_rule_is_added_and_changed_by_plain_forms_and_its_history_tells(zoho, browser, ready):
    calls = ready.crm_objects.get(api_name="calls")
    address = f"/maker/crm/assignment/add/?target={calls.pk}"
    form = browser.get(address).context["adminform"].form
    assert form["value_startTime"].value() == "{{interaction.started_at|date.utc}}"
    data = {name: form[name].value() or "" for name in form.fields if name.startswith("value_")}
    data |= {"name": "Voice", "is_active": "on", "flows": ["voice"], "directions": ["inbound", "outbound"],
             "queues": "Support\nSales", "min_duration": "5",
             "value_subject": "{{interaction.direction}} call"}  # fmt: skip
    assert browser.post(address, data).status_code == 302
    rule = Assignment.objects.get()
    assert (rule.flows, rule.queues, rule.min_duration) == (["voice"], ["Support", "Sales"], 5)
    given = {value.field.api_name: value.template for value in rule.values.all()}
    assert given["subject"] == "{{interaction.direction}} call"
    assert given["contactId"] == "{{card.id}}"

    edit = f"/maker/crm/assignment/{rule.pk}/change/"
    form = browser.get(edit).context["adminform"].form
    assert form["queues"].value() == "Support\nSales"
    browser.post(edit, data | {"value_subject": "Call"})
    assert rule.values.get(field__api_name="subject").template == "Call"
    history = browser.get(f"/maker/crm/assignment/{rule.pk}/history/").content.decode()
    assert "{{interaction.direction}} call" in history


def test_adding_the_recommended_twice_adds_nothing_and_keeps_what_was_changed(browser, ready):
    CRMField.objects.filter(api_name="subject").update(name="Topic")
    before = CRMField.objects.count()
    browser.post(f"{LIST}{ready.pk}/recommended/")
    assert CRMField.objects.count() == before
    assert CRMField.objects.get(api_name="subject").name == "Topic"


def test_only_a_post_adds(browser, crm):
    browser.get(f"{LIST}{crm.pk}/recommended/")
    assert crm.crm_objects.count() == 0


def test_a_line_that_reads_more_than_magic_fields_is_refused_beside_it(browser, ready):
    calls = ready.crm_objects.get(api_name="calls")
    address = f"/maker/crm/assignment/add/?target={calls.pk}"
    form = browser.get(address).context["adminform"].form
    data = {name: form[name].value() or "" for name in form.fields if name.startswith("value_")}
    refused = browser.post(address, data | {"name": "x", "value_subject": "{{''.__class__}}"})
    assert refused.status_code == 200
    assert "value_subject" in refused.context["adminform"].form.errors
    assert Assignment.objects.count() == 0


def test_a_mandatory_line_and_a_senseless_duration_are_asked_for(browser, ready):
    calls = ready.crm_objects.get(api_name="calls")
    address = f"/maker/crm/assignment/add/?target={calls.pk}"
    refused = browser.post(address, {"name": "x", "min_duration": 9, "max_duration": 3})
    assert {"value_subject", "value_contactId", "max_duration"} <= set(refused.context["adminform"].form.errors)


def test_the_preview_shows_what_would_be_written_and_what_zoho_would_refuse(browser, ready):
    calls = ready.crm_objects.get(api_name="calls")
    lines = {
        "value_direction": "{{interaction.direction}}",
        "value_startTime": "yesterday",
        "value_subject": "{{interation.subject}}",
        "value_status": "<b>Completed</b>",
        "value_duration": "{{interaction.duration()}}",
    }
    page = browser.post(f"/maker/crm/assignment/preview/{calls.pk}/", lines).content.decode()
    assert "inbound" in page
    assert "date.utc" in page
    assert "interation.subject" in page
    assert "&lt;b&gt;Completed" in page
    assert "no calculation" in page
    assert Assignment.objects.count() == 0
    assert browser.get(f"/maker/crm/assignment/preview/{calls.pk}/").status_code == 405


def test_the_departments_can_be_typed_while_zoho_is_down(zoho, browser, ready):
    cache.clear()
    zoho.stand_in.fault("503", "GET", "/api/v1/departments", count=9)
    form = browser.get(f"{LIST}{ready.pk}/change/").context["adminform"].form
    assert "cannot be shown" in form.fields["department_id"].help_text
    data = filled(browser, f"{LIST}{ready.pk}/change/")
    assert browser.post(f"{LIST}{ready.pk}/change/", data | {"department_id": "12345"}).status_code == 302
    assert "department_id" in browser.post(
        f"{LIST}{ready.pk}/change/", data | {"department_id": "Support"}
    ).context["adminform"].form.errors  # fmt: skip


def test_only_enabled_methods_of_the_type_are_offered(zoho, browser, ada):
    enabled, disabled = zoho.method(by=ada), zoho.disabled_method(name="Other")
    form = browser.get(f"{LIST}add/").context["adminform"].form
    assert list(form.fields["method"].queryset) == [enabled]
    sent = browser.post(
        f"{LIST}add/", {"name": "x", "reference": "x", "kind": "integration", "integration": "zoho_desk",
                        "method": disabled.pk, "on_none": "create", "on_several": "agent"},
    )  # fmt: skip
    assert "method" in sent.context["adminform"].form.errors


@pytest.mark.parametrize(
    "wrong", [{"method": ""}, {"integration": ""}, {"reference": "with space"}, {"reference": "a/b"}]
)
def test_a_crm_that_could_not_work_is_refused_at_its_field(zoho, browser, ada, wrong):
    data = {"name": "x", "reference": "x", "kind": "integration", "integration": "zoho_desk",
            "method": zoho.method(by=ada).pk, "on_none": "create", "on_several": "agent"}  # fmt: skip
    sent = browser.post(f"{LIST}add/", data | wrong)
    assert set(sent.context["adminform"].form.errors) == set(wrong)


def test_a_local_crm_needs_no_method(browser):
    browser.post(
        f"{LIST}add/",
        {"name": "Here", "reference": "here", "kind": "local", "integration": "zoho_desk", "method": "",
         "on_none": "create", "on_several": "agent"},
    )  # fmt: skip
    crm = CRM.objects.get()
    assert (crm.kind, crm.integration, crm.method) == (Kind.LOCAL, "", None)
    page = browser.get(f"{LIST}{crm.pk}/change/")
    assert page.status_code == 200
    assert "department_id" not in page.context["adminform"].form.fields


def test_emptying_asks_for_the_reference(browser, local, contacts):
    LocalCard.objects.create(object=contacts, values={"lastName": "x"})
    refused = browser.post(f"{LIST}{local.pk}/empty/", {"reference": "there"})
    assert "not the reference" in refused.content.decode()
    assert LocalCard.objects.count() == 1
    browser.post(f"{LIST}{local.pk}/empty/", {"reference": "here"})
    assert LocalCard.objects.count() == 0


def test_a_vendors_crm_cannot_be_emptied(browser, crm):
    refused = browser.post(f"{LIST}{crm.pk}/empty/", {"reference": "zoho"})
    assert "kept in its portal" in refused.content.decode()


def test_the_list_is_searched_by_name_or_reference_and_filtered_by_tag(browser, crm, local):
    for query, names in (("q=zoho", ["Zoho Desk"]), ("q=HERE", ["Here"]), ("tag=europe", ["Zoho Desk"]), ("q=%25", [])):
        page = browser.get(f"{LIST}?{query}")
        assert [row.name for row in page.context["cl"].result_list] == names, query


def test_tags_are_edited_in_their_dialog(browser, crm):
    assert "europe" in browser.get(f"{LIST}{crm.pk}/tags/").content.decode()
    browser.post(f"{LIST}{crm.pk}/tags/", {"tags": "vip"})
    assert [tag.name for tag in crm.tags.all()] == ["vip"]


def test_a_duplicate_has_everything_but_profiles_and_cards_and_writes_nothing(browser, local, rule, contacts):
    rule.card_objects.add(contacts)
    browser.post(f"{LIST}{local.pk}/duplicate/")
    copy = CRM.objects.get(name="Here copy")
    assert copy.reference == "here-copy"
    assert [o.api_name for o in copy.crm_objects.all()] == ["contacts", "calls"]
    copied = Assignment.objects.get(target__crm=copy)
    assert not copied.is_active
    assert [value.template for value in copied.values.all()] == [value.template for value in rule.values.all()]
    assert [o.crm_id for o in copied.card_objects.all()] == [copy.pk]
    assert rule.values.count() == 3


def test_a_crm_that_profiles_show_is_not_deleted(browser, crm):
    profile = Profile.objects.create(name="Agents")
    ProfileAccess.objects.create(profile=profile, crm=crm)
    assert "Agents" in browser.get(f"{LIST}{crm.pk}/dependencies/").content.decode()
    browser.post(f"{LIST}{crm.pk}/delete/", {"post": "yes"})
    assert CRM.objects.exists()
    ProfileAccess.objects.all().delete()
    browser.post(f"{LIST}{crm.pk}/delete/", {"post": "yes"})
    assert not CRM.objects.exists()


def test_the_type_of_a_field_is_fixed_once_created(browser, local, calls):
    page = f"/maker/crm/crmobject/{calls.pk}/change/"
    data = filled(browser, page) | {"fields-0-type": "number", "fields-0-name": "Renamed"}
    assert browser.post(page, data).status_code == 302
    field = calls.fields.get(name="Renamed")
    assert field.type == "short_text"


def test_two_fields_of_one_api_name_or_an_unusable_pattern_are_refused(browser, local, calls):
    page = f"/maker/crm/crmobject/{calls.pk}/change/"
    data = filled(browser, page) | {"fields-0-pattern": "(?=a)b", "fields-1-api_name": "contactId"}
    refused = browser.post(page, data)
    assert refused.status_code == 200
    [inline] = refused.context["inline_admin_formsets"]
    assert "pattern" in inline.formset.errors[0]
    assert calls.fields.filter(api_name="contactId").count() == 1


def test_the_profile_page_shows_its_crms(browser, crm):
    profile = Profile.objects.create(name="Agents")
    address = f"/maker/users/profile/{profile.pk}/change/"
    data = filled(browser, address) | {
        "accesses-TOTAL_FORMS": 1, "accesses-0-crm": crm.pk, "accesses-0-order": 1, "accesses-0-may_edit": "on",
    }  # fmt: skip
    assert browser.post(address, data).status_code == 302
    assert profile.accesses.get().crm == crm


def test_a_rule_without_an_object_leads_to_the_crms(browser, db):
    for query in ("", "?target=", "?target=x", "?target=9999", "?target=99999999999999999999999"):
        assert browser.get(f"/maker/crm/assignment/add/{query}").headers["Location"] == reverse(
            "admin:crm_crm_changelist"
        )


def test_every_list_and_page_opens(browser, ready, rule):
    for address in (
        LIST, f"{LIST}add/", "/maker/crm/assignment/", "/maker/crm/crmobject/", f"{LIST}{ready.pk}/check/",
        f"{LIST}{ready.pk}/history/", f"/maker/crm/assignment/{rule.pk}/change/",
        f"/maker/crm/crmobject/{rule.target_id}/change/", f"{LIST}csv/import/", f"{LIST}csv/template/",
    ):  # fmt: skip
        assert browser.get(address).status_code == 200, address
