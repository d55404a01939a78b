from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextareaWidget, UnfoldAdminTextInputWidget

from crm import identity
from crm.admin.parameters import primary_key
from crm.admin.rule_form import PREFIX
from crm.form import FormError, clean
from crm.models import CRMField, CRMObject, FieldType, Kind, LocalCard
from crm.stores import local
from integrations.types import Search
from maker.admin import MakerAdmin
from maker.dialogs import History


class CardForm(forms.ModelForm):  # type: ignore[type-arg]
    """`target` and one entry for each of its fields are set by `form_of`."""

    target: CRMObject

    class Meta:
        model = LocalCard
        fields = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.object = self.target
        for name, value in self.instance.values.items():
            self.initial[PREFIX + name] = value

    def clean(self) -> dict[str, Any]:
        entries = {
            name.removeprefix(PREFIX): str(text)
            for name, text in self.cleaned_data.items()
            if name.startswith(PREFIX) and text is not None
        }
        entries = {name: text for name, text in entries.items() if not self._is_untouched(name, text)}
        for name, text in entries.items():
            self._ask_about(name, text)
        try:
            changed = clean(self.target, entries, partial=self.instance.pk is not None)
            self.instance.values = {**self.instance.values, **changed}
        except FormError as refusal:
            for name, why in refusal.fields.items():
                self.add_error(PREFIX + name if PREFIX + name in self.fields else None, why)
        return self.cleaned_data

    def _began(self, name: str) -> str | None:
        began = self.data.get(self.add_initial_prefix(PREFIX + name)) if self.instance.pk else None
        return None if began is None else str(began).strip()

    def _is_untouched(self, name: str, text: str) -> bool:
        """What an agent changed since the page was opened stays, where nobody changed it on the page."""
        return text == self._began(name)

    def _ask_about(self, name: str, text: str) -> None:
        """A value that changed here and there is replaced only when the page is saved once more."""
        began, now = self._began(name), str(self.instance.values.get(name) or "").strip()
        if began is None or now in (began, text):
            return
        told = _("Meanwhile somebody wrote “%(text)s” here. Save once more to replace it.")
        self.add_error(PREFIX + name, told % {"text": now})
        shown_next = {self.add_initial_prefix(PREFIX + name): now}
        self.data = {sent: self.data.get(sent) for sent in self.data} | shown_next


def form_of(target: CRMObject) -> type[CardForm]:
    entries = {PREFIX + field.api_name: _entry(field) for field in target.fields.all()}
    return type("CardFormOfObject", (CardForm,), {"target": target, **entries})


def _entry(field: CRMField) -> forms.Field:
    if field.type == FieldType.LIST and field.choices:
        choices = [("", "---------"), *((choice, choice) for choice in field.choices)]
        return forms.ChoiceField(
            show_hidden_initial=True,
            label=field.name,
            required=field.required,
            choices=choices,
            widget=UnfoldAdminSelectWidget,
        )
    widget = UnfoldAdminTextareaWidget if field.type == FieldType.LONG_TEXT else UnfoldAdminTextInputWidget
    return forms.CharField(
        show_hidden_initial=True, label=field.name, required=field.required and not field.default, widget=widget,
        help_text=field.get_type_display(), initial=field.default,
    )  # fmt: skip


@admin.register(LocalCard)
class LocalCardAdmin(MakerAdmin):
    """Reached from the page of a local CRM; a new card is `add/?object=<object>`."""

    dialogs = (History,)
    list_display = ("__str__", "object", "crm", "modified_at")
    list_select_related = ("object__crm",)
    list_filter = ("object__crm",)
    ordering = ("-modified_at", "-pk")
    search_fields = ("keys__key",)
    search_help_text = _("Whole telephone number or e-mail")
    show_add_link = False  # it would not know for which object

    @admin.display(description=_("CRM"), ordering="object__crm__name")
    def crm(self, card: LocalCard) -> str:
        return card.object.crm.name

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm("crm.view_crm")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("crm.create_card")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm("crm.change_crm")

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm("crm.delete_card")

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).prefetch_related("object__fields")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[LocalCard], search_term: str
    ) -> tuple[QuerySet[LocalCard], bool]:
        if not search_term.strip():
            return queryset, False
        wanted = identity.of_search(Search(phone=search_term, email=search_term))
        return queryset.filter(keys__key__in=wanted).distinct(), False

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        return super().get_form(request, obj, change, form=form_of(_target(request, obj)), **kwargs)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return [PREFIX + field.api_name for field in _target(request, obj).fields.all()]

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        if not CRMObject.objects.filter(crm__kind=Kind.LOCAL, pk=primary_key(request.GET.get("object"))).exists():
            messages.warning(request, _("Choose the object on the page of a local CRM, then add the card there."))
            return HttpResponseRedirect(reverse("admin:crm_crm_changelist"))
        response: HttpResponse = super().add_view(request, form_url, extra_context)
        return response

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, form_url: str = "", extra_context: Any = None
    ) -> Any:
        context = {"show_save_and_add_another": False, **(extra_context or {})}
        return super().changeform_view(request, object_id, form_url, context)

    def save_model(self, request: HttpRequest, obj: LocalCard, form: Any, change: bool) -> None:
        local.keep(obj)


def _target(request: HttpRequest, card: LocalCard | None) -> CRMObject:
    if card is not None:
        return card.object
    return get_object_or_404(CRMObject, crm__kind=Kind.LOCAL, pk=primary_key(request.GET.get("object")))
