from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import Model, Prefetch, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.admin import TabularInline
from unfold.contrib.filters.admin import ChoicesDropdownFilter

from interactions.actions import deletion
from interactions.admin import search
from interactions.admin.deleted import TellsOfDeleted
from interactions.admin.shown import day_and_time, record_link, two_lines
from interactions.models import Delivery, Interaction
from maker.admin import MakerAdmin
from maker.dialogs import History
from maker.readonly import ReadOnly
from maker.reasons import shown
from maker.rows import Refused
from users.actor import actor


class DeliveryInline(ReadOnly, TabularInline):
    model = Delivery
    fields = readonly_fields = ("assignment", "state", "shown_reason", "shown_record", "delivered_at")
    extra = 0
    can_delete = False
    show_change_link = True

    def get_queryset(self, request: HttpRequest) -> QuerySet[Delivery]:
        rows: QuerySet[Delivery] = super().get_queryset(request).select_related("assignment", "method")
        return rows.defer("sent_values")

    @admin.display(description=_("reason"))
    def shown_reason(self, delivery: Delivery) -> str:
        return shown(delivery)

    @admin.display(description=_("record"))
    def shown_record(self, delivery: Delivery) -> str:
        return record_link(delivery)


@admin.register(Interaction)
class InteractionAdmin(ReadOnly, TellsOfDeleted, MakerAdmin):
    dialogs = (History,)
    delete_confirmation_template = "interactions/delete.html"
    delete_selected_confirmation_template = "interactions/delete_selected.html"
    when_empty = _("A source posts them with an API key, or a CDR file is imported (manage.py import_cdr).")
    list_display = (
        "shown_reference", "shown_kind", "status", "shown_customer", "shown_agent", "shown_started",
        "shown_deliveries",
    )  # fmt: skip
    list_filter = tuple((name, ChoicesDropdownFilter) for name in ("flow", "direction", "status", "kind", "channel"))
    list_select_related = ("agent",)
    search_fields = ("reference",)
    search_help_text = _("Beginning of the reference or of the phone number")
    inlines = (DeliveryInline,)

    class Media:
        css: ClassVar[dict[str, list[str]]] = {"all": ["interactions/maker.css"]}

    @admin.display(description=_("reference"), ordering="reference")
    def shown_reference(self, interaction: Interaction) -> str:
        return two_lines(interaction.reference, interaction.queue)

    @admin.display(description=_("kind"), ordering="flow")
    def shown_kind(self, interaction: Interaction) -> str:
        kind = interaction.get_channel_display() or interaction.get_flow_display()
        return two_lines(kind, interaction.get_direction_display())

    @admin.display(description=_("customer"), ordering="customer_phone")
    def shown_customer(self, interaction: Interaction) -> str:
        told = [text for text in (interaction.customer_phone, interaction.customer_email) if text]
        return two_lines(*told) if told else ""

    @admin.display(description=_("agent"))
    def shown_agent(self, interaction: Interaction) -> str:
        return two_lines(interaction.agent or interaction.agent_email)

    @admin.display(description=_("started"), ordering="started_at")
    def shown_started(self, interaction: Interaction) -> str:
        return day_and_time(interaction.started_at)

    @admin.display(description=_("deliveries"))
    def shown_deliveries(self, interaction: Interaction) -> str:
        return ", ".join(delivery.get_state_display() for delivery in interaction.deliveries.all())

    def get_queryset(self, request: HttpRequest) -> QuerySet[Interaction]:
        states = Delivery.objects.only("interaction_id", "state")
        rows: QuerySet[Interaction] = super().get_queryset(request).defer("extra")
        return rows.prefetch_related(Prefetch("deliveries", states))

    def get_deleted_objects(self, objs: Iterable[Model], request: HttpRequest) -> tuple[Any, Any, Any, list[str]]:
        """A delivery cannot be deleted by itself, but goes with its interaction; shown is how far it is."""
        rows: list[Any] = list(objs)
        _objects, counts, needed, kept = super().get_deleted_objects(rows, request)
        going = [part for row in rows for part in (f"{row} · {row.source}", _deliveries(row)) if part]
        kept = [*kept, *deletion.keeping(rows, actor(request))]
        return going, counts, set(needed) - {Delivery._meta.verbose_name}, kept

    def delete_model(self, request: HttpRequest, obj: Interaction) -> None:
        self.delete_queryset(request, Interaction.objects.filter(pk=obj.pk))

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Interaction]) -> None:
        try:
            deletion.delete(queryset, actor(request))
        except deletion.Kept as reason:
            raise Refused(str(reason)) from None

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Interaction], search_term: str
    ) -> tuple[QuerySet[Interaction], bool]:
        term = search_term.strip()
        return (queryset.filter(pk__in=search.ids(term)) if term else queryset), False


def _deliveries(interaction: Interaction) -> list[str]:
    rows = Delivery.objects.filter(interaction=interaction.pk).select_related("assignment").order_by("pk")
    return [f"{row.assignment or _('deleted rule')}: {row.get_state_display()}" for row in rows]
