from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin import display
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from taggit.models import Tag
from unfold.admin import TabularInline
from unfold.contrib.filters.admin import DropdownFilter

from crm import copies, unapplied
from crm.admin import dialogs, transfer
from crm.admin.forms import CRMForm
from crm.admin.permissions import FollowsCRM
from crm.models import CRM, CRMField, CRMObject, Kind, LocalCard, ProfileAccess
from integrations import registry
from maker.admin import MakerAdmin
from maker.dependencies import EXAMPLES, Dependents
from maker.dialogs import Dependencies, Duplicate, History, copy_of
from maker.inlines import BoundedRows


class TagFilter(DropdownFilter):
    title = _("tag")
    parameter_name = "tag"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        tags = Tag.objects.filter(crm__isnull=False).distinct().order_by("name")
        return [(tag.slug, tag.name) for tag in tags]

    def queryset(self, request: HttpRequest, queryset: QuerySet[CRM]) -> QuerySet[CRM]:
        return queryset.filter(tags__slug=self.value()) if self.value() else queryset


class ObjectInline(FollowsCRM, BoundedRows, TabularInline):
    model = CRMObject
    fields = ("name", "api_name", "is_card", "priority")
    extra = 0
    tab = True
    show_change_link = True
    hide_title = True


class AccessInline(FollowsCRM, BoundedRows, TabularInline):
    model = ProfileAccess
    fields = ("profile", "order", "may_create", "may_edit", "may_assign")
    extra = 0
    tab = True
    hide_title = True


@admin.register(CRM)
class CRMAdmin(transfer.CSVActions, MakerAdmin):
    form = CRMForm
    dialogs = (
        dialogs.AddRecommended, dialogs.Check, Duplicate, Dependencies, History, dialogs.Tags, dialogs.Empty,
    )  # fmt: skip
    duplicate_help = _("Objects, fields and rules are copied, with the rules inactive; cards and profiles are not.")
    list_display = ("name", "reference", "shown_kind", "method", "number_of_profiles", "shown_tags")
    list_filter = (TagFilter,)
    list_select_related = ("method",)
    search_fields = ("name", "reference")
    search_help_text = _("Name or reference")
    inlines = (ObjectInline, AccessInline)
    fields = ("name", "reference", "tags", "kind", "integration", "method", "department_id", "on_none", "on_several")
    change_form_outer_before_template = "crm/panel.html"

    @display(description=_("type"))
    def shown_kind(self, crm: CRM) -> str:
        return str(dict(registry.choices()).get(crm.integration, crm.get_kind_display()))

    @display(description=_("profiles"), ordering="profile_count")
    def number_of_profiles(self, crm: Any) -> int:
        return int(crm.profile_count)

    @display(description=_("tags"))
    def shown_tags(self, crm: CRM) -> str:
        return ", ".join(sorted(tag.name for tag in crm.tags.all()))

    def get_queryset(self, request: HttpRequest) -> Any:
        queryset = super().get_queryset(request).prefetch_related("tags")
        return queryset.annotate(profile_count=Count("accesses", distinct=True))

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """The departments are those of the method, so they are offered once it is chosen."""
        if obj is None:
            return tuple(name for name in self.fields if name != "department_id")
        hidden: tuple[str, ...] = ("integration", "method", "department_id") if obj.kind == Kind.LOCAL else ()
        if obj.kind == Kind.INTEGRATION and obj.vendor.directory is None:
            hidden = ("department_id",)
        return tuple(name for name in self.fields if name not in hidden)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("kind", "integration") if obj else ()

    def get_inlines(self, request: HttpRequest, obj: Any) -> Any:
        return self.inlines if obj else ()

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        fields = CRMField.objects.filter(object__crm=kwargs["obj"])
        return super().render_change_form(request, {**context, "unapplied": unapplied.among(fields)}, *args, **kwargs)

    def response_post_save_add(self, request: HttpRequest, obj: Any) -> HttpResponse:
        """Go on with what a new CRM needs next: its objects and profiles."""
        if not self.has_view_or_change_permission(request, obj):
            return HttpResponseRedirect(reverse("admin:index"))
        if obj.kind == Kind.INTEGRATION:
            messages.info(request, _("Next: add the recommended objects, choose the department and the profiles."))
        return HttpResponseRedirect(reverse("admin:crm_crm_change", args=[obj.pk]))

    def make_duplicate(self, request: HttpRequest, obj: Any) -> CRM:
        name = copy_of(CRM, "name", obj.name)
        return copies.duplicate(obj, name=name, reference=copy_of(CRM, "reference", obj.reference, joiner="-"))

    def get_dependents(self, obj: Any) -> list[Dependents]:
        names = tuple(str(access) for access in obj.accesses.select_related("profile")[:EXAMPLES])
        cards = LocalCard.objects.filter(object__crm=obj).count()
        found = [
            Dependents(str(_("Profiles")), obj.accesses.count(), names),
            Dependents(str(_("Cards kept here")), cards, (str(_("empty it first")),)),
        ]
        return [dependent for dependent in found if dependent.count] + super().get_dependents(obj)
