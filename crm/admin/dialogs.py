from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.forms import Form
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminTextInputWidget

from crm import portal_check, recommended
from crm.admin.forms import TagsField, TagWidget
from crm.models import CRM, Kind
from crm.stores import local
from integrations.errors import IntegrationError
from maker.rows import Dialog, Refused, Text

MOST_SHOWN = 100
"""Mismatches of a check."""


class AddRecommended(Dialog[CRM]):
    name = "recommended"
    title = _("Add the recommended objects and fields")
    icon = "playlist_add"
    permissions: ClassVar[tuple[str, ...]] = ("change",)
    submit = _("Add")

    def text(self) -> Text:
        return _(
            "Contacts and calls are added with the fields that a first delivery needs. What is there already stays as "
            "it is."
        )

    def offered(self) -> bool:
        return self.obj.kind == Kind.INTEGRATION and self.obj.vendor.schema is not None

    def perform(self, form: Form) -> str:
        if not self.offered():
            raise Refused(_("There is no recommendation for this CRM: add objects of your own."))
        recommended.add_recommended(self.obj)
        self.say(_("The recommended objects and fields are there."))
        if field := recommended.recording_field(self.obj):
            text = _("The link of a recording goes into the field “%(name)s” (%(api_name)s).")
            self.say(text % {"name": field.name, "api_name": field.api_name})
        return reverse("admin:crm_crm_change", args=[self.obj.pk])


class Check(Dialog[CRM]):
    """What in the configuration does not fit the vendor, each with its cure."""

    name = "check"
    title = _("Check against the portal")
    icon = "fact_check"
    permissions: ClassVar[tuple[str, ...]] = ("change",)
    template = "crm/dialogs/check.html"
    wide = True

    def offered(self) -> bool:
        return self.obj.kind == Kind.INTEGRATION

    def context(self) -> dict[str, Any]:
        try:
            found = portal_check.run(self.obj)
        except IntegrationError as error:
            return {"problem": str(error)}
        return {"mismatches": found[:MOST_SHOWN], "count": len(found), "more": len(found) > MOST_SHOWN}


class TagsForm(Form):
    tags = TagsField(label=_("Tags"), required=False, widget=TagWidget, help_text=_("Separated by commas."))


class Tags(Dialog[CRM]):
    name = "tags"
    title = _("Tags")
    icon = "sell"
    permissions: ClassVar[tuple[str, ...]] = ("change",)
    submit = _("Save")
    form_class = TagsForm

    def render(self, form: Form, **extra: Any) -> HttpResponse:
        shown = form if form.is_bound else TagsForm(initial={"tags": self.obj.tags.all()})
        return super().render(shown, **extra)

    def perform(self, form: Form) -> None:
        self.obj.tags.set(form.cleaned_data["tags"])
        self.say(_("The tags of “%(crm)s” were saved.") % {"crm": self.obj})


class EmptyForm(Form):
    reference = forms.CharField(
        label=_("Reference"),
        widget=UnfoldAdminTextInputWidget(attrs={"autocomplete": "off"}),
        help_text=_("Type the reference of the CRM to confirm."),
    )


class Empty(Dialog[CRM]):
    name = "empty"
    title = _("Empty")
    icon = "delete_sweep"
    permissions: ClassVar[tuple[str, ...]] = ("view", "crm.empty_crm")
    submit = _("Delete all cards")
    danger = True
    form_class = EmptyForm

    def text(self) -> Text:
        return _("All cards that are kept here are deleted for good. Objects, fields and rules stay.")

    def offered(self) -> bool:
        return self.obj.kind == Kind.LOCAL

    def perform(self, form: Form) -> None:
        if self.obj.kind != Kind.LOCAL:
            raise Refused(_("Its cards are kept in its portal, not here, so nothing was deleted."))
        if form.cleaned_data["reference"] != self.obj.reference:
            raise Refused(_("This is not the reference of this CRM, so nothing was deleted."))
        count = local.empty(self.obj)
        self.say(_("%(count)d cards were deleted.") % {"count": count})
