from __future__ import annotations

from collections.abc import Mapping

from crm import form
from crm.models import CRMObject
from crm.preview import example, is_known, refused
from crm.templates import engine


def never(target: CRMObject, templates: Mapping[int, str]) -> dict[str, str]:
    """By API name, why the field can never be filled: its line reads nothing that an interaction could change."""
    context = example(target.crm).context
    values, wrong = form.evaluate(target, templates, context)
    given = {field.api_name: templates.get(field.pk, "") for field in target.fields.all()}
    missing = {name: why for name, why in refused(target, values).items() if name in given and name not in values}
    return {name: why for name, why in (missing | wrong).items() if not _varies(given[name], context)}


def _varies(template: str, context: Mapping[str, object]) -> bool:
    try:
        return any(is_known(path, context) for path in engine.paths(template))
    except engine.MagicError:
        return False
