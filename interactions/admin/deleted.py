from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from interactions.admin.shown import LINK, day_and_time, two_lines
from interactions.models import DeletedInteraction, DeliveryState
from maker import searching
from maker.admin import MakerAdmin
from maker.readonly import KeptForGood

MOST_TOLD = 3


@admin.register(DeletedInteraction)
class DeletedInteractionAdmin(KeptForGood, MakerAdmin):
    """Read only: it keeps a source's repeat from becoming a second record."""

    dialogs = ()
    when_empty = _("Interactions that somebody deletes are listed here, without anything of their customers.")
    list_display = ("shown_reference", "shown_deliveries", "shown_by", "shown_at")
    list_display_links = None
    search_fields = ("reference__startswith", "source__startswith", "deleted_by__istartswith")
    search_help_text = _("Beginning of the reference, of the source or of the e-mail of whoever deleted it")

    class Media:
        css = {"all": ["interactions/maker.css"]}

    @admin.display(description=_("reference"), ordering="reference")
    def shown_reference(self, deleted: DeletedInteraction) -> str:
        return two_lines(deleted.reference, deleted.source)

    @admin.display(description=_("deliveries, as they were"))
    def shown_deliveries(self, deleted: DeletedInteraction) -> str:
        labels = dict(DeliveryState.choices)
        return ", ".join(f"{labels.get(state, state)}: {count}" for state, count in deleted.deliveries.items())

    @admin.display(description=_("deleted by"), ordering="deleted_by")
    def shown_by(self, deleted: DeletedInteraction) -> str:
        return by(deleted)

    @admin.display(description=_("deleted at"), ordering="deleted_at")
    def shown_at(self, deleted: DeletedInteraction) -> str:
        return day_and_time(deleted.deleted_at)

    def get_list_display(self, request: HttpRequest) -> list[str]:
        return list(self.list_display)  # without row actions: there are none

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.has_perm("interactions.view_interaction"))


class TellsOfDeleted:
    """For a list in which somebody may look for a call that was deleted: its search says so."""

    def changelist_view(self: Any, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        term = request.GET.get("q", "").strip()
        if (
            term
            and searching.fits(term)
            and request.method == "GET"
            and request.user.has_perm("interactions.view_interaction")
        ):
            for deleted in DeletedInteraction.objects.filter(reference__startswith=term)[:MOST_TOLD]:
                messages.info(request, _sentence(deleted))
        response: HttpResponse = super().changelist_view(request, extra_context)  # type: ignore[misc]
        return response


def by(deleted: DeletedInteraction) -> str:
    return deleted.deleted_by or str(_("Deskline"))


def _sentence(deleted: DeletedInteraction) -> str:
    text = _("“%(reference)s” of %(source)s was deleted by %(by)s (%(at)s).") % {
        "reference": deleted.reference,
        "source": deleted.source,
        "by": by(deleted),
        "at": date_format(localtime(deleted.deleted_at), "SHORT_DATETIME_FORMAT"),
    }
    address = reverse("admin:interactions_deletedinteraction_changelist")
    return format_html('{} <a class="{}" href="{}">{}</a>', text, LINK, address, _("Deleted interactions"))
