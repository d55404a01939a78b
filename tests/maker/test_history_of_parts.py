"""Inlines, sets, lines, files and windows: what is changed otherwise than by the form of its own is in the history."""

from __future__ import annotations

import json

import pytest
from auditlog.models import LogEntry
from django.apps import apps
from django.contrib.auth.models import Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from crm.models import CRM, Assignment, ProfileAccess
from sso.models import Association, PinnedIdentity, SSOConnector
from tests.interactions.source import Source
from tests.maker.forms import send
from tests.maker.watched import (
    CHANGED,
    CREATED,
    DELETED,
    ROWS,
    SECRET,
    a_card,
    a_local_crm,
    a_method,
    a_rule,
    address,
    an_object,
    entries,
)
from users.models import Profile, Role, User

pytestmark = pytest.mark.django_db
DELETIONS = "/maker/users/deletion/"


@pytest.fixture
def maker(ada):
    browser = Client()
    browser.force_login(ada)
    return browser


def test_an_inline_row_is_noted_when_it_is_made_changed_and_deleted(maker, ada):
    crm, profile = a_local_crm(), Profile.objects.create(name="Support")
    page = f"/maker/crm/crm/{crm.pk}/change/"
    more = {"accesses-TOTAL_FORMS": "1", "accesses-0-profile": profile.pk, "accesses-0-order": "0"}
    send(maker, page, **more, **{"accesses-0-id": "", "accesses-0-crm": crm.pk})
    access = ProfileAccess.objects.get()
    send(maker, page, **{"accesses-0-order": "3", "crm_objects-0-name": "Renamed"})
    send(maker, page, **{"accesses-0-DELETE": "on"})
    assert [entry.action for entry in reversed(entries(access))] == [CREATED, CHANGED, DELETED]
    assert {entry.actor for entry in entries(access)} == {ada}
    assert entries(crm.crm_objects.get(name="Renamed"), CHANGED)[0].actor == ada
    assert "Support" in maker.get(DELETIONS).content.decode()


def test_a_field_of_an_object_is_noted_when_it_is_changed_and_deleted(maker, ada):
    target = an_object()
    field = target.fields.get()
    page = f"/maker/crm/crmobject/{target.pk}/change/"
    send(maker, page, **{"fields-0-name": "Surname"})
    send(maker, page, **{"fields-0-DELETE": "on"})
    assert [entry.action for entry in entries(field)][:2] == [DELETED, CHANGED]
    assert {entry.actor for entry in entries(field)[:2]} == {ada}


def test_the_connector_of_a_user_is_noted_when_it_is_given_and_taken_away(maker, ada):
    grace = User.objects.create_user("grace@acme.example")
    connector = SSOConnector.objects.create(name="Zoho", reference="zoho", method=a_method())
    page = f"/maker/users/user/{grace.pk}/change/"
    send(maker, page, **{"association-0-connector": connector.pk})
    association = Association.objects.get()
    send(maker, page, **{"association-0-connector": ""})
    assert [entry.action for entry in entries(association)] == [DELETED, CREATED]
    assert {entry.actor for entry in entries(association)} == {ada}


def test_the_rights_of_a_role_and_the_profiles_of_a_user_are_noted(maker, ada):
    role, profile = Role.objects.create(name="Viewer"), Profile.objects.create(name="Support")
    right = Permission.objects.get(codename="view_crm")
    send(maker, f"/maker/users/role/{role.pk}/change/", permissions=[right.pk])
    grace = User.objects.create_user("grace@acme.example")
    send(maker, f"/maker/users/user/{grace.pk}/change/", profiles=[profile.pk])
    assert "Support" in json.dumps(entries(grace, CHANGED)[0].changes)
    assert "Can view CRM" in json.dumps(entries(role, CHANGED)[0].changes)


def test_the_form_of_a_rule_is_in_its_history_whoever_changes_it(maker, ada):
    rule = a_rule()
    page = f"/maker/crm/assignment/{rule.pk}/change/"
    send(maker, page, value_lastName="after")
    field = rule.target.fields.get()
    send(maker, f"/maker/crm/crmobject/{rule.target.pk}/change/", **{"fields-0-DELETE": "on"})
    told = [entry.changes.get("Last name") for entry in reversed(entries(rule, CHANGED))]
    assert [pair for pair in told if pair] == [["", "before"], ["before", "after"], ["after", ""]]
    assert entries(rule, CHANGED)[0].actor == ada
    assert field.name in maker.get(f"/maker/crm/assignment/{rule.pk}/history/").content.decode()


def test_what_one_click_adds_and_what_a_copy_holds_is_noted(maker, ada):
    rule = a_rule()
    maker.post(f"/maker/crm/crm/{rule.target.crm.pk}/duplicate/")
    copy = Assignment.objects.exclude(pk=rule.pk).get()
    assert entries(copy, CREATED)[0].actor == ada
    assert entries(copy, CHANGED)[0].changes["Last name"] == ["", "before"]


@pytest.mark.parametrize("way", ["dialog", "form", "file"])
def test_tags_are_noted_by_whatever_way_they_come(maker, ada, way):
    crm = a_local_crm()
    if way == "dialog":
        maker.post(f"/maker/crm/crm/{crm.pk}/tags/", {"tags": "europe, sales"})
    elif way == "form":
        send(maker, f"/maker/crm/crm/{crm.pk}/change/", tags="europe, sales")
    else:
        file = SimpleUploadedFile("c.csv", b'reference,name,tags,kind\nhere,Here,"europe, sales",local\n')
        assert maker.post("/maker/crm/crm/csv/import/", {"file": file}).status_code == 302
    changes = [entry for entry in entries(crm, CHANGED) if "tags" in entry.changes]
    assert changes[0].actor == ada
    assert set(changes[0].changes["tags"]["objects"]) == {"europe", "sales"}
    assert "europe" in maker.get(f"/maker/crm/crm/{crm.pk}/history/").content.decode()
    maker.post(f"/maker/crm/crm/{crm.pk}/tags/", {"tags": "sales"})
    assert entries(crm, CHANGED)[0].changes["tags"] == {"type": "m2m", "operation": "delete", "objects": ["europe"]}


def test_a_crm_that_comes_by_a_file_is_noted(maker, ada):
    file = SimpleUploadedFile("c.csv", b"reference,name,kind\nnew,New,local\n")
    assert maker.post("/maker/crm/crm/csv/import/", {"file": file}).status_code == 302
    assert entries(CRM.objects.get(), CREATED)[0].actor == ada


def test_emptying_a_local_crm_is_noted_on_it_and_of_each_card(maker, ada):
    card = a_card()
    crm, key = card.object.crm, card.pk
    maker.post(f"/maker/crm/crm/{crm.pk}/empty/", {"reference": "here"})
    card.pk = key
    assert entries(card, DELETED)[0].actor == ada
    assert "Cards kept here" in maker.get(f"/maker/crm/crm/{crm.pk}/history/").content.decode()


def test_the_history_tells_that_a_local_card_changed_and_nothing_of_the_customer(maker, ada):
    card = a_card()
    send(maker, f"/maker/crm/localcard/{card.pk}/change/", value_lastName="Meitner")
    assert entries(card, CHANGED)[0].actor == ada
    assert "••••" in maker.get(f"/maker/crm/localcard/{card.pk}/history/").content.decode()
    maker.post(f"/maker/crm/localcard/{card.pk}/delete/", {"post": "yes"})
    everything = json.dumps(list(LogEntry.objects.values()), default=str)
    assert "Curie" not in everything
    assert "Meitner" not in everything


def test_no_secret_is_in_the_history_of_anything(maker, ada):
    client = Source(Client())
    for label in ("authmethods.AuthenticationMethod", "users.User"):
        send(maker, f"{address(apps.get_model(label))}add/", **({"name": "New"} | (ROWS[label][2] or {})))
    grace = User.objects.latest("pk")
    send(maker, f"/maker/users/user/{grace.pk}/change/", new_password=SECRET + "-10")
    everything = json.dumps(list(LogEntry.objects.values()), default=str)
    grace.refresh_from_db()
    for secret in (SECRET, grace.password, client.text, client.key.digest):
        assert secret not in everything


def test_what_is_done_in_a_window_is_noted(maker, ada):
    method = a_method()
    grace = User.objects.create_user("grace@acme.example", "correct horse")
    identity = PinnedIdentity.objects.create(user=grace, integration="zoho_desk", location="eu", subject="1")
    key = identity.pk
    type(method).objects.update(status="enabled")
    maker.post(f"/maker/authmethods/authenticationmethod/{method.pk}/disable/")
    maker.post(f"/maker/users/user/{grace.pk}/remove-password/")
    maker.post(f"/maker/users/user/{grace.pk}/unpin/")
    identity.pk = key
    assert "status" in entries(method, CHANGED)[0].changes
    assert {"password", "pinned identity"} <= {name for entry in entries(grace, CHANGED) for name in entry.changes}
    for row, action in ((method, CHANGED), (grace, CHANGED), (identity, DELETED)):
        assert entries(row, action)[0].actor == ada
