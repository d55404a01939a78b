from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from crm import departments
from crm.models import CRM, Assignment, CRMField, CRMObject, FormValue
from crm.stores.vendor import open_vendor
from integrations.errors import IntegrationError
from integrations.types import Connection, PresetObject

RECORDING = "{{interaction.recording_url}}"


def add_recommended(crm: CRM) -> None:
    """Add what is missing of the recommended objects and fields; what is there stays as it is.

    The department, which vendors may require of a call, is chosen where there is only one; else the administrator
    chooses it. Fitted to the portal when the vendor answers, else the general recommendation. A field of a written
    object keeps the recommended template as its starting value, from which the form of a new rule begins.
    """
    schema = crm.vendor.schema
    recommended = schema.preset(_connection(crm)) if schema else ()
    with transaction.atomic():
        for priority, preset in enumerate(recommended, start=1):
            _add(crm, preset, priority)
    _choose_department(crm)


def recording_field(crm: CRM) -> CRMField | None:
    """Where the link of a recording goes."""
    return CRMField.objects.filter(object__crm=crm, template=RECORDING).first()


def recommended_assignment(target: CRMObject, *, name: str = "") -> Assignment:
    """A rule without conditions, whose form has each field's starting value."""
    with transaction.atomic():
        rule = Assignment.objects.create(target=target, name=name or _("Every interaction"))
        for field in target.fields.all():  # one by one: the history notes each
            FormValue.objects.create(assignment=rule, field=field, template=field.template)
    return rule


def _connection(crm: CRM) -> Connection | None:
    try:
        return open_vendor(crm, foreground=True).connection
    except IntegrationError:
        return None


def _choose_department(crm: CRM) -> None:
    choices = () if crm.department_id else departments.of(crm).choices
    if len(choices) == 1:
        crm.department_id = choices[0].value
        crm.save(update_fields=["department_id"])


def _add(crm: CRM, preset: PresetObject, priority: int) -> None:
    target = crm.crm_objects.filter(api_name__iexact=preset.api_name).first() or CRMObject.objects.create(
        crm=crm, name=preset.name, api_name=preset.api_name, is_card=preset.is_card, priority=priority
    )
    there = {name.lower() for name in target.fields.values_list("api_name", flat=True)}
    for position, field in enumerate(preset.fields, start=1):
        if field.api_name.lower() not in there:
            CRMField.objects.create(
                object=target,
                name=field.name,
                api_name=field.api_name,
                type=field.type,
                required=field.required,
                default=field.default,
                in_list=field.in_list,
                searchable=field.searchable,
                template=field.template,
                position=position,
            )
