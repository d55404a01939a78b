from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from crm import patterns
from crm.models import CRM, Assignment, CRMField, CRMObject, FieldType
from crm.stores.vendor import VendorStore, open_vendor
from crm.values import first_of
from integrations.errors import IntegrationError, Misconfigured, Refused
from integrations.types import FieldInfo

KINDS: dict[FieldType, frozenset[str]] = {
    FieldType.NUMBER: frozenset({"number", "integer", "long", "double", "decimal", "currency", "percent"}),
    FieldType.BOOLEAN: frozenset({"boolean", "checkbox"}),
    FieldType.DATE: frozenset({"date"}),
    FieldType.DATETIME: frozenset({"datetime", "date and time"}),
    FieldType.EMAIL: frozenset({"email"}),
    FieldType.PHONE: frozenset({"phone"}),
    FieldType.URL: frozenset({"url", "website"}),
    FieldType.LIST: frozenset({"picklist", "multiselect", "multi select", "list"}),
}
"""How vendors call our types. Texts are not among them: a text can stand for any of these."""


@dataclass(frozen=True)
class Mismatch:
    """What does not fit, and what the administrator does about it. `object` and `field` are names for people."""

    object: str
    field: str
    problem: str
    cure: str


def run(crm: CRM) -> list[Mismatch]:
    """Everything that does not fit. Raises the errors of `integrations.errors` when the vendor cannot be asked."""
    store = open_vendor(crm, foreground=True)
    found = list(_department(crm, store))
    targets = list(crm.crm_objects.all())
    if not targets:
        found.append(
            Mismatch(crm.name, "", _("It has no objects."), _("Add the recommended objects and fields, or your own."))
        )
    for target in targets:
        found += _object(store, target)
    return found + _rules(crm, targets)


def _department(crm: CRM, store: VendorStore) -> Iterator[Mismatch]:
    if store.integration.directory is None:
        return
    departments = store.integration.directory.departments(store.connection)
    if crm.department_id not in {department.value for department in departments}:
        names = first_of([department.label for department in departments])
        problem = _("This department is not among the enabled ones.") if crm.department_id else _("None is chosen.")
        yield Mismatch(crm.name, _("Department"), problem, _("Choose one of: %(names)s.") % {"names": names})


def _rules(crm: CRM, targets: list[CRMObject]) -> list[Mismatch]:
    rules = Assignment.objects.filter(target__crm=crm)
    if not targets or rules.filter(is_active=True).exists():
        return []
    names = ", ".join(target.name for target in targets if not target.is_card) or _("an object that is no card")
    problem = _("No rule assigns interactions to it, so nothing would be written.")
    cure = _("Choose “Assign interactions” beside %(names)s on the page of the CRM.") % {"names": names}
    if rules.exists():
        problem = _("All of its rules are inactive, so nothing would be written.")
        cure = _("Make one of them active: %(names)s.") % {"names": ", ".join(str(rule) for rule in rules)}
    return [Mismatch(crm.name, _("Rules"), problem, cure)]


def _object(store: VendorStore, target: CRMObject) -> list[Mismatch]:
    try:
        demanded = set(store.validation_errors(target, {}))
    except IntegrationError as error:
        return [Mismatch(target.name, "", error.message, _("Correct the API name of the object, or delete it."))]
    fields = list(target.fields.all())
    schema = store.integration.schema
    if schema is None:
        return _mandatory(target, fields, demanded) + _forms(store, target, demanded)
    try:
        hidden = schema.hidden(store.connection, target.api_name)
        infos = {info.api_name.lower(): info for info in schema.fields(store.connection, target.api_name)}
    except (Refused, Misconfigured) as error:  # other trouble is no fault of this object: the whole check ends
        return [
            Mismatch(target.name, "", str(error), _("Nothing of it was compared. Cure that first, then check again."))
        ]
    found = [_hidden(target, name) for name in hidden]
    found += [mismatch for field in fields for mismatch in _field(target, field, infos, demanded)]
    required = demanded | {info.api_name for info in infos.values() if info.required}
    found += _mandatory(target, fields, required)
    return found + _forms(store, target, required)


def _hidden(target: CRMObject, name: str) -> Mismatch:
    problem = _("The portal hides it from the agent who consented: a lost record could not be found again by it.")
    return Mismatch(target.name, name, problem, _("Show it to that agent's profile, or reconnect with another agent."))


def _field(target: CRMObject, field: CRMField, infos: dict[str, FieldInfo], demanded: set[str]) -> Iterator[Mismatch]:
    info = infos.get(field.api_name.lower())
    if info is None:
        # A vendor may demand what it does not list: Zoho's start time of a call (docs/zoho-facts.md 4.5).
        if field.api_name not in demanded:
            cure = _("Correct its API name, create the field there, or delete it here.")
            yield _of(target, field, _("The portal has no field %(name)s.") % {"name": field.api_name}, cure)
        return
    if info.api_name != field.api_name:
        cure = _("Spell it %(name)s: capital letters matter.") % {"name": info.api_name}
        yield _of(target, field, _("Its API name is spelled differently there."), cure)
    theirs = next((kind for kind, words in KINDS.items() if info.type.lower() in words), None)
    if theirs and field.type in KINDS and field.type != theirs:
        problem = _("It is of type %(type)s there.") % {"type": info.type}
        cure = _("Delete it here and add it again as %(type)s.") % {"type": theirs.label}
        yield _of(target, field, problem, cure)
    if strange := [str(choice) for choice in field.choices if info.choices and choice not in info.choices]:
        cure = _("Use only: %(choices)s.") % {"choices": first_of(info.choices)}
        yield _of(target, field, _("It has other choices: %(strange)s.") % {"strange": first_of(strange)}, cure)
    if why := patterns.problem_of(field.pattern):
        problem = _("Its pattern is not applied. %(why)s") % {"why": why}
        yield _of(target, field, problem, _("Replace the pattern, or clear it."))
    for text in _constants(target, field):
        yield from _constant(target, field, info, text)


def _constant(target: CRMObject, field: CRMField, info: FieldInfo, text: str) -> Iterator[Mismatch]:
    if info.max_length and len(text) > info.max_length:
        problem = _("A value has %(length)d characters.") % {"length": len(text)}
        yield _of(target, field, problem, _("Shorten it to %(most)d.") % {"most": info.max_length})
    if info.choices and text.casefold() not in {choice.casefold() for choice in info.choices}:
        problem = _("“%(value)s” is not one of its values.") % {"value": text}
        yield _of(target, field, problem, _("Use one of: %(choices)s.") % {"choices": first_of(info.choices)})


def _constants(target: CRMObject, field: CRMField) -> set[str]:
    rules = target.assignments.filter(is_active=True)
    templates = {value.template for rule in rules for value in rule.values.all() if value.field_id == field.pk}
    return {text for text in (field.default, *templates) if text and "{{" not in text}


def _mandatory(target: CRMObject, fields: list[CRMField], required: set[str]) -> list[Mismatch]:
    missing = sorted(required - {field.api_name for field in fields})
    return [
        Mismatch(target.name, name, _("It is mandatory there and missing here."), _("Add it to the object."))
        for name in missing
    ]


def _forms(store: VendorStore, target: CRMObject, required: set[str]) -> list[Mismatch]:
    """Mandatory fields that a rule leaves empty, and texts that the vendor refuses whatever the interaction."""
    found = []
    fields = {field.pk: field for field in target.fields.all()}
    for rule in target.assignments.filter(is_active=True):
        given = {fields[value.field_id].api_name: value.template for value in rule.values.all()}
        filled = {field.api_name: given.get(field.api_name) or field.default for field in fields.values()}
        constants = {name: text for name, text in filled.items() if text and "{{" not in text}
        refused = store.validation_errors(target, constants)
        for name, text in filled.items():
            if not text and name in required:
                problem = _("It is mandatory, and the rule “%(rule)s” gives it nothing.") % {"rule": rule}
                found.append(Mismatch(target.name, name, problem, _("Give it a value in the rule's form.")))
            elif name in constants and name in refused:
                problem = _("The rule “%(rule)s” gives it “%(text)s”.") % {"rule": rule, "text": text}
                found.append(Mismatch(target.name, name, problem, refused[name]))
    return found


def _of(target: CRMObject, field: CRMField, problem: str, cure: str) -> Mismatch:
    return Mismatch(target.name, field.name, problem, cure)
