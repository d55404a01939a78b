from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import admin, messages
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.utils.html import format_html_join
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from unfold.admin import TabularInline
from unfold.contrib.filters.admin import ChoicesDropdownFilter, DropdownFilter, RelatedDropdownFilter

from interactions.actions import replay
from interactions.admin import search
from interactions.admin.decisions import DeliveryDialog, Discard, Replay
from interactions.admin.deleted import TellsOfDeleted
from interactions.admin.filing import ChooseCard
from interactions.admin.shown import day_and_time, record_link, small, state_label, two_lines
from interactions.models import Attempt, Delivery, DeliveryState
from interactions.waiting import due
from maker.admin import MakerAdmin
from maker.dialogs import History
from maker.readonly import ReadOnly
from maker.reasons import shown, texts

LONGEST_CHOICE = 70


class AttemptInline(ReadOnly, TabularInline):
    model = Attempt
    fields = readonly_fields = ("started_at", "finished_at", "kind", "outcome", "status", "code", "shown_message")
    extra = 0
    can_delete = False
    hide_title = True

    @admin.display(description=_("message"))
    def shown_message(self, attempt: Attempt) -> str:
        return shown(attempt, "message")

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.has_perm("interactions.view_delivery"))


class ReasonFilter(DropdownFilter):
    title = _("reason")
    parameter_name = "reason"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        codes = Delivery.objects.exclude(reason_code="").order_by("reason_code").values_list("reason_code", flat=True)
        known = texts()
        return [(code, Truncator(known.get(code, code)).chars(LONGEST_CHOICE)) for code in codes.distinct()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Delivery]) -> QuerySet[Delivery]:
        return queryset.filter(reason_code=self.value()) if self.value() else queryset


@admin.register(Delivery)
class DeliveryAdmin(ReadOnly, TellsOfDeleted, MakerAdmin):
    dialogs = (ChooseCard, Replay, Discard, History)
    actions = ("replay_selected",)
    when_empty = _("Each finished interaction makes one for every rule (CRM v2, Assign interactions) that matches it.")
    list_display = ("shown_interaction", "shown_state", "shown_reason", "shown_record", "shown_created")
    list_filter = (
        ("state", ChoicesDropdownFilter),
        ReasonFilter,
        ("method", RelatedDropdownFilter),
        ("assignment", RelatedDropdownFilter),
    )
    list_select_related = ("interaction", "assignment", "method")
    search_fields = ("marker",)
    search_help_text = _("Beginning of the phone number or reference, or the id of the record")
    inlines = (AttemptInline,)
    fieldsets = (
        (None, {"fields": ("interaction", "assignment", "state", "shown_reason", "shown_fields", "shown_record")}),
        (_("Progress"), {"fields": ("attempts_made", "next_attempt_at", "created_at", "delivered_at")}),
        (_("Details"), {"fields": ("method", "card_object", "card_id", "marker", "error_kind", "error_code")}),
    )
    readonly_fields = ("shown_reason", "shown_fields", "shown_record")
    change_form_outer_before_template = "interactions/decisions.html"

    class Media:
        css: ClassVar[dict[str, list[str]]] = {"all": ["interactions/maker.css"]}

    @admin.display(description=_("interaction"), ordering="interaction__reference")
    def shown_interaction(self, delivery: Delivery) -> str:
        told = (delivery.interaction.customer_phone, str(delivery.assignment or _("deleted rule")))
        return two_lines(delivery.interaction.reference, " · ".join(filter(None, told)))

    @admin.display(description=_("state"), ordering="state")
    def shown_state(self, delivery: Delivery) -> str:
        count = delivery.tries  # type: ignore[attr-defined]
        tries = ngettext("%(n)d try", "%(n)d tries", count) % {"n": count} if count else ""
        return state_label(delivery) + small(" · ".join(filter(None, (tries, due(delivery)))))

    @admin.display(description=_("reason"))
    def shown_reason(self, delivery: Delivery) -> str:
        return shown(delivery)

    @admin.display(description=_("created"), ordering="created_at")
    def shown_created(self, delivery: Delivery) -> str:
        return day_and_time(delivery.created_at)

    @admin.display(description=_("record"))
    def shown_record(self, delivery: Delivery) -> str:
        return record_link(delivery)

    @admin.display(description=_("fields"))
    def shown_fields(self, delivery: Delivery) -> str:
        return format_html_join("", "<div><b>{}</b>: {}</div>", delivery.error_fields.items())

    def get_queryset(self, request: HttpRequest) -> QuerySet[Delivery]:
        tries = Attempt.objects.filter(delivery=OuterRef("pk")).order_by().values("delivery").annotate(n=Count("pk"))
        rows: QuerySet[Delivery] = super().get_queryset(request).defer("sent_values", "interaction__extra")
        return rows.annotate(tries=Coalesce(Subquery(tries.values("n")), 0))

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **named: Any) -> Any:
        if delivery := context.get("original"):
            dialogs = (dialog(self, request, delivery) for dialog in self.dialogs if issubclass(dialog, DeliveryDialog))
            context["decisions"] = [dialog for dialog in dialogs if dialog.allowed() and dialog.offered()]
        return super().render_change_form(request, context, *args, **named)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Delivery], search_term: str
    ) -> tuple[QuerySet[Delivery], bool]:
        term = search_term.strip()
        if not term:
            return queryset, False
        return queryset.filter(Q(interaction__in=search.ids(term)) | Q(remote_id=term) | Q(marker=term)), False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        # A delivery is the promise and its history; it goes with its interaction only.
        return False

    def has_replay_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm(replay.PERMISSION))

    @admin.action(description=_("Replay the selected deliveries"), permissions=["replay"])
    def replay_selected(self, request: HttpRequest, queryset: QuerySet[Delivery]) -> None:
        # What a person discarded is taken up again only one by one.
        count = replay.replay(queryset.exclude(state=DeliveryState.DISCARDED), request.user)  # type: ignore[arg-type]
        text = ngettext("%(n)d delivery is tried again now.", "%(n)d deliveries are tried again now.", count)
        messages.success(request, text % {"n": count})
