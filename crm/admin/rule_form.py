from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget, UnfoldAdminTextInputWidget

from crm import fillable
from crm.admin.forms import LinesField, bounded
from crm.models import Assignment, CRMField, CRMObject
from crm.templates import engine
from crm.vocabulary import Direction, Flow, Kind, Status

PREFIX = "value_"


class RuleForm(forms.ModelForm):  # type: ignore[type-arg]
    """Conditions as boxes; an empty condition holds for all. `target` is set by `form_of`."""

    target: CRMObject

    flows = forms.MultipleChoiceField(
        label=_("Flows"), required=False, choices=Flow.choices, widget=UnfoldAdminCheckboxSelectMultipleWidget
    )
    directions = forms.MultipleChoiceField(
        label=_("Directions"), required=False, choices=Direction.choices, widget=UnfoldAdminCheckboxSelectMultipleWidget
    )
    statuses = forms.MultipleChoiceField(
        label=_("Statuses"), required=False, choices=Status.choices, widget=UnfoldAdminCheckboxSelectMultipleWidget
    )
    kinds = forms.MultipleChoiceField(
        label=_("Kinds of missed ones"),
        required=False,
        choices=Kind.choices,
        widget=UnfoldAdminCheckboxSelectMultipleWidget,
        help_text=_("Why nobody talked. Empty: any, those with a conversation included."),
    )
    queues = LinesField(label=_("Queues"), required=False, help_text=_("One on each line. Empty: any."))
    card_objects = forms.ModelMultipleChoiceField(
        label=_("Objects of the card"),
        required=False,
        queryset=CRMObject.objects.none(),
        widget=UnfoldAdminCheckboxSelectMultipleWidget,
    )

    class Meta:
        model = Assignment
        fields = (
            "name", "is_active", "flows", "directions", "card_objects", "statuses", "kinds", "queues", "min_duration",
            "max_duration",
        )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.target = self.target
        if "card_objects" in self.fields:
            cards = CRMObject.objects.filter(crm=self.target.crm_id, is_card=True)
            self.fields["card_objects"].queryset = cards  # type: ignore[attr-defined]
        given = {value.field_id: value.template for value in self.instance.values.all()} if self.instance.pk else {}
        for field in self.target.fields.all():
            start = given.get(field.pk, "") if self.instance.pk else field.template
            self.initial.setdefault(PREFIX + field.api_name, start)

    def clean_queues(self) -> list[str]:
        return bounded(self, "queues")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        least, most = cleaned.get("min_duration"), cleaned.get("max_duration")
        if least is not None and most is not None and least > most:
            self.add_error("max_duration", _("This is shorter than the shortest duration: no interaction would match."))
        if cleaned.get("is_active"):
            for name, why in fillable.never(self.target, self.templates()).items():
                text = _("%(why)s No interaction could be written so: correct this, or save the rule as inactive.")
                self.add_error(PREFIX + name, text % {"why": why})
        return cleaned

    def templates(self) -> dict[int, str]:
        return templates_in(self.target, self.cleaned_data)


def form_of(target: CRMObject) -> type[RuleForm]:
    lines = {PREFIX + field.api_name: TemplateField(field) for field in target.fields.all()}
    return type("RuleFormOfObject", (RuleForm,), {"target": target, **lines})


def templates_in(target: CRMObject, data: Mapping[str, Any]) -> dict[int, str]:
    return {field.pk: str(data.get(PREFIX + field.api_name) or "") for field in target.fields.all()}


class TemplateField(forms.CharField):
    def __init__(self, field: CRMField) -> None:
        hint = str(field.get_type_display())
        if field.default:
            hint += " · " + _("empty gives %(default)s") % {"default": field.default}
        super().__init__(
            label=field.name,
            required=field.required and not field.default,
            max_length=engine.LONGEST_TEMPLATE,
            widget=UnfoldAdminTextInputWidget(attrs={"data-template": field.api_name, "autocomplete": "off"}),
            help_text=f"{field.api_name} · {hint}",
        )

    def validate(self, value: Any) -> None:
        super().validate(value)
        if problems := engine.problems(value):
            raise ValidationError(problems)
