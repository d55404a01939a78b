from __future__ import annotations

from uuid import uuid4

from django.db import transaction

from crm.models import CRM, Assignment, CRMField, CRMObject


def duplicate(crm: CRM, *, name: str, reference: str) -> CRM:
    """No cards and no profiles; the copied rules are inactive, or both CRMs would write each interaction."""
    with transaction.atomic():
        copy = CRM.objects.get(pk=crm.pk)
        copy.pk, copy.name, copy.reference = None, name, reference
        copy.save(force_insert=True)
        copy.tags.set(crm.tags.names())
        objects = {target.pk: _object(target, copy) for target in crm.crm_objects.all()}
        fields = {field.pk: _field(field, objects) for field in CRMField.objects.filter(object__crm=crm)}
        for rule in Assignment.objects.filter(target__crm=crm):
            _rule(rule, objects, fields)
    return copy


def _object(target: CRMObject, crm: CRM) -> CRMObject:
    copy = CRMObject.objects.get(pk=target.pk)
    copy.pk, copy.crm = None, crm
    copy.save(force_insert=True)
    return copy


def _field(field: CRMField, objects: dict[int, CRMObject]) -> CRMField:
    copy = CRMField.objects.get(pk=field.pk)
    copy.pk, copy.object = None, objects[field.object_id]
    copy.save(force_insert=True)
    return copy


def _rule(rule: Assignment, objects: dict[int, CRMObject], fields: dict[int, CRMField]) -> None:
    copy = Assignment.objects.get(pk=rule.pk)
    copy.pk, copy.target, copy.is_active = None, objects[rule.target_id], False
    copy.identity = uuid4()
    copy.save(force_insert=True)
    copy.card_objects.set(objects[target.pk] for target in rule.card_objects.all() if target.pk in objects)
    for value in rule.values.all():
        copy.values.create(field=fields[value.field_id], template=value.template)
