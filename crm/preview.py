from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.utils.translation import gettext as _

from crm import form
from crm.customers.cards import STAND_IN_ID
from crm.models import CRM, CRMObject, Kind
from crm.templates import engine
from crm.templates.palette import ROOTS
from integrations.errors import IntegrationError
from users.models import User


@dataclass(frozen=True)
class Sample:
    """An interaction to render: `key` tells it apart, `label` names it to people, `context` is for magic fields."""

    key: str
    label: str
    context: Mapping[str, Any]


@dataclass(frozen=True)
class Line:
    name: str
    api_name: str
    value: str
    problem: str = ""
    hint: str = ""


Provider = Callable[[CRM, User], Sequence[Sample]]
_providers: list[Provider] = []


def register(provider: Provider) -> Provider:
    """Let another room give recent interactions that the user may see, newest first (a handful: they are listed)."""
    if provider not in _providers:
        _providers.append(provider)
    return provider


def samples(crm: CRM, user: User) -> list[Sample]:
    """Recent interactions, then our own example, so that there is always one."""
    return [sample for provider in _providers for sample in provider(crm, user)] + [example(crm)]


def lines(target: CRMObject, templates: Mapping[int, str], sample: Sample) -> list[Line]:
    """Field by field what the vendor would be sent; `templates` by the field's primary key."""
    values, wrong = form.evaluate(target, templates, sample.context)
    validation_errors = refused(target, values)
    return [
        Line(
            name=field.name,
            api_name=field.api_name,
            value=str(values.get(field.api_name, "")),
            problem=wrong.get(field.api_name) or validation_errors.get(field.api_name, ""),
            hint=_hint(templates.get(field.pk, ""), sample.context),
        )
        for field in target.fields.all()
    ]


def refused(target: CRMObject, values: Mapping[str, object]) -> dict[str, str]:
    if target.crm.kind == Kind.LOCAL:
        return {}
    try:
        return target.crm.vendor.writer.validation_errors(target.api_name, values)
    except IntegrationError as error:
        return dict.fromkeys(values, error.message)


def _hint(template: str, context: Mapping[str, object]) -> str:
    """Point out a path that can never give anything: a typing error, though the template is valid."""
    try:
        unknown = [path for path in engine.paths(template) if not is_known(path, context)]
    except engine.MagicError:
        return ""
    return _("Nothing is named %(paths)s.") % {"paths": ", ".join(unknown)} if unknown else ""


def is_known(path: str, context: Mapping[str, object]) -> bool:
    """Whether the path may give something, for this interaction or another."""
    root, _dot, rest = path.partition(".")
    if root not in ROOTS:
        return root in context
    branch = context.get(root)
    first = rest.partition(".")[0]
    return root == "card" or not first or not isinstance(branch, Mapping) or first in branch


def example(crm: CRM) -> Sample:
    start = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
    interaction: dict[str, object] = {
        "reference": "1763890200.42",
        "flow": "voice",
        "channel": "",
        "direction": "inbound",
        "status": "completed",
        "kind": "",
        "customer_phone": "+33612345678",
        "customer_email": "claire.martin@example.com",
        "customer_name": "Claire Martin",
        "queue": "Support",
        "subject": "Inbound call from +33612345678",
        "started_at": start,
        "answered_at": start.replace(second=8),
        "ended_at": start.replace(minute=33),
        "duration": 180,
        "waiting_seconds": 8,
        "processing_seconds": 172,
        "post_interaction_seconds": 20,
        "recording_url": "",
        "qualification": "",
        "extra": {},
    }
    return Sample(
        key="example",
        label=_("An example: inbound call of Claire Martin"),
        context={
            "interaction": interaction,
            "card": {"id": STAND_IN_ID, "url": "", "title": "Claire Martin", "object": "contacts"},
            "user": {"email": "agent@example.com", "name": "Sam Agent"},
            "crm": {"name": crm.name, "reference": crm.reference, "department_id": crm.department_id},
        },
    )
