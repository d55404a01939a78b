"""Who may do what with CRMs and their parts."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse

from crm.models import CRM, CRMObject, LocalCard
from tests.permissions import Case, check, pair_id, pairs
from users.models import User

SEE, CHANGE = "ada omar vera", "ada omar"


def crm(world):
    return [world["crm"].pk]


def rule(world):
    return [world["rule"].pk]


def target(world):
    return [world["rule"].target_id]


TABLE = [
    Case("GET", "admin:crm_crm_changelist", SEE),
    Case("GET", "admin:crm_crm_change", SEE, crm),
    Case("GET", "admin:crm_crm_add", CHANGE),
    Case("POST", "admin:crm_crm_change", CHANGE, crm),
    Case("GET", "admin:crm_crm_delete", "ada", crm),
    Case("POST", "admin:crm_crm_delete", "ada", crm, {"post": "yes"}),
    Case("GET", "admin:crm_crm_dependencies", SEE, crm),
    Case("GET", "admin:crm_crm_history", SEE, crm),
    Case("POST", "admin:crm_crm_duplicate", CHANGE, crm),
    Case("GET", "admin:crm_crm_tags", CHANGE, crm),
    Case("POST", "admin:crm_crm_tags", CHANGE, crm, {"tags": "x"}),
    Case("POST", "admin:crm_crm_recommended", CHANGE, crm),
    Case("GET", "admin:crm_crm_check", CHANGE, crm),
    Case("GET", "admin:crm_crm_empty", "ada", crm),
    Case("POST", "admin:crm_crm_empty", "ada", crm, {"reference": "here"}),
    Case("GET", "admin:crm_crm_csv_template", "ada"),
    Case("GET", "admin:crm_crm_csv_export", "ada"),
    Case("GET", "admin:crm_crm_csv_import", "ada"),
    Case("POST", "admin:crm_crm_csv_import", "ada"),
    Case("GET", "admin:crm_crmobject_changelist", SEE),
    Case("GET", "admin:crm_crmobject_change", SEE, target),
    Case("POST", "admin:crm_crmobject_change", CHANGE, target),
    Case("GET", "admin:crm_crmobject_add", ""),
    Case("POST", "admin:crm_crmobject_delete", CHANGE, target, {"post": "yes"}),
    Case("GET", "admin:crm_assignment_changelist", SEE),
    Case("GET", "admin:crm_assignment_change", SEE, rule),
    Case("POST", "admin:crm_assignment_change", CHANGE, rule),
    Case("POST", "admin:crm_assignment_delete", CHANGE, rule, {"post": "yes"}),
    Case("POST", "admin:crm_assignment_preview", SEE, target),
]


@pytest.fixture
def people(ada, omar, vera, sid):
    return {"ada": ada, "omar": omar, "vera": vera, "sid": sid}


@pytest.fixture
def world(local, contacts):
    LocalCard.objects.create(object=contacts, values={"lastName": "Kept"})
    return {"crm": local}


@pytest.mark.parametrize(("case", "person"), pairs(TABLE), ids=pair_id)
def test_each_view_opens_for_those_who_hold_its_right(case, person, people, client, world, rule):
    check(case, person, people, client, world | {"rule": rule})


def test_a_viewer_changes_nothing_by_posting_forms(client, vera, local, rule, contacts):
    client.force_login(vera)
    LocalCard.objects.create(object=contacts, values={"lastName": "Kept"})
    for view, row, data in (
        ("admin:crm_crm_change", local.pk, {"name": "Taken"}),
        ("admin:crm_crm_tags", local.pk, {"tags": "taken"}),
        ("admin:crm_crm_empty", local.pk, {"reference": "here"}),
        ("admin:crm_assignment_change", rule.pk, {"name": "Taken"}),
        ("admin:crm_crmobject_change", contacts.pk, {"name": "Taken"}),
        ("admin:crm_assignment_delete", rule.pk, {"post": "yes"}),
    ):
        assert client.post(reverse(view, args=[row]), data).status_code == 403, view
    local.refresh_from_db()
    rule.refresh_from_db()
    assert (local.name, local.tags.count(), rule.name) == ("Here", 0, "Every call")
    assert LocalCard.objects.count() == 1
    assert not CRM.objects.filter(name="Taken").exists()
    assert not CRMObject.objects.filter(name="Taken").exists()


def test_the_parts_of_a_crm_have_no_rights_of_their_own(db):
    models = set(Permission.objects.filter(content_type__app_label="crm").values_list("content_type__model", flat=True))
    assert models == {"crm"}


@pytest.mark.parametrize(("right", "action"), [("export_crm", "export"), ("import_crm", "import")])
def test_import_and_export_are_rights_of_their_own(client, omar, local, right, action):
    client.force_login(omar)
    address = f"/maker/crm/crm/csv/{action}/"
    assert client.get(address).status_code == 403
    omar.role.permissions.add(Permission.objects.get(codename=right))
    client.force_login(User.objects.get(pk=omar.pk))
    assert client.get(address).status_code == 200


def test_an_import_takes_the_rights_to_make_and_to_change(client, vera, local):
    vera.role.permissions.add(Permission.objects.get(codename="import_crm"))
    client.force_login(vera)
    assert client.get("/maker/crm/crm/csv/import/").status_code == 403
