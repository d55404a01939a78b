from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.db import transaction
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminTextareaWidget

from crm.admin.forms import LinesField, bounded
from maker.admin import MakerAdmin
from maker.dialogs import Dependencies, Duplicate, History, copy_of
from telephony import extensions
from telephony.calls.layout import CLOSED, INBOUND, OUTBOUND
from telephony.models import TelephonySystem
from users.models import User

SHOWN_UNKNOWN = 100


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

    revoked_recordings = LinesField(
        label=_("Revoked recordings"),
        required=False,
        help_text=_(
            "Names of files, one on each line; * is anything. Addresses of Deskline for them lead nowhere any more."
        ),
    )
    extension_table = forms.CharField(
        label=_("Extensions"),
        required=False,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 6}),
        help_text=_(
            "Whose telephone is it? One on each line, the extension and then the user, as pasted from a spreadsheet: "
            "201 grace@acme.example"
        ),
    )

    class Meta:
        model = TelephonySystem
        fields = (
            "name", "kind", "source", "zone", "trunks", "inbound_contexts", "outbound_contexts", "closed_contexts",
            "longest_extension", "outside_prefix", "recordings", "recording_links", "recordings_days",
            "revoked_recordings",
        )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial.setdefault("extension_table", extensions.as_text(self.instance))

    def clean_extension_table(self) -> dict[str, User]:
        return extensions.read(self.cleaned_data["extension_table"])

    def clean_revoked_recordings(self) -> list[str]:
        return bounded(self, "revoked_recordings")

    def clean(self) -> dict[str, Any] | None:
        given = super().clean()
        if self.cleaned_data.get("recording_links") == self.Meta.model.RecordingLinks.BY_US and (
            "recordings" in self.cleaned_data and not self.cleaned_data["recordings"]
        ):
            self.add_error("recordings", _("Say where the files lie: addresses of Deskline lead there."))
        return given

    def clean_trunks(self) -> list[str]:
        return bounded(self, "trunks")

    def clean_inbound_contexts(self) -> list[str]:
        return bounded(self, "inbound_contexts")

    def clean_outbound_contexts(self) -> list[str]:
        return bounded(self, "outbound_contexts")

    def clean_closed_contexts(self) -> list[str]:
        return bounded(self, "closed_contexts")


@admin.register(TelephonySystem)
class TelephonySystemAdmin(MakerAdmin):
    dialogs = (Duplicate, Dependencies, History)
    duplicate_help = _("The copy gets a source of its own, and the same extensions.")
    form = TelephonySystemForm
    list_display = ("name", "kind", "source", "zone")
    search_fields = ("name", "source__startswith")
    fieldsets = (
        (_("Card"), {"fields": ("name", "kind", "source", "zone", "command")}),
        (_("Numbers"), {"fields": ("extension_table", "unknown_extensions", "longest_extension", "outside_prefix")}),
        (
            _("Directions"),
            {"fields": ("trunks", "inbound_contexts", "outbound_contexts", "closed_contexts")},
        ),
        (
            _("Recordings"),
            {"fields": ("recordings", "recording_links", "recordings_days", "revoked_recordings")},
        ),
    )

    readonly_fields = ("command", "unknown_extensions")

    @admin.display(description=_("Extensions"))
    def extension_table(self, system: TelephonySystem) -> str:
        """For those who may only read it; others see the field of the form."""
        return extensions.as_text(system)

    @admin.display(description=_("Extensions that talked and that nobody has (last time)"))
    def unknown_extensions(self, system: TelephonySystem) -> str:
        if system._state.adding or not (rows := list(system.unknown_extensions.all()[:SHOWN_UNKNOWN])):
            return str(_("None in the files that were read."))
        return ", ".join(f"{one.number} ({date_format(localtime(one.talked_at), 'SHORT_DATE_FORMAT')})" for one in rows)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        with transaction.atomic():
            super().save_model(request, obj, form, change)
            extensions.replace(obj, form.cleaned_data["extension_table"])

    @admin.display(description=_("How its files are read"))
    def command(self, system: TelephonySystem) -> str:
        if system._state.adding:
            return str(_("The command is shown here once the telephone system is saved."))
        text = f"python manage.py import_cdr /var/log/asterisk/cdr-csv/Master.csv --source {system.source} --follow"
        return render_to_string("maker/copy.html", {"id": "import-command", "value": text, "label": _("Command")})

    def make_duplicate(self, request: HttpRequest, obj: Any) -> TelephonySystem:
        with transaction.atomic():
            copy = TelephonySystem.objects.get(pk=obj.pk)
            copy.pk, copy._state.adding = None, True
            copy.name = f"{obj.name[:90]} {_('copy')}"
            copy.source = copy_of(TelephonySystem, "source", obj.source, joiner="-")
            copy.revoked_recordings = []  # the copy has links of its own
            copy.save()
            extensions.replace(copy, {one.number: one.user for one in obj.extensions.select_related("user")})
        return copy
