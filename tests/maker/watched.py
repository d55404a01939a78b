"""A row of every model that somebody can change or delete in the Maker, and what the history says of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from auditlog.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db.models import Model

from authmethods.creation import store_secret
from authmethods.models import AuthenticationMethod
from crm.models import CRM, Assignment, CRMField, CRMObject, FormValue, Kind, LocalCard
from interactions.api import keys
from interactions.models import Interaction
from sso.models import SSOConnector
from telephony.models import TelephonySystem
from tests.interactions.source import CALL
from users.models import Profile, Role, User

CREATED, CHANGED, DELETED = LogEntry.Action.CREATE, LogEntry.Action.UPDATE, LogEntry.Action.DELETE
SECRET = "a-secret-that-nobody-reads"


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
    "telephony.TelephonySystem": (
        lambda: TelephonySystem.objects.create(name="PBX", source="pbx"), "name", {"source": "new"},
    ),
    "users.Profile": (lambda: Profile.objects.create(name="Support"), "description", {"name": "New"}),
    "users.Role": (lambda: Role.objects.create(name="Viewer"), "name", {}),
    "users.User": (
        lambda: User.objects.create_user("grace@acme.example"), "name",
        {"username": "new@acme.example", "new_password": SECRET + "-9"},
    ),
}  # fmt: skip
"""Of each model that somebody can change or delete: a row, the field that is changed, and what a new one is given."""


def entries(row: Model, *actions: int) -> list[LogEntry]:
    kind = ContentType.objects.get_for_model(type(row))
    found = LogEntry.objects.filter(content_type=kind, action__in=actions or (CREATED, CHANGED, DELETED))
    return list(found.filter(object_pk=row.pk))


def address(model: type[Model]) -> str:
    return f"/maker/{model._meta.app_label}/{model._meta.model_name}/"
