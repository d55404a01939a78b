from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.contrib import admin
from django.contrib.auth.models import Permission
from django.db.models import Q, QuerySet
from django.forms import CheckboxSelectMultiple, ModelMultipleChoiceField
from django.forms.models import ModelChoiceIterator
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

VERBS = {"view": _("Access"), "add": _("Create"), "change": _("Modify"), "delete": _("Delete")}


class RightsWidget(CheckboxSelectMultiple):
    template_name = "users/rights.html"


class GroupedRights(ModelChoiceIterator):  # type: ignore[type-arg]
    """Choices in groups: (model, [(right, verb), …])."""

    def __iter__(self) -> Iterator[Any]:
        actions = [*VERBS, ""]

        def place(right: Permission) -> tuple[str, int, str]:
            return group_of(right), actions.index(action_of(right)), right.codename

        groups: dict[str, list[Any]] = {}
        for right in sorted(self.queryset, key=place):
            groups.setdefault(group_of(right), []).append(self.choice(right))
        yield from groups.items()


class RightsField(ModelMultipleChoiceField):  # type: ignore[type-arg]
    iterator = GroupedRights
    widget = RightsWidget

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(queryset=Permission.objects.none(), **kwargs)

    def _set_queryset(self, queryset: QuerySet[Permission]) -> None:
        super()._set_queryset(queryset and meaningful(queryset))  # type: ignore[misc]

    queryset = property(ModelMultipleChoiceField._get_queryset, _set_queryset)  # type: ignore[attr-defined]

    def label_from_instance(self, obj: Any) -> str:
        return verb(obj)


def verb(right: Permission) -> str:
    action = action_of(right)
    return str(VERBS[action]) if action else capfirst(right.name.removeprefix("Can "))


def action_of(right: Permission) -> str:
    """view, add, change or delete; empty for a right of another kind (`delete_card` is one)."""
    action, _separator, model = right.codename.partition("_")
    return action if action in VERBS and model == right.content_type.model else ""


def meaningful(rights: QuerySet[Permission]) -> QuerySet[Permission]:
    """Those about the lists of the Maker, and those that a room declares by name. Parts of a form have none."""
    wanted = Q(pk__in=[])
    for model in apps.get_models():
        opts = model._meta
        listed = opts.default_permissions if admin.site.is_registered(model) else ()
        # What is declared today: Django's table keeps the rights of former versions too.
        declared = {f"{verb}_{opts.model_name}" for verb in listed} | {codename for codename, _name in opts.permissions}
        if declared:
            label, name = opts.app_label, opts.model_name
            wanted |= Q(content_type__app_label=label, content_type__model=name, codename__in=declared)
    return rights.filter(wanted).select_related("content_type")


def group_of(right: Permission) -> str:
    model = right.content_type.model_class()
    return capfirst(str(model._meta.verbose_name_plural)) if model else right.content_type.name
