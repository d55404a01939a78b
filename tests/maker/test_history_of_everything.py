"""Whatever a person can change or delete in the Maker is in the history, and what was deleted can still be read."""

from __future__ import annotations

import pytest
from auditlog.models import LogEntry
from auditlog.registry import auditlog
from django.apps import apps
from django.contrib import admin
from django.db.models import Model
from django.test import Client, RequestFactory

from crm.models import CRM
from tests.maker.forms import send
from tests.maker.watched import CHANGED, CREATED, DELETED, ROWS, address, entries
from users.models import Profile, User

pytestmark = pytest.mark.django_db
ROOMS = ("users", "authmethods", "sso", "crm", "interactions", "telephony")
DELETIONS = "/maker/users/deletion/"

NOT_IN_THE_HISTORY = {
    "authmethods.ClientSecret": "that it was set is noted on its method",
    "authmethods.Consent": "lives for ten minutes",
    "authmethods.IssuedGrant": "a count of what the vendor holds",
    "authmethods.PendingGrant": "lives for ten minutes",
    "authmethods.StoredGrant": "that a consent was given is noted on its method",
    "authmethods.RunningProcess": "what a process says of itself",
    "crm.FormValue": "a line of the form of a rule: noted on the rule",
    "crm.KnownCard": "what searches found; nobody edits it",
    "crm.LocalKey": "made from its card",
    "crm.RememberedCard": "follows from whom a call was assigned to, which its delivery's history says",
    "interactions.Installation": "made once, and by the command after a restore",
    "interactions.OpenForm": "lives for ten minutes",
    "interactions.Attempt": "written by the engine, and a record itself",
    "interactions.CardChoice": "noted on its interaction",
    "interactions.DeletedInteraction": "a record itself",
    "interactions.Delivery": "written by the engine; what a person decides is noted",
    "interactions.Interaction": "written by its source; its deletion and the choice of its card are noted",
    "sso.SignInRefusal": "a record itself",
    "telephony.Extension": "a line of the table of a telephone system: noted on it",
    "telephony.UnknownExtension": "counted as files are read",
    "users.Attempts": "a count under a digest; nobody edits it",
    "users.Deletion": "the history",
    "users.KnownPlace": "a digest that a sign-in leaves; nobody edits it",
}
"""Models of ours that auditlog does not watch, each with the reason. A new model needs one, or the history."""


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
        parts = [inline(model, admin.site) for inline in page.inlines]
        for part in (page, *parts):
            deletes = getattr(part, "can_delete", True) and part.has_delete_permission(request)
            rights = (part.has_change_permission(request), deletes)
            add = part.has_add_permission(request, None) if part in parts else part.has_add_permission(request)
            if any(rights) or add:
                found.add(part.model)
        assert model is page.model
    return found


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
            assert through is not None
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
    assert not type(row)._base_manager.filter(pk=key).exists()
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
