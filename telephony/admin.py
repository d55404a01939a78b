from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.db import transaction
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _
from unfold.admin import TabularInline

from crm.admin.forms import LinesField, bounded
from maker.admin import MakerAdmin
from maker.dialogs import Dependencies, Duplicate, History, copy_of
from maker.inlines import BoundedRows
from telephony.calls.layout import CLOSED, INBOUND, OUTBOUND
from telephony.models import Extension, TelephonySystem

MOST_EXTENSIONS = 1_000


def names(label: Any, usual: tuple[str, ...], what: Any) -> LinesField:
    """A list of names, one on each line; `*` is anything."""
    told = _("%(what)s One on each line; * is anything. Empty: %(usual)s") % {"what": what, "usual": ", ".join(usual)}
    return LinesField(label=label, required=False, help_text=told if usual else what)


class TelephonySystemForm(forms.ModelForm):  # type: ignore[type-arg]
    trunks = names(
        _("Trunks"),
        (),
        _("Names as in PJSIP/NAME-0000001f, one on each line; * is anything. Empty: whatever is no short number."),
    )
    inbound_contexts = names(_("Contexts of calls from outside"), INBOUND, _("Whatever their channel is called."))
    outbound_contexts = names(_("Contexts in which telephones call"), OUTBOUND, _("For telephones that have names."))
    closed_contexts = names(_("Contexts outside business hours"), CLOSED, _("A call that ends there is “closed”."))

    class Meta:
        model = TelephonySystem
        fields = (
            "name", "kind", "source", "zone", "trunks", "inbound_contexts", "outbound_contexts", "closed_contexts",
            "longest_extension", "outside_prefix", "recordings",
        )  # fmt: skip

    def clean_trunks(self) -> list[str]:
        return bounded(self, "trunks")

    def clean_inbound_contexts(self) -> list[str]:
        return bounded(self, "inbound_contexts")

    def clean_outbound_contexts(self) -> list[str]:
        return bounded(self, "outbound_contexts")

    def clean_closed_contexts(self) -> list[str]:
        return bounded(self, "closed_contexts")


class ExtensionInline(BoundedRows, TabularInline):
    """It has no rights of its own: who may change this telephone system may change whose telephones it has."""

    model = Extension
    most_rows = MOST_EXTENSIONS
    extra = 1
    autocomplete_fields = ("user",)
    verbose_name_plural = _("Extensions: whose telephone is it?")

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(self._of_system.has_view_permission(request, obj))

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        if obj is None:
            return bool(self._of_system.has_add_permission(request))
        return bool(self._of_system.has_change_permission(request, obj))

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_add_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_add_permission(request, obj)

    @property
    def _of_system(self) -> TelephonySystemAdmin:
        return TelephonySystemAdmin(TelephonySystem, self.admin_site)


@admin.register(TelephonySystem)
class TelephonySystemAdmin(MakerAdmin):
    dialogs = (Duplicate, Dependencies, History)
    duplicate_help = _("The copy gets a source of its own, and the same extensions.")
    form = TelephonySystemForm
    inlines = (ExtensionInline,)
    list_display = ("name", "kind", "source", "zone")
    search_fields = ("name", "source__startswith")
    fieldsets = (
        (_("Card"), {"fields": ("name", "kind", "source", "zone", "recordings", "command")}),
        (_("Numbers"), {"fields": ("longest_extension", "outside_prefix")}),
        (
            _("Directions"),
            {"fields": ("trunks", "inbound_contexts", "outbound_contexts", "closed_contexts")},
        ),
    )

    readonly_fields = ("command",)

    @admin.display(description=_("How its files are read"))
    def command(self, system: TelephonySystem) -> str:
        if system._state.adding:
            return str(_("The command is shown here once the telephone system is saved."))
        text = f"python manage.py import_cdr /var/log/asterisk/cdr-csv/Master.csv --source {system.source} --follow"
        return render_to_string("maker/copy.html", {"id": "import-command", "value": text, "label": _("Command")})

    def make_duplicate(self, request: HttpRequest, obj: Any) -> TelephonySystem:
        extensions = list(obj.extensions.all())
        with transaction.atomic():
            copy = TelephonySystem.objects.get(pk=obj.pk)
            copy.pk, copy._state.adding = None, True
            copy.name = f"{obj.name[:90]} {_('copy')}"
            copy.source = copy_of(TelephonySystem, "source", obj.source, joiner="-")
            copy.save()
            for one in extensions:
                Extension.objects.create(system=copy, number=one.number, user=one.user)
        return copy
