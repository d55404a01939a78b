from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from taggit.forms import TagField, TagWidgetMixin
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextareaWidget, UnfoldAdminTextInputWidget

from authmethods.models import AuthenticationMethod, Status
from crm import departments, patterns
from crm.models import CRM, CRMField, Kind

LONGEST_TAG = 100
MOST_LINES, LONGEST_LINE = 1_000, 255
"""Of one list, which is gone through for each interaction."""
LONG_TAG = _("A tag has at most 100 characters.")
MOST_TAGS = 50
MANY_TAGS = _("A CRM has at most 50 tags.")
NO_DEPARTMENT = ("", "---------")


class TagWidget(TagWidgetMixin, UnfoldAdminTextInputWidget): ...


class TagsField(TagField):
    """Tags that fit into their column: PostgreSQL cuts nothing off."""

    def clean(self, value: Any) -> list[str]:
        tags: list[str] = super().clean(value)
        if refusal := refusal_of(tags):
            raise ValidationError(refusal)
        return tags


class LinesField(forms.CharField):
    """A list of texts, one on each line; empty lines and repeats are dropped."""

    widget = UnfoldAdminTextareaWidget(attrs={"rows": 2})

    def clean(self, value: Any) -> list[str]:
        return _lines(super().clean(value))

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(map(str, value)) if isinstance(value, list) else value

    def has_changed(self, initial: Any, data: Any) -> bool:
        return _lines(data or "") != list(initial or [])


def _lines(text: str) -> list[str]:
    lines = (line.strip() for line in text.splitlines())
    return list(dict.fromkeys(line for line in lines if line))


def bounded(form: forms.Form | forms.ModelForm[Any], name: str) -> list[str]:
    """The list that was typed. Raises ValidationError when it is too long, unless it was as long before."""
    lines: list[str] = form.cleaned_data[name]
    if name not in form.changed_data:
        return lines
    if len(lines) > MOST_LINES:
        raise ValidationError(_("A list has at most %(most)d lines.") % {"most": MOST_LINES})
    if any(len(line) > LONGEST_LINE for line in lines):
        raise ValidationError(_("A line has at most %(most)d characters.") % {"most": LONGEST_LINE})
    return lines


def refusal_of(tags: list[str]) -> str:
    """Why these cannot be the tags of a CRM, "" if they can."""
    if any(len(tag) > LONGEST_TAG for tag in tags):
        return str(LONG_TAG)
    return str(MANY_TAGS) if len(tags) > MOST_TAGS else ""


class CRMForm(forms.ModelForm):  # type: ignore[type-arg]
    """Offers enabled methods only, and the departments that the vendor lists."""

    tags = TagsField(label=_("Tags"), required=False, widget=TagWidget, help_text=_("Separated by commas."))

    class Meta:
        model = CRM
        fields = (
            "name", "reference", "tags", "kind", "integration", "method", "department_id", "on_none", "on_several",
        )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "method" in self.fields:
            usable = Q(status=Status.ENABLED) | Q(pk=self.instance.method_id)
            self.fields["method"].queryset = AuthenticationMethod.objects.filter(usable)  # type: ignore[attr-defined]
            self.fields["method"].help_text = _("Only the enabled ones are offered.")
        if "department_id" in self.fields and self.instance.pk and self.instance.kind == Kind.INTEGRATION:
            self._offer_departments()

    def _offer_departments(self) -> None:
        found = departments.of(self.instance)
        if found.problem:
            self.fields["department_id"].help_text = _(
                "The list of departments cannot be shown: %(why)s You can enter the id of the department."
            ) % {"why": found.problem}
            return
        choices = [(choice.value, choice.label) for choice in found.choices]
        current = self.instance.department_id
        if current and current not in dict(choices):
            choices.append((current, _("%(id)s (not among the enabled ones)") % {"id": current}))
        self.fields["department_id"] = forms.ChoiceField(
            label=_("Department"),
            required=False,
            choices=[NO_DEPARTMENT, *choices],
            widget=UnfoldAdminSelectWidget,
            help_text=_("Calls are written into this department."),
        )


class FieldForm(forms.ModelForm):  # type: ignore[type-arg]
    choices = LinesField(label=_("Choices"), required=False, help_text=_("For a list: one on each line. Empty: any."))

    class Meta:
        model = CRMField
        fields = (
            "name", "api_name", "type", "required", "in_list", "searchable", "default", "pattern", "template",
            "choices", "position",
        )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk and "type" in self.fields:
            self.fields["type"].disabled = True
            self.fields["type"].help_text = _("Fixed once created.")
        if "pattern" in self.fields and (problem := patterns.problem_of(self.instance.pattern)):
            self.fields["pattern"].help_text = _("It is not applied. %(why)s") % {"why": problem}

    def clean_choices(self) -> list[str]:
        return bounded(self, "choices")
