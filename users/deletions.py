from __future__ import annotations

from typing import Any

from auditlog.models import LogEntry
from django.contrib import admin
from django.contrib.admin import display
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from maker import history
from maker.admin import MakerAdmin
from maker.dialogs import History
from maker.readonly import KeptForGood
from users.models import Deletion


class HistoryOfTheRow(History):
    def context(self) -> dict[str, Any]:
        entry: Any = self.obj
        return {"changes": history.of_the_row_of(entry), "most": history.MOST}


@admin.register(Deletion)
class DeletionAdmin(KeptForGood, MakerAdmin):
    dialogs = (HistoryOfTheRow,)
    when_empty = _("Whatever somebody deletes in the Maker is listed here, with who did it and what it was.")
    list_display = ("name", "kind", "by", "at", "address")
    list_display_links = None
    list_select_related = ("content_type", "actor")
    search_fields = ("object_repr__istartswith", "actor_email__istartswith")
    search_help_text = _("Beginning of the name, or of the e-mail of whoever deleted it")
    ordering = ("-timestamp", "-id")

    @display(description=_("name"), ordering="object_repr")
    def name(self, deletion: Deletion) -> str:
        return str(deletion)

    @display(description=_("address"))
    def address(self, deletion: Deletion) -> str:
        return str(deletion.remote_addr or "")

    @display(description=_("kind"))
    def kind(self, deletion: Deletion) -> str:
        return capfirst(kind_of(deletion.content_type.model_class()))

    @display(description=_("deleted by"))
    def by(self, deletion: Deletion) -> str:
        return str(deletion.actor or deletion.actor_email or _("Deskline"))

    @display(description=_("deleted at"), ordering="timestamp")
    def at(self, deletion: Deletion) -> SafeString:
        at = date_format(localtime(deletion.timestamp), "SHORT_DATETIME_FORMAT")
        return format_html('<span class="whitespace-nowrap">{}</span>', at)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Deletion]:
        rows: QuerySet[Deletion] = super().get_queryset(request)
        return rows.filter(action=LogEntry.Action.DELETE)


def kind_of(model: type[Model] | None) -> str:
    """What the Maker calls such a row: a proxy's name where its list is the proxy's (a role is a group)."""
    if model is None:
        return ""
    listed = (one for one in admin.site._registry if one._meta.concrete_model is model)
    return str(next(listed, model)._meta.verbose_name)
