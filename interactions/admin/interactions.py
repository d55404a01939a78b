"""Interactions as their sources told them: read, searched, and deleted when a customer asks for it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib import admin
from django.db.models import Model, Prefetch, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.admin import TabularInline
from unfold.contrib.filters.admin import ChoicesDropdownFilter

from interactions.admin import search
from interactions.admin.shown import record_link
from interactions.models import Delivery, Interaction
from maker.admin import MakerAdmin


class ReadOnly:
    """Rows that only their source or the engine writes."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class DeliveryInline(ReadOnly, TabularInline):
    model = Delivery
    fields = readonly_fields = ("assignment", "state", "reason", "shown_record", "delivered_at")
    extra = 0
    can_delete = False
    show_change_link = True

    @admin.display(description=_("record"))
    def shown_record(self, delivery: Delivery) -> str:
        return record_link(delivery)


@admin.register(Interaction)
class InteractionAdmin(ReadOnly, MakerAdmin):
    dialogs = ()
    list_display = (
        "reference", "flow", "direction", "status", "customer_phone", "customer_email", "shown_agent", "queue",
        "started_at", "shown_deliveries",
    )  # fmt: skip
    list_filter = tuple((name, ChoicesDropdownFilter) for name in ("flow", "direction", "status", "channel"))
    list_select_related = ("agent",)
    search_fields = ("reference",)
    search_help_text = _("Beginning of the reference or of the phone number")
    inlines = (DeliveryInline,)

    @admin.display(description=_("agent"))
    def shown_agent(self, interaction: Interaction) -> str:
        return str(interaction.agent or interaction.agent_email)

    @admin.display(description=_("deliveries"))
    def shown_deliveries(self, interaction: Interaction) -> str:
        return ", ".join(delivery.get_state_display() for delivery in interaction.deliveries.all())

    def get_queryset(self, request: HttpRequest) -> QuerySet[Interaction]:
        states = Delivery.objects.only("interaction_id", "state")
        rows: QuerySet[Interaction] = super().get_queryset(request).defer("extra")
        return rows.prefetch_related(Prefetch("deliveries", states))

    def get_deleted_objects(self, objs: Iterable[Model], request: HttpRequest) -> tuple[Any, Any, Any, list[str]]:
        """A delivery cannot be deleted by itself, but goes with its interaction."""
        to_delete, counts, needed, kept = super().get_deleted_objects(objs, request)
        return to_delete, counts, set(needed) - {Delivery._meta.verbose_name}, kept

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Interaction], search_term: str
    ) -> tuple[QuerySet[Interaction], bool]:
        term = search_term.strip()
        return (queryset.filter(pk__in=search.ids(term)) if term else queryset), False
