"""Steps of the engine taken by hand, in this process, on a connection whose vendor is in memory."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db.models import DateTimeField, F, Value

from authmethods.models import AuthenticationMethod
from authmethods.models import Status as MethodStatus
from core import clock
from crm.models import CRM, Assignment, CRMField, CRMObject, FieldType, FormValue, KnownCard
from interactions.actions.accept import accept
from interactions.api.schemas import InteractionIn
from interactions.delivery import deliver
from interactions.models import Attempt, Delivery
from interactions.queue import claim, recovery

STARTED = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
PHONE = "+33612345678"


def make_method(name: str = "Memory") -> AuthenticationMethod:
    return AuthenticationMethod.objects.create(
        name=name, integration="memory", client_id="id", status=MethodStatus.ENABLED, organisation_id="1"
    )


def make_crm(method: AuthenticationMethod | None, reference: str = "desk", **more: Any) -> CRM:
    crm = CRM.objects.create(name=reference, reference=reference, method=method, integration="memory", **more)
    contacts = CRMObject.objects.create(crm=crm, name="Contacts", api_name="contacts")
    for position, (name, kind, template) in enumerate(
        [
            ("lastName", FieldType.SHORT_TEXT, "{{interaction.customer_name}}"),
            ("phone", FieldType.PHONE, "{{interaction.customer_phone}}"),
        ]
    ):
        CRMField.objects.create(
            object=contacts, name=name, api_name=name, type=kind, template=template, position=position
        )
    calls = CRMObject.objects.create(crm=crm, name="Calls", api_name="calls", is_card=False)
    rule = Assignment.objects.create(target=calls, name=f"Calls of {reference}")
    for name, kind, template in [
        ("contactId", FieldType.SHORT_TEXT, "{{card.id}}"),
        ("subject", FieldType.SHORT_TEXT, "Call {{interaction.reference}} {{interaction.qualification}}"),
        ("recordingUrl", FieldType.SHORT_TEXT, "{{interaction.recording_url}}"),
    ]:
        field = CRMField.objects.create(
            object=calls, name=name, api_name=name, type=kind, default="--" * (name == "recordingUrl")
        )
        FormValue.objects.create(assignment=rule, field=field, template=template)
    return crm


def told(reference: str = "r1", **more: Any) -> InteractionIn:
    """What a source posts of a finished call."""
    usual: dict[str, Any] = {
        "reference": reference,
        "flow": "voice",
        "direction": "inbound",
        "customer_phone": PHONE,
        "customer_name": "Marie Curie",
        "started_at": STARTED,
        "ended_at": STARTED + timedelta(seconds=60),
    }
    return InteractionIn(**(usual | more))


def post(reference="r1", source="pbx", **more):
    return accept(source, told(reference, **more)).interaction


def work(*method_ids):
    """Deliver what is due, as a worker does, until nothing more is."""
    for method_id in method_ids or Delivery.objects.values_list("method_id", flat=True).distinct():
        while claims := claim.take(method_id):
            for one in claims:
                deliver.deliver(one)


def pass_time(seconds):
    """Let time go by for every delivery, every attempt and every claim on a customer."""
    back = timedelta(seconds=seconds)
    times = ("next_attempt_at", "lease_expires_at", "write_began_at")
    Delivery.objects.update(**{name: F(name) - back for name in times})
    Attempt.objects.update(started_at=F("started_at") - back)
    KnownCard.objects.update(**{name: F(name) - back for name in ("lease_expires_at", "write_began_at")})


def settle(rounds=20, step=20):
    """Work and sweep until a long time has passed."""
    work()
    for _ in range(rounds):
        pass_time(step)
        recovery.sweep()
        work()


def states() -> list[str]:
    """Of all deliveries."""
    return sorted(Delivery.objects.values_list("state", flat=True))


def the_database_says(monkeypatch: pytest.MonkeyPatch, time: Callable[[], datetime]) -> None:
    """The database's clock, however it is asked, while this machine has another."""
    monkeypatch.setattr(clock, "now", time)
    monkeypatch.setattr(clock, "expression", lambda: Value(time(), output_field=DateTimeField()))
