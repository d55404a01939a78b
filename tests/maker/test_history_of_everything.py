"""Whatever a person can change or delete in the Maker is in the history, and what was deleted can still be read."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from auditlog.models import LogEntry
from auditlog.registry import auditlog
from django.apps import apps
from django.contrib import admin
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import Model
from django.test import Client, RequestFactory

from authmethods.creation import store_secret
from authmethods.models import AuthenticationMethod
from crm.models import CRM, Assignment, CRMField, CRMObject, FormValue, Kind, LocalCard, ProfileAccess
from interactions import keys
from interactions.models import Interaction
from sso.models import Association, SSOConnector
from tests.interactions.source import CALL, Source
from tests.maker.forms import send
from users.models import Profile, Role, User

pytestmark = pytest.mark.django_db
CREATED, CHANGED, DELETED = LogEntry.Action.CREATE, LogEntry.Action.UPDATE, LogEntry.Action.DELETE
ROOMS = ("users", "authmethods", "sso", "crm", "interactions")
DELETIONS = "/maker/users/deletion/"
SECRET = "a-secret-that-nobody-reads"

NOT_IN_THE_HISTORY = {
    "authmethods.ClientSecret": "that it was set is noted on its method",
    "authmethods.Consent": "lives for ten minutes",
    "authmethods.IssuedGrant": "a count of what the vendor holds",
    "authmethods.PendingGrant": "lives for ten minutes",
    "authmethods.StoredGrant": "that a consent was given is noted on its method",
    "crm.FormValue": "a line of the form of a rule: noted on the rule",
    "crm.KnownCard": "what searches found; nobody edits it",
    "crm.LocalKey": "made from its card",
    "interactions.Attempt": "written by the engine, and a record itself",
    "interactions.CardChoice": "noted on its interaction",
    "interactions.DeletedInteraction": "a record itself",
    "interactions.Delivery": "written by the engine; what a person decides is noted",
    "interactions.Interaction": "written by its source; its deletion and the choice of its card are noted",
    "sso.SignInRefusal": "a record itself",
    "users.Deletion": "the history",
}
"""Models of ours that auditlog does not watch, each with the reason. A new model needs one, or the history."""


def a_method() -> AuthenticationMethod:
    method = AuthenticationMethod.objects.create(name="Zoho Desk", client_id="1000.X")
    store_secret(method, SECRET)
    return method


def a_local_crm() -> CRM:
    crm = CRM.objects.create(name="Here", reference="here", kind=Kind.LOCAL, integration="")
    for name, is_card in (("Contacts", True), ("Calls", False)):
        target = CRMObject.objects.create(crm=crm, name=name, api_name=name.lower(), is_card=is_card)
        CRMField.objects.create(object=target, name="Last name", api_name="lastName", in_list=True)
    return crm


def an_object() -> CRMObject:
    return a_local_crm().crm_objects.get(api_name="calls")


def a_rule() -> Assignment:
    rule = Assignment.objects.create(target=an_object(), name="Calls")
    FormValue.objects.create(assignment=rule, field=rule.target.fields.get(), template="before")
    return rule


def a_card() -> LocalCard:
    target = a_local_crm().crm_objects.get(api_name="contacts")
    return LocalCard.objects.create(object=target, values={"lastName": "Curie"}, marker="m")


ROWS: dict[str, tuple[Callable[[], Model], str, dict[str, Any] | None]] = {
    "authmethods.AuthenticationMethod": (a_method, "name", {"client_id": "1", "client_secret": SECRET}),
    "crm.Assignment": (a_rule, "name", None),
    "crm.CRM": (a_local_crm, "name", {"reference": "r", "kind": "local"}),
    "crm.CRMObject": (an_object, "name", None),
    "crm.LocalCard": (a_card, "value_lastName", None),
    "interactions.ApiKey": (lambda: keys.create("PBX", "pbx")[0], "name", {"source": "new"}),
    "interactions.Interaction": (lambda: Interaction.objects.create(source="pbx", **CALL), "", None),
    "sso.SSOConnector": (
        lambda: SSOConnector.objects.create(name="Zoho", reference="zoho", method=a_method()), "name", None,
    ),
    "users.Profile": (lambda: Profile.objects.create(name="Support"), "description", {"name": "New"}),
    "users.Role": (lambda: Role.objects.create(name="Viewer"), "name", {}),
    "users.User": (
        lambda: User.objects.create_user("grace@acme.example"), "name",
        {"username": "new@acme.example", "new_password": SECRET + "-9"},
    ),
}  # fmt: skip
"""Of each model that somebody can change or delete: a row, the field that is changed, and what a new one is given."""


@pytest.fixture
def maker(ada):
    browser = Client()
    browser.force_login(ada)
    return browser


def watched(request_user: User) -> set[type[Model]]:
    """Every model that this person can add, change or delete on some page of the Maker: those of inlines too."""
    request = RequestFactory().get("/")
    request.user = request_user
    found = set()
    for model, page in admin.site._registry.items():
        parts = [inline(page.model, admin.site) for inline in page.inlines]
        for part in (page, *parts):
            rights = (part.has_change_permission(request), part.has_delete_permission(request))
            add = part.has_add_permission(request, None) if part in parts else part.has_add_permission(request)
            if any(rights) or add:
                found.add(part.model)
        assert model is page.model
    return found


def entries(row: Model | None, *actions: int, model: type[Model] | None = None) -> list[LogEntry]:
    kind = ContentType.objects.get_for_model(model or type(row))
    found = LogEntry.objects.filter(content_type=kind, action__in=actions or (CREATED, CHANGED, DELETED))
    return list(found.filter(object_pk=row.pk) if row else found)


def address(model: type[Model]) -> str:
    return f"/maker/{model._meta.app_label}/{model._meta.model_name}/"


def test_every_model_that_somebody_can_change_is_watched_or_told_why_not(ada):
    changed = {model._meta.label for model in watched(ada)}
    ours = {model._meta.label for room in ROOMS for model in apps.get_app_config(room).get_models()}
    unwatched = {label for label in ours if not auditlog.contains(apps.get_model(label))}
    assert unwatched == set(NOT_IN_THE_HISTORY)
    assert changed & unwatched == {"interactions.Interaction"}  # deleted by people only, and noted by hand
    registered = {model._meta.label for model in admin.site._registry}
    assert changed & registered == set(ROWS)  # so that a model that is added is walked below


def test_every_many_to_many_that_somebody_can_change_is_watched(ada):
    for model in watched(ada):
        for field in model._meta.many_to_many:
            through = field.remote_field.through
            if through._meta.auto_created or not auditlog.contains(through):
                row = ROWS[model._meta.label][0]()
                before = len(entries(row, CHANGED))
                getattr(row, field.name).add("a tag" if field.name == "tags" else _target(field))
                assert len(entries(row, CHANGED)) == before + 1, f"{model._meta.label}.{field.name}"
                Model.delete(row)
                CRM.objects.all().delete()


def _target(field):
    found = field.related_model.objects.first()
    return found or Profile.objects.create(name="Other")


@pytest.mark.parametrize("label", [label for label, (_row, field, _new) in ROWS.items() if field])
def test_each_change_by_a_form_is_noted_with_who_made_it(maker, ada, label):
    make, field, _new = ROWS[label]
    row = make()
    send(maker, f"{address(type(row))}{row.pk}/change/", **{field: "Changed"})
    entry = entries(row, CHANGED)[0]
    assert (entry.actor, entry.remote_addr) == (ada, "127.0.0.1")


@pytest.mark.parametrize("label", [label for label, (_row, _field, new) in ROWS.items() if new is not None])
def test_each_new_row_by_a_form_is_noted_with_who_made_it(maker, ada, label):
    _make, _field, given = ROWS[label]
    model = apps.get_model(label)
    send(maker, f"{address(model)}add/", **({"name": "New"} | (given or {})))
    assert entries(model.objects.latest("pk"), CREATED)[0].actor == ada


@pytest.mark.parametrize("way", ["page", "list"])
@pytest.mark.parametrize("label", list(ROWS))
def test_each_deletion_is_noted_and_can_be_read_when_the_row_is_gone(maker, ada, label, way):
    row = ROWS[label][0]()
    where, key, name = address(type(row)), row.pk, str(row)
    if way == "page":
        maker.post(f"{where}{key}/delete/", {"post": "yes"})
    else:
        maker.post(where, {"action": "delete_selected", "_selected_action": [key], "post": "yes"})
    assert not type(row).objects.filter(pk=key).exists()
    row.pk = key
    (entry,) = entries(row, DELETED)
    assert entry.actor == ada
    listed = maker.get(DELETIONS)
    page = listed.content.decode()
    kind = str(type(row)._meta.verbose_name)
    assert kind[0].upper() + kind[1:] in page.replace("\n", " ")
    if label != "crm.LocalCard":  # whose name is a customer's
        assert name in page
    details = maker.get(f"{DELETIONS}{entry.pk}/history/").content.decode()
    assert "Deleted" in details
    assert "Ada Admin" in details


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


@pytest.mark.parametrize(("person", "sees"), [("ada", True), ("vera", True), ("sid", False)])
def test_deletions_are_read_by_those_with_the_right_and_written_by_nobody(request, maker, person, sees):
    maker.post(f"/maker/users/profile/{Profile.objects.create(name='Support').pk}/delete/", {"post": "yes"})
    entry = LogEntry.objects.filter(action=DELETED).get()
    browser = Client()
    browser.force_login(request.getfixturevalue(person))
    assert (browser.get(DELETIONS).status_code == 200) is sees
    assert (browser.get(f"{DELETIONS}{entry.pk}/history/").status_code == 200) is sees
    for page in ("add/", f"{entry.pk}/delete/", f"{entry.pk}/change/"):
        browser.post(DELETIONS + page, {"post": "yes"})
    browser.post(DELETIONS, {"action": "delete_selected", "_selected_action": [entry.pk], "post": "yes"})
    assert LogEntry.objects.filter(action=DELETED).get() == entry


def test_other_changes_are_not_read_through_the_list_of_deletions(maker):
    Profile.objects.create(name="Support")
    entry = LogEntry.objects.latest("pk")
    assert maker.get(f"{DELETIONS}{entry.pk}/history/").status_code == 404


def test_a_deletion_is_found_by_its_name_and_by_who_did_it(maker):
    for name in ("Support", "Sales"):
        maker.post(f"/maker/users/profile/{Profile.objects.create(name=name).pk}/delete/", {"post": "yes"})
    for term, found in (("Supp", ["Support"]), ("ada@", ["Sales", "Support"]), ("nobody", [])):
        rows = maker.get(DELETIONS, {"q": term}).context["cl"].result_list
        assert sorted(row.object_repr for row in rows) == found
